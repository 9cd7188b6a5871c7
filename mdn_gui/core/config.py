"""The settings of a model, of its training: each declared once, with label, range, help."""

import math
from collections.abc import Iterable
from dataclasses import Field, asdict, dataclass, field, fields
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Literal, get_args

from mdn_gui.errors import ConfigError

Activation = Literal["tanh", "relu", "softplus", "elu"]
Schedule = Literal["cosine", "constant"]
PresetName = Literal["default", "tfp-example"]

MAX_VALIDATION_ROWS = 20_000
"""More held-out rows would not choose the best epoch any better, only make each epoch longer."""

_AUTOMATIC_STEPS = 4_000
_LEAST_EPOCHS = 10


@dataclass(frozen=True)
class Setting:
    """What a person is told about one setting, and the values it may take.

    Parameters
    ----------
    label : str
        Name shown beside the value.
    help : str
        One sentence: what it does and in which unit.
    minimum, maximum : float
        Inclusive range; not used for choices and switches.
    choices : tuple of str
        The values a choice may take; empty for numbers and switches.
    advanced : bool
        Shown only under "all settings".
    """

    label: str
    help: str
    minimum: float = -math.inf
    maximum: float = math.inf
    choices: tuple[str, ...] = ()
    advanced: bool = False


def _setting(label: str, help_text: str, *, default: object, **limits: Any) -> Any:
    return field(default=default, metadata={"setting": Setting(label, help_text, **limits)})


def setting_of(config_field: "Field[Any]") -> Setting:
    """Return the declaration that a configuration field carries."""
    declared: Setting = config_field.metadata["setting"]
    return declared


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The mixture and the network that makes it.

    Raises
    ------
    ConfigError
        When a value is outside the range its field declares.
    """

    num_components: int = _setting(
        "Components",
        "Number of Gaussian components K of the mixture at each x.",
        default=5,
        minimum=1,
        maximum=64,
    )
    hidden_layers: tuple[int, ...] = _setting(
        "Layers",
        "Units of each hidden layer, first to last, such as 64, 64.",
        default=(64, 64),
        minimum=1,
        maximum=1024,
    )
    activation: Activation = _setting(
        "Activation",
        "Nonlinearity of the hidden layers.",
        default="tanh",
        choices=get_args(Activation),
    )
    standardize: bool = _setting(
        "Standardise",
        "Centre and scale inputs and target before training; results stay in data units.",
        default=True,
        advanced=True,
    )
    data_driven_start: bool = _setting(
        "Start from the target",
        "Start from the mixture of the target alone, so that the first loss is already meaningful.",
        default=True,
        advanced=True,
    )
    scale_floor: float = _setting(
        "Smallest sd",
        "Lower limit of a component's sd, as a fraction of the target's sd; raised for rounded targets.",
        default=1e-3,
        minimum=0.0,
        maximum=1.0,
        advanced=True,
    )
    scale_ceiling: float = _setting(
        "Largest sd",
        "Upper limit of a component's sd, in units of the target's sd; 0 sets no limit.",
        default=10.0,
        minimum=0.0,
        maximum=1e6,
        advanced=True,
    )

    def __post_init__(self) -> None:
        """Check every value against its declaration."""
        if not isinstance(self.hidden_layers, Iterable):
            raise ConfigError(f"Layers: {self.hidden_layers!r} is not a list.", "Give 1 to 8 numbers, such as 64, 64.")
        object.__setattr__(self, "hidden_layers", tuple(self.hidden_layers))
        _check(self)
        if not 1 <= len(self.hidden_layers) <= 8:
            message = f"Layers: {len(self.hidden_layers)} hidden layers given."
            raise ConfigError(message, "Give 1 to 8 numbers, such as 64, 64.")


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """One execution of ``fit``; everything random in it follows from ``seed``.

    Raises
    ------
    ConfigError
        When a value is outside the range its field declares.
    """

    seed: int = _setting(
        "Seed",
        "Everything random follows from it: split, start, order and noise.",
        default=0,
        minimum=0,
        maximum=2**31 - 1,
    )
    validation_fraction: float = _setting(
        "Validation",
        "Fraction of the rows held out to choose the best epoch, at most 20,000 rows; 0 trains on all to the end.",
        default=0.15,
        minimum=0.0,
        maximum=0.9,
    )
    epochs: int | None = _setting(
        "Epochs, max",
        "Passes over the training rows; automatic gives about 4,000 steps.",
        default=None,
        minimum=1,
        maximum=1_000_000,
    )
    patience: int | None = _setting(
        "Patience",
        "Epochs without a better validation NLL before stopping; automatic is a quarter of the epochs.",
        default=None,
        minimum=1,
        maximum=1_000_000,
    )
    learning_rate: float = _setting(
        "Learning rate",
        "Largest step size of Adam.",
        default=5e-3,
        minimum=1e-7,
        maximum=1e4,
    )
    batch_size: int = _setting(
        "Batch",
        "Rows in one step; at most the training rows.",
        default=256,
        minimum=1,
        maximum=1_000_000,
    )
    noise: float = _setting(
        "Noise",
        "Sd of fresh Gaussian noise on inputs and target at each step, in units of their sd; 0 switches it off.",
        default=0.02,
        minimum=0.0,
        maximum=1.0,
    )
    schedule: Schedule = _setting(
        "Rate schedule",
        "How the learning rate falls: to zero along a cosine after a short warm-up, or not at all.",
        default="cosine",
        choices=get_args(Schedule),
        advanced=True,
    )
    clip_norm: float = _setting(
        "Gradient clip",
        "Largest global norm of a gradient; 0 switches clipping off.",
        default=5.0,
        minimum=0.0,
        maximum=1e6,
        advanced=True,
    )

    def __post_init__(self) -> None:
        """Check every value against its declaration."""
        _check(self)


def preset(name: str) -> tuple[ModelConfig, TrainingConfig]:
    """Return the settings known by a name.

    Parameters
    ----------
    name : {"default", "tfp-example"}
        ``tfp-example`` is the published TensorFlow Probability recipe for the noisy cardioid: 12 ReLU units,
        5 components, Adam at 0.02, batches of 100, 20 epochs, no scaling and no validation rows.

    Raises
    ------
    ConfigError
        For any other name.
    """
    if name == "default":
        return ModelConfig(), TrainingConfig()
    if name == "tfp-example":
        model = ModelConfig(
            hidden_layers=(12,),
            activation="relu",
            standardize=False,
            data_driven_start=False,
            scale_floor=0.0,
            scale_ceiling=0.0,
        )
        training = TrainingConfig(
            validation_fraction=0.0,
            epochs=20,
            learning_rate=0.02,
            batch_size=100,
            noise=0.0,
            schedule="constant",
            clip_norm=0.0,
        )
        return model, training
    raise ConfigError(f"There is no preset named {name!r}.", f"Choose one of: {', '.join(get_args(PresetName))}.")


def held_out_fraction(config: TrainingConfig, num_rows: int) -> float:
    """Return the fraction of N rows to hold out: as set, but at most :data:`MAX_VALIDATION_ROWS` rows."""
    return min(config.validation_fraction, MAX_VALIDATION_ROWS / num_rows)


def resolved_batch_size(config: TrainingConfig, num_train_rows: int) -> int:
    """Return the rows in one step: as set, at most the training rows."""
    return min(config.batch_size, num_train_rows)


def resolved_steps_per_epoch(config: TrainingConfig, num_train_rows: int) -> int:
    """Return the whole batches in one epoch; each epoch leaves out a different remainder of the rows."""
    return num_train_rows // resolved_batch_size(config, num_train_rows)


def resolved_epochs(config: TrainingConfig, num_train_rows: int) -> int:
    """Return the largest number of epochs: as set, or about 4,000 steps and at least 10 epochs."""
    if config.epochs is not None:
        return config.epochs
    return max(_LEAST_EPOCHS, math.ceil(_AUTOMATIC_STEPS / resolved_steps_per_epoch(config, num_train_rows)))


def resolved_patience(config: TrainingConfig, num_train_rows: int) -> int | None:
    """Return the epochs without improvement that end a run; None without held-out rows."""
    if config.validation_fraction == 0:
        return None
    return config.patience or math.ceil(resolved_epochs(config, num_train_rows) / 4)


def settings_text(*configs: ModelConfig | TrainingConfig) -> tuple[str, ...]:
    """Return one ``name: value`` line a setting, in declaration order."""
    return tuple(
        f"{name}: {'automatic' if value is None else value}"
        for config in configs
        for name, value in asdict(config).items()
    )


def _check(config: ModelConfig | TrainingConfig) -> None:
    for config_field in fields(config):
        setting, default = setting_of(config_field), config_field.default
        value = _plain(getattr(config, config_field.name))
        object.__setattr__(config, config_field.name, value)
        if setting.choices:
            if value not in setting.choices:
                message = f"{setting.label}: {value!r} is not a choice."
                raise ConfigError(message, f"Choose one of: {', '.join(setting.choices)}.")
        elif isinstance(default, bool):
            if not isinstance(value, bool):
                raise ConfigError(f"{setting.label}: {value!r} is neither on nor off.", "Give True or False.")
        elif value is not None or default is not None:
            many = isinstance(default, tuple) and isinstance(value, tuple)
            _check_numbers(setting, value if many else (value,), whole="int" in str(config_field.type))


def _plain(value: Any) -> Any:
    """Return NumPy's numbers as Python's own, so that settings compare, print and save alike."""
    if isinstance(value, tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    return float(value) if isinstance(value, Real) and not isinstance(value, Integral) else value


def _check_numbers(setting: Setting, numbers: tuple[Any, ...], *, whole: bool) -> None:
    kind = int if whole else (int, float)
    hint = f"Give a {'whole ' if whole else ''}number {_range(setting, whole=whole)}."
    for number in numbers:
        if not isinstance(number, kind) or isinstance(number, bool):
            raise ConfigError(f"{setting.label}: {number!r} is not a {'whole ' if whole else ''}number.", hint)
        if not setting.minimum <= number <= setting.maximum:
            raise ConfigError(f"{setting.label}: {_shown(number, whole=whole)} is outside the allowed range.", hint)


def range_text(config_field: "Field[Any]") -> str:
    """Return such as "From 1 to 64." for the numbers that a field may hold."""
    return f"{_range(setting_of(config_field), whole='int' in str(config_field.type))}.".capitalize()


def _range(setting: Setting, *, whole: bool) -> str:
    return f"from {_shown(setting.minimum, whole=whole)} to {_shown(setting.maximum, whole=whole)}"


def _shown(number: float, *, whole: bool) -> str:
    if isinstance(number, int) and abs(number) >= 10**18:
        return f"{Decimal(number):.3e}"  # Python refuses to write out more than 4300 digits
    return f"{int(number):,}" if whole or isinstance(number, int) else f"{number:g}"
