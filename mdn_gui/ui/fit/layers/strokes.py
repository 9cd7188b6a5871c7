"""Lines that fade along their way, as pieces of one opacity each."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from mdn_gui.core.dataset import FloatArray

LEVELS = 16
"""Steps from faded to full: an opacity is drawn as one of these."""
_FARTHEST = 1e250
"""Data units; moments of a transformed target may be infinite, which a painter does not take."""

Piece = tuple[int, QPolygonF]
"""Level, 1 to LEVELS, with the places."""


def levels_of(opacity: FloatArray) -> np.ndarray:
    """Return the step, 1 to 16, of each opacity, 0 to 1; never nothing."""
    return np.clip(np.ceil(opacity * LEVELS), 1, LEVELS).astype(int)


def opacity_levels(weights: FloatArray) -> np.ndarray:
    """Return the opacity step, 1 to 16, of each weight; the square root keeps small weights visible."""
    return levels_of(np.sqrt(weights))


def runs(levels: np.ndarray) -> list[tuple[int, int]]:
    """Return the first place and the one behind the last of each stretch of equal levels [N]."""
    edges = np.flatnonzero(np.diff(levels)) + 1
    starts, stops = np.concatenate(([0], edges)), np.concatenate((edges, [len(levels)]))
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def polygon(x: FloatArray, y: FloatArray) -> QPolygonF:
    """Return the points [N] as Qt takes them."""
    made = pg.functions.create_qpolygonf(len(x))
    points = pg.functions.ndarray_from_qpolygonf(made)
    points[:, 0], points[:, 1] = x, _in_reach(y)
    return made


def between(x: FloatArray, lower: FloatArray, upper: FloatArray) -> QPolygonF:
    """Return the area between two curves over x [N]."""
    count = len(x)
    made = pg.functions.create_qpolygonf(2 * count)
    points = pg.functions.ndarray_from_qpolygonf(made)
    points[:count, 0], points[count:, 0] = x, x[::-1]
    points[:count, 1], points[count:, 1] = _in_reach(upper), _in_reach(lower[::-1])
    return made


def _in_reach(y: FloatArray) -> FloatArray:
    return np.fmin(np.fmax(y, -_FARTHEST), _FARTHEST)  # these pass NaN over, too


def pieces(x: FloatArray, y: FloatArray, opacity: FloatArray) -> list[Piece]:
    """Return a line through points [N] in pieces without gaps, each as opaque as the mean of its two ends."""
    levels = levels_of(0.5 * (opacity[1:] + opacity[:-1]))
    return [(int(levels[first]), polygon(x[first : last + 1], y[first : last + 1])) for first, last in runs(levels)]


def cosmetic(colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen of a width in device pixels, whatever the units of the plot."""
    pen = QPen(colour, width, style)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def draw_dots(painter: QPainter, places: QPolygonF, colour: QColor, width: float) -> None:
    """Draw round dots of a width in logical pixels; where the plot is stretched Qt would make dashes of them."""
    transform = painter.transform()
    painter.resetTransform()
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(transform.map(places))
    painter.setTransform(transform)
