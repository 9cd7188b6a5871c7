"""The runs that the panel shows, with what is asked of them."""

import enum
import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.baseline import split_settings

if TYPE_CHECKING:
    from mdn_gui.core.dataset import Dataset
    from mdn_gui.session.run_list import RunList

_SAME_NLL = 5e-4
"""Nats a row: less is not seen in three decimals."""


class Rows(enum.Enum):
    """What a run learned from, beside the data that are open."""

    THESE = "these rows"
    OTHER = "other rows"
    OTHER_COLUMNS = "other columns"


@dataclass(frozen=True, eq=False)
class RunsShown:
    """Every run with what the window does with it.

    Parameters
    ----------
    runs : tuple of TrainingRun
        Oldest first.
    shown : int
        Number of the run whose fit is shown; 0 for none.
    ticked : tuple of int
        Numbers of the runs that are laid over it.
    chosen : int
        Number of the run that is subtracted from it; 0 for none, or where nobody has asked for a difference.
    dataset : Dataset or None
        The data that are open.
    """

    runs: tuple[TrainingRun, ...] = ()
    shown: int = 0
    ticked: tuple[int, ...] = ()
    chosen: int = 0
    dataset: "Dataset | None" = None

    @classmethod
    def of(cls, runs: "RunList", dataset: "Dataset | None", *, has_difference: bool = True) -> "RunsShown":
        """Return a list of runs as it is now; ``has_difference`` tells whether the difference is drawn."""
        chosen = runs.chosen if has_difference or runs.is_chosen_by_hand else None
        return cls(runs.runs, runs.shown, runs.ticked, 0 if chosen is None else chosen.number, dataset)

    def run(self, number: int) -> TrainingRun | None:
        """Return the run of a number."""
        return self._by_number.get(number)

    @property
    def current(self) -> TrainingRun | None:
        """The run whose fit is shown."""
        return self.run(self.shown)

    def rows_of(self, run: TrainingRun) -> Rows | None:
        """Return what a run learned from; None where no data are open."""
        if self.dataset is None:
            return None
        if not run.can_read(self.dataset):
            return Rows.OTHER_COLUMNS
        return Rows.THESE if run.saw(self.dataset) else Rows.OTHER

    def nll_difference(self, run: TrainingRun) -> float:
        """Return the validation NLL of a run less that of the one shown, nats a row: negative where it is better.

        NaN where they were not judged on the same rows, for the run shown itself.
        """
        current = self.current
        if current is None or current is run or not _judged_alike(current, run):
            return float("nan")
        return validation_nll(run) - validation_nll(current)

    @cached_property
    def _by_number(self) -> dict[int, TrainingRun]:
        return {run.number: run for run in self.runs}


def validation_nll(run: TrainingRun) -> float:
    """Return the NLL of what was kept on the held-out rows, nats a row; NaN without held-out rows."""
    history = run.model.history
    return run.nll if history is not None and history.validation_nll else float("nan")


def better_elsewhere(judged: Iterable[TrainingRun], every: Iterable[TrainingRun]) -> TrainingRun | None:
    """Return the best run that is better than each of ``judged`` which held out the same rows of the same data."""
    mine = tuple(judged)
    least: dict[Hashable, float] = {}
    for run in mine:
        nll = validation_nll(run)
        if math.isfinite(nll):
            least[_held_out(run)] = min(nll, least.get(_held_out(run), math.inf))
    others = set(every) - set(mine)
    better = [run for run in others if validation_nll(run) < least.get(_held_out(run), -math.inf) - _SAME_NLL]
    return min(better, key=lambda run: (validation_nll(run), run.number), default=None)


def _judged_alike(first: TrainingRun, second: TrainingRun) -> bool:
    """Return whether two runs held out the same rows of the same data."""
    return _held_out(first) == _held_out(second)


def _held_out(run: TrainingRun) -> Hashable:
    """Return what tells the held-out rows of a run from those of others; of unknown data the run itself."""
    digest = run.model.provenance.data_digest
    return (digest, *split_settings(run.model.training_config)) if digest else run
