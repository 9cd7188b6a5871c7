"""Components in another order, or fewer of them."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding, find_components
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.core.pruning import ordered, without_components
from mdn_gui.errors import ConfigError
from tests.core.test_identity import model_with
from tests.fakes import made_model

Y = np.linspace(-4.0, 4.0, 41)[np.newaxis]


def averaged_model(dataset: Dataset, components: int = 4) -> FittedModel:
    model = made_model(dataset, components=components)
    members = tuple(made_model(dataset, seed, components=components).network for seed in range(3))
    assert all(isinstance(member, Network) for member in members)
    return replace(model, network=NetworkAverage(members, (0.5, 0.3, 0.2)), restarts=members)


def dead(*components: int) -> list[ComponentFinding]:
    return [ComponentFinding(k, "dead") for k in components]


@pytest.mark.parametrize("components", [1, 2, 7, 64])
def test_that_ordering_changes_no_density(tiny_dataset, components):
    model = made_model(tiny_dataset, components=components)
    sorted_model = ordered(model)
    inputs = np.linspace(-3.0, 4.0, 50)[:, np.newaxis]
    np.testing.assert_allclose(
        sorted_model.conditional(inputs).pdf(Y), model.conditional(inputs).pdf(Y), rtol=1e-12, atol=1e-300
    )
    for name in ("weights", "locs", "scales"):
        one, other = (np.sort(getattr(each.conditional(inputs), name), axis=1) for each in (sorted_model, model))
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_that_the_locs_ascend_at_the_median_of_the_inputs(tiny_dataset):
    model = made_model(tiny_dataset, components=9)
    middle = [[np.median(tiny_dataset.x)]]
    assert (np.diff(model.conditional(middle).locs[0]) < 0).any()
    assert (np.diff(ordered(model).conditional(middle).locs[0]) >= 0).all()


def test_that_a_component_keeps_its_number_along_x(tiny_dataset):
    model = made_model(tiny_dataset, components=5)
    inputs = np.linspace(-3.0, 4.0, 50)[:, np.newaxis]
    before, after = model.conditional(inputs), ordered(model).conditional(inputs)
    order = np.argsort(model.conditional([[np.median(tiny_dataset.x)]]).locs[0], kind="stable")
    np.testing.assert_allclose(after.locs, before.locs[:, order], rtol=1e-12)
    np.testing.assert_allclose(after.weights, before.weights[:, order], rtol=1e-12)


def test_that_an_ordered_model_is_left_as_it_is(tiny_dataset):
    once = ordered(averaged_model(tiny_dataset))
    twice = ordered(once)
    for one, other in zip(once.network.members, twice.network.members, strict=True):
        assert one is other


def test_that_each_network_of_an_average_is_ordered_by_itself(tiny_dataset):
    model = ordered(averaged_model(tiny_dataset))
    locs = model.conditional([[np.median(tiny_dataset.x)]]).locs[0].reshape(3, 4)
    assert (np.diff(locs, axis=1) >= 0).all()
    assert model.network.shares == (0.5, 0.3, 0.2)
    assert model.restarts == model.network.members


def test_that_without_a_component_the_others_share_its_weight(tiny_dataset):
    model = made_model(tiny_dataset, components=5)
    pruned = without_components(model, dead(1, 3))
    before, after = model.conditional(tiny_dataset.x), pruned.conditional(tiny_dataset.x)
    kept = [0, 2, 4]
    assert pruned.num_components == pruned.model_config.num_components == 3
    np.testing.assert_allclose(after.locs, before.locs[:, kept], rtol=1e-12)
    np.testing.assert_allclose(after.scales, before.scales[:, kept], rtol=1e-12)
    expected = before.weights[:, kept] / before.weights[:, kept].sum(axis=1, keepdims=True)
    np.testing.assert_allclose(after.weights, expected, rtol=1e-12)
    assert pruned.history is model.history
    assert model.num_components == 5


@pytest.mark.parametrize("logits", [[0.0, 0.0, 0.0], [0.0, 2.0, -1.0], [3.0, 0.0, 1.0]])
def test_that_the_weight_of_a_duplicate_goes_to_its_twin(tiny_dataset, logits):
    model = model_with(tiny_dataset, logits, [-1.0, 1.0, 1.0])
    found = find_components(model, tiny_dataset.x, tiny_dataset.y)
    pruned = without_components(model, found)
    assert pruned.num_components == 2
    np.testing.assert_allclose(
        pruned.conditional(tiny_dataset.x).pdf(Y), model.conditional(tiny_dataset.x).pdf(Y), rtol=1e-6
    )


def test_that_several_duplicates_of_one_twin_are_joined(tiny_dataset):
    model = model_with(tiny_dataset, [0.0, 2.0, 1.0, 0.5], [1.0, 1.0, 1.0, -1.0])
    pruned = without_components(model, find_components(model, tiny_dataset.x, tiny_dataset.y))
    assert pruned.num_components == 2
    np.testing.assert_allclose(
        pruned.conditional(tiny_dataset.x).pdf(Y), model.conditional(tiny_dataset.x).pdf(Y), rtol=1e-6
    )


def test_that_a_dead_component_leaves_the_density_nearly_as_it_is(tiny_dataset):
    model = model_with(tiny_dataset, [0.0, -20.0, 1.0], [-1.0, 0.0, 1.0])
    pruned = without_components(model, find_components(model, tiny_dataset.x, tiny_dataset.y))
    assert pruned.num_components == 2
    np.testing.assert_allclose(
        pruned.conditional(tiny_dataset.x).pdf(Y), model.conditional(tiny_dataset.x).pdf(Y), rtol=1e-6
    )


def test_that_one_component_stays(tiny_dataset):
    model = made_model(tiny_dataset, components=2)
    assert without_components(model, dead(0)).num_components == 1
    with pytest.raises(ConfigError, match="No component would be left") as caught:
        without_components(model, dead(0, 1))
    assert caught.value.hint


def test_that_an_unknown_component_is_refused(tiny_dataset):
    with pytest.raises(ConfigError, match="no component 4: the model has 3"):
        without_components(made_model(tiny_dataset), dead(3))


def test_that_networks_of_an_average_lose_as_many_each(tiny_dataset):
    model = averaged_model(tiny_dataset)
    pruned = without_components(model, dead(0, 5, 11))
    assert [member.num_components for member in pruned.network.members] == [3, 3, 3]
    assert pruned.model_config.num_components == 3
    assert pruned.restarts == ()
    kept = [1, 2, 3, 4, 6, 7, 8, 9, 10]
    np.testing.assert_allclose(
        pruned.conditional(tiny_dataset.x).locs, model.conditional(tiny_dataset.x).locs[:, kept], rtol=1e-12
    )


def test_that_networks_of_an_average_must_not_differ(tiny_dataset):
    with pytest.raises(ConfigError, match="different numbers of components") as caught:
        without_components(averaged_model(tiny_dataset), dead(0))
    assert "smaller K" in caught.value.hint


def test_that_nothing_to_remove_changes_nothing(tiny_dataset):
    model = made_model(tiny_dataset)
    same = without_components(model, ())
    assert np.array_equal(same.conditional(tiny_dataset.x).pdf(Y), model.conditional(tiny_dataset.x).pdf(Y))
