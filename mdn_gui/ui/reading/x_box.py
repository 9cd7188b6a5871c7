"""The box where x is typed."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from mdn_gui.ui.dates import date_text, parsed_value
from mdn_gui.ui.numbers import decimals_for, fixed, tabular
from mdn_gui.ui.texts import tip_text

if TYPE_CHECKING:
    from mdn_gui.core.encoding import Encoding
    from mdn_gui.core.reading import InputAxis


class XBox(QLineEdit):
    """A value of the axis: a number, a date, a level; it steps with Up, Down."""

    typed = Signal(float)
    """x with all the digits that were typed, data units."""
    stepped = Signal(int)
    """Pixels to the right, to the left where negative."""
    escaped = Signal()
    """Enter or Escape: the keyboard goes back to the plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x: float | None = None
        self._decimals = 4
        self._levels: tuple[str, ...] = ()
        self._encoding: Encoding | None = None
        self.setObjectName("x")
        self.setAccessibleName(self.tr("Cursor x"))
        self.setFont(tabular(self.font()))
        self.setToolTip(self._advice())
        self.returnPressed.connect(self._take_typed)
        self.textEdited.connect(self._unmark)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_axis(self, axis: "InputAxis") -> None:
        """Take what the values mean, how many digits they need."""
        self._levels, self._encoding = axis.levels, axis.encoding
        self._decimals = 0 if axis.levels else decimals_for((axis.high - axis.low) / 10)
        self._mark(wrong=False)

    def show_x(self, x: float | None) -> None:
        """Show where is read, unless a person is typing; None for nowhere."""
        self._x = x
        if self.isEnabled() is (x is None):
            self.setEnabled(x is not None)
        if x is None:
            self.clear()
        elif not self.hasFocus() or not self.isModified():
            self.setText(self.text_of(x))

    def text_of(self, x: float) -> str:
        """Return a value as it is shown here."""
        return self._levels[int(x)] if self._levels else fixed(x, self._decimals)

    def date_of(self, x: float) -> str:
        """Return the date of a value on an axis of dates; "" on others."""
        return date_text(x, self._encoding)

    # -- a person -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with Up, Down by one; with Shift by ten; everything else edits."""
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if direction:
            self.setModified(False)
            self.stepped.emit(direction * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
        elif event.key() == Qt.Key.Key_Escape:
            self._restore()
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the reading again, unless only a menu or another window has opened."""
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self._restore()

    @Slot()
    def _take_typed(self) -> None:
        if not self.isModified():
            return  # what is shown is rounded: only a typed value is exact
        text = self.text().strip()
        x = float(self._levels.index(text)) if text in self._levels else parsed_value(text, self._encoding)
        if x is None:
            self._mark(wrong=True)
            return
        self.setModified(False)
        self.typed.emit(x)
        self.escaped.emit()  # else the next letters, P to pin or G for another x, would be text

    def _restore(self) -> None:
        self._mark(wrong=False)
        self.setModified(False)
        if self._x is not None:
            self.setText(self.text_of(self._x))

    # -- what is wrong ------------------------------------------------------------------------------------------------

    @Slot()
    def _unmark(self) -> None:
        self._mark(wrong=False)

    def _mark(self, *, wrong: bool) -> None:
        self.setProperty("wrong", wrong)
        self.setToolTip(self._complaint() if wrong else self._advice())
        self.style().unpolish(self)
        self.style().polish(self)

    def _advice(self) -> str:
        if self._example:
            text = self.tr("Type an x, then press Enter; dates such as {date} are taken too. Up and Down step")
            return text.format(date=self._example)
        return self.tr("Type an x, then press Enter; Up and Down step")

    def _complaint(self) -> str:
        if self._levels:
            text = self.tr("No level has this name; type one such as {level}")
            return tip_text(text.format(level=self._levels[0]))
        if self._example:
            return self.tr("This is neither a number nor a date; type one such as {date}").format(date=self._example)
        return self.tr("This is not a number; type one such as 1.25")

    @property
    def _example(self) -> str:
        return self.date_of(0.0)
