"""The forward pass of the network in NumPy: from exported weights to mixture parameters."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.special import log_softmax

_BLOCK = 64
"""Rows of one matrix product. Always the same shape, so that a row gives the same bits in any batch."""

_FARTHEST_INPUT = 1e30
"""Scaled inputs are cut off here, so that every finite x gives finite parameters."""

_SMALLEST_SCALE = 1e-150
"""A scale never underflows to 0; its square is still a positive float64."""


_MOST_PRODUCTS = 2**18
"""Multiplications of one matrix product at most: up to here OpenBLAS works in one thread, so its bits never vary."""


def _product(values: FloatArray, kernel: FloatArray) -> FloatArray:
    """Return ``values`` [B, fan_in] times ``kernel`` [fan_in, fan_out], a few columns at a time where it is large."""
    columns = max(_MOST_PRODUCTS // (len(values) * len(kernel)), 4)
    parts = -(-kernel.shape[1] // columns)
    if parts == 1:
        return np.asarray(values @ kernel)
    return np.concatenate([values @ part for part in np.array_split(kernel, parts, axis=1)], axis=1)


def _softplus(z: FloatArray) -> FloatArray:
    return np.logaddexp(0.0, z)


def _elu(z: FloatArray) -> FloatArray:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0.0)))


_ACTIVATIONS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "softplus": _softplus,
    "elu": _elu,
}


@dataclass(frozen=True, eq=False)
class Network:
    """A multi-layer perceptron from scaled inputs to (logits, locs, raw scales), as plain arrays.

    Parameters
    ----------
    kernels : tuple of float32 arrays [fan_in, fan_out]
        First to last layer; the last has 3 K columns: K logits, K locs, K raw scales.
    biases : tuple of float32 arrays [fan_out]
        First to last layer.
    activation : {"tanh", "relu", "softplus", "elu"}
        Nonlinearity of every layer but the last.
    scale_floor, scale_ceiling : float
        scale = min(scale_floor + softplus(raw scale), scale_ceiling), scaled units; the ceiling may be infinite.
    """

    kernels: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    activation: str
    scale_floor: float = 0.0
    scale_ceiling: float = float("inf")

    def __post_init__(self) -> None:
        """Freeze copies of the arrays."""
        for name in ("kernels", "biases"):
            frozen = tuple(np.array(array, dtype=np.float32) for array in getattr(self, name))
            for array in frozen:
                array.setflags(write=False)
            object.__setattr__(self, name, frozen)

    @property
    def members(self) -> "tuple[Network, ...]":
        """The networks whose densities are averaged: this one alone."""
        return (self,)

    @property
    def shares(self) -> tuple[float, ...]:
        """The weight of each member."""
        return (1.0,)

    @property
    def num_inputs(self) -> int:
        """Number of inputs D."""
        return int(self.kernels[0].shape[0])

    @property
    def num_components(self) -> int:
        """Number of components K."""
        return int(self.biases[-1].shape[0]) // 3

    def parameters(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return weights, locs and scales, each [N, K], of scaled inputs ``x`` [N, D], in float64."""
        output = np.concatenate([self._block_output(x[i : i + _BLOCK]) for i in range(0, max(len(x), 1), _BLOCK)])
        logits, locs, raw_scales = np.split(output, 3, axis=1)
        scales = np.minimum(self.scale_floor + _softplus(raw_scales), self.scale_ceiling)
        return np.exp(log_softmax(logits, axis=1)), locs, np.maximum(scales, _SMALLEST_SCALE)

    def _block_output(self, x: FloatArray) -> FloatArray:
        values = np.zeros((_BLOCK, self.num_inputs))
        values[: len(x)] = np.clip(x, -_FARTHEST_INPUT, _FARTHEST_INPUT)
        activate = _ACTIVATIONS[self.activation]
        for layer, (kernel, bias) in enumerate(zip(self.kernels, self.biases, strict=True)):
            if layer:
                values = activate(values)
            values = _product(values, kernel.astype(np.float64)) + bias.astype(np.float64)
        return values[: len(x)]


@dataclass(frozen=True, eq=False)
class NetworkAverage:
    """Several networks whose densities are averaged: one mixture of all their components.

    Parameters
    ----------
    members : tuple of Network
        R networks with the same layers and limits.
    shares : tuple of float
        Weight of each member's density; positive, together 1.
    """

    members: tuple[Network, ...]
    shares: tuple[float, ...]

    @property
    def num_inputs(self) -> int:
        """Number of inputs D."""
        return self.members[0].num_inputs

    @property
    def num_components(self) -> int:
        """Number of components of all members together, R K."""
        return sum(member.num_components for member in self.members)

    @property
    def activation(self) -> str:
        """Nonlinearity of every layer but the last."""
        return self.members[0].activation

    @property
    def scale_floor(self) -> float:
        """Lower limit of a scale, scaled units."""
        return self.members[0].scale_floor

    @property
    def scale_ceiling(self) -> float:
        """Upper limit of a scale, scaled units."""
        return self.members[0].scale_ceiling

    def parameters(self, x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return weights, locs and scales, each [N, R K], of scaled inputs ``x`` [N, D], in float64."""
        weights, locs, scales = zip(*(member.parameters(x) for member in self.members), strict=True)
        shared = [share * each for share, each in zip(self.shares, weights, strict=True)]
        return np.concatenate(shared, axis=1), np.concatenate(locs, axis=1), np.concatenate(scales, axis=1)


def averaged(members: tuple[Network, ...], shares: tuple[float, ...]) -> Network | NetworkAverage:
    """Return the average of networks; of one network, that network itself."""
    return members[0] if len(members) == 1 else NetworkAverage(members, shares)
