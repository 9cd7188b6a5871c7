"""Work of a view that takes too long for the GUI thread."""

import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

logger = logging.getLogger(__name__)


class _Job(QRunnable):
    def __init__(self, work: Callable[[], Any], finished: Callable[[Any], None]) -> None:
        super().__init__()
        self._work, self._finished = work, finished

    def run(self) -> None:
        """Work; called in a thread of the pool."""
        try:
            result = self._work()
        except Exception:
            # a picture is missing then; data, model, read-out are not touched
            logger.exception("a view could not be worked out")
            result = None
        self._finished(result)


class Background(QObject):
    """Runs functions in pool threads; hands what they return to the GUI thread, unless it is no longer wanted.

    Parameters
    ----------
    parent : QObject
        Owner.
    """

    _finished = Signal(int, object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._generation = 0
        self._finished.connect(self._deliver)

    def run(self, work: Callable[[], Any], take: Callable[[Any], None]) -> None:
        """Call ``work`` in a pool thread, then ``take`` with its result in this one; with None where it failed."""
        generation = self._generation

        def finished(result: object) -> None:
            self._finished.emit(generation, take, result)

        self._pool.start(_Job(work, finished))

    def forget(self) -> None:
        """Drop what is under way: its results are not wanted any more."""
        self._generation += 1
        self._pool.clear()

    def shut_down(self) -> None:
        """Drop what is under way; returns when the threads rest."""
        self.forget()
        self._pool.waitForDone()

    @Slot(int, object, object)
    def _deliver(self, generation: int, take: Callable[[Any], None], result: object) -> None:
        if generation == self._generation:
            take(result)
