"""What a model says of the rows of another table, written as they are read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.encoding import ColumnKind, Encoding, expanded
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.questions import Questions
from mdn_gui.core.selection import RowArray
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.density_columns import asked, density_names, density_values, rows_at_once
from mdn_gui.files.export import origin_of
from mdn_gui.files.names import unique_names
from mdn_gui.files.options import ReadingCancelledError, ReadOptions, Unwatched, Watch
from mdn_gui.files.prediction_columns import NUMBERS, PredictionColumns, columns_found
from mdn_gui.files.reading import preview_file, stream_file
from mdn_gui.files.saving import SaveError, checked_destination
from mdn_gui.files.table_formats import format_of, save_blocks
from mdn_gui.files.tables import Block, Outline
from mdn_gui.files.tables import Column as OutColumn
from mdn_gui.files.wanted import NOTHING_MORE, Wanted

if TYPE_CHECKING:
    from os import PathLike

ROW, OUTSIDE, REASON = "row", "outside", "reason"
"""Names of columns: number of the row; inputs outside the data; why numbers are empty."""

_AS_GUESSED = ReadOptions()
_UNWATCHED = Unwatched()

Counts = tuple[tuple[str, int], ...]
"""Reasons, each with the number of rows it holds for, the most frequent first."""


@dataclass(frozen=True)
class Predicted:
    """What became of the rows of a table.

    Parameters
    ----------
    path : Path
        The file that was written.
    num_rows : int
        Rows in it: as many as in the table.
    without_numbers : tuple of (str, int)
        Why rows have no numbers at all, each reason with the number of its rows.
    without_target : tuple of (str, int) or None
        Why rows have numbers, but no log density; None where the table does not have the target's column.
    num_outside : int
        Rows with numbers that are outside the data: the model extrapolates.
    outside : tuple of (str, int)
        Which inputs are outside the range that was learned from, each with the number of rows.
    """

    path: Path
    num_rows: int
    without_numbers: Counts = ()
    without_target: Counts | None = None
    num_outside: int = 0
    outside: Counts = ()

    @property
    def num_without(self) -> int:
        """Number of rows without numbers."""
        return sum(count for _, count in self.without_numbers)


def predict(
    model: FittedModel,
    source: "str | PathLike[str]",
    output: "str | PathLike[str]",
    options: ReadOptions = _AS_GUESSED,
    wanted: Wanted = NOTHING_MORE,
    watch: Watch = _UNWATCHED,
) -> Predicted:
    """Read p(y given x) at every row of a table in a file; write it beside the inputs, row by row.

    The columns are the number of the row (counted from 1 below the header), the model's inputs as read (categories as
    texts, dates in ISO 8601), the target where the table has it, other columns that are wanted, the columns of
    :func:`mdn_gui.files.density_columns.density_names`, with the target ``log_density`` (nats) and ``pit``
    (P(Y <= y given x)), the inputs that are outside the range learned from, and a reason. A row that cannot be used
    stays in its place: its numbers are empty, its reason says why, with the cell that is not understood. A row without
    a target has no log density alone. Blocks of rows are read and written one after the other, so that a table larger
    than memory is no matter.

    Parameters
    ----------
    model : FittedModel
        What is read; its inputs are found by the names of their columns.
    source : path
        The table.
    output : path
        The file to write, in the format that its ending tells.
    options : ReadOptions
        How the table is read; what columns of the model mean is known from the model.
    wanted : Wanted
        What is added.
    watch : Watch
        Is told how much is read; asked whether to go on.

    Returns
    -------
    Predicted
        How many rows, why some have no numbers.

    Raises
    ------
    DataError
        When the table cannot be read, lacks an input or a column to keep, or holds something else in an input than the
        model learned from.
    SaveError
        When the file cannot be written; an earlier file of that name is then unchanged.
    ReadingCancelledError
        When the watch says so; nothing is written.
    """
    source, output = Path(source), Path(output)
    if checked_destination(output) == source.resolve():
        raise SaveError(f"{output} is the table that is read.", "Give the predictions another name.")
    preview = preview_file(source, options, watch)
    questions = wanted.questions
    prediction = _Prediction(
        model, questions, source.name, columns_found(model, preview, wanted.keep, format_of(output))
    )
    outline = Outline(
        prediction.names,
        prediction.are_texts,
        (*origin_of(model, f"p(y given x) for the rows of {source}"), *asked(questions)),
        preview.num_rows,
    )
    with closing(stream_file(source, prediction.reading(options), watch)) as tables:
        save_blocks(output, outline, prediction.blocks(tables, watch))
    watch.report(1.0)
    return prediction.result(output)


class _Prediction:
    """Makes rows of predictions from rows of a table, counts those without numbers."""

    def __init__(self, model: FittedModel, questions: Questions, title: str, columns: PredictionColumns) -> None:
        self._model, self._questions, self._title, self._columns = model, questions, title, columns
        self._step = rows_at_once(model.num_components, questions)
        self._num_rows = self._num_outside = 0
        self._without_numbers: Counter[str] = Counter()
        self._without_target: Counter[str] = Counter()
        self._outside: Counter[str] = Counter()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, each different from the others; those of the table stay."""
        density = density_names(self._model.num_components, self._questions)
        of_target = () if self._columns.target is None else ("log_density", "pit")
        names = unique_names([*self._columns.names, ROW, *density, *of_target, OUTSIDE, REASON])[0]
        place = len(self._columns.names)
        return (names[place], *names[:place], *names[place + 1 :])

    @property
    def are_texts(self) -> tuple[bool, ...]:
        """Which of the columns hold texts."""
        first = (False, *self._columns.are_texts)
        return (*first, *[False] * (len(self.names) - len(first) - 2), True, True)

    def reading(self, options: ReadOptions) -> ReadOptions:
        """Return the options with what is known of the columns; no other column is read."""
        kinds = dict(self._columns.kept) | {each.column: each.kind for each in self._columns.learned}
        columns = tuple(dict.fromkeys(self._columns.names))
        return replace(options, kinds={**options.kinds, **kinds}, columns=columns)

    def blocks(self, tables: Iterable[Table], watch: Watch) -> Iterator[Block]:
        """Yield the rows of each table."""
        for table in tables:
            yield self._block(table, watch)

    def result(self, path: Path) -> Predicted:
        """Return what became of all rows."""
        without_target = tuple(self._without_target.most_common())
        return Predicted(
            path,
            self._num_rows,
            tuple(self._without_numbers.most_common()),
            None if self._columns.target is None else without_target,
            self._num_outside,
            tuple(self._outside.most_common()),
        )

    def _block(self, table: Table, watch: Watch) -> Block:
        learned = self._columns.learned
        columns = [table.column(each.column) for each in learned]
        cells = [self._encoded(column, each) for column, each in zip(columns, learned, strict=True)]
        num_inputs = len(self._columns.inputs)
        reasons = np.full(table.num_rows, "", dtype=object)
        for group in table.left_out:
            reasons[np.array(group.rows, dtype=np.int64) - 1] = group.reason
        _add_reasons(reasons, columns[:num_inputs], cells[:num_inputs])
        usable = np.flatnonzero(reasons == "")
        self._without_numbers.update(text for text in reasons.tolist() if text)
        _add_reasons(reasons, columns[num_inputs:], cells[num_inputs:])
        self._without_target.update(text for text in reasons[usable].tolist() if text)
        _quote(reasons, columns)
        values = np.full((table.num_rows, len(self.names) - len(self._columns.names) - 3), np.nan)
        for start in range(0, len(usable), self._step):
            if watch.is_cancelled():
                raise ReadingCancelledError
            rows = usable[start : start + self._step]
            values[rows] = self._values([each[rows] for each in cells])
        numbers = np.arange(1, table.num_rows + 1) + self._num_rows
        self._num_rows += table.num_rows
        read = [*map(_as_read, columns, (each.kind for each in learned))]
        read += [self._kept(table.column(name), kind) for name, kind in self._columns.kept]
        return [numbers, *read, *values.T, self._outside_in(cells, usable, table.num_rows), tuple(reasons.tolist())]

    def _outside_in(self, cells: Sequence[FloatArray], usable: RowArray, num_rows: int) -> tuple[str, ...]:
        """Return for each row the inputs that are outside the range learned from; count the usable ones."""
        found = [""] * num_rows
        ends = self._model.provenance.column_ranges.tolist()
        for encoding, values, (low, high) in zip(self._columns.inputs, cells, ends, strict=False):
            if encoding.levels:
                continue
            rows = usable[(values[usable] < low) | (values[usable] > high)].tolist()
            for row in rows:
                found[row] += f", {encoding.column}" if found[row] else encoding.column
            self._outside.update({encoding.column: len(rows)} if rows else {})
        self._num_outside += sum(map(bool, found))
        return tuple(found)

    def _kept(self, column: Column, kind: ColumnKind) -> OutColumn:
        """Return a column that is kept, in the kind that the outline promises.

        Raises
        ------
        DataError
            When its cells were numbers at first, but are none any more.
        """
        if kind in NUMBERS and column.kind not in NUMBERS:
            message = f"{self._title}: {column.name!r} is read as {column.kind.value}, its first rows are numbers."
            raise DataError(message, "Mend the column, or do not keep it.")
        return _as_read(column, kind)

    def _encoded(self, column: Column, encoding: Encoding) -> FloatArray:
        """Return the values of a column in the terms of the model.

        Raises
        ------
        DataError
            When they have another meaning than those that the model learned from.
        """
        if not (_agrees(column.kind, encoding.kind) or column.empty.all()):
            message = f"{self._title}: {column.name!r} is read as {column.kind.value}."
            raise DataError(message, f"The model learned from {encoding.kind.value}: mend the column, or rename it.")
        return column.as_encoded(encoding)

    def _values(self, cells: Sequence[FloatArray]) -> FloatArray:
        """Return the numbers of usable rows [N]."""
        inputs = np.column_stack(cells[: len(self._columns.inputs)])
        mixture = self._model.conditional(expanded(self._columns.inputs, inputs))
        values = density_values(mixture, self._questions)
        if self._columns.target is None:
            return values
        y = cells[-1]
        given = np.isfinite(y)
        safe = np.where(given, y, 0.0)
        judged = np.where(given, np.stack((mixture.log_pdf(safe), mixture.cdf(safe))), np.nan)
        return np.column_stack((values, judged.T))


def _agrees(found: ColumnKind, learned: ColumnKind) -> bool:
    """Return whether cells of one kind can be read in the terms of another."""
    if learned is ColumnKind.CATEGORY:
        return found in {ColumnKind.CATEGORY, ColumnKind.TEXT}
    if learned.is_date:
        return found.is_date
    return found in NUMBERS


def _add_reasons(reasons: np.ndarray, columns: Sequence[Column], cells: Sequence[FloatArray]) -> None:
    """Write the first reason why a row cannot be used where there is none yet."""
    for column, values in zip(columns, cells, strict=True):
        for reason, found in column.faults(values):
            if found.any():
                reasons[found & (reasons == "")] = reason


def _quote(reasons: np.ndarray, columns: Sequence[Column]) -> None:
    """Add the cells that are not understood, whose column has no number for them, to the reasons."""
    for column in columns:
        for row, text in column.oddities.items():
            if reasons[row] == column.not_understood:
                reasons[row] = f"{reasons[row]}: {text}"


def _as_read(column: Column, kind: ColumnKind) -> OutColumn:
    """Return a column to take away: numbers, or the texts of categories, of dates, of anything else."""
    if kind in NUMBERS:
        return column.values
    values, first, places = np.unique(column.values, return_index=True, return_inverse=True, equal_nan=True)
    known = [column.text(row) for row in first.tolist()]
    texts = [known[place] for place in places.tolist()]
    if len(values) and np.isnan(values[-1]):
        for row in np.flatnonzero(np.isnan(column.values)).tolist():
            texts[row] = column.text(row)
    return tuple(texts)
