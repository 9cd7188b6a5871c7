"""Which components do nothing, or the same as another."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding, find_components
from mdn_gui.core.network import Network, NetworkAverage
from tests.fakes import made_model


def model_with(
    dataset: Dataset, logits: list[float], locs: list[float], raw_scales: list[float] | None = None
) -> FittedModel:
    """Return a model whose components are the same at every x, scaled units."""
    model = made_model(dataset, components=len(logits))
    network = model.network
    assert isinstance(network, Network)
    kernels = (*network.kernels[:-1], np.zeros_like(network.kernels[-1]))
    biases = (*network.biases[:-1], np.array([*logits, *locs, *(raw_scales or [0.0] * len(logits))]))
    return replace(model, network=replace(network, kernels=kernels, biases=biases))


def test_that_a_healthy_model_has_no_findings(tiny_dataset):
    assert find_components(model_with(tiny_dataset, [0.0, 0.0], [-1.0, 1.0]), tiny_dataset.x) == ()


@pytest.mark.parametrize(("logit", "is_dead"), [(-20.0, True), (-9.5, True), (-8.9, False), (-5.0, False)])
def test_that_a_component_without_weight_is_dead(tiny_dataset, logit, is_dead):
    found = find_components(model_with(tiny_dataset, [0.0, logit], [-1.0, 1.0]), tiny_dataset.x)
    expected = np.exp(logit) / (1.0 + np.exp(logit))
    if is_dead:
        assert found == (ComponentFinding(1, "dead", weight=pytest.approx(expected)),)
    else:
        assert not found


def test_that_a_component_with_weight_at_a_single_row_lives(tiny_dataset):
    model = model_with(tiny_dataset, [0.0, 0.0], [-1.0, 1.0])
    x = tiny_dataset.x[:, 0]
    network = Network(
        (np.full((1, 1), 1e3), np.array([[0.0, 50.0, 0.0, 0.0, 0.0, 0.0]])),
        (np.array([-1e3 * (np.sort(x)[-2:].mean() - x.mean()) / x.std()]), np.array([0.0, -53.0, -1.0, 1.0, 0.0, 0.0])),
        "tanh",
    )
    alive = replace(model, network=network)
    others = np.repeat(np.sort(x)[:-1], 30)[:, np.newaxis]
    inputs = np.vstack((x.max(), others))
    weights = alive.conditional(inputs).weights[:, 1]
    assert weights[0] > 0.03
    assert weights.mean() < 1e-4
    assert not find_components(alive, inputs)
    assert find_components(alive, others)[0].kind == "dead"


@pytest.mark.parametrize(
    ("shift", "raw_scale", "are_twins"),
    [(0.0, 0.0, True), (0.05, 0.0, True), (0.08, 0.0, False), (0.0, 0.1, True), (0.0, 0.2, False)],
)
def test_that_twins_have_nearly_the_same_loc_and_sd(tiny_dataset, shift, raw_scale, are_twins):
    model = model_with(tiny_dataset, [0.0, 1.0, 0.5], [-1.0, 1.0, 1.0 + shift], [0.0, 0.0, raw_scale])
    found = find_components(model, tiny_dataset.x)
    weights = model.conditional(tiny_dataset.x).weights[0]
    assert bool(found) is are_twins
    if are_twins:
        assert (found[0].component, found[0].kind, found[0].twin) == (2, "duplicate", 1)
        assert found[0].ratio == pytest.approx(weights[2] / weights[1])


def test_that_of_three_equal_components_two_are_duplicates_of_the_heaviest(tiny_dataset):
    found = find_components(model_with(tiny_dataset, [0.0, 2.0, 1.0], [1.0, 1.0, 1.0]), tiny_dataset.x)
    assert [(each.component, each.twin) for each in found] == [(0, 1), (2, 1)]


def test_that_dead_components_are_no_twins(tiny_dataset):
    found = find_components(model_with(tiny_dataset, [0.0, -30.0, -30.0], [0.0, 1.0, 1.0]), tiny_dataset.x)
    assert [each.kind for each in found] == ["dead", "dead"]


def test_that_networks_of_an_average_are_no_twins_of_one_another(tiny_dataset):
    model = model_with(tiny_dataset, [0.0, 0.0], [-1.0, 1.0])
    assert isinstance(model.network, Network)
    average = replace(model, network=NetworkAverage((model.network, model.network), (0.5, 0.5)))
    assert find_components(average, tiny_dataset.x) == ()
    same = model_with(tiny_dataset, [0.0, 0.1], [1.0, 1.0])
    assert isinstance(same.network, Network)
    average = replace(same, network=NetworkAverage((same.network, same.network), (0.5, 0.5)))
    assert [(each.component, each.twin) for each in find_components(average, tiny_dataset.x)] == [(0, 1), (2, 3)]


@pytest.mark.parametrize("components", [1, 64])
def test_that_one_component_and_many_are_looked_at(tiny_dataset, components):
    alive = find_components(made_model(tiny_dataset, components=components), tiny_dataset.x)
    assert len(alive) < components


def test_that_many_rows_are_sampled_the_same_each_time(tiny_dataset):
    model = made_model(tiny_dataset, components=20)
    inputs = np.random.default_rng(0).uniform(-2.0, 3.0, (50_000, 1))
    assert find_components(model, inputs) == find_components(model, inputs)
    assert find_components(model, inputs[:0]) == ()


def test_that_components_of_a_transformed_target_are_compared_where_they_are_gaussian(tiny_dataset):
    model = model_with(tiny_dataset, [0.0, 0.5], [1.0, 1.02])
    transformed = replace(model, model_config=replace(model.model_config, target_transform="log"))
    assert find_components(transformed, tiny_dataset.x) == find_components(model, tiny_dataset.x)
    assert len(find_components(transformed, tiny_dataset.x)) == 1
