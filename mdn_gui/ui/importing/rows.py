"""The forms of the import dialog that say which rows are read, which of them are for the test."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPushButton, QVBoxLayout, QWidget

from mdn_gui.core.columns import MOST_LEVELS
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import Table
from mdn_gui.files.options import Preview
from mdn_gui.session.importing import ImportChoice, proposed_sample
from mdn_gui.ui.importing.fields import choice_box, count_box, line_of, muted_label, page_of, show_items
from mdn_gui.ui.importing.texts import memory_text
from mdn_gui.ui.labels import ElidedLabel, plain_label

_PERCENT = 20
_ROWS_LOOKED_AT = 1_000_000
_MOST_SEED = 2**31 - 1
_MOST_ROWS = 2**31 - 1
_USUAL_SAMPLE = 100_000


class HeldOutForm(QWidget):
    """Which rows are kept for the test: none, a fraction, those with a value in a column, another file."""

    edited = Signal(object, object)
    """HoldOut, Path of a second file or None."""

    NONE, FRACTION, COLUMN, FILE = range(4)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._choice: ImportChoice | None = None
        self.way = choice_box(self, self.tr("Test set"))
        for text in (
            self.tr("none"),
            self.tr("a fraction, drawn at random"),
            self.tr("rows with a value in a column"),
            self.tr("a second file"),
        ):
            self.way.addItem(text)
        self.percent = count_box(self, self.tr("Percent of the rows"), (1, 90), _PERCENT)
        self.percent.setSuffix(self.tr(" %"))
        self.seed = count_box(self, self.tr("Seed of the test set"), (0, _MOST_SEED), 0)
        self.column = choice_box(self, self.tr("Column of the test set"))
        self.level = choice_box(self, self.tr("Value of the test rows"))
        self.path = ElidedLabel(self, "muted")
        self.browse = QPushButton(self.tr("Browse…"), self)
        self.browse.setAutoDefault(False)
        self.browse.setAccessibleName(self.tr("Browse for the file of the test set"))
        self._pages = {
            self.FRACTION: page_of(
                self,
                (muted_label(self, self.tr("Part"), self.percent), self.percent),
                (muted_label(self, self.tr("Seed"), self.seed), self.seed),
            ),
            self.COLUMN: page_of(
                self,
                (muted_label(self, self.tr("Column"), self.column), self.column),
                (muted_label(self, self.tr("Value"), self.level), self.level),
            ),
            self.FILE: line_of(self, self.path, self.browse),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.way, *self._pages.values()):
            layout.addWidget(widget)
        self._show_page()
        self.way.activated.connect(self._choose_way)
        self.column.activated.connect(self._choose_column)
        self.level.activated.connect(self._announce)
        self.percent.valueChanged.connect(self._announce)
        self.seed.valueChanged.connect(self._announce)
        self.browse.clicked.connect(self.choose_file)

    def show_choice(self, table: Table, choice: ImportChoice) -> None:
        """Show which rows are for the test; offer the columns without a role."""
        self._table, self._choice = table, choice
        used = {*choice.inputs, choice.target}
        free = [column.name for column in table.columns if column.name not in used and not column.kind.is_date]
        show_items(self.column, free, choice.hold_out.column or (free[0] if free else ""))
        self._show_levels(choice.hold_out.level)
        for box, value in ((self.percent, round(100 * choice.hold_out.fraction)), (self.seed, choice.hold_out.seed)):
            if choice.hold_out.fraction:
                with QSignalBlocker(box):
                    box.setValue(value)
        self.path.show_text(self.tr("no file chosen") if choice.test_path is None else choice.test_path.name)
        ways = self.way.model()
        if isinstance(ways, QStandardItemModel):
            ways.item(self.COLUMN).setEnabled(bool(free))
        way = self._way_of(choice)
        if way is not None:
            self.way.setCurrentIndex(way)
        self._show_page()

    @property
    def lacks_file(self) -> bool:
        """True where a second file is wanted, none is chosen yet."""
        return self.way.currentIndex() == self.FILE and (self._choice is None or self._choice.test_path is None)

    @Slot()
    def choose_file(self) -> None:
        """Ask for the second file."""
        folder = str(self._choice.path.parent) if self._choice is not None else ""
        name, _ = QFileDialog.getOpenFileName(self, self.tr("File of the test set"), folder)
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Use a second file as test set."""
        self.edited.emit(HoldOut(), path)

    def _way_of(self, choice: ImportChoice) -> int | None:
        """Return the way that a choice shows; None where the person is still to pick a file."""
        if choice.test_path is not None:
            return self.FILE
        if choice.hold_out.column:
            return self.COLUMN
        if choice.hold_out.fraction:
            return self.FRACTION
        return None if self.way.currentIndex() == self.FILE else self.NONE

    @Slot()
    def _choose_way(self) -> None:
        self._show_page()
        self._announce()

    @Slot()
    def _choose_column(self) -> None:
        self._show_levels("")
        self._announce()

    @Slot()
    def _announce(self) -> None:
        way = self.way.currentIndex()
        if way == self.FRACTION:
            self.edited.emit(HoldOut(self.percent.value() / 100, self.seed.value()), None)
        elif way == self.COLUMN:
            hold_out = HoldOut(column=str(self.column.currentData()), level=str(self.level.currentData()))
            self.edited.emit(hold_out, None)
        else:
            self.edited.emit(HoldOut(), None)

    def _show_levels(self, level: str) -> None:
        name = self.column.currentData()
        if self._table is None or name is None:
            return
        column = self._table.column(str(name))
        _, rows = np.unique(column.values[:_ROWS_LOOKED_AT], return_index=True)
        texts = (column.text(int(row)) for row in rows[: MOST_LEVELS + 1] if not column.empty[row])
        levels = list(dict.fromkeys([*filter(None, [level]), *texts]))[:MOST_LEVELS]
        show_items(self.level, sorted(levels), level or (min(levels) if levels else ""))

    def _show_page(self) -> None:
        for way, page in self._pages.items():
            page.setVisible(way == self.way.currentIndex())


class RowsForm(QWidget):
    """All rows, or a random sample where memory is short."""

    edited = Signal(object, int)
    """Number of rows or None for all, seed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_sample = QCheckBox(self.tr("Read a random sample only"), self)
        self.count = count_box(self, self.tr("Rows of the sample"), (2, _MOST_ROWS), _USUAL_SAMPLE)
        self.seed = count_box(self, self.tr("Seed of the sample"), (0, _MOST_SEED), 0)
        self.reason = plain_label(self, "muted")
        self._page = page_of(
            self,
            (muted_label(self, self.tr("Rows"), self.count), self.count),
            (muted_label(self, self.tr("Seed"), self.seed), self.seed),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for widget in (self.reason, self.is_sample, self._page):
            layout.addWidget(widget)
        self.is_sample.toggled.connect(self._announce)
        self.count.valueChanged.connect(self._announce)
        self.seed.valueChanged.connect(self._announce)

    def show_choice(self, preview: Preview, choice: ImportChoice, free_bytes: int) -> None:
        """Show how many rows are read; why not all, where that would take too much memory."""
        sample = choice.options.sample
        is_tight = proposed_sample(preview, free_bytes) is not None
        self.reason.setText(memory_text(preview.bytes_needed, free_bytes) if is_tight else "")
        self.reason.setVisible(is_tight)
        with QSignalBlocker(self.is_sample), QSignalBlocker(self.count), QSignalBlocker(self.seed):
            self.is_sample.setChecked(sample is not None)
            if sample is not None:
                self.count.setValue(sample)
            elif preview.rows_estimate:
                self.count.setValue(min(self.count.value(), max(preview.rows_estimate, 2)))
            self.seed.setValue(choice.options.seed)
        self._page.setVisible(sample is not None)

    @Slot()
    def _announce(self) -> None:
        self.edited.emit(self.count.value() if self.is_sample.isChecked() else None, self.seed.value())
