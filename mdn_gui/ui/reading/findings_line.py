"""The line about components that a fit does not need, with the offer to remove them."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mdn_gui.core.identity import ComponentFinding
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import fixed, grouped
from mdn_gui.ui.texts import tip_text

_MOST_NAMED, _SPACING = 5, 10
_LEAST_TOLD = 1e-3
"""Nats a row."""


class FindingsLine(QWidget):
    """Which components can go, what that costs, with a link that removes them; hidden where every one is needed."""

    removal_requested = Signal(object)
    """tuple of int: components counted from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: tuple[ComponentFinding, ...] = ()
        self._texts: tuple[str, ...] = ("",)
        self._label = ElidedLabel(self, "muted")
        self.link = QPushButton(self.tr("Remove and continue training"), self)
        self.link.setObjectName("link")
        self.link.clicked.connect(self._ask)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_SPACING)
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
        self._texts = findings_texts(self._findings) if self._findings else ("",)
        sentences = "\n".join((self._texts[0], *map(finding_text, self._findings)))
        self.link.setToolTip(tip_text(sentences))
        self.link.setAccessibleDescription(sentences)
        self.setVisible(bool(self._findings))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show the longest text that has room, the shortest where none has; the tool tip tells everything."""
        room = self.width() - self.link.sizeHint().width() - _SPACING
        advance = self._label.fontMetrics().horizontalAdvance
        self._label.show_text(next((text for text in self._texts if advance(text) <= room), self._texts[-1]))
        self._label.setToolTip(self.link.toolTip())

    @Slot()
    def _ask(self) -> None:
        self.removal_requested.emit(tuple(sorted({finding.component for finding in self._findings})))


def findings_texts(findings: Sequence[ComponentFinding]) -> tuple[str, ...]:
    """Return what there is to say of findings, at least one, in shorter and shorter texts.

    Such as "* Components 3 and 7 can go: the fit loses 0.002 nats a row", the same without the loss, "* 3, 7 can go".
    """
    numbers = [str(finding.component + 1) for finding in findings]
    if len(numbers) > _MOST_NAMED:
        which = _tr("* {count} components can go").format(count=grouped(len(numbers)))
    elif len(numbers) > 1:
        which = _tr("* Components {some} and {last} can go").format(some=", ".join(numbers[:-1]), last=numbers[-1])
    else:
        which = _tr("* Component {k} can go").format(k=numbers[0])
    loss = sum(finding.loss for finding in findings)
    if loss < _LEAST_TOLD / 2:
        whole = _tr("{which}: the fit loses less than {loss} nats a row")
    else:
        whole = _tr("{which}: the fit loses {loss} nats a row")
    short = _tr("* {count} of them can go") if len(numbers) > _MOST_NAMED else _tr("* {some} can go")
    return (
        whole.format(which=which, loss=fixed(max(loss, _LEAST_TOLD), 3)),
        which,
        short.format(count=grouped(len(numbers)), some=", ".join(numbers)),
    )


def finding_text(finding: ComponentFinding) -> str:
    """Return what was found in a sentence."""
    if finding.kind == "duplicate" and finding.twin is not None:
        text = _tr("Component {k} is a duplicate of component {twin}: joined to one they fit the rows as well.")
        return text.format(k=finding.component + 1, twin=finding.twin + 1)
    text = _tr("Component {k} is dead: without it the others fit the rows as well.")
    return text.format(k=finding.component + 1)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Findings", text)
