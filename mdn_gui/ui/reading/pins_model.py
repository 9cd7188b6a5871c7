"""The rows of the table of pins: what is read at the cursor, at each pin, how two of them differ."""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QWidget

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.pin import Pin
from mdn_gui.core.quantities import quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Reading
from mdn_gui.session.pins import LONGEST_NAME
from mdn_gui.ui.dates import date_text
from mdn_gui.ui.numbers import grouped, reader_locale
from mdn_gui.ui.reading.quantity_texts import NOTHING, QuantityTexts, quantity_name, quantity_tip
from mdn_gui.ui.texts import one_line, tip_text
from mdn_gui.ui.theme import LIGHT, Theme, blend

if TYPE_CHECKING:
    from mdn_gui.core.encoding import Encoding

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LONGEST_TITLE = 24
NAME = 0


def _tr(text: str) -> str:
    return QCoreApplication.translate("PinsModel", text)


@dataclass(eq=False)
class _Row:
    """A place with its cells; ``values`` are those of ``read_of``, which may be a reading before."""

    pin: Pin
    cells: list[QStandardItem]
    read_of: Reading | None = None
    values: dict[str, FloatArray] = field(default_factory=dict)
    is_grey: bool = False


class PinsModel(QStandardItemModel):
    """One row a place, the cursor first; one column for the name, each input, the rows near, each quantity.

    What takes time is read by :meth:`read`, row by row; until then the texts before are grey.
    """

    renamed = Signal(str, str)
    """Name of a pin, the name a person has given it, which no other has."""
    name_refused = Signal(str)
    """Why a name cannot be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions, self._texts, self._theme = Questions(), QuantityTexts(1.0), LIGHT
        self._quantities = quantities(self._questions)
        self._encodings: tuple[Encoding, ...] = ()
        self._rows: list[_Row] = []
        self._has_cursor = False
        self._difference: list[QStandardItem] = []
        self._pair: tuple[int, int] | None = None
        self.itemChanged.connect(self._take_name)
        self._make_columns()

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def places(self) -> tuple[Pin, ...]:
        """The cursor, where anything is read there, then the pins."""
        return tuple(row.pin for row in self._rows)

    @property
    def pair(self) -> tuple[Pin, Pin] | None:
        """The places of which the difference is shown, the second less the first."""
        return None if self._pair is None else (self._rows[self._pair[0]].pin, self._rows[self._pair[1]].pin)

    def held(self) -> dict[int, str]:
        """Return the columns of the inputs that have one value at all places, with their texts; not one that moves."""
        if not self._rows:
            return {}
        moving = {row.pin.line.place for row in self._rows}
        return {
            1 + place: f"{one_line(encoding.label, _LONGEST_TITLE)} {self._place_text(self._rows[0].pin, place)}"
            for place, encoding in enumerate(self._encodings)
            if place not in moving and len({row.pin.value(place) for row in self._rows}) == 1
        }

    def show_questions(self, questions: Questions) -> None:
        """Ask other questions at every place."""
        if questions != self._questions:
            self._questions, self._quantities = questions, quantities(questions)
            self._make_columns()
            for row in self._rows:
                row.values = {}  # the probability of another interval has the same key
            self._make_rows(self.places)

    def show_spread(self, spread: float) -> None:
        """Choose the digits from the sd of the target, data units."""
        self._texts = QuantityTexts(spread)
        self._make_rows(self.places)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._make_rows(self.places)

    def show_places(self, cursor: Pin | None, pins: tuple[Pin, ...]) -> None:
        """Show the cursor, where anything is read there, then the pins; what is read at a new reading becomes grey."""
        places = pins if cursor is None else (cursor, *pins)
        encodings = places[0].line.encodings if places else self._encodings
        if encodings != self._encodings:
            self._encodings = encodings
            self._make_columns()
            self._rows = []
        has_cursor = cursor is not None
        if has_cursor is not self._has_cursor or [place.name for place in places] != [
            row.pin.name for row in self._rows
        ]:
            self._has_cursor = has_cursor
            self._make_rows(places)
        for row, place in zip(self._rows, places, strict=True):
            self._show_place(row, place)

    def show_cursor(self, cursor: Pin) -> None:
        """Show another place of the cursor, which has a row already."""
        self._show_place(self._rows[0], cursor)

    def next_to_read(self) -> int | None:
        """Return the first row whose values are not those of its place; None where all are."""
        return next((number for number, row in enumerate(self._rows) if row.is_grey), None)

    def read(self, number: int) -> None:
        """Read everything at the place of a row."""
        row = self._rows[number]
        reading = row.pin.reading
        if row.read_of is not reading or not row.values:
            row.read_of = reading
            row.values = {each.key: each.read(reading.mixture) for each in self._quantities} if reading else {}
        texts = [self._place_text(row.pin, place) for place in range(len(self._encodings))]
        texts += [_rows_text(reading, has_one_input=len(self._encodings) == 1)]
        mixture = reading.mixture if reading is not None else None
        texts += [self._texts.value(each, row.values.get(each.key), mixture) for each in self._quantities]
        self._fill(row.cells[1:], texts)
        self._paint(row.cells, is_grey=False)
        row.is_grey = False
        if self._pair is not None and number in self._pair:
            self._fill_difference()

    def show_difference(self, pair: tuple[int, int] | None) -> None:
        """Show in a last row how the second of two rows differs from the first; None takes it away."""
        if pair == self._pair:
            return
        if pair is None:
            self.setRowCount(len(self._rows))
            self._difference = []
        elif not self._difference:
            self._difference = [self._cell(column) for column in range(self.columnCount())]
            for cell in self._difference:
                cell.setFlags(Qt.ItemFlag.ItemIsEnabled)
                cell.setFont(_bold())
            self.appendRow(self._difference)
        self._pair = pair
        if pair is not None:
            self._fill_difference()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _show_place(self, row: _Row, place: Pin) -> None:
        row.pin = place
        if not row.is_grey and row.read_of is not place.reading:
            self._paint(row.cells, is_grey=True)
            row.is_grey = True

    def _make_columns(self) -> None:
        titles = [(_tr("name"), "")]
        titles += [(one_line(each.label, _LONGEST_TITLE), each.label) for each in self._encodings]
        if len(self._encodings) > 1:  # rows are counted along the axis alone, which with several inputs misleads
            titles += [(_tr("data"), _tr("Whether every input lies within its range in the data"))]
        else:
            titles += [(_tr("rows"), _tr("Rows of the data near this x; or that it lies outside the data"))]
        for quantity in self._quantities:
            name = quantity_name(quantity, self._questions).strip()
            titles.append((name, quantity_tip(quantity) or name))
        self.setColumnCount(len(titles))
        for column, (title, tip) in enumerate(titles):
            header = QStandardItem(title)
            header.setToolTip(tip_text(tip))
            header.setTextAlignment(_LEFT if column == NAME else _RIGHT)
            self.setHorizontalHeaderItem(column, header)

    def _make_rows(self, places: tuple[Pin, ...]) -> None:
        known = {row.pin.name: row for row in self._rows}
        self._pair, self._difference = None, []
        self.setRowCount(0)
        self._rows = []
        for number, place in enumerate(places):
            row = _Row(place, [self._cell(column) for column in range(self.columnCount())])
            row.cells[NAME].setText(place.name)
            row.cells[NAME].setEditable(number > 0 or not self._has_cursor)
            before = known.get(place.name)
            if before is not None and set(before.values) == {each.key for each in self._quantities}:
                row.read_of, row.values = before.read_of, before.values
            self._rows.append(row)
            self.appendRow(row.cells)
            self._paint(row.cells, is_grey=True)
            row.is_grey = True

    def _cell(self, column: int) -> QStandardItem:
        cell = QStandardItem(NOTHING if column else "")
        cell.setTextAlignment(_LEFT if column == NAME else _RIGHT)
        cell.setEditable(False)
        return cell

    def _fill(self, cells: list[QStandardItem], texts: list[str]) -> None:
        with QSignalBlocker(self):  # one message for all cells
            for cell, text in zip(cells, texts, strict=True):
                if cell.text() != text:
                    cell.setText(text)
        self.dataChanged.emit(cells[0].index(), cells[-1].index())

    def _paint(self, cells: list[QStandardItem], *, is_grey: bool) -> None:
        grey = QBrush(blend(self._theme.muted, self._theme.base, 0.6)) if is_grey else None
        with QSignalBlocker(self):
            for cell in cells[1:]:
                cell.setData(grey, Qt.ItemDataRole.ForegroundRole)
        self.dataChanged.emit(cells[0].index(), cells[-1].index())

    def _fill_difference(self) -> None:
        if self._pair is None:
            return
        first, second = (self._rows[number] for number in self._pair)
        texts = [f"{one_line(second.pin.name, LONGEST_NAME)} − {one_line(first.pin.name, LONGEST_NAME)}"]
        texts += [self._change_text(first.pin, second.pin, place) for place in range(len(self._encodings))]
        texts += [""]
        for each in self._quantities:
            here, there = second.values.get(each.key), first.values.get(each.key)
            texts.append(self._texts.difference(each, here, there))
        self._fill(self._difference, texts)

    def _place_text(self, pin: Pin, place: int) -> str:
        encoding, value = self._encodings[place], pin.value(place)
        if encoding.levels:
            return one_line(encoding.levels[int(value)], LONGEST_NAME)
        return date_text(value, encoding) or _number(value)

    def _change_text(self, first: Pin, second: Pin, place: int) -> str:
        if self._encodings[place].levels:
            return NOTHING if first.value(place) != second.value(place) else ""
        change = second.value(place) - first.value(place)
        return f"{'+' if change > 0 else ''}{_number(change)}" if change and math.isfinite(change) else ""

    @Slot(QStandardItem)
    def _take_name(self, item: QStandardItem) -> None:
        """Put the old name back, whatever was typed: a new one comes with the pin that has it."""
        row = next((row for row in self._rows if row.cells[NAME] is item), None)
        if row is None or item.text() == row.pin.name:
            return
        name = " ".join(item.text().split())
        item.setText(row.pin.name)
        taken = {other.pin.name for other in self._rows if other is not row}
        if not name:
            self.name_refused.emit(_tr("A pin needs a name."))
        elif len(name) > LONGEST_NAME:
            self.name_refused.emit(_tr("A name has at most {most} characters.").format(most=LONGEST_NAME))
        elif name in taken:
            self.name_refused.emit(_tr("Another row has this name."))
        elif name != row.pin.name:
            self.renamed.emit(row.pin.name, name)


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font


def _number(value: float) -> str:
    return reader_locale().toString(float(value), "g", 8)


def _rows_text(reading: Reading | None, *, has_one_input: bool) -> str:
    if reading is None:
        return NOTHING
    if reading.is_outside or reading.held_outside:
        return _tr("outside")
    return grouped(reading.rows_near) if has_one_input else _tr("inside")
