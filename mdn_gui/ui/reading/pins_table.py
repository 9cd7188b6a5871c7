"""The pins side by side: what is read at each of them, how two differ."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QElapsedTimer, QEvent, QItemSelection, QItemSelectionModel, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Reading
from mdn_gui.files.pins import pins_table
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.reading.pins_model import NAME, PinsModel
from mdn_gui.ui.theme import Theme

_PAUSE_MS, _LATEST_MS = 30, 500
"""Reading takes longer than a mouse move may: it follows when the mouse pauses, and now and then meanwhile."""
_REST_MS = 1000
"""So long everything stands still before columns become narrower."""
_PADDING, _NARROWEST, _WIDEST = 16, 48, 300
_KEYS = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter})


class PinsView(QTableView):
    """The rows with their look, the keys that act on them."""

    go_requested = Signal()
    """Enter, or a double-click."""
    removal_requested = Signal()
    """Del."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._given: dict[int, int] = {}
        self.setAccessibleName(self.tr("Pins"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultSectionSize(_NARROWEST)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.doubleClicked.connect(self._go)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of this table from the actions of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to a pin, take one away; everything else moves in the table."""
        if event.key() == Qt.Key.Key_Delete:
            self.removal_requested.emit()
        elif event.key() in _KEYS and self.state() != QAbstractItemView.State.EditingState:
            self.go_requested.emit()
        else:
            super().keyPressEvent(event)

    def widen(self, *, anew: bool = False) -> None:
        """Give each column room for its title and the longest text it has shown, so that no figure jumps."""
        advance, titles = self.fontMetrics().horizontalAdvance, self.horizontalHeader().fontMetrics().horizontalAdvance
        model = self.model()
        names = [str(model.headerData(k, Qt.Orientation.Horizontal) or "") for k in range(model.columnCount())]
        anew, self._names = anew or names != self._names, names  # the widths are those of other columns
        for column, name in enumerate(names):
            texts = (str(model.index(row, column).data() or "") for row in range(model.rowCount()))
            needed = min(max([titles(name), *map(advance, texts)]) + _PADDING, _WIDEST)
            if anew or needed > self.columnWidth(column):
                self.setColumnWidth(column, needed)
                self._given[column] = needed

    def tidy(self) -> None:
        """Give back the room of longer texts that are no longer shown, in columns that nobody has dragged."""
        for column, given in list(self._given.items()):
            if self.columnWidth(column) == given:
                self.setColumnWidth(column, _NARROWEST)
        self.widen()

    @Slot()
    def _go(self, *_: object) -> None:
        self.go_requested.emit()


class PinsTable(QWidget):
    """The pins with the cursor above them; two selected rows are compared.

    Nothing is read while it is hidden; the cursor is read when the mouse pauses, a pin once for each reading.
    """

    pin_chosen = Signal(str)
    """Name of the pin that a person wants to go to."""
    pin_removed = Signal(str)
    """Name of the pin that a person wants to be taken away."""
    pin_renamed = Signal(str, str)
    """Name of a pin, the name it shall have: not empty, not too long, no other's."""
    cleared = Signal()
    """Every pin shall be taken away."""
    copy_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pins: tuple[Pin, ...] = ()
        self._reading: Reading | None = None
        self._line: Line | None = None
        self._questions, self._target_name = Questions(), ""
        self.model = PinsModel(self)
        self.view = PinsView(self)
        self.view.setModel(self.model)
        self.view.selectionModel().selectionChanged.connect(self._compare)
        self.view.go_requested.connect(self._go)
        self.view.removal_requested.connect(self._remove)
        self.model.renamed.connect(self.pin_renamed)
        self._held, self._problem = ElidedLabel(self, "muted"), ElidedLabel(self, "error")
        self.model.name_refused.connect(self._show_problem)
        self.model.renamed.connect(partial(self._show_problem, ""))
        self._build()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._read_next)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.view.tidy)
        self._since_read = QElapsedTimer()
        self._since_read.start()
        self._refresh()

    def _build(self) -> None:
        self._empty = QLabel(self.tr("Press P or double-click the plot to pin an x."), self)
        self._empty.setObjectName("muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        row = QHBoxLayout()
        row.setContentsMargins(14, 4, 10, 6)
        row.setSpacing(6)
        row.addWidget(self._held, 1)
        row.addWidget(self._problem, 1)
        self._buttons: dict[str, QPushButton] = {}
        for key, text, tip, do in (
            ("copy", self.tr("Copy"), self.tr("Copy the table with all digits"), self.copy_requested.emit),
            ("save", self.tr("Save…"), self.tr("Save the table with all digits"), self.save_requested.emit),
            ("remove", self.tr("Remove"), self.tr("Take the selected pins away"), self._remove),
            ("clear", self.tr("Clear"), self.tr("Take every pin away"), self.cleared.emit),
        ):
            button = QPushButton(text, self)
            button.setToolTip(tip)
            button.clicked.connect(partial(_called, do))
            row.addWidget(button)
            self._buttons[key] = button
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._pages, 1)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the target from the data: its name, the digits it needs."""
        self._target_name = dataset.target_name
        self.model.show_spread(dataset.target_sd)
        self._follow(anew=True)

    @Slot(object)
    def show_pins(self, pins: tuple[Pin, ...], line: Line | None = None, target_name: str = "") -> None:
        """Show these pins; ``line`` is where the cursor moves, where that is not known from its reading."""
        self._pins, self._line = pins, line
        self._target_name = target_name or self._target_name
        self._refresh()

    @Slot(object)
    def show_reading(self, reading: Reading | None) -> None:
        """Show what is read at the cursor, a moment later."""
        had_cursor = self._cursor() is not None
        self._reading = reading
        if not self._pins or not self.isVisible():
            return
        cursor = self._cursor()
        if cursor is None or not had_cursor:
            self._refresh()
        else:
            self.model.show_cursor(cursor)
            self._follow()

    @Slot(object)
    def show_questions(self, questions: Questions) -> None:
        """Ask other questions."""
        self._questions = questions
        selected = self._selected_names()
        self.model.show_questions(questions)
        self._select(selected)
        self._follow(anew=True)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        selected = self._selected_names()
        self.model.show_theme(theme)
        self._select(selected)
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Read what was not read while hidden."""
        super().showEvent(event)
        self._refresh()

    def show_now(self) -> None:
        """Read everything at once, for a picture."""
        while (number := self.model.next_to_read()) is not None:
            self.model.read(number)
        self.view.widen()

    def table(self) -> DataTable | None:
        """Return cursor, pins, everything that is read there, exact; None without pins."""
        if not self._pins:
            return None
        cursor = self._cursor()
        places = self._pins if cursor is None else (cursor, *self._pins)
        return pins_table(places, self._questions, self._target_name)

    def sizeHint(self) -> QSize:
        """Return room for a few pins."""
        return QSize(800, 180)

    # -- a person -----------------------------------------------------------------------------------------------------

    def _selected_names(self) -> list[str]:
        places = self.model.places
        rows = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        return [places[row].name for row in rows if row < len(places)]

    def _select(self, names: list[str]) -> None:
        selection = QItemSelection()
        for row, place in enumerate(self.model.places):
            if place.name in names:
                index = self.model.index(row, NAME)
                selection.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)

    @Slot()
    def _compare(self, *_: object) -> None:
        """Show the difference of two selected rows."""
        self._show_problem("")
        names = self._selected_names()
        rows = [row for row, place in enumerate(self.model.places) if place.name in names]
        self.model.show_difference((rows[0], rows[1]) if len(rows) == 2 else None)
        pins = {pin.name for pin in self._pins}
        self._buttons["remove"].setEnabled(bool(pins & set(names)))
        self.view.widen()

    @Slot()
    def _go(self) -> None:
        row = self.view.currentIndex().row()
        if 0 <= row < len(self.model.places) and self.model.places[row] in self._pins:
            self.pin_chosen.emit(self.model.places[row].name)

    @Slot()
    def _remove(self) -> None:
        names = self._selected_names()
        for pin in self._pins:
            if pin.name in names:
                self.pin_removed.emit(pin.name)

    @Slot(str)
    def _show_problem(self, problem: str, *_: object) -> None:
        self._problem.show_text(problem)
        self._problem.setVisible(bool(problem))
        self._held.setVisible(not problem)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _cursor(self) -> Pin | None:
        """Return the cursor as a place, where it reads the columns of the pins."""
        reading = self._reading
        line = reading.line if reading is not None and reading.line is not None else self._line
        if reading is None or line is None or not self._pins or line.encodings != self._pins[0].line.encodings:
            return None
        return Pin(self.tr("cursor"), line, reading.x, reading)

    def _refresh(self) -> None:
        self._pages.setCurrentWidget(self.view if self._pins else self._empty)
        for button in self._buttons.values():
            button.setEnabled(bool(self._pins))
        if not self.isVisible():
            return
        selected, before = self._selected_names(), [place.name for place in self.model.places]
        self.model.show_places(self._cursor(), self._pins)
        self._show_held()
        self._select(selected)
        self._compare()
        self.view.widen(anew=before != [place.name for place in self.model.places])
        self._follow(anew=True)

    def _show_held(self) -> None:
        """Show inputs that are the same at every place in one line, where there is room for what differs."""
        held = self.model.held()
        for column in range(self.model.columnCount()):
            if self.view.isColumnHidden(column) is not (column in held):
                self.view.setColumnHidden(column, column in held)
        self._held.show_text(self.tr("everywhere: {values}").format(values=", ".join(held.values())) if held else "")

    def _follow(self, *, anew: bool = False) -> None:
        """Read what is not read yet, when the mouse pauses."""
        if anew:
            self._timer.start(0)
        elif not self._timer.isActive() or self._since_read.elapsed() < _LATEST_MS:
            self._timer.start(_PAUSE_MS)

    @Slot()
    def _read_next(self) -> None:
        """Read one row, so that the window is never held up for long."""
        number = self.model.next_to_read()
        if number is None or not self.isVisible():
            return
        self._since_read.start()
        self.model.read(number)
        self._show_held()
        self.view.widen()
        if self.model.next_to_read() is not None:
            self._timer.start(0)
        else:
            self._rest.start()


def _called(do: Callable[[], object], *_: object) -> None:
    do()
