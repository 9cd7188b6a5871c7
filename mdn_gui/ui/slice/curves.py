"""The numbers that a slice draws: p(y given x) at points of the target's axis, the rows near x in bins."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.transformed_mixture import ConditionalDensity

_POINTS = 200
_NARROW = 4.0
"""A component whose sd has fewer steps of the grid is given points of its own."""
_DEVIATES = np.linspace(-4.0, 4.0, 25)
_LEAST_WEIGHT = 1e-6
"""A component of less weight has no peak that could be missed, unless it is a million times as narrow as the others."""
_LEAST_SEEN = 0.01
"""Probability within the axis below which a density counts as lying outside."""
_CELLS = 1024
_FEWEST_ROWS = 5
"""Fewer rows say nothing of a shape: they are ticks only."""
_WIDEST, _NARROWEST = 256, 17
"""Cells in a bin: no more than 61 bins."""
_OF_QUARTER = 2.118
"""Interquartile range of a normal law as a multiple of the shortest stretch with a quarter of it."""

Span = tuple[float, float]
"""Ends of the target's axis, data units."""


@dataclass(frozen=True, eq=False)
class Curves:
    """p(y given x) along the target's axis.

    Parameters
    ----------
    mixture : ConditionalDensity
        A batch of one.
    y : array [M]
        Points, ascending, data units; no narrow peak lies between two of them.
    parts : array [M, K]
        Weight times density of each component, per data unit.
    below, above : float
        Probability of values before and beyond the axis.
    """

    mixture: ConditionalDensity
    y: FloatArray
    parts: FloatArray
    below: float
    above: float

    @classmethod
    def of(cls, mixture: ConditionalDensity, span: Span) -> "Curves":
        """Evaluate a batch of one."""
        y = _points(mixture, span)
        below, reached = mixture.cdf(np.array([span]))[0].tolist()
        with np.errstate(over="ignore"):
            parts = np.nan_to_num(mixture.component_pdf(y)[0])
        return cls(mixture, y, parts, below, 1.0 - reached)

    @cached_property
    def whole(self) -> FloatArray:
        """p(y given x) [M], per data unit."""
        with np.errstate(over="ignore"):
            return np.nan_to_num(self.parts.sum(axis=1))

    @cached_property
    def cumulative(self) -> FloatArray:
        """P(Y <= y given x) [M]."""
        return np.asarray(self.mixture.cdf(self.y[np.newaxis])[0])

    @cached_property
    def peak(self) -> float:
        """The largest density drawn, per data unit; 0 where none is seen."""
        return float(self.whole.max()) if self.is_seen else 0.0

    @property
    def is_seen(self) -> bool:
        """Whether enough of the density lies on the axis to be shown."""
        return 1.0 - self.below - self.above >= _LEAST_SEEN

    def region(self, mass: float) -> list[Span]:
        """Return the highest-density region as it is drawn: intervals of the axis, exact to the points between them.

        It is for the eye: `ConditionalDensity.hdr` is exact, yet takes longer than a mouse move may.
        """
        steps = np.diff(self.y)
        heights = 0.5 * (self.whole[1:] + self.whole[:-1])
        masses = heights * steps
        order = np.argsort(-heights)
        reached = np.cumsum(masses[order])
        count = int(np.searchsorted(reached, mass))
        inside = np.zeros(len(heights) + 2, dtype=np.int8)
        inside[order[: count + 1] + 1] = 1
        turns = np.diff(inside)
        starts, stops = np.flatnonzero(turns == 1), np.flatnonzero(turns == -1)
        return list(zip(self.y[starts].tolist(), self.y[stops].tolist(), strict=True))


def _points(mixture: ConditionalDensity, span: Span) -> FloatArray:
    """Return an even grid with each component's median in it, more around those that the grid would miss."""
    low, high = span
    grid = np.linspace(low, high, _POINTS)
    components, transform = mixture.heights.components, mixture.heights.transform
    used = components.weights[:, 0, 0] > _LEAST_WEIGHT
    locs, scales = components.locs[used, 0, 0], components.scales[used, 0, 0]
    ends = transform.inverse(np.stack((locs - scales, locs, locs + scales)))
    with np.errstate(invalid="ignore", over="ignore"):
        narrow = ends[2] - ends[0] < 2.0 * _NARROW * (grid[1] - grid[0])
    around = transform.inverse(locs[narrow] + scales[narrow] * _DEVIATES[:, np.newaxis])
    extra = np.concatenate((ends[1], around.ravel()))
    return np.sort(np.concatenate((grid, extra[(extra > low) & (extra < high)])))


@dataclass(frozen=True, eq=False)
class Nearby:
    """Targets of the rows near x, counted in equal cells of the target's axis.

    Parameters
    ----------
    counts : array [1024]
        Rows in each cell.
    before : int
        Rows below the axis.
    num_rows : int
        All rows near x.
    span : Span
        Ends of the axis, data units.
    """

    counts: FloatArray
    before: int
    num_rows: int
    span: Span

    @classmethod
    def of(cls, targets: FloatArray, span: Span) -> "Nearby":
        """Count targets [R], data units."""
        low, high = span
        place = (np.asarray(targets) - low) * (_CELLS / (high - low))
        within = place[(place >= 0.0) & (place <= _CELLS)]
        cells = np.minimum(within.astype(np.int64), _CELLS - 1)
        counts = np.bincount(cells, minlength=_CELLS).astype(np.float64)
        return cls(counts, int((place < 0.0).sum()), len(targets), span)

    @cached_property
    def edges(self) -> FloatArray:
        """Ends of the cells [1025], data units."""
        return np.linspace(*self.span, _CELLS + 1)

    @cached_property
    def ticks(self) -> FloatArray:
        """Stretches of the axis [T, 2] with rows in each of their cells, data units: never more than 512."""
        inside = np.concatenate(([0], self.counts > 0, [0]))
        turns = np.diff(inside)
        return np.column_stack((self.edges[turns == 1], self.edges[turns == -1]))

    @cached_property
    def bins(self) -> tuple[FloatArray, FloatArray]:
        """Ends of the histogram's bins [B + 1], data units; their heights [B], per data unit.

        Notes
        -----
        The width is that of Freedman and Diaconis (1981), as far as the axis can show it. Where the rows lie in
        several heaps the interquartile range tells how far these are apart; so the spread is taken from the shortest
        stretch with a quarter of the rows where that is less.
        """
        if self.num_rows < _FEWEST_ROWS or not self.counts.any():
            return np.zeros(1), np.zeros(0)
        reached = np.cumsum(self.counts) / self.counts.sum()
        first, last = np.searchsorted(reached, (0.25, 0.75))
        spread = min(float(last - first), _OF_QUARTER * self._shortest_quarter())
        width = int(np.clip(2.0 * spread * self.num_rows ** (-1.0 / 3.0), _NARROWEST, _WIDEST))
        starts = np.arange(0, _CELLS, width)
        edges = self.edges[np.append(starts, _CELLS)]
        return edges, np.add.reduceat(self.counts, starts) / (self.num_rows * np.diff(edges))

    def _shortest_quarter(self) -> float:
        """Return the cells in the shortest stretch of the axis with a quarter of the rows on it."""
        reached = np.cumsum(self.counts)
        stops = np.searchsorted(reached, reached - self.counts + math.ceil(0.25 * reached[-1]))
        lengths = stops - np.arange(_CELLS)
        return float(lengths[stops < _CELLS].min(initial=_CELLS))

    @cached_property
    def cumulative(self) -> FloatArray:
        """Share of the rows up to each end of a cell [1025]."""
        return np.append(0.0, np.cumsum(self.counts)) / self.num_rows + self.before / self.num_rows

    @property
    def peak(self) -> float:
        """The highest bin, per data unit; 0 without bins."""
        return float(self.bins[1].max(initial=0.0))
