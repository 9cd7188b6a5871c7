"""Several networks side by side: what is kept of them and what is told of it."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.training import run as run_module
from mdn_gui.training.beginning import begin
from mdn_gui.training.choice import simplest_nearly_best
from mdn_gui.training.fit import fit, fit_model
from mdn_gui.training.run import Run
from mdn_gui.training.weights import parameters_of
from tests.training.runs import AVERAGED, SHORT, SMALL, bits, cardioid, drained, held_out_nll

THREE = dataclasses.replace(SHORT, restarts=3)
LEARNING_FROM_BASELINE = dataclasses.replace(SHORT, distillation=True)


@pytest.fixture(scope="module")
def averaged():
    return fit_model(cardioid(), SMALL, AVERAGED)


def test_that_an_average_is_one_mixture_of_all_components(averaged):
    assert isinstance(averaged.network, NetworkAverage)
    members = len(averaged.network.members)
    assert 2 <= members <= 3
    assert averaged.num_components == 2 * members
    mixture = averaged.conditional([[0.5], [100.0]])
    assert mixture.weights.shape == (2, 2 * members)
    np.testing.assert_allclose(mixture.weights.sum(axis=1), 1.0)


def test_that_the_nll_told_of_an_average_is_its_own_on_the_held_out_rows(averaged):
    expected = held_out_nll(averaged, cardioid())
    assert averaged.history.kept_nll == pytest.approx(expected, abs=1e-6)
    assert averaged.history.best_nll == averaged.history.kept_nll
    assert averaged.history.kept_nll < min(averaged.history.validation_nll)


def test_that_an_average_gives_the_same_bits_again(averaged):
    again = fit_model(cardioid(), SMALL, AVERAGED)
    assert bits(again) == bits(averaged)
    assert again.history.kept_nll == averaged.history.kept_nll


def test_that_without_held_out_rows_every_restart_has_the_same_share():
    config = dataclasses.replace(THREE, combination="average", validation_fraction=0.0)
    model = fit_model(cardioid(), SMALL, config)
    assert model.network.shares == (1 / 3,) * 3
    assert model.history.kept_nll is None
    assert model.history.best_epoch == 12


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_that_the_restart_that_is_chosen_is_kept_with_its_own_nll(monkeypatch, kept):
    def chosen(rows, networks, by_simplicity):
        assert by_simplicity == (0, 1, 2)
        return simplest_nearly_best(rows, networks, (kept,))

    monkeypatch.setattr(run_module, "simplest_nearly_best", chosen)
    run = Run(cardioid(), SMALL, dataclasses.replace(THREE, combination="best"))
    run.advance(1000)
    model = run.result()
    assert isinstance(model.network, Network)
    assert model.history.best_nll == pytest.approx(held_out_nll(model, cardioid()), abs=1e-4)
    assert model.history.best_epoch == int(run._state.best_epoch[kept])
    np.testing.assert_array_equal(parameters_of(model.network)[0], run._state.best_parameters[kept])


def test_that_the_best_restart_is_kept_where_the_others_are_far_behind():
    run = Run(cardioid(), SMALL, dataclasses.replace(THREE, combination="best"))
    run.advance(1000)
    best = run._state.best_parameters.numpy()
    best[[0, 2], -4:-2] += 50.0  # the locs of all components
    run._state = run._state._replace(best_parameters=tf.constant(best))
    model = run.result()
    np.testing.assert_array_equal(parameters_of(model.network)[0], run._state.best_parameters[1])


def test_that_restarts_begin_at_different_places_and_learn_different_weights():
    beginning = begin(cardioid(), SMALL, THREE, None)
    starts = beginning.state.learning.parameters.numpy()
    alone = begin(cardioid(), SMALL, SHORT, None).state.learning.parameters.numpy()
    np.testing.assert_array_equal(starts[0], alone[0])
    assert len({start.tobytes() for start in starts}) == 3
    members = fit_model(cardioid(), SMALL, dataclasses.replace(THREE, combination="average", validation_fraction=0.0))
    assert len({member.kernels[0].tobytes() for member in members.network.members}) == 3


def test_that_each_restart_has_the_noise_of_its_place():
    beginning = begin(cardioid(), SMALL, LEARNING_FROM_BASELINE, None)
    expected = np.outer(beginning.settings.noise, beginning.data.spread)
    np.testing.assert_allclose(beginning.rows.noise_sd, expected, rtol=1e-6)
    assert beginning.settings.noise[-1] == 0.0


def test_that_snapshots_are_of_the_restart_that_is_best_so_far():
    config = dataclasses.replace(THREE, weight_averaging=0.0, epochs=30)
    yielded, _ = drained(fit(cardioid(), SMALL, config, snapshot_seconds=0.0))
    last = [metrics for metrics in yielded if metrics.snapshot is not None][-1]
    assert last.best_epoch == last.epoch
    assert held_out_nll(last.snapshot, cardioid()) == pytest.approx(last.validation_nll, abs=1e-4)


@pytest.mark.parametrize("chosen", [1, 0])
def test_that_the_network_that_learned_from_the_joint_mixture_is_kept_where_it_is_chosen(monkeypatch, chosen):
    told = []

    def choice(*arguments):
        told.append(arguments)
        return chosen, 0.25

    monkeypatch.setattr(run_module, "simplest_nearly_best", choice)
    model = fit_model(cardioid(), SMALL, LEARNING_FROM_BASELINE)
    ((rows, networks, by_simplicity),) = told
    assert len(rows) == 30
    assert by_simplicity == (1, 0)
    assert np.array_equal(model.network.kernels[0], networks[chosen].kernels[0])
    assert model.history.distilled == (chosen == 1)
    assert model.history.best_nll == pytest.approx(0.25 + np.log(model.y_scaler.sd[0]))
    if chosen == 1:
        assert model.history.best_epoch == model.history.epochs


def test_that_on_few_rows_of_a_normal_law_the_joint_mixture_is_learned_from_and_kept():
    rng = np.random.default_rng(0)
    x = rng.normal(size=120)
    dataset = Dataset(x[:, np.newaxis], x + rng.normal(size=120), ("x",), "y")
    config = dataclasses.replace(LEARNING_FROM_BASELINE, epochs=300, patience=300)
    model = fit_model(dataset, SMALL, config)
    assert model.history.distilled
    assert model.history.kept_nll == pytest.approx(held_out_nll(model, dataset), abs=1e-4)
    test = np.linspace(-1.5, 1.5, 7)
    mixture = model.conditional(test[:, np.newaxis])
    np.testing.assert_allclose(mixture.mean(), test, atol=0.4)
    np.testing.assert_allclose(np.sqrt(mixture.variance()), 1.0, atol=0.25)


def test_that_the_network_that_learned_from_the_joint_mixture_may_have_a_share_in_the_average():
    config = dataclasses.replace(AVERAGED, restarts=1, distillation=True)
    model = fit_model(cardioid(), SMALL, config)
    assert model.history.kept_nll == pytest.approx(held_out_nll(model, cardioid()), abs=1e-6)
    assert not model.history.distilled


def test_that_every_restart_comes_with_the_result_at_its_best_epoch():
    run = Run(cardioid(), SMALL, dataclasses.replace(THREE, combination="best"))
    run.advance(1000)
    model = run.result()
    assert model.network in model.restarts
    np.testing.assert_array_equal(
        np.concatenate([parameters_of(each) for each in model.restarts]), run._state.best_parameters
    )
    found = [held_out_nll(each, cardioid()) for each in model.members()]
    assert found == pytest.approx((run._state.best_nll + run._data.validation_log_jacobian).numpy().tolist(), abs=1e-4)
    assert len(set(found)) == 3


def test_that_an_average_comes_with_its_restarts_too(averaged):
    assert len(averaged.restarts) == 3
    assert set(averaged.network.members) <= set(averaged.restarts)


def test_that_what_learned_from_the_joint_mixture_is_no_restart():
    assert fit_model(cardioid(), SMALL, LEARNING_FROM_BASELINE).restarts == ()
    three = fit_model(cardioid(), SMALL, dataclasses.replace(THREE, distillation=True))
    assert len(three.restarts) == 3


def test_that_snapshots_have_no_restarts():
    yielded, model = drained(fit(cardioid(), SMALL, THREE, snapshot_seconds=0.0))
    assert {metrics.snapshot.restarts for metrics in yielded if metrics.snapshot is not None} == {()}
    assert len(model.members()) == 3
