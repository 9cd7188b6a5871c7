"""What runs make is put into the list of runs; of the one under way the best so far is at hand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.session.run_list import RunList
from mdn_gui.session.sweeping import Sweep
from mdn_gui.session.unfinished import Unfinished

if TYPE_CHECKING:
    from mdn_gui.session.runs import Runs


class RunCollector(QObject):
    """Keeps every run that ends, by itself or as one of a sweep.

    Parameters
    ----------
    runs : Runs
        Executes them.
    run_list : RunList
        Where they are kept.
    parent : QObject
        Owner.
    """

    best_improved = Signal()
    """The run under way has a snapshot that is better than those before."""

    def __init__(self, runs: "Runs", run_list: RunList, parent: QObject) -> None:
        super().__init__(parent)
        self._run_list = run_list
        self.sweep = Sweep(runs, self)
        self._unfinished = Unfinished()
        self.continues = 0
        """Number of the run that the one under way continues; 0 for none."""
        runs.progressed.connect(self._keep_best)
        runs.finished.connect(self._keep_run)
        self.sweep.run_ended.connect(self._keep_run_of_sweep)

    @property
    def unfinished(self) -> FittedModel | None:
        """What the run under way has reached; None without one."""
        return self._unfinished.model

    @property
    def next_sweep(self) -> int:
        """The number of the next sweep."""
        return max((run.sweep for run in self._run_list.runs), default=0) + 1

    def begin(self, continued: FittedModel | None) -> None:
        """Expect a run, which may continue a fit, also one that was changed after its run."""
        self._unfinished.begin(continued)
        shown = self._run_list.shown if continued is not None else 0
        self.continues = self._run_list.number_of(continued) or shown

    @Slot(object)
    def _keep_best(self, metrics: tuple[EpochMetrics, ...]) -> None:
        if self._unfinished.add(metrics):
            self.best_improved.emit()

    @Slot(object)
    def _keep_run(self, model: FittedModel | None) -> None:
        self._unfinished.end()
        if model is not None:
            self._run_list.take(model, continues=self.continues)

    @Slot(object, int)
    def _keep_run_of_sweep(self, model: FittedModel, number: int) -> None:
        self._run_list.take(model, sweep=number)
