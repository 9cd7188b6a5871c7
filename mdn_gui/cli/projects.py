"""The project file of a command: opened, one of its runs chosen, written."""

import argparse
import os
import socket
import tempfile
from dataclasses import asdict
from pathlib import Path

import psutil

from mdn_gui.cli.exits import OUTPUT_FAILED, OutputError
from mdn_gui.cli.output import check_place, say
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import DataError, ProjectFileError, UserError
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project


def add_project(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names a project, the option that chooses one of its runs."""
    parser.add_argument("project", metavar="PROJECT", help="a project or model file (.mdn)")
    parser.add_argument("--run", metavar="N", type=int, help="the run that is read; the one shown, else the newest")


def opened_run(options: argparse.Namespace) -> tuple[Project, TrainingRun]:
    """Return the project that a command names, with the run that it reads.

    Raises
    ------
    ProjectFileError
        When it cannot be opened.
    DataError
        When it holds no such run.
    """
    project = open_project(options.project)
    return project, chosen_run(project, options.project, options.run)


def opened_model(options: argparse.Namespace) -> FittedModel:
    """Return the model of the run that a command reads; errors as :func:`opened_run`."""
    return opened_run(options)[1].model


def chosen_run(project: Project, path: str, number: int | None) -> TrainingRun:
    """Return the run of a number; by default the one that is shown, else the newest.

    Raises
    ------
    DataError
        When there is none.
    """
    if not project.runs:
        raise DataError(f"{path} holds no run.", f"Train one: mdn fit {path} -o {path}")
    if number is None:
        return project.run(project.shown) or project.runs[-1]
    run = project.run(number)
    if run is None:
        numbers = ", ".join(str(each.number) for each in project.runs)
        raise DataError(f"{path} has no run {number}.", f"Its runs are {numbers}.")
    return run


def check_project_place(path: str, data: str, *, overwrite: bool) -> None:
    """Make sure, before any work is done, that a project can be written here without the loss of another one.

    Parameters
    ----------
    path : str
        The project to write.
    data : str
        What is learned from: where that is the project itself, the new runs are added to it.
    overwrite : bool
        Whether another project may be lost.

    Raises
    ------
    SaveError
        When no file can be written here.
    ProjectFileError
        When a window has it open: it would be written over there. When it holds runs that would be lost, or cannot be
        opened, so that nobody knows.
    """
    check_place(path)
    _refuse_open(path)
    if not (overwrite or os.path.realpath(path) == os.path.realpath(data)):
        _refuse_loss(path)


def _refuse_loss(path: str) -> None:
    if not Path(path).is_file() or not Path(path).stat().st_size:
        return
    try:
        count = len(open_project(path).runs)
    except ProjectFileError as error:
        message = f"{path} is there already. {error.message}"
        raise ProjectFileError(message, "Give -o another name, or --overwrite.") from error
    if count:
        runs = "1 run" if count == 1 else f"{count:,} runs"
        raise ProjectFileError(f"{path} holds {runs}.", f"Give {path} as DATA to add to it, or --overwrite.")


def _refuse_open(path: str) -> None:
    real = Path(os.path.realpath(path))
    lock = real.with_name(f".{real.name}.lock")  # as QLockFile writes it: process, program, host, ...
    try:
        pid, program, host = lock.read_text(encoding="utf-8").splitlines()[:3]
        is_open = host != socket.gethostname() or Path(psutil.Process(int(pid)).exe()).name == program
    except (OSError, ValueError, psutil.Error):  # there is none, or its process has ended
        return
    if is_open:
        hint = f"Close it there, or give -o another name; if nobody has it open any more, delete {lock}."
        raise ProjectFileError(f"{path} is open in a window (process {pid} on {host}).", hint)


def save(path: str, project: Project) -> None:
    """Write a project; where that fails, keep what was trained among the temporary files.

    Raises
    ------
    OutputError
        When it could not be written where it belongs.
    """
    try:
        save_project(path, project)
    except UserError as error:
        say(f"mdn: {error}")
        rescued = Path(tempfile.mkdtemp(prefix="mdn-")) / Path(path).name
        try:
            save_project(rescued, project)
        except UserError as second:
            say(f"mdn: {second}")
        else:
            say(f"What was trained is kept in {rescued}.")
        raise OutputError(OUTPUT_FAILED) from error


def facts_of_run(run: TrainingRun) -> dict[str, object]:
    """Return what is told of a run as JSON."""
    model, history, seen = run.model, run.model.history, run.model.provenance
    facts: dict[str, object] = {
        "number": run.number,
        "name": run.name,
        "notes": run.notes,
        "is_starred": run.is_starred,
        "ended": run.ended,
        "continues": run.continues or None,
        "sweep": run.sweep or None,
        "inputs": [encoding.column for encoding in seen.encodings],
        "target": seen.target_name,
        "rows": seen.num_rows,
        "data_digest": seen.data_digest,
        "components": model.num_components,
        "networks": len(model.network.members),
    }
    if history is not None:
        facts |= {
            "judged_on": "validation" if history.validation_nll else "training",
            "nll": history.best_nll,
            "best_epoch": history.best_epoch,
            "epochs": history.epochs,
            "stop_reason": history.stop_reason.value,
            "seconds": history.seconds,
        }
    settings = {"model": asdict(model.model_config), "training": asdict(model.training_config)}
    return facts | {"settings": settings, "libraries": dict(run.libraries)}
