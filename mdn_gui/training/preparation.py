"""The scaled rows of a run with the limits that follow from them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.config import ModelConfig, TrainingConfig, held_out_fraction
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.scaling import Standardizer
from mdn_gui.core.split import train_validation_split
from mdn_gui.training.rounding import rounding_step

Float32Array = NDArray[np.float32]

_LARGEST = 1e15
"""Scaled values are limited to this size: their squares stay finite in float32. Standardised values never get there."""

SMALLEST_SCALE = 1e-150
"""Keeps a scale positive where softplus is 0 in float64: far from the data, without a floor."""


@dataclass(frozen=True, eq=False)
class PreparedData:
    """What training sees of a data set.

    Parameters
    ----------
    x_scaler, y_scaler : Standardizer
        Fitted to the training rows, or the identity.
    train, validation : float32 arrays [N, D + 1], [V, D + 1]
        Scaled inputs, then the scaled target.
    noise_sd : float32 array [D + 1]
        Sd of the noise on each column, scaled units.
    scale_floor, scale_ceiling : float
        Limits of a component's scale, scaled units; the ceiling may be infinite.
    """

    x_scaler: Standardizer
    y_scaler: Standardizer
    train: Float32Array
    validation: Float32Array
    noise_sd: Float32Array
    scale_floor: float
    scale_ceiling: float


def prepare(dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig) -> PreparedData:
    """Split, scale and limit the rows of a data set.

    Notes
    -----
    The floor of the scale is a fraction of the target's sd, or half the rounding step of the target where that is
    larger: a component narrower than the rounding would claim knowledge that the rows do not hold. A floor of 0 is
    kept but for :data:`SMALLEST_SCALE`, which training in float32 does not see.
    """
    fraction = held_out_fraction(training_config, len(dataset))
    train, held_out = train_validation_split(len(dataset), fraction, training_config.seed)
    y = dataset.y[:, np.newaxis]
    scaler = Standardizer.fitted_to if model_config.standardize else _identity
    x_scaler, y_scaler = scaler(dataset.x[train]), scaler(y[train])
    rows = _limited(np.concatenate((x_scaler.scaled(dataset.x), y_scaler.scaled(y)), axis=1))
    spread = rows[train].std(axis=0)
    target_sd = float(spread[-1]) or 1.0
    floor = model_config.scale_floor * target_sd
    if floor > 0:
        floor = max(floor, 0.5 * rounding_step(dataset.y[train]) / float(y_scaler.sd[0]))
    ceiling = model_config.scale_ceiling * target_sd or float("inf")
    return PreparedData(
        x_scaler,
        y_scaler,
        rows[train].astype(np.float32),
        rows[held_out].astype(np.float32),
        (training_config.noise * spread).astype(np.float32),
        max(floor, SMALLEST_SCALE),
        max(ceiling, 2.0 * floor),
    )


def _identity(values: FloatArray) -> Standardizer:
    return Standardizer.identity(values.shape[1])


def _limited(rows: FloatArray) -> FloatArray:
    return np.asarray(np.clip(rows, -_LARGEST, _LARGEST))
