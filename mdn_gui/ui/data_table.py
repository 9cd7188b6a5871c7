"""The rows of the open table with their use, however many."""

from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mdn_gui.core.columns import Column
from mdn_gui.core.selection import RowArray
from mdn_gui.core.table import Table
from mdn_gui.core.uses import RowUses
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.texts import tip_text
from mdn_gui.ui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW, _USE, _FIRST = 0, 1, 2
"""Columns of the view: row number, use, then those of the table."""
_MOST_CHARACTERS = 120
_MOST_TIP_CHARACTERS = 2000
_MOST_RANGES = 200
"""Selections in more pieces than this are too slow for Qt: they are shown by a filter."""
_ROWS_MEASURED, _COLUMNS_MEASURED = 20, 200
_LEAST_WIDTH, _MOST_WIDTH, _PADDING = 56, 260, 18


class RowsModel(QAbstractTableModel):
    """Cells of a table, made into text when they are seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._uses: RowUses | None = None
        self._rows: RowArray | None = None
        self._theme = LIGHT

    def show_rows(self, table: Table | None, uses: RowUses | None, rows: RowArray | None = None) -> None:
        """Show these rows of a table [M], ascending, counted from 0; None shows all."""
        self.beginResetModel()
        self._table, self._uses, self._rows = table, uses, rows
        self.endResetModel()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme

    def table_rows(self, first: int, last: int) -> RowArray:
        """Return which rows of the table are shown at these places, both included."""
        return np.arange(first, last + 1) if self._rows is None else self._rows[first : last + 1]

    def places_of(self, rows: RowArray) -> RowArray:
        """Return where rows of the table, ascending, are shown; those that are not are passed over."""
        if self._rows is None:
            return rows
        places = np.searchsorted(self._rows, rows)
        is_shown = places < len(self._rows)
        is_shown[is_shown] = self._rows[places[is_shown]] == rows[is_shown]
        return places[is_shown]

    def words(self) -> tuple[str, ...]:
        """Return what the uses of rows are called here."""
        return self._uses.words if self._uses is not None else ("",)

    def last_number(self) -> int:
        """Return the number of the last row of the table."""
        return self._table.num_rows if self._table is not None else 0

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows shown."""
        if parent.isValid() or self._table is None:
            return 0
        return self._table.num_rows if self._rows is None else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns of the table, row number, use."""
        return 0 if parent.isValid() or self._table is None else _FIRST + len(self._table.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name of a column; its unit as the tool tip."""
        if orientation is not Qt.Orientation.Horizontal or self._table is None:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        column = None if section < _FIRST else self._table.columns[section - _FIRST]
        if role == Qt.ItemDataRole.DisplayRole:
            words = _tr("row"), _tr("use")
            return words[section] if column is None else _shortened(column.name, _MOST_CHARACTERS)
        if role == Qt.ItemDataRole.ToolTipRole and column is not None:
            return tip_text(_shortened(column.label, _MOST_TIP_CHARACTERS))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, its side, its colour, what is said of a cell that was not understood."""
        if self._table is None or self._uses is None or not index.isValid():
            return None
        place, section = index.row(), index.column()
        row = place if self._rows is None else int(self._rows[place])
        if role == Qt.ItemDataRole.DisplayRole:
            return _shortened(self.text(row, section), _MOST_CHARACTERS)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.ForegroundRole and self._is_muted(row, section):
            return QColor(self._theme.muted)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, section)
        return None

    def text(self, row: int, section: int) -> str:
        """Return a cell of a row of the table, counted from 0, in full."""
        table, uses = self._table, self._uses
        if table is None or uses is None:
            return ""
        if section == _ROW:
            return str(row + 1)
        return _use_text(uses, row) if section == _USE else table.columns[section - _FIRST].text(row)

    def _column(self, section: int) -> Column | None:
        return self._table.columns[section - _FIRST] if self._table is not None and section >= _FIRST else None

    def _alignment(self, section: int) -> Qt.AlignmentFlag:
        column = self._column(section)
        is_number = section == _ROW or (column is not None and not column.levels)
        side = Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _is_muted(self, row: int, section: int) -> bool:
        column = self._column(section)
        is_out = self._uses is not None and self._uses.is_left_out(row)
        return section == _ROW or is_out or (column is not None and row in column.oddities)

    def _tip(self, row: int, section: int) -> str | None:
        column, text = self._column(section), self.text(row, section)
        if column is not None and row in column.oddities:
            return tip_text(f"{_shortened(text, _MOST_TIP_CHARACTERS)}\n{column.not_understood}")
        is_long = len(text) > 20
        return tip_text(_shortened(text, _MOST_TIP_CHARACTERS)) if is_long else None


class DataTable(QTableView):
    """Rows of a table; selecting is by whole rows.

    Qt keeps nothing a row as long as all are equally high: ten million rows cost no more than ten.
    """

    rows_selected = Signal(object)
    """int array of the selected rows of the table, ascending, counted from 0."""
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = RowsModel(self)
        self._tells = True
        self.setModel(self.rows)
        self.setAccessibleName(self.tr("Rows of the data"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.horizontalHeader().setSectionsClickable(False)
        # of its own, always empty: painting a header asks whether every row below it is selected
        self.horizontalHeader().setSelectionModel(QItemSelectionModel(self.rows, self))
        self.horizontalHeader().setHighlightSections(False)
        self.selectionModel().selectionChanged.connect(self._tell)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.rows.show_theme(theme)
        self.viewport().update()

    def show_rows(self, table: Table | None, uses: RowUses | None, rows: RowArray | None = None) -> None:
        """Show rows of a table as :meth:`RowsModel.show_rows` does; none is selected."""
        self._tells = False
        self.rows.show_rows(table, uses, rows)
        self._tells = True

    def fit_columns(self) -> None:
        """Give each column room for its header, for the first rows."""
        advance = self.fontMetrics().horizontalAdvance
        header = self.horizontalHeader()
        rows = self.rows.table_rows(0, min(self.rows.rowCount(), _ROWS_MEASURED) - 1).tolist()
        for section in range(min(self.rows.columnCount(), _COLUMNS_MEASURED)):
            texts = [_shortened(self.rows.text(row, section), _MOST_CHARACTERS) for row in rows]
            widest = max([advance(text) for text in texts] + [header.sectionSizeHint(section)])
            widest = max(widest, advance("0" * len(str(self.rows.last_number())))) if section == _ROW else widest
            widest = max([advance(word) for word in self.rows.words()]) if section == _USE else widest
            self.setColumnWidth(section, min(max(widest + _PADDING, _LEAST_WIDTH), _MOST_WIDTH))

    def selected(self) -> RowArray:
        """Return the selected rows of the table, ascending, counted from 0."""
        is_selected = np.zeros(self.rows.rowCount(), dtype=np.bool_)
        for part in self.selectionModel().selection().toList():
            is_selected[part.top() : part.bottom() + 1] = True
        return self.rows.table_rows(0, len(is_selected) - 1)[is_selected]

    def select(self, rows: RowArray) -> bool:
        """Select rows of the table, ascending, counted from 0, without a signal; False where they are too scattered."""
        places = self.rows.places_of(rows)
        cuts = np.flatnonzero(np.diff(places) > 1)
        if len(cuts) >= _MOST_RANGES:
            return False
        selection = QItemSelection()
        last_column = self.rows.columnCount() - 1
        if len(places):
            firsts = [places[0], *places[cuts + 1]]
            lasts = [*places[cuts], places[-1]]
            for first, last in zip(firsts, lasts, strict=True):
                selection.select(self.rows.index(int(first), 0), self.rows.index(int(last), last_column))
        self._tells = False
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._tells = True
        if len(places):
            self.scrollTo(self.rows.index(int(places[0]), 0))
        return True

    def event(self, event: QEvent) -> bool:
        """Keep the key of copying from the actions of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and _copies(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for a copy of rows, where Qt would take a single cell."""
        if _copies(event):
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _tell(self, *_: object) -> None:
        if self._tells:
            self.rows_selected.emit(self.selected())


def _tr(text: str) -> str:
    return QCoreApplication.translate("DataTable", text)


def _copies(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy)


def _use_text(uses: RowUses, row: int) -> str:
    word = uses.word(row)
    return word if uses.is_left_out(row) else {"training": _tr("training"), "test": _tr("test")}[word]


def _shortened(text: str, most: int) -> str:
    """Return the beginning of a text on one line, which may be a whole file in a cell."""
    part = "".join(character if character.isprintable() else " " for character in text[:most])
    return part + "…" if len(text) > most else part
