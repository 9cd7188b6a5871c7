"""Choosing K on real training: one split, one point a K, stopped at once."""

import dataclasses
import threading

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason
from mdn_gui.errors import ConfigError
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


def test_that_each_k_is_the_fit_that_fit_alone_would_make():
    dataset = cardioid()
    yielded, result = drained(sweep(dataset, MODEL, SHORT, max_components=3))
    assert result.points == tuple(yielded)
    assert [point.num_components for point in yielded] == [1, 2, 3]
    for point in yielded:
        config = dataclasses.replace(MODEL, num_components=point.num_components)
        assert bits(point.model) == bits(fit_model(dataset, config, SHORT))
        assert point.model.training_config == SHORT


@pytest.mark.parametrize("seed", [0, 3])
def test_that_a_point_judges_the_kept_fit_on_the_rows_held_out_from_it_in_data_units(seed):
    x, y = Cardioid().sample(300, np.random.default_rng(5))
    dataset = Dataset(1000.0 * x[:, np.newaxis], 50.0 * y - 7.0, ("x",), "y")
    _, result = drained(sweep(dataset, MODEL, dataclasses.replace(SHORT, seed=seed), max_components=2))
    for point in result.points:
        assert len(point.row_nll) == 75
        assert point.nll.value == pytest.approx(point.model.history.best_nll, abs=1e-3)
        assert not point.row_nll.flags.writeable


def test_that_two_branches_ask_for_more_than_one_component():
    config = TrainingConfig(epochs=150, batch_size=64)
    _, result = drained(sweep(two_branches(), ModelConfig(hidden_layers=(8,)), config, max_components=3))
    assert result.recommended.num_components >= 2
    assert result.points[0].excess_over(result.points[1]).value > 0.5


def test_that_a_stop_keeps_the_points_so_far_without_the_interrupted_k(monkeypatch):
    stop, asked = threading.Event(), []

    def interrupted(*arguments, **options):
        asked.append(arguments[1].num_components)
        epochs = fit(*arguments, **options)
        while True:
            try:
                next(epochs)
            except StopIteration as finished:
                return finished.value
            if len(asked) == 2:
                stop.set()

    monkeypatch.setattr(sweep_module, "fit_model", interrupted)
    endless = dataclasses.replace(SHORT, epochs=60)
    yielded, result = drained(sweep(cardioid(), MODEL, endless, max_components=5, stop=stop))
    assert asked == [1, 2]
    assert [point.num_components for point in yielded] == [1]
    assert result.points == tuple(yielded)
    assert yielded[0].model.history.stop_reason is not StopReason.STOPPED


def test_that_a_stop_between_two_k_begins_no_further_fit(monkeypatch):
    stop = threading.Event()
    points = sweep(cardioid(), MODEL, SHORT, max_components=5, stop=stop)
    first = next(points)
    stop.set()
    monkeypatch.setattr(sweep_module, "fit_model", None)
    yielded, result = drained(points)
    assert yielded == []
    assert result.points == (first,)
    assert result.recommended is first


def test_that_a_stop_before_the_first_k_gives_no_result():
    stop = threading.Event()
    stop.set()
    assert drained(sweep(cardioid(), MODEL, SHORT, max_components=2, stop=stop)) == ([], None)


def test_that_a_k_finished_just_as_the_stop_came_is_kept(monkeypatch):
    stop = threading.Event()

    def finishing(*arguments, **options):
        model = fit_model(*arguments)
        options["stop"].set()
        return model

    monkeypatch.setattr(sweep_module, "fit_model", finishing)
    yielded, result = drained(sweep(cardioid(), MODEL, SHORT, max_components=5, stop=stop))
    assert [point.num_components for point in result.points] == [1] == [point.num_components for point in yielded]


def test_that_a_closed_sweep_yields_nothing_more():
    points = sweep(cardioid(), MODEL, SHORT, max_components=3)
    next(points)
    points.close()
    assert list(points) == []


@pytest.mark.parametrize("most", [0, -1, 65, 2.5, True])
def test_that_a_greatest_k_out_of_its_range_is_refused_with_the_range(most):
    with pytest.raises(ConfigError, match="Components") as caught:
        next(sweep(cardioid(), MODEL, SHORT, max_components=most))
    assert "from 1 to 64" in caught.value.hint


def test_that_a_sweep_without_held_out_rows_is_refused_with_a_remedy():
    config = dataclasses.replace(SHORT, validation_fraction=0.0)
    with pytest.raises(ConfigError, match="held-out rows") as caught:
        next(sweep(cardioid(), MODEL, config, max_components=2))
    assert "Validation above 0" in caught.value.hint
