"""What every plot of the window shares: quiet axes, safe labels, a name for screen readers."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsItem, QWidget

from mdn_gui.files.tables import DataTable
from mdn_gui.ui.theme import LIGHT, Theme


class Plot(pg.PlotWidget):
    """A plot with the window's look; pyqtgraph's own menu and buttons are off.

    Parameters
    ----------
    name : str
        Accessible name, already translated.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setAccessibleName(name)
        self._theme = LIGHT
        self._fineness: float | None = None
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.hideButtons()
        for axis in self.axes():
            axis.enableAutoSIPrefix(enable=False)  # a factor beside the name would contradict the read-out
        self.view = self.getPlotItem().getViewBox()
        self.view.setDefaultPadding(0.0)
        self.getPlotItem().layout.setContentsMargins(0, 4, 6, 5)

    def axes(self) -> tuple[Any, Any]:
        """Return the bottom axis, the left axis."""
        item = self.getPlotItem()
        return item.getAxis("bottom"), item.getAxis("left")

    def set_axis_label(self, side: str, text: str) -> None:
        """Name an axis; ``text`` may come from a file and is shown as plain text."""
        self.getPlotItem().getAxis(side).setLabel(escape(text))

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.setBackground(QColor(theme.base))
        for axis in self.axes():
            axis.setPen(QPen(QColor(theme.border), 1.0))
            axis.setTextPen(QColor(theme.muted))
            axis.setTickPen(QPen(QColor(theme.border), 1.0))
            axis.setStyle(tickLength=-5)

    def pen(self, colour: str | QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """Return a pen whose width is in logical pixels: Qt draws cosmetic pens in device pixels."""
        pen = QPen(QColor(colour), width * self.fineness, style)
        pen.setCosmetic(True)
        return pen

    @property
    def fineness(self) -> float:
        """Device pixels in a logical pixel, of the screen or of the picture being made."""
        return self._fineness or float(self.devicePixelRatioF())

    @contextmanager
    def drawn_for(self, fineness: float) -> Iterator[None]:
        """Draw for a picture that is ``fineness`` times as fine as the plot: such pens, no caches of the screen."""
        items = self.scene().items()
        modes = [(item, item.cacheMode()) for item in items]
        scatters = [item for item in items if isinstance(item, pg.ScatterPlotItem)]
        self._fineness = fineness
        self.show_theme(self._theme)
        for item, _ in modes:
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        for scatter in scatters:
            scatter.opts["useCache"] = False
        try:
            yield
        finally:
            for scatter in scatters:
                scatter.opts["useCache"] = True
            for item, mode in modes:
                item.setCacheMode(mode)
            self._fineness = None
            self.show_theme(self._theme)

    def draw_now(self) -> None:
        """Draw what waits for its turn, for a picture; a plot that lets nothing wait has nothing to do."""

    def drawn_table(self) -> DataTable | None:
        """Return what is drawn as numbers of full precision, to be copied or saved; None while nothing is drawn."""
        return None

    def event(self, event: QEvent) -> bool:
        """Take new pens when the window moves to a finer or coarser screen."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.show_theme(self._theme)
        return bool(super().event(event))
