"""The parameters of a model over a grid of x, as a table to take away."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mdn_gui import __version__
from mdn_gui.core.config import settings_text
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line
from mdn_gui.core.transform import NONE
from mdn_gui.errors import ConfigError
from mdn_gui.files.density_columns import NOTHING_ASKED, asked, density_names, density_values, rows_at_once
from mdn_gui.files.saving import SaveError
from mdn_gui.files.tables import DataTable

if TYPE_CHECKING:
    from mdn_gui.core.grid import GridSpec


def parameter_table(
    model: FittedModel, grid: "GridSpec", line: Line | None = None, questions: Questions = NOTHING_ASKED
) -> DataTable:
    """Return the parameters of p(y given x) along a line through the inputs, data units.

    The columns are the inputs, then weight, mean, variance and sd of every component, then the mixture's, then what is
    asked.

    Parameters
    ----------
    model : FittedModel
        The model to read.
    grid : GridSpec
        Values of the column that moves, data units; of a category the numbers of its levels.
    line : Line, optional
        Which column moves, where the others are held; the first one, with the others at their training median (a
        category at its most frequent level), by default.
    questions : Questions
        Which quantiles, which interval are added; none by default. The region is not.

    Raises
    ------
    SaveError
        When the table does not fit into memory.
    """
    line = line or line_through(model)
    inputs = model.provenance.input_names
    names = (*inputs, *density_names(model.num_components, questions))
    x = grid.values()
    try:
        values = np.empty((len(names), len(x))).T
    except MemoryError:
        message = f"A table of {len(x):,} rows and {len(names)} columns does not fit into memory."
        raise SaveError(message, "Ask for fewer grid points.") from None
    step = rows_at_once(model.num_components, questions)
    for start in range(0, len(x), step):
        block = values[start : start + step]
        block[:, : len(inputs)] = line.inputs(x[start : start + step])
        block[:, len(inputs) :] = density_values(model.conditional(block[:, : len(inputs)]), questions)
    values.setflags(write=False)
    held = (f"held: {each.label} = {line.text(place)}" for place, each in line.others())
    return DataTable("parameters", names, tuple(values.T), (*origin_of(model), *held, *asked(questions)))


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


def origin_of(model: FittedModel, what: str = "parameters of p(y given x)") -> Iterator[str]:
    """Yield where the numbers of a model come from, as comments of a table that holds ``what``."""
    provenance = model.provenance
    yield f"mdn-gui {__version__}: {what}, data units"
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
