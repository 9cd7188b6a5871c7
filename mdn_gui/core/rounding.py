"""How coarsely a column of numbers was rounded."""

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.transform import Transform

_REPEATED = 0.2
"""Least share of rows that have their value in common with another row."""

_ON_LATTICE = 0.95
"""Least share of rows that are whole multiples of the step, seen from the most frequent value."""

_TOLERANCE = 0.02
_CANDIDATES = 50


def rounding_step(values: FloatArray) -> float:
    """Return the step to which ``values`` [N] were rounded, data units; 0 where no rounding shows.

    The step is the largest frequent gap between neighbouring values on whose multiples nearly all values lie. Values
    that merely repeat (a pile of exact zeros in continuous data, say) give 0. A few values off the lattice do no harm.
    """
    unique, counts = np.unique(values, return_counts=True)
    if len(unique) < 2 or counts[counts > 1].sum() < _REPEATED * len(values):
        return 0.0
    gaps, gap_counts = np.unique(_six_digits(np.diff(unique)), return_counts=True)
    frequent = gaps[np.argsort(-gap_counts, kind="stable")[:_CANDIDATES]]
    offsets = unique - unique[counts.argmax()]
    for step in np.sort(frequent)[::-1]:
        multiples = offsets / step
        on_lattice = np.abs(multiples - np.round(multiples)) <= _TOLERANCE
        # A step far larger than the values, such as the gap before an outlier, has all of them at one multiple.
        told_apart = len(np.unique(np.round(multiples[on_lattice]))) >= _ON_LATTICE * on_lattice.sum()
        if told_apart and counts[on_lattice].sum() >= _ON_LATTICE * len(values):
            return float(step)
    return 0.0


def transformed_rounding_step(y: FloatArray, transform: Transform) -> FloatArray:
    """Return the rounding step of ``y`` [N] in z, at each of them: the step in data units times dz/dy."""
    return np.asarray(rounding_step(y) * np.exp(-transform.log_slope(transform.forward(y))))


def _six_digits(gaps: FloatArray) -> FloatArray:
    """Round to six significant digits, so that gaps that differ by float noise count as one."""
    unit = 10.0 ** (np.floor(np.log10(gaps)) - 5)
    return np.asarray(np.round(gaps / unit) * unit)
