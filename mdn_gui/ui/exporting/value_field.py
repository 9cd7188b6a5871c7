"""A field for one number or date, exact as long as nobody changes it."""

from PySide6.QtWidgets import QLineEdit

from mdn_gui.core.encoding import Encoding
from mdn_gui.ui.dates import date_text, parsed_value
from mdn_gui.ui.numbers import reader_locale

_DIGITS = 6
_MOST_WHOLE = 1e15


class ValueField(QLineEdit):
    """Shows a value with six significant digits, a whole number with all of them, a date as one.

    The value keeps the bits it was given until its text is changed.
    """

    _given: float | None = None
    _shown = ""
    _encoding: Encoding | None = None

    def show_value(self, value: float | None, encoding: Encoding | None = None) -> None:
        """Show a value in the unit of a column; nothing for None."""
        self._given, self._encoding = value, encoding
        self._shown = "" if value is None else date_text(value, encoding) or _short(value)
        self.setText(self._shown)
        self.setCursorPosition(0)

    @property
    def is_untouched(self) -> bool:
        """Whether the text is the one that was shown."""
        return self.text() == self._shown

    def value(self) -> float | None:
        """Return the value that was shown, else the one that the text states; None where it states none."""
        return self._given if self.is_untouched else parsed_value(self.text(), self._encoding)


def _short(value: float) -> str:
    digits = 15 if value.is_integer() and abs(value) < _MOST_WHOLE else _DIGITS
    return reader_locale().toString(value, "g", digits)
