"""The places that are kept for comparison."""

import math
from collections.abc import Callable
from dataclasses import replace

from mdn_gui.core.pin import Pin, next_name
from mdn_gui.core.reading import Line, Reading

LONGEST_NAME = 40
MOST_PINS = 26


class Pins:
    """Named places in the inputs, the newest last.

    Every method that changes something returns whether it did.
    """

    def __init__(self) -> None:
        self.all: tuple[Pin, ...] = ()

    def named(self, name: str) -> Pin | None:
        """Return the pin of that name."""
        return next((pin for pin in self.all if pin.name == name), None)

    def last_on(self, line: Line) -> Pin | None:
        """Return the newest pin that lies on a line."""
        return next((pin for pin in reversed(self.all) if pin.is_on(line)), None)

    def add(self, line: Line, x: float) -> bool:
        """Pin x on a line under the next free name."""
        if not math.isfinite(x) or len(self.all) >= MOST_PINS:
            return False
        self.all = (*self.all, Pin(next_name(self.all), line, x))
        return True

    def move(self, name: str, line: Line, x: float) -> bool:
        """Put a pin at x on a line."""
        return math.isfinite(x) and self._replace(name, lambda pin: replace(pin, line=line, x=x, reading=None))

    def rename(self, name: str, other: str) -> bool:
        """Give a pin another name; not an empty one, nor that of another pin."""
        other = " ".join(other.split())[:LONGEST_NAME]
        if not other or self.named(other) is not None:
            return False
        return self._replace(name, lambda pin: replace(pin, name=other))

    def remove(self, name: str) -> bool:
        """Take a pin away."""
        left = tuple(pin for pin in self.all if pin.name != name)
        self.all, changed = left, len(left) != len(self.all)
        return changed

    def put(self, pins: tuple[Pin, ...]) -> None:
        """Keep these pins in place of all."""
        self.all = pins

    def clear(self) -> bool:
        """Take every pin away."""
        self.all, changed = (), bool(self.all)
        return changed

    def read(self, read: Callable[[Line, float], Reading | None]) -> None:
        """Read at every pin anew, because something else is shown."""
        self.all = tuple(replace(pin, reading=read(pin.line, pin.x)) for pin in self.all)

    def read_new(self, read: Callable[[Line, float], Reading | None]) -> None:
        """Read at the pins where nothing was read yet."""
        self.all = tuple(pin if pin.reading else replace(pin, reading=read(pin.line, pin.x)) for pin in self.all)

    def _replace(self, name: str, change: Callable[[Pin], Pin]) -> bool:
        if self.named(name) is None:
            return False
        self.all = tuple(change(pin) if pin.name == name else pin for pin in self.all)
        return True
