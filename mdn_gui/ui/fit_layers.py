"""The layers of the fit plot that pyqtgraph does not have."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.theme import LIGHT, MARKERS, Theme, blend

_LEVELS = 16
"""Steps from faded to full: a weight is drawn as one of these opacities."""
_FAINT_WEIGHT = 0.01
_FARTHEST = 1e250
"""Data units; moments of a transformed target may be infinite, which a painter does not take."""
_LEAST_LEVEL = 3
"""Parts of a component with less opacity have no band; weights below 1.6 %."""


def opacity_levels(weights: FloatArray) -> np.ndarray:
    """Return the opacity step, 1 to 16, of each weight; the square root keeps small weights visible."""
    return np.clip(np.ceil(np.sqrt(weights) * _LEVELS), 1, _LEVELS).astype(int)


class _CachedItem(pg.GraphicsObject):
    """An item that is repainted only when its content or the view changes, not when the cursor passes over it."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._bounds = QRectF()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the extent in data units."""
        return self._bounds

    def set_view(self, view: QRectF) -> None:
        """Take the visible part of the plot, data units, as the extent: the cache then holds just what is seen."""
        if view != self._bounds:
            self.prepareGeometryChange()
            self._bounds = QRectF(view)
        self.update()


class Scatter(pg.ScatterPlotItem):
    """Points that remember their extent, which pyqtgraph works out anew for every question, dozens of times a move."""

    def __init__(self, **options: Any) -> None:
        self._extent: QRectF | None = None
        super().__init__(**options)

    def boundingRect(self) -> QRectF:
        """Return the extent in data units."""
        if self._extent is None:
            self._extent = super().boundingRect()
        return self._extent

    def prepareGeometryChange(self) -> None:
        """Forget the extent: the points change."""
        self._extent = None
        super().prepareGeometryChange()

    def viewTransformChanged(self) -> None:
        """Forget the extent: the size of a pixel changes."""
        self._extent = None
        super().viewTransformChanged()


@dataclass(frozen=True, eq=False)
class Mark:
    """One component mean under the cursor."""

    y: float
    symbol: str
    size: float
    colour: QColor


class CursorMarks(pg.GraphicsObject):
    """The cursor line with a mark on each component mean: one light item, moved many times a second."""

    _REACH = 9.0
    """Logical pixels from the line that the marks may cover."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._bounds = QRectF()
        self._line_pen, self._rim_pen = QPen(), QPen()
        self.marks: tuple[Mark, ...] = ()
        self.hide()

    def set_view(self, view: QRectF, pixel_width: float) -> None:
        """Take the visible part of the plot, the width of a pixel, data units."""
        self.prepareGeometryChange()
        reach = self._REACH * pixel_width
        self._bounds = QRectF(-reach, view.top(), 2 * reach, view.height())

    def show_theme(self, theme: Theme, line_pen: QPen, rim_pen: QPen) -> None:
        """Take new colours, pens for the line, for the rims of the marks."""
        self._theme, self._line_pen, self._rim_pen = theme, line_pen, rim_pen
        self.update()

    def show_at(self, x: float, mixture: ConditionalDensity, *, with_faint: bool = True) -> None:
        """Stand at x with the means of ``mixture``, a batch of one; faint components get small marks, or none."""
        sizes = np.where(mixture.weights[0] >= _FAINT_WEIGHT, 11.0, 6.0 if with_faint else 0.0)
        self.marks = tuple(
            Mark(float(y), MARKERS[k % len(MARKERS)], float(size), self._theme.component(k))
            for k, (y, size) in enumerate(zip(mixture.locs[0], sizes, strict=True))
            if size
        )
        self.setPos(x, 0.0)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the strip around the line, data units relative to x."""
        return self._bounds

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the line, then the marks in device pixels."""
        painter.setPen(self._line_pen)
        painter.drawLine(QPointF(0.0, self._bounds.top()), QPointF(0.0, self._bounds.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        transform = painter.transform()
        painter.setPen(self._rim_pen)
        for mark in self.marks:
            if self._bounds.top() <= mark.y <= self._bounds.bottom():
                place = transform.map(QPointF(0.0, mark.y))
                painter.setTransform(QTransform(mark.size, 0.0, 0.0, mark.size, place.x(), place.y()))
                painter.setBrush(mark.colour)
                painter.drawPath(Symbols[mark.symbol])
        painter.setTransform(transform)


class ComponentMeans(_CachedItem):
    """The component means along x, fading with their weight.

    A joint mixture has many straight ones, each of them of weight in a short range of x: its faint parts are left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[int, int, QPolygonF]] = []
        self._fineness = 1.0

    def set_fineness(self, fineness: float) -> None:
        """Take the number of device pixels in a logical pixel, for the width of the lines."""
        self._fineness = fineness

    def show_mixture(self, x: FloatArray, mixture: ConditionalDensity | None, *, with_faint: bool = True) -> None:
        """Draw the means of ``mixture``, a batch at ``x`` [N]; None draws nothing."""
        self._lines = []
        if mixture is None:
            self.update()
            return
        levels = opacity_levels(0.5 * (mixture.weights[1:] + mixture.weights[:-1]))
        for k in range(mixture.num_components):
            for first, last in _runs(levels[:, k]):
                if levels[first, k] < (1 if with_faint else _LEAST_LEVEL):
                    continue
                part = slice(first, last + 1)
                self._lines.append((int(levels[first, k]), k, _polygon(x[part], mixture.locs[part, k])))
        self._lines.sort(key=lambda entry: entry[0])
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw faded segments first, full ones on top."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for level, k, line in self._lines:
            share = max(level / _LEVELS, 0.18)
            width = 2.2 if level > _LEVELS // 4 else 1.3
            pen = QPen(blend(self._theme.component(k), self._theme.base, share), width * self._fineness)
            pen.setCosmetic(True)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawPolyline(line)


class ComponentBands(_CachedItem):
    """Bands of one sd, of two sds around each component, fading with the weight.

    Where the target is transformed the sds are those of the transformed one: the bands hold as much as ever.
    """

    def __init__(self) -> None:
        super().__init__()
        self._polygons: list[tuple[int, int, QPolygonF]] = []

    def show_mixture(self, x: FloatArray, mixture: ConditionalDensity | None) -> None:
        """Draw the bands of ``mixture``, a batch at ``x`` [N]; None draws nothing."""
        self._polygons = []
        if mixture is None:
            self.update()
            return
        levels = opacity_levels(mixture.weights)
        edges = [(mixture.component_points(width), mixture.component_points(-width)) for width in (2.0, 1.0)]
        for k in range(mixture.num_components):
            for first, last in _runs(levels[:, k]):
                level = int(levels[first, k])
                if level >= _LEAST_LEVEL:
                    part = slice(first, min(last + 1, len(x)))
                    for upper, lower in edges:
                        ends = np.append(upper[part, k], lower[part, k][::-1])
                        self._polygons.append((level, k, _polygon(np.append(x[part], x[part][::-1]), ends)))
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill the bands; the inner band lies on the outer one."""
        painter.setPen(Qt.PenStyle.NoPen)
        for level, k, polygon in self._polygons:
            colour = QColor(self._theme.component(k))
            colour.setAlphaF(0.13 * level / _LEVELS)
            painter.setBrush(colour)
            painter.drawPolygon(polygon)


class OutsideData(_CachedItem):
    """Hatching where x lies outside the range of the data."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[QRectF, ...] = ()

    def show_range(self, low: float, high: float) -> None:
        """Hatch what is seen left of ``low``, right of ``high``, data units."""
        view = self._bounds
        left = QRectF(view.left(), view.top(), max(low - view.left(), 0.0), view.height())
        start = max(high, view.left())
        right = QRectF(start, view.top(), max(view.right() - start, 0.0), view.height())
        self._parts = (left.intersected(view), right)
        self.update()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill with thin diagonal lines."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(self._theme.hatch), Qt.BrushStyle.BDiagPattern))
        for part in self._parts:
            painter.drawRect(part)


class DensityGround(pg.ImageItem):
    """p(y given x) as a soft ground, from nothing to the density colour; or rows, from nothing to another colour."""

    def __init__(self, colour: str = "density", opacity: int = 130) -> None:
        super().__init__(axisOrder="col-major")
        self._colour, self._opacity = colour, opacity
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        colour = QColor(getattr(theme, self._colour))
        table = np.empty((256, 4), dtype=np.ubyte)
        table[:, :3] = (colour.red(), colour.green(), colour.blue())
        table[:, 3] = np.linspace(0, self._opacity, 256)
        self.setLookupTable(table)

    def show_density(self, density: FloatArray, rect: QRectF) -> None:
        """Draw ``density`` [N, M] over ``rect``; the square root of its share of the 99th percentile is the ink."""
        top = float(np.quantile(density, 0.99))
        self.show_ink(np.sqrt(np.clip(density / top, 0.0, 1.0)) if top > 0 else np.zeros_like(density), rect)

    def show_ink(self, ink: FloatArray, rect: QRectF) -> None:
        """Draw ``ink`` [N, M], each from 0 to 1, over ``rect``."""
        self.setImage(ink.astype(np.float32), autoLevels=False, levels=(0.0, 1.0))
        self.setRect(rect)

    def paint(self, painter: QPainter, *args: Any) -> None:
        """Draw the image, smoothed between its cells."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)


def _runs(levels: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(levels)) + 1
    starts, stops = np.concatenate(([0], edges)), np.concatenate((edges, [len(levels)]))
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _polygon(x: FloatArray, y: FloatArray) -> QPolygonF:
    polygon = pg.functions.create_qpolygonf(len(x))
    points = pg.functions.ndarray_from_qpolygonf(polygon)
    points[:, 0], points[:, 1] = x, np.clip(y, -_FARTHEST, _FARTHEST)
    return polygon
