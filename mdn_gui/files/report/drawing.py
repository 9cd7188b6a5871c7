"""Pictures of numbers as SVG."""

import html
from collections.abc import Iterator

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.files.report.axes import LETTER, Axis, cut

FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif'

_TOP, _RIGHT, _BELOW = 12.0, 14.0, 42.0
_LEAST_LEFT = 44.0
_FAR = 1e4
"""Px beyond which nothing is drawn: numbers of any size are cut off there."""
_STRAIGHT = 0.08
"""Px that a point may lie off the line between its neighbours to be left out."""
_MARKS = ("circle", "triangle", "square", "diamond", "star", "pentagon", "hexagon", "down")
"""Component k wears mark k mod 8, as in the window."""
_CORNERS = {"triangle": (3, 0.0), "diamond": (4, 0.0), "pentagon": (5, 0.0), "hexagon": (6, 0.0), "down": (3, 0.5)}


class Plot:
    """One picture: a frame with two axes, what is drawn in it in order.

    Parameters
    ----------
    width, height : float
        Px.
    x, y : Axis
        What is measured.
    title : str
        What the picture shows, for those who do not see it.
    """

    def __init__(self, width: float, height: float, x: Axis, y: Axis, title: str) -> None:
        self._width, self._height, self._x, self._y, self._title = width, height, x, y, title
        longest = max((len(text) for _, text in y.ticks), default=1)
        self._left = max(longest * LETTER + 34.0, _LEAST_LEFT)
        self._parts: list[str] = []

    @property
    def inner_width(self) -> float:
        """Width of the frame, px."""
        return self._width - self._left - _RIGHT

    def line(self, x: FloatArray, y: FloatArray, kind: str) -> None:
        """Draw a line through points [N]; it has gaps where one is not finite."""
        for some in self._runs(x, y):
            if len(some) > 1:
                self._parts.append(f'<path class="{kind}" d="{_path(_simplified(some))}"/>')

    def band(self, x: FloatArray, low: FloatArray, high: FloatArray, kind: str) -> None:
        """Fill what lies between ``low`` [N] and ``high`` [N]."""
        usable = np.isfinite(x) & ~np.isnan(low) & ~np.isnan(high)
        for first, last in _stretches(usable):
            ends = [self._pixels(x[first:last], edge[first:last]) for edge in (low, high)]
            outline = np.concatenate((_simplified(ends[0]), _simplified(ends[1])[::-1]))
            self._parts.append(f'<path class="{kind}" d="{_path(outline)}Z"/>')

    def points(self, x: FloatArray, y: FloatArray) -> None:
        """Draw dots."""
        inside = (x >= self._x.low) & (x <= self._x.high) & (y >= self._y.low) & (y <= self._y.high)
        dots = "".join(f"M{_px(a)} {_px(b)}h.1" for a, b in self._pixels(x[inside], y[inside]))
        if dots:
            self._parts.append(f'<path class="points" d="{dots}"/>')

    def bars(self, edges: FloatArray, heights: FloatArray, kind: str) -> None:
        """Draw bars between ``edges`` [B + 1], ``heights`` [B] above 0."""
        for left, right, height in zip(edges[:-1], edges[1:], heights, strict=True):
            (x0, y0), (x1, y1) = self._pixels(np.array([left, right]), np.array([height, 0.0]))
            box = f'x="{_px(x0)}" y="{_px(y0)}" width="{_px(x1 - x0)}" height="{_px(y1 - y0)}"'
            self._parts.append(f'<rect class="bar {kind}" {box}/>')

    def mark(self, x: float, y: float, k: int, kind: str, size: float = 4.5) -> None:
        """Draw the mark of component k, counted from 0."""
        ((at_x, at_y),) = self._pixels(np.array([x]), np.array([y]))
        if 0.0 <= at_x <= self._width and 0.0 <= at_y <= self._height:
            self._parts.append(f'<path class="{kind}" d="{_mark(_MARKS[k % len(_MARKS)], at_x, at_y, size)}"/>')

    def segment(self, x: tuple[float, float], y: tuple[float, float], kind: str) -> None:
        """Draw a straight line between two points."""
        self.line(np.array(x), np.array(y), kind)

    def label(self, x: float, y: float, text: str) -> None:
        """Write a short text beside a point, to its right but at the right end."""
        ((at_x, at_y),) = self._pixels(np.array([x]), np.array([y]))
        is_last = at_x > self._width - _RIGHT - LETTER * (len(text) + 2)
        place = (at_x - 8.0, "end") if is_last else (at_x + 8.0, "start")
        for kind in ("halo", "name"):
            self._parts.append(_text(place[0], max(at_y - 3.0, _TOP + 11.0), text, place[1], kind))

    def svg(self) -> str:
        """Return the picture."""
        left, right, bottom = self._left, self._width - _RIGHT, self._height - _BELOW
        box = f'x="{_px(left)}" y="{_px(_TOP)}" width="{_px(right - left)}" height="{_px(bottom - _TOP)}"'
        # an inner svg element clips what it holds, so that no element needs a name
        inner = "".join(self._parts)
        view = f'viewBox="{_px(left)} {_px(_TOP)} {_px(right - left)} {_px(bottom - _TOP)}"'
        size = f'viewBox="0 0 {_px(self._width)} {_px(self._height)}" width="{_px(self._width)}"'
        return (
            f'<svg class="picture" xmlns="http://www.w3.org/2000/svg" {size} height="{_px(self._height)}" '
            f'role="img" aria-label="{_plain(self._title)}"><rect class="ground" {box}/>{"".join(self._scales())}'
            f"<svg {box} {view}>{inner}</svg></svg>"
        )

    def _scales(self) -> Iterator[str]:
        left, right, bottom = self._left, self._width - _RIGHT, self._height - _BELOW
        for value, text in self._x.ticks:
            at = float(self._pixels(np.array([value]), np.array([self._y.low]))[0, 0])
            if left - 1.0 <= at <= right + 1.0:
                yield f'<path class="grid" d="M{_px(at)} {_px(_TOP)}V{_px(bottom)}"/>'
                yield _text(at, bottom + 16.0, text, "middle")
        for value, text in self._y.ticks:
            at = float(self._pixels(np.array([self._x.low]), np.array([value]))[0, 1])
            if _TOP - 1.0 <= at <= bottom + 1.0:
                yield f'<path class="grid" d="M{_px(left)} {_px(at)}H{_px(right)}"/>'
                yield _text(left - 7.0, at + 4.0, text, "end")
        middle = (_TOP + bottom) / 2.0
        name = cut(self._x.name, int((right - left) / LETTER))
        yield _text((left + right) / 2.0, self._height - 8.0, name, "middle", "name")
        turned = f'transform="rotate(-90 13 {_px(middle)})"'
        yield _text(13.0, middle, cut(self._y.name, int((bottom - _TOP) / LETTER)), "middle", "name", turned)

    def _pixels(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Return where points [N] lie, px [N, 2]."""
        sides = (
            (x, self._x, self._left, self._width - _RIGHT),
            (y, self._y, self._height - _BELOW, _TOP),
        )
        with np.errstate(over="ignore", invalid="ignore"):
            found = [
                start + (values - axis.low) / (axis.high - axis.low) * (end - start)
                for values, axis, start, end in sides
            ]
        return np.clip(np.column_stack(found), -_FAR, _FAR)

    def _runs(self, x: FloatArray, y: FloatArray) -> Iterator[FloatArray]:
        for first, last in _stretches(np.isfinite(x) & ~np.isnan(y)):
            yield self._pixels(x[first:last], y[first:last])


def _stretches(usable: "np.ndarray") -> Iterator[tuple[int, int]]:
    """Yield first and one past last of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], usable, [False])).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _simplified(points: FloatArray) -> FloatArray:
    """Leave out points on the straight line between the last one kept and the next one."""
    kept = [0] if len(points) else []
    for place in range(1, len(points) - 1):
        start, here, after = points[kept[-1]], points[place], points[place + 1]
        along = after - start
        length = float(np.hypot(*along))
        off = abs(along[0] * (here[1] - start[1]) - along[1] * (here[0] - start[0]))
        if off > _STRAIGHT * length or float(np.dot(here - start, after - here)) < 0.0 or place - kept[-1] > 20:
            kept.append(place)
    return points[[*kept, len(points) - 1]] if len(points) > 1 else points


def _path(points: FloatArray) -> str:
    return "M" + "L".join(f"{_px(x)} {_px(y)}" for x, y in points)


def _mark(name: str, x: float, y: float, size: float) -> str:
    if name == "circle":
        return f"M{_px(x - size)} {_px(y)}a{size} {size} 0 1 0 {2 * size} 0a{size} {size} 0 1 0 {-2 * size} 0Z"
    if name == "square":
        return f"M{_px(x - size * 0.85)} {_px(y - size * 0.85)}h{size * 1.7:.1f}v{size * 1.7:.1f}h{-size * 1.7:.1f}Z"
    count, turn = (10, 0.0) if name == "star" else _CORNERS[name]
    angles = 2.0 * np.pi * (np.arange(count) + turn) / count
    radius = np.where(np.arange(count) % 2 == 0, 1.25, 0.55) if name == "star" else np.full(count, 1.2)
    corners = np.column_stack((x + size * radius * np.sin(angles), y - size * radius * np.cos(angles)))
    return f"{_path(corners)}Z"


def _text(x: float, y: float, text: str, anchor: str, kind: str = "", more: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{_px(x)}" y="{_px(y)}" text-anchor="{anchor}" {more}>{_plain(text)}</text>'


def _plain(text: str) -> str:
    return html.escape("".join(char if char.isprintable() else " " for char in text))


def _px(value: float) -> str:
    """Return a length with one decimal at most."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text
