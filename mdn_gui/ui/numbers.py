"""Numbers as a person reads them: in the locale, with steady digits."""

import math

from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont

_MOST_DECIMALS = 9
_CERTAIN_DIGITS = 15
_PLAIN = QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator


def reader_locale() -> QLocale:
    """Return the locale of the display, without group separators, which are easily misread."""
    locale = QLocale()
    locale.setNumberOptions(_PLAIN)
    return locale


def fixed(value: float, decimals: int) -> str:
    """Return ``value`` with a fixed number of decimals; with an exponent, and those digits, where they are many.

    A float has no more than 15 certain digits: more are not shown.
    """
    if not math.isfinite(value):
        return "–"
    magnitude = _magnitude(value)
    digits = min(max(magnitude + 1 + decimals, 1), _CERTAIN_DIGITS)
    if magnitude >= _CERTAIN_DIGITS:
        return reader_locale().toString(float(value), "g", _CERTAIN_DIGITS)
    if decimals > _MOST_DECIMALS:
        return reader_locale().toString(float(value), "e", digits - 1)
    decimals = min(decimals, _CERTAIN_DIGITS - 1 - max(magnitude, 0))
    return reader_locale().toString(round(float(value), decimals) + 0.0, "f", decimals)


def share(weight: float, decimals: int = 4) -> str:
    """Return a mixing weight with so many decimals; one that would be shown as nothing says that it is less."""
    least = 10.0**-decimals
    return f"<{fixed(least, decimals)}" if 0.0 < weight < least / 2 else fixed(weight, decimals)


def probability(value: float, decimals: int = 4) -> str:
    """Return a probability with so many decimals; one that would be shown as 0 or 1 yet is not says so."""
    most = 1.0 - 10.0**-decimals
    return f">{fixed(most, decimals)}" if most + 0.5 * 10.0**-decimals <= value < 1.0 else share(value, decimals)


def is_probability(value: float) -> str:
    """Return what follows the name of a probability: "= 0.5000", "< 0.0001" or "> 0.9999"."""
    text = probability(value)
    return f"{text[0]} {text[1:]}" if text[0] in "<>" else f"= {text}"


def significant(value: float, digits: int = 4) -> str:
    """Return ``value`` with this many significant digits."""
    if not math.isfinite(value):
        return "–"
    magnitude = _magnitude(value, digits)
    if -4 <= magnitude < 6:
        return reader_locale().toString(float(value), "f", max(digits - 1 - magnitude, 0))
    return reader_locale().toString(float(value), "e", digits - 1)


def precise(value: float) -> str:
    """Return ``value`` with all its digits, in the locale."""
    return reader_locale().toString(float(value), "g", QLocale.FloatingPointPrecisionOption.FloatingPointShortest)


def rounded(value: float, step: float, more: int = 0) -> float:
    """Return ``value`` with no more decimals than steps of this size, such as a pixel, can tell; or so many more."""
    if not (math.isfinite(step) and step > 0.0):
        return value
    return float(f"{value:.{min(max(-math.floor(math.log10(step)), 0) + more, 300)}f}")


def parsed(text: str) -> float | None:
    """Return the finite number that ``text`` states in the locale or with a decimal point; None otherwise."""
    for locale in (reader_locale(), QLocale.c()):
        value, is_number = locale.toDouble(text.strip())
        if is_number and math.isfinite(value):
            return float(value)
    return None


def grouped(count: int) -> str:
    """Return a count with the group separators of the locale, such as "12,000"."""
    locale = reader_locale()
    locale.setNumberOptions(QLocale.NumberOption.DefaultNumberOptions)
    return locale.toString(count)


def counted(count: int, one: str, many: str, **values: str) -> str:
    """Return ``one`` or ``many``, whichever suits, with the grouped count in place of "{count}", values likewise."""
    return (one if count == 1 else many).format(count=grouped(count), **values)


def decimals_for(spread: float) -> int:
    """Return how many decimals show four significant digits of a quantity with this spread."""
    if not (math.isfinite(spread) and spread > 0):
        return 4
    return min(max(3 - math.floor(math.log10(spread)), 0), 320)


def _magnitude(value: float, digits: int = 4) -> int:
    """Return the exponent of ``value`` after rounding to these digits: 9.9996 becomes 10.00."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def tabular(font: QFont) -> QFont:
    """Return ``font`` with digits of equal width, so that changing numbers do not jump."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
