"""What the NLL of a run is measured against: models that ignore x, the exact law where it is known."""

import math
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.baselines import Rival, fit_baselines
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.samples import exact_log_density
from mdn_gui.core.split import split_of_run
from mdn_gui.core.transform import transform_named

TRUTH = "truth"
"""The name of the exact law that rows of a sample were drawn from; other references have the names of rivals."""

_SMALLEST_SCALE = 1e-3
"""In sds of the targets: no density is higher, however often a value repeats."""


@dataclass(frozen=True)
class Reference:
    """The NLL of something that a run is compared with, on the rows that judge the run.

    Parameters
    ----------
    name : str
        What it is: the value of a :class:`Rival`, or :data:`TRUTH`.
    nll : float
        Finite, nats a row, data units.
    """

    name: str
    nll: float


def reference_lines(dataset: Dataset, model_config: ModelConfig, config: TrainingConfig) -> tuple[Reference, ...]:
    """Return one Gaussian, the unconditional mixture, the truth where it is known; the joint mixture is not of them.

    Parameters
    ----------
    dataset : Dataset
        The complete rows of the chosen columns.
    model_config : ModelConfig
        Its transform of the target is that of the Gaussians.
    config : TrainingConfig
        Its seed and validation fraction give the split: the training rows are learned from, the held-out ones judge.

    Returns
    -------
    tuple of Reference
        Empty with fewer than two held-out rows; one whose NLL is not a finite number is left out.

    Raises
    ------
    DataError
        When the training rows are fewer than two, do not allow the transform, or have no finite sd.
    """
    train, held_out = split_of_run(config, len(dataset))
    if len(held_out) < 2:
        return ()
    names = dataset.input_names, dataset.target_name, dataset.source
    learned = Dataset(dataset.x[train], dataset.y[train], *names)
    rows = Dataset(dataset.x[held_out], dataset.y[held_out], *names)
    transform = transform_named(model_config.target_transform)
    transform.check(learned)
    sd = float(transform.forward(learned.y).std())
    rivals = fit_baselines(learned.x, learned.y, config.seed, transform, _SMALLEST_SCALE * (sd or 1.0))
    found: list[tuple[str, float]] = []
    for rival in (Rival.GAUSSIAN, Rival.MIXTURE):
        density = rivals[rival].conditional(rows.x[:1])  # the same at every x
        found.append((rival.value, -float(density.log_pdf(rows.y[np.newaxis]).mean())))
    log_density = exact_log_density(rows)
    if log_density is not None:
        found.append((TRUTH, -float(log_density.mean())))
    return tuple(Reference(name, nll) for name, nll in found if math.isfinite(nll))
