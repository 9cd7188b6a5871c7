"""Quadrature for mixtures whose components are logit-normal: nothing of them has a closed form but the cdf."""

import numpy as np

from mdn_gui.core.component_moments import ComponentMoments
from mdn_gui.core.component_sums import Components, cumulative, survival
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.transform import LOGIT

_BLOCK_ELEMENTS = 1 << 17

_REACH = 9.0
"""Sds to the outermost node: float64 holds no mass beyond it."""
_STEP = 0.5
"""Between nodes, in sds or in z, whichever is less. The error of the trapezoidal rule falls as exp(-2 pi^2 / step):
the density is entire, the logistic function has its nearest poles at +-i pi."""
_FEWEST_NODES, _MOST_NODES = 64, 1 << 15

_EDGES = np.array([0.0, 1.0, 2.0, 3.0, 4.5, 6.5, 9.0])
_EDGES = np.unique(np.concatenate((-_EDGES, _EDGES)))
"""Of the panels on which a score is integrated, in sds of each component."""
_ENDS = np.concatenate(([0.0], 2.0 ** np.arange(11)))
_ENDS = np.unique(np.concatenate((-_ENDS, _ENDS)))
"""More of them, in z: where the logistic function bends, where it has come close to its ends."""
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(12)


def component_moments(locs: FloatArray, scales: FloatArray) -> ComponentMoments:
    """Return the moments of the logistic function of Z ~ Normal(loc, scale), by the trapezoidal rule.

    Parameters
    ----------
    locs, scales : array [N, K]
        Units of the logit.

    Notes
    -----
    Within 1e-12 of the moments, relative to them, for locs within 30 of 0 and scales up to 30. Each component has as
    many nodes as it alone needs, so that it has the same moments in any batch.
    """
    flat_locs, flat_scales = locs.ravel(), scales.ravel()
    reach = _REACH + np.minimum(3.0 * flat_scales, np.abs(flat_locs) / flat_scales)
    needed = 2.0 * reach * np.maximum(flat_scales, 1.0) / _STEP
    counts = np.minimum(_FEWEST_NODES * 2.0 ** np.ceil(np.log2(np.maximum(needed / _FEWEST_NODES, 1.0))), _MOST_NODES)
    found = np.empty((4, flat_locs.size))
    for count in np.unique(counts).astype(int).tolist():
        which = np.flatnonzero(counts == count)
        for begin in range(0, len(which), max(1, _BLOCK_ELEMENTS // count)):
            some = which[begin : begin + max(1, _BLOCK_ELEMENTS // count)]
            found[:, some] = _moments(flat_locs[some], flat_scales[some], reach[some], count)
    means, rests, sds, skews = found.reshape(4, *locs.shape)
    with np.errstate(divide="ignore"):
        high = (means.min(axis=1) > 0.5) & (rests.max(axis=1) < 0.5)
        distances = np.where(high[:, np.newaxis], rests, means)
        side = np.where(high, -1.0, 1.0)
        logs = np.log(distances), np.log(sds), np.log(np.abs(skews))
    return ComponentMoments(means, high.astype(np.float64), side, *logs, np.sign(skews))


def _moments(locs: FloatArray, scales: FloatArray, reach: FloatArray, count: int) -> tuple[FloatArray, ...]:
    """Return the means of Y, those of 1 - Y, the sds, the skewnesses, each [P], with so many nodes."""
    locs, scales = locs[:, np.newaxis], scales[:, np.newaxis]
    deviates = reach[:, np.newaxis] * np.linspace(-1.0, 1.0, count)
    shares = np.exp(-0.5 * np.square(deviates))
    shares /= shares.sum(axis=1, keepdims=True)
    moves = scales * deviates
    # y - y at the loc, without a difference of nearly equal numbers
    greater, lesser = np.maximum(locs + moves, locs), np.minimum(locs + moves, locs)
    distances = np.sign(moves) * LOGIT.inverse(greater) * LOGIT.inverse(-lesser) * -np.expm1(-np.abs(moves))
    shift = (shares * distances).sum(axis=1, keepdims=True)
    distances -= shift
    sds = np.sqrt((shares * np.square(distances)).sum(axis=1))
    relative = distances / np.where(sds > 0, sds, 1.0)[:, np.newaxis]
    means, rests = (LOGIT.inverse(locs) + shift)[:, 0], (LOGIT.inverse(-locs) - shift)[:, 0]
    return means, rests, sds, (shares * relative**3).sum(axis=1)


def score(components: Components, y: FloatArray, z: FloatArray) -> FloatArray:
    """Return the continuous ranked probability score [N, M].

    Parameters
    ----------
    components : Components
        N mixtures in z.
    y, z : array [N, M] or [1, M]
        Finite points; their logits, infinite outside 0 to 1.

    Notes
    -----
    The integral of F^2 below y, of (1 - F)^2 above it (Matheson and Winkler 1976), by Gauss-Legendre rules with 12
    nodes on panels that follow the components; within 1e-10 of the score for locs within 30 of 0.
    """
    num_components, num_rows, _ = components.locs.shape
    num_nodes = (num_components * len(_EDGES) + len(_ENDS)) * len(_NODES)
    block = max(1, _BLOCK_ELEMENTS // (num_components * num_nodes))
    result = np.empty((num_rows, z.shape[1]))
    for top in range(0, num_rows, block):
        rows = slice(top, top + block)
        some = z if len(z) == 1 else z[rows]
        result[rows] = _scores(components.take(rows), some)
    return result + np.maximum(-y, 0.0) + np.maximum(y - 1.0, 0.0)


def _scores(components: Components, z: FloatArray) -> FloatArray:
    num_rows = components.locs.shape[1]
    own = (components.locs + components.scales * _EDGES).transpose(1, 0, 2).reshape(num_rows, -1)
    edges = np.sort(np.concatenate((own, np.broadcast_to(_ENDS, (num_rows, len(_ENDS)))), axis=1), axis=1)
    below, above = _integrals(components, edges[:, :-1], edges[:, 1:])
    nothing = np.zeros((num_rows, 1))
    below = np.concatenate((nothing, np.cumsum(below, axis=1)), axis=1)
    above = np.concatenate((np.cumsum(above[:, ::-1], axis=1)[:, ::-1], nothing), axis=1)
    result = np.empty((num_rows, z.shape[1]))
    step = edges.shape[1]
    for left in range(0, z.shape[1], step):
        columns = slice(left, left + step)
        at = np.broadcast_to(z[:, columns], (num_rows, z[:, columns].shape[1]))
        inside = np.clip(at, edges[:, :1], edges[:, -1:])
        panel = np.stack([np.searchsorted(*pair, side="right") for pair in zip(edges, inside, strict=True)]) - 1
        panel = np.clip(panel, 0, step - 2)
        lower, upper = (np.take_along_axis(edges, panel + more, axis=1) for more in (0, 1))
        result[:, columns] = (
            np.take_along_axis(below, panel, axis=1)
            + _integrals(components, lower, inside)[0]
            + _integrals(components, inside, upper)[1]
            + np.take_along_axis(above, panel + 1, axis=1)
            # beyond all panels the cdf is 0 or 1
            + np.abs(LOGIT.inverse(inside) - LOGIT.inverse(at))
        )
    return result


def _integrals(components: Components, lower: FloatArray, upper: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the integrals of F^2 and of (1 - F)^2 over y from ``lower`` to ``upper``, both [N, P] and in z."""
    half = 0.5 * (upper - lower)[:, :, np.newaxis]
    nodes = lower[:, :, np.newaxis] + half * (1.0 + _NODES)
    flat = nodes.reshape(len(nodes), -1)
    parts = half * _NODE_WEIGHTS * np.exp(LOGIT.log_slope(nodes))
    below, above = (function(components, flat).reshape(nodes.shape) for function in (cumulative, survival))
    return (parts * np.square(below)).sum(axis=2), (parts * np.square(above)).sum(axis=2)
