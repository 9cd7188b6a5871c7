"""The settings of the next run: what their automatic ones come to, how they follow from those of a finished run."""

from dataclasses import replace

from mdn_gui.core.automatic import ResolvedSettings, resolved
from mdn_gui.core.config import ModelConfig, TrainingConfig, setting_of
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.selection import Selection
from mdn_gui.core.split import num_held_out
from mdn_gui.core.transform import transform_named

SLOWER = 0.3
"""Factor on the learning rate of a run that diverged."""

_RATE = setting_of(TrainingConfig.__dataclass_fields__["learning_rate"])
_SEED = setting_of(TrainingConfig.__dataclass_fields__["seed"])


def settings_on(dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig) -> ResolvedSettings:
    """Return what a run with these settings does on these rows."""
    num_train_rows = len(dataset) - num_held_out(training_config, len(dataset))
    return resolved(model_config, training_config, num_train_rows, dataset.num_inputs)


def continuing(config: TrainingConfig, finished: TrainingConfig) -> TrainingConfig:
    """Return ``config`` with the split of a finished run: rows held out there must not be learned from now."""
    return replace(config, seed=finished.seed, validation_fraction=finished.validation_fraction)


def with_next_seed(config: TrainingConfig) -> TrainingConfig:
    """Return ``config`` with the next seed; after the greatest one comes 0."""
    return replace(config, seed=config.seed + 1 if config.seed < _SEED.maximum else int(_SEED.minimum))


def slower(config: TrainingConfig, diverged: TrainingConfig) -> TrainingConfig:
    """Return ``config`` with a learning rate of 0.3 times that of a run that diverged, to three digits."""
    rate = float(f"{SLOWER * diverged.learning_rate:.3g}")
    return replace(config, learning_rate=max(rate, _RATE.minimum))


def refuse_impossible(selection: Selection, model_config: ModelConfig) -> None:
    """Make sure that the target of the rows to learn from allows its transform.

    Raises
    ------
    DataError
        When it does not, with the rows of the table that are in the way.
    """
    transform_named(model_config.target_transform).check(selection.dataset, selection.rows)
