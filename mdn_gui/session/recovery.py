"""What is left of a document after a crash: snapshots while it is open, the offer at the next start."""

import time
from collections.abc import Callable
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal, Slot

from mdn_gui.errors import ProjectFileError, UserError, reason_of
from mdn_gui.files.projects.project import Project
from mdn_gui.session.document import Document
from mdn_gui.session.in_order import JobsInOrder
from mdn_gui.session.locks import FileLock
from mdn_gui.session.projects import make_project_ready
from mdn_gui.session.snapshots import RecoveredDocument, Snapshot, SnapshotFolder, found_in, read, remove, set_aside

SECONDS_BETWEEN = 20.0
_SECONDS_OF_REST = 2.0
_REST_FOR_WORK = 10.0
"""After each write so many times as long as it took, so that large documents do not keep the disk busy."""
_LONGEST_TITLE = 200


class Recovery(QObject):
    """Keeps snapshots of the document, finds those that other processes have left.

    Each document has a folder of its own, locked by its process, so that two windows never share one. It is removed
    when nothing would be lost. What was left stays until a person has answered.

    Parameters
    ----------
    snapshot : callable
        Returns the Project as it is now, a run under way as one that was interrupted; None where nothing would be lost.
        Called in the GUI thread, so it must be quick.
    document : Document
        Tells what changes.
    root : Path, optional
        Where the folders of all documents are; a folder of the application's data by default.
    interval : float
        The longest time between a change and its snapshot, s.
    parent : QObject, optional
        Owner.
    """

    recovered = Signal(object)
    """Project that was asked for; what is connected makes it the one that is open, then lets the document adopt it."""
    failed = Signal(object)
    """UserError: no snapshot can be kept, told once; or what was left cannot be read and is set aside."""

    def __init__(
        self,
        snapshot: Callable[[], Project | None],
        document: Document,
        root: Path | None = None,
        *,
        interval: float = SECONDS_BETWEEN,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._snapshot, self._document = snapshot, document
        self._root = root or snapshots_folder()
        self._interval = interval
        self._folder = SnapshotFolder(self._root)
        self._disk = JobsInOrder(self)
        self._left: dict[RecoveredDocument, FileLock] = {}
        self._read: RecoveredDocument | None = None
        """The one that was handed out last, until the document adopts it."""
        self._adopted: list[RecoveredDocument] = []
        """Open here; kept until there is a snapshot of this document."""
        self._has_snapshot = self._is_failing = self._is_over = False
        self._rests_until = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._keep)
        document.touched.connect(self.note_change)
        document.settled.connect(self._keep_at_once)
        document.adopted.connect(self._take_over)

    @property
    def interval(self) -> float:
        """The longest time between a change and its snapshot, s."""
        return self._interval

    @interval.setter
    def interval(self, seconds: float) -> None:
        self._interval = seconds
        if self._timer.isActive():
            self._expect(seconds)

    @Slot()
    def note_change(self) -> None:
        """Take a snapshot before long."""
        self._expect(self._interval)

    @Slot()
    def note_best(self) -> None:
        """Take a snapshot soon: a run has found a better network than before."""
        self._expect(min(max(self._rests_until - time.monotonic(), 0.0), self._interval))

    # -- what was left ------------------------------------------------------------------------------------------------

    def orphans(self) -> tuple[RecoveredDocument, ...]:
        """Return what processes that are gone have left, the newest first; it is this window's to offer from now on."""
        found, aside = found_in(self._root)
        self._left.update(found)
        for folder in aside:
            message = f"{folder} was left by a crash and cannot be read."
            self.failed.emit(ProjectFileError(message, "It is kept there; delete it when it is not needed."))
        return tuple(self._left)

    def recover(self, orphan: RecoveredDocument) -> None:
        """Read what was left; ``recovered`` or ``failed`` follows."""
        self._disk.start(partial(_read_ready, orphan.folder), partial(self._hand_out, orphan))

    def discard(self, orphan: RecoveredDocument) -> None:
        """Remove what was left."""
        lock = self._left.pop(orphan, None)
        if lock is not None:
            self._disk.start(partial(_remove, orphan.folder, lock))

    def shut_down(self) -> None:
        """Remove the snapshots of this document: it was closed on purpose. What was not answered is left."""
        self._is_over = True
        self._timer.stop()
        self._disk.shut_down()
        self._clear()
        self._disk.shut_down()
        for lock in self._left.values():
            lock.release()

    # -- what is kept -------------------------------------------------------------------------------------------------

    def _expect(self, seconds: float) -> None:
        """Take a snapshot in so many seconds, or earlier where that was expected."""
        milliseconds = round(1000.0 * seconds)
        if not self._is_over and (not self._timer.isActive() or self._timer.remainingTime() > milliseconds):
            self._timer.start(milliseconds)

    @Slot()
    def _keep_at_once(self) -> None:
        self._expect(0.0)

    @Slot()
    def _keep(self) -> None:
        if self._disk.is_busy:
            self._expect(_SECONDS_OF_REST)
            return
        project = self._snapshot()
        if project is None:
            self._clear()
            return
        snapshot = Snapshot(project, self._title(project), self._document.path, datetime.now(timezone.utc))
        self._disk.start(
            partial(self._folder.write, snapshot), partial(self._finish, time.monotonic(), tuple(self._adopted))
        )

    def _finish(self, began: float, adopted: tuple[RecoveredDocument, ...], _: object, error: Exception | None) -> None:
        now = time.monotonic()
        self._rests_until = now + max(_SECONDS_OF_REST, _REST_FOR_WORK * (now - began))
        if error is not None:
            self._expect(self._interval)
            if not self._is_failing:
                self.failed.emit(_not_kept(error))
        else:
            self._has_snapshot = True
            for orphan in adopted:
                self._adopted.remove(orphan)
                self.discard(orphan)
        self._is_failing = error is not None

    def _clear(self) -> None:
        """Remove every snapshot of this document: nothing would be lost."""
        if self._has_snapshot or self._is_failing:
            self._disk.start(self._folder.clear)
            self._has_snapshot = self._is_failing = False
        while self._adopted:
            self.discard(self._adopted.pop())

    def _hand_out(self, orphan: RecoveredDocument, project: object, error: Exception | None) -> None:
        if self._is_over:
            return
        if error is None:
            self._read = orphan
            self.recovered.emit(project)
            return
        lock = self._left.pop(orphan, None)
        if lock is not None:
            self._disk.start(partial(_set_aside, orphan.folder, lock))
        self.failed.emit(_not_recovered(orphan, error))

    @Slot()
    def _take_over(self) -> None:
        """Keep what the document has adopted until there is a snapshot of this one; take that at once."""
        if self._read is not None:
            self._adopted.append(self._read)
            self._read = None
        self._expect(0.0)

    def _title(self, project: Project) -> str:
        path, source = self._document.path, project.source
        table = project.table.title if project.table is not None else ""
        title = path.name if path is not None else source.title or Path(source.path).name or table
        return title[:_LONGEST_TITLE]


def snapshots_folder() -> Path:
    """Return where the snapshots of all documents of a person are."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "recovery"


def _read_ready(folder: Path) -> Project:
    project = read(folder)
    make_project_ready(project)
    return project


def _remove(folder: Path, lock: FileLock) -> None:
    remove(folder)
    lock.release()


def _set_aside(folder: Path, lock: FileLock) -> None:
    set_aside(folder)
    lock.release()


def _not_kept(error: Exception) -> UserError:
    reason = error.message if isinstance(error, UserError) else f"{reason_of(error)}."
    message = f"What you make now would be lost in a crash: no snapshot can be kept. {reason}"
    return ProjectFileError(message, "Save the project now and then; snapshots are tried again.")


def _not_recovered(orphan: RecoveredDocument, error: Exception) -> UserError:
    if isinstance(error, UserError):
        return error
    return ProjectFileError(f"{orphan.folder} cannot be recovered: {reason_of(error)}.", "It is set aside, unchanged.")
