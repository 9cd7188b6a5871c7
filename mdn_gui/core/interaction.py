"""The fit along one input at several values of a second one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.histogram import column_range, levels_of
from mdn_gui.core.reading import Section

BAND = (0.05, 0.95)
"""Quantiles between which the band lies."""
MOST_CELLS = 7

_LEVELS = {3: (0.05, 0.5, 0.95), 5: (0.05, 0.25, 0.5, 0.75, 0.95), 7: (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)}


def cell_values(dataset: Dataset, place: int, count: int) -> FloatArray:
    """Return at most ``count`` values of column number ``place`` that stand for all, ascending, each once.

    Of numbers: 3, 5 or 7 quantiles from 0.05 to 0.95, or both ends where those are all the same. Of levels the most
    frequent ones.
    """
    levels = levels_of(dataset.encodings[place])
    values = dataset.column(place)
    if levels:
        counts = np.bincount(values.astype(np.int64), minlength=len(levels))
        return np.sort(np.argsort(-counts, kind="stable")[: min(count, MOST_CELLS)]).astype(np.float64)
    wanted = max((number for number in _LEVELS if number <= count), default=3)
    found = np.unique(np.quantile(values, _LEVELS[wanted]))
    return found if len(found) > 1 else np.unique(column_range(dataset, place))


@dataclass(frozen=True, eq=False)
class Interaction:
    """The fit along the axis at V values of a second column.

    Parameters
    ----------
    place : int
        The second column, counted from 0.
    values : array [V]
        Its values, data units; of a category the numbers of levels.
    x : array [P]
        Values of the column on the axis, ascending.
    y : array [R]
        Where the density is read, data units of the target, ascending.
    mean, low, high : array [V, P]
        Mixture mean, ends of the central 90 % interval, data units of the target.
    density : array [V, P, R]
        p(y given x), per data unit.
    """

    place: int
    values: FloatArray
    x: FloatArray
    y: FloatArray
    mean: FloatArray
    low: FloatArray
    high: FloatArray
    density: FloatArray

    def mean_at(self, x: float) -> FloatArray:
        """Return the mean [V] at x by straight lines between the points; NaN beyond them."""
        if not self.x[0] <= x <= self.x[-1]:
            return np.full(len(self.values), np.nan)
        right = int(np.clip(np.searchsorted(self.x, x), 1, len(self.x) - 1))
        width = self.x[right] - self.x[right - 1]
        share = (x - self.x[right - 1]) / width if width > 0 else 0.0
        with np.errstate(invalid="ignore"):
            return np.asarray((1.0 - share) * self.mean[:, right - 1] + share * self.mean[:, right])


def interaction(
    section: Section,
    place: int,
    values: FloatArray,
    grid: tuple[FloatArray, FloatArray],
    is_cancelled: Callable[[], bool] = bool,
) -> Interaction | None:
    """Read a section at values [V] of column number ``place``; None where that was cancelled.

    Parameters
    ----------
    section : Section
        The model with the line along which it is read.
    place : int
        The second column, not the one on the axis.
    values : array [V]
        Where that column is held in turn.
    grid : pair of arrays [P], [R]
        x along the axis, y of the densities.
    is_cancelled : callable
        Asked between values.

    Raises
    ------
    DataError
        When a value does not fit the model.
    """
    x, y = grid
    mean, low, high = (np.empty((len(values), len(x))) for _ in range(3))
    density = np.empty((len(values), len(x), len(y)))
    for cell, value in enumerate(values.tolist()):
        if is_cancelled():
            return None
        mixture = Section(section.model, section.line.holding(place, value)).conditional(x[:, np.newaxis])
        mean[cell] = mixture.mean()
        low[cell], high[cell] = mixture.quantile(BAND).T
        density[cell] = mixture.pdf(y[np.newaxis])
    return Interaction(place, values, x, y, mean, low, high, density)
