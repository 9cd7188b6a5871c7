"""The table of a sweep: a row for each K."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mdn_gui.core.sweep import FailedRun, SweepPoint, SweepResult
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.numbers import fixed, grouped, tabular
from mdn_gui.ui.sweep.texts import advice_text, excess_text, failures_tip, nll_text
from mdn_gui.ui.texts import tip_text

_PADDING = 12
_ORDER, _COMPONENTS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
_K, _SPREAD = 1, 5
"""Numbers of the columns with K, with the spread between seeds."""

_Cell = tuple[str, float]
"""What is read, what it is sorted by."""


class SweepTable(QTableView):
    """K, its seeds, its NLL against the best, what it took; sorted by any column."""

    show_requested = Signal(int)
    """Show the fit of this run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: SweepResult | None = None
        self._shown = 0
        self._titles = (
            ("", self.tr("★ the best K, ● the K that is recommended")),
            ("K", self.tr("Number of components that was asked for")),
            (self.tr("seeds"), self.tr("Runs that have finished, of those that ended")),
            (
                self.tr("validation NLL"),
                self.tr(
                    "Mean over the held-out rows, nats a row: smaller is better. Behind ± its standard error, how far "
                    "other rows would move it: mostly common to every K"
                ),
            ),
            (self.tr("above best"), self.tr("NLL less that of the best K, row by row, ± its standard error")),
            (self.tr("seed sd"), self.tr("How far the NLL differs from seed to seed: luck of split and start")),
            (self.tr("epochs"), self.tr("Epochs trained, of several seeds in the mean")),
            (self.tr("time"), self.tr("Of all runs with this K together")),
            (self.tr("in use"), self.tr("Components that the fit cannot do without, of all its networks")),
        )
        self._cells = QStandardItemModel(0, len(self._titles), self)
        for column, (title, tip) in enumerate(self._titles):
            item = QStandardItem(title)
            item.setToolTip(tip_text(tip))
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._cells.setHorizontalHeaderItem(column, item)
        self._cells.setSortRole(_ORDER)
        self.setModel(self._cells)
        self._set_look()
        self.doubleClicked.connect(self._request)
        self.show_result(None)

    def _set_look(self) -> None:
        self.setAccessibleName(self.tr("Runs of the sweep by K"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 3)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(18)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSortingEnabled(True)
        self.sortByColumn(_K, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorShown(False)  # it would stand on the title
        header.sortIndicatorChanged.connect(self._name_columns)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_result(self, result: SweepResult | None) -> None:
        """Show a sweep, or nothing; the row that was selected stays so."""
        self._result = result
        selected = self.selected_components
        self._cells.setRowCount(0)
        if result is not None:
            for point in result.points:
                self._append(point.num_components, self._cells_of(point, result), self._lost(point.num_components))
            tried = {point.num_components for point in result.points}
            for components in sorted({each.num_components for each in result.failures} - tried):
                self._append(components, self._failed_cells(components), self._lost(components))
        several = result is not None and any(len(point.runs) > 1 for point in result.points)
        self.setColumnHidden(_SPREAD, not several)
        header = self.horizontalHeader()
        self._cells.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self._select(selected)
        self.show_run(self._shown)
        self._name_columns()

    @Slot()
    def _name_columns(self, *_: object) -> None:
        """Mark the column that the rows are sorted by; give each the room that it needs."""
        header = self.horizontalHeader()
        order = "▾" if header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder else "▴"
        for column, (title, _tip) in enumerate(self._titles):
            is_sorted = header.sortIndicatorSection() == column
            self._cells.horizontalHeaderItem(column).setText(f"{title} {order}".strip() if is_sorted else title)
            self.setColumnWidth(column, self._width_of(column))

    def show_run(self, number: int) -> None:
        """Mark the K of the run whose fit is shown; 0 for none."""
        self._shown = number
        runs = self._result.runs if self._result is not None else ()
        shown = next((run.num_components for run in runs if number and run.number == number), 0)
        for row in range(self._cells.rowCount()):
            item = self._cells.item(row, _K)
            font = tabular(self.font())
            font.setBold(item.data(_COMPONENTS) == shown)
            item.setFont(font)

    @property
    def selected_components(self) -> int:
        """The K of the selected row; 0 for none."""
        rows = self.selectionModel().selectedRows(_K)
        return int(rows[0].data(_COMPONENTS)) if rows else 0

    def _select(self, components: int) -> None:
        for row in range(self._cells.rowCount()):
            if components and self._cells.item(row, _K).data(_COMPONENTS) == components:
                flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
                self.selectionModel().setCurrentIndex(self._cells.index(row, _K), flags)

    # -- a row --------------------------------------------------------------------------------------------------------

    def _lost(self, components: int) -> tuple[FailedRun, ...]:
        failures = self._result.failures if self._result is not None else ()
        return tuple(each for each in failures if each.num_components == components)

    def _cells_of(self, point: SweepPoint, result: SweepResult) -> list[_Cell]:
        mark = "★" * (point is result.best) + "●" * (point is result.recommended)
        nll, excess = point.nll, result.excesses[point]
        epochs = float(np.mean([run.epochs for run in point.runs]))
        seconds = sum(run.seconds for run in point.runs)
        needed = [run.num_needed for run in point.runs]
        total = point.runs[0].model.num_components
        return [
            (mark, -len(mark)),
            (str(point.num_components), point.num_components),
            self._seeds_cell(point.num_components, len(point.runs)),
            (excess_text(nll), _sortable(nll.value)),
            ("–" if point is result.best else excess_text(excess), _sortable(excess.value)),
            (nll_text(point.seed_spread), _sortable(point.seed_spread)),
            (grouped(round(epochs)), epochs),
            (self.tr("{seconds} s").format(seconds=fixed(seconds, 1)), seconds),
            (self.tr("{needed} of {total}").format(needed=_span(needed), total=total), float(np.mean(needed))),
        ]

    def _failed_cells(self, components: int) -> list[_Cell]:
        empty: _Cell = ("–", math.inf)
        row = [("", 0.0), (str(components), float(components)), self._seeds_cell(components, 0), *[empty] * 6]
        row[3] = (self.tr("failed"), math.inf)
        return row

    def _seeds_cell(self, components: int, finished: int) -> _Cell:
        ended = finished + len(self._lost(components))
        text = str(finished) if ended == finished else self.tr("{some} of {all}").format(some=finished, all=ended)
        return text, finished

    def _append(self, components: int, cells: Sequence[_Cell], lost: Sequence[FailedRun]) -> None:
        row = []
        for text, order in cells:
            item = QStandardItem(text)
            item.setData(float(order), _ORDER)
            item.setData(components, _COMPONENTS)
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(tip_text(failures_tip(lost) if lost else self._show_tip(components)))
            row.append(item)
        self._cells.appendRow(row)

    def _show_tip(self, components: int) -> str:
        point = self._point(components)
        if point is None:
            return ""
        return self.tr("Double-click or Enter shows the fit with seed {seed}").format(seed=point.runs[0].seed)

    def _width_of(self, column: int) -> int:
        metrics, header = self.fontMetrics(), self._cells.horizontalHeaderItem(column)
        texts = [self._cells.item(row, column).text() for row in range(self._cells.rowCount())]
        widest = max(map(metrics.horizontalAdvance, (header.text(), *texts)))
        return widest + _PADDING

    def sizeHint(self) -> QSize:
        """Return the width of every column; the height of few rows."""
        shown = (column for column in range(self._cells.columnCount()) if not self.isColumnHidden(column))
        return QSize(sum(self.columnWidth(column) for column in shown) + 14, 80)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size; the rest scrolls."""
        return QSize(120, 50)

    # -- asking for a run ---------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the run of the current row on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._request(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _point(self, components: int) -> SweepPoint | None:
        points = self._result.points if self._result is not None else ()
        return next((point for point in points if point.num_components == components), None)

    @Slot(QModelIndex)
    def _request(self, index: QModelIndex) -> None:
        """Ask for the first seed: the same rows are held out of it for every K."""
        point = self._point(int(index.data(_COMPONENTS) or 0)) if index.isValid() else None
        if point is not None and point.runs[0].number:
            self.show_requested.emit(point.runs[0].number)

    # -- taken out ----------------------------------------------------------------------------------------------------

    def drawn_table(self) -> DataTable | None:
        """Return a row for each run, of full precision; None while there is none."""
        result = self._result
        if result is None:
            return None
        names = ("num_components", "seed", "run", "validation_nll", "epochs", "seconds", "components_in_use")
        rows = [
            (run.num_components, run.seed, run.number or math.nan, run.nll, run.epochs, run.seconds, run.num_needed)
            for run in result.runs
        ]
        columns = tuple(np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
        failed = tuple(failures_tip([each]) for each in result.failures)
        return DataTable("runs of the sweep", names, columns, (advice_text(result), *failed))


def _span(numbers: Sequence[int]) -> str:
    least, most = min(numbers), max(numbers)
    return str(least) if least == most else f"{least}–{most}"


def _sortable(value: float) -> float:
    return math.inf if math.isnan(value) else value
