"""One input that is held: its name, where it is held, how its values are spread."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from mdn_gui.core.encoding import Encoding
from mdn_gui.core.histogram import Histogram, levels_of
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.dates import date_text, parsed_value
from mdn_gui.ui.inputs.level_bars import LevelBars
from mdn_gui.ui.inputs.slider import STEPS, HistogramSlider
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import decimals_for, fixed, precise, tabular
from mdn_gui.ui.texts import tip_text

_LABEL_WIDTH, _BOX_WIDTH = 60, 74


def _tr(text: str) -> str:
    return QCoreApplication.translate("HeldInputs", text)


class InputRow:
    """Name, slider on a histogram, value of one column; of a category bars by level, a list of the levels.

    Parameters
    ----------
    encoding : Encoding
        What the values mean.
    parent : QWidget
        Receives the widgets.
    choose : callable
        Called with a value that the person has chosen in a box or a list.
    slide : callable
        Called with a value each time the slider moves.
    """

    def __init__(
        self,
        encoding: Encoding,
        parent: QWidget,
        choose: Callable[[float], object],
        slide: Callable[[float], object],
    ) -> None:
        self._encoding, self._choose, self._slide = encoding, choose, slide
        self._low = self._high = self._value = 0.0
        self._decimals = 4
        self._is_stale = True
        self._is_visible = True
        self.label = ElidedLabel(parent, "muted")
        self.label.show_text(encoding.label)
        self.label.setMinimumWidth(_LABEL_WIDTH)
        self.levels: QComboBox | None = None
        self.slider, self.box = HistogramSlider(parent), QLineEdit(parent)
        self.bars = LevelBars(parent)
        self._category = QWidget(parent)
        levels = levels_of(encoding)
        if levels:
            self.levels = self._made_list(levels)
        self._set_up_number()
        for widget in (self.slider, self.box) if self.levels is None else (self.bars, self.levels):
            widget.setAccessibleName(encoding.label)

    def _set_up_number(self) -> None:
        self.box.setFont(tabular(self.box.font()))
        self.box.setFixedWidth(_BOX_WIDTH)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.editingFinished.connect(self._take_text)
        self.slider.valueChanged.connect(self._take_slider)
        calm(self.slider)

    def _made_list(self, levels: tuple[str, ...]) -> QComboBox:
        made = QComboBox(self._category)
        made.addItems(list(levels))
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(6)
        made.currentIndexChanged.connect(self._take_level)
        calm(made)
        layout = QHBoxLayout(self._category)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.bars, 1)
        layout.addWidget(made, 2)
        self.bars.pressed.connect(made.setCurrentIndex)
        return made

    def add_to(self, grid: QGridLayout, line: int, column: int) -> None:
        """Take a line of a grid, from a column on."""
        grid.addWidget(self.label, line, column)
        if self.levels is not None:
            grid.addWidget(self._category, line, column + 1, 1, 2)
        else:
            grid.addWidget(self.slider, line, column + 1)
            grid.addWidget(self.box, line, column + 2)
        self._show_parts()

    def set_visible(self, *, visible: bool) -> None:
        """Show or hide the line."""
        if visible is not self._is_visible:
            self._is_visible = visible
            self._show_parts()

    def _show_parts(self) -> None:
        is_number = self.levels is None
        self.label.setVisible(self._is_visible)
        self._category.setVisible(self._is_visible and not is_number)
        for widget in (self.slider, self.box):
            widget.setVisible(self._is_visible and is_number)

    def show_range(self, low: float, high: float) -> None:
        """Let the slider reach from the least to the greatest of the values in the data; forget the bars of others."""
        self._low, self._high, self._is_stale = low, high, True
        self._decimals = decimals_for(high - low)
        self.slider.setEnabled(high > low)
        self.slider.setToolTip("" if high > low else _tr("Constant in the data: there is no range to move over"))
        self.show_histogram(None)

    def show_histogram(self, histogram: Histogram | None) -> None:
        """Show how the values are spread, or nothing of it."""
        (self.slider if self.levels is None else self.bars).show_histogram(histogram)

    def show_value(self, value: float) -> None:
        """Show where the column is held; nothing is done where that is shown already."""
        if value == self._value and not self._is_stale:
            return
        self._value, self._is_stale = value, False
        if self.levels is not None:
            with QSignalBlocker(self.levels):
                self.levels.setCurrentIndex(int(value))
            self.levels.setToolTip(tip_text(self.levels.currentText()))
            self.bars.show_level(int(value))
            return
        self._show_number(value)

    def _show_number(self, value: float) -> None:
        width = self._high - self._low
        if not self.slider.isSliderDown():  # else the handle is where the mouse is
            share = (value - self._low) / width if width > 0 else 0.0
            with QSignalBlocker(self.slider):
                self.slider.setValue(round(STEPS * min(max(share, 0.0), 1.0)))
            self.slider.update()
        if not self.box.hasFocus() or not self.box.isModified():
            self.box.setText(fixed(value, self._decimals))
        self._mark(outside=not self._low <= value <= self._high)
        self.box.setToolTip(self._range_text(value))

    def _mark(self, *, outside: bool) -> None:
        self.slider.set_outside(outside=outside)
        if bool(self.box.property("wrong")) is not outside:
            self.box.setProperty("wrong", outside)
            self.box.style().unpolish(self.box)
            self.box.style().polish(self.box)

    def _range_text(self, value: float) -> str:
        outside = not self._low <= value <= self._high
        text = _tr("Outside the data: {low} to {high}") if outside else _tr("In the data: {low} to {high}")
        low, high = (date_text(end, self._encoding) or precise(end) for end in (self._low, self._high))
        date = date_text(value, self._encoding)
        return (f"{date} · " if date else "") + text.format(low=low, high=high)

    def _take_slider(self, step: int) -> None:
        self.box.setModified(False)
        ends = {0: self._low, STEPS: self._high}
        self._slide(ends.get(step, self._low + step / STEPS * (self._high - self._low)))

    def _take_level(self, level: int) -> None:
        self._choose(float(level))

    def _take_text(self) -> None:
        if not self.box.isModified():
            return
        self.box.setModified(False)
        value = parsed_value(self.box.text(), self._encoding)
        if value is None or value == self._value:
            self._is_stale = True
            self.show_value(self._value)
        else:
            self._choose(value)
