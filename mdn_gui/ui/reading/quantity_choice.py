"""The small window in which a person chooses what the read-out reads."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mdn_gui.core.quantities import Quantity
from mdn_gui.core.questions import Questions
from mdn_gui.errors import ConfigError
from mdn_gui.ui.numbers import parsed
from mdn_gui.ui.reading.quantity_texts import full_name, percent, quantity_tip
from mdn_gui.ui.texts import tip_text

_COLUMNS = 2
_ROOM = 18
"""Digits that the field of the levels has room for."""
_DIGITS = 15
"""Decimals that are certain in a percentage over 100: 0.7 % is 0.007, not 0.006999999999999999."""


class QuantityChoice(QFrame):
    """Which rows are shown, at which levels quantiles are read, which mass the region has."""

    rows_ticked = Signal(object)
    """tuple of the keys that are ticked, in order."""
    questions_changed = Signal(object)
    """Questions."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("remark")
        self.setAccessibleName(self.tr("What is read"))
        self._questions = Questions()
        self.boxes: dict[str, QCheckBox] = {}
        self._ticks = QGridLayout()
        self._ticks.setHorizontalSpacing(18)
        self._ticks.setVerticalSpacing(5)
        self.levels = self._field(self.tr("Levels of the quantiles, %"))
        self.mass = self._field(self.tr("Mass of the region, %"))
        self.usual = QPushButton(self.tr("As at first"), self)
        self.usual.setObjectName("link")
        self.usual.setToolTip(self.tr("The usual rows, quantiles, region"))
        self.usual.setAutoDefault(False)
        self._build()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 10)
        layout.setSpacing(10)
        layout.addLayout(self._ticks)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for row, field in enumerate((self.levels, self.mass)):
            label = QLabel(field.accessibleName(), self)
            label.setObjectName("muted")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        layout.addLayout(grid)
        layout.addWidget(self.usual, 0, Qt.AlignmentFlag.AlignRight)
        self.levels.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * _ROOM))
        self.levels.setToolTip(self.tr("Such as 5 50 95; none for no quantiles"))

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setAccessibleName(name)
        field.editingFinished.connect(self._take_fields)
        field.textEdited.connect(lambda: self._mark(field, ""))
        return field

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_choice(self, all_rows: Sequence[Quantity], shown: Collection[str], questions: Questions) -> None:
        """Show what can be read, which of it is ticked, what is asked."""
        if tuple(self.boxes) != tuple(each.key for each in all_rows) or questions != self._questions:
            self._make_boxes(all_rows, questions)
        self._questions = questions
        for key, box in self.boxes.items():
            with QSignalBlocker(box):
                box.setChecked(key in shown)
        texts = {self.levels: "  ".join(map(percent, questions.levels)), self.mass: percent(questions.mass)}
        for field, text in texts.items():
            if not (field.hasFocus() and field.isModified()):
                field.setText(text)
                field.setCursorPosition(0)
                self._mark(field, "")

    def _make_boxes(self, all_rows: Sequence[Quantity], questions: Questions) -> None:
        focused = next((key for key, box in self.boxes.items() if box.hasFocus()), "")
        for box in self.boxes.values():
            self._ticks.removeWidget(box)
            box.deleteLater()
        self.boxes = {}
        half = -(-len(all_rows) // _COLUMNS)
        before: QWidget = self
        for number, quantity in enumerate(all_rows):
            box = QCheckBox(full_name(quantity, questions), self)
            box.setToolTip(tip_text(quantity_tip(quantity)))
            box.toggled.connect(self._take_ticks)
            self._ticks.addWidget(box, number % half, number // half)
            QWidget.setTabOrder(before, box)
            self.boxes[quantity.key] = before = box
        for field in (self.levels, self.mass, self.usual):
            QWidget.setTabOrder(before, field)
            before = field
        if focused in self.boxes:
            self.boxes[focused].setFocus()

    def open_at(self, place: QPoint, field: QWidget | None = None) -> None:
        """Open with the lower right corner at a place of the screen, the keyboard in ``field`` or at the first tick."""
        self.adjustSize()
        corner = place - QPoint(self.width(), self.height())
        screen = self.screen().availableGeometry()
        corner.setX(min(max(corner.x(), screen.left()), screen.right() - self.width()))
        corner.setY(min(max(corner.y(), screen.top()), screen.bottom() - self.height()))
        self.move(corner)
        self.show()
        wanted = field or next(iter(self.boxes.values()), self.levels)
        wanted.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(wanted, QLineEdit):
            wanted.selectAll()

    # -- a person -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close with Escape; Enter in a field takes it, elsewhere it closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not isinstance(self.focusWidget(), QLineEdit):
                self.close()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _take_ticks(self) -> None:
        self.rows_ticked.emit(tuple(key for key, box in self.boxes.items() if box.isChecked()))

    @Slot()
    def _take_fields(self) -> None:
        """Ask what the fields say, where they say something that can be asked."""
        questions = self._questions
        takes: dict[QLineEdit, Callable[[Questions], Questions]] = {
            self.levels: lambda asked: replace(asked, levels=self._levels_typed()),
            self.mass: lambda asked: replace(asked, mass=_probability(self.mass.text())),
        }
        for field, take in takes.items():
            if not field.isModified():
                continue
            try:
                questions = take(questions)
            except ConfigError as error:
                self._mark(field, str(error))
                continue
            field.setModified(False)
        if questions != self._questions:
            self.questions_changed.emit(questions)

    def _levels_typed(self) -> tuple[float, ...]:
        """Return the levels that are typed: percentages between blanks, semicolons, or commas where those divide."""
        words = [word.strip(",%") for word in re.split(r"[;\s]+", self.levels.text()) if word.strip(",%")]
        parts = [part for word in words for part in ([word] if parsed(word) is not None else word.split(","))]
        return tuple(_probability(part) for part in parts)

    def _mark(self, field: QLineEdit, complaint: str) -> None:
        is_wrong = bool(complaint)
        if bool(field.property("wrong")) is is_wrong:
            return
        field.setProperty("wrong", is_wrong)
        usual = self.tr("Such as 5 50 95; none for no quantiles") if field is self.levels else ""
        field.setToolTip(tip_text(complaint or usual))
        field.style().unpolish(field)
        field.style().polish(field)


def _probability(text: str) -> float:
    """Return the probability that a percentage states.

    Raises
    ------
    ConfigError
        When it states none.
    """
    value = parsed(text.strip(" %"))
    if value is None:
        raise ConfigError(f"{text!r} is not a percentage.", "Type numbers between 0 and 100, such as 2.5.")
    return round(value / 100.0, _DIGITS)
