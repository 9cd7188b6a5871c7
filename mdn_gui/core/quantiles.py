"""Quantiles of Gaussian mixtures by inversion of the cdf."""

import numpy as np

from mdn_gui.core.component_sums import Components, density, tail
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.roots import IndexArray, bracketed_roots
from mdn_gui.core.special import ndtri


def quantiles(components: Components, q: FloatArray) -> FloatArray:
    """Return the quantiles [P], data units, of P mixtures at one probability each.

    Parameters
    ----------
    components : Components
        P mixtures.
    q : array [P]
        Probabilities strictly between 0 and 1.

    Notes
    -----
    The quantile of a mixture lies between the least and the greatest quantile of its components.
    """
    each = components.locs[:, :, 0] + components.scales[:, :, 0] * ndtri(q)
    used = components.weights[:, :, 0] > 0
    lower, upper = np.where(used, each, np.inf).min(axis=0), np.where(used, each, -np.inf).max(axis=0)
    # in the log of the nearer tail Newton's steps are short work even at q = 1e-300
    side = np.where(q <= 0.5, 1.0, -1.0)
    target = np.log(np.where(q <= 0.5, q, 1.0 - q))

    def excess(x: FloatArray, index: IndexArray) -> tuple[FloatArray, FloatArray]:
        part, at = components.take(index), x[:, np.newaxis]
        beyond = tail(part, at, side[index, np.newaxis])[:, 0]
        return side[index] * (np.log(beyond) - target[index]), density(part, at)[:, 0] / beyond

    return bracketed_roots(excess, lower, upper, 0.5 * (lower + upper), 1e-14 * components.scales.min(axis=0)[:, 0])
