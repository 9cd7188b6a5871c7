"""Values drawn from the fit beside the data."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtGui import QColor, QPainter, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, SlowLayer
from mdn_gui.ui.fit.layers.strokes import draw_dots, polygon

MOST_DRAWS = 20_000
"""Rows at which a value is drawn."""
_SEED = 6_180_339_887
"""Not one that made-up data are likely to come from: draws of the same stream would follow their rows."""
_MOST_HOLLOW = 500
"""Draws that are shown as rings; more of them would hide the rows."""
_BLOCK = 2_000
"""Rows read in one go, so that no thread waits long for the interpreter."""


class Draws(SlowLayer):
    """One y drawn at the inputs of each row, whatever the line."""

    depth = Depth.MARK

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._dots = QPolygonF()

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the draws follow from: neither the view nor where the others are held."""
        axis = frame.subject.axis
        return (frame.subject.whole_model, frame.subject.dataset, axis.place if axis is not None else None)

    def work(self, frame: Frame) -> Callable[[], tuple[FloatArray, FloatArray]]:
        """Draw; always the same for the same model and rows."""
        model, dataset, axis = frame.subject.whole_model, frame.subject.dataset, frame.subject.axis

        def drawn() -> tuple[FloatArray, FloatArray]:
            if model is None or dataset is None or axis is None:
                return np.zeros(0), np.zeros(0)
            rows = np.linspace(0, len(dataset) - 1, min(len(dataset), MOST_DRAWS)).astype(np.intp)
            rng = np.random.default_rng(_SEED)
            blocks = np.array_split(rows, max(-(-len(rows) // _BLOCK), 1))
            y = [model.conditional(dataset.x[block]).sample(rng, 1)[:, 0] for block in blocks]
            return np.ascontiguousarray(dataset.column(axis.place)[rows]), np.concatenate(y)

        return drawn

    def take(self, frame: Frame, answer: tuple[FloatArray, FloatArray]) -> None:
        """Show the draws."""
        self._dots = polygon(*answer)

    def clear(self) -> None:
        """Show none."""
        self._dots = QPolygonF()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw hollow dots where they are few, plain ones where a rim would only blur them."""
        is_few = self._dots.size() <= _MOST_HOLLOW
        inks = ((self._theme.drawn, 4.6), (self._theme.base, 2.0)) if is_few else ((self._theme.drawn, 2.4),)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in inks:
            draw_dots(painter, self._dots, QColor(colour), width)
