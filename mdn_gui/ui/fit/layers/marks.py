"""The cursor line with the component means at x."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QPainter, QPen, QTransform

from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.fit.layers.labels import PADDING, draw_label, in_pixels
from mdn_gui.ui.theme import LIGHT, MARKERS, Theme

_FAINT_WEIGHT = 0.01
_ROOM = 4 * PADDING
"""Logical pixels around the text of the arrow."""


@dataclass(frozen=True, eq=False)
class Mark:
    """One component mean under the cursor."""

    y: float
    symbol: str
    size: float
    colour: QColor


class CursorMarks(pg.GraphicsObject):
    """The cursor line with a mark on each component mean.

    It moves many times a second: it is in no scene, the plot paints it over a picture of everything else.
    """

    _REACH = 9.0
    """Logical pixels from the line that the marks may cover."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._bounds, self._view, self._pixel = QRectF(), QRectF(), 1.0
        self._x, self._text = 0.0, ""
        self._line_pen, self._rim_pen = QPen(), QPen()
        self.marks: tuple[Mark, ...] = ()
        self.hide()

    def set_view(self, view: QRectF, pixel_width: float) -> None:
        """Take the visible part of the plot, the width of a pixel, data units."""
        self.prepareGeometryChange()
        self._view, self._pixel = QRectF(view), pixel_width
        self._place()

    def show_theme(self, theme: Theme, line_pen: QPen, rim_pen: QPen) -> None:
        """Take new colours, pens for the line, for the rims of the marks."""
        self._theme, self._line_pen, self._rim_pen = theme, line_pen, rim_pen
        self.update()

    def show_at(self, x: float, mixture: ConditionalDensity, *, with_faint: bool = True, text: str = "") -> None:
        """Stand at x with the means of ``mixture``, a batch of one; faint components get small marks, or none.

        Where x is outside the view an arrow at that edge says so, with ``text``.
        """
        sizes = np.where(mixture.weights[0] >= _FAINT_WEIGHT, 11.0, 6.0 if with_faint else 0.0)
        self.marks = tuple(
            Mark(float(y), MARKERS[k % len(MARKERS)], float(size), self._theme.component(k))
            for k, (y, size) in enumerate(zip(mixture.locs[0], sizes, strict=True))
            if size
        )
        self._x, self._text = float(x), text
        self._place()
        self.update()

    @property
    def side(self) -> int:
        """-1 or +1 where x is left or right of the view, else 0."""
        if self._view.isEmpty():
            return 0
        return (self._x > self._view.right()) - (self._x < self._view.left())

    @property
    def arrow_text(self) -> str:
        """What is written at the edge; "" while x is seen."""
        return {-1: f"◂ {self._text}", 1: f"{self._text} ▸"}.get(self.side, "")

    def _place(self) -> None:
        """Stand at x; at the edge nearest to it where it is outside the view."""
        self.prepareGeometryChange()
        reach, view = self._REACH * self._pixel, self._view
        if self.side:
            reach = (QFontMetricsF(QGuiApplication.font()).horizontalAdvance(self.arrow_text) + _ROOM) * self._pixel
        self._bounds = QRectF(-reach, view.top(), 2 * reach, view.height())
        self.setPos(min(max(self._x, view.left()), view.right()) if self.side else self._x, 0.0)

    def boundingRect(self) -> QRectF:
        """Return the strip around the line, data units relative to x."""
        return self._bounds

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the line, then the marks in logical pixels; or the arrow."""
        if self.side:
            self._paint_arrow(painter)
            return
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

    def _paint_arrow(self, painter: QPainter) -> None:
        """Write at the edge, half-way up, on which side the cursor is."""
        painter.setFont(QGuiApplication.font())
        with in_pixels(painter, QPointF(0.0, self._bounds.center().y())) as metrics:
            wide, high = metrics.horizontalAdvance(self.arrow_text) + 2 * PADDING, metrics.height() + PADDING
            left = PADDING if self.side < 0 else -wide - PADDING
            box = QRectF(left, -0.5 * high, wide, high)
            draw_label(painter, box, self.arrow_text, QColor(self._theme.cursor), self._theme)
