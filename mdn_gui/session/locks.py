"""Who has a file open: a lock beside it for as long as it is."""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from PySide6.QtCore import QLockFile, QSysInfo

_SECONDS_TO_SAY_WHO = 10.0
"""A lock file is empty for a moment when it is made; one that stays so was cut off by a power failure."""


@dataclass(frozen=True)
class Holder:
    """The process that has a file open.

    Parameters
    ----------
    host : str
        Name of its computer.
    pid : int
        Its number there.
    """

    host: str
    pid: int

    @property
    def is_here(self) -> bool:
        """Whether it runs, or ran, on this computer."""
        return self.host == QSysInfo.machineHostName()


class FileLock:
    """A lock that one process at a time can have; it is let go when the process ends, however it does.

    Where no file can be made, as in a folder that may only be read, there is no lock, and that is no obstacle:
    :meth:`take` says that nobody else has it.

    Parameters
    ----------
    file : Path
        The file that is there while somebody has the lock.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = QLockFile(str(file))
        self._mutex = RLock()
        self._lock.setStaleLockTime(0)  # however old: it holds as long as its process lives
        self.holder: Holder | None = None
        """Who else had it when it was last asked for; None for nobody, or where that cannot be told."""

    @classmethod
    def of_document(cls, path: Path) -> "FileLock":
        """Return the lock of a project file: a hidden file in its folder, links followed."""
        real = Path(os.path.realpath(path))
        return cls(real.with_name(f".{real.name}.lock"))

    @property
    def is_held(self) -> bool:
        """Whether it is held through this object."""
        return self._lock.isLocked()

    def take(self) -> bool:
        """Take the lock, at once or not at all; return False where another one has it."""
        with self._mutex:
            return self._take()

    def release(self) -> None:
        """Let it go, if it is held."""
        with self._mutex:
            if self.is_held:
                self._lock.unlock()

    def _take(self) -> bool:
        self.holder = None
        if self.is_held or self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            return True
        holder = self._read_holder()
        is_ours_to_judge = holder.is_here if holder is not None else self._has_long_said_nothing()
        if is_ours_to_judge and self._lock.removeStaleLockFile():
            # the number of its process was given to another one meanwhile; the system says that no process has it
            return self._take()
        self.holder = holder
        return False

    def _read_holder(self) -> Holder | None:
        pid, host, _ = self._lock.getLockInfo()
        return Holder(str(host), int(pid)) if pid else None

    def _has_long_said_nothing(self) -> bool:
        """Return whether the file names nobody, and not because it was made this moment."""
        try:
            return time.time() - self.file.stat().st_mtime > _SECONDS_TO_SAY_WHO
        except OSError:
            return False
