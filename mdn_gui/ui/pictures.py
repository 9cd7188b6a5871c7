"""Pictures of a widget as on the screen: PNG, SVG, PDF."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QMarginsF, QPoint, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QPageSize, QPaintDevice, QPainter, QPdfWriter, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView, QWidget

from mdn_gui.errors import UserError
from mdn_gui.files.saving import replace_file
from mdn_gui.ui.flat_painter import FlatPainter
from mdn_gui.ui.plot_base import Plot

_POINTS_IN_INCH = 72.0


def picture_of(widget: QWidget, scale: float) -> QPixmap:
    """Return a widget as on the screen, ``scale`` times as fine."""
    picture = QPixmap(widget.size() * scale)
    picture.setDevicePixelRatio(scale)
    with ExitStack() as stack:
        for plot in _plots_in(widget):
            plot.draw_now()
            stack.enter_context(plot.drawn_for(scale))
        if isinstance(widget, QGraphicsView):
            painter = QPainter(picture)
            _draw_alone(widget, painter)
            painter.end()
        else:
            QWidget.render(widget, picture)
    return picture


def save_picture(path: Path, picture: QPixmap) -> None:
    """Write a picture as PNG.

    Raises
    ------
    UserError
        When it cannot be written; an existing file is then as it was.
    """
    _save(path, _png(picture))


def save_figure(path: Path, widget: QWidget, scale: float = 2.0) -> None:
    """Write a widget as on the screen: by the ending of the file as PNG, SVG or PDF.

    Parameters
    ----------
    path : Path
        Where the file belongs.
    widget : QWidget
        A plot, or anything else that can be seen.
    scale : float
        Pixels of a PNG for each pixel of the screen; SVG, PDF are as fine as one likes.

    Raises
    ------
    UserError
        When the ending is another one, the widget is empty, or the file cannot be written; an existing file is then
        as it was.
    """
    makers: dict[str, Callable[[], bytes]] = {
        ".png": lambda: _png(picture_of(widget, scale)),
        ".svg": lambda: _svg(widget),
        ".pdf": lambda: _pdf(widget, path.stem),
    }
    make = makers.get(path.suffix.lower())
    if make is None:
        message = _tr("{name} does not say what kind of picture it is.").format(name=path.name)
        raise UserError(message, _tr("End its name in .png, .svg or .pdf."))
    if widget.size().isEmpty():
        raise _refusal()
    _save(path, make())


def _png(picture: QPixmap) -> bytes:
    with _buffer() as buffer:
        if not picture.save(buffer, "PNG"):
            raise _refusal()
        return bytes(buffer.data().data())


def _svg(widget: QWidget) -> bytes:
    with _buffer() as buffer:
        # SVG 1.1: the smaller standard has no clipping
        generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
        generator.setOutputDevice(buffer)
        generator.setResolution(widget.logicalDpiX())
        generator.setSize(widget.size())
        generator.setViewBox(QRect(QPoint(), widget.size()))
        generator.setTitle(widget.accessibleName())
        generator.setDescription("")
        _draw(widget, generator)
        return bytes(buffer.data().data())


def _pdf(widget: QWidget, title: str) -> bytes:
    with _buffer() as buffer:
        writer = QPdfWriter(buffer)
        writer.setTitle(title)
        writer.setResolution(widget.logicalDpiX())
        size = QSizeF(widget.size()) * (_POINTS_IN_INCH / widget.logicalDpiX())
        writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
        writer.setPageMargins(QMarginsF())
        _draw(widget, writer)
        return bytes(buffer.data().data())


def _draw(widget: QWidget, device: QPaintDevice) -> None:
    """Draw a widget to a device with one pixel for each of the screen's logical ones."""
    views = [widget] if isinstance(widget, QGraphicsView) else widget.findChildren(QGraphicsView)
    with ExitStack() as stack:
        for plot in _plots_in(widget):
            plot.draw_now()
            stack.enter_context(plot.drawn_for(1.0))
        for view in views:
            stack.enter_context(_whole_curves(view))
        painter = FlatPainter(device)
        if isinstance(widget, QGraphicsView):
            _draw_alone(widget, painter)
        else:
            with _left_out(views):
                QWidget.render(widget, painter, QPoint())
            for view in views:
                if view.isVisibleTo(widget):
                    _draw_view(view, painter, view.viewport().mapTo(widget, QPoint()))
        painter.end()


def _draw_alone(view: QGraphicsView, painter: QPainter) -> None:
    """Draw a view with its own ground in place of its frame, which shows where the keyboard is."""
    painter.fillRect(view.rect(), view.backgroundBrush())
    _draw_view(view, painter, view.viewport().mapTo(view, QPoint()))


def _draw_view(view: QGraphicsView, painter: QPainter, place: QPoint) -> None:
    """Draw what a view shows, then what lies on it."""
    source = view.viewport().rect()
    painter.save()
    view.render(painter, QRectF(source.translated(place)), source)
    painter.restore()
    for child in view.viewport().findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if child.isVisibleTo(view):
            QWidget.render(child, painter, place + child.pos(), renderFlags=QWidget.RenderFlag.DrawChildren)


@contextmanager
def _left_out(views: Sequence[QGraphicsView]) -> Iterator[None]:
    """Leave the place of views empty: Qt would draw them with a painter of its own, in data units."""
    viewports = [view.viewport() for view in views if view.viewport().updatesEnabled()]
    for viewport in viewports:
        viewport.setUpdatesEnabled(False)
    try:
        yield
    finally:
        for viewport in viewports:
            viewport.setUpdatesEnabled(True)


@contextmanager
def _whole_curves(view: QGraphicsView) -> Iterator[None]:
    """Draw each curve as one line: on the screen pyqtgraph cuts thick ones into pieces, which is faster."""
    curves = [item for item in view.scene().items() if isinstance(item, pg.PlotCurveItem)]
    modes = [curve.opts["segmentedLineMode"] for curve in curves]
    for curve in curves:
        curve.opts["segmentedLineMode"] = "off"
    try:
        yield
    finally:
        for curve, mode in zip(curves, modes, strict=True):
            curve.opts["segmentedLineMode"] = mode


def _plots_in(widget: QWidget) -> list[Plot]:
    if isinstance(widget, Plot):
        return [widget]
    return [plot for plot in widget.findChildren(Plot) if plot.isVisibleTo(widget)]


@contextmanager
def _buffer() -> Iterator[QBuffer]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    yield buffer
    buffer.close()


def _save(path: Path, content: bytes) -> None:
    replace_file(path, lambda stream: stream.write(content))


def _refusal() -> UserError:
    message = _tr("The picture is empty or too large to be saved.")
    return UserError(message, _tr("Change the size of the window."))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Pictures", text)
