"""The training loss with its gradient, derived by hand: a third of the operations that a tape records."""

import math
from typing import Any

import tensorflow as tf

from mdn_gui.training.mdn import Architecture, ScaleLimits, layers_of

_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)


def loss_and_gradient(architecture: Architecture, parameters: Any, rows: Any, limits: ScaleLimits) -> tuple[Any, Any]:
    """Return the mean NLL with its gradient in the parameters.

    Parameters
    ----------
    architecture : Architecture
        Layout of ``parameters``.
    parameters : tensor [P] or [R, P]
        One network, or R of them.
    rows : tensor [B, D + 1] or [R, B, D + 1]
        Scaled inputs, then the scaled target.
    limits : ScaleLimits
        Scaled units.

    Returns
    -------
    loss : tensor [] or [R]
        Nats a row, scaled units.
    gradient : tensor [P] or [R, P]

    Notes
    -----
    Bishop (1994), Mixture Density Networks, eqs. 33 to 43: with responsibilities r, the derivative is w - r for a
    logit, -r z / scale for a loc, (r - r z^2) / scale for a scale, where z = (y - loc) / scale.
    """
    kernels, biases = layers_of(architecture, parameters)
    sums, values = [], [rows[..., :-1]]
    for layer, (kernel, bias) in enumerate(zip(kernels, biases, strict=True)):
        sums.append(tf.matmul(values[-1], kernel) + bias)
        if layer < len(kernels) - 1:
            values.append(architecture.activate(sums[-1]))
    loss, back = _mixture_loss(sums[-1], rows[..., -1:], limits)
    pieces = []
    for layer in reversed(range(len(kernels))):
        pieces += [tf.reduce_sum(back, axis=-2), _flat(tf.matmul(values[layer], back, transpose_a=True))]
        if layer:
            back = tf.matmul(back, kernels[layer], transpose_b=True)
            back = architecture.activation_gradient(back, sums[layer - 1], values[layer])
    return loss, tf.concat(pieces[::-1], axis=-1)


def _mixture_loss(outputs: Any, y: Any, limits: ScaleLimits) -> tuple[Any, Any]:
    """Return the mean NLL with its derivative in the network's outputs [..., B, 3 K]."""
    logits, locs, raw_scales = tf.split(outputs, 3, axis=-1)
    free_scales = limits.floor + tf.nn.softplus(raw_scales)
    scales = tf.minimum(free_scales, limits.ceiling)
    z = (y - locs) / scales
    log_weights = tf.nn.log_softmax(logits)
    log_joint = log_weights - 0.5 * z * z - tf.math.log(scales)
    largest = tf.reduce_max(log_joint, axis=-1, keepdims=True)
    joint = tf.exp(log_joint - largest)
    total = tf.reduce_sum(joint, axis=-1, keepdims=True)
    shares = joint / total
    shares_z = shares * z
    slope = tf.sigmoid(raw_scales) * tf.cast(free_scales <= limits.ceiling, outputs.dtype)
    parts = (tf.exp(log_weights) - shares, -shares_z / scales, (shares - shares_z * z) / scales * slope)
    loss = _HALF_LOG_2PI - tf.reduce_mean(tf.math.log(total) + largest, axis=(-2, -1))
    return loss, tf.concat(parts, axis=-1) / outputs.shape[-2]


def _flat(kernel: Any) -> Any:
    return tf.reshape(kernel, (*kernel.shape[:-2], -1))
