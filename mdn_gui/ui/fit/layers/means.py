"""The component means along x, fading with their weight."""

from itertools import product
from typing import Any

import numpy as np
from PySide6.QtGui import QPainter, QPolygonF

from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Ink, Layer
from mdn_gui.ui.fit.layers.strokes import LEVELS, levels_of, opacity_levels, polygon, runs

_LEAST_LEVEL = 3
"""Below this level of the weight the lines of a preview are left out."""


class ComponentMeans(Layer):
    """A line through the means of each component, as opaque as its weight.

    A joint mixture has many straight ones, each of them of weight in a short range of x: its faint parts are left out.
    """

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._lines: list[tuple[int, int, QPolygonF]] = []

    def draw(self, frame: Frame) -> None:
        """Draw the means of a frame; nothing without a mixture."""
        super().draw(frame)
        self._lines = []
        if frame.mixture is None:
            return
        x, locs = frame.x, frame.mixture.locs
        weights = 0.5 * (frame.mixture.weights[1:] + frame.mixture.weights[:-1])
        fade = 0.5 * (frame.fade[1:] + frame.fade[:-1])
        levels = levels_of(np.sqrt(weights) * fade[:, np.newaxis])
        if frame.subject.is_preview:
            levels[opacity_levels(weights) < _LEAST_LEVEL] = 0
        for k, stretch in product(range(frame.mixture.num_components), frame.stretches):
            for first, last in runs(levels[stretch.start : stretch.stop - 1, k]):
                part = slice(stretch.start + first, stretch.start + last + 1)
                if level := int(levels[part.start, k]):
                    self._lines.append((level, k, polygon(x[part], locs[part, k])))
        self._lines.sort(key=lambda entry: entry[0])

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return weight, mean, variance, sd of each component."""
        if frame.mixture is None:
            return None
        mixture = frame.mixture
        parts = {"weight": mixture.weights, "mean": mixture.locs, "variance": mixture.variances, "sd": mixture.scales}
        names = [f"{part} {k + 1}" for k in range(mixture.num_components) for part in parts]
        columns = [values[:, k].copy() for k in range(mixture.num_components) for values in parts.values()]
        return DataTable("components", tuple(names), tuple(columns))

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw faded segments first, full ones on top."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for level, k, line in self._lines:
            share = max(level / LEVELS, 0.18)
            width = 2.2 if level > LEVELS // 4 else 1.3
            self.draw_line(painter, line, Ink(self._theme.component(k), width, share))
