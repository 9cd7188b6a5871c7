"""The box that takes every value from one row of the table."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSpinBox, QWidget

from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.numbers import tabular

_GREATEST = 2**31 - 1


class RowBox(QWidget):
    """A row number, counted from 1, whose values are taken when it is typed or stepped to; a way back to the middle.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    row_requested = Signal(int)
    """Number of a row of the table, counted from 1."""
    middle_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QSpinBox(self)
        self.box.setAccessibleName(self.tr("Take the values of the row with this number"))
        self.box.setSpecialValueText("–")
        self.box.setKeyboardTracking(False)
        self.box.setFont(tabular(self.box.font()))
        self.box.setMinimumWidth(74)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.valueChanged.connect(self._take)
        calm(self.box)
        self.middle = QPushButton(self.tr("Middle"), self)
        self.middle.setToolTip(self.tr("Hold every input at its median, a category at its most frequent level"))
        self.middle.clicked.connect(self.middle_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.box, 1)
        layout.addWidget(self.middle)
        self.show_num_rows(0)
        self.show_row(None)

    def show_num_rows(self, count: int) -> None:
        """Let numbers up to ``count`` be chosen."""
        with QSignalBlocker(self.box):
            self.box.setRange(0, min(count, _GREATEST))

    @Slot(object)
    def show_row(self, row: int | None) -> None:
        """Show the number of the row whose values are held, counted from 1; None where it is no row's."""
        with QSignalBlocker(self.box):
            self.box.setValue(row or 0)
        if row is None:
            self.box.setToolTip(self.tr("Type the number of a row to hold every input at its values"))
        else:
            self.box.setToolTip(self.tr("The inputs have the values of row {row}").format(row=row))

    @Slot(int)
    def _take(self, row: int) -> None:
        if row > 0:
            self.row_requested.emit(row)
