"""What a person takes from a table: columns with roles, rows taken out, rows for the test."""

from dataclasses import dataclass, field

import numpy as np

from mdn_gui.core.selection import ALL_ROWS_TRAIN, HoldOut, RowArray, Selection
from mdn_gui.core.table import Table


@dataclass(frozen=True, eq=False)
class Taken:
    """What is taken from a table: columns with roles, rows taken out by hand, rows for the test.

    Parameters
    ----------
    inputs : tuple of str
        Names of the input columns.
    target : str
        Name of the target column.
    excluded : int array
        Rows taken out, counted from 0, ascending.
    hold_out : HoldOut
        Which rows are kept for the test.
    test_table : Table or None
        The rows of the test in place of ``hold_out``.
    """

    inputs: tuple[str, ...]
    target: str
    excluded: RowArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    hold_out: HoldOut = ALL_ROWS_TRAIN
    test_table: Table | None = None

    def selection(self, table: Table) -> Selection:
        """Take it.

        Raises
        ------
        DataError
            When that is not possible.
        """
        return table.select(
            self.inputs,
            self.target,
            excluded=self.excluded,
            hold_out=self.hold_out,
            test_table=self.test_table,
        )
