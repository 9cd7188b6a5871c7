"""The split into training rows, validation rows, from a seed."""

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.config import TrainingConfig, held_out_fraction

IndexArray = NDArray[np.int64]


def train_validation_split(num_rows: int, fraction: float, seed: int) -> tuple[IndexArray, IndexArray]:
    """Return the sorted row numbers for training and for validation.

    Parameters
    ----------
    num_rows : int
        N, at least 2.
    fraction : float
        Part of the rows to hold out. Above 0 at least one row is held out, and one always trains.
    seed : int
        The same seed and N give the same split.

    Returns
    -------
    train, validation : int64 arrays
        Disjoint, together 0 ... N - 1.
    """
    held_out = _num_held_out(num_rows, fraction)
    order = np.random.default_rng([seed, 1]).permutation(num_rows)
    return np.sort(order[held_out:]), np.sort(order[:held_out])


def split_of_run(config: TrainingConfig, num_rows: int) -> tuple[IndexArray, IndexArray]:
    """Return the sorted row numbers that a run with these settings trains on, then those it holds out.

    Parameters
    ----------
    config : TrainingConfig
        The settings of the run.
    num_rows : int
        N, at least 2.

    Returns
    -------
    train, validation : int64 arrays
        Disjoint, together 0 ... N - 1; none is held out when the validation fraction is 0.
    """
    return train_validation_split(num_rows, held_out_fraction(config, num_rows), config.seed)


def num_held_out(config: TrainingConfig, num_rows: int) -> int:
    """Return how many of N rows :func:`split_of_run` holds out, without putting them in an order."""
    return _num_held_out(num_rows, held_out_fraction(config, num_rows))


def _num_held_out(num_rows: int, fraction: float) -> int:
    return min(max(round(fraction * num_rows), 1), num_rows - 1) if fraction > 0 else 0
