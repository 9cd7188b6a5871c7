"""Where the rows of a command come from: a file, a built-in sample, a project."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mdn_gui.cli.progress import Progress
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.samples import SAMPLES, sample
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.files.reading import read_file

PROJECT_ENDING = ".mdn"
HELP = "a file with a table, a project with rows, or sample:KEY[:ROWS[:SEED]], KEY one of " + ", ".join(
    each.key for each in SAMPLES
)

_SAMPLE = "sample"


@dataclass(frozen=True, eq=False)
class Rows:
    """A table with where it came from.

    Parameters
    ----------
    table : Table
        Every row.
    source : DataSource
        The file, how it was read.
    project : Project or None
        The project that was named in place of a file.
    """

    table: Table
    source: DataSource
    project: Project | None = None


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a file is read."""
    group = parser.add_argument_group("how DATA is read, where the guess is wrong")
    group.add_argument("--part", metavar="NAME", help="sheet of a workbook, array of an .npz, member of a .zip archive")
    group.add_argument("--encoding", metavar="NAME", help="of a text, such as utf-8, utf-16, cp1252")
    group.add_argument("--delimiter", metavar="MARK", help='between cells: a character, "tab" or "blanks"')
    group.add_argument("--decimal", metavar="MARK", help='"." or ","')
    group.add_argument("--thousands", metavar="MARK", help="within numbers; empty for none")
    yes_or_no = argparse.BooleanOptionalAction
    group.add_argument("--has-header", action=yes_or_no, help="whether the first row holds the names")
    group.add_argument("--day-first", action=yes_or_no, help="whether 01/02/2020 is the first of February")


def read_options(options: argparse.Namespace, kinds: Mapping[str, ColumnKind] | None = None) -> ReadOptions:
    """Return how a file is read; ``kinds`` says what the cells of a column mean, where a few rows could mislead."""
    names = ("part", "encoding", "delimiter", "decimal", "thousands", "has_header", "day_first")
    return ReadOptions(**{name: getattr(options, name) for name in names}, kinds=kinds or {})


def is_project(data: str) -> bool:
    """Return whether DATA names a project file."""
    return Path(data).suffix.lower() == PROJECT_ENDING


def is_sample(data: str) -> bool:
    """Return whether DATA names a built-in sample."""
    return data.partition(":")[0] == _SAMPLE and not Path(data).exists()


def rows_of(data: str, how: ReadOptions) -> Rows:
    """Return the rows that DATA names.

    Parameters
    ----------
    data : str
        As :data:`HELP` says.
    how : ReadOptions
        How a file is read; a project is read again as it was read first.

    Raises
    ------
    DataError
        When there is no such file or sample, or it holds no rows.
    ProjectFileError
        When it is a project that cannot be opened.
    """
    if is_project(data):
        return _rows_of_project(data)
    if is_sample(data):
        table = _sample(data)
        return Rows(table, DataSource())
    return Rows(read_table(data, how), DataSource(str(Path(data).absolute()), how))


def read_table(path: str, how: ReadOptions) -> Table:
    """Return the table in a file, with a bar on the terminal; errors as ``files.reading.read_file``."""
    progress = Progress(f"reading {Path(path).name}")
    try:
        return read_file(path, how, progress)
    finally:
        progress.clear()


def read_test_table(path: str, how: ReadOptions, table: Table, names: Sequence[str]) -> Table:
    """Return the table in a second file, whose columns mean what they mean in the first; errors as the first."""
    kinds = {name: table.column(name).kind for name in names}  # a few rows could look otherwise
    return read_table(path, replace(how, kinds={**how.kinds, **kinds}))


def _rows_of_project(path: str) -> Rows:
    project = open_project(path)
    if project.table is not None:
        return Rows(project.table, project.source, project)
    source = project.source
    hint = "Name the file with the rows in its place."
    if not source.path:
        raise DataError(f"{path} was saved without its rows.", hint)
    if not Path(source.path).is_file():
        raise DataError(f"{path} was saved without its rows, and {source.path} is no longer there.", hint)
    table = read_table(source.path, source.options)
    taken = project.taken
    if taken is not None and len(taken.excluded) and taken.excluded.max() >= table.num_rows:
        message = f"{source.path} holds fewer rows than when {path} was saved: those taken out are not in it."
        raise DataError(message, hint)
    if taken is not None and source.test_path:
        test = read_test_table(source.test_path, source.options, table, (*taken.inputs, taken.target))
        project = replace(project, taken=replace(taken, test_table=test))
    return Rows(replace(table, title=source.title or table.title), source, project)


def _sample(data: str) -> Table:
    key, *numbers = data.partition(":")[2].split(":")
    try:
        if len(numbers) > 2:
            raise ValueError
        return sample(key).table(*(int(number) for number in numbers))
    except ValueError:
        raise DataError(f"{data!r} is not a sample.", "Write sample:KEY or sample:KEY:ROWS:SEED.") from None
