"""Short texts in a plot, in logical pixels from a place in data units."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QTransform

from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import Theme

PADDING = 4.0
"""Logical pixels beside a text."""
_WIDEST = 200.0


@contextmanager
def in_pixels(painter: QPainter, place: QPointF) -> Iterator[QFontMetricsF]:
    """Paint in logical pixels around a place, data units; Qt itself knows how fine the screen is."""
    transform = painter.transform()
    at = transform.map(place)
    painter.setTransform(QTransform.fromTranslate(at.x(), at.y()))
    yield QFontMetricsF(painter.font())
    painter.setTransform(transform)


def elided(text: str, metrics: QFontMetricsF) -> str:
    """Return a text that may come from a person on one line, ended with "…" where it is long."""
    return metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, _WIDEST)


def draw_label(painter: QPainter, box: QRectF, text: str, colour: QColor, theme: Theme) -> None:
    """Write a plain text into a box on the ground of the plot."""
    ground = QColor(theme.base)
    ground.setAlphaF(0.8)
    painter.fillRect(box, ground)
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)
