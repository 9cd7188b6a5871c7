"""Where TensorFlow computes the steps of a run."""

import contextlib
import functools

import tensorflow as tf

from mdn_gui.core.config import Device
from mdn_gui.errors import TrainingError
from mdn_gui.training.mdn import Architecture

_LARGE_STEP = 2e9
"""Multiplications a step from which a GPU is faster: below, starting its kernels costs more than the arithmetic."""

_WAITING_THREADS = 16


def device_name(device: Device, architecture: Architecture, rows_in_a_step: int) -> str:
    """Return TensorFlow's name of the device for steps of so many rows, those of all restarts together.

    Raises
    ------
    TrainingError
        When a GPU is asked for where there is none.
    """
    if device == "CPU" or (device == "automatic" and 3.0 * rows_in_a_step * architecture.num_parameters < _LARGE_STEP):
        return "/CPU:0"
    if tf.config.list_physical_devices("GPU"):
        return "/GPU:0"
    if device == "GPU":
        raise TrainingError("There is no GPU that TensorFlow can use.", "Set the device to automatic or CPU.")
    return "/CPU:0"


@functools.cache
def executor() -> str:
    """Return the name of the executor for compiled chunks, with TensorFlow's threads set as it needs them.

    Notes
    -----
    Steps are computed in one thread: the network is small, and the other cores keep the window fluid. The
    single-threaded executor costs a third less a step than the usual one, whose scheduling is made for larger
    operations. Each loop inside a loop keeps a thread waiting in it; were there too few, it would wait for ever.
    """
    with contextlib.suppress(RuntimeError):  # raised where TensorFlow already runs with the threads its host chose
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(_WAITING_THREADS)
        # a third of the time to the first step, for graphs that are lean already
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    enough = tf.config.threading.get_inter_op_parallelism_threads() >= _WAITING_THREADS
    return "SINGLE_THREADED_EXECUTOR" if enough else ""
