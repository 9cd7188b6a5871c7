"""The table of a fit beside its rivals: NLL, CRPS, the differences with their standard errors."""

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import Calibration
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.calibration.texts import decimals_of, estimate_text, is_too_few, is_worse, rival_name, rows_judged_text
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.theme import LIGHT, Theme

_PADDING = 11


class RivalTable(QTableView):
    """One row for the fit, one for each rival; a gain is positive where the fit is better."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Calibration | None = None
        self._theme = LIGHT
        titles = (self.tr("rival"), "NLL", self.tr("fit better by"), "CRPS", self.tr("fit better by"))
        self._cells = QStandardItemModel(0, len(titles), self)
        self._cells.setHorizontalHeaderLabels(titles)
        tips = (
            self.tr("Learned from the same rows, judged on the same rows"),
            self.tr("Mean, nats a row: smaller is better"),
            self.tr("NLL of the rival less that of the fit, row by row, ± its standard error"),
            self.tr("Continuous ranked probability score, data units: smaller is better"),
            self.tr("CRPS of the rival less that of the fit, row by row, ± its standard error"),
        )
        for column, tip in enumerate(tips):
            self._cells.horizontalHeaderItem(column).setToolTip(tip)
            self._cells.horizontalHeaderItem(column).setTextAlignment(_alignment(column))
        self.setModel(self._cells)
        self.setAccessibleName(self.tr("The fit beside simple models"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height())
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setFixedHeight(self.fontMetrics().height() + 8)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it would hide a row; keys scroll
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def show_calibration(self, found: Calibration | None) -> None:
        """Show a calibration, or nothing."""
        self._found = found
        self._cells.setRowCount(0)
        if found is None:
            return
        self._append(None, (found.mean_nll, None, found.mean_crps, None))
        for rival, each in found.rivals.items():
            row = self._append(rival, (each.nll, each.nll_gain, each.crps, each.crps_gain))
            if is_worse(each) and not is_too_few(found):
                row[2].setForeground(QColor(self._theme.error))
        for column in range(self._cells.columnCount()):
            self.setColumnWidth(column, self._width_of(column))

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.show_calibration(self._found)

    def drawn_table(self) -> DataTable | None:
        """Return what is shown as numbers of full precision; None while nothing is."""
        found = self._found
        if found is None:
            return None
        no_gain = Estimate(np.nan, np.nan)
        own = rival_name(None), found.mean_nll, found.mean_crps, no_gain, no_gain
        others = ((rival_name(r), c.nll, c.crps, c.nll_gain, c.crps_gain) for r, c in found.rivals.items())
        names, *estimates = zip(own, *others, strict=True)
        titles, columns = ["model"], [tuple(names)]
        numbers: list[np.ndarray] = []
        for title, each in zip(("nll", "crps", "nll_gain", "crps_gain"), estimates, strict=True):
            titles += [title, f"{title}_se"]
            numbers += [np.array([e.value for e in each]), np.array([e.standard_error for e in each])]
        comments = (rows_judged_text(found), self.tr("gain: rival less fit, positive where the fit is better"))
        return DataTable("fit beside simple models", tuple(titles), (*columns, *numbers), comments)

    def sizeHint(self) -> QSize:
        """Return the width of every column; the height of few rows, since the sentence above has its height first."""
        columns = range(self._cells.columnCount())
        return QSize(sum(self._width_of(column) for column in columns) + 4, self._height(3))

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size: the names, the NLL; the rest scrolls."""
        return QSize(120, self._height(2))

    def _append(self, rival: Rival | None, estimates: tuple[Estimate | None, ...]) -> list[QStandardItem]:
        texts = [rival_name(rival)]
        for place, estimate in enumerate(estimates):
            if estimate is None:
                texts.append("")
            elif place % 2:
                texts.append(estimate_text(estimate, decimals_of(estimate)))
            else:
                texts.append(estimate_text(Estimate(estimate.value, np.inf), decimals_of(estimate)))
        row = [QStandardItem(text) for text in texts]
        for column, cell in enumerate(row):
            cell.setTextAlignment(_alignment(column))
        self._cells.appendRow(row)
        return row

    def _width_of(self, column: int) -> int:
        advance, header = self.fontMetrics().horizontalAdvance, self._cells.horizontalHeaderItem(column)
        texts = [self._cells.item(row, column).text() for row in range(self._cells.rowCount())]
        return max(map(advance, (header.text(), *texts))) + _PADDING

    def _height(self, rows: int) -> int:
        return self.horizontalHeader().height() + rows * self.verticalHeader().defaultSectionSize() + 4


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return Qt.AlignmentFlag.AlignVCenter | side
