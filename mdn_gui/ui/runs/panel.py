"""The panel of the runs: the list, what is known of the selected one."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from mdn_gui.files.tables import DataTable
from mdn_gui.ui.labels import plain_label
from mdn_gui.ui.numbers import grouped
from mdn_gui.ui.runs.actions import RunActions
from mdn_gui.ui.runs.details import RunDetails
from mdn_gui.ui.runs.shown import RunsShown
from mdn_gui.ui.runs.table import RunsTable
from mdn_gui.ui.runs.taken_out import runs_table
from mdn_gui.ui.runs.thumbnails import Thumbnails
from mdn_gui.ui.theme import Theme

_EVERYTHING = 900
"""Logical pixels of the list, to begin with; what a wider panel has more goes to it."""
_FILTERED_FROM = 11
"""Fewer runs are seen at a glance."""


class RunsPanel(QWidget):
    """Every run: sorted, starred, named, noted, laid over the one shown, deleted, continued."""

    show_requested = Signal(int)
    """Number of the run whose fit a person wants to see."""
    tick_requested = Signal(int, bool)
    """Number of a run, whether it is laid over the one shown."""
    star_requested = Signal(int, bool)
    """Number of a run, whether it has a star."""
    renamed = Signal(int, str)
    """Number of a run, its name on one line, at most 200 characters; empty takes it away."""
    noted = Signal(int, str)
    """Number of a run, what a person writes about it."""
    delete_requested = Signal(object)
    """Tuple of int: numbers of the runs that shall go."""
    settings_requested = Signal(int)
    """Number of the run whose settings the next one shall have."""
    continue_requested = Signal(int)
    """Number of the run that shall be trained further."""
    compare_requested = Signal(object)
    """Number of the run whose difference is drawn, or None for no difference."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = Thumbnails(self)
        self.table = RunsTable(self._thumbnails, self)
        self.actions_of_runs = RunActions(self)
        self.details = RunDetails(self.actions_of_runs, self)
        self.table.addActions(self.actions_of_runs.all(self.table))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._build()
        self._connect()
        self.show_runs(RunsShown())

    def _build(self) -> None:
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText(self.tr("Name or notes contain …"))
        self._filter.setAccessibleName(self.tr("Show the runs whose name or notes contain"))
        self._filter.setClearButtonEnabled(True)
        self._filter.setMaximumWidth(260)
        self._count = QLabel(self)
        self._count.setObjectName("muted")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._filter, 1)
        row.addWidget(self._count)
        row.addStretch(1)
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.details)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setHandleWidth(6)
        self._splitter.setSizes([_EVERYTHING, self.details.sizeHint().width()])
        self._empty = plain_label(self, "muted")
        self._empty.setText(self.tr("No runs yet. Press Train (F5): every training is kept here, to be found again."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 10, 6)
        layout.addWidget(self._pages)

    def _connect(self) -> None:
        actions, table = self.actions_of_runs, self.table
        for intent, answer in (
            (actions.show_requested, self.show_requested),
            (actions.tick_requested, self.tick_requested),
            (actions.star_requested, self.star_requested),
            (actions.delete_requested, self.delete_requested),
            (actions.settings_requested, self.settings_requested),
            (actions.continue_requested, self.continue_requested),
            (actions.compare_requested, self.compare_requested),
            (table.ticked, self.tick_requested),
            (table.starred, self.star_requested),
            (table.runs.renamed, self.renamed),
            (table.runs.noted, self.noted),
            (self.details.noted, self.noted),
        ):
            intent.connect(answer)
        table.show_requested.connect(actions.show_selected)
        table.overlay_requested.connect(actions.toggle_overlay)
        table.star_requested.connect(actions.toggle_star)
        table.delete_requested.connect(actions.delete_selected)
        actions.rename_requested.connect(table.rename)
        for signal in (actions.notes_requested, table.notes_requested):
            signal.connect(self.details.notes.setFocus)
        table.selected_changed.connect(self._follow)
        self._filter.textChanged.connect(self._take_filter)

    # -- values in ----------------------------------------------------------------------------------------------------

    @Slot(object)
    def show_runs(self, shown: RunsShown) -> None:
        """Show these runs; one that has just become the one shown is selected."""
        before = self.table.runs.shown
        is_many = len(shown.runs) >= _FILTERED_FROM
        if not is_many and self._filter.text():
            self._filter.clear()
        self._filter.setVisible(is_many)
        self._count.setVisible(is_many)
        self._thumbnails.keep([run.model for run in shown.runs])
        self.table.show_runs(shown)
        self._pages.setCurrentIndex(1 if shown.runs else 0)
        if shown.shown != before.shown or not self.table.selected():
            self.table.select([shown.shown])
        self._follow()

    def show_state(self, *, is_running: bool) -> None:
        """Grey what cannot be done while a run is under way."""
        self.actions_of_runs.show_state(is_running=is_running)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._thumbnails.show_theme(theme)
        self.table.show_theme(theme)
        self.details.show_theme(theme)

    # -- values out ---------------------------------------------------------------------------------------------------

    def drawn_table(self) -> DataTable | None:
        """Return the runs listed, or those of several that are selected, with every digit; None without runs."""
        selected = self.table.selected()
        numbers = [run.number for run in selected] if len(selected) > 1 else self.table.runs.numbers
        shown = self.table.runs.shown
        return runs_table([run for run in map(shown.run, numbers) if run is not None], shown)

    def commit(self) -> None:
        """Give on what is being written: a name, notes."""
        self.table.commit()
        self.details.commit()

    def shut_down(self) -> None:
        """Return when every thread has ended."""
        self._thumbnails.shut_down()

    def sizeHint(self) -> QSize:
        """Return room for a few runs."""
        return QSize(900, 190)

    # -- inside -------------------------------------------------------------------------------------------------------

    @Slot(str)
    def _take_filter(self, text: str) -> None:
        self.table.show_filter(text)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Show the selected run; act on it."""
        selected, shown = self.table.selected(), self.table.runs.shown
        self.actions_of_runs.follow(selected, shown)
        self.details.show_run(selected[0] if len(selected) == 1 else None, shown, len(selected))
        listed, all_runs = self.table.runs.rowCount(), len(shown.runs)
        text = self.tr("{listed} of {count}").format(listed=grouped(listed), count=grouped(all_runs))
        self._count.setText(text if listed < all_runs else "")
