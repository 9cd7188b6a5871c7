"""The mean of the whole mixture along x."""

from typing import Any

from PySide6.QtGui import QColor, QPainter

from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Layer
from mdn_gui.ui.fit.layers.strokes import Piece, cosmetic, draw_pieces, pieces


class MixtureMean(Layer):
    """One line through the mixture means."""

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._line: list[Piece] = []

    def draw(self, frame: Frame) -> None:
        """Draw the mean of a frame; nothing without a mixture."""
        super().draw(frame)
        self._line = pieces(frame.x, frame.mixture.mean(), frame.fade) if frame.mixture is not None else []

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_pieces(painter, self._line, cosmetic(QColor(self._theme.text), 1.6 * self._fineness), self._theme)

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return the mixture mean."""
        if frame.mixture is None:
            return None
        return DataTable("mixture mean", ("mixture mean",), (frame.mixture.mean(),))
