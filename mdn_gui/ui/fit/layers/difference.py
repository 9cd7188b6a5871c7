"""The difference of two runs: where one has more density than the other."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.layers.density_map import picture
from mdn_gui.ui.fit.layers.frame import Frame, Subject
from mdn_gui.ui.fit.layers.labels import PADDING, elided, in_pixels
from mdn_gui.ui.fit.layers.layer import Depth, Ink, SlowLayer, paint_image
from mdn_gui.ui.fit.layers.strokes import polygon
from mdn_gui.ui.theme import Theme

_OPACITY = 215
_OFF, _SIGN = 8.0, 24.0
"""Logical pixels of the legend from the corner of the plot, of the sign before a text."""


class Difference(SlowLayer):
    """p(y given x) less that of the other run, zero transparent, with the other's mixture mean as a dashed line."""

    depth = Depth.AREA
    depth_above = Depth.LINE

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._ink: FloatArray = np.zeros((0, 0))
        self._parts: list[tuple[QRectF, slice]] = []
        self._images: list[tuple[QRectF, QImage]] = []
        self._means: list[QPolygonF] = []
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
            self._means = [polygon(frame.x[part], answer[1][part]) for part in frame.stretches]
            self._parts = [(frame.area_of(stretch), stretch) for stretch in frame.stretches]
            self._make_images()

    def clear(self) -> None:
        """Draw nothing."""
        self._ink, self._parts, self._images, self._means = np.zeros((0, 0)), [], [], []

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._make_images()

    def _make_images(self) -> None:
        """Make the picture; of a category one for each level."""
        table = table_of(self._theme)
        self._images = [(area, picture(self._ink[stretch], table)) for area, stretch in self._parts]

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the picture."""
        for area, image in self._images:
            paint_image(painter, image, area)

    def paint_above(self, painter: QPainter) -> None:
        """Draw the line, say what the colours mean."""
        if not self._ink.size:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mean in self._means:
            self.draw_line(painter, mean, Ink(self._theme.other, 1.8, style=Qt.PenStyle.DashLine))
        self._draw_legend(painter)

    def _draw_legend(self, painter: QPainter) -> None:
        """Say on a plate at the lower left which colour is whose, what the dashed line is."""
        with in_pixels(painter, self._bounds.topLeft()) as metrics:
            high = metrics.height()
            texts = [elided(text, metrics) for text in self.legend]
            wide = max(map(metrics.horizontalAdvance, texts)) + _SIGN + 3 * PADDING
            plate = QRectF(_OFF, -len(texts) * high - 2 * PADDING - _OFF, wide, len(texts) * high + 2 * PADDING)
            painter.fillRect(plate, self.translucent(self._theme.base, 0.92))
            for row, text in enumerate(texts):
                sign = QRectF(plate.left() + PADDING, plate.top() + PADDING + row * high, _SIGN, high)
                self._draw_sign(painter, row, sign)
                painter.setPen(QColor(self._theme.text))
                place = QRectF(sign.right() + PADDING, sign.top(), wide, high)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _draw_sign(self, painter: QPainter, row: int, box: QRectF) -> None:
        """Draw the sign of a row of the legend: the two colours, then the line."""
        middle = box.center()
        if row < len(self.legend) - 1:
            colour = QColor((self._theme.accent, self._theme.other)[row])
            painter.fillRect(QRectF(middle.x() - 5.0, middle.y() - 5.0, 10.0, 10.0), colour)
        else:
            painter.setPen(QPen(QColor(self._theme.other), 1.8, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))

    @property
    def legend(self) -> tuple[str, str, str]:
        """What the two colours mean, what the dashed line is."""
        return (
            QCoreApplication.translate("Layers", "more in the fit shown"),
            QCoreApplication.translate("Layers", "more in {name}").format(name=self._name),
            QCoreApplication.translate("Layers", "mean of {name}").format(name=self._name),
        )


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
