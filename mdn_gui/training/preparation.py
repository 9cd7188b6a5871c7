"""The scaled rows of a run with the limits that follow from them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.automatic import LARGE_DATA
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.rounding import transformed_rounding_step
from mdn_gui.core.scaling import BLOCK_ROWS, Standardizer, column_spread
from mdn_gui.core.split import IndexArray
from mdn_gui.core.transform import Transform, transform_named
from mdn_gui.training.state import StepKind

Float32Array = NDArray[np.float32]

SMALLEST_SCALE = 1e-150
"""Keeps a scale positive where softplus is 0 in float64: far from the data, without a floor."""

_LARGEST = 1e15
"""Scaled values are limited to this size: their squares stay finite in float32. Standardised values never get there."""

_MOST_ROWS_TOGETHER = 64
_MOST_ROWS_FOR_ROUNDING = 100_000
_ALIGNMENT = 64
"""Bytes; TensorFlow takes an array that begins on such a border as it is, any other one it copies."""


@dataclass(frozen=True, eq=False)
class PreparedData:
    """What training sees of a data set.

    Parameters
    ----------
    transform : Transform
        Of the target, before its scaling.
    x_scaler, y_scaler : Standardizer
        Fitted to the training rows, the target transformed, or the identity.
    train : float32 array [N / G, G, D + 1]
        Scaled inputs, then the target, transformed and scaled. Blocks of G rows stay together when the rows are
        shuffled: G is 1, or up to 64 for large data, whose rows are in random order already.
    validation : float32 array [V, D + 1]
        The held-out rows likewise.
    spread : array [D + 1]
        Sd of each column, scaled units; 0 for a constant one.
    scale_floor, scale_ceiling : float
        Limits of a component's scale, scaled units; the ceiling may be infinite.
    train_log_jacobian, validation_log_jacobian : float
        What an NLL of the training rows, of the held-out rows, gains when it is stated in data units.
    """

    transform: Transform
    x_scaler: Standardizer
    y_scaler: Standardizer
    train: Float32Array
    validation: Float32Array
    spread: FloatArray
    scale_floor: float
    scale_ceiling: float
    train_log_jacobian: float
    validation_log_jacobian: float

    @property
    def train_rows(self) -> Float32Array:
        """The training rows [N, D + 1]."""
        return self.train.reshape(-1, self.train.shape[2])


def prepare(
    dataset: Dataset,
    split: tuple[IndexArray, IndexArray],
    model_config: ModelConfig,
    training_config: TrainingConfig,
    kind: StepKind,
    continued: FittedModel | None = None,
) -> PreparedData:
    """Scale and limit the rows of a data set.

    Parameters
    ----------
    dataset : Dataset
        Data units.
    split : tuple of int arrays [N], [V]
        The rows to train on, then those held out, as :func:`mdn_gui.core.split.split_of_run` gives them.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings.
    kind : StepKind
        The steps that the rows are for.
    continued : FittedModel, optional
        A fit whose scaling and limits are kept, since its weights mean nothing without them.

    Notes
    -----
    The floor of the scale is a fraction of the target's sd, or half the rounding step of the target where that is
    larger: a component narrower than the rounding would claim knowledge that the rows do not hold. A floor of 0 is
    kept but for :data:`SMALLEST_SCALE`, which training in float32 does not see.
    """
    train, held_out = split
    transform = transform_named(model_config.target_transform)
    targets = transform.forward(dataset.y)[:, np.newaxis]
    if continued is not None:
        x_scaler, y_scaler = continued.x_scaler, continued.y_scaler
    elif model_config.standardize:
        x_scaler, y_scaler = Standardizer.fitted_to(dataset.x, train), Standardizer.fitted_to(targets, train)
    else:
        x_scaler, y_scaler = Standardizer.identity(dataset.num_inputs), Standardizer.identity(1)
    log_jacobians = (y_scaler.log_jacobian + _mean_log_slope(transform, targets, each) for each in split)
    if kind.block > 1:
        train = _in_random_order(train, kind.block, training_config.seed)
    rows = _scaled(dataset.x, targets, train, (x_scaler, y_scaler))
    spread = column_spread(rows)
    if continued is not None:
        floor, ceiling = continued.network.scale_floor, continued.network.scale_ceiling
    else:
        rounding = _rounding(dataset, train, transform) / float(y_scaler.sd[0])
        floor, ceiling = _scale_limits(model_config, float(spread[-1]), rounding)
    return PreparedData(
        transform,
        x_scaler,
        y_scaler,
        rows.reshape(-1, kind.block, rows.shape[1]),
        _scaled(dataset.x, targets, held_out, (x_scaler, y_scaler)),
        spread,
        floor,
        ceiling,
        *log_jacobians,
    )


def _scale_limits(config: ModelConfig, target_sd: float, rounding: float) -> tuple[float, float]:
    target_sd = target_sd or 1.0
    floor = config.scale_floor * target_sd
    if floor > 0:
        floor = max(floor, 0.5 * rounding)
    ceiling = config.scale_ceiling * target_sd or math.inf
    return max(floor, SMALLEST_SCALE), max(ceiling, 2.0 * floor)


def _rounding(dataset: Dataset, rows: IndexArray, transform: Transform) -> float:
    """Return the rounding step of the transformed target at the median row."""
    some = rows[:: max(1, len(rows) // _MOST_ROWS_FOR_ROUNDING)]
    return float(np.median(transformed_rounding_step(dataset.y[some], transform)))


def _mean_log_slope(transform: Transform, targets: FloatArray, rows: IndexArray) -> float:
    """Return the mean of log dy/dz over ``rows``, of which there may be none."""
    return float(transform.log_slope(targets[rows]).mean()) if len(rows) else 0.0


def rows_together(batch_size: int, num_rows: int) -> int:
    """Return G: 1, or for large data the greatest power of 2 up to 64 that divides the batch."""
    return math.gcd(batch_size, _MOST_ROWS_TOGETHER) if num_rows >= LARGE_DATA else 1


def _in_random_order(rows: IndexArray, block: int, seed: int) -> IndexArray:
    """Return ``rows`` in random order, the last block filled up with the first of them."""
    order = np.random.default_rng([seed, 4]).permutation(rows)
    return np.concatenate((order, order[: -len(order) % block]))


def _scaled(
    inputs: FloatArray, targets: FloatArray, rows: IndexArray, scalers: tuple[Standardizer, Standardizer]
) -> Float32Array:
    """Return the one copy of the rows, [N, D + 1], made block by block."""
    x_scaler, y_scaler = scalers
    scaled = _aligned((len(rows), inputs.shape[1] + 1))
    for begin in range(0, len(rows), BLOCK_ROWS):
        some = rows[begin : begin + BLOCK_ROWS]
        part = scaled[begin : begin + BLOCK_ROWS]
        part[:, :-1] = _limited(x_scaler.scaled(inputs[some]))
        part[:, -1:] = _limited(y_scaler.scaled(targets[some]))
    return scaled


def _limited(rows: FloatArray) -> FloatArray:
    return np.asarray(np.clip(rows, -_LARGEST, _LARGEST))


def _aligned(shape: tuple[int, int]) -> Float32Array:
    size = math.prod(shape) * 4
    memory = np.zeros(size + _ALIGNMENT, np.uint8)
    begin = -memory.ctypes.data % _ALIGNMENT
    return memory[begin : begin + size].view(np.float32).reshape(shape)
