"""Rows, settings and starts to run the compiled chunk on by itself."""

import dataclasses

import numpy as np
import tensorflow as tf

from mdn_gui.training.loop import compiled_chunk, planned
from mdn_gui.training.mdn import Architecture, ScaleLimits
from mdn_gui.training.state import Rows, Schedule, StepKind, first_state
from tests.training.networks import random_parameters

ARCHITECTURE = Architecture(1, (6,), 2, "tanh")
LIMITS = ScaleLimits(tf.constant(1e-3), tf.constant(10.0))
BATCH = 8
PLAIN = StepKind(ARCHITECTURE, 1, BATCH, noisy=False, averaged=False)
FULL = StepKind(ARCHITECTURE, 3, BATCH, distilled=True, block=4, decayed=True)


def some_rows(num_train=40, num_validation=10, *, kind=PLAIN, poisoned=0, noise=0.0):
    """Return rows of a noisy sine; the first few may be NaN."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(num_train + num_validation + 100, 1))
    rows = np.concatenate((x, np.sin(2.0 * x) + 0.1 * rng.normal(size=x.shape)), axis=1).astype(np.float32)
    rows[:poisoned] = np.nan
    return Rows(
        tf.constant(rows[:num_train].reshape(-1, kind.block, 2)),
        tf.constant(rows[num_train : num_train + num_validation]),
        tf.fill([kind.restarts, 2], float(noise)),
        tf.constant(rows[num_train + num_validation :][: 100 if kind.distilled else 0]),
    )


def a_schedule(**changed):
    """Return 30 epochs of 5 steps, some numbers changed."""
    numbers = {"seed": 3, "first_step": 0, "epochs": 30, "patience": 1000, "steps_per_epoch": 5, "warmup_steps": 10.0}
    numbers |= {"decay_steps": 140.0, "learning_rate": 0.01, "clip_norm": float("inf"), "weight_decay": 0.1}
    numbers |= {"averaging": 0.9} | changed
    return Schedule(**{name: tf.constant(value) for name, value in numbers.items()}, limits=LIMITS)


def start(kind=PLAIN, num_train=40, *, parameters=None, loss=2.0):
    """Return the first state of networks that differ."""
    if parameters is None:
        parameters = np.stack([random_parameters(kind.architecture, seed + 1) for seed in range(kind.restarts)])
    return first_state(parameters, [loss] * kind.restarts, [float("inf")] * kind.restarts, num_train // kind.block)


def chunk_of(state, rows, schedule, num_steps, *, kind=PLAIN, xla=False):
    """Return what a chunk of so many steps gives; the first epoch is planned where it is not."""
    if not state.plan.mixing.shape[0]:
        state = planned(kind, state, rows, schedule)
    return compiled_chunk(kind, xla=xla)(state, rows, schedule, tf.constant(num_steps))


def advanced(state, rows, schedule, num_steps, *, kind=PLAIN):
    """Return the state after some steps."""
    return chunk_of(state, rows, schedule, num_steps, kind=kind).state


def trained(rows, schedule, steps_a_chunk, *, kind=PLAIN, state=None):
    """Run to the end in chunks of a given size; return the last state and the whole record."""
    state = state or start(kind, rows.train.shape[0] * kind.block)
    records = []
    while True:
        before = int(state.learning.step)
        state, record, recorded = chunk_of(state, rows, schedule, steps_a_chunk, kind=kind)
        records.append(record.numpy()[: int(recorded)])
        if int(state.learning.step) == before:
            return state, np.concatenate(records)


def of_kind(**changed):
    """Return the plain kind of steps, some parts changed."""
    return dataclasses.replace(PLAIN, **changed)


def assert_same_bits(one, other):
    """Compare every tensor of two states."""
    for ours, theirs in zip(tf.nest.flatten(one), tf.nest.flatten(other), strict=True):
        assert ours.numpy().tobytes() == theirs.numpy().tobytes()
