"""What is taken from the rows of a command: roles of columns, rows taken out, rows for the test."""

import argparse
import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from mdn_gui.cli.data import Rows, read_options, read_test_table, rows_of
from mdn_gui.cli.output import say
from mdn_gui.core.selection import ALL_ROWS_TRAIN, HoldOut, RowArray, Selection
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.errors import ConfigError, DataError
from mdn_gui.files.options import ReadOptions

_TEST_OPTIONS = ("test_fraction", "test_seed", "test_column", "test_level", "test_file")


def add_roles(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is taken from the rows."""
    group = parser.add_argument_group("what is taken from DATA; of a project, what it takes already")
    group.add_argument("--x", metavar="COL[,COL...]", help="input columns; the table's first telling column by default")
    group.add_argument("--y", metavar="COL", help="target column; the table's last telling column by default")
    group.add_argument(
        "--exclude", metavar="ROWS", help='rows to leave out, counted from 1, such as 3,17-20; "" for none'
    )
    group.add_argument("--test-fraction", metavar="F", type=float, help="part of the rows that is kept for the test")
    group.add_argument("--test-seed", metavar="S", type=int, help="draws the rows of the test; 0 by default")
    group.add_argument("--test-column", metavar="COL", help="column that tells the rows of the test")
    group.add_argument("--test-level", metavar="TEXT", help="what stands in that column in the rows of the test")
    group.add_argument("--test-file", metavar="FILE", help="a second file with the rows of the test")


def taken_as_asked(options: argparse.Namespace, rows: Rows) -> Taken:
    """Return what is taken: what the project takes, changed by the options; else what they and the table say.

    Raises
    ------
    ConfigError
        When the options contradict each other.
    DataError
        When a row is not in the table, or a column is missing.
    """
    table, before = rows.table, _taken_before(rows)
    inputs, target = _roles(table, options, before)
    excluded = before.excluded if before is not None else np.zeros(0, dtype=np.int64)
    if options.exclude is not None:
        excluded = row_numbers(options.exclude, table.num_rows)
    taken = Taken(inputs, target, excluded)
    if all(getattr(options, name) is None for name in _TEST_OPTIONS):
        return taken if before is None else replace(taken, hold_out=before.hold_out, test_table=before.test_table)
    if options.test_file is None:
        return replace(taken, hold_out=_hold_out(options))
    return replace(taken, test_table=_test_table(options, rows, taken))


def report_rows(table: Table, selection: Selection) -> None:
    """Say which rows are learned from, which are not, for what reason."""
    dataset = selection.dataset
    roles = f"{', '.join(dataset.input_names)} -> {dataset.target_name}"
    test = () if selection.test is None else (f"{len(selection.test):,} rows for the test",)
    say("; ".join((f"{table.title}: {len(dataset):,} rows, {roles}", *test, *table.notes)))
    if selection.left_out:
        reasons = ", ".join(
            f"{len(group.rows):,} {group.reason} ({_rows_text(group.rows)})" for group in selection.left_out
        )
        say(f"{selection.num_left_out:,} of {table.num_rows:,} rows left out: {reasons}")


def row_numbers(text: str, num_rows: int) -> RowArray:
    """Return the rows that a text names, counted from 0, ascending.

    Parameters
    ----------
    text : str
        Numbers and ranges, counted from 1 below the header, such as "3,17-20".
    num_rows : int
        N, rows of the table.

    Raises
    ------
    ConfigError
        When it cannot be read.
    DataError
        When a row is not in the table.
    """
    is_named = np.zeros(num_rows, dtype=np.bool_)
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last.isdecimal() or part == first)):
            hint = "Write row numbers as they are listed, counted from 1, such as --exclude 3,17-20."
            raise ConfigError(f"--exclude: {part!r} is not a row.", hint)
        low, high = int(first), int(last or first)
        if not 1 <= low <= high <= num_rows:
            hint = f"Its rows are 1 to {num_rows:,}, the first one below the header is 1."
            raise DataError(f"--exclude: the table has no rows {part}.", hint)
        is_named[low - 1 : high] = True
    return np.flatnonzero(is_named)


def _taken_before(rows: Rows) -> Taken | None:
    """Return what a project takes; where it does not say, the columns of its newest run."""
    project = rows.project
    if project is None or project.taken is not None:
        return None if project is None else project.taken
    model = project.model
    if model is None:
        return None
    seen = model.provenance
    return Taken(tuple(each.column for each in seen.encodings), rows.table.column(seen.target_name).name)


def _roles(table: Table, options: argparse.Namespace, before: Taken | None) -> tuple[tuple[str, ...], str]:
    if before is not None:
        inputs = before.inputs if options.x is None else _names(table, options.x)
        return inputs, before.target if options.y is None else options.y
    if options.x is None and options.y is None:
        return table.proposed_roles()
    if options.x is None or options.y is None:
        raise ConfigError("Only one of --x and --y is given.", "Name both, or neither to let the table propose them.")
    return _names(table, options.x), options.y


def _names(table: Table, text: str) -> tuple[str, ...]:
    if any(column.name == text for column in table.columns):
        return (text,)
    return listed_names(text)


def listed_names(text: str) -> tuple[str, ...]:
    """Return the names in a list such as ``a,"b, in mm"``."""
    return tuple(name.strip() for name in next(csv.reader([text], skipinitialspace=True), []))


def _hold_out(options: argparse.Namespace) -> HoldOut:
    by_column = options.test_column is not None or options.test_level is not None
    if by_column and (options.test_fraction is not None or options.test_seed is not None):
        raise ConfigError("Both a fraction and a column are to choose the test rows.", "Leave one of them out.")
    if by_column and not (options.test_column and options.test_level is not None):
        message = "Only one of --test-column and --test-level is given."
        raise ConfigError(message, "Name the column, and what stands in it in the rows of the test.")
    if by_column:
        return HoldOut(column=options.test_column, level=options.test_level)
    if options.test_fraction is None:
        raise ConfigError("--test-seed draws nothing without --test-fraction.", "Give both, such as 0.2 and 0.")
    if not 0 <= (options.test_seed or 0) < 2**63:
        raise ConfigError("--test-seed is out of range.", "Give a whole number from 0 on.")
    return ALL_ROWS_TRAIN if options.test_fraction == 0 else HoldOut(options.test_fraction, options.test_seed or 0)


def _test_table(options: argparse.Namespace, rows: Rows, taken: Taken) -> Table:
    others = [name for name in _TEST_OPTIONS[:-1] if getattr(options, name) is not None]
    if others:
        message = f"Both --test-file and --{others[0].replace('_', '-')} are to choose the test rows."
        raise ConfigError(message, "Leave one of them out.")
    how = read_options(options) if rows.project is None else rows.source.options
    return read_test_table(options.test_file, how, rows.table, (*taken.inputs, taken.target))


def path_of_test(options: argparse.Namespace, source_path: str) -> str:
    """Return the absolute path of the second file, that of the source where none is asked for."""
    return source_path if options.test_file is None else str(Path(options.test_file).absolute())


def _rows_text(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:5]))
    return f"row{'s' if len(rows) > 1 else ''} {shown}{', ...' if len(rows) > 5 else ''}"


def selection_of_project(path: str) -> Selection:
    """Return what a project takes from its rows.

    Raises
    ------
    DataError
        When it has no rows, or they do not allow it.
    ProjectFileError
        When it cannot be opened.
    """
    rows = rows_of(path, ReadOptions())
    taken = _taken_before(rows)
    if taken is None:
        raise DataError(f"{path} does not say which columns it takes.", "Name a file with rows as DATA.")
    return taken.selection(rows.table)
