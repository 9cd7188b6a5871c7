"""A table as read, before its columns have roles."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import Dataset, FloatArray, frozen_array
from mdn_gui.errors import DataError


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        As in the header; unique in its table.
    values : array_like [N]
        NaN where the cell was empty or not a number.
    empty : bool array [N]
        True where the cell was empty.
    """

    name: str
    values: FloatArray
    empty: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Freeze copies of the arrays."""
        empty = np.array(self.empty, dtype=np.bool_)
        empty.setflags(write=False)
        object.__setattr__(self, "values", frozen_array(self.values))
        object.__setattr__(self, "empty", empty)

    @cached_property
    def is_numeric(self) -> bool:
        """True when at least half of the cells that are not empty are finite numbers."""
        filled = int((~self.empty).sum())
        return filled > 0 and 2 * int(np.isfinite(self.values).sum()) >= filled


@dataclass(frozen=True)
class LeftOut:
    """Rows that could not be used, for one reason.

    Parameters
    ----------
    reason : str
        What was wrong, naming the column.
    rows : tuple of int
        Row numbers, counted from 1 below the header.
    """

    reason: str
    rows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Selection:
    """A data set taken from a table, with what was left out."""

    dataset: Dataset
    left_out: tuple[LeftOut, ...]

    @property
    def num_left_out(self) -> int:
        """Number of rows left out, each counted once."""
        return sum(len(group.rows) for group in self.left_out)


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

    def proposed_roles(self) -> tuple[tuple[str, ...], str]:
        """Return the input names and the target name to begin with.

        A column that only counts the rows (1, 2, 3, ...) or never changes is passed over when two others remain.

        Raises
        ------
        DataError
            When there are not two numeric columns to choose from.
        """
        if self.inputs and self.target:
            return self.inputs, self.target
        names = self.numeric_names
        if len(names) < 2:
            found = f"only {names[0]!r} holds numbers" if names else "no column holds numbers"
            message = f"{self.title}: {found}."
            raise DataError(message, "Two numeric columns are needed: one for x, one for y.")
        telling = [name for name in names if not self._is_idle(name)]
        if len(telling) < 2:
            changing = [name for name in names if not self._never_changes(name)]
            telling = changing if len(changing) >= 2 else list(names)
        first, *_, last = telling
        return (first,), last

    def select(self, inputs: Sequence[str], target: str) -> Selection:
        """Return the complete rows of the chosen columns, to learn from.

        Parameters
        ----------
        inputs : sequence of str
            Names of D input columns.
        target : str
            Name of the target column.

        Raises
        ------
        DataError
            When a column is missing, not numeric or chosen twice, when the target or every input is constant, or
            when fewer than two rows are complete.
        """
        selection = self.complete_rows(inputs, target)
        x, y = selection.dataset.x, selection.dataset.y
        constant = [name for name, column in zip(inputs, x.T, strict=True) if _is_constant(column)]
        if len(constant) == len(inputs):
            self._refuse_constant(inputs[0], float(x[0, 0]))
        if _is_constant(y):
            self._refuse_constant(target, float(y[0]))
        return selection

    def complete_rows(self, inputs: Sequence[str], target: str) -> Selection:
        """Return the rows of the chosen columns that hold finite numbers, constant or not.

        Parameters
        ----------
        inputs : sequence of str
            Names of D input columns.
        target : str
            Name of the target column.

        Raises
        ------
        DataError
            When a column is missing, not numeric or chosen twice, or when fewer than two rows are complete.
        """
        names = (*inputs, target)
        if not inputs:
            raise DataError(f"{self.title}: no input column is chosen.", "Choose at least one column for x.")
        repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if repeated:
            message = f"{self.title}: column {repeated[0]!r} is chosen twice."
            raise DataError(message, "Choose different columns for x and y.")
        columns = [self._numeric(name) for name in names]
        left_out = self._left_out(columns)
        values = np.column_stack([column.values for column in columns])
        values = values[np.isfinite(values).all(axis=1)]
        if len(values) < 2:
            message = f"{self.title}: {len(values)} of {self.num_rows} rows have finite numbers in {_listed(names)}."
            raise DataError(message, "At least 2 complete rows are needed; choose other columns or mend the file.")
        dataset = Dataset(values[:, :-1], values[:, -1], tuple(inputs), target, self.source or self.title)
        return Selection(dataset, left_out)

    def _refuse_constant(self, name: str, value: float) -> None:
        message = f"{self.title}: every value of {name!r} is {value:g}."
        raise DataError(message, "There is nothing to learn from a constant column; choose another one.")

    def _column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        message = f"{self.title} has no column {name!r}."
        raise DataError(message, f"Its columns are {_listed([column.name for column in self.columns])}.")

    def _numeric(self, name: str) -> Column:
        column = self._column(name)
        if column.is_numeric:
            return column
        state = "is empty" if column.empty.all() else "does not hold numbers"
        numeric = _listed(self.numeric_names) or "there are none"
        raise DataError(f"{self.title}: column {name!r} {state}.", f"Choose a numeric column: {numeric}.")

    def _left_out(self, columns: Sequence[Column]) -> tuple[LeftOut, ...]:
        remaining = np.ones(self.num_rows, dtype=bool)
        groups = list(self.left_out)
        for group in groups:
            remaining[np.array(group.rows, dtype=np.int64) - 1] = False
        for column in columns:
            for reason, found in (
                (f"empty {column.name}", column.empty),
                (f"{column.name} is infinite", np.isinf(column.values)),
                (f"{column.name} is not a number", np.isnan(column.values) & ~column.empty),
            ):
                rows = np.flatnonzero(found & remaining)
                remaining[rows] = False
                if len(rows):
                    groups.append(LeftOut(reason, tuple((rows + 1).tolist())))
        return tuple(groups)

    def _is_idle(self, name: str) -> bool:
        values = self._column(name).values
        counted = values[0] in {0.0, 1.0} and np.array_equal(values, np.arange(len(values)) + values[0])
        return bool(counted) or self._never_changes(name)

    def _never_changes(self, name: str) -> bool:
        values = self._column(name).values
        return _is_constant(values[np.isfinite(values)])


def _is_constant(values: FloatArray) -> bool:
    return bool(values.min() == values.max())


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")
