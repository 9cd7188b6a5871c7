"""Where the mixture is read: the cursor with its reason, the pin, the line through the inputs."""

import math
from dataclasses import replace

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.reading import InputAxis, Line, Readable, Section
from mdn_gui.session.messages import CursorOrigin


class Cursor:
    """An x that follows mouse or keyboard on one column's axis, and returns to the pin when the mouse leaves."""

    def __init__(self) -> None:
        self.x = math.nan
        self.pin: float | None = None
        self.origin = CursorOrigin.CURSOR
        self.axis: InputAxis | None = None
        self.line: Line | None = None

    def begin_on(self, dataset: Dataset) -> None:
        """Stand in the middle of a column of new data, without a pin.

        Where the columns are those of the data before, the same one stays on the axis and the others stay held.
        """
        if self.line is None or self.line.encodings != dataset.encodings:
            self.line = Line.through(dataset)
        self._stand_on(dataset, self.line)

    def move_along(self, dataset: Dataset, place: int) -> None:
        """Put column number ``place`` on the axis; the one before is held where the cursor stood."""
        if self.line is not None and place != self.line.place:
            line = self.line.holding(self.line.place, self.x) if math.isfinite(self.x) else self.line
            self._stand_on(dataset, replace(line, place=place))

    def hold(self, place: int, value: float) -> bool:
        """Hold column number ``place`` at a value; False, with nothing changed, where it is not finite."""
        if self.line is None or not math.isfinite(value):
            return False
        self.line = self.line.holding(place, value)
        return True

    def section(self, model: Readable) -> Section | None:
        """Return ``model`` along the line; None without data."""
        return Section(model, self.line) if self.line is not None else None

    def _stand_on(self, dataset: Dataset, line: Line) -> None:
        self.line, self.axis, self.pin = line, InputAxis.of(dataset, line.place), None
        self.x = self.axis.snapped(0.5 * (self.axis.low + self.axis.high))

    def move_to(self, x: float) -> bool:
        """Stand at x, or at the nearest level of a category; False, with nothing changed, where it is not finite."""
        if not math.isfinite(x):
            return False
        self.x, self.origin = self._snapped(x), CursorOrigin.CURSOR
        return True

    def release(self) -> None:
        """Return to the pin, or stay at the last x, because the mouse has left."""
        if self.pin is not None:
            self.x, self.origin = self.pin, CursorOrigin.PIN
        else:
            self.origin = CursorOrigin.LAST

    def set_pin(self, x: float | None) -> bool:
        """Put the pin at x, or take it away with None; False, with nothing changed, where x is not finite.

        A cursor that stands at the pin goes along with it.
        """
        if x is not None and not math.isfinite(x):
            return False
        self.pin = None if x is None else self._snapped(x)
        if self.origin is CursorOrigin.PIN and self.pin is None:
            self.origin = CursorOrigin.LAST
        elif self.origin is CursorOrigin.PIN and self.pin is not None:
            self.x = self.pin
        return True

    def _snapped(self, x: float) -> float:
        return x if self.axis is None else self.axis.snapped(x)
