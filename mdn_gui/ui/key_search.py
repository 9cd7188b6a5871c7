"""Letters typed at a list choose in it; they are no shortcuts of the window meanwhile."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget


class KeySearch(QObject):
    """Keeps plain letters from the shortcuts of a window while a list has the keyboard.

    Parameters
    ----------
    window : QWidget
        Its shortcuts wait.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key that no list has taken yet, where one would search with it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier}
            if (
                plain
                and event.text().isprintable()
                and event.text()
                and isinstance(QApplication.focusWidget(), QComboBox)
            ):
                event.accept()
                return True
        return super().eventFilter(watched, event)
