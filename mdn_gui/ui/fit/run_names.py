"""The names of the runs that are laid over the fit, on a line above the plot."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.ui.fit.layers.frame import Comparison
from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import LIGHT, Theme

_STROKE, _NEAR, _FAR = 14.0, 5.0, 16.0
"""Logical pixels: of a line in the colour of a run, from it to the name, to the next run."""


class RunNames(pg.GraphicsWidget):
    """A short line in the colour of each run with its name beside it; long names end with "…"."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: tuple[Comparison, ...] = ()
        self._theme = LIGHT
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.set_visible(visible=False)

    def show_runs(self, runs: tuple[Comparison, ...]) -> None:
        """Take other runs."""
        if runs != self._runs:
            self._runs = runs
            self.update()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.update()

    def set_visible(self, *, visible: bool) -> None:
        """Show the line, or give its room back."""
        self.setVisible(visible)
        self.setFixedHeight(QFontMetricsF(self.font()).height() + 4.0 if visible else 0.0)

    def entries(self) -> list[tuple[Comparison, QRectF, str]]:
        """Return each run with the place of its name, logical pixels, the name as it is written."""
        metrics, size = QFontMetricsF(self.font()), self.size()
        names = [one_line(run.name) for run in self._runs]
        widths = [metrics.horizontalAdvance(name) + 1.0 for name in names]
        room = max(size.width() - len(names) * (_STROKE + _NEAR + _FAR), 0.0)
        widest = _widest(widths, room)
        found, left = [], 0.0
        for run, name, width in zip(self._runs, names, widths, strict=True):
            box = QRectF(left + _STROKE + _NEAR, 0.0, min(width, widest), size.height() - 2.0)
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, box.width()) if width > widest else name
            found.append((run, box, text))
            left = box.right() + _FAR
        return found

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw lines, names."""
        for run, box, text in self.entries():
            colour = self._theme.run(run.number)
            painter.setPen(QPen(colour, 2.0))
            middle = round(box.center().y())
            painter.drawLine(QPointF(box.left() - _NEAR - _STROKE, middle), QPointF(box.left() - _NEAR, middle))
            painter.setPen(colour)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)


def _widest(widths: list[float], room: float) -> float:
    """Return how wide a name may be, so that all of them have room: short ones leave theirs to the long ones."""
    left, rest = room, sorted(widths)
    for place, width in enumerate(rest):
        share = left / (len(rest) - place)
        if width > share:
            return share
        left -= width
    return max(widths, default=0.0)
