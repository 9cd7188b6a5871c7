"""How uncertain a mixture is, in nats."""

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.transform import NONE, Transform
from mdn_gui.core.transformed_mixture import ConditionalDensity, TransformedMixture

_EDGES = np.array([1.5, 3.0, 5.0, 10.0])
_EDGES = np.concatenate((-_EDGES[::-1], [0.0], _EDGES))
"""Of the panels of the quadrature, in sds of each component: 1e-10 is reached with them, also where log p bends within
a third of an sd because one component gives way to another that is far away."""
_BENDS = 2.0 ** np.arange(9)
_BENDS = np.concatenate((-_BENDS[::-1], [0.0], _BENDS))
"""More of them, in z: where the slope of a transform bends."""
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(16)
_BLOCK_ELEMENTS = 1 << 16


def differential_entropy(mixture: ConditionalDensity) -> FloatArray:
    """Return -E log p(Y given x) [N], nats, of Y in data units; it may be negative.

    Notes
    -----
    A mixture of Gaussians has no closed form (Huber, Bailey, Durrant-Whyte and Hanebeck 2008). This is a quadrature by
    Gauss-Legendre rules with 16 nodes on panels that follow the components, within 1e-8. Where z = g(y) has the
    Gaussian components, the entropy is that of z plus E log dy/dz.
    """
    if isinstance(mixture, TransformedMixture):
        base, transform = mixture.base, mixture.transform
    else:
        base, transform = mixture, NONE
    entropy = np.empty(len(base))
    step = max(1, _BLOCK_ELEMENTS // (base.num_components * len(_EDGES) * len(_NODES)))
    for start in range(0, len(base), step):
        rows = slice(start, start + step)
        entropy[rows] = _entropy(base.weights[rows], base.locs[rows], base.scales[rows], transform)
    return entropy


def effective_components(mixture: ConditionalDensity) -> FloatArray:
    """Return how many components of equal weight would have the entropy of the weights [N], from 1 to K.

    Notes
    -----
    exp of the entropy: the number of order 1 of Hill (1973).
    """
    weights = mixture.weights
    logs = np.log(np.where(weights > 0.0, weights, 1.0))
    return np.asarray(np.exp(-(weights * logs).sum(axis=1)))


def _entropy(weights: FloatArray, locs: FloatArray, scales: FloatArray, transform: Transform) -> FloatArray:
    # measured from the heaviest component, so that large locs leave no rounding error in it
    origin = locs[np.arange(len(locs)), weights.argmax(axis=1)][:, np.newaxis]
    with np.errstate(over="ignore", invalid="ignore"):
        moved = locs - origin
        edges = (moved[:, :, np.newaxis] + scales[:, :, np.newaxis] * _EDGES).reshape(len(locs), -1)
        if transform is not NONE:
            bends = np.clip(_BENDS - origin, edges.min(axis=1)[:, np.newaxis], edges.max(axis=1)[:, np.newaxis])
            edges = np.concatenate((edges, bends), axis=1)
        edges.sort(axis=1)
        half = 0.5 * np.diff(edges, axis=1)[:, :, np.newaxis]
        middle = 0.5 * (edges[:, 1:] + edges[:, :-1])[:, :, np.newaxis]
        points = (middle + half * _NODES).reshape(len(locs), -1)
        level = ConditionalMixture(weights, moved, scales).log_pdf(points)
        surprise = transform.log_slope(points + origin) - level
        # where there is no density there is nothing to be surprised at
        terms = np.exp(level) * np.where(np.isneginf(level), 0.0, surprise)
        return np.asarray((terms * (half * _NODE_WEIGHTS).reshape(len(locs), -1)).sum(axis=1))
