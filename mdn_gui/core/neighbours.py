"""The rows of a data set near a place in its inputs, with how well a model fits just there."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray, frozen_array
from mdn_gui.core.diagnostics import Conditional, Estimate
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.reading import InputAxis, Reading
from mdn_gui.core.roots import IndexArray

SHARE = 0.1
"""Of the range of each column: how far a near row may lie on either side, with several columns."""
ENOUGH = 30
"""Rows from which on a fraction of them tells something; where fewer are near, so many nearest ones are taken."""
MASS = 0.9
"""Of the central interval whose coverage is stated."""
_FARTHEST = 1.0
"""Sds, the root mean square of the columns: nearest rows that reach farther are not near."""
_OTHER_LEVEL = 4.0
"""Sds that another level of a category counts as: more than numbers hardly ever differ by."""
_MOST_JUDGED = 10_000
_ROWS_AT_ONCE = 2048
_NOTABLE = 2.0
"""Standard errors beyond which a coverage is off."""


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """The rows near a place.

    Parameters
    ----------
    num_within : int
        Rows in the window: with one column :attr:`InputAxis.half_width` to either side; with several, a tenth of the
        range to either side in every column of numbers, the same level in every category.
    rows : int array [R]
        Those rows, ascending, counted from 0; where they are fewer than 30, the 30 nearest instead, as long as these
        are near; but for a single category, of which no row is nearer than another.
    is_nearest : bool
        Whether ``rows`` are the nearest instead.
    reach : float
        How far they lie at most: data units with one column; with several the root of the summed squares of the
        distances in sds of each column, where another level counts as four.
    num_columns : int
        Number of columns C.
    half_width : float
        With one column half the width of the window, data units.
    is_outside : bool
        Whether a column of numbers lies outside its range in the data.
    is_far : bool
        Whether fewer than 30 rows are in the window with the nearest ones far away, or with no others in the data:
        such rows tell nothing of just this place.
    """

    num_within: int
    rows: IndexArray
    is_nearest: bool
    reach: float
    num_columns: int
    half_width: float = 0.0
    is_outside: bool = False
    is_far: bool = False

    @property
    def is_judged(self) -> bool:
        """Whether how a model fits the rows tells how it fits at the place."""
        return not (self.is_outside or self.is_far)


class Neighbours:
    """Finds the rows near a place; made once for a data set, since that takes a moment with very many rows.

    Parameters
    ----------
    dataset : Dataset
        Whose rows are looked through.
    """

    def __init__(self, dataset: Dataset) -> None:
        count = len(dataset.encodings)
        self._columns = [np.ascontiguousarray(dataset.column(place)) for place in range(count)]
        self._is_category = [each.kind is ColumnKind.CATEGORY for each in dataset.encodings]
        if count == 1 and not self._is_category[0]:
            self._half_widths = [InputAxis.of(dataset).half_width]
        else:
            self._half_widths = [0.5 if c else SHARE * float(np.ptp(v)) for c, v in self._kinds()]
        self._sds = [1.0 if c else float(v.std()) or 1.0 for c, v in self._kinds()]
        self._ranges = [(-np.inf, np.inf) if c else (float(v.min()), float(v.max())) for c, v in self._kinds()]

    def near(self, place: FloatArray) -> Neighbourhood:
        """Return the rows near a place.

        Parameters
        ----------
        place : array [C]
            A value for each column, data units; of a category the number of the level.
        """
        rows: IndexArray | None = None
        for values, value, half in zip(self._columns, place.tolist(), self._half_widths, strict=True):
            some = values if rows is None else values[rows]
            inside = np.flatnonzero((some >= value - half) & (some <= value + half))
            rows = inside if rows is None else rows[inside]
        assert rows is not None
        pairs = zip(place.tolist(), self._ranges, strict=True)
        is_outside = any(not low <= value <= high for value, (low, high) in pairs)
        num_within, half_width = len(rows), self._half_widths[0] if len(self._columns) == 1 else 0.0
        is_few = num_within < min(ENOUGH, len(self._columns[0]))
        is_nearest = is_few and not is_outside and not (len(self._columns) == 1 and self._is_category[0])
        is_far = is_nearest and len(self._columns[0]) <= ENOUGH
        if is_nearest and not is_far:
            distance = self._squared_distance(place)
            nearest = np.sort(np.argpartition(distance, ENOUGH - 1)[:ENOUGH])
            is_far = self._reach(place, nearest) > self._farthest
            rows = rows if is_far else nearest
        reach = self._reach(place, rows)
        return Neighbourhood(
            num_within, rows, is_nearest and not is_far, reach, len(self._columns), half_width, is_outside, is_far
        )

    @property
    def _farthest(self) -> float:
        """How far nearest rows may reach: with one column a tenth of its range."""
        if len(self._columns) == 1:
            low, high = self._ranges[0]
            return SHARE * (high - low)
        return _FARTHEST * math.sqrt(len(self._columns))

    def _reach(self, place: FloatArray, rows: IndexArray) -> float:
        if not len(rows):
            return 0.0
        reach = float(np.sqrt(self._squared_distance(place, rows).max()))
        return reach * self._sds[0] if len(self._columns) == 1 else reach

    def _squared_distance(self, place: FloatArray, rows: IndexArray | slice = slice(None)) -> FloatArray:
        squared = np.zeros(len(self._columns[0][rows]))
        with np.errstate(over="ignore"):
            for (is_category, values), value, sd in zip(self._kinds(), place.tolist(), self._sds, strict=True):
                if is_category:
                    squared += np.where(values[rows] == value, 0.0, _OTHER_LEVEL**2)
                else:
                    squared += np.square((values[rows] - value) / sd)
        return squared

    def _kinds(self) -> list[tuple[bool, FloatArray]]:
        return list(zip(self._is_category, self._columns, strict=True))


@dataclass(frozen=True, eq=False)
class NearbyRows:
    """The rows near a place with how a model fits them: local calibration.

    Parameters
    ----------
    place : array [C]
        The place: a value for each column, data units; of a category the number of the level.
    neighbourhood : Neighbourhood
        Which rows.
    targets : array [R]
        Their targets, data units.
    pit : array [J]
        PIT values under the model at their own inputs: of all R rows, or of 10,000 spread evenly over them; none where
        the rows tell nothing of the place.

    Notes
    -----
    Where the model is right PIT values are uniform: Dawid (1984). Most of these rows are, as a rule, rows that the
    model has learned from, which flatters it.
    """

    place: FloatArray
    neighbourhood: Neighbourhood
    targets: FloatArray
    pit: FloatArray

    @cached_property
    def mean_pit(self) -> Estimate:
        """Mean of the PIT values: 0.5 where the model is right, less where it promises too much."""
        return Estimate.of_mean(self.pit)

    @cached_property
    def coverage(self) -> Estimate:
        """Fraction of the rows inside the central 90 % interval of the model at their own inputs."""
        return Estimate.of_fraction(self._held)

    def is_at(self, reading: Reading) -> bool:
        """Return whether these are the rows near the place of a reading."""
        line = reading.line
        return line is not None and np.array_equal(line.holding(line.place, reading.x).held, self.place)

    @property
    def num_held(self) -> int:
        """Number of rows inside the central 90 % interval."""
        return int(self._held.sum())

    @property
    def is_off(self) -> bool:
        """Whether the coverage differs from 90 % by more than two standard errors."""
        return abs(self.coverage.value - MASS) > _NOTABLE * self.coverage.standard_error

    @property
    def _held(self) -> np.ndarray:
        return np.asarray(np.abs(self.pit - 0.5) <= 0.5 * MASS)


def judged_nearby(
    dataset: Dataset, neighbours: Neighbours, place: FloatArray, model: Conditional, is_void: Callable[[], bool]
) -> NearbyRows | None:
    """Return the rows near a place [C] with how ``model`` fits them; None where ``is_void`` says that it is unwanted.

    Raises
    ------
    DataError
        When the model reads other inputs.
    """
    near = neighbours.near(place)
    rows = near.rows
    if not near.is_judged:
        return NearbyRows(frozen_array(place), near, frozen_array(dataset.y[rows]), frozen_array(np.zeros(0)))
    judged = rows if len(rows) <= _MOST_JUDGED else rows[np.linspace(0, len(rows) - 1, _MOST_JUDGED).astype(np.intp)]
    pit = np.empty(len(judged))
    for start in range(0, len(judged), _ROWS_AT_ONCE):
        if is_void():
            return None
        block = judged[start : start + _ROWS_AT_ONCE]
        pit[start : start + len(block)] = model.conditional(dataset.x[block]).cdf(dataset.y[block])
    targets = dataset.y[rows]
    for array in (pit, targets):
        array.setflags(write=False)
    return NearbyRows(frozen_array(place), near, targets, pit)
