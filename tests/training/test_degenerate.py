"""Data and settings that break mixtures: each run ends with finite weights, a reason, a usable model."""

import dataclasses

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig, preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.pruning import ordered
from mdn_gui.training.fit import fit
from mdn_gui.training.guard import MAX_ROLLBACKS
from mdn_gui.training.run import Run

RNG = np.random.default_rng(0)
X, E = RNG.normal(size=60), RNG.normal(size=60)
GAP = np.where(X > 0, X + 5.0, X - 5.0)

CASES = {
    "two rows": (X[:2], E[:2]),
    "two equal rows": (np.zeros(2), np.zeros(2)),
    "five rows": (X[:5], E[:5]),
    "constant x": (np.full(60, 4.0), E),
    "constant y": (X, np.full(60, -7.0)),
    "y repeated exactly": (X, np.repeat([1.0, 2.0, 3.5], 20)),
    "a pile of zeros": (X, np.where(X > 0, E, 0.0)),
    "y times a million": (X, E * 1e6),
    "tiny y": (X, E * 1e-200),
    "huge y": (X, E * 1e200),
    "one outlier in y": (X, np.append(E[:-1], 1e30)),
    "one outlier in x": (np.append(X[:-1], -1e30), E),
    "Cauchy noise": (X, RNG.standard_cauchy(60) * 1e4),
    "a gap in x": (GAP, np.sign(X) + 0.01 * E),
    "x equals y": (X, X),
}

SHORT = TrainingConfig(epochs=40, batch_size=16)
ONE_NETWORK = dataclasses.replace(SHORT, restarts=1, distillation=False)
_, RECIPE_TRAINING = preset("tfp-example")


def assert_usable(dataset, model_config, training_config):
    """Run to the end; every number that comes out is finite."""
    epochs = fit(dataset, model_config, training_config, snapshot_seconds=0.0)
    yielded = []
    while True:
        try:
            yielded.append(next(epochs))
        except StopIteration as finished:
            model = finished.value
            break
    for metrics in yielded:
        assert np.isfinite(metrics.train_nll)
        assert metrics.validation_nll is None or np.isfinite(metrics.validation_nll)
    history = model.history
    assert isinstance(history.stop_reason, StopReason)
    assert 0 <= history.best_epoch <= history.epochs == len(yielded)
    assert np.isfinite(history.best_nll) or history.best_epoch == 0
    for member in model.network.members:
        for array in (*member.kernels, *member.biases):
            assert np.isfinite(array).all()
    mixture = model.conditional(np.linspace(dataset.x.min(axis=0), dataset.x.max(axis=0), 7))
    assert (mixture.scales > 0).all()
    assert np.isfinite(mixture.locs).all()
    np.testing.assert_allclose(mixture.weights.sum(axis=1), 1.0)
    assert np.isfinite(mixture.mean()).all()
    return model


def a_dataset(case):
    x, y = CASES[case]
    return Dataset(x[:, np.newaxis], y, ("x",), "y")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("num_components", [1, 8])
def test_that_hard_data_give_a_usable_model(case, num_components):
    assert_usable(a_dataset(case), ModelConfig(num_components=num_components, hidden_layers=(8,)), SHORT)


@pytest.mark.parametrize("case", CASES)
def test_that_hard_data_of_two_inputs_give_a_usable_average(case):
    x, y = CASES[case]
    dataset = Dataset(np.column_stack((x, np.cos(x))), y, ("a", "b"), "y")
    assert_usable(dataset, ModelConfig(num_components=2, hidden_layers=(8,)), SHORT)


@pytest.mark.parametrize("case", CASES)
def test_that_hard_data_give_a_usable_model_without_any_scaling(case):
    model_config, training_config = preset("tfp-example")
    assert_usable(a_dataset(case), model_config, training_config)


@pytest.mark.parametrize("rate", [10.0, 1e3, 1e4])
@pytest.mark.parametrize("name", ["default", "tfp-example"])
def test_that_a_wild_learning_rate_gives_a_usable_model(name, rate):
    model_config, _ = preset(name)
    fraction = 0.15 if name == "default" else 0.0
    training_config = TrainingConfig(
        epochs=60, batch_size=16, learning_rate=rate, schedule="constant", clip_norm=0.0, validation_fraction=fraction
    )
    assert_usable(a_dataset("Cauchy noise"), model_config, training_config)


def test_that_a_run_that_cannot_take_a_step_keeps_the_start_and_says_so():
    x = np.array([1e300, -1e300, 1e300, -1e300])
    dataset = Dataset(x[:, np.newaxis], x, ("x",), "y")
    model_config = ModelConfig(
        hidden_layers=(8, 8), activation="relu", standardize=False, data_driven_start=False, scale_floor=0.0
    )
    training_config = TrainingConfig(epochs=500, validation_fraction=0.0, clip_norm=0.0, noise=0.0)
    model = assert_usable(dataset, model_config, training_config)
    assert model.history.stop_reason is StopReason.DIVERGED


@pytest.mark.parametrize("fraction", [0.0, 0.15])
def test_that_steps_that_turn_nan_for_good_end_a_run_with_its_best_epoch_kept(fraction):
    settings = dataclasses.replace(ONE_NETWORK, validation_fraction=fraction)
    run = Run(a_dataset("a pile of zeros"), ModelConfig(hidden_layers=(8,)), settings)
    yielded = run.advance(5 * run._settings.steps_per_epoch + 1)
    best = run.result()
    rows = run._beginning.rows
    run._beginning = dataclasses.replace(run._beginning, rows=rows._replace(train=rows.train * float("nan")))
    while run.stop_reason is None:
        yielded += run.advance(100)
    history = run.result().history
    assert history.stop_reason is StopReason.DIVERGED
    assert history.rollbacks == MAX_ROLLBACKS + 1
    assert len(yielded) == history.epochs
    assert np.isfinite([metrics.judged_nll for metrics in yielded]).all()
    assert np.isfinite([metrics.train_nll for metrics in yielded]).all()
    if fraction:  # without held-out rows the last epoch is kept, not the best
        assert history.best_nll <= best.history.best_nll
    for array in (*run.result().network.kernels, *run.result().network.biases):
        assert np.isfinite(array).all()


def test_that_a_rate_of_a_thousand_rolls_back_and_still_learns():
    x, _ = CASES["x equals y"]
    dataset = Dataset(x[:, np.newaxis], x + 0.3 * E, ("x",), "y")
    settings = dataclasses.replace(
        ONE_NETWORK, epochs=200, patience=200, learning_rate=1e3, schedule="constant", clip_norm=0.0
    )
    model = assert_usable(dataset, ModelConfig(num_components=1, hidden_layers=(8,)), settings)
    assert model.history.rollbacks > 0
    assert model.history.best_nll <= model.history.validation_nll[0]


def test_that_a_run_that_only_gets_worse_keeps_its_start_with_the_nll_of_the_start():
    wild = TrainingConfig(epochs=3, batch_size=60, learning_rate=1e4, schedule="constant", clip_norm=0.0, restarts=1)
    wild = dataclasses.replace(wild, weight_averaging=0.0, distillation=False, noise=0.0)
    model = assert_usable(a_dataset("a gap in x"), ModelConfig(hidden_layers=(8,)), wild)
    start = ordered(Run(a_dataset("a gap in x"), ModelConfig(hidden_layers=(8,)), wild).result())
    assert model.history.best_epoch == 0
    assert model.history.best_nll < min(model.history.validation_nll)
    for kept, first in zip(model.network.kernels, start.network.kernels, strict=True):
        np.testing.assert_array_equal(kept, first)
