"""The remarks on the data, in the left panel until dismissed."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from mdn_gui.core.findings import Finding
from mdn_gui.ui.texts import mend_text, remarks_text

_MOST_OPEN = 1
"""More remarks are folded into one line, so that the settings stay in sight; a click unfolds them."""
_REMEDY_SIZE = 0.92


class ChecksPanel(QWidget):
    """Shows findings as cards, each with its remedy; takes no room where there are none."""

    mend_requested = Signal(object)
    """Finding, whose mend is to be carried out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[Finding, ...] = ()
        self._dismissed: set[Finding] = set()
        self._cards: list[_Card] = []
        self._is_locked = False
        self._disclosure = QToolButton(self)
        self._disclosure.setObjectName("disclosure")
        self._disclosure.setCheckable(True)
        self._disclosure.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._disclosure.setArrowType(Qt.ArrowType.RightArrow)
        self._disclosure.toggled.connect(self._unfold)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 2, 0, 2)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._disclosure, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that were not dismissed, unfolded or not."""
        return tuple(card.finding for card in self._cards)

    @Slot(object)
    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show these and no others, but for what was dismissed before."""
        self._findings = findings
        self._rebuild()

    def clear(self) -> None:
        """Show nothing; what was dismissed is shown again when it is found again, as on other data."""
        self._dismissed.clear()
        self._disclosure.setChecked(False)
        self.show_findings(())

    def set_locked(self, *, locked: bool) -> None:
        """Offer no mends while a run is under way; remarks stay readable."""
        self._is_locked = locked
        for card in self._cards:
            card.set_locked(locked=locked)

    def _rebuild(self) -> None:
        for card in self._cards:
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
        left = [finding for finding in self._findings if finding not in self._dismissed]
        self._cards = [self._card(finding) for finding in left]
        self._disclosure.setText(remarks_text(len(left)))
        self._unfold(on=self._disclosure.isChecked())
        self.setVisible(bool(left))

    def _card(self, finding: Finding) -> "_Card":
        card = _Card(finding, self)
        card.dismissed.connect(partial(self._dismiss, finding))
        card.mend_requested.connect(partial(self.mend_requested.emit, finding))
        card.set_locked(locked=self._is_locked)
        self._layout.addWidget(card)
        return card

    def _unfold(self, on: object) -> None:
        is_folded = len(self._cards) > _MOST_OPEN
        self._disclosure.setVisible(is_folded)
        self._disclosure.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        for card in self._cards:
            card.setVisible(bool(on) or not is_folded)

    def _dismiss(self, finding: Finding) -> None:
        self._dismissed.add(finding)
        self._rebuild()


class _Card(QFrame):
    dismissed = Signal()
    mend_requested = Signal()

    def __init__(self, finding: Finding, parent: QWidget) -> None:
        super().__init__(parent)
        self.finding = finding
        self.setObjectName("remark")
        dismiss = QToolButton(self)
        dismiss.setObjectName("dismiss")
        dismiss.setText("×")
        dismiss.setToolTip(self.tr("Dismiss this remark"))
        dismiss.setAccessibleName(self.tr("Dismiss: {remark}").format(remark=finding.message))
        dismiss.clicked.connect(self.dismissed)
        first = QHBoxLayout()
        first.setSpacing(4)
        first.addWidget(_text(finding.message, self), 1)
        first.addWidget(dismiss, 0, Qt.AlignmentFlag.AlignTop)
        remedy = _text(finding.remedy, self)
        remedy.setObjectName("muted")
        font = remedy.font()
        font.setPointSizeF(_REMEDY_SIZE * font.pointSizeF())
        remedy.setFont(font)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.setSpacing(3)
        layout.addLayout(first)
        layout.addWidget(remedy)
        self._mend: QPushButton | None = None
        if finding.mend is not None:
            self._mend = QPushButton(mend_text(finding), self)
            self._mend.setObjectName("link")
            self._mend.setCursor(Qt.CursorShape.PointingHandCursor)
            self._mend.setAccessibleDescription(finding.message)
            self._mend.clicked.connect(self.mend_requested)
            layout.addWidget(self._mend, 0, Qt.AlignmentFlag.AlignLeft)

    def set_locked(self, *, locked: bool) -> None:
        """Offer the mend or not."""
        if self._mend is not None:
            self._mend.setEnabled(not locked)


def _text(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long name: no wider
    label.setWordWrap(True)  # behind the policy, which would make it forget that its height follows from its width
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
