"""The inputs that are not on the axis: where each is held."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.histogram import Histogram, column_range, histograms_of
from mdn_gui.core.reading import Line
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.inputs.row import InputRow
from mdn_gui.ui.inputs.row_box import RowBox

_ROW_WIDTH, _GAP = 240, 16
_FEW_VALUES = 50_000
"""So many are counted at once; more in a pool thread."""
MOST_SHOWN = 200
"""Columns that have a row of their own; of more, the first ones."""

_DONE = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}


class HeldInputs(QScrollArea):
    """Which input column is on the axis; for each of the others its name, a slider on its histogram, its value.

    While a slider moves, one value is sent in each turn of the event loop, the newest.
    """

    axis_chosen = Signal(int)
    """Column counted from 0."""
    value_chosen = Signal(int, float)
    """Column counted from 0, value in data units; of a category the number of the level."""
    row_requested = Signal(int)
    """Number of the row of the table whose values every input shall have, counted from 1."""
    middle_requested = Signal()
    done = Signal()
    """Enter or Escape in the list of inputs: the keyboard goes back to the plot."""
    """Every input shall be held in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Other inputs"))
        self._encodings: tuple[Encoding, ...] = ()
        self.rows: list[InputRow] = []
        self.axis, self.row_box = QComboBox(self), RowBox(self)
        for widget in (self.axis, self.row_box):
            widget.hide()
        self._labels: tuple[QLabel, ...] = ()
        self._grid = QGridLayout()
        self._laid_out = (0, 0)
        """Columns side by side, the input on the axis."""
        self._slid: dict[int, float] = {}
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._send_slid)
        self._counting = NewestJob(self)
        self._counting.finished.connect(self._show_histograms)

    def show_dataset(self, dataset: Dataset) -> None:
        """Make a row for each column of a data set; the same columns keep theirs, with new ranges."""
        encodings = dataset.encodings[:MOST_SHOWN]
        if encodings != self._encodings:
            self._encodings = encodings
            self._make_rows(encodings)
        for place, row in enumerate(self.rows):
            row.show_range(*column_range(dataset, place))
        self.row_box.show_num_rows(len(dataset))
        self._counting.drop()
        if len(dataset) * len(encodings) <= _FEW_VALUES:
            self._show_histograms(histograms_of(dataset, len(encodings)))
        else:
            self._counting.start(partial(_counted, dataset, len(encodings)))

    def show_num_rows(self, count: int) -> None:
        """Take how many rows the table has, whose numbers the row box takes; at first those of the data set."""
        self.row_box.show_num_rows(count)

    @Slot(object)
    def show_row(self, row: int | None) -> None:
        """Tell which row of the table has the values that are held, counted from 1; None where none has."""
        self.row_box.show_row(row)

    def show_line(self, line: Line) -> None:
        """Show where each column is held; hide the one that moves."""
        if self.axis.currentIndex() != line.place:
            with QSignalBlocker(self.axis):
                self.axis.setCurrentIndex(line.place)
        self._lay_out(line.place)
        for place, row in enumerate(self.rows):
            row.set_visible(visible=place != line.place)
            row.show_value(float(line.held[place]))

    def shut_down(self) -> None:
        """Wait for the thread that counts many rows."""
        self._counting.shut_down()

    @Slot(object)
    def _show_histograms(self, histograms: tuple[Histogram, ...] | None) -> None:
        for row, histogram in zip(self.rows, histograms or (), strict=False):
            row.show_histogram(histogram)

    # -- sliders ------------------------------------------------------------------------------------------------------

    def _slide(self, place: int, value: float) -> None:
        """Send a value at once, or with the next turn where one has been sent in this turn."""
        self._slid[place] = value
        if not self._turn.isActive():
            self._send_slid()

    @Slot()
    def _send_slid(self) -> None:
        slid, self._slid = self._slid, {}
        if slid:
            self._turn.start(0)
        for place, value in slid.items():
            self.value_chosen.emit(place, value)

    # -- layout -------------------------------------------------------------------------------------------------------

    def _make_rows(self, encodings: Sequence[Encoding]) -> None:
        self._slid = {}
        content = QWidget(self)
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(14, 6, 12, 8)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(3)
        self.axis = self._made_axis(encodings, content)
        self.row_box = self._made_row_box(content)
        self._labels = tuple(QLabel(text, content) for text in (self.tr("on the axis"), self.tr("values of row")))
        for label in self._labels:
            label.setObjectName("muted")
        self.rows = [
            InputRow(encoding, content, partial(self.value_chosen.emit, place), partial(self._slide, place))
            for place, encoding in enumerate(encodings)
        ]
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
        lines = -(-(len(held) + 2) // columns)
        for place, (label, editor) in enumerate(zip(self._labels, (self.axis, self.row_box), strict=True)):
            self._grid.addWidget(label, place % lines, 4 * (place // lines))
            self._grid.addWidget(editor, place % lines, 4 * (place // lines) + 1, 1, 2)
        for place, row in enumerate(held, start=2):
            row.add_to(self._grid, place % lines, 4 * (place // lines))
        for column in range(self._grid.columnCount()):
            is_used, part = column < 4 * columns, column % 4
            self._grid.setColumnStretch(column, (2, 3, 0, 0)[part] if is_used else 0)
            self._grid.setColumnMinimumWidth(column, _GAP if part == 3 and column < 4 * columns - 1 else 0)
        for line in range(self._grid.rowCount()):
            self._grid.setRowStretch(line, int(line == lines))
        self._grid.setRowStretch(lines, 1)

    def _made_axis(self, encodings: Sequence[Encoding], parent: QWidget) -> QComboBox:
        made = QComboBox(parent)
        made.setAccessibleName(self.tr("Input on the x axis"))
        made.setToolTip(self.tr("This input is on the x axis; the others are held where they stand below"))
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(6)
        made.addItems([encoding.label for encoding in encodings])
        made.activated.connect(self.axis_chosen)
        made.installEventFilter(self)
        calm(made)
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the list of inputs at Enter, at Escape."""
        is_press = watched is self.axis and event.type() == QEvent.Type.KeyPress
        if is_press and isinstance(event, QKeyEvent) and event.key() in _DONE:
            self.done.emit()
            return True
        return super().eventFilter(watched, event)

    def _made_row_box(self, parent: QWidget) -> RowBox:
        made = RowBox(parent)
        made.row_requested.connect(self.row_requested)
        made.middle_requested.connect(self.middle_requested)
        return made


def _counted(dataset: Dataset, count: int, watch: Watch) -> tuple[Histogram, ...] | None:
    return histograms_of(dataset, count, watch.is_cancelled)
