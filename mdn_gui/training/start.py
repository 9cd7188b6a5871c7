"""The parameters a run starts from, drawn from the seed."""

import math

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray
from mdn_gui.training.mdn import Architecture

Float32Array = NDArray[np.float32]

LAST_KERNEL_FACTOR = 0.1
"""The last kernel is this much smaller than Glorot's, so that the start is close to the mixture of the targets."""

_MAX_ROWS = 20_000
_EM_STEPS = 50
_SMALLEST_WEIGHT = 1e-3
_SMALLEST_SCALE = 0.05


def glorot_parameters(architecture: Architecture, seed: list[int], last_factor: float = 1.0) -> Float32Array:
    """Return parameters [P]: kernels uniform after Glorot and Bengio (2010), biases 0.

    Parameters
    ----------
    architecture : Architecture
        Shape of the network.
    seed : list of int
        The same seed gives the same parameters.
    last_factor : float
        Factor on the kernel of the last layer.
    """
    rng = np.random.default_rng(seed)
    pieces = []
    for shape in architecture.shapes:
        bound = math.sqrt(6.0 / sum(shape)) if len(shape) == 2 else 0.0
        pieces.append(rng.uniform(-1.0, 1.0, shape) * bound)
    pieces[-2] *= last_factor
    return np.concatenate([piece.ravel() for piece in pieces]).astype(np.float32)


def data_driven_parameters(
    architecture: Architecture, y: np.ndarray, scale_floor: float, seeds: list[list[int]]
) -> Float32Array:
    """Return parameters [R, P] whose mixture is, at every x, close to the mixture of the targets alone.

    Parameters
    ----------
    architecture : Architecture
        Shape of the network.
    y : array [N]
        Scaled targets.
    scale_floor : float
        Scaled units.
    seeds : list of R lists of int
        The same seed gives the same parameters.

    Notes
    -----
    The first loss is then that of a known baseline, and the components start where the targets are.
    """
    some = y[:: max(1, len(y) // _MAX_ROWS)].astype(np.float64)
    weights, locs, scales = target_mixture(some, architecture.num_components)
    raw_scales = _inverse_softplus(np.maximum(scales - scale_floor, 0.1 * scales))
    parameters = np.stack([glorot_parameters(architecture, seed, LAST_KERNEL_FACTOR) for seed in seeds])
    parameters[:, -3 * architecture.num_components :] = np.concatenate((np.log(weights), locs, raw_scales))
    return parameters


def target_mixture(y: FloatArray, num_components: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return weights, locs and scales, each [K], of a mixture of the targets ``y`` [N], by EM from their quantiles.

    Scales stay above a twentieth and weights above a thousandth, so that no component starts dead.
    """
    smallest = _SMALLEST_SCALE * max(float(y.std()), 1e-3)
    locs = np.quantile(y, (np.arange(num_components) + 0.5) / num_components)
    scales = np.full(num_components, max(float(y.std()) / num_components, smallest))
    weights = np.full(num_components, 1.0 / num_components)
    for _ in range(_EM_STEPS):
        z = (y[:, None] - locs) / scales
        log_joint = np.log(weights) - np.log(scales) - 0.5 * z * z
        shares = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        mass = np.maximum(shares.sum(axis=0), 1e-12)
        locs = np.where(mass > 1e-6, shares.T @ y / mass, locs)
        spread = np.einsum("nk,nk->k", shares, (y[:, None] - locs) ** 2) / mass
        scales = np.maximum(np.sqrt(spread), smallest)
        weights = np.maximum(mass / len(y), _SMALLEST_WEIGHT)
        weights /= weights.sum()
    return weights, locs, scales


def _inverse_softplus(value: FloatArray) -> FloatArray:
    """Return z with log(1 + exp(z)) = ``value``, exact for small and large values."""
    return np.asarray(value + np.log(-np.expm1(-value)))
