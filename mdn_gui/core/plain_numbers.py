"""Numbers as plain text, the same on every system: with a decimal point, groups of thousands only in counts."""

import math

_CERTAIN_DIGITS = 15
_MOST_DECIMALS = 9
MISSING = "–"
"""Stands for what is no finite number."""


def fixed(value: float, decimals: int) -> str:
    """Return ``value`` with a fixed number of decimals; with an exponent where they or its digits are many."""
    if not math.isfinite(value):
        return _not_finite(value)
    magnitude = _magnitude(value)
    if magnitude >= _CERTAIN_DIGITS or decimals > _MOST_DECIMALS:
        digits = min(max(magnitude + 1 + decimals, 1), _CERTAIN_DIGITS)
        return _signed(f"{value:.{digits - 1}e}")
    return _signed(f"{round(float(value), decimals) + 0.0:.{decimals}f}")


def significant(value: float, digits: int = 5) -> str:
    """Return ``value`` with this many significant digits; with an exponent where it is very large or very small."""
    if not math.isfinite(value):
        return _not_finite(value)
    magnitude = _magnitude(value, digits)
    if -4 <= magnitude < 7:
        return _signed(f"{value:.{max(digits - 1 - magnitude, 0)}f}")
    return _signed(f"{value:.{digits - 1}e}")


def grouped(count: int) -> str:
    """Return a count such as "12,000"."""
    return f"{count:,}"


def decimals_for(spread: float) -> int:
    """Return how many decimals show four significant digits of a quantity with this spread."""
    if not (math.isfinite(spread) and spread > 0):
        return 4
    return min(max(3 - math.floor(math.log10(spread)), 0), 320)


def _not_finite(value: float) -> str:
    return MISSING if math.isnan(value) else "∞" if value > 0 else "−∞"


def _signed(text: str) -> str:
    """Return the text of a number with a minus sign that is as wide as a digit."""
    return text.replace("-", "−")


def _magnitude(value: float, digits: int = 4) -> int:
    """Return the exponent of ``value`` after rounding to these digits: 9.9996 becomes 10.00."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def shortest(value: float, digits: int) -> str:
    """Return ``value`` with this many significant digits at most, without zeros at the end."""
    return _signed(f"{value:.{digits}g}") if math.isfinite(value) else _not_finite(value)
