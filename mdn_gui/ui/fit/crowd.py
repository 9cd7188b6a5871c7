"""Rows in a plot: points where few are seen, an image of their density where many are."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QRectF, QSize, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.core.binning import Cloud, Frame, IntArray, Picture
from mdn_gui.core.dataset import FloatArray
from mdn_gui.session.background import NewestJob
from mdn_gui.ui.fit.layers.ink_image import InkImage
from mdn_gui.ui.fit.layers.scatter import Scatter
from mdn_gui.ui.theme import Theme

MOST_POINTS = 50_000
"""Above this many rows in view a density image is drawn in place of points."""
_CELL = 2
"""Logical pixels along a cell of the image."""
_MARGIN = 0.25
"""How far a picture reaches beyond the view on each side, as a share of its size: panning then need not wait."""


class Crowd(QObject):
    """Two layers of a plot, one of which shows the rows.

    Few rows are drawn at once. Of many the picture of the view is made in a pool thread; until it is there, that of the
    view before stays.

    Parameters
    ----------
    parent : QObject
        Owner.
    is_selection : bool
        Drawn in the accent colour, the image stronger.
    """

    pictured = Signal()
    """Another picture is drawn."""
    ordered = Signal()
    """The rows are in order: ``cloud`` answers quickly."""

    def __init__(self, parent: QObject, *, is_selection: bool = False) -> None:
        super().__init__(parent)
        self._is_selection = is_selection
        self._size = 4.6 if is_selection else 3.6
        self.points = Scatter(pen=None, size=self._size, pxMode=True)
        self.points.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.image = InkImage("accent", 235) if is_selection else InkImage()
        self.image.setVisible(False)
        self.cloud = Cloud(np.zeros(0), np.zeros(0))
        """The rows shown."""
        self._is_visible = True
        self._is_rimmed = False
        self._base = QColor()
        self._view, self._pixels = QRectF(), QSize()
        self._wanted: Frame | None = None
        self._picture: Picture | None = None
        self._take_picked: Callable[[IntArray | None], None] = _pass_over
        self._counting, self._ordering, self._picking = NewestJob(self), NewestJob(self), NewestJob(self)
        for job, take in (
            (self._counting, self._take_picture),
            (self._ordering, self._take_order),
            (self._picking, self._hand_on),
        ):
            job.finished.connect(take)
            job.failed.connect(partial(_take_nothing, take))

    @property
    def is_large(self) -> bool:
        """Whether there are more rows than are ever drawn as points at once."""
        return len(self.cloud.x) > MOST_POINTS

    def show_rows(self, x: FloatArray, y: FloatArray) -> None:
        """Draw rows at x, y [N], data units."""
        for job in (self._counting, self._ordering, self._picking):
            job.drop()
        self._picture, self._wanted = None, None
        self.cloud = Cloud(x, y)
        self.image.setVisible(False)
        if self.is_large:
            self.points.setData(x=[], y=[])
            self._want_picture()
        else:
            self.points.setData(x=x, y=y)
            self._take_order(self.cloud.in_order())

    def set_view(self, view: QRectF, pixels: QSize) -> None:
        """Take the visible part of the plot, data units, with its size in logical pixels."""
        self._view, self._pixels = QRectF(view), pixels
        if self.is_large:
            self._want_picture()

    def set_visible(self, *, visible: bool) -> None:
        """Show the rows, or hide them."""
        self._is_visible = visible
        self.points.setVisible(visible)
        self.image.setVisible(visible and self._picture is not None and self._picture.points is None)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.points.setBrush(QColor(theme.accent if self._is_selection else theme.points))
        self.image.show_theme(theme)
        self._base = QColor(theme.base)
        self._give_rims()

    def set_rimmed(self, *, rimmed: bool) -> None:
        """Give the points rims in the colour of the plot, for a ground in which they would drown; or take them."""
        if rimmed is not self._is_rimmed:
            self._is_rimmed = rimmed
            self._give_rims()

    def _give_rims(self) -> None:
        self.points.setSize(self._size + (1.6 if self._is_rimmed else 0.0))
        self.points.setPen(pg.mkPen(self._base, width=1.0) if self._is_rimmed else None)

    def pick(self, outline: FloatArray, take: Callable[[IntArray | None], None]) -> None:
        """Call ``take`` with the rows inside an outline [V, 2], data units; at once where they are few."""
        if self.is_large:
            self._take_picked = take
            within = partial(self.cloud.within, outline)
            self._picking.start(lambda _watch: within())
        else:
            take(self.cloud.within(outline))

    def shut_down(self) -> None:
        """Wait for the threads."""
        for job in (self._counting, self._ordering, self._picking):
            job.shut_down()

    def _hand_on(self, rows: IntArray | None) -> None:
        self._take_picked(rows)

    # -- the picture of a view ----------------------------------------------------------------------------------------

    def _want_picture(self) -> None:
        if self._view.isEmpty() or self._pixels.isEmpty() or self._suffices():
            return
        self._wanted = _frame_around(self._view, self._pixels)
        self._begin()

    def _suffices(self) -> bool:
        """Return whether the picture drawn has cells of the right size and reaches well beyond the view."""
        if self._picture is None:
            return False
        frame, wanted = self._picture.frame, _frame_around(self._view, self._pixels, 0.4 * _MARGIN)
        is_around = frame.x_low <= wanted.x_low and wanted.x_high <= frame.x_high
        is_around &= frame.y_low <= wanted.y_low and wanted.y_high <= frame.y_high
        ratios = (
            (frame.x_high - frame.x_low) / frame.columns * wanted.columns / (wanted.x_high - wanted.x_low),
            (frame.y_high - frame.y_low) / frame.rows * wanted.rows / (wanted.y_high - wanted.y_low),
        )
        return is_around and all(abs(ratio - 1.0) < 0.05 for ratio in ratios)

    def _begin(self) -> None:
        """Count for the newest view, unless a picture is under way: that one is shown first, so that it moves along."""
        if self._wanted is not None and not self._counting.is_busy:
            picture = partial(self.cloud.picture, self._wanted, MOST_POINTS)
            self._wanted = None
            self._counting.start(lambda _watch: picture())

    def _take_picture(self, picture: Picture | None) -> None:
        if picture is not None:
            self._draw(picture)
        if not self.cloud.is_in_order and not self._ordering.is_busy:
            in_order = self.cloud.in_order
            self._ordering.start(lambda _watch: in_order())
        self._begin()

    def _draw(self, picture: Picture) -> None:
        self._picture = picture
        x, y = picture.points or (np.zeros(0), np.zeros(0))
        if len(x) or len(self.points.data):
            self.points.setData(x=x, y=y)
        if picture.points is None:
            frame = picture.frame
            size = frame.x_high - frame.x_low, frame.y_high - frame.y_low
            self.image.show_ink(self._ink(picture.counts), QRectF(frame.x_low, frame.y_low, *size))
        self.set_visible(visible=self._is_visible)
        self.pictured.emit()

    def _ink(self, counts: FloatArray) -> FloatArray:
        """Return the ink of each cell: by its share of a well filled one; picked rows stand out even where few are."""
        ink = np.sqrt(np.clip(counts / np.quantile(counts[counts > 0], 0.9), 0.0, 1.0))
        return np.where(counts > 0, 0.5 + 0.5 * ink, 0.0) if self._is_selection else ink

    def _take_order(self, cloud: Cloud | None) -> None:
        if cloud is not None:
            self.cloud = cloud
            self.ordered.emit()


def _pass_over(_: IntArray | None) -> None:
    """Take rows that nobody asks for."""


def _take_nothing(take: Callable[[None], None], _: Exception) -> None:
    """Go on after a failure, which is in the log: a picture is missing then, the data are as they were."""
    take(None)


def _frame_around(view: QRectF, pixels: QSize, margin: float = _MARGIN) -> Frame:
    wide, high = margin * view.width(), margin * view.height()
    area = view.adjusted(-wide, -high, wide, high)
    columns, rows = (max(round((1 + 2 * margin) * size / _CELL), 1) for size in (pixels.width(), pixels.height()))
    return Frame(area.left(), area.right(), area.top(), area.bottom(), columns, rows)
