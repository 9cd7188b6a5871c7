"""The rows of the data, with those that are picked."""

from typing import Any

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.crowd import Crowd
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, Layer
from mdn_gui.ui.fit.row_picker import RowPicker
from mdn_gui.ui.theme import Theme


class Rows(Layer):
    """Points, or a picture of their density where they are many; picked rows are seen whether it is on or off."""

    depth = Depth.ROWS
    needs_model = False

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self.crowd = Crowd(view)
        self.picker = RowPicker(view, self.crowd, view)

    def items(self) -> tuple[tuple[int, QGraphicsItem], ...]:
        """Return pictures, then points, those of picked rows above the others."""
        shown = self.picker.shown
        kinds: tuple[QGraphicsItem, ...] = (self.crowd.image, shown.image, self.crowd.points, shown.points)
        return tuple((int(self.depth) + step, item) for step, item in enumerate(kinds))

    def show_rows(self, x: FloatArray, y: FloatArray) -> None:
        """Draw rows at x, y [N], data units; none is picked."""
        self.crowd.show_rows(x, y)
        self.picker.show_places(x, y)

    def forget_view(self) -> None:
        """Draw no picture of many rows until the next view comes."""
        self.crowd.set_view(QRectF(), QSize())

    def draw(self, frame: Frame) -> None:
        """Follow the view."""
        for crowd in (self.crowd, self.picker.shown):
            crowd.set_view(frame.view, frame.pixels)
            crowd.set_rimmed(rimmed=frame.is_dense)

    def set_shown(self, *, shown: bool) -> None:
        """Show the rows, or hide them."""
        self.crowd.set_visible(visible=shown)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.crowd.show_theme(theme)
        self.picker.show_theme(theme)

    def shut_down(self) -> None:
        """Wait for the threads."""
        self.crowd.shut_down()
        self.picker.shown.shut_down()
