"""Delimited text of every dialect to tables."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import LeftOut, RowArray
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.decoding import line_blocks
from mdn_gui.files.dialects import Dialect, dialect_of, no_rows
from mdn_gui.files.gathering import DateGatherer, Gatherer, NumberGatherer, TextGatherer
from mdn_gui.files.options import Preview, ReadingCancelledError, ReadOptions, Unwatched, Watch
from mdn_gui.files.records import Block, Records, fitted, has_surplus, is_blank
from mdn_gui.files.sampling import drawn_rows
from mdn_gui.files.streams import Packing, members_of, open_bytes, packing_of

if TYPE_CHECKING:
    from os import PathLike

FORM = "delimited text"
"""What such a file is, for people."""

_SURPLUS = "more cells than columns"
_BYTES_A_CELL = 34
"""Value, mark for empty, both twice while the blocks are joined."""
_BYTES_A_TEXT = 120


def read_table(path: "str | PathLike[str]") -> Table:
    """Return the table in a delimited text file, as :func:`read_text` does without options."""
    return read_text(Path(path), ReadOptions(), Unwatched())


def preview_text(path: Path, options: ReadOptions) -> Preview:
    """Return the first rows of a delimited text, plain or packed, with every guess that was made.

    At most about 1 MiB of the text is read. What only a person can decide is guessed too, with a doubt: the encoding
    of a text that is not UTF-8, whether 1,234 has a decimal comma, 1/2/2020 begins with the day, the member of an
    archive. :func:`read_text` reads alike with the options of the preview.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        What is known.

    Raises
    ------
    DataError
        When the file cannot be read, is no text, holds no table, or options contradict each other.
    """
    members = members_of(path) if packing_of(path) is Packing.ZIP else ()
    doubts: list[str] = []
    if len(members) > 1 and options.part is None:
        options = replace(options, part=members[0])
        doubts.append(f"The archive holds {len(members):,} files; {members[0]} is shown.")
    with open_bytes(path, options.part) as stream:
        dialect = dialect_of(stream, path.name, options, is_offer=True)
        fraction = stream.fraction
    gatherers = _head_gatherers(dialect)
    columns = tuple(each.column(name) for each, name in zip(gatherers, dialect.names, strict=True))
    notes = [note for each, name in zip(gatherers, dialect.names, strict=True) for note in each.notes(name)]
    num_rows = dialect.num_rows if dialect.is_whole else None
    estimate = num_rows or max(dialect.num_rows, round(dialect.num_rows / max(fraction, 1e-9)))
    left_out = (LeftOut(_SURPLUS, tuple(number + 1 for number in sorted(dialect.ruined))),) if dialect.ruined else ()
    texts = sum(column.kind is ColumnKind.TEXT for column in columns)
    return Preview(
        path,
        FORM,
        dialect.options,
        Table(path.name, columns, str(path), notes=(*dialect.notes, *notes), left_out=left_out),
        tuple(tuple(row) for row in dialect.rows),
        parts=members if len(members) > 1 else (),
        doubts=(*doubts, *dialect.doubts),
        num_rows=num_rows,
        rows_estimate=estimate,
        bytes_needed=estimate * (_BYTES_A_CELL * len(columns) + _BYTES_A_TEXT * texts),
    )


def read_text(path: Path, options: ReadOptions, watch: Watch) -> Table:
    """Return the table in a delimited text, plain or packed.

    Options are obeyed: what does not fit them is left out, and shown. What they leave open is guessed from the first
    200 rows, but never what only a person can decide. What was assumed is in :attr:`Table.notes`. Missing cells and
    words such as ``NA`` count as empty; a row with more cells than the header is left out.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        How it is read.
    watch : Watch
        Follows the reading, a report for each MiB.

    Raises
    ------
    DataError
        When the file cannot be read, is no text, holds no table, or options contradict each other.
    ReadingCancelledError
        When the watch says so.
    """
    try:
        return _Reading(path, options, watch).table()
    except MemoryError:
        message = f"{path.name} does not fit into memory."
        raise DataError(message, "Close other programs, or read a sample of the rows.") from None


def _settled_kind(dialect: Dialect, place: int) -> ColumnKind | None:
    """Return what the cells of a column mean whatever they are; None where that is open."""
    return dialect.options.kinds.get(dialect.names[place], dialect.settled.get(place))


def _head_gatherers(dialect: Dialect) -> list[Gatherer]:
    """Return gatherers that hold the first rows, one a column."""
    gatherers: list[Gatherer] = []
    nothing = [""] * len(dialect.names)
    rows = [nothing if number in dialect.ruined else row for number, row in enumerate(dialect.rows)]
    for place, cells in enumerate(zip(*rows, strict=True)):
        kind = _settled_kind(dialect, place)
        gatherer = _gatherer(dialect, place, kind or ColumnKind.NUMBER)
        gatherer.add(cells)
        if not gatherer.fits():
            gatherer = _gatherer(dialect, place, ColumnKind.TEXT)
            gatherer.add(cells)
        gatherers.append(gatherer)
    return gatherers


def _gatherer(dialect: Dialect, place: int, likely: ColumnKind) -> Gatherer:
    """Return a gatherer for a column that is likely of a kind."""
    settled = _settled_kind(dialect, place)
    number_format = dialect.marks.formats[place]
    if likely is ColumnKind.NUMBER:
        return NumberGatherer(number_format, is_settled=settled is ColumnKind.NUMBER)
    if likely.is_date:
        return DateGatherer(day_first=dialect.options.day_first, kind=settled)
    return TextGatherer(number_format, day_first=dialect.options.day_first, kind=settled)


class _Reading:
    """One text on its way to a table."""

    def __init__(self, path: Path, options: ReadOptions, watch: Watch) -> None:
        self._path = path
        self._options = options
        self._watch = watch
        with open_bytes(path, options.part) as stream:
            self._dialect = dialect_of(stream, path.name, options, is_offer=False)
        self._width = len(self._dialect.names)
        self._ruined: list[int] = []
        self._num_rows = 0

    def table(self) -> Table:
        names = self._dialect.names
        heads = _head_gatherers(self._dialect)
        first_kinds = [each.column(name).kind for each, name in zip(heads, names, strict=True)]
        chosen, notes = self._sample()
        kinds = list(first_kinds)
        while True:
            gatherers = [_gatherer(self._dialect, place, kind) for place, kind in enumerate(kinds)]
            self._gather(gatherers, chosen)
            unfit = [place for place, each in enumerate(gatherers) if not each.fits()]
            if not unfit:
                break
            for place in unfit:  # other than the first rows: read again, as any texts
                kinds[place] = ColumnKind.TEXT
        columns = []
        for name, gatherer, kind in zip(names, gatherers, first_kinds, strict=True):
            columns.append(gatherer.column(name))
            notes += gatherer.notes(name)
            if columns[-1].kind is not kind:
                notes.append(f"{name}: {columns[-1].kind.value}; the first rows looked like {kind.value}")
        self._watch.report(1.0)
        left_out = (LeftOut(_SURPLUS, tuple(self._ruined)),) if self._ruined else ()
        every_note = (*self._dialect.notes, *notes)
        return Table(self._path.name, tuple(columns), str(self._path), notes=every_note, left_out=left_out)

    def _sample(self) -> tuple[RowArray | None, list[str]]:
        """Return which rows are read, counted from 0 and sorted, None for all; with a note."""
        wanted = self._options.sample
        if wanted is None:
            return None, []
        if wanted < 1:
            raise DataError(f"{self._path.name}: a sample of {wanted} rows is asked for.", "Ask for at least one row.")
        count = sum(len(self._rows(block)) for block in self._blocks(0.0, 0.5))
        if wanted >= count:
            return None, []
        drawn = drawn_rows(count, wanted, self._options.seed)
        return drawn, [f"random sample: {wanted:,} of {count:,} rows, seed {self._options.seed}"]

    def _blocks(self, begin: float, end: float) -> Iterator[Block]:
        """Yield the rows of the file; reports go from one fraction to another."""
        dialect = self._dialect
        with open_bytes(self._path, self._options.part) as stream:
            lines = line_blocks(stream, dialect.title, dialect.options.encoding or "utf-8")
            records = Records(_without(lines, dialect.skipped), dialect.delimiter, dialect.title, dialect.skipped + 1)
            for block in records.blocks():
                if self._watch.is_cancelled():
                    raise ReadingCancelledError
                yield block
                self._watch.report(begin + (end - begin) * stream.fraction)

    def _gather(self, gatherers: Sequence[Gatherer], chosen: RowArray | None) -> None:
        self._ruined, self._num_rows = [], 0
        numbers = [each for each in gatherers if isinstance(each, NumberGatherer)]
        decimals = {each.decimal for each in numbers}
        decimal = decimals.pop() if len(numbers) == self._width and len(decimals) == 1 and chosen is None else None
        start = 0
        for block in self._blocks(0.0 if chosen is None else 0.5, 1.0):
            clean = _clean_numbers(block.lines, self._dialect.delimiter, self._width, decimal) if decimal else None
            if clean is not None:
                for gatherer, values in zip(numbers, clean.T, strict=True):
                    gatherer.add_numbers(values)
                self._num_rows += len(clean)
                continue
            rows = self._rows(block)
            if chosen is not None:
                first, last = np.searchsorted(chosen, [start, start + len(rows)])
                start, rows = start + len(rows), [rows[row - start] for row in chosen[first:last].tolist()]
            self._add(gatherers, rows)
        self._refuse_odd_shape()

    def _rows(self, block: Block) -> list[list[str]]:
        rows = block.rows()
        if all(len(row) == self._width for row in rows):
            return rows
        return [row for row in rows if len(row) == self._width or not is_blank(row)]

    def _add(self, gatherers: Sequence[Gatherer], rows: list[list[str]]) -> None:
        if not rows:
            return
        if any(len(row) != self._width for row in rows):
            for number, row in enumerate(rows):
                if has_surplus(row, self._width):
                    self._ruined.append(self._num_rows + number + 1)
                    rows[number] = []
            rows = [fitted(row, self._width) for row in rows]
        self._num_rows += len(rows)
        for gatherer, cells in zip(gatherers, zip(*rows, strict=True), strict=True):
            gatherer.add(cells)

    def _refuse_odd_shape(self) -> None:
        if not self._num_rows:
            raise no_rows(self._path.name)
        if 2 * len(self._ruined) > self._num_rows:
            ruined = f"{len(self._ruined):,} of {self._num_rows:,} rows, first row {self._ruined[0]},"
            message = f"{self._path.name}: {ruined} have more cells than the header ({self._width})."
            raise DataError(message, "Give every column a name in the first row.")


def _without(blocks: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    """Yield blocks of lines without the first ones."""
    for lines in blocks:
        if count < len(lines):
            yield lines[count:]
        count = max(0, count - len(lines))


def _clean_numbers(lines: list[str] | None, delimiter: str, width: int, decimal: str) -> FloatArray | None:
    """Return the values [N, width] of lines that are finite numbers throughout, fast; None for any others."""
    if not lines or not any(map(str.strip, lines)):
        return None
    if decimal == ",":
        text = "\n".join(lines)
        if delimiter == "," or "." in text:
            return None
        lines = text.replace(",", ".").split("\n")
    separator = None if delimiter == " " else delimiter
    try:
        values: FloatArray = np.loadtxt(lines, delimiter=separator, comments=None, ndmin=2)
    except ValueError:
        return None
    return values if values.shape[1] == width and bool(np.isfinite(values).all()) else None
