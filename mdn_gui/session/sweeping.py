"""Sweeps: the runs of a plan in the background, the comparison of the runs of one."""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core import special
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.sweep import FailedRun, SweepPlan, SweepResult, SweepRun
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import reason_of
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob
from mdn_gui.session.messages import RunEnd, SweepProgress
from mdn_gui.session.runs import Runs

_Settings = tuple[ModelConfig, TrainingConfig]


class Sweep(QObject):
    """Follows one plan at a time through the worker thread; what is shown stays as it is.

    Parameters
    ----------
    runs : Runs
        Begins runs.
    parent : QObject, optional
        Owner.
    """

    started = Signal(int)
    """Number of the sweep."""
    progressed = Signal(object)
    """SweepProgress."""
    run_ended = Signal(object, int)
    """FittedModel of a finished run, number of its sweep."""
    run_failed = Signal(object)
    """FailedRun; the others go on."""
    result_changed = Signal(object)
    """SweepResult of the runs so far."""
    ended = Signal(object)
    """SweepResult, or None when no run finished."""

    def __init__(self, runs: Runs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs = runs
        self._waiting: deque[_Settings] = deque()
        self._now: _Settings | None = None
        self._dataset: Dataset | None = None
        self._size = 0
        self._epochs: tuple[EpochMetrics, ...] = ()
        self.number = 0
        """Of the sweep under way, or of the last one; counted from 1."""
        self.judged: tuple[SweepRun, ...] = ()
        """The finished runs of that sweep, oldest first."""
        self.failures: tuple[FailedRun, ...] = ()
        """Those that came to nothing."""
        runs.quiet_progressed.connect(self._take_progress)
        runs.quiet_ended.connect(self._take_end)

    @property
    def is_running(self) -> bool:
        """True from :meth:`start` to ``ended``."""
        return self._now is not None

    @property
    def size(self) -> int:
        """Number of runs of the plan under way, or of the last one."""
        return self._size

    @property
    def result(self) -> SweepResult | None:
        """What the finished runs say; None before one has finished."""
        return SweepResult.of_runs(self.judged, self.failures)

    @property
    def progress(self) -> SweepProgress | None:
        """How far it is; None while none is under way."""
        if self._now is None:
            return None
        model_config, training_config = self._now
        place = self._size - len(self._waiting)
        newest = self._epochs[-1] if self._epochs else None
        return SweepProgress(
            place,
            self._size,
            model_config.num_components,
            training_config.seed,
            newest.epoch if newest else 0,
            newest.epochs if newest else 0,
            min((run.nll for run in self.judged), default=math.nan),
            self._seconds_left(newest),
        )

    def start(
        self,
        plan: SweepPlan,
        dataset: Dataset,
        model_config: ModelConfig,
        training_config: TrainingConfig,
        number: int | None = None,
    ) -> None:
        """Begin the runs of a plan; not while a run or a sweep lives.

        Parameters
        ----------
        plan : SweepPlan
            What to run.
        dataset : Dataset
            The rows to learn from.
        model_config, training_config : ModelConfig, TrainingConfig
            The settings of every run but for the number of components, the seed.
        number : int, optional
            Of this sweep; one more than the last by default.

        Raises
        ------
        ConfigError
            When no rows are held out to compare on.
        """
        self._waiting = deque(plan.settings(model_config, training_config))
        self._size, self._dataset = len(self._waiting), dataset
        self.number = self.number + 1 if number is None else number
        self.judged, self.failures = (), ()
        self._start_next()
        self.started.emit(self.number)
        self._tell_progress()

    def stop(self) -> None:
        """End it: the run under way is left out, finished ones stay."""
        if self.is_running:
            self._runs.discard()

    def _start_next(self) -> None:
        if self._dataset is not None:
            self._now, self._epochs = self._waiting.popleft(), ()
            self._runs.start_quietly(self._dataset, *self._now)

    @Slot(object)
    def _take_progress(self, metrics: tuple[EpochMetrics, ...]) -> None:
        self._epochs = metrics
        self._tell_progress()

    def _tell_progress(self) -> None:
        if self._now is not None:
            self.progressed.emit(self.progress)

    @Slot(object)
    def _take_end(self, end: RunEnd) -> None:
        """Keep what a run has made, begin the next one; a run that was thrown away ends the sweep."""
        if end.error is not None and not self._runs.runner.is_discarded:
            self._keep_failure(end.error)
        elif end.model is not None and end.judged is not None:
            self.judged = (*self.judged, end.judged)
            self.run_ended.emit(end.model, self.number)
            self.result_changed.emit(self.result)
        if self._waiting and not self._runs.runner.is_discarded:
            self._start_next()
            self._tell_progress()
        else:
            self._finish()

    def _keep_failure(self, error: Exception) -> None:
        if self._now is None:
            return
        model_config, training_config = self._now
        failed = FailedRun(model_config.num_components, training_config.seed, reason_of(error))
        self.failures = (*self.failures, failed)
        self.run_failed.emit(failed)

    def _finish(self) -> None:
        self._waiting.clear()
        self._now = self._dataset = None
        self._epochs = ()
        self._runs.end_quiet()
        self.ended.emit(self.result)

    def _seconds_left(self, newest: EpochMetrics | None) -> float:
        """Guess: the runs to come take as long as those before, the one under way no longer than it may."""
        past = [run.seconds for run in self.judged]
        usual = sum(past) / len(past) if past else math.nan
        if newest is None:
            return usual * (len(self._waiting) + 1)
        whole = newest.seconds + newest.seconds_left_at_most
        usual = usual if past else whole
        return max(min(whole, usual) - newest.seconds, 0.0) + usual * len(self._waiting)


class SweepReader(QObject):
    """Compares kept runs that belong to one sweep, off the GUI thread; the answer before stays until the next comes."""

    changed = Signal(object)
    """SweepResult, or None where there is nothing to compare."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._about: tuple[object, ...] = ()
        self.result: SweepResult | None = None
        """The newest answer."""
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    def follow(
        self,
        runs: Sequence[TrainingRun],
        dataset: Dataset | None,
        judged: Sequence[SweepRun] = (),
        failures: tuple[FailedRun, ...] = (),
    ) -> None:
        """Compare these runs, where they are not those that were last compared.

        Parameters
        ----------
        runs : sequence of TrainingRun
            Of one sweep.
        dataset : Dataset or None
            The rows that are open; runs that saw others count only where they are judged already.
        judged : sequence of SweepRun
            What is known of them, so that it need not be worked out.
        failures : tuple of FailedRun
            Runs of that sweep that came to nothing.
        """
        about = (dataset, *(run.model for run in runs), *failures)
        if len(about) == len(self._about) and all(one is other for one, other in zip(about, self._about, strict=True)):
            return
        self._about = about
        past = self.result.runs if self.result is not None else ()
        known = {id(run.model): run for run in (*past, *judged)}
        pairs = [(run, known.get(id(run.model))) for run in runs]
        self._job.drop()
        if pairs:
            self._job.start(partial(_compared, pairs, dataset, failures))
        else:
            self._take(None)

    def shut_down(self) -> None:
        """Drop the work under way; return when its thread has ended."""
        self._job.shut_down()

    @Slot(object)
    def _take(self, result: SweepResult | None) -> None:
        if result is not self.result:
            self.result = result
            self.changed.emit(result)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(None)


def _compared(
    pairs: Sequence[tuple[TrainingRun, SweepRun | None]],
    dataset: Dataset | None,
    failures: tuple[FailedRun, ...],
    watch: Watch,
) -> SweepResult | None:
    special.load()
    runs: list[SweepRun] = []
    for run, known in pairs:
        if watch.is_cancelled():
            return None
        if known is not None:
            runs.append(replace(known, number=run.number))
        elif dataset is not None and run.saw(dataset):
            runs.append(SweepRun.judged(run.model, dataset, run.number))
    result = SweepResult.of_runs(runs, failures)
    return None if result is None else result.worked_out()
