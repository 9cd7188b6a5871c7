"""What the commands that train begin with: rows, what is taken from them, earlier runs."""

import argparse
from dataclasses import dataclass, replace

from mdn_gui.cli.data import HELP as DATA_HELP
from mdn_gui.cli.data import add_reading, read_options, rows_of
from mdn_gui.cli.roles import add_roles, path_of_test, report_rows, taken_as_asked
from mdn_gui.core.selection import Selection
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.project import Project

OUTPUT_HELP = "the project file (.mdn) to write; where it is DATA itself the new runs are added to it"


@dataclass(frozen=True, eq=False)
class Beginning:
    """What a training begins with.

    Parameters
    ----------
    project : Project
        The table, what is taken from it, earlier runs.
    selection : Selection
        The rows to learn from.
    """

    project: Project
    selection: Selection


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the argument and the options that say what is learned from, where the result goes."""
    parser.add_argument("data", metavar="DATA", help=DATA_HELP)
    parser.add_argument("-o", "--output", metavar="PROJECT", required=True, help=OUTPUT_HELP)
    parser.add_argument("--overwrite", action="store_true", help="let -o replace another project that holds runs")
    parser.add_argument("--without-rows", action="store_true", help="keep the rows out of the project file")
    parser.add_argument("--json", action="store_true", help="tell the result as one JSON object")
    add_roles(parser)
    add_reading(parser)


def begin(options: argparse.Namespace) -> Beginning:
    """Read the rows, take from them what is asked for, say which they are.

    Raises
    ------
    UserError
        When the rows cannot be read, or what is asked for cannot be taken from them.
    """
    rows = rows_of(options.data, read_options(options))
    taken = taken_as_asked(options, rows)
    selection = taken.selection(rows.table)
    report_rows(rows.table, selection)
    before = rows.project or Project()
    source = replace(rows.source, test_path=_test_path(options, rows.source.test_path, taken))
    project = replace(before, table=rows.table, taken=taken, source=source)
    if before.taken is not None and (before.taken.inputs, before.taken.target) != (taken.inputs, taken.target):
        project = replace(project, cursor=None, pins=())  # they are places in other columns
    return Beginning(project, selection)


def with_runs(project: Project, runs: tuple[TrainingRun, ...], shown: int, *, without_rows: bool) -> Project:
    """Return a project with the runs that have just ended; one of them that is shown lends its settings to the next."""
    project = replace(project, runs=(*project.runs, *runs), shown=shown)
    project = replace(project, runs_made=max(project.runs_made, *(run.number for run in project.runs)))
    if (run := project.run(shown)) is not None and run in runs:
        configs = run.model.model_config, run.model.training_config
        project = replace(project, model_config=configs[0], training_config=configs[1])
    if without_rows:
        taken = None if project.taken is None else replace(project.taken, test_table=None)
        project = replace(project, table=None, taken=taken)
    return project


def _test_path(options: argparse.Namespace, before: str, taken: Taken) -> str:
    return path_of_test(options, before) if taken.test_table is not None else ""
