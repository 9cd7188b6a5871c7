"""Reading a table off the GUI thread."""

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from mdn_gui.core.table import Table
from mdn_gui.errors import UserError

logger = logging.getLogger(__name__)


class _Job(QRunnable):
    def __init__(self, generation: int, path: Path, read: Callable[[Path], Table], report: "_Report") -> None:
        super().__init__()
        self._generation, self._path, self._read, self._report = generation, path, read, report

    def run(self) -> None:
        """Read; called in a thread of the pool."""
        try:
            result: Table | Exception = self._read(self._path)
        except UserError as error:
            result = error
        except Exception as error:
            logger.exception("%s could not be read", self._path)
            result = error
        self._report.finished.emit(self._generation, result)


class _Report(QObject):
    finished = Signal(int, object)


class TableLoader(QObject):
    """Reads one table at a time; a newer request makes the answer of an older one void.

    Parameters
    ----------
    read : callable
        Takes a path, returns a Table or raises.
    parent : QObject, optional
        Owner.
    """

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, read: Callable[[Path], Table], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._generation = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._report = _Report(self)
        self._report.finished.connect(self._deliver)

    def load(self, path: Path) -> None:
        """Begin to read the file at ``path``."""
        self._generation += 1
        self._pool.start(_Job(self._generation, path, self._read, self._report))

    def cancel(self) -> None:
        """Make the answer of a pending request void."""
        self._generation += 1

    def shut_down(self) -> None:
        """Wait for the reading that is under way."""
        self.cancel()
        self._pool.waitForDone()

    @Slot(int, object)
    def _deliver(self, generation: int, result: Table | Exception) -> None:
        if generation != self._generation:
            return
        if isinstance(result, Table):
            self.loaded.emit(result)
        else:
            self.failed.emit(result)
