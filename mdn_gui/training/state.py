"""The state of a run on the device: what goes into a compiled chunk, what comes out."""

import functools
from dataclasses import dataclass
from typing import Any, NamedTuple

import tensorflow as tf

from mdn_gui.training.guard import Guard, first_guard
from mdn_gui.training.mdn import Architecture, ScaleLimits

MAX_EPOCHS_A_CHUNK = 256
"""Rows of the record that a chunk returns; a chunk ends when it is full."""


@dataclass(frozen=True)
class StepKind:
    """What fixes the compiled function of a run.

    Parameters
    ----------
    architecture : Architecture
        Shape of the network.
    restarts : int
        R networks that learn side by side.
    distilled : bool
        Whether the last of them learns from drawn rows.
    batch_size : int
        Rows B of a step, at most N.
    block : int
        Rows G that stay together when the rows are shuffled; divides B.
    validated : bool
        Whether held-out rows judge each epoch.
    noisy, decayed, averaged : bool
        Whether steps add noise to the rows, pull the kernels towards 0, average the weights.
    """

    architecture: Architecture
    restarts: int
    batch_size: int
    distilled: bool = False
    block: int = 1
    validated: bool = True
    noisy: bool = True
    decayed: bool = False
    averaged: bool = True

    @property
    def learners(self) -> int:
        """Networks that learn from the rows: the first of all."""
        return self.restarts - self.distilled


class Rows(NamedTuple):
    """The scaled rows, inputs then target, float32; ``validation`` may have no row."""

    train: Any
    """[N / G, G, D + 1]"""
    validation: Any
    """[V, D + 1]"""
    noise_sd: Any
    """[R, D + 1], scaled units"""
    drawn: Any
    """[M, D + 1] rows drawn from another model, in any number; M may be 0."""


class Schedule(NamedTuple):
    """The numbers of a run that differ between runs of one compiled function; all scalars."""

    seed: Any
    first_step: Any
    """Steps of the runs that this one continues."""
    epochs: Any
    """Epoch that ends the run, those of earlier runs counted."""
    patience: Any
    steps_per_epoch: Any
    warmup_steps: Any
    decay_steps: Any
    """Steps until the rate is 0 along a cosine; infinite for a constant rate."""
    learning_rate: Any
    clip_norm: Any
    """Infinite switches clipping off."""
    weight_decay: Any
    averaging: Any
    """Decay of the average of the weights."""
    limits: ScaleLimits


class Learning(NamedTuple):
    """What a single step changes, for R networks; the less it is, the faster is a step."""

    parameters: Any
    """[R, P]"""
    average: Any
    """[R, P] running average of the parameters: what is judged, shown, kept."""
    first_moment: Any
    second_moment: Any
    step: Any
    """Steps taken, skipped ones included."""
    loss_sum: Any
    taken: Any
    """[R] sum and number of the finite losses of this epoch."""
    skips: Any
    """[R] steps skipped in a row."""


class Plan(NamedTuple):
    """What is computed once an epoch for all of its S steps."""

    order: Any
    """[N / G] blocks of rows in the order of this epoch."""
    rates: Any
    """[R, S] learning rates, with the correction of Adam's moments."""
    mixing: Any
    """[S] share of the new parameters in their running average."""


class State(NamedTuple):
    """Everything that a run changes, for R networks."""

    learning: Learning
    plan: Plan
    origin: Any
    """[R] step at which the moments were nothing: the first one, or that of the last rollback."""
    guard: Guard
    best_parameters: Any
    """[R, P]"""
    best_nll: Any
    best_epoch: Any
    """[R]"""


class Chunk(NamedTuple):
    """What a chunk returns."""

    state: State
    record: Any
    """[MAX_EPOCHS_A_CHUNK, 3] for each epoch finished: train NLL, validation NLL (scaled units) of the learner that
    is the best so far, then its best epoch."""
    recorded: Any
    """Rows of the record that are filled."""


def first_state(parameters: Any, start_loss: Any, start_nll: Any, num_blocks: int, first_step: int = 0) -> State:
    """Return the state before the first step.

    Parameters
    ----------
    parameters : array [R, P]
        The start.
    start_loss : array [R]
        NLL of the start, scaled units, by which divergence is judged at first.
    start_nll : array [R]
        Its judged NLL, which an epoch has to beat; infinite where the start is no candidate.
    num_blocks : int
        N / G.
    first_step : int
        Steps of the runs that this one continues.
    """
    start, restarts = tf.constant(parameters, tf.float32), len(parameters)
    zeros, nothing, none = tf.zeros_like(start), tf.zeros([restarts]), tf.zeros([restarts], tf.int32)
    first = tf.constant(first_step)
    learning = Learning(start, start, zeros, zeros, first, nothing, nothing, nothing)
    plan = Plan(tf.zeros([num_blocks], tf.int32), tf.zeros([restarts, 0]), tf.zeros([0]))
    guard = first_guard(start, tf.constant(start_loss, tf.float32))
    return State(learning, plan, none + first, guard, start, tf.constant(start_nll, tf.float32), none)


def signature(kind: StepKind) -> list[Any]:
    """Return the shapes of (state, rows, schedule, number of steps); those of the data stay open."""
    restarts, columns = kind.restarts, kind.architecture.num_inputs + 1
    floats = functools.partial(tf.TensorSpec, dtype=tf.float32)
    whole, scalar = tf.TensorSpec([], tf.int32), floats([])
    weights, values = floats([restarts, kind.architecture.num_parameters]), floats([restarts])
    counts = tf.TensorSpec([restarts], tf.int32)
    learning = Learning(weights, weights, weights, weights, whole, values, values, values)
    plan = Plan(tf.TensorSpec([None], tf.int32), floats([restarts, None]), floats([None]))
    guard = Guard(weights, values, values, values, counts, values)
    state = State(learning, plan, counts, guard, weights, values, counts)
    rows = Rows(
        floats([None, kind.block, columns]),
        floats([None, columns]),
        floats([restarts, columns]),
        floats([None, columns]),
    )
    schedule = Schedule(*(whole,) * 5, *(scalar,) * 6, limits=ScaleLimits(scalar, scalar))
    return [state, rows, schedule, whole]
