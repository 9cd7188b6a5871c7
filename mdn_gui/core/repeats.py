"""Rows that hold exactly what an earlier row holds."""

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.scaling import BLOCK_ROWS

IndexArray = NDArray[np.int64]
_HashArray = NDArray[np.uint64]

_MIXERS = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_BUCKET_BITS = 24
_MOST_ROWS_COUNTED = 100_000


def repeated_rows(x: FloatArray, y: FloatArray, more_than: float = 0.0) -> IndexArray:
    """Return the numbers of the rows, ascending, that repeat an earlier one in every value.

    Parameters
    ----------
    x : array [N, D]
        Inputs.
    y : array [N]
        Target.
    more_than : float
        None are returned where there are so many or fewer; to count them is far quicker than to find them.

    Notes
    -----
    Rows are compared by 64-bit hashes (the mixing function is that of SplitMix64; Steele, Lea and Flood 2014): among
    10 million different rows the chance that two are taken for equal is 3 in a million.
    """
    hashes = _hashes(x, y)
    ordered = np.sort(hashes)
    shared = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(shared) <= more_than:
        return np.zeros(0, dtype=np.int64)
    to_bucket = np.uint64(64 - _BUCKET_BITS)
    may_be_shared = np.zeros(1 << _BUCKET_BITS, dtype=np.bool_)  # far quicker than to look each hash up
    may_be_shared[shared >> to_bucket] = True
    candidates = np.flatnonzero(may_be_shared[hashes >> to_bucket])
    _, first = np.unique(hashes[candidates], return_index=True)
    return np.asarray(np.delete(candidates, first), dtype=np.int64)


def coincident_pairs(x: FloatArray, y: FloatArray) -> float:
    """Return how many pairs of equal rows there would be if the columns of ``x`` [N, D] and ``y`` [N] were independent.

    Rounded columns have many: their values agree by chance. Large data are counted on evenly spaced rows.
    """
    some = slice(None, None, max(1, len(y) // _MOST_ROWS_COUNTED))
    share = 1.0
    for values in (y, *x.T):
        _, counts = np.unique(values[some], return_counts=True)
        rows = float(counts.sum())
        share *= float((counts * (counts - 1.0)).sum()) / (rows * (rows - 1.0))
    return share * len(y) * (len(y) - 1.0) / 2.0


def _hashes(x: FloatArray, y: FloatArray) -> _HashArray:
    hashes = np.zeros(len(y), dtype=np.uint64)
    for begin in range(0, len(y), BLOCK_ROWS):
        some = slice(begin, begin + BLOCK_ROWS)
        mixed = hashes[some]
        for values in (y[some], *x[some].T):
            mixed ^= (values + 0.0).view(np.uint64)  # adding 0 makes -0 and 0 the same
            mixed += _MIXERS[0]
            for shift, mixer in zip(_SHIFTS, _MIXERS[1:], strict=False):
                mixed ^= mixed >> shift
                mixed *= mixer
            mixed ^= mixed >> _SHIFTS[2]
    return hashes
