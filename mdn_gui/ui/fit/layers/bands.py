"""Bands around the component means, fading with their weight."""

from itertools import product
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPolygonF

from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, Layer
from mdn_gui.ui.fit.layers.strokes import LEVELS, between, opacity_levels, runs

_LEAST_LEVEL = 3
"""Parts of a component with less opacity have no band; weights below 1.6 %."""


class ComponentBands(Layer):
    """Bands of one sd, of two sds around each component, fading with the weight.

    Where the target is transformed the sds are those of the transformed one: the bands hold as much as ever.
    """

    depth = Depth.AREA

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._polygons: list[tuple[int, int, QPolygonF]] = []

    def draw(self, frame: Frame) -> None:
        """Draw the bands of a frame; nothing without a mixture."""
        super().draw(frame)
        self._polygons = []
        if frame.mixture is None:
            return
        x, mixture = frame.x, frame.mixture
        levels = opacity_levels(mixture.weights)
        edges = [(mixture.component_points(width), mixture.component_points(-width)) for width in (2.0, 1.0)]
        for k, stretch in product(range(mixture.num_components), frame.stretches):
            for first, last in runs(levels[stretch, k]):
                part = slice(stretch.start + first, min(stretch.start + last + 1, stretch.stop))
                level = int(levels[part.start, k])
                if level >= _LEAST_LEVEL:
                    for upper, lower in edges:
                        self._polygons.append((level, k, between(x[part], lower[part, k], upper[part, k])))

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill the bands; the inner band lies on the outer one."""
        painter.setPen(Qt.PenStyle.NoPen)
        for level, k, places in self._polygons:
            painter.setBrush(self.translucent(self._theme.component(k), 0.13 * level / LEVELS))
            painter.drawPolygon(places)
