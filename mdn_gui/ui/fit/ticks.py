"""What stands on the x axis of the fit plot: numbers, dates, or the names of levels."""

import math
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QFontMetricsF

from mdn_gui.core.reading import InputAxis
from mdn_gui.ui.dates import date_ticks
from mdn_gui.ui.texts import one_line

_GAP = 10.0
"""Logical pixels between two labels at least."""
_MANY = 15
"""Levels up to which each has its label, however short."""
_NARROWEST = 24.0
"""Logical pixels for a label of more levels than that."""


class InputTicks(QObject):
    """Gives an axis labels that never overlap: long names of levels end with "…".

    Parameters
    ----------
    item : pyqtgraph.AxisItem
        The axis.
    view : pyqtgraph.ViewBox
        What it belongs to.
    """

    def __init__(self, item: Any, view: Any) -> None:
        super().__init__(view)
        self._item, self._view = item, view
        self._axis: InputAxis | None = None
        self._has_own = False
        view.sigXRangeChanged.connect(self._follow)
        view.sigResized.connect(self._follow)

    def show_axis(self, axis: InputAxis) -> None:
        """Take another column."""
        self._axis = axis
        self._follow()

    @Slot()
    def _follow(self, *_: Any) -> None:
        ticks = self._ticks(*self._view.viewRange()[0])
        if ticks or self._has_own:
            self._has_own = bool(ticks)
            self._item.setTicks([ticks] if ticks else None)

    def _ticks(self, low: float, high: float) -> list[tuple[float, str]]:
        """Return the places of levels or dates, data units, with their texts; none of numbers."""
        axis, size, metrics = self._axis, self._view.width(), QFontMetricsF(self._item.font())
        if axis is None or not high > low:
            return []
        if not axis.levels:
            return date_ticks(low, high, axis.encoding, lambda text: size / (metrics.horizontalAdvance(text) + _GAP))
        room = size / (high - low)
        step = 1 if len(axis.levels) <= _MANY else max(math.ceil(_NARROWEST / max(room, 1.0)), 1)
        wide = max(step * room - _GAP, 0.0)
        return [
            (float(each), metrics.elidedText(one_line(axis.levels[each]), Qt.TextElideMode.ElideRight, wide) or "…")
            for each in range(0, len(axis.levels), step)
        ]
