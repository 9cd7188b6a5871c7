"""The picture of a slice, painted as one item in logical pixels."""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject

from mdn_gui.core.questions import Questions
from mdn_gui.ui.numbers import fixed, significant, tabular
from mdn_gui.ui.slice.curves import Curves, Nearby, Span
from mdn_gui.ui.slice.frame import TOP, Frame, points_line
from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import LIGHT, Theme, blend

_LEAST_INK = 2e-3
"""Share of the full height below which a component is not drawn, so that the base line stays calm."""
_LEAST_BEYOND = 0.01
"""Probability beyond an end of the axis that is told there."""
_DASHES = ([5.0, 3.0], [1.5, 2.5], [8.0, 3.0, 1.5, 3.0], [10.0, 4.0], [3.0, 5.0], [8.0, 3.0, 1.5, 3.0, 1.5, 3.0])
_GAP = 4.0
_LONGEST_NAME = 80.0
_LEAST_TOP = 1e-290
"""Density below which nothing is drawn: its inverse would not be finite."""


@dataclass(frozen=True, eq=False)
class PinCurves:
    """The outline of a pin."""

    name: str
    curves: Curves


@dataclass(frozen=True, eq=False)
class Shown:
    """Everything that a slice shows.

    Parameters
    ----------
    span : Span
        Ends of the target's axis, data units.
    curves : Curves or None
        p(y given x) at the cursor.
    pins : tuple of PinCurves
        Those of the pins.
    nearby : Nearby or None
        The rows near x.
    is_current : bool
        Whether ``nearby`` belongs to this x; else it is faded.
    questions : Questions
        The interval, the mass of the region.
    is_cdf : bool
        Whether the cdf is drawn in place of the density.
    mark : float or None
        Where the cdf is read, data units of the target.
    hover : float or None
        Where the mouse is, data units of the target.
    """

    span: Span = (0.0, 1.0)
    curves: Curves | None = None
    pins: tuple[PinCurves, ...] = ()
    nearby: Nearby | None = None
    is_current: bool = True
    questions: Questions = field(default_factory=Questions)
    is_cdf: bool = False
    mark: float | None = None
    hover: float | None = None
    probability_text: str = ""
    outside_text: str = ""

    @property
    def top(self) -> float:
        """What is drawn at full height: the largest density shown, whoever's it is; of the cdf 1.

        Rows near x leave the densities at least half the height: higher bars are cut.
        """
        if self.is_cdf:
            return 1.0
        peaks = [pin.curves.peak for pin in self.pins]
        if self.curves is not None:
            peaks.append(self.curves.peak)
        top = max(peaks, default=0.0)
        if self.nearby is not None:
            top = max(top, min(self.nearby.peak, 2.0 * top if top > _LEAST_TOP else math.inf))
        return top if top > _LEAST_TOP else 0.0


class SliceCanvas(QGraphicsObject):
    """Paints what is shown; it lies in the view box, whose unit is the logical pixel."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.shown = Shown()
        self._size = QSizeF(1.0, 1.0)
        self._labels: list[QRectF] = []
        self._ticks: tuple[Nearby | None, tuple[float, ...], list[QRectF]] = (None, (), [])
        self.show_theme(LIGHT)

    def set_size(self, size: QSizeF) -> None:
        """Take the size of the view box, logical pixels."""
        self.prepareGeometryChange()
        self._size = size

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._ground, self._soft = QColor(theme.base), QColor(theme.accent_soft)
        self._strong = blend(theme.accent, theme.base, 0.42)
        self._bars = QColor(theme.text)
        self._lines = [_pen(colour, 1.5) for colour in theme.components]
        self._whole = _pen(theme.accent, 1.0)  # wider lines take twenty times as long
        self._quiet = QPen(QColor(theme.border), 1.0)
        self._pin_pens = [_pen(blend(theme.text, theme.base, 0.8), 1.0) for _ in _DASHES]
        for pen, dashes in zip(self._pin_pens, _DASHES, strict=True):
            pen.setDashPattern(dashes)
        self.update()

    def show(self, **changes: Any) -> None:
        """Show something else; what is not named stays."""
        self.shown = replace(self.shown, **changes)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the whole canvas."""
        return QRectF(QPointF(), self._size)

    @property
    def frame(self) -> Frame:
        """The scales as they are drawn."""
        return Frame(self._size.width(), self._size.height(), *self.shown.span, self.shown.top)

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw from the ground up."""
        frame, shown = self.frame, self.shown
        font = tabular(QFont(self.scene().font()))
        font.setPointSizeF(max(font.pointSizeF() * 0.85, 7.0))
        painter.setFont(font)
        self._labels = []
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_scale(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if shown.is_cdf:
            self._paint_cdf(painter, frame)
        else:
            self._paint_density(painter, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_strip(painter, frame)
        self._paint_edges(painter, frame)
        self._paint_lines(painter, frame)
        self._paint_texts(painter, frame)

    # -- the two views ------------------------------------------------------------------------------------------------

    def _paint_density(self, painter: QPainter, frame: Frame) -> None:
        shown, curves = self.shown, self.shown.curves
        drawn = curves if curves is not None and curves.is_seen and frame.top > 0.0 else None
        painter.setPen(Qt.PenStyle.NoPen)
        if drawn is not None:
            painter.setBrush(self._soft)
            painter.drawPolygon(frame.filled(drawn.y, drawn.whole))
            if shown.questions.has_interval:
                self._paint_probability(painter, frame, drawn)
        self._paint_bars(painter, frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if drawn is not None:
            painter.setPen(self._whole)
            painter.drawPolyline(frame.polygon(drawn.y, drawn.whole))
            self._paint_components(painter, frame, drawn)
        for place, pin in enumerate(shown.pins):
            painter.setPen(self._pin_pens[place % len(_DASHES)])
            if frame.top > 0.0:
                painter.drawPolyline(frame.polygon(pin.curves.y, pin.curves.whole))

    def _paint_probability(self, painter: QPainter, frame: Frame, curves: Curves) -> None:
        """Fill the part of the area that is the probability of the interval."""
        low, high = (float(np.clip(end, *self.shown.span)) for end in _ends(self.shown.questions))
        if low >= high:
            return
        first, last = np.searchsorted(curves.y, (low, high))
        y = np.concatenate(([low], curves.y[first:last], [high]))
        painter.setBrush(self._strong)
        painter.drawPolygon(frame.filled(y, np.interp(y, curves.y, curves.whole)))

    def _paint_bars(self, painter: QPainter, frame: Frame) -> None:
        nearby = self.shown.nearby
        if nearby is None or frame.top <= 0.0:
            return
        edges, heights = nearby.bins
        if len(heights) == 0:
            return
        y = np.repeat(edges, 2)[1:-1]
        self._bars.setAlphaF(0.16 if self.shown.is_current else 0.07)
        painter.setBrush(self._bars)
        painter.drawPolygon(frame.filled(y, np.repeat(np.minimum(heights, frame.top), 2)))

    def _paint_components(self, painter: QPainter, frame: Frame, curves: Curves) -> None:
        inked = curves.parts > _LEAST_INK * frame.top
        across, up = (curves.y - frame.low) / frame.unit, frame.heights(curves.parts)
        firsts, lasts = inked.argmax(axis=0).tolist(), (len(inked) - inked[::-1].argmax(axis=0)).tolist()
        for k in np.flatnonzero(inked.any(axis=0)).tolist():
            part = slice(firsts[k], lasts[k])
            painter.setPen(self._lines[k % len(self._lines)])
            painter.drawPolyline(points_line(across[part], up[part, k]))

    def _paint_cdf(self, painter: QPainter, frame: Frame) -> None:
        shown = self.shown
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if shown.nearby is not None and shown.nearby.num_rows:
            self._bars.setAlphaF(0.45 if shown.is_current else 0.2)
            painter.setPen(QPen(self._bars, 1.0))
            nearby = shown.nearby
            y, reached = np.repeat(nearby.edges, 2)[1:], np.repeat(nearby.cumulative, 2)[:-1]
            turns = np.append(True, np.diff(reached) != 0) | np.append(np.diff(reached) != 0, True)
            painter.drawPolyline(frame.polygon(y[turns], reached[turns]))
        for place, pin in enumerate(shown.pins):
            painter.setPen(self._pin_pens[place % len(_DASHES)])
            painter.drawPolyline(frame.polygon(pin.curves.y, pin.curves.cumulative))
        if shown.curves is None:
            return
        painter.setPen(_pen(self._theme.accent, 1.6))
        painter.drawPolyline(frame.polygon(shown.curves.y, shown.curves.cumulative))
        if shown.questions.has_interval:
            low, high = self._reached(shown.questions.low), self._reached(shown.questions.high)
            bar = QRectF(0.0, frame.up(high), 4.0, frame.up(low) - frame.up(high))
            painter.fillRect(bar, self._strong)  # as long as the probability
            painter.setPen(self._quiet)
            for end, level in zip(_ends(shown.questions), (low, high), strict=True):
                if np.isfinite(end):
                    painter.drawLine(QPointF(0.0, frame.up(level)), QPointF(frame.across(end), frame.up(level)))

    def _reached(self, y: float) -> float:
        curves = self.shown.curves
        return float(curves.mixture.cdf(y)[0]) if curves is not None else 0.0

    # -- around them --------------------------------------------------------------------------------------------------

    def _paint_scale(self, painter: QPainter, frame: Frame) -> None:
        """Draw the base line, the line at full height; of the cdf the middle as well."""
        painter.setPen(self._quiet)
        levels = (0.0, 0.5, 1.0) if self.shown.is_cdf else (0.0, frame.top)
        for level in levels if frame.top > 0.0 else (0.0,):
            painter.drawLine(QPointF(0.0, frame.up(level)), QPointF(frame.width, frame.up(level)))

    def _paint_strip(self, painter: QPainter, frame: Frame) -> None:
        """Draw the highest-density region below the base line, the rows near x below it."""
        curves, nearby = self.shown.curves, self.shown.nearby
        if curves is not None and curves.is_seen:
            for low, high in curves.region(self.shown.questions.mass):
                left, right = frame.across(low), frame.across(high)
                painter.fillRect(
                    QRectF(left, frame.base + 2.0, max(right - left, 2.0), 2.5), QColor(self._theme.accent)
                )
        if nearby is not None:
            colour = QColor(self._theme.points)
            colour.setAlphaF(1.0 if self.shown.is_current else 0.4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRects(self._ticks_of(nearby, frame))

    def _ticks_of(self, nearby: Nearby, frame: Frame) -> list[QRectF]:
        """Return the ticks; they stay while only the density changes."""
        if self._ticks[0] is not nearby or self._ticks[1] != frame[:4]:
            middles, widths = nearby.ticks.mean(axis=1), np.maximum(np.ptp(nearby.ticks, axis=1) / frame.unit, 1.0)
            lefts = (middles - frame.low) / frame.unit - 0.5 * widths
            pairs = zip(lefts.tolist(), widths.tolist(), strict=True)
            self._ticks = nearby, frame[:4], [QRectF(left, frame.base + 6.0, width, 5.0) for left, width in pairs]
        return self._ticks[2]

    def _paint_edges(self, painter: QPainter, frame: Frame) -> None:
        """Draw the ends of the interval, each with a handle."""
        pen = QPen(QColor(self._theme.accent), 1.0)
        for end in _ends(self.shown.questions):
            if frame.low <= end <= frame.high:
                across = frame.across(end)
                painter.setPen(pen)
                painter.drawLine(QPointF(across, TOP), QPointF(across, frame.base))
                handle = QRectF(across - 2.5, 0.5 * (TOP + frame.base) - 6.0, 5.0, 12.0)
                painter.fillRect(handle, QColor(self._theme.accent))

    def _paint_lines(self, painter: QPainter, frame: Frame) -> None:
        """Draw the thin line under the mouse, the line where the cdf is read."""
        shown = self.shown
        if shown.hover is not None:
            painter.setPen(QPen(QColor(self._theme.muted), 1.0))
            painter.drawLine(QPointF(frame.across(shown.hover), TOP), QPointF(frame.across(shown.hover), frame.base))
        if shown.mark is None or not frame.low <= shown.mark <= frame.high:
            return
        painter.setPen(QPen(QColor(self._theme.cursor), 1.0))
        foot = QPointF(frame.across(shown.mark), frame.base)
        if shown.is_cdf:
            corner = QPointF(foot.x(), frame.up(self._reached(shown.mark)))
            painter.drawLine(QPointF(0.0, corner.y()), corner)
            painter.drawLine(corner, foot)
        else:
            painter.drawLine(QPointF(foot.x(), TOP), foot)

    # -- texts --------------------------------------------------------------------------------------------------------

    def _paint_texts(self, painter: QPainter, frame: Frame) -> None:
        shown, muted = self.shown, QColor(self._theme.muted)
        if shown.is_cdf:
            for level in (0.5, 1.0):
                self._write(painter, frame, 2.0, frame.up(level), fixed(level, 1), muted)
        elif frame.top > 0.0:
            self._write(painter, frame, 2.0, TOP, significant(frame.top, 3), muted)
        self._tell_beyond(painter, frame)
        for pin in shown.pins:
            self._name_pin(painter, frame, pin)
        if shown.probability_text:
            low, high = (frame.across(end) for end in _ends(shown.questions))
            low, high = max(low, 0.0), min(high, frame.width)
            width = QFontMetricsF(painter.font()).horizontalAdvance(shown.probability_text)
            if width + _GAP <= high - low:
                left = 0.5 * (low + high - width)
                self._write(painter, frame, left, TOP, shown.probability_text, QColor(self._theme.text))

    def _name_pin(self, painter: QPainter, frame: Frame, pin: PinCurves) -> None:
        """Write the name at the peak, of the cdf at the median; aside where another text stands."""
        curves = pin.curves
        if not curves.is_seen or frame.top <= 0.0:
            return
        values, place = curves.whole, int(curves.whole.argmax())
        if self.shown.is_cdf:
            values, place = curves.cumulative, min(int(np.searchsorted(curves.cumulative, 0.5)), len(curves.y) - 1)
        across, up = frame.across(float(curves.y[place])), frame.up(float(values[place]))
        metrics = QFontMetricsF(painter.font())
        name = metrics.elidedText(one_line(pin.name), Qt.TextElideMode.ElideRight, _LONGEST_NAME)
        left = across - 0.5 * metrics.horizontalAdvance(name)
        for shift in (0.0, 12.0, -12.0, 24.0, -24.0, 36.0):
            if self._write(painter, frame, left + shift, up, name, QColor(self._theme.text)):
                return

    def _tell_beyond(self, painter: QPainter, frame: Frame) -> None:
        """State how much of the density lies beyond an end of the axis."""
        shown, curves, muted = self.shown, self.shown.curves, QColor(self._theme.muted)
        if curves is None:
            return
        middle = 0.5 * (TOP + frame.base)
        if shown.outside_text:
            metrics = QFontMetricsF(painter.font())
            width, height = metrics.horizontalAdvance(shown.outside_text), metrics.height()
            left = 0.5 * (frame.width - width)
            painter.fillRect(QRectF(left - 6.0, middle - height - 4.0, width + 12.0, height + 7.0), self._ground)
            self._write(painter, frame, left, middle, shown.outside_text, QColor(self._theme.text))
            return
        below, above = (f"{fixed(100.0 * share, 0)} %" for share in (curves.below, curves.above))
        if curves.below >= _LEAST_BEYOND:
            self._write(painter, frame, 2.0, frame.base - 2.0, f"◂ {below}", muted)
        if curves.above >= _LEAST_BEYOND:
            self._write(painter, frame, frame.width, frame.base - 2.0, f"{above} ▸", muted)

    def _write(self, painter: QPainter, frame: Frame, left: float, bottom: float, text: str, colour: QColor) -> bool:
        """Write a text where no other one stands; return whether there was room."""
        metrics = QFontMetricsF(painter.font())
        width, height = metrics.horizontalAdvance(text), metrics.height()
        left = max(min(left, frame.width - width - 2.0), 2.0)
        place = QRectF(left, bottom - height - 0.5, width, height)
        if any(place.intersects(other) for other in self._labels):
            return False
        self._labels.append(place.adjusted(-_GAP, 0.0, _GAP, 0.0))
        painter.setPen(colour)
        painter.drawText(QPointF(left, place.top() + metrics.ascent()), text)
        return True


def _ends(questions: Questions) -> Span:
    return questions.low, questions.high


def _pen(colour: str | QColor, width: float) -> QPen:
    return QPen(QColor(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.BevelJoin)
