"""How far the restarts of a fit lie apart."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtGui import QPainter, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.layers.frame import Frame, Subject
from mdn_gui.ui.fit.layers.layer import Depth, Ink, SlowLayer
from mdn_gui.ui.fit.layers.strokes import between, cosmetic, polygon

LEVELS = (0.05, 0.5, 0.95)
"""Quantiles of each restart of which the least and the greatest are drawn."""
_STEP = 3
"""Every third place along x: the spread of smooth curves is smooth."""


class Spread(NamedTuple):
    """Of R restarts at N places: the mixture means [R, N]; the least and greatest of each quantile [N, 3]."""

    x: FloatArray
    means: FloatArray
    low: FloatArray
    high: FloatArray


class Members(SlowLayer):
    """The mixture mean of each restart, with the range of their 5 %, 50 % and 95 % quantiles."""

    depth = Depth.AREA
    depth_above = Depth.LINE

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._areas: list[QPolygonF] = []
        self._lines: list[QPolygonF] = []

    @classmethod
    def is_offered(cls, subject: Subject) -> bool:
        """Return whether there are restarts."""
        return bool(subject.members)

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the spread follows from."""
        return (*super().depends_on(frame), *((each.model, each.line) for each in frame.subject.members))

    def work(self, frame: Frame) -> Callable[[], Spread | None]:
        """Work out the spread."""
        members = frame.subject.members
        x = frame.x if frame.has_levels else np.append(frame.x[:-1:_STEP], frame.x[-1])

        def spread() -> Spread | None:
            if not members:
                return None
            mixtures = [member.conditional(x[:, np.newaxis]) for member in members]
            quantiles = np.stack([mixture.quantile(list(LEVELS)) for mixture in mixtures])
            means = np.stack([mixture.mean() for mixture in mixtures])
            return Spread(x, means, quantiles.min(axis=0), quantiles.max(axis=0))

        return spread

    def take(self, frame: Frame, answer: Spread | None) -> None:
        """Draw the spread."""
        self.clear()
        if answer is not None:
            x, edges = answer.x, list(zip(answer.low.T, answer.high.T, strict=True))
            parts = frame.stretches if frame.has_levels else (slice(0, len(x)),)
            self._areas = [between(x[part], low[part], high[part]) for low, high in edges for part in parts]
            self._lines = [polygon(x[part], mean[part]) for mean in answer.means for part in parts]

    def clear(self) -> None:
        """Draw nothing."""
        self._areas, self._lines = [], []

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill the ranges."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(cosmetic(self.translucent(self._theme.other, 0.55), 0.8 * self._fineness))
        painter.setBrush(self.translucent(self._theme.other, 0.16))
        for area in self._areas:
            painter.drawPolygon(area)

    def paint_above(self, painter: QPainter) -> None:
        """Draw the means as thin lines."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self._lines:
            self.draw_line(painter, line, Ink(self._theme.other, 1.0, 0.7))
