"""Following a plan on real training: one split a seed, stopped at once."""

import dataclasses
import threading

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.sweep import FailedRun, SweepPlan
from mdn_gui.errors import ConfigError, DataError, TrainingError
from mdn_gui.training import sweep as sweep_module
from mdn_gui.training.fit import fit, fit_model
from mdn_gui.training.sweep import sweep
from tests.laws import Cardioid
from tests.training.runs import bits, cardioid, drained

MODEL = ModelConfig(num_components=7, hidden_layers=(8,))
SHORT = TrainingConfig(epochs=12, batch_size=32, validation_fraction=0.25)


def two_branches(n=600):
    rng = np.random.default_rng(1)
    x = rng.uniform(-1.0, 1.0, n)
    y = x + rng.choice((-1.0, 1.0), n) + rng.normal(0.0, 0.1, n)
    return Dataset(x[:, np.newaxis], y, ("x",), "y")


def test_that_each_run_is_the_fit_that_fit_alone_would_make():
    dataset = cardioid()
    yielded, result = drained(sweep(dataset, MODEL, SHORT, SweepPlan((1, 3), (0, 4))))
    assert [(run.num_components, run.seed) for run in yielded] == [(1, 0), (3, 0), (1, 4), (3, 4)]
    assert set(result.runs) == set(yielded)
    for run in yielded:
        model = dataclasses.replace(MODEL, num_components=run.num_components)
        training = dataclasses.replace(SHORT, seed=run.seed)
        assert bits(run.model) == bits(fit_model(dataset, model, training))
        assert (run.model.model_config, run.model.training_config) == (model, training)


@pytest.mark.parametrize("seed", [0, 3])
def test_that_a_run_is_judged_on_the_rows_held_out_from_it_in_data_units(seed):
    x, y = Cardioid().sample(300, np.random.default_rng(5))
    dataset = Dataset(1000.0 * x[:, np.newaxis], 50.0 * y - 7.0, ("x",), "y")
    _, result = drained(sweep(dataset, MODEL, SHORT, SweepPlan((1, 2), (seed,))))
    for run in result.runs:
        assert len(run.row_nll) == 75
        assert run.nll == pytest.approx(run.model.history.best_nll, abs=1e-3)


def test_that_two_branches_ask_for_more_than_one_component():
    config = TrainingConfig(epochs=150, batch_size=64)
    _, result = drained(sweep(two_branches(), ModelConfig(hidden_layers=(8,)), config, SweepPlan((1, 2, 3))))
    assert result.recommended.num_components >= 2
    assert result.points[0].excess_over(result.points[1]).value > 0.5


def test_that_every_epoch_of_every_run_is_told_to_who_asks():
    told = []
    drained(sweep(cardioid(), MODEL, SHORT, SweepPlan((1, 2)), tell_epoch=lambda *each: told.append(each)))
    assert [(place, metrics.epoch) for place, metrics in told] == [(p, e) for p in (1, 2) for e in range(1, 13)]
    assert all(metrics.snapshot is None for _, metrics in told)


def test_that_a_stop_keeps_the_runs_so_far_without_the_interrupted_one():
    stop, asked = threading.Event(), []

    def interrupt(place, _metrics):
        asked.append(place)
        if place == 2:
            stop.set()

    endless = dataclasses.replace(SHORT, epochs=60)
    plan = SweepPlan((1, 2, 3, 4, 5))
    yielded, result = drained(sweep(cardioid(), MODEL, endless, plan, stop=stop, tell_epoch=interrupt))
    assert set(asked) == {1, 2}
    assert [run.num_components for run in yielded] == [1]
    assert result.runs == tuple(yielded)
    assert yielded[0].model.history.stop_reason is not StopReason.STOPPED


def test_that_a_stop_between_two_runs_begins_no_further_fit(monkeypatch):
    stop = threading.Event()
    runs = sweep(cardioid(), MODEL, SHORT, SweepPlan((1, 2, 3)), stop=stop)
    first = next(runs)
    stop.set()
    monkeypatch.setattr(sweep_module, "fit", None)
    yielded, result = drained(runs)
    assert yielded == []
    assert result.runs == (first,)
    assert result.recommended.runs == (first,)


def test_that_a_stop_before_the_first_run_gives_no_result():
    stop = threading.Event()
    stop.set()
    assert drained(sweep(cardioid(), MODEL, SHORT, SweepPlan((1, 2)), stop=stop)) == ([], None)


def test_that_a_run_finished_just_as_the_stop_came_is_kept(monkeypatch):
    stop = threading.Event()

    def finishing(*arguments, **options):
        model = yield from fit(*arguments, snapshot_seconds=options["snapshot_seconds"])
        options["stop"].set()
        return model

    monkeypatch.setattr(sweep_module, "fit", finishing)
    yielded, result = drained(sweep(cardioid(), MODEL, SHORT, SweepPlan((1, 2, 3)), stop=stop))
    assert [run.num_components for run in result.runs] == [1] == [run.num_components for run in yielded]


def test_that_a_run_that_fails_is_told_and_the_others_go_on(monkeypatch):
    def failing(dataset, model_config, *arguments, **options):
        if model_config.num_components == 2:
            raise TrainingError("The memory does not suffice.", "Take fewer components.")
        return (yield from fit(dataset, model_config, *arguments, **options))

    monkeypatch.setattr(sweep_module, "fit", failing)
    yielded, result = drained(sweep(cardioid(), MODEL, SHORT, SweepPlan((1, 2, 3))))
    failed = FailedRun(2, 0, "The memory does not suffice. Take fewer components")
    assert yielded[1] == failed
    assert [point.num_components for point in result.points] == [1, 3]
    assert result.failures == (failed,)


def test_that_a_sweep_of_which_every_run_fails_has_no_result(monkeypatch):
    def failing(*_arguments, **_options):
        raise DataError("The log needs y above 0.")
        yield

    monkeypatch.setattr(sweep_module, "fit", failing)
    yielded, result = drained(sweep(cardioid(), MODEL, SHORT, SweepPlan((1, 2))))
    assert [type(each) for each in yielded] == [FailedRun, FailedRun]
    assert result is None


def test_that_a_closed_sweep_yields_nothing_more():
    runs = sweep(cardioid(), MODEL, SHORT, SweepPlan((1, 2, 3)))
    next(runs)
    runs.close()
    assert list(runs) == []


def test_that_a_sweep_without_held_out_rows_is_refused_with_a_remedy():
    config = dataclasses.replace(SHORT, validation_fraction=0.0)
    with pytest.raises(ConfigError, match="held-out rows") as caught:
        next(sweep(cardioid(), MODEL, config, SweepPlan((1, 2))))
    assert "Validation above 0" in caught.value.hint
