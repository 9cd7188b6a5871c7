"""Hatching where x lies outside the range of the data."""

from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter

from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, Layer


class OutsideData(Layer):
    """Thin diagonal lines left of the least, right of the greatest x; everywhere where a held column is outside.

    Each level of a category has half of the way to the next one.
    """

    depth = Depth.OUTSIDE
    needs_model = False

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._parts: tuple[QRectF, ...] = ()

    def draw(self, frame: Frame) -> None:
        """Hatch what is outside the data of a frame."""
        super().draw(frame)
        view, axis = self._bounds, frame.subject.axis
        if axis is None:
            self._parts = ()
        elif frame.subject.is_held_outside:
            self._parts = (QRectF(view),)
        else:
            low, high = (-0.5, len(axis.levels) - 0.5) if axis.levels else (axis.low, axis.high)
            left = QRectF(view.left(), view.top(), max(low - view.left(), 0.0), view.height())
            start = max(high, view.left())
            right = QRectF(start, view.top(), max(view.right() - start, 0.0), view.height())
            self._parts = (left.intersected(view), right)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill with thin diagonal lines."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(self._theme.hatch), Qt.BrushStyle.BDiagPattern))
        for part in self._parts:
            painter.drawRect(part)
