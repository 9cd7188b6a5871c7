"""Closed forms of mixtures whose components are log-normal."""

import numpy as np

from mdn_gui.core.component_moments import ComponentMoments
from mdn_gui.core.component_sums import Components, in_blocks, total
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.special import log_ndtr, ndtr

_BLOCK_ELEMENTS = 1 << 17


def component_moments(locs: FloatArray, scales: FloatArray) -> ComponentMoments:
    """Return the moments of exp(Z), Z ~ Normal(loc, scale).

    Parameters
    ----------
    locs, scales : array [N, K]
        Units of the logarithm.
    """
    variances = np.square(scales)
    with np.errstate(divide="ignore", over="ignore"):
        log_means = locs + 0.5 * variances
        half_log_excess = 0.5 * (variances + np.log(-np.expm1(-variances)))  # of exp(variance) over 1
        log_skews = np.logaddexp(variances, np.log(2.0)) + half_log_excess
        means = np.exp(log_means)
    above_zero = np.zeros(len(locs)), np.ones(len(locs))
    return ComponentMoments(means, *above_zero, log_means, log_means + half_log_excess, log_skews, np.ones_like(locs))


def score(components: Components, y: FloatArray, z: FloatArray) -> FloatArray:
    """Return the continuous ranked probability score [N, M], data units.

    Parameters
    ----------
    components : Components
        N mixtures in z.
    y, z : array [N, M] or [1, M]
        Finite points, data units; their logarithms, -inf where there is none.

    Notes
    -----
    E|Y - y| - E|Y - Y'| / 2 with the partial expectations of the log-normal law, as in Baran and Lerch (2015). The two
    parts share the term E Y, which may be far larger than the score; it is cancelled by hand.
    """
    score = in_blocks(_near, components, z)
    with np.errstate(over="ignore", invalid="ignore"):
        score = score + y * in_blocks(_balance, components, z) + _spread_left(components)
    return np.asarray(np.maximum(score, 0.0))


def _balance(components: Components, z: FloatArray) -> FloatArray:
    """Return P(Z <= z) - P(Z > z), [N, M]."""
    deviates = (z - components.locs) / components.scales
    return total(components.weights * (ndtr(deviates) - ndtr(-deviates)))


def _near(components: Components, z: FloatArray) -> FloatArray:
    """Return -2 E[Y; Z <= z], [N, M]."""
    weights, locs, scales = components
    with np.errstate(divide="ignore"):
        logs = np.log(weights) + locs + 0.5 * np.square(scales) + log_ndtr((z - locs) / scales - scales)
    return -2.0 * total(np.exp(logs))


def _spread_left(components: Components) -> FloatArray:
    """Return E Y - E|Y - Y'| / 2, [N, 1]: what is left of the expectation where the half spread is taken off."""
    num_components, num_rows, _ = components.locs.shape
    block = max(1, _BLOCK_ELEMENTS // num_components**2)
    left = np.empty((num_rows, 1))
    for top in range(0, num_rows, block):
        rows = slice(top, top + block)
        weights, locs, scales = components.take(rows)
        variances = np.square(scales)
        with np.errstate(divide="ignore", over="ignore"):
            # P(Y' is greater) when Y is drawn in proportion to its size
            deviates = ((locs - locs[:, np.newaxis]) + variances) / np.hypot(scales, scales[:, np.newaxis])
            logs = np.log(weights) + locs + 0.5 * variances + np.log(weights)[:, np.newaxis] + log_ndtr(-deviates)
            left[rows] = 2.0 * total(total(np.exp(logs)))
    return left
