"""The inputs that are not on the axis: where each is held."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QScrollArea, QSlider, QWidget

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.reading import Line
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.dates import date_text, parsed_value
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import decimals_for, fixed, precise, tabular

_STEPS = 1000
_LABEL_WIDTH, _SLIDER_WIDTH, _BOX_WIDTH = 60, 56, 74
_ROW_WIDTH, _GAP = 240, 16
MOST_SHOWN = 200
"""Columns that have a row of their own; of more, the first ones."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("HeldInputs", text)


class HeldInputs(QScrollArea):
    """Which input column is on the axis; for each of the others its name, a slider over its range, its value."""

    axis_chosen = Signal(int)
    """Column counted from 0."""
    value_chosen = Signal(int, float)
    """Column counted from 0, value in data units; of a category the number of the level."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Other inputs"))
        self._encodings: tuple[Encoding, ...] = ()
        self.rows: list[_Row] = []
        self.axis = QComboBox(self)
        self.axis.hide()
        self._axis_label = QLabel(self)
        self._axis_label.hide()
        self._grid = QGridLayout()
        self._laid_out = (0, 0)
        """Columns side by side, the input on the axis."""

    def show_dataset(self, dataset: Dataset) -> None:
        """Make a row for each column of a data set; the same columns keep theirs, with new ranges."""
        encodings = dataset.encodings[:MOST_SHOWN]
        if encodings != self._encodings:
            self._encodings = encodings
            self._make_rows(encodings)
        for place, row in enumerate(self.rows):
            row.show_range(dataset.column(place))

    def show_line(self, line: Line) -> None:
        """Show where each column is held; hide the one that moves."""
        with QSignalBlocker(self.axis):
            self.axis.setCurrentIndex(line.place)
        self._lay_out(line.place)
        for place, row in enumerate(self.rows):
            row.set_visible(visible=place != line.place)
            row.show_value(float(line.held[place]))

    def _make_rows(self, encodings: Sequence[Encoding]) -> None:
        content = QWidget(self)
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(14, 6, 12, 8)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self._axis_label = self._made_axis_label(content)
        self._made_axis(encodings, content)
        self.rows = [_Row(encoding, content) for encoding in encodings]
        for place, row in enumerate(self.rows):
            row.chosen = partial(self.value_chosen.emit, place)
        self.setWidget(content)
        self._laid_out = (0, 0)
        self._lay_out(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many rows beside each other as there is room for."""
        super().resizeEvent(event)
        self._lay_out(self._laid_out[1])

    def _lay_out(self, on_axis: int) -> None:
        columns = max(self.viewport().width() // _ROW_WIDTH, 1)
        if not self.rows or self._laid_out == (columns, on_axis):
            return
        self._laid_out = (columns, on_axis)
        held = [row for place, row in enumerate(self.rows) if place != on_axis]
        lines = -(-(len(held) + 1) // columns)
        self._grid.addWidget(self._axis_label, 0, 0)
        self._grid.addWidget(self.axis, 0, 1, 1, 2)
        for place, row in enumerate(held, start=1):
            row.add_to(self._grid, place % lines, 4 * (place // lines))
        for column in range(4 * columns):
            self._grid.setColumnStretch(column, (2, 3, 0, 0)[column % 4])
            self._grid.setColumnMinimumWidth(column, _GAP if column % 4 == 3 and column < 4 * columns - 1 else 0)
        for line in range(self._grid.rowCount()):
            self._grid.setRowStretch(line, int(line == lines))
        self._grid.setRowStretch(lines, 1)

    def _made_axis(self, encodings: Sequence[Encoding], parent: QWidget) -> QComboBox:
        self.axis = QComboBox(parent)
        self.axis.setAccessibleName(self.tr("Input on the x axis"))
        self.axis.setToolTip(self.tr("This input is on the x axis; the others are held where they stand below"))
        self.axis.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.axis.setMinimumContentsLength(6)
        self.axis.addItems([encoding.label for encoding in encodings])
        self.axis.activated.connect(self.axis_chosen)
        calm(self.axis)
        return self.axis

    def _made_axis_label(self, parent: QWidget) -> QLabel:
        label = QLabel(self.tr("on the axis"), parent)
        label.setObjectName("muted")
        return label


class _Row:
    """Name, slider, value of one column; a list of levels in place of the last two for a category."""

    def __init__(self, encoding: Encoding, parent: QWidget) -> None:
        self.chosen: partial[None] | None = None
        self._encoding = encoding
        self._low = self._high = 0.0
        self._decimals = 4
        self._label = ElidedLabel(parent, "muted")
        self._label.show_text(encoding.label)
        self._label.setMinimumWidth(_LABEL_WIDTH)
        levels = encoding.levels or (("false", "true") if encoding.kind is ColumnKind.BOOLEAN else ())
        self.levels = QComboBox(parent) if levels else None
        self.slider = QSlider(Qt.Orientation.Horizontal, parent)
        self.box = QLineEdit(parent)
        self.box.setFont(tabular(self.box.font()))
        self.box.setFixedWidth(_BOX_WIDTH)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slider.setRange(0, _STEPS)
        self.slider.setMinimumWidth(_SLIDER_WIDTH)
        if self.levels is not None:
            self.levels.addItems(list(levels))
            self.levels.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            self.levels.setMinimumContentsLength(6)
            self.levels.currentIndexChanged.connect(self._take_level)
            calm(self.levels)
        for widget in self._editors:
            widget.setAccessibleName(encoding.label)
        calm(self.slider)
        self.slider.valueChanged.connect(self._take_slider)
        self.box.editingFinished.connect(self._take_text)
        self._value = 0.0

    @property
    def _editors(self) -> tuple[QWidget, ...]:
        return (self.slider, self.box) if self.levels is None else (self.levels,)

    def add_to(self, grid: QGridLayout, line: int, column: int) -> None:
        """Take a line of a grid, from a column on."""
        grid.addWidget(self._label, line, column)
        if self.levels is not None:
            grid.addWidget(self.levels, line, column + 1, 1, 2)
            self.slider.hide()
            self.box.hide()
        else:
            grid.addWidget(self.slider, line, column + 1)
            grid.addWidget(self.box, line, column + 2)

    def set_visible(self, *, visible: bool) -> None:
        """Show or hide the line."""
        for widget in (self._label, *self._editors):
            widget.setVisible(visible)

    def show_range(self, values: FloatArray) -> None:
        """Let the slider reach from the least to the greatest of the values in the data."""
        self._low, self._high = float(values.min()), float(values.max())
        self._decimals = decimals_for(self._high - self._low)

    def show_value(self, value: float) -> None:
        """Show where the column is held."""
        self._value = value
        if self.levels is not None:
            with QSignalBlocker(self.levels):
                self.levels.setCurrentIndex(int(value))
            return
        width = self._high - self._low
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(_STEPS * (value - self._low) / width) if width > 0 else 0)
        if not self.box.hasFocus() or not self.box.isModified():
            self.box.setText(fixed(value, self._decimals))
        outside = not self._low <= value <= self._high
        self.box.setProperty("wrong", outside)
        tip = _tr("Outside the data: {low} to {high}") if outside else _tr("In the data: {low} to {high}")
        low, high = (date_text(end, self._encoding) or precise(end) for end in (self._low, self._high))
        date = date_text(value, self._encoding)
        self.box.setToolTip((f"{date} · " if date else "") + tip.format(low=low, high=high))
        self.box.style().unpolish(self.box)
        self.box.style().polish(self.box)

    def _take_slider(self, step: int) -> None:
        self.box.setModified(False)
        ends = {0: self._low, _STEPS: self._high}
        self._choose(ends.get(step, self._low + step / _STEPS * (self._high - self._low)))

    def _take_level(self, level: int) -> None:
        self._choose(float(level))

    def _take_text(self) -> None:
        if not self.box.isModified():
            return
        self.box.setModified(False)
        value = parsed_value(self.box.text(), self._encoding)
        if value is None:
            self.show_value(self._value)
        else:
            self._choose(value)

    def _choose(self, value: float) -> None:
        if self.chosen is not None:
            self.chosen(value)
