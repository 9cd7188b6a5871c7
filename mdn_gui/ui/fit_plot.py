"""The plot of data, fit, cursor: moving over it sets x."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.reading import InputAxis, Readable, Reading
from mdn_gui.ui.crowd import Crowd
from mdn_gui.ui.fit_layers import ComponentBands, ComponentMeans, CursorMarks, DensityGround, OutsideData
from mdn_gui.ui.marginals import Marginal
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.row_picker import PickTool, RowPicker
from mdn_gui.ui.theme import LIGHT, Theme

if TYPE_CHECKING:
    from mdn_gui.core.transformed_mixture import ConditionalDensity

_CURVE_POINTS, _LIVE_CURVE_POINTS = 300, 120
_GROUND_SHAPE, _LIVE_GROUND_SHAPE = (240, 160), (120, 80)
"""Finer for a finished fit; coarser for the snapshots of a run, so that mouse moves need not wait for them."""
_TURN_MS = 10
_NOTHING: "tuple[FloatArray, ConditionalDensity | None]" = (np.zeros(2), None)
_MARGIN = 0.09


class FitPlot(Plot):
    """Data, component means, bands, density, cursor line with a dot on each component mean, pin, picked rows.

    Layers are switched by name: points, histograms, density, means, bands, average.
    """

    cursor_moved = Signal(float)
    """The mouse or a key asks for this x, data units."""
    cursor_left = Signal()
    pin_requested = Signal(object)
    """x of a new pin (double-click), or where the pin was dragged to."""
    neighbour_requested = Signal(int)
    """+1 or -1: the next or previous x in the data."""
    end_requested = Signal(int)
    """-1 or +1: the least or greatest x in the data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Fit plot: the arrow keys move the cursor"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Two strips change when the cursor moves; painting what lies between costs less than painting twice.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self._dataset: Dataset | None = None
        self._axis: InputAxis | None = None
        self._model: Readable | None = None
        self._reading: Reading | None = None
        self._is_live = self._is_preview = False
        self._curves: tuple[FloatArray, ConditionalDensity] | None = None
        self._cursor_x = 0.0
        self._is_inside = False
        self._hidden: set[str] = {"average", "histograms"}
        self._make_layers()
        self._redraw = QTimer(self)
        self._redraw.setInterval(_TURN_MS)
        self._redraw.timeout.connect(self._draw_next)
        self._stages: Iterator[Callable[[], None]] = iter(())
        self.view.sigRangeChanged.connect(self._schedule)
        self.scene().sigMouseMoved.connect(self._follow_mouse)
        self.scene().sigMouseClicked.connect(self._take_click)
        self.show_theme(LIGHT)

    def _make_layers(self) -> None:
        self._outside = OutsideData()
        self._ground = DensityGround()
        self._crowd = Crowd(self)
        self._points = self._crowd.points
        self.picker = RowPicker(self.view, self._crowd, self)
        self._bands = ComponentBands()
        self._means = ComponentMeans()
        self._average = pg.PlotCurveItem(antialias=True)
        self._average.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.marks = CursorMarks()
        self._pin_line = pg.InfiniteLine(angle=90, movable=True, label="A", labelOpts={"position": 0.96})
        self._pin_line.sigPositionChanged.connect(self._drag_pin)
        layers = (
            self._outside,
            self._ground,
            self._bands,
            self._crowd.image,
            self.picker.shown.image,
            self._points,
            self.picker.shown.points,
            self._average,
            self._means,
            self._pin_line,
            self.marks,
        )
        for height, layer in enumerate(layers):
            layer.setZValue(height)
            self.addItem(layer, ignoreBounds=True)
        for layer in (self._pin_line, self._average):
            layer.setVisible(False)
        self._histograms = (Marginal(self.view, is_upright=False), Marginal(self.view, is_upright=True))
        item = self.getPlotItem()
        for histogram, side, place in zip(self._histograms, ("top", "right"), ((1, 1), (2, 2)), strict=True):
            item.layout.removeItem(item.getAxis(side))  # never shown; a place takes one item
            item.layout.addItem(histogram, *place)
        self._crowd.ordered.connect(self._show_histograms)
        self._preview_name = pg.TextItem(anchor=(1.0, 0.0))
        self._preview_name.setParentItem(self.view)
        self._preview_name.setZValue(len(layers))
        self.picker.area.setZValue(len(layers) + 1)
        self._preview_name.setVisible(False)
        self.view.sigResized.connect(self._place_preview_name)

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_dataset(self, dataset: Dataset, axis: InputAxis) -> None:
        """Draw the rows, with the view around them."""
        self._dataset, self._axis = dataset, axis
        x, y = self._points_xy()
        self._crowd.set_view(QRectF(), QSize())  # that of the data before is of no use; the next one comes soon
        self._crowd.show_rows(x, y)
        self.picker.show_places(x, y)
        self.set_axis_label("bottom", axis.name)
        self.getAxis("bottom").setTicks([list(enumerate(axis.levels))] if axis.levels else None)
        self.set_axis_label("left", dataset.target_name)
        self.view_all()
        self._schedule()

    def _points_xy(self) -> tuple[FloatArray, FloatArray]:
        """Return what is drawn of the rows: the values [N] of the input on the x axis, the targets [N]."""
        if self._dataset is None or self._axis is None:
            return np.zeros(0), np.zeros(0)
        return np.ascontiguousarray(self._dataset.column(self._axis.place)), self._dataset.y

    @Slot()
    def _show_histograms(self) -> None:
        along_x, along_y = self._histograms
        along_x.show_values(self._crowd.cloud.x)
        along_y.show_values(self._crowd.cloud.heights)

    def show_model(self, model: Readable | None, *, live: bool = False, preview: bool = False) -> None:
        """Draw the curves of a model, or none.

        Those of a ``live`` snapshot are a little coarser; a ``preview`` is named, in pictures too.
        """
        self._model, self._is_live = model, live
        changes_kind, self._is_preview = preview is not self._is_preview, preview
        self._preview_name.setVisible(preview)
        if changes_kind:  # the curves of a preview must not stand without its name for a moment
            self.draw_now()
        else:
            self._schedule()

    def show_reading(self, reading: Reading | None) -> None:
        """Put the cursor line at the reading's x, a dot on each component mean."""
        self._reading = reading
        self.marks.setVisible(reading is not None)
        if reading is not None:
            self._cursor_x = reading.x
            self.marks.show_at(reading.x, reading.mixture, with_faint=not reading.is_preview)

    def show_pin(self, pin: Reading | None) -> None:
        """Put the pin line at the pin, or hide it."""
        self._pin_line.setVisible(pin is not None)
        if pin is not None and self._pin_line.value() != pin.x:
            with QSignalBlocker(self._pin_line):
                self._pin_line.setValue(pin.x)

    def show_layer(self, name: str, *, visible: bool) -> None:
        """Switch a layer: points, histograms, density, means, bands, average."""
        self._hidden.discard(name) if visible else self._hidden.add(name)
        for item in {"means": (self._means,), "bands": (self._bands,)}.get(name, ()):
            item.setVisible(visible)
        if name == "points":
            self._crowd.set_visible(visible=visible)
        for histogram in self._histograms if name == "histograms" else ():
            histogram.set_visible(visible=visible)
        self._schedule()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._average.setPen(self.pen(theme.text, 1.6))
        self.marks.show_theme(theme, self.pen(theme.cursor, 1.0), self.pen(theme.base, 1.2))
        self._pin_line.setPen(self.pen(theme.muted, 1.0, Qt.PenStyle.DashLine))
        self._pin_line.setHoverPen(self.pen(theme.accent, 2.0))
        self._pin_line.label.setColor(QColor(theme.text))
        self._preview_name.fill = pg.mkBrush(QColor(theme.base))
        self._preview_name.setText(self.tr("Preview: joint Gaussian mixture, not the network"), QColor(theme.text))
        self._means.set_fineness(self.fineness)
        layers = (self._outside, self._ground, self._bands, self._means, self._crowd, self.picker, *self._histograms)
        for layer in layers:
            layer.show_theme(theme)
        self.show_reading(self._reading)

    @Slot()
    def _place_preview_name(self, *_: Any) -> None:
        self._preview_name.setPos(self.view.width() - 8.0, 6.0)

    def shut_down(self) -> None:
        """Wait for the threads that draw many rows."""
        self._crowd.shut_down()
        self.picker.shown.shut_down()

    def view_all(self) -> None:
        """Set the view around the data, with room outside to see the hatching."""
        if self._dataset is None or self._axis is None:
            return
        x_range, y_range = (self._axis.low, self._axis.high), self._dataset.target_range
        self.view.setRange(xRange=_padded(*x_range), yRange=_padded(*y_range), padding=0.0)

    # -- drawing ------------------------------------------------------------------------------------------------------

    @Slot()
    def _schedule(self, *_: Any) -> None:
        """Begin to draw anew: layer by layer, each in a turn of the event loop, so that the mouse never waits long."""
        self._stages = iter((self._draw_frame, self._draw_means, self._draw_bands, self._draw_ground))
        if not self._redraw.isActive():
            self._redraw.start()

    @Slot()
    def _draw_next(self) -> None:
        draw = next(self._stages, None)
        if draw is None:
            self._redraw.stop()
        else:
            draw()

    def draw_now(self) -> None:
        """Evaluate the model over the visible range; draw every layer that is switched on, at once."""
        self._schedule()
        while self._redraw.isActive():
            self._draw_next()

    def _draw_frame(self) -> None:
        view = self.view.viewRect()
        self._outside.set_view(view)
        pixels = self.view.size().toSize()
        self._crowd.set_view(view, pixels)
        self.picker.shown.set_view(view, pixels)
        self.marks.set_view(view, float(self.view.viewPixelSize()[0]))
        if self._axis is not None:
            self._outside.show_range(self._axis.low, self._axis.high)
        self._average.setVisible(self._model is not None and "average" not in self._hidden)
        self._ground.setVisible(self._model is not None and "density" not in self._hidden)
        self._curves = None
        if self._model is not None:
            x = np.linspace(view.left(), view.right(), _LIVE_CURVE_POINTS if self._is_live else _CURVE_POINTS)
            self._curves = (x, self._model.conditional(x[:, None]))

    def _draw_means(self) -> None:
        self._means.set_view(self.view.viewRect())
        self._means.show_mixture(*(self._curves or _NOTHING), with_faint=not self._is_preview)
        if self._curves is not None and self._average.isVisible():
            self._average.setData(self._curves[0], self._curves[1].mean())

    def _draw_bands(self) -> None:
        self._bands.set_view(self.view.viewRect())
        self._bands.show_mixture(*(self._curves or _NOTHING))

    def _draw_ground(self) -> None:
        if self._model is None or not self._ground.isVisible():
            return
        view = self.view.viewRect()
        columns, rows = _LIVE_GROUND_SHAPE if self._is_live else _GROUND_SHAPE
        x = view.left() + (np.arange(columns) + 0.5) / columns * view.width()
        y = view.top() + (np.arange(rows) + 0.5) / rows * view.height()
        self._ground.show_density(self._model.conditional(x[:, None]).pdf(y[None, :]), view)

    # -- mouse, keys --------------------------------------------------------------------------------------------------

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

    @Slot(object)
    def _drag_pin(self, line: Any) -> None:
        self.pin_requested.emit(float(line.value()))

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
