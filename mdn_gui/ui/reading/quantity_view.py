"""A table of quantities with steady columns: figures that change under the moving cursor do not jump."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from mdn_gui.core.quantities import Shape
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.reading.quantity_model import DIFFERENCE, NAME, PIN, VALUE, QuantityModel

_PADDING, _NARROWEST_NAME, _MOST_LINES = 12, 64, 8
_USUAL_LENGTH = 7
"""Characters for which a column of numbers has room from the start."""


class QuantityView(QTableView):
    """The model of quantities with its look: names to the left, figures to the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantities = QuantityModel(self)
        self._longest = dict.fromkeys((VALUE, PIN, DIFFERENCE), _USUAL_LENGTH)
        self._lines: dict[str, int] = {}
        self.setModel(self.quantities)
        self.setAccessibleName(self.tr("Quantities at x"))
        self.setFont(tabular(self.font()))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 5)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.quantities.texts_changed.connect(self._fit_lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint whole rows only: half a line of an interval would be read as a wrong number."""
        room = self.viewport().rect()
        last = self.rowAt(room.bottom())
        if last > self.rowAt(0) and (top := self.rowViewportPosition(last)) + self.rowHeight(last) > room.bottom() + 1:
            event = QPaintEvent(event.region().intersected(room.adjusted(0, 0, 0, top - room.bottom() - 1)))
        super().paintEvent(event)

    def sizeHint(self) -> QSize:
        """Return the height of all rows."""
        return QSize(310, self._height())

    def minimumSizeHint(self) -> QSize:
        """Return the height of four rows; more scroll."""
        return QSize(200, min(self._height(), self._height_of(4)))

    def forget_sizes(self) -> None:
        """Forget how wide and high the texts of other rows or data were."""
        self._longest = dict.fromkeys(self._longest, _USUAL_LENGTH)
        self._lines = {}
        self._lay_out()

    def tidy(self) -> None:
        """Give back the room of longer texts that are no longer shown."""
        self._longest = dict.fromkeys(self._longest, _USUAL_LENGTH)
        self._lines = {}
        self.widen()
        self._lay_out()

    def widen(self) -> None:
        """Give each column room for the longest number it has shown, so that none is cut nor jumps."""
        longest = {
            column: max(
                (len(row.cells[column].text()) for row in self.quantities.rows if row.quantity.shape is Shape.NUMBER),
                default=0,
            )
            for column in self._longest
        }
        if any(longest[column] > known for column, known in self._longest.items()):
            self._longest = {column: max(longest[column], known) for column, known in self._longest.items()}
            self._lay_out()

    def _lay_out(self) -> None:
        room, advance = self.viewport().width(), self.fontMetrics().horizontalAdvance
        number = {column: advance("0" * length) + _PADDING for column, length in self._longest.items()}
        names = [advance(row.cells[NAME].text()) + _PADDING for row in self.quantities.rows]
        name = max(names, default=_NARROWEST_NAME)
        compares = self.quantities.pin is not None
        shown = [VALUE, PIN, DIFFERENCE] if compares else [VALUE]
        if compares and min(name, _NARROWEST_NAME) + sum(number.values()) > room:
            shown = [VALUE, DIFFERENCE]  # the pin's own value is their difference
        name = min(name, max(room - sum(number[column] for column in shown), _NARROWEST_NAME))
        spare = max(room - name - sum(number[column] for column in shown), 0)
        wide = [column for column in shown if column != DIFFERENCE]
        self.setColumnWidth(NAME, name)
        for column in (VALUE, PIN, DIFFERENCE):
            self.setColumnHidden(column, column not in shown)
            self.setColumnWidth(column, number[column] + (spare // len(wide) if column in wide else 0))
        self._lines = {}
        self._fit_lines()

    @Slot()
    def _fit_lines(self) -> None:
        """Give a region or the modes as many lines as they have needed so far: rows below them must not jump."""
        advance, line = self.fontMetrics().horizontalAdvance, self.fontMetrics().lineSpacing()
        usual = self.verticalHeader().defaultSectionSize()
        for number, row in enumerate(self.quantities.rows):
            if row.quantity.shape is Shape.NUMBER:
                continue
            needed = max(
                _lines_needed(row.cells[column].text(), self.columnWidth(column) - _PADDING, advance)
                for column in (VALUE, PIN)
                if column == VALUE or not self.isColumnHidden(column)
            )
            known = self._lines.get(row.quantity.key, 1)
            self._lines[row.quantity.key] = lines = max(min(needed, _MOST_LINES), known)
            if self.rowHeight(number) != usual + (lines - 1) * line:
                self.setRowHeight(number, usual + (lines - 1) * line)
        self.setMaximumHeight(self._height())
        self.updateGeometry()

    def _height(self) -> int:
        return self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 3

    def _height_of(self, rows: int) -> int:
        return self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + 3


def _lines_needed(text: str, room: int, advance: Callable[[str], int]) -> int:
    """Return how many lines a text takes that may break at its blanks."""
    lines, line = 1, ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and advance(longer) > room:
            lines, line = lines + 1, word
        else:
            line = longer
    return lines
