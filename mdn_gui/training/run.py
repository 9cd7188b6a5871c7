"""The state of one execution of ``fit``, advanced chunk by chunk."""

import math
import time
from dataclasses import replace

import numpy as np
import tensorflow as tf

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.core.network import Network, NetworkAverage
from mdn_gui.errors import TrainingError
from mdn_gui.training.beginning import begin
from mdn_gui.training.choice import best_average, simplest_nearly_best
from mdn_gui.training.compiler import Compiler
from mdn_gui.training.weights import network_of

_LARGEST_NLL = float(np.finfo(np.float32).max)


class Run:
    """One execution of ``fit``.

    Parameters
    ----------
    dataset : Dataset
        The rows to learn from, data units.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings.
    continued : FittedModel, optional
        The finished run that this one continues.

    Raises
    ------
    ConfigError
        When data or settings do not continue that run.
    DataError
        When the targets do not allow the transform that the settings name.
    TrainingError
        When the memory does not suffice, or a GPU is asked for where there is none.
    """

    def __init__(
        self,
        dataset: Dataset,
        model_config: ModelConfig,
        training_config: TrainingConfig,
        continued: FittedModel | None = None,
    ) -> None:
        self._configs = (model_config, training_config)
        self._provenance = Provenance.of(dataset)
        self._past = continued.history if continued is not None else None
        self._beginning = begin(dataset, model_config, training_config, continued)
        self._settings, self._data = self._beginning.settings, self._beginning.data
        self._state = self._beginning.state
        planned = self._settings.steps_per_epoch * self._settings.epochs
        self._compiler = Compiler(self._beginning.kind, self._beginning.device, planned)
        self._history: list[EpochMetrics] = []
        self._began = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Time since the first step was begun, compilation included."""
        return time.perf_counter() - self._began

    @property
    def stop_reason(self) -> StopReason | None:
        """Why the run is over; None while it can go on."""
        if not bool(self._state.guard.some_active):
            return StopReason.DIVERGED
        if len(self._history) >= self._settings.epochs:
            return StopReason.COMPLETED
        patience = self._settings.patience
        if patience is not None and self._history and self._history[-1].epochs_since_best >= patience:
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
            chunk = self._compiler.advance(self._state, self._beginning.rows, self._beginning.schedule, num_steps)
        except tf.errors.ResourceExhaustedError as error:
            message = "There is not enough memory for a step of this size."
            raise TrainingError(message, "Choose a smaller batch, fewer units or fewer components.") from error
        self._state, record, recorded = chunk
        known = len(self._history)
        for train_nll, validation_nll, best_epoch in record.numpy()[: int(recorded)]:
            self._history.append(self._metrics(float(train_nll), float(validation_nll), int(best_epoch)))
        return self._history[known:]

    def snapshot(self) -> FittedModel:
        """Return the model as it is now: of several restarts the one that was best so far."""
        return self._model(self._network(self._state.learning.average, self._leader), None)

    def result(self) -> FittedModel:
        """Return what is kept, at the best epoch or the start when there is none, with the record of the run."""
        kind = self._beginning.kind
        every = tuple(self._network(self._state.best_parameters, restart) for restart in range(kind.restarts))
        # what learned from the joint mixture is no restart: it tells nothing of the luck of a start
        return replace(self._kept(every), restarts=every[: kind.learners] if kind.learners > 1 else ())

    def _kept(self, every: tuple[Network, ...]) -> FittedModel:
        """Return the model that is kept of the best networks of all restarts."""
        kind, held_out = self._beginning.kind, self._data.validation.astype(np.float64)
        if not self._history and self._past is None:
            return self._model(every[0], self._record(0))
        if self._settings.averaged:
            network, nll = best_average(held_out, every)
            distilled = network is every[-1] and kind.distilled
            return self._model(network, self._record(self._leader, nll, distilled=distilled))
        kept, nll = self._leader, math.nan
        if kind.restarts > 1 and kind.validated:
            # more noise, which comes first, makes a simpler fit; what learned from the joint mixture is simpler still
            by_simplicity = (*range(kind.learners, kind.restarts), *range(kind.learners))
            kept, nll = simplest_nearly_best(held_out, every, by_simplicity)
        distilled = kept >= kind.learners
        if self._past is not None and kind.validated and int(self._state.best_epoch[kept]) <= self._past.epochs:
            # nothing was better than the run before, whose epochs may tell the NLL of another network
            nll, distilled = float(self._state.best_nll[kept]), self._past.distilled
        return self._model(every[kept], self._record(kept, nll, distilled=distilled))

    @property
    def _leader(self) -> int:
        """The network that was best in any epoch of those that learn from the rows."""
        return int(np.argmin(self._state.best_nll.numpy()[: self._beginning.kind.learners]))

    def _network(self, parameters: tf.Tensor, restart: int) -> Network:
        limits = (self._data.scale_floor, self._data.scale_ceiling)
        return network_of(parameters.numpy()[restart], self._beginning.kind.architecture, *limits)

    def _model(self, network: Network | NetworkAverage, history: TrainingHistory | None) -> FittedModel:
        scalers = (self._data.x_scaler, self._data.y_scaler)
        return FittedModel(network, *scalers, self._provenance, *self._configs, history)

    def _record(self, kept: int, nll: float = math.nan, *, distilled: bool = False) -> TrainingHistory:
        """Return the record of the run, behind that of the run it continues.

        Parameters
        ----------
        kept : int
            The network whose best epoch is told.
        nll : float
            NLL of what is kept, scaled units, where it is not that of the best epoch of one network.
        distilled : bool
            Whether that is the network that learned from the joint mixture.
        """
        best_epoch = int(self._state.best_epoch[kept])
        if best_epoch == 0 and math.isnan(nll) and self._beginning.kind.validated:
            nll = float(self._state.best_nll[kept])
        train = tuple(metrics.train_nll for metrics in self._history)
        validation = tuple(m.validation_nll for m in self._history if m.validation_nll is not None)
        past, stated = self._past, nll + self._data.validation_log_jacobian
        return TrainingHistory(
            train_nll=(past.train_nll if past else ()) + train,
            validation_nll=(past.validation_nll if past else ()) + validation,
            best_epoch=best_epoch,
            stop_reason=self.stop_reason or StopReason.STOPPED,
            seconds=(past.seconds if past else 0.0) + self.seconds,
            rollbacks=(past.rollbacks if past else 0) + int(np.max(self._state.guard.rollbacks)),
            kept_nll=stated if math.isfinite(stated) else None,
            distilled=distilled,
        )

    def _metrics(self, train_nll: float, validation_nll: float, best_epoch: int) -> EpochMetrics:
        """Return the metrics of the next epoch in data units; what is not finite repeats the last finite value."""
        before = self._history[-1] if self._history else None
        start = _stated(self._beginning.start_nll + self._data.train_log_jacobian, _LARGEST_NLL)
        validation = None
        if self._settings.patience is not None:
            in_data_units = validation_nll + self._data.validation_log_jacobian
            validation = _stated(in_data_units, before.judged_nll if before else start)
        past = self._beginning.past_epochs
        return EpochMetrics(
            epoch=past + len(self._history) + 1,
            epochs=past + self._settings.epochs,
            train_nll=_stated(train_nll + self._data.train_log_jacobian, before.train_nll if before else start),
            validation_nll=validation,
            best_epoch=best_epoch,
            patience=self._settings.patience,
            seconds=self.seconds,
            first_epoch=past + 1,
        )


def _stated(nll: float, otherwise: float) -> float:
    return nll if math.isfinite(nll) else otherwise
