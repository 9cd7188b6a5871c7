"""What is open is kept: in its project file, in snapshots against a crash."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mdn_gui.core.taken import Taken
from mdn_gui.errors import ProjectFileError
from mdn_gui.files.options import Watch
from mdn_gui.files.projects.project import Project
from mdn_gui.session.document import Document
from mdn_gui.session.loader import Read, opened_table
from mdn_gui.session.projects import choice_of, make_project_ready, open_project, source_of
from mdn_gui.session.recovery import Recovery

if TYPE_CHECKING:
    from mdn_gui.session.session import Session


class RowsMissingError(ProjectFileError):
    """The rows of a project are neither in its file nor where they were read from.

    Parameters
    ----------
    path : Path
        The project file.
    source : str
        Where the rows came from, for people.
    """

    def __init__(self, path: Path, source: str) -> None:
        message = f"{path} cannot be opened: its rows are not in it, and {source or 'their file'} is not there."
        super().__init__(message, "Find the file with the rows.")
        self.path = path


class Keeping(QObject):
    """Wires a document and its recovery to the session.

    Parameters
    ----------
    session : Session
        What is open; the owner.
    recovery_root : Path, optional
        Where snapshots are kept; none are kept without it.
    """

    def __init__(self, session: "Session", recovery_root: Path | None = None) -> None:
        super().__init__(session)
        self._session = session
        self._is_opening = False
        self.keeps_rows = True
        """Whether the rows are saved with a project."""
        self.document = Document(self._to_be_saved, self)
        self.recovery: Recovery | None = None
        if recovery_root is not None:
            self.recovery = Recovery(self._at_risk, self.document, recovery_root, parent=self)
            self.recovery.recovered.connect(self._take_recovered)
            session.collector.best_improved.connect(self.recovery.note_best)
        self.document.opened.connect(self._take_opened)
        session.document_began.connect(self._begin_document)
        session.history.stack.indexChanged.connect(self._touch)
        session.run_list.edited.connect(self._touch)

    def open(self, path: Path, rows: Path | None = None) -> None:
        """Read a project; its rows, where they are not in its file, from where they were read, or from ``rows``."""
        self.document.open(path, partial(_with_rows, path, rows, self._session.data.loader.read))

    def shut_down(self) -> None:
        """Finish what is being written; remove the snapshots."""
        self.document.shut_down()
        if self.recovery is not None:
            self.recovery.shut_down()

    def _to_be_saved(self) -> Project:
        """Return the project; without rows where a person wants it so and they can be read again."""
        project = self._session.project()
        if self.keeps_rows or not project.source.path:
            return project
        return replace(project, table=None)

    def _at_risk(self) -> Project | None:
        """Return what a crash would lose; None where that is nothing."""
        project = self._session.project(for_recovery=True)
        has_more = len(project.runs) > len(self._session.run_list.runs)
        return project if self.document.is_modified or has_more else None

    @Slot()
    def _touch(self) -> None:
        if not self._is_opening and self._session.table is not None:
            self.document.touch()

    @Slot()
    def _begin_document(self) -> None:
        if not self._is_opening:
            self.document.begin_anew()

    @Slot(object)
    def _take_opened(self, project: Project) -> None:
        path = self.document.path
        if not self._open(project) or (path is not None and path.suffix == ".bak"):
            self.document.adopt()  # what was open is still there, without a file now; a copy is not written over

    @Slot(object)
    def _take_recovered(self, project: Project) -> None:
        if self._open(project):
            self.document.adopt()

    def _open(self, project: Project) -> bool:
        self._is_opening = True
        try:
            return open_project(self._session, project)
        finally:
            self._is_opening = False


def _with_rows(path: Path, rows: Path | None, read: Read, project: Project, watch: Watch) -> Project:
    """Return a project with its rows, ready to be shown; those that are not in its file are read here, in a thread."""
    if project.table is None:
        project = _with_rows_of_file(path, rows, read, project, watch)
    make_project_ready(project)
    return project


def _with_rows_of_file(path: Path, rows: Path | None, read: Read, project: Project, watch: Watch) -> Project:
    choice = choice_of(project)
    if rows is not None:
        choice = replace(choice, path=rows)
    elif not choice.path.is_file():
        model = project.model
        raise RowsMissingError(path, project.source.path or (model.provenance.source if model is not None else ""))
    opened = opened_table(read, choice, watch)
    inputs, target = opened.choice.inputs, opened.choice.target
    before = project.taken
    taken = Taken(inputs, target, hold_out=opened.choice.hold_out, test_table=opened.test_table)
    if before is not None:
        taken = replace(taken, excluded=before.excluded[before.excluded < opened.table.num_rows])
    return replace(project, table=opened.table, taken=taken, source=source_of(opened.choice))
