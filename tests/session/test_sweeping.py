"""Sweeps in the background: what is shown stays, what has finished is kept."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.sweep import FailedRun, SweepPlan, SweepRun
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import ConfigError, TrainingError
from mdn_gui.session.messages import RunState
from mdn_gui.session.runs import Runs
from mdn_gui.session.sweeping import Sweep, SweepReader
from tests.fakes import FakeFit, made_model
from tests.session.conftest import Ears

PLAN = SweepPlan((1, 2, 3), (0, 1))
SETTINGS = ModelConfig(hidden_layers=(8,)), TrainingConfig(epochs=9)


class SweepFit(FakeFit):
    """A fit whose models have the K that was asked for; ``errors`` are raised at the runs of these numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: dict[int, Exception] = {}

    def __call__(self, dataset, model_config, training_config, **options):
        self.components = model_config.num_components
        self.error = self.errors.get(len(self.runs) + 1)
        model = yield from super().__call__(dataset, model_config, training_config, **options)
        return replace(model, model_config=model_config)


@pytest.fixture
def fit() -> SweepFit:
    return SweepFit()


@pytest.fixture
def runs(qtbot, fit: SweepFit) -> Iterator[Runs]:
    made = Runs(fit.load)
    made.begin_anew()
    yield made
    fit.free.set()
    fit.loadable.set()
    made.runner.shut_down()
    made.deleteLater()


@pytest.fixture
def sweep(runs: Runs) -> Sweep:
    return Sweep(runs, runs)


@pytest.fixture
def shown(qtbot, runs: Runs, tiny_dataset: Dataset):
    """The fit of a run before the sweep."""
    with qtbot.waitSignal(runs.finished):
        runs.start(tiny_dataset, *SETTINGS)
    return runs.fitted


def wait_for_end(qtbot, sweep: Sweep) -> None:
    qtbot.waitUntil(lambda: not sweep.is_running)


def asked(fit: FakeFit, skipped: int = 0) -> list[tuple[int, int]]:
    return [(model.num_components, training.seed) for _, model, training in fit.runs[skipped:]]


# -- the runs ---------------------------------------------------------------------------------------------------------


def test_that_a_sweep_runs_its_plan_in_order_with_the_settings_given(qtbot, sweep, fit, tiny_dataset):
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    assert [(model, training) for _, model, training in fit.runs] == list(PLAN.settings(*SETTINGS))
    assert all(dataset is tiny_dataset for dataset, *_ in fit.runs)
    assert fit.continued == [None] * 6
    assert len(set(fit.threads)) == 1


def test_that_every_finished_run_is_told_with_the_number_of_its_sweep(qtbot, sweep, fit, tiny_dataset, hear: Ears):
    ended, begun = hear(sweep.run_ended), hear(sweep.started)
    sweep.start(SweepPlan((1, 2)), tiny_dataset, *SETTINGS, 5)
    wait_for_end(qtbot, sweep)
    sweep.start(SweepPlan((3,)), tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    assert [(model.num_components, number) for model, number in ended] == [(1, 5), (2, 5), (3, 6)]
    assert begun == [5, 6]


def test_that_the_result_grows_with_each_run_and_is_told_at_the_end(qtbot, sweep, tiny_dataset, hear: Ears):
    results, ends = hear(sweep.result_changed), hear(sweep.ended)
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    assert [len(result.runs) for result in results] == [1, 2, 3, 4, 5, 6]
    assert [point.num_components for point in ends[0].points] == [1, 2, 3]
    for run in ends[0].runs:
        expected = SweepRun.judged(run.model, tiny_dataset)
        assert run.row_nll.tolist() == expected.row_nll.tolist()


def test_that_the_fit_on_the_screen_stays_and_nothing_of_the_runs_is_shown(
    qtbot, runs, sweep, shown, tiny_dataset, hear: Ears
):
    silent = (runs.progressed, runs.started, runs.finished, runs.model_changed, runs.phase_entered)
    told = [hear(signal) for signal in (*silent, runs.replay_changed)]
    before = runs.replay
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    assert told == [[]] * 6
    assert runs.model is shown
    assert runs.fitted is shown
    assert runs.replay == before


def test_that_an_epoch_of_the_past_can_be_shown_meanwhile(qtbot, runs, sweep, fit, shown, tiny_dataset):
    fit.free.clear()
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    runs.show_epoch(2)
    assert runs.shown_epoch == 2
    assert not runs.replay.is_live
    sweep.stop()
    wait_for_end(qtbot, sweep)
    assert runs.shown_epoch == 2


def test_that_the_fit_of_another_run_can_be_shown_meanwhile(qtbot, runs, sweep, fit, shown, tiny_dataset):
    fit.free.clear()
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    other = made_model(tiny_dataset, 5)
    runs.adopt(other)
    assert runs.model is other
    assert runs.state is RunState.SWEEPING
    sweep.stop()
    wait_for_end(qtbot, sweep)
    assert runs.model is other


@pytest.mark.parametrize("has_fit", [False, True])
def test_that_the_state_is_sweeping_then_what_it_was(qtbot, runs, sweep, tiny_dataset, hear: Ears, has_fit, request):
    if has_fit:
        request.getfixturevalue("shown")
    before, states = runs.state, hear(runs.state_changed)
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    assert runs.state.is_running
    wait_for_end(qtbot, sweep)
    assert states == [RunState.SWEEPING, before]
    assert not runs.is_quiet


def test_that_a_run_can_begin_after_a_sweep_and_is_shown(qtbot, runs, sweep, tiny_dataset, hear: Ears):
    sweep.start(SweepPlan((1,)), tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    finished = hear(runs.finished)
    with qtbot.waitSignal(runs.finished):
        runs.start(tiny_dataset, *SETTINGS)
    assert runs.model is finished[0]
    assert len(sweep.judged) == 1


def test_that_a_sweep_without_held_out_rows_begins_nothing(sweep, runs, tiny_dataset):
    with pytest.raises(ConfigError, match="held-out rows"):
        sweep.start(PLAN, tiny_dataset, ModelConfig(), TrainingConfig(validation_fraction=0.0))
    assert not sweep.is_running
    assert runs.state is RunState.DATA


# -- stopping ---------------------------------------------------------------------------------------------------------


def test_that_a_stop_is_shown_at_once_and_leaves_out_the_run_under_way(
    qtbot, runs, sweep, fit, tiny_dataset, hear: Ears
):
    ended, ends, progress = hear(sweep.run_ended), hear(sweep.ended), hear(sweep.progressed)
    fit.free.clear()
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    fit.allow(fit.epochs + 1)
    qtbot.waitUntil(lambda: progress[-1].place == 2 and progress[-1].epoch == 1)
    sweep.stop()
    assert runs.state is RunState.STOPPING
    assert sweep.is_running
    wait_for_end(qtbot, sweep)
    assert asked(fit) == [(1, 0), (2, 0)]
    assert [model.num_components for model, _ in ended] == [1]
    assert [point.num_components for point in ends[0].points] == [1]
    assert runs.state is RunState.DATA


@pytest.mark.parametrize("way", ["stop_early", "discard"])
def test_that_the_ways_to_end_a_run_end_a_sweep(qtbot, runs, sweep, fit, tiny_dataset, hear: Ears, way):
    ends = hear(sweep.ended)
    fit.free.clear()
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    getattr(runs, way)()
    assert runs.state is RunState.STOPPING
    wait_for_end(qtbot, sweep)
    assert ends == [None]
    assert len(fit.runs) <= 1


def test_that_a_stop_as_a_run_is_told_begins_no_other(qtbot, sweep, fit, tiny_dataset):
    sweep.run_ended.connect(lambda *_: sweep.stop())
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    assert asked(fit) == [(1, 0)]
    assert len(sweep.judged) == 1


def test_that_a_stop_while_training_loads_begins_no_run(qtbot, runs, sweep, fit, tiny_dataset):
    fit.loadable.clear()
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    sweep.stop()
    assert runs.state is RunState.STOPPING
    fit.loadable.set()
    wait_for_end(qtbot, sweep)
    assert not fit.runs


def test_that_a_stop_of_nothing_does_nothing(runs, sweep):
    sweep.stop()
    assert runs.state is RunState.DATA
    assert not runs.runner.is_discarded


@pytest.mark.parametrize("error", [None, TrainingError("No.")])
def test_that_shutting_down_ends_the_sweep_and_begins_no_other_run(
    qtbot, qapp, runs, sweep, fit, tiny_dataset, hear: Ears, error
):
    ends, progress = hear(sweep.ended), hear(sweep.progressed)
    fit.free.clear()
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    fit.allow()
    qtbot.waitUntil(lambda: progress[-1].epoch == 1)
    fit.error = error
    runs.runner.shut_down()
    wait_for_end(qtbot, sweep)
    assert asked(fit) == [(1, 0)]
    assert ends == [None]


# -- failures ---------------------------------------------------------------------------------------------------------


def test_that_a_run_that_fails_is_marked_and_the_others_go_on(qtbot, runs, sweep, fit, tiny_dataset, hear: Ears):
    failed, ends, reported = hear(sweep.run_failed), hear(sweep.ended), hear(runs.failed)
    fit.errors = {2: TrainingError("The memory does not suffice.", "Take fewer."), 4: ZeroDivisionError("oops")}
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    assert failed == [FailedRun(2, 0, "The memory does not suffice. Take fewer"), FailedRun(1, 1, "oops")]
    assert ends[0].failures == tuple(failed)
    assert [(point.num_components, point.seeds) for point in ends[0].points] == [(1, (0,)), (2, (1,)), (3, (0, 1))]
    assert not reported


def test_that_a_sweep_of_which_every_run_fails_ends_with_no_result(qtbot, sweep, fit, tiny_dataset, hear: Ears):
    ends = hear(sweep.ended)
    fit.load_error = ImportError("no tensorflow here")
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    wait_for_end(qtbot, sweep)
    assert ends == [None]
    assert len(sweep.failures) == 6


# -- progress ---------------------------------------------------------------------------------------------------------


def test_that_progress_names_the_run_its_epoch_the_best_so_far(qtbot, sweep, fit, tiny_dataset, hear: Ears):
    told = hear(sweep.progressed)
    fit.free.clear()
    sweep.start(PLAN, tiny_dataset, *SETTINGS)
    first = told[-1]
    assert (first.place, first.runs, first.num_components, first.seed, first.epoch) == (1, 6, 1, 0, 0)
    assert np.isnan(first.best_nll)
    assert np.isnan(first.seconds_left)
    assert first.share == 0.0
    fit.allow(fit.epochs + 1)
    qtbot.waitUntil(lambda: told[-1].place == 2 and told[-1].epoch == 1)
    later = told[-1]
    assert (later.runs, later.num_components, later.epochs) == (6, 2, fit.epochs)
    assert later.best_nll == sweep.judged[0].nll
    assert later.share == pytest.approx((1 + 1 / 5) / 6)
    assert 4 * 0.5 <= later.seconds_left <= 5 * 0.5
    sweep.stop()
    wait_for_end(qtbot, sweep)
    assert sweep.progress is None


# -- the runs of a project --------------------------------------------------------------------------------------------


@pytest.fixture
def reader(qtbot) -> Iterator[SweepReader]:
    made = SweepReader()
    yield made
    made.shut_down()
    made.deleteLater()


def kept(dataset: Dataset, *components: int) -> list[TrainingRun]:
    return [
        TrainingRun(number, made_model(dataset, number, components=k), sweep=1)
        for number, k in enumerate(components, start=11)
    ]


def test_that_kept_runs_are_compared_again(qtbot, reader, tiny_dataset):
    runs = kept(tiny_dataset, 1, 2, 3)
    with qtbot.waitSignal(reader.changed):
        reader.follow(runs, tiny_dataset)
    assert [(run.num_components, run.number) for run in reader.result.runs] == [(1, 11), (2, 12), (3, 13)]
    for run in reader.result.runs:
        assert run.row_nll.tolist() == SweepRun.judged(run.model, tiny_dataset).row_nll.tolist()


def test_that_runs_which_saw_other_rows_count_only_where_they_are_judged_already(qtbot, reader, tiny_dataset):
    other = Dataset(tiny_dataset.x[:40], tiny_dataset.y[:40], ("dose",), "response")
    runs = kept(tiny_dataset, 1, 2)
    known = SweepRun.judged(runs[1].model, tiny_dataset)
    with qtbot.waitSignal(reader.changed):
        reader.follow(runs, other, (known,))
    assert [run.number for run in reader.result.runs] == [12]
    assert reader.result.runs[0].row_nll is known.row_nll


def test_that_what_was_compared_stays_until_the_next_answer_and_is_not_worked_out_again(
    qtbot, reader, tiny_dataset, hear: Ears
):
    runs = kept(tiny_dataset, 1, 2)
    with qtbot.waitSignal(reader.changed):
        reader.follow(runs[:1], tiny_dataset)
    first, told = reader.result.runs[0], hear(reader.changed)
    reader.follow(runs, tiny_dataset)
    assert len(reader.result.runs) == 1
    qtbot.waitUntil(lambda: len(reader.result.runs) == 2)
    assert reader.result.runs[0].row_nll is first.row_nll
    reader.follow([replace(run, name="other") for run in runs], tiny_dataset)
    assert len(told) == 1
    reader.follow([], tiny_dataset)
    assert told[-1] is None
