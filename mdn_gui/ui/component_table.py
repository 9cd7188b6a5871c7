"""The table of weight, mean, variance, sd of each component at x."""

from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QCoreApplication, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.numbers import decimals_for, fixed, share, significant, tabular
from mdn_gui.ui.theme import LIGHT, MARKERS, Theme

_FAINT_WEIGHT = 0.01
_FAINT = Qt.ItemDataRole.UserRole + 1
_DECORATION = Qt.ItemDataRole.DecorationRole
_CELL_PADDING, _MARKER_WIDTH = 12, 16
_MEAN = 2
_USUAL_LENGTHS = (2, 7, 7, 8, 7)
"""Characters for which each column has room from the start."""
_COLUMNS = ("k", "weight", "mean", "variance", "sd")


class ComponentModel(QStandardItemModel):
    """One row a component, in the order of the network; ``UserRole`` gives the number itself, data units.

    The cells hold their texts, so that painting the table, many times a second, asks nothing of Python.
    """

    rows_changed = Signal()
    texts_widened = Signal()
    """A text is longer than any before it in its column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self.longest = list(_USUAL_LENGTHS)
        """Characters of the longest text that each column has shown for these data."""
        self._mixture: ConditionalDensity | None = None
        self._decimals = 4
        self._theme = LIGHT
        self._cells: list[list[QStandardItem]] = []
        self.setHorizontalHeaderLabels([QCoreApplication.translate("ComponentModel", name) for name in _COLUMNS])
        for column in range(len(_COLUMNS)):
            self.horizontalHeaderItem(column).setTextAlignment(_alignment(column))

    def show_mixture(self, mixture: ConditionalDensity | None) -> None:
        """Show a batch of one, or nothing."""
        self._mixture = mixture
        count = mixture.num_components if mixture is not None else 0
        if count != self.rowCount():
            self._make_rows(count)
        if mixture is None:
            return
        with QSignalBlocker(self):
            self._fill(mixture)
        self.dataChanged.emit(self.index(0, 0), self.index(count - 1, len(_COLUMNS) - 1))
        lengths = [max(len(row[column].text()) for row in self._cells) for column in range(len(_COLUMNS))]
        if any(length > known for length, known in zip(lengths, self.longest, strict=True)):
            self.longest = [max(pair) for pair in zip(lengths, self.longest, strict=True)]
            self.texts_widened.emit()

    def set_spread(self, spread: float) -> None:
        """Choose the decimals of the means from the sd of the target, data units; forget longer texts of other data."""
        self.longest = list(_USUAL_LENGTHS)
        self._decimals = decimals_for(spread)
        self.show_mixture(self._mixture)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._make_rows(self.rowCount())
        self.show_mixture(self._mixture)

    def _make_rows(self, count: int) -> None:
        self.setRowCount(0)
        self._cells = [[QStandardItem() for _ in _COLUMNS] for _ in range(count)]
        for k, row in enumerate(self._cells):
            for column, cell in enumerate(row):
                cell.setTextAlignment(_alignment(column))
                cell.setEditable(False)
            row[0].setText(str(k + 1))
            row[0].setData(float(k + 1), Qt.ItemDataRole.UserRole)
            row[0].setData(_marker_picture(MARKERS[k % len(MARKERS)], self._theme.component(k)), _DECORATION)
            self.appendRow(row)
        self.rows_changed.emit()

    def _fill(self, mixture: ConditionalDensity) -> None:
        muted = QColor(self._theme.muted)
        quantities = (mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0])
        for row, values in zip(self._cells, zip(*(q.tolist() for q in quantities), strict=True), strict=True):
            weight, loc, variance, scale = values
            texts = (share(weight), fixed(loc, self._decimals), significant(variance), significant(scale))
            for cell, value, text in zip(row[1:], values, texts, strict=True):
                cell.setText(text)
                cell.setData(value, Qt.ItemDataRole.UserRole)
            is_faint = weight < _FAINT_WEIGHT
            if is_faint is not row[0].data(_FAINT):
                row[0].setData(is_faint, _FAINT)
                for cell in row:
                    cell.setData(muted if is_faint else None, Qt.ItemDataRole.ForegroundRole)


class ComponentTable(QTableView):
    """The component model with its look: right-aligned figures that do not jump."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.components = ComponentModel(self)
        self._is_too_narrow = False
        self.setModel(self.components)
        self.setAccessibleName(self.tr("Components at x"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setIconSize(QSize(12, 12))
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.components.rows_changed.connect(self._fit)
        self.components.texts_widened.connect(self._widen)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(30)
        self._widen()

    @Slot()
    def _fit(self) -> None:
        self.updateGeometry()
        self.setMaximumHeight(self._height(max(self.components.rowCount(), 5)))

    @Slot()
    def _widen(self) -> None:
        """Give each column room for the longest text it has shown, so that no figure is cut nor jumps."""
        header = self.horizontalHeader()
        advance = self.fontMetrics().horizontalAdvance
        widths = [
            max(advance("0" * length) + _CELL_PADDING, header.sectionSizeHint(column))
            for column, length in enumerate(self.components.longest)
        ]
        widths[0] += _MARKER_WIDTH
        self._is_too_narrow = sum(widths) > self.viewport().width()
        widths[_MEAN] += max(self.viewport().width() - sum(widths), 0)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the means what the other columns leave."""
        super().resizeEvent(event)
        self._widen()

    def sizeHint(self) -> QSize:
        """Return the height of up to eight rows; more scroll."""
        return QSize(310, self._height(min(max(self.components.rowCount(), 5), 8)))

    def minimumSizeHint(self) -> QSize:
        """Return the height of up to five rows."""
        return QSize(230, self._height(min(max(self.components.rowCount(), 3), 5)))

    def _height(self, rows: int) -> int:
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_too_narrow else 0
        return self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + 4 + bar


def _alignment(column: int) -> Qt.AlignmentFlag:
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
