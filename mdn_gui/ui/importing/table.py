"""The first rows of a file as they stand in it, with a menu for each column."""

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.files.options import Preview, ReadOptions
from mdn_gui.session.importing import ImportChoice, possible_kinds
from mdn_gui.ui.importing.header import COLUMN, ColumnFace, ImportHeader, Index, Role, face_of
from mdn_gui.ui.importing.texts import kind_text
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.texts import one_line, tip_text
from mdn_gui.ui.theme import blend, theme_of

_NOWHERE = QModelIndex()
_NARROWEST, _WIDEST = 128, 216
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ALIGNMENT = Qt.ItemDataRole.TextAlignmentRole


class PreviewModel(QAbstractTableModel):
    """The cells of a preview, word for word, coloured where they are empty or not understood."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preview: Preview | None = None
        self._columns: tuple[Column, ...] = ()
        self._reasons: dict[int, str] = {}
        self._roles: dict[str, Role] = {}
        self._faces: dict[int, ColumnFace] = {}
        self._is_stale = False

    def show_preview(self, preview: Preview) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.preview, self._columns = preview, preview.table.columns
        self._reasons = {row - 1: group.reason for group in preview.table.left_out for row in group.rows}
        self._faces = {}
        self._is_stale = False
        self.endResetModel()

    def show_roles(self, choice: ImportChoice) -> None:
        """Show what the columns are used for."""
        self._roles = {**dict.fromkeys(choice.inputs, Role.INPUT), choice.target: Role.TARGET}
        self._repaint()

    def set_stale(self, *, stale: bool) -> None:
        """Grey everything while a newer preview is awaited."""
        if stale != self._is_stale:
            self._is_stale = stale
            self._repaint()

    def role_of(self, section: int) -> Role:
        """Return what a column is used for."""
        return self._roles.get(self._columns[section].name, Role.NONE)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows shown."""
        return 0 if self.preview is None or parent.isValid() else self.preview.table.num_rows

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text or look of a cell."""
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._cell(row, column))
        if role == _ALIGNMENT:
            return _RIGHT if self._columns[column].kind.is_numeric else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text("\n".join(text for text in (self._problem(row, column), self._long(row, column)) if text))
        if role in {Qt.ItemDataRole.ForegroundRole, Qt.ItemDataRole.BackgroundRole}:
            return self._colour(row, column, is_text=role == Qt.ItemDataRole.ForegroundRole)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the face of a column, its words, or the number of a row."""
        if orientation == Qt.Orientation.Vertical:
            return str(section + 1) if role == Qt.ItemDataRole.DisplayRole else None
        if role == COLUMN:
            return replace(self._face(section), role=self.role_of(section), is_stale=self._is_stale)
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._columns[section].name)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(f"{self._columns[section].name[:2000]}\n{self._words(section)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._face(section).name}, {self._words(section)}"
        return None

    @property
    def options(self) -> ReadOptions:
        """How the rows were read."""
        return self.preview.options if self.preview is not None else ReadOptions()

    def column(self, section: int) -> tuple[Column, tuple[str, ...]]:
        """Return a column with its cells as they stand in the file."""
        return self._columns[section], tuple(self._cell(row, section) for row in range(self.rowCount()))

    def _cell(self, row: int, column: int) -> str:
        cells = self.preview.cells[row] if self.preview is not None and row < len(self.preview.cells) else ()
        return cells[column] if column < len(cells) else ""

    def _long(self, row: int, column: int) -> str:
        cell = self._cell(row, column)
        return cell[:2000] if cell != one_line(cell, 24) else ""

    def _problem(self, row: int, column: int) -> str:
        if row in self._reasons:
            return self.tr("Left out: {reason}").format(reason=self._reasons[row])
        read = self._columns[column]
        if read.empty[row]:
            return self.tr("Empty: left out where this column is used")
        if np.isfinite(read.values[row]):
            return ""
        if np.isinf(read.values[row]):
            return self.tr("{name} is infinite: left out where this column is used").format(name=read.name)
        return self.tr("{problem}: left out where this column is used").format(problem=read.not_understood)

    def _colour(self, row: int, column: int, *, is_text: bool) -> QColor | None:
        theme = theme_of(QApplication.palette())
        read = self._columns[column]
        is_odd = not read.empty[row] and not np.isfinite(read.values[row])
        if is_text:
            if self._is_stale or row in self._reasons or read.empty[row]:
                return QColor(theme.muted)
            return QColor(theme.error) if is_odd else None
        if row in self._reasons or is_odd:
            return QColor(theme.error_soft)
        return blend(theme.border, theme.base, 0.45) if read.empty[row] else None

    def _face(self, section: int) -> ColumnFace:
        if section not in self._faces:
            self._faces[section] = face_of(self._columns[section])
        return self._faces[section]

    def _words(self, section: int) -> str:
        face = self._face(section)
        use = {Role.INPUT: self.tr("input"), Role.TARGET: self.tr("target"), Role.NONE: self.tr("not used")}
        empty = self.tr("{count} of {rows} cells empty").format(count=face.empty, rows=self.rowCount())
        return ", ".join([face.kind, use[self.role_of(section)], *([empty] if face.empty else [])])

    def _repaint(self) -> None:
        if self.columnCount() and self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Lay the colour of a cell under it: the style sheet alone would pass it over."""
        colour = index.data(Qt.ItemDataRole.BackgroundRole)
        if isinstance(colour, QColor):
            painter.fillRect(option.rect, colour)
        super().paint(painter, option, index)


class ImportTable(QTableView):
    """The preview; a click on a header, or the space bar, opens the menu of a column."""

    role_wanted = Signal(str, object)
    """Name of a column, Role."""
    kind_wanted = Signal(str, object)
    """Name of a column, ColumnKind."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = PreviewModel(self)
        self.setObjectName("preview")
        self.setAccessibleName(self.tr("First rows"))
        self.setAccessibleDescription(self.tr("Space opens the menu of a column."))
        header = ImportHeader(self)
        self.setHorizontalHeader(header)
        self.setModel(self.rows)
        header.sectionClicked.connect(self.open_menu)
        self.selectionModel().currentChanged.connect(header.viewport().update)
        self.setFont(tabular(self.font()))
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        self.verticalHeader().setDefaultAlignment(_RIGHT)
        self.verticalHeader().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalHeader().setSectionsClickable(False)

    def show_preview(self, preview: Preview) -> None:
        """Show other rows."""
        place = self.currentIndex()
        self.rows.show_preview(preview)
        self._fit_columns()
        first = self.rows.index(max(place.row(), 0), min(max(place.column(), 0), self._last))
        self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)

    @Slot(int)
    def open_menu(self, section: int) -> None:
        """Open the menu of a column below its header."""
        self.setCurrentIndex(self.rows.index(max(self.currentIndex().row(), 0), section))
        menu = self.menu_of(section)
        menu.aboutToHide.connect(menu.deleteLater)
        header = self.horizontalHeader()
        menu.popup(header.mapToGlobal(QPoint(header.sectionViewportPosition(section), header.height())))

    def menu_of(self, section: int) -> QMenu:
        """Return the menu of a column: what it is used for, how it is read."""
        column, cells = self.rows.column(section)
        menu = QMenu(self)
        menu.setAccessibleName(self.tr("Column"))
        uses = {
            Role.INPUT: (self.tr("Use as &input x"), column.can_be_input),
            Role.TARGET: (self.tr("Use as &target y"), column.is_numeric),
            Role.NONE: (self.tr("Do &not use"), True),
        }
        group = QActionGroup(menu)
        for role, (text, is_possible) in uses.items():
            action = self._add(menu, group, text, is_on=self.rows.role_of(section) is role)
            action.setEnabled(is_possible)
            action.triggered.connect(partial(self.role_wanted.emit, column.name, role))
        menu.addSeparator()
        menu.addAction(self.tr("Read as")).setEnabled(False)
        group = QActionGroup(menu)
        possible = possible_kinds(column, cells, self.rows.options)
        for kind in ColumnKind:
            action = self._add(menu, group, kind_text(kind), is_on=column.kind is kind)
            action.setEnabled(kind in possible)
            action.triggered.connect(partial(self.kind_wanted.emit, column.name, kind))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu of the current column on the space bar."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.open_menu(self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the column under the mouse, or of the current one."""
        is_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        section = self.columnAt(event.pos().x()) if is_mouse else self.currentIndex().column()
        if section >= 0:
            self.open_menu(section)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which column the keys act on."""
        super().focusInEvent(event)
        self.horizontalHeader().viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show no longer which column the keys act on."""
        super().focusOutEvent(event)
        self.horizontalHeader().viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among few columns."""
        super().resizeEvent(event)
        self._fit_columns()

    @property
    def _last(self) -> int:
        return self.rows.columnCount() - 1

    def _fit_columns(self) -> None:
        count = self.rows.columnCount()
        if count:
            width = self.viewport().width() // count
            self.horizontalHeader().setDefaultSectionSize(min(max(width, _NARROWEST), _WIDEST))

    def _add(self, menu: QMenu, group: QActionGroup, text: str, *, is_on: bool) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on)
        group.addAction(action)
        return action
