"""What is open, as the value that a project file holds."""

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import DataError
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.session.baseline import split_settings
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.loader import make_ready

if TYPE_CHECKING:
    from mdn_gui.core.fitted import FittedModel
    from mdn_gui.session.session import Session


def project_of(session: "Session") -> Project:
    """Return everything that is kept of what is open; nothing is copied."""
    runs, instrument = session.run_list, session.instrument
    return Project(
        session.table,
        session.data.taken,
        source_of(session.data.choice),
        session.model_config,
        session.training_config,
        runs.runs,
        runs.made,
        runs.shown,
        instrument.place,
        tuple(pin.place for pin in instrument.pins),
        instrument.questions,
        session.unknown,
    )


def with_unfinished(project: Project, model: "FittedModel | None", continues: int) -> Project:
    """Return a project with what a run under way has reached as a run of its own."""
    if model is None:
        return project
    run = TrainingRun.just_ended(project.runs_made + 1, model, continues=continues)
    shown = project.run(project.shown)
    number = run.number if shown is None or _is_better(run, shown) else shown.number
    return replace(project, runs=(*project.runs, run), runs_made=run.number, shown=number)


def _is_better(run: TrainingRun, other: TrainingRun) -> bool:
    """Return whether a run is the better one on the same held-out rows."""
    mine, its = run.model, other.model
    same_rows = mine.provenance.data_digest == its.provenance.data_digest
    same_split = split_settings(mine.training_config) == split_settings(its.training_config)
    return same_rows and same_split and run.nll <= other.nll


def make_project_ready(project: Project) -> None:
    """Work out what opening a project asks for at once; called in a thread, where millions of rows hold nobody up."""
    if project.table is not None and project.taken is not None:
        with contextlib.suppress(DataError):  # it is told where the project is opened
            make_ready(project.table, project.taken.selection(project.table))


def open_project(session: "Session", project: Project) -> bool:
    """Open a project with rows; False, with a notice, where that is not possible: everything is then as it was."""
    table, taken = project.table, project.taken
    if table is None or taken is None or session.refuses_changes():
        return False
    try:
        taken.selection(table)
    except DataError as error:
        session.report(error)
        return False
    session.document_began.emit()
    session.unknown = project.unknown
    session.take_settings(project.model_config, project.training_config)
    session.run_list.hold(project.runs, project.runs_made, project.shown)
    session.data.open_taken(table, taken, choice_of(project) if project.source.path else None)
    session.instrument.stand_as(project.cursor, project.pins, project.questions)
    session.history.clear()
    return True


def choice_of(project: Project) -> ImportChoice:
    """Return how the rows of a project are read from a file, the roles of its columns; NO_FILE where there is none."""
    source, taken = project.source, project.taken
    choice = ImportChoice(Path(source.path), source.options, title=source.title)
    if source.test_path:
        choice = replace(choice, test_path=Path(source.test_path))
    if taken is not None:
        return replace(choice, inputs=taken.inputs, target=taken.target, hold_out=taken.hold_out)
    model = project.model
    if model is None:
        return choice
    inputs = tuple(encoding.column for encoding in model.provenance.encodings)
    return replace(choice, inputs=inputs, target=model.provenance.target_name)


def source_of(choice: ImportChoice | None) -> DataSource:
    """Return the file that the rows were read from."""
    if choice is None or choice.title:  # pasted cells lie in a file that ends with the program
        return DataSource(title=choice.title if choice is not None else "")
    test_path = str(choice.test_path.absolute()) if choice.test_path is not None else ""
    return DataSource(str(choice.path.absolute()), choice.options, test_path)
