"""Which project file is open, whether it holds what a person has made."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.errors import ProjectFileError, UserError, reason_of
from mdn_gui.files.options import Watch
from mdn_gui.files.projects.project import Project
from mdn_gui.session.background import NewestJob
from mdn_gui.session.in_order import JobsInOrder
from mdn_gui.session.locks import Holder
from mdn_gui.session.place import NotSavedError, Place


@dataclass(frozen=True)
class _Request:
    """A save that was asked for: where, of which state of which document."""

    place: Place
    revision: int
    document: int


@dataclass(frozen=True)
class _Read:
    place: Place
    project: Project


Complete = Callable[[Project, Watch], Project]
"""Adds what is not in the file of a project, or raises UserError."""


def _as_it_is(project: Project, _: Watch) -> Project:
    return project


class Document(QObject):
    """What a person works on, as far as files go. It is read and written in pool threads; its file is locked meanwhile.

    Saves are done one after the other, each with the state that it was asked for in; a newer one waits.

    Parameters
    ----------
    snapshot : callable
        Returns the Project as it is now, at once; called in the GUI thread.
    parent : QObject, optional
        Owner.
    """

    changed = Signal()
    """Path, whether it is modified, busy, or locked elsewhere, is another than before."""
    touched = Signal()
    """Something has changed in what a person works on."""
    settled = Signal()
    """Nothing would be lost: it was saved, another one was opened, or one was begun."""
    adopted = Signal()
    """What was recovered is the document now."""
    opened = Signal(object)
    """Project that was read; what is connected takes it as the one a person works on now.

    Where it cannot, it calls :meth:`Document.adopt`: what it has instead has no file.
    """
    saved = Signal(object)
    """Path that was written."""
    failed = Signal(object)
    """UserError: a file was not opened, everything is as before; or, a NotSavedError, the document was not saved."""

    def __init__(self, snapshot: Callable[[], Project], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot = snapshot
        self._place: Place | None = None
        self._target: Place | None = None
        """Where the newest save goes."""
        self._document = 0
        self._revision = self._kept = 0
        """Counted from the beginning; of the document, of what its file holds."""
        self._requests: list[_Request] = []
        self._disk = JobsInOrder(self)
        self._reading = NewestJob(self, threads=2)
        self._reading.finished.connect(self._take)
        self._reading.failed.connect(self._refuse)
        self._reading.busy_changed.connect(self._tell)
        self._told = self._state()

    @property
    def path(self) -> Path | None:
        """Its file; None while it has none."""
        return None if self._place is None else self._place.path

    @property
    def is_modified(self) -> bool:
        """Whether its file does not hold everything."""
        return self._revision != self._kept

    @property
    def is_opening(self) -> bool:
        """Whether a file is being read."""
        return self._reading.is_busy

    @property
    def is_saving(self) -> bool:
        """Whether the document is being written."""
        return bool(self._requests)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written."""
        return self.is_opening or self.is_saving

    @property
    def is_locked_elsewhere(self) -> bool:
        """Whether another window had the file open when it was last asked for."""
        return self._place is not None and self._place.is_locked_elsewhere

    @property
    def holder(self) -> Holder | None:
        """The process that has the file open elsewhere, where that is known."""
        return None if self._place is None else self._place.holder

    @Slot()
    def touch(self) -> None:
        """Note that something has changed."""
        self._revision += 1
        self.touched.emit()
        self._tell()

    def begin_anew(self) -> None:
        """Begin an untitled document with nothing in it that could be lost; a file that is being read is not opened."""
        self._replace(None)
        self._settle()

    def adopt(self) -> None:
        """Take what was recovered as the document: untitled, modified."""
        self._replace(None)
        self._revision += 1
        self.adopted.emit()
        self._tell()

    def open(self, path: Path, complete: Complete = _as_it_is) -> None:
        """Read a project file; until ``opened`` everything stays as it is. A newer call counts.

        Parameters
        ----------
        path : Path
            The file.
        complete : callable, optional
            ``complete(project, watch)`` returns the project with what is not in its file; called in a pool thread.
        """
        self._reading.start(partial(_read, Place(path.absolute(), self._place), self._disk.wait, complete))

    def save(self, path: Path | None = None) -> None:
        """Save the document as it is now.

        Parameters
        ----------
        path : Path or None
            The file that a person has chosen, to be replaced whatever it holds; None for that of the document, which
            is not replaced when others have changed it.

        Raises
        ------
        ValueError
            When no path is given and the document has none.
        """
        place = self._target or self._place
        if path is not None and (place is None or place.path != path.absolute()):
            place = Place(path.absolute(), self._place)
        if place is None:
            raise ValueError("an untitled document needs a path")
        request = _Request(place, self._revision, self._document)
        if path is None and request in self._requests[-1:]:
            return  # this very state is about to be saved there
        self._target = place
        self._requests.append(request)
        write = partial(place.write, self._snapshot(), is_chosen=path is not None)
        self._disk.start(write, partial(self._take_save, request))
        self._tell()

    def shut_down(self) -> None:
        """Finish what is being written, let the lock go; return when every thread has ended."""
        self._reading.shut_down()
        self._disk.shut_down()
        if self._place is not None:
            self._place.leave()

    def _replace(self, place: Place | None) -> None:
        """Make another document the present one, in ``place`` or untitled."""
        self._reading.drop()
        self._document += 1
        self._go_to(place)
        self._target = None

    def _go_to(self, place: Place | None) -> None:
        before, self._place = self._place, place
        if place is not None:
            place.keep()
        if before is not None and before is not place:
            self._disk.start(partial(before.leave, place))

    @Slot(object)
    def _take(self, read: _Read) -> None:
        self._replace(read.place)
        document = self._document
        self.opened.emit(read.project)
        if document == self._document:  # nobody has begun another one since
            self._settle()

    def _settle(self) -> None:
        self._kept = self._revision
        self.settled.emit()
        self._tell()

    @Slot(object)
    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            error = ProjectFileError(f"The file cannot be opened: {reason_of(error)}.", "Try an earlier copy of it.")
        self.failed.emit(error)

    def _take_save(self, request: _Request, _: object, error: Exception | None) -> None:
        self._requests.remove(request)
        if request.document != self._document:
            if error is None:  # the document it was of is closed
                self._disk.start(partial(request.place.leave, self._place))
        elif error is None:
            self._go_to(request.place)
            self._kept = request.revision
        if self._target is request.place and request.place not in [each.place for each in self._requests]:
            self._target = None
        if error is not None:
            self.failed.emit(_not_saved(request.place.path, error))
        else:
            self.saved.emit(request.place.path)
            if not self.is_modified:
                self.settled.emit()
        self._tell()

    def _state(self) -> tuple[object, ...]:
        return self.path, self.is_modified, self.is_opening, self.is_saving, self.is_locked_elsewhere

    @Slot()
    def _tell(self, *_: object) -> None:
        state = self._state()
        if state != self._told:
            self._told = state
            self.changed.emit()


def _not_saved(path: Path, error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    message = f"{path} was not saved: {reason_of(error)}."
    return NotSavedError(path, message, "Try again, or save under another name.")


def _read(place: Place, wait_for_saves: Callable[[], None], complete: Complete, watch: Watch) -> _Read:
    """Read a file in a pool thread, once what is being saved is saved: it may be that file."""
    wait_for_saves()
    project = place.read()
    try:
        project = complete(project, watch)
    except BaseException:
        place.leave()
        raise
    if watch.is_cancelled():
        place.leave()
    return _Read(place, project)
