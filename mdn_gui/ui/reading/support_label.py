"""The text about the data behind a reading, on as many lines as it needs."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class SupportLabel(QLabel):
    """Plain text on as many lines as it needs.

    A label that wraps makes a scroll area give its content the height that it would like, not the one it can live
    with. So this one states the height for the width that it has.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("support")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, text: str, *, warns: bool = False) -> None:
        """Show a text, as a warning or not; none takes no room."""
        self.setText(text)
        self.setVisible(bool(text))
        if self.property("warns") is not warns:
            self.setProperty("warns", warns)
            self.style().unpolish(self)
            self.style().polish(self)

    def hasHeightForWidth(self) -> bool:
        """Return False: the size hint says it."""
        return False

    def sizeHint(self) -> QSize:
        """Return the height that the text needs in the width there is."""
        return QSize(0, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Return the same: any width will do."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height in another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
