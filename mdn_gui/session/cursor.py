"""Where the mixture is read: the cursor with its reason, the pin."""

import math

from mdn_gui.session.messages import CursorOrigin


class Cursor:
    """An x that follows mouse or keyboard, and returns to the pin when the mouse leaves; data units."""

    def __init__(self) -> None:
        self.x = math.nan
        self.pin: float | None = None
        self.origin = CursorOrigin.CURSOR

    def begin_at(self, x: float) -> None:
        """Stand at x, without a pin, because the data are new."""
        self.x, self.pin = x, None

    def move_to(self, x: float) -> bool:
        """Stand at x; False, with nothing changed, where it is not finite."""
        if not math.isfinite(x):
            return False
        self.x, self.origin = x, CursorOrigin.CURSOR
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
        self.pin = x
        if self.origin is CursorOrigin.PIN and x is None:
            self.origin = CursorOrigin.LAST
        elif self.origin is CursorOrigin.PIN and x is not None:
            self.x = x
        return True
