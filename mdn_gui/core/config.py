"""The settings of a model, of its training: each declared once, with label, range, help."""

import math
from collections.abc import Iterable
from dataclasses import Field, asdict, dataclass, field, fields
from decimal import Decimal
from numbers import Integral, Real
from typing import Any, Literal, get_args

from mdn_gui.errors import ConfigError

Activation = Literal["tanh", "relu", "softplus", "elu"]
ActivationChoice = Literal["automatic", "tanh", "relu", "softplus", "elu"]
Schedule = Literal["cosine", "constant"]
Combination = Literal["automatic", "best", "average"]
Device = Literal["automatic", "CPU", "GPU"]
TargetTransform = Literal["none", "log", "logit"]
PresetName = Literal["default", "tfp-example"]

MAX_VALIDATION_ROWS = 20_000
"""More held-out rows would not choose the best epoch any better, only make each epoch longer."""


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
        "Number of Gaussian components K of the mixture at each x; a component that is not needed gets no weight.",
        default=8,
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
    activation: ActivationChoice = _setting(
        "Activation",
        "Nonlinearity of the hidden layers; automatic is relu for one input, which follows edges and branches "
        "closely, and tanh for several, which is smoother.",
        default="automatic",
        choices=get_args(ActivationChoice),
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
    target_transform: TargetTransform = _setting(
        "Transform y",
        "Learn the logarithm of the target, which must be above 0, or its logit, which needs values between 0 and 1; "
        "all results stay in the units of the target.",
        default="none",
        choices=get_args(TargetTransform),
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
    restarts: int | None = _setting(
        "Restarts",
        "Networks that learn side by side from different starts; automatic is 2 for one input, 3 for several, "
        "1 from 100,000 rows on.",
        default=None,
        minimum=1,
        maximum=32,
    )
    combination: Combination = _setting(
        "Of the restarts",
        "Keep the best by validation NLL, or average their densities as one mixture of all their components, each "
        "with the share that suits the validation rows; automatic is best for one input, average for several.",
        default="automatic",
        choices=get_args(Combination),
        advanced=True,
    )
    distillation: bool = _setting(
        "Learn from the baseline",
        "With few rows one more restart learns from the joint Gaussian mixture in place of the rows; it is kept only "
        "where the validation rows prefer it.",
        default=True,
        advanced=True,
    )
    epochs: int | None = _setting(
        "Epochs, max",
        "Passes over the training rows; automatic gives 2,300 to 6,000 steps, and at least 10 epochs.",
        default=None,
        minimum=1,
        maximum=1_000_000,
    )
    patience: int | None = _setting(
        "Patience",
        "Epochs without a better validation NLL before stopping; automatic is a third of the epochs, all of them with "
        "few rows.",
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
    batch_size: int | None = _setting(
        "Batch",
        "Rows in one step, at most the training rows; automatic is 32 to 256 by the number of rows, up to 4,096 for "
        "large data.",
        default=None,
        minimum=1,
        maximum=1_000_000,
    )
    noise: float | None = _setting(
        "Noise",
        "Sd of fresh Gaussian noise on inputs and target at each step, in units of their sd; 0 switches it off. "
        "Automatic falls with the number of rows; with several inputs each restart has a level of its own.",
        default=None,
        minimum=0.0,
        maximum=1.0,
    )
    weight_decay: float | None = _setting(
        "Weight decay",
        "Pull of the kernels towards 0 at each step, times the learning rate (AdamW); automatic is 0 for one input, "
        "0.1 for several.",
        default=None,
        minimum=0.0,
        maximum=10.0,
        advanced=True,
    )
    weight_averaging: float = _setting(
        "Averaging",
        "Decay of the running average of the weights over the steps; the average is what is judged and kept. "
        "0 switches it off.",
        default=0.99,
        minimum=0.0,
        maximum=0.9999,
        advanced=True,
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
    device: Device = _setting(
        "Device",
        "Where the steps are computed; automatic takes a GPU only where there is one and the network is large.",
        default="automatic",
        choices=get_args(Device),
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
            num_components=5,
            hidden_layers=(12,),
            activation="relu",
            standardize=False,
            data_driven_start=False,
            scale_floor=0.0,
            scale_ceiling=0.0,
        )
        training = TrainingConfig(
            validation_fraction=0.0,
            restarts=1,
            combination="best",
            distillation=False,
            epochs=20,
            learning_rate=0.02,
            batch_size=100,
            noise=0.0,
            weight_decay=0.0,
            weight_averaging=0.0,
            schedule="constant",
            clip_norm=0.0,
        )
        return model, training
    raise ConfigError(f"There is no preset named {name!r}.", f"Choose one of: {', '.join(get_args(PresetName))}.")


def held_out_fraction(config: TrainingConfig, num_rows: int) -> float:
    """Return the fraction of N rows to hold out: as set, but at most :data:`MAX_VALIDATION_ROWS` rows."""
    return min(config.validation_fraction, MAX_VALIDATION_ROWS / num_rows)


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
