"""The parameters of a model over a grid of x, as a table to take away."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mdn_gui import __version__
from mdn_gui.core.config import settings_text
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.reading import Line
from mdn_gui.core.transform import NONE
from mdn_gui.errors import ConfigError
from mdn_gui.files.saving import SaveError
from mdn_gui.files.tables import DataTable

if TYPE_CHECKING:
    from mdn_gui.core.grid import GridSpec

_BLOCK = 65_536
"""Rows evaluated at once, so that a large grid needs little memory beyond its own."""


def parameter_table(model: FittedModel, grid: "GridSpec", line: Line | None = None) -> DataTable:
    """Return the parameters of p(y given x) along a line through the inputs, data units.

    The columns are the inputs, then weight, mean, variance and sd of every component, then the mixture's.

    Parameters
    ----------
    model : FittedModel
        The model to read.
    grid : GridSpec
        Values of the column that moves, data units; of a category the numbers of its levels.
    line : Line, optional
        Which column moves, where the others are held; the first one, with the others at their training median (a
        category at its most frequent level), by default.

    Raises
    ------
    SaveError
        When the table does not fit into memory.
    """
    line = line or line_through(model)
    inputs = model.provenance.input_names
    names = (*inputs, *_parameter_names(model.num_components))
    x = grid.values()
    try:
        values = np.empty((len(names), len(x))).T
    except MemoryError:
        message = f"A table of {len(x):,} rows and {len(names)} columns does not fit into memory."
        raise SaveError(message, "Ask for fewer grid points.") from None
    for start in range(0, len(x), _BLOCK):
        block = values[start : start + _BLOCK]
        block[:, : len(inputs)] = line.inputs(x[start : start + _BLOCK])
        block[:, len(inputs) :] = _parameters(model, block[:, : len(inputs)])
    values.setflags(write=False)
    held = (f"held: {each.label} = {line.text(place)}" for place, each in line.others())
    return DataTable("parameters", names, tuple(values.T), (*_origin(model), *held))


def line_through(model: FittedModel, moving: str = "", held: Mapping[str, str] | None = None) -> Line:
    """Return the line through what a model learned from.

    Parameters
    ----------
    model : FittedModel
        Its columns, their medians.
    moving : str
        Name of the column that moves; the first one where empty.
    held : mapping of str to str, optional
        Where others are held, by name: a number, of a category a level.

    Raises
    ------
    ConfigError
        When there is no such column, or it cannot be held there.
    """
    encodings = model.provenance.encodings
    names = [encoding.column for encoding in encodings]
    if moving and moving not in names:
        raise ConfigError(f"The model has no input {moving!r}.", f"Its inputs are {', '.join(names)}.")
    place = names.index(moving) if moving else 0
    line = Line(encodings, place, model.provenance.middle)
    for name, text in (held or {}).items():
        others = [each.column for _, each in line.others()]
        if name not in others:
            message = f"{name!r} cannot be held: it is not an input that stays fixed."
            raise ConfigError(message, f"Hold one of: {', '.join(others) or 'none, x is the only input'}.")
        line = line.holding(names.index(name), _held_value(encodings[names.index(name)], text))
    return line


def _held_value(encoding: Encoding, text: str) -> float:
    if encoding.levels:
        if text not in encoding.levels:
            message = f"{encoding.column!r} cannot be held at {text!r}."
            raise ConfigError(message, f"Give one of its levels: {', '.join(encoding.levels)}.")
        return float(encoding.levels.index(text))
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise ConfigError(f"{encoding.column!r} cannot be held at {text!r}.", "Give a finite number.")
    return value


def _parameter_names(num_components: int) -> Iterator[str]:
    for kind in ("weight", "mean", "variance", "sd"):
        yield from (f"{kind}_{k}" for k in range(1, num_components + 1))
    yield from ("mixture_mean", "mixture_variance", "mixture_sd")


def _parameters(model: FittedModel, x: FloatArray) -> FloatArray:
    mixture = model.conditional(x)
    return np.column_stack(
        (
            mixture.weights,
            mixture.locs,
            mixture.variances,
            mixture.scales,
            mixture.mean(),
            mixture.variance(),
            mixture.sd(),
        )
    )


def _origin(model: FittedModel) -> Iterator[str]:
    provenance = model.provenance
    yield f"mdn-gui {__version__}: parameters of p(y given x), data units"
    yield f"data: {provenance.source}"
    yield f"rows: {provenance.num_rows}"
    yield f"inputs: {', '.join(provenance.input_names)}"
    yield f"target: {provenance.target_name}"
    yield from settings_text(model.model_config, model.training_config)
    if model.history is None:
        yield "snapshot: the network as it was at one moment of a run, not the fit that was kept"
    else:
        judged = "validation" if model.history.validation_nll else "training"
        yield f"best epoch: {model.history.best_epoch} of {model.history.epochs}"
        yield f"{judged} NLL: {model.history.best_nll!r} nats a row"
    if model.transform is NONE:
        yield f"smallest sd: {model.smallest_scale!r}"
    else:
        shape, z = f"{model.transform.name}-normal", model.transform.text.format(target="target")
        yield f"components: {shape}, Gaussian in {z}; their means, variances and sds are those of the target itself"
        yield f"smallest sd of {z}: {model.smallest_scale!r}"
