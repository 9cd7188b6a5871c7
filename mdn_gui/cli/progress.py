"""The line on a terminal that says how far the work is."""

import shutil
import sys
import time
from dataclasses import dataclass, field

from mdn_gui.cli.output import printable

_SECONDS_BETWEEN_LINES = 0.1
_BAR_WIDTH = 16
_WIDEST = 160


@dataclass
class Progress:
    """One line on standard error that is written over again and again; nothing at all where that is no terminal.

    Parameters
    ----------
    before : str
        What the line begins with, such as "K = 3, 2 of 8".
    """

    before: str = ""
    _due: float = field(default=0.0, init=False)
    _is_shown: bool = field(default=False, init=False)

    def show(self, fraction: float, text: str = "") -> None:
        """Show how much is done, 0 to 1, with a word on it; at most ten times a second."""
        if time.monotonic() < self._due or not sys.stderr.isatty():
            return
        self._due = time.monotonic() + _SECONDS_BETWEEN_LINES
        done = round(_BAR_WIDTH * min(max(fraction, 0.0), 1.0))
        bar = f"[{'#' * done}{'.' * (_BAR_WIDTH - done)}]"
        self._write("  ".join(part for part in (self.before, bar, text) if part))
        self._is_shown = True

    def report(self, fraction: float) -> None:
        """Show how much of a file is read, 0 to 1."""
        self.show(fraction, f"{fraction:.0%}")

    def is_cancelled(self) -> bool:
        """Return False: Ctrl+C ends the program while it reads."""
        return False

    def clear(self) -> None:
        """Remove the line."""
        if self._is_shown:
            self._write("")
            self._is_shown, self._due = False, 0.0

    def _write(self, line: str) -> None:
        width = min(shutil.get_terminal_size().columns, _WIDEST) - 1
        line = printable(line)[:width]
        sys.stderr.write(f"\r{line:<{width}}\r{line}")
        sys.stderr.flush()
