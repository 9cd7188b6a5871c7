"""Lines to rows of cells."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mdn_gui.errors import DataError
from mdn_gui.files.names import MOST_COLUMNS

_LONG_LINE = 1 << 20
"""Characters above which the cells of a line are counted before they are cut."""

DELIMITERS = {"tab": "\t", "blanks": " ", "": "\x1f"}
"""The words of the options for what separates cells; one column is cut at a character that no text has."""


class Records:
    """The rows of a text, block by block, quoted line ends kept in their cell.

    Parameters
    ----------
    blocks : iterable of list of str
        Lines without their ends.
    delimiter : str
        One character.
    title : str
        Name of the file, for messages.
    line : int
        Number of the first line in the file, counted from 1.
    """

    def __init__(self, blocks: Iterable[list[str]], delimiter: str, title: str, line: int = 1) -> None:
        self._blocks = iter(blocks)
        self._delimiter = delimiter
        self._title = title
        self._line = line

    def blocks(self) -> Iterator["Block"]:
        """Yield blocks of whole rows.

        Raises
        ------
        DataError
            Here or when the rows of a block are asked for: where cells cannot be told apart or are too many.
        """
        for lines in self._blocks:
            if any('"' in line for line in lines):
                yield Block(self, None, self._quoted_rows(lines))
            else:
                for place, line in enumerate(lines):
                    if len(line) > _LONG_LINE:
                        self._refuse_wide(line.count(self._delimiter) + 1, self._line + place)
                yield Block(self, lines, None)
                self._line += len(lines)

    def rows_of(self, lines: list[str]) -> list[list[str]]:
        """Return the rows of lines without quotation marks."""
        reader = _reader(lines, self._delimiter)
        rows: list[list[str]] = []
        try:
            rows.extend(reader)
        except csv.Error as error:
            raise self._not_told_apart(self._line + len(rows), error) from None
        widths = [len(row) for row in rows]
        if widths and max(widths) > MOST_COLUMNS:
            self._refuse_wide(max(widths), self._line + widths.index(max(widths)))
        return rows

    def head(self, *, is_whole: bool) -> "Head":
        """Return the rows of the first block.

        Parameters
        ----------
        is_whole : bool
            Whether there is no other block; otherwise a last row that is not closed is put aside.

        Raises
        ------
        DataError
            Where cells cannot be told apart or are too many.
        """
        lines = next(self._blocks)
        if not any('"' in line for line in lines):
            rows = self.rows_of(lines)
            return Head(rows, list(range(1, len(rows) + 1)))
        supply = _Supply(lines, self._blocks)
        reader = _reader(supply, self._delimiter)
        head = Head([], [])
        while supply.left:
            try:
                head.rows.append(self._next_row(reader, self._line + supply.taken))
                head.ends.append(supply.taken)
            except DataError as error:
                if is_whole or supply.left:
                    raise
                head.unclosed = error
        return head

    def _quoted_rows(self, lines: list[str]) -> list[list[str]]:
        """Return the rows of lines, with those of the next blocks as long as a quotation stays open."""
        supply = _Supply(lines, self._blocks)
        reader = _reader(supply, self._delimiter)
        rows: list[list[str]] = []
        while supply.left:
            rows.append(self._next_row(reader, self._line + supply.taken))
        self._line += supply.taken
        return rows

    def _next_row(self, reader: Iterator[list[str]], line: int) -> list[str]:
        try:
            row = next(reader)
        except csv.Error as error:
            raise self._not_told_apart(line, error) from None
        if len(row) > MOST_COLUMNS:
            self._refuse_wide(len(row), line)
        if self._delimiter == " " and len(row) > 1 and not row[-1]:  # blanks at the end of the line
            row.pop()
        return row

    def _refuse_wide(self, width: int, line: int) -> None:
        if width > MOST_COLUMNS:
            message = f"{self._title}: line {line:,} has {width:,} cells."
            hint = f"A table may have {MOST_COLUMNS:,} columns; check that each row ends with a line end."
            raise DataError(message, hint)

    def _not_told_apart(self, line: int, error: csv.Error) -> DataError:
        message = f"{self._title}: the cells of line {line:,} cannot be told apart ({error})."
        return DataError(message, "Check the delimiter, and that every quotation mark in this line has its partner.")


@dataclass
class Head:
    """The first rows of a text.

    Parameters
    ----------
    rows : list of list of str
        Their cells.
    ends : list of int
        Lines up to the end of each.
    unclosed : DataError or None
        What is to be said of a last row whose end was not seen.
    """

    rows: list[list[str]]
    ends: list[int]
    unclosed: DataError | None = None


class Block:
    """Some rows of a text.

    Parameters
    ----------
    records : Records
        Where they come from.
    lines : list of str or None
        The lines, one a row, blank ones too; None where a cell may hold a line end.
    rows : list of list of str or None
        The rows; cut from the lines by default.
    """

    def __init__(self, records: Records, lines: list[str] | None, rows: list[list[str]] | None) -> None:
        self.lines = lines
        self._records = records
        self._rows = rows

    def rows(self) -> list[list[str]]:
        """Return the cells of each row; blank lines have at most one, empty cell."""
        if self._rows is None:
            self._rows = self._records.rows_of(self.lines or [])
        return self._rows


class _Supply:
    """Lines of one block, then of the next ones; knows how many are left in those taken so far."""

    def __init__(self, lines: list[str], blocks: Iterator[list[str]]) -> None:
        self._lines = iter(lines)
        self._blocks = blocks
        self.left = len(lines)
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while not self.left:
            lines = next(self._blocks)
            self._lines, self.left = iter(lines), len(lines)
        self.left -= 1
        self.taken += 1
        return next(self._lines)


def tolerant_rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """Return the rows that a delimiter cuts from lines, however they are quoted; none where they cannot be cut."""
    try:
        return [row for row in _reader(lines, delimiter, is_strict=False) if row]
    except csv.Error:
        return []


def fitted(row: Sequence[str], width: int) -> list[str]:
    """Return a row with as many cells as the table has columns."""
    return [*row[:width], *[""] * (width - len(row))]


def has_surplus(row: Sequence[str], width: int) -> bool:
    """Return True for a row with cells beyond the columns of the table that are not empty."""
    return any(cell.strip() for cell in row[width:])


def is_blank(row: Sequence[str]) -> bool:
    """Return True for the row of a blank line."""
    return not row or (len(row) == 1 and not row[0].strip())


def _reader(lines: Iterable[str], delimiter: str, *, is_strict: bool = True) -> Iterator[list[str]]:
    return csv.reader(_prepared(lines, delimiter), delimiter=delimiter, skipinitialspace=True, strict=is_strict)


def _prepared(lines: Iterable[str], delimiter: str) -> Iterator[str]:
    """Yield lines with their ends; where blanks separate cells, one for each run of them outside quotations."""
    if delimiter != " ":
        return (line + "\n" for line in lines)
    return _single_blanks(lines)


def _single_blanks(lines: Iterable[str]) -> Iterator[str]:
    is_open = False
    for line in lines:
        yield (line if is_open or '"' in line else " ".join(line.split())) + "\n"
        is_open ^= line.count('"') % 2 == 1
