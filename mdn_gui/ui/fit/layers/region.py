"""The highest-density region of p(y given x) along x."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPolygonF

from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.branches import Branch, branches
from mdn_gui.ui.fit.layers.frame import Frame
from mdn_gui.ui.fit.layers.layer import Depth, Ink, SlowLayer
from mdn_gui.ui.fit.layers.strokes import Piece, between, pieces

_OPACITY = 0.2


class DensityRegion(SlowLayer):
    """A union of intervals at each x, drawn as areas with edges that split where the intervals do."""

    depth = Depth.AREA
    depth_above = Depth.LINE

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._areas: list[QPolygonF] = []
        self._edges: list[list[Piece]] = []

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the region follows from."""
        return (*super().depends_on(frame), frame.subject.questions.mass, frame.is_faded)

    def work(self, frame: Frame) -> Callable[[], list[Branch]]:
        """Work out the branches of the region."""
        mixture, mass = frame.mixture, frame.subject.questions.mass

        def found() -> list[Branch]:
            regions = mixture.hdr(mass) if mixture is not None else []
            parts = frame.stretches if mixture is not None else ()
            return [branch for part in parts for branch in branches(frame.x[part], regions[part])]

        return found

    def take(self, frame: Frame, answer: list[Branch]) -> None:
        """Draw the branches."""
        self.clear()
        for branch in answer:
            x, low, high = (np.array(each) for each in (branch.x, branch.low, branch.high))
            fade = np.interp(x, frame.x, frame.fade)
            self._areas.append(between(x, low, high))
            self._edges += [pieces(x, low, fade), pieces(x, high, fade)]

    def clear(self) -> None:
        """Draw nothing."""
        self._areas, self._edges = [], []

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return the ends of the intervals, NaN where there are fewer."""
        if frame.mixture is None:
            return None
        mass = frame.subject.questions.mass
        regions = frame.mixture.hdr(mass)
        ends = np.full((len(regions), max(map(len, regions)), 2), np.nan)
        for row, region in enumerate(regions):
            ends[row, : len(region)] = region
        names = [f"region {mass:.10g} {end} {j + 1}" for j in range(ends.shape[1]) for end in ("low", "high")]
        columns = [ends[:, j, side].copy() for j in range(ends.shape[1]) for side in (0, 1)]
        return DataTable("region", tuple(names), tuple(columns))

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Fill the areas."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.translucent(self._theme.region, _OPACITY))
        for area in self._areas:
            painter.drawPolygon(area)

    def paint_above(self, painter: QPainter) -> None:
        """Draw the edges."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for edge in self._edges:
            self.draw_pieces(painter, edge, Ink(self._theme.region, 1.3))
