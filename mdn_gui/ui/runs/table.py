"""The list of runs as a person sees it: sorted, selected, acted on with mouse, with keys."""

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QLineEdit, QTableView, QWidget

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.runs.columns import EDITED, Place
from mdn_gui.ui.runs.delegate import RunsDelegate
from mdn_gui.ui.runs.model import SORTED, RunsModel
from mdn_gui.ui.runs.shown import RunsShown
from mdn_gui.ui.runs.thumbnails import SIZE, Thumbnails
from mdn_gui.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_FIXED = {Place.STAR: 30, Place.OVERLAY: 22, Place.MARK: 18, Place.PICTURE: SIZE.width() + 6}
_PADDING, _NARROWEST, _WIDEST, _WIDEST_NAME = 16, 36, 170, 150
_ROWS_MEASURED = 40
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_KEYS = _ENTER | {Qt.Key.Key_Delete, Qt.Key.Key_Space, Qt.Key.Key_S, Qt.Key.Key_F2}
_PLAIN = frozenset({Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier})
_EDITING = QAbstractItemView.State.EditingState


class RunsTable(QTableView):
    """One row a run.

    Parameters
    ----------
    thumbnails : Thumbnails
        Their pictures.
    parent : QWidget, optional
        Owner.
    """

    selected_changed = Signal()
    """Other runs are selected."""
    show_requested = Signal()
    """Enter, or a double-click: the current run."""
    overlay_requested = Signal()
    """Space: the selected runs."""
    star_requested = Signal()
    """S: the selected runs."""
    delete_requested = Signal()
    """Del: the selected runs."""
    notes_requested = Signal()
    """Notes of several lines shall be written, for which there is no room here."""
    ticked = Signal(int, bool)
    """A box was clicked: number of the run, what it shall be."""
    starred = Signal(int, bool)
    """A star was clicked: number of the run, what it shall be."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = RunsModel(self)
        self._given: dict[int, int] = {}
        self._is_steered = False
        self._delegate = RunsDelegate(self.runs, thumbnails, self)
        self.setItemDelegate(self._delegate)
        self.setModel(self.runs)
        self.setObjectName("runs")
        self.setAccessibleName(self.tr("Runs"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.SelectedClicked)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(max(SIZE.height() + 4, self.fontMetrics().height() + 8))
        self._build_header()
        thumbnails.ready.connect(self.viewport().update)
        self.clicked.connect(self._take_click)
        self.doubleClicked.connect(self._take_double_click)
        self.selectionModel().selectionChanged.connect(self._tell)

    def _build_header(self) -> None:
        header = self.horizontalHeader()
        # of its own, always empty: painting a header asks whether every row below it is selected
        header.setSelectionModel(QItemSelectionModel(self.runs, self))
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(min(_FIXED.values()))
        for place, width in _FIXED.items():
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(place, width)
        header.setSortIndicator(Place.NUMBER, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        header.setSortIndicatorShown(False)  # it would stand on the title, which tells it in words

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_runs(self, shown: RunsShown) -> None:
        """Show these runs; those that were selected stay so."""
        self.runs.show_runs(shown)
        self.viewport().update()
        self.widen()

    def show_filter(self, text: str) -> None:
        """Show the runs with this text in their name or notes."""
        numbers = [run.number for run in self.selected()]
        self.runs.show_filter(text)
        self.select(numbers)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.runs.show_theme(theme)
        self._delegate.show_theme(theme)
        self.viewport().update()

    # -- what is selected ---------------------------------------------------------------------------------------------

    def selected(self) -> tuple[TrainingRun, ...]:
        """Return the selected runs from top to bottom."""
        rows = sorted(
            row for part in self.selectionModel().selection().toList() for row in range(part.top(), part.bottom() + 1)
        )
        return tuple(run for run in map(self.runs.run_at, rows) if run is not None)

    def select(self, numbers: list[int]) -> None:
        """Select runs that are listed; the first of them becomes the current one."""
        rows = [row for row in map(self.runs.row_of, numbers) if row >= 0]
        selection = QItemSelection()
        for row in rows:
            selection.select(self.runs.index(row, 0), self.runs.index(row, len(Place) - 1))
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            index = self.runs.index(rows[0], Place.NAME)
            self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
            self.scrollTo(index)
        self.selectionModel().select(selection, flags.ClearAndSelect)

    def rename(self) -> None:
        """Let a person write the name of the current run."""
        self._edit(Place.NAME)

    def commit(self) -> None:
        """Give on what is being written in the list."""
        editor = self.viewport().findChild(QLineEdit)
        if self.state() == _EDITING and editor is not None:
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _edit(self, place: Place) -> None:
        index = self.runs.index(self.currentIndex().row(), place)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._is_steered = True
            self.setCurrentIndex(index)
            self.edit(index)
            self._is_steered = False
        elif index.isValid():
            self.notes_requested.emit()

    # -- a person -----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys of this table from the actions of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a row into sight; sideways only with a person's keys, so that the marks at the left stay."""
        bar = self.horizontalScrollBar()
        place = bar.value()
        super().scrollTo(index, hint)
        if not self._is_steered:
            bar.setValue(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the selected runs; everything else moves in the table."""
        if self.state() == _EDITING or not _is_own(event):
            self._is_steered = True
            super().keyPressEvent(event)
            self._is_steered = False
        elif event.key() == Qt.Key.Key_F2:
            self._edit(Place.NOTES if self.currentIndex().column() == Place.NOTES else Place.NAME)
        elif event.key() in _ENTER:
            self.show_requested.emit()
        else:
            {
                Qt.Key.Key_Delete: self.delete_requested,
                Qt.Key.Key_Space: self.overlay_requested,
                Qt.Key.Key_S: self.star_requested,
            }[Qt.Key(event.key())].emit()

    @Slot(QModelIndex)
    def _take_click(self, index: QModelIndex) -> None:
        run = self.runs.run_at(index.row())
        if run is not None and index.column() == Place.STAR:
            self.starred.emit(run.number, not run.is_starred)
        elif run is not None and index.column() == Place.OVERLAY:
            self.ticked.emit(run.number, run.number not in self.runs.shown.ticked)

    @Slot(QModelIndex)
    def _take_double_click(self, index: QModelIndex) -> None:
        if index.column() == Place.NOTES:
            self._edit(Place.NOTES)
        elif index.column() not in {Place.STAR, Place.OVERLAY}:
            self.show_requested.emit()

    @Slot()
    def _tell(self, *_: object) -> None:
        self.selected_changed.emit()

    # -- sizes --------------------------------------------------------------------------------------------------------

    def widen(self) -> None:
        """Give each column room for its title, for the texts of its first rows; what a person has dragged stays."""
        advance, titles = self.fontMetrics().horizontalAdvance, self.horizontalHeader().fontMetrics().horizontalAdvance
        for place in Place:
            if place in _FIXED or self.columnWidth(place) != self._given.get(place, self.columnWidth(place)):
                continue
            title = titles(self.runs.title(place) + SORTED[0])
            texts = [advance(text) for text in self.runs.texts(place, _ROWS_MEASURED)]
            most = _WIDEST_NAME if place in EDITED else _WIDEST
            needed = min(max([title, *texts, _NARROWEST - _PADDING]) + _PADDING, most)
            if self._given.get(place) != needed:
                self.setColumnWidth(place, needed)
                self._given[place] = needed

    def sizeHint(self) -> QSize:
        """Return room for a few runs."""
        return QSize(640, 180)


def _is_own(event: QKeyEvent) -> bool:
    return event.key() in _KEYS and event.modifiers() in _PLAIN
