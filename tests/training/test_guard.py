"""Divergence: when a network goes back, when it is given up, when a run ends for it."""

import numpy as np
import pytest
import tensorflow as tf

from mdn_gui.training.guard import MAX_ROLLBACKS, MAX_SKIPS, first_guard
from tests.training.chunks import ARCHITECTURE, a_schedule, advanced, of_kind, some_rows, start, trained
from tests.training.networks import random_parameters

ENDLESS = {"warmup_steps": 0.0, "decay_steps": float("inf")}
LONG = {"steps_per_epoch": 50, "epochs": 40, **ENDLESS}
"""Longer epochs than a network may skip in a row."""


def poisoned(rows):
    """Return rows whose loss is not finite, held-out ones left as they are."""
    return rows._replace(train=tf.fill(rows.train.shape, float("nan")))


def judged(*losses, skips=0.0):
    """Return the guard after epochs with these losses, with whether the last one made the network go back."""
    guard, troubled = first_guard(tf.zeros([1, 2]), tf.constant([2.0])), None
    for loss in losses:
        guard, troubled = guard.judged(tf.constant([loss]), tf.constant([skips]))
    return guard, bool(troubled[0])


def test_that_steps_that_are_not_finite_change_nothing_but_the_count_of_skips():
    kind = of_kind(averaged=True, decayed=True)
    state = advanced(start(kind), some_rows(), a_schedule(), 6, kind=kind)
    after = advanced(state, poisoned(some_rows()), a_schedule(), 2, kind=kind)
    assert int(after.learning.step) == 8
    assert after.learning.skips.numpy().tolist() == [2.0]
    for name in ("parameters", "first_moment", "second_moment", "loss_sum", "taken"):
        np.testing.assert_array_equal(getattr(after.learning, name), getattr(state.learning, name))
    recovered = advanced(after, some_rows(), a_schedule(), 1, kind=kind)
    assert recovered.learning.skips.numpy().tolist() == [0.0]
    assert recovered.learning.taken.numpy().tolist() == [2.0]


def test_that_a_network_whose_step_is_not_finite_leaves_the_others_their_step():
    kind = of_kind(restarts=2)
    parameters = np.stack([random_parameters(ARCHITECTURE, 1), np.full(ARCHITECTURE.num_parameters, np.nan)])
    after = advanced(start(kind, parameters=parameters), some_rows(kind=kind), a_schedule(), 4, kind=kind)
    healthy = start(kind, parameters=parameters[[0, 0]])
    expected = advanced(healthy, some_rows(kind=kind), a_schedule(), 4, kind=kind)
    np.testing.assert_array_equal(after.learning.parameters[0], expected.learning.parameters[0])
    assert after.learning.skips.numpy().tolist() == [0.0, 4.0]


def test_that_a_run_goes_on_past_a_poisoned_row():
    state, record = trained(some_rows(poisoned=1), a_schedule(), 1000)
    assert len(record) == 30
    assert np.isfinite(record).all()
    assert np.isfinite(state.learning.parameters).all()
    assert not state.guard.rollbacks.numpy().any()


def test_that_twenty_skips_in_a_row_cut_an_epoch_short_and_lead_back_to_the_last_good_weights():
    kind, rows, schedule = of_kind(averaged=True), some_rows(num_train=400), a_schedule(**LONG)
    good = advanced(start(kind, 400), rows, schedule, 50, kind=kind)
    state = advanced(good, rows, schedule, 10, kind=kind)
    almost = advanced(state, poisoned(rows), schedule, MAX_SKIPS - 1, kind=kind)
    assert int(almost.learning.step) == 60 + MAX_SKIPS - 1
    assert int(almost.guard.rollbacks[0]) == 0
    after = advanced(almost, poisoned(rows), schedule, 2, kind=kind)
    assert int(after.learning.step) == 100
    assert int(after.guard.rollbacks[0]) == 1
    np.testing.assert_array_equal(after.learning.parameters, good.learning.average)
    np.testing.assert_array_equal(after.learning.average, good.learning.average)
    assert not after.learning.first_moment.numpy().any()
    assert not after.learning.second_moment.numpy().any()
    assert after.learning.skips.numpy().tolist() == [0.0]
    assert not np.array_equal(state.learning.parameters, good.learning.parameters)


def test_that_the_rate_is_halved_at_a_rollback_with_adam_begun_afresh():
    rows, schedule = some_rows(num_train=400), a_schedule(**LONG)
    state = advanced(start(num_train=400), rows, schedule, 50)
    after = advanced(state, poisoned(rows), schedule, MAX_SKIPS + 1)
    count = np.arange(1, 51)
    correction = np.sqrt(1.0 - 0.999**count) / (1.0 - 0.9**count)
    np.testing.assert_allclose(after.plan.rates[0], 0.5 * 0.01 * correction, rtol=1e-3)
    again = advanced(after, poisoned(rows), schedule, MAX_SKIPS + 1)
    np.testing.assert_allclose(again.plan.rates[0], 0.25 * 0.01 * correction, rtol=1e-3)


def test_that_a_loss_far_above_the_best_leads_back():
    rows = some_rows()
    good = advanced(start(), rows, a_schedule(**ENDLESS), 100)
    far = rows._replace(train=rows.train + 1000.0)
    after = advanced(good, far, a_schedule(learning_rate=1e-6, **ENDLESS), 5)
    assert after.guard.rollbacks.numpy().tolist() == [1]
    np.testing.assert_array_equal(after.learning.parameters, good.learning.parameters)
    assert float(after.guard.last_loss[0]) == float(good.guard.last_loss[0])


@pytest.mark.parametrize(
    ("losses", "troubled"),
    [
        ((1.0,), False),
        ((4.9,), False),
        ((5.1,), True),
        ((1.0, 3.9), False),
        ((-1.0, 4.9), False),
        ((1.0, 30.0), True),
        ((float("nan"),), True),
        ((float("inf"),), True),
    ],
)
def test_that_a_loss_has_diverged_above_the_best_by_three_or_ten_spreads(losses, troubled):
    _, found = judged(*losses)
    assert found == troubled


def test_that_losses_that_change_much_are_given_more_room():
    calm, wild = (1.0,) * 30, (1.0, 3.0) * 15
    assert judged(*calm, 5.0)[1]
    guard, troubled = judged(*wild, 5.0)
    assert not troubled
    assert 10.0 * float(guard.loss_spread[0]) > 4.0
    assert judged(*wild, 1.0 + 12.0 * float(guard.loss_spread[0]))[1]


def test_that_a_loss_that_has_diverged_leaves_no_trace_in_what_is_remembered():
    before, _ = judged(1.0, 1.5)
    after, troubled = judged(1.0, 1.5, 100.0)
    assert troubled
    for name in ("last_loss", "best_loss", "loss_spread"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))


def test_that_twenty_skips_are_trouble_whatever_the_loss():
    assert judged(1.0, skips=float(MAX_SKIPS))[1]
    assert not judged(1.0, skips=float(MAX_SKIPS - 1))[1]


def test_that_a_network_is_given_up_at_the_rollback_after_the_third():
    active = [bool(judged(*(100.0,) * count)[0].active[0]) for count in range(1, 6)]
    assert active == [True] * MAX_ROLLBACKS + [False] * 2
    factors = [float(judged(*(100.0,) * count)[0].rate_factor[0]) for count in range(1, 6)]
    assert factors == [0.5, 0.25, 0.125, 0.0, 0.0]
    assert int(judged(*(100.0,) * 9)[0].rollbacks[0]) == MAX_ROLLBACKS + 1


def test_that_a_run_ends_when_its_only_network_is_given_up_with_the_best_epoch_kept():
    rows = some_rows()
    good = advanced(start(), rows, a_schedule(), 50)
    state, record = trained(poisoned(rows), a_schedule(), 7, state=good)
    assert len(record) == MAX_ROLLBACKS + 1  # no step of an epoch was finite
    assert not bool(state.guard.some_active)
    np.testing.assert_array_equal(state.learning.parameters, good.guard.good_parameters)
    assert np.isfinite(state.best_parameters).all()
    assert int(state.best_epoch[0]) <= 10


def test_that_a_network_that_is_given_up_leaves_the_others_all_their_steps():
    kind, schedule = of_kind(restarts=2), a_schedule(epochs=60, **ENDLESS)
    parameters = np.stack([random_parameters(ARCHITECTURE, 1), np.full(ARCHITECTURE.num_parameters, np.nan)])
    rows = some_rows(kind=kind)
    state, record = trained(rows, schedule, 64, kind=kind, state=start(kind, parameters=parameters))
    healthy, healthy_record = trained(rows, schedule, 64, kind=kind, state=start(kind, parameters=parameters[[0, 0]]))
    assert state.guard.rollbacks.numpy().tolist() == [0, MAX_ROLLBACKS + 1]
    np.testing.assert_array_equal(state.learning.parameters[0], healthy.learning.parameters[0])
    np.testing.assert_array_equal(state.best_parameters[0], healthy.best_parameters[0])
    np.testing.assert_allclose(record, healthy_record, atol=1e-5)


def test_that_the_record_of_networks_that_all_diverge_holds_no_nan():
    _, record = trained(some_rows(poisoned=40), a_schedule(), 1000)
    assert not np.isnan(record).any()


def test_that_trouble_long_past_is_pardoned():
    calm = (1.0,) * 30
    guard, troubled = judged(*((*calm, 100.0) * 6))
    assert troubled
    assert guard.active
    assert int(guard.rollbacks[0]) == 6
