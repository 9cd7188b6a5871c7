"""Points of a plane, counted in the cells of a rectangle, picked by an outline."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray

IntArray = NDArray[np.integer[Any]]
_BLOCK = 1 << 18
"""Points looked at in one go: about a millisecond an operation, so that no thread waits long for the interpreter."""


@dataclass(frozen=True)
class Frame:
    """A rectangle of the plane, divided into cells.

    Parameters
    ----------
    x_low, x_high, y_low, y_high : float
        Its sides, data units.
    columns, rows : int
        Number of cells along x, along y.
    """

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    columns: int
    rows: int

    def holds(self, x: FloatArray, y: FloatArray) -> NDArray[np.bool_]:
        """Return which of the points [N] lie inside, sides included."""
        return (x >= self.x_low) & (x <= self.x_high) & (y >= self.y_low) & (y <= self.y_high)

    def cells(self, x: FloatArray, y: FloatArray) -> IntArray:
        """Return the cell [N] of points inside, counted along y first."""
        column = _cell_of(x, self.x_low, self.x_high, self.columns)
        return column * self.rows + _cell_of(y, self.y_low, self.y_high, self.rows)


@dataclass(frozen=True, eq=False)
class Picture:
    """What a frame shows: its points where they are few, else how many there are in each cell.

    Parameters
    ----------
    frame : Frame
        Of which rectangle.
    points : pair of float arrays [N], or None
        x and y of the points inside; None where they are too many.
    counts : float array [columns, rows]
        Points in each cell; [0, 0] where the points are given.
    """

    frame: Frame
    points: tuple[FloatArray, FloatArray] | None
    counts: FloatArray


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of a plane.

    Parameters
    ----------
    x, y : float array [N]
        Their places, data units; not copied.
    order : int array [N]
        Number of each point before they were put in the order of x; empty while they are not.
    heights : float array [N]
        The values of y in ascending order; empty while the points are not in order.
    """

    x: FloatArray
    y: FloatArray
    order: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    heights: FloatArray = field(default_factory=lambda: np.zeros(0))

    @property
    def is_in_order(self) -> bool:
        """Whether the points are in the order of x."""
        return len(self.order) == len(self.x)

    def in_order(self) -> "Cloud":
        """Return the points in the order of x, so that a range of x is one slice; each step leaves other threads be."""
        if self.is_in_order:
            return self
        order: IntArray = np.argsort(self.x)
        if len(order) < 2**31:
            order = order.astype(np.int32)
        return Cloud(self.x[order], self.y[order], order, np.sort(self.y))

    def span(self, low: float, high: float) -> tuple[int, int]:
        """Return the first place and the one behind the last between which all x from low to high are."""
        if not self.is_in_order:
            return 0, len(self.x)
        return int(np.searchsorted(self.x, low, side="left")), int(np.searchsorted(self.x, high, side="right"))

    def picture(self, frame: Frame, most_points: int) -> Picture:
        """Return what is in a frame: at most this many points, else their number in each cell."""
        counts = np.zeros(frame.columns * frame.rows)
        kept: list[tuple[FloatArray, FloatArray]] = []
        found = 0
        for block in _blocks(*self.span(frame.x_low, frame.x_high)):
            x, y = self.x[block], self.y[block]
            inside = frame.holds(x, y)
            if not inside.all():
                x, y = x[inside], y[inside]
            found += len(x)
            if found <= most_points:
                kept.append((x, y))
            counts += np.bincount(frame.cells(x, y), minlength=len(counts))
        if found > most_points:
            return Picture(frame, None, counts.reshape(frame.columns, frame.rows))
        x, y = (np.concatenate([np.zeros(0), *arrays]) for arrays in (zip(*kept, strict=True) if kept else ((), ())))
        return Picture(frame, (x, y), np.zeros((0, 0)))

    def within(self, outline: FloatArray) -> IntArray:
        """Return the numbers of the points inside a closed outline, ascending.

        Parameters
        ----------
        outline : array [V, 2]
            x and y of its corners. Where it crosses itself, what it goes round twice is outside (even-odd rule).
        """
        cloud = self.in_order()
        first, last = cloud.span(float(outline[:, 0].min()), float(outline[:, 0].max()))
        inside = np.zeros(last - first, dtype=np.bool_)
        for begin, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
            (left, left_y), (right, right_y) = sorted((tuple(begin), tuple(end)))
            # the points whose x an edge spans are one slice: each is looked at as often as the outline passes over it
            start, stop = np.searchsorted(cloud.x[first:last], (left, right), side="left").tolist()
            for block in _blocks(start, stop):
                place = slice(first + block.start, first + block.stop)
                share = (cloud.x[place] - left) / (right - left)
                inside[block] ^= cloud.y[place] < left_y + share * (right_y - left_y)
        found = np.zeros(len(cloud.x), dtype=np.bool_)
        found[cloud.order[first:last][inside]] = True
        return np.flatnonzero(found)


def steps_between(low: float, high: float, count: int) -> FloatArray:
    """Return edges from below low to above high, about ``count`` apart, at multiples of 1, 2 or 5 times a power of 10.

    They stay where they are when the range moves; they lie a little below the round numbers, so that rounded values
    never fall on one of them.
    """
    wanted = (high - low) / count
    unit = 10.0 ** np.floor(np.log10(wanted))
    step = float(unit * next(factor for factor in (1.0, 2.0, 5.0, 10.0) if factor * unit >= 0.75 * wanted))
    numbers = np.arange(np.floor(low / step), np.ceil(high / step) + 1)
    return np.asarray((numbers - 1e-6) * step)


def counts_between(ascending: FloatArray, edges: FloatArray) -> IntArray:
    """Return how many of the values [N], which ascend, lie between each two neighbouring edges [E]; [E - 1]."""
    return np.diff(np.searchsorted(ascending, edges))


def _blocks(start: int, stop: int) -> Iterator[slice]:
    for first in range(start, stop, _BLOCK):
        yield slice(first, min(first + _BLOCK, stop))


def _cell_of(values: FloatArray, low: float, high: float, count: int) -> IntArray:
    with np.errstate(over="ignore", invalid="ignore"):  # a range wider than the largest float: one cell
        share = (values - low) * (count / (high - low))
        return np.clip(np.nan_to_num(share, copy=False), 0, count - 1).astype(np.intp)
