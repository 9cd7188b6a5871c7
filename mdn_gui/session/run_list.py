"""The finished runs of a document: which is shown, which are laid over it, what a person calls them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.history import History

MOST_RUNS = 1000
LONGEST_NAME = 200
LONGEST_NOTES = 10_000


class RunList(QObject):
    """Keeps every run; labels and deletions can be undone.

    Parameters
    ----------
    history : History
        Where labels and deletions are recorded.
    parent : QObject, optional
        Owner.
    """

    changed = Signal()
    """There are other runs, or others are shown, laid over, chosen for the difference, labelled."""
    edited = Signal()
    """What is to be saved has changed: runs or their labels."""
    shown_deleted = Signal()
    """The run that is shown is no more."""
    shown_restored = Signal(int)
    """The run of this number, which was shown when it was deleted, is there again."""
    full = Signal(int)
    """So many runs are kept at most: the oldest one without a star was let go."""

    def __init__(self, history: History, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._runs: tuple[TrainingRun, ...] = ()
        self._made = 0
        self._shown = 0
        self._ticked: tuple[int, ...] = ()
        self._chosen = 0
        self.is_chosen_by_hand = False
        """Whether a person has chosen the run that the one shown is compared with."""
        self.preferred = 0
        """Number of the run that :meth:`newest_for` prefers; 0 for none."""

    # -- what it knows ------------------------------------------------------------------------------------------------

    @property
    def runs(self) -> tuple[TrainingRun, ...]:
        """Every run, oldest first."""
        return self._runs

    @property
    def made(self) -> int:
        """The greatest number that was ever given."""
        return self._made

    @property
    def shown(self) -> int:
        """Number of the run whose fit is shown; 0 for none."""
        return self._shown

    @property
    def ticked(self) -> tuple[int, ...]:
        """Numbers of the runs that are laid over the one shown, in the order of their ticks."""
        return self._ticked

    @property
    def chosen(self) -> TrainingRun | None:
        """The run that the one shown is compared with."""
        return self.run(self._chosen)

    def run(self, number: int) -> TrainingRun | None:
        """Return the run of a number."""
        return next((run for run in self._runs if run.number == number), None)

    def number_of(self, model: FittedModel | None) -> int:
        """Return the number of the run that made a model; 0 where none did."""
        return next((run.number for run in self._runs if run.model is model), 0)

    def newest_for(self, dataset: Dataset) -> TrainingRun | None:
        """Return the run that reads the columns of a data set: the one shown, else the newest.

        One that saw these very rows comes before others.
        """
        wanted = self.preferred or self._shown
        newest_first = sorted(self._runs, key=lambda run: (run.number == wanted, run.number), reverse=True)
        fitting = [run for run in newest_first if run.can_read(dataset)]
        return next((run for run in fitting if run.saw(dataset)), next(iter(fitting), None))

    def other_than(self, model: object, dataset: Dataset | None) -> TrainingRun | None:
        """Return the chosen run where it can be compared: it is another than ``model`` and reads these columns."""
        chosen = self.chosen
        if chosen is None or dataset is None or chosen.model is model or not chosen.can_read(dataset):
            return None
        return chosen

    # -- runs come ----------------------------------------------------------------------------------------------------

    def take(self, model: FittedModel, *, continues: int = 0, sweep: int = 0) -> TrainingRun:
        """Keep a run that has just ended; the one shown before is what it is compared with, unless of a sweep."""
        if len(self._runs) >= MOST_RUNS:
            spare = next((run for run in self._runs if not run.is_starred and run.number != self._shown), self._runs[0])
            self._runs = tuple(run for run in self._runs if run is not spare)
            self.full.emit(MOST_RUNS)
        self._made += 1
        run = TrainingRun.just_ended(self._made, model, continues=continues, sweep=sweep)
        if not sweep:
            self._chosen, self._shown = self._shown or self._newest_number(), run.number
            self.is_chosen_by_hand = False
        self._runs = (*self._runs, run)
        self._tell_edit()
        return run

    def hold(self, runs: Iterable[TrainingRun], made: int, shown: int) -> None:
        """Keep the runs of a project that is opened, in place of all."""
        self._runs = tuple(runs)
        self._made = max([made, *(run.number for run in self._runs)])
        self._shown, self._ticked, self._chosen = shown, (), 0
        self.is_chosen_by_hand = False
        self.changed.emit()

    def clear(self) -> None:
        """Forget every run, because another document begins."""
        self.hold((), 0, 0)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show(self, number: int) -> None:
        """Tell whose fit is shown; 0 for none."""
        if number != self._shown:
            self._shown = number
            self.changed.emit()

    def tick(self, number: int, *, on: bool) -> None:
        """Lay a run over the one shown, or take it away again."""
        others = tuple(each for each in self._ticked if each != number)
        self._ticked = (*others, number) if on and self.run(number) is not None else others
        self.changed.emit()

    def choose(self, number: int | None) -> None:
        """Compare with the run of this number, or with none."""
        self._chosen = number or 0
        self.is_chosen_by_hand = bool(number)
        self.changed.emit()

    # -- what a person changes ----------------------------------------------------------------------------------------

    def rename(self, number: int, name: str) -> None:
        """Call a run something; an empty name gives it its number back."""
        text = self.tr("Rename run {number}").format(number=number)
        self._label(number, text, lambda run: replace(run, name=" ".join(name.split())[:LONGEST_NAME]))

    def note(self, number: int, notes: str) -> None:
        """Write something about a run."""
        text = self.tr("Notes of run {number}").format(number=number)
        self._label(number, text, lambda run: replace(run, notes=notes[:LONGEST_NOTES]))

    def star(self, number: int, *, on: bool) -> None:
        """Mark a run, or take the mark away."""
        text = self.tr("Star run {number}") if on else self.tr("Take the star of run {number}")
        self._label(number, text.format(number=number), lambda run: replace(run, is_starred=on))

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete runs."""
        gone = tuple(run for run in self._runs if run.number in set(numbers))
        if not gone:
            return
        before = self._shown, self._ticked, self._chosen
        self._remove(gone)
        one, many = self.tr("Delete run {number}"), self.tr("Delete {count} runs")
        text = one.format(number=gone[0].number) if len(gone) == 1 else many.format(count=len(gone))
        self._history.record(text, partial(self._bring_back, gone, *before), partial(self._remove, gone))

    def _label(self, number: int, text: str, change: Callable[[TrainingRun], TrainingRun]) -> None:
        before = self.run(number)
        if before is None:
            return
        after = change(before)
        if _labels(after) == _labels(before):
            self.changed.emit()  # what was typed has to be shown as it is kept
            return
        self._put(after)
        self._history.record(text, partial(self._put, before), partial(self._put, after))

    def _put(self, changed: TrainingRun) -> None:
        self._runs = tuple(changed if run.number == changed.number else run for run in self._runs)
        self._tell_edit()

    def _remove(self, gone: tuple[TrainingRun, ...]) -> None:
        numbers = {run.number for run in gone}
        self._runs = tuple(run for run in self._runs if run.number not in numbers)
        self._ticked = tuple(number for number in self._ticked if number not in numbers)
        self._chosen = 0 if self._chosen in numbers else self._chosen
        shown_is_gone = self._shown in numbers
        if shown_is_gone:
            self._shown = 0
        self._tell_edit()
        if shown_is_gone:
            self.shown_deleted.emit()

    def _bring_back(self, gone: tuple[TrainingRun, ...], shown: int, ticked: tuple[int, ...], chosen: int) -> None:
        numbers = {run.number for run in gone}
        self._runs = tuple(sorted((*self._runs, *gone), key=lambda run: run.number))
        self._ticked += tuple(number for number in ticked if number in numbers)
        self._chosen = chosen if chosen in numbers else self._chosen
        self._tell_edit()
        if shown in numbers:
            self.shown_restored.emit(shown)

    def _newest_number(self) -> int:
        return self._runs[-1].number if self._runs else 0

    def _tell_edit(self) -> None:
        self.changed.emit()
        self.edited.emit()


def _labels(run: TrainingRun) -> tuple[str, str, bool]:
    return run.name, run.notes, run.is_starred
