"""What is open now: data, settings, run state, model, cursor."""

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.automatic import ResolvedSettings
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.reading import InputAxis, Readable, Reading
from mdn_gui.core.selection import Selection
from mdn_gui.core.table import Table
from mdn_gui.errors import UserError
from mdn_gui.session.baseline import BaselineFit, BaselineFitter
from mdn_gui.session.cursor import Cursor
from mdn_gui.session.loader import TableLoader
from mdn_gui.session.messages import CursorOrigin, FitLoader, Notice, RunState, Severity
from mdn_gui.session.runner import TrainingRunner
from mdn_gui.session.runs import Runs
from mdn_gui.session.settings import continuing, settings_on, slower, with_next_seed


class Session(QObject):
    """The state behind one window, with a narrow signal for each thing that can change.

    Parameters
    ----------
    load_fit : callable
        Returns ``fit``; called in the worker thread.
    read_table : callable
        Takes a path, returns a Table or raises UserError.
    fit_baseline : callable
        Fits the joint mixture of a split; called in a thread of its own.
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
    run_started = Signal(object)
    """FittedModel that the run continues, or None."""
    progressed = Signal(object)
    """tuple of EpochMetrics, the newest last."""
    model_changed = Signal(object)
    """Readable or None: what the plots show; a snapshot while training, before the first one the preview."""
    reference_changed = Signal(float)
    """NLL of the joint mixture on the held-out rows of the run shown, nats a row, data units."""
    run_finished = Signal(object)
    """FittedModel of a finished run, or None when it failed or was discarded."""
    weights_reset = Signal()
    """The fit was dropped on request."""
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

    def __init__(
        self,
        load_fit: FitLoader,
        read_table: Callable[[Path], Table],
        fit_baseline: BaselineFit,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._selection: Selection | None = None
        self._axis: InputAxis | None = None
        self._model_config, self._training_config = ModelConfig(), TrainingConfig()
        self._cursor = Cursor()
        self._reading: Reading | None = None
        self._pin: Reading | None = None
        self._pending_path: Path | None = None
        self._is_loading = False
        self._loader = TableLoader(read_table, self)
        self._loader.loaded.connect(self._open_loaded)
        self._loader.failed.connect(self._fail_to_load)
        self._baselines = BaselineFitter(fit_baseline, self)
        self._baselines.changed.connect(self._take_baseline)
        self._runs = Runs(load_fit, self)
        self._runs.state_changed.connect(self.state_changed)
        self._runs.phase_entered.connect(self.phase_entered)
        self._runs.started.connect(self.run_started)
        self._runs.progressed.connect(self.progressed)
        self._runs.model_changed.connect(self._show_model)
        self._runs.failed.connect(self.report)
        self._runs.finished.connect(self.run_finished)

    # -- what is open -------------------------------------------------------------------------------------------------

    @property
    def state(self) -> RunState:
        """What the session is doing."""
        return self._runs.state

    @property
    def runner(self) -> TrainingRunner:
        """The worker thread's front."""
        return self._runs.runner

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
    def resolved_settings(self) -> ResolvedSettings | None:
        """What the next run does where its settings are automatic; None without data."""
        if self.dataset is None:
            return None
        return settings_on(self.dataset, self._model_config, self._training_config)

    @property
    def model(self) -> FittedModel | None:
        """The network that the plots show: the newest snapshot while training, else the last fit."""
        return self._runs.model

    @property
    def is_preview(self) -> bool:
        """Whether the plots show the joint mixture, because there is no network yet."""
        return self.model is None and self._shown is not None

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
        return self._cursor.origin

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
        self._baselines.follow(selection.dataset, self._training_config)
        self._cursor.begin_at(0.5 * (self._axis.low + self._axis.high))
        self.selection_changed.emit(selection)
        self._runs.begin_anew()

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
        if self.dataset is not None:
            self._baselines.follow(self.dataset, training_config)

    # -- the baseline -------------------------------------------------------------------------------------------------

    @Slot()
    def _take_baseline(self) -> None:
        if self.model is None:
            self._show_model()
        self._send_reference()

    def _send_reference(self) -> None:
        """Tell the NLL of the baseline where it was judged on the rows that judge the run shown."""
        fitted = self._runs.fitted
        fitted_config = fitted.training_config if fitted else None
        config = self._training_config if self.state.is_running else fitted_config
        nll = self._baselines.nll_for(config) if config else None
        if nll is not None:
            self.reference_changed.emit(nll)

    # -- the run ------------------------------------------------------------------------------------------------------

    def start_training(self) -> None:
        """Begin a run on the open data; does nothing while a run lives, a file is being read, or without data."""
        self._train(self._training_config)

    def continue_training(self) -> None:
        """Train the last fit further: its network and split, the other settings as they stand."""
        if self._runs.fitted is not None:
            self._train(self._training_config, self._runs.fitted)

    def train_with_new_seed(self) -> None:
        """Begin a run with the next seed: another split, start, order, noise."""
        self._train(with_next_seed(self._training_config))

    def retry_slower(self) -> None:
        """Begin a run that diverged once more, at 0.3 times its learning rate."""
        fitted = self._runs.fitted
        if fitted is not None and fitted.history is not None and fitted.history.stop_reason is StopReason.DIVERGED:
            self._train(slower(self._training_config, fitted.training_config), self._runs.origin)

    def _train(self, training_config: TrainingConfig, continued: FittedModel | None = None) -> None:
        if self._selection is None or self.state.is_running or self._is_loading:
            return
        configs = self._model_config, training_config
        if continued is not None:
            configs = continued.model_config, continuing(training_config, continued.training_config)
        if configs != (self._model_config, self._training_config):
            self.configure(*configs)
        self._runs.start(self._selection.dataset, *configs, continued)
        self._send_reference()

    def reset_weights(self) -> None:
        """Drop the fit; the next run begins from the start that the seed gives."""
        if self.state is RunState.FITTED:
            self._runs.begin_anew()
            self.weights_reset.emit()

    def stop_early(self) -> None:
        """End the run with its best epoch."""
        self._runs.stop_early()

    def discard_run(self) -> None:
        """Throw the run away; the previous model comes back."""
        self._runs.discard()

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        self._loader.shut_down()
        self._baselines.shut_down()
        self.runner.shut_down()

    # -- the cursor ---------------------------------------------------------------------------------------------------

    @Slot(float)
    def set_cursor(self, x: float) -> None:
        """Read the mixture at x, data units; a value that is not finite is ignored."""
        if self._cursor.move_to(x):
            self._read()

    @Slot()
    def release_cursor(self) -> None:
        """Show the pin, or stay at the last x, because the mouse has left."""
        self._cursor.release()
        self._read()

    @Slot(int)
    def step_to_neighbour(self, direction: int) -> None:
        """Move the cursor to the next greater (1) or next smaller (-1) x in the data."""
        if self._axis is not None:
            self.set_cursor(self._axis.neighbour(self._cursor.x, direction))

    @Slot(int)
    def jump_to_end(self, side: int) -> None:
        """Move the cursor to the least (-1) or greatest (1) x in the data."""
        if self._axis is not None:
            self.set_cursor(self._axis.low if side < 0 else self._axis.high)

    @Slot(object)
    def set_pin(self, x: float | None) -> None:
        """Put the pin at x, or take it away with None."""
        if self._cursor.set_pin(x):
            self._read_pin()
            self._read()

    def _read(self) -> None:
        self._reading = self._reading_at(self._cursor.x)
        self.reading_changed.emit(self._reading)

    def _read_pin(self) -> None:
        self._pin = None if self._cursor.pin is None else self._reading_at(self._cursor.pin)
        self.pin_changed.emit(self._pin)

    def _reading_at(self, x: float) -> Reading | None:
        if self._shown is None or self._axis is None:
            return None
        return Reading.at(x, self._shown, self._axis, is_preview=self.is_preview)

    # -- helpers ------------------------------------------------------------------------------------------------------

    @property
    def _shown(self) -> Readable | None:
        return self.model or self._baselines.mixture

    @Slot()
    def _show_model(self) -> None:
        self.model_changed.emit(self._shown)
        self._read_pin()
        self._read()

    def _refused_while_running(self) -> bool:
        if self.state.is_running:
            self.noticed.emit(
                Notice(
                    self.tr("The data cannot change while a run is under way."),
                    self.tr("Stop the run early or discard it first."),
                    Severity.INFO,
                )
            )
        return self.state.is_running

    @Slot(object)
    def report(self, error: BaseException) -> None:
        """Tell the person about an error: an expected one in its own words, any other with its details."""
        if isinstance(error, UserError):
            self.noticed.emit(Notice(error.message, error.hint))
            return
        details = "".join(traceback.format_exception(error))
        message = self.tr("Something unexpected went wrong: {error}").format(error=f"{type(error).__name__}: {error}")
        self.noticed.emit(Notice(message, self.tr("Nothing was lost. Copy the details for a report."), details=details))
