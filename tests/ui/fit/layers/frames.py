"""Frames for layers that are tested without a plot."""

import numpy as np
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QTransform

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.fit.layers.frame import Frame, Subject
from mdn_gui.ui.fit.layers.layer import Layer

VIEW = QRectF(0.0, -3.0, 1.0, 6.0)
WIDE, HIGH = 200, 120


def steady_mixture(rows: int, weights: tuple[float, ...] = (0.5, 0.3, 0.2)) -> ConditionalMixture:
    """Return N equal rows whose component means are 0, 1, 2, ..., sds 1."""
    count = len(weights)
    return ConditionalMixture(
        np.tile(weights, (rows, 1)), np.tile(np.arange(count) * 1.0, (rows, 1)), np.ones((rows, count))
    )


def frame_of(
    mixture: ConditionalDensity | None,
    subject: Subject | None = None,
    fade: np.ndarray | None = None,
    view: QRectF = VIEW,
) -> Frame:
    """Return a frame over ``view``, whose x are evenly spaced."""
    count = len(mixture) if mixture is not None else 50
    x = np.linspace(view.left(), view.right(), count)
    return Frame(
        subject or Subject(), view, QSize(WIDE, HIGH), 1.0, x, mixture, np.ones(count) if fade is None else fade, 60
    )


def painted(layer: Layer, view: QRectF = VIEW) -> QImage:
    """Return what a layer paints, one face on the other, on white."""
    image = QImage(WIDE, HIGH, QImage.Format.Format_ARGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    transform = QTransform.fromTranslate(-view.left(), -view.bottom())
    painter.setTransform(transform * QTransform.fromScale(WIDE / view.width(), -HIGH / view.height()))
    layer.paint(painter)
    layer.paint_above(painter)
    assert painter.end()
    return image


def is_inked(image: QImage, x: float, y: float, view: QRectF = VIEW) -> bool:
    """Return whether there is anything but white at a place, data units."""
    column = min(int((x - view.left()) / view.width() * WIDE), WIDE - 1)
    row = min(int((view.bottom() - y) / view.height() * HIGH), HIGH - 1)
    return image.pixelColor(column, row) != QColor("white")
