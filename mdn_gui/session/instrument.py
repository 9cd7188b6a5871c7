"""The instrument: where p(y given x) is read, what is asked of it, which places are pinned."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.pin import NamedPlace, Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Readable, Reading, Section
from mdn_gui.session.cursor import Cursor
from mdn_gui.session.messages import CursorOrigin
from mdn_gui.session.pins import Pins

_MOVING_SECONDS = 0.15
"""As long after its last step something counts as being moved."""


class Instrument(QObject):
    """Reads what is shown at the cursor, at every pin, along a line through the inputs.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    line_changed = Signal(object)
    """Line: another column is on the axis, or one is held elsewhere."""
    section_changed = Signal(object)
    """Section or None: what is shown along the line, after either of them has changed."""
    reading_changed = Signal(object)
    """Reading or None."""
    pins_changed = Signal(object)
    """tuple of Pin."""
    pins_edited = Signal(object, object)
    """tuple of Pin before, after: a person has added, moved, renamed or removed one."""
    pins_lost = Signal(int)
    """So many pins were taken away, because the data have other columns."""
    questions_changed = Signal(object)
    """Questions."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cursor, self._pins = Cursor(), Pins()
        self._questions = Questions()
        self._dataset: Dataset | None = None
        self._shown: Readable | None = None
        self._is_preview = False
        self._epoch: int | None = None
        self._reading: Reading | None = None
        self._row: int | None = None
        self._moved_at = -_MOVING_SECONDS

    # -- what it knows ------------------------------------------------------------------------------------------------

    @property
    def axis(self) -> InputAxis | None:
        """The input column on the x axis."""
        return self._cursor.axis

    @property
    def line(self) -> Line | None:
        """Which column moves, where the others are held; None without data."""
        return self._cursor.line

    @property
    def section(self) -> Section | None:
        """What the plots show: the network or the preview along the column on the axis."""
        return self._cursor.section(self._shown) if self._shown is not None else None

    @property
    def is_preview(self) -> bool:
        """Whether the joint mixture is shown, because there is no network yet."""
        return self._is_preview

    @property
    def epoch(self) -> int | None:
        """The epoch of a run in the past that is shown; None for the newest network."""
        return self._epoch

    @property
    def reading(self) -> Reading | None:
        """The mixture at the cursor."""
        return self._reading

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The pins, the newest last."""
        return self._pins.all

    @property
    def questions(self) -> Questions:
        """What is asked of p(y given x) at every x."""
        return self._questions

    @property
    def cursor_origin(self) -> CursorOrigin:
        """Why the read-out stands where it stands."""
        return self._cursor.origin

    @property
    def pin_name(self) -> str:
        """The pin at which the cursor stands since the mouse has left; empty otherwise."""
        return self._cursor.pin_name

    @property
    def is_moving(self) -> bool:
        """Whether a person is moving the cursor or the line through the inputs."""
        return time.monotonic() - self._moved_at < _MOVING_SECONDS

    @property
    def row(self) -> int | None:
        """The row of the data set whose inputs were taken, counted from 0, while the line still goes through it."""
        return self._row

    # -- what is read -------------------------------------------------------------------------------------------------

    def begin_on(self, dataset: Dataset) -> None:
        """Take other data: pins stay where the columns are the same, the interval where the target is."""
        before, line = self._dataset, self._cursor.line
        self._dataset, self._row = dataset, None
        self._cursor.begin_on(dataset)
        if line is not None and line.encodings != dataset.encodings:
            lost = len(self._pins.all)
            if self._pins.clear():
                self.pins_lost.emit(lost)
        if before is not None and before.target_name != dataset.target_name:
            self.ask(replace(self._questions, low=-math.inf, high=math.inf))
        self.line_changed.emit(self._cursor.line)

    def show(self, model: Readable | None, *, is_preview: bool = False, epoch: int | None = None) -> None:
        """Read another model, or none; ``epoch`` where it is that of a run in the past."""
        self._shown, self._is_preview, self._epoch = model, is_preview, epoch
        self._show_section()
        self._pins.read(self._reading_on)
        self.pins_changed.emit(self._pins.all)

    def _show_section(self) -> None:
        self.section_changed.emit(self.section)
        self._read()

    @Slot(object)
    def ask(self, questions: Questions) -> None:
        """Take other questions."""
        if questions != self._questions:
            self._questions = questions
            self.questions_changed.emit(questions)

    # -- cursor -------------------------------------------------------------------------------------------------------

    @Slot(float)
    def set_cursor(self, x: float) -> None:
        """Read the mixture at x, data units; a value that is not finite is ignored."""
        self._moved_at = time.monotonic()
        if self._cursor.move_to(x):
            self._read()

    @Slot()
    def release_cursor(self) -> None:
        """Show the newest pin on the line, or stay at the last x, because the mouse has left."""
        self._cursor.release(self._pins.last_on(self._cursor.line) if self._cursor.line is not None else None)
        self._read()

    @Slot(int)
    def step_to_neighbour(self, direction: int) -> None:
        """Move the cursor to the next greater (1) or next smaller (-1) x in the data."""
        if self.axis is not None:
            self.set_cursor(self.axis.neighbour(self._cursor.x, direction))

    @Slot(int)
    def jump_to_end(self, side: int) -> None:
        """Move the cursor to the least (-1) or greatest (1) x in the data."""
        if self.axis is not None:
            self.set_cursor(self.axis.low if side < 0 else self.axis.high)

    # -- line ---------------------------------------------------------------------------------------------------------

    @Slot(int)
    def choose_axis(self, place: int) -> None:
        """Put input column number ``place`` on the x axis; the one before is held where the cursor stood."""
        if self._dataset is not None:
            self._cursor.move_along(self._dataset, place)
            self._show_line()

    @Slot(int, float)
    def hold(self, place: int, value: float) -> None:
        """Hold input column number ``place`` at a value, data units; of a category the number of a level."""
        self._moved_at = time.monotonic()
        if self._cursor.hold(place, value):
            self._row = None
            self._show_line()

    @Slot(int)
    def take_row(self, row: int) -> None:
        """Stand where a row of the data set stands, counted from 0: every input has its value."""
        dataset, line = self._dataset, self._cursor.line
        if dataset is None or line is None or not 0 <= row < len(dataset):
            return
        values = np.array([dataset.column(place)[row] for place in range(len(line.encodings))])
        if self._cursor.stand_at(values):
            self._row = row
            self._show_line()

    @Slot()
    def hold_at_middle(self) -> None:
        """Hold every other column at its median, a category at its most frequent level."""
        if self._dataset is None or self._cursor.line is None:
            return
        middle = np.array(self._dataset.middle)
        middle[self._cursor.line.place] = self._cursor.x
        if self._cursor.stand_at(middle):
            self._row = None
            self._show_line()

    def _show_line(self) -> None:
        self.line_changed.emit(self._cursor.line)
        self._show_section()

    # -- a document that is opened ------------------------------------------------------------------------------------

    def stand_as(self, cursor: NamedPlace | None, pins: Sequence[NamedPlace], questions: Questions) -> None:
        """Stand where a project stood, with its pins and questions; places with other columns are passed over."""
        line = self._cursor.line
        if self._dataset is None or line is None:
            return
        num_columns = len(line.encodings)
        if cursor is not None and _fits(cursor, num_columns):
            self._cursor.move_along(self._dataset, cursor.axis)
            self._cursor.stand_at(np.array(cursor.values))
        self._row = None
        self._pins.put(tuple(_pin_at(line, each) for each in pins if _fits(each, num_columns)))
        self.ask(questions)
        self._show_line()
        self._take_pins(changed=True)

    @property
    def place(self) -> NamedPlace | None:
        """Where the cursor stands, as it is kept in a file."""
        line = self._cursor.line
        return None if line is None else Pin("", line, self._cursor.x).place

    # -- pins ---------------------------------------------------------------------------------------------------------

    def put_pins(self, pins: tuple[Pin, ...]) -> None:
        """Keep these pins in place of all."""
        self._pins.put(pins)
        self._pins.read(self._reading_on)
        self.pins_changed.emit(self._pins.all)
        self._leave_lost_pin()

    @Slot(float)
    def add_pin(self, x: float) -> None:
        """Pin x on the line."""
        line, before = self._cursor.line, self._pins.all
        self._take_pins(changed=line is not None and self._pins.add(line, self._cursor.snapped(x)))
        self._tell_edit(before)

    @Slot(str, float)
    def move_pin(self, name: str, x: float) -> None:
        """Put a pin elsewhere on the line; the cursor that stands at it goes along."""
        line, before = self._cursor.line, self._pins.all
        if line is None or not self._pins.move(name, line, self._cursor.snapped(x)):
            return
        self._take_pins(changed=True)
        self._tell_edit(before)
        if name == self._cursor.pin_name:
            self._cursor.release(self._pins.named(name))
            self._read()

    @Slot(str, str)
    def rename_pin(self, name: str, other: str) -> None:
        """Give a pin another name; an empty one, or that of another pin, is refused."""
        before = self._pins.all
        place = [pin.name for pin in before].index(name) if self._pins.named(name) is not None else -1
        if self._pins.rename(name, other) and name == self._cursor.pin_name:
            self._cursor.pin_name = self._pins.all[place].name
            self.reading_changed.emit(self._reading)  # which says where it stands
        self._take_pins(changed=True)  # a refused name has to be shown as it was
        self._tell_edit(before)

    @Slot(str)
    def remove_pin(self, name: str) -> None:
        """Take a pin away."""
        before = self._pins.all
        self._take_pins(changed=self._pins.remove(name))
        self._leave_lost_pin()
        self._tell_edit(before)

    @Slot()
    def remove_pins(self) -> None:
        """Take every pin away."""
        before = self._pins.all
        self._take_pins(changed=self._pins.clear())
        self._leave_lost_pin()
        self._tell_edit(before)

    @Slot(str)
    def go_to_pin(self, name: str) -> None:
        """Stand at a pin: every input has its value there."""
        pin, line = self._pins.named(name), self._cursor.line
        if pin is None or line is None:
            return
        if self._cursor.stand_at(np.array([pin.value(place) for place in range(len(line.encodings))])):
            self._cursor.release(pin)
            self._row = None
            self._show_line()

    def _leave_lost_pin(self) -> None:
        if self._cursor.origin is CursorOrigin.PIN and self._pins.named(self._cursor.pin_name) is None:
            self._cursor.release(None)
            self._read()

    def _take_pins(self, *, changed: bool) -> None:
        if changed:
            self._pins.read_new(self._reading_on)
            self.pins_changed.emit(self._pins.all)

    def _tell_edit(self, before: tuple[Pin, ...]) -> None:
        if [pin.place for pin in before] != [pin.place for pin in self._pins.all]:
            self.pins_edited.emit(before, self._pins.all)

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        self._reading = None
        if self._cursor.line is not None and self.axis is not None and self._shown is not None:
            section = Section(self._shown, self._cursor.line)
            self._reading = self._reading_of(section, self._cursor.x, self.axis)
        self.reading_changed.emit(self._reading)

    def _reading_on(self, line: Line, x: float) -> Reading | None:
        dataset = self._dataset
        if self._shown is None or dataset is None:
            return None
        same = self.axis is not None and self.axis.place == line.place
        axis = self.axis if same and self.axis is not None else InputAxis.of(dataset, line.place)
        return self._reading_of(Section(self._shown, line), x, axis)

    def _reading_of(self, section: Section, x: float, axis: InputAxis) -> Reading:
        outside = self._cursor.held_outside(section.line)
        reading = Reading.at(x, section, axis, is_preview=self._is_preview, held_outside=outside)
        return reading if self._epoch is None else replace(reading, epoch=self._epoch)


def _fits(place: NamedPlace, num_columns: int) -> bool:
    return len(place.values) == num_columns and 0 <= place.axis < num_columns and bool(np.isfinite(place.values).all())


def _pin_at(line: Line, place: NamedPlace) -> Pin:
    there = replace(line, place=place.axis, held=np.array(place.values))
    return Pin(place.name, there, place.values[place.axis])
