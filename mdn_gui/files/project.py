"""A model alone as a project file: what callers use that know of no project yet."""

from typing import TYPE_CHECKING

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project

if TYPE_CHECKING:
    from os import PathLike


def save_model(path: "str | PathLike[str]", model: FittedModel) -> None:
    """Write a project without rows whose one run has this model.

    Raises
    ------
    ProjectFileError
        When the file cannot be written.
    """
    save_project(path, Project.of_run(TrainingRun(1, model)))


def load_model(path: "str | PathLike[str]") -> FittedModel:
    """Return the model that a project shows.

    Raises
    ------
    ProjectFileError
        When the file cannot be opened, or holds no model.
    """
    model = open_project(path).model
    if model is None:
        raise ProjectFileError(f"{path} holds no model.", "Train in it first, then save.")
    return model
