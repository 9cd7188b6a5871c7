"""Which compiled chunk takes the next steps."""

import threading

import tensorflow as tf

from mdn_gui.training.loop import compiled_chunk
from mdn_gui.training.state import Chunk, Rows, Schedule, State, StepKind

_XLA_FROM_STEP = 20_000
"""Graph mode needs a second or two for so many steps, as long as XLA compiles meanwhile."""

_XLA_PAYS_FROM = 2 * _XLA_FROM_STEP
"""Planned steps of a run from which XLA's compilation pays."""


class Compiler:
    """Takes steps in graph mode, in long runs from a fixed step on with XLA.

    XLA rounds otherwise than graph mode: a switch as soon as it is ready would make the result depend on the speed of
    the machine. A fixed step does not, and leaves it the time to compile beside the run.

    Parameters
    ----------
    kind : StepKind
        Shapes and parts of a step.
    device : str
        TensorFlow's name of the device.
    planned_steps : int
        Steps of the run at most.
    """

    def __init__(self, kind: StepKind, device: str, planned_steps: int) -> None:
        self._kind, self._device = kind, device
        self._switches = planned_steps >= _XLA_PAYS_FROM
        self._preparation: threading.Thread | None = None
        self._taken = 0

    def advance(self, state: State, rows: Rows, schedule: Schedule, num_steps: int) -> Chunk:
        """Take at most ``num_steps`` steps."""
        if not self._switches:
            return self._chunk(state, rows, schedule, num_steps, xla=False)
        if self._preparation is None:
            # not a daemon, as it would be below the window's worker thread: leaving waits for it
            self._preparation = threading.Thread(target=self._prepare, args=(state, rows, schedule), daemon=False)
            self._preparation.start()
        left = _XLA_FROM_STEP - self._taken
        if left <= 0:
            self._preparation.join()
            return self._chunk(state, rows, schedule, num_steps, xla=True)
        before = int(state.learning.step)
        chunk = self._chunk(state, rows, schedule, min(num_steps, left), xla=False)
        self._taken += int(chunk.state.learning.step) - before
        return chunk

    def _prepare(self, state: State, rows: Rows, schedule: Schedule) -> None:
        """Compile by one step whose outcome is thrown away."""
        self._chunk(state, rows, schedule, 1, xla=True)

    def _chunk(self, state: State, rows: Rows, schedule: Schedule, num_steps: int, *, xla: bool) -> Chunk:
        with tf.device(self._device):
            return compiled_chunk(self._kind, xla=xla)(state, rows, schedule, tf.constant(num_steps))
