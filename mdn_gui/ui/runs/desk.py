"""The desk of the runs: their panel, the loss plot, the undo history."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mdn_gui.session.messages import Notice, RunState, Severity
from mdn_gui.ui.history_panel import HistoryPanel
from mdn_gui.ui.loss.others import seams_of
from mdn_gui.ui.overlaid import overlaid, run_name
from mdn_gui.ui.runs.panel import RunsPanel
from mdn_gui.ui.runs.shown import RunsShown
from mdn_gui.ui.texts import end_text, one_line
from mdn_gui.ui.theme import Theme

if TYPE_CHECKING:
    from mdn_gui.core.fitted import FittedModel
    from mdn_gui.core.training_run import TrainingRun
    from mdn_gui.session.session import Session
    from mdn_gui.ui.main_window import MainWindow


class RunsDesk(QObject):
    """Wires the list of runs and the undo stack to the session.

    Parameters
    ----------
    session : Session
        What is open.
    window : MainWindow
        Its loss panel shows the record of a run.
    """

    def __init__(self, session: "Session", window: "MainWindow") -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.panel = RunsPanel(window)
        self.history = HistoryPanel(session.history.stack, window)
        self._recorded: FittedModel | None = None
        self._connect_intents()
        session.run_list.changed.connect(self._show_runs)
        session.run_list.full.connect(self._tell_full)
        session.recall.shown.connect(self._tell_end)
        session.selection_changed.connect(self._show_runs)
        session.settings_changed.connect(self._show_settings)
        session.state_changed.connect(self._show_state)
        window.fit_panel.switches["difference"].toggled.connect(self._show_runs)

    def _connect_intents(self) -> None:
        panel, runs, recall = self.panel, self._session.run_list, self._session.recall
        panel.show_requested.connect(recall.show)
        panel.settings_requested.connect(recall.take_settings_of)
        panel.continue_requested.connect(self._continue)
        panel.tick_requested.connect(lambda number, is_on: runs.tick(number, on=is_on))
        panel.star_requested.connect(lambda number, is_on: runs.star(number, on=is_on))
        panel.renamed.connect(runs.rename)
        panel.noted.connect(runs.note)
        panel.delete_requested.connect(self._delete)
        panel.compare_requested.connect(runs.choose)
        self._window.setup_panel.shown.settings_requested.connect(recall.take_settings_of)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.panel.show_theme(theme)

    def commit(self) -> None:
        """Take what is being typed."""
        self.panel.commit()

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        self.panel.shut_down()

    @Slot(int)
    def _continue(self, number: int) -> None:
        if self._window.setup_panel.form.commit():
            self._session.recall.continue_from(number)

    @Slot(object)
    def _delete(self, numbers: tuple[int, ...]) -> None:
        if not self._session.refuses_changes():
            self._session.run_list.delete(numbers)

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        self.panel.show_state(is_running=state.is_running)
        self.history.show_state(is_running=state.is_running)
        self._show_settings()

    @Slot()
    def _show_settings(self, *_: object) -> None:
        """Say which run is shown where its settings are not those of the form."""
        session = self._session
        run = None if session.state.is_running else session.run_list.run(session.run_list.shown)
        self._window.setup_panel.shown.show_run(run, (session.model_config, session.training_config))

    @Slot()
    def _show_runs(self, *_: object) -> None:
        runs = self._session.run_list
        has_difference = self._window.fit_panel.switches["difference"].isChecked()
        self.panel.show_runs(RunsShown.of(runs, self._session.dataset, has_difference=has_difference))
        self._show_settings()
        loss = self._window.loss_panel
        loss.show_others(overlaid(runs, None))
        run = runs.run(runs.shown)
        model = run.model if run is not None else None
        if model is not self._recorded:
            self._recorded = model
            loss.show_history(run, seams=seams_of(run, runs.run) if run is not None else ())
            self._session.send_references()
        loss.show_name(run)

    @Slot(object)
    def _tell_end(self, run: "TrainingRun") -> None:
        """Say of the run that is shown now how it ended."""
        self._window.status.show_text(f"{one_line(run_name(run))} · {end_text(run.model)}")

    @Slot(int)
    def _tell_full(self, count: int) -> None:
        message = self.tr("A project keeps {count} runs at most: the oldest one without a star was let go.")
        hint = self.tr("Star the runs that must stay; delete those that are not needed.")
        self._window.show_notice(Notice(message.format(count=count), hint, Severity.INFO))
