"""Names of layers for those who know them by this module."""

from mdn_gui.ui.layers.bands import ComponentBands
from mdn_gui.ui.layers.marks import CursorMarks
from mdn_gui.ui.layers.means import ComponentMeans

__all__ = ["ComponentBands", "ComponentMeans", "CursorMarks"]
