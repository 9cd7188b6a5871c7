"""``mdn info``: what is in a project file."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from mdn_gui.cli.output import printable, put_json, put_out
from mdn_gui.cli.projects import facts_of_run
from mdn_gui.core.config import preset, settings_text
from mdn_gui.core.selection import ALL_ROWS_TRAIN, HoldOut
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project

SUMMARY = "say what is in a project file"
EXAMPLES = ("mdn info dose.mdn", "mdn info dose.mdn --json")

_HEADINGS = ("run", "K", "networks", "rows", "epochs", "best", "NLL", "ended", "stopped", "")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("project", metavar="PROJECT", help="a project or model file (.mdn)")
    parser.add_argument("--json", action="store_true", help="everything as one JSON object, settings of each run too")


def run(options: argparse.Namespace) -> None:
    """Tell it."""
    project = open_project(options.project)
    if options.json:
        put_json(_facts(options.project, project))
    else:
        put_out(lambda output: output.writelines(f"{printable(line)}\n" for line in _lines(options.project, project)))


def _lines(path: str, project: Project) -> Iterator[str]:
    yield f"{Path(path).name}: {Path(path).stat().st_size:,} bytes, {_counted(len(project.runs), 'run')}"
    table, source = project.table, project.source
    if table is None:
        yield "rows: not kept in the file"
    else:
        yield f"rows: {table.num_rows:,} in {_counted(len(table.columns), 'column')}, {table.title}"
    if source.path:
        yield f"read from: {source.path}"
    if project.taken is not None:
        yield from _taken_lines(project.taken, source.test_path)
    usual = settings_text(*preset("default"))
    others = [line for line in settings_text(project.model_config, project.training_config) if line not in usual]
    yield f"settings of the next run: {', '.join(others) or 'the default ones'}"
    if project.runs:
        yield ""
        yield from _table([_HEADINGS, *(_cells(each, project.shown) for each in project.runs)])


def _taken_lines(taken: Taken, test_path: str) -> Iterator[str]:
    yield f"takes: {', '.join(taken.inputs)} -> {taken.target}"
    if len(taken.excluded):
        yield f"excluded by hand: {_counted(len(taken.excluded), 'row')}"
    if taken.test_table is not None:
        yield f"test: {taken.test_table.num_rows:,} rows of {test_path or taken.test_table.title}"
    elif taken.hold_out != ALL_ROWS_TRAIN:
        yield f"test: {_hold_out_text(taken.hold_out)}"


def _hold_out_text(hold_out: HoldOut) -> str:
    if hold_out.column:
        return f"the rows with {hold_out.level!r} in {hold_out.column}"
    return f"{hold_out.fraction:g} of the rows, drawn by seed {hold_out.seed}"


def _cells(run: TrainingRun, shown: int) -> Sequence[str]:
    model, history = run.model, run.model.history
    remarks = (
        "shown" if run.number == shown else "",
        "starred" if run.is_starred else "",
        f"continues {run.continues}" if run.continues else "",
        f"sweep {run.sweep}" if run.sweep else "",
        run.name,
    )
    return (
        str(run.number),
        str(model.num_components),
        str(len(model.network.members)),
        f"{model.provenance.num_rows:,}",
        "" if history is None else str(history.epochs),
        "" if history is None else str(history.best_epoch),
        f"{run.nll:.4f}",
        run.ended,
        "" if history is None else history.stop_reason.value,
        ", ".join(filter(None, remarks)),
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        numbers = [cell.rjust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        yield "  ".join((*numbers, row[-1])).rstrip()


def _facts(path: str, project: Project) -> dict[str, object]:
    table, taken, source = project.table, project.taken, project.source
    return {
        "project": str(Path(path).absolute()),
        "bytes": Path(path).stat().st_size,
        "rows": None if table is None else table.num_rows,
        "columns": None if table is None else [column.name for column in table.columns],
        "title": source.title or ("" if table is None else table.title),
        "read_from": source.path or None,
        "test_read_from": source.test_path or None,
        "inputs": None if taken is None else taken.inputs,
        "target": None if taken is None else taken.target,
        "excluded": None if taken is None else (taken.excluded + 1).tolist(),
        "test": None if taken is None else asdict(taken.hold_out),
        "settings": {"model": asdict(project.model_config), "training": asdict(project.training_config)},
        "shown": project.shown or None,
        "runs_made": project.runs_made,
        "runs": [facts_of_run(each) for each in project.runs],
        "pins": [asdict(pin) for pin in project.pins],
        "questions": asdict(project.questions),
    }


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
