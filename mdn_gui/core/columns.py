"""One column of a table: what its cells mean, how it becomes inputs of a network."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray, frozen_array
from mdn_gui.core.encoding import ColumnKind, Encoding

MOST_LEVELS = 50
"""Different texts that a column of categories may hold."""
MOST_ODDITIES = 10_000
"""Cells kept word for word that could not be understood."""


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        As in the header; unique in its table.
    values : array_like [N]
        Numbers; 0 or 1 of booleans; days or seconds since ``origin`` of dates; of texts the number of the level. NaN
        where the cell was empty or not understood.
    empty : bool array [N]
        True where the cell was empty.
    kind : ColumnKind
        What the cells mean.
    levels : tuple of str
        The different texts of a column of texts or categories; empty for other kinds.
    origin : str
        What dates count from, ISO 8601; empty for other kinds.
    oddities : mapping of int to str
        The text of cells that are neither empty nor understood, by row counted from 0; at most 10,000.
    """

    name: str
    values: FloatArray
    empty: NDArray[np.bool_]
    kind: ColumnKind = ColumnKind.NUMBER
    levels: tuple[str, ...] = ()
    origin: str = ""
    oddities: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Freeze copies of the arrays."""
        empty = np.array(self.empty, dtype=np.bool_)
        empty.setflags(write=False)
        object.__setattr__(self, "values", frozen_array(self.values))
        object.__setattr__(self, "empty", empty)
        object.__setattr__(self, "oddities", MappingProxyType(dict(self.oddities)))

    @cached_property
    def is_numeric(self) -> bool:
        """True when the cells can be put on an axis: at least half of those that are not empty are finite."""
        filled = int((~self.empty).sum())
        return self.kind.is_numeric and filled > 0 and 2 * int(np.isfinite(self.values).sum()) >= filled

    @property
    def can_be_input(self) -> bool:
        """True for numbers, dates, booleans, categories."""
        return self.is_numeric or self.kind is ColumnKind.CATEGORY

    @property
    def encoding(self) -> Encoding:
        """How the column becomes inputs."""
        levels = self.levels if self.kind is ColumnKind.CATEGORY else ()
        return Encoding(self.name, self.kind, levels, self.origin)

    @property
    def label(self) -> str:
        """Name with the unit of dates, such as "day (days since 2020-01-01)"."""
        return self.encoding.label

    @property
    def not_understood(self) -> str:
        """What is said of a cell that is neither empty nor understood."""
        return f"{self.name} is not a date" if self.kind.is_date else f"{self.name} is not a number"

    def as_encoded(self, encoding: Encoding) -> FloatArray:
        """Return the values [N] in the terms of an encoding made from another table; NaN where it has no such level.

        Parameters
        ----------
        encoding : Encoding
            Of a column with the same meaning: its levels, its origin count.
        """
        if encoding.kind is ColumnKind.CATEGORY:
            places = {level: place for place, level in enumerate(encoding.levels)}
            known = np.array([places.get(level, np.nan) for level in self.levels], dtype=float)
            found = np.full(len(self.values), np.nan)
            given = np.isfinite(self.values)
            found[given] = known[self.values[given].astype(np.int64)] if len(known) else np.nan
            return found
        if encoding.kind.is_date and self.kind.is_date:
            seconds = self.values * self.kind.seconds
            shift = datetime.fromisoformat(self.origin) - datetime.fromisoformat(encoding.origin)
            return np.asarray((seconds + shift.total_seconds()) / encoding.kind.seconds)
        return self.values

    def faults(self, cells: FloatArray) -> list[tuple[str, NDArray[np.bool_]]]:
        """Return every reason why cells may be unusable, with the cells [N] it holds for.

        Parameters
        ----------
        cells : array [N]
            The values in the terms of an encoding, as :meth:`as_encoded` gives them.
        """
        unknown = np.isnan(cells) & ~np.isnan(self.values)
        return [
            (f"empty {self.name}", self.empty),
            (f"{self.name} is infinite", np.isinf(cells)),
            (self.not_understood, np.isnan(self.values) & ~self.empty),
            (f"{self.name} has a level that the model does not know", unknown),
        ]

    def part(self, start: int, stop: int) -> "Column":
        """Return the cells from ``start`` up to, not with, ``stop``, counted from 0."""
        oddities = {row - start: text for row, text in self.oddities.items() if start <= row < stop}
        return replace(self, values=self.values[start:stop], empty=self.empty[start:stop], oddities=oddities)

    def text(self, row: int) -> str:
        """Return the cell of a row, counted from 0, as text: exact numbers, levels, ISO 8601 dates, "" where empty."""
        value = float(self.values[row])
        if np.isnan(value):
            return self.oddities.get(row, "" if self.empty[row] else "?")
        if self.levels:
            return self.levels[int(value)]
        if self.kind is ColumnKind.BOOLEAN:
            return "true" if value else "false"
        if self.kind.is_date and np.isfinite(value):
            return _date_text(self.origin, value * self.kind.seconds)
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)

    def matches(self, text: str) -> NDArray[np.bool_]:
        """Return which cells [N] say the same as ``text``."""
        if self.levels:
            wanted = float(self.levels.index(text)) if text in self.levels else np.nan
        elif self.kind is ColumnKind.BOOLEAN and text in {"true", "false"}:
            wanted = float(text == "true")
        else:
            wanted = _number(text)
        return np.asarray(self.values == wanted, dtype=np.bool_)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _date_text(origin: str, seconds: float) -> str:
    try:
        moment = datetime.fromisoformat(origin) + timedelta(seconds=seconds)
    except OverflowError:
        return repr(seconds)
    whole_day = not (moment.hour or moment.minute or moment.second or moment.microsecond)
    return moment.date().isoformat() if whole_day else moment.isoformat(sep=" ")
