"""The one worker thread: a run's start, early stop, discard, shut-down."""

import logging
import time
from collections.abc import Generator
from threading import Event

from PySide6.QtCore import QObject, QThread, Signal, Slot

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.sweep import SweepRun
from mdn_gui.errors import UserError
from mdn_gui.session.messages import FitLoader, Phase, RunEnd, RunPhase, RunProgress, RunRequest

_SECONDS_BETWEEN_MESSAGES = 0.1
logger = logging.getLogger(__name__)


class _Worker(QObject):
    """Lives in the worker thread; turns the ``fit`` generator into signals."""

    loaded = Signal()
    load_failed = Signal()
    phase_entered = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, load_fit: FitLoader, stop: Event, discard: Event) -> None:
        super().__init__()
        self._load_fit, self._stop, self._discard = load_fit, stop, discard

    @Slot()
    def warm_up(self) -> None:
        """Load what training needs, so that a later run begins at once."""
        if self._discard.is_set():
            return
        try:
            self._load_fit()
        except Exception:
            logger.exception("training could not be loaded ahead of time")
            self.load_failed.emit()
            return
        self.loaded.emit()

    @Slot(object)
    def run(self, request: RunRequest) -> None:
        """Execute one run; every outcome ends in one ``ended`` message."""
        judged = None
        try:
            model = self._train(request)
            if request.is_of_sweep and model is not None and not self._discard.is_set():
                judged = SweepRun.judged(model, request.dataset)
        except UserError as error:
            self.ended.emit(RunEnd(request.run_id, error=error))
        except Exception as error:
            logger.exception("the run failed")
            self.ended.emit(RunEnd(request.run_id, error=error))
        else:
            self.ended.emit(RunEnd(request.run_id, model=model, judged=judged))

    def _train(self, request: RunRequest) -> FittedModel | None:
        self.phase_entered.emit(RunPhase(request.run_id, Phase.LOADING))
        fit = self._load_fit()
        self.loaded.emit()
        if self._discard.is_set():
            return None
        self.phase_entered.emit(RunPhase(request.run_id, Phase.COMPILING))
        configs = request.model_config, request.training_config
        if request.continued is None:
            epochs = fit(request.dataset, *configs, stop=self._stop)
        else:
            epochs = fit(request.dataset, *configs, stop=self._stop, continued=request.continued)
        try:
            return self._drain(request.run_id, epochs)
        finally:
            epochs.close()

    def _drain(self, run_id: int, epochs: Generator[EpochMetrics, None, FittedModel]) -> FittedModel | None:
        waiting: list[EpochMetrics] = []
        sent = 0.0
        while not self._discard.is_set():
            try:
                waiting.append(next(epochs))
            except StopIteration as end:
                if waiting:
                    self.progressed.emit(RunProgress(run_id, tuple(waiting)))
                model: FittedModel = end.value
                return model
            if time.monotonic() - sent >= _SECONDS_BETWEEN_MESSAGES:
                self.progressed.emit(RunProgress(run_id, tuple(waiting)))
                waiting, sent = [], time.monotonic()
        return None


class _PythonThread(QThread):
    """A thread with one Python thread state from beginning to end.

    A plain QThread makes a new state for each slot; TensorFlow keeps pointers into the first one, then crashes.
    """

    def run(self) -> None:
        """Run the event loop below a Python frame, which keeps the state alive."""
        self.exec()


class TrainingRunner(QObject):
    """Runs ``fit`` in the worker thread, one run at a time; late messages of earlier runs are dropped.

    Parameters
    ----------
    load_fit : callable
        Returns the ``fit`` function; called in the worker thread only.
    parent : QObject, optional
        Owner.
    """

    loaded = Signal()
    load_failed = Signal()
    """Training could not be loaded ahead of time; a run will say why."""
    phase_entered = Signal(object)
    progressed = Signal(object)
    ended = Signal(object)
    _run_requested = Signal(object)
    _warm_up_requested = Signal()

    def __init__(self, load_fit: FitLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop, self._discard = Event(), Event()
        self._run_id = 0
        self._is_running = False
        self._thread = _PythonThread()
        self._thread.setObjectName("training")
        self._worker = _Worker(load_fit, self._stop, self._discard)
        self._worker.moveToThread(self._thread)
        self._run_requested.connect(self._worker.run)
        self._warm_up_requested.connect(self._worker.warm_up)
        self._worker.loaded.connect(self.loaded)
        self._worker.load_failed.connect(self.load_failed)
        self._worker.phase_entered.connect(self._forward_phase)
        self._worker.progressed.connect(self._forward_progress)
        self._worker.ended.connect(self._forward_end)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """True from ``start`` to the run's ``ended`` message."""
        return self._is_running

    @property
    def is_discarded(self) -> bool:
        """Whether the run under way, or the last one, was thrown away."""
        return self._discard.is_set()

    def warm_up(self) -> None:
        """Begin to load what training needs, in the worker thread."""
        self._warm_up_requested.emit()

    def start(self, request: RunRequest) -> None:
        """Begin a run.

        Raises
        ------
        RuntimeError
            While another run lives.
        """
        if self._is_running:
            message = "a run is already under way"
            raise RuntimeError(message)
        self._stop.clear()
        self._discard.clear()
        self._is_running, self._run_id = True, request.run_id
        self._run_requested.emit(request)

    def stop_early(self) -> None:
        """Ask the run to end with its best epoch."""
        self._stop.set()

    def discard(self) -> None:
        """Ask the run to end without a model."""
        self._discard.set()
        self._stop.set()

    def shut_down(self) -> None:
        """End the run and the thread; returns when the thread has finished."""
        self.discard()
        self._thread.quit()
        self._thread.wait()

    @Slot(object)
    def _forward_phase(self, message: RunPhase) -> None:
        if message.run_id == self._run_id and not self._stop.is_set():
            self.phase_entered.emit(message)

    @Slot(object)
    def _forward_progress(self, message: RunProgress) -> None:
        if message.run_id == self._run_id and not self._discard.is_set():
            self.progressed.emit(message)

    @Slot(object)
    def _forward_end(self, message: RunEnd) -> None:
        if message.run_id == self._run_id:
            self._is_running = False
            if self._discard.is_set() and message.error is None:
                message = RunEnd(message.run_id)  # the fit may have returned its model all the same
            self.ended.emit(message)
