"""Work off the GUI thread of which only the newest answer counts."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

from mdn_gui.errors import UserError
from mdn_gui.files.options import ReadingCancelledError, Watch

_SECONDS_BETWEEN_REPORTS = 0.1
_PAUSE_MS = 100
"""The window paints new data first; and a number that is still being changed does not start a job at each step."""

logger = logging.getLogger(__name__)

Work = Callable[[Watch], object]
"""What is run in a thread of the pool; it may tell how far it is, and look whether it is still wanted."""


class NewestJob(QObject):
    """Runs work in a pool thread; a newer job, or :meth:`drop`, cancels the older one and makes its answer void.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    threads : int
        Jobs under way at the same time; more than one where a job cannot be cancelled and the newest must not wait.
    """

    finished = Signal(object)
    """What the newest job returned."""
    failed = Signal(object)
    """The exception that ended the newest job."""
    progressed = Signal(float)
    """How much of the newest job is done, 0 to 1, at most ten times a second."""
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None, threads: int = 1) -> None:
        super().__init__(parent)
        self._generation = 0
        self._watch: _JobWatch | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._next: Work | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._start_next)
        self._report = _Report(self)
        self._report.ended.connect(self._deliver)
        self._report.progressed.connect(self._pass_on)

    @property
    def is_busy(self) -> bool:
        """True while an answer is to be expected."""
        return self._watch is not None

    def start(self, work: Work) -> None:
        """Begin a job; those before it are void."""
        self._pause.stop()
        was_busy = self.is_busy
        self._make_void()
        self._watch = _JobWatch(self._generation, self._report)
        self._pool.start(_Job(self._watch, work, self._report))
        if not was_busy:
            self.busy_changed.emit(self.is_busy)

    def start_soon(self, work: Work) -> None:
        """Begin a job when nothing newer is asked for within 100 ms; those before it are void at once."""
        self.drop()
        self._next = work
        self._pause.start()

    def drop(self) -> None:
        """Cancel the job under way or to come, if any; its answer does not come."""
        self._pause.stop()
        was_busy = self.is_busy
        self._make_void()
        if was_busy:
            self.busy_changed.emit(self.is_busy)

    def shut_down(self) -> None:
        """Drop the job under way; return when every thread has ended."""
        self.drop()
        self._pool.waitForDone()

    @Slot()
    def _start_next(self) -> None:
        if self._next is not None:
            self.start(self._next)

    def _make_void(self) -> None:
        self._generation += 1
        self._pool.clear()
        if self._watch is not None:
            self._watch.cancelled.set()
        self._watch = None

    @Slot(int, object)
    def _deliver(self, generation: int, answer: object) -> None:
        if generation != self._generation:
            return
        self._watch = None
        self.busy_changed.emit(self.is_busy)
        if isinstance(answer, _Failure):
            self.failed.emit(answer.error)
        else:
            self.finished.emit(answer)

    @Slot(int, float)
    def _pass_on(self, generation: int, fraction: float) -> None:
        if generation == self._generation:
            self.progressed.emit(fraction)


class _Report(QObject):
    ended = Signal(int, object)
    progressed = Signal(int, float)


@dataclass(frozen=True)
class _Failure:
    error: Exception


class _JobWatch:
    """What a job is given to be followed by; it lives in the job's thread but for ``cancelled``."""

    def __init__(self, generation: int, report: _Report) -> None:
        self.generation = generation
        self.cancelled = Event()
        self._report = report
        self._reported_at = -1.0

    def report(self, fraction: float) -> None:
        """Tell how much is done, 0 to 1; too frequent calls are passed over."""
        now = time.monotonic()
        if now - self._reported_at >= _SECONDS_BETWEEN_REPORTS:
            self._reported_at = now
            self._report.progressed.emit(self.generation, fraction)

    def is_cancelled(self) -> bool:
        """Return whether the job is void."""
        return self.cancelled.is_set()


class _Job(QRunnable):
    def __init__(self, watch: _JobWatch, work: Work, report: _Report) -> None:
        super().__init__()
        self._watch, self._work, self._report = watch, work, report

    def run(self) -> None:
        """Work; called in a thread of the pool."""
        try:
            answer = self._work(self._watch)
        except (UserError, ReadingCancelledError) as error:
            answer = _Failure(error)
        except Exception as error:
            logger.exception("a job in the background failed")
            answer = _Failure(error)
        self._report.ended.emit(self._watch.generation, answer)
