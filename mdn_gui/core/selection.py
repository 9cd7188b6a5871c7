"""What is taken from a table: rows to learn from, rows for the test, rows left out."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import Dataset
from mdn_gui.errors import ConfigError

RowArray = NDArray[np.int64]
"""Row numbers of a table, counted from 0."""


@dataclass(frozen=True)
class HoldOut:
    """Which rows are kept for the test: a fraction drawn by a seed, or those with one value in a column.

    They are never trained on nor used to choose an epoch or a network.

    Parameters
    ----------
    fraction : float
        Part of the rows of the table, 0 to 0.9; not used where a column chooses.
    seed : int
        Draws them; apart from the seed of a run, so that every run is judged on the same rows.
    column : str
        Column that tells; empty for none.
    level : str
        Text of its cells in the rows of the test.

    Raises
    ------
    ConfigError
        When the fraction is out of range.
    """

    fraction: float = 0.0
    seed: int = 0
    column: str = ""
    level: str = ""

    def __post_init__(self) -> None:
        """Check the fraction."""
        if not 0.0 <= self.fraction <= 0.9:
            raise ConfigError(f"The test set is a fraction of {self.fraction:g}.", "Give a number from 0 to 0.9.")

    def drawn(self, num_rows: int) -> NDArray[np.bool_]:
        """Return which of the N rows of a table are drawn by the fraction.

        They are drawn whether they can be used or not, so that a row stays on its side when others are taken out.
        """
        drawn = np.zeros(num_rows, dtype=np.bool_)
        count = round(self.fraction * num_rows)
        if count:
            drawn[np.random.default_rng([self.seed, 3]).permutation(num_rows)[:count]] = True
        return drawn


ALL_ROWS_TRAIN = HoldOut()
"""No row is kept for a test."""


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


def _no_rows() -> RowArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Selection:
    """A data set taken from a table, with what was left out.

    Parameters
    ----------
    dataset : Dataset
        The rows that runs train on and validate with.
    left_out : tuple of LeftOut
        What could not be used, by reason.
    rows : int array [N]
        Which row of the table each row of the data set is, counted from 0.
    test : Dataset or None
        The rows of the test; None where there is none.
    test_rows : int array [T]
        Which rows of the table they are, counted from 0; empty where they come from another file.
    target : str
        Name of the target's column.
    """

    dataset: Dataset
    left_out: tuple[LeftOut, ...]
    rows: RowArray = field(default_factory=_no_rows)
    test: Dataset | None = None
    test_rows: RowArray = field(default_factory=_no_rows)
    target: str = ""

    @property
    def num_left_out(self) -> int:
        """Number of rows left out, each counted once."""
        return sum(len(group.rows) for group in self.left_out)
