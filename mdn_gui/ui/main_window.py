"""The window: its parts, where they stand, how they are wired to the session."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.samples import SAMPLES
from mdn_gui.core.selection import Selection
from mdn_gui.core.table import Table
from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.keeping import Keeping
from mdn_gui.session.messages import Notice, Phase, RunState
from mdn_gui.session.preferences import Preferences
from mdn_gui.session.session import Session
from mdn_gui.ui.actions import Situation, enable_actions, make_actions
from mdn_gui.ui.assets import application_icon
from mdn_gui.ui.calibration.desk import TrustDesk
from mdn_gui.ui.commands import Commands
from mdn_gui.ui.context_menus import add_context_menus
from mdn_gui.ui.data_desk import DataDesk
from mdn_gui.ui.dialogs import Dialogs, QtDialogs
from mdn_gui.ui.dock_window import DockWindow
from mdn_gui.ui.docks import Docks
from mdn_gui.ui.document_desk import DocumentDesk
from mdn_gui.ui.fit.panel import FitPanel
from mdn_gui.ui.fit.plot import FitPlot
from mdn_gui.ui.inputs.desk import InputsDesk
from mdn_gui.ui.key_search import KeySearch
from mdn_gui.ui.loss.panel import LossPanel
from mdn_gui.ui.menus import MenuBuilder
from mdn_gui.ui.notices import NoticeArea
from mdn_gui.ui.reading.desk import ReadingDesk
from mdn_gui.ui.reading.panel import ReadingPanel
from mdn_gui.ui.remembered_views import RememberedViews
from mdn_gui.ui.runs.desk import RunsDesk
from mdn_gui.ui.setup_panel import SetupPanel
from mdn_gui.ui.status import StatusLine
from mdn_gui.ui.sweep.desk import SweepDesk
from mdn_gui.ui.taking_out import TakingOut
from mdn_gui.ui.texts import divergence_notice, end_text, has_diverged, phase_text, progress_text, state_text
from mdn_gui.ui.theme import Theme
from mdn_gui.ui.theme_switch import ThemeChoice, ThemeSwitch
from mdn_gui.ui.welcome import WelcomePage


class MainWindow(DockWindow):
    """Wires views to the session; decides nothing itself.

    Parameters
    ----------
    session : Session
        What is open.
    preferences : Preferences
        Where geometry, theme, recent files are remembered.
    themes : ThemeSwitch
        Gives the colours.
    dialogs : Dialogs, optional
        Asks the person; tests give their own.
    keeping : Keeping, optional
        Keeps the document; one without recovery by default.
    """

    def __init__(
        self,
        session: Session,
        preferences: Preferences,
        themes: ThemeSwitch,
        dialogs: Dialogs | None = None,
        keeping: Keeping | None = None,
    ) -> None:
        super().__init__()
        self._session, self.preferences, self._themes = session, preferences, themes
        self.dialogs = dialogs or QtDialogs(self)
        self.documents = DocumentDesk(keeping or Keeping(session), self)
        self.setWindowIcon(application_icon())
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self._make_views()
        self.commands = Commands(session, self, self.dialogs, RememberedImports(preferences))
        self.actions_by_id = make_actions(self.commands, self)
        self._is_leaving = False
        self._rejection: Notice | None = None
        self._divergence: Notice | None = None
        self._stop_text = self.actions_by_id["stop_early"].text()
        self.menus = MenuBuilder(self, self.actions_by_id, themes)
        self.menus.build(self.docks.all)
        self.taking_out = TakingOut(self.dialogs, self.commands.suggested_name, self)
        add_context_menus(self)
        KeySearch(self)
        self._connect_session()
        self._connect_views()
        self._views = RememberedViews(self.preferences)
        self._views.restore(self.fit_panel, self.reading.panel, self._session.instrument)
        self.restoreGeometry(self.preferences.bytes_of("geometry"))
        self._show_theme(themes.theme)
        self._show_state(session.state)

    # -- parts --------------------------------------------------------------------------------------------------------

    def _make_views(self) -> None:
        self.setup_panel = SetupPanel(self)
        self.fit_panel = FitPanel(self)
        self.loss_panel = LossPanel(self)
        self.notices = NoticeArea(self)
        self.welcome = WelcomePage(SAMPLES, self)
        self.status = StatusLine(self)
        self.setStatusBar(self.status)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.welcome)
        self._pages.addWidget(self.fit_panel)
        central = QWidget(self)
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(central)
        self.resize(1280, 800)
        self.desk = DataDesk(self._session, self)
        self.inputs = InputsDesk(self._session, self)
        self.reading = ReadingDesk(self._session, self)
        self.trust = TrustDesk(self._session, self)
        self.runs = RunsDesk(self._session, self)
        self.sweeps = SweepDesk(self._session, self._session.sweep, self.dialogs.sweep_plan, self)
        self.docks = Docks(self, self.preferences)
        self.docks.build(
            {
                "setup": self.setup_panel,
                "reading": self.reading.panel,
                "loss": self.loss_panel,
                "data": self.desk.panel,
                "inputs": self.inputs.panel,
                "interaction": self.inputs.interaction,
                "pins": self.reading.pins,
                "calibration": self.trust.panel,
                "runs": self.runs.panel,
                "sweep": self.sweeps.panel,
                "history": self.runs.history,
            }
        )

    @property
    def fit_plot(self) -> FitPlot:
        """The plot of data, fit, cursor."""
        return self.fit_panel.plot

    @property
    def session(self) -> Session:
        """What is open."""
        return self._session

    @property
    def reading_panel(self) -> ReadingPanel:
        """The read-out at x."""
        return self.reading.panel

    # -- wiring -------------------------------------------------------------------------------------------------------

    def _connect_session(self) -> None:
        session = self._session
        session.table_changed.connect(self._show_table)
        session.selection_changed.connect(self._show_selection)
        session.settings_changed.connect(self._show_settings)
        session.state_changed.connect(self._show_state)
        session.phase_entered.connect(self._show_phase)
        session.run_started.connect(self._begin_run)
        session.weights_reset.connect(self.loss_panel.clear_run)
        session.weights_reset.connect(self._withdraw_divergence)
        session.references_changed.connect(self.loss_panel.show_references)
        session.replay_changed.connect(self.loss_panel.show_replay)
        session.replay_changed.connect(self._enable_actions)
        self.loss_panel.epoch_requested.connect(session.show_epoch)
        self.loss_panel.fit_requested.connect(partial(session.show_epoch, None))
        session.progressed.connect(self._show_progress)
        session.model_changed.connect(self._enable_actions)
        session.run_finished.connect(self._show_end)
        session.noticed.connect(self.show_notice)
        session.refused.connect(self._show_rejection)
        session.settings_changed.connect(self._withdraw_rejection)
        session.data.file_requested.connect(self._enable_actions)
        session.data.reading_ended.connect(self._enable_actions)
        session.history.stack.indexChanged.connect(self._enable_actions)
        session.runner.loaded.connect(self.status.show_engine_ready)
        session.runner.load_failed.connect(self.status.show_engine_missing)
        self._themes.changed.connect(self._show_theme)

    def _connect_views(self) -> None:
        session, commands = self._session, self.commands
        reading = self.reading.panel
        self.reading.pins_changed.connect(self._enable_actions)
        self.trust.findings_changed.connect(self._enable_actions)
        reading.copy_requested.connect(commands.copy_reading)
        reading.pin_requested.connect(commands.pin_cursor)
        reading.removal_requested.connect(commands.remove_components)
        reading.table_requested.connect(commands.exports.export_table)
        self.setup_panel.columns_chosen.connect(self._choose_columns)
        self.setup_panel.form.edited.connect(session.configure)
        self.sweeps.told.connect(self.status.show_progress)
        self.sweeps.plan_made.connect(commands.start_sweep)
        self.sweeps.said.connect(self.status.show_text)
        self.setup_panel.form.rejected.connect(self._show_rejection)
        self.welcome.open_requested.connect(commands.open_file)
        self.welcome.sample_requested.connect(commands.open_sample)
        self.welcome.file_requested.connect(commands.open_path)
        self.desk.picked_changed.connect(self._enable_actions)
        self.desk.panel.save_requested.connect(commands.save_rows)

    # -- session to views ---------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_table(self, table: Table) -> None:
        self.notices.clear(self.documents.offer)
        self.setup_panel.show_table(table)
        self.status.show_state(state_text(RunState.DATA), is_busy=False)

    @Slot(object)
    def _show_selection(self, selection: Selection) -> None:
        self._withdraw_divergence()
        self._withdraw_rejection()
        self.setup_panel.show_selection(selection)
        self.setup_panel.form.show_resolved(self._session.resolved_settings)
        self._leave_welcome()
        self.docks.show_inputs(apply=len(selection.dataset.encodings) > 1)

    def _leave_welcome(self) -> None:
        if self._pages.currentWidget() is self.welcome:
            self._pages.setCurrentWidget(self.fit_panel)
            self.docks.show()

    def show_data(self) -> None:
        """Bring the rows to the front."""
        self.docks.bring_forward("data")

    @Slot(object, object)
    def _show_settings(self, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        self.setup_panel.form.show_configs(model_config, training_config)
        self.setup_panel.form.show_resolved(self._session.resolved_settings)

    @Slot(object)
    def _show_state(self, state: RunState) -> None:
        self.setup_panel.set_locked(locked=state.is_running)
        loading = state is RunState.PREPARING and not self.status.engine_is_ready
        text = phase_text(Phase.LOADING) if loading else state_text(state)
        self.status.show_state(text, is_busy=state in {RunState.PREPARING, RunState.STOPPING})
        if state is RunState.NO_DATA:
            self.documents.show_title()
            self.welcome.show_recent_files(self.preferences.recent_files)
        stops = {RunState.STOPPING: self.tr("Stopping …"), RunState.SWEEPING: self.tr("Stop sweep")}
        self.actions_by_id["stop_early"].setText(stops.get(state, self._stop_text))
        self._enable_actions()

    @Slot(object)
    def _show_phase(self, phase: Phase) -> None:
        self.status.show_text(phase_text(phase))

    @Slot(object)
    def _begin_run(self, continued: FittedModel | None) -> None:
        self._withdraw_rejection()
        self.loss_panel.begin_run(continued)
        self._withdraw_divergence()
        self.docks.exchange("inputs", "loss")

    @Slot(object)
    def _show_progress(self, metrics: tuple[EpochMetrics, ...]) -> None:
        self.loss_panel.add_epochs(metrics)
        if self._session.state is RunState.TRAINING:
            before = metrics[-1].first_epoch - 1
            done = (metrics[-1].epoch - before) / (metrics[-1].epochs - before)
            self.status.show_progress(progress_text(metrics[-1]), done)

    @Slot(object)
    def _show_end(self, model: FittedModel | None) -> None:
        if model is not None:
            self.status.show_text(end_text(model))
        elif (previous := self._session.fitted) is not None:
            self.loss_panel.restore_run()
            self.status.show_text(self.tr("The previous fit is back.") + "  " + end_text(previous))
        self._show_divergence()
        self.docks.exchange("loss", "inputs")

    def _show_divergence(self) -> None:
        """Offer to run again more slowly where the fit is what a run kept that diverged."""
        model = self._session.fitted
        if model is not None and has_diverged(model):
            self._divergence = divergence_notice(model)
            self.notices.show_notice(self._divergence, self.actions_by_id[self._divergence.action])

    @Slot()
    def _withdraw_divergence(self) -> None:
        """Take the offer away, now that there is another run or no fit."""
        if self._divergence is not None:
            self.notices.withdraw(self._divergence)
            self._divergence = None

    @Slot(object)
    def show_notice(self, notice: Notice, *remedies: QAction) -> None:
        """Show something a person should know, with a button for each remedy."""
        self.notices.show_notice(notice, self.actions_by_id.get(notice.action), *remedies)
        if not (self._session.state.is_running or self._session.data.is_reading):
            self.status.show_state(state_text(self._session.state), is_busy=False)

    @Slot(object)
    def _show_theme(self, theme: Theme) -> None:
        desks = (self.reading, self.inputs, self.trust, self.runs, self.sweeps)
        for view in (self.fit_panel, self.loss_panel, *desks, self.desk.panel, self.welcome):
            view.show_theme(theme)
        self.menus.show_theme(theme)
        self.preferences.remember("theme", self._themes.choice.value)

    @Slot()
    def _enable_actions(self, *_: object) -> None:
        session = self._session
        has_model = session.model is not None
        situation = Situation(
            session.state,
            has_model,
            is_readable=has_model or session.is_preview,
            has_pin=bool(session.instrument.pins),
            has_diverged=has_diverged(session.fitted),
            saw_these_rows=session.fit_saw_these_rows,
            is_reading=session.data.is_reading,
            has_file=session.data.choice is not None,
            has_picked=len(self.desk.picked) > 0,
            has_excluded=session.data.taken is not None and len(session.data.taken.excluded) > 0,
            has_findings=bool(self.trust.findings),
            shows_past=session.shown_epoch is not None,
            can_undo=session.history.stack.canUndo(),
            can_redo=session.history.stack.canRedo(),
        )
        enable_actions(self.actions_by_id, situation)
        self.status.offer(self.actions_by_id["cancel_reading"] if situation.is_reading else None)
        self.menus.enable_export()

    # -- views to session ---------------------------------------------------------------------------------------------

    @Slot(object, str)
    def _choose_columns(self, inputs: tuple[str, ...], target: str) -> None:
        selection = self._session.selection
        if not self._session.choose_columns(inputs, target) and selection is not None:
            self.setup_panel.show_selection(selection)

    @Slot(object)
    def _show_rejection(self, error: Exception) -> None:
        self._withdraw_rejection()
        self._rejection = Notice(getattr(error, "message", str(error)), getattr(error, "hint", ""))
        self.show_notice(self._rejection)

    @Slot()
    def _withdraw_rejection(self, *_: object) -> None:
        """Take the notice about a wrong setting away, now that another value stands there."""
        if self._rejection is not None:
            self.notices.withdraw(self._rejection)
            self._rejection = None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept one local file."""
        if len(event.mimeData().urls()) == 1 and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dropped file."""
        path = Path(event.mimeData().urls()[0].toLocalFile())
        QTimer.singleShot(0, self, partial(self.commands.open_path, path))  # the one who drags need not wait

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask while a run is under way, then end every thread before leaving."""
        if not self._is_leaving:
            if self._session.state.is_running and not self.dialogs.close_while_training():
                event.ignore()
                return
            self.documents.leave_then(self.leave)
            if not self._is_leaving:
                event.ignore()
                return
        self.preferences.remember("geometry", self.saveGeometry())
        self.docks.remember()
        self._views.keep(self.fit_panel, self.reading.panel, self._session.instrument)
        self.hide()
        desks = (self.desk, self.reading, self.inputs, self.trust, self.runs, self.sweeps, self.documents)
        for part in (self.commands, self.taking_out, *desks, self.fit_plot):
            part.shut_down()
        self._session.shut_down()
        event.accept()

    def leave(self) -> None:
        """Close for good: nothing would be lost, or a person wants it so."""
        self._is_leaving = True
        self.close()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Switch the theme."""
        self._themes.choose(choice)
