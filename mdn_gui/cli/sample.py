"""``mdn sample``: draws of y at given x."""

import argparse
from collections.abc import Iterator

import numpy as np

from mdn_gui.cli.data import HELP as DATA_HELP
from mdn_gui.cli.data import add_reading, read_options, rows_of
from mdn_gui.cli.places import add_line, line_and_grid
from mdn_gui.cli.projects import add_project, opened_run
from mdn_gui.cli.tables import add_table, check_table, put_table
from mdn_gui.core.columns import Column
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.encoding import Encoding, expanded
from mdn_gui.core.fitted import FittedModel
from mdn_gui.errors import ConfigError, DataError
from mdn_gui.files.tables import Block, Outline

SUMMARY = "draw y from p(y given x), on a grid of x or at the rows of a table"
EXAMPLES = (
    "mdn sample dose.mdn --at 0:10:101 --count 100 --seed 1 -o draws.csv",
    "mdn sample dose.mdn new.csv --count 10 > draws.csv",
)

_DRAWS_AT_ONCE = 1 << 20
_MOST_DRAWS = 100_000
_MOST_SEED = 2**31 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_project(parser)
    parser.add_argument("data", metavar="DATA", nargs="?", help=f"draw at its rows, not on a grid: {DATA_HELP}")
    add_line(parser)
    parser.add_argument("--count", metavar="N", type=int, default=1, help="draws at each x; 1 by default")
    parser.add_argument("--seed", metavar="S", type=int, default=0, help="the same seed gives the same draws; 0")
    add_table(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> None:
    """Write the draws: a row for each x, a column for each draw."""
    check_table(options)
    if not 1 <= options.count <= _MOST_DRAWS:
        raise ConfigError(
            f"--count {options.count} is out of range.", f"Give a whole number from 1 to {_MOST_DRAWS:,}."
        )
    if not 0 <= options.seed <= _MOST_SEED:
        raise ConfigError(f"--seed {options.seed} is out of range.", f"Give a whole number from 0 to {_MOST_SEED}.")
    _, chosen = opened_run(options)
    x = _inputs(options, chosen.model)
    names = (*chosen.model.provenance.input_names, *(f"draw_{number}" for number in range(1, options.count + 1)))
    outline = Outline(names, (False,) * len(names), num_rows=len(x))
    blocks = _drawn(chosen.model, x, options.count, options.seed)
    put_table(options, outline, blocks, run=chosen.number, rows=len(x), seed=options.seed)


def _inputs(options: argparse.Namespace, model: FittedModel) -> FloatArray:
    """Return where y is drawn [N, D], data units; NaN in rows that cannot be used."""
    if options.data is None:
        line, grid = line_and_grid(options, model)
        return line.inputs(grid.values())
    if options.at is not None or options.x is not None or options.hold:
        raise ConfigError("Both DATA and a grid say where to draw.", "Leave out DATA, or --at, --x and --hold.")
    encodings = model.provenance.encodings
    kinds = {encoding.column: encoding.kind for encoding in encodings}  # a few rows could look otherwise
    table = rows_of(options.data, read_options(options, kinds)).table
    values = np.column_stack([_as_learned(table.column(each.column), each) for each in encodings])
    return expanded(encodings, np.where(np.isfinite(values), values, np.nan))


def _drawn(model: FittedModel, x: FloatArray, count: int, seed: int) -> Iterator[Block]:
    """Yield the columns of some rows at a time; those of a row that cannot be used are NaN."""
    step = max(1, _DRAWS_AT_ONCE // count)
    for number, start in enumerate(range(0, len(x), step)):
        some = x[start : start + step]
        usable = np.isfinite(some).all(axis=1)
        draws = np.full((len(some), count), np.nan)
        rng = np.random.default_rng([seed, number])
        draws[usable] = model.conditional(some[usable]).sample(rng, count)
        yield [*some.T, *draws.T]


def _as_learned(column: Column, encoding: Encoding) -> FloatArray:
    """Return the values [N] of a column in the terms of the model; NaN where a cell cannot be used."""
    if encoding.kind.is_date is not column.kind.is_date or bool(encoding.levels) is not bool(column.levels):
        message = f"Column {column.name!r} is read as {column.kind.value}."
        raise DataError(message, f"The model learned from {encoding.kind.value}: mend the column, or rename it.")
    return column.as_encoded(encoding)
