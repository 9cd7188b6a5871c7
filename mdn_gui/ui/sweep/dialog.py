"""The dialog that asks what to sweep over."""

import math

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from mdn_gui.core.sweep import SweepPlan, listed
from mdn_gui.errors import ConfigError
from mdn_gui.ui.labels import plain_label
from mdn_gui.ui.sweep.texts import plan_text

_WIDTH = 420
_LONGEST = 2000


class SweepDialog(QDialog):
    """Values of K, seeds; how many runs that makes, how long they take.

    Parameters
    ----------
    plan : SweepPlan
        What is proposed.
    seconds : float
        What one run takes, roughly, such as the last one; NaN where that is not known.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, plan: SweepPlan, seconds: float = math.nan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plan = plan
        self._seconds = seconds
        self.setWindowTitle(self.tr("Sweep"))
        lead = plain_label(self)
        lead.setText(
            self.tr(
                "One run for each number of components with each seed, in the background. Their validation NLLs tell "
                "how many components the rows support, several seeds how much of that is luck."
            )
        )
        self.components = self._field(listed(plan.components), self.tr("Components K"))
        self.seeds = self._field(listed(plan.seeds), self.tr("Seeds"))
        form = QFormLayout()
        for name, box, example in (
            (self.tr("Components K"), self.components, self.tr("such as 1-8, or 1, 2, 4, 8, 16")),
            (self.tr("Seeds"), self.seeds, self.tr("such as 0, or 0-4")),
        ):
            label = QLabel(name, self)
            label.setBuddy(box)
            form.addRow(label, box)
            hint = QLabel(example, self)
            hint.setObjectName("muted")
            form.addRow("", hint)
        self.summary = plain_label(self)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self.start = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.start.setText(self.tr("Start sweep"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(lead)
        layout.addLayout(form)
        layout.addWidget(self.summary)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)
        self.components.selectAll()
        self._take()
        self.resize(_WIDTH, layout.heightForWidth(_WIDTH))

    def _field(self, text: str, name: str) -> QLineEdit:
        box = QLineEdit(text, self)
        box.setMaxLength(_LONGEST)
        box.setAccessibleName(name)
        box.textChanged.connect(self._take)
        return box

    @Slot()
    def _take(self, *_: object) -> None:
        """Take the plan where it is one; say what is wrong otherwise."""
        try:
            self.plan = SweepPlan.of_texts(self.components.text(), self.seeds.text())
        except ConfigError as error:
            self._show_summary(str(error), "error")
        else:
            self._show_summary(plan_text(self.plan, self._seconds), "strong")
        self.summary.setMinimumHeight(2 * self.fontMetrics().lineSpacing())

    def _show_summary(self, text: str, look: str) -> None:
        self.start.setEnabled(look != "error")
        self.summary.setText(text)
        if self.summary.objectName() != look:
            self.summary.setObjectName(look)
            self.summary.style().polish(self.summary)
