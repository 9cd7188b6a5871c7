"""Quantiles of p(y given x) along x."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF, QTransform

from mdn_gui.core.dataset import FloatArray
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, Ink, SlowLayer, pieces_of
from mdn_gui.ui.fit.layers.strokes import Piece, between
from mdn_gui.ui.numbers import precise
from mdn_gui.ui.theme import Theme, blend

_TOLERANCE = 1e-9
_OPACITY = 0.16
"""Of each area; where they overlap it adds up."""


class QuantileFan(SlowLayer):
    """The median as a line, pairs of levels as nested areas, a level without its pair as a thin line."""

    depth = Depth.AREA
    depth_above = Depth.LINE

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._areas: list[QPolygonF] = []
        self._lines: list[tuple[float, list[Piece]]] = []
        self._names: list[tuple[float, str]] = []

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the quantiles follow from."""
        return (*super().depends_on(frame), frame.subject.questions.levels, frame.is_faded)

    def work(self, frame: Frame) -> Callable[[], FloatArray]:
        """Work out the quantiles [N, L]."""
        mixture, levels = frame.mixture, frame.subject.questions.levels
        return lambda: mixture.quantile(list(levels)) if mixture is not None and levels else np.zeros((0, 0))

    def take(self, frame: Frame, answer: FloatArray) -> None:
        """Draw the quantiles."""
        self.clear()
        levels = frame.subject.questions.levels
        pairs, alone = paired(levels)
        for low, high in pairs if answer.size else ():
            self._areas += [between(frame.x[part], answer[part, low], answer[part, high]) for part in frame.stretches]
        for index in alone if answer.size else ():
            width = 2.0 if abs(levels[index] - 0.5) < _TOLERANCE else 1.0
            self._lines.append((width, pieces_of(frame, answer[:, index])))
        if answer.size:
            last = answer[-1]
            self._names = [(float(y), level_text(level)) for y, level in zip(last, levels, strict=True)]

    def clear(self) -> None:
        """Draw nothing."""
        self._areas, self._lines, self._names = [], [], []

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return the quantiles."""
        if frame.mixture is None or not frame.subject.questions.levels:
            return None
        levels = frame.subject.questions.levels
        values = frame.mixture.quantile(list(levels))
        return DataTable("quantiles", tuple(f"quantile {level:.10g}" for level in levels), tuple(values.T.copy()))

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the areas."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.translucent(self._theme.quantile, _OPACITY))
        for area in self._areas:
            painter.drawPolygon(area)

    def paint_above(self, painter: QPainter) -> None:
        """Draw the lines, the names of the levels at the right edge."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for width, line in self._lines:
            self.draw_pieces(painter, line, Ink(self._theme.quantile, width))
        self._name_levels(painter)

    def _name_levels(self, painter: QPainter) -> None:
        transform = painter.transform()
        metrics = QFontMetricsF(painter.font())
        high, used = metrics.height(), -np.inf
        for y, name in sorted(self._names, reverse=True):  # from the top of the screen
            if not self._bounds.top() < y < self._bounds.bottom():
                continue
            place = transform.map(QPointF(self._bounds.right(), y))
            if place.y() < used + 0.95 * high:
                continue
            used = place.y()
            wide = metrics.horizontalAdvance(name) + 6.0
            box = QRectF(-wide - 2.0, -0.5 * high, wide, high)
            painter.setTransform(QTransform.fromTranslate(place.x(), place.y()))
            painter.fillRect(box, self.translucent(self._theme.base, 0.7))
            painter.setPen(name_colour(self._theme))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
        painter.setTransform(transform)


def name_colour(theme: Theme) -> QColor:
    """Return the colour of the names of the levels: that of the fan, dark enough to be read."""
    return blend(theme.quantile, theme.text, 0.6)


def level_text(level: float) -> str:
    """Return such as "95 %"."""
    return f"{precise(round(100.0 * level, 10))} %"


def percents(levels: tuple[float, ...]) -> str:
    """Return such as "5 25 50 75 95 %"."""
    return f"{' '.join(level_text(level).removesuffix(' %') for level in levels)} %"


def paired(levels: tuple[float, ...]) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the places of levels q with 1 - q, the outermost first, then the places of those without their pair."""
    pairs: list[tuple[int, int]] = []
    found: set[int] = set()
    for index, level in enumerate(levels):
        other = [i for i, high in enumerate(levels) if level < 0.5 and abs(level + high - 1.0) < _TOLERANCE]
        if other:
            pairs.append((index, other[0]))
            found |= {index, other[0]}
    return pairs, [index for index in range(len(levels)) if index not in found]
