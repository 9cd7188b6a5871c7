"""A table as read, before its columns have roles."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.columns import MOST_LEVELS, Column
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.encoding import ColumnKind, Encoding, expanded
from mdn_gui.core.selection import ALL_ROWS_TRAIN, HoldOut, LeftOut, RowArray, Selection
from mdn_gui.errors import DataError

EXCLUDED = "excluded by hand"
"""Why a row that the person took out is not used."""


@dataclass(frozen=True, eq=False)
class Table:
    """Named columns of equal length.

    Parameters
    ----------
    title : str
        Short name, such as the file's.
    columns : tuple of Column
        At least one.
    source : str
        Where it came from, for people: a path or a citation.
    inputs, target : tuple of str, str
        The roles proposed when it opens; empty to let :meth:`proposed_roles` choose.
    notes : tuple of str
        What was assumed while reading, a short phrase each, such as "delimiter: semicolon".
    left_out : tuple of LeftOut
        Rows that are unusable whatever columns are chosen; their cells are NaN.

    Raises
    ------
    DataError
        When there is no column, lengths differ or a name occurs twice.
    """

    title: str
    columns: tuple[Column, ...]
    source: str = ""
    inputs: tuple[str, ...] = ()
    target: str = ""
    notes: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    _newest: dict[object, Selection] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Check that the columns fit together."""
        lengths = {len(column.values) for column in self.columns} | {len(column.empty) for column in self.columns}
        if len(lengths) != 1 or len({column.name for column in self.columns}) < len(self.columns):
            message = f"{self.title}: the columns do not form a table."
            raise DataError(message, "Give at least one column, all of the same length, each with a name of its own.")

    @property
    def num_rows(self) -> int:
        """Number of rows below the header."""
        return len(self.columns[0].values)

    @cached_property
    def numeric_names(self) -> tuple[str, ...]:
        """Names of the columns that can be an input or the target."""
        return tuple(column.name for column in self.columns if column.is_numeric)

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """Names of the columns that can be an input: the numeric ones, the categories."""
        return tuple(column.name for column in self.columns if column.can_be_input)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        by_label = {column.label: column for column in self.columns}
        return by_label | {column.name: column for column in self.columns}

    def holds_the_same(self, other: "Table") -> bool:
        """Return whether another table has the same cells under the same names."""
        return len(self.columns) == len(other.columns) and all(
            (mine.name, mine.kind, mine.levels, mine.origin) == (its.name, its.kind, its.levels, its.origin)
            and np.array_equal(mine.values, its.values, equal_nan=True)
            for mine, its in zip(self.columns, other.columns, strict=True)
        )

    def part(self, start: int, stop: int) -> "Table":
        """Return the rows from ``start`` up to, not with, ``stop``, counted from 0."""
        stop = min(stop, self.num_rows)
        columns = tuple(column.part(start, stop) for column in self.columns)
        left_out = (
            LeftOut(group.reason, tuple(row - start for row in group.rows if start < row <= stop))
            for group in self.left_out
        )
        return replace(self, columns=columns, left_out=tuple(group for group in left_out if group.rows))

    def proposed_roles(self) -> tuple[tuple[str, ...], str]:
        """Return the input names and the target name to begin with.

        The target is the last column of numbers, otherwise of dates, otherwise of booleans; the input is the first
        column but for booleans. A column that only counts the rows (1, 2, 3, ...) or never changes is passed over when
        two others remain. Where no other numeric column changes, the input is the first category that groups the rows.

        Raises
        ------
        DataError
            When there are not two numeric columns to choose from, nor one with a category that groups the rows.
        """
        if self.inputs and self.target:
            return self.inputs, self.target
        numeric = [self.column(name) for name in self.numeric_names]
        groups = [column for column in self.columns if _groups_rows(column)]
        telling = [column for column in numeric if not _is_idle(column)]
        changing = [column for column in numeric if not _never_changes(column)]
        for choices, others in ((telling, []), (changing, groups), (numeric, groups)):
            target = min(reversed(choices), key=_rank_as_target, default=None)
            inputs = [column for column in choices if column is not target] or others[:1]
            if target is not None and inputs:
                return (min(inputs, key=_is_boolean).name,), target.name
        found = f"only {numeric[0].name!r} holds numbers" if numeric else "no column holds numbers"
        hint = "Two numeric columns are needed: one for x, one for y; x may be categories that several rows share."
        raise DataError(f"{self.title}: {found}.", hint)

    def select(
        self,
        inputs: Sequence[str],
        target: str,
        *,
        excluded: Sequence[int] | RowArray = (),
        hold_out: HoldOut = ALL_ROWS_TRAIN,
        test_table: "Table | None" = None,
    ) -> Selection:
        """Return the complete rows of the chosen columns, to learn from; the same ones again when they are asked twice.

        Parameters
        ----------
        inputs : sequence of str
            Names of the input columns.
        target : str
            Name of the target column.
        excluded : sequence of int
            Rows that the person took out, counted from 0.
        hold_out : HoldOut
            Which of the rows are kept for the test.
        test_table : Table, optional
            The rows of the test in place of ``hold_out``, from another file with columns of the same names.

        Raises
        ------
        DataError
            When a column is missing, not usable or chosen twice, when the target or every input is constant, when
            fewer than two rows are complete or fewer than two are left for the test.
        """
        numbers = np.asarray(excluded, dtype=np.int64)
        asked = (tuple(inputs), target, numbers.tobytes(), hold_out, test_table)
        selection = self._newest.get(asked)
        if selection is None:
            selection = self._selected(inputs, target, numbers, hold_out, test_table)
            self._newest.clear()
            self._newest[asked] = selection
        return selection

    def _selected(
        self, inputs: Sequence[str], target: str, excluded: RowArray, hold_out: HoldOut, test_table: "Table | None"
    ) -> Selection:
        columns = self._chosen(inputs, target)
        values, rows, left_out = self._usable(columns, excluded)
        encodings = tuple(column.encoding for column in columns[:-1])
        for_test = np.zeros(len(rows), dtype=np.bool_)
        test: Dataset | None = None
        if test_table is not None:
            test = test_table.complete_rows(inputs, target, encodings).dataset
        elif hold_out != ALL_ROWS_TRAIN:
            for_test = self._rows_of_test(rows, hold_out, columns)
            test = self._dataset(columns, encodings, values[for_test])
        dataset = self._dataset(columns, encodings, values[~for_test])
        self._refuse_constant(columns, values[~for_test])
        return Selection(dataset, left_out, rows[~for_test], test, rows[for_test], target)

    def complete_rows(self, inputs: Sequence[str], target: str, encodings: Sequence[Encoding] = ()) -> Selection:
        """Return the rows of the chosen columns that hold finite numbers, constant or not.

        Parameters
        ----------
        inputs : sequence of str
            Names of the input columns.
        target : str
            Name of the target column.
        encodings : sequence of Encoding
            How each input column is encoded, where that follows from another table; a level unknown to it is left out.

        Raises
        ------
        DataError
            When a column is missing, not usable or chosen twice, or when fewer than two rows are complete.
        """
        columns = self._chosen(inputs, target)
        encodings = tuple(encodings) or tuple(column.encoding for column in columns[:-1])
        values, rows, left_out = self._usable(columns, np.zeros(0, dtype=np.int64), encodings)
        return Selection(self._dataset(columns, encodings, values), left_out, rows, target=target)

    def _chosen(self, inputs: Sequence[str], target: str) -> list[Column]:
        names = (*inputs, target)
        if not inputs:
            raise DataError(f"{self.title}: no input column is chosen.", "Choose at least one column for x.")
        repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if repeated:
            message = f"{self.title}: column {repeated[0]!r} is chosen twice."
            raise DataError(message, "Choose different columns for x and y.")
        columns = [self._column_for_role(name, is_target=False) for name in inputs]
        return [*columns, self._column_for_role(target, is_target=True)]

    def _usable(
        self, columns: Sequence[Column], excluded: RowArray, encodings: Sequence[Encoding] = ()
    ) -> tuple[FloatArray, RowArray, tuple[LeftOut, ...]]:
        """Return the values [N, C] of the rows that can be used, their numbers [N] from 0, what was left out."""
        encodings = encodings or tuple(column.encoding for column in columns[:-1])
        pairs = zip(columns[:-1], encodings, strict=True)
        values = np.column_stack([*(column.as_encoded(each) for column, each in pairs), columns[-1].values])
        usable = np.ones(self.num_rows, dtype=bool)
        groups = list(self.left_out)
        for group in groups:
            usable[np.array(group.rows, dtype=np.int64) - 1] = False
        taken_out = np.zeros(self.num_rows, dtype=bool)
        taken_out[excluded] = True
        reasons = [(EXCLUDED, taken_out)]
        for column, cells in zip(columns, values.T, strict=True):
            reasons += column.faults(cells)
        for reason, found in reasons:
            rows = np.flatnonzero(found & usable)
            usable[rows] = False
            if len(rows):
                groups.append(LeftOut(reason, tuple((rows + 1).tolist())))
        if int(usable.sum()) < 2:
            names = _listed([column.name for column in columns])
            if len(excluded):
                message = f"{self.title}: {int(usable.sum()):,} of {self.num_rows:,} rows would be left."
                raise DataError(message, "At least 2 complete rows are needed; exclude fewer.")
            message = f"{self.title}: {int(usable.sum()):,} of {self.num_rows:,} rows have finite numbers in {names}."
            raise DataError(message, "At least 2 complete rows are needed; choose other columns or mend the file.")
        return values[usable], np.flatnonzero(usable), tuple(groups)

    def _dataset(self, columns: Sequence[Column], encodings: Sequence[Encoding], values: FloatArray) -> Dataset:
        names = tuple(name for encoding in encodings for name in encoding.names)
        x = expanded(encodings, values[:, :-1])
        return Dataset(x, values[:, -1], names, columns[-1].label, self.source or self.title, tuple(encodings))

    def _rows_of_test(self, rows: RowArray, hold_out: HoldOut, columns: Sequence[Column]) -> NDArray[np.bool_]:
        """Return which of the usable rows are kept for the test."""
        if hold_out.column:
            if hold_out.column in {column.name for column in columns}:
                message = f"{self.title}: column {hold_out.column!r} has a role and cannot choose the test rows too."
                raise DataError(message, "Choose another column for the test set, or another input or target.")
            found = self.column(hold_out.column).matches(hold_out.level)[rows]
        else:
            found = hold_out.drawn(self.num_rows)[rows]
        count = int(found.sum())
        if not 2 <= count <= len(rows) - 2:
            message = f"{self.title}: {count} of {len(rows)} usable rows are for the test."
            raise DataError(message, "At least 2 are needed for the test and 2 to learn from; choose another test set.")
        return found

    def _refuse_constant(self, columns: Sequence[Column], values: FloatArray) -> None:
        constant = [_is_constant(cells) for cells in values.T]
        for is_refused, column, cells in (
            (all(constant[:-1]), columns[0], values[:, 0]),
            (constant[-1], columns[-1], values[:, -1]),
        ):
            if is_refused:
                value = column.levels[int(cells[0])] if column.levels else f"{cells[0]:g}"
                message = f"{self.title}: every value of {column.name!r} is {value}."
                raise DataError(message, "There is nothing to learn from a constant column; choose another one.")

    def column(self, name: str) -> Column:
        """Return the column of a name, or of a label such as "day (days since 2020-01-01)".

        Raises
        ------
        DataError
            When there is none.
        """
        if name in self._by_name:
            return self._by_name[name]
        message = f"{self.title} has no column {name!r}."
        raise DataError(message, f"Its columns are {_listed([column.name for column in self.columns])}.")

    def _column_for_role(self, name: str, *, is_target: bool) -> Column:
        column = self.column(name)
        if column.is_numeric or (column.can_be_input and not is_target):
            return column
        fitting = _listed(self.numeric_names if is_target else self.input_names) or "there are none"
        if column.levels and not is_target:
            message = f"{self.title}: column {name!r} holds {len(column.levels):,} different texts."
            raise DataError(message, f"At most {MOST_LEVELS} can be categories. Choose another column: {fitting}.")
        state = "is empty" if column.empty.all() else "does not hold numbers"
        raise DataError(f"{self.title}: column {name!r} {state}.", f"Choose a numeric column: {fitting}.")


def _is_idle(column: Column) -> bool:
    """Return whether a column only counts the rows or never changes."""
    values = column.values
    counted = values[0] in {0.0, 1.0} and np.array_equal(values, np.arange(len(values)) + values[0])
    return bool(counted) or _never_changes(column)


def _never_changes(column: Column) -> bool:
    return _is_constant(column.values[np.isfinite(column.values)])


def _groups_rows(column: Column) -> bool:
    """Return whether a column holds categories, at least two, not a name for each row."""
    is_shared = 1 < len(column.levels) < int(np.isfinite(column.values).sum())
    return column.kind is ColumnKind.CATEGORY and is_shared


def _is_boolean(column: Column) -> bool:
    return column.kind is ColumnKind.BOOLEAN


def _rank_as_target(column: Column) -> int:
    return 2 if _is_boolean(column) else int(column.kind.is_date)


def _is_constant(values: FloatArray) -> bool:
    return bool(values.min() == values.max())


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")
