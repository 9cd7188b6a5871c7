"""The mouse wheel scrolls a panel; it changes a field only where the person is in it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class _Guard(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the wheel to the panel around a field that has no focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def calm(field: QWidget) -> None:
    """Make ``field`` ignore the wheel unless it has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_Guard(field))
