"""The mixture density network on TensorFlow: from a flat parameter vector to p(y given x)."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import tensorflow as tf

_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)

_ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": tf.tanh,
    "relu": tf.nn.relu,
    "softplus": tf.nn.softplus,
    "elu": tf.nn.elu,
}

_GRADIENTS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "tanh": lambda back, _sums, values: tf.raw_ops.TanhGrad(y=values, dy=back),
    "relu": lambda back, _sums, values: tf.raw_ops.ReluGrad(gradients=back, features=values),
    "softplus": lambda back, sums, _values: tf.raw_ops.SoftplusGrad(gradients=back, features=sums),
    "elu": lambda back, _sums, values: tf.raw_ops.EluGrad(gradients=back, outputs=values),
}
"""From the derivative in a layer's values to that in its sums, given sums and values."""


@dataclass(frozen=True)
class Architecture:
    """What fixes the shape of a network, hence the compiled functions it can share.

    Parameters
    ----------
    num_inputs : int
        D.
    hidden_layers : tuple of int
        Units of each hidden layer, first to last.
    num_components : int
        K; the last layer has 3 K outputs: K logits, K locs, K raw scales.
    activation : {"tanh", "relu", "softplus", "elu"}
        Nonlinearity of the hidden layers.
    """

    num_inputs: int
    hidden_layers: tuple[int, ...]
    num_components: int
    activation: str

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Shapes of the pieces of the flat vector: kernel [fan_in, fan_out] then bias [fan_out], layer by layer."""
        widths = (self.num_inputs, *self.hidden_layers, 3 * self.num_components)
        return tuple(shape for fan_in, fan_out in pairwise(widths) for shape in ((fan_in, fan_out), (fan_out,)))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of elements of each piece."""
        return tuple(math.prod(shape) for shape in self.shapes)

    @property
    def num_parameters(self) -> int:
        """Length P of the flat vector."""
        return sum(self.sizes)

    def activate(self, sums: Any) -> Any:
        """Return the values of a hidden layer, given the sums that enter its units."""
        return _ACTIVATIONS[self.activation](sums)

    def activation_gradient(self, back: Any, sums: Any, values: Any) -> Any:
        """Return the derivative in ``sums``, given that in ``values``; all of one shape."""
        return _GRADIENTS[self.activation](back, sums, values)


class ScaleLimits(NamedTuple):
    """Limits of a component's scale, scaled units: scale = min(floor + softplus(raw scale), ceiling)."""

    floor: Any
    ceiling: Any


def layers_of(architecture: Architecture, parameters: Any) -> tuple[list[Any], list[Any]]:
    """Return kernels [..., fan_in, fan_out] and biases [..., 1, fan_out] out of ``parameters`` [..., P]."""
    lead = tuple(parameters.shape[:-1])
    pieces = tf.split(parameters, architecture.sizes, axis=-1)
    kernels = [tf.reshape(p, lead + shape) for p, shape in zip(pieces[::2], architecture.shapes[::2], strict=True)]
    return kernels, [tf.expand_dims(bias, axis=-2) for bias in pieces[1::2]]


def mixture_outputs(architecture: Architecture, parameters: Any, x: Any, limits: ScaleLimits) -> tuple[Any, Any, Any]:
    """Return logits, locs and scales, each [..., B, K], of scaled inputs.

    Parameters
    ----------
    architecture : Architecture
        Layout of ``parameters``.
    parameters : tensor [..., P]
        Kernels and biases, one after the other; leading axes hold several networks.
    x : tensor [B, D] or [..., B, D]
        Scaled inputs.
    limits : ScaleLimits
        Scaled units.
    """
    values = x
    for layer, (kernel, bias) in enumerate(zip(*layers_of(architecture, parameters), strict=True)):
        if layer:
            values = architecture.activate(values)
        values = tf.matmul(values, kernel) + bias
    logits, locs, raw_scales = tf.split(values, 3, axis=-1)
    return logits, locs, tf.minimum(limits.floor + tf.nn.softplus(raw_scales), limits.ceiling)


def log_prob(logits: Any, locs: Any, scales: Any, y: Any) -> Any:
    """Return log p(y given x) [..., B] of targets ``y`` [B], scaled units.

    The same number as ``conditional_distribution(...).log_prob(y)`` with fewer operations.

    Raises
    ------
    ValueError
        When ``y`` is not one value a row: [B, 1] against [B] would broadcast to [B, B] and train on the marginal.

    Notes
    -----
    Bishop (1994), Mixture Density Networks, eq. 29, with log-sum-exp in place of the sum.
    """
    if y.shape.rank != 1:
        message = f"the target must have one value a row, shape [B], not {y.shape}"
        raise ValueError(message)
    z = (y[:, tf.newaxis] - locs) / scales
    each = tf.nn.log_softmax(logits) - 0.5 * z * z - tf.math.log(scales)
    result = tf.reduce_logsumexp(each, axis=-1) - _HALF_LOG_2PI
    result.shape[-1:].assert_is_compatible_with(y.shape)
    return result


def conditional_distribution(architecture: Architecture, parameters: Any, x: Any, limits: ScaleLimits) -> Any:
    """Return p(y given x) as a batch of B ``tfd.MixtureSameFamily``; arguments as in :func:`mixture_outputs`."""
    # Training works with log_prob above, so a run does not wait a second for this import.
    import tensorflow_probability as tfp

    tfd = tfp.distributions
    logits, locs, scales = mixture_outputs(architecture, parameters, x, limits)
    return tfd.MixtureSameFamily(tfd.Categorical(logits=logits), tfd.Normal(locs, scales))


def mixture_parameters(distribution: Any) -> tuple[Any, Any, Any]:
    """Return weights, means and variances, each [B, K], of the components of a mixture distribution.

    These are the calls by which TensorFlow Probability gives away the parameters of any ``MixtureSameFamily``.
    """
    weights = distribution.mixture_distribution.probs_parameter()
    means = distribution.components_distribution.mean()
    variances = distribution.components_distribution.variance()
    return weights, means, variances
