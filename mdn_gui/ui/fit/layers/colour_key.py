"""What the colours of a density mean: a bar with the least value before it, the greatest behind it."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from mdn_gui.ui.fit.layers.labels import PADDING, in_pixels
from mdn_gui.ui.theme import Theme

_WIDE, _HIGH = 84.0, 8.0
"""Logical pixels of the bar."""
_OFF = 8.0
"""Logical pixels from the corner of the plot."""


@dataclass(frozen=True)
class ColourKey:
    """The two ends of a scale with the colours between.

    Parameters
    ----------
    low, high : str
        What stands at the ends.
    ramp : QImage
        The colours from low to high, one row of them.
    theme : Theme
        Colours of the texts, of the plate.
    """

    low: str
    high: str
    ramp: QImage
    theme: Theme


def draw_key(painter: QPainter, corner: QPointF, key: ColourKey) -> None:
    """Draw a key on a plate whose lower right corner is near ``corner``, data units."""
    with in_pixels(painter, corner) as metrics:
        low, high = metrics.horizontalAdvance(key.low), metrics.horizontalAdvance(key.high)
        size = low + high + _WIDE + 4 * PADDING, metrics.height() + PADDING
        plate = QRectF(-size[0] - _OFF, -size[1] - _OFF, *size)
        ground = QColor(key.theme.base)
        ground.setAlphaF(0.92)
        painter.fillRect(plate, ground)
        bar = QRectF(plate.left() + 2 * PADDING + low, plate.center().y() - 0.5 * _HIGH, _WIDE, _HIGH)
        painter.drawImage(bar, key.ramp)
        painter.setPen(QColor(key.theme.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(bar)
        painter.setPen(QColor(key.theme.text))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        inside = plate.adjusted(PADDING, 0.0, -PADDING, 0.0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | middle, key.low)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | middle, key.high)
