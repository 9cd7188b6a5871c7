"""How much each input matters: small bars with their numbers."""

import enum
import math
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHeaderView,
    QLabel,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.importance import MOST_COLUMNS, LocalEffects, PermutedRises
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import decimals_for, fixed, grouped, precise, reader_locale, tabular
from mdn_gui.ui.texts import one_line, tip_text
from mdn_gui.ui.theme import Theme, blend, theme_of

_ROW_HEIGHT, _PADDING = 20, 4
_WIDTHS = (0, 60, 60, 60, 98)
Index = QModelIndex | QPersistentModelIndex


class _Column(enum.IntEnum):
    INPUT = 0
    MEAN = 1
    SD = 2
    SHAPE = 3
    NLL = 4


_BAR = Qt.ItemDataRole.UserRole + 1
"""Length of the bar of a cell, 0 to 1."""


class _Model(QAbstractTableModel):
    """A row an input, the one that matters most first; ``UserRole`` gives the number itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.on_axis = -1
        self.local: LocalEffects | None = None
        self.permuted: PermutedRises | None = None
        self.order: list[int] = []
        """The input of each row."""
        self._chosen = _Column.MEAN

    def show_names(self, names: tuple[str, ...]) -> None:
        """Take other inputs, about which nothing is known yet."""
        self.beginResetModel()
        self._names, self.order, self.on_axis = names, list(range(len(names))), -1
        self.local, self.permuted = None, None
        self.endResetModel()

    def show_values(self, local: LocalEffects | None, permuted: PermutedRises | None) -> None:
        """Take numbers; the rows are put in order anew."""
        self.local, self.permuted = local, permuted
        self.rearrange(self._chosen)

    @Slot(int)
    def rearrange(self, column: int) -> None:
        """Put the greatest number of a column first, whatever its sign; the names in the order of the data."""
        self._chosen = _Column(column)
        self.layoutAboutToBeChanged.emit()
        values = self.values(self._chosen)
        keys = np.zeros(len(self._names)) if values is None else -np.abs(np.nan_to_num(values))
        self.order = np.argsort(keys, kind="stable").tolist()
        self.layoutChanged.emit()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(_Column) - 1)

    def values(self, column: _Column) -> FloatArray | None:
        """Return the numbers [C] of a column; None where they are not known."""
        if column is _Column.NLL:
            return self.permuted.rise if self.permuted is not None else None
        if self.local is None or column is _Column.INPUT:
            return None
        return {_Column.MEAN: self.local.mean, _Column.SD: self.local.sd, _Column.SHAPE: self.local.shape}[column]

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of inputs."""
        return 0 if parent is not None and parent.isValid() else len(self._names)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the name, three local numbers, one of all rows."""
        return 0 if parent is not None and parent.isValid() else len(_Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        place, column = self.order[index.row()], _Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(place, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_text(self._tip(place, column))
        if role == Qt.ItemDataRole.FontRole and place == self.on_axis and column is _Column.INPUT:
            font = QFont()
            font.setWeight(QFont.Weight.DemiBold)
            return font
        if role in {Qt.ItemDataRole.UserRole, _BAR}:
            values = self.values(column)
            value = float(values[place]) if values is not None else math.nan
            if role == Qt.ItemDataRole.UserRole:
                return value
            return _share(max(value, 0.0) if column is _Column.NLL else value, values)
        return None

    def _is_constant(self, place: int) -> bool:
        return self.local is not None and self.local.step[place] == 0.0

    def _text(self, place: int, column: _Column) -> str:
        values = self.values(column)
        if column is _Column.INPUT:
            return one_line(self._names[place])
        if values is None:
            return ""
        if column is not _Column.NLL and self._is_constant(place):
            return self.tr("constant") if column is _Column.MEAN else "0"
        value, greatest = float(values[place]), _greatest(values)
        text = "0" if value == 0.0 else _short(value, greatest)
        if column in {_Column.MEAN, _Column.SD} and value > 0.0:
            text = f"+{text}"
        if column is _Column.NLL and self.permuted is not None:
            error = float(self.permuted.standard_error[place])
            text += f" ± {_short(error, greatest)}" if math.isfinite(error) and error > 0.0 else ""
        return text

    def _tip(self, place: int, column: _Column) -> str:
        if column is _Column.INPUT:
            return self.tr("{name}\nPress to put it on the x axis").format(name=self._names[place][:200])
        if column is _Column.NLL:
            rows = grouped(self.permuted.num_rows) if self.permuted is not None else ""
            return self.tr("Rise of the mean NLL, nats a row, when this input is permuted among {rows} rows").format(
                rows=rows
            )
        if self.local is None:
            return ""
        if self._is_constant(place):
            return self.tr("Constant in the data: there is nothing to vary")
        step = float(self.local.step[place])
        if math.isnan(step):
            return self.tr("The greatest change when another level is taken, the other inputs held")
        return self.tr("The change when this input rises by {step}, the other inputs held").format(step=precise(step))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title of a column."""
        if orientation == Qt.Orientation.Vertical:
            return None
        column = _Column(section)
        if role == Qt.ItemDataRole.DisplayRole:
            title = {
                _Column.INPUT: self.tr("input"),
                _Column.MEAN: self.tr("mean"),
                _Column.SD: self.tr("spread"),
                _Column.SHAPE: self.tr("shape"),
                _Column.NLL: self.tr("NLL rise"),
            }[column]
            return f"{title} ▾" if column is self._chosen else title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if column is _Column.INPUT else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return self._header_tip(column) if role == Qt.ItemDataRole.ToolTipRole else None

    def _header_tip(self, column: _Column) -> str:
        return {
            _Column.INPUT: self.tr("The inputs in the order of the data"),
            _Column.MEAN: self.tr("Change of the mixture mean for one step, units of the target"),
            _Column.SD: self.tr("Change of the mixture sd for one step, units of the target"),
            _Column.SHAPE: self.tr(
                "Distance of the standardised densities for one step: the root of the integral of the squared "
                "difference of their cdfs"
            ),
            _Column.NLL: self.tr("Rise of the mean NLL when the input is permuted, with its standard error"),
        }[column]


def _greatest(values: FloatArray) -> float:
    """Return the greatest number of a column, sign left out; 0 where there is none."""
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max()) if len(finite) else 0.0


def _short(value: float, greatest: float) -> str:
    """Return a number as steady as its column: with the decimals that show three digits of the greatest one."""
    if 0.01 <= greatest < 1e5 or not math.isfinite(value):
        return fixed(value, max(decimals_for(greatest) - 1, 0))
    return reader_locale().toString(value, "e", 1)


def _share(value: float, values: FloatArray | None) -> float:
    """Return the length of a bar: the share of the greatest number of its column, sign left out."""
    greatest = _greatest(values) if values is not None else 0.0
    return abs(value) / greatest if greatest > 0.0 and math.isfinite(value) else 0.0


class _Bars(QStyledItemDelegate):
    """A bar behind the number of a cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the bar, then the number."""
        theme: Theme = theme_of(option.palette)
        place = QRectF(option.rect).adjusted(_PADDING, 2.0, -2.0, -2.0)
        length = float(index.data(_BAR) or 0.0)
        painter.save()
        if length > 0.0:
            bar = QRectF(place.left(), place.top(), length * place.width(), place.height())
            painter.fillRect(bar, blend(theme.accent, theme.base, 0.26))
        painter.setPen(QColor(theme.text))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place.adjusted(0.0, 0.0, -3.0, 0.0), flags, str(index.data()))
        painter.restore()


class ImportancePanel(QWidget):
    """For each input three local effects and a global one; a click on an input, or Enter, puts it on the axis.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    axis_chosen = Signal(int)
    """Column counted from 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dataset: Dataset | None = None
        self._model = _Model(self)
        self.table = self._made_table()
        self._local_name, self._global_name = ElidedLabel(self, "muted"), QLabel(self)
        self._local_name.show_text(self.tr("local effect, finite differences"))
        self._global_name.setObjectName("muted")
        self._local_name.setToolTip(
            self.tr(
                "What changes at the cursor when an input moves by 5 % of its central 90 % range: mean, sd in data "
                "units of the target"
            )
        )
        self._global_name.setText(self.tr("global: permuted"))
        self._global_name.setToolTip(
            self.tr("NLL rise when permuted: over test rows if there are any, else over rows that may be learned from")
        )
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._local_name, 0, 0)
        layout.addWidget(self._global_name, 0, 1)
        layout.addWidget(self.table, 1, 0, 1, 2)
        layout.setHorizontalSpacing(8)
        layout.setColumnStretch(0, 1)

    def _made_table(self) -> QTableView:
        table = QTableView(self)
        table.setAccessibleName(self.tr("Importance of each input"))
        table.setModel(self._model)
        table.setItemDelegate(_Bars(table))
        table.setItemDelegateForColumn(_Column.INPUT, QStyledItemDelegate(table))
        table.setFont(tabular(table.font()))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_Column.INPUT, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(_WIDTHS):
            if width:
                header.resizeSection(column, width)
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.sectionClicked.connect(self._model.rearrange)
        for signal in (table.clicked, table.activated):
            signal.connect(self._choose)
        return table

    def sizeHint(self) -> QSize:
        """Return a width that shows every number."""
        return QSize(sum(_WIDTHS) + 90, 130)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the inputs of other data."""
        self._dataset = dataset
        self._model.show_names(tuple(each.label for each in dataset.encodings[:MOST_COLUMNS]))

    def show_axis(self, place: int) -> None:
        """Name the input on the axis in bold."""
        if place != self._model.on_axis:
            self._model.on_axis = place
            self.table.viewport().update()

    @Slot(object)
    def show_local(self, effects: LocalEffects | None) -> None:
        """Show what changes around the point that is read, or nothing."""
        if effects is None or len(effects.mean) == self._model.rowCount():
            self._model.show_values(effects, self._model.permuted)

    @Slot(object)
    def show_permuted(self, rises: PermutedRises | None) -> None:
        """Show how much worse rows are told when an input is permuted, or nothing."""
        if rises is None or len(rises.rise) == self._model.rowCount():
            self._model.show_values(self._model.local, rises)

    def drawn_table(self) -> DataTable | None:
        """Return the numbers shown, all their digits, in the order of the data; None while there are none."""
        local, permuted, dataset = self._model.local, self._model.permuted, self._dataset
        if dataset is None or (local is None and permuted is None):
            return None
        names = tuple(each.label for each in dataset.encodings[:MOST_COLUMNS])
        nothing = np.full(len(names), np.nan)
        columns = (
            *((local.step, local.mean, local.sd, local.shape) if local is not None else (nothing,) * 4),
            *((permuted.rise, permuted.standard_error) if permuted is not None else (nothing,) * 2),
        )
        titles = ("step", "mean_change", "sd_change", "shape_distance", "nll_rise", "nll_rise_se")
        comments = (
            "step, changes: local effect, finite differences at the cursor, for one step",
            "nll_rise: mean rise of the NLL, nats a row, when the input is permuted",
        )
        return DataTable("importance", ("input", *titles), (names, *columns), comments)

    # -- choosing -----------------------------------------------------------------------------------------------------

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        self.axis_chosen.emit(self._model.order[index.row()])
