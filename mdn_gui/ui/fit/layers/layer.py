"""What every layer of the fit plot is."""

from collections.abc import Callable
from enum import IntEnum
from typing import Any, ClassVar, NamedTuple
from weakref import ref

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from mdn_gui.core.dataset import FloatArray
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.fit.layers.frame import Frame, Subject
from mdn_gui.ui.fit.layers.strokes import LEVELS, Piece, cosmetic, pieces
from mdn_gui.ui.theme import LIGHT, Theme, blend

_CASING = 1.2
"""Logical pixels of the casing on each side of a line."""


class Depth(IntEnum):
    """What lies on what."""

    OUTSIDE = 0
    GROUND = 1
    AREA = 2
    VEIL = 3
    ROWS = 4
    LINE = 8
    MARK = 9


class Ink(NamedTuple):
    """How a line is drawn: width in logical pixels; ``share`` is how visible it is, 0 to 1."""

    colour: str | QColor
    width: float
    share: float = 1.0
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


class Layer(pg.GraphicsObject):
    """One thing drawn of a frame.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        Where it is drawn.
    """

    depth: ClassVar[Depth] = Depth.LINE
    depth_above: ClassVar[Depth | None] = None
    """Where a layer that has two faces, such as areas below the rows with lines above them, draws the upper one."""
    needs_model: ClassVar[bool] = True

    def __init__(self, view: Any = None) -> None:
        super().__init__()
        self._view_box = view
        self._theme = LIGHT
        self._bounds = QRectF()
        self._fineness = 1.0
        self._is_on_dense = False
        self._above = _UpperFace(self) if self.depth_above is not None else None

    @classmethod
    def is_offered(cls, subject: Subject) -> bool:
        """Return whether there is anything that the layer could draw, now or later."""
        return subject is not None

    def items(self) -> tuple[tuple[int, QGraphicsItem], ...]:
        """Return what is put into the view, each with its height."""
        lower: tuple[tuple[int, QGraphicsItem], ...] = ((int(self.depth), self),)
        if self._above is None or self.depth_above is None:
            return lower
        return (*lower, (int(self.depth_above), self._above))

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self.redraw()

    def redraw(self) -> None:
        """Paint anew."""
        self.update()
        if self._above is not None:
            self._above.update()

    def set_shown(self, *, shown: bool) -> None:
        """Show the layer, or hide it."""
        self.setVisible(shown)
        if self._above is not None:
            self._above.setVisible(shown)

    def set_fineness(self, fineness: float) -> None:
        """Take the number of device pixels in a logical pixel, for the width of lines."""
        self._fineness = fineness
        self.redraw()

    def draw(self, frame: Frame) -> None:
        """Draw a frame."""
        self._is_on_dense = frame.is_dense
        self.set_view(frame.view)

    def drawn_table(self, frame: Frame) -> DataTable | None:
        """Return what the layer draws of a frame, as columns beside x; None where that is not a curve."""

    def boundingRect(self) -> QRectF:
        """Return the extent in data units."""
        return self._bounds

    def set_view(self, view: QRectF) -> None:
        """Take the visible part of the plot, data units, as the extent: the cache then holds just what is seen."""
        if view != self._bounds:
            self.prepareGeometryChange()
            if self._above is not None:
                self._above.prepareGeometryChange()
            self._bounds = QRectF(view)
        self.redraw()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the layer, or its lower face."""

    def paint_above(self, painter: QPainter) -> None:
        """Draw the upper face."""

    def translucent(self, colour: str | QColor, opacity: float) -> QColor:
        """Return a colour with an opacity, 0 to 1."""
        made = QColor(colour)
        made.setAlphaF(min(max(opacity, 0.0), 1.0))
        return made

    def draw_line(self, painter: QPainter, places: QPolygonF, ink: Ink) -> None:
        """Draw a line through places in data units; on a dense ground with a casing in the colour of the plot."""
        width, colour = ink.width * self._fineness, QColor(ink.colour)
        if self._is_on_dense:
            casing = self.translucent(self._theme.base, 0.75 * ink.share)
            painter.setPen(cosmetic(casing, width + 2.0 * _CASING * self._fineness))
            painter.drawPolyline(places)
            # the square root: the colour is seen through the casing
            painter.setPen(cosmetic(self.translucent(colour, ink.share**0.5), width, ink.style))
        else:  # opaque colours blended towards the ground draw faster than translucent ones
            painter.setPen(cosmetic(blend(colour, self._theme.base, ink.share), width, ink.style))
        painter.drawPolyline(places)

    def draw_pieces(self, painter: QPainter, line: list[Piece], ink: Ink) -> None:
        """Draw the pieces of a line, each as opaque as its level."""
        for level, places in line:
            self.draw_line(painter, places, ink._replace(share=ink.share * level / LEVELS))


class _UpperFace(pg.GraphicsObject):
    """What a layer draws above the rows.

    Parameters
    ----------
    layer : Layer
        Draws it.
    """

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self._layer = ref(layer)  # it is owned by the layer; garbage of two Qt items that hold each other is not safe

    def boundingRect(self) -> QRectF:
        """Return the extent of the layer."""
        layer = self._layer()
        return layer.boundingRect() if layer is not None else QRectF()

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Let the layer draw."""
        layer = self._layer()
        if layer is not None:
            layer.paint_above(painter)


class SlowLayer(Layer):
    """A layer whose content is worked out in a thread, and drawn when it comes."""

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self.drawn_of: tuple[object, ...] | None = None

    def depends_on(self, frame: Frame) -> tuple[object, ...]:
        """Return what the content follows from, things compared by identity, values by equality."""
        subject, view = frame.subject, frame.view
        return (subject.whole_model, subject.line, view.getRect())

    def work(self, frame: Frame) -> Callable[[], object]:
        """Return what is to be worked out, in another thread: it must touch no widget."""
        raise NotImplementedError

    def take(self, frame: Frame, answer: Any) -> None:
        """Draw what was worked out of a frame."""
        raise NotImplementedError

    def clear(self) -> None:
        """Draw nothing."""
        raise NotImplementedError

    def keep_if_true(self, frame: Frame) -> bool:
        """Return whether what is drawn is that of this frame; drop it otherwise."""
        if self.drawn_of is not None and self.drawn_of == self.depends_on(frame):
            return True
        if self.drawn_of is not None:
            self.drawn_of = None
            self.clear()
            self.redraw()
        return False

    def show_answer(self, frame: Frame, answer: object) -> None:
        """Draw what was worked out of a frame, from now on the content."""
        self.set_view(frame.view)
        self.drawn_of = self.depends_on(frame)
        self.take(frame, answer)
        self.redraw()

    def draw_now(self, frame: Frame) -> None:
        """Work out the content here, unless it is there."""
        if not self.keep_if_true(frame):
            self.show_answer(frame, self.work(frame)())


def pieces_of(frame: Frame, y: FloatArray) -> list[Piece]:
    """Return a curve y [N] over the x of a frame in pieces, each as opaque as the frame is there."""
    return [piece for part in frame.stretches for piece in pieces(frame.x[part], y[part], frame.fade[part])]


def paint_image(painter: QPainter, image: QImage, rect: QRectF) -> None:
    """Draw a picture over a rectangle, data units, smoothed between its cells; its first row is the least y."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(rect, image)
