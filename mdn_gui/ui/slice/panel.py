"""The slice as an instrument: its plot between a line of readings above, the interval below."""

import math
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Reading
from mdn_gui.ui.labels import NamedLabel
from mdn_gui.ui.numbers import is_probability, tabular
from mdn_gui.ui.slice.interval_row import IntervalRow
from mdn_gui.ui.slice.plot import DensityPlot
from mdn_gui.ui.theme import Theme


class SlicePanel(QWidget):
    """p(y given x) at the cursor: density or cdf, an interval with its probability, a place where the cdf is read."""

    questions_changed = Signal(object)
    """Questions with another interval: dragged, typed or taken away."""
    level_requested = Signal(float)
    """This probability, read by a click, shall be one of the quantiles."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions = Questions()
        self._reading: Reading | None = None
        self._title = self._title_name = ""
        self._told = ""
        self.plot = DensityPlot(self)
        self.interval = IntervalRow(self)
        self._line = NamedLabel(self, "muted")
        self._line.setFont(tabular(self._line.font()))
        self.add_level = QPushButton(self.tr("+ quantile"), self)
        self.add_level.setObjectName("link")
        self.add_level.setToolTip(self.tr("Read this quantile everywhere"))
        self.add_level.setAccessibleName(self.tr("Add this probability to the quantiles"))
        self.add_level.hide()
        self._build()
        self.plot.told.connect(self._show_told)
        self.plot.questions_changed.connect(self._ask)
        self.add_level.clicked.connect(self._request_level)
        self.interval.ends_asked.connect(self._ask_ends)
        self.interval.stepped.connect(self._step)
        self.interval.threshold_requested.connect(self._ask_threshold)
        self.show_reading(None)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._line, 1)
        head.addWidget(self.add_level)
        head.addSpacing(4)
        self._views = QButtonGroup(self)
        for text, name in (
            (self.tr("density"), self.tr("Show the density")),
            (self.tr("cdf"), self.tr("Show the cdf, the probability up to y")),
        ):
            button = QToolButton(self)
            button.setObjectName("layer")
            button.setText(text)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setCheckable(True)
            self._views.addButton(button, len(self._views.buttons()))
            head.addWidget(button)
        self._views.button(0).setChecked(True)
        self._views.idClicked.connect(lambda place: self.plot.show_cdf(is_cdf=bool(place)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(head)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.interval)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_title(self, text: str, name: str = "") -> None:
        """Show what is read, while nothing is pointed at; ``name``, from a file, stands for "{name}" in it."""
        if (text, name) != (self._title, self._title_name):
            self._title, self._title_name = text, name
            self._show_line()

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the target's range as the axis."""
        self.plot.show_dataset(dataset)

    def show_reading(self, reading: Reading | None) -> None:
        """Draw the density at x, or nothing."""
        self._reading = reading
        self.plot.show_reading(reading)
        self.interval.set_threshold_possible(possible=reading is not None)

    def show_pins(self, pins: tuple[Pin, ...]) -> None:
        """Draw the density of each pin as an outline with its name."""
        self.plot.show_pins(pins)

    def show_nearby(self, targets: FloatArray | None) -> None:
        """Draw the targets [R] of the rows near x, data units; None takes them away."""
        self.plot.show_nearby(targets)

    def show_questions(self, questions: Questions) -> None:
        """Take the interval, the mass of the highest-density region."""
        self._questions = questions
        self.interval.show_questions(questions)
        self.plot.show_questions(questions)

    def type_interval(self) -> None:
        """Give the keyboard to the upper end of the interval."""
        self.interval.high.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.interval.high.selectAll()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.plot.show_theme(theme)

    # -- a person -----------------------------------------------------------------------------------------------------

    @Slot(object)
    def _ask(self, questions: Questions) -> None:
        self.show_questions(questions)
        self.questions_changed.emit(questions)

    @Slot(float, float)
    def _ask_ends(self, low: float, high: float) -> None:
        self._ask(replace(self._questions, low=low, high=high))

    @Slot()
    def _ask_threshold(self) -> None:
        mode = self.plot.highest_mode()
        if mode is not None:
            self.interval.high.setFocus()
            self._ask_ends(-math.inf, self.plot.rounded(mode))

    @Slot(object, int)
    def _step(self, key: str, pixels: int) -> None:
        """Move an end by pixels, as long as the interval stays one; an end that is not there begins at the mode."""
        ends = {"low": self._questions.low, "high": self._questions.high}
        start = ends[key] if math.isfinite(ends[key]) else self.plot.highest_mode()
        if start is not None:
            step = pixels if math.isfinite(ends[key]) else 0
            ends[key] = self.plot.rounded(start + step * self.plot.pixel)
            if ends["low"] < ends["high"]:
                self._ask_ends(**ends)

    @Slot()
    def _request_level(self) -> None:
        level = self.plot.level
        if level is not None:
            self.level_requested.emit(level)

    # -- what is told -------------------------------------------------------------------------------------------------

    @Slot(str, object)
    def _show_told(self, text: str, level: float | None) -> None:
        self._told = text
        self._show_line()
        has_level = level is not None
        if self.add_level.isHidden() is has_level:
            self.add_level.setVisible(has_level)
        probability = self.plot.probability
        self.interval.show_probability(probability)
        self._describe(probability)

    def _show_line(self) -> None:
        if self._told:
            self._line.show_named(self._told, "")
        else:
            self._line.show_named(self._title, self._title_name)

    def _describe(self, probability: float | None) -> None:
        """State in words what the plot shows."""
        parts = [self._told, self.plot.peak_text]
        if probability is not None:
            parts.append(self.tr("probability of the interval {stated}").format(stated=is_probability(probability)))
        self.plot.describe("; ".join(part for part in parts if part))
