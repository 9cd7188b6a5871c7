"""Standardisation of columns, undone without loss."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray, frozen_array

BLOCK_ROWS = 65_536
"""Rows looked at together, so that large data are never copied as a whole."""

_Blocks = Callable[[], Iterator[FloatArray]]


@dataclass(frozen=True, eq=False)
class Standardizer:
    """The map z = (value - mean) / sd, column by column, in float64.

    Parameters
    ----------
    mean, sd : array_like [D]
        Data units; every sd is positive.
    """

    mean: FloatArray
    sd: FloatArray

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        object.__setattr__(self, "mean", frozen_array(self.mean))
        object.__setattr__(self, "sd", frozen_array(self.sd))

    @classmethod
    def fitted_to(cls, values: FloatArray, rows: "np.ndarray | None" = None) -> "Standardizer":
        """Return the map that gives ``values`` [N, D] mean 0 and sd 1; a constant column keeps sd 1.

        Parameters
        ----------
        values : array [N, D]
            Data units.
        rows : int array, optional
            The rows to look at; all by default.
        """

        def blocks() -> Iterator[FloatArray]:
            for begin in range(0, len(values) if rows is None else len(rows), BLOCK_ROWS):
                some = slice(begin, begin + BLOCK_ROWS)
                yield values[some] if rows is None else values[rows[some]]

        mean, sd = _moments(blocks)
        return cls(mean, np.where(sd > 0, sd, 1.0))

    @classmethod
    def identity(cls, num_columns: int) -> "Standardizer":
        """Return the map that changes nothing."""
        return cls(np.zeros(num_columns), np.ones(num_columns))

    def scaled(self, values: FloatArray) -> FloatArray:
        """Return z [N, D] of ``values`` [N, D] in data units; infinite where z is too large for a float."""
        with np.errstate(over="ignore"):
            return (values - self.mean) / self.sd

    def restored(self, z: FloatArray) -> FloatArray:
        """Return values [N, D] in data units of ``z`` [N, D]."""
        return z * self.sd + self.mean

    @property
    def log_jacobian(self) -> float:
        """Sum of log sd: what an NLL in z gains when it is stated in data units."""
        return float(np.log(self.sd).sum())


def column_spread(values: np.ndarray) -> FloatArray:
    """Return the sd [D] of each column of ``values`` [N, D], in float64; exactly 0 for a constant column."""
    return _moments(lambda: (values[i : i + BLOCK_ROWS].astype(float) for i in range(0, len(values), BLOCK_ROWS)))[1]


def _moments(blocks: _Blocks) -> tuple[FloatArray, FloatArray]:
    """Return mean and sd [D] of rows that come in blocks, without overflow on the way; sd 0 where all are equal."""
    low = np.min([block.min(axis=0) for block in blocks()], axis=0)
    high = np.max([block.max(axis=0) for block in blocks()], axis=0)
    count = sum(len(block) for block in blocks())
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    unit = np.where(half > 0, half, 1.0)

    def total(of: Callable[[FloatArray], FloatArray]) -> FloatArray:
        return np.asarray(np.sum([of(block).sum(axis=0) for block in blocks()], axis=0)) / count

    shift = total(lambda block: (block - middle) / unit)
    mean = np.where(half > 0, middle + unit * shift, low)
    sd = np.sqrt(total(lambda block: ((block - mean) / unit) ** 2)) * unit
    return mean, np.where(low == high, 0.0, sd)
