"""Rows picked in the fit plot: drawn round with a rectangle or a lasso, shown on top."""

from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from mdn_gui.core.binning import IntArray
from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.crowd import Crowd
from mdn_gui.ui.theme import LIGHT, Theme

_STEP = 3.0
"""Logical pixels between two corners of a lasso."""


class PickTool(Enum):
    """What dragging in the fit plot does: move the view, or pick rows."""

    CURSOR = "cursor"
    RECTANGLE = "rectangle"
    LASSO = "lasso"


class PickMode(Enum):
    """What becomes of the rows picked before."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"

    @classmethod
    def of(cls, modifiers: Qt.KeyboardModifier) -> "PickMode":
        """Return what the keys held down ask for: Shift adds, Alt or Ctrl removes."""
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            return cls.ADD
        if modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            return cls.REMOVE
        return cls.REPLACE

    def joined(self, before: IntArray, picked: IntArray, num_rows: int) -> IntArray:
        """Return the row numbers, ascending, after ``picked`` replaces, joins or leaves those of ``before``."""
        is_picked = np.zeros(num_rows, dtype=np.bool_)
        if self is not PickMode.REPLACE:
            is_picked[before] = True
        is_picked[picked] = self is not PickMode.REMOVE
        return np.flatnonzero(is_picked)


class PickArea(pg.GraphicsObject):
    """Lies over the view while a tool is on: takes its drags, draws the outline.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        What it lies over.
    """

    outlined = Signal(object, object)
    """Array [V, 2] of the corners, data units, with the PickMode; a click outlines nothing: [0, 2]."""

    def __init__(self, view: Any) -> None:
        super().__init__(view)
        self._view = view
        self._tool = PickTool.CURSOR
        self._corners: list[QPointF] = []
        self._theme = LIGHT
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setVisible(False)
        view.sigResized.connect(self._take_size)

    @property
    def tool(self) -> PickTool:
        """What dragging does."""
        return self._tool

    def set_tool(self, tool: PickTool) -> None:
        """Choose what dragging does; an outline begun with another tool is dropped."""
        self._tool, self._corners = tool, []
        self.setVisible(tool is not PickTool.CURSOR)
        self.update()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the whole view in its pixels."""
        return QRectF(self._view.rect())

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the outline so far."""
        if not self._corners:
            return
        fill = QColor(self._theme.accent)
        fill.setAlphaF(0.12)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(self._theme.accent), 1.0))
        painter.drawPolygon(QPolygonF(self._corners))

    def hoverEvent(self, event: Any) -> None:
        """Claim drags, clicks: the lines of the plot under the mouse are not to move."""
        if not event.isExit():
            event.acceptDrags(Qt.MouseButton.LeftButton)
            event.acceptClicks(Qt.MouseButton.LeftButton)

    def mouseClickEvent(self, event: Any) -> None:
        """Outline nothing."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        mode = PickMode.of(event.modifiers())
        if mode is PickMode.REPLACE:
            self.outlined.emit(np.zeros((0, 2)), mode)

    def mouseDragEvent(self, event: Any) -> None:
        """Draw round rows."""
        if event.button() != Qt.MouseButton.LeftButton or not self.isVisible():
            event.ignore()
            return
        event.accept()
        place = self._inside(event.pos())
        if event.isStart():
            self._corners = [self._inside(event.buttonDownPos())]
        if not self._corners:  # dropped by Escape; the button is still down
            return
        self._reach(place)
        self.update()
        if event.isFinish():
            corners, self._corners = self._corners, []
            if len(corners) > 2:
                places = [self._view.mapToView(corner) for corner in corners]
                outline = np.array([(place.x(), place.y()) for place in places])
                self.outlined.emit(outline, PickMode.of(event.modifiers()))

    def _reach(self, place: QPointF) -> None:
        first, last = self._corners[0], self._corners[-1]
        if self._tool is PickTool.RECTANGLE:
            self._corners = [first, QPointF(place.x(), first.y()), place, QPointF(first.x(), place.y())]
        elif (place - last).manhattanLength() >= _STEP:
            self._corners.append(place)

    def _inside(self, place: QPointF) -> QPointF:
        """Return the nearest place that is seen: what is not seen is not picked."""
        area = self.boundingRect()
        x = min(max(place.x(), area.left()), area.right())
        return QPointF(x, min(max(place.y(), area.top()), area.bottom()))

    def _take_size(self, *_: Any) -> None:
        self.prepareGeometryChange()


class RowPicker(QObject):
    """The rows that are picked of those in a crowd.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        Where they are drawn.
    crowd : Crowd
        The rows that can be picked.
    parent : QObject
        Owner.
    """

    rows_picked = Signal(object)
    """int array of row numbers of the data set, ascending, counted from 0: picked by the person, all in all."""
    tool_changed = Signal(object)
    """PickTool."""

    def __init__(self, view: Any, crowd: Crowd, parent: QObject) -> None:
        super().__init__(parent)
        self._crowd = crowd
        self._places: tuple[FloatArray, FloatArray] = (np.zeros(0), np.zeros(0))
        self.rows: IntArray = np.zeros(0, dtype=np.int64)
        """What is picked now."""
        self.shown = Crowd(self, is_selection=True)
        self.area = PickArea(view)
        self.area.outlined.connect(self._find)

    @property
    def tool(self) -> PickTool:
        """What dragging does."""
        return self.area.tool

    def set_tool(self, tool: PickTool) -> None:
        """Choose what dragging does."""
        if tool is not self.tool:
            self.area.set_tool(tool)
            self.tool_changed.emit(tool)

    def show_places(self, x: FloatArray, y: FloatArray) -> None:
        """Take the places [N] of all rows, data units; none is picked."""
        self._places = (x, y)
        self.show_rows(np.zeros(0, dtype=np.int64))

    def show_rows(self, rows: IntArray) -> None:
        """Show these rows of the data set as picked."""
        self.rows = rows
        x, y = self._places
        self.shown.show_rows(x[rows], y[rows])

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.shown.show_theme(theme)
        self.area.show_theme(theme)

    def _find(self, outline: FloatArray, mode: PickMode) -> None:
        take: Callable[[IntArray | None], None] = partial(self._take, mode)
        if len(outline):
            self._crowd.pick(outline, take)
        else:
            take(np.zeros(0, dtype=np.int64))

    def _take(self, mode: PickMode, rows: IntArray | None) -> None:
        if rows is not None:
            self.show_rows(mode.joined(self.rows, rows, len(self._places[0])))
            self.rows_picked.emit(self.rows)
