"""Histograms along the edges of a plot."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.core.binning import counts_between, steps_between
from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.layers.frame import level_ends
from mdn_gui.ui.theme import LIGHT, Theme, blend

_DEPTH = 26.0
"""Logical pixels of the highest bar."""
_FEWEST_BARS, _MOST_BARS = 24, 150


class Marginal(pg.GraphicsWidget):
    """The histogram of one coordinate of all rows beside a view, over what the view shows of its axis.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        Whose edge it stands on.
    is_upright : bool
        Stands on the right edge, counts y; else on the top edge, counts x.
    """

    def __init__(self, view: Any, *, is_upright: bool) -> None:
        super().__init__()
        self._view, self._is_upright = view, is_upright
        self._values: FloatArray = np.zeros(0)
        self._num_levels = 0
        self._outline = QPolygonF()
        self._theme = LIGHT
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        view.sigRangeChanged.connect(self._follow)
        self.geometryChanged.connect(self._follow)
        self.set_visible(visible=False)

    def show_values(self, ascending: FloatArray) -> None:
        """Count these values [N], data units."""
        self._values = ascending
        self._follow()

    def set_levels(self, num_levels: int) -> None:
        """Draw one bar around each of so many levels, at 0, 1, 2, ...; as many as suit for 0."""
        if num_levels != self._num_levels:
            self._num_levels = num_levels
            self._follow()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.update()

    def set_visible(self, *, visible: bool) -> None:
        """Show the bars, or give their room back."""
        self.setVisible(visible)
        (self.setFixedWidth if self._is_upright else self.setFixedHeight)(_DEPTH + 4.0 if visible else 0.0)
        self._follow()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill the bars."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(self._theme.points, self._theme.base, 0.55))
        painter.drawPolygon(self._outline)

    @Slot()
    def _follow(self, *_: Any) -> None:
        """Count anew over the visible range."""
        if self.isVisible():
            self._outline = self._bars()
            self.update()

    def _bars(self) -> QPolygonF:
        low, high = self._view.viewRange()[1 if self._is_upright else 0]
        if not len(self._values) or not high > low:
            return QPolygonF()
        num_bars = int(np.clip(5 * np.cbrt(len(self._values)), _FEWEST_BARS, _MOST_BARS))
        edges = level_ends(self._num_levels) if self._num_levels else steps_between(low, high, num_bars)
        counts = counts_between(self._values, edges)
        lengths = np.repeat(_DEPTH * counts / max(int(counts.max()), 1), 2)
        lengths = np.concatenate(([0.0], lengths, [0.0]))
        places = np.repeat(np.clip((edges - low) / (high - low), 0.0, 1.0), 2)
        size = self.size()
        if self._is_upright:
            corners = zip(lengths, size.height() * (1.0 - places), strict=True)
        else:
            corners = zip(size.width() * places, size.height() - lengths, strict=True)
        return QPolygonF([QPointF(*corner) for corner in corners])
