"""Where a command reads p(y given x), what is asked there."""

import argparse
import math

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line
from mdn_gui.errors import ConfigError
from mdn_gui.files.export import line_through


def add_line(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where p(y given x) is read."""
    parser.add_argument("--at", metavar="START:STOP:COUNT", help="the values of x; 1000 over the data by default")
    parser.add_argument("--x", metavar="COL", help="the input that moves; the first by default")
    parser.add_argument(
        "--hold", metavar="NAME=VALUE", action="append", default=[], help="an input held here, not at its median"
    )


def line_and_grid(options: argparse.Namespace, model: FittedModel) -> tuple[Line, GridSpec]:
    """Return the line, the values of the input that moves on it.

    Raises
    ------
    ConfigError
        When there is no such input, or a value cannot be read.
    """
    line = line_through(model, options.x or "", dict(_held(text) for text in options.hold))
    if options.at is not None:
        return line, GridSpec.parse(options.at)
    if levels := line.encodings[line.place].levels:
        return line, GridSpec.of_levels(len(levels))
    return line, GridSpec.over(model.provenance.column_ranges[line.place])


def add_questions(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is read beside weights, means, variances."""
    parser.add_argument("--quantiles", metavar="P,...", default="", help="quantiles, such as 0.05,0.5,0.95")
    parser.add_argument("--below", metavar="C", type=_finite, help="a limit: P(y ≤ C) given x is added")


def questions_of(options: argparse.Namespace) -> Questions:
    """Return what is asked.

    Raises
    ------
    ConfigError
        When a quantile is none.
    """
    try:
        levels = tuple(float(part) for part in options.quantiles.split(",") if part.strip())
    except ValueError:
        levels = (0.0,)
    if not all(0.0 < level < 1.0 for level in levels):
        message = f"--quantiles {options.quantiles!r} cannot be read."
        raise ConfigError(message, "List numbers between 0 and 1, such as 0.05,0.5,0.95.")
    return Questions(levels, high=math.inf if options.below is None else options.below)


def _finite(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ConfigError(f"--below {text!r} is not a number.", "Give a limit in the units of y, such as 30.")
    return value


def _held(text: str) -> tuple[str, str]:
    name, _, value = text.rpartition("=")
    if name and value:
        return name, value
    raise ConfigError(f"--hold {text!r} cannot be read.", "Write NAME=VALUE, such as --hold age=30 or --hold sex=f.")
