"""Bars that tell how many rows each level of a category has."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mdn_gui.core.histogram import Histogram
from mdn_gui.ui.theme import blend, theme_of

_HEIGHT, _WIDEST = 28, 12.0


class LevelBars(QWidget):
    """A bar for each level, that of the level held in the accent colour; a press on one takes its level.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    pressed = Signal(int)
    """Number of the level."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._histogram: Histogram | None = None
        self._level = 0

    def show_histogram(self, histogram: Histogram | None) -> None:
        """Show other bars, or none."""
        self._histogram = histogram
        self.update()

    def show_level(self, level: int) -> None:
        """Mark the level that is held."""
        self._level = level
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a few bars."""
        return QSize(56, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(24, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the level under the mouse."""
        if self._histogram is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        bar = int(event.position().x() // self._bar_width())
        if 0 <= bar < len(self._histogram.counts):
            self.pressed.emit(bar)

    def _bar_width(self) -> float:
        count = len(self._histogram.counts) if self._histogram is not None else 1
        return min(self.width() / count, _WIDEST)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars."""
        if self._histogram is None:
            return
        theme, painter = theme_of(self.palette()), QPainter(self)
        counts, width = self._histogram.counts, self._bar_width()
        highest, floor = max(float(counts.max()), 1.0), self.height() - 3.0
        gap = 1.0 if width >= 4.0 else 0.0
        for level, count in enumerate(counts.tolist()):
            height = max((floor - 3.0) * count / highest, 1.0)
            colour = QColor(theme.accent) if level == self._level else blend(theme.points, theme.window, 0.6)
            painter.fillRect(QRectF(level * width, floor - height, max(width - gap, 1.0), height), colour)
