"""The compiled chunk of training steps: state in, state out."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import tensorflow as tf

from mdn_gui.training.device import executor
from mdn_gui.training.gradient import loss_and_gradient
from mdn_gui.training.guard import MAX_SKIPS
from mdn_gui.training.mdn import log_prob, mixture_outputs
from mdn_gui.training.state import (
    MAX_EPOCHS_A_CHUNK,
    Chunk,
    Learning,
    Plan,
    Rows,
    Schedule,
    State,
    StepKind,
    signature,
)

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-7
_SHUFFLE, _NOISE = 1, 2
_GIVEN_UP = -1e30
"""Skips of a network that is given up: they never cut the epochs of the others short."""


ChunkFunction = Callable[[State, Rows, Schedule, Any], Chunk]


@functools.cache
def compiled_chunk(kind: StepKind, *, xla: bool = False) -> ChunkFunction:
    """Return the compiled function ``chunk(state, rows, schedule, num_steps)`` for one kind of steps.

    Parameters
    ----------
    kind : StepKind
        Shapes and parts of a step.
    xla : bool
        Whether XLA compiles the steps: up to three times faster, not the same bits, a second or two of compilation
        for every number of rows.

    Notes
    -----
    The function is shared by all runs of these arguments, since TensorFlow never frees a traced one. How steps are
    cut into chunks changes no number. Adam: Kingma and Ba (2015), with the epsilon of Keras; the weights are pulled
    as in AdamW (Loshchilov and Hutter 2019) and averaged as in Polyak and Juditsky (1992), over a window.
    """

    def chunk(state: State, rows: Rows, schedule: Schedule, num_steps: Any) -> Chunk:
        return _Loop(kind, rows, schedule, xla=xla).chunk(state, num_steps)

    compiled = tf.function(chunk, autograph=False, input_signature=signature(kind))

    def call(state: State, rows: Rows, schedule: Schedule, num_steps: Any) -> Chunk:
        with tf.experimental.function_executor_type(executor()):
            result: Chunk = compiled(state, rows, schedule, num_steps)
        return result

    return call


def planned(kind: StepKind, state: State, rows: Rows, schedule: Schedule) -> State:
    """Return a state whose first epoch is planned; later ones are planned where the epoch before ends."""
    return _Loop(kind, rows, schedule).planned(state)


class _Loop(NamedTuple):
    """The steps of one chunk while it is traced."""

    kind: StepKind
    rows: Rows
    schedule: Schedule
    xla: bool = False

    def chunk(self, state: State, num_steps: Any) -> Chunk:
        """Take ``num_steps`` steps, fewer where the run ends or the record is full.

        Loops and conditions inside it are few: each costs as much as many operations.
        """
        last = state.learning.step + num_steps
        steps = tf.function(self._steps, autograph=False, jit_compile=True) if self.xla else self._steps

        def goes_on(state: State, _record: Any, recorded: Any) -> Any:
            conditions = (state.learning.step < last, recorded < MAX_EPOCHS_A_CHUNK, self._unfinished(state))
            return tf.reduce_all(tf.stack(conditions))

        def leg(state: State, record: Any, recorded: Any) -> tuple[State, Any, Any]:
            state = state._replace(learning=steps(state.learning, state.plan, last))
            return tf.cond(
                self._at_epoch_boundary(state),
                lambda: self._close_epoch(state, record, recorded),
                lambda: (state, record, recorded),
            )

        start = (state, tf.zeros([MAX_EPOCHS_A_CHUNK, 3]), tf.constant(0))
        return Chunk(*tf.while_loop(goes_on, leg, start, parallel_iterations=1))

    def _at_epoch_boundary(self, state: State) -> Any:
        return tf.equal(state.learning.step % self.schedule.steps_per_epoch, 0)

    def _unfinished(self, state: State) -> Any:
        epoch = state.learning.step // self.schedule.steps_per_epoch
        conditions = [epoch < self.schedule.epochs, state.guard.some_active]
        if self.kind.validated:
            first = self.schedule.first_step // self.schedule.steps_per_epoch
            best = tf.gather(state.best_epoch, tf.argmin(state.best_nll[: self.kind.learners]))
            best = tf.maximum(best, first)
            conditions.append(epoch - best < self.schedule.patience)
        return tf.reduce_all(tf.stack(conditions))

    def planned(self, state: State) -> State:
        """Draw a fresh order of the rows; plan the epoch that begins."""
        seed = tf.stack((self.schedule.seed, state.learning.step * 4 + _SHUFFLE))
        # XLA, which has no shuffle, compiles the steps alone
        order = tf.random.experimental.stateless_shuffle(tf.range(tf.shape(self.rows.train)[0]), seed)
        return state._replace(plan=Plan(order, *self._rates(state)))

    def _rates(self, state: State) -> tuple[Any, Any]:
        """Return the learning rates [R, S] and the mixing of the average [S] for the epoch of this state.

        The rate follows the schedule and is halved at every rollback; the window of the average grows with the steps,
        so that it never trails the start.
        """
        epoch = state.learning.step // self.schedule.steps_per_epoch
        steps = (epoch * self.schedule.steps_per_epoch) + tf.range(self.schedule.steps_per_epoch)
        done = tf.cast(steps - self.schedule.first_step, tf.float32)
        warm = tf.minimum(1.0, (done + 1.0) / self.schedule.warmup_steps)
        fallen = tf.maximum(done - self.schedule.warmup_steps, 0.0) / self.schedule.decay_steps
        rate = self.schedule.learning_rate * warm * 0.5 * (1.0 + tf.cos(3.141592653589793 * fallen))
        count = tf.cast(tf.maximum(steps - state.origin[:, tf.newaxis], 0) + 1, tf.float32)
        correction = tf.sqrt(1.0 - tf.pow(_BETA_2, count)) / (1.0 - tf.pow(_BETA_1, count))
        rates = state.guard.rate_factor[:, tf.newaxis] * rate * correction
        return rates, 1.0 - tf.minimum(self.schedule.averaging, (done + 1.0) / (done + 10.0))

    def _steps(self, learning: Learning, plan: Plan, last: Any) -> Learning:
        """Take the steps up to ``last`` or the end of the epoch, which trouble cuts short."""
        epoch_end = (learning.step // self.schedule.steps_per_epoch + 1) * self.schedule.steps_per_epoch
        end = tf.minimum(last, epoch_end)

        def goes_on(learning: Learning) -> Any:
            return tf.logical_and(learning.step < end, tf.reduce_max(learning.skips) < MAX_SKIPS)

        def step(learning: Learning) -> tuple[Learning]:
            return (self._step(learning, plan, learning.step % self.schedule.steps_per_epoch),)

        learning = tf.while_loop(goes_on, step, (learning,), parallel_iterations=1)[0]
        return learning._replace(step=tf.where(learning.step < end, epoch_end, learning.step))

    def _step(self, learning: Learning, plan: Plan, place: Any) -> Learning:
        """Take the step at a place in its epoch; one that is not finite changes neither parameters nor moments."""
        loss, gradient = self._loss_and_gradient(learning, plan, place)
        norm = tf.sqrt(tf.reduce_sum(gradient * gradient, axis=1))
        finite = tf.math.is_finite(loss + norm)
        taken = tf.cast(finite, tf.float32)  # 0 makes every change below nothing
        clipped = gradient * self._each(tf.minimum(1.0, self.schedule.clip_norm / norm))
        gradient = tf.where(self._each(finite), clipped, tf.zeros_like(gradient))
        change = gradient - learning.first_moment
        first = learning.first_moment + self._each((1.0 - _BETA_1) * taken) * change
        change = gradient * gradient - learning.second_moment
        second = learning.second_moment + self._each((1.0 - _BETA_2) * taken) * change
        rate = taken * plan.rates[:, place]
        parameters = learning.parameters - self._each(rate) * first / (tf.sqrt(second) + _EPSILON)
        if self.kind.decayed:
            parameters -= self._each(rate * self.schedule.weight_decay) * self._kernel_mask() * learning.parameters
        average = parameters
        if self.kind.averaged:
            average = learning.average + plan.mixing[place] * (parameters - learning.average)
        return Learning(
            parameters,
            average,
            first,
            second,
            learning.step + 1,
            loss_sum=learning.loss_sum + tf.math.multiply_no_nan(loss, taken),
            taken=learning.taken + taken,
            skips=(learning.skips + 1.0) * (1.0 - taken),
        )

    def _each(self, values: Any) -> Any:
        """Return a value of each restart [R] as it multiplies [R, P]; of one restart as a scalar, which is faster."""
        return values[:, tf.newaxis] if self.kind.restarts > 1 else tf.squeeze(values, 0)

    def _loss_and_gradient(self, learning: Learning, plan: Plan, place: Any) -> tuple[Any, Any]:
        """Return loss [R] with gradient [R, P]; one by one, since products of batches of matrices are slower."""
        networks, batches = tf.unstack(learning.parameters), tf.unstack(self._batch(learning, plan, place))
        both = [
            loss_and_gradient(self.kind.architecture, parameters, rows, self.schedule.limits)
            for parameters, rows in zip(networks, batches, strict=True)
        ]
        return tf.stack([loss for loss, _ in both]), tf.stack([gradient for _, gradient in both])

    def _batch(self, learning: Learning, plan: Plan, place: Any) -> Any:
        """Return the rows [R, B, D + 1] of a step, with fresh noise for each network (Rothfuss et al. 2019)."""
        blocks, columns = self.kind.batch_size // self.kind.block, self.rows.train.shape[-1]
        batch = tf.gather(self.rows.train, tf.slice(plan.order, [place * blocks], [blocks]))
        batch = tf.reshape(batch, (self.kind.batch_size, columns))
        batches = tf.stack([batch] * self.kind.learners + self._drawn(learning))
        if self.kind.noisy:
            seed = tf.stack((self.schedule.seed, learning.step * 4 + _NOISE))
            batches += self.rows.noise_sd[:, tf.newaxis] * tf.random.stateless_normal(batches.shape, seed)
        return batches

    def _drawn(self, learning: Learning) -> list[Any]:
        """Return the drawn rows of a step for the network that learns from them; they need no shuffling."""
        if not self.kind.distilled:
            return []
        begin = learning.step * self.kind.batch_size % (tf.shape(self.rows.drawn)[0] - self.kind.batch_size)
        drawn = tf.slice(self.rows.drawn, [begin, 0], [self.kind.batch_size, -1])
        return [tf.ensure_shape(drawn, (self.kind.batch_size, self.rows.drawn.shape[1]))]

    def _kernel_mask(self) -> Any:
        """Return ones [P] where the kernels are; biases are not pulled."""
        sizes = self.kind.architecture.sizes
        return tf.concat([tf.fill([size], float(piece % 2 == 0)) for piece, size in enumerate(sizes)], axis=0)

    def _close_epoch(self, state: State, record: Any, recorded: Any) -> tuple[State, Any, Any]:
        """Judge the epoch that ends, keep it where it is the best of its restart, write it down, plan the next."""
        state = self._rolled_back(state)
        epoch, average = state.learning.step // self.schedule.steps_per_epoch, state.learning.average
        nll = self._validation_nll(average) if self.kind.validated else state.guard.last_loss
        better = tf.logical_or(nll < state.best_nll, self._last_is_kept())
        state = state._replace(
            best_parameters=_where(better, average, state.best_parameters),
            best_nll=tf.where(better, nll, state.best_nll),
            best_epoch=tf.where(better, epoch, state.best_epoch),
            guard=state.guard._replace(good_parameters=average),
        )
        leader = tf.argmin(state.best_nll[: self.kind.learners])
        written = [tf.gather(values, leader) for values in (state.guard.last_loss, nll, state.best_epoch)]
        written[2] = tf.cast(written[2], tf.float32)
        record = tf.tensor_scatter_nd_update(record, [[recorded]], [tf.stack(written)])
        return self.planned(state), record, recorded + 1

    def _last_is_kept(self) -> Any:
        """Return for which networks [R] the last epoch is kept, not the best.

        Without held-out rows nothing can be judged fairly: so does the published recipe. A network that learns from
        drawn rows does not overfit: its best epoch would be the luckiest one.
        """
        return tf.constant([not self.kind.validated] * self.kind.learners + [True] * self.kind.distilled)

    def _rolled_back(self, state: State) -> State:
        """Go back where a restart has diverged in the epoch that ends."""
        learning, good = state.learning, state.guard.good_parameters
        guard, troubled = state.guard.judged(learning.loss_sum / learning.taken, learning.skips)
        nothing, none = tf.zeros_like(good), tf.zeros_like(learning.skips)
        learning = Learning(
            parameters=_where(troubled, good, learning.parameters),
            average=_where(troubled, good, learning.average),
            first_moment=_where(troubled, nothing, learning.first_moment),
            second_moment=_where(troubled, nothing, learning.second_moment),
            step=learning.step,
            loss_sum=none,
            taken=none,
            skips=tf.where(guard.active, tf.where(troubled, none, learning.skips), tf.fill(none.shape, _GIVEN_UP)),
        )
        return state._replace(learning=learning, guard=guard, origin=tf.where(troubled, learning.step, state.origin))

    def _validation_nll(self, parameters: Any) -> Any:
        """Return the NLL [R] of the held-out rows, scaled units."""
        rows = self.rows.validation
        outputs = mixture_outputs(self.kind.architecture, parameters, rows[:, :-1], self.schedule.limits)
        return -tf.reduce_mean(log_prob(*outputs, rows[:, -1]), axis=-1)


def _where(condition: Any, one: Any, other: Any) -> Any:
    """Choose rows of [R, P] by a condition [R]."""
    return tf.where(condition[:, tf.newaxis], one, other)
