"""Numbers as a person reads them: in the locale, with steady digits."""

import math

from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont


def reader_locale() -> QLocale:
    """Return the locale of the display, without group separators, which are easily misread."""
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator)
    return locale


def fixed(value: float, decimals: int) -> str:
    """Return ``value`` with a fixed number of decimals; very large or small ones with an exponent."""
    if not math.isfinite(value):
        return "–"
    if abs(value) >= 1e9 or decimals > 9:
        return significant(value)
    return reader_locale().toString(round(float(value), decimals) + 0.0, "f", decimals)


def significant(value: float, digits: int = 4) -> str:
    """Return ``value`` with this many significant digits."""
    if not math.isfinite(value):
        return "–"
    magnitude = int(f"{value:.{digits - 1}e}".partition("e")[2])  # after rounding: 9.9996 becomes 10.00
    if -4 <= magnitude < 6:
        return reader_locale().toString(float(value), "f", max(digits - 1 - magnitude, 0))
    return reader_locale().toString(float(value), "e", digits - 1)


def precise(value: float) -> str:
    """Return ``value`` with all its digits, in the locale."""
    return reader_locale().toString(float(value), "g", QLocale.FloatingPointPrecisionOption.FloatingPointShortest)


def parsed(text: str) -> float | None:
    """Return the finite number that ``text`` states in the locale or with a decimal point; None otherwise."""
    for locale in (reader_locale(), QLocale.c()):
        value, is_number = locale.toDouble(text.strip())
        if is_number and math.isfinite(value):
            return float(value)
    return None


def decimals_for(spread: float) -> int:
    """Return how many decimals show four significant digits of a quantity with this spread."""
    if not (math.isfinite(spread) and spread > 0):
        return 4
    return min(max(3 - math.floor(math.log10(spread)), 0), 10)


def tabular(font: QFont) -> QFont:
    """Return ``font`` with digits of equal width, so that changing numbers do not jump."""
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
