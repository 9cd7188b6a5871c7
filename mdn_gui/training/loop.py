"""The compiled chunk of training steps: state in, state out."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from mdn_gui.training.mdn import Architecture, ScaleLimits, log_prob, mixture_outputs

MAX_SKIPS = 20
"""So many steps in a row that are not finite end a run."""

MAX_EPOCHS_A_CHUNK = 256
"""Rows of the record that a chunk returns; a chunk ends when it is full."""

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-7
_SHUFFLE, _NOISE = 1, 2


class Rows(NamedTuple):
    """The scaled rows, inputs then target, float32; ``validation`` may have no row."""

    train: Any
    """[N, D + 1]"""
    validation: Any
    """[V, D + 1]"""
    noise_sd: Any
    """[D + 1], scaled units"""


class Schedule(NamedTuple):
    """The numbers of a run that differ between runs of one compiled function; all scalars."""

    seed: Any
    epochs: Any
    patience: Any
    steps_per_epoch: Any
    warmup_steps: Any
    decay_steps: Any
    """Steps until the rate is 0 along a cosine; infinite for a constant rate."""
    learning_rate: Any
    clip_norm: Any
    """Infinite switches clipping off."""
    limits: ScaleLimits


class State(NamedTuple):
    """Everything that a step changes."""

    parameters: Any
    """[P]"""
    first_moment: Any
    second_moment: Any
    step: Any
    """Steps taken, skipped ones included."""
    updates: Any
    """Steps that changed the parameters."""
    skips: Any
    """Steps skipped in a row."""
    order: Any
    """[N] rows in the order of this epoch."""
    loss_sum: Any
    loss_count: Any
    """Finite losses of this epoch."""
    best_parameters: Any
    best_nll: Any
    best_epoch: Any


class Chunk(NamedTuple):
    """What a chunk returns."""

    state: State
    record: Any
    """[MAX_EPOCHS_A_CHUNK, 3]: train NLL, validation NLL (scaled units), best epoch of each epoch finished."""
    recorded: Any
    """Rows of the record that are filled."""


ChunkFunction = Callable[[State, Rows, Schedule, Any], Chunk]


def first_state(parameters: Any, num_rows: int) -> State:
    """Return the state before the first step, from parameters [P] for N training rows."""
    start = tf.constant(parameters, tf.float32)
    zeros, none, nothing = tf.zeros_like(start), tf.constant(0), tf.constant(0.0)
    worst = tf.constant(float("inf"))
    order = tf.zeros([num_rows], tf.int32)
    return State(start, zeros, zeros, none, none, none, order, nothing, nothing, start, worst, none)


@functools.cache
def compiled_chunk(architecture: Architecture, batch_size: int, *, noisy: bool) -> ChunkFunction:
    """Return the compiled function ``chunk(state, rows, schedule, num_steps)`` for one architecture.

    Parameters
    ----------
    architecture : Architecture
        Shape of the network.
    batch_size : int
        B, at most N.
    noisy : bool
        Whether steps add noise to the rows.

    Notes
    -----
    The function is shared by all runs of these arguments, since TensorFlow never frees a traced one. How steps are
    cut into chunks changes no number. Adam: Kingma and Ba (2015), with the epsilon of Keras.
    """
    columns, size = architecture.num_inputs + 1, architecture.num_parameters
    floats = functools.partial(tf.TensorSpec, dtype=tf.float32)
    whole, vector, scalar = tf.TensorSpec([], tf.int32), floats([size]), floats([])
    order = tf.TensorSpec([None], tf.int32)
    state = State(vector, vector, vector, whole, whole, whole, order, scalar, scalar, vector, scalar, whole)
    rows = Rows(floats([None, columns]), floats([None, columns]), floats([columns]))
    limits = ScaleLimits(scalar, scalar)
    schedule = Schedule(whole, whole, whole, whole, scalar, scalar, scalar, scalar, limits)

    def chunk(state: State, rows: Rows, schedule: Schedule, num_steps: Any) -> Chunk:
        return _Loop(architecture, batch_size, noisy, rows, schedule).chunk(state, num_steps)

    compiled: ChunkFunction = tf.function(chunk, autograph=False, input_signature=[state, rows, schedule, whole])
    return compiled


class _Loop(NamedTuple):
    """The steps of one chunk while it is traced."""

    architecture: Architecture
    batch_size: int
    noisy: bool
    rows: Rows
    schedule: Schedule

    def chunk(self, state: State, num_steps: Any) -> Chunk:
        """Take ``num_steps`` steps, fewer where the run ends or the record is full."""
        last = state.step + num_steps
        record = tf.zeros([MAX_EPOCHS_A_CHUNK, 3])

        def goes_on(state: State, _record: Any, recorded: Any) -> Any:
            conditions = (state.step < last, recorded < MAX_EPOCHS_A_CHUNK, self._unfinished(state))
            return tf.reduce_all(tf.stack(conditions))

        def leg(state: State, record: Any, recorded: Any) -> tuple[State, Any, Any]:
            state = self._steps(self._shuffled(state), last)
            return tf.cond(
                self._at_epoch_boundary(state),
                lambda: self._close_epoch(state, record, recorded),
                lambda: (state, record, recorded),
            )

        start = (state, record, tf.constant(0))
        return Chunk(*tf.while_loop(goes_on, leg, start, parallel_iterations=1))

    def _at_epoch_boundary(self, state: State) -> Any:
        return tf.equal(state.step % self.schedule.steps_per_epoch, 0)

    def _unfinished(self, state: State) -> Any:
        epoch = state.step // self.schedule.steps_per_epoch
        patient = tf.logical_or(
            tf.logical_not(self._has_validation()), epoch - state.best_epoch < self.schedule.patience
        )
        return tf.reduce_all(tf.stack((epoch < self.schedule.epochs, patient, state.skips < MAX_SKIPS)))

    def _has_validation(self) -> Any:
        return tf.shape(self.rows.validation)[0] > 0

    def _shuffled(self, state: State) -> State:
        """Draw a fresh order where an epoch begins."""

        def fresh() -> Any:
            seed = tf.stack((self.schedule.seed, state.step * 4 + _SHUFFLE))
            return tf.random.experimental.stateless_shuffle(tf.range(tf.shape(self.rows.train)[0]), seed)

        return state._replace(order=tf.cond(self._at_epoch_boundary(state), fresh, lambda: state.order))

    def _steps(self, state: State, last: Any) -> State:
        """Take the steps up to ``last`` or the end of the epoch."""
        epoch_end = (state.step // self.schedule.steps_per_epoch + 1) * self.schedule.steps_per_epoch
        end = tf.minimum(last, epoch_end)

        def goes_on(state: State) -> Any:
            return tf.logical_and(state.step < end, state.skips < MAX_SKIPS)

        return tf.while_loop(goes_on, lambda state: (self._step(state),), (state,), parallel_iterations=1)[0]

    def _step(self, state: State) -> State:
        """Take one step of Adam; a loss or gradient that is not finite changes neither parameters nor moments."""
        loss, gradient = self._loss_and_gradient(state.parameters, self._batch(state))
        norm = tf.norm(gradient)
        finite = tf.math.is_finite(loss + norm)
        gradient *= tf.minimum(1.0, self.schedule.clip_norm / norm)
        first = state.first_moment + (1.0 - _BETA_1) * (gradient - state.first_moment)
        second = state.second_moment + (1.0 - _BETA_2) * (gradient * gradient - state.second_moment)
        taken = tf.cast(state.updates + 1, tf.float32)
        rate = self._rate(state.step) * tf.sqrt(1.0 - _BETA_2**taken) / (1.0 - _BETA_1**taken)
        parameters = state.parameters - rate * first / (tf.sqrt(second) + _EPSILON)
        counted = tf.cast(finite, tf.float32)
        return state._replace(
            parameters=tf.where(finite, parameters, state.parameters),
            first_moment=tf.where(finite, first, state.first_moment),
            second_moment=tf.where(finite, second, state.second_moment),
            step=state.step + 1,
            updates=state.updates + tf.cast(finite, tf.int32),
            skips=tf.where(finite, 0, state.skips + 1),
            loss_sum=state.loss_sum + tf.where(finite, loss, 0.0),
            loss_count=state.loss_count + counted,
        )

    def _batch(self, state: State) -> Any:
        """Return the rows [B, D + 1] of this step, with fresh noise (Rothfuss et al. 2019, arXiv 1907.08982)."""
        begin = state.step % self.schedule.steps_per_epoch * self.batch_size
        batch = tf.gather(self.rows.train, tf.slice(state.order, [begin], [self.batch_size]))
        if self.noisy:
            seed = tf.stack((self.schedule.seed, state.step * 4 + _NOISE))
            batch += self.rows.noise_sd * tf.random.stateless_normal(batch.shape, seed)
        return batch

    def _loss_and_gradient(self, parameters: Any, batch: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(parameters)
            loss = self._nll(parameters, batch)
        return loss, tape.gradient(loss, parameters)

    def _nll(self, parameters: Any, rows: Any) -> Any:
        outputs = mixture_outputs(self.architecture, parameters, rows[:, :-1], self.schedule.limits)
        return -tf.reduce_mean(log_prob(*outputs, rows[:, -1]))

    def _rate(self, step: Any) -> Any:
        done = tf.cast(step, tf.float32)
        warm = tf.minimum(1.0, (done + 1.0) / self.schedule.warmup_steps)
        fallen = tf.maximum(done - self.schedule.warmup_steps, 0.0) / self.schedule.decay_steps
        return self.schedule.learning_rate * warm * 0.5 * (1.0 + tf.cos(3.141592653589793 * fallen))

    def _close_epoch(self, state: State, record: Any, recorded: Any) -> tuple[State, Any, Any]:
        """Judge the epoch that ends, keep it if it is the best, write it down."""
        epoch = state.step // self.schedule.steps_per_epoch
        judged = self._has_validation()
        validation_nll = tf.cond(
            judged, lambda: self._nll(state.parameters, self.rows.validation), lambda: tf.constant(float("nan"))
        )
        # Without held-out rows nothing can be judged fairly: the last epoch is kept, as in the published recipe.
        better = tf.logical_or(validation_nll < state.best_nll, tf.logical_not(judged))
        best_epoch = tf.where(better, epoch, state.best_epoch)
        written = tf.stack((state.loss_sum / state.loss_count, validation_nll, tf.cast(best_epoch, tf.float32)))
        record = tf.tensor_scatter_nd_update(record, [[recorded]], [written])
        state = state._replace(
            loss_sum=tf.constant(0.0),
            loss_count=tf.constant(0.0),
            best_parameters=tf.where(better, state.parameters, state.best_parameters),
            best_nll=tf.where(better, validation_nll, state.best_nll),
            best_epoch=best_epoch,
        )
        return state, record, recorded + 1
