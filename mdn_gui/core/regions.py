"""Highest-density regions of mixtures as unions of intervals."""

from dataclasses import dataclass

import numpy as np

from mdn_gui.core.component_sums import cumulative
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.heights import Heights
from mdn_gui.core.modes import find_antimodes, find_modes
from mdn_gui.core.roots import IndexArray, bracketed_roots
from mdn_gui.core.special import ndtri
from mdn_gui.core.transform import NONE
from mdn_gui.errors import DataError

_TAIL = 40.0
"""Sds to the outermost point: the density there is below the level of any mass that float64 can tell from 1."""
_DEEPEST = 1e8
"""Nats below the highest mode at which no level is looked for where the target is transformed: a mode at the end of the
target's range may be higher than the bulk of the mass by the slope of the transform."""


@dataclass(frozen=True, eq=False)
class _Slopes:
    """The P stretches on which the densities are monotone, two beside each mode, in order of row, then place.

    ``foot`` is the end of low density, ``peak`` the mode; ``turn`` is -1 where the density rises with x, 1 where
    it falls. ``heights`` are those of the row of each stretch.
    """

    rows: IndexArray
    foot: FloatArray
    peak: FloatArray
    foot_level: FloatArray
    peak_level: FloatArray
    turn: FloatArray
    heights: Heights

    def crossed_by(self, levels: FloatArray) -> IndexArray:
        """Return the numbers of the stretches that cross the log density ``levels`` [N] of their row."""
        level = levels[self.rows]
        return np.flatnonzero((self.foot_level < level) & (level < self.peak_level))

    def crossings(self, level: FloatArray, which: IndexArray, start: FloatArray) -> FloatArray:
        """Return where the stretches ``which`` cross the log densities ``level``, both [Q]."""
        part = self.heights.take(which)
        turn = self.turn[which]
        foot, peak = self.foot[which], self.peak[which]
        unit = part.unit

        def excess(x: FloatArray, index: IndexArray) -> tuple[FloatArray, FloatArray]:
            local = part.take(index).expansion(x[:, np.newaxis])
            value = local.level[:, 0] - level[index]
            return -turn[index] * value, -turn[index] * local.slope[:, 0] / unit[index]

        return bracketed_roots(excess, np.minimum(foot, peak), np.maximum(foot, peak), start, 1e-13 * unit)


def highest_density_regions(heights: Heights, mass: float) -> tuple[FloatArray, ...]:
    """Return, for each mixture, the smallest region that holds a given mass.

    Parameters
    ----------
    heights : Heights
        Of N mixtures.
    mass : float
        Probability of the region, strictly between 0 and 1.

    Returns
    -------
    tuple of N arrays [J, 2]
        Disjoint intervals, ascending, units of the transformed target; the density is the same at every end.

    Raises
    ------
    DataError
        When the mass is not between 0 and 1.

    Notes
    -----
    Hyndman (1996), Computing and graphing highest density regions. The level is the root of mass(level), whose
    derivative is minus the sum over the ends of level / abs(p').
    """
    if not 0.0 < mass < 1.0:
        raise DataError(f"A region of mass {mass:g} cannot be drawn.", "Give a mass between 0 and 1, such as 0.9.")
    stretches = _monotone_stretches(heights)
    levels, ends = _solve_levels(stretches, heights.num_rows, mass)
    which = stretches.crossed_by(levels)
    found = ends[which]
    counts = np.bincount(stretches.rows[which], minlength=len(levels))
    regions = np.split(found, np.cumsum(counts)[:-1]) if len(counts) else []
    return tuple(np.ascontiguousarray(region.reshape(-1, 2)) for region in regions)


def _monotone_stretches(heights: Heights) -> _Slopes:
    rows, modes = find_modes(heights)
    antimodes = find_antimodes(heights, rows, modes)
    shared = np.flatnonzero(rows[1:] == rows[:-1])
    per_mode = heights.take(rows)
    feet = np.stack([per_mode.outermost(_TAIL, -1.0), per_mode.outermost(_TAIL, 1.0)])
    feet[0, shared + 1] = antimodes
    feet[1, shared] = antimodes
    peak_level = per_mode.level(modes[:, np.newaxis])[:, 0]
    foot_level = np.full_like(feet, -np.inf)
    between = heights.take(rows[shared]).level(antimodes[:, np.newaxis])[:, 0]
    between = np.minimum(between, np.minimum(peak_level[shared], peak_level[shared + 1]))
    foot_level[0, shared + 1] = between
    foot_level[1, shared] = between
    twice = np.repeat(rows, 2)
    turn = np.tile([-1.0, 1.0], len(rows))
    both = np.repeat(modes, 2), foot_level.T.ravel(), np.repeat(peak_level, 2)
    return _Slopes(twice, feet.T.ravel(), *both, turn, heights.take(twice))


def _solve_levels(stretches: _Slopes, num_rows: int, mass: float) -> tuple[FloatArray, FloatArray]:
    """Return the log density [N] that bounds the region, with the end [P] of each stretch at that level."""
    greatest = np.full(num_rows, -np.inf)
    np.maximum.at(greatest, stretches.rows, stretches.peak_level)
    start = greatest - 0.5 * float(ndtri(0.5 + 0.5 * mass)) ** 2
    ends: FloatArray = 0.5 * (stretches.foot + stretches.peak)

    def missing_mass(level: FloatArray, index: IndexArray) -> tuple[FloatArray, FloatArray]:
        levels = np.full(num_rows, np.nan)
        levels[index] = level
        which = stretches.crossed_by(levels)
        rows = stretches.rows[which]
        ends[which] = stretches.crossings(levels[rows], which, ends[which])
        part, at = stretches.heights.take(which), ends[which][:, np.newaxis]
        below = stretches.turn[which] * cumulative(part.components, at)[:, 0]
        local = part.expansion(at)
        gained = (
            np.exp(levels[rows] + part.transform.log_slope(at)[:, 0]) * local.unit[:, 0] / np.abs(local.slope[:, 0])
        )
        held = np.bincount(rows, weights=below, minlength=num_rows)
        gain = np.bincount(rows, weights=gained, minlength=num_rows)
        return mass - held[index].astype(np.float64), gain[index].astype(np.float64)

    lowest = greatest - (0.5 * _TAIL**2 if stretches.heights.transform is NONE else _DEEPEST)
    levels = bracketed_roots(missing_mass, lowest, greatest, start, np.full(num_rows, 1e-14))
    with np.errstate(all="ignore"):
        missing_mass(levels, np.arange(num_rows))
    return levels, ends
