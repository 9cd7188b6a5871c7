"""Everything a run begins with: kind of steps, rows, schedule, first state."""

import math
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from mdn_gui.core.automatic import ResolvedSettings, resolved
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.split import split_of_run
from mdn_gui.core.transform import transform_named
from mdn_gui.errors import ConfigError
from mdn_gui.training.baseline import drawn_rows
from mdn_gui.training.device import device_name, executor
from mdn_gui.training.loop import planned
from mdn_gui.training.mdn import Architecture, ScaleLimits
from mdn_gui.training.memory import check_memory
from mdn_gui.training.preparation import Float32Array, PreparedData, prepare, rows_together
from mdn_gui.training.start import data_driven_parameters, glorot_parameters
from mdn_gui.training.state import Rows, Schedule, State, StepKind, first_state
from mdn_gui.training.weights import network_of, parameters_of

_NEVER = 2**31 - 1
_WARMUP_STEPS = 100
_ROWS_OF_START = 1_000
_WORST = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class Beginning:
    """What a run needs before its first step.

    Parameters
    ----------
    settings : ResolvedSettings
        What is automatic in the settings.
    past_epochs : int
        Epochs of the runs that this one continues.
    kind : StepKind
        Shapes and parts of a step.
    device : str
        TensorFlow's name of the device.
    data : PreparedData
        The rows in NumPy.
    rows, schedule, state : Rows, Schedule, State
        The arguments of the compiled chunk, on the device.
    start_nll : float
        NLL of the best start over some training rows, scaled units.
    """

    settings: ResolvedSettings
    past_epochs: int
    kind: StepKind
    device: str
    data: PreparedData
    rows: Rows
    schedule: Schedule
    state: State
    start_nll: float


def begin(
    dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig, continued: FittedModel | None
) -> Beginning:
    """Prepare a run, or the continuation of one.

    Raises
    ------
    ConfigError
        When data or settings do not continue that run.
    DataError
        When the targets do not allow the transform that the settings name.
    TrainingError
        When the memory does not suffice, or a GPU is asked for where there is none.
    """
    transform_named(model_config.target_transform).check(dataset)
    executor()
    if continued is not None:
        _check_continuation(dataset, model_config, training_config, continued)
    split = train, held_out = split_of_run(training_config, len(dataset))
    settings = resolved(model_config, training_config, len(train), dataset.num_inputs)
    kind = _step_kind(dataset, model_config, training_config, settings, continued)
    check_memory(dataset, kind, len(held_out))
    device = device_name(training_config.device, kind.architecture, kind.restarts * kind.batch_size)
    data = prepare(dataset, split, model_config, training_config, kind, continued)
    past_epochs = continued.history.epochs if continued is not None and continued.history is not None else 0
    parameters = (
        _start(kind, model_config, training_config, data) if continued is None else parameters_of(continued.network)
    )
    some_rows = data.train_rows[:: max(1, len(data.train_rows) // _ROWS_OF_START)]
    losses = _losses(parameters, kind, data, some_rows)
    start_nll = _losses(parameters, kind, data, data.validation) if kind.validated else [math.inf] * len(parameters)
    with tf.device(device):
        drawn = drawn_rows(dataset, train, data, training_config.seed) if kind.distilled else data.validation[:0]
        noise = _noise(settings, kind, data)
        rows = Rows(tf.constant(data.train), tf.constant(data.validation), noise, tf.constant(drawn))
        schedule = _schedule(training_config, settings, data, past_epochs)
        state = first_state(parameters, losses, start_nll, len(data.train), past_epochs * settings.steps_per_epoch)
        if continued is not None and continued.history is not None:
            state = state._replace(best_epoch=tf.fill([kind.restarts], continued.history.best_epoch))
        state = planned(kind, state, rows, schedule)
    return Beginning(settings, past_epochs, kind, device, data, rows, schedule, state, min(losses))


def _check_continuation(
    dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig, continued: FittedModel
) -> None:
    """Refuse to go on with another network, other columns, or rows that were held out and would now be learned from."""
    before = continued.training_config
    if continued.model_config != model_config:
        raise ConfigError("The model's settings are not those of the run to continue.", "Start a new run with them.")
    if continued.provenance.input_names != dataset.input_names:
        raise ConfigError("The inputs are not those of the run to continue.", "Choose its columns, or start a new run.")
    if (before.seed, before.validation_fraction) != (training_config.seed, training_config.validation_fraction):
        message = "The seed or the validation fraction is not that of the run to continue."
        raise ConfigError(message, "Keep both: other rows would be held out, some of them learned from before.")


def _step_kind(
    dataset: Dataset,
    model_config: ModelConfig,
    training_config: TrainingConfig,
    settings: ResolvedSettings,
    continued: FittedModel | None,
) -> StepKind:
    return StepKind(
        Architecture(dataset.num_inputs, model_config.hidden_layers, model_config.num_components, settings.activation),
        restarts=settings.restarts + settings.distilled if continued is None else len(continued.network.members),
        batch_size=settings.batch_size,
        distilled=settings.distilled and continued is None,
        block=rows_together(settings.batch_size, settings.num_train_rows),
        validated=training_config.validation_fraction > 0,
        noisy=max(settings.noise) > 0,
        decayed=settings.weight_decay > 0,
        averaged=training_config.weight_averaging > 0,
    )


def _schedule(config: TrainingConfig, settings: ResolvedSettings, data: PreparedData, past_epochs: int) -> Schedule:
    total = settings.steps_per_epoch * settings.epochs
    falls = config.schedule == "cosine"
    warmup = min(_WARMUP_STEPS, total // 20) if falls else 0

    def number(value: float) -> tf.Tensor:
        return tf.constant(value, tf.float32)

    return Schedule(
        seed=tf.constant(config.seed),
        first_step=tf.constant(past_epochs * settings.steps_per_epoch),
        epochs=tf.constant(past_epochs + settings.epochs),
        patience=tf.constant(_NEVER if settings.patience is None else settings.patience),
        steps_per_epoch=tf.constant(settings.steps_per_epoch),
        warmup_steps=number(warmup),
        decay_steps=number(max(total - warmup, 1) if falls else math.inf),
        learning_rate=number(config.learning_rate),
        clip_norm=number(config.clip_norm or math.inf),
        weight_decay=number(settings.weight_decay),
        averaging=number(config.weight_averaging),
        limits=ScaleLimits(number(data.scale_floor), number(data.scale_ceiling)),
    )


def _noise(settings: ResolvedSettings, kind: StepKind, data: PreparedData) -> tf.Tensor:
    """Return the sd of the noise [R, D + 1], scaled units; a continued average may have fewer networks than levels."""
    levels = np.outer(settings.noise[: kind.restarts], data.spread)
    return tf.constant(np.resize(levels, (kind.restarts, levels.shape[1])), tf.float32)


def _start(
    kind: StepKind, model_config: ModelConfig, training_config: TrainingConfig, data: PreparedData
) -> Float32Array:
    """Return the parameters [R, P] that the seed gives; the first network's are those of a run without restarts."""
    seeds = [[training_config.seed, 2]] + [[training_config.seed, 2, r] for r in range(1, kind.restarts)]
    if not model_config.data_driven_start:
        return np.stack([glorot_parameters(kind.architecture, seed) for seed in seeds])
    targets = data.train_rows[:, -1]
    return data_driven_parameters(kind.architecture, targets, data.scale_floor, seeds)


def _losses(parameters: Float32Array, kind: StepKind, data: PreparedData, rows: Float32Array) -> list[float]:
    """Return the NLL of each network over ``rows``, scaled units; finite."""
    some: FloatArray = rows.astype(np.float64)
    losses = []
    for each in parameters:
        network = network_of(each, kind.architecture, data.scale_floor, data.scale_ceiling)
        nll = -float(np.mean(ConditionalMixture(*network.parameters(some[:, :-1])).log_pdf(some[:, -1])))
        losses.append(min(nll, _WORST) if math.isfinite(nll) else _WORST)
    return losses
