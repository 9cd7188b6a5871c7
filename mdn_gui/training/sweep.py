"""The way to choose K: a generator that fits one K after another."""

import dataclasses
import threading
from collections.abc import Generator

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.split import split_of_run
from mdn_gui.core.sweep import SweepPoint, SweepResult
from mdn_gui.errors import ConfigError
from mdn_gui.training.fit import fit_model


def sweep(
    dataset: Dataset,
    model_config: ModelConfig,
    training_config: TrainingConfig,
    *,
    max_components: int,
    stop: threading.Event | None = None,
) -> Generator[SweepPoint, None, SweepResult | None]:
    """Fit K = 1 ... max_components on the same split with the same settings.

    Parameters
    ----------
    dataset : Dataset
        The rows to learn from, data units.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings of every fit but for the number of components; split, order and noise follow from the seed.
    max_components : int
        Greatest K, 1 to 64.
    stop : threading.Event, optional
        Handed to each fit, so that it is heeded at once; the K in training when it is set is left out.

    Yields
    ------
    SweepPoint
        One a K, ascending, as soon as it is trained. Closing the generator discards the sweep.

    Returns
    -------
    SweepResult or None
        The points so far with the recommended K; None when no K was finished.

    Raises
    ------
    ConfigError
        When ``max_components`` is out of its range or no rows are held out to compare on.
    DataError
        When the targets do not allow the transform that the settings name.
    TrainingError
        When the memory does not suffice.
    """
    dataclasses.replace(model_config, num_components=max_components)  # refuses what is out of range
    if training_config.validation_fraction == 0:
        raise ConfigError("Without held-out rows no K can be recommended.", "Set Validation above 0, such as 0.15.")
    stop = stop or threading.Event()
    _, held_out = split_of_run(training_config, len(dataset))
    x, y = dataset.x[held_out], dataset.y[held_out]
    points: list[SweepPoint] = []
    for num_components in range(1, max_components + 1):
        if stop.is_set():
            break
        config = dataclasses.replace(model_config, num_components=num_components)
        model = fit_model(dataset, config, training_config, stop=stop)
        if _was_stopped(model):
            break
        points.append(_point(model, x, y))
        yield points[-1]
    return SweepResult(tuple(points)) if points else None


def _was_stopped(model: FittedModel) -> bool:
    return model.history is not None and model.history.stop_reason is StopReason.STOPPED


def _point(model: FittedModel, x: FloatArray, y: FloatArray) -> SweepPoint:
    row_nll = -model.conditional(x).log_pdf(y)
    row_nll.setflags(write=False)
    return SweepPoint(model, row_nll)
