"""A place in the inputs that is kept for comparison."""

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase

from mdn_gui.core.reading import Line, Reading


@dataclass(frozen=True)
class NamedPlace:
    """A place in the inputs as it is kept in a file.

    Parameters
    ----------
    name : str
        Of a pin; empty for the cursor.
    axis : int
        Number of the column on the axis, counted from 0.
    values : tuple of float
        Value of each column [C], data units; of a category the number of the level.
    """

    name: str
    axis: int
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Pin:
    """A named place, with what is read there.

    Parameters
    ----------
    name : str
        "A", "B", ... or what a person calls it.
    line : Line
        The line through the place: where the columns that are not on its axis are held.
    x : float
        Value of the column on the axis of that line, data units; of a category the number of the level.
    reading : Reading or None
        The mixture there; None while there is nothing to read.
    """

    name: str
    line: Line
    x: float
    reading: Reading | None = None

    def is_on(self, line: Line) -> bool:
        """Return whether the pin lies on a line: every column that the line holds has the value of the pin."""
        place = self.line.holding(self.line.place, self.x)
        return all(place.held[other] == line.held[other] for other, _ in line.others())

    @property
    def place(self) -> NamedPlace:
        """Where it is, as it is kept in a file."""
        values = tuple(self.value(column) for column in range(len(self.line.encodings)))
        return NamedPlace(self.name, self.line.place, values)

    def value(self, place: int) -> float:
        """Return the value of column number ``place``, data units; of a category the number of the level."""
        return self.x if place == self.line.place else float(self.line.held[place])


def next_name(pins: Iterable[Pin]) -> str:
    """Return the first of A, B, ..., Z, A2, B2, ... that no pin has."""
    taken = {pin.name for pin in pins}
    names = (
        letter + (str(round_) if round_ > 1 else "")
        for round_ in range(1, len(taken) + 2)
        for letter in ascii_uppercase
    )
    return next(name for name in names if name not in taken)
