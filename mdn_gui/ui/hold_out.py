"""The dialog that asks which rows of the open table are kept for the test."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import Table
from mdn_gui.session.importing import NO_FILE, ImportChoice
from mdn_gui.ui.importing.rows import HeldOutForm
from mdn_gui.ui.labels import plain_label

_WIDTH = 380


class HoldOutDialog(QDialog):
    """The test set of the open table.

    Parameters
    ----------
    table : Table
        Every row.
    choice : ImportChoice
        How the table was opened, with the roles and the test set as they are now; :data:`NO_FILE` where it came from
        no file, so that a second one has nothing to be read like.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, table: Table, choice: ImportChoice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self._table = table
        self.setWindowTitle(self.tr("Test set"))
        lead = plain_label(self)
        lead.setText(
            self.tr("Rows of the test are never trained on, nor used to choose an epoch. Each fit is judged on them.")
        )
        self.form = HeldOutForm(self)
        self.form.edited.connect(self._take)
        self.form.show_choice(table, choice)
        ways = self.form.way.model()
        if choice.path == NO_FILE and isinstance(ways, QStandardItemModel):
            ways.item(HeldOutForm.FILE).setEnabled(False)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        self._ok = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(lead)
        layout.addWidget(self.form)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)

    @Slot(object, object)
    def _take(self, hold_out: HoldOut, path: Path | None) -> None:
        self.choice = replace(self.choice, hold_out=hold_out, test_path=path)
        self.form.show_choice(self._table, self.choice)
        self._ok.setEnabled(not self.form.lacks_file)
        self.adjustSize()
