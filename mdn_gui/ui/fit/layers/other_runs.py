"""Runs that are laid over the one shown: where each of them has its mean, its central 90 %."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.frame import Comparison, Frame, Subject
from mdn_gui.ui.fit.layers.labels import PADDING, draw_label, elided
from mdn_gui.ui.fit.layers.layer import Ink, SlowLayer
from mdn_gui.ui.fit.layers.strokes import polygon

EDGES = (0.05, 0.95)
"""Quantiles between which the central 90 % lie."""
_STEP = 3
"""Every third place along x: the curves of a fit are smooth."""
_EDGE_SHARE = 0.6
"""How visible the lines of the quantiles are."""


class Curves(NamedTuple):
    """Of one run at N places: x [N], the mixture mean [N], the quantiles [N, 2]."""

    x: FloatArray
    mean: FloatArray
    edges: FloatArray


class Strokes(NamedTuple):
    """What is drawn of one run, in stretches of x."""

    run: Comparison
    means: list[QPolygonF]
    edges: list[QPolygonF]


class OtherRuns(SlowLayer):
    """The mixture mean of each run as a line in its colour, its 5 % and 95 % quantiles as dashed ones, its name."""

    needs_model = False

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self.strokes: list[Strokes] = []

    @classmethod
    def is_offered(cls, subject: Subject) -> bool:
        """Return whether there are other runs."""
        return bool(subject.others)

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the curves follow from; the fit shown is not of it."""
        others = frame.subject.others
        return (frame.view.getRect(), *((each.section.model, each.section.line, each.name) for each in others))

    def work(self, frame: Frame) -> Callable[[], tuple[Curves, ...]]:
        """Work out the curves of every run."""
        others = frame.subject.others
        x = frame.x if frame.has_levels else np.append(frame.x[:-1:_STEP], frame.x[-1])
        return lambda: tuple(_curves(each, x) for each in others)

    def take(self, frame: Frame, answer: tuple[Curves, ...]) -> None:
        """Draw the curves."""
        self.clear()
        for run, curves in zip(frame.subject.others, answer, strict=True):
            x = curves.x
            parts = frame.stretches if frame.has_levels else (slice(0, len(x)),)
            means = [polygon(x[part], curves.mean[part]) for part in parts]
            edges = [polygon(x[part], edge[part]) for edge in curves.edges.T for part in parts]
            self.strokes.append(Strokes(run, means, edges))

    def clear(self) -> None:
        """Draw nothing."""
        self.strokes = []

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the lines, the names over them."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for run, means, edges in self.strokes:
            colour = self._theme.run(run.number)
            for line in edges:
                self.draw_line(painter, line, Ink(colour, 1.0, _EDGE_SHARE, Qt.PenStyle.DashLine))
            for line in means:
                self.draw_line(painter, line, Ink(colour, 1.4))
        self._draw_names(painter)

    def _draw_names(self, painter: QPainter) -> None:
        transform = painter.transform()
        placed = self.names(painter)
        painter.resetTransform()
        for box, name, colour in placed:
            draw_label(painter, box, name, colour, self._theme)
        painter.setTransform(transform)

    def names(self, painter: QPainter) -> list[tuple[QRectF, str, QColor]]:
        """Return the name of each run with its box at the right end of its mean; one without room is left out."""
        metrics, transform = QFontMetricsF(painter.font()), painter.transform()
        whole = transform.mapRect(self._bounds)
        placed: list[tuple[QRectF, str, QColor]] = []
        for run, means, _ in self.strokes:
            end = transform.map(means[-1].last())
            name = elided(run.name, metrics)
            box = QRectF(0.0, 0.0, metrics.horizontalAdvance(name) + 2.0 * PADDING, metrics.height())
            box.moveRight(min(end.x(), whole.right() - PADDING))
            for top in (end.y() - box.height() - 1.0, end.y() + 1.0):  # above its line, else below
                box.moveTop(top)
                if whole.contains(box) and not any(box.intersects(other) for other, *_ in placed):
                    placed.append((QRectF(box), name, self._theme.run(run.number)))
                    break
        return placed

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return the mean, the two quantiles of each run."""
        names: list[str] = []
        columns: list[FloatArray] = []
        for run in frame.subject.others:
            curves = _curves(run, frame.x)
            what = ("mixture mean", *(f"quantile {level:g}" for level in EDGES))
            names += [f"{each} of {run.name}" for each in what]
            columns += [curves.mean, *curves.edges.T]
        return DataTable("other runs", tuple(names), tuple(columns)) if names else None


def _curves(run: Comparison, x: FloatArray) -> Curves:
    mixture = run.section.conditional(x[:, np.newaxis])
    return Curves(x, mixture.mean(), mixture.quantile(list(EDGES)))
