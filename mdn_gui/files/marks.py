"""Which decimal marks, which marks between thousands the numbers of a table have."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mdn_gui.errors import DataError
from mdn_gui.files.cells import BLANKS, POINT, NumberFormat, is_empty, plain

_FORMATS = tuple(
    NumberFormat(decimal, mark)
    for marks in (("", ""), (",", "."), ("'", "'"), (" ", " "))
    for decimal, mark in zip(".,", marks, strict=True)
)
"""Those with less come first."""
_MARKED = frozenset(".,'\N{RIGHT SINGLE QUOTATION MARK}" + BLANKS)
_SURELY_POINT = re.compile(r"[+-]?(?:\d+\.(?!\d{3}(?:\D|$))\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
"""Numbers with a decimal point that cannot be thousands: most cells of most files."""
_MARK_NAMES = {".": "point", ",": "comma", "'": "apostrophe", " ": "space"}


@dataclass
class Marks:
    """How the numbers of each column are written.

    Parameters
    ----------
    formats : list of NumberFormat
        One a column.
    decimal, thousands : str or None
        The marks that hold for the whole table; None where its columns differ.
    numbers : set of int
        Places of columns that are numbers even though few of their cells could be read.
    notes, doubts : list of str
        What was assumed; what of it could be wrong.
    """

    formats: list[NumberFormat]
    decimal: str | None = None
    thousands: str | None = None
    numbers: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def looks_numeric(cell: str) -> bool:
    """Return True when a cell is a number in any way of writing."""
    text = plain(cell)
    return any(each.value(text) is not None for each in (_FORMATS if _MARKED & set(text) else _FORMATS[:1]))


def checked_marks(decimal: str | None, thousands: str | None, title: str) -> None:
    """Refuse marks that are unknown or contradict each other.

    Raises
    ------
    DataError
        When they do.
    """
    if decimal not in {None, ".", ","}:
        raise DataError(f"{title}: {decimal!r} cannot be a decimal mark.", "Choose a point or a comma.")
    if thousands not in {None, "", ".", ",", "'", " "}:
        hint = "Choose none, a point, a comma, an apostrophe or a space."
        raise DataError(f"{title}: {thousands!r} cannot stand between thousands.", hint)
    if decimal is not None and decimal == thousands:
        message = f"{title}: {decimal!r} cannot be the decimal mark and stand between thousands too."
        raise DataError(message, "Choose different marks.")


def guessed_marks(
    columns: Sequence[Sequence[str]],
    names: Sequence[str],
    decimal: str | None,
    thousands: str | None,
    *,
    is_offer: bool,
) -> Marks:
    """Return how the numbers of a table are written, by its first rows.

    ``1,5`` can only be a decimal comma, ``1,234`` could also be a thousand: a column that holds nothing but the second
    kind is decided by the others of the same table, or by nobody: then its cells are left out, unless it is an offer
    that a person looks at.

    Parameters
    ----------
    columns : sequence of sequence of str
        The first cells of each column.
    names : sequence of str
        Their names.
    decimal, thousands : str or None
        What is known.
    is_offer : bool
        Whether undecided columns are read in the likelier way, with a doubt.
    """
    if decimal is not None and thousands is not None:
        marks = Marks([NumberFormat(decimal, thousands)] * len(columns), decimal, thousands)
    else:
        formats = [
            each
            for each in _FORMATS
            if decimal in {None, each.decimal} and (thousands is None or each.thousands == thousands)
        ]
        findings = [_Finding(cells, formats, is_offer=is_offer or thousands == " ") for cells in columns]
        marks = _Resolution(findings, names, formats[0], is_offer=is_offer).marks(decimal, thousands)
    for place, cells in enumerate(columns):
        if place not in marks.numbers and _is_lost(cells, marks.formats[place]):
            marks.numbers.add(place)
            marks.notes.append(f"numbers not understood, cells left out: {names[place]}")
    return marks


def _is_lost(cells: Sequence[str], number_format: NumberFormat) -> bool:
    """Return True for a column that holds numbers of which few can be read."""
    filled = [cell for cell in cells if not is_empty(cell)]
    if not filled or 2 * int((~np.isnan(number_format.values(filled))).sum()) >= len(filled):
        return False
    return 2 * sum(looks_numeric(cell) for cell in filled) >= len(filled)


class _Finding:
    """The formats that all marked numbers of a column have in common."""

    def __init__(self, cells: Sequence[str], formats: Sequence[NumberFormat], *, is_offer: bool) -> None:
        self.example = ""
        common: set[NumberFormat] | None = None
        filled = numbers = 0
        points = {each for each in formats if each.decimal == "."}
        for cell in cells:
            text = plain(cell)
            if not text or is_empty(text):
                continue
            filled += 1
            if not _MARKED & set(text):
                numbers += POINT.value(text) is not None
                continue
            if _SURELY_POINT.fullmatch(text):
                fitting = points
            else:
                fitting = {each for each in formats if each.value(text) is not None and (is_offer or " " not in text)}
            if fitting:
                numbers += 1
                self.example = self.example if common is not None and common <= fitting else text
                common = fitting if common is None else common & fitting
        is_numeric = 2 * numbers >= filled
        self.is_mixed = is_numeric and common is not None and not common
        kept = [each for each in formats if is_numeric and common and each in common]
        self.by_decimal = {mark: next(each for each in kept if each.decimal == mark) for mark in _decimals(kept)}

    @property
    def is_ambiguous(self) -> bool:
        """True when the marks could be a decimal or stand between thousands."""
        return len({each.value(self.example) for each in self.by_decimal.values()}) > 1

    @property
    def only(self) -> NumberFormat | None:
        """The one format that is possible."""
        return next(iter(self.by_decimal.values())) if len(self.by_decimal) == 1 else None


def _decimals(formats: Sequence[NumberFormat]) -> list[str]:
    return list(dict.fromkeys(each.decimal for each in formats))


class _Resolution:
    """Decides the columns of a table together."""

    def __init__(
        self, findings: Sequence[_Finding], names: Sequence[str], default: NumberFormat, *, is_offer: bool
    ) -> None:
        self._findings = findings
        self._names = names
        self._default = default
        self._is_offer = is_offer
        self._sure = {each.only.decimal for each in findings if each.only}
        self._notes: list[str] = []
        self._doubts: list[str] = []
        self._lost: list[int] = []

    def marks(self, decimal: str | None, thousands: str | None) -> Marks:
        chosen = [self._format(place, each) for place, each in enumerate(self._findings)]
        given = [each for each in chosen if each]
        decimals = {each.decimal for each in given} or {self._default.decimal}
        between = {each.thousands for each in given} - {""} or {thousands or ""}
        self._add_notes(chosen)
        if len(decimals) == 1 and len(between) == 1 and not self._lost:
            whole = NumberFormat(decimals.pop(), between.pop())
            return Marks([whole] * len(chosen), whole.decimal, whole.thousands, set(), self._notes, self._doubts)
        if len(decimals) > 1:
            self._doubts.append("The decimal mark differs between columns: some have a point, some a comma.")
        formats = [each or self._default for each in chosen]
        return Marks(formats, decimal, thousands, set(self._lost), self._notes, self._doubts)

    def _format(self, place: int, found: _Finding) -> NumberFormat | None:
        """Return the format of a column; None where it shows none."""
        name = self._names[place]
        if found.is_mixed:
            self._lost.append(place)
            self._doubts.append(f"The points and commas of {name} contradict each other; cells are left out.")
            return None
        if not found.by_decimal:
            return None
        if found.only or not found.is_ambiguous:
            taken = found.only or found.by_decimal["," if self._sure == {","} else "."]
            if taken.thousands == " " and " " in found.example:
                self._doubts.append(f"{found.example} in {name} is taken for {taken.value(found.example):.12g}.")
            return taken
        as_thousands = next(each for each in found.by_decimal.values() if each.thousands)
        as_decimal = next(each for each in found.by_decimal.values() if not each.thousands)
        if len(self._sure) == 1:
            taken = found.by_decimal[next(iter(self._sure))]
        elif as_decimal.decimal == ".":
            return as_decimal
        elif self._is_offer:
            taken = as_thousands
        else:
            self._lost.append(place)
            return None
        other = as_decimal if taken is as_thousands else as_thousands
        if taken is not as_decimal or taken.decimal == ",":
            values = f"{taken.value(found.example):.12g}, it could be {other.value(found.example):.12g}"
            self._doubts.append(f"{found.example} in {name} is taken for {values}.")
        return taken

    def _add_notes(self, chosen: Sequence[NumberFormat | None]) -> None:
        commas = [name for name, each in zip(self._names, chosen, strict=True) if each and each.decimal == ","]
        if commas:
            self._notes.append(f"decimal comma: {', '.join(commas)}")
        for mark, word in _MARK_NAMES.items():
            found = [name for name, each in zip(self._names, chosen, strict=True) if each and each.thousands == mark]
            if found:
                self._notes.append(f"{word} between thousands: {', '.join(found)}")
        self._notes += [f"commas not understood, cells left out: {self._names[place]}" for place in self._lost]
