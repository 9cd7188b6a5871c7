"""What is read at one x: the mixture there, with how much data stands behind it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray, checked_inputs, frozen_array
from mdn_gui.core.encoding import Encoding, expanded
from mdn_gui.core.transformed_mixture import ConditionalDensity


class Readable(Protocol):
    """What gives p(y given x): a fitted model, or the joint mixture that is its preview."""

    def conditional(self, x: object) -> ConditionalDensity:
        """Return p(y given x) at each row of ``x`` [N, D], data units."""
        ...


@dataclass(frozen=True, eq=False)
class Line:
    """A line through the inputs: one column moves, the others are held.

    Parameters
    ----------
    encodings : tuple of Encoding
        How D inputs are made from C columns.
    place : int
        Which column moves, counted from 0.
    held : array [C]
        Where the others stay: data units, of a category the number of the level.
    """

    encodings: tuple[Encoding, ...]
    place: int
    held: FloatArray

    @classmethod
    def through(cls, dataset: Dataset, place: int = 0) -> "Line":
        """Return the line through the middle of a data set along column number ``place``."""
        return cls(dataset.encodings, place, dataset.middle)

    def holding(self, place: int, value: float) -> "Line":
        """Return the line with column number ``place`` held at ``value``."""
        return replace(self, held=np.where(np.arange(len(self.held)) == place, value, self.held))

    def others(self) -> Iterator[tuple[int, Encoding]]:
        """Yield each column that is held, with its number."""
        return ((place, each) for place, each in enumerate(self.encodings) if place != self.place)

    def text(self, place: int) -> str:
        """Return where column number ``place`` is held, exactly: a number or the name of a level."""
        value = float(self.held[place])
        levels = self.encodings[place].levels
        return levels[int(value)] if levels else repr(value)

    def inputs(self, x: FloatArray) -> FloatArray:
        """Return the inputs [N, D] at values ``x`` [N] of the column that moves."""
        columns = np.tile(self.held, (len(x), 1))
        columns[:, self.place] = x
        return expanded(self.encodings, columns)


@dataclass(frozen=True)
class Section:
    """p(y given x) along a line: read at [N, 1] where the model is read at [N, D].

    Two are equal where they are of the same model along the same line.

    Parameters
    ----------
    model : Readable
        What is read.
    line : Line
        Which column moves, where the others are held.
    """

    model: Readable
    line: Line

    def conditional(self, x: object) -> ConditionalDensity:
        """Return p(y given x) at each value ``x`` [N, 1] of the column that moves, data units.

        Raises
        ------
        DataError
            When the shape does not fit or a value is not finite.
        """
        return self.model.conditional(self.line.inputs(checked_inputs(x, 1)[:, 0]))


@dataclass(frozen=True, eq=False)
class InputAxis:
    """The values of one input column, ready for questions about a place on its axis.

    Parameters
    ----------
    name : str
        Name of the column, with its unit.
    values : array_like [N]
        Its values in the data, sorted, data units; of a category the numbers of the levels.
    levels : tuple of str
        Of a category: what stands at 0, 1, 2, ...
    place : int
        Which column it is, counted from 0.
    encoding : Encoding, optional
        What its values mean, such as dates; None for plain numbers.
    """

    name: str
    values: FloatArray
    levels: tuple[str, ...] = ()
    place: int = 0
    encoding: Encoding | None = None

    def __post_init__(self) -> None:
        """Sort and freeze the values."""
        values = frozen_array(self.values)
        if (values[:-1] > values[1:]).any():
            values = frozen_array(np.sort(values))
        object.__setattr__(self, "values", values)

    @classmethod
    def of(cls, dataset: Dataset, place: int = 0) -> "InputAxis":
        """Return the axis of input column number ``place``, counted from 0."""
        encoding = dataset.encodings[place]
        return cls(encoding.label, dataset.sorted_column(place), encoding.levels, place, encoding)

    @property
    def low(self) -> float:
        """Least value in the data."""
        return float(self.values[0])

    @property
    def high(self) -> float:
        """Greatest value in the data."""
        return float(self.values[-1])

    @property
    def half_width(self) -> float:
        """Half the window that counts as near: about 1 % of the range, rounded to one digit, data units."""
        width = 0.01 * (self.high - self.low)
        if not width > 0:
            return 0.0
        unit = 10.0 ** math.floor(math.log10(width))
        return round(width / unit) * unit

    def snapped(self, x: float) -> float:
        """Return x, or on the axis of a category the nearest of its levels."""
        return min(max(float(round(x)), 0.0), len(self.levels) - 1.0) if self.levels else x

    def rows_near(self, x: float) -> int:
        """Return the number of rows within ``half_width`` of x."""
        first = np.searchsorted(self.values, x - self.half_width, side="left")
        last = np.searchsorted(self.values, x + self.half_width, side="right")
        return int(last - first)

    def is_outside(self, x: float) -> bool:
        """Return whether x is below the least or above the greatest value."""
        return not self.low <= x <= self.high

    def neighbour(self, x: float, step: int) -> float:
        """Return the next greater (step 1) or next smaller (step -1) value in the data; x itself past the end."""
        if step > 0:
            index = int(np.searchsorted(self.values, x, side="right"))
            return float(self.values[index]) if index < len(self.values) else x
        index = int(np.searchsorted(self.values, x, side="left")) - 1
        return float(self.values[index]) if index >= 0 else x


@dataclass(frozen=True, eq=False)
class Reading:
    """The conditional density at one x.

    Parameters
    ----------
    x : float
        The x being read, data units.
    mixture : ConditionalDensity
        p(y given x), a batch of one.
    rows_near : int
        Number of data rows within ``half_width`` of x.
    half_width : float
        Half the window of ``rows_near``, data units.
    is_outside : bool
        True when x lies outside the range of the data: the model extrapolates.
    is_preview : bool
        True when the joint mixture was read, not the network.
    line : Line, optional
        Which column has the value x, where the others are held; None where that is not known.
    held_outside : tuple of str
        Names of the columns that are held outside their range in the data.
    epoch : int or None
        The epoch of a run in the past that was read, not the fit; None for the newest network.
    """

    x: float
    mixture: ConditionalDensity
    rows_near: int
    half_width: float
    is_outside: bool
    is_preview: bool = False
    line: Line | None = None
    held_outside: tuple[str, ...] = ()
    epoch: int | None = None

    @classmethod
    def at(
        cls,
        x: float,
        section: Section,
        axis: InputAxis,
        *,
        is_preview: bool = False,
        held_outside: tuple[str, ...] = (),
    ) -> "Reading":
        """Read a section at x on the axis of the column that moves."""
        mixture, near = section.conditional([[x]]), axis.rows_near(x)
        return cls(x, mixture, near, axis.half_width, axis.is_outside(x), is_preview, section.line, held_outside)
