"""How far two densities differ in shape, whatever their location or scale."""

import numpy as np

from mdn_gui.core.component_sums import Components, expected_distance, in_blocks
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.transformed_mixture import ConditionalDensity, TransformedMixture

_ROUNDING = 64.0 * float(np.finfo(np.float64).eps)
_ELEMENTS = 1 << 20
"""Pairs of components held at a time: 8 MB an array, whatever K is."""


def shape_distance(first: ConditionalDensity, second: ConditionalDensity) -> FloatArray:
    """Return the distance [N] in shape of the densities of two batches of N, row by row.

    Each density is standardised to mean 0, sd 1; the distance is the root of the integral of the squared difference of
    the two cdfs, without unit: 0 for the same shape, at most 1.2. Of a transformed target it is taken in z = g(y),
    where the mixture is Gaussian. Not a number where an sd is beyond float64.

    Notes
    -----
    The integral is E|X - Y| - E|X - X'| / 2 - E|Y - Y'| / 2, Szekely and Rizzo (2013), Energy statistics: a class of
    statistics based on distances; each term has a closed form for Gaussian mixtures (the function A of Grimit et al.
    2006). What rounding can leave of equal shapes, below 1e-7, is 0.
    """
    mine, yours = _base(first), _base(second)
    step = max(1, _ELEMENTS // (max(mine.num_components, yours.num_components) ** 2))
    distance = np.empty(len(mine))
    for top in range(0, len(mine), step):
        rows = slice(top, top + step)
        distance[rows] = _distance(_standardised(mine, rows), _standardised(yours, rows))
    return distance


def _distance(mine: Components, yours: Components) -> FloatArray:
    across = _between(mine, yours)
    with np.errstate(invalid="ignore"):
        squared = across - 0.5 * (_between(mine, mine) + _between(yours, yours))
        return np.where(squared <= _ROUNDING * across, 0.0, np.sqrt(np.maximum(squared, 0.0)))


def _base(density: ConditionalDensity) -> ConditionalMixture:
    return density.base if isinstance(density, TransformedMixture) else density


def _standardised(mixture: ConditionalMixture, rows: slice) -> Components:
    weights, locs, scales = (array[rows] for array in (mixture.weights, mixture.locs, mixture.scales))
    mean, sd = mixture.mean()[rows, np.newaxis], mixture.sd()[rows, np.newaxis]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return Components.of(weights, (locs - mean) / sd, scales / sd)


def _between(mine: Components, yours: Components) -> FloatArray:
    """Return E|X - Y| [N] of independent X, Y: the difference is a mixture of the pairs of components."""
    shape = (-1, mine.locs.shape[1], 1)
    weights = (mine.weights[:, np.newaxis] * yours.weights).reshape(shape)
    locs = (mine.locs[:, np.newaxis] - yours.locs).reshape(shape)
    scales = np.hypot(mine.scales[:, np.newaxis], yours.scales).reshape(shape)
    distance: FloatArray = in_blocks(expected_distance, Components(weights, locs, scales), np.zeros((1, 1)))[:, 0]
    return distance
