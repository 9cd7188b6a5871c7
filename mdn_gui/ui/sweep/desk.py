"""What leads from a sweep to its panel: its runs are compared off the GUI thread, what is asked for goes back."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from mdn_gui.core.sweep import SweepPlan, SweepResult, SweepRun
from mdn_gui.errors import TrainingError
from mdn_gui.session.messages import RunState, SweepProgress
from mdn_gui.session.sweeping import Sweep, SweepReader
from mdn_gui.ui.runs.shown import better_elsewhere
from mdn_gui.ui.sweep.panel import SweepPanel
from mdn_gui.ui.sweep.texts import better_text, end_text, progress_text, taken_text
from mdn_gui.ui.theme import Theme

if TYPE_CHECKING:
    from mdn_gui.core.training_run import TrainingRun
    from mdn_gui.session.session import Session

_USUAL_MOST = 8

AskPlan = Callable[[SweepPlan, float], SweepPlan | None]
"""Asks what to sweep over, given a proposal, the seconds of a run (NaN where unknown); None means cancelled."""


class SweepDesk(QObject):
    """Shows the newest sweep of the document, or one that is chosen; follows the one under way.

    Parameters
    ----------
    session : Session
        What is open.
    sweep : Sweep
        Follows plans.
    ask_plan : callable
        The dialog.
    parent : QWidget
        Owner.
    """

    plan_made = Signal(object)
    """SweepPlan that a person wants to be followed."""
    told = Signal(str, float)
    """How far the sweep is: one line, the share that is done."""
    said = Signal(str)
    """What has just been done: how a sweep ended, which of its runs was taken."""
    show_requested = Signal(int)
    """Show the fit of this run."""

    def __init__(self, session: "Session", sweep: Sweep, ask_plan: AskPlan, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._sweep, self._ask_plan = session, sweep, ask_plan
        self.panel = SweepPanel(parent)
        self._reader = SweepReader(self)
        self._chosen = 0
        self._plan: SweepPlan | None = None
        self.panel.sweep_requested.connect(self.begin)
        self.panel.stop_requested.connect(sweep.stop)
        self.panel.show_requested.connect(self.show_requested)
        self.show_requested.connect(session.recall.show)
        self.panel.take_requested.connect(self._take)
        self.panel.sweep_chosen.connect(self._choose)
        self._reader.changed.connect(self._show_result)
        sweep.started.connect(self._choose)
        sweep.progressed.connect(self._show_progress)
        sweep.run_failed.connect(self._follow)
        sweep.ended.connect(self._end)
        session.run_list.changed.connect(self._follow)
        session.selection_changed.connect(self._follow)
        session.state_changed.connect(self._show_state)
        self._follow()
        self._show_state()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.panel.show_theme(theme)

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        self._reader.shut_down()

    # -- what is asked for --------------------------------------------------------------------------------------------

    @Slot()
    def begin(self) -> None:
        """Ask what to sweep over; begin."""
        session = self._session
        if session.dataset is None or session.state.is_running:
            return
        plan = self._ask_plan(self._proposal(), self._seconds())
        if plan is not None:
            self._plan = plan
            self.plan_made.emit(plan)

    def _proposal(self) -> SweepPlan:
        """Return the plan of the last time, or the usual K with the seed of the settings."""
        if self._plan is not None:
            return self._plan
        most = max(_USUAL_MOST, self._session.model_config.num_components)
        return SweepPlan(tuple(range(1, most + 1)), (self._session.training_config.seed,))

    def _seconds(self) -> float:
        """Return what the newest run on these columns took; NaN where there is none."""
        dataset, runs = self._session.dataset, self._session.run_list.runs
        if dataset is None:
            return math.nan
        newest = next((run for run in reversed(runs) if run.can_read(dataset) and run.model.history is not None), None)
        return newest.model.history.seconds if newest is not None and newest.model.history is not None else math.nan

    @Slot(int)
    def _take(self, components: int) -> None:
        """Take this K; where a run with it is kept, take its settings, show its fit: the form tells of what is seen."""
        session, run = self._session, self._best_with(components)
        if session.state.is_running:
            return
        wanted = replace(session.model_config, num_components=components), session.training_config
        if run is None or not session.recall.show(run.number):
            session.configure(*wanted)
            return
        session.recall.take_settings_of(run.number)
        is_only_k = (session.model_config, session.training_config) == wanted
        self.said.emit(taken_text(run, is_only_k=is_only_k))

    def _best_with(self, components: int) -> SweepRun | None:
        """Return the run of the sweep shown that is best with this K, of those in the list of runs."""
        result, runs = self._reader.result, self._session.run_list
        kept = [run for run in (result.runs if result is not None else ()) if runs.run(run.number) is not None]
        return min((run for run in kept if run.num_components == components), key=lambda run: run.nll, default=None)

    @Slot(int)
    def _choose(self, number: int) -> None:
        self._chosen = number
        self._follow()

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def _number(self) -> int:
        """The sweep that is shown: the chosen one, else the newest; 0 for none."""
        numbers = {run.sweep for run in self._session.run_list.runs if run.sweep}
        if self._chosen in numbers or (self._chosen and self._is_live(self._chosen)):
            return self._chosen
        return max(numbers, default=0)

    def _is_live(self, number: int) -> bool:
        return self._sweep.is_running and self._sweep.number == number

    def _runs(self) -> tuple["TrainingRun", ...]:
        number = self._number
        return tuple(run for run in self._session.run_list.runs if run.sweep == number and number)

    @Slot()
    def _follow(self, *_: object) -> None:
        """Compare the runs of the sweep that is shown, where they are not those of before."""
        runs, number, sweep = self._runs(), self._number, self._sweep
        numbers = sorted({run.sweep for run in self._session.run_list.runs if run.sweep})
        self.panel.show_sweeps(numbers, number)
        known = {id(run.model) for run in sweep.judged}
        is_this = self._is_live(number) or any(id(run.model) in known for run in runs)
        failures = sweep.failures if is_this else ()
        self._reader.follow(runs, self._session.dataset, sweep.judged, failures)
        better = better_elsewhere(runs, self._session.run_list.runs)
        self.panel.show_better("" if better is None else better_text(better))
        self.panel.show_run(self._session.run_list.shown)

    @Slot(object)
    def _show_result(self, result: SweepResult | None) -> None:
        runs = self._runs()
        self.panel.show_result(result, can_compare=result is not None or not runs)
        self.panel.show_run(self._session.run_list.shown)

    @Slot(object)
    def _show_progress(self, progress: SweepProgress) -> None:
        self.panel.show_progress(progress, is_stopping=self._session.state is RunState.STOPPING)
        self.told.emit(progress_text(progress), progress.share)

    @Slot()
    def _show_state(self, *_: object) -> None:
        """Offer what the state allows."""
        session = self._session
        can_change = session.dataset is not None and not session.state.is_running
        self.panel.allow(start=can_change, take=can_change)
        if self._sweep.is_running:
            self.panel.show_progress(self._sweep.progress, is_stopping=session.state is RunState.STOPPING)

    @Slot(object)
    def _end(self, result: SweepResult | None) -> None:
        self.panel.show_progress(None)
        self._follow()
        sweep, failures = self._sweep, self._sweep.failures
        self.said.emit(end_text(sweep.number, len(sweep.judged), len(failures), sweep.size, result))
        if result is None and failures:
            message = self.tr("Every run of the sweep failed: {reason}.").format(reason=failures[0].reason)
            self._session.report(
                TrainingError(message, self.tr("Train with these settings to see what is in the way."))
            )
