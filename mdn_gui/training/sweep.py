"""The way to choose K: a generator that makes one fit of a plan after another."""

import math
import threading
from collections.abc import Callable, Generator

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics, StopReason
from mdn_gui.core.sweep import FailedRun, SweepPlan, SweepResult, SweepRun
from mdn_gui.errors import UserError, reason_of
from mdn_gui.training.fit import fit

EpochListener = Callable[[int, EpochMetrics], None]
"""Is told the number of the run in its plan, counted from 1, with each of its epochs."""


def sweep(
    dataset: Dataset,
    model_config: ModelConfig,
    training_config: TrainingConfig,
    plan: SweepPlan,
    *,
    stop: threading.Event | None = None,
    tell_epoch: EpochListener | None = None,
) -> Generator[SweepRun | FailedRun, None, SweepResult | None]:
    """Follow a plan: each K with each seed, with the same settings otherwise.

    Parameters
    ----------
    dataset : Dataset
        The rows to learn from, data units.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings of every run but for the number of components, the seed.
    plan : SweepPlan
        What to run; the order is that of :meth:`SweepPlan.settings`.
    stop : threading.Event, optional
        Handed to each fit, so that it is heeded at once; the run under way when it is set is left out.
    tell_epoch : callable, optional
        Called after each epoch of each run.

    Yields
    ------
    SweepRun or FailedRun
        One for each run, as soon as it has ended. Closing the generator discards the sweep.

    Returns
    -------
    SweepResult or None
        The finished runs with the recommended K; None when there is none.

    Raises
    ------
    ConfigError
        When no rows are held out to compare on.
    """
    stop = stop or threading.Event()
    runs: list[SweepRun] = []
    failures: list[FailedRun] = []
    for place, configs in enumerate(plan.settings(model_config, training_config), start=1):
        if stop.is_set():
            break
        try:
            model = _fitted(dataset, configs, stop, place, tell_epoch)
        except UserError as error:
            failures.append(FailedRun(configs[0].num_components, configs[1].seed, reason_of(error)))
            yield failures[-1]
            continue
        if model.history is not None and model.history.stop_reason is StopReason.STOPPED:
            break
        runs.append(SweepRun.judged(model, dataset))
        yield runs[-1]
    return SweepResult.of_runs(runs, failures)


def _fitted(
    dataset: Dataset,
    configs: tuple[ModelConfig, TrainingConfig],
    stop: threading.Event,
    place: int,
    tell_epoch: EpochListener | None,
) -> FittedModel:
    epochs = fit(dataset, *configs, stop=stop, snapshot_seconds=math.inf)
    while True:
        try:
            metrics = next(epochs)
        except StopIteration as finished:
            model: FittedModel = finished.value
            return model
        if tell_epoch is not None:
            tell_epoch(place, metrics)
