"""The small picture of a model."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.core.scaling import Standardizer
from mdn_gui.core.thumbnail import SHAPE, Thumbnail, thumbnail
from tests.fakes import made_model


def constant_network(locs: list[float], scales: list[float], weights: list[float], inputs: int = 1) -> Network:
    """Return a network that gives the same mixture everywhere, scaled units."""
    raw = np.log(np.expm1(np.asarray(scales)))
    with np.errstate(divide="ignore"):
        logits = np.maximum(np.log(np.asarray(weights)), -1e4)
    count = 3 * len(locs)
    return Network((np.zeros((inputs, 2)), np.zeros((2, count))), (np.zeros(2), np.r_[logits, locs, raw]), "tanh")


def unscaled(model: FittedModel, network: Network | NetworkAverage) -> FittedModel:
    """Return the model with another network, whose target is not scaled."""
    return replace(model, network=network, y_scaler=Standardizer(np.zeros(1), np.ones(1)))


@pytest.fixture
def model(tiny_dataset: Dataset) -> FittedModel:
    return made_model(tiny_dataset)


def assert_is_a_picture(found: Thumbnail, components: int) -> None:
    """Assert that everything has its shape, that the density is one: finite, of mass at most 1, nearly 1 mostly."""
    assert found.density.shape == SHAPE
    assert found.means.shape == found.weights.shape == (SHAPE[0], components)
    assert np.isfinite(found.density).all()
    assert (found.density >= 0.0).all()
    assert np.isfinite([found.low, found.high]).all()
    assert found.low < found.high
    assert not np.isnan(found.means).any()
    mass = found.density.sum(axis=1) * (found.high - found.low) / SHAPE[1]
    assert (mass <= 1.0 + 1e-9).all()
    assert np.median(mass) > 0.95


def test_that_the_density_is_that_of_the_model_at_the_places(model):
    found = thumbnail(model, (480, 320))
    low, high = model.provenance.column_ranges[0]
    x = low + (high - low) * (np.arange(480) + 0.5) / 480
    height = (found.high - found.low) / 320
    y = found.low + (np.arange(320) + 0.5) * height
    expected = model.conditional(x[:, None]).pdf(y[None])
    np.testing.assert_allclose(found.density, expected, atol=0.02 * expected.max())
    locs = found.low + found.means * (found.high - found.low)
    np.testing.assert_allclose(locs, model.conditional(x[:, None]).locs, rtol=1e-9, atol=1e-9)


def test_that_a_ridge_narrower_than_a_cell_is_not_missed(model):
    ridge = unscaled(model, constant_network([0.123, 5.0], [1e-6, 1.0], [0.5, 0.5]))
    found = thumbnail(ridge)
    mass = found.density * (found.high - found.low) / SHAPE[1]
    assert mass.max(axis=1) == pytest.approx(np.full(SHAPE[0], 0.5), abs=1e-6)


def test_that_a_flare_at_one_end_does_not_flatten_the_rest(model):
    low, high = model.x_scaler.scaled(model.provenance.column_ranges[0][:, None])[:, 0]
    begin = high - 1.5 / SHAPE[0] * (high - low)  # the last place alone lies beyond
    layers = (np.array([[1.0]]), np.array([[0.0, 1e4, 0.0]])), (np.array([-begin]), np.array([0.0, 0.0, -3.0]))
    flaring = thumbnail(unscaled(model, Network(*layers, "relu")))
    flat = thumbnail(unscaled(model, constant_network([0.0], [np.log1p(np.exp(-3.0))], [1.0])))
    assert flaring.means[-1, 0] > 2.0
    assert flaring.high - flaring.low == pytest.approx(flat.high - flat.low)


@pytest.mark.parametrize("components", [1, 64])
def test_that_few_and_many_components_are_drawn(tiny_dataset, components):
    assert_is_a_picture(thumbnail(made_model(tiny_dataset, components=components)), components)


def test_that_a_weight_of_0_and_the_smallest_sd_are_drawn(model):
    found = thumbnail(unscaled(model, constant_network([0.0, 1e6], [1e-9, 1e-9], [1.0, 0.0])))
    assert_is_a_picture(found, 2)
    assert found.high < 1.0


def test_that_great_values_and_a_constant_input_are_drawn():
    constant = Dataset(np.full((9, 1), 1e12), 1e12 + np.arange(9.0), ("a",), "y")
    assert_is_a_picture(thumbnail(made_model(constant)), 3)


def test_that_a_target_that_never_changes_is_drawn():
    model = made_model(Dataset(np.arange(9.0)[:, None], np.full(9, 1e12), ("a",), "y"))
    certain = replace(
        model,
        network=constant_network([0.0], [1e-12], [1.0]),
        y_scaler=Standardizer(np.full(1, 1e12), np.full(1, 1e-9)),
    )
    found = thumbnail(certain)
    assert found.low < 1e12 < found.high
    assert np.isfinite(found.density).all()


@pytest.mark.parametrize("transform", ["log", "logit"])
def test_that_a_transformed_target_stays_in_its_range(transform):
    data = Dataset(np.arange(40.0)[:, None], np.linspace(0.1, 0.9, 40), ("a",), "y")
    model = replace(made_model(data), model_config=ModelConfig(num_components=2, target_transform=transform))
    wide = unscaled(model, constant_network([0.0, 1.0], [0.5, 40.0], [0.9, 0.1]))
    found = thumbnail(wide)
    assert found.density.shape == SHAPE
    assert np.isfinite(found.density).all()
    assert not np.isnan(found.means).any()
    assert_is_a_picture(thumbnail(unscaled(model, constant_network([0.0], [0.5], [1.0]))), 1)


def test_that_each_level_of_a_category_has_the_same_width():
    encodings = (Encoding("kind", ColumnKind.CATEGORY, ("a", "b", "c")), Encoding("x"))
    x = np.column_stack((np.tile(np.eye(3), (10, 1)), np.arange(30.0)))
    data = Dataset(x, np.arange(30.0), tuple(n for e in encodings for n in e.names), "y", encodings=encodings)
    found = thumbnail(made_model(data))
    assert_is_a_picture(found, 3)
    changes = np.flatnonzero(np.abs(np.diff(found.density, axis=0)).max(axis=1) > 0.0)
    assert changes.tolist() == [15, 31]


def test_that_the_other_columns_are_held_at_their_middle():
    rng = np.random.default_rng(0)
    data = Dataset(rng.normal(size=(50, 3)), rng.normal(size=50), ("a", "b", "c"), "y")
    model = made_model(data)
    found = thumbnail(model)
    low, high = model.provenance.column_ranges[0]
    middle = model.provenance.middle
    at = np.array([[low + (high - low) * 0.5 / SHAPE[0], middle[1], middle[2]]])
    locs = found.low + found.means[0] * (found.high - found.low)
    np.testing.assert_allclose(locs, model.conditional(at).locs[0])


def test_that_an_average_of_networks_is_drawn(model):
    average = NetworkAverage((model.network, replace(model.network, activation="relu")), (0.4, 0.6))
    assert_is_a_picture(thumbnail(replace(model, network=average)), 6)
