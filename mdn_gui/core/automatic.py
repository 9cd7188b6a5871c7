"""The rules behind the settings left automatic."""

import math
from dataclasses import dataclass

from mdn_gui.core.config import Activation, ModelConfig, TrainingConfig

LARGE_DATA = 100_000
"""Training rows from which one start suffices, while a step takes more rows the larger the data."""

_BATCHES = (32, 128, 256, 4096)
"""Smallest, of small data, usual, largest."""
_STEPS = (2_300, 6_000)
"""With one input: up to, then above :data:`_SMALL_DATA` rows."""
_SMALL_DATA = 5_000
_STEPS_WITH_SEVERAL_INPUTS = 4_000
_LEAST_EPOCHS = 10
_NOISE_AT_2000_ROWS, _NOISE_POWER, _MOST_NOISE = 0.02, 0.7, 0.1
_NOISE_LADDER = (1.0, 0.2)
"""With one input: the levels of the restarts, times the level that follows from the number of rows."""
_NOISE_LADDER_WITH_SEVERAL_INPUTS = (0.1, 0.01, 0.03)
_DECAY_WITH_SEVERAL_INPUTS = 0.1
_MOST_ROWS_FOR_DISTILLATION = 1_500


@dataclass(frozen=True)
class ResolvedSettings:
    """What a run does where its settings say "automatic", beside what they fix.

    Parameters
    ----------
    num_train_rows : int
        N.
    activation : {"tanh", "relu", "softplus", "elu"}
        Nonlinearity of the hidden layers.
    restarts : int
        R networks that learn side by side from the rows.
    distilled : bool
        Whether one more network learns from the joint Gaussian mixture of the rows.
    averaged : bool
        Whether the densities of the restarts are averaged, each with the share that suits the held-out rows best;
        else the best is kept.
    batch_size : int
        Rows B in one step, at most the training rows.
    steps_per_epoch : int
        Whole batches in one epoch; each epoch leaves out a different remainder of the rows.
    epochs : int
        Largest number of epochs.
    patience : int or None
        Epochs without improvement that end a run; None without held-out rows.
    noise : tuple of float
        Sd of the noise of each network, in units of the columns' sd; 0 for the one that learns from the mixture, whose
        rows are fresh at each step.
    weight_decay : float
        Pull of the kernels towards 0, times the learning rate.
    """

    num_train_rows: int
    activation: Activation
    restarts: int
    distilled: bool
    averaged: bool
    batch_size: int
    steps_per_epoch: int
    epochs: int
    patience: int | None
    noise: tuple[float, ...]
    weight_decay: float


def resolved(
    model_config: ModelConfig, training_config: TrainingConfig, num_train_rows: int, num_inputs: int
) -> ResolvedSettings:
    """Return what a run with these settings does on N training rows of D inputs.

    Notes
    -----
    Each rule was chosen on the developer data alone: the cardioid, the inverse sine, concrete, yacht, mcycle, faithful.
    """
    one_input = num_inputs == 1
    restarts = training_config.restarts or _automatic_restarts(num_train_rows, one_input=one_input)
    distilled = (
        training_config.distillation
        and training_config.validation_fraction > 0
        and 2 <= num_train_rows <= _MOST_ROWS_FOR_DISTILLATION
    )
    networks = restarts + distilled
    batch_size = min(training_config.batch_size or _automatic_batch(num_train_rows), num_train_rows)
    steps_per_epoch = num_train_rows // batch_size
    steps = _STEPS[num_train_rows > _SMALL_DATA] if one_input else _STEPS_WITH_SEVERAL_INPUTS
    epochs = training_config.epochs or max(_LEAST_EPOCHS, math.ceil(steps / steps_per_epoch))
    activation = model_config.activation
    if activation == "automatic":
        activation = "relu" if one_input else "tanh"
    average = training_config.combination == "average" or (training_config.combination == "automatic" and not one_input)
    return ResolvedSettings(
        num_train_rows=num_train_rows,
        activation=activation,
        restarts=restarts,
        distilled=distilled,
        averaged=average and networks > 1,
        batch_size=batch_size,
        steps_per_epoch=steps_per_epoch,
        epochs=epochs,
        patience=_patience(training_config, epochs, distilled=distilled),
        noise=_noise(training_config, restarts, num_train_rows, one_input=one_input) + (0.0,) * distilled,
        weight_decay=_automatic_decay(training_config, one_input=one_input),
    )


def _patience(config: TrainingConfig, epochs: int, *, distilled: bool) -> int | None:
    """Return a third of the epochs, or all of them where a network that cannot overfit learns beside the others."""
    if config.validation_fraction == 0:
        return None
    return config.patience or (epochs if distilled else -(-epochs // 3))


def _automatic_restarts(num_rows: int, *, one_input: bool) -> int:
    if num_rows >= LARGE_DATA:
        return 1
    return len(_NOISE_LADDER if one_input else _NOISE_LADDER_WITH_SEVERAL_INPUTS)


def _automatic_batch(num_rows: int) -> int:
    """Return a power of 2: at most a quarter of few rows, the usual batch, or more for many rows."""
    smallest, of_small_data, usual, largest = _BATCHES
    if num_rows <= _SMALL_DATA:
        quarter = 1 << max(num_rows // 4, 1).bit_length() - 1
        return min(max(smallest, quarter), of_small_data)
    if num_rows < LARGE_DATA:
        return usual
    return min(usual << (1 + round(math.log2(num_rows / LARGE_DATA))), largest)


def _automatic_decay(config: TrainingConfig, *, one_input: bool) -> float:
    if config.weight_decay is not None:
        return config.weight_decay
    return 0.0 if one_input else _DECAY_WITH_SEVERAL_INPUTS


def _noise(config: TrainingConfig, restarts: int, num_rows: int, *, one_input: bool) -> tuple[float, ...]:
    """Return the noise of each restart.

    The published rule of thumb falls with n^(-1/(4+d)) (Rothfuss et al. 2019, arXiv 1907.08982); on the developer data
    the best level falls faster. It depends on the data besides, with several inputs far more than on n: each restart
    takes another level, and the held-out rows decide.
    """
    if config.noise is not None:
        return (config.noise,) * restarts
    if one_input:
        level = min(_NOISE_AT_2000_ROWS * (2000.0 / num_rows) ** _NOISE_POWER, _MOST_NOISE)
        ladder = tuple(factor * level for factor in _NOISE_LADDER)
    else:
        ladder = _NOISE_LADDER_WITH_SEVERAL_INPUTS
    return tuple(ladder[restart % len(ladder)] for restart in range(restarts))
