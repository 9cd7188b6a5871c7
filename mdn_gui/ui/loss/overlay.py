"""What lies over the curves of the loss plot: reference lines with their names, the epoch shown, the snapshots."""

import math
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
_WIDEST_MARGIN = 0.4
"""Share of the plot that the names of the references may take from the curves."""


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

    References have theirs at the right end, where there is a margin for them behind the last epoch. One outside the
    visible range is told at the edge, with an arrow and its value.

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

    @property
    def margin(self) -> float:
        """Share of the width, 0 to 1, that the names of the references take at the right end."""
        whole, metrics = self.boundingRect(), QFontMetricsF(self._font)
        texts = (self._text_of(each, with_value=False) for each in self._references)
        widest = max((metrics.horizontalAdvance(text) + 2.0 * _PAD for text in texts), default=0.0)
        return min((widest + 2.0 * _EDGE) / max(whole.width(), 1.0), _WIDEST_MARGIN) if widest else 0.0

    def labels(self) -> tuple[Label, ...]:
        """Return every label that is drawn; one for which there is no room is left out."""
        inside = self.boundingRect().adjusted(_EDGE, 1.0, -_EDGE, -_TICK)
        metrics = QFontMetricsF(self._font)
        placed: list[Label] = []
        if self._epoch is not None:
            place, text = self._epoch
            box = self._box(metrics, text, inside.top())
            x, right = self._pixel(place, 0.0).x(), inside.right() - self.margin * inside.width()
            box.moveLeft(x + _EDGE if x + _EDGE + box.width() <= right else x - _EDGE - box.width())
            if inside.contains(box):
                placed.append(Label(text, box, None, self._theme.accent))
        placed += self._placed(inside, metrics, placed)
        for place in self._seams:
            box = self._box(metrics, _seam_text(), inside.top())
            box.moveLeft(self._pixel(place, 0.0).x() + _EDGE)
            if inside.contains(box) and not _meets(box, placed):
                placed.append(Label(_seam_text(), box, None, self._theme.muted))
        return tuple(placed)

    def _placed(self, inside: QRectF, metrics: QFontMetricsF, others: list[Label]) -> list[Label]:
        """Return the labels of the references: columns from the right end, each label as near to its line as can be."""
        ordered = sorted(self._references, key=lambda each: -each.nll)
        in_column = max(int(inside.height() // metrics.height()), 1)
        found: list[Label] = []
        right = inside.right()
        for _ in range(math.ceil(len(ordered) / in_column)):
            column = [self._label_of(each, inside, metrics) for each in ordered[:in_column]]
            ordered = ordered[in_column:]
            _spread([label.box for label in column], inside)
            for label in column:
                label.box.moveRight(right)
            found += [each for each in column if inside.contains(each.box) and not _meets(each.box, others)]
            right = min(label.box.left() for label in column) - _GAP
        return found

    def _label_of(self, reference: Reference, inside: QRectF, metrics: QFontMetricsF) -> Label:
        """Return the label at its line; at the edge where the line is outside."""
        y = self._height_of(reference)
        box = self._box(metrics, self._text_of(reference, with_value=self._with_values), inside.top())
        if y is not None:
            box.moveTop(y - box.height() / 2.0)
        elif not self._is_above(reference):
            box.moveBottom(inside.bottom())
        text = self._text_of(reference, with_value=self._with_values)
        return Label(text, box, y, self._colour(reference.name), reference.name)

    def _text_of(self, reference: Reference, *, with_value: bool) -> str:
        """Return the name of a reference; with its value where that is wanted or its line is outside."""
        text, value = self._named(reference.name), fixed(reference.nll, 4 if with_value else 3)
        if self._height_of(reference) is None:
            return f"{'▲' if self._is_above(reference) else '▼'} {text} {value}"
        return f"{text} {value}" if with_value else text

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
        for label in labels:
            plate = QColor(self._theme.base)
            plate.setAlphaF(1.0 if label.name else _PLATE)  # a line must not run through its own name
            painter.fillRect(label.box.adjusted(0.0, 0.0, _EDGE if label.name else 0.0, 0.0), plate)
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


def _spread(boxes: list[QRectF], inside: QRectF) -> None:
    """Move boxes, ordered from the top, so that none meets the next; all of them have room."""
    bottom = inside.bottom()
    for box in reversed(boxes):
        box.moveBottom(min(box.bottom(), bottom))
        bottom = box.top()
    top = inside.top()
    for box in boxes:
        box.moveTop(max(box.top(), top))
        top = box.bottom()
