"""The plot of data, fit, cursor: moving over it sets x."""

from dataclasses import replace
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QRegion
from PySide6.QtWidgets import QWidget

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Readable, Reading, Section
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.dates import date_text
from mdn_gui.ui.fit.layers.drawn import drawn_table
from mdn_gui.ui.fit.layers.frame import Comparison, Frame, Look
from mdn_gui.ui.fit.layers.histograms import Histograms
from mdn_gui.ui.fit.layers.interval import IntervalLines
from mdn_gui.ui.fit.layers.layer import Depth
from mdn_gui.ui.fit.layers.marks import CursorMarks
from mdn_gui.ui.fit.layers.other_runs import OtherRuns
from mdn_gui.ui.fit.layers.pins import PinLines
from mdn_gui.ui.fit.layers.rows import Rows
from mdn_gui.ui.fit.layers.stack import LayerStack
from mdn_gui.ui.fit.row_picker import PickTool
from mdn_gui.ui.fit.ticks import InputTicks
from mdn_gui.ui.numbers import significant
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import LIGHT, Theme

_MARGIN = 0.09
_LONGEST = 24
"""Characters of a level that are written at the edge of the view."""


class FitPlot(Plot):
    """The layers of ``layers.table``, cursor line with a dot on each component mean, pins, picked rows."""

    cursor_moved = Signal(float)
    """The mouse or a key asks for this x, data units."""
    cursor_left = Signal()
    pin_requested = Signal(float)
    """x of a new pin (double-click)."""
    pin_moved = Signal(str, float)
    """A pin was dragged: its name, its new x."""
    interval_requested = Signal(float, float)
    """An end of the interval was dragged: low, high, data units of the target; infinite where there is no end."""
    neighbour_requested = Signal(int)
    """+1 or -1: the next or previous x in the data."""
    end_requested = Signal(int)
    """-1 or +1: the least or greatest x in the data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Fit plot: the arrow keys move the cursor"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._ticks = InputTicks(self.getAxis("bottom"), self.view)
        self._still: QPixmap | None = None
        self._dataset: Dataset | None = None
        self._axis: InputAxis | None = None
        self._reading: Reading | None = None
        self._cursor_x = 0.0
        self._epoch: int | None = None
        self._is_inside = self._is_making_still = self._is_idle = False
        self.stack = LayerStack(self.view, self)
        self.stack.framed.connect(self._follow_frame)
        self._make_parts()
        self.view.sigRangeChanged.connect(self.stack.schedule)
        self.view.sigResized.connect(self.stack.schedule)
        self.scene().changed.connect(self._forget_still)
        self.scene().sigMouseMoved.connect(self._follow_mouse)
        self.scene().sigMouseClicked.connect(self._take_click)
        self.show_theme(LIGHT)

    def _make_parts(self) -> None:
        """Take the layers that are more than drawn; put what is no layer above them."""
        rows, histograms, others = (self.stack.layers[name] for name in ("points", "histograms", "runs"))
        assert isinstance(rows, Rows)
        assert isinstance(histograms, Histograms)
        assert isinstance(others, OtherRuns)
        self._rows, self._histograms = rows, histograms
        self._crowd, self.picker = rows.crowd, rows.picker
        self._crowd.ordered.connect(self._show_histograms)
        interval = self.stack.layers["interval"]
        assert isinstance(interval, IntervalLines)
        self._interval = interval
        interval.moved.connect(self.interval_requested)
        item = self.getPlotItem()
        item.layout.setRowMaximumHeight(0, self.maximumHeight())
        item.layout.setRowStretchFactor(0, 0)
        unused = (item.titleLabel, item.getAxis("top"), item.getAxis("right"))
        for widget, old, place in zip((others.names, *histograms.sides), unused, ((0, 1), (1, 1), (2, 2)), strict=True):
            item.layout.removeItem(old)  # never shown; a place takes one item
            item.layout.addItem(widget, *place)
        self.pins, self.marks = PinLines(self.view), CursorMarks()
        self.pins.moved.connect(self.pin_moved)
        self.pins.setZValue(int(Depth.MARK) + 1)
        self.addItem(self.pins, ignoreBounds=True)
        self._preview_name = pg.TextItem(anchor=(1.0, 0.0))
        self._preview_name.setParentItem(self.view)
        self._preview_name.setZValue(20)
        self.picker.area.setZValue(21)
        self._preview_name.setVisible(False)
        self.view.sigResized.connect(self._place_preview_name)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset, axis: InputAxis) -> None:
        """Draw the rows, with the view around them."""
        self._dataset, self._axis = dataset, axis
        self._rows.forget_view()  # that of the data before is of no use; the next one comes soon
        self._rows.show_rows(*self._points_xy())
        is_date = axis.encoding is not None and axis.encoding.kind.is_date
        self.set_axis_label("bottom", axis.encoding.column if is_date and axis.encoding is not None else axis.name)
        self._ticks.show_axis(axis)
        self.set_axis_label("left", dataset.target_name)
        self.view_all()
        self._show_subject(dataset=dataset, axis=axis)

    def _points_xy(self) -> tuple[FloatArray, FloatArray]:
        """Return what is drawn of the rows: the values [N] of the input on the x axis, the targets [N]."""
        if self._dataset is None or self._axis is None:
            return np.zeros(0), np.zeros(0)
        return np.ascontiguousarray(self._dataset.column(self._axis.place)), self._dataset.y

    @Slot()
    def _show_histograms(self) -> None:
        self._histograms.show_rows(self._crowd.cloud)

    def _show_subject(self, **changes: Any) -> None:
        subject = self.stack.subject
        if any(getattr(subject, name) != value for name, value in changes.items()):
            self.stack.show(replace(subject, **changes))

    def show_model(
        self, model: Readable | None, *, live: bool = False, preview: bool = False, epoch: int | None = None
    ) -> None:
        """Draw the curves of a model, or none.

        Those of a ``live`` snapshot stay a little coarser; a ``preview``, a past ``epoch`` are named, in pictures too.
        """
        self._epoch = epoch
        changes_kind = preview is not self.stack.subject.is_preview
        self._name_what_is_shown(preview=preview, epoch=epoch)
        self._show_subject(model=model, is_live=live, is_preview=preview)
        if changes_kind:  # the curves of a preview must not stand without its name for a moment
            self.stack.draw_coarsely_now()

    def show_reading(self, reading: Reading | None) -> None:
        """Put the cursor line at the reading's x, a dot on each component mean."""
        self._reading = reading
        before = self._strip()
        self.marks.setVisible(reading is not None)
        if reading is not None:
            self._cursor_x = reading.x
            self.marks.show_at(
                reading.x, reading.mixture, with_faint=not reading.is_preview, text=self._x_text(reading.x)
            )
        self.viewport().update(QRegion(before).united(QRegion(self._strip())))
        is_outside = bool(reading and reading.held_outside)
        if is_outside is not self.stack.subject.is_held_outside:
            self._show_subject(is_held_outside=is_outside)

    def _x_text(self, x: float) -> str:
        """Return where the cursor is, as the axis tells it."""
        axis = self._axis
        if axis is not None and axis.levels:
            return one_line(axis.levels[int(axis.snapped(x))])[:_LONGEST]
        return date_text(x, axis.encoding if axis is not None else None) or significant(x)

    def show_pins(self, pins: tuple[Pin, ...], line: Line) -> None:
        """Draw a line with its name for each pin; those that are not on ``line`` are faint, and stay where they are."""
        self.pins.show_pins(pins, line)

    def show_questions(self, questions: Questions) -> None:
        """Draw other quantiles, another region, another interval."""
        self._show_subject(questions=questions)

    def show_comparison(self, section: Section | None, name: str = "") -> None:
        """Offer the difference to another run, called ``name``; or none."""
        self._show_subject(comparison=Comparison(section, name) if section is not None else None)

    def show_others(self, others: tuple[Comparison, ...]) -> None:
        """Offer to lay other runs over the one shown; or none."""
        self._show_subject(others=others)

    def show_members(self, sections: tuple[Section, ...]) -> None:
        """Offer the spread of other restarts of the same fit; or of none."""
        self._show_subject(members=sections)

    def show_look(self, look: Look) -> None:
        """Draw the density in another scale, in other colours."""
        self._show_subject(look=look)

    def show_layer(self, name: str, *, visible: bool) -> None:
        """Switch a layer of ``mdn_gui.ui.fit.layers.table``."""
        self.stack.switch(name, on=visible)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self.stack.show_theme(theme, self.fineness)
        self.pins.set_fineness(self.fineness)
        self.pins.show_theme(theme)
        self.marks.show_theme(theme, self.pen(theme.cursor, 1.0), self.pen(theme.base, 1.2))
        self._preview_name.fill = pg.mkBrush(QColor(theme.base))
        self._preview_name.setText(self._preview_name.toPlainText(), QColor(theme.text))
        self.show_reading(self._reading)

    def _name_what_is_shown(self, *, preview: bool, epoch: int | None) -> None:
        """Say so where it is not the newest network."""
        text = self.tr("Preview: joint Gaussian mixture, not the network") if preview else ""
        if epoch is not None:
            text = self.tr("Epoch {epoch} of the run, not the fit").format(epoch=epoch)
        self._preview_name.setVisible(bool(text))
        if text != self._preview_name.toPlainText():
            self._preview_name.setText(text, QColor(self._theme.text))
            self._place_preview_name()

    @Slot()
    def _place_preview_name(self, *_: Any) -> None:
        """Put the name into the upper right corner, on several lines where the view is narrow."""
        name, room = self._preview_name, self.view.width() - 16.0
        name.setTextWidth(-1.0)
        if name.boundingRect().width() > room > 0.0:
            name.setTextWidth(room)
        name.setPos(self.view.width() - 8.0, 6.0)

    @Slot(object)
    def _follow_frame(self, frame: Frame) -> None:
        self.pins.set_view(frame.view)
        self.marks.set_view(frame.view, float(self.view.viewPixelSize()[0]))
        self.viewport().update(self._strip())

    def shut_down(self) -> None:
        """Wait for the threads that draw."""
        self.stack.shut_down()

    def view_all(self) -> None:
        """Set the view around the data, with room outside to see the hatching."""
        if self._dataset is None or self._axis is None:
            return
        axis, y_range = self._axis, self._dataset.target_range
        x_range = (-0.5, len(axis.levels) - 0.5) if axis.levels else _padded(axis.low, axis.high)
        self.view.setRange(xRange=x_range, yRange=_padded(*y_range), padding=0.0)

    # -- what is drawn ------------------------------------------------------------------------------------------------

    @property
    def is_drawing(self) -> bool:
        """Whether something is still to be drawn."""
        return self.stack.is_drawing

    def draw_now(self) -> None:
        """Evaluate the model over the visible range; draw every layer that is switched on, at once."""
        self.stack.draw_now()

    def drawn_table(self) -> DataTable | None:
        """Return what the layers that are on draw of the model, over the visible x; None without a model."""
        if self._axis is None:
            return None
        return drawn_table(self.stack.fine_frame(), self._axis, self.stack.on_layers(), self._epoch)

    # -- painting: a move of the cursor changes two strips -------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a picture of everything but the cursor, made anew when anything else has changed, then the cursor."""
        if self._fineness is not None:  # for a picture finer than the screen
            super().paintEvent(event)
            return
        ratio = float(self.devicePixelRatioF())
        if self._still is None or self._still.size() != self.viewport().size() * ratio:
            self._still = self._made_still(ratio)
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._still)  # what has not changed is clipped
        self._draw_cursor(painter)
        painter.end()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """Draw the cursor over the scene."""
        super().drawForeground(painter, rect)
        if not self._is_making_still:
            self._draw_cursor(painter)

    def _made_still(self, ratio: float) -> QPixmap:
        still = QPixmap(self.viewport().size() * ratio)
        still.setDevicePixelRatio(ratio)
        painter = QPainter(still)
        self._is_making_still = True
        area = self.viewport().rect()
        self.render(painter, QRectF(area), area)
        self._is_making_still = False
        painter.end()
        return still

    def _draw_cursor(self, painter: QPainter) -> None:
        if self.marks.isVisible():
            painter.save()
            painter.setClipRect(self.view.sceneBoundingRect(), Qt.ClipOperation.IntersectClip)
            painter.setTransform(self.view.childGroup.sceneTransform(), combine=True)
            painter.translate(self.marks.pos())
            self.marks.paint(painter)
            painter.restore()

    def _strip(self) -> QRect:
        """Return the part of the viewport that the cursor covers, logical pixels."""
        if not self.marks.isVisible():
            return QRect()
        strip = self.view.childGroup.mapRectToScene(self.marks.mapRectToParent(self.marks.boundingRect()))
        return strip.intersected(self.view.sceneBoundingRect()).toAlignedRect().adjusted(-1, -1, 1, 1)

    @Slot(object)
    def _forget_still(self, regions: list[QRectF]) -> None:
        if regions:  # Qt also tells of nothing
            self._still = None

    # -- mouse, keys --------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the cursor; the scene, which asks every item, need not know while none can be taken hold of."""
        was_idle, self._is_idle = self._is_idle, not (event.buttons().value or self._can_take_hold)
        if was_idle and self._is_idle:
            self._follow_mouse(self.mapToScene(event.position().toPoint()))
        else:
            super().mouseMoveEvent(event)

    @property
    def _can_take_hold(self) -> bool:
        """Whether there is something under the mouse that could be dragged, or pointed out."""
        is_tool = self.picker.tool is not PickTool.CURSOR
        return is_tool or bool(self.pins.lines) or any(line.isVisible() for line in self._interval.lines)

    @Slot(object)
    def _follow_mouse(self, position: QPointF) -> None:
        if self._axis is None or self.picker.tool is not PickTool.CURSOR:
            return
        if self.view.sceneBoundingRect().contains(position):
            self._is_inside = True
            self.cursor_moved.emit(float(self.view.mapSceneToView(position).x()))
        else:
            self._leave()

    def _leave(self) -> None:
        if self._is_inside:
            self._is_inside = False
            self.cursor_left.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse has left."""
        super().leaveEvent(event)
        self._leave()

    @Slot(object)
    def _take_click(self, event: Any) -> None:
        is_free = self._axis is not None and self.picker.tool is PickTool.CURSOR
        if is_free and event.double() and event.button() == Qt.MouseButton.LeftButton:
            self.pin_requested.emit(float(self.view.mapSceneToView(event.scenePos()).x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor: arrows one pixel, Shift ten, Ctrl to the next row's x, Home and End, Escape."""
        if not self._take_key(Qt.Key(event.key()), event.modifiers()):
            event.ignore()

    @Slot(int)
    def step_cursor(self, pixels: int) -> None:
        """Ask for the x this many pixels to the right of the cursor, to the left where negative."""
        if self._axis is not None:
            pixel = float(self.view.viewPixelSize()[0])
            step = max(min(pixels, 1), -1) if self._axis.levels else pixels * pixel  # from level to level
            self.cursor_moved.emit(self._cursor_x + step)

    def _take_key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key, 0)
        end = {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}.get(key, 0)
        if self._axis is None:
            return False
        if direction and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.neighbour_requested.emit(direction)
        elif direction:
            pixels = 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
            self.step_cursor(direction * pixels)
        elif end:
            self.end_requested.emit(end)
        elif key == Qt.Key.Key_Escape and self.picker.tool is not PickTool.CURSOR:
            self.picker.set_tool(PickTool.CURSOR)
        elif key == Qt.Key.Key_Escape:
            self._is_inside = False
            self.cursor_left.emit()
        else:
            return False
        return True


def _padded(low: float, high: float) -> tuple[float, float]:
    margin = _MARGIN * (high - low) or 1.0
    return float(low - margin), float(high + margin)
