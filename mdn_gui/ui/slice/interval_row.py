"""The interval whose probability is asked for, typed in two boxes."""

import math

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QToolButton, QWidget

from mdn_gui.core.questions import Questions
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import is_probability, parsed, precise, tabular


class EndBox(QLineEdit):
    """One end of the interval; empty where there is none."""

    stepped = Signal(int)
    """Up or Down: pixels to the right, to the left where negative."""
    escaped = Signal()

    def __init__(self, parent: QWidget, name: str, unbounded: float) -> None:
        super().__init__(parent)
        self._unbounded = unbounded
        self.setAccessibleName(name)
        self.setPlaceholderText("∞" if unbounded > 0 else "−∞")
        self.setToolTip(self.tr("Type a value, then press Enter; empty for no end. Up and Down step"))
        self.setFont(tabular(self.font()))
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setMinimumWidth(40)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.textEdited.connect(lambda: self.mark(wrong=False))

    def value(self) -> float | None:
        """Return the end as typed, infinite where the box is empty; None where it is no number."""
        return parsed(self.text()) if self.text().strip() else self._unbounded

    def show_value(self, value: float) -> None:
        """Show an end with all its digits, or none."""
        self.setText(precise(value) if math.isfinite(value) else "")
        self.setCursorPosition(0)
        self.setModified(False)
        self.mark(wrong=False)

    @property
    def is_wrong(self) -> bool:
        """Whether the text is shown as wrong."""
        return bool(self.property("wrong"))

    def mark(self, *, wrong: bool) -> None:
        """Show that the text is wrong, or no longer."""
        if self.is_wrong is not wrong:
            self.setProperty("wrong", wrong)
            self.style().unpolish(self)
            self.style().polish(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with Up, Down by one; with Shift by ten; everything else edits."""
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if direction:
            self.stepped.emit(direction * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1))
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class IntervalRow(QWidget):
    """P( from < y <= to ) = probability."""

    ends_asked = Signal(float, float)
    """Another interval was typed; each end may be infinite."""
    stepped = Signal(object, int)
    """"low" or "high" moves by so many pixels."""
    threshold_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Questions()
        self._probability: float | None = None
        self.low = EndBox(self, self.tr("From: y above"), -math.inf)
        self.high = EndBox(self, self.tr("To: y at most"), math.inf)
        self._result = ElidedLabel(self, "support")
        self._result.setFont(tabular(self._result.font()))
        self._least_width = self._result.fontMetrics().horizontalAdvance("= 0.0000") + 2
        self._threshold = QPushButton(self.tr("threshold"), self)
        self._threshold.setObjectName("link")
        self._threshold.setAccessibleName(self.tr("Threshold at the highest mode"))
        self._threshold.setToolTip(self.tr("Ask for the probability up to the highest mode; then drag the edge"))
        self._threshold.clicked.connect(self.threshold_requested)
        self._remove = QToolButton(self)
        self._remove.setText("×")
        self._remove.setObjectName("dismiss")
        self._remove.setAccessibleName(self.tr("Remove the interval"))
        self._remove.setToolTip(self.tr("Remove the interval"))
        self._remove.clicked.connect(self._give_up)
        self._build()
        for key, box in (("low", self.low), ("high", self.high)):
            box.editingFinished.connect(self._take_typed)
            box.escaped.connect(self._restore)
            box.stepped.connect(lambda pixels, key=key: self.stepped.emit(key, pixels))
        self.show_questions(Questions())

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for text, box in (("P(", self.low), ("< y ≤", self.high)):
            label = QLabel(text, self)
            label.setObjectName("muted")
            layout.addWidget(label)
            layout.addWidget(box, 3)
        close = QLabel(")", self)
        close.setObjectName("muted")
        layout.addWidget(close)
        layout.addWidget(self._result, 4)
        layout.addWidget(self._threshold)
        layout.addWidget(self._remove)

    def show_questions(self, questions: Questions) -> None:
        """Show the interval; a text that is being typed stays unless the interval is another."""
        is_other = (questions.low, questions.high) != (self._shown.low, self._shown.high)
        self._shown = questions
        if is_other or not (self.low.isModified() or self.high.isModified()):
            self._restore()
        self._threshold.setVisible(not questions.has_interval)
        self._remove.setVisible(questions.has_interval)

    def show_probability(self, probability: float | None) -> None:
        """Show the probability of the interval; None where there is none to show."""
        self._probability = probability
        if not (self.low.is_wrong or self.high.is_wrong):
            self._say(is_probability(probability) if probability is not None else "")

    def set_threshold_possible(self, *, possible: bool) -> None:
        """Offer a threshold at the mode, or not."""
        if self._threshold.isEnabled() is not possible:
            self._threshold.setEnabled(possible)

    @Slot()
    def _take_typed(self) -> None:
        if not (self.low.isModified() or self.high.isModified()):
            return
        low, high = self.low.value(), self.high.value()
        self.low.mark(wrong=low is None)
        self.high.mark(wrong=high is None)
        if low is None or high is None:
            self._say(self.tr("not a number"), wrong=True)
        elif low >= high:
            self.low.mark(wrong=True)
            self.high.mark(wrong=True)
            self._say(self.tr("not below"), wrong=True)
        else:
            self.low.setModified(False)
            self.high.setModified(False)
            self.show_probability(self._probability)
            self.ends_asked.emit(low, high)

    @Slot()
    def _restore(self) -> None:
        self.low.show_value(self._shown.low)
        self.high.show_value(self._shown.high)
        self.show_probability(self._probability)

    @Slot()
    def _give_up(self) -> None:
        self.low.setFocus()  # the button goes, the keyboard stays here
        self.ends_asked.emit(-math.inf, math.inf)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        if text != self._result.text():
            self._result.show_text(text)
            self._result.setMinimumWidth(self._least_width if text and not wrong else 0)
        if bool(self._result.property("warns")) is not wrong:
            self._result.setProperty("warns", wrong)
            self._result.style().unpolish(self._result)
            self._result.style().polish(self._result)
