"""Cells of text to columns, block by block."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.columns import MOST_LEVELS, MOST_ODDITIES, Column
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.files.cells import NumberFormat, is_empty
from mdn_gui.files.dates import DateArray, DateReader, column_of_dates, date_unit

LONGEST_LEVEL = 200
"""Characters of a level; longer texts are no categories."""

_PAIRS = (("true", "false"), ("yes", "no"), ("ja", "nein"), ("oui", "non"))
_TRUTHS = {word: float(word == pair[0]) for pair in (*_PAIRS, ("1", "0")) for word in pair}
_FIGURES = re.compile(r"(\d+)", re.ASCII)

BoolArray = NDArray[np.bool_]


class Gatherer(Protocol):
    """Collects the cells of one column."""

    def add(self, cells: Sequence[str]) -> None:
        """Take the next cells [N]."""
        ...

    def fits(self) -> bool:
        """Return whether at least half of the cells that are not empty were understood."""
        ...

    def column(self, name: str) -> Column:
        """Return the column of all cells taken, once."""
        ...

    def notes(self, name: str) -> list[str]:
        """Return what was assumed."""
        ...


class _Remainder:
    """The cells that a reader of numbers or dates did not understand."""

    def __init__(self) -> None:
        self._empty: list[BoolArray] = []
        self._rows = 0
        self._num_empty = 0
        self._num_odd = 0
        self.oddities: dict[int, str] = {}

    def add(self, cells: Sequence[str], not_read: BoolArray) -> None:
        """Take the next cells [N], with which of them were not read."""
        empty = np.zeros(len(not_read), dtype=np.bool_)
        for row in np.flatnonzero(not_read).tolist():
            if is_empty(cells[row]):
                empty[row] = True
                continue
            self._num_odd += 1
            if len(self.oddities) < MOST_ODDITIES:
                self.oddities[self._rows + row] = cells[row]
        self._empty.append(empty)
        self._rows += len(empty)
        self._num_empty += int(empty.sum())

    @property
    def is_small(self) -> bool:
        return 2 * self._num_odd <= self._rows - self._num_empty

    def empty(self) -> BoolArray:
        return np.concatenate(self._empty)


class NumberGatherer:
    """Collects a column of numbers.

    Parameters
    ----------
    number_format : NumberFormat
        How they are written.
    is_settled : bool
        Whether the column stays numbers whatever its cells are.
    """

    def __init__(self, number_format: NumberFormat, *, is_settled: bool = False) -> None:
        self._format = number_format
        self._is_settled = is_settled
        self._blocks: list[FloatArray] = []
        self._remainder = _Remainder()

    @property
    def decimal(self) -> str:
        """The decimal mark."""
        return self._format.decimal

    def add(self, cells: Sequence[str]) -> None:
        """Take the next cells [N]."""
        values = self._format.values(cells)
        self._blocks.append(values)
        self._remainder.add(cells, np.isnan(values))

    def add_numbers(self, values: FloatArray) -> None:
        """Take the next cells, read already."""
        self._blocks.append(values)
        self._remainder.add((), np.zeros(len(values), dtype=np.bool_))

    def fits(self) -> bool:
        """Return whether at least half of the cells that are not empty were understood."""
        return self._is_settled or self._remainder.is_small

    def column(self, name: str) -> Column:
        """Return the column of all cells taken, once."""
        values = np.concatenate(self._blocks)
        self._blocks.clear()
        return Column(name, values, self._remainder.empty(), oddities=self._remainder.oddities)

    def notes(self, _name: str) -> list[str]:
        """Return what was assumed."""
        return []


class DateGatherer:
    """Collects a column of dates.

    Parameters
    ----------
    day_first : bool or None
        Whether 1/2/2020 is the first of February.
    kind : ColumnKind, optional
        Days or seconds; by default what suits the span. It stays dates whatever its cells are.
    """

    def __init__(self, *, day_first: bool | None, kind: ColumnKind | None = None) -> None:
        self._reader = DateReader(day_first=day_first)
        self._kind = kind
        self._blocks: list[DateArray] = []
        self._remainder = _Remainder()

    def add(self, cells: Sequence[str]) -> None:
        """Take the next cells [N]."""
        moments = self._reader.values(cells)
        self._blocks.append(moments)
        self._remainder.add(cells, np.isnat(moments))

    def fits(self) -> bool:
        """Return whether at least half of the cells that are not empty were understood."""
        return self._kind is not None or self._remainder.is_small

    def column(self, name: str) -> Column:
        """Return the column of all cells taken, once."""
        moments = np.concatenate(self._blocks)
        self._blocks.clear()
        return column_of_dates(name, moments, self._remainder.empty(), self._remainder.oddities, self._kind)

    def notes(self, name: str) -> list[str]:
        """Return what was assumed."""
        return _zone_notes(name, self._reader.zones)


class TextGatherer:
    """Collects a column of any texts; what they mean is decided when all are known.

    Categories are sorted alphabetically, figures by their number; other texts stand as they first appeared.

    Parameters
    ----------
    number_format : NumberFormat
        How numbers would be written.
    day_first : bool or None
        Whether 1/2/2020 is the first of February.
    kind : ColumnKind, optional
        What the cells mean; guessed by default.
    """

    def __init__(self, number_format: NumberFormat, *, day_first: bool | None, kind: ColumnKind | None = None) -> None:
        self._format = number_format
        self._dates = DateReader(day_first=day_first)
        self._asked = kind
        self._places: dict[str, int] = {}
        self._blocks: list[NDArray[np.int32]] = []
        self._notes: list[str] = []

    def add(self, cells: Sequence[str]) -> None:
        """Take the next cells [N]."""
        places = self._places
        codes = [places.setdefault(cell, len(places)) for cell in map(str.strip, cells)]
        self._blocks.append(np.array(codes, dtype=np.int32))

    def fits(self) -> bool:
        """Return whether at least half of the cells that are not empty were understood."""
        return True

    def column(self, name: str) -> Column:
        """Return the column of all cells taken, once."""
        codes = np.concatenate(self._blocks)
        self._blocks.clear()
        texts = list(self._places)
        empty = np.array([is_empty(text) for text in texts])
        kind = self._asked or self._guess(texts, empty, np.bincount(codes, minlength=len(texts)))
        if kind.is_date:
            moments = self._dates.values(texts)
            moments[empty] = np.datetime64("NaT")
            odd = _oddities(codes, texts, np.isnat(moments) & ~empty)
            self._notes += _zone_notes(name, self._dates.zones)
            return column_of_dates(name, moments[codes], empty[codes], odd, self._asked)
        if kind in {ColumnKind.NUMBER, ColumnKind.BOOLEAN}:
            numbers = self._format.values(texts)
            if kind is ColumnKind.BOOLEAN:
                numbers = np.array([_TRUTHS.get(text.lower(), np.nan) for text in texts])
            odd = _oddities(codes, texts, np.isnan(numbers) & ~empty)
            return Column(name, numbers[codes], empty[codes], kind, oddities=odd)
        return self._levelled(name, kind, codes, texts, empty)

    def notes(self, _name: str) -> list[str]:
        """Return what was assumed."""
        return self._notes

    def _guess(self, texts: Sequence[str], empty: BoolArray, counts: NDArray[np.intp]) -> ColumnKind:
        filled = int(counts[~empty].sum())
        if 2 * int(counts[~np.isnan(self._format.values(texts)) & ~empty].sum()) >= filled:
            return ColumnKind.NUMBER
        moments = self._dates.values(texts)
        if 2 * int(counts[~np.isnat(moments)].sum()) >= filled:
            return date_unit(moments)
        levels = [text for text, nothing in zip(texts, empty, strict=True) if not nothing]
        words = {level.lower() for level in levels} if len(levels) <= MOST_LEVELS else set()
        if words and any(words <= set(pair) for pair in _PAIRS):
            return ColumnKind.BOOLEAN
        is_short = all(len(level) <= LONGEST_LEVEL for level in levels)
        return ColumnKind.CATEGORY if is_short and len(levels) <= min(MOST_LEVELS, filled - 1) else ColumnKind.TEXT

    def _levelled(
        self, name: str, kind: ColumnKind, codes: NDArray[np.int32], texts: Sequence[str], empty: BoolArray
    ) -> Column:
        levels = [text for text, nothing in zip(texts, empty, strict=True) if not nothing]
        if kind is ColumnKind.CATEGORY and not 0 < len(levels) <= MOST_LEVELS:
            self._notes.append(
                f"no categories, {len(levels):,} different texts where {MOST_LEVELS} are allowed: {name}"
            )
            kind = ColumnKind.TEXT
        if kind is ColumnKind.CATEGORY:
            levels.sort(key=_natural)
        words = [text for text, nothing in zip(texts, empty, strict=True) if nothing and text]
        if words:
            self._notes.append(f"counted as empty in {name}: {', '.join(words)}")
        places = {level: float(place) for place, level in enumerate(levels)}
        numbers = np.array([places.get(text, np.nan) for text in texts])
        return Column(name, numbers[codes], empty[codes], kind, tuple(levels))


def _oddities(codes: NDArray[np.int32], texts: Sequence[str], odd: BoolArray) -> Mapping[int, str]:
    rows = np.flatnonzero(odd[codes])[:MOST_ODDITIES].tolist()
    return {row: texts[codes[row]] for row in rows}


def _zone_notes(name: str, zones: set[str]) -> list[str]:
    if "given" not in zones:
        return []
    return [f"times of {name} in UTC" + (", also where no zone is given" if "none" in zones else "")]


def _natural(text: str) -> tuple[list[tuple[bool, int, str]], str]:
    """Return what sorts texts alphabetically, figures in them by their number."""
    key = []
    for part in _FIGURES.split(text.casefold()):
        figures = part.lstrip("0") if _FIGURES.fullmatch(part) else ""
        key.append((not _FIGURES.fullmatch(part), len(figures), figures or part))
    return key, text
