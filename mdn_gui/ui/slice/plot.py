"""The slice: p(y given x) at the cursor, with everything that is asked of it."""

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Reading
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.numbers import decimals_for, fixed, is_probability, precise, probability, rounded, significant
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.slice.canvas import PinCurves, SliceCanvas
from mdn_gui.ui.slice.curves import Curves, Nearby, Span
from mdn_gui.ui.slice.table import slice_table
from mdn_gui.ui.theme import Theme

_MOST_PINS = 6
_NEAR = 5.0
"""Logical pixels from which the mouse takes hold of an edge."""
_STILL = 4.0
"""Logical pixels that the mouse may move in a click."""
_MORE_DIGITS = 4
"""Digits that a quantile may need beyond those that a pixel can tell."""
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class DensityPlot(Plot):
    """Density or cdf over the target's range, on one scale for the cursor, the pins, the rows near x.

    A click reads the cdf, a drag asks for the probability of an interval; left, right move the place that is read.
    """

    questions_changed = Signal(object)
    """Questions: the interval was drawn, or one of its edges dragged."""
    told = Signal(str, object)
    """What is read under the mouse, or where was clicked, "" for nothing; in the second case the level, else None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Density of the target at x"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view.setMouseEnabled(x=False, y=False)
        self.getPlotItem().hideAxis("left")
        self._reading: Reading | None = None
        self._place: object = None
        self._outlines: tuple[tuple[str, Reading], ...] = ()
        self._probability: float | None = None
        self._target_name = ""
        self._pressed: QPointF | None = None
        self._held_end: float | None = None
        """While an interval is dragged: its end that stays."""
        self._canvas = SliceCanvas(self.view)
        self.view.sigResized.connect(self._take_size)
        self.view.setRange(yRange=(0.0, 1.0), padding=0.0)
        self.viewport().setMouseTracking(True)
        self.show_theme(self._theme)

    def sizeHint(self) -> QSize:
        """Return a size that fits the side panel."""
        return QSize(260, 150)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(160, 112)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the target's range as the axis."""
        low, high = dataset.target_range
        margin = 0.12 * (high - low) or max(1.0, 1e-3 * abs(low))
        self._target_name = dataset.target_name
        self._canvas.show(span=(low - margin, high + margin), nearby=None, mark=None, hover=None)
        self.view.setRange(xRange=self.span, padding=0.0)
        self._show_outlines(self._outlines)
        self.show_reading(self._reading)

    def show_reading(self, reading: Reading | None) -> None:
        """Draw the density at x, or nothing."""
        place = (reading.x, reading.line) if reading is not None else None
        moved, self._place, self._reading = place != self._place, place, reading
        curves = Curves.of(reading.mixture, self.span) if reading is not None else None
        is_current = self._canvas.shown.is_current and not moved
        self._canvas.show(curves=curves, is_current=is_current, outside_text=self._outside_text(curves))
        self._tell_all()

    def show_pins(self, pins: tuple[Pin, ...]) -> None:
        """Draw the density of each pin as an outline with its name: of the first six."""
        self._show_outlines(tuple((pin.name, pin.reading) for pin in pins if pin.reading is not None)[:_MOST_PINS])

    def _show_outlines(self, outlines: tuple[tuple[str, Reading], ...]) -> None:
        self._outlines = outlines
        self._canvas.show(pins=tuple(PinCurves(name, Curves.of(each.mixture, self.span)) for name, each in outlines))

    def show_nearby(self, targets: FloatArray | None) -> None:
        """Draw the targets [R] of the rows near x, data units, as ticks, as a histogram; None takes them away."""
        nearby = Nearby.of(targets, self.span) if targets is not None else None
        self._canvas.show(nearby=nearby, is_current=True)

    def show_questions(self, questions: Questions) -> None:
        """Take the interval, the mass of the highest-density region."""
        self._canvas.show(questions=questions)
        self._tell_all()

    def show_cdf(self, *, is_cdf: bool) -> None:
        """Draw the cdf, or the density again."""
        self._canvas.show(is_cdf=is_cdf)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._canvas.show_theme(theme)

    @Slot()
    def _take_size(self) -> None:
        self._canvas.set_size(self.view.size())

    # -- what is read -------------------------------------------------------------------------------------------------

    @property
    def span(self) -> Span:
        """Ends of the target's axis, data units."""
        return self._canvas.shown.span

    @property
    def questions(self) -> Questions:
        """What is asked now, a drag under way included."""
        return self._canvas.shown.questions

    @property
    def probability(self) -> float | None:
        """P(low < y <= high) of the interval that is asked for; None without one or without a reading."""
        return self._probability

    @property
    def peak_text(self) -> str:
        """The scale in words."""
        top = self._canvas.shown.top
        if top <= 0.0 or self._canvas.shown.is_cdf:
            return ""
        return self.tr("full height is the density {top} per unit of the target").format(top=significant(top, 3))

    @property
    def level(self) -> float | None:
        """The probability that was read by a click, to four decimals: what a quantile can be asked for at."""
        if self._reading is None or self._canvas.shown.mark is None:
            return None
        level = round(float(self._reading.mixture.cdf(self._canvas.shown.mark)[0]), 4)
        return level if 0.0 < level < 1.0 else None

    @property
    def pixel(self) -> float:
        """Data units of the target in a logical pixel."""
        return self._canvas.frame.unit

    def rounded(self, y: float, more: int = 0) -> float:
        """Return a value of the target with no more digits than a pixel can tell, or so many more."""
        return rounded(y, self.pixel, more)

    def _quantile(self, mixture: ConditionalDensity, level: float) -> float:
        """Return the quantile with as few digits as the level needs that is read there."""
        y = float(mixture.quantile(level)[0])
        shorter = (self.rounded(y, more) for more in range(_MORE_DIGITS))
        return next((each for each in shorter if round(float(mixture.cdf(each)[0]), 4) == level), y)

    def text_of(self, y: float) -> str:
        """Return a value of the target with the digits that a pixel needs."""
        return fixed(y, max(decimals_for(100.0 * self.pixel) - 1, 0))

    def highest_mode(self) -> float | None:
        """Return where the density is largest, data units; None without a reading."""
        if self._reading is None:
            return None
        modes = self._reading.mixture.modes()[0]
        return float(modes[self._reading.mixture.pdf(modes[None])[0].argmax()])

    def drawn_table(self) -> DataTable | None:
        """Return density, cdf, component densities at the points drawn; None while nothing is."""
        curves = self._canvas.shown.curves
        if self._reading is None or curves is None:
            return None
        return slice_table(self._reading, curves, self._target_name)

    # -- what is told -------------------------------------------------------------------------------------------------

    def _tell_all(self) -> None:
        asked, reading = self.questions, self._reading
        self._probability = None
        if reading is not None and asked.has_interval:
            self._probability = float(reading.mixture.interval_probability(asked.low, asked.high)[0])
        text = f"P {is_probability(self._probability)}" if self._probability is not None else ""
        if text != self._canvas.shown.probability_text:
            self._canvas.show(probability_text=text)
        self._tell()

    def _tell(self) -> None:
        """State what is under the mouse; there, or with the mouse elsewhere, what was read by a click."""
        hover, mark, reading = self._canvas.shown.hover, self._canvas.shown.mark, self._reading
        if reading is None or (hover is None and mark is None):
            self.told.emit("", None)
        elif mark is not None and (hover is None or abs(hover - mark) <= _STILL * self.pixel):
            text = self.tr("P(y ≤ {y}) {stated}")
            y = self.text_of(mark) if mark == self.rounded(mark) else precise(mark)
            self.told.emit(text.format(y=y, stated=is_probability(float(reading.mixture.cdf(mark)[0]))), self.level)
        elif hover is not None:
            density, reached = float(reading.mixture.pdf(hover)[0]), float(reading.mixture.cdf(hover)[0])
            text = self.tr("y {y}   p {density}   P(≤ y) {reached}")
            text = text.format(y=self.text_of(hover), density=significant(density, 3), reached=probability(reached))
            self.told.emit(text, None)

    def describe(self, text: str) -> None:
        """Take a text for those who do not see the plot."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def _outside_text(self, curves: Curves | None) -> str:
        if curves is None or curves.is_seen:
            return ""
        if curves.below > curves.above:
            return self.tr("◂ the density lies below the shown range")
        return self.tr("the density lies above the shown range ▸")

    # -- the mouse ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an edge, or begin what becomes a click or a drag."""
        if event.button() is not Qt.MouseButton.LeftButton or self._reading is None:
            return
        self._pressed = self._canvas_point(event)
        questions, frame = self.questions, self._canvas.frame
        for end, other in ((questions.low, questions.high), (questions.high, questions.low)):
            if math.isfinite(end) and abs(frame.across(end) - self._pressed.x()) <= _NEAR:
                self._held_end = other
                self._before = questions
                return

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the density under the mouse, or drag an interval."""
        point = self._canvas_point(event)
        if self._pressed is None:
            self._show_hover(self._y_at(point))
            self._show_grip(point)
            return
        if self._held_end is None and abs(point.x() - self._pressed.x()) > _STILL:
            self._before = self.questions
            self._held_end = self.rounded(self._y_at(self._pressed))
        if self._held_end is not None:
            self._drag_to(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the interval that was dragged; read the cdf where was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        dragged, self._held_end = self._held_end is not None, None
        point, self._pressed = self._pressed, None
        if not dragged:
            self._read_at(point)
        elif self.questions != self._before:
            self.questions_changed.emit(self.questions)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Do nothing more than the first click did."""
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget where the mouse was."""
        self._show_hover(None)
        super().leaveEvent(event)

    def _drag_to(self, point: QPointF) -> None:
        end, other = self.rounded(self._y_at(point)), self._held_end
        if other is not None and end != other:
            self._show_hover(None)
            self.show_questions(replace(self.questions, low=min(end, other), high=max(end, other)))

    def _show_hover(self, y: float | None) -> None:
        hover = y if self._reading is not None else None
        if hover != self._canvas.shown.hover:
            self._canvas.show(hover=hover)
            self._tell()

    def _show_grip(self, point: QPointF) -> None:
        """Show by the pointer that an edge can be dragged."""
        ends, frame = (self.questions.low, self.questions.high), self._canvas.frame
        near = any(math.isfinite(end) and abs(frame.across(end) - point.x()) <= _NEAR for end in ends)
        shape = Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.CrossCursor
        if self.viewport().cursor().shape() is not shape:
            self.viewport().setCursor(shape)

    def _read_at(self, point: QPointF) -> None:
        """Read the cdf at a value; in the cdf view, at a height, the quantile of that probability."""
        frame, y = self._canvas.frame, self._y_at(point)
        if self._canvas.shown.is_cdf and self._reading is not None:
            level = round((frame.base - point.y()) / (frame.base - frame.up(1.0)), 2)
            if 0.0 < level < 1.0:
                self._show_mark(self._quantile(self._reading.mixture, level))
                return
        self._show_mark(self.rounded(y))

    def _canvas_point(self, event: QMouseEvent) -> QPointF:
        return QPointF(self._canvas.mapFromScene(self.mapToScene(event.position().toPoint())))

    def _y_at(self, point: QPointF) -> float:
        frame = self._canvas.frame
        return min(max(frame.low + point.x() * frame.unit, frame.low), frame.high)

    # -- the keyboard -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the place that is read with left, right; give it up, or a drag, with Escape."""
        key = Qt.Key(event.key())
        if key in _STEPS and self._reading is not None:
            pixels = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            mark = self._canvas.shown.mark
            low, high = self.span
            if mark is None:
                self._show_mark(self._quantile(self._reading.mixture, 0.5))
            else:
                self._show_mark(self.rounded(min(max(mark + _STEPS[key] * pixels * self.pixel, low), high)))
        elif key == Qt.Key.Key_Escape and self._held_end is not None:
            self._pressed = self._held_end = None
            self.show_questions(self._before)
        elif key == Qt.Key.Key_Escape and self._canvas.shown.mark is not None:
            self._show_mark(None)
        else:
            event.ignore()  # the window's own keys

    def _show_mark(self, y: float | None) -> None:
        self._canvas.show(mark=y)
        self._tell()
