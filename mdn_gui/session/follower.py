"""The newest answer about something that changes, worked out off the GUI thread."""

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.session.background import NewestJob, Work


class Follower(QObject):
    """Keeps the newest answer; an answer about what was before never comes late.

    Parameters
    ----------
    nothing : object
        The answer where there is nothing to ask.
    parent : QObject, optional
        Owner.
    busy : object, optional
        The answer while another one is worked out; ``nothing`` by default.
    failed : object, optional
        The answer where none could be worked out; ``nothing`` by default. What went wrong is in the log.
    """

    changed = Signal(object)
    """Another answer."""

    def __init__(
        self, nothing: object, parent: QObject | None = None, *, busy: object = None, failed: object = None
    ) -> None:
        super().__init__(parent)
        self._nothing = nothing
        self._busy, self._failed = (nothing if other is None else other for other in (busy, failed))
        self._about: tuple[object, ...] = ()
        self.answer: Any = nothing
        """The newest answer."""
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    def ask(self, about: tuple[object, ...], work: Work | None) -> None:
        """Let ``work`` answer, where what it is about are not the same objects as before; None: nothing to ask."""
        if len(about) == len(self._about) and all(one is other for one, other in zip(about, self._about, strict=True)):
            return
        self._about = about
        self._job.drop()
        if work is None:
            self._take(self._nothing)
        else:
            self._take(self._busy)
            self._job.start(work)

    def shut_down(self) -> None:
        """Drop the work under way; return when its thread has ended."""
        self._job.shut_down()

    @Slot(object)
    def _take(self, answer: object) -> None:
        if answer is not self.answer and answer != self.answer:
            self.answer = answer
            self.changed.emit(answer)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(self._failed)
