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
from mdn_gui.files.names import chosen_places
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


def stream_text(path: Path, options: ReadOptions, watch: Watch) -> Iterator[Table]:
    """Yield a delimited text as tables of some thousand rows, one after the other, within bounded memory.

    The columns of all have the same kinds: those of the options, otherwise those that the first rows look like. Rows
    are counted anew in each table, and levels are those of its own rows.

    Parameters
    ----------
    path, options, watch
        As those of :func:`read_text`; the columns that the options name are read, all by default.

    Raises
    ------
    DataError, ReadingCancelledError
        As :func:`read_text`; when a column is not there.
    """
    return _Reading(path, options, watch).tables()


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

    def tables(self) -> Iterator[Table]:
        dialect = self._dialect
        places = chosen_places(self._path.name, dialect.names, self._options.columns)
        heads = _head_gatherers(dialect)
        for place in places:
            dialect.settled[place] = heads[place].column(dialect.names[place]).kind
        num_rows = num_ruined = first = 0
        for block in self._blocks(0.0, 1.0):
            kinds = [_settled_kind(dialect, place) or ColumnKind.TEXT for place in places]
            gatherers = [_gatherer(dialect, place, kind) for place, kind in zip(places, kinds, strict=True)]
            self._ruined, self._num_rows = [], 0
            self._take(block, gatherers, places)
            if self._num_rows:
                columns = [each.column(dialect.names[place]) for each, place in zip(gatherers, places, strict=True)]
                left_out = (LeftOut(_SURPLUS, tuple(self._ruined)),) if self._ruined else ()
                yield Table(self._path.name, tuple(columns), str(self._path), left_out=left_out)
                if self._ruined and not num_ruined:
                    first = num_rows + self._ruined[0]
            num_rows, num_ruined = num_rows + self._num_rows, num_ruined + len(self._ruined)
        self._refuse_odd_shape(num_rows, num_ruined, first)

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
        places, start = list(range(self._width)), 0
        for block in self._blocks(0.0 if chosen is None else 0.5, 1.0):
            if chosen is None:
                self._take(block, gatherers, places)
                continue
            rows = self._rows(block)
            first, last = np.searchsorted(chosen, [start, start + len(rows)])
            start, rows = start + len(rows), [rows[row - start] for row in chosen[first:last].tolist()]
            self._add(gatherers, places, rows)
        self._refuse_odd_shape(self._num_rows, len(self._ruined), next(iter(self._ruined), 0))

    def _take(self, block: Block, gatherers: Sequence[Gatherer], places: Sequence[int]) -> None:
        """Give the cells of a block to the gatherers of some columns, fast where they are clean numbers."""
        numbers = [each for each in gatherers if isinstance(each, NumberGatherer)]
        decimals = {each.decimal for each in numbers}
        clean = None
        if len(numbers) == len(gatherers) and len(decimals) == 1:
            clean = _clean_numbers(block.lines, self._dialect.delimiter, self._width, decimals.pop(), places)
        if clean is None:
            self._add(gatherers, places, self._rows(block))
            return
        for gatherer, values in zip(numbers, clean.T, strict=True):
            gatherer.add_numbers(values)
        self._num_rows += len(clean)

    def _rows(self, block: Block) -> list[list[str]]:
        rows = block.rows()
        if all(len(row) == self._width for row in rows):
            return rows
        return [row for row in rows if len(row) == self._width or not is_blank(row)]

    def _add(self, gatherers: Sequence[Gatherer], places: Sequence[int], rows: list[list[str]]) -> None:
        if not rows:
            return
        if any(len(row) != self._width for row in rows):
            for number, row in enumerate(rows):
                if has_surplus(row, self._width):
                    self._ruined.append(self._num_rows + number + 1)
                    rows[number] = []
            rows = [fitted(row, self._width) for row in rows]
        self._num_rows += len(rows)
        columns = list(zip(*rows, strict=True))
        for gatherer, place in zip(gatherers, places, strict=True):
            gatherer.add(columns[place])

    def _refuse_odd_shape(self, num_rows: int, num_ruined: int, first: int) -> None:
        if not num_rows:
            raise no_rows(self._path.name)
        if 2 * num_ruined > num_rows:
            ruined = f"{num_ruined:,} of {num_rows:,} rows, first row {first},"
            message = f"{self._path.name}: {ruined} have more cells than the header ({self._width})."
            raise DataError(message, "Give every column a name in the first row.")


def _without(blocks: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    """Yield blocks of lines without the first ones."""
    for lines in blocks:
        if count < len(lines):
            yield lines[count:]
        count = max(0, count - len(lines))


def _clean_numbers(
    lines: list[str] | None, delimiter: str, width: int, decimal: str, places: Sequence[int]
) -> FloatArray | None:
    """Return some columns [N, C] of lines where they are finite numbers throughout, fast; None for any others."""
    if not lines or not any(map(str.strip, lines)):
        return None
    if decimal == ",":
        text = "\n".join(lines)
        if delimiter == "," or "." in text:
            return None
        lines = text.replace(",", ".").split("\n")
    is_whole = list(places) == list(range(width))
    if not is_whole:
        lines = [line for line in lines if line.strip()]
        if delimiter == " " or any(line.count(delimiter) != width - 1 for line in lines):
            return None
    separator = None if delimiter == " " else delimiter
    columns = None if is_whole else places
    try:
        values: FloatArray = np.loadtxt(lines, delimiter=separator, comments=None, ndmin=2, usecols=columns)
    except ValueError:
        return None
    return values if values.shape[1] == len(places) and bool(np.isfinite(values).all()) else None
