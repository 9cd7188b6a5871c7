"""Project files made, opened for the tests of the commands."""

import json
from pathlib import Path
from typing import Any

import pytest

from mdn_gui.cli.main import main
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project

Said = pytest.CaptureFixture[str]


def saved(path: Path, *models: FittedModel) -> Path:
    """Write a project without rows, with a run for each model; the last one is shown."""
    runs = tuple(TrainingRun(number, model) for number, model in enumerate(models, start=1))
    save_project(path, Project(runs=runs, runs_made=len(runs), shown=len(runs)))
    return path


def model_in(path: "str | Path") -> FittedModel:
    model = open_project(path).model
    assert model is not None
    return model


def done(*arguments: object) -> None:
    """Run a command that must succeed."""
    assert main([str(argument) for argument in arguments]) == 0


def refused(capsys: Said, *arguments: object) -> str:
    """Run a command that must be refused; return what it says."""
    assert main([str(argument) for argument in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err


def told(capsys: Said) -> dict[str, Any]:
    """Return the JSON object on standard output."""
    value = json.loads(capsys.readouterr().out)
    assert isinstance(value, dict)
    return value
