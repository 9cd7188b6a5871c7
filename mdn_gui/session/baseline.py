"""The classical baseline of the open data, fitted off the GUI thread: preview before a run, reference beside it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core import special
from mdn_gui.core.baselines import Rival
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.joint_mixture import JointMixture, fit_joint_mixture
from mdn_gui.core.reference_lines import Reference, reference_lines
from mdn_gui.core.split import split_of_run
from mdn_gui.core.transform import transform_named
from mdn_gui.errors import UserError
from mdn_gui.session.background import NewestJob


@dataclass(frozen=True, eq=False)
class Baseline:
    """A joint Gaussian mixture of the training rows of a split, judged on its held-out rows.

    Parameters
    ----------
    mixture : JointMixture
        Fitted to the training rows only.
    held_out_nll : float or None
        Its NLL on the held-out rows, nats a row, data units; None without such rows.
    split : tuple
        Of which split; see :func:`split_settings`.
    others : tuple of Reference
        What else was judged on those rows.
    """

    mixture: JointMixture
    held_out_nll: float | None
    split: tuple[int, float]
    others: tuple[Reference, ...] = ()

    @property
    def references(self) -> tuple[Reference, ...]:
        """Everything that was judged on the held-out rows, the mixture itself first."""
        own = () if self.held_out_nll is None else (Reference(Rival.JOINT.value, self.held_out_nll),)
        return (*own, *self.others)


def split_settings(config: TrainingConfig) -> tuple[int, float]:
    """Return the settings that the split follows from: runs in which they agree have the same held-out rows."""
    return config.seed, config.validation_fraction


BaselineFit = Callable[[Dataset, ModelConfig, TrainingConfig], Baseline | None]
"""The signature of :func:`fit_baseline`."""


def fit_baseline(dataset: Dataset, model_config: ModelConfig, config: TrainingConfig) -> Baseline | None:
    """Fit the joint mixture to the rows that a run with these settings would train on.

    None where those are too few or do not allow the transform.

    Parameters
    ----------
    dataset : Dataset
        The complete rows of the chosen columns.
    model_config : ModelConfig
        Its transform of the target is that of the mixture.
    config : TrainingConfig
        Its seed and validation fraction give the split.
    """
    train, held_out = split_of_run(config, len(dataset))
    special.load()  # the first read-out must not wait for it
    try:
        rows = Dataset(dataset.x[train], dataset.y[train], dataset.input_names, dataset.target_name)
        mixture = fit_joint_mixture(rows, config.seed, transform_named(model_config.target_transform))
    except UserError:
        return None
    nll = None
    if len(held_out):
        nll = float(-mixture.conditional(dataset.x[held_out]).log_pdf(dataset.y[held_out]).mean())
        nll = nll if math.isfinite(nll) else None
    return Baseline(mixture, nll, split_settings(config), _others(dataset, model_config, config))


def _others(dataset: Dataset, model_config: ModelConfig, config: TrainingConfig) -> tuple[Reference, ...]:
    """Return the other references; none where they cannot be had, since the mixture is worth more than they are."""
    try:
        return reference_lines(dataset, model_config, config)
    except UserError:
        return ()


class BaselineFitter(QObject):
    """Keeps the baseline of the newest data, split and transform, fitted in a pool thread; late answers are dropped.

    Parameters
    ----------
    fit : callable
        As :func:`fit_baseline`; called in the pool thread.
    parent : QObject, optional
        Owner.
    """

    changed = Signal()
    """Another baseline is there, or the one before is void and there can be none."""

    def __init__(self, fit: BaselineFit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fit = fit
        self._wanted: tuple[Dataset, ModelConfig, TrainingConfig] | None = None
        self._baseline: Baseline | None = None
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    @property
    def mixture(self) -> JointMixture | None:
        """The joint mixture of the newest data; of another split only while that of the newest one is being fitted."""
        return self._baseline.mixture if self._baseline else None

    def references_for(self, model_config: ModelConfig, config: TrainingConfig) -> tuple[Reference, ...]:
        """Return what was judged on the rows that judge a run with these settings, as far as it is known."""
        found = self._judged_for(model_config, config)
        return () if found is None else found.references

    def mixture_for(self, model_config: ModelConfig, config: TrainingConfig) -> JointMixture | None:
        """Return the joint mixture of the rows that a run with these settings trains on, where it is known."""
        found = self._judged_for(model_config, config)
        return None if found is None else found.mixture

    def _judged_for(self, model_config: ModelConfig, config: TrainingConfig) -> Baseline | None:
        found = self._baseline
        if found is None or found.split != split_settings(config):
            return None
        return found if found.mixture.transform.name == model_config.target_transform else None

    def follow(self, dataset: Dataset, model_config: ModelConfig, config: TrainingConfig) -> None:
        """Fit anew, soon, where data, split or transform are not those of the last call."""
        if (
            self._wanted is not None
            and self._wanted[0] is dataset
            and self._wanted[1].target_transform == model_config.target_transform
            and split_settings(self._wanted[2]) == split_settings(config)
        ):
            return
        if self._wanted is None or self._wanted[0] is not dataset:
            self._baseline = None
        self._wanted = (dataset, model_config, config)
        fit = partial(self._fit, *self._wanted)
        self._job.start_soon(lambda _watch: fit())

    def shut_down(self) -> None:
        """Wait for the fit that is under way."""
        self._job.shut_down()

    @Slot(object)
    def _take(self, baseline: Baseline | None) -> None:
        if baseline is not self._baseline:
            self._baseline = baseline
            self.changed.emit()

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(None)  # the network needs no baseline: without one there is no preview, nothing else is lost
