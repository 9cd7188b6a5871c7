"""Hands and eyes of a person: real mouse and keyboard events through the X server, looks at the real screen."""

import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

T = TypeVar("T")
_PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.02


class Robot(QObject):
    """Lives in the GUI thread; its methods are called from the thread that tells the story."""

    _asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._asked.connect(self._answer, Qt.ConnectionType.BlockingQueuedConnection)
        self._pause = threading.Event()

    @Slot(object)
    def _answer(self, question: Callable[[], None]) -> None:
        question()

    def ask(self, question: Callable[[], T]) -> T:
        """Return what ``question`` returns, evaluated in the GUI thread."""
        answers: list[T] = []
        errors: list[Exception] = []

        def evaluate() -> None:
            try:
                answers.append(question())
            except (RuntimeError, AttributeError, IndexError, TypeError) as error:
                errors.append(error)

        self._asked.emit(evaluate)
        if errors:
            raise errors[0]
        return answers[0]

    def wait_for(self, condition: Callable[[], object], what: str) -> None:
        """Return once ``condition`` holds in the GUI thread; raise TimeoutError after a minute."""
        for _ in range(int(_PATIENCE_SECONDS / _POLL_SECONDS)):
            if self.ask(condition):
                return
            self._pause.wait(_POLL_SECONDS)
        message = f"waited in vain until {what}"
        raise TimeoutError(message)

    def move_to(self, widget: QWidget, spot: QPoint | None = None) -> None:
        """Move the mouse to a spot of a widget, its centre by default."""
        place = self.ask(lambda: widget.mapToGlobal(spot or widget.rect().center()))
        self._xdotool("mousemove", str(place.x()), str(place.y()))

    def click(self, widget: QWidget, spot: QPoint | None = None, times: int = 1) -> None:
        """Click with the left button."""
        self.move_to(widget, spot)
        self._xdotool("click", "--repeat", str(times), "--delay", "60", "1")

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        """Press the left button at one spot, let it go at another."""
        self.move_to(widget, start)
        self._xdotool("mousedown", "1")
        for share in (0.2, 0.6, 1.0):  # a drag begins a few pixels away, as a hand would move
            self.move_to(widget, start + (end - start) * share)
        self._xdotool("mouseup", "1")

    def key(self, *names: str) -> None:
        """Press keys, such as ``ctrl+o``."""
        self._xdotool("key", "--clearmodifiers", "--delay", "40", *names)

    def write(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--clearmodifiers", "--delay", "4", "--", text)

    def photograph(self, widget: QWidget, path: Path) -> None:
        """Save what the screen shows where ``widget`` is."""

        def take() -> bool:
            corner, size = widget.mapToGlobal(QPoint(0, 0)), widget.size()
            screen = QGuiApplication.primaryScreen()
            picture = screen.grabWindow(0, corner.x(), corner.y(), size.width(), size.height())
            return picture.save(str(path), "PNG")

        assert self.ask(take)

    def photograph_screen(self, path: Path) -> None:
        """Save what the whole screen shows."""
        assert self.ask(lambda: QGuiApplication.primaryScreen().grabWindow(0).save(str(path), "PNG"))

    @staticmethod
    def _xdotool(*arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], check=True, timeout=30)
