"""What a model says of the rows of another table, written as they are read."""

import re
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
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.density_columns import NOTHING_ASKED, asked, density_names, density_values, rows_at_once
from mdn_gui.files.export import origin_of
from mdn_gui.files.names import listed, unique_names
from mdn_gui.files.options import Preview, ReadingCancelledError, ReadOptions, Unwatched, Watch
from mdn_gui.files.reading import preview_file, stream_file
from mdn_gui.files.saving import SaveError, checked_destination
from mdn_gui.files.table_formats import save_blocks
from mdn_gui.files.tables import Block, Outline
from mdn_gui.files.tables import Column as OutColumn

if TYPE_CHECKING:
    from os import PathLike

REASON = "reason"
"""Name of the column that says why numbers are empty."""

_AS_GUESSED = ReadOptions()
_UNWATCHED = Unwatched()
_DATE_LABEL = re.compile(r"(.*) \((days|seconds) since ([^()]+)\)", re.DOTALL)
_NUMBERS = frozenset({ColumnKind.NUMBER, ColumnKind.BOOLEAN})

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
    """

    path: Path
    num_rows: int
    without_numbers: Counts = ()
    without_target: Counts | None = None

    @property
    def num_without(self) -> int:
        """Number of rows without numbers."""
        return sum(count for _, count in self.without_numbers)


def predict(
    model: FittedModel,
    source: "str | PathLike[str]",
    output: "str | PathLike[str]",
    options: ReadOptions = _AS_GUESSED,
    questions: Questions = NOTHING_ASKED,
    watch: Watch = _UNWATCHED,
) -> Predicted:
    """Read p(y given x) at every row of a table in a file; write it beside the inputs, row by row.

    The columns are the model's inputs as read (categories as texts, dates in ISO 8601), the target where the table has
    it, the columns of :func:`mdn_gui.files.density_columns.density_names`, with the target ``log_density`` (nats) and
    ``pit`` (P(Y <= y given x)), and a reason. A row that cannot be used stays in its place: its numbers are empty, its
    reason says why. A row without a target has no log density alone. Blocks of rows are read and written one after the
    other, so that a table larger than memory is no matter.

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
    questions : Questions
        Which quantiles, which interval are added. The region is not.
    watch : Watch
        Is told how much is read; asked whether to go on.

    Returns
    -------
    Predicted
        How many rows, why some have no numbers.

    Raises
    ------
    DataError
        When the table cannot be read, lacks an input, or holds something else in it than the model learned from.
    SaveError
        When the file cannot be written; an earlier file of that name is then unchanged.
    ReadingCancelledError
        When the watch says so; nothing is written.
    """
    source, output = Path(source), Path(output)
    if checked_destination(output) == source.resolve():
        raise SaveError(f"{output} is the table that is read.", "Give the predictions another name.")
    preview = preview_file(source, options, watch)
    prediction = _Prediction(model, questions, source.name, *_found(model, preview))
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


def _found(model: FittedModel, preview: Preview) -> tuple[tuple[Encoding, ...], Encoding | None]:
    """Return how the columns of the inputs are read, how that of the target, None where it is not there."""
    encodings = model.provenance.encodings
    names, _ = unique_names(preview.all_columns or [column.name for column in preview.table.columns])
    missing = [each.column for each in encodings if each.column not in names]
    if missing:
        what = "an input" if len(missing) == 1 else "inputs"
        message = f"{preview.path.name} does not have {listed([repr(name) for name in missing])}, {what} of the model."
        raise DataError(message, f"Its columns are {listed(names)}. Name them as those that the model learned from.")
    target = model.provenance.target_name
    label = _DATE_LABEL.fullmatch(target)
    if target in names:
        is_truth = any(each.name == target and each.kind is ColumnKind.BOOLEAN for each in preview.table.columns)
        return encodings, Encoding(target, ColumnKind.BOOLEAN if is_truth else ColumnKind.NUMBER)
    if label and label[1] in names:
        kind = ColumnKind.DAYS if label[2] == "days" else ColumnKind.SECONDS
        return encodings, Encoding(label[1], kind, origin=label[3])
    return encodings, None


class _Prediction:
    """Makes rows of predictions from rows of a table, counts those without numbers."""

    def __init__(
        self,
        model: FittedModel,
        questions: Questions,
        title: str,
        encodings: tuple[Encoding, ...],
        target: Encoding | None,
    ) -> None:
        self._model, self._questions, self._title = model, questions, title
        self._inputs, self._target = encodings, target
        self._read = encodings if target is None else (*encodings, target)
        self._step = rows_at_once(model.num_components, questions)
        self._num_rows = 0
        self._without_numbers: Counter[str] = Counter()
        self._without_target: Counter[str] = Counter()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, each different from the others."""
        density = density_names(self._model.num_components, self._questions)
        of_target = () if self._target is None else ("log_density", "pit")
        return tuple(unique_names([*(each.column for each in self._read), *density, *of_target, REASON])[0])

    @property
    def are_texts(self) -> tuple[bool, ...]:
        """Which of the columns hold texts."""
        first = [each.kind not in _NUMBERS for each in self._read]
        return (*first, *[False] * (len(self.names) - len(first) - 1), True)

    def reading(self, options: ReadOptions) -> ReadOptions:
        """Return the options with what the model knows of its columns; no other column is read."""
        kinds = {each.column: each.kind for each in self._read}
        columns = tuple(dict.fromkeys(each.column for each in self._read))
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
            None if self._target is None else without_target,
        )

    def _block(self, table: Table, watch: Watch) -> Block:
        columns = [table.column(each.column) for each in self._read]
        cells = [self._encoded(column, each) for column, each in zip(columns, self._read, strict=True)]
        num_inputs = len(self._inputs)
        reasons = np.full(table.num_rows, "", dtype=object)
        for group in table.left_out:
            reasons[np.array(group.rows, dtype=np.int64) - 1] = group.reason
        _add_reasons(reasons, columns[:num_inputs], cells[:num_inputs])
        usable = np.flatnonzero(reasons == "")
        self._without_numbers.update(text for text in reasons.tolist() if text)
        _add_reasons(reasons, columns[num_inputs:], cells[num_inputs:])
        self._without_target.update(text for text in reasons[usable].tolist() if text)
        values = np.full((table.num_rows, len(self.names) - len(self._read) - 1), np.nan)
        for start in range(0, len(usable), self._step):
            if watch.is_cancelled():
                raise ReadingCancelledError
            rows = usable[start : start + self._step]
            values[rows] = self._values([each[rows] for each in cells])
        self._num_rows += table.num_rows
        return [*map(_as_read, columns, self._read), *values.T, tuple(reasons.tolist())]

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
        inputs = np.column_stack(cells[: len(self._inputs)])
        mixture = self._model.conditional(expanded(self._inputs, inputs))
        values = density_values(mixture, self._questions)
        if self._target is None:
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
    return found in _NUMBERS


def _add_reasons(reasons: np.ndarray, columns: Sequence[Column], cells: Sequence[FloatArray]) -> None:
    """Write the first reason why a row cannot be used where there is none yet."""
    for column, values in zip(columns, cells, strict=True):
        for reason, found in column.faults(values):
            if found.any():
                reasons[found & (reasons == "")] = reason


def _as_read(column: Column, encoding: Encoding) -> OutColumn:
    """Return a column to take away: numbers, or the texts of categories, of dates."""
    if encoding.kind in _NUMBERS:
        return column.values
    values, first, places = np.unique(column.values, return_index=True, return_inverse=True, equal_nan=True)
    known = [column.text(row) for row in first.tolist()]
    texts = [known[place] for place in places.tolist()]
    if len(values) and np.isnan(values[-1]):
        for row in np.flatnonzero(np.isnan(column.values)).tolist():
            texts[row] = column.text(row)
    return tuple(texts)
