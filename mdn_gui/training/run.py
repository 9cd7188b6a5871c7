"""The state of one execution of ``fit``, advanced chunk by chunk."""

import functools
import math
import time

import numpy as np
import tensorflow as tf

from mdn_gui.core.config import (
    ModelConfig,
    TrainingConfig,
    resolved_batch_size,
    resolved_epochs,
    resolved_patience,
    resolved_steps_per_epoch,
)
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.core.network import Network
from mdn_gui.errors import TrainingError
from mdn_gui.training.loop import MAX_SKIPS, Rows, Schedule, compiled_chunk, first_state
from mdn_gui.training.mdn import Architecture, ScaleLimits
from mdn_gui.training.preparation import Float32Array, prepare
from mdn_gui.training.start import data_driven_parameters, glorot_parameters

_NEVER = 2**31 - 1
_WARMUP_STEPS = 100


class Run:
    """One execution of ``fit``.

    Parameters
    ----------
    dataset : Dataset
        The rows to learn from, data units.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings.
    """

    def __init__(self, dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        _configure_threads()
        self._dataset, self._configs = dataset, (model_config, training_config)
        self._provenance = Provenance.of(dataset)
        self._data = prepare(dataset, model_config, training_config)
        self._architecture = Architecture(
            dataset.num_inputs, model_config.hidden_layers, model_config.num_components, model_config.activation
        )
        num_rows = len(self._data.train)
        self._epochs = resolved_epochs(training_config, num_rows)
        self._patience = resolved_patience(training_config, num_rows)
        self._schedule = self._resolved_schedule(num_rows)
        batch_size = resolved_batch_size(training_config, num_rows)
        self._chunk = compiled_chunk(self._architecture, batch_size, noisy=training_config.noise > 0)
        self._rows = Rows(*map(tf.constant, (self._data.train, self._data.validation, self._data.noise_sd)))
        self._start = self._start_parameters()
        self._state = first_state(self._start, num_rows)
        self._history: list[EpochMetrics] = []
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Time since the first step was begun, compilation included."""
        return time.perf_counter() - self._began

    @property
    def stop_reason(self) -> StopReason | None:
        """Why the run is over; None while it can go on."""
        epochs, best = len(self._history), int(self._state.best_epoch)
        if int(self._state.skips) >= MAX_SKIPS:
            return StopReason.DIVERGED
        if epochs >= self._epochs:
            return StopReason.COMPLETED
        if self._patience is not None and epochs - best >= self._patience:
            return StopReason.PATIENCE
        return None

    def advance(self, num_steps: int) -> list[EpochMetrics]:
        """Train a chunk of steps and return the epochs that ended in it, without snapshots.

        Raises
        ------
        TrainingError
            When the memory does not suffice.
        """
        try:
            chunk = self._chunk(self._state, self._rows, self._schedule, tf.constant(num_steps))
        except tf.errors.ResourceExhaustedError as error:
            message = "There is not enough memory for a step of this size."
            raise TrainingError(message, "Choose a smaller batch, fewer units or fewer components.") from error
        self._state, record, recorded = chunk
        known = len(self._history)
        for train_nll, validation_nll, best_epoch in record.numpy()[: int(recorded)]:
            self._history.append(self._metrics(float(train_nll), float(validation_nll), int(best_epoch)))
        return self._history[known:]

    def snapshot(self) -> FittedModel:
        """Return the model as it is now."""
        return self._model(self._state.parameters.numpy(), None)

    def result(self) -> FittedModel:
        """Return the model of the best epoch, or of the start when there is none, with the record of the run."""
        history = TrainingHistory(
            train_nll=tuple(metrics.train_nll for metrics in self._history),
            validation_nll=tuple(m.validation_nll for m in self._history if m.validation_nll is not None),
            best_epoch=int(self._state.best_epoch),
            stop_reason=self.stop_reason or StopReason.STOPPED,
            seconds=self.seconds,
        )
        return self._model(self._state.best_parameters.numpy(), history)

    def _resolved_schedule(self, num_rows: int) -> Schedule:
        config = self._configs[1]
        steps_per_epoch = resolved_steps_per_epoch(config, num_rows)
        total = steps_per_epoch * self._epochs
        falls = config.schedule == "cosine"
        warmup = min(_WARMUP_STEPS, total // 20) if falls else 0
        return Schedule(
            seed=tf.constant(config.seed),
            epochs=tf.constant(self._epochs),
            patience=tf.constant(_NEVER if self._patience is None else self._patience),
            steps_per_epoch=tf.constant(steps_per_epoch),
            warmup_steps=tf.constant(float(warmup)),
            decay_steps=tf.constant(float(max(total - warmup, 1)) if falls else math.inf),
            learning_rate=tf.constant(config.learning_rate, tf.float32),
            clip_norm=tf.constant(config.clip_norm or math.inf, tf.float32),
            limits=ScaleLimits(
                tf.constant(self._data.scale_floor, tf.float32), tf.constant(self._data.scale_ceiling, tf.float32)
            ),
        )

    def _start_parameters(self) -> Float32Array:
        model_config, training_config = self._configs
        if not model_config.data_driven_start:
            return glorot_parameters(self._architecture, training_config.seed)
        targets = self._data.train[:, -1].astype(np.float64)
        return data_driven_parameters(self._architecture, targets, self._data.scale_floor, training_config.seed)

    def _metrics(self, train_nll: float, validation_nll: float, best_epoch: int) -> EpochMetrics:
        """Return the metrics of the next epoch in data units; what is not finite repeats the last finite value."""
        before = self._history[-1] if self._history else None
        unit = self._data.y_scaler.log_jacobian
        train = train_nll + unit
        if not math.isfinite(train):
            train = before.train_nll if before else self._start_nll
        validation: float | None = None
        if self._patience is not None:
            validation = validation_nll + unit
            if not math.isfinite(validation):
                validation = self._start_nll if before is None else before.judged_nll
        return EpochMetrics(
            epoch=len(self._history) + 1,
            epochs=self._epochs,
            train_nll=train,
            validation_nll=validation,
            best_epoch=best_epoch,
            patience=self._patience,
            seconds=self.seconds,
        )

    @functools.cached_property
    def _start_nll(self) -> float:
        """NLL of the start over some rows, data units, in float64: the last resort for a first epoch."""
        some = slice(0, 1000)
        mixture = self._model(self._start, None).conditional(self._dataset.x[some])
        nll = -float(np.mean(mixture.log_pdf(self._dataset.y[some])))
        return nll if math.isfinite(nll) else float(np.finfo(np.float32).max)

    def _model(self, parameters: Float32Array, history: TrainingHistory | None) -> FittedModel:
        pieces = np.split(parameters, np.cumsum(self._architecture.sizes)[:-1])
        arrays = [piece.reshape(shape) for piece, shape in zip(pieces, self._architecture.shapes, strict=True)]
        network = Network(
            kernels=tuple(arrays[::2]),
            biases=tuple(arrays[1::2]),
            activation=self._architecture.activation,
            scale_floor=self._data.scale_floor,
            scale_ceiling=self._data.scale_ceiling,
        )
        scalers = (self._data.x_scaler, self._data.y_scaler)
        return FittedModel(network, *scalers, self._provenance, *self._configs, history)


@functools.cache
def _configure_threads() -> None:
    """Give TensorFlow one thread: the network is small, and the other cores keep the window fluid.

    Measured on 2 cores, 64-64 units, batch 256: 170 microseconds a step on one thread, 155 on both cores together;
    12 units, batch 100: 65 on one thread, 80 on both.
    """
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        # TensorFlow already runs with the threads that its host chose.
        return
