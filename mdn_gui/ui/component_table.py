"""The table of weight, mean, variance, sd of each component at x."""

from collections.abc import Callable

from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.ui.numbers import decimals_for, fixed, significant, tabular
from mdn_gui.ui.theme import LIGHT, MARKERS, Theme

_FAINT_WEIGHT = 0.01
_Index = QModelIndex | QPersistentModelIndex


class ComponentModel(QAbstractTableModel):
    """One row a component, in the order of the network; ``UserRole`` gives the number itself, data units."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mixture: ConditionalMixture | None = None
        self._decimals = 4
        self._theme = LIGHT
        self._pictures: dict[int, QPixmap] = {}
        self._answers: dict[int, Callable[[int, int], object]] = {
            Qt.ItemDataRole.DisplayRole: self._text,
            Qt.ItemDataRole.UserRole: self._value,
            Qt.ItemDataRole.DecorationRole: self._picture,
            Qt.ItemDataRole.TextAlignmentRole: _alignment,
            Qt.ItemDataRole.ForegroundRole: self._colour,
        }

    def show_mixture(self, mixture: ConditionalMixture | None) -> None:
        """Show a batch of one, or nothing."""
        count = mixture.num_components if mixture is not None else 0
        if count != self.rowCount():
            self.beginResetModel()
            self._mixture = mixture
            self.endResetModel()
        elif mixture is not None:
            self._mixture = mixture
            self.dataChanged.emit(self.index(0, 0), self.index(count - 1, 4))

    def set_spread(self, spread: float) -> None:
        """Choose the decimals of the means from the sd of the target, data units."""
        self._decimals = decimals_for(spread)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._pictures.clear()
        self.layoutChanged.emit()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return K at the top level."""
        if self._mixture is None or (parent is not None and parent.isValid()):
            return 0
        return self._mixture.num_components

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns: component, weight, mean, variance, sd."""
        return 0 if parent is not None and parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the column titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("k"), self.tr("weight"), self.tr("mean"), self.tr("variance"), self.tr("sd"))[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(0, section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text, number, marker or colour of a cell."""
        if self._mixture is None or not index.isValid():
            return None
        answer = self._answers.get(role)
        return answer(index.row(), index.column()) if answer else None

    def _value(self, k: int, column: int) -> float:
        mixture = self._mixture
        if mixture is None or column == 0:
            return float(k + 1)
        quantities = (mixture.weights, mixture.locs, mixture.variances, mixture.scales)
        return float(quantities[column - 1][0, k])

    def _text(self, k: int, column: int) -> str:
        value = self._value(k, column)
        if column == 0:
            return str(k + 1)
        if column == 1:
            return fixed(value, 4)
        return fixed(value, self._decimals) if column == 2 else significant(value)

    def _colour(self, k: int, _: int) -> QColor | None:
        faint = self._mixture is not None and self._mixture.weights[0, k] < _FAINT_WEIGHT
        return QColor(self._theme.muted) if faint else None

    def _picture(self, k: int, column: int) -> QPixmap | None:
        if column:
            return None
        if k not in self._pictures:
            self._pictures[k] = _marker_picture(MARKERS[k % len(MARKERS)], self._theme.component(k))
        return self._pictures[k]


class ComponentTable(QTableView):
    """The component model with its look: right-aligned figures that do not jump."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.components = ComponentModel(self)
        self.setModel(self.components)
        self.setAccessibleName(self.tr("Components at x"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setIconSize(QSize(12, 12))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.components.modelReset.connect(self.updateGeometry)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        advance = self.fontMetrics().horizontalAdvance
        for column, longest in ((0, "000"), (1, "0.0000"), (3, "0.000000"), (4, "0.00000")):
            self.setColumnWidth(column, advance(longest) + 15)

    def sizeHint(self) -> QSize:
        """Return the height of up to eight rows; more scroll."""
        return QSize(310, self._height(min(max(self.components.rowCount(), 5), 8)))

    def minimumSizeHint(self) -> QSize:
        """Return the height of up to five rows."""
        return QSize(310, self._height(min(max(self.components.rowCount(), 3), 5)))

    def _height(self, rows: int) -> int:
        return self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + 4


def _alignment(_: int, column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return Qt.AlignmentFlag.AlignVCenter | side


def _marker_picture(symbol: str, colour: QColor) -> QPixmap:
    scale = 3
    picture = QPixmap(12 * scale, 12 * scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(6 * scale, 6 * scale)
    drawSymbol(painter, symbol, 10 * scale, Qt.PenStyle.NoPen, colour)
    painter.end()
    picture.setDevicePixelRatio(scale)
    return picture
