"""The interval whose probability is asked for."""

import math
from functools import partial
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.labels import PADDING, draw_label, in_pixels
from mdn_gui.ui.fit.layers.layer import Depth, Layer
from mdn_gui.ui.fit.layers.strokes import cosmetic
from mdn_gui.ui.numbers import rounded, significant
from mdn_gui.ui.theme import Theme


class IntervalLines(Layer):
    """A line on each end of the interval that is finite; it can be dragged."""

    depth = Depth.MARK
    needs_model = False

    moved = Signal(float, float)
    """A person drags an end: low, high, data units of the target; infinite where there is no end."""

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._ends = [-math.inf, math.inf]
        self._is_shown = True
        self._pixel = 0.0
        self.lines = tuple(pg.InfiniteLine(angle=0, movable=True) for _ in self._ends)
        for index, line in enumerate(self.lines):
            line.setCursor(Qt.CursorShape.SplitVCursor)
            line.sigPositionChanged.connect(partial(self._move, index))

    def items(self) -> tuple[tuple[int, QGraphicsItem], ...]:
        """Return the lines below their labels."""
        return tuple((int(self.depth), item) for item in (*self.lines, self))

    def draw(self, frame: Frame) -> None:
        """Put the lines where the questions of a frame ask."""
        super().draw(frame)
        self._pixel = frame.view.height() / max(frame.pixels.height(), 1)
        self._ends = [frame.subject.questions.low, frame.subject.questions.high]
        for line, end in zip(self.lines, self._ends, strict=True):
            if math.isfinite(end) and line.value() != end:
                with QSignalBlocker(line):
                    line.setValue(end)
        self._show_lines()

    def set_shown(self, *, shown: bool) -> None:
        """Show the lines, or hide them."""
        self._is_shown = shown
        super().set_shown(shown=shown)
        self._show_lines()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        for line in self.lines:
            line.setPen(cosmetic(QColor(theme.muted), 1.0 * self._fineness))
            line.setHoverPen(cosmetic(QColor(theme.accent), 2.0 * self._fineness))

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Write the value of each end on its line, at the left edge."""
        for end in filter(math.isfinite, self._ends):
            with in_pixels(painter, QPointF(self._bounds.left(), end)) as metrics:
                text = significant(end)
                box = QRectF(PADDING, -metrics.height() - 1.0, metrics.horizontalAdvance(text) + 6.0, metrics.height())
                draw_label(painter, box, text, QColor(self._theme.text), self._theme)

    def _show_lines(self) -> None:
        for line, end in zip(self.lines, self._ends, strict=True):
            line.setVisible(self._is_shown and math.isfinite(end))

    def _move(self, index: int, line: Any) -> None:
        ends = list(self._ends)
        ends[index] = rounded(float(line.value()), self._pixel)  # a hand tells no more than a pixel
        if ends[0] < ends[1]:  # an end stays on its side of the other
            self._ends = ends
            self.update()
            self.moved.emit(*ends)
        else:
            with QSignalBlocker(line):
                line.setValue(self._ends[index])
