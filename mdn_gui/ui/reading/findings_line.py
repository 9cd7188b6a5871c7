"""The line about components that a fit does not need, with the offer to remove them."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mdn_gui.core.identity import ComponentFinding
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import counted
from mdn_gui.ui.texts import tip_text


class FindingsLine(QWidget):
    """How many components are dead or double, with a link that removes them; hidden where every one is needed."""

    removal_requested = Signal(object)
    """tuple of int: components counted from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[ComponentFinding, ...] = ()
        self._label = ElidedLabel(self, "muted")
        self.link = QPushButton(self.tr("Remove and continue training"), self)
        self.link.setObjectName("link")
        self.link.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._label, 1)
        layout.addWidget(self.link)
        self.show_findings(())

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_findings(self, findings: Sequence[ComponentFinding]) -> None:
        """State what was found, or hide."""
        self._findings = tuple(findings)
        kinds = [finding.kind for finding in self._findings]
        dead = counted(kinds.count("dead"), self.tr("{count} dead"), self.tr("{count} dead"))
        double = counted(kinds.count("duplicate"), self.tr("{count} duplicate"), self.tr("{count} duplicates"))
        parts = [text for kind, text in (("dead", dead), ("duplicate", double)) if kind in kinds]
        self._label.show_text("* " + " · ".join(parts) if parts else "")
        sentences = "\n".join(map(finding_text, self._findings))
        self._label.setToolTip(tip_text(sentences))
        self.link.setToolTip(tip_text(sentences))
        self.link.setAccessibleDescription(sentences)
        self.setVisible(bool(self._findings))

    @Slot()
    def _ask(self) -> None:
        self.removal_requested.emit(tuple(sorted({finding.component for finding in self._findings})))


def finding_text(finding: ComponentFinding) -> str:
    """Return what was found in a sentence."""
    if finding.kind == "duplicate" and finding.twin is not None:
        text = _tr(
            "Component {k} is a duplicate of component {twin}: where either matters they have the same mean and sd."
        )
        return text.format(k=finding.component + 1, twin=finding.twin + 1)
    text = _tr("Component {k} is dead: its weight is next to nothing everywhere.")
    return text.format(k=finding.component + 1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Findings", text)
