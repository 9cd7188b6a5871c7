"""Which components do nothing, or the same as another."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core import thinning
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding, find_components
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.core.pruning import without_components
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


def loss_of(dataset: Dataset, model: FittedModel, found: tuple[ComponentFinding, ...]) -> float:
    """Return by how much the mean log density of the rows is less without what was found, nats a row."""
    before, after = (
        each.conditional(dataset.x).log_pdf(dataset.y).mean() for each in (model, without_components(model, found))
    )
    return float(before - after)


def found_in(model: FittedModel, dataset: Dataset) -> tuple[ComponentFinding, ...]:
    return find_components(model, dataset.x, dataset.y)


def test_that_a_healthy_model_has_no_findings(tiny_dataset):
    assert found_in(model_with(tiny_dataset, [0.0, 0.0], [-1.0, 1.0]), tiny_dataset) == ()


@pytest.mark.parametrize(("logit", "is_dead"), [(-20.0, True), (-12.0, True), (-6.0, False), (-3.0, False)])
def test_that_a_component_is_dead_whose_loss_is_next_to_nothing(tiny_dataset, logit, is_dead):
    model = model_with(tiny_dataset, [0.0, logit], [-1.0, 2.0])
    found = found_in(model, tiny_dataset)
    assert loss_of(tiny_dataset, model, (ComponentFinding(1, "dead"),)) >= (0.0 if is_dead else 1e-3) - 1e-4
    assert [(each.component, each.kind) for each in found] == ([(1, "dead")] if is_dead else [])
    if is_dead:
        assert found[0].weight == pytest.approx(np.exp(logit) / (1.0 + np.exp(logit)))


def test_that_a_light_component_that_explains_a_row_lives(tiny_dataset):
    y = tiny_dataset.y.copy()
    model = model_with(tiny_dataset, [0.0, -9.0], [0.0, 7.0])
    assert [each.kind for each in found_in(model, tiny_dataset)] == ["dead"]
    y[5] = model.conditional(tiny_dataset.x).locs[5, 1]
    assert find_components(model, tiny_dataset.x, y) == ()


@pytest.mark.parametrize(
    ("shift", "raw_scale", "are_twins"),
    [(0.0, 0.0, True), (0.1, 0.0, True), (0.0, 0.1, True), (1.5, 0.0, False), (0.0, 3.0, False)],
)
def test_that_twins_are_one_component_for_the_rows(tiny_dataset, shift, raw_scale, are_twins):
    model = model_with(tiny_dataset, [0.0, 1.0, 0.5], [-1.0, 1.0, 1.0 + shift], [0.0, 0.0, raw_scale])
    found = found_in(model, tiny_dataset)
    weights = model.conditional(tiny_dataset.x).weights[0]
    assert bool(found) is are_twins
    if are_twins:
        assert (found[0].component, found[0].kind, found[0].twin) == (2, "duplicate", 1)
        assert found[0].ratio == pytest.approx(weights[2] / weights[1])


def test_that_of_three_equal_components_two_are_duplicates_of_the_heaviest(tiny_dataset):
    found = found_in(model_with(tiny_dataset, [0.0, 2.0, 1.0, 0.0], [1.0, 1.0, 1.0, -1.5]), tiny_dataset)
    assert [(each.component, each.twin) for each in found] == [(0, 1), (2, 1)]


@pytest.mark.parametrize("seed", range(6))
def test_that_the_loss_told_is_that_of_removing_all_that_is_found(tiny_dataset, seed):
    rng = np.random.default_rng(seed)
    logits, locs = rng.normal(0.0, 2.0, 12), np.sort(rng.normal(0.0, 1.0, 12))
    model = model_with(tiny_dataset, logits.tolist(), locs.tolist(), rng.normal(0.0, 0.3, 12).tolist())
    found = found_in(model, tiny_dataset)
    assert 3 <= len(found) < 12
    told = sum(each.loss for each in found)
    assert told == pytest.approx(loss_of(tiny_dataset, model, found), abs=1e-6)
    assert abs(told) <= 5e-3
    assert all(abs(each.loss) < 1e-3 for each in found)


def test_that_many_cheap_losses_do_not_add_up(tiny_dataset, monkeypatch):
    rng = np.random.default_rng(1)
    logits, locs = rng.normal(0.0, 2.0, 12), np.sort(rng.normal(0.0, 1.0, 12))
    model = model_with(tiny_dataset, logits.tolist(), locs.tolist(), rng.normal(0.0, 0.3, 12).tolist())
    every = found_in(model, tiny_dataset)
    most = 0.5 * max(abs(total) for total in np.cumsum(sorted(each.loss for each in every)))
    monkeypatch.setattr(thinning, "MOST_LOST", most)
    some = found_in(model, tiny_dataset)
    assert 0 < len(some) < len(every)
    assert abs(loss_of(tiny_dataset, model, some)) <= most + 1e-6


def test_that_networks_of_an_average_are_no_twins_of_one_another(tiny_dataset):
    model = model_with(tiny_dataset, [0.0, 0.0], [-1.0, 1.0])
    assert isinstance(model.network, Network)
    average = replace(model, network=NetworkAverage((model.network, model.network), (0.5, 0.5)))
    assert found_in(average, tiny_dataset) == ()
    same = model_with(tiny_dataset, [0.0, 0.1], [1.0, 1.0])
    assert isinstance(same.network, Network)
    average = replace(same, network=NetworkAverage((same.network, same.network), (0.5, 0.5)))
    assert [(each.component, each.twin) for each in found_in(average, tiny_dataset)] == [(0, 1), (2, 3)]


def test_that_as_many_are_found_in_each_network_of_an_average(tiny_dataset):
    one = model_with(tiny_dataset, [0.0, 0.0, -20.0, -20.0], [-1.0, 1.0, 0.0, 3.0])
    other = model_with(tiny_dataset, [0.0, 0.0, 0.0, -20.0], [-2.5, 0.0, 2.5, 3.0])
    lean = model_with(tiny_dataset, [0.0, 0.0, 0.0, 0.0], [-3.0, -1.0, 1.0, 3.0])
    average = replace(one, network=NetworkAverage((one.network, other.network), (0.6, 0.4)))
    found = found_in(average, tiny_dataset)
    assert sum(each.component < 4 for each in found) == sum(each.component >= 4 for each in found) == 1
    assert loss_of(tiny_dataset, average, found) == pytest.approx(sum(each.loss for each in found), abs=1e-6)
    assert found_in(replace(one, network=NetworkAverage((one.network, lean.network), (0.6, 0.4))), tiny_dataset) == ()


@pytest.mark.parametrize("components", [1, 64])
def test_that_one_component_and_many_are_looked_at(tiny_dataset, components):
    alive = found_in(made_model(tiny_dataset, components=components), tiny_dataset)
    assert len(alive) < components


def test_that_rows_of_density_zero_do_not_matter(tiny_dataset):
    model, y = model_with(tiny_dataset, [0.0, -20.0], [-1.0, 1.0]), tiny_dataset.y.copy()
    y[:3] = 1e300, np.inf, np.nan
    assert [each.kind for each in find_components(model, tiny_dataset.x, y)] == ["dead"]
    assert find_components(model, tiny_dataset.x, np.full_like(y, np.inf)) == ()


def test_that_many_rows_are_sampled_the_same_each_time(tiny_dataset):
    model, rng = made_model(tiny_dataset, components=20), np.random.default_rng(0)
    rows = rng.uniform(-2.0, 3.0, (50_000, 1)), rng.normal(size=50_000)
    assert find_components(model, *rows) == find_components(model, *rows)
    assert find_components(model, rows[0][:0], rows[1][:0]) == ()


def test_that_components_of_a_transformed_target_are_compared_where_they_are_gaussian(tiny_dataset):
    model = model_with(tiny_dataset, [0.0, 0.5, 0.0], [1.0, 1.02, -1.0])
    transformed = replace(model, model_config=replace(model.model_config, target_transform="log"))
    found = find_components(transformed, tiny_dataset.x, np.exp(tiny_dataset.y))
    assert [(each.component, each.twin) for each in found] == [(0, 1)]
    assert found[0].loss == pytest.approx(found_in(model, tiny_dataset)[0].loss)
