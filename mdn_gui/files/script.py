"""A fitted model as a Python script that stands alone."""

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from mdn_gui import __version__
from mdn_gui.core.config import settings_text
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.endings import ending_text
from mdn_gui.core.fitted import FittedModel
from mdn_gui.files.saving import replace_text
from mdn_gui.files.scripts.literals import array_literal, literal

if TYPE_CHECKING:
    from os import PathLike

Flavour = Literal["tfp", "numpy"]
"""What the script needs: TensorFlow Probability, whose own calls give the parameters; or NumPy alone."""

_NETWORK: dict[Flavour, tuple[str, str]] = {
    "tfp": ("tfp_network", "tfp_conditional"),
    "numpy": ("numpy_network", "numpy_figures"),
}


def python_script(model: FittedModel, flavour: Flavour = "tfp") -> str:
    """Return a script that gives weights, means, variances of the components at any x, without this program.

    The weights of the network are inside, exact. The NumPy flavour gives density, cdf, mixture mean, sd and quantiles
    too. Texts of the data stand in it as literals only; the code is the same whatever they are.

    Parameters
    ----------
    model : FittedModel
        What is written.
    flavour : {"tfp", "numpy"}
        What the script needs.
    """
    before, after = _NETWORK[flavour]
    transform = model.transform.name
    code = [_part("columns"), _part(before), _part(f"{flavour}_{transform}"), _part(after), _part("command_line")]
    if transform == "logit":
        code.insert(2, _part("logit_moments"))
    head = f"{_part(f'{flavour}_head')}\n\n{_part('arrays')}\n\n"
    return f"{head}{''.join(_data(model))}\n\n{_separated(code)}"


def save_script(path: "str | PathLike[str]", model: FittedModel, flavour: Flavour = "tfp") -> None:
    """Write such a script to a file, whole or not at all; arguments as in :func:`python_script`.

    Raises
    ------
    SaveError
        When the file cannot be written; an earlier file of that name is then unchanged.
    """
    script = python_script(model, flavour)
    replace_text(path, lambda text: text.write(script))


def _part(name: str) -> str:
    """Return a piece of code that every script has in common."""
    return files("mdn_gui.files.scripts").joinpath("parts").joinpath(f"{name}.txt").read_text(encoding="utf-8")


def _separated(code: list[str]) -> str:
    return "\n\n".join(code)


def _data(model: FittedModel) -> Iterator[str]:
    """Yield what the code works on: everything that differs from one model to another."""
    seen = model.provenance
    yield "# Where the model comes from, for people.\n"
    yield f"ABOUT = {literal(_about(model))}\n\n"
    yield "# The columns that x is made of, in order, with the range of the data.\n"
    yield f"INPUTS = {literal([_column(model, place) for place in range(len(seen.encodings))])}\n"
    yield f"TARGET = {literal(seen.target_name)}\n\n"
    yield "# The network sees (input - mean) / sd, and speaks of (target - mean) / sd.\n"
    yield f"X_MEAN = {literal(model.x_scaler.mean.tolist())}\n"
    yield f"X_SD = {literal(model.x_scaler.sd.tolist())}\n"
    yield f"Y_MEAN = {literal(float(model.y_scaler.mean[0]))}\n"
    yield f"Y_SD = {literal(float(model.y_scaler.sd[0]))}\n\n"
    yield "# Of the hidden layers; the sd of a component is floor + softplus(raw sd), at most the ceiling.\n"
    yield f"ACTIVATION = {literal(model.network.activation)}\n"
    yield f"SCALE_FLOOR = {literal(float(model.network.scale_floor))}\n"
    yield f"SCALE_CEILING = {literal(float(model.network.scale_ceiling))}\n\n"
    yield "# The share of each network in the density, its layers from first to last: kernel, bias.\n"
    yield "NETWORKS = [\n"
    for share, network in zip(model.network.shares, model.network.members, strict=True):
        yield f"    (\n        {literal(float(share))},\n        [\n"
        for kernel, bias in zip(network.kernels, network.biases, strict=True):
            layer = "".join(f"                {array_literal(array)},\n" for array in (kernel, bias))
            yield f"            (\n{layer}            ),\n"
        yield "        ],\n    ),\n"
    yield "]\n"


def _about(model: FittedModel) -> dict[str, object]:
    seen = model.provenance
    settings = dict(line.split(": ", 1) for line in settings_text(model.model_config, model.training_config))
    about: dict[str, object] = {
        "written by": f"mdn-gui {__version__}",
        "data": seen.source,
        "rows": seen.num_rows,
        "SHA-256 of the rows": seen.data_digest,
        "inputs": list(seen.input_names),
        "target": seen.target_name,
        "run": ending_text(model),
    }
    return {name: value for name, value in about.items() if value != ""} | settings


def _column(model: FittedModel, place: int) -> dict[str, object]:
    """Return what the script has to know of an input column."""
    seen = model.provenance
    encoding = seen.encodings[place]
    low, high = seen.column_ranges[place].tolist()
    middle = float(seen.middle[place])
    return {"column": encoding.column, **_kind(encoding), **_range(encoding, low, middle, high)}


def _kind(encoding: Encoding) -> dict[str, object]:
    if encoding.kind.is_date:
        unit = "days" if encoding.kind is ColumnKind.DAYS else "seconds"
        return {"kind": "date", "unit": unit, "seconds": encoding.kind.seconds, "origin": encoding.origin}
    if encoding.kind is ColumnKind.CATEGORY:
        return {"kind": "category", "levels": list(encoding.levels)}
    return {"kind": encoding.kind.value}


def _range(encoding: Encoding, low: float, middle: float, high: float) -> dict[str, object]:
    if encoding.kind is ColumnKind.CATEGORY:
        return {"middle": encoding.levels[int(middle)]}
    return {"low": low, "middle": middle, "high": high}
