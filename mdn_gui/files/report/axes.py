"""Axes of pictures: their range, where ticks stand, what is written there."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.dates import date_ticks
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.plain_numbers import shortest

LETTER = 6.6
"""Width of a letter of 12 px, px."""
_STEPS = (1.0, 2.0, 5.0, 10.0)
_FEWEST_ORDERS, _MOST_ORDERS = -5, 6
_LONGEST_LEVEL = 14
_LEAST_HALF = 1e-300
"""Half the width of an axis about a number whose twentieth no float holds."""


@dataclass(frozen=True)
class Axis:
    """One axis of a picture.

    Parameters
    ----------
    name : str
        What is measured, with its unit.
    low, high : float
        Its ends, ``low`` below ``high``.
    ticks : tuple of (float, str)
        Where ticks stand, what is written there.
    """

    name: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


def number_axis(name: str, low: float, high: float, *, ticks: int = 6, margin: float = 0.04) -> Axis:
    """Return an axis of numbers that shows ``low`` to ``high`` and a margin, a fraction of that; finite ends."""
    low, high = _apart(low, high)
    room = margin * (high / 2 - low / 2) * 2
    low, high = max(low - room, -1e300), min(high + room, 1e300)
    return Axis(name, low, high, tuple(_number_ticks(low, high, ticks)))


def input_axis(encoding: Encoding, low: float, high: float, width: float) -> Axis:
    """Return the axis of an input column: numbers, dates, levels; ``width`` in px tells how many texts have room."""
    if encoding.levels:
        levels = encoding.levels
        every = max(math.ceil(len(levels) * LETTER * 6 / width), 1)
        room = max(int(every * width / len(levels) / LETTER) - 1, 3)
        texts = tuple((float(place), cut(levels[place], room)) for place in range(0, len(levels), every))
        return Axis(encoding.label, -0.6, len(levels) - 0.4, texts)
    axis = number_axis(encoding.label, low, high, margin=0.02)
    dates = date_ticks(axis.low, axis.high, encoding, lambda text: width / (LETTER * (len(text) + 2)))
    return Axis(axis.name, axis.low, axis.high, tuple(dates) or axis.ticks)


def range_of(values: Sequence[float] | FloatArray) -> tuple[float, float]:
    """Return the least and the greatest finite one of ``values``; 0 and 1 where there is none."""
    array = np.asarray(values, dtype=np.float64)
    finite = array[np.isfinite(array)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def cut(text: str, longest: int) -> str:
    """Return a text on one line, with "…" in place of its end where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: max(longest - 1, 1)]}…"


def _apart(low: float, high: float) -> tuple[float, float]:
    """Return ends that differ so much that floats lie between them."""
    least = max(abs(low), abs(high)) * 1e-9
    if high - low > least:
        return low, high
    half = max(abs(low) * 0.05, least, _LEAST_HALF, 0.5 if low == 0.0 else 0.0)
    return low - half, high + half


def _number_ticks(low: float, high: float, count: int) -> list[tuple[float, str]]:
    wide = (high / 2 - low / 2) * 2 / count
    if not (math.isfinite(wide) and wide > 0.0):
        return [(low, shortest(low, 3)), (high, shortest(high, 3))]
    unit = 10.0 ** math.floor(math.log10(wide))
    step = next(each * unit for each in _STEPS if each * unit >= wide * 0.999)
    first, last = math.ceil(low / step), math.floor(high / step)
    values = [number * step for number in range(first, last + 1)] if last - first <= 2 * count else [low, high]
    largest = max(abs(low), abs(high))
    orders, decimals = math.floor(math.log10(largest)), max(-math.floor(math.log10(step) + 1e-9), 0)
    if _FEWEST_ORDERS < orders < _MOST_ORDERS:
        return [(value, f"{value + 0.0:.{decimals}f}".replace("-", "−")) for value in values]
    digits = min(max(orders - math.floor(math.log10(step) + 1e-9) + 1, 1), 15)
    return [(value, shortest(value, digits)) for value in values]
