"""The mean of the whole mixture along x."""

from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QPainter

from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Ink, Layer, pieces_of

if TYPE_CHECKING:
    from mdn_gui.ui.fit.layers.strokes import Piece


class MixtureMean(Layer):
    """One line through the mixture means."""

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._line: list[Piece] = []

    def draw(self, frame: Frame) -> None:
        """Draw the mean of a frame; nothing without a mixture."""
        super().draw(frame)
        self._line = pieces_of(frame, frame.mixture.mean()) if frame.mixture is not None else []

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the line."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw_pieces(painter, self._line, Ink(self._theme.text, 1.6))

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return the mixture mean."""
        if frame.mixture is None:
            return None
        return DataTable("mixture mean", ("mixture mean",), (frame.mixture.mean(),))
