"""The cursor line with the component means at x."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.theme import LIGHT, MARKERS, Theme

_FAINT_WEIGHT = 0.01


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
        """Draw the line, then the marks in logical pixels."""
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
