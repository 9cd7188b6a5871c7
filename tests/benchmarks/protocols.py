"""The published ways to hold a model against data it has not seen: splits, folds, laws, comparison."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from tests import laws

SPLITS, FOLDS = 20, 10


@dataclass(frozen=True)
class Trial:
    """One data set to learn from, with the way to judge a model of it.

    Parameters
    ----------
    dataset : Dataset
        The rows to learn from.
    judge : callable
        ``judge(model)`` gives numbers to average, nats, smaller is better: the excess over a law, the mean NLL of a
        split, or the NLL of each row of a fold.
    """

    dataset: Dataset
    judge: Callable[[object], list[float]]


def law_trial(law, num_rows: int, number: int) -> Trial:
    """Return a sample of a law drawn from its own seed; a model is judged by its excess."""
    x, y = law.sample(num_rows, np.random.default_rng(number))
    return Trial(dataset_of(laws.as_inputs(x), y), lambda model: [laws.excess(law, model)])


def split_trial(x, y, number: int) -> Trial:
    """Return one of the 20 published splits; a model is judged by the mean NLL of the held-out rows."""
    train, test = published_splits(len(y))[number]
    return Trial(dataset_of(x[train], y[train]), lambda model: [float(np.mean(nll(model, x[test], y[test])))])


def fold_trial(x, y, number: int) -> Trial:
    """Return one of ten folds; a model is judged by the NLL of each held-out row, so that folds pool by rows."""
    train, test = folds(len(y))[number]
    return Trial(dataset_of(x[train], y[train]), lambda model: nll(model, x[test], y[test]).tolist())


def published_splits(num_rows: int):
    """Return (training rows, test rows) of each of the 20 splits of Hernandez-Lobato and Adams (2015)."""
    generator, train_rows = np.random.RandomState(1), round(0.9 * num_rows)
    orders = [generator.choice(range(num_rows), num_rows, replace=False) for _ in range(SPLITS)]
    return [(order[:train_rows], order[train_rows:]) for order in orders]


def folds(num_rows: int):
    """Return (training rows, test rows) of each of ten folds."""
    order = np.random.RandomState(0).permutation(num_rows)
    return [(np.setdiff1d(order, order[fold::FOLDS]), order[fold::FOLDS]) for fold in range(FOLDS)]


def uci(folder: Path, name: str):
    """Return x [N, D] and y [N] of a data set in the layout of the UCI benchmarks, target last."""
    values = np.loadtxt(folder / "uci" / name / "data.txt")
    return values[:, :-1], values[:, -1]


def recorded(folder: Path, name: str, input_name: str, target_name: str):
    """Return x [N, 1] and y [N] of two columns of a CSV file."""
    values = np.genfromtxt(folder / f"{name}.csv", delimiter=",", names=True)
    return values[input_name][:, None], values[target_name]


def dataset_of(x, y) -> Dataset:
    """Return a data set with plain names."""
    return Dataset(x, y, tuple(f"x{column + 1}" for column in range(x.shape[1])), "y")


def nll(model, x, y):
    """Return the NLL of each row [N], nats, data units."""
    return -model.conditional(x).log_pdf(y)


@dataclass(frozen=True)
class Comparison:
    """Two models judged on the same rows, nats; each standard error is that of its mean.

    Parameters
    ----------
    ours, theirs : list of float
        The numbers to average, in pairs.
    """

    ours: list[float]
    theirs: list[float]

    @property
    def difference(self) -> tuple[float, float]:
        """Mean of ours less theirs, its standard error."""
        return mean_and_error(np.subtract(self.ours, self.theirs))

    @property
    def verdict(self) -> str:
        """Ours against theirs, within two standard errors of the paired difference."""
        mean, error = self.difference
        if mean > 2.0 * error:
            return "worse"
        return "better" if mean < -2.0 * error else "as good"


def mean_and_error(values) -> tuple[float, float]:
    """Return the mean with its standard error; that of a single value is not known and given as 0."""
    error = np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return float(np.mean(values)), float(error)


@dataclass(frozen=True)
class Watched:
    """A fit with what it yielded.

    Parameters
    ----------
    model : FittedModel
        What it returned.
    epochs : list of EpochMetrics
        What it yielded, with every snapshot there was.
    arrivals : list of float
        When each epoch came, seconds since the call.
    seconds : float
        When the model came, seconds since the call.
    """

    model: FittedModel
    epochs: list[EpochMetrics]
    arrivals: list[float]
    seconds: float


def watched_fit(dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig) -> Watched:
    """Fit with a snapshot after every chunk; nothing is evaluated while the clock runs."""
    from mdn_gui.training.fit import fit

    epochs, arrivals, begin = [], [], time.perf_counter()
    running = fit(dataset, model_config, training_config, snapshot_seconds=0.0)
    while True:
        try:
            epochs.append(next(running))
        except StopIteration as finished:
            return Watched(finished.value, epochs, arrivals, time.perf_counter() - begin)
        arrivals.append(time.perf_counter() - begin)
