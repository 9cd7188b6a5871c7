"""Whether the open file is still what was read."""

import hashlib
import stat
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal, Slot

from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob

_SETTLE_MS = 500
"""A file that is being written changes many times: it is looked at when it has been quiet so long."""
_POLL_MS = 3_000
"""The system tells nothing of what others write on a network drive, so the file is looked at now and then anyway."""
_BLOCK_BYTES = 1 << 20

Stamp = tuple[int, int, int]
"""Size in bytes, time of the last change in ns, number of the file: they change when the content does."""


@dataclass(frozen=True)
class _Look:
    """What was seen: no stamp of a file that is not there, no digest of one that is still being written."""

    stamp: Stamp | None
    digest: str | None = None


class FileWatcher(QObject):
    """Tells when the content of a file is no longer the one it had when the watching began.

    Stamp first, then SHA-256: a file that was only touched, or saved as it was, is not told. All looking is done in a
    pool thread, since a drive that has gone away may take its time to say so.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    settle_ms, poll_ms : int
        How long a file must be quiet before it is looked at; how often it is looked at without being told to.
    """

    changed = Signal(object)
    """Path: the file holds something new; once for each new content."""
    vanished = Signal(object)
    """Path: the file is not there any more, or cannot be reached."""
    restored = Signal(object)
    """Path: the file is again what it was, after ``changed`` or ``vanished``."""

    def __init__(self, parent: QObject | None = None, settle_ms: int = _SETTLE_MS, poll_ms: int = _POLL_MS) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._forget()
        self._system = QFileSystemWatcher(self)
        self._system.fileChanged.connect(self._stir)
        self._system.directoryChanged.connect(self._stir)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(settle_ms)
        self._settle.timeout.connect(self._look)
        self._poll = QTimer(self)
        self._poll.setInterval(poll_ms)
        self._poll.timeout.connect(self._look_when_quiet)
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)

    @property
    def path(self) -> Path | None:
        """The file that is watched."""
        return self._path

    @property
    def has_changed(self) -> bool:
        """Whether the file holds something else than when the watching began."""
        return self._original is not None and self._told not in {"", self._original}

    @Slot(object)
    def watch(self, path: Path | None) -> None:
        """Watch another file, whose content from now on is the known one; or none.

        Call it when the reading begins: what is written while the file is being read is then told too.
        """
        self._stop()
        self._path = None if path is None else path.absolute()
        self._forget()
        if self._path is not None:
            self._register()
            self._poll.start()
            self._look()

    def shut_down(self) -> None:
        """Watch nothing any more; return when the look under way has ended."""
        self.watch(None)
        self._job.shut_down()

    def _forget(self) -> None:
        self._known: _Look | None = None
        self._original: str | None = None
        """Digest of what was read; empty where the file changed before it was known."""
        self._told = ""
        self._seen: Stamp | None = None
        self._misses = 0
        """Looks that found no file, or none that can be read, since its content was last known."""

    def _stop(self) -> None:
        self._job.drop()
        self._settle.stop()
        self._poll.stop()
        watched = self._system.files() + self._system.directories()
        if watched:
            self._system.removePaths(watched)

    def _register(self) -> None:
        """Ask the system to tell of the file and of its folder: a file that is replaced is another one to it."""
        if self._path is not None:
            for place in (str(self._path), str(self._path.parent)):
                self._system.removePath(place)
                self._system.addPath(place)

    @Slot(str)
    def _stir(self, _: str) -> None:
        self._settle.start()

    @Slot()
    def _look_when_quiet(self) -> None:
        if not (self._settle.isActive() or self._job.is_busy):
            self._look()

    @Slot()
    def _look(self) -> None:
        if self._path is not None:
            self._job.start(partial(_looked_at, self._path, self._known, self._seen))

    @Slot(object)
    def _take(self, look: _Look) -> None:
        if look.stamp != self._seen:
            self._register()
        self._seen = look.stamp
        if look.digest is None:
            self._original = self._original or ""
        if look.stamp is None:
            self._miss()
        elif look.digest is None:
            self._settle.start()
        else:
            self._compare(look, look.digest)

    def _miss(self) -> None:
        self._misses += 1
        if self._misses == 1:
            self._settle.start()  # it may only be about to be replaced
        elif self._misses == 2:
            self._told = ""
            self.vanished.emit(self._path)

    def _compare(self, look: _Look, digest: str) -> None:
        self._known, self._misses = look, 0
        if self._original is None:
            self._original = self._told = digest
        elif digest != self._told:
            self._told = digest
            (self.restored if digest == self._original else self.changed).emit(self._path)


def _looked_at(path: Path, known: _Look | None, seen: Stamp | None, watch: Watch) -> _Look:
    """Return what there is at ``path``; called in a thread of the pool.

    Parameters
    ----------
    path : Path
        The file.
    known : _Look or None
        The last one with a digest; None to read the file at once.
    seen : tuple or None
        The stamp of the last look of all: a file that changed since is still being written.
    watch : Watch
        Tells when nobody waits for the answer any more.
    """
    stamp = _stamp(path)
    if known is not None and stamp == known.stamp:
        return known
    if stamp is None or (known is not None and stamp != seen):
        return _Look(stamp)
    try:
        digest = _digest(path, watch)
    except OSError:
        return _Look(None)  # what cannot be read is as good as gone
    after = _stamp(path)
    return _Look(after, digest if after == stamp else None)


def _stamp(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):  # whoever opens a pipe may wait for ever
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _digest(path: Path, watch: Watch) -> str | None:
    summary = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            if watch.is_cancelled():
                return None
            summary.update(block)
    return summary.hexdigest()
