"""What a person has changed, to be taken back step by step."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

MOST_EDITS = 500
_KEYLESS = -1
_SECONDS_TO_MERGE = 1.5


class _Edit(QUndoCommand):
    """One change that has been made already; edits of one thing that quickly follow each other are one."""

    def __init__(self, text: str, undo: Callable[[], object], redo: Callable[[], object], key: str) -> None:
        super().__init__(text)
        self.key, self.undo_change, self.redo_change = key, undo, redo
        self.made_at = time.monotonic()
        self._is_made = True

    def id(self) -> int:
        """Return a number that edits of the same thing share."""
        return hash(self.key) & 0x7FFFFFFF if self.key else _KEYLESS

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a newer change of the same thing in."""
        if not isinstance(other, _Edit) or other.key != self.key:
            return False
        if other.made_at - self.made_at > _SECONDS_TO_MERGE:
            return False
        self.redo_change, self.made_at = other.redo_change, other.made_at
        self.setText(other.text())
        return True

    def undo(self) -> None:
        """Take the change back."""
        self.undo_change()

    def redo(self) -> None:
        """Make the change again; the first call comes while it is recorded, when it stands already."""
        if not self._is_made:
            self.redo_change()
        self._is_made = False


class History(QObject):
    """The undo stack of a document.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(MOST_EDITS)

    def record(self, text: str, undo: Callable[[], object], redo: Callable[[], object], key: str = "") -> None:
        """Keep a change that has just been made.

        Parameters
        ----------
        text : str
            What was done, as in "Exclude 3 rows".
        undo, redo : callable
            Take it back; make it again. Neither may record anything.
        key : str
            What was changed, where changes of it that quickly follow each other count as one; empty for none.
        """
        self.stack.push(_Edit(text, undo, redo, key))

    def clear(self) -> None:
        """Forget everything, because another document is open."""
        self.stack.clear()

    def shut_down(self) -> None:
        """Forget everything while those who listen are still there: Qt would do so while it destroys the stack."""
        self.clear()
