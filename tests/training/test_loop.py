"""The compiled chunk: what a step does, and that cutting steps into chunks changes nothing."""

import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from mdn_gui.training import loop
from mdn_gui.training.loop import compiled_chunk
from mdn_gui.training.mdn import conditional_distribution
from mdn_gui.training.state import MAX_EPOCHS_A_CHUNK
from tests.training.chunks import (
    ARCHITECTURE,
    BATCH,
    FULL,
    LIMITS,
    PLAIN,
    a_schedule,
    advanced,
    assert_same_bits,
    chunk_of,
    of_kind,
    some_rows,
    start,
    trained,
)
from tests.training.networks import random_parameters

CONSTANT = {"warmup_steps": 0.0, "decay_steps": float("inf")}


@pytest.mark.parametrize("kind", [PLAIN, of_kind(noisy=True, averaged=True), FULL], ids=["plain", "one", "three"])
def test_that_how_steps_are_cut_into_chunks_changes_no_bit(kind):
    rows, schedule = some_rows(kind=kind, noise=0.1), a_schedule()
    whole, whole_record = trained(rows, schedule, 10_000, kind=kind)
    assert len(whole_record) == 30
    for steps_a_chunk in (1, 7, 64):
        state, record = trained(rows, schedule, steps_a_chunk, kind=kind)
        assert record.tobytes() == whole_record.tobytes()
        assert_same_bits(state, whole)


def test_that_another_seed_gives_another_order():
    one, other = (advanced(start(), some_rows(), a_schedule(seed=seed), 1).plan.order for seed in (1, 2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("kind", [PLAIN, of_kind(block=4)], ids=["rows", "blocks"])
def test_that_every_row_is_used_once_an_epoch_in_another_order_each_time(kind):
    blocks = 40 // kind.block
    state, orders = start(kind), []
    for _ in range(3):
        state = advanced(state, some_rows(kind=kind), a_schedule(), 5, kind=kind)
        orders.append(tuple(state.plan.order.numpy()))
    assert [sorted(order) for order in orders] == [list(range(blocks))] * 3
    assert len(set(orders)) == 3


def test_that_a_step_learns_from_the_rows_that_the_order_names_with_blocks_kept_together():
    kind = of_kind(block=4)
    state, rows = start(kind), some_rows(kind=kind)
    first = advanced(state, rows, a_schedule(), 2, kind=kind)
    named = rows.train.numpy()[first.plan.order.numpy()[2:4]].reshape(-1, 2)
    distribution = conditional_distribution(
        ARCHITECTURE, advanced(state, rows, a_schedule(), 1, kind=kind).learning.parameters[0], named[:, :1], LIMITS
    )
    last_loss = first.learning.loss_sum[0] - advanced(state, rows, a_schedule(), 1, kind=kind).learning.loss_sum[0]
    assert float(last_loss) == pytest.approx(-float(np.mean(distribution.log_prob(named[:, 1]))), rel=1e-4)


@pytest.mark.parametrize("kind", [PLAIN, of_kind(restarts=2)], ids=["one", "two"])
def test_that_steps_are_those_of_adam_in_keras(kind):
    rows = some_rows(num_train=BATCH, kind=kind)
    variable = tf.Variable(random_parameters(ARCHITECTURE, kind.restarts))
    optimizer = tf_keras.optimizers.Adam(0.01)
    for _ in range(30):
        with tf.GradientTape() as tape:
            distribution = conditional_distribution(ARCHITECTURE, variable, rows.train[:, 0, :1], LIMITS)
            loss = -tf.reduce_mean(distribution.log_prob(rows.train[:, 0, 1]))
        optimizer.apply_gradients([(tape.gradient(loss, variable), variable)])
    state, _ = trained(rows, a_schedule(steps_per_epoch=1, **CONSTANT), 30, kind=kind)
    np.testing.assert_allclose(state.learning.parameters[-1], variable, rtol=1e-3, atol=1e-4)


def test_that_a_network_among_several_learns_what_it_learns_alone():
    kind = of_kind(restarts=3)
    together, _ = trained(some_rows(kind=kind), a_schedule(), 1000, kind=kind)
    for place in range(3):
        alone, _ = trained(
            some_rows(), a_schedule(), 1000, state=start(parameters=[random_parameters(ARCHITECTURE, place + 1)])
        )
        np.testing.assert_allclose(together.best_nll[place], alone.best_nll[0], atol=1e-3)
        np.testing.assert_allclose(together.best_parameters[place], alone.best_parameters[0], atol=0.01)


def test_that_the_network_that_learns_from_drawn_rows_sees_no_other_row():
    kind = of_kind(restarts=2, distilled=True)
    rows = some_rows(kind=kind)
    elsewhere = rows._replace(train=rows.train + 1.0)
    one, other = (advanced(start(kind), each, a_schedule(), 25, kind=kind) for each in (rows, elsewhere))
    np.testing.assert_array_equal(one.learning.parameters[1], other.learning.parameters[1])
    assert not np.array_equal(one.learning.parameters[0], other.learning.parameters[0])
    redrawn = advanced(start(kind), rows._replace(drawn=rows.drawn + 1.0), a_schedule(), 25, kind=kind)
    np.testing.assert_array_equal(one.learning.parameters[0], redrawn.learning.parameters[0])
    assert not np.array_equal(one.learning.parameters[1], redrawn.learning.parameters[1])


def test_that_each_network_has_noise_of_its_own_level_fresh_at_each_step():
    kind = of_kind(restarts=3, noisy=True)
    same = start(kind, parameters=[random_parameters(ARCHITECTURE, 1)] * 3)
    rows = some_rows(kind=kind)._replace(noise_sd=tf.constant([[0.0, 0.0], [0.01, 0.01], [1.0, 1.0]]))
    schedule = a_schedule(learning_rate=0.0, steps_per_epoch=100, **CONSTANT)
    sums = [advanced(same, rows, schedule, steps, kind=kind).learning.loss_sum.numpy() for steps in (4, 5)]
    without = some_rows()
    plain = [advanced(start(), without, schedule, steps).learning.loss_sum.numpy()[0] for steps in (4, 5)]
    assert [each[0] for each in sums] == pytest.approx(plain, rel=1e-5)
    changes = np.abs(sums[1] - sums[1][0])
    assert 0 < changes[1] < changes[2]


@pytest.mark.parametrize("kind", [of_kind(noisy=True), of_kind(noisy=True, restarts=2)], ids=["one", "two"])
def test_that_noise_is_fresh_at_each_step(kind):
    schedule = a_schedule(learning_rate=0.0, steps_per_epoch=1, **CONSTANT)

    def of_one_row(noise):
        rows = some_rows(num_train=BATCH, kind=kind, noise=noise)
        return trained(rows._replace(train=tf.repeat(rows.train[:1], BATCH, axis=0)), schedule, 1000, kind=kind)[1]

    noisy, quiet = of_one_row(0.1), of_one_row(0.0)
    assert len({float(nll) for nll in noisy[:, 0]}) == 30
    assert np.ptp(quiet[:, 0]) < 1e-5
    assert 1e-3 < np.std(noisy[:, 0]) < 1.0


def test_that_a_clipped_gradient_has_the_largest_norm_allowed():
    kind = of_kind(restarts=2)
    state = advanced(start(kind), some_rows(kind=kind), a_schedule(clip_norm=1e-3), 1, kind=kind)
    norms = np.linalg.norm(state.learning.first_moment, axis=1)
    assert norms == pytest.approx([0.1 * 1e-3] * 2, rel=1e-3)


def test_that_the_rate_rises_in_the_warm_up_then_falls_to_nothing_along_a_cosine():
    rates = [advanced(start(), some_rows(), a_schedule(), 5 * epoch).plan.rates.numpy()[0] for epoch in range(30)]
    count = np.arange(1, 151)
    adam = np.sqrt(1.0 - 0.999**count) / (1.0 - 0.9**count)
    warm, fallen = np.minimum(1.0, count / 10.0), np.maximum(count - 11.0, 0.0) / 140.0
    expected = 0.01 * warm * 0.5 * (1.0 + np.cos(np.pi * fallen)) * adam
    first = advanced(start(), some_rows(), a_schedule(), 1).plan.rates.numpy()[0]
    np.testing.assert_allclose(np.concatenate([first, *rates[1:]]), expected, rtol=2e-3)


def test_that_the_pull_shrinks_kernels_and_leaves_biases():
    kind, schedule = of_kind(decayed=True), a_schedule(weight_decay=0.5, **CONSTANT)
    before = start(kind).learning.parameters[0].numpy()
    pulled = advanced(start(kind), some_rows(), schedule, 1, kind=kind)
    plain = advanced(start(), some_rows(), schedule, 1)
    change = plain.learning.parameters[0].numpy() - pulled.learning.parameters[0].numpy()
    kernels = np.concatenate([np.full(size, place % 2 == 0) for place, size in enumerate(ARCHITECTURE.sizes)])
    np.testing.assert_allclose(change, np.where(kernels, pulled.plan.rates[0, 0] * 0.5 * before, 0.0), atol=3e-7)
    assert np.abs(change).max() > 1e-4


def test_that_the_average_of_the_weights_has_a_window_that_grows_up_to_its_decay():
    kind, schedule = of_kind(averaged=True), a_schedule(averaging=0.6)
    states = [advanced(start(kind), some_rows(), schedule, steps, kind=kind) for steps in range(1, 31)]
    average = start(kind).learning.parameters.numpy()
    for done, state in enumerate(states):
        mixing = 1.0 - min(0.6, (done + 1.0) / (done + 10.0))
        average = average + mixing * (state.learning.parameters.numpy() - average)
        np.testing.assert_allclose(state.learning.average, average, atol=1e-5)
    assert not np.allclose(average, states[-1].learning.parameters, atol=1e-3)


def test_that_the_average_is_what_is_judged_and_kept():
    kind = of_kind(averaged=True)
    rows = some_rows()
    state = advanced(start(kind), rows, a_schedule(), 5, kind=kind)
    np.testing.assert_array_equal(state.best_parameters, state.learning.average)
    assert not np.array_equal(state.best_parameters, state.learning.parameters)
    distribution = conditional_distribution(ARCHITECTURE, state.best_parameters[0], rows.validation[:, :1], LIMITS)
    nll = -np.mean(distribution.log_prob(rows.validation[:, 1]))
    assert float(state.best_nll[0]) == pytest.approx(float(nll), rel=1e-5)


def overfitting():
    """Return few rows and a schedule that passes the best epoch long before the last."""
    schedule = a_schedule(steps_per_epoch=2, epochs=300, learning_rate=0.02, decay_steps=float("inf"))
    return some_rows(num_train=16, num_validation=20), schedule


def test_that_the_kept_parameters_are_those_of_the_best_epoch():
    rows, schedule = overfitting()
    state, record = trained(rows, schedule, 50)
    best = int(np.argmin(record[:, 1])) + 1
    assert 1 < best < 300
    assert int(state.best_epoch[0]) == best
    again, _ = trained(rows, schedule._replace(epochs=tf.constant(best)), 50)
    np.testing.assert_array_equal(state.best_parameters, again.learning.parameters)
    assert record[:, 2].astype(int).tolist() == [int(np.argmin(record[: n + 1, 1])) + 1 for n in range(300)]


def test_that_the_record_tells_the_network_that_is_the_best_so_far():
    kind = of_kind(restarts=3)
    _, together = trained(some_rows(kind=kind), a_schedule(), 1000, kind=kind)
    alone = [
        trained(some_rows(), a_schedule(), 1000, state=start(parameters=[random_parameters(ARCHITECTURE, seed)]))[1]
        for seed in (1, 2, 3)
    ]
    lowest = [np.minimum.accumulate(record[:, 1]) for record in alone]
    leader = np.argmin(lowest, axis=0)
    for column in (0, 1):
        expected = np.choose(leader, [record[:, column] for record in alone])
        np.testing.assert_allclose(together[:, column], expected, atol=1e-3)


def test_that_the_network_that_learns_from_drawn_rows_is_neither_recorded_nor_waited_for():
    kind = of_kind(restarts=2, distilled=True)
    state, record = trained(some_rows(kind=kind), a_schedule(), 1000, kind=kind)
    _, alone = trained(some_rows(), a_schedule(), 1000)
    np.testing.assert_allclose(record, alone, atol=1e-3)
    assert int(state.best_epoch[1]) == 30  # its last one, not the luckiest


def test_that_patience_is_not_stretched_by_a_better_network_that_learns_from_drawn_rows():
    kind = of_kind(restarts=2, distilled=True)
    good = trained(some_rows(), a_schedule(), 1000)[0].best_parameters[0]
    state = start(kind, parameters=np.stack((random_parameters(ARCHITECTURE, 1), good)))
    schedule = a_schedule(learning_rate=0.0, patience=5)
    state, record = trained(some_rows(kind=kind), schedule, 1000, kind=kind, state=state)
    assert state.best_nll[1] < state.best_nll[0]
    assert record[:, 2].tolist() == [1.0] * 6


def test_that_without_held_out_rows_the_last_epoch_is_kept():
    kind = of_kind(validated=False)
    state, record = trained(some_rows(num_validation=0), a_schedule(patience=1, **CONSTANT), 1000, kind=kind)
    assert len(record) == 30
    assert int(state.best_epoch[0]) == 30
    np.testing.assert_array_equal(state.best_parameters, state.learning.parameters)
    np.testing.assert_array_equal(record[:, 0], record[:, 1])


def test_that_patience_ends_a_run_at_the_same_epoch_in_any_chunk():
    rows, schedule = overfitting()
    schedule = schedule._replace(patience=tf.constant(20))
    for steps_a_chunk in (3, 10_000):
        state, record = trained(rows, schedule, steps_a_chunk)
        assert len(record) == int(state.best_epoch[0]) + 20 < 300


def test_that_a_full_record_ends_a_chunk_and_no_epoch_is_lost():
    rows, schedule = some_rows(num_train=BATCH), a_schedule(steps_per_epoch=1, epochs=MAX_EPOCHS_A_CHUNK + 9)
    chunk = chunk_of(start(num_train=BATCH), rows, schedule, 100_000)
    assert int(chunk.recorded) == int(chunk.state.learning.step) == MAX_EPOCHS_A_CHUNK
    _, record = trained(rows, schedule, 100_000)
    assert len(record) == MAX_EPOCHS_A_CHUNK + 9


def test_that_one_traced_function_serves_data_and_settings_of_all_sizes(monkeypatch):
    traced, chunk = [], loop._Loop.chunk

    def counted(*arguments):
        traced.append(arguments)
        return chunk(*arguments)

    monkeypatch.setattr(loop._Loop, "chunk", counted)
    kind = of_kind(batch_size=7, averaged=True)
    for num_train, num_validation, rate in ((35, 10, 0.01), (7, 0, 0.1), (91, 3, 0.001)):
        schedule = a_schedule(learning_rate=rate, epochs=2, steps_per_epoch=num_train // 7, seed=num_train)
        trained(some_rows(num_train, num_validation), schedule, num_train, kind=kind)
    assert len(traced) == 1
    assert compiled_chunk(of_kind(batch_size=7, averaged=True)) is compiled_chunk(kind)
