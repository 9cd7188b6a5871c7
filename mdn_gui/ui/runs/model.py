"""The rows of the list of runs: filtered, in the order a person chose."""

import math
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from mdn_gui.core.metrics import StopReason
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.run_list import LONGEST_NOTES
from mdn_gui.ui.runs.columns import EDITED, PAINTED, Key, Place, run_columns
from mdn_gui.ui.runs.shown import Rows, RunsShown
from mdn_gui.ui.runs.texts import clean_name, name_text
from mdn_gui.ui.texts import tip_text
from mdn_gui.ui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
SORTED = (" ▴", " ▾")
"""What follows the title of the column by which the rows are sorted: ascending, descending."""
_LONGEST_TIP = 2000
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RunsModel(QAbstractTableModel):
    """One row a run; texts are made when they are seen.

    Rows come, go and move one by one, so that what is selected or being written stays.
    """

    renamed = Signal(int, str)
    """Number of a run, the name a person gives it; empty takes it away."""
    noted = Signal(int, str)
    """Number of a run, what a person writes about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = run_columns()
        self._shown = RunsShown()
        self._rows: list[int] = []
        self._filter = ""
        self._sorting: tuple[int, bool] = (Place.NUMBER, True)
        self._theme = LIGHT

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> RunsShown:
        """Every run, also those that the filter keeps back."""
        return self._shown

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the runs from top to bottom."""
        return tuple(self._rows)

    def run_at(self, row: int) -> TrainingRun | None:
        """Return the run of a row."""
        return self._shown.run(self._rows[row]) if 0 <= row < len(self._rows) else None

    def title(self, column: int) -> str:
        """Return the title of a column, whatever the rows are sorted by."""
        return self._columns[column].title

    def texts(self, column: int, most: int) -> set[str]:
        """Return the different texts of a column in its first rows, at most so many."""
        text, runs = self._columns[column].text, map(self.run_at, range(min(len(self._rows), most)))
        return {text(run, self._shown) for run in runs if run is not None}

    def row_of(self, number: int) -> int:
        """Return where a run stands; -1 where it does not."""
        return self._rows.index(number) if number in self._rows else -1

    def show_runs(self, shown: RunsShown) -> None:
        """Show these runs."""
        before, self._shown = self._shown, shown
        self._arrange()
        for row, number in enumerate(self._rows):
            if before.run(number) is not shown.run(number):
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(Place) - 1))
        if self._rows:  # not of the columns in which a person may be writing
            last = len(self._rows) - 1
            for first_column, last_column in ((Place.STAR, Place.NUMBER), (Place.COMPONENTS, Place.ROWS)):
                self.dataChanged.emit(self.index(0, first_column), self.index(last, last_column))

    def show_filter(self, text: str) -> None:
        """Show the runs with this text in their name or notes."""
        self._filter = " ".join(text.split()).casefold()
        self.beginResetModel()  # in one step: it may be a thousand pieces
        self._rows = self._wanted()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; what has no value comes last, of equals the newest first."""
        if 0 <= column < len(self._columns):
            self._sorting = column, order == Qt.SortOrder.DescendingOrder
            self._arrange()
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme

    # -- Qt asks ------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of runs shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title of a column, what it means."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            sorted_by, descending = self._sorting
            return column.title + (SORTED[descending] if section == sorted_by else "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(column.tip)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.is_number else _LEFT
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell: names, notes of one line are written in place."""
        flags, run = super().flags(index), self.run_at(index.row())
        in_place = index.column() in EDITED and run is not None
        if run is not None and index.column() == Place.NOTES and len(run.notes.splitlines()) > 1:
            in_place = False
        return flags | Qt.ItemFlag.ItemIsEditable if in_place else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, its look, what is told of it."""
        run = self.run_at(index.row()) if index.isValid() else None
        if run is None:
            return None
        column = self._columns[index.column()]
        is_seen = role == Qt.ItemDataRole.DisplayRole and index.column() not in PAINTED
        if is_seen or role == Qt.ItemDataRole.AccessibleTextRole:
            return column.text(run, self._shown)
        if role == Qt.ItemDataRole.EditRole:
            return {Place.NAME: run.name, Place.NOTES: run.notes}.get(Place(index.column()))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column.is_number else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(run, index.column())
        return self._look(run, Place(index.column()), role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Tell what a person has written; it is shown when it comes back."""
        run = self.run_at(index.row()) if index.isValid() else None
        if run is None or role != Qt.ItemDataRole.EditRole:
            return False
        if index.column() == Place.NAME and clean_name(str(value)) != run.name:
            self.renamed.emit(run.number, clean_name(str(value)))
        elif index.column() == Place.NOTES and str(value) != run.notes:
            self.noted.emit(run.number, str(value)[:LONGEST_NOTES])
        return False

    # -- inside -------------------------------------------------------------------------------------------------------

    def _tip(self, run: TrainingRun, column: int) -> str:
        tip = self._columns[column].cell_tip(run)
        return tip_text(tip if len(tip) <= _LONGEST_TIP else f"{tip[:_LONGEST_TIP]}…")

    def _look(self, run: TrainingRun, place: Place, role: int) -> Any:
        is_shown = run.number == self._shown.shown
        if role == Qt.ItemDataRole.FontRole and place == Place.NAME and is_shown:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and (colour := self._colour(run, place, is_shown=is_shown)):
            return QColor(colour)
        return None

    def _colour(self, run: TrainingRun, place: Place, *, is_shown: bool) -> str:
        """Return the colour of a text that is not the usual one."""
        if place == Place.NAME:
            return self._theme.accent if is_shown else "" if run.name else self._theme.muted
        if place == Place.REASON:
            diverged = run.model.history is not None and run.model.history.stop_reason is StopReason.DIVERGED
            return self._theme.caution if diverged else ""
        is_quiet = place in {Place.NUMBER, Place.NOTES} or (
            place == Place.ROWS and self._shown.rows_of(run) is not Rows.THESE
        )
        return self._theme.muted if is_quiet else ""

    def _wanted(self) -> list[int]:
        """Return the numbers that the filter lets pass, in their order."""
        column, descending = self._sorting
        key = self._columns[column].key
        runs = sorted(self._shown.runs, key=lambda run: -run.number)
        keyed = [(key(run, self._shown), run.number) for run in runs if self._passes(run)]
        present = [each for each in keyed if not _is_missing(each[0])]
        missing = [number for value, number in keyed if _is_missing(value)]
        present.sort(key=lambda each: each[0], reverse=descending)
        return [number for _, number in present] + missing

    def _passes(self, run: TrainingRun) -> bool:
        if not self._filter:
            return True
        return self._filter in name_text(run).casefold() or self._filter in " ".join(run.notes.split()).casefold()

    def _arrange(self) -> None:
        """Take rows away that are no longer wanted, add new ones, put all in their order."""
        wanted = self._wanted()
        gone = set(self._rows) - set(wanted)
        for first, last in reversed(_stretches([row for row, number in enumerate(self._rows) if number in gone])):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        known = set(self._rows)
        new = [number for number in wanted if number not in known]
        if new:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(new) - 1)
            self._rows += new
            self.endInsertRows()
        if wanted != self._rows:
            self._move(wanted)

    def _move(self, wanted: list[int]) -> None:
        self.layoutAboutToBeChanged.emit()
        places = {number: row for row, number in enumerate(wanted)}
        before, self._rows = self._rows, wanted
        kept = self.persistentIndexList()
        moved = [self.index(places[before[index.row()]], index.column()) for index in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()


def _is_missing(value: Key) -> bool:
    return not value if isinstance(value, str) else math.isnan(value)


def _stretches(rows: list[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each stretch of ascending rows."""
    if not rows:
        return []
    ends = [(low, high) for low, high in pairwise(rows) if high - low > 1]
    firsts, lasts = [rows[0], *(high for _, high in ends)], [*(low for low, _ in ends), rows[-1]]
    return list(zip(firsts, lasts, strict=True))
