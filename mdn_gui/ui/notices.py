"""The place where notices appear: above the plot, until dismissed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mdn_gui.session.messages import Notice, Severity

_MOST = 3


class NoticeArea(QWidget):
    """Up to three notices, newest first; older ones make room."""

    count_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: list[_NoticeFrame] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    @property
    def notices(self) -> list[Notice]:
        """What is shown, newest first."""
        return [frame.notice for frame in self._frames]

    @Slot(object)
    def show_notice(self, notice: Notice, *actions: QAction | None) -> None:
        """Add a notice, with a button for each action that mends it; the same one is not shown twice."""
        if notice in self.notices:
            return
        frame = _NoticeFrame(notice, [action for action in actions if action is not None], self)
        frame.dismissed.connect(self._dismiss)
        self._frames.insert(0, frame)
        self._layout.insertWidget(0, frame)
        for old in self._frames[_MOST:]:
            self._remove(old)
        self.count_changed.emit(len(self._frames))

    def withdraw(self, notice: Notice) -> None:
        """Take a notice away that no longer holds, if it is still shown."""
        for frame in [frame for frame in self._frames if frame.notice == notice]:
            self._dismiss(frame)

    def clear(self, lasting: Notice | None = None) -> None:
        """Dismiss all but one that holds whatever is open."""
        for frame in [frame for frame in self._frames if frame.notice != lasting]:
            self._remove(frame)

    @Slot(object)
    def _dismiss(self, frame: "_NoticeFrame") -> None:
        self._remove(frame)
        self.count_changed.emit(len(self._frames))

    def _remove(self, frame: "_NoticeFrame") -> None:
        self._frames.remove(frame)
        self._layout.removeWidget(frame)
        frame.hide()
        frame.deleteLater()


class _NoticeFrame(QFrame):
    dismissed = Signal(object)

    def __init__(self, notice: Notice, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setObjectName("noticeError" if notice.severity is Severity.ERROR else "notice")
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for text, name in ((notice.message, "strong"), (notice.hint, "")):
            if text:
                label = QLabel(text, self)
                label.setObjectName(name)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long path: no wider
                label.setWordWrap(True)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                texts.addWidget(label)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 8)
        layout.addLayout(texts, 1)
        if actions:
            buttons = QHBoxLayout()
            for action in actions:
                mend = QPushButton(action.text(), self)
                mend.clicked.connect(action.trigger)
                buttons.addWidget(mend)
            buttons.addStretch(1)
            texts.addSpacing(4)
            texts.addLayout(buttons)
        copy = QPushButton(self.tr("Copy details"), self)
        copy.clicked.connect(self._copy)
        close = QPushButton(self.tr("Dismiss"), self)
        close.clicked.connect(lambda: self.dismissed.emit(self))
        for button in (copy, close):
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    @Slot()
    def _copy(self) -> None:
        parts = (self.notice.message, self.notice.hint, self.notice.details)
        QGuiApplication.clipboard().setText("\n".join(part for part in parts if part))
