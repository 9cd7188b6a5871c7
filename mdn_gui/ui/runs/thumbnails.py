"""The small pictures of runs, made off the GUI thread when they are first seen."""

from collections import deque
from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.thumbnail import Thumbnail, thumbnail
from mdn_gui.session.background import NewestJob
from mdn_gui.ui.fit.layers.density_map import ink_of, picture, table_of
from mdn_gui.ui.fit.layers.frame import Look
from mdn_gui.ui.theme import LIGHT, Theme, blend

SIZE = QSize(54, 26)
_MOST_WAITING = 64
"""Those asked for longest ago have been scrolled away: they are asked for again when they are seen."""
_LEAST_WEIGHT = 0.08
"""Least mean weight of a component that is drawn: of sixty-four lines none would be seen."""


class Thumbnails(QObject):
    """Keeps one picture for each model.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    ready = Signal()
    """There are more of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: dict[FittedModel, Thumbnail | None] = {}
        self._drawn: dict[FittedModel, QPixmap] = {}
        self._waiting: deque[FittedModel] = deque(maxlen=_MOST_WAITING)
        self._under_way: FittedModel | None = None
        self._theme, self._fineness = LIGHT, 1.0
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._pass_over)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._drawn.clear()

    def picture_of(self, model: FittedModel, fineness: float) -> QPixmap | None:
        """Return the picture of a model for a screen of so many pixels in a logical one; None until it is made."""
        if fineness != self._fineness:
            self._fineness = fineness
            self._drawn.clear()
        if model not in self._known:
            self._ask(model)
            return None
        found = self._known[model]
        if found is not None and model not in self._drawn:
            self._drawn[model] = drawn(found, self._theme, fineness)
        return self._drawn.get(model)

    def keep(self, models: Collection[FittedModel]) -> None:
        """Forget the pictures of all other models."""
        for kept in (self._known, self._drawn):
            for gone in kept.keys() - set(models):
                del kept[gone]

    def shut_down(self) -> None:
        """Return when the thread has ended."""
        self._waiting.clear()
        self._job.shut_down()

    def _ask(self, model: FittedModel) -> None:
        if model is self._under_way or model in self._waiting:
            return
        self._waiting.append(model)
        self._begin()

    def _begin(self) -> None:
        if self._job.is_busy or not self._waiting:
            return
        model = self._under_way = self._waiting.pop()
        self._job.start(lambda _watch: thumbnail(model))

    @Slot(object)
    def _take(self, found: Thumbnail | None) -> None:
        if self._under_way is not None:
            self._known[self._under_way] = found
        self._under_way = None
        self.ready.emit()
        self._begin()

    @Slot(object)
    def _pass_over(self, _error: object) -> None:
        """Go on without the picture of a model that cannot be read; it is in the log."""
        self._take(None)


def drawn(found: Thumbnail, theme: Theme, fineness: float = 1.0) -> QPixmap:
    """Return a thumbnail in the colours of a theme: the density as a soft ground, means as lines."""
    result = QPixmap(SIZE * fineness)
    result.setDevicePixelRatio(fineness)
    result.fill(QColor(theme.base))
    painter = QPainter(result)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    area = QRectF(0.0, 0.0, SIZE.width(), SIZE.height())
    painter.save()
    painter.translate(area.bottomLeft())
    painter.scale(1.0, -1.0)  # the least y is at the bottom
    painter.drawImage(area, picture(ink_of(found.density, Look()), table_of(Look(), theme)))
    for k in np.argsort(found.weights.mean(axis=0)):
        _draw_mean(painter, area, found, int(k), theme)
    painter.restore()
    painter.setPen(QPen(QColor(theme.border), 1.0))
    painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.end()
    return result


def _draw_mean(painter: QPainter, area: QRectF, found: Thumbnail, k: int, theme: Theme) -> None:
    """Draw the mean of a component where it has weight: stronger where it has more."""
    weight = float(found.weights[:, k].mean())
    if weight < _LEAST_WEIGHT:
        return
    painter.setPen(QPen(blend(theme.component(k), theme.base, min(0.4 + weight, 1.0)), 1.2, c=Qt.PenCapStyle.FlatCap))
    x = (np.arange(len(found.means)) + 0.5) / len(found.means) * area.width()
    seen = (found.weights[:, k] >= _LEAST_WEIGHT) & np.isfinite(found.means[:, k])
    heights = np.clip(found.means[:, k], -1.0, 2.0) * area.height()
    for part in np.split(np.flatnonzero(seen), np.flatnonzero(np.diff(np.flatnonzero(seen)) > 1) + 1):
        painter.drawPolyline(QPolygonF([QPointF(x[place], heights[place]) for place in part]))
