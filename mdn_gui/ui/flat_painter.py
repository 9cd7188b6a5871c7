"""A painter for vector files that writes shapes in device pixels."""

from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF, QTransform

_FARTHEST = 1e6
"""Pixels from the picture at which a line ends: programs that show vector files take no greater numbers."""


class FlatPainter(QPainter):
    """Maps what is drawn in data units to device pixels before it is written.

    An SVG holds six digits of each number, and a transform beside them: x of 1e9 would fall on one another. Shapes with
    a pen in data units, and text, are left to Qt.
    """

    def drawPath(self, path: QPainterPath) -> None:
        """Draw a path with pen, brush."""
        transform, pen = self.transform(), self.pen()
        if pen.style() != Qt.PenStyle.NoPen and not pen.isCosmetic():
            super().drawPath(path)
            return
        self.resetTransform()
        self.setPen(_plain(pen))
        super().drawPath(_mapped(path, transform))
        self.setPen(pen)
        self.setTransform(transform)

    def strokePath(self, path: QPainterPath, pen: Any) -> None:
        """Draw the line of a path."""
        self.save()
        self.setPen(pen)
        self.setBrush(Qt.BrushStyle.NoBrush)
        self.drawPath(path)
        self.restore()

    def fillPath(self, path: QPainterPath, brush: Any) -> None:
        """Draw the inside of a path; a gradient goes along."""
        self.save()
        self.setPen(Qt.PenStyle.NoPen)
        if isinstance(brush, QLinearGradient) and self.transform().isScaling():
            stops = brush.stops()
            brush = QLinearGradient(*map(self.transform().map, (brush.start(), brush.finalStop())))
            brush.setStops(stops)
        self.setBrush(QBrush(brush))
        self.drawPath(path)
        self.restore()

    def drawLine(self, *line: Any) -> None:
        """Draw a line between two points, or four numbers."""
        path = QPainterPath()
        _add_line(path, line[0] if len(line) == 1 else QLineF(*line))
        self.strokePath(path, self.pen())

    def drawLines(self, *lines: Any) -> None:
        """Draw lines of a list."""
        if not isinstance(lines[0], list):
            super().drawLines(*lines)
            return
        path = QPainterPath()
        for line in lines[0]:
            _add_line(path, line)
        self.strokePath(path, self.pen())

    def drawPolyline(self, *points: Any) -> None:
        """Draw a line from point to point."""
        path = QPainterPath()
        path.addPolygon(QPolygonF(points[0]))
        self.strokePath(path, self.pen())

    def drawPolygon(self, *points: Any) -> None:
        """Draw a closed shape, filled by the rule given or by odd and even."""
        path = QPainterPath()
        path.addPolygon(QPolygonF(points[0]))
        path.closeSubpath()
        path.setFillRule(points[1] if len(points) > 1 else Qt.FillRule.OddEvenFill)
        self.drawPath(path)

    def drawRect(self, *rect: Any) -> None:
        """Draw a rectangle, given as one or by four numbers."""
        path = QPainterPath()
        path.addRect(QRectF(*rect))
        self.drawPath(path)

    def drawEllipse(self, *ellipse: Any) -> None:
        """Draw an ellipse, given by its rectangle, by four numbers, or by its centre with two radii."""
        path = QPainterPath()
        if len(ellipse) == 3:
            path.addEllipse(QPointF(ellipse[0]), ellipse[1], ellipse[2])
        else:
            path.addEllipse(QRectF(*ellipse))
        self.drawPath(path)

    def fillRect(self, *rect: Any) -> None:
        """Fill a rectangle."""
        path = QPainterPath()
        path.addRect(QRectF(*rect[:-1]))
        self.fillPath(path, rect[-1])

    def drawImage(self, *image: Any) -> None:
        """Draw an image; it is turned over where the axis points up."""
        self.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        transform = self.transform()
        if len(image) != 2 or not isinstance(image[0], QRectF) or transform.isRotating():
            super().drawImage(*image)
            return
        place, picture = transform.mapRect(image[0]), QImage(image[1])
        turns = Qt.Orientation(0)
        turns |= Qt.Orientation.Horizontal if transform.m11() < 0 else Qt.Orientation(0)
        turns |= Qt.Orientation.Vertical if transform.m22() < 0 else Qt.Orientation(0)
        self.resetTransform()
        super().drawImage(place, picture.flipped(turns) if turns else picture)
        self.setTransform(transform)


def _plain(pen: QPen) -> QPen:
    """Return a pen that grows with the picture: an SVG keeps the lines of a cosmetic one thin at any size."""
    plain = QPen(pen)
    plain.setCosmetic(False)
    plain.setWidthF(pen.widthF() or 1.0)
    return plain


def _add_line(path: QPainterPath, line: QLineF) -> None:
    line = QLineF(line)
    path.moveTo(line.p1())
    path.lineTo(line.p2())


def _mapped(path: QPainterPath, transform: QTransform) -> QPainterPath:
    """Return a path in device pixels, none of which is far away."""
    mapped = transform.map(path)
    extent = mapped.controlPointRect()
    if max(abs(extent.left()), abs(extent.right()), abs(extent.top()), abs(extent.bottom())) > _FARTHEST:
        for place in range(mapped.elementCount()):
            element = mapped.elementAt(place)
            mapped.setElementPositionAt(place, _limited(element.x), _limited(element.y))
    return mapped


def _limited(pixels: float) -> float:
    return min(max(pixels, -_FARTHEST), _FARTHEST)
