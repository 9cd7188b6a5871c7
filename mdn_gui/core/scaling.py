"""Standardisation of columns, undone without loss."""

from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray, frozen_array


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
    def fitted_to(cls, values: FloatArray) -> "Standardizer":
        """Return the map that gives ``values`` [N, D] mean 0 and sd 1; a constant column keeps sd 1."""
        constant = values.min(axis=0) == values.max(axis=0)
        mean = np.where(constant, values[0], values.mean(axis=0))
        spread = np.abs(values - mean).max(axis=0)
        safe = np.where(spread > 0, spread, 1.0)
        sd = np.sqrt(np.mean(((values - mean) / safe) ** 2, axis=0)) * safe
        return cls(mean, np.where(constant, 1.0, sd))

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
