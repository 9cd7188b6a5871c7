"""The turning points of the densities of Gaussian mixtures."""

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.component_sums import Expansion
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.heights import Heights
from mdn_gui.core.roots import IndexArray, bracketed_roots

_NEAR = np.linspace(0.0, 1.0, 9)
_FAR = np.array([1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.5, 8.0])
_OFFSETS = np.unique(np.concatenate([-_FAR, -_NEAR, _NEAR, _FAR]))
"""Where the slope is sampled, in sds of each component. The second derivative of a mixture is negative only within
one sd of a component, so every mode lies there; the points further out separate it from its neighbours."""

_BLOCK_ELEMENTS = 1 << 18
_PRECISION = 1e-13
"""Of a turning point, in units of the narrowest scale."""


def find_modes(heights: Heights) -> tuple[IndexArray, FloatArray]:
    """Return every local maximum of every density.

    Parameters
    ----------
    heights : Heights
        Of N mixtures.

    Returns
    -------
    rows : integer array [P]
        The mixture that each mode belongs to, ascending; each of the N occurs at least once.
    modes : array [P]
        Units of the transformed target, ascending within a mixture.

    Notes
    -----
    A Gaussian mixture in one dimension has at most K modes (Carreira-Perpinan and Williams 2003).
    """
    num_components, num_rows = len(heights.components.locs), heights.num_rows
    num_points = num_components * len(heights.transform.exponents) * len(_OFFSETS)
    block = max(1, _BLOCK_ELEMENTS // (num_components * num_points))
    parts = [_brackets(heights, np.arange(i, min(i + block, num_rows))) for i in range(0, num_rows, block)]
    if not parts:
        return np.empty(0, dtype=np.intp), np.empty(0)
    rows, lower, upper = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.lexsort((lower, rows))
    rows, lower, upper = rows[order], lower[order], upper[order]
    return rows, _turning_points(heights.take(rows), lower, upper, direction=-1.0)


def find_antimodes(heights: Heights, rows: IndexArray, modes: FloatArray) -> FloatArray:
    """Return the minimum between each two neighbouring modes of the same mixture, in the order of the modes."""
    inner = np.flatnonzero(rows[1:] == rows[:-1])
    return _turning_points(heights.take(rows[inner]), modes[inner], modes[inner + 1], direction=1.0)


def _turning_points(heights: Heights, lower: FloatArray, upper: FloatArray, direction: float) -> FloatArray:
    unit = heights.unit

    def slope_and_its_slope(x: FloatArray, index: IndexArray) -> tuple[FloatArray, FloatArray]:
        local = heights.take(index).expansion(x[:, np.newaxis])
        return direction * local.slope[:, 0], direction * local.curvature[:, 0] / unit[index]

    return bracketed_roots(slope_and_its_slope, lower, upper, lower + 0.5 * (upper - lower), _PRECISION * unit)


def _brackets(heights: Heights, rows: IndexArray) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Return intervals that each hold one mode: from a rising point to a falling one."""
    part = heights.take(rows)
    points = part.around_centres(_OFFSETS)
    x = np.sort(points.transpose(1, 0, 2).reshape(len(rows), -1), axis=1)
    local = part.expansion(x)
    sign = _signs(local, x)
    row, left = np.nonzero((sign[:, :-1] > 0) & (sign[:, 1:] < 0))
    lower, upper = x[row, left], x[row, left + 1]
    dip, at = np.nonzero(_may_hide_a_pair(sign, local, x))
    if len(dip):
        found, low, high = _hidden_brackets(part.take(dip), x[dip, at], x[dip, at + 1], sign[dip, at])
        row, lower, upper = np.append(row, dip[found]), np.append(lower, low), np.append(upper, high)
    return rows[row], lower, upper


def _signs(local: Expansion, x: FloatArray) -> FloatArray:
    """Return the sign of the slope [N, S], never 0: it rises first, falls last and falls through each mode.

    A component far narrower than the spacing of floating-point numbers at its loc is met at a run of equal points
    only, where the slope is 0 as far as x can tell. Such a run rises at its first point, falls at the others. Any
    other 0 takes the sign before it.
    """
    sign = np.sign(local.slope)
    spacing = np.spacing(np.abs(x))
    reach = -local.curvature * spacing
    on_mode = (reach > 0) & (reach >= 2.0 * np.abs(local.slope) * local.unit)
    sign[on_mode] = 0.0
    sign[:, 0], sign[:, -1] = 1.0, -1.0
    if not (sign == 0).any():
        return sign
    last = np.maximum.accumulate(np.where(sign != 0, np.arange(sign.shape[1]), 0), axis=1)
    filled = np.take_along_axis(sign, last, axis=1)
    flat = on_mode & (sign == 0)
    same = flat[:, 1:] & flat[:, :-1] & (np.diff(x, axis=1) <= 2.0 * spacing[:, 1:])
    follows, leads = np.zeros_like(on_mode), np.zeros_like(on_mode)
    follows[:, 1:], leads[:, :-1] = same, same
    filled[leads & ~follows] = 1.0
    filled[follows] = -1.0
    return filled


def _may_hide_a_pair(sign: FloatArray, local: Expansion, x: FloatArray) -> NDArray[np.bool_]:
    """Return [N, S - 1]: where the slope has the same sign at both ends but its tangents cross zero in between."""
    side = sign[:, :-1]
    left, right = side * local.slope[:, :-1], side * local.slope[:, 1:]
    fall, rise = side * local.curvature[:, :-1], side * local.curvature[:, 1:]
    with np.errstate(all="ignore"):
        gap = np.diff(x, axis=1) / local.unit
        lowest = left + fall * (right - left - rise * gap) / (fall - rise)
    hides: NDArray[np.bool_] = (side == sign[:, 1:]) & (fall < 0) & (rise > 0) & (gap > 0) & (lowest < 0)
    return hides


def _hidden_brackets(
    heights: Heights, lower: FloatArray, upper: FloatArray, side: FloatArray
) -> tuple[IndexArray, FloatArray, FloatArray]:
    """Return which intervals hide a mode beside an antimode, with a bracket of each such mode."""
    low, high = lower.copy(), upper.copy()
    middle = low + 0.5 * (high - low)
    for _ in range(40):
        falling = side * heights.expansion(middle[:, np.newaxis]).curvature[:, 0] < 0
        low, high = np.where(falling, middle, low), np.where(falling, high, middle)
        middle = low + 0.5 * (high - low)
    found = np.flatnonzero(side * heights.expansion(middle[:, np.newaxis]).slope[:, 0] < 0)
    middle, rising = middle[found], side[found] > 0
    return found, np.where(rising, lower[found], middle), np.where(rising, middle, upper[found])
