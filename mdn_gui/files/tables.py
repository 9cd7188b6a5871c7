"""Delimited text files to tables."""

import codecs
import csv
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.selection import LeftOut
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.cells import column_of, columns_with_decimal_comma, is_empty, is_number

if TYPE_CHECKING:
    from os import PathLike

MOST_COLUMNS = 10_000
"""Columns a table can have at most."""
LONGEST_NAME = 200
"""Characters kept of a column name."""

_DELIMITERS = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma", " ": "blanks"}
_LINES_LOOKED_AT = 100
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
"""The longer marks come first: the UTF-16 mark begins the UTF-32 one."""
_KNOWN_BINARIES = {
    b"PK": "a ZIP file or an Excel workbook",
    b"\x1f\x8b": "a compressed file",
    b"PAR1": "a Parquet file",
    b"\x93NUMPY": "a NumPy array",
    b"\x89HDF": "an HDF5 file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}


def read_table(path: "str | PathLike[str]") -> Table:
    """Return the table in a delimited text file.

    The text is UTF-8, or UTF-16 with a byte order mark. The delimiter (comma, semicolon, tab, vertical bar, blanks),
    a missing header and a decimal comma are recognised; what was assumed is in :attr:`Table.notes`. Missing cells and
    words such as ``NA`` count as empty; a row with more cells than the header is left out.

    Parameters
    ----------
    path : path
        The file.

    Raises
    ------
    DataError
        When the file cannot be read, is not text, or holds no table.
    """
    path = Path(path)
    try:
        text, encoding = _decoded(_content(path), path.name)
        return _Reading(path, text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).table(encoding)
    except MemoryError:
        message = f"{path.name} does not fit into memory."
        raise DataError(message, "Close other programs, or save a part of the rows as a file of its own.") from None


def _content(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise DataError(f"{path} is a folder.", "Choose a file in it.")
        if not stat.S_ISREG(mode):
            raise DataError(f"{path} is not a regular file.", "Save its content as a text file first.")
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"There is no file {path}.", "Check the name and the folder.") from None
    except PermissionError:
        raise DataError(f"{path} may not be read.", "Ask its owner for permission, or copy it.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}.", "Check the name and the disk.") from error


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    for start, kind in _KNOWN_BINARIES.items():
        if content.startswith(start):
            message = f"{name} is {kind}, not delimited text."
            raise DataError(message, "Export the table as CSV (UTF-8), then open that file.")
    mark = next((mark for mark in _BYTE_ORDER_MARKS if content.startswith(mark)), b"")
    encoding = _BYTE_ORDER_MARKS.get(mark, "utf-8")
    if encoding == "utf-8" and b"\0" in content:
        message = f"{name} is not text: byte {content.index(0)} is 0."
        raise DataError(message, "Export the table as CSV (UTF-8), then open that file.")
    body = content[len(mark) :]
    try:
        return body.decode(encoding), encoding
    except UnicodeDecodeError as error:
        line = body[: error.start].decode(encoding, "replace").count("\n") + 1
        where = f"byte {error.start + len(mark)} (0x{body[error.start]:02x}, line {line})"
        message = f"{name}: {where} is not {encoding.upper()} text."
        raise DataError(message, "Save the file as UTF-8 (in a spreadsheet: CSV UTF-8), then open it again.") from None


@dataclass
class _Reading:
    """The lines of one file on their way to a table."""

    path: Path
    lines: list[str]

    def table(self, encoding: str) -> Table:
        notes = [] if encoding == "utf-8" else [f"encoding: {encoding.upper()}"]
        start = self._first_line()
        if start:
            comments = sum(bool(line.strip()) for line in self.lines[:start])
            notes += [f"comment lines skipped: {comments}"] if comments else []
            del self.lines[:start]
        delimiter = _delimiter(self.lines)
        notes.append(f"delimiter: {_DELIMITERS[delimiter]}" if delimiter else "one column, no delimiter")
        delimiter = delimiter or "\t"
        first, body_start = self._first_record(delimiter)
        has_header = not _is_data(first, delimiter)
        names, name_notes = _column_names(first if has_header else [""] * len(first))
        notes += name_notes if has_header else ["no header: the columns are numbered"]
        body = self.lines[body_start:] if has_header else self.lines
        if not any(line.strip() for line in body):
            raise self._no_rows()
        columns = _clean_columns(body, delimiter, names)
        if columns is not None:
            return Table(self.path.name, columns, str(self.path), notes=tuple(notes))
        rows, ruined = self._rows(body, delimiter, len(names), body_start + start if has_header else start)
        columns, column_notes = _careful_columns(rows, names, delimiter)
        left_out = (LeftOut("more cells than columns", tuple(ruined)),) if ruined else ()
        return Table(self.path.name, columns, str(self.path), notes=(*notes, *column_notes), left_out=left_out)

    def _first_line(self) -> int:
        for number, line in enumerate(self.lines):
            if line.strip() and not line.startswith(("# ", "#\t")) and line.rstrip() != "#":
                return number
        raise DataError(f"{self.path.name} is empty.", "Choose a file with a header and rows of numbers.")

    def _first_record(self, delimiter: str) -> tuple[list[str], int]:
        lines = _CountedLines(self.lines)
        try:
            first = next(_records(lines, delimiter))
        except csv.Error as error:
            raise self._bad_quotes(lines.taken, error) from None
        if len(first) > MOST_COLUMNS:
            message = f"{self.path.name}: the first row has {len(first):,} cells."
            hint = f"A table may have {MOST_COLUMNS:,} columns; check that each row ends with a line end."
            raise DataError(message, hint)
        return first, lines.taken

    def _rows(self, body: list[str], delimiter: str, width: int, skipped: int) -> tuple[list[list[str]], list[int]]:
        rows: list[list[str]] = []
        ruined: list[int] = []
        lines = _CountedLines(body)
        try:
            for row in _records(lines, delimiter):
                if len(row) == width:
                    rows.append(row)
                elif row and (len(row) > 1 or row[0].strip()):
                    if any(cell.strip() for cell in row[width:]):
                        ruined.append(len(rows) + 1)
                    rows.append([*row[:width], *[""] * (width - len(row))])
        except csv.Error as error:
            raise self._bad_quotes(skipped + lines.taken, error) from None
        if not rows:
            raise self._no_rows()
        if 2 * len(ruined) > len(rows):
            message = f"{self.path.name}: {len(ruined):,} of {len(rows):,} rows, first row {ruined[0]}, have more cells"
            raise DataError(f"{message} than the header ({width}).", "Give every column a name in the first row.")
        for row_number in ruined:
            rows[row_number - 1] = ["more cells than columns"] * width
        return rows, ruined

    def _no_rows(self) -> DataError:
        return DataError(f"{self.path.name} has a header and no rows.", "Choose a file with rows below the header.")

    def _bad_quotes(self, line: int, error: csv.Error) -> DataError:
        message = f"{self.path.name}: the cells of line {line} cannot be told apart ({error})."
        return DataError(message, "Check that every quotation mark in this line, or before it, has its partner.")


class _CountedLines:
    """Lines with their ends, and how many have been taken."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = iter(lines)
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken += 1
        return line + "\n"


def _records(lines: Iterator[str], delimiter: str, *, strict: bool = True) -> Iterator[list[str]]:
    if delimiter == " ":
        lines = (" ".join(line.split()) + "\n" for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=strict)


def _delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that cuts the first lines most evenly into numbers, or "" when none cuts the header."""
    sample = [line for line in lines[: 2 * _LINES_LOOKED_AT] if line.strip()][:_LINES_LOOKED_AT]
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in _DELIMITERS}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else ""


def _evenness(sample: Sequence[str], delimiter: str) -> float:
    try:
        rows = [row for row in _records(iter(sample), delimiter, strict=False) if row]
    except csv.Error:
        return 0.0
    width = len(rows[0])
    if width < 2:
        return 0.0
    even = sum(len(row) == width for row in rows) / len(rows)
    cells = [cell for row in rows[1:] for cell in row]
    numbers = sum(is_number(cell, decimal_comma=delimiter != ",") or is_empty(cell) for cell in cells)
    return even * (1 + numbers / max(len(cells), 1))


def _is_data(first: Sequence[str], delimiter: str) -> bool:
    numbers = sum(is_number(cell, decimal_comma=delimiter != ",") for cell in first)
    return numbers > 0 and all(is_empty(cell) or is_number(cell, decimal_comma=delimiter != ",") for cell in first)


def _column_names(cells: Sequence[str]) -> tuple[list[str], list[str]]:
    printable = ["".join(char if char.isprintable() else " " for char in cell) for cell in cells]
    given = [" ".join(cell.split())[:LONGEST_NAME] or f"column {i}" for i, cell in enumerate(printable, 1)]
    taken, renamed = set(given), []
    seen: Counter[str] = Counter()
    names = []
    for name in given:
        seen[name] += 1
        unique = name
        if seen[name] > 1:
            while (unique := f"{name} ({seen[name]})") in taken:
                seen[name] += 1
            renamed.append(unique)
        taken.add(unique)
        names.append(unique)
    return names, [f"repeated names: {', '.join(renamed[:10])}"] if renamed else []


def _clean_columns(body: list[str], delimiter: str, names: Sequence[str]) -> tuple[Column, ...] | None:
    """Return the columns of a body of complete rows of finite numbers, fast; None for any other body."""
    try:
        values = np.loadtxt(
            body, delimiter=None if delimiter == " " else delimiter, comments=None, quotechar='"', ndmin=2
        )
    except ValueError:
        return None
    if values.shape[1] != len(names) or not np.isfinite(values).all():
        return None
    nothing_empty = np.zeros(len(values), dtype=bool)
    return tuple(Column(name, column, nothing_empty) for name, column in zip(names, values.T, strict=True))


def _careful_columns(
    rows: list[list[str]], names: Sequence[str], delimiter: str
) -> tuple[tuple[Column, ...], list[str]]:
    cells = list(zip(*rows, strict=True))
    with_comma, unexplained = (frozenset(), frozenset()) if delimiter == "," else columns_with_decimal_comma(cells)
    columns = tuple(
        column_of(name, column, decimal_comma=place in with_comma)
        for place, (name, column) in enumerate(zip(names, cells, strict=True))
    )
    notes = [f"decimal comma: {', '.join(names[place] for place in sorted(with_comma))}"] if with_comma else []
    notes += [f"commas not understood, cells left out: {names[place]}" for place in sorted(unexplained)]
    return columns, notes
