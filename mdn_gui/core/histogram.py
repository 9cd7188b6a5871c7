"""How the values of a column are spread, in bars of one width."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray, frozen_array
from mdn_gui.core.encoding import ColumnKind, Encoding

_BARS = 40
_BLOCK = 1 << 18
"""Values counted in one go: no thread waits long for the interpreter."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of the values of one column.

    Parameters
    ----------
    low, high : float
        Left edge of the first bar, right edge of the last, data units; of levels -0.5 and L - 0.5.
    counts : array [B]
        Number of values in each bar; of a category a bar for each of the L levels, in their order.
    """

    low: float
    high: float
    counts: FloatArray


def levels_of(encoding: Encoding) -> tuple[str, ...]:
    """Return the levels of a category or of a boolean, in the order of their numbers; none for other columns."""
    return encoding.levels or (("false", "true") if encoding.kind is ColumnKind.BOOLEAN else ())


def column_range(dataset: Dataset, place: int) -> tuple[float, float]:
    """Return the least and the greatest value of column number ``place``; of levels the first and the last."""
    levels = levels_of(dataset.encodings[place])
    if levels:
        return 0.0, len(levels) - 1.0
    low, high = dataset.column_ranges[place].tolist()
    return low, high


def histogram_of(dataset: Dataset, place: int) -> Histogram:
    """Return the histogram of column number ``place``: 40 bars from its least to its greatest value, or one a level."""
    levels, values = levels_of(dataset.encodings[place]), dataset.column(place)
    low, high = column_range(dataset, place)
    if levels:
        low, high = low - 0.5, high + 0.5
    count = len(levels) or (_BARS if high > low else 1)
    totals = np.zeros(count, dtype=np.int64)
    for first in range(0, len(values), _BLOCK):
        totals += np.bincount(_bar_of(values[first : first + _BLOCK], low, high, count), minlength=count)
    return Histogram(low, high, frozen_array(totals))


def histograms_of(
    dataset: Dataset, count: int, is_cancelled: Callable[[], bool] = bool
) -> tuple[Histogram, ...] | None:
    """Return the histograms of the first ``count`` columns; None where that was cancelled."""
    made = []
    for place in range(count):
        if is_cancelled():
            return None
        made.append(histogram_of(dataset, place))
    return tuple(made)


def _bar_of(values: FloatArray, low: float, high: float, count: int) -> np.ndarray:
    if not high > low:
        return np.zeros(len(values), dtype=np.intp)
    with np.errstate(over="ignore", invalid="ignore"):  # a range wider than the largest float: one bar
        share = (values - low) * (count / (high - low))
        return np.clip(np.nan_to_num(share, copy=False), 0, count - 1).astype(np.intp)
