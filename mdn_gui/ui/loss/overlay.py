"""What lies over the curves of the loss plot: reference lines with their names, the epoch shown, the snapshots."""

from collections.abc import Callable
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from mdn_gui.core.baselines import Rival
from mdn_gui.core.reference_lines import TRUTH, Reference
from mdn_gui.ui.numbers import fixed, tabular
from mdn_gui.ui.theme import LIGHT, Theme

_PAD, _GAP, _EDGE = 3.0, 8.0, 4.0
_TICK, _DOT = 5.0, 1.5
"""Height of the row of snapshots at the lower edge, radius of the dot of one."""
_DASHES = {
    Rival.JOINT.value: (6.0, 3.0),
    Rival.MIXTURE.value: (6.0, 3.0, 1.5, 3.0),
    Rival.GAUSSIAN.value: (1.5, 3.0),
    TRUTH: (12.0, 2.0),
}
_PLATE = 0.85
"""Opacity of what is behind a label."""


@dataclass(frozen=True)
class Label:
    """A text over the curves.

    Parameters
    ----------
    text : str
        As it is drawn.
    box : QRectF
        Where, pixels of the plot.
    height : float or None
        Where its line is, pixels of the plot; None for one without a horizontal line.
    colour : str
        Of text and line.
    name : str
        Of the reference; empty for the epoch shown.
    """

    text: str
    box: QRectF
    height: float | None
    colour: str
    name: str = ""


class Overlay(pg.GraphicsObject):
    """Lines across the plot with labels that neither meet each other nor leave it.

    A reference outside the visible range is told at the edge, with an arrow and its value.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        The plot; the overlay is in its pixels.
    named : callable
        Returns the translated name of a reference.
    """

    def __init__(self, view: pg.ViewBox, named: Callable[[str], str]) -> None:
        super().__init__(view)
        self._view, self._named = view, named
        self._theme, self._font = LIGHT, tabular(QFont())
        self._references: tuple[Reference, ...] = ()
        self._lowest = 0.0
        self._ticks: tuple[float, ...] = ()
        self._seams: tuple[float, ...] = ()
        self._epoch: tuple[float, str] | None = None
        self._with_values = False
        self._hint = ""
        self.setZValue(5)
        view.sigRangeChanged.connect(self.update_all)
        view.sigResized.connect(self.update_all)

    def show_references(self, references: tuple[Reference, ...], lowest: float) -> None:
        """Draw references, each ``lowest`` less than its NLL."""
        self._references, self._lowest = references, lowest
        self.update_all()

    def show_values(self, *, on: bool) -> None:
        """Tell the NLL of each reference beside its name, or not."""
        if on is not self._with_values:
            self._with_values = on
            self.update_all()

    def show_hint(self, hint: str) -> None:
        """Say something in the middle of an empty plot."""
        self._hint = hint
        self.update_all()

    def show_snapshots(self, places: tuple[float, ...]) -> None:
        """Mark where there is a snapshot, at places on the x axis."""
        if places != self._ticks:
            self._ticks = places
            self.update_all()

    def show_seams(self, places: tuple[float, ...]) -> None:
        """Draw thin lines where a fit was trained further, at places on the x axis."""
        if places != self._seams:
            self._seams = places
            self.update_all()

    def show_epoch(self, mark: tuple[float, str] | None) -> None:
        """Draw a line at a place on the x axis with a text beside it, or none."""
        self._epoch = mark
        self.update_all()

    def show_theme(self, theme: Theme, font: QFont) -> None:
        """Take new colours, another font."""
        self._theme, self._font = theme, tabular(QFont(font))
        self.update_all()

    def update_all(self, *_: object) -> None:
        """Draw anew."""
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the whole plot."""
        return QRectF(self._view.rect())

    # -- where the labels are -----------------------------------------------------------------------------------------

    def labels(self) -> tuple[Label, ...]:
        """Return every label that is drawn; one for which there is no room is left out."""
        inside = self.boundingRect().adjusted(_EDGE, 1.0, -_EDGE, -_TICK)
        metrics = QFontMetricsF(self._font)
        placed: list[Label] = []
        if self._epoch is not None:
            place, text = self._epoch
            box = self._box(metrics, text, inside.top())
            x = self._pixel(place, 0.0).x()
            box.moveLeft(x + _EDGE if x + _EDGE + box.width() <= inside.right() else x - _EDGE - box.width())
            if inside.contains(box):
                placed.append(Label(text, box, None, self._theme.accent))
        for reference in sorted(self._references, key=lambda each: -each.nll):
            label = self._label_of(reference, inside, metrics)
            self._place(label, placed, inside)
            if inside.contains(label.box):
                placed.append(label)
        for place in self._seams:
            box = self._box(metrics, _seam_text(), inside.top())
            box.moveLeft(self._pixel(place, 0.0).x() + _EDGE)
            if inside.contains(box) and not _meets(box, placed):
                placed.append(Label(_seam_text(), box, None, self._theme.muted))
        return tuple(placed)

    def _place(self, label: Label, placed: list[Label], inside: QRectF) -> None:
        """Move a label to the left end; below its line or, where it has none, to the next row if there is no room."""
        box = label.box
        box.moveLeft(inside.left())
        if label.height is not None:
            below = box.translated(0.0, label.height + 1.0 - box.top())
            if _meets(box, placed) and inside.contains(below) and not _meets(below, placed):
                box.moveTop(below.top())
            _move_beside(box, placed, inside.left())
            return
        towards_middle = box.height() if box.center().y() < inside.center().y() else -box.height()
        for _ in range(max(int(inside.height() // box.height()), 1)):
            _move_beside(box, placed, inside.left())
            if box.right() <= inside.right():
                return
            box.translate(0.0, towards_middle)

    def _label_of(self, reference: Reference, inside: QRectF, metrics: QFontMetricsF) -> Label:
        """Return the label above its line, below it at the upper edge; at the edge where the line is outside."""
        y = self._height_of(reference)
        text = self._named(reference.name)
        value = fixed(reference.nll, 4 if self._with_values else 3)
        colour = self._colour(reference.name)
        if y is None:
            is_above = self._is_above(reference)
            text = f"{'▲' if is_above else '▼'} {text} {value}"
            box = self._box(metrics, text, inside.top())
            if not is_above:
                box.moveBottom(inside.bottom())
            return Label(text, box, None, colour, reference.name)
        text = f"{text} {value}" if self._with_values else text
        box = self._box(metrics, text, inside.top())
        box.moveBottom(y - 1.0)
        if box.top() < inside.top():
            box.moveTop(min(y + 1.0, inside.bottom() - box.height()))
        return Label(text, box, y, colour, reference.name)

    def _box(self, metrics: QFontMetricsF, text: str, top: float) -> QRectF:
        return QRectF(0.0, top, metrics.horizontalAdvance(text) + 2.0 * _PAD, metrics.height())

    def _pixel(self, x: float, y: float) -> QPointF:
        return QPointF(self._view.mapFromView(QPointF(x, y)))

    def _height_of(self, reference: Reference) -> float | None:
        """Return where the line of a reference is, pixels; None outside the visible range."""
        low, high = self._view.viewRange()[1]
        value = reference.nll - self._lowest
        return self._pixel(0.0, value).y() if low <= value <= high else None

    def _is_above(self, reference: Reference) -> bool:
        return bool(reference.nll - self._lowest > self._view.viewRange()[1][1])

    def _colour(self, name: str) -> str:
        return {Rival.JOINT.value: self._theme.cursor, TRUTH: self._theme.text}.get(name, self._theme.muted)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None) -> None:
        """Draw lines, then the labels over them."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setFont(self._font)
        whole, labels = self.boundingRect(), self.labels()
        painter.setPen(QColor(self._theme.muted))
        painter.drawText(whole, int(Qt.AlignmentFlag.AlignCenter), self._hint)
        self._draw_snapshots(painter, whole)
        painter.setPen(QPen(QColor(self._theme.muted), 1.0))
        for place in self._seams:
            x = round(self._pixel(place, 0.0).x())
            painter.drawLine(QPointF(x, whole.top()), QPointF(x, whole.bottom()))
        if self._epoch is not None:
            x = round(self._pixel(self._epoch[0], 0.0).x())
            painter.setPen(QPen(QColor(self._theme.accent), 1.5))
            painter.drawLine(QPointF(x, whole.top()), QPointF(x, whole.bottom()))
        for reference in self._references:
            y = self._height_of(reference)
            if y is not None:
                pen = QPen(QColor(self._colour(reference.name)), 1.2)
                pen.setDashPattern(list(_DASHES.get(reference.name, (6.0, 3.0))))
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                painter.drawLine(QPointF(whole.left(), round(y)), QPointF(whole.right(), round(y)))
        plate = QColor(self._theme.base)
        plate.setAlphaF(_PLATE)
        for label in labels:
            painter.fillRect(label.box, plate)
            painter.setPen(QColor(label.colour))
            painter.drawText(label.box, int(Qt.AlignmentFlag.AlignCenter), label.text)

    def _draw_snapshots(self, painter: QPainter, whole: QRectF) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.accent))
        for place in self._ticks:
            painter.drawEllipse(QPointF(self._pixel(place, 0.0).x(), whole.bottom() - _TICK / 2.0), _DOT, _DOT)
        painter.restore()

    def shape(self) -> QPainterPath:
        """Return nothing, so that the mouse passes through."""
        return QPainterPath()


def _seam_text() -> str:
    return QCoreApplication.translate("Loss", "continued")


def _meets(box: QRectF, placed: list[Label]) -> bool:
    return any(box.intersects(other.box) for other in placed)


def _move_beside(box: QRectF, placed: list[Label], left: float) -> None:
    """Move a box to the left end, then to the right until it meets no label that is placed."""
    box.moveLeft(left)
    while met := [other.box.right() for other in placed if box.intersects(other.box)]:
        box.moveLeft(min(met) + _GAP)
