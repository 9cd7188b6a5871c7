"""How a delimited text is cut into a table: what is known, what its first rows tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.errors import DataError
from mdn_gui.files.cells import is_empty
from mdn_gui.files.dates import DateReader, day_order, is_date
from mdn_gui.files.decoding import HEAD, guessed_encoding, head_lines, offered_encoding, refuse_binary, too_long
from mdn_gui.files.marks import Marks, checked_marks, guessed_marks, looks_numeric
from mdn_gui.files.names import unique_names
from mdn_gui.files.options import PREVIEW_ROWS, ReadOptions
from mdn_gui.files.records import DELIMITERS, Records, fitted, has_surplus, is_blank, tolerant_rows
from mdn_gui.files.streams import ByteStream

_DELIMITER_NAMES = {"\t": "tab", ";": "semicolon", "|": "vertical bar", ",": "comma", " ": "blanks"}
_WORDS = {"\t": "tab", " ": "blanks"}
_LINES_LOOKED_AT = 100
_CHARACTERS_LOOKED_AT = 1 << 16
_MOST_CELLS = 50_000
"""Cells that a guess is made from."""
_NAMED_DELIMITER = re.compile(r'"?sep=([^"\w])"?', re.IGNORECASE)
"""The line that spreadsheets understand at the top of a text."""
_TWO_OR_ONE = re.compile(r"[+-]?\d+,\d+", re.ASCII)


@dataclass
class Dialect:
    """How a text is cut into a table.

    Parameters
    ----------
    title : str
        Name of the file.
    options : ReadOptions
        What was known, with the guesses filled in.
    delimiter : str
        One character.
    skipped : int
        Lines above the first row of data.
    names : list of str
        Of the columns.
    rows : list of list of str
        The first rows of data, all as wide as the table.
    ruined : set of int
        Which of them, counted from 0, have more cells than that and are left out.
    marks : Marks
        How numbers are written.
    settled : dict of int to ColumnKind
        Places of columns whose cells are clearly meant as numbers or dates, though few can be read.
    num_rows : int
        Rows of data that the whole lines in the first MiB hold.
    is_whole : bool
        Whether these are all.
    notes, doubts : list of str
        What was assumed; what of it could be wrong.
    """

    title: str
    options: ReadOptions
    delimiter: str
    skipped: int
    names: list[str]
    rows: list[list[str]]
    ruined: frozenset[int]
    marks: Marks
    settled: dict[int, ColumnKind]
    num_rows: int
    is_whole: bool
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def dialect_of(stream: ByteStream, title: str, options: ReadOptions, *, is_offer: bool) -> Dialect:
    """Return how a text is cut, by the options and, where they are silent, by its first rows.

    Parameters
    ----------
    stream : ByteStream
        The text; stays where it is.
    title : str
        Name of the file.
    options : ReadOptions
        What is known.
    is_offer : bool
        Whether a person looks at what only a person can decide; otherwise a text that is not UTF-8 is refused, cells
        such as 1,234 and 1/2/2020 are left out.

    Raises
    ------
    DataError
        When options contradict each other, when the head of the file is no text or holds no table.
    """
    return _Guess(stream, title, options, is_offer=is_offer).dialect()


class _Guess:
    """Completes the options of one text step by step."""

    def __init__(self, stream: ByteStream, title: str, options: ReadOptions, *, is_offer: bool) -> None:
        checked_marks(options.decimal, options.thousands, title)
        self._stream = stream
        self._title = title
        self._options = options
        self._is_offer = is_offer
        self._notes: list[str] = []
        self._doubts: list[str] = []
        self._is_whole = len(stream.peek(HEAD + 1)) <= HEAD

    def dialect(self) -> Dialect:
        lines = self._lines()
        start = self._first_line(lines)
        delimiter = self._delimiter(lines[start:])
        header, body_start, rows = self._rows(lines, start, delimiter)
        names = self._names(header, rows)
        first_rows = rows[: max(1, min(PREVIEW_ROWS, _MOST_CELLS // len(names)))]
        ruined = frozenset(number for number, row in enumerate(first_rows) if has_surplus(row, len(names)))
        shown = [fitted(row, len(names)) for row in first_rows]
        columns = list(zip(*shown, strict=True))
        marks = guessed_marks(columns, names, self._options.decimal, self._options.thousands, is_offer=self._is_offer)
        self._options = replace(self._options, decimal=marks.decimal, thousands=marks.thousands)
        self._order_days(columns, names)
        settled = dict.fromkeys(marks.numbers, ColumnKind.NUMBER)
        settled |= dict.fromkeys(self._lost_dates(columns, names), ColumnKind.DAYS)
        notes, doubts = [*self._notes, *marks.notes], [*self._doubts, *marks.doubts]
        return Dialect(
            self._title,
            self._options,
            delimiter,
            body_start,
            names,
            shown,
            ruined,
            marks,
            settled,
            len(rows),
            self._is_whole,
            notes,
            doubts,
        )

    def _lines(self) -> list[str]:
        head = self._stream.peek(HEAD)
        encoding = self._options.encoding
        if encoding is None:
            refuse_binary(head, self._title)
            encoding = guessed_encoding(head)
            if encoding is None and self._is_offer:
                encoding = offered_encoding(head)
                self._doubts.append(f"The text is not UTF-8; it is read as {encoding}. Check letters such as é and ß.")
            encoding = encoding or "utf-8"
        if encoding != "utf-8":
            self._notes.append(f"encoding: {encoding.upper()}")
        self._options = replace(self._options, encoding=encoding)
        return head_lines(self._stream, self._title, encoding)

    def _first_line(self, lines: Sequence[str]) -> int:
        for number, line in enumerate(lines):
            if line.strip() and not line.startswith(("# ", "#\t")) and line.rstrip() != "#":
                comments = sum(bool(each.strip()) for each in lines[:number])
                self._notes += [f"comment lines skipped: {comments}"] if comments else []
                return number + self._names_delimiter(line)
        raise DataError(f"{self._title} is empty.", "Choose a file with a header and rows of numbers.")

    def _names_delimiter(self, line: str) -> bool:
        """Return whether a line only tells the delimiter; it is obeyed where the options are silent."""
        found = _NAMED_DELIMITER.fullmatch(line)
        if found is None:
            return False
        self._notes.append(f"line skipped: {line}")
        if self._options.delimiter is None:
            self._options = replace(self._options, delimiter=_WORDS.get(found[1], found[1]))
        return True

    def _delimiter(self, lines: Sequence[str]) -> str:
        word = self._options.delimiter
        if word is None:
            found = _guessed_delimiter(lines)
            word = _WORDS.get(found, found)
            if found == "," and all(_TWO_OR_ONE.fullmatch(line.strip()) for line in lines[:_LINES_LOOKED_AT] if line):
                self._doubts.append(f"{lines[0].strip()} is taken for two cells; it could be one with a decimal comma.")
        delimiter = DELIMITERS.get(word, word)
        if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
            hint = "Choose a comma, a semicolon, a tab, blanks or another single character."
            raise DataError(f"{self._title}: {word!r} cannot be a delimiter.", hint)
        name = _DELIMITER_NAMES.get(delimiter, delimiter)
        self._notes.append(f"delimiter: {name}" if word else "one column, no delimiter")
        self._options = replace(self._options, delimiter=word)
        return delimiter

    def _rows(self, lines: list[str], start: int, delimiter: str) -> tuple[list[str] | None, int, list[list[str]]]:
        """Return the cells of the header, the place of the first line below it, the rows below it."""
        head = Records([lines[start:]], delimiter, self._title, start + 1).head(is_whole=self._is_whole)
        first = head.rows[0] if head.rows else []
        has_header = self._options.has_header
        if has_header is None:
            has_header = not _is_data(first)
        self._options = replace(self._options, has_header=has_header)
        below = [row for row in head.rows[int(has_header) :] if len(row) == len(first) or not is_blank(row)]
        if not below:
            missing = no_rows(self._title) if self._is_whole else too_long(self._title, len(lines) + 1, HEAD)
            raise head.unclosed or missing
        return (first, start + head.ends[0], below) if has_header else (None, start, below)

    def _names(self, header: list[str] | None, rows: Sequence[Sequence[str]]) -> list[str]:
        width = len(header if header is not None else rows[0])
        names, notes = unique_names(header or [""] * width)
        if header is None:
            self._notes.append("no header: the columns are numbered")
            return names
        self._notes += notes
        like_data = [cell for cell in header if is_empty(cell) or _is_value(cell)]
        if like_data:
            self._doubts.append(f"The first row is taken for names, though it holds {like_data[0].strip()!r}.")
        elif rows and not any(_is_value(cell) for cell in rows[0]):
            self._doubts.append("The first row is taken for names; it could be data, the second row looks alike.")
        return names

    def _order_days(self, columns: Sequence[Sequence[str]], names: Sequence[str]) -> None:
        if self._options.day_first is not None:
            return
        orders = [day_order(cells) for cells in columns]
        day, month, either = (
            next((name for name, each in zip(names, orders, strict=True) if getattr(each, kind)), None)
            for kind in ("day_first", "month_first", "either")
        )
        if day is not None and month is not None:
            self._doubts.append(f"Dates of {day} begin with the day, dates of {month} with the month.")
        if day is not None or month is not None:
            self._options = replace(self._options, day_first=month is None)
            self._notes.append(f"dates begin with the {'day' if month is None else 'month'}")
        elif either is not None and self._is_offer:
            example = orders[names.index(either)].either
            self._options = replace(self._options, day_first=True)
            self._doubts.append(f"{example} in {either} is read day first; it could begin with the month.")

    def _lost_dates(self, columns: Sequence[Sequence[str]], names: Sequence[str]) -> list[int]:
        """Return the places of columns that hold dates of which few can be read."""
        reader = DateReader(day_first=self._options.day_first)
        lost = []
        for place, cells in enumerate(columns):
            dates = [cell for cell in cells if is_date(cell)]
            filled = sum(not is_empty(cell) for cell in cells)
            if dates and 2 * len(dates) >= filled and 2 * int((~np.isnat(reader.values(dates))).sum()) < filled:
                lost.append(place)
                self._notes.append(f"dates not understood, cells left out: {names[place]}")
        return lost


def no_rows(title: str) -> DataError:
    """Return the refusal of a text that has a header only."""
    return DataError(f"{title} has a header and no rows.", "Choose a file with rows below the header.")


def _guessed_delimiter(lines: Sequence[str]) -> str:
    """Return the delimiter that cuts the first lines most evenly into numbers, or "" when none cuts the header."""
    sample: list[str] = []
    characters = 0
    for line in lines:
        if line.strip():
            sample.append(line)
            characters += len(line)
        if len(sample) == _LINES_LOOKED_AT or characters > _CHARACTERS_LOOKED_AT:
            break
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in _DELIMITER_NAMES}
    best = max(scores, key=lambda delimiter: scores[delimiter])
    return best if scores[best] > 0 else ""


def _evenness(sample: Sequence[str], delimiter: str) -> float:
    rows = tolerant_rows(sample, delimiter)
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0.0
    even = sum(len(row) == width for row in rows) / len(rows)
    cells = [cell for row in rows[1:] for cell in row][:_MOST_CELLS]
    numbers = sum(is_empty(cell) or _is_value(cell) for cell in cells)
    return even * (1 + numbers / max(len(cells), 1))


def _is_data(first: Sequence[str]) -> bool:
    values = sum(_is_value(cell) for cell in first)
    return values > 0 and all(is_empty(cell) or _is_value(cell) for cell in first)


def _is_value(cell: str) -> bool:
    """Return True for a number, a date, true or false."""
    return looks_numeric(cell) or cell.strip().lower() in {"true", "false"} or is_date(cell)
