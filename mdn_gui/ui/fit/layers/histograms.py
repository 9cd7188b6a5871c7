"""How many rows there are along x, along y."""

from typing import Any

from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.core.binning import Cloud
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Layer
from mdn_gui.ui.fit.marginals import Marginal
from mdn_gui.ui.theme import Theme


class Histograms(Layer):
    """Two histograms beside the view, on its upper edge, on its right edge."""

    needs_model = False

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self.sides = (Marginal(view, is_upright=False), Marginal(view, is_upright=True))

    def items(self) -> tuple[tuple[int, QGraphicsItem], ...]:
        """Return none: they stand beside the view."""
        return ()

    def show_rows(self, cloud: Cloud) -> None:
        """Count rows that are in order."""
        along_x, along_y = self.sides
        along_x.show_values(cloud.x)
        along_y.show_values(cloud.heights)

    def draw(self, frame: Frame) -> None:
        """Have a bar for each level where a category is on the x axis."""
        super().draw(frame)
        self.sides[0].set_levels(len(frame.subject.axis.levels) if frame.subject.axis is not None else 0)

    def set_shown(self, *, shown: bool) -> None:
        """Show the bars, or give their room back."""
        for side in self.sides:
            if side.isVisible() != shown:
                side.set_visible(visible=shown)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        for side in self.sides:
            side.show_theme(theme)
