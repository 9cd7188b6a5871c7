"""The data's side of the window: picked rows, remarks, the score on the test set."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.findings import Finding, Mend
from mdn_gui.core.score import Score
from mdn_gui.core.selection import RowArray, Selection
from mdn_gui.session.checking import DataChecker
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.session.scoring import Scorer
from mdn_gui.ui.data_panel import DataPanel
from mdn_gui.ui.file_notices import FileNotices
from mdn_gui.ui.texts import state_text

if TYPE_CHECKING:
    from mdn_gui.session.session import Session
    from mdn_gui.ui.main_window import MainWindow


class DataDesk(QObject):
    """Wires the table, the rows picked in it or in the plot, and what is known of the data to the session.

    Parameters
    ----------
    session : Session
        What is open.
    window : MainWindow
        Its plot, panels, notices show what is found.
    """

    picked_changed = Signal()
    """Other rows are picked, or none."""

    def __init__(self, session: "Session", window: "MainWindow") -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.panel = DataPanel(window)
        self.picked: RowArray = np.zeros(0, dtype=np.int64)
        """Rows of the table picked in the plot or in the table, ascending, counted from 0."""
        self._stale_notice: Notice | None = None
        self._reading_text = ""
        self.file = FileNotices(session.data, window)
        self._checker, self._scorer = DataChecker(parent=self), Scorer(self)
        self._connect_session()
        self._connect_views()

    def _connect_session(self) -> None:
        session = self._session
        session.selection_changed.connect(self._show_selection)
        session.settings_changed.connect(self._check)
        session.model_changed.connect(self._show_staleness)
        session.model_changed.connect(self._judge)
        session.data.table_changed.connect(self._forget_staleness)
        session.data.exclusion_lost.connect(self._tell_exclusion)
        session.data.file_requested.connect(self._show_reading)
        session.data.loader.progressed.connect(self._show_progress)
        session.data.reading_ended.connect(self._end_reading)
        session.data.file_opened.connect(self._remember_file)
        self._checker.checked.connect(self._window.setup_panel.checks.show_findings)
        self._scorer.changed.connect(self._show_score)

    def _connect_views(self) -> None:
        self.panel.rows_selected.connect(self._take_from_table)
        self.panel.exclude_requested.connect(self._session.exclude_rows)
        self.panel.restore_requested.connect(self._session.restore_rows)
        self._window.fit_plot.picker.rows_picked.connect(self._take_from_plot)
        self._window.setup_panel.checks.mend_requested.connect(self._mend)

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        for worker in (self._checker, self.file, self._scorer):
            worker.shut_down()

    # -- a file that is read ------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_reading(self, path: Path) -> None:
        self._reading_text = self.tr("Reading {name} …").format(name=path.name)
        self._window.status.show_state(self._reading_text, is_busy=True)

    @Slot(float)
    def _show_progress(self, share: float) -> None:
        self._window.status.show_progress(self._reading_text, share)

    @Slot()
    def _end_reading(self) -> None:
        if not self._session.state.is_running:
            self._window.status.show_state(state_text(self._session.state), is_busy=False)

    @Slot(object)
    def _remember_file(self, choice: ImportChoice) -> None:
        if not self._window.commands.is_pasted(choice.path):
            self._window.preferences.add_recent_file(choice.path)

    # -- rows ---------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_selection(self, selection: Selection) -> None:
        table = self._session.table
        if table is not None:
            self.panel.show_selection(table, selection)
        self._pick(np.zeros(0, dtype=np.int64))
        self._check()

    @Slot(object)
    def _take_from_plot(self, rows: RowArray) -> None:
        selection = self._session.selection
        if selection is not None and len(selection.rows):
            self._pick(selection.rows[rows])

    @Slot(object)
    def _take_from_table(self, rows: RowArray) -> None:
        self.picked = rows
        self._show_in_plot(rows)
        self.picked_changed.emit()

    def pick(self, rows: RowArray) -> None:
        """Show rows of the table as picked, in the table and in the plot."""
        self._show_in_plot(rows)
        self._pick(rows)

    def _pick(self, rows: RowArray) -> None:
        self.picked = rows
        self.panel.select_rows(rows)
        self.picked_changed.emit()

    def _show_in_plot(self, rows: RowArray) -> None:
        selection = self._session.selection
        if selection is not None:
            places = np.searchsorted(selection.rows, rows)
            is_drawn = places < len(selection.rows)
            is_drawn[is_drawn] = selection.rows[places[is_drawn]] == rows[is_drawn]
            self._window.fit_plot.picker.show_rows(places[is_drawn])

    # -- remarks on the data ------------------------------------------------------------------------------------------

    @Slot()
    def _check(self, *_: object) -> None:
        selection = self._session.selection
        if selection is not None:
            self._checker.follow(selection, self._session.model_config, self._session.training_config)

    @Slot(object)
    def _mend(self, finding: Finding) -> None:
        session, selection = self._session, self._session.selection
        if selection is None:
            return
        if finding.mend is Mend.EXCLUDE_ROWS:
            session.exclude_rows(finding.rows)
        elif finding.mend is Mend.SELECT_ROWS:
            self.pick(finding.rows)
            self._window.show_data()
        elif finding.mend is Mend.SET_COMPONENTS:
            config = replace(session.model_config, num_components=finding.num_components)
            session.configure(config, session.training_config)
        elif finding.mend is Mend.NO_TRANSFORM:
            session.configure(replace(session.model_config, target_transform="none"), session.training_config)
        elif finding.mend is Mend.DROP_INPUTS:
            inputs = [each.column for each in selection.dataset.encodings if each.column not in finding.columns]
            session.choose_columns(inputs, selection.target)

    # -- the score on the test set ------------------------------------------------------------------------------------

    @Slot()
    def _judge(self, *_: object) -> None:
        """Score the fit on the rows of the test, unless it may have learned from them when they were others."""
        session = self._session
        is_fair = session.selection is not None and session.fit_saw_these_rows
        self._scorer.follow(session.fitted if is_fair else None, session.selection.test if session.selection else None)

    @Slot(object)
    def _show_score(self, score: Score | None) -> None:
        self._window.setup_panel.show_score(score)

    # -- what holds no more -------------------------------------------------------------------------------------------

    @Slot(int)
    def _tell_exclusion(self, count: int) -> None:
        message = self.tr("{count} rows that were excluded by hand are used again.").format(count=count)
        hint = self.tr("The file holds other rows now. Exclude them anew where that is still wanted.")
        self._window.show_notice(Notice(message, hint, Severity.INFO))

    @Slot()
    def _forget_staleness(self, *_: object) -> None:
        """Say it anew of another table: for that the window has cleared its notices."""
        self._stale_notice = None

    @Slot()
    def _show_staleness(self, *_: object) -> None:
        """Say so where the fit that is shown learned from other rows than those that are open."""
        is_stale = not self._session.fit_saw_these_rows and not self._session.state.is_live
        if not is_stale and self._stale_notice is not None:
            self._window.notices.withdraw(self._stale_notice)
            self._stale_notice = None
        elif is_stale and self._stale_notice is None:
            message = self.tr("The fit has not seen the rows as they are now.")
            hint = self.tr("It is that of the rows before; it stays until the next run.")
            self._stale_notice = Notice(message, hint, Severity.INFO, action="train")
            self._window.show_notice(self._stale_notice)
