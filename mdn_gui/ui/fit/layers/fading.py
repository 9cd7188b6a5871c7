"""A veil over the model's areas where there are few rows."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QLinearGradient, QPainter

from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, Layer

_STOPS = 60


class Fading(Layer):
    """The ground of the plot, laid over what is below the rows, as opaque as the rows are sparse; lines fade along."""

    depth = Depth.VEIL

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._stops: list[tuple[float, float]] = []

    def draw(self, frame: Frame) -> None:
        """Fade what a frame fades."""
        super().draw(frame)
        places = np.linspace(0.0, 1.0, _STOPS)
        fade = np.interp(frame.view.left() + places * frame.view.width(), frame.x, frame.fade)
        self._stops = list(zip(places.tolist(), (1.0 - fade).tolist(), strict=True)) if fade.min() < 1.0 else []

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Lay the veil."""
        if not self._stops:
            return
        veil = QLinearGradient(self._bounds.topLeft(), QPointF(self._bounds.right(), self._bounds.top()))
        for place, opacity in self._stops:
            veil.setColorAt(place, self.translucent(QColor(self._theme.base), opacity))
        painter.fillRect(self._bounds, veil)
