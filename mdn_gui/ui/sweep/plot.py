"""The picture of a sweep: validation NLL against K."""

import math
from functools import cached_property

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.sweep import SweepPoint, SweepResult, SweepRun
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.marked_plot import MarkedPlot
from mdn_gui.ui.sweep.texts import advice_text, point_text
from mdn_gui.ui.theme import LIGHT, Theme, blend

_MARK, _STAR, _SEED, _SHOWN = 9, 14, 5, 7
_RING = 20
"""Wide enough that every mark lies inside of it, with room between."""
_MARGIN, _TOP = 0.08, 3.0
"""Room above what is drawn, in its height; so many times that where marks stand for what is higher."""
_MANY = 16
"""From this K on the axis is logarithmic, where the smallest K is far below."""
_LOW = 180
"""Pixels of height below which the names of the axes give way to the marks."""
_DIGIT = 9
_NEAR, _FEWEST_NEAR = 4.0, 3
_GREATEST = 1e100
"""What is beyond cannot be drawn."""


class _Drawn:
    """The numbers of a result in the order of its points."""

    def __init__(self, result: SweepResult) -> None:
        self.result = result
        self.points = result.points
        self.components = np.array([point.num_components for point in result.points], dtype=np.float64)
        self.is_log = self.components[-1] >= _MANY and self.components[-1] >= 8.0 * self.components[0]
        self.places = self.placed(self.components)

    def placed(self, components: FloatArray) -> FloatArray:
        """Return where a K stands on the axis."""
        return np.log2(components) if self.is_log else components

    @cached_property
    def excesses(self) -> tuple[Estimate, ...]:
        """By how much each point is worse than the best."""
        return tuple(self.result.excesses[point] for point in self.points)

    @cached_property
    def heights(self) -> FloatArray:
        """Where each mark stands, nats a row: above the best by its excess. NaN where it cannot be drawn."""
        with np.errstate(invalid="ignore"):
            values = self.result.best.nll.value + np.array([excess.value for excess in self.excesses])
        return _drawable(values)

    @cached_property
    def errors(self) -> FloatArray:
        """Half the height of each bar; 0 where there is none."""
        errors = np.array([excess.standard_error for excess in self.excesses])
        return np.where(np.isfinite(_drawable(errors)), errors, 0.0)

    def of_seeds(self) -> dict[int, tuple[FloatArray, FloatArray]]:
        """Return the places and the NLLs of each seed; none where there is one seed only."""
        runs: dict[int, list[tuple[float, float]]] = {}
        for run in self.result.runs:
            runs.setdefault(run.seed, []).append((run.num_components, run.nll))
        if len(runs) < 2:
            return {}
        pairs = {seed: np.array(each, dtype=np.float64) for seed, each in runs.items()}
        return {seed: (self.placed(each[:, 0]), _drawable(each[:, 1])) for seed, each in pairs.items()}

    def reach(self, top: float = math.inf) -> tuple[float, float]:
        """Return the least, the greatest NLL of what is drawn of the K with a mark up to ``top``; else (0, 1)."""
        near = self.components[self.heights <= top]
        values = [self.heights - self.errors, self.heights + self.errors]
        values = [each[self.heights <= top] for each in values]
        for places, nll in self.of_seeds().values():
            values.append(nll[np.isin(places, self.placed(near))])
        every = np.concatenate(values)
        every = every[np.isfinite(every)]
        return (float(every.min()), float(every.max())) if len(every) else (0.0, 1.0)

    @cached_property
    def near(self) -> float:
        """Up to which NLL a mark is near the best: a few times as far from it as the better half reaches."""
        height = np.sort(self.heights[np.isfinite(self.heights)] - self.result.best.nll.value)
        if not len(height):
            return math.inf
        half = height[: max(_FEWEST_NEAR, -(-len(height) // 2))]
        errors = self.errors[np.isfinite(self.heights) & (self.heights - self.result.best.nll.value <= half[-1])]
        reach = max(float(half[-1]), float(errors.max()))
        return self.result.best.nll.value + _NEAR * reach if reach > 0.0 else math.inf


def _drawable(values: FloatArray) -> FloatArray:
    return np.where(np.abs(values) < _GREATEST, values, np.nan)


class SweepPlot(MarkedPlot):
    """A mark for each K with the error of its paired difference from the best, a dot for each seed."""

    show_requested = Signal(int)
    """Show the fit of this run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Validation NLL against K"))
        self.set_axis_label("bottom", self.tr("components K"))
        self.set_axis_label("left", self.tr("validation NLL"))
        self._drawn: _Drawn | None = None
        self._shown = 0
        self._is_near = True
        self._level = pg.InfiniteLine(angle=0, movable=False)
        self._lines: list[pg.PlotCurveItem] = []
        self._dots = pg.ScatterPlotItem(pxMode=True, antialias=True)
        self._bars = pg.ErrorBarItem(x=np.empty(0), y=np.empty(0), height=np.empty(0), beam=0.0)
        self._ring = pg.ScatterPlotItem(symbol="o", size=_RING, pxMode=True, antialias=True)
        self._dot = pg.ScatterPlotItem(symbol="o", size=_SHOWN, pxMode=True, antialias=True, pen=None)
        self._marks = pg.ScatterPlotItem(pxMode=True, antialias=True)
        self._above = pg.ScatterPlotItem(symbol="t1", size=_MARK, pxMode=True, antialias=True)
        items = (self._level, self._pointer, self._dots, self._dot, self._bars, self._marks, self._ring, self._above)
        for height, item in enumerate(items):
            item.setZValue(height + 1)
            self.addItem(item, ignoreBounds=True)
        self.show_theme(LIGHT)

    def sizeHint(self) -> QSize:
        """Return a size that fits a low dock."""
        return QSize(300, 60)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(120, 50)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_result(self, result: SweepResult | None) -> None:
        """Draw a sweep, or nothing; what was pointed to stays so where it is still there."""
        before = self.pointed_components
        self._drawn = _Drawn(result) if result is not None else None
        self._places = np.empty(0) if self._drawn is None else self._drawn.places
        self.redraw()
        points = result.points if result is not None else ()
        self.point_to(next((at for at, each in enumerate(points) if each.num_components == before), -1))

    def show_run(self, number: int) -> None:
        """Mark the run whose fit is shown; 0 for none."""
        if number != self._shown:
            self._shown = number
            self._draw_ring()

    @property
    def hides_some(self) -> bool:
        """Whether some K are so far above the best that they stand above the picture while it is near the best."""
        return self._drawn is not None and not bool((self._drawn.heights <= self._drawn.near).all())

    def set_near(self, on: object) -> None:
        """Show what is near the best in full height, or every K."""
        self._is_near = bool(on)
        self.redraw()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._level.setPen(self.pen(theme.muted, 1.0, Qt.PenStyle.DashLine))
        self._pointer.setPen(self.pen(theme.border, 1.0))
        self._bars.setData(pen=self.pen(theme.accent, 1.2))
        self._ring.setPen(self.pen(theme.cursor, 2.0))
        self._ring.setBrush(pg.mkBrush(None))
        self._dot.setBrush(pg.mkBrush(theme.cursor))
        self._above.setPen(self.pen(theme.accent, 1.5))
        self._above.setBrush(pg.mkBrush(theme.base))
        self.redraw()

    # -- drawing ------------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw what is shown."""
        drawn = self._drawn
        self._level.setVisible(drawn is not None)
        for side in ("bottom", "left"):
            self.getPlotItem().showAxis(side, drawn is not None)
        for line in self._lines:
            self.removeItem(line)
        self._lines = []
        if drawn is None:
            self._pointer.setVisible(False)
            for scatter in (self._dots, self._dot, self._marks, self._ring, self._above):
                scatter.setData([], [])
            self._bars.setData(x=np.empty(0), y=np.empty(0), height=np.empty(0))
            return
        self._draw_seeds(drawn)
        self._draw_marks(drawn)
        self._draw_ring()
        self._fit(drawn)

    def _draw_seeds(self, drawn: _Drawn) -> None:
        seeds = drawn.of_seeds()
        faint = self.pen(blend(self._theme.points, self._theme.base, 0.45), 1.0)
        for places, nll in seeds.values():
            line = pg.PlotCurveItem(places, nll, connect="finite", pen=faint)
            line.setZValue(0)
            self.addItem(line, ignoreBounds=True)
            self._lines.append(line)
        if not seeds:
            self._dots.setData([], [])
            return
        x, y = (np.concatenate(each) for each in zip(*seeds.values(), strict=True))
        keep = np.isfinite(y)
        self._dots.setData(x[keep], y[keep], size=_SEED, pen=None, brush=pg.mkBrush(self._theme.points))

    def _draw_marks(self, drawn: _Drawn) -> None:
        theme, result = self._theme, drawn.result
        keep = np.isfinite(drawn.heights)
        self._bars.setData(x=drawn.places[keep], y=drawn.heights[keep], height=2.0 * drawn.errors[keep])
        self._marks.setData(
            [
                {
                    "pos": (place, height),
                    "symbol": "star" if point is result.best else "o",
                    "size": _STAR if point is result.best else _MARK,
                    "pen": self.pen(theme.accent, 1.5),
                    "brush": pg.mkBrush(theme.accent if point is result.recommended else theme.base),
                }
                for place, height, point in zip(drawn.places, drawn.heights, drawn.points, strict=True)
                if math.isfinite(height)
            ]
        )
        level = result.best.nll.value
        self._level.setVisible(abs(level) < _GREATEST)
        if abs(level) < _GREATEST:
            self._level.setValue(level)

    def _draw_ring(self) -> None:
        """Ring the mark of the K of the run shown; where a K has several seeds, fill its dot too."""
        drawn, shown = self._drawn, self._run_shown
        if drawn is None or shown is None:
            for scatter in (self._ring, self._dot):
                scatter.setData([], [])
            return
        place = drawn.placed(np.array([float(shown.num_components)]))
        height = float(drawn.heights[drawn.components.tolist().index(shown.num_components)])
        self._ring.setData(*((place, [height]) if math.isfinite(height) else ([], [])))
        has_dot = bool(drawn.of_seeds()) and abs(shown.nll) < _GREATEST
        self._dot.setData(*((place, [shown.nll]) if has_dot else ([], [])))

    @property
    def _run_shown(self) -> SweepRun | None:
        runs = self._drawn.result.runs if self._drawn is not None and self._shown else ()
        return next((run for run in runs if run.number == self._shown), None)

    @property
    def shown_components(self) -> int:
        """The K of the run whose fit is shown; 0 where it is none of these."""
        return self._run_shown.num_components if self._run_shown is not None else 0

    def _fit(self, drawn: _Drawn) -> None:
        """Show every mark with some room around it."""
        low, high = drawn.reach(drawn.near) if self._is_near else drawn.reach()
        room = _MARGIN * (high - low) or max(abs(low) * 1e-3, 1e-3)
        above = drawn.places[~(drawn.heights <= high + room)]  # those that cannot be drawn too
        top = high + (_TOP if len(above) else 1.0) * room
        first, last = float(drawn.places[0]), float(drawn.places[-1])
        side = max(0.05 * (last - first), 0.35)
        self.view.setRange(xRange=(first - side, last + side), yRange=(low - room, top), padding=0.0)
        self._above.setData(above, np.full(len(above), 0.5 * (high + room + top)))
        self._fit_axis()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave a low plot to its marks."""
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it once before there are axes
            for axis in self.axes():
                axis.showLabel(self.height() >= _LOW)
            self._fit_axis()

    def _fit_axis(self) -> None:
        """Name as many K as there is room for, the recommended one before the others."""
        drawn = self._drawn
        if drawn is None:
            return
        width = self.view.viewRange()[0]
        pixel = (width[1] - width[0]) / max(self.view.width(), 1.0)
        taken: list[tuple[float, str]] = []
        first = drawn.points.index(drawn.result.recommended)
        for at in (first, *range(len(drawn.points))):
            place, text = float(drawn.places[at]), f"{int(drawn.components[at])}"
            if all(abs(place - other) > _DIGIT * (1 + len(text)) * pixel for other, _ in taken):
                taken.append((place, text))
        self.getAxis("bottom").setTicks([sorted(taken)])

    # -- pointing -----------------------------------------------------------------------------------------------------

    @property
    def pointed_components(self) -> int:
        """The K that is pointed to; 0 for none."""
        return self._drawn.points[self._at].num_components if self._drawn is not None and self._at >= 0 else 0

    def text_of(self, index: int) -> str:
        """Return what the mark of a K says."""
        return "" if self._drawn is None else point_text(self._drawn.points[index], self._drawn.result)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from K to K with the arrow keys, Home, End; Enter shows the fit of one, Esc leaves them."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._at >= 0:
            self._request(self._drawn.points[self._at] if self._drawn is not None else None)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the fit of the K pointed to, of the seed whose dot is nearest."""
        super().mouseDoubleClickEvent(event)
        if self._drawn is not None and self._at >= 0:
            y = self.view.mapSceneToView(self.mapToScene(event.position().toPoint())).y()
            self._request(self._drawn.points[self._at], y)
            event.accept()

    def _request(self, point: SweepPoint | None, nll: float | None = None) -> None:
        if point is None:
            return
        run = point.runs[0] if nll is None else min(point.runs, key=lambda each: abs(each.nll - nll))
        if run.number:
            self.show_requested.emit(run.number)

    # -- taken out ----------------------------------------------------------------------------------------------------

    def drawn_table(self) -> DataTable | None:
        """Return what is drawn as numbers of full precision, a row for each K; None while nothing is drawn."""
        drawn = self._drawn
        if drawn is None:
            return None
        names = ("num_components", "runs", "nll", "nll_se", "excess", "excess_se", "seed_sd")
        points = drawn.points
        columns = (
            drawn.components,
            np.array([float(len(point.runs)) for point in points]),
            np.array([point.nll.value for point in points]),
            np.array([point.nll.standard_error for point in points]),
            np.array([excess.value for excess in drawn.excesses]),
            np.array([excess.standard_error for excess in drawn.excesses]),
            np.array([point.seed_spread for point in points]),
        )
        comments = (
            self.tr("validation NLL, nats a row; excess over the best K, row by row on the same rows"),
            advice_text(drawn.result),
        )
        return DataTable("sweep over K", names, columns, comments)
