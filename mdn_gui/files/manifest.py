"""The manifest of a model file: JSON that is believed only where it is what it should be."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar, get_args

import numpy as np

from mdn_gui import __version__
from mdn_gui.core.columns import MOST_LEVELS
from mdn_gui.core.config import Activation, ModelConfig, TrainingConfig
from mdn_gui.core.dataset import FloatArray, frozen_array
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.scaling import Standardizer
from mdn_gui.errors import ConfigError

FORMAT = "mdn-gui model"
VERSION = (1, 3)
"""Major, minor: a reader opens every file of its own major version."""
LARGEST = 1024**2
"""Bytes of a manifest."""

_DEEPEST = 32
_LONGEST_NUMBER = 40
_MOST_INPUTS = 10_000
_MOST_EPOCHS = 1_000_000
_MOST_NETWORKS = 33
_MOST_ROWS = 10**15

Config = TypeVar("Config", ModelConfig, TrainingConfig)


class RefusedError(Exception):
    """A model file is not believed: the reason, then a remedy or nothing."""

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.reason = reason if len(reason) <= 300 else f"{reason[:300]}..."
        self.remedy = remedy


@dataclass(frozen=True)
class HistoryOutline:
    """What the manifest says about the record of the run; the values of each epoch are a member of their own."""

    epochs: int
    validated: bool
    best_epoch: int
    stop_reason: StopReason
    seconds: float
    rollbacks: int
    kept_nll: float | None
    distilled: bool


@dataclass(frozen=True, eq=False)
class Manifest:
    """Everything about a model but its weights, checked."""

    model_config: ModelConfig
    training_config: TrainingConfig
    provenance: Provenance
    x_scaler: Standardizer
    y_scaler: Standardizer
    activation: str
    scale_floor: float
    scale_ceiling: float
    shares: tuple[float, ...]
    num_restarts: int
    history: HistoryOutline | None
    sha256: Mapping[str, str]

    @property
    def layer_shapes(self) -> tuple[tuple[int, int], ...]:
        """Shape [fan_in, fan_out] of each kernel, first to last layer."""
        config = self.model_config
        units = (len(self.provenance.input_names), *config.hidden_layers, 3 * config.num_components)
        return tuple(pairwise(units))


def manifest_bytes(model: FittedModel, sha256: Mapping[str, str]) -> bytes:
    """Return the manifest of a model whose other members have these checksums.

    Raises
    ------
    RefusedError
        When it would be larger than a reader accepts.
    """
    provenance, network, history = model.provenance, model.network, model.history
    content: dict[str, Any] = {
        "format": FORMAT,
        "format_version": VERSION,
        "app_version": __version__,
        "model_config": asdict(model.model_config),
        "training_config": asdict(model.training_config),
        "provenance": {
            "input_names": provenance.input_names,
            "target_name": provenance.target_name,
            "source": provenance.source,
            "num_rows": provenance.num_rows,
            "input_ranges": provenance.input_ranges.tolist(),
            "encodings": _encodings_content(provenance),
            "data_digest": provenance.data_digest,
        },
        "x_scaler": {"mean": model.x_scaler.mean.tolist(), "sd": model.x_scaler.sd.tolist()},
        "y_scaler": {"mean": model.y_scaler.mean.tolist(), "sd": model.y_scaler.sd.tolist()},
        "network": {
            "activation": network.activation,
            "scale_floor": float(network.scale_floor),
            "scale_ceiling": float(network.scale_ceiling) if math.isfinite(network.scale_ceiling) else None,
            "shares": network.shares,
            "restarts": len(model.restarts),
        },
        "history": None,
        "sha256": dict(sha256),
    }
    if history is not None:
        content["history"] = {
            "epochs": history.epochs,
            "validated": bool(history.validation_nll),
            "best_epoch": history.best_epoch,
            "stop_reason": history.stop_reason.value,
            "seconds": float(history.seconds),
            "rollbacks": history.rollbacks,
            "kept_nll": history.kept_nll,
            "distilled": history.distilled,
        }
    text = json.dumps(content, indent=1, allow_nan=False).encode("ascii")
    if len(text) > LARGEST:
        raise RefusedError("the description of its inputs is longer than 1 MiB", "Use fewer or shorter input names.")
    return text


def _encodings_content(provenance: Provenance) -> list[dict[str, Any]]:
    """Return how the inputs are made from columns; nothing where each is a column of numbers."""
    if provenance.encodings == tuple(Encoding(name) for name in provenance.input_names):
        return []
    return [{**asdict(each), "kind": each.kind.value} for each in provenance.encodings]


def parsed_manifest(content: bytes) -> Manifest:
    """Return the manifest written as ``content``; fields it does not know are passed over.

    Raises
    ------
    RefusedError
        When anything it needs is missing, of another kind or out of range.
    """
    root = _Section(_json(content), "manifest")
    if root.text("format") != FORMAT:
        raise RefusedError("it is not a model file of this program", "Choose a .mdn file.")
    _check_version(root)
    names = root.section("provenance").texts("input_names", _MOST_INPUTS)
    network = root.section("network")
    ceiling = network.values.get("scale_ceiling")
    return Manifest(
        model_config=_config(root.section("model_config"), ModelConfig),
        training_config=_config(root.section("training_config"), TrainingConfig),
        provenance=_provenance(root.section("provenance"), names),
        x_scaler=_scaler(root.section("x_scaler"), len(names)),
        y_scaler=_scaler(root.section("y_scaler"), 1),
        activation=network.choice("activation", get_args(Activation)),
        scale_floor=network.number("scale_floor", 0.0),
        scale_ceiling=math.inf if ceiling is None else network.number("scale_ceiling", 0.0),
        shares=_shares(network),
        num_restarts=network.whole("restarts", 0, _MOST_NETWORKS) if "restarts" in network.values else 0,
        history=_history(root.section("history")) if root.values.get("history") is not None else None,
        sha256=root.section("sha256").all_texts(),
    )


def _check_version(root: "_Section") -> None:
    version = root.array("format_version", (2,))
    if version[0] > VERSION[0]:
        needed = str(root.values.get("app_version", "a newer version"))[:40]
        reason = f"its format is {version[0]:g}.{version[1]:g}, this program reads {VERSION[0]}.x"
        raise RefusedError(reason, f"Open it with mdn-gui {needed} or newer.")
    if version[0] < 1:
        raise RefusedError(f"there is no format {version[0]:g}.{version[1]:g}")


def _provenance(section: "_Section", names: tuple[str, ...]) -> Provenance:
    ranges = section.array("input_ranges", (len(names), 3))
    rows = section.whole("num_rows", 0, _MOST_ROWS)
    target, source = section.text("target_name"), section.text("source")
    digest = section.text("data_digest") if "data_digest" in section.values else ""
    return Provenance(names, target, source, rows, frozen_array(ranges), _encodings(section, names), digest)


def _encodings(section: "_Section", names: tuple[str, ...]) -> tuple[Encoding, ...]:
    """Return how the inputs are made from columns; files before format 1.2 know columns of numbers only."""
    given = section.values.get("encodings", [])
    if not isinstance(given, list) or len(given) > len(names):
        raise RefusedError("provenance.encodings is not a list of the columns")
    found = tuple(_encoding(_Section(each, "provenance.encodings")) for each in given)
    if found and tuple(name for encoding in found for name in encoding.names) != names:
        raise RefusedError("provenance.encodings does not give the inputs")
    return found


def _encoding(section: "_Section") -> Encoding:
    kind = ColumnKind(section.choice("kind", tuple(kind.value for kind in ColumnKind if kind is not ColumnKind.TEXT)))
    levels = section.texts("levels", MOST_LEVELS) if kind is ColumnKind.CATEGORY else ()
    origin = section.text("origin")
    if kind.is_date and not _is_date(origin):
        raise RefusedError("provenance.encodings holds an origin that is no date")
    return Encoding(section.text("column"), kind, levels, origin)


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _scaler(section: "_Section", num_columns: int) -> Standardizer:
    mean, sd = section.array("mean", (num_columns,)), section.array("sd", (num_columns,))
    if not (sd > 0).all():
        raise RefusedError(f"{section.name}.sd holds a number that is not positive")
    return Standardizer(mean, sd)


def _shares(section: "_Section") -> tuple[float, ...]:
    """Return the weight of each network; files of format 1.0 hold one network and say nothing."""
    given = section.values.get("shares", [1.0])
    if not isinstance(given, list) or not 1 <= len(given) <= _MOST_NETWORKS:
        raise RefusedError(f"network.shares is not a list of 1 to {_MOST_NETWORKS} numbers")
    shares = section.array("shares", (len(given),)) if "shares" in section.values else np.ones(1)
    if not (shares > 0).all() or abs(shares.sum() - 1.0) > 1e-9:
        raise RefusedError("network.shares are not positive numbers with sum 1")
    return tuple(shares.tolist())


def _history(section: "_Section") -> HistoryOutline:
    epochs = section.whole("epochs", 0, _MOST_EPOCHS)
    if not isinstance(section.values.get("validated"), bool):
        raise RefusedError("history.validated is not true or false")
    return HistoryOutline(
        epochs=epochs,
        validated=section.values["validated"],
        best_epoch=section.whole("best_epoch", 0, epochs),
        stop_reason=StopReason(section.choice("stop_reason", tuple(reason.value for reason in StopReason))),
        seconds=section.number("seconds", 0.0),
        rollbacks=section.whole("rollbacks", 0, _MOST_EPOCHS) if "rollbacks" in section.values else 0,
        kept_nll=None if section.values.get("kept_nll") is None else section.number("kept_nll", -math.inf),
        distilled=section.values.get("distilled") is True,
    )


def _config(section: "_Section", kind: type[Config]) -> Config:
    known = {field.name for field in fields(kind)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in section.values.items()
        if name in known
    }
    try:
        return kind(**given)
    except ConfigError as error:
        raise RefusedError(f"{section.name}: {error.message.rstrip('.')}") from error


@dataclass(frozen=True)
class _Section:
    """One JSON object, read value by value."""

    content: object
    name: str

    @property
    def values(self) -> dict[str, Any]:
        if not isinstance(self.content, dict):
            raise RefusedError(f"{self.name} is missing or not an object")
        return self.content

    def section(self, key: str) -> "_Section":
        return _Section(self.values.get(key), key)

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str):
            raise RefusedError(f"{self.name}.{key} is missing or not a text")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        if self.text(key) not in choices:
            raise RefusedError(f"{self.name}.{key} is not one of {', '.join(choices)}")
        return self.text(key)

    def texts(self, key: str, most: int) -> tuple[str, ...]:
        values = self.values.get(key)
        if not isinstance(values, list) or not 1 <= len(values) <= most:
            raise RefusedError(f"{self.name}.{key} is not a list of 1 to {most:,} texts")
        if not all(isinstance(value, str) for value in values) or len(set(values)) < len(values):
            raise RefusedError(f"{self.name}.{key} does not hold different texts")
        return tuple(values)

    def all_texts(self) -> dict[str, str]:
        return {key: self.text(key) for key in self.values}

    def whole(self, key: str, least: int, most: int) -> int:
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise RefusedError(f"{self.name}.{key} is not a whole number from {least} to {most}")
        return value

    def number(self, key: str, least: float) -> float:
        value = self.values.get(key)
        if not isinstance(value, int | float) or isinstance(value, bool) or value < least:
            raise RefusedError(f"{self.name}.{key} is not a number of at least {least:g}")
        return float(value)

    def array(self, key: str, shape: tuple[int, ...]) -> FloatArray:
        """Return finite numbers in a list, or in lists of a list, of this shape."""
        value = self.values.get(key)
        if not _has_shape(value, shape):
            raise RefusedError(f"{self.name}.{key} does not hold {' x '.join(map(str, shape))} numbers")
        return np.array(value, dtype=np.float64)


def _has_shape(value: object, shape: tuple[int, ...]) -> bool:
    if not shape:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, list) and len(value) == shape[0] and all(_has_shape(item, shape[1:]) for item in value)


def _json(content: bytes) -> object:
    if len(content) > LARGEST:
        raise RefusedError("its manifest is larger than 1 MiB")
    try:
        value: object = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole_number,
            parse_float=_finite_number,
            parse_constant=_finite_number,
        )
    except RecursionError:
        raise RefusedError(f"its manifest is nested more than {_DEEPEST} deep") from None
    except ValueError as error:
        raise RefusedError(f"its manifest is not JSON ({error})") from None
    _check_depth(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise RefusedError("its manifest holds a name twice")
    return content


def _whole_number(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise RefusedError("its manifest holds a number that is too long")
    return int(text)


def _finite_number(text: str) -> float:
    value = float(text) if len(text) <= _LONGEST_NUMBER else math.nan
    if not math.isfinite(value):
        raise RefusedError("its manifest holds a number that is not finite")
    return value


def _check_depth(value: object) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            item
            for outer in level
            if isinstance(outer, dict | list)
            for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
    if level:
        raise RefusedError(f"its manifest is nested more than {_DEEPEST} deep")
