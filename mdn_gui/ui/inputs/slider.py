"""A slider on the histogram of the values that it moves over."""

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from mdn_gui.core.histogram import Histogram
from mdn_gui.ui.theme import Theme, blend, theme_of

STEPS = 1000
"""Places of the handle."""
_KEY_STEP, _PAGE_STEP = 10, 100
"""Places that an arrow key moves, 1 % of the range; Page Up ten times as many."""
_EDGE, _HEIGHT, _FOOT = 7.0, 30, 9.0
"""Logical pixels: beside the groove, of the whole slider, from the groove down."""
_KNOB = 5.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("HistogramSlider", text)


class HistogramSlider(QSlider):
    """A groove with the histogram of a column standing on it; the handle stands where its value is counted.

    A press takes the handle to that place. Arrow keys move it by 1 % of the range, Page Up and Page Down by 10 %.

    Parameters
    ----------
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, STEPS)
        self.setSingleStep(_KEY_STEP)
        self.setPageStep(_PAGE_STEP)
        self.setMinimumWidth(56)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._histogram: Histogram | None = None
        self._is_outside = False

    def show_histogram(self, histogram: Histogram | None) -> None:
        """Stand on other bars, or none."""
        self._histogram = histogram
        self.update()

    def set_outside(self, *, outside: bool) -> None:
        """Mark that the value lies beyond the end at which the handle stands."""
        if outside is not self._is_outside:
            self._is_outside = outside
            self.update()

    def sizeHint(self) -> QSize:
        """Return room for bars above the groove."""
        return QSize(120, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(56, _HEIGHT)

    def handle_x(self) -> float:
        """Return where the handle stands, logical pixels from the left."""
        return _EDGE + self._groove_width() * self.sliderPosition() / STEPS

    def _groove_width(self) -> float:
        return max(self.width() - 2 * _EDGE, 1.0)

    # -- mouse --------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to the mouse."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the handle go."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        share = (event.position().x() - _EDGE) / self._groove_width()
        self.setSliderPosition(round(STEPS * min(max(share, 0.0), 1.0)))

    # -- drawing ------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars, groove, handle."""
        theme, painter = theme_of(self.palette()), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove = QRectF(_EDGE, self.height() - _FOOT, self._groove_width(), 2.0)
        if not self.isEnabled():
            painter.fillRect(groove, QColor(theme.border))
            painter.setPen(QColor(theme.muted))
            place = self.rect().adjusted(0, 0, 0, -int(_FOOT) - 1)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _tr("constant"))
            return
        if self._histogram is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blend(theme.points, theme.window, 0.6))
            painter.drawPolygon(outline(self._histogram, QRectF(_EDGE, 2.0, groove.width(), groove.top() - 2.0)))
        painter.fillRect(groove, QColor(theme.points))
        self._draw_handle(painter, theme, QPointF(self.handle_x(), groove.center().y()))

    def _draw_handle(self, painter: QPainter, theme: Theme, place: QPointF) -> None:
        colour = QColor(theme.error if self._is_outside else theme.accent)
        painter.setPen(QPen(colour, 1.0))
        painter.drawLine(QPointF(place.x(), 2.0), place)
        painter.setPen(QPen(QColor(theme.text) if self.hasFocus() else colour, 2.0 if self.hasFocus() else 1.0))
        painter.setBrush(QColor(theme.window) if self._is_outside else colour)
        painter.drawEllipse(place, _KNOB, _KNOB)


def outline(histogram: Histogram, place: QRectF) -> QPolygonF:
    """Return the bars of a histogram as one shape that stands on the lower side of ``place``."""
    counts = histogram.counts
    highest, width = max(float(counts.max()), 1.0), place.width() / len(counts)
    shape = QPolygonF([place.bottomLeft()])
    for bar, count in enumerate(counts.tolist()):
        least = 1.0 if count else 0.0  # a single row shows
        top = place.bottom() - max(place.height() * count / highest, least)
        shape.append(QPointF(place.left() + bar * width, top))
        shape.append(QPointF(place.left() + (bar + 1) * width, top))
    shape.append(place.bottomRight())
    return shape
