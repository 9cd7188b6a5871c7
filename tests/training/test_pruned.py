"""A run that goes on without some components of the one before."""

import dataclasses

import numpy as np
import pytest

from mdn_gui.core.identity import ComponentFinding, find_components
from mdn_gui.core.network import Network
from mdn_gui.core.pruning import without_components
from mdn_gui.training.fit import fit, fit_model
from tests.training.runs import AVERAGED, SHORT, SMALL, cardioid, drained, held_out_nll

DATA = cardioid()
LONGER = dataclasses.replace(SHORT, epochs=40, patience=40)


@pytest.fixture(scope="module")
def finished():
    return fit_model(DATA, SMALL, LONGER)


def with_twin(model):
    """Return the model with its last component twice, each with half the weight, and a dead one: the same density."""
    network = model.network
    assert isinstance(network, Network)
    count = network.num_components
    places = np.concatenate([[*range(count), count - 1, 0] + part * count for part in np.arange(3)[:, None]])
    bias = network.biases[-1][places].copy()
    bias[[count - 1, count]] -= np.log(2.0)
    bias[count + 1] -= 60.0
    kernels = (*network.kernels[:-1], network.kernels[-1][:, places])
    wider = dataclasses.replace(network, kernels=kernels, biases=(*network.biases[:-1], bias))
    config = dataclasses.replace(model.model_config, num_components=count + 2)
    return dataclasses.replace(model, network=wider, model_config=config)


def test_that_the_components_of_a_fit_ascend_at_the_median_of_the_inputs():
    middle = [[np.median(DATA.x)]]
    for config in (SHORT, AVERAGED):
        model = fit_model(DATA, dataclasses.replace(SMALL, num_components=4), config)
        locs = model.conditional(middle).locs[0].reshape(-1, 4)
        assert (np.diff(locs, axis=1) >= 0.0).all()


def test_that_a_pruned_fit_is_as_good_and_learns_on(finished):
    wide = with_twin(finished)
    before = held_out_nll(wide, DATA)
    assert before == pytest.approx(held_out_nll(finished, DATA), abs=1e-5)
    found = find_components(wide, DATA.x, DATA.y)
    assert sorted(each.kind for each in found) == ["dead", "duplicate"]
    pruned = without_components(wide, found)
    assert pruned.num_components == SMALL.num_components
    assert held_out_nll(pruned, DATA) == pytest.approx(before, abs=1e-4)
    _, model = drained(fit(DATA, pruned.model_config, LONGER, continued=pruned, snapshot_seconds=np.inf))
    assert model.num_components == SMALL.num_components
    assert model.history.epochs == 80
    assert held_out_nll(model, DATA) <= before + 1e-4


def test_that_a_fit_without_a_component_that_mattered_learns_on():
    wide = fit_model(DATA, dataclasses.replace(SMALL, num_components=3), LONGER)
    heaviest = int(wide.conditional(DATA.x).weights.mean(axis=0).argmax())
    pruned = without_components(wide, [ComponentFinding(heaviest, "dead")])
    _, model = drained(fit(DATA, pruned.model_config, LONGER, continued=pruned, snapshot_seconds=np.inf))
    assert model.num_components == 2
    assert held_out_nll(model, DATA) < held_out_nll(pruned, DATA)


def test_that_a_pruned_average_learns_on():
    model = fit_model(DATA, dataclasses.replace(SMALL, num_components=3), AVERAGED)
    members = len(model.network.members)
    assert members > 1
    pruned = without_components(model, [ComponentFinding(3 * member, "dead") for member in range(members)])
    _, further = drained(fit(DATA, pruned.model_config, AVERAGED, continued=pruned, snapshot_seconds=np.inf))
    assert {member.num_components for member in further.network.members} == {2}
    assert held_out_nll(further, DATA) < held_out_nll(pruned, DATA)
