"""The file of a document: its lock, how it looked when it was last read or written."""

import os
from pathlib import Path

from mdn_gui.errors import ProjectFileError, UserError
from mdn_gui.files.projects.project import Project
from mdn_gui.session.locks import FileLock, Holder

_Stamp = tuple[int, int]
"""Size in bytes, time of the last change in ns.

A look at them takes no time, the SHA-256 of a project of 100 MB tenths of a second at each save. The number of the file
is left out: some network drives give it anew. Where they differ though the content is the same, a person can still save
in the same place by choosing it.
"""


class NotSavedError(ProjectFileError):
    """A document was not saved; what was on the disk before is unchanged. Another place is a remedy.

    Parameters
    ----------
    path : Path
        Where it was to be saved.
    message, hint : str
        What went wrong, and the remedy.
    """

    def __init__(self, path: Path, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.path = path


class OpenElsewhereError(NotSavedError):
    """Another window has the file open."""


class ChangedOnDiskError(NotSavedError):
    """The file is not the one that was read or written last."""


class Place:
    """A project file that is open, or about to be.

    All that touches the disk is done off the GUI thread, by one thread at a time.

    Parameters
    ----------
    path : Path
        The file.
    neighbour : Place, optional
        That of the same window until now: where it is the same file, its lock is shared.
    """

    def __init__(self, path: Path, neighbour: "Place | None" = None) -> None:
        self.path = path
        self.is_locked_elsewhere = False
        """Whether another window had the file open when it was last asked for."""
        self._neighbour = neighbour
        self._lock: FileLock | None = None
        self._stamp: _Stamp | None = None
        self._is_ours = False
        """Whether it has been read or written here."""

    @property
    def holder(self) -> Holder | None:
        """Who else has it open, where that is known."""
        return self._lock.holder if self._lock is not None and self.is_locked_elsewhere else None

    def read(self) -> Project:
        """Take the lock, where nobody has it, then read the file.

        Raises
        ------
        ProjectFileError
            When it cannot be read; the lock is let go again.
        """
        from mdn_gui.files.projects.opening import open_project

        self._claim()
        stamp = _stamp(self.path)  # before it is read: what is written meanwhile counts as a change
        try:
            project = open_project(self.path)
        except BaseException:
            self.leave()
            raise
        self._stamp, self._is_ours = stamp, True
        return project

    def write(self, project: Project, *, is_chosen: bool) -> None:
        """Write the file.

        Parameters
        ----------
        project : Project
            What to write.
        is_chosen : bool
            Whether a person has chosen this file for it, so that what is there is to be replaced, whatever it is.

        Raises
        ------
        NotSavedError
            When another window has it open, it was changed by others, or it cannot be written.
        """
        try:
            self._claim()
            self._refuse_theirs(is_chosen=is_chosen)
            self._write(project)
        except BaseException:
            if not self._is_ours:
                self.leave()
            raise
        self._stamp, self._is_ours = _stamp(self.path), True

    def keep(self) -> None:
        """Stay: the place until now is given up, a lock that both share is this one's."""
        self._neighbour = None

    def leave(self, successor: "Place | None" = None) -> None:
        """Let the lock go, unless the place until now or the one from now on shares it."""
        others = [other for other in (self._neighbour, successor) if other is not None]
        if self._lock is not None and all(other.lock is not self._lock for other in others):
            self._lock.release()

    @property
    def lock(self) -> FileLock | None:
        """The lock, once it was asked for."""
        return self._lock

    def _claim(self) -> None:
        if self._lock is None:
            self._lock = FileLock.of_document(self.path)
            shared = self._neighbour.lock if self._neighbour is not None else None
            if shared is not None and shared.file == self._lock.file:
                self._lock = shared
        self.is_locked_elsewhere = not self._lock.take()

    def _write(self, project: Project) -> None:
        from mdn_gui.files.projects.saving import save_project

        try:
            save_project(self.path, project)
        except UserError as error:
            raise NotSavedError(self.path, error.message, error.hint) from error

    def _refuse_theirs(self, *, is_chosen: bool) -> None:
        if self.is_locked_elsewhere:
            message = f"{self.path} was not saved: {_holder_text(self.holder)} has it open."
            raise OpenElsewhereError(self.path, message, "Save under another name, or close it there first.")
        if not is_chosen and self._is_ours and _stamp(self.path) not in {None, self._stamp}:
            message = f"{self.path} was not saved: it was changed on disk since it was opened or saved here."
            raise ChangedOnDiskError(
                self.path, message, "Save under another name, or choose the same one to replace it."
            )


def _holder_text(holder: Holder | None) -> str:
    if holder is None:
        return "another window"
    return f"another window (process {holder.pid})" if holder.is_here else f"a window on {holder.host}"


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
