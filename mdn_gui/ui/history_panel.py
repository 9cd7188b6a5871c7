"""What was changed, step by step: a click goes back or forth."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QUndoView, QVBoxLayout, QWidget

from mdn_gui.ui.labels import plain_label


class HistoryPanel(QWidget):
    """The undo stack as a list, oldest first; what has been taken back stands below the current step.

    Parameters
    ----------
    stack : QUndoStack
        Of the document.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = stack
        self.view = QUndoView(stack, self)
        self.view.setObjectName("choices")
        self.view.setAccessibleName(self.tr("What was changed"))
        self.view.setEmptyLabel(self.tr("Opened"))
        self.view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._empty = plain_label(self, "muted")
        self._empty.setText(self.tr("Nothing to undo yet."))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 4, 10, 6)
        layout.addWidget(self._pages)
        stack.indexChanged.connect(self._follow)
        self._follow()

    def show_state(self, *, is_running: bool) -> None:
        """Grey the list while a run is under way: nothing can be taken back then."""
        self.view.setEnabled(not is_running)

    def sizeHint(self) -> QSize:
        """Return room for a few steps."""
        return QSize(260, 180)

    @Slot()
    def _follow(self, *_: object) -> None:
        self._pages.setCurrentWidget(self.view if self._stack.count() else self._empty)
