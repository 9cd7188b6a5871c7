"""The guard against divergence: when a network goes back to its last good weights."""

from typing import Any, NamedTuple

import tensorflow as tf

MAX_SKIPS = 20
"""So many steps in a row that are not finite make a network go back."""

MAX_ROLLBACKS = 3
"""A network that soon diverges once more is given up: its best weights stay as they are."""

_LEAST_RISE, _SPREADS = 3.0, 10.0
_FORGETTING = 0.2
_PARDON = 0.97
"""What an epoch without trouble leaves of earlier trouble: a spike in a thousand epochs must not end a long run."""


class Guard(NamedTuple):
    """What is remembered of R networks to tell divergence from noise.

    The smoothed loss is the mean over an epoch. It has diverged above best + max(3, 10 spreads), in nats, where the
    spread is a running mean of its absolute changes.
    """

    good_parameters: Any
    """[R, P] of the last epoch without trouble."""
    last_loss: Any
    """[R] smoothed loss of the last epoch without trouble, or of the start."""
    best_loss: Any
    loss_spread: Any
    rollbacks: Any
    """[R]"""
    strikes: Any
    """[R] rollbacks that are not pardoned yet."""

    @property
    def active(self) -> Any:
        """Whether a network still learns, [R]."""
        return self.strikes < MAX_ROLLBACKS + 0.5

    @property
    def some_active(self) -> Any:
        """Whether any network still learns."""
        return tf.reduce_any(self.active)

    @property
    def rate_factor(self) -> Any:
        """Factor [R] on the learning rate: halved at every rollback, 0 for a network that is given up."""
        return tf.cast(self.active, tf.float32) * tf.pow(0.5, tf.cast(self.rollbacks, tf.float32))

    def judged(self, smoothed: Any, skips: Any) -> tuple["Guard", Any]:
        """Return the guard after a look at an epoch that ends, then which networks [R] go back.

        Parameters
        ----------
        smoothed : tensor [R]
            Mean loss of the epoch; NaN where no step was finite.
        skips : tensor [R]
            Steps skipped in a row.
        """
        limit = self.best_loss + tf.maximum(_LEAST_RISE, _SPREADS * self.loss_spread)
        quiet = tf.logical_and(smoothed <= limit, skips < MAX_SKIPS)
        troubled = tf.logical_and(self.active, tf.logical_not(quiet))
        change = tf.abs(smoothed - self.last_loss)
        guard = Guard(
            good_parameters=self.good_parameters,
            last_loss=tf.where(quiet, smoothed, self.last_loss),
            best_loss=tf.where(quiet, tf.minimum(smoothed, self.best_loss), self.best_loss),
            loss_spread=tf.where(quiet, self.loss_spread + _FORGETTING * (change - self.loss_spread), self.loss_spread),
            rollbacks=self.rollbacks + tf.cast(troubled, tf.int32),
            strikes=tf.where(quiet, _PARDON * self.strikes, self.strikes + tf.cast(troubled, tf.float32)),
        )
        return guard, troubled


def first_guard(parameters: Any, start_loss: Any) -> Guard:
    """Return the guard of a start with ``parameters`` [R, P] whose NLL is ``start_loss`` [R], scaled units."""
    nothing, none = tf.zeros_like(start_loss), tf.zeros_like(start_loss, tf.int32)
    return Guard(parameters, start_loss, start_loss, nothing, none, nothing)
