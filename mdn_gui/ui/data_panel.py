"""The data view: rows of the table by their use, what can be done with them."""

import io
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mdn_gui.core.selection import RowArray, Selection
from mdn_gui.core.table import Table
from mdn_gui.core.uses import RowUses
from mdn_gui.files.rows import write_rows
from mdn_gui.ui.data_table import DataTable
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import grouped
from mdn_gui.ui.theme import Theme

MOST_COPIED = 100_000
"""Rows that the clipboard takes without a wait; more are saved instead."""


def _no_rows() -> RowArray:
    return np.zeros(0, dtype=np.int64)


class DataPanel(QWidget):
    """Filter, count, buttons, rows."""

    rows_selected = Signal(object)
    """int array of rows of the table, ascending, counted from 0: what the person has selected here."""
    exclude_requested = Signal(object)
    """int array of rows of the table to be left out."""
    restore_requested = Signal()
    """Use the rows again that were excluded."""
    save_requested = Signal(object)
    """int array of rows of the table to be saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._uses: RowUses | None = None
        self._selected = _no_rows()
        self._filter_before = ""
        """What the person had chosen before scattered rows were shown by the filter; empty while that stands."""
        self.filter = QComboBox(self)
        self.filter.setAccessibleName(self.tr("Rows shown"))
        for name, text in self._filters():
            self.filter.addItem(text, name)
        self.filter.currentIndexChanged.connect(self._take_filter)
        self.count = ElidedLabel(self, "muted")
        self.exclude_button = self._button(self.tr("Exclude"), self._exclude)
        self.restore_button = self._button(self.tr("Restore"), self._restore)
        self.copy_button = self._button(self.tr("Copy"), self.copy)
        self.save_button = self._button(self.tr("Save…"), self._save)
        self.exclude_button.setToolTip(self.tr("Leave the selected rows out"))
        self.restore_button.setToolTip(self.tr("Use the excluded rows again"))
        self.rows = DataTable(self)  # the keyboard comes to it after filter, buttons
        self.rows.copy_requested.connect(self.copy)
        self.rows.rows_selected.connect(self._take_selection)
        self._lay_out()
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(14, 4, 10, 6)
        row.setSpacing(6)
        row.addWidget(self.filter)
        row.addWidget(self.count, 1)
        for button in (self.exclude_button, self.restore_button, self.copy_button, self.save_button):
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.rows, 1)

    def _button(self, text: str, do: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(do)
        return button

    def _filters(self) -> tuple[tuple[str, str], ...]:
        return (
            ("all", self.tr("All rows")),
            ("used", self.tr("Used")),
            ("left out", self.tr("Left out")),
            ("excluded", self.tr("Excluded")),
            ("test", self.tr("Test")),
            ("selected", self.tr("Selected")),
        )

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_selection(self, table: Table, selection: Selection) -> None:
        """Show the rows of a table with their use in ``selection``; the rows of another table lose their selection."""
        is_new = table is not self._table
        words = self._uses.words if self._uses is not None else ()
        self._table, self._uses = table, RowUses.of(selection, table.num_rows)
        if is_new:
            self._selected = _no_rows()
            self._set_filter("all")
        self._show_rows()
        if is_new:
            self.rows.scrollToTop()
            self.rows.horizontalScrollBar().setValue(0)
        if is_new or words != self._uses.words:
            self.rows.fit_columns()

    @Slot(object)
    def select_rows(self, rows: RowArray) -> None:
        """Show rows of the table, counted from 0, as selected elsewhere; scattered ones by the filter."""
        self._selected = np.sort(rows)
        if self._filter_before and not len(rows):
            self._set_filter(self._filter_before)
            self._show_rows()
        elif self._filter() == "selected":
            self._show_rows()
        elif not self.rows.select(self._selected):
            self._set_filter("selected", before=self._filter())
            self._show_rows()
        self._refresh()

    def show_left_out(self) -> None:
        """Show the rows that are not used, with the reasons."""
        self.filter.setCurrentIndex(self.filter.findData("left out"))

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.rows.show_theme(theme)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _filter(self) -> str:
        return str(self.filter.currentData())

    def _set_filter(self, name: str, before: str = "") -> None:
        with QSignalBlocker(self.filter):
            self.filter.setCurrentIndex(self.filter.findData(name))
        self._filter_before = before

    @Slot()
    def _take_filter(self, *_: object) -> None:
        self._filter_before = ""
        self._show_rows()

    @Slot()
    def _show_rows(self, *_: object) -> None:
        uses = self._uses
        if uses is None:
            return
        chosen: dict[str, Callable[[], RowArray | None]] = {
            "used": uses.used,
            "left out": uses.left_out,
            "excluded": uses.excluded,
            "test": uses.test,
            "selected": lambda: self._selected,
        }
        self.rows.show_rows(self._table, uses, chosen.get(self._filter(), lambda: None)())
        self.rows.select(self._selected)
        self._refresh()

    def _refresh(self) -> None:
        shown, all_rows = self.rows.rows.rowCount(), self.rows.rows.last_number()
        text = self.tr("{shown} of {all} rows").format(shown=grouped(shown), all=grouped(all_rows))
        if len(self._selected):
            text += self.tr(", {selected} selected").format(selected=grouped(len(self._selected)))
        self.count.show_text(text)
        self.exclude_button.setEnabled(len(self._selected) > 0)
        self.restore_button.setEnabled(self._uses is not None and len(self._uses.excluded()) > 0)
        taken = len(self._selected) or shown
        self.copy_button.setEnabled(0 < taken <= MOST_COPIED)
        self.save_button.setEnabled(taken > 0)
        too_many = self.tr("At most {most} rows can be copied; save them instead").format(most=grouped(MOST_COPIED))
        what = self.tr("the selected rows") if len(self._selected) else self.tr("the rows shown")
        copies = self.tr("Copy {what}").format(what=what)
        self.copy_button.setToolTip(copies if taken <= MOST_COPIED else too_many)
        self.save_button.setToolTip(self.tr("Save {what} as CSV").format(what=what))

    @Slot(object)
    def _take_selection(self, rows: RowArray) -> None:
        self._selected = rows
        self._refresh()
        self.rows_selected.emit(rows)

    # -- what is asked for --------------------------------------------------------------------------------------------

    def _taken(self) -> RowArray:
        """Return the selected rows; without any, those shown."""
        if len(self._selected):
            return self._selected
        return self.rows.rows.table_rows(0, self.rows.rows.rowCount() - 1)

    @Slot()
    def copy(self, *_: object) -> None:
        """Copy the selected rows, or those shown where none is: tabs between cells, the names first."""
        if self._table is None or self._uses is None or not self.copy_button.isEnabled():
            return
        text = io.StringIO()
        write_rows(text, self._table, self._uses, self._taken(), delimiter="\t")
        QGuiApplication.clipboard().setText(text.getvalue())

    def _save(self, *_: object) -> None:
        self.save_requested.emit(self._taken())

    def _restore(self, *_: object) -> None:
        self.restore_requested.emit()

    def _exclude(self, *_: object) -> None:
        self.exclude_requested.emit(self._selected)
