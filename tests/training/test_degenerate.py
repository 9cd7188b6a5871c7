"""Data and settings that break mixtures: each run ends with finite weights, a reason, a usable model."""

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig, preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason
from mdn_gui.training.fit import fit

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
    for array in (*model.network.kernels, *model.network.biases):
        assert np.isfinite(array).all()
    mixture = model.conditional(np.linspace(dataset.x.min(), dataset.x.max(), 7)[:, np.newaxis])
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
