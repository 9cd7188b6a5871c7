"""What a run that goes on has reached, kept so that it can be recovered should the program end."""

from collections.abc import Iterable
from dataclasses import replace

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory


class Unfinished:
    """The record of the run under way with the best of its snapshots."""

    def __init__(self) -> None:
        self._train: list[float] = []
        self._validation: list[float] = []
        self._last: EpochMetrics | None = None
        self._best: EpochMetrics | None = None

    def begin(self, continued: FittedModel | None) -> None:
        """Begin with the record of the fit that is continued, if any."""
        past = continued.history if continued is not None else None
        self._train = list(past.train_nll) if past is not None else []
        self._validation = list(past.validation_nll) if past is not None else []
        self._last = self._best = None

    def add(self, metrics: Iterable[EpochMetrics]) -> bool:
        """Take newer epochs, in order; return whether a snapshot among them is the best so far."""
        is_better = False
        for epoch in metrics:
            self._last = epoch
            self._train.append(epoch.train_nll)
            if epoch.validation_nll is not None:
                self._validation.append(epoch.validation_nll)
            best = self._best
            if epoch.snapshot is not None and (best is None or epoch.judged_nll < best.judged_nll):
                self._best, is_better = epoch, True
        return is_better

    def end(self) -> None:
        """Forget everything: the run has ended."""
        self.begin(None)

    @property
    def model(self) -> FittedModel | None:
        """The best snapshot as the result of a run that was interrupted; None before the first one."""
        if self._best is None or self._best.snapshot is None or self._last is None:
            return None
        validation = tuple(self._validation) if len(self._validation) == len(self._train) else ()
        history = TrainingHistory(
            tuple(self._train), validation, self._best.epoch, StopReason.INTERRUPTED, self._last.seconds
        )
        return replace(self._best.snapshot, history=history)
