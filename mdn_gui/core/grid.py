"""The x values of a parameter table, spaced evenly."""

import math
import re
from dataclasses import dataclass
from numbers import Real

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.errors import ConfigError

_EXAMPLE = "-2.7:2.7:1000"
_MOST_VALUES = 10_000_000
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class GridSpec:
    """Evenly spaced values of x, both ends included.

    Parameters
    ----------
    start, stop : float
        First and last value, data units.
    count : int
        Number of values, 1 to 10,000,000; a single value is ``start``.

    Raises
    ------
    ConfigError
        When an end or their distance is not finite, ``stop`` lies before ``start``, several values would be the
        same, or ``count`` is not a whole number in its range.
    """

    start: float
    stop: float
    count: int

    def __post_init__(self) -> None:
        """Check the values; keep them as plain Python numbers."""
        start, stop = _finite(self.start, "start"), _finite(self.stop, "stop")
        count = _whole_count(self.count)
        if stop < start:
            raise ConfigError(f"The grid stops at {stop:g}, before it starts at {start:g}.", "Exchange start and stop.")
        if not math.isfinite(stop - start):
            raise ConfigError(f"The grid from {start:g} to {stop:g} is too wide.", "Choose ends closer together.")
        if start == stop and count > 1:
            message = f"The grid starts and stops at {start:g}, but asks for {count} values."
            raise ConfigError(message, "Give a count of 1, or a stop beyond the start.")
        for name, value in (("start", start), ("stop", stop), ("count", count)):
            object.__setattr__(self, name, value)

    @classmethod
    def parse(cls, text: str) -> "GridSpec":
        """Return the grid written as ``START:STOP:COUNT``, such as ``-2.7:2.7:1000``, with a decimal point.

        Raises
        ------
        ConfigError
            When the text cannot be read, or for a grid that cannot be.
        """
        parts = [part.strip() for part in text.split(":")]
        if len(parts) != 3:
            raise ConfigError(f"{text!r} is not a grid.", f"Write it as START:STOP:COUNT, such as {_EXAMPLE}.")
        for part, name in zip(parts, ("start", "stop", "count"), strict=True):
            if not _NUMBER.fullmatch(part):
                message = f"{text!r} is not a grid: its {name} {part!r} is not a number."
                raise ConfigError(message, f"Write it as START:STOP:COUNT, such as {_EXAMPLE}.")
        start, stop, count = (float(part) for part in parts)
        return cls(start, stop, _whole_count(count))

    @classmethod
    def over(cls, values: object, count: int = 1000) -> "GridSpec":
        """Return the grid from the least to the greatest of ``values``; a single value where they are all the same.

        Parameters
        ----------
        values : array_like
            At least one finite number, data units.
        count : int
            Number of values.

        Raises
        ------
        ConfigError
            When there are no values or one is not finite.
        """
        array = np.asarray(values, dtype=np.float64)
        if not array.size:
            raise ConfigError("There are no values to lay a grid over.", "Open a table with rows first.")
        low, high = float(array.min()), float(array.max())
        return cls(low, high, count if low < high else 1)

    @classmethod
    def of_levels(cls, count: int) -> "GridSpec":
        """Return the grid of the levels of a category: 0, 1, ... count - 1."""
        return cls(0.0, count - 1.0, count)

    def values(self) -> FloatArray:
        """Return the values [count], float64, data units."""
        return np.linspace(self.start, self.stop, self.count)


def _finite(value: object, name: str) -> float:
    if not isinstance(value, Real) or not math.isfinite(value):
        raise ConfigError(f"The {name} of a grid is {value!r}.", f"Give finite numbers, such as {_EXAMPLE}.")
    return float(value)


def _whole_count(value: object) -> int:
    hint = f"Give a whole number from 1 to {_MOST_VALUES:,}."
    number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan
    if not number.is_integer():
        raise ConfigError(f"The count of a grid is {value!r}, not a whole number.", hint)
    if not 1 <= number <= _MOST_VALUES:
        raise ConfigError(f"The count of a grid is {number:.0f}.", hint)
    return int(number)
