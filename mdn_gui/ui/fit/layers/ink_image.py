"""A picture of many rows."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.theme import Theme


class InkImage(pg.ImageItem):
    """Rows as ink in cells, from nothing to a colour of the theme.

    Parameters
    ----------
    colour : str
        Name of the colour.
    opacity : int
        Greatest opacity, of 255.
    """

    def __init__(self, colour: str = "density", opacity: int = 130) -> None:
        super().__init__(axisOrder="col-major")
        self._colour, self._opacity = colour, opacity
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        colour = QColor(getattr(theme, self._colour))
        table = np.empty((256, 4), dtype=np.ubyte)
        table[:, :3] = (colour.red(), colour.green(), colour.blue())
        table[:, 3] = np.linspace(0, self._opacity, 256)
        self.setLookupTable(table)

    def show_ink(self, ink: FloatArray, rect: QRectF) -> None:
        """Draw ``ink`` [N, M], each from 0 to 1, over ``rect``."""
        self.setImage(ink.astype(np.float32), autoLevels=False, levels=(0.0, 1.0))
        self.setRect(rect)

    def paint(self, painter: QPainter, *args: Any) -> None:
        """Draw the image, smoothed between its cells."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *args)
