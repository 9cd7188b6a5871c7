"""The modes of p(y given x) along x."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtGui import QColor, QPainter, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, SlowLayer
from mdn_gui.ui.fit.layers.strokes import LEVELS, draw_dots, levels_of, polygon
from mdn_gui.ui.theme import blend

_LEAST_OPACITY = 0.2


class Modes(SlowLayer):
    """A dot on each local maximum of the density at each x; fainter where the highest one is much higher."""

    depth = Depth.MARK

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._dots: list[tuple[int, QPolygonF]] = []

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the modes follow from."""
        return (*super().depends_on(frame), frame.is_faded)

    def work(self, frame: Frame) -> Callable[[], tuple[FloatArray, FloatArray]]:
        """Work out the modes [N, J], NaN where there are fewer, with how visible each is [N, J]."""
        mixture = frame.mixture

        def found() -> tuple[FloatArray, FloatArray]:
            if mixture is None:
                return np.zeros((0, 0)), np.zeros((0, 0))
            each = mixture.modes()
            modes = np.full((len(each), max(map(len, each))), np.nan)
            for row, places in enumerate(each):
                modes[row, : len(places)] = places
            heights = mixture.pdf(modes)
            with np.errstate(invalid="ignore", divide="ignore"):
                visible = np.sqrt(heights / np.nanmax(heights, axis=1, keepdims=True))
            return modes, np.maximum(np.nan_to_num(visible, nan=1.0), _LEAST_OPACITY)

        return found

    def take(self, frame: Frame, answer: tuple[FloatArray, FloatArray]) -> None:
        """Draw the modes."""
        self.clear()
        modes, visible = answer
        if modes.size:
            is_mode = np.isfinite(modes)
            # the two ends of a level are alike: both dots stand in its middle
            places = np.round(frame.x) if frame.has_levels else frame.x
            x = np.broadcast_to(places[:, np.newaxis], modes.shape)[is_mode]
            y, levels = modes[is_mode], levels_of(visible * frame.fade[:, np.newaxis])[is_mode]
            self._dots = [(int(level), polygon(x[levels == level], y[levels == level])) for level in np.unique(levels)]

    def clear(self) -> None:
        """Draw nothing."""
        self._dots = []

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw round dots with a rim in the colour of the ground, so that they are seen on any line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((self._theme.base, 4.0), (self._theme.text, 2.4)):
            for level, dots in self._dots:
                ink = blend(QColor(colour), self._theme.base, level / LEVELS)
                draw_dots(painter, dots, ink, width)
