"""The table of weight, mean, variance, sd of each component at x."""

import math
from collections.abc import Iterable, Sequence

from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QCoreApplication, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPixmap,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from mdn_gui.core.identity import ComponentFinding
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.numbers import decimals_for, fixed, share, significant, tabular
from mdn_gui.ui.reading.findings_line import finding_text
from mdn_gui.ui.texts import tip_text
from mdn_gui.ui.theme import LIGHT, MARKERS, Theme

_FAINT_WEIGHT = 0.01
_FAINT = Qt.ItemDataRole.UserRole + 1
_DECORATION = Qt.ItemDataRole.DecorationRole
_CELL_PADDING, _MARKER_WIDTH = 10, 16
_MEAN = 2
_USUAL_LENGTHS = (1, 7, 7, 8, 7)
"""Characters for which each column has room from the start, with figures of four digits."""
_MOST_DIGITS, _FEWEST_DIGITS = 4, 2
_SMALL_SPREAD, _GREAT_SPREAD = 1e-4, 1e8
"""Of the target: beyond these means are shown with an exponent too."""
_CERTAIN_DIGITS = 15
_FAR = 100.0
"""Times the greatest target: a mean that is greater has no decimals in common with the data."""
_COLUMNS = ("k", "weight", "mean", "variance", "sd")


class ComponentModel(QStandardItemModel):
    """One row a component, in the order of the network; ``UserRole`` gives the number itself, data units.

    The cells hold their texts, so that painting the table, many times a second, asks nothing of Python.
    """

    rows_changed = Signal()
    lengths_changed = Signal()
    """A text is longer than any before it in its column; or those before are forgotten."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self.longest = list(_USUAL_LENGTHS)
        """Characters of the longest text that each column has shown for these data."""
        self.digits = _MOST_DIGITS
        """Significant digits of variances, sds; decimals of weights; the means follow."""
        self._mixture: ConditionalDensity | None = None
        self._spread, self._greatest = 1.0, math.inf
        self._theme = LIGHT
        self._cells: list[list[QStandardItem]] = []
        self._findings: dict[int, str] = {}
        self.setHorizontalHeaderLabels([QCoreApplication.translate("ComponentModel", name) for name in _COLUMNS])
        for column in range(len(_COLUMNS)):
            self.horizontalHeaderItem(column).setTextAlignment(_alignment(column))

    def show_mixture(self, mixture: ConditionalDensity | None) -> None:
        """Show a batch of one, or nothing."""
        self._mixture = mixture
        if self._take(mixture):
            self.lengths_changed.emit()

    def _take(self, mixture: ConditionalDensity | None) -> bool:
        """Show a mixture; return whether a text is longer than any before it in its column."""
        count = mixture.num_components if mixture is not None else 0
        if count != self.rowCount():
            self._make_rows(count)
        if mixture is None:
            return False
        with QSignalBlocker(self):
            first, texts = self._fill(mixture)
        self.dataChanged.emit(self.index(0, first), self.index(count - 1, len(_COLUMNS) - 1))
        numbers = [row[0].text() for row in self._cells]
        lengths = [max(map(len, column)) for column in (numbers, *zip(*texts, strict=True))]
        known, self.longest = self.longest, [max(pair) for pair in zip(lengths, self.longest, strict=True)]
        return self.longest != known

    def set_spread(self, spread: float, greatest: float = math.inf) -> None:
        """Choose the decimals of the means from the target, data units: its sd, its greatest size."""
        self._spread, self._greatest = spread, greatest
        self.forget_lengths()

    def forget_lengths(self) -> None:
        """Forget texts longer than those shown now."""
        self.set_digits(_MOST_DIGITS)
        self.lengths_changed.emit()

    def set_digits(self, digits: int) -> None:
        """Show figures with so many digits, at most 4; forget how long those before were."""
        self.digits = digits
        self.longest = [_USUAL_LENGTHS[0], *(usual - _MOST_DIGITS + digits for usual in _USUAL_LENGTHS[1:])]
        self._take(self._mixture)

    def show_findings(self, findings: Sequence[ComponentFinding]) -> None:
        """Mark the components that are not needed; what was found is their tool tip."""
        self._findings = {finding.component: finding_text(finding) for finding in findings}
        for k in range(len(self._cells)):
            self._mark(k)
        self.show_mixture(self._mixture)

    def _mark(self, k: int) -> None:
        found, number = self._findings.get(k, ""), str(k + 1)
        self._cells[k][0].setText(f"{number}*" if found else number)
        spoken = f"{number}. {found}" if found else None
        self._cells[k][0].setData(spoken, Qt.ItemDataRole.AccessibleTextRole)
        for cell in self._cells[k]:
            cell.setToolTip(tip_text(found))

    @property
    def table(self) -> DataTable | None:
        """The numbers themselves; None where nothing is shown."""
        if self._mixture is None:
            return None
        mixture = self._mixture
        columns = (mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0])
        numbers = tuple(str(k + 1) for k in range(mixture.num_components))
        return DataTable("components of p(y given x)", ("component", *_COLUMNS[1:]), (numbers, *columns))

    def titles(self) -> list[str]:
        """Return the header of each column."""
        return [self.horizontalHeaderItem(column).text() for column in range(len(_COLUMNS))]

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
            self._mark(k)
            row[0].setData(float(k + 1), Qt.ItemDataRole.UserRole)
            row[0].setData(_marker_picture(MARKERS[k % len(MARKERS)], self._theme.component(k)), _DECORATION)
            self.appendRow(row)
        self.rows_changed.emit()

    def _fill(self, mixture: ConditionalDensity) -> tuple[int, list[tuple[str, ...]]]:
        """Write the figures; return the first column that has changed, the texts of each row."""
        muted = QColor(self._theme.muted)
        digits, first, written = self.digits, 1, []
        quantities = (mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0])
        for row, values in zip(self._cells, zip(*(q.tolist() for q in quantities), strict=True), strict=True):
            weight, loc, variance, scale = values
            spreads = significant(variance, digits), significant(scale, digits)
            texts: tuple[str, ...] = (share(weight, digits), self._mean_text(loc), *spreads)
            for cell, value, text in zip(row[1:], values, texts, strict=True):
                cell.setText(text)
                cell.setData(value, Qt.ItemDataRole.UserRole)
            is_faint = weight < _FAINT_WEIGHT
            written.append(texts)
            if is_faint is not row[0].data(_FAINT):
                first = 0
                row[0].setData(is_faint, _FAINT)
                for cell in row:
                    cell.setData(muted if is_faint else None, Qt.ItemDataRole.ForegroundRole)
        return first, written

    def _mean_text(self, loc: float) -> str:
        """Return a mean with this many digits of the spread of the target; far from all targets with so many in all."""
        if abs(loc) > _FAR * max(self._greatest, self._spread):
            return significant(loc, self.digits)
        if not 0.0 < self._spread < math.inf or _SMALL_SPREAD <= self._spread < _GREAT_SPREAD:
            return fixed(loc, max(decimals_for(self._spread) - _MOST_DIGITS + self.digits, 0))
        places = math.floor(math.log10(max(abs(loc), self._spread))) - math.floor(math.log10(self._spread))
        return significant(loc, min(self.digits + places, _CERTAIN_DIGITS))


class ComponentTable(QTableView):
    """The component model with its look: right-aligned figures that do not jump."""

    columns_chosen = Signal(object)
    """tuple of str: the columns of figures that a person has chosen to see."""

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
        self.components.lengths_changed.connect(self._widen)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(30)
        self._columns_menu = QMenu(self.tr("Columns"), self)
        self._columns_menu.aboutToShow.connect(self._fill_columns_menu)
        self.addAction(self._columns_menu.menuAction())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(
            lambda place: self._columns_menu.popup(header.viewport().mapToGlobal(place))
        )
        self._widen()

    # -- columns ------------------------------------------------------------------------------------------------------

    def shown_columns(self) -> tuple[str, ...]:
        """Return the columns of figures that are shown, such as "weight"."""
        return tuple(name for column, name in enumerate(_COLUMNS) if column and not self.isColumnHidden(column))

    def show_columns(self, names: Iterable[object]) -> None:
        """Show these columns of figures, of which unknown ones do not matter; all where none is known."""
        known = set(_COLUMNS[1:]) & {name for name in names if isinstance(name, str)}
        for column, name in enumerate(_COLUMNS):
            self.setColumnHidden(column, bool(column and known and name not in known))
        self.components.set_digits(_MOST_DIGITS)
        self._widen()

    def _fill_columns_menu(self) -> None:
        self._columns_menu.clear()
        shown = self.shown_columns()
        for name, title in zip(_COLUMNS[1:], self.components.titles()[1:], strict=True):
            action = self._columns_menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name in shown)
            action.setEnabled(shown != (name,))  # one is left
            action.toggled.connect(lambda ticked, name=name: self._tick(name, is_shown=ticked))

    def _tick(self, name: str, *, is_shown: bool) -> None:
        shown = {*self.shown_columns(), name} if is_shown else {*self.shown_columns()} - {name}
        self.show_columns(shown)
        self.columns_chosen.emit(self.shown_columns())

    def drawn_table(self) -> DataTable | None:
        """Return the components at x, exact; None where nothing is read."""
        return self.components.table

    def tidy(self) -> None:
        """Give back the room of longer texts that are no longer shown."""
        self.components.forget_lengths()

    # -- sizes --------------------------------------------------------------------------------------------------------

    @Slot()
    def _fit(self) -> None:
        self.updateGeometry()
        self.setMaximumHeight(self._height(max(self.components.rowCount(), 5)))

    @Slot()
    def _widen(self) -> None:
        """Give each column room for the longest text it has shown, so that no figure is cut nor jumps.

        Where there is not enough room for all, the figures have fewer digits.
        """
        widths = self._widths()
        while sum(widths) > self.viewport().width() and self.components.digits > _FEWEST_DIGITS:
            self.components.set_digits(self.components.digits - 1)
            widths = self._widths()
        self._is_too_narrow = sum(widths) > self.viewport().width()
        shown = [column for column, width in enumerate(widths) if width]
        widths[_MEAN if _MEAN in shown else shown[-1]] += max(self.viewport().width() - sum(widths), 0)
        for column in shown:
            self.setColumnWidth(column, widths[column])
        self._fit()

    def _widths(self) -> list[int]:
        advance, titles = self.fontMetrics().horizontalAdvance, self.horizontalHeader().fontMetrics().horizontalAdvance
        widths = [
            max(advance("0" * length), titles(title)) + _CELL_PADDING
            for length, title in zip(self.components.longest, self.components.titles(), strict=True)
        ]
        widths[0] += _MARKER_WIDTH
        return [0 if self.isColumnHidden(column) else width for column, width in enumerate(widths)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the figures the digits that there is room for, the means what the other columns leave."""
        super().resizeEvent(event)
        if event.size().width() > event.oldSize().width():
            self.components.set_digits(_MOST_DIGITS)
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
