"""The quantities of p(y given x) at the cursor beside those at one pin, as a table model."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QBrush, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from mdn_gui.core.pin import Pin
from mdn_gui.core.quantities import Quantity, Shape
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Reading
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.reading.quantity_texts import NOTHING, QuantityTexts, quantity_name, quantity_tip
from mdn_gui.ui.texts import one_line, tip_text

if TYPE_CHECKING:
    from mdn_gui.core.dataset import FloatArray

NAME, VALUE, PIN, DIFFERENCE = range(4)
_TITLE_LENGTH = 8


class QuantityRow:
    """One quantity with its cells, its values at cursor and pin."""

    def __init__(self, quantity: Quantity, questions: Questions) -> None:
        self.quantity = quantity
        self.cells = [QStandardItem() for _ in range(DIFFERENCE + 1)]
        self.here: FloatArray | None = None
        """At the cursor, of the shape that the quantity names; None where there is nothing to read."""
        self.there: FloatArray | None = None
        """At the pin."""
        self._grey: list[int] = []
        self._here_of: ConditionalDensity | None = None
        self._there_of: ConditionalDensity | None = None
        for column, cell in enumerate(self.cells):
            cell.setEditable(False)
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            cell.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        name = quantity_name(quantity, questions)
        self.cells[NAME].setText(name)
        self.cells[NAME].setToolTip(tip_text(quantity_tip(quantity) or name))

    def read(self, here: ConditionalDensity | None, there: ConditionalDensity | None) -> None:
        """Read at cursor and pin, where something else was read before."""
        if here is not self._here_of:
            self.here, self._here_of = self.quantity.read(here) if here is not None else None, here
        if there is not self._there_of:
            self.there, self._there_of = self.quantity.read(there) if there is not None else None, there

    def stale_columns(self, here: ConditionalDensity | None, there: ConditionalDensity | None) -> list[int]:
        """Return the columns whose values are those of another place."""
        at_cursor, at_pin = here is not self._here_of, there is not self._there_of
        return [*([VALUE] if at_cursor else []), *([PIN] if at_pin else []), *([DIFFERENCE] if at_cursor else [])]

    def show_grey(self, columns: list[int], grey: QBrush) -> bool:
        """Grey the figures of these columns, no others; return whether others were."""
        changed, self._grey = columns != self._grey, columns
        if changed:
            for column in (VALUE, PIN, DIFFERENCE):
                brush = grey if column in columns else None
                self.cells[column].setData(brush, Qt.ItemDataRole.ForegroundRole)
        return changed

    def write(self, texts: QuantityTexts, *, compares: bool) -> bool:
        """Write the values; return whether a text is another than before."""
        written = [texts.value(self.quantity, self.here, self._here_of), "", ""]
        if compares:
            written[0] = written[0].replace("\u00a0", " ")  # a narrow column: an interval may break at its comma
            written[1] = texts.value(self.quantity, self.there, self._there_of).replace("\u00a0", " ")
            written[2] = texts.difference(self.quantity, self.here, self.there)
        if NOTHING not in written and [cell.text() for cell in self.cells[VALUE:]] == written:
            return False
        for cell, text in zip(self.cells[VALUE:], written, strict=True):
            tip = self._tip(cell.column(), text)  # the same dash may have another reason
            if tip != cell.toolTip():
                cell.setToolTip(tip)
            cell.setText(text)
        return True

    def _tip(self, column: int, text: str) -> str:
        """Return why there is a dash, or the whole of a text that may be too long for its cell."""
        if text != NOTHING:
            return tip_text(text) if self.quantity.shape is not Shape.NUMBER else ""
        if column == DIFFERENCE and self.quantity.shape is not Shape.NUMBER:
            return tip_text(_tr("Regions and modes have no difference"))
        missing = {VALUE: self.here is None, PIN: self.there is None}
        if missing.get(column, any(missing.values())):
            return tip_text(_tr("Nothing is read there"))
        return tip_text(_tr("Infinite: this moment of the transformed target is greater than any float"))


class QuantityModel(QStandardItemModel):
    """One row a quantity, of those that are shown only, so that hidden ones cost nothing.

    The cells hold their texts, so that painting the table, many times a second, asks nothing of Python.
    """

    texts_changed = Signal()
    """The text of a slow quantity is another: it may need more or fewer lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, DIFFERENCE + 1, parent)
        self.rows: tuple[QuantityRow, ...] = ()
        self.pin: Pin | None = None
        self._texts = QuantityTexts(1.0)
        self._here: ConditionalDensity | None = None
        self._there: ConditionalDensity | None = None
        self._grey = QBrush()
        self._show_titles()

    @property
    def is_complete(self) -> bool:
        """Whether every value is that of the cursor, or of the pin, as they are now."""
        return not any(row.stale_columns(self._here, self._there) for row in self.rows)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_rows(self, shown: Iterable[Quantity], questions: Questions) -> None:
        """Take other rows."""
        self.setRowCount(0)
        self.rows = tuple(QuantityRow(quantity, questions) for quantity in shown)
        for row in self.rows:
            self.appendRow(row.cells)
        self.read_all()

    def show_spread(self, spread: float) -> None:
        """Take the digits that suit the sd of a target, data units."""
        self._texts = QuantityTexts(spread)
        self._write(self.rows)

    def show_pin(self, pin: Pin | None) -> None:
        """Compare with a pin, or with none."""
        self.pin = pin
        self._there = pin.reading.mixture if pin is not None and pin.reading is not None else None
        self._show_titles()
        self._read_quick()

    def show_reading(self, reading: Reading | None) -> None:
        """Take another place of the cursor."""
        self._here = reading.mixture if reading is not None else None
        if self._here is None:
            self.read_all()
        else:
            self._read_quick()

    def read_all(self) -> None:
        """Read the slow quantities too."""
        self._read(self.rows)
        self._show_grey()

    def show_grey(self, grey: QBrush) -> None:
        """Take the colour of what belongs to another place."""
        self._grey = grey
        for row in self.rows:
            row.show_grey([], grey)
        self._show_grey()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _read_quick(self) -> None:
        """Read what is quick; what is slow is grey until it is read."""
        self._read([row for row in self.rows if not row.quantity.is_slow])
        self._show_grey()

    def _read(self, rows: Sequence[QuantityRow]) -> None:
        for row in rows:
            row.read(self._here, self._there)
        self._write(rows)

    def _write(self, rows: Sequence[QuantityRow]) -> None:
        with QSignalBlocker(self):
            changed = [row for row in rows if row.write(self._texts, compares=self.pin is not None)]
        if changed:
            self._announce(changed)
        if any(row.quantity.is_slow for row in changed):
            self.texts_changed.emit()

    def _show_grey(self) -> None:
        slow = [row for row in self.rows if row.quantity.is_slow]
        with QSignalBlocker(self):
            changed = [row for row in slow if row.show_grey(row.stale_columns(self._here, self._there), self._grey)]
        if changed:
            self._announce(changed)

    def _announce(self, rows: Sequence[QuantityRow]) -> None:
        """Tell views of rows that have changed, run by run: painting is what a move costs most."""
        numbers = [row.cells[NAME].row() for row in rows]
        starts = [number for number in numbers if number - 1 not in numbers]
        stops = [number for number in numbers if number + 1 not in numbers]
        for start, stop in zip(starts, stops, strict=True):
            self.dataChanged.emit(self.index(start, VALUE), self.index(stop, DIFFERENCE))

    def _show_titles(self) -> None:
        name = one_line(self.pin.name, _TITLE_LENGTH) if self.pin is not None else ""
        self.setHorizontalHeaderLabels([_tr("mixture"), _tr("at x"), f"◆ {name}", f"x − {name}"])
        for column in range(DIFFERENCE + 1):
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            self.horizontalHeaderItem(column).setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        if self.pin is not None:
            self.horizontalHeaderItem(PIN).setToolTip(tip_text(place_text(self.pin)))
            what = _tr("At the cursor less at pin {name}").format(name=one_line(self.pin.name))
            self.horizontalHeaderItem(DIFFERENCE).setToolTip(tip_text(what))


def place_text(pin: Pin) -> str:
    """Return where a pin is, one line a column, such as "A: age = 28.0"."""
    line = pin.line.holding(pin.line.place, pin.x)
    columns = (f"{one_line(each.label)} = {line.text(place)}" for place, each in enumerate(line.encodings))
    return f"{one_line(pin.name)}: " + "\n".join(columns)


def _tr(text: str) -> str:
    return QCoreApplication.translate("QuantityTable", text)
