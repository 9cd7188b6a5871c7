"""Where the mixture is read: an x with the reason for it, on a line through the inputs."""

import math
from dataclasses import replace

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.pin import Pin
from mdn_gui.core.reading import InputAxis, Line, Readable, Section
from mdn_gui.session.messages import CursorOrigin


class Cursor:
    """An x that follows mouse or keyboard on one column's axis, and returns to a pin when the mouse leaves."""

    def __init__(self) -> None:
        self.x = math.nan
        self.origin = CursorOrigin.CURSOR
        self.pin_name = ""
        """The pin at which the cursor stands since the mouse has left; empty otherwise."""
        self.axis: InputAxis | None = None
        self.line: Line | None = None
        self._ranges: FloatArray = np.zeros((0, 2))

    def begin_on(self, dataset: Dataset) -> None:
        """Stand in the middle of a column of new data; where the columns are those of before, stay at the place."""
        self._ranges = dataset.column_ranges
        if self.line is None or self.line.encodings != dataset.encodings:
            self._stand_on(dataset, Line.through(dataset))
        else:
            x = self.x
            self._stand_on(dataset, self.line)
            self.move_to(x)

    def move_along(self, dataset: Dataset, place: int) -> None:
        """Put column number ``place`` on the axis; the one before is held where the cursor stood."""
        if self.line is not None and place != self.line.place:
            x = float(self.line.held[place])
            line = self.line.holding(self.line.place, self.x) if math.isfinite(self.x) else self.line
            self._stand_on(dataset, replace(line, place=place))
            self.move_to(x)

    def hold(self, place: int, value: float) -> bool:
        """Hold column number ``place`` at a value; False, with nothing changed, where it is not finite."""
        if self.line is None or not math.isfinite(value):
            return False
        self.line = self.line.holding(place, value)
        return True

    def stand_at(self, values: FloatArray) -> bool:
        """Hold every column at its value in ``values`` [C], the one on the axis too; False where one is not finite."""
        if self.line is None or not np.isfinite(values).all():
            return False
        self.line = replace(self.line, held=np.array(values, dtype=np.float64))
        return self.move_to(float(values[self.line.place]))

    def section(self, model: Readable) -> Section | None:
        """Return ``model`` along the line; None without data."""
        return Section(model, self.line) if self.line is not None else None

    def held_outside(self, line: Line) -> tuple[str, ...]:
        """Return the names of the columns that a line holds outside their range in the data."""
        held, (low, high) = line.held, self._ranges.T
        return tuple(each.label for place, each in line.others() if not low[place] <= held[place] <= high[place])

    def _stand_on(self, dataset: Dataset, line: Line) -> None:
        self.line, self.axis = line, InputAxis.of(dataset, line.place)
        self.x = self.axis.snapped(0.5 * (self.axis.low + self.axis.high))
        self.origin, self.pin_name = CursorOrigin.CURSOR, ""

    def move_to(self, x: float) -> bool:
        """Stand at x, or at the nearest level of a category; False, with nothing changed, where it is not finite."""
        if not math.isfinite(x):
            return False
        self.x, self.origin, self.pin_name = self.snapped(x), CursorOrigin.CURSOR, ""
        return True

    def release(self, pin: Pin | None) -> None:
        """Return to a pin, or stay at the last x where there is none, because the mouse has left."""
        if pin is not None and self.line is not None:
            self.x, self.origin, self.pin_name = pin.value(self.line.place), CursorOrigin.PIN, pin.name
        else:
            self.origin, self.pin_name = CursorOrigin.LAST, ""

    def snapped(self, x: float) -> float:
        """Return x, or on the axis of a category the nearest level."""
        return x if self.axis is None else self.axis.snapped(x)
