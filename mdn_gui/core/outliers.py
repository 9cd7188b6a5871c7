"""Values that stand far apart from all others of their column."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray

ROBUST_SDS = 10.0
"""Least distance of an outlier from the median, in units of IQR / 1.35: the sd of a Gaussian column."""

_IQR_OF_UNIT_SD = 1.349
_MOST_SHARE, _MOST_OF_FEW = 0.01, 3
_TAIL_SHARE, _LEAST_TAIL = 0.1, 10
_LEAST_JUMP = math.log(2.0)
_EVIDENCE = math.log(10_000.0)
_MOST_ROWS_FOR_QUARTILES = 100_000


@dataclass(frozen=True, eq=False)
class Outliers:
    """Values far apart from the others.

    Parameters
    ----------
    rows : int array
        Where they are, ascending, counted from 0; empty where there are none.
    low, high : float
        Least and greatest of the other values, data units.
    """

    rows: NDArray[np.int64]
    low: float
    high: float


def outliers(values: FloatArray, low: float, high: float) -> Outliers:
    """Find the outliers among ``values`` [N], whose least and greatest are ``low`` and ``high``.

    Notes
    -----
    A value is one where it is more than 10 robust sds (IQR / 1.35) from the median, where at most 1 % of the rows are,
    and where the gap to the next value is more than the tail of the column explains. A tail whose distances fall off
    like a power a, estimated from the tenth of the rows below the gap (Hill 1975), has k values beyond a gap of ratio r
    with probability r^(-a k); below 1 in 10,000 the gap is not explained. So the extremes of heavy tails, such as those
    of Cauchy noise, are left alone: they are what the mixture is to learn.
    """
    nothing = Outliers(np.zeros(0, dtype=np.int64), low, high)
    quartiles = np.quantile(values[:: max(1, len(values) // _MOST_ROWS_FOR_QUARTILES)], (0.25, 0.5, 0.75))
    limit = ROBUST_SDS * (quartiles[2] / _IQR_OF_UNIT_SD - quartiles[0] / _IQR_OF_UNIT_SD)
    if not limit > 0 or max(high - quartiles[1], quartiles[1] - low) <= limit:
        return nothing
    distances = np.abs(values - quartiles[1])
    count = _number_apart(distances, limit)
    if not count:
        return nothing
    edge = np.partition(distances, -count)[-count]
    apart = distances >= edge
    others = values[~apart]
    return Outliers(np.flatnonzero(apart), float(others.min()), float(others.max()))


def _number_apart(distances: FloatArray, limit: float) -> int:
    """Return how many of the greatest of ``distances`` [N] stand apart: beyond the limit, before an unexplained gap."""
    tail = max(_LEAST_TAIL, int(_TAIL_SHARE * len(distances)))
    most = max(_MOST_OF_FEW, int(_MOST_SHARE * len(distances)))
    needed = most + tail + 1
    if needed > len(distances):
        return 0
    greatest = np.sort(np.partition(distances, -needed)[-needed:])[::-1]
    logs = np.log(np.maximum(greatest, np.finfo(float).tiny))
    counts = np.arange(1, most + 1)
    sums = np.concatenate(([0.0], np.cumsum(logs)))
    excess = (sums[counts + tail] - sums[counts]) / tail - logs[counts + tail]
    jumps = logs[counts - 1] - logs[counts]
    unexplained = counts * jumps > _EVIDENCE * np.maximum(excess, 0.0)
    apart = unexplained & (jumps > _LEAST_JUMP) & (greatest[counts - 1] > limit)
    return int(counts[apart].max()) if apart.any() else 0
