"""What is open now: data, settings, run state, model, cursor."""

import math
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.reading import InputAxis, Reading
from mdn_gui.core.table import Selection, Table
from mdn_gui.errors import UserError
from mdn_gui.session.loader import TableLoader
from mdn_gui.session.messages import (
    CursorOrigin,
    FitLoader,
    Notice,
    RunEnd,
    RunPhase,
    RunProgress,
    RunRequest,
    RunState,
    Severity,
)
from mdn_gui.session.runner import TrainingRunner


class Session(QObject):
    """The state behind one window, with a narrow signal for each thing that can change.

    Parameters
    ----------
    load_fit : callable
        Returns ``fit``; called in the worker thread.
    read_table : callable
        Takes a path, returns a Table or raises UserError.
    parent : QObject, optional
        Owner.
    """

    table_changed = Signal(object)
    """Table: a new table is open."""
    selection_changed = Signal(object)
    """Selection: columns have roles."""
    settings_changed = Signal(object, object)
    """ModelConfig, TrainingConfig."""
    state_changed = Signal(object)
    """RunState."""
    phase_entered = Signal(object)
    """Phase of the run, before its first epoch."""
    run_started = Signal()
    progressed = Signal(object)
    """tuple of EpochMetrics, the newest last."""
    model_changed = Signal(object)
    """FittedModel or None: what the plots show; a snapshot while training."""
    run_finished = Signal(object)
    """FittedModel of a finished run, or None when it failed or was discarded."""
    reading_changed = Signal(object)
    """Reading or None."""
    pin_changed = Signal(object)
    """Reading at the pin, or None."""
    noticed = Signal(object)
    """Notice."""
    file_requested = Signal(object)
    """Path of a file whose reading has begun."""
    file_opened = Signal(object)
    """Path of a file that was read."""

    def __init__(self, load_fit: FitLoader, read_table: Callable[[Path], Table], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = RunState.NO_DATA
        self._table: Table | None = None
        self._selection: Selection | None = None
        self._axis: InputAxis | None = None
        self._model_config, self._training_config = ModelConfig(), TrainingConfig()
        self._fitted: FittedModel | None = None
        self._model: FittedModel | None = None
        self._run_id = 0
        self._x = math.nan
        self._pin_x: float | None = None
        self._origin = CursorOrigin.CURSOR
        self._reading: Reading | None = None
        self._pin: Reading | None = None
        self._pending_path: Path | None = None
        self._is_loading = False
        self._loader = TableLoader(read_table, self)
        self._loader.loaded.connect(self._open_loaded)
        self._loader.failed.connect(self._fail_to_load)
        self._runner = TrainingRunner(load_fit, self)
        self._runner.phase_entered.connect(self._enter_phase)
        self._runner.progressed.connect(self._take_progress)
        self._runner.ended.connect(self._take_end)

    # -- what is open -------------------------------------------------------------------------------------------------

    @property
    def state(self) -> RunState:
        """What the session is doing."""
        return self._state

    @property
    def runner(self) -> TrainingRunner:
        """The worker thread's front."""
        return self._runner

    @property
    def table(self) -> Table | None:
        """The open table."""
        return self._table

    @property
    def selection(self) -> Selection | None:
        """The chosen columns of the table."""
        return self._selection

    @property
    def dataset(self) -> Dataset | None:
        """The complete rows of the chosen columns."""
        return self._selection.dataset if self._selection else None

    @property
    def axis(self) -> InputAxis | None:
        """The input on the x axis."""
        return self._axis

    @property
    def model_config(self) -> ModelConfig:
        """Settings of the next run's model."""
        return self._model_config

    @property
    def training_config(self) -> TrainingConfig:
        """Settings of the next run."""
        return self._training_config

    @property
    def model(self) -> FittedModel | None:
        """What the plots show: the newest snapshot while training, else the last fit."""
        return self._model

    @property
    def reading(self) -> Reading | None:
        """The mixture at the cursor."""
        return self._reading

    @property
    def pin(self) -> Reading | None:
        """The mixture at the pin."""
        return self._pin

    @property
    def cursor_origin(self) -> CursorOrigin:
        """Why the read-out stands where it stands."""
        return self._origin

    # -- data ---------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Read a file in the background; then ``table_changed`` or ``noticed``."""
        if self._refused_while_running():
            return
        self._pending_path = path
        self._is_loading = True
        self.file_requested.emit(path)
        self._loader.load(path)

    def open_table(self, table: Table) -> None:
        """Make ``table`` the open one; on an error everything stays as it was and a notice is emitted."""
        if self._refused_while_running():
            return
        self._loader.cancel()
        self._is_loading = False
        try:
            inputs, target = table.proposed_roles()
            selection = table.select(inputs, target)
        except UserError as error:
            self.report(error)
            return
        self._table = table
        self.table_changed.emit(table)
        self._take_selection(selection)

    def choose_columns(self, inputs: Sequence[str], target: str) -> bool:
        """Give columns their roles; False, with a notice, when that is not possible."""
        if self._table is None or self._refused_while_running():
            return False
        try:
            selection = self._table.select(tuple(inputs), target)
        except UserError as error:
            self.report(error)
            return False
        self._take_selection(selection)
        return True

    def _take_selection(self, selection: Selection) -> None:
        self._selection = selection
        self._axis = InputAxis.of(selection.dataset)
        self._fitted = None
        self._pin_x, self._x = None, 0.5 * (self._axis.low + self._axis.high)
        self.selection_changed.emit(selection)
        self._show_model(None)
        self._set_state(RunState.DATA)

    @Slot(object)
    def _fail_to_load(self, error: Exception) -> None:
        self._is_loading = False
        self.report(error)

    @Slot(object)
    def _open_loaded(self, table: Table) -> None:
        self.open_table(table)
        if self._table is table and self._pending_path is not None:
            self.file_opened.emit(self._pending_path)

    # -- settings -----------------------------------------------------------------------------------------------------

    def configure(self, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        """Take settings for the next run."""
        self._model_config, self._training_config = model_config, training_config
        self.settings_changed.emit(model_config, training_config)

    # -- the run ------------------------------------------------------------------------------------------------------

    def start_training(self) -> None:
        """Begin a run on the open data; does nothing while a run lives, a file is being read, or without data."""
        if self._selection is None or self._state.is_running or self._is_loading:
            return
        self._run_id += 1
        self._set_state(RunState.PREPARING)
        self.run_started.emit()
        request = RunRequest(self._run_id, self._selection.dataset, self._model_config, self._training_config)
        self._runner.start(request)

    def stop_early(self) -> None:
        """End the run with its best epoch."""
        if self._state in {RunState.PREPARING, RunState.TRAINING}:
            self._set_state(RunState.STOPPING)
            self._runner.stop_early()

    def discard_run(self) -> None:
        """Throw the run away; the previous model comes back."""
        if self._state.is_running:
            self._set_state(RunState.STOPPING)
            self._runner.discard()

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        self._loader.shut_down()
        self._runner.shut_down()

    @Slot(object)
    def _enter_phase(self, message: RunPhase) -> None:
        self.phase_entered.emit(message.phase)

    @Slot(object)
    def _take_progress(self, message: RunProgress) -> None:
        if self._state is RunState.PREPARING:
            self._set_state(RunState.TRAINING)
        self.progressed.emit(message.metrics)
        snapshots = [epoch.snapshot for epoch in message.metrics if epoch.snapshot is not None]
        if snapshots:
            self._show_model(snapshots[-1])

    @Slot(object)
    def _take_end(self, end: RunEnd) -> None:
        if end.error is not None:
            self.report(end.error)
        if end.model is not None:
            self._fitted = end.model
        self._set_state(RunState.DATA if self._fitted is None else RunState.FITTED)
        self._show_model(self._fitted)
        self.run_finished.emit(end.model)

    # -- the cursor ---------------------------------------------------------------------------------------------------

    @Slot(float)
    def set_cursor(self, x: float) -> None:
        """Read the mixture at x, data units; a value that is not finite is ignored."""
        if math.isfinite(x):
            self._x, self._origin = x, CursorOrigin.CURSOR
            self._read()

    @Slot()
    def release_cursor(self) -> None:
        """Show the pin, or stay at the last x, because the mouse has left."""
        if self._pin_x is not None:
            self._x, self._origin = self._pin_x, CursorOrigin.PIN
        else:
            self._origin = CursorOrigin.LAST
        self._read()

    @Slot(int)
    def step_to_neighbour(self, direction: int) -> None:
        """Move the cursor to the next greater (1) or next smaller (-1) x in the data."""
        if self._axis is not None:
            self.set_cursor(self._axis.neighbour(self._x, direction))

    @Slot(int)
    def jump_to_end(self, side: int) -> None:
        """Move the cursor to the least (-1) or greatest (1) x in the data."""
        if self._axis is not None:
            self.set_cursor(self._axis.low if side < 0 else self._axis.high)

    @Slot(object)
    def set_pin(self, x: float | None) -> None:
        """Put the pin at x, or take it away with None."""
        if x is None or math.isfinite(x):
            self._pin_x = x
            if x is None and self._origin is CursorOrigin.PIN:
                self._origin = CursorOrigin.LAST
            elif x is not None and self._origin is CursorOrigin.PIN:
                self._x = x
            self._read_pin()
            self._read()

    def _read(self) -> None:
        self._reading = self._reading_at(self._x)
        self.reading_changed.emit(self._reading)

    def _read_pin(self) -> None:
        self._pin = None if self._pin_x is None else self._reading_at(self._pin_x)
        self.pin_changed.emit(self._pin)

    def _reading_at(self, x: float) -> Reading | None:
        if self._model is None or self._axis is None:
            return None
        return Reading.at(x, self._model, self._axis)

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _show_model(self, model: FittedModel | None) -> None:
        self._model = model
        self.model_changed.emit(model)
        self._read_pin()
        self._read()

    def _set_state(self, state: RunState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)

    def _refused_while_running(self) -> bool:
        if self._state.is_running:
            self.noticed.emit(
                Notice(
                    self.tr("The data cannot change while a run is under way."),
                    self.tr("Stop the run early or discard it first."),
                    Severity.INFO,
                )
            )
        return self._state.is_running

    @Slot(object)
    def report(self, error: BaseException) -> None:
        """Tell the person about an error: an expected one in its own words, any other with its details."""
        if isinstance(error, UserError):
            self.noticed.emit(Notice(error.message, error.hint))
            return
        details = "".join(traceback.format_exception(error))
        message = self.tr("Something unexpected went wrong: {error}").format(error=f"{type(error).__name__}: {error}")
        self.noticed.emit(Notice(message, self.tr("Nothing was lost. Copy the details for a report."), details=details))
