"""``mdn sweep``: train several K with several seeds, keep every run in a project."""

import argparse
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mdn_gui.cli.beginning import Beginning, add_data, begin, with_runs
from mdn_gui.cli.fitting import fraction_done, progress_text, quiet_loading
from mdn_gui.cli.interrupts import stopped_by_interrupt
from mdn_gui.cli.output import put_json, put_out, say, written
from mdn_gui.cli.progress import Progress
from mdn_gui.cli.projects import check_project_place, facts_of_run, save
from mdn_gui.cli.setting_options import add_settings, settings_asked
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.split import split_of_run
from mdn_gui.core.sweep import FailedRun, SweepPlan, SweepPoint, SweepResult, SweepRun
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import TrainingError
from mdn_gui.session.settings import refuse_impossible

SUMMARY = "train several K with several seeds, compare them on the held-out rows"
EXAMPLES = (
    "mdn sweep data.csv --x dose --y response --components 1:8 -o dose.mdn",
    "mdn sweep dose.mdn --components 1,2,5 --seeds 0,1,2 -o dose.mdn",
)

_HEADINGS = ("K", "seeds", "NLL", "se", "worse by", "se", "seed sd", "seconds")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_data(parser)
    parser.add_argument("--components", metavar="LIST", default="1:8", help="values of K, such as 1:8 or 1,2,5; 1:8")
    parser.add_argument("--seeds", metavar="LIST", default="0", help="seeds, such as 0:4 or 0,1,2; 0")
    add_settings(parser, without=("num_components", "seed"))


def run(options: argparse.Namespace) -> None:
    """Train every run, write the project, tell the table and the K that is recommended."""
    check_project_place(options.output, options.data, overwrite=options.overwrite)
    plan = SweepPlan.of_texts(options.components.replace(":", "-"), options.seeds.replace(":", "-"))
    beginning = begin(options)
    configs = settings_asked(options, (beginning.project.model_config, beginning.project.training_config))
    refuse_impossible(beginning.selection, configs[0])
    sweep = _Sweep(beginning, plan)
    try:
        sweep.train(*configs)
    finally:  # what is finished is kept, also where a second Ctrl+C ends the program
        result = SweepResult.of_runs(sweep.judged, sweep.failures)
        if result is not None:
            _keep(options, sweep, result)
    if result is None and sweep.failures:
        raise TrainingError(f"No run came to an end: {sweep.failures[0].reason}.")
    if result is None:
        raise KeyboardInterrupt
    if options.json:
        put_json(written(options.output, **_facts(sweep, result)))
    else:
        put_out(lambda output: output.writelines(f"{line}\n" for line in _table(result)))


@dataclass
class _Sweep:
    """The runs of a plan, one after another."""

    beginning: Beginning
    plan: SweepPlan
    runs: list[TrainingRun] = field(default_factory=list)
    judged: list[SweepRun] = field(default_factory=list)
    failures: list[FailedRun] = field(default_factory=list)

    @property
    def number(self) -> int:
        """That of the sweep in the project."""
        return 1 + max((run.sweep for run in self.beginning.project.runs), default=0)

    @property
    def is_complete(self) -> bool:
        """Whether every run of the plan has ended."""
        return len(self.runs) + len(self.failures) == len(self.plan)

    def train(self, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        """Train until the plan is done; the first Ctrl+C leaves out the run under way."""
        stop, progress = threading.Event(), Progress()
        with quiet_loading(progress):
            from mdn_gui.training.sweep import sweep
        settings = self.plan.settings(model_config, training_config)

        def tell(place: int, metrics: EpochMetrics) -> None:
            model, training = settings[place - 1]
            progress.before = f"run {place} of {len(settings)}, K = {model.num_components}, seed {training.seed}"
            done = place - 1 + fraction_done(metrics)
            progress.show(done / len(settings), progress_text(metrics))

        dataset = self.beginning.selection.dataset
        with stopped_by_interrupt(stop):
            try:
                for ended in sweep(dataset, model_config, training_config, self.plan, stop=stop, tell_epoch=tell):
                    self._take(ended)
            finally:
                progress.clear()

    def _take(self, ended: SweepRun | FailedRun) -> None:
        if isinstance(ended, FailedRun):
            self.failures.append(ended)
            say(f"K = {ended.num_components}, seed {ended.seed} came to nothing: {ended.reason}.")
            return
        number = self.beginning.project.runs_made + len(self.runs) + 1
        self.judged.append(ended)
        self.runs.append(TrainingRun.just_ended(number, ended.model, sweep=self.number))

    def run_of(self, judged: SweepRun) -> TrainingRun:
        """Return the run as it is kept."""
        return self.runs[self.judged.index(judged)]

    def better_than(self, point: SweepPoint) -> tuple[TrainingRun, TrainingRun] | None:
        """Return the run kept before that beats a point of the sweep most, with the run it beats; None without one.

        It has learned from the same rows and held out the same ones.
        """
        dataset = self.beginning.selection.dataset
        kept = [run for run in self.beginning.project.runs if run.saw(dataset)]
        pairs = [
            (run, self.run_of(each))
            for each in point.runs
            for run in kept
            if np.array_equal(split_of_run(run.model.training_config, len(dataset))[1], each.rows)
        ]
        better = [(run, other) for run, other in pairs if run.nll < other.nll]
        return min(better, key=lambda pair: pair[0].nll - pair[1].nll, default=None)


def _keep(options: argparse.Namespace, sweep: _Sweep, result: SweepResult) -> None:
    before = sweep.beginning.project
    chosen = min(result.recommended.runs, key=lambda each: each.nll)
    shown = sweep.run_of(chosen).number if before.run(before.shown) is None else before.shown
    save(options.output, with_runs(before, tuple(sweep.runs), shown, without_rows=options.without_rows))
    if not sweep.is_complete:
        say(f"stopped early: {len(sweep.runs)} of {len(sweep.plan)} runs are finished")
    best, recommended = result.best.num_components, result.recommended.num_components
    why = "it is the best" if best == recommended else f"the smallest within one standard error of the best, K = {best}"
    kept = f"; run {shown} is still the one shown" if shown == before.shown else ""
    say(f"K = {recommended} is recommended: {why}; saved in {options.output}{kept}")
    if (better := sweep.better_than(result.recommended)) is not None:
        run, other = better
        say(
            f"Run {run.number}, K = {run.model.model_config.num_components}, is better on the same held-out rows: "
            f"NLL {run.nll:.4f}, that of run {other.number} is {other.nll:.4f}."
        )


def _table(result: SweepResult) -> list[str]:
    rows = [_HEADINGS, *(_cells(point, result) for point in result.points)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _cells(point: SweepPoint, result: SweepResult) -> Sequence[str]:
    excess = point.excess_over(result.best)
    is_best = point is result.best
    return (
        f"{'*' if point is result.recommended else ''}{point.num_components}",
        str(len(point.runs)),
        f"{point.nll.value:.4f}",
        f"{point.nll.standard_error:.4f}",
        "best" if is_best else f"{excess.value:.4f}",
        "" if is_best else f"{excess.standard_error:.4f}",
        "" if len(point.runs) == 1 else f"{point.seed_spread:.4f}",
        f"{sum(each.seconds for each in point.runs):.1f}",
    )


def _facts(sweep: _Sweep, result: SweepResult) -> dict[str, object]:
    points = []
    for point in result.points:
        excess = point.excess_over(result.best)
        points.append(
            {
                "components": point.num_components,
                "seeds": point.seeds,
                "runs": [sweep.run_of(each).number for each in point.runs],
                "nll": point.nll.value,
                "nll_se": point.nll.standard_error,
                "excess": excess.value,
                "excess_se": excess.standard_error,
                "seed_sd": point.seed_spread,
            }
        )
    better = sweep.better_than(result.recommended)
    return {
        "sweep": sweep.number,
        "better_before": None if better is None else better[0].number,
        "recommended": result.recommended.num_components,
        "best": result.best.num_components,
        "is_complete": sweep.is_complete,
        "points": points,
        "failures": [vars(each) for each in result.failures],
        "runs": [facts_of_run(each) for each in sweep.runs],
    }
