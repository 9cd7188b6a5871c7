"""What is read at one x: the mixture there, with how much data stands behind it."""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray, frozen_array
from mdn_gui.core.mixture import ConditionalMixture


class Readable(Protocol):
    """What gives p(y given x): a fitted model, or the joint mixture that is its preview."""

    def conditional(self, x: object) -> ConditionalMixture:
        """Return p(y given x) at each row of ``x`` [N, D], data units."""
        ...


@dataclass(frozen=True, eq=False)
class InputAxis:
    """The values of one input, ready for questions about a place on its axis.

    Parameters
    ----------
    name : str
        Name of the input.
    values : array_like [N]
        Its values in the data, sorted, data units.
    """

    name: str
    values: FloatArray

    def __post_init__(self) -> None:
        """Sort and freeze the values."""
        object.__setattr__(self, "values", frozen_array(np.sort(self.values)))

    @classmethod
    def of(cls, dataset: Dataset, index: int = 0) -> "InputAxis":
        """Return the axis of input number ``index``."""
        return cls(dataset.input_names[index], dataset.x[:, index])

    @property
    def low(self) -> float:
        """Least value in the data."""
        return float(self.values[0])

    @property
    def high(self) -> float:
        """Greatest value in the data."""
        return float(self.values[-1])

    @property
    def half_width(self) -> float:
        """Half the window that counts as near: about 1 % of the range, rounded to one digit, data units."""
        width = 0.01 * (self.high - self.low)
        if not width > 0:
            return 0.0
        unit = 10.0 ** math.floor(math.log10(width))
        return round(width / unit) * unit

    def rows_near(self, x: float) -> int:
        """Return the number of rows within ``half_width`` of x."""
        first = np.searchsorted(self.values, x - self.half_width, side="left")
        last = np.searchsorted(self.values, x + self.half_width, side="right")
        return int(last - first)

    def is_outside(self, x: float) -> bool:
        """Return whether x is below the least or above the greatest value."""
        return not self.low <= x <= self.high

    def neighbour(self, x: float, step: int) -> float:
        """Return the next greater (step 1) or next smaller (step -1) value in the data; x itself past the end."""
        if step > 0:
            index = int(np.searchsorted(self.values, x, side="right"))
            return float(self.values[index]) if index < len(self.values) else x
        index = int(np.searchsorted(self.values, x, side="left")) - 1
        return float(self.values[index]) if index >= 0 else x


@dataclass(frozen=True, eq=False)
class Reading:
    """The conditional density at one x.

    Parameters
    ----------
    x : float
        The x being read, data units.
    mixture : ConditionalMixture
        p(y given x), a batch of one.
    rows_near : int
        Number of data rows within ``half_width`` of x.
    half_width : float
        Half the window of ``rows_near``, data units.
    is_outside : bool
        True when x lies outside the range of the data: the model extrapolates.
    is_preview : bool
        True when the joint mixture was read, not the network.
    """

    x: float
    mixture: ConditionalMixture
    rows_near: int
    half_width: float
    is_outside: bool
    is_preview: bool = False

    @classmethod
    def at(cls, x: float, model: Readable, axis: InputAxis, *, is_preview: bool = False) -> "Reading":
        """Read ``model`` at x on ``axis``, which is its only input."""
        mixture = model.conditional([[x]])
        return cls(x, mixture, axis.rows_near(x), axis.half_width, axis.is_outside(x), is_preview)
