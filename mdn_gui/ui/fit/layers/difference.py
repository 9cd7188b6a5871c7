"""The difference of two runs: where one has more density than the other."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.layers.density_map import picture
from mdn_gui.ui.fit.layers.frame import Frame, Subject
from mdn_gui.ui.fit.layers.labels import PADDING, draw_label, elided, in_pixels
from mdn_gui.ui.fit.layers.layer import Depth, SlowLayer, paint_image
from mdn_gui.ui.fit.layers.strokes import cosmetic, polygon
from mdn_gui.ui.theme import Theme

_OPACITY = 215


class Difference(SlowLayer):
    """p(y given x) less that of the other run, zero transparent, with the other's mixture mean as a dashed line."""

    depth = Depth.AREA
    depth_above = Depth.LINE

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._ink: FloatArray = np.zeros((0, 0))
        self._image = QImage()
        self._mean = QPolygonF()
        self._name = ""

    @classmethod
    def is_offered(cls, subject: Subject) -> bool:
        """Return whether there is another run."""
        return subject.comparison is not None

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the difference follows from."""
        other = frame.subject.comparison
        return (*super().depends_on(frame), *((other.section.model, other.section.line) if other is not None else ()))

    def work(self, frame: Frame) -> Callable[[], tuple[FloatArray, FloatArray] | None]:
        """Work out the difference [N, M] with the mean [N] of the other."""
        mixture, comparison, x, y = frame.mixture, frame.subject.comparison, frame.x, frame.y[np.newaxis]

        def compared() -> tuple[FloatArray, FloatArray] | None:
            if mixture is None or comparison is None:
                return None
            other = comparison.section.conditional(x[:, np.newaxis])
            return mixture.pdf(y) - other.pdf(y), other.mean()

        return compared

    def take(self, frame: Frame, answer: tuple[FloatArray, FloatArray] | None) -> None:
        """Draw the difference."""
        self.clear()
        self._name = frame.subject.comparison.name if frame.subject.comparison is not None else ""
        if answer is not None:
            self._ink = signed_ink(answer[0])
            self._mean = polygon(frame.x, answer[1])
            self._image = picture(self._ink, table_of(self._theme))

    def clear(self) -> None:
        """Draw nothing."""
        self._ink, self._image, self._mean = np.zeros((0, 0)), QImage(), QPolygonF()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        if self._ink.size:
            self._image = picture(self._ink, table_of(theme))

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the picture."""
        if self._ink.size:
            paint_image(painter, self._image, self._bounds)

    def paint_above(self, painter: QPainter) -> None:
        """Draw the line, say what the colours mean."""
        if not self._ink.size:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(cosmetic(QColor(self._theme.other), 1.8 * self._fineness, Qt.PenStyle.DashLine))
        painter.drawPolyline(self._mean)
        self._draw_legend(painter)

    def _draw_legend(self, painter: QPainter) -> None:
        """Say at the lower left which colour is whose."""
        with in_pixels(painter, self._bounds.topLeft()) as metrics:
            x, high = 8.0, metrics.height()
            top = -high - 12.0
            for colour, meaning in self._legend:
                text = elided(meaning, metrics)
                wide = metrics.horizontalAdvance(text) + high + 3 * PADDING
                box = QRectF(x, top, wide, high + 4.0)
                draw_label(painter, box.adjusted(high, 0.0, 0.0, 0.0), text, QColor(self._theme.text), self._theme)
                painter.fillRect(QRectF(x + PADDING, top + 0.15 * high + 2.0, 0.7 * high, 0.7 * high), QColor(colour))
                x += wide

    @property
    def _legend(self) -> tuple[tuple[str, str], ...]:
        more = QCoreApplication.translate("Layers", "more in {name}").format(name=self._name)
        return (self._theme.accent, QCoreApplication.translate("Layers", "more here")), (self._theme.other, more)


def signed_ink(difference: FloatArray) -> FloatArray:
    """Return the ink [N, M] of a difference: 0 for the least, 128/255 for none, 1 for the greatest, symmetric."""
    finite = np.nan_to_num(difference)
    size = np.abs(finite)
    top = float(np.quantile(size, 0.999)) or float(size.max())
    share = np.clip(finite / top, -1.0, 1.0) if top > 0 else np.zeros_like(finite)
    return np.asarray((128.0 + 127.0 * np.sign(share) * np.sqrt(np.abs(share))) / 255.0)


def table_of(theme: Theme) -> np.ndarray:
    """Return 256 colours [256, 4]: those of the other run, nothing in the middle, the accent of this run."""
    table = np.empty((256, 4), dtype=np.ubyte)
    for part, name in ((slice(0, 128), theme.other), (slice(128, 256), theme.accent)):
        colour = QColor(name)
        table[part, :3] = (colour.red(), colour.green(), colour.blue())
    table[:, 3] = np.minimum(np.abs(np.arange(256) - 128.0) / 127.0, 1.0) * _OPACITY
    return table
