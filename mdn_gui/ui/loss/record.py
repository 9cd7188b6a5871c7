"""The epochs of a run as arrays, thinned to what a screen can show, smoothed."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.metrics import EpochMetrics, TrainingHistory

IntArray = NDArray[np.int64]

_CAPACITY = 256
_EPOCH, _LOG_EPOCH, _TRAIN, _VALIDATION = range(4)
_SAMPLE = 4096
_FARTHEST = 1e6
"""Values are averaged as if none were farther above the least one than so many times the usual distance: the running
sum would otherwise lose the digits of all the others."""


class RunRecord:
    """Epochs of a run, appended as they come; memory is doubled when it is full, so that appending stays quick."""

    def __init__(self) -> None:
        self._values = np.empty((4, _CAPACITY))
        self._size = 0
        self.best_epoch = 0
        """The epoch whose weights are kept so far; 0 while none is better than the start."""
        self.seams: tuple[int, ...] = ()
        """Places, counted from 0, of the epochs at which a fit was trained further, as far as that is known."""

    @classmethod
    def of(cls, history: TrainingHistory) -> "RunRecord":
        """Return the epochs of a finished run."""
        made = cls()
        validation = history.validation_nll or (math.nan,) * history.epochs
        made._append(range(1, history.epochs + 1), history.train_nll, validation)
        made.best_epoch = history.best_epoch
        return made

    def take_seams(self, before: "RunRecord") -> None:
        """Take the seams of the record of the fit that is continued, where that is the one."""
        count = len(self)
        if np.array_equal(self.train, before.train[:count]):
            self.seams = tuple(seam for seam in before.seams if seam < count)

    def append(self, metrics: Sequence[EpochMetrics]) -> None:
        """Append finished epochs; their snapshots are not kept."""
        if not metrics:
            return
        validation = [math.nan if each.validation_nll is None else each.validation_nll for each in metrics]
        begun = metrics[0].first_epoch
        if self._size and metrics[0].epoch == begun:
            self.seams = (*self.seams, begun - int(self.epochs[0]))
        self._append([each.epoch for each in metrics], [each.train_nll for each in metrics], validation)
        self.best_epoch = metrics[-1].best_epoch

    def _append(self, epochs: Sequence[int], train: Sequence[float], validation: Sequence[float]) -> None:
        end = self._size + len(epochs)
        if end > self._values.shape[1]:
            grown = np.empty((4, max(end, 2 * self._values.shape[1])))
            grown[:, : self._size] = self._values[:, : self._size]
            self._values = grown
        new = self._values[:, self._size : end]
        new[_EPOCH], new[_TRAIN], new[_VALIDATION] = epochs, train, validation
        new[_LOG_EPOCH] = np.log10(new[_EPOCH])
        self._size = end

    def __len__(self) -> int:
        """Return the number of epochs."""
        return self._size

    @property
    def epochs(self) -> FloatArray:
        """Their numbers [N], in order without a gap."""
        return self._values[_EPOCH, : self._size]

    @property
    def log_epochs(self) -> FloatArray:
        """Decimal logarithms [N] of their numbers."""
        return self._values[_LOG_EPOCH, : self._size]

    @property
    def train(self) -> FloatArray:
        """Train NLL [N], nats a row."""
        return self._values[_TRAIN, : self._size]

    @property
    def validation(self) -> FloatArray | None:
        """Validation NLL [N], nats a row; None without held-out rows."""
        values = self._values[_VALIDATION, : self._size]
        return None if self._size == 0 or bool(np.isnan(values).any()) else values

    @property
    def judged(self) -> FloatArray:
        """The NLL [N] that decides which epoch is best."""
        return self.train if self.validation is None else self.validation

    @property
    def best(self) -> int | None:
        """Place of the best epoch, counted from 0; None while there is none."""
        place = self.best_epoch - int(self.epochs[0]) if self._size else -1
        return place if 0 <= place < self._size else None

    def nearest(self, epoch: float) -> int:
        """Return the place, counted from 0, of the epoch nearest to a number; there is at least one epoch."""
        return int(min(max(round(epoch - float(self.epochs[0])), 0), self._size - 1))


def column_starts(place: FloatArray, columns: int) -> IntArray:
    """Return where, in ascending places [N], each column of pixels begins that has points in it."""
    edges = np.linspace(place[0], place[-1], columns, endpoint=False)
    starts: IntArray = np.unique(np.searchsorted(place, edges))
    return starts


def thinned(place: FloatArray, values: FloatArray, starts: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest of ``values`` [N] in each column, as points of one line."""
    ends = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    return np.repeat(place[starts], 2), np.stack(ends, axis=1).ravel()


def smoothed(values: FloatArray, places: IntArray, reach: float, seams: Sequence[int] = ()) -> FloatArray:
    """Return means of ``values`` [N] around ``places`` [M], counted from 0.

    Parameters
    ----------
    values : array [N]
        One an epoch.
    places : int array [M]
        Where to take a mean, ascending.
    reach : float
        A mean is taken over the epochs that differ from its own by at most this share of it, as far as there are any:
        late epochs are smoothed over many neighbours, the steep first ones hardly.
    seams : sequence of int
        Places at which a fit was trained further: each stretch is smoothed by itself, its epochs counted from its own
        first one.
    """
    edges = (0, *seams, len(values))
    stretches = [
        _smoothed(values[begin:end], places[(places >= begin) & (places < end)] - begin, reach)
        for begin, end in pairwise(edges)
    ]
    return np.concatenate(stretches)


def _smoothed(values: FloatArray, places: IntArray, reach: float) -> FloatArray:
    lowest = float(values.min())
    usual = float(np.median(values[:: max(1, len(values) // _SAMPLE)])) - lowest
    above = np.minimum(values - lowest, _FARTHEST * usual) if usual > 0.0 else values - lowest
    sums = np.zeros(len(values) + 1)
    np.cumsum(above[::-1], out=sums[1:])  # from the end: the great values of the first epochs are added last
    half = (reach * (places + 1)).astype(np.int64)
    first, beyond = np.maximum(places - half, 0), np.minimum(places + half + 1, len(values))
    means = (sums[len(values) - first] - sums[len(values) - beyond]) / (beyond - first)
    return np.asarray(lowest + means)
