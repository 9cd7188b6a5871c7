"""The compiled chunk: what a step does, and that cutting steps into chunks changes nothing."""

import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from mdn_gui.training.loop import MAX_EPOCHS_A_CHUNK, MAX_SKIPS, Rows, Schedule, compiled_chunk, first_state
from mdn_gui.training.mdn import Architecture, ScaleLimits, conditional_distribution
from tests.training.networks import random_parameters

ARCHITECTURE = Architecture(1, (6,), 2, "tanh")
LIMITS = ScaleLimits(tf.constant(1e-3), tf.constant(10.0))
BATCH = 8


def some_rows(num_train=40, num_validation=10, *, poisoned=0, noise=0.0):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(num_train + num_validation, 1))
    rows = np.concatenate((x, np.sin(2.0 * x) + 0.1 * rng.normal(size=x.shape)), axis=1).astype(np.float32)
    rows[:poisoned] = np.nan
    return Rows(tf.constant(rows[:num_train]), tf.constant(rows[num_train:]), tf.constant([noise, noise], tf.float32))


def a_schedule(**changed):
    numbers = {"seed": 3, "epochs": 30, "patience": 1000, "steps_per_epoch": 5, "warmup_steps": 10.0}
    numbers |= {"decay_steps": 140.0, "learning_rate": 0.01, "clip_norm": float("inf")} | changed
    return Schedule(**{name: tf.constant(value) for name, value in numbers.items()}, limits=LIMITS)


def start(num_train=40):
    return first_state(random_parameters(ARCHITECTURE, 1), num_train)


def trained(rows, schedule, steps_a_chunk, *, noisy=False):
    """Run to the end in chunks of a given size; return the last state and the whole record."""
    chunk = compiled_chunk(ARCHITECTURE, BATCH, noisy=noisy)
    state, records = start(len(rows.train)), []
    while True:
        before = int(state.step)
        state, record, recorded = chunk(state, rows, schedule, tf.constant(steps_a_chunk))
        records.append(record.numpy()[: int(recorded)])
        if int(state.step) == before:
            return state, np.concatenate(records)


@pytest.mark.parametrize("noisy", [False, True])
def test_that_how_steps_are_cut_into_chunks_changes_no_bit(noisy):
    rows, schedule = some_rows(noise=0.1), a_schedule()
    whole, whole_record = trained(rows, schedule, 10_000, noisy=noisy)
    for steps_a_chunk in (1, 7, 64):
        state, record = trained(rows, schedule, steps_a_chunk, noisy=noisy)
        assert record.tobytes() == whole_record.tobytes()
        for ours, theirs in zip(state, whole, strict=True):
            assert ours.numpy().tobytes() == theirs.numpy().tobytes()


def test_that_another_seed_gives_another_order():
    rows = some_rows()
    one, _ = trained(rows, a_schedule(seed=1), 100)
    other, _ = trained(rows, a_schedule(seed=2), 100)
    assert not np.array_equal(one.parameters, other.parameters)


def test_that_every_row_is_used_once_an_epoch():
    chunk = compiled_chunk(ARCHITECTURE, BATCH, noisy=False)
    state, *_ = chunk(start(), some_rows(), a_schedule(), tf.constant(3))
    first = state.order.numpy()
    state, *_ = chunk(state, some_rows(), a_schedule(), tf.constant(3))
    assert sorted(first) == list(range(40))
    assert sorted(state.order.numpy()) == list(range(40))
    assert not np.array_equal(first, state.order)


def test_that_steps_are_those_of_adam_in_keras():
    rows, schedule = (
        some_rows(num_train=BATCH),
        a_schedule(steps_per_epoch=1, warmup_steps=0.0, decay_steps=float("inf")),
    )
    variable = tf.Variable(random_parameters(ARCHITECTURE, 1))
    optimizer = tf_keras.optimizers.Adam(0.01)
    for _ in range(30):
        with tf.GradientTape() as tape:
            distribution = conditional_distribution(ARCHITECTURE, variable, rows.train[:, :1], LIMITS)
            loss = -tf.reduce_mean(distribution.log_prob(rows.train[:, 1]))
        optimizer.apply_gradients([(tape.gradient(loss, variable), variable)])
    state, _ = trained(rows, schedule, 30)
    np.testing.assert_allclose(state.parameters, variable, rtol=1e-3, atol=1e-4)


def test_that_a_clipped_gradient_has_the_largest_norm_allowed():
    chunk = compiled_chunk(ARCHITECTURE, BATCH, noisy=False)
    state, *_ = chunk(start(), some_rows(), a_schedule(clip_norm=1e-3), tf.constant(1))
    assert np.linalg.norm(state.first_moment) == pytest.approx(0.1 * 1e-3, rel=1e-3)


def test_that_the_rate_falls_to_nothing():
    rows, schedule = some_rows(), a_schedule()
    chunk = compiled_chunk(ARCHITECTURE, BATCH, noisy=False)
    state, *_ = chunk(start(), rows, schedule, tf.constant(149))
    last, *_ = chunk(state, rows, schedule, tf.constant(1))
    assert int(last.step) == 150
    assert np.abs(last.parameters - state.parameters).max() < 1e-5


def test_that_a_step_that_is_not_finite_changes_neither_parameters_nor_moments():
    rows, schedule = some_rows(), a_schedule()
    chunk = compiled_chunk(ARCHITECTURE, BATCH, noisy=False)
    state, *_ = chunk(start(), rows, schedule, tf.constant(7))
    poisoned = rows._replace(train=tf.fill(rows.train.shape, float("nan")))
    after, *_ = chunk(state, poisoned, schedule, tf.constant(2))
    assert int(after.step) == 9
    assert int(after.skips) == 2
    assert int(after.updates) == 7
    for name in ("parameters", "first_moment", "second_moment"):
        np.testing.assert_array_equal(getattr(after, name), getattr(state, name))
    recovered, *_ = chunk(after, rows, schedule, tf.constant(1))
    assert int(recovered.skips) == 0
    assert int(recovered.updates) == 8


def test_that_a_run_goes_on_past_poisoned_rows():
    state, record = trained(some_rows(poisoned=1), a_schedule(), 1000)
    assert len(record) == 30
    assert np.isfinite(record).all()
    assert np.isfinite(state.parameters).all()
    assert int(state.updates) == 30 * 4


def test_that_twenty_skips_in_a_row_end_a_run_with_the_best_epoch_kept():
    rows, schedule = some_rows(), a_schedule()
    chunk = compiled_chunk(ARCHITECTURE, BATCH, noisy=False)
    state, *_ = chunk(start(), rows, schedule, tf.constant(12))
    poisoned = rows._replace(train=tf.fill(rows.train.shape, float("inf")))
    after, *_ = chunk(state, poisoned, schedule, tf.constant(1000))
    assert int(after.step) == 12 + MAX_SKIPS
    assert int(after.skips) == MAX_SKIPS
    assert np.isfinite(after.best_parameters).all()
    assert int(after.best_epoch) > 0


def overfitting():
    """Return few rows and a schedule that passes the best epoch long before the last."""
    schedule = a_schedule(steps_per_epoch=2, epochs=300, learning_rate=0.02, decay_steps=float("inf"))
    return some_rows(num_train=16, num_validation=20), schedule


def test_that_the_kept_parameters_are_those_of_the_best_epoch():
    rows, schedule = overfitting()
    state, record = trained(rows, schedule, 50)
    best = int(np.argmin(record[:, 1])) + 1
    assert 1 < best < 300
    assert int(state.best_epoch) == best
    again, _ = trained(rows, schedule._replace(epochs=tf.constant(best)), 50)
    np.testing.assert_array_equal(state.best_parameters, again.parameters)


def test_that_patience_ends_a_run_at_the_same_epoch_in_any_chunk():
    rows, schedule = overfitting()
    schedule = schedule._replace(patience=tf.constant(20))
    for steps_a_chunk in (3, 10_000):
        state, record = trained(rows, schedule, steps_a_chunk)
        assert len(record) == int(state.best_epoch) + 20 < 300


def test_that_a_full_record_ends_a_chunk_and_no_epoch_is_lost():
    rows, schedule = some_rows(num_train=BATCH), a_schedule(steps_per_epoch=1, epochs=MAX_EPOCHS_A_CHUNK + 9)
    _, record = trained(rows, schedule, 100_000)
    assert len(record) == MAX_EPOCHS_A_CHUNK + 9


def test_that_one_traced_function_serves_data_and_settings_of_all_sizes():
    chunk = compiled_chunk(ARCHITECTURE, BATCH, noisy=False)
    trained(some_rows(), a_schedule(), 100)
    for num_train, num_validation, rate in ((8, 0, 0.1), (100, 3, 0.001)):
        schedule = a_schedule(learning_rate=rate, epochs=2, steps_per_epoch=num_train // BATCH)
        trained(some_rows(num_train, num_validation), schedule, 10)
    assert compiled_chunk(ARCHITECTURE, BATCH, noisy=False) is chunk
    assert chunk.experimental_get_tracing_count() == 1
