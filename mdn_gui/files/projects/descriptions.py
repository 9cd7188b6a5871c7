"""A model as JSON can say it: everything but its weights."""

import math
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import pairwise
from typing import Any, TypeVar, get_args

import numpy as np

from mdn_gui.core.columns import MOST_LEVELS
from mdn_gui.core.config import Activation, ModelConfig, TrainingConfig
from mdn_gui.core.dataset import frozen_array
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.scaling import Standardizer
from mdn_gui.errors import ConfigError
from mdn_gui.files.projects.refusal import RefusedError
from mdn_gui.files.projects.section import Content, Section, number_content

MOST_ROWS = 10**15

_MOST_INPUTS = 10_000
_MOST_EPOCHS = 1_000_000
_MOST_NETWORKS = 33

Config = TypeVar("Config", ModelConfig, TrainingConfig)


@dataclass(frozen=True)
class HistoryOutline:
    """What is said of the record of a run; the values of each epoch are a member of their own."""

    epochs: int
    validated: bool
    best_epoch: int
    stop_reason: StopReason
    seconds: float
    rollbacks: int
    kept_nll: float | None
    distilled: bool


@dataclass(frozen=True, eq=False)
class Description:
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

    @property
    def layer_shapes(self) -> tuple[tuple[int, int], ...]:
        """Shape [fan_in, fan_out] of each kernel, first to last layer."""
        config = self.model_config
        units = (len(self.provenance.input_names), *config.hidden_layers, 3 * config.num_components)
        return tuple(pairwise(units))


def model_content(model: FittedModel) -> Content:
    """Return what is said of a model."""
    provenance, network = model.provenance, model.network
    return {
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
            "shares": [float(share) for share in network.shares],
            "restarts": len(model.restarts),
        },
        "history": None if model.history is None else _history_content(model.history),
    }


def _encodings_content(provenance: Provenance) -> list[Content]:
    """Return how the inputs are made from columns; nothing where each is a column of numbers."""
    if provenance.encodings == tuple(Encoding(name) for name in provenance.input_names):
        return []
    return [{**asdict(each), "kind": each.kind.value} for each in provenance.encodings]


def _history_content(history: TrainingHistory) -> Content:
    return {
        "epochs": history.epochs,
        "validated": bool(history.validation_nll),
        "best_epoch": int(history.best_epoch),
        "stop_reason": history.stop_reason.value,
        "seconds": number_content(history.seconds),
        "rollbacks": int(history.rollbacks),
        "kept_nll": None if history.kept_nll is None else number_content(history.kept_nll),
        "distilled": bool(history.distilled),
    }


def description_in(root: Section) -> Description:
    """Return what is said of a model; entries that are not known are passed over.

    Raises
    ------
    RefusedError
        When anything that is needed is missing, of another kind or out of range.
    """
    names = root.section("provenance").texts("input_names", _MOST_INPUTS, least=1)
    network, history = root.section("network"), root.optional("history")
    return Description(
        model_config=config_in(root.section("model_config"), ModelConfig),
        training_config=config_in(root.section("training_config"), TrainingConfig),
        provenance=_provenance(root.section("provenance"), names),
        x_scaler=_scaler(root.section("x_scaler"), len(names)),
        y_scaler=_scaler(root.section("y_scaler"), 1),
        activation=network.choice("activation", get_args(Activation)),
        scale_floor=network.number("scale_floor", 0.0),
        scale_ceiling=math.inf if network.values.get("scale_ceiling") is None else network.number("scale_ceiling", 0.0),
        shares=_shares(network),
        num_restarts=network.whole("restarts", 0, _MOST_NETWORKS) if "restarts" in network.values else 0,
        history=None if history is None else _history(history),
    )


def config_in(section: Section, kind: type[Config]) -> Config:
    """Return settings; those that are missing take their defaults.

    Raises
    ------
    RefusedError
        When one is out of its range.
    """
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


def _provenance(section: Section, names: tuple[str, ...]) -> Provenance:
    ranges = section.array("input_ranges", (len(names), 3))
    rows = section.whole("num_rows", 0, MOST_ROWS)
    target, source = section.text("target_name"), section.text("source")
    digest = section.text("data_digest") if "data_digest" in section.values else ""
    return Provenance(names, target, source, rows, frozen_array(ranges), _encodings(section, names), digest)


def _encodings(section: Section, names: tuple[str, ...]) -> tuple[Encoding, ...]:
    """Return how the inputs are made from columns; files before format 1.2 know columns of numbers only."""
    given = section.sections("encodings", len(names)) if "encodings" in section.values else ()
    found = tuple(_encoding(Section(each.content, "provenance.encodings")) for each in given)
    if found and tuple(name for encoding in found for name in encoding.names) != names:
        raise RefusedError("provenance.encodings does not give the inputs")
    return found


def _encoding(section: Section) -> Encoding:
    kind = ColumnKind(section.choice("kind", tuple(kind.value for kind in ColumnKind if kind is not ColumnKind.TEXT)))
    levels = section.texts("levels", MOST_LEVELS, least=1) if kind is ColumnKind.CATEGORY else ()
    return Encoding(section.text("column"), kind, levels, checked_origin(section.text("origin"), kind, section.name))


def checked_origin(origin: str, kind: ColumnKind, place: str) -> str:
    """Return what dates count from, once it is a date.

    Raises
    ------
    RefusedError
        When it is none, or has a time zone.
    """
    if kind.is_date and not _is_date(origin):
        raise RefusedError(f"{place} holds an origin that is no date")
    return origin


def _is_date(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _scaler(section: Section, num_columns: int) -> Standardizer:
    mean, sd = section.array("mean", (num_columns,)), section.array("sd", (num_columns,))
    if not (sd > 0).all():
        raise RefusedError(f"{section.name}.sd holds a number that is not positive")
    return Standardizer(mean, sd)


def _shares(section: Section) -> tuple[float, ...]:
    """Return the weight of each network; files of format 1.0 hold one network and say nothing."""
    given = section.values.get("shares", [1.0])
    if not isinstance(given, list) or not 1 <= len(given) <= _MOST_NETWORKS:
        raise RefusedError(f"network.shares is not a list of 1 to {_MOST_NETWORKS} numbers")
    shares = section.array("shares", (len(given),)) if "shares" in section.values else np.ones(1)
    if not (shares > 0).all() or abs(shares.sum() - 1.0) > 1e-9:
        raise RefusedError("network.shares are not positive numbers with sum 1")
    return tuple(shares.tolist())


def _history(section: Section) -> HistoryOutline:
    epochs = section.whole("epochs", 0, _MOST_EPOCHS)
    return HistoryOutline(
        epochs=epochs,
        validated=section.flag("validated"),
        best_epoch=section.whole("best_epoch", 0, epochs),
        stop_reason=StopReason(section.choice("stop_reason", tuple(reason.value for reason in StopReason))),
        seconds=section.any_number("seconds"),
        rollbacks=section.whole("rollbacks", 0, _MOST_EPOCHS) if "rollbacks" in section.values else 0,
        kept_nll=None if section.values.get("kept_nll") is None else section.any_number("kept_nll"),
        distilled=section.values.get("distilled") is True,
    )
