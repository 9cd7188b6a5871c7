import dataclasses
import threading

import numpy as np
import pytest

from mdn_gui.core.config import TargetTransform
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.split import split_of_run
from mdn_gui.core.transform import transform_named
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.errors import ConfigError, DataError
from mdn_gui.training.fit import fit_model
from mdn_gui.training.mdn import Architecture
from mdn_gui.training.preparation import prepare
from mdn_gui.training.state import StepKind
from tests.training.runs import AVERAGED, SHORT, SMALL, bits, held_out_nll

BOTH = pytest.mark.parametrize("name", ["log", "logit"])
LONG = dataclasses.replace(SHORT, epochs=120, patience=120, learning_rate=0.02)


def drawn(name: TargetTransform, n: int = 300, seed: int = 0) -> Dataset:
    """Return rows with z = g(y) normal about a line, sd 0.5."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1.0, 1.0, n)
    return Dataset(x[:, None], transform_named(name).inverse(x + 0.5 * rng.normal(size=n)), ("x",), "y", "law")


def with_transform(name: TargetTransform):
    return dataclasses.replace(SMALL, target_transform=name)


@BOTH
def test_that_the_reported_nlls_are_those_of_the_model_in_data_units(name):
    dataset = drawn(name)
    config = dataclasses.replace(SHORT, noise=0.0, batch_size=255, learning_rate=1e-7, validation_fraction=0.15)
    model = fit_model(dataset, with_transform(name), config)
    train, held_out = split_of_run(config, len(dataset))
    nll = -model.conditional(dataset.x).log_pdf(dataset.y)
    assert model.history.train_nll[-1] == pytest.approx(nll[train].mean(), rel=1e-4)
    assert model.history.validation_nll[-1] == pytest.approx(nll[held_out].mean(), rel=1e-4)


@BOTH
@pytest.mark.parametrize("config", [LONG, AVERAGED], ids=["one", "average"])
def test_that_the_nll_of_what_is_kept_is_in_data_units(name, config):
    dataset = drawn(name)
    model = fit_model(dataset, with_transform(name), config)
    assert isinstance(model.conditional([[0.0]]), TransformedMixture)
    assert model.history.best_nll == pytest.approx(held_out_nll(model, dataset), rel=1e-4)


@BOTH
def test_that_a_law_is_learned_to_its_entropy_in_data_units(name):
    dataset = drawn(name, 4000)
    config = dataclasses.replace(LONG, epochs=40, patience=40, batch_size=128, distillation=True)
    model = fit_model(dataset, with_transform(name), config)
    fresh = drawn(name, 20_000, seed=1)
    transform, z = transform_named(name), transform_named(name).forward(fresh.y)
    law = 0.5 * ((z - fresh.x[:, 0]) / 0.5) ** 2 + np.log(0.5 * np.sqrt(2.0 * np.pi)) + transform.log_slope(z)
    nll = -model.conditional(fresh.x).log_pdf(fresh.y)
    assert nll.mean() == pytest.approx(law.mean(), abs=0.03)
    _, held_out = split_of_run(config, len(dataset))
    spread = law.std() / np.sqrt(len(held_out))
    assert model.history.best_nll == pytest.approx(law.mean(), abs=0.03 + 3.0 * spread)


def test_that_a_power_of_ten_in_the_units_moves_the_nll_by_its_logarithm_alone():
    dataset = drawn("log")
    larger = Dataset(dataset.x, 1000.0 * dataset.y, ("x",), "y")
    one, other = (fit_model(data, with_transform("log"), SHORT) for data in (dataset, larger))
    assert other.history.best_nll - one.history.best_nll == pytest.approx(np.log(1000.0), abs=1e-3)
    np.testing.assert_allclose(other.conditional([[0.3]]).mean(), 1000.0 * one.conditional([[0.3]]).mean(), rtol=1e-3)


def test_that_without_held_out_rows_the_training_nll_is_in_data_units():
    dataset = drawn("log")
    config = dataclasses.replace(SHORT, noise=0.0, validation_fraction=0.0, batch_size=300, learning_rate=1e-7)
    model = fit_model(dataset, with_transform("log"), config)
    nll = -model.conditional(dataset.x).log_pdf(dataset.y).mean()
    assert model.history.train_nll[-1] == pytest.approx(nll, rel=1e-4)


def test_that_the_start_is_stated_in_data_units_when_a_run_is_stopped_at_once():
    stop = threading.Event()
    stop.set()
    dataset = drawn("log")
    model = fit_model(dataset, with_transform("log"), SHORT, stop=stop)
    assert np.isfinite(held_out_nll(model, dataset))
    assert (model.conditional([[0.0]]).quantile([0.01, 0.99]) > 0.0).all()


def test_that_a_continued_run_keeps_the_transform():
    dataset = drawn("log")
    before = fit_model(dataset, with_transform("log"), SHORT)
    after = fit_model(dataset, before.model_config, SHORT, continued=before)
    assert after.model_config.target_transform == "log"
    assert after.history.best_nll <= before.history.best_nll
    assert after.history.best_nll == pytest.approx(held_out_nll(after, dataset), rel=1e-4)
    assert bits(after) != bits(before)
    with pytest.raises(ConfigError, match="settings are not those"):
        fit_model(dataset, SMALL, SHORT, continued=before)


@pytest.mark.parametrize(("name", "value"), [("log", 0.0), ("logit", 1.0)])
def test_that_a_target_that_does_not_allow_the_transform_is_refused(name, value):
    dataset = drawn("logit")
    y = np.array(dataset.y)
    y[7] = value
    with pytest.raises(DataError, match=f"transform {name} needs .* 1 of the 300 rows of 'y' have others: .* in row 8"):
        fit_model(Dataset(dataset.x, y, ("x",), "y"), with_transform(name), SHORT)


def test_that_the_floor_is_half_the_rounding_step_at_the_median_row():
    rng = np.random.default_rng(0)
    y = np.maximum(np.round(np.exp(rng.normal(2.0, 0.5, 2000))), 1.0)
    dataset = Dataset(rng.normal(size=(2000, 1)), y, ("x",), "y")
    split = split_of_run(SHORT, len(dataset))
    kind = StepKind(Architecture(1, (4,), 2, "tanh"), 1, 64)
    data = prepare(dataset, split, with_transform("log"), SHORT, kind)
    floor = data.scale_floor * float(data.y_scaler.sd[0])
    assert floor == pytest.approx(0.5 / np.median(y[split[0]]), rel=0.05)
