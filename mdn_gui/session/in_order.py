"""Work off the GUI thread of which every piece is done, one after the other."""

import logging
from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from mdn_gui.errors import UserError

logger = logging.getLogger(__name__)

Taker = Callable[[object, Exception | None], None]
"""Is called in the GUI thread with what a piece of work returned, or with None, and the exception that ended it."""


class JobsInOrder(QObject):
    """Runs pieces of work in one pool thread in the order in which they were asked for; none is left out.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._ended: deque[Callable[[], None]] = deque()
        self._report = _Report(self)
        self._report.ended.connect(self._deliver)
        self._waiting = 0

    @property
    def is_busy(self) -> bool:
        """True while an answer is to be expected."""
        return self._waiting > 0

    def start(self, work: Callable[[], object], take: Taker | None = None) -> None:
        """Do ``work`` when all that was asked for before is done; hand its answer to ``take``."""
        self._waiting += 1
        self._pool.start(_Job(work, take or _nobody, self._ended, self._report))

    def wait(self) -> None:
        """Return when nothing is under way; may be called in any thread."""
        self._pool.waitForDone()

    def shut_down(self) -> None:
        """Return when everything is done, its answers delivered, what these asked for done too."""
        while self.is_busy:
            self.wait()
            self._deliver()

    @Slot()
    def _deliver(self) -> None:
        while self._ended:
            self._waiting -= 1
            self._ended.popleft()()


class _Report(QObject):
    ended = Signal()


class _Job(QRunnable):
    def __init__(
        self, work: Callable[[], object], take: Taker, ended: "deque[Callable[[], None]]", report: _Report
    ) -> None:
        super().__init__()
        self._work, self._take, self._ended, self._report = work, take, ended, report

    def run(self) -> None:
        """Work; called in a thread of the pool."""
        answer: object = None
        error: Exception | None = None
        try:
            answer = self._work()
        except UserError as refusal:
            error = refusal
        except Exception as fault:
            logger.exception("a job in the background failed")
            error = fault
        self._ended.append(partial(self._take, answer, error))
        self._report.ended.emit()


def _nobody(_answer: object, _error: Exception | None) -> None:
    """Take the answer of work that nobody waits for."""
