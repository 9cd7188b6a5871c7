"""Pins: places in the inputs that are kept for comparison."""

from functools import partial
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mdn_gui.core.pin import Pin
from mdn_gui.core.reading import Line
from mdn_gui.ui.fit.layers.labels import PADDING, draw_label, elided, in_pixels
from mdn_gui.ui.fit.layers.layer import Depth, Layer
from mdn_gui.ui.fit.layers.strokes import cosmetic
from mdn_gui.ui.theme import Theme, blend


class PinLines(Layer):
    """A dashed line with its name for each pin; faint where it stands at other held values.

    Labels that would lie over each other step down.
    """

    depth = Depth.MARK
    needs_model = False

    moved = Signal(str, float)
    """A person drags the pin of this name to this x, data units."""

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self.lines: dict[str, Any] = {}
        """pyqtgraph.InfiniteLine by name."""
        self._is_on: dict[str, bool] = {}

    def show_pins(self, pins: tuple[Pin, ...], line: Line) -> None:
        """Show these pins beside what is read along a line."""
        names = {pin.name for pin in pins}
        for name in [name for name in self.lines if name not in names]:
            self._view_box.removeItem(self.lines.pop(name))
        self._is_on = {pin.name: pin.is_on(line) for pin in pins}
        for pin in pins:
            drawn = self.lines.get(pin.name) or self._new_line(pin.name)
            drawn.setMovable(self._is_on[pin.name])
            drawn.setCursor(Qt.CursorShape.SplitHCursor if self._is_on[pin.name] else Qt.CursorShape.ArrowCursor)
            with QSignalBlocker(drawn):
                drawn.setValue(pin.value(line.place))
        self._give_pens()
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._give_pens()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Write the names at the upper edge."""
        transform, view = painter.transform(), self._bounds
        for name, box in self.boxes(painter.font(), transform.m11()).items():
            x = self.lines[name].value()
            if view.left() <= x <= view.right():
                with in_pixels(painter, QPointF(x, view.bottom())) as metrics:
                    colour = QColor(self._theme.text if self._is_on[name] else self._theme.muted)
                    draw_label(painter, box, elided(name, metrics), colour, self._theme)

    def boxes(self, font: Any, pixels_of_unit: float) -> dict[str, QRectF]:
        """Return where each name is written, logical pixels from where its line meets the upper edge.

        Parameters
        ----------
        font : QFont
            Of the names.
        pixels_of_unit : float
            Logical pixels in a data unit along x.
        """
        metrics, found = QFontMetricsF(font), {}
        rights: list[float] = []
        for name in sorted(self.lines, key=lambda each: float(self.lines[each].value())):
            wide = metrics.horizontalAdvance(elided(name, metrics)) + 2 * PADDING
            place = float(self.lines[name].value()) * pixels_of_unit
            step = next((i for i, right in enumerate(rights) if right <= place - 0.5 * wide), len(rights))
            rights[step : step + 1] = [place + 0.5 * wide]
            high = metrics.height()
            found[name] = QRectF(-0.5 * wide, PADDING + step * (high + 2.0), wide, high)
        return found

    def _new_line(self, name: str) -> Any:
        line = self.lines[name] = pg.InfiniteLine(angle=90, movable=True)
        line.setZValue(int(self.depth))
        self._view_box.addItem(line, ignoreBounds=True)
        line.sigPositionChanged.connect(partial(self._tell, name))
        return line

    def _give_pens(self) -> None:
        for name, line in self.lines.items():
            line.setPen(self._pen(is_on=self._is_on[name]))
            line.setHoverPen(cosmetic(QColor(self._theme.accent), 2.0 * self._fineness))

    def _pen(self, *, is_on: bool) -> QPen:
        colour = QColor(self._theme.muted) if is_on else blend(self._theme.muted, self._theme.base, 0.5)
        return cosmetic(colour, self._fineness, Qt.PenStyle.DashLine if is_on else Qt.PenStyle.DotLine)

    def _tell(self, name: str, line: Any) -> None:
        self.update()
        self.moved.emit(name, float(line.value()))
