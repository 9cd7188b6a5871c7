"""Sums over the components of many Gaussian mixtures at many points."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.special import erf, ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK_ELEMENTS = 1 << 17
"""Elements of one [K, N, M] array: a megabyte, so that it stays in the cache whatever N and M are."""

_LOG_SQRT_TWO_PI = 0.5 * np.log(2.0 * np.pi)
_SQRT_TWO_PI = np.sqrt(2.0 * np.pi)
_FARTHEST = 1e150
"""Largest |z| used for slopes: its square is finite, so that a weight of 0 times it is 0."""


class Components(NamedTuple):
    """The components of N mixtures, component first: each array is [K, N, 1].

    Component first keeps the long axes innermost, where NumPy is fast.
    """

    weights: FloatArray
    locs: FloatArray
    scales: FloatArray

    @classmethod
    def of(cls, weights: FloatArray, locs: FloatArray, scales: FloatArray) -> "Components":
        """Arrange arrays [N, K]."""
        first = [np.ascontiguousarray(array.T)[:, :, np.newaxis] for array in (weights, locs, scales)]
        return cls(*first)

    def take(self, rows: "NDArray[np.intp] | slice") -> "Components":
        """Return the components of the chosen mixtures, one for each entry of ``rows``."""
        return Components(self.weights[:, rows], self.locs[:, rows], self.scales[:, rows])


Sum = Callable[[Components, FloatArray], FloatArray]
"""A function of N mixtures at points [N, M] or [1, M] that gives [N, M]."""


def in_blocks(function: Sum, components: Components, y: FloatArray) -> FloatArray:
    """Return ``function(components, y)`` [N, M], computed in pieces so that memory stays bounded.

    Parameters
    ----------
    function : callable
        Elementwise in N and M.
    components : Components
        N mixtures.
    y : array [N, M] or [1, M]
        Points, data units.
    """
    num_components, num_rows, _ = components.locs.shape
    num_points = y.shape[1]
    if num_components * num_rows * num_points <= _BLOCK_ELEMENTS:
        return function(components, y)
    columns = max(1, min(num_points, _BLOCK_ELEMENTS // num_components))
    rows = max(1, _BLOCK_ELEMENTS // (num_components * columns))
    result = np.empty((num_rows, num_points))
    for top in range(0, num_rows, rows):
        row = slice(top, top + rows)
        part = components.take(row)
        y_rows = y if len(y) == 1 else y[row]
        for left in range(0, num_points, columns):
            column = slice(left, left + columns)
            result[row, column] = function(part, y_rows[:, column])
    return result


def log_density(components: Components, y: FloatArray) -> FloatArray:
    """Return log p(y) [N, M] by log-sum-exp."""
    with np.errstate(divide="ignore", over="ignore"):
        terms = _squared_distance(components, y)
        terms += np.log(components.weights) - np.log(components.scales) - _LOG_SQRT_TWO_PI
        greatest: FloatArray = terms.max(axis=0)
        terms -= np.where(np.isneginf(greatest), 0.0, greatest)
        greatest += np.log(total(np.exp(terms, out=terms)))
    return greatest


def density(components: Components, y: FloatArray) -> FloatArray:
    """Return p(y) [N, M]."""
    with np.errstate(over="ignore"):
        terms = _squared_distance(components, y)
        np.exp(terms, out=terms)
        # a finite height, so that far from a very narrow component height times 0 is 0
        terms *= np.minimum(components.weights / components.scales / _SQRT_TWO_PI, np.finfo(np.float64).max)
        return total(terms)


def tail(components: Components, y: FloatArray, side: "float | FloatArray") -> FloatArray:
    """Return P(Y <= y) [N, M] where ``side`` is 1, P(Y > y) where it is -1: each accurate where it is small."""
    z = _distance(components, y)
    z *= side
    return np.minimum(total(components.weights * ndtr(z)), 1.0)


def cumulative(components: Components, y: FloatArray) -> FloatArray:
    """Return P(Y <= y) [N, M]."""
    return tail(components, y, 1.0)


def survival(components: Components, y: FloatArray) -> FloatArray:
    """Return P(Y > y) [N, M]."""
    return tail(components, y, -1.0)


def expected_distance(components: Components, y: FloatArray) -> FloatArray:
    """Return E|Y - y| [N, M]."""
    with np.errstate(over="ignore", invalid="ignore"):
        distance = y - components.locs
        return total(components.weights * _expected_absolute(distance, components.scales))


def expected_spread(components: Components) -> FloatArray:
    """Return E|Y - Y'| [N, 1] of two independent draws Y, Y' from the same mixture."""
    num_components, num_rows, _ = components.locs.shape
    block = max(1, _BLOCK_ELEMENTS // num_components**2)
    spread = np.empty((num_rows, 1))
    for top in range(0, num_rows, block):
        rows = slice(top, top + block)
        weights, locs, scales = components.take(rows)
        with np.errstate(over="ignore"):
            absolute = _expected_absolute(locs - locs[:, np.newaxis], np.hypot(scales, scales[:, np.newaxis]))
        spread[rows] = total(weights * total(weights[:, np.newaxis] * absolute))
    return spread


class Expansion(NamedTuple):
    """log p with its first two derivatives at points [N, M], in units of the narrowest scale of each row.

    Parameters
    ----------
    level : array [N, M]
        log p, nats.
    slope : array [N, M]
        u (log p)', where u is the smallest scale of the row.
    curvature : array [N, M]
        u^2 (log p)''.
    unit : array [N, 1]
        u, data units.
    """

    level: FloatArray
    slope: FloatArray
    curvature: FloatArray
    unit: FloatArray


def expansion(components: Components, x: FloatArray) -> Expansion:
    """Return log p with its slope, free of under- or overflow far from every component."""
    unit = components.scales.min(axis=0)
    relative = unit / components.scales
    with np.errstate(divide="ignore", over="ignore"):
        z = np.clip(_distance(components, x), -_FARTHEST, _FARTHEST)
        terms = np.log(components.weights) - np.log(components.scales) - 0.5 * z * z
    greatest = terms.max(axis=0)
    share = np.exp(terms - greatest)
    sum_of_shares = total(share)
    share /= sum_of_shares
    pull = z * relative
    slope = -total(share * pull)
    # the variance of the pull among components less the mean of their own curvature
    curvature = total(share * (np.square(pull + slope) - np.square(relative)))
    return Expansion(greatest + np.log(sum_of_shares) - _LOG_SQRT_TWO_PI, slope, curvature, unit)


def _distance(components: Components, y: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):
        distance: FloatArray = y - components.locs
        distance /= components.scales
    return distance


def _squared_distance(components: Components, y: FloatArray) -> FloatArray:
    z = _distance(components, y)
    z *= z
    z *= -0.5
    return z


def _expected_absolute(loc: FloatArray, scale: FloatArray) -> FloatArray:
    """Return E|Z| of Z ~ Normal(loc, scale): the function A of Grimit et al. (2006)."""
    z = loc / scale
    absolute: FloatArray = 2.0 * scale * np.exp(-0.5 * z * z) / _SQRT_TWO_PI + loc * erf(z / np.sqrt(2.0))
    return absolute


def total(terms: FloatArray) -> FloatArray:
    """Return the sum of ``terms`` [K, ...] over the components."""
    # one after the other: NumPy's own sum takes another order when there is a single point, which changes the bits
    result: FloatArray = terms[0].copy()
    for term in terms[1:]:
        result += term
    return result
