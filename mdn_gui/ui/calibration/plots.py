"""The plots that show whether a fit promises what the rows hold."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from mdn_gui.core.calibration import MASS, MASSES, Calibration, Group
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.encoding import Encoding
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.calibration.texts import estimate_text, place_name, range_text, rows_judged_text
from mdn_gui.ui.marked_plot import MarkedPlot
from mdn_gui.ui.numbers import fixed, grouped
from mdn_gui.ui.texts import one_line, rows_text
from mdn_gui.ui.theme import LIGHT, Theme, blend

_SIZE = 7
_MARGIN = 0.06
_WIDTH_OF_LETTER = 8
_LOW = 150
"""Pixels of height below which the name of the x axis, which stands above the plot too, gives way to the marks."""


class JudgingPlot(MarkedPlot):
    """A marked plot of a calibration."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._found: Calibration | None = None
        self._pointer.setZValue(5)
        self.addItem(self._pointer, ignoreBounds=True)

    def sizeHint(self) -> QSize:
        """Return a size that fits a low dock: what stands above has its height first."""
        return QSize(220, 60)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(100, 50)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave a low plot to its marks."""
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it once before there are axes
            self.fit_axis()

    def fit_axis(self) -> None:
        """Give the x axis the texts that there is room for."""
        self.getAxis("bottom").showLabel(self.height() >= _LOW)

    def show_calibration(self, found: Calibration | None) -> None:
        """Draw a calibration, or nothing."""
        self._found = found
        self.point_to(-1)
        self.redraw()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._pointer.setPen(self.pen(theme.muted, 1.0))

    def redraw(self) -> None:
        """Draw what is shown."""
        raise NotImplementedError

    def _comments(self) -> tuple[str, ...]:
        return (rows_judged_text(self._found),) if self._found is not None else ()


class PitPlot(JudgingPlot):
    """How many rows have which PIT value, with the band that a uniform law keeps to in 95 % of the cases."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Histogram of PIT values"))
        self.set_axis_label("bottom", self.tr("PIT value"))
        self._bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self._band = [pg.InfiniteLine(angle=0, movable=False) for _ in range(2)]
        for item in (self._bars, *self._band):
            self.addItem(item, ignoreBounds=True)
        self.show_theme(LIGHT)
        self.redraw()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._bars.setOpts(brush=pg.mkBrush(blend(theme.accent, theme.base, 0.45)), pen=self.pen(theme.base, 1.0))
        for line in self._band:
            line.setPen(self.pen(theme.text, 1.2, Qt.PenStyle.DashLine))

    def redraw(self) -> None:
        """Draw what is shown."""
        for item in (self._bars, *self._band, *self.axes()):
            item.setVisible(self._found is not None)
        if self._found is None:
            self._places = np.empty(0)
            return
        found = self._found.histogram()
        self._places = 0.5 * (found.edges[1:] + found.edges[:-1])
        self._bars.setOpts(x0=found.edges[:-1], x1=found.edges[1:], height=found.counts)
        for line, value in zip(self._band, (found.low, found.high), strict=True):
            line.setValue(value)
        top = 1.1 * max(float(found.counts.max()), found.high, 1.0)
        self.view.setRange(xRange=(0.0, 1.0), yRange=(0.0, top), padding=0.0)

    def text_of(self, index: int) -> str:
        """Return such as "PIT 0.10 to 0.15: 31 rows (uniform: 12 to 29)"."""
        if self._found is None:
            return ""
        found = self._found.histogram()
        return self.tr("PIT {low} to {high}: {rows} (uniform: {least} to {most})").format(
            low=fixed(found.edges[index], 2),
            high=fixed(found.edges[index + 1], 2),
            rows=rows_text(int(found.counts[index])),
            least=grouped(int(found.low)),
            most=grouped(int(found.high)),
        )

    def drawn_table(self) -> DataTable | None:
        """Return what is drawn as numbers of full precision; None while nothing is drawn."""
        if self._found is None:
            return None
        found = self._found.histogram()
        band = (np.full_like(found.counts, end) for end in (found.low, found.high))
        names = ("pit_low", "pit_high", "rows", "uniform_low", "uniform_high")
        columns = (found.edges[:-1], found.edges[1:], found.counts, *band)
        return DataTable("histogram of PIT values", names, columns, self._comments())


class _Series:
    """Marks with error bars of one standard error."""

    def __init__(self, plot: JudgingPlot, symbol: str, size: int = _SIZE) -> None:
        self._bars = pg.ErrorBarItem(x=np.empty(0), y=np.empty(0), height=np.empty(0), beam=0.0)
        self._marks = pg.ScatterPlotItem(symbol=symbol, size=size, pxMode=True, antialias=True)
        for item in (self._bars, self._marks):
            plot.addItem(item, ignoreBounds=True)

    def show(self, x: FloatArray, y: FloatArray, errors: FloatArray) -> None:
        """Draw marks at ``x``, ``y`` with bars of ``errors``, each [M]."""
        self._bars.setData(x=x, y=y, height=2.0 * errors)
        self._marks.setData(x, y)

    def show_pen(self, pen: QPen, fill: QColor) -> None:
        """Take new colours."""
        self._bars.setData(pen=pen)
        self._marks.setBrush(pg.mkBrush(fill))
        self._marks.setPen(pen)


class CoveragePlot(JudgingPlot):
    """Which part of the rows lies in intervals, in regions, against the part that should."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Coverage against nominal mass"))
        self.set_axis_label("bottom", self.tr("nominal mass"))
        self._diagonal = pg.PlotCurveItem([0.0, 1.0], [0.0, 1.0])
        self.addItem(self._diagonal, ignoreBounds=True)
        self._series = _Series(self, "s", _SIZE + 3), _Series(self, "o", _SIZE - 2)
        self.view.setRange(xRange=(0.0, 1.0), yRange=(0.0, 1.05), padding=0.0)
        self.show_theme(LIGHT)
        self.redraw()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._diagonal.setPen(self.pen(theme.text, 1.2, Qt.PenStyle.DashLine))
        self._series[0].show_pen(self.pen(theme.components[1], 1.2), QColor(theme.base))
        self._series[1].show_pen(self.pen(theme.accent, 1.2), QColor(theme.accent))

    def redraw(self) -> None:
        """Draw what is shown."""
        for item in (self._diagonal, *self.axes()):
            item.setVisible(self._found is not None)
        self._places = np.array(MASSES if self._found is not None else ())
        for series, estimates in zip(self._series, reversed(self._estimates()), strict=True):
            series.show(self._places, *estimates)

    def text_of(self, index: int) -> str:
        """Return such as "90 %: central 0.89 ± 0.02, region 0.90 ± 0.02"."""
        if self._found is None:
            return ""
        mass = MASSES[index]
        return self.tr("{mass} %: central {central}, highest density {region}").format(
            mass=fixed(100.0 * mass, 0),
            central=estimate_text(self._found.central(mass)),
            region=estimate_text(self._found.regions(mass)),
        )

    def drawn_table(self) -> DataTable | None:
        """Return what is drawn as numbers of full precision; None while nothing is drawn."""
        if self._found is None:
            return None
        names = ("mass", "coverage_central", "coverage_central_se", "coverage_hdr", "coverage_hdr_se")
        (central, central_error), (region, region_error) = self._estimates()
        columns = np.array(MASSES), central, central_error, region, region_error
        rows = self.tr("regions: {rows}").format(rows=rows_text(len(self._found.region_mass)))
        return DataTable("coverage", names, columns, (*self._comments(), rows))

    def _estimates(self) -> tuple[tuple[FloatArray, FloatArray], ...]:
        if self._found is None:
            return ((np.empty(0),) * 2,) * 2
        each = [[of(mass) for mass in MASSES] for of in (self._found.central, self._found.regions)]
        return tuple(_arrays(estimates) for estimates in each)


class ReliabilityPlot(JudgingPlot):
    """Coverage of the 90 % interval, mean PIT value of rows that are neighbours along x."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Calibration along x"))
        self._place: int | None = 0
        self._groups: tuple[Group, ...] = ()
        self._lines = [pg.InfiniteLine(pos=value, angle=0, movable=False) for value in (MASS, 0.5)]
        for line in self._lines:
            self.addItem(line, ignoreBounds=True)
        self._series = _Series(self, "o"), _Series(self, "s")
        self.show_theme(LIGHT)
        self.redraw()

    @property
    def place(self) -> int | None:
        """Number of the column along which the rows are grouped; None for the median of the fit."""
        return self._place

    def show_place(self, place: int | None) -> None:
        """Group the rows along another column, or along the median of the fit."""
        self._place = place
        self.point_to(-1)
        self.redraw()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        for series, line, colour in zip(self._series, self._lines, (theme.accent, theme.components[1]), strict=True):
            series.show_pen(self.pen(colour, 1.2), QColor(colour))
            line.setPen(self.pen(colour, 1.0, Qt.PenStyle.DashLine))

    def redraw(self) -> None:
        """Draw what is shown."""
        for item in (*self._lines, *self.axes()):
            item.setVisible(self._found is not None)
        self._groups = self._found.along(self._place) if self._found is not None else ()
        self._places = np.array([group.centre for group in self._groups])
        unit = self._set_view()
        estimates = self._estimates()
        for series, shift, each in zip(self._series, (-0.008, 0.008), estimates, strict=True):
            series.show(self._places + shift * unit, *each)

    def _set_view(self) -> float:
        """Choose the ranges; return the width of the x axis, data units."""
        if self._found is None:
            return 1.0
        self.set_axis_label("bottom", place_name(self._encoding))
        self.fit_axis()
        low, high = self._groups[0].centre, self._groups[-1].centre  # what lies beyond their marks stays outside
        margin = 0.5 if self._levels else _MARGIN * (high - low) or 0.5 * abs(high) or 0.5
        self.view.setRange(xRange=(low - margin, high + margin), yRange=(0.0, 1.05), padding=0.0)
        return high - low + 2.0 * margin

    def fit_axis(self) -> None:
        """Give the x axis the texts that there is room for."""
        super().fit_axis()
        longest = max(self.width() // (_WIDTH_OF_LETTER * max(len(self._groups), 1)) - 1, 1)
        ticks = [
            (group.centre, one_line(self._levels[int(group.centre)], longest)) for group in self._groups if self._levels
        ]
        self.getAxis("bottom").setTicks([ticks] if self._levels else None)

    def text_of(self, index: int) -> str:
        """Return such as "between 20.0 and 30.0, 50 rows: 90 % interval 0.84 ± 0.05, mean PIT 0.38 ± 0.04"."""
        group = self._groups[index]
        return self.tr("{range}, {rows}: 90 % interval {coverage}, mean PIT {pit}, NLL {nll}").format(
            range=range_text(group, self._encoding),
            rows=rows_text(group.num_rows),
            coverage=estimate_text(group.coverage),
            pit=estimate_text(group.pit),
            nll=estimate_text(group.nll),
        )

    def drawn_table(self) -> DataTable | None:
        """Return what is drawn as numbers of full precision; None while nothing is drawn."""
        if self._found is None:
            return None
        groups, encoding = self._groups, self._encoding
        names = ["x_low", "x_centre", "x_high", "rows"]
        columns = [
            np.array([getattr(g, name) for g in groups], float) for name in ("low", "centre", "high", "num_rows")
        ]
        for name, estimates in (
            ("coverage_90", [g.coverage for g in groups]),
            ("mean_pit", [g.pit for g in groups]),
            ("nll", [g.nll for g in groups]),
        ):
            names += [name, f"{name}_se"]
            columns += _arrays(estimates)
        along = self.tr("x: {name}").format(name=place_name(encoding))
        return DataTable("calibration along x", tuple(names), tuple(columns), (*self._comments(), along))

    @property
    def _levels(self) -> tuple[str, ...]:
        return self._encoding.levels if self._encoding is not None else ()

    @property
    def _encoding(self) -> Encoding | None:
        return None if self._place is None or self._found is None else self._found.encodings[self._place]

    def _estimates(self) -> tuple[tuple[FloatArray, FloatArray], ...]:
        return _arrays([g.coverage for g in self._groups]), _arrays([g.pit for g in self._groups])


def _arrays(estimates: Sequence[Any]) -> tuple[FloatArray, FloatArray]:
    """Return values, standard errors, each [M]."""
    values = np.array([each.value for each in estimates], float)
    return values, np.array([each.standard_error for each in estimates], float)
