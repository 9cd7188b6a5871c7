"""Roots of many increasing functions at once, each kept inside its bracket."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray

IndexArray = NDArray[np.intp]
ValueAndSlope = Callable[[FloatArray, IndexArray], tuple[FloatArray, FloatArray]]

_MOST_STEPS = 2200
"""Bisection alone needs at most this many to exhaust float64, from the largest number to the smallest."""


def bracketed_roots(
    function: ValueAndSlope, lower: FloatArray, upper: FloatArray, start: FloatArray, tolerance: FloatArray
) -> FloatArray:
    """Return the roots [P] of P increasing functions by Newton steps, or bisection where those leave the bracket.

    Parameters
    ----------
    function : callable
        ``function(x, index)`` gives values and slopes of the functions numbered ``index`` at ``x``.
    lower, upper : array [P]
        Brackets: every function is taken to be negative below ``lower``, positive above ``upper``.
    start : array [P]
        First points, moved into the brackets.
    tolerance : array [P]
        Last step that is small enough; two units in the last place of x always are.

    Notes
    -----
    A Newton step is taken only when it is at most half the step before the last, as in the classical safeguarded
    method; so the number of steps is bounded by that of bisection.
    """
    lower, upper = lower.copy(), upper.copy()
    x = np.clip(start, lower, upper)
    step = upper - lower
    step_before = step.copy()
    active = np.arange(len(x))
    with np.errstate(all="ignore"):
        for _ in range(_MOST_STEPS):
            if not len(active):
                break
            here = x[active]
            value, slope = function(here, active)
            low = np.where(value <= 0, here, lower[active])
            high = np.where(value >= 0, here, upper[active])
            moved = here - value / slope
            trusted = (moved >= low) & (moved <= high) & (np.abs(moved - here) <= 0.5 * np.abs(step_before[active]))
            following = np.where(trusted, moved, low + 0.5 * (high - low))
            following = np.where(value == 0, here, following)
            step_before[active] = step[active]
            step[active] = np.where(trusted, following - here, 0.5 * (high - low))
            lower[active], upper[active], x[active] = low, high, following
            small = np.maximum(tolerance[active], 2.0 * np.spacing(np.abs(following)))
            active = active[(np.abs(step[active]) > small) & (value != 0)]
    return x
