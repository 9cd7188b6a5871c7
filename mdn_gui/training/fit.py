"""The one way to make a model from data: a generator that yields epochs."""

import dataclasses
import math
import os
import threading
import time
from collections.abc import Generator

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.pruning import ordered

# oneDNN compiles kernels for every shape: a tenth of a second before the first step, and slower steps for networks of
# this size. TensorFlow reads the variable while it is imported. It is set here too, not by window and command line
# alone, so that a script which calls ``fit`` gets the same bits as they do.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

from mdn_gui.training.run import Run

_CHUNK_SECONDS = 0.03
"""A chunk is sized to last about this long, so that a stop is heeded at once."""

_LARGEST_GROWTH = 8
_MOST_STEPS = 100_000

_SNAPSHOT_GROWTH = 1.05
"""Between two snapshots the epochs of the run grow by this factor at most: most of what changes changes early."""

_SNAPSHOT_SHARE = 0.02
"""Of the time of a run, at most, is spent on snapshots that nothing but this growth asks for."""


def fit_model(
    dataset: Dataset,
    model_config: ModelConfig,
    training_config: TrainingConfig,
    *,
    stop: threading.Event | None = None,
    continued: FittedModel | None = None,
) -> FittedModel:
    """Return the model that :func:`fit` makes, without looking at the epochs; arguments and errors are its own."""
    epochs = fit(dataset, model_config, training_config, stop=stop, snapshot_seconds=math.inf, continued=continued)
    while True:
        try:
            next(epochs)
        except StopIteration as finished:
            model: FittedModel = finished.value
            return model


def fit(
    dataset: Dataset,
    model_config: ModelConfig,
    training_config: TrainingConfig,
    *,
    stop: threading.Event | None = None,
    snapshot_seconds: float = 0.25,
    continued: FittedModel | None = None,
) -> Generator[EpochMetrics, None, FittedModel]:
    """Train a mixture density network, epoch by epoch.

    Parameters
    ----------
    dataset : Dataset
        The rows to learn from, data units.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings. Everything random follows from ``training_config.seed``: on one machine the same data, settings
        and seed give the same bits.
    stop : threading.Event, optional
        Looked at between chunks of about 30 ms; once set, the run ends and the best epoch so far is kept, or the start
        when no epoch is finished.
    snapshot_seconds : float
        Longest time without a snapshot, as far as chunks end; there are more while the run is young, where they cost
        next to nothing. None at all with infinity. They change no bit of the run.
    continued : FittedModel, optional
        A finished run to train further: its weights are the start, its epochs are counted on, and it stays the
        result until an epoch is better. Settings of the model, seed and validation fraction must be its own.

    Yields
    ------
    EpochMetrics
        One an epoch, finite, in order; now and then with a snapshot of the model as it is. Closing the generator
        discards the run.

    Returns
    -------
    FittedModel
        The best epoch by the NLL of the held-out rows, or the last epoch without held-out rows; of several restarts
        the best one, or their average with the shares that suit the held-out rows best. Its components are in the order
        of their locs at the median of the inputs.

    Raises
    ------
    ConfigError
        When data or settings are not those of the run to continue.
    DataError
        When the targets do not allow the transform that the settings name.
    TrainingError
        When the memory does not suffice, or a GPU is asked for where there is none.

    Notes
    -----
    Bishop (1994), Mixture Density Networks; Adam: Kingma and Ba (2015); noise on the rows: Rothfuss et al. (2019),
    arXiv 1907.08982.
    """
    run = Run(dataset, model_config, training_config, continued)
    stop = stop or threading.Event()
    num_steps, due = 1, _Due(snapshot_seconds)
    while run.stop_reason is None and not stop.is_set():
        begin = time.perf_counter()
        epochs = run.advance(num_steps)
        num_steps = _next_num_steps(num_steps, time.perf_counter() - begin)
        if epochs and due.is_due(epochs[-1], run.seconds):
            asked = run.seconds
            epochs[-1] = dataclasses.replace(epochs[-1], snapshot=run.snapshot())
            due.took(epochs[-1], asked, run.seconds)
        yield from epochs
    return ordered(run.result())


class _Due:
    """When the next snapshot is due: by the clock, or where the epochs have grown by a twentieth.

    Parameters
    ----------
    seconds : float
        Longest time between two snapshots; with infinity none is due.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._clock, self._epoch = (0.0, 0.0) if math.isfinite(seconds) else (math.inf, math.inf)
        self._rested = 0.0
        """The time from which on one costs no more than its share of the run."""

    def is_due(self, epoch: EpochMetrics, seconds: float) -> bool:
        """Return whether a snapshot is due after ``epoch``, ``seconds`` after the run began."""
        grown = epoch.epoch - epoch.first_epoch + 1 >= self._epoch
        return seconds >= self._clock or (grown and seconds >= self._rested)

    def took(self, epoch: EpochMetrics, asked: float, had: float) -> None:
        """Note that a snapshot was asked for after ``epoch`` at one time of the run, had at another one."""
        self._clock = had + self._seconds
        self._epoch = _SNAPSHOT_GROWTH * (epoch.epoch - epoch.first_epoch + 1)
        self._rested = had + (had - asked) / _SNAPSHOT_SHARE


def _next_num_steps(num_steps: int, seconds: float) -> int:
    """Return the steps of the next chunk; the first one, slow since it is traced, is made up for in a few chunks."""
    growth = min(_CHUNK_SECONDS / max(seconds, 1e-6), _LARGEST_GROWTH)
    return max(1, min(int(num_steps * growth), _MOST_STEPS))
