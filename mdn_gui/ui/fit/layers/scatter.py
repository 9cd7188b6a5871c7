"""Points that are cheap to move a cursor over."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF


class Scatter(pg.ScatterPlotItem):
    """Points that remember their extent, which pyqtgraph works out anew for every question, dozens of times a move."""

    def __init__(self, **options: Any) -> None:
        self._extent: QRectF | None = None
        super().__init__(**options)

    def boundingRect(self) -> QRectF:
        """Return the extent in data units."""
        if self._extent is None:
            self._extent = super().boundingRect()
        return self._extent

    def prepareGeometryChange(self) -> None:
        """Forget the extent: the points change."""
        self._extent = None
        super().prepareGeometryChange()

    def viewTransformChanged(self) -> None:
        """Forget the extent: the size of a pixel changes."""
        self._extent = None
        super().viewTransformChanged()
