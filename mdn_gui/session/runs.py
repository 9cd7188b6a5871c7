"""The runs on the open data: the one under way, the fit that is kept."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.session.messages import FitLoader, RunEnd, RunPhase, RunProgress, RunRequest, RunState
from mdn_gui.session.replay import Replay, Snapshot, Snapshots
from mdn_gui.session.runner import TrainingRunner

if TYPE_CHECKING:
    from mdn_gui.core.metrics import EpochMetrics

_SECONDS_BETWEEN_MODELS = 0.25
"""While a run goes on, every view draws its newest snapshot this often at most: they share the cores with it."""
_SECONDS_WHILE_BUSY = 1.0
"""While a person moves something, what a run has reached is told this often at most: a move must not wait for it."""


class Runs(QObject):
    """Begins runs one at a time, follows their snapshots, keeps the last fit, shows it as it was at an epoch.

    Parameters
    ----------
    load_fit : callable
        Returns ``fit``; called in the worker thread.
    parent : QObject, optional
        Owner.
    is_busy : callable, optional
        Returns whether a person is moving something, so that drawing can wait a little.
    """

    state_changed = Signal(object)
    """RunState."""
    phase_entered = Signal(object)
    """Phase of the run, before its first epoch."""
    started = Signal(object)
    """FittedModel that the run continues, or None."""
    progressed = Signal(object)
    """tuple of EpochMetrics, the newest last."""
    model_changed = Signal()
    """Another network, or none, is to be shown."""
    replay_changed = Signal(object)
    """Replay: other snapshots are kept, another one is shown, a run begins or ends."""
    failed = Signal(object)
    """The error that ended a run."""
    finished = Signal(object)
    """FittedModel of a finished run, or None when it failed or was discarded."""
    quiet_progressed = Signal(object)
    """tuple of EpochMetrics of a quiet run, the newest last."""
    quiet_ended = Signal(object)
    """RunEnd of a quiet run."""

    def __init__(
        self, load_fit: FitLoader, parent: QObject | None = None, is_busy: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(parent)
        self._is_busy = is_busy
        self._untold: tuple[EpochMetrics, ...] = ()
        self._told = -_SECONDS_WHILE_BUSY
        self._state = RunState.NO_DATA
        self._is_quiet = False
        self._run_id = 0
        self._continued: FittedModel | None = None
        self._fitted: FittedModel | None = None
        self._origin: FittedModel | None = None
        self._newest: FittedModel | None = None
        self._sent = -_SECONDS_BETWEEN_MODELS
        self._shown: Snapshot | None = None
        self.snapshots = Snapshots()
        self._snapshots_before = Snapshots()
        self._replay = Replay()
        self.runner = TrainingRunner(load_fit, self)
        self.runner.phase_entered.connect(self._enter_phase)
        self.runner.progressed.connect(self._take_progress)
        self.runner.ended.connect(self._take_end)

    @property
    def state(self) -> RunState:
        """What is being done."""
        return self._state

    @property
    def model(self) -> FittedModel | None:
        """The network to be shown: an epoch of the past, else a snapshot while training, else the last fit."""
        return self._shown.model if self._shown is not None else self._newest

    @property
    def shown_epoch(self) -> int | None:
        """The epoch of the past that is shown; None for the newest network."""
        return self._shown.epoch if self._shown is not None else None

    @property
    def replay(self) -> Replay:
        """Which epochs can be shown, which one is."""
        return Replay(self.snapshots.epochs, self.shown_epoch, self._state.is_running and not self._is_quiet)

    @property
    def is_quiet(self) -> bool:
        """Whether what is under way is not shown: quiet runs, from the first one's start to :meth:`end_quiet`."""
        return self._is_quiet

    @property
    def fitted(self) -> FittedModel | None:
        """The last fit; a run that fails or is discarded leaves it as it is."""
        return self._fitted

    @property
    def origin(self) -> FittedModel | None:
        """The fit that the last one continues; None where it began anew."""
        return self._origin

    def can_read(self, dataset: Dataset) -> bool:
        """Return whether the last fit reads these columns, whatever rows it saw."""
        seen = self._fitted.provenance if self._fitted is not None else None
        return seen is not None and (seen.encodings, seen.target_name) == (dataset.encodings, dataset.target_name)

    def begin_anew(self) -> None:
        """Forget every fit, because the data are new or the person wishes it."""
        self._fitted = self._origin = None
        self.snapshots = Snapshots()
        self._shown = None
        self._show(None)
        self._set_state(RunState.DATA)
        self._tell_replay()

    def adopt(self, fitted: FittedModel) -> None:
        """Show the fit of an earlier run as the one that is kept; not while a run lives, unless it is quiet."""
        self._fitted, self._origin = fitted, None
        self.snapshots = Snapshots()
        self._shown = None
        if not self._is_quiet:
            self._set_state(RunState.FITTED)
        self._tell_replay()
        self._show(fitted)

    def show_epoch(self, epoch: int | None) -> None:
        """Show the newest snapshot of this epoch or before it, else the first one; None shows the newest network again.

        Nothing else changes: a run goes on, the fit is kept. The next run, or the end of one that leaves no model, ends
        it too.
        """
        found = None if epoch is None else self.snapshots.at(epoch)
        if found is not self._shown:
            self._shown = found
            self._tell_replay()
            self.model_changed.emit()

    def start(
        self,
        dataset: Dataset,
        model_config: ModelConfig,
        training_config: TrainingConfig,
        continued: FittedModel | None = None,
    ) -> None:
        """Begin a run, or continue a fit; not while another one lives."""
        self._run_id += 1
        self._continued = continued
        self._snapshots_before = self.snapshots
        past = continued.history if continued is not None else None
        self.snapshots = Snapshots() if past is None else self.snapshots.up_to(past.epochs)
        self._untold = ()
        self._set_state(RunState.PREPARING)
        self.show_epoch(None)
        self._tell_replay()
        self.started.emit(continued)
        self.runner.start(RunRequest(self._run_id, dataset, model_config, training_config, continued))

    def start_quietly(self, dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        """Begin a run of which nothing is shown; not while another one lives. What is shown can be read meanwhile."""
        self._run_id += 1
        self._is_quiet = True
        self._set_state(RunState.SWEEPING)
        self.runner.start(RunRequest(self._run_id, dataset, model_config, training_config, is_of_sweep=True))

    def end_quiet(self) -> None:
        """Be ready for other runs again; not while a quiet one lives."""
        self._is_quiet = False
        self._settle()

    def stop_early(self) -> None:
        """End the run with its best epoch; of a quiet one nobody waits for that."""
        if self._is_quiet:
            self.discard()
        elif self._state in {RunState.PREPARING, RunState.TRAINING}:
            self._set_state(RunState.STOPPING)
            self.runner.stop_early()

    def discard(self) -> None:
        """Throw the run away; the fit before it comes back."""
        if self._state.is_running:
            self._set_state(RunState.STOPPING)
            self.runner.discard()

    @Slot(object)
    def _enter_phase(self, message: RunPhase) -> None:
        if not self._is_quiet:
            self.phase_entered.emit(message.phase)

    @Slot(object)
    def _take_progress(self, message: RunProgress) -> None:
        if self._is_quiet:
            self.quiet_progressed.emit(message.metrics)
            return
        self._untold += message.metrics
        if self._state is RunState.PREPARING:
            self._set_state(RunState.TRAINING)
        elif self._is_busy() and time.monotonic() - self._told < _SECONDS_WHILE_BUSY:
            return
        models = [each.snapshot for each in self._untold if each.snapshot is not None]
        self._tell_progress()
        if models and time.monotonic() - self._sent >= _SECONDS_BETWEEN_MODELS:
            self._sent = time.monotonic()
            self._show(models[-1])

    def _tell_progress(self) -> None:
        """Tell what has come since it was last told."""
        metrics, self._untold = self._untold, ()
        self._told = time.monotonic()
        if metrics:
            self.progressed.emit(metrics)
        if self.snapshots.add(metrics):
            self._tell_replay()

    @Slot(object)
    def _take_end(self, end: RunEnd) -> None:
        if self._is_quiet:
            self.quiet_ended.emit(end)
            return
        self._tell_progress()
        if end.error is not None:
            self.failed.emit(end.error)
        if end.model is not None:
            self._fitted, self._origin = end.model, self._continued
        else:
            self.snapshots, self._shown = self._snapshots_before, None
        self._snapshots_before = Snapshots()
        self._sent = -_SECONDS_BETWEEN_MODELS
        self._settle()
        self._tell_replay()
        self._show(self._fitted)
        self.finished.emit(end.model)

    def _settle(self) -> None:
        self._set_state(RunState.DATA if self._fitted is None else RunState.FITTED)

    def _show(self, model: FittedModel | None) -> None:
        self._newest = model
        if self._shown is None:
            self.model_changed.emit()

    def _tell_replay(self) -> None:
        if self.replay != self._replay:
            self._replay = self.replay
            self.replay_changed.emit(self._replay)

    def _set_state(self, state: RunState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
