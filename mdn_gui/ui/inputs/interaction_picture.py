"""How the cells of the interaction grid are drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPolygonF

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.interaction import Interaction
from mdn_gui.ui.numbers import precise, significant
from mdn_gui.ui.theme import Theme, blend

LEAST_WIDTHS = {7: 112.0, 5: 66.0}
"""Logical pixels of each cell where so many are shown; with less room there are 3."""
_GAP, _MARGIN, _LEAST_HEIGHT, _HEIGHT_WITH_ENDS = 8.0, 10.0, 44.0, 100.0
_FARTHEST = 1e4
"""Pixels; moments of a transformed target may be infinite, which a painter does not take."""
_INK = 0.55
_MOST_TICKS = 4


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the cells stand: each has a title, the mean at the cursor below it, the picture, the ends of its x axis.

    Parameters
    ----------
    pictures : tuple of QRectF
        Of each cell what shows the fit, logical pixels.
    line_height : float
        Of the texts.
    has_ends : bool
        Whether there is room for the ends of the x axis.
    """

    pictures: tuple[QRectF, ...]
    line_height: float
    has_ends: bool = True

    @classmethod
    def of(cls, size: tuple[float, float], count: int, metrics: QFontMetrics, ticks: Sequence[str]) -> "Layout":
        """Arrange ``count`` cells beside each other, with room for the ticks of y on the left."""
        line = float(metrics.height())
        left = _MARGIN + max(map(metrics.horizontalAdvance, ticks), default=0) + 4.0
        width = max((size[0] - left - _MARGIN - (count - 1) * _GAP) / max(count, 1), 1.0)
        has_ends = size[1] >= _HEIGHT_WITH_ENDS
        height = max(size[1] - (3.0 if has_ends else 2.0) * line - 10.0, _LEAST_HEIGHT)
        places = (left + cell * (width + _GAP) for cell in range(count))
        return cls(tuple(QRectF(place, 2.0 * line + 4.0, width, height) for place in places), line, has_ends)

    def cell(self, index: int) -> QRectF:
        """Return a cell with its texts."""
        foot = self.line_height + 3.0 if self.has_ends else 3.0
        return self.pictures[index].adjusted(-3.0, -2.0 * self.line_height - 3.0, 3.0, foot)

    def at(self, point: QPointF) -> int | None:
        """Return the number of the cell under a point."""
        return next((index for index in range(len(self.pictures)) if self.cell(index).contains(point)), None)


@dataclass(frozen=True, eq=False)
class Scene:
    """What is drawn in the cells.

    Parameters
    ----------
    interaction : Interaction
        The fit in each.
    names : tuple of pair of str
        What each is drawn at, such as ("age", "28").
    ends : pair of str
        What the ends of the x axis are.
    held : int or None
        The cell whose value is nearest to where the second input is held.
    """

    interaction: Interaction
    names: tuple[tuple[str, str], ...]
    ends: tuple[str, str]
    held: int | None

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return two to four round values within the range of y, data units, each in words."""
        low, high = float(self.interaction.y[0]), float(self.interaction.y[-1])
        return tuple((value, precise(value)) for value in round_values(low, high))

    def grounds(self, theme: Theme) -> list[QImage]:
        """Return p(y given x) in each cell as an image; the square root of its share of a high value is the ink."""
        density = self.interaction.density
        top = float(np.quantile(density, 0.99))
        ink = np.sqrt(np.clip(density / top, 0.0, 1.0)) if top > 0 else np.zeros_like(density)
        table = [blend(theme.density, theme.base, _INK * step / 255.0).rgb() for step in range(256)]
        images = []
        for cell in np.round(255.0 * ink).astype(np.uint8):
            pixels = np.ascontiguousarray(cell.T[::-1])
            height, width = pixels.shape
            image = QImage(pixels.tobytes(), width, height, width, QImage.Format.Format_Indexed8)
            image.setColorTable(table)
            images.append(image.convertToFormat(QImage.Format.Format_RGB32))
        return images

    def x_place(self, picture: QRectF, x: float) -> float:
        """Return where x is drawn in a cell."""
        low, high = self.interaction.x[0], self.interaction.x[-1]
        return float(picture.left() + (x - low) / (high - low) * picture.width())


def round_values(low: float, high: float) -> tuple[float, ...]:
    """Return two to four multiples of 1, 2, 4 or 5 times a power of ten within a range, the least first."""
    with np.errstate(over="ignore"):
        if not 0.0 < high - low < np.inf:
            return ()
        power = math.floor(math.log10(high - low))
        for step in (factor * 10.0**exponent for exponent in (power - 1, power) for factor in (1.0, 2.0, 4.0, 5.0)):
            first, last = math.ceil(low / step), math.floor(high / step)
            if last - first < _MOST_TICKS:
                return tuple(float(f"{number * step:.15g}") for number in range(first, last + 1))
    return ()


def draw_scene(painter: QPainter, scene: Scene, layout: Layout, theme: Theme, grounds: Sequence[QImage]) -> None:
    """Draw everything but the cursor."""
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for index, (picture, ground) in enumerate(zip(layout.pictures, grounds, strict=True)):
        painter.drawImage(picture, ground)
        painter.save()
        painter.setClipRect(picture)
        _draw_curves(painter, scene, index, picture, theme)
        painter.restore()
        is_held = index == scene.held
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.accent if is_held else theme.border), 2.0 if is_held else 1.0))
        painter.drawRect(picture)
        _draw_texts(painter, scene, index, layout, theme)
    _draw_ticks(painter, scene, layout, theme)


def _draw_curves(painter: QPainter, scene: Scene, index: int, picture: QRectF, theme: Theme) -> None:
    interaction = scene.interaction
    places = np.linspace(picture.left(), picture.right(), len(interaction.x))
    low, high = interaction.y[0], interaction.y[-1]
    for values, colour, width in (
        (interaction.low[index], theme.accent, 1.0),
        (interaction.high[index], theme.accent, 1.0),
        (interaction.mean[index], theme.text, 1.8),
    ):
        with np.errstate(over="ignore", invalid="ignore"):
            heights = picture.bottom() - (values - low) / (high - low) * picture.height()
        painter.setPen(QPen(QColor(colour), width))
        painter.drawPolyline(_line(places, np.nan_to_num(heights, nan=_FARTHEST, posinf=_FARTHEST, neginf=-_FARTHEST)))


def _line(x: FloatArray, y: FloatArray) -> QPolygonF:
    return QPolygonF(
        [QPointF(*point) for point in zip(x.tolist(), np.clip(y, -_FARTHEST, _FARTHEST).tolist(), strict=True)]
    )


def _draw_texts(painter: QPainter, scene: Scene, index: int, layout: Layout, theme: Theme) -> None:
    picture, line = layout.pictures[index], layout.line_height
    font, is_held = QFont(painter.font()), index == scene.held
    title = QRectF(picture.left(), picture.top() - 2.0 * line - 2.0, picture.width(), line)
    if is_held:
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
    painter.setPen(QColor(theme.text if is_held else theme.muted))
    text = _title(scene.names[index], painter.fontMetrics(), int(title.width()))
    painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, text)
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    if not layout.has_ends:
        return
    half, foot = 0.5 * picture.width() - 2.0, picture.bottom() + 2.0
    for end, left, side in (
        (scene.ends[0], picture.left(), Qt.AlignmentFlag.AlignLeft),
        (scene.ends[1], picture.left() + half + 4.0, Qt.AlignmentFlag.AlignRight),
    ):
        shown = painter.fontMetrics().elidedText(end, Qt.TextElideMode.ElideRight, int(half))
        painter.drawText(QRectF(left, foot, half, line), side | Qt.TextFlag.TextSingleLine, shown)


def _title(name: tuple[str, str], metrics: QFontMetrics, width: int) -> str:
    """Return such as "age = 28"; where there is little room the value alone."""
    text = " = ".join(name)
    shown = text if metrics.horizontalAdvance(text) <= width else f"= {name[1]}"
    return metrics.elidedText(shown, Qt.TextElideMode.ElideRight, width)


def _draw_ticks(painter: QPainter, scene: Scene, layout: Layout, theme: Theme) -> None:
    picture, line = layout.pictures[0], layout.line_height
    low, high = scene.interaction.y[0], scene.interaction.y[-1]
    painter.setPen(QColor(theme.muted))
    for value, tick in scene.ticks():
        height = picture.bottom() - float((value - low) / (high - low)) * picture.height()
        place = QRectF(0.0, height - 0.5 * line, picture.left() - 4.0, line)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine, tick)


def draw_cursor(painter: QPainter, scene: Scene, layout: Layout, theme: Theme, x: float) -> None:
    """Draw a line at x in each cell, with the mean there above it."""
    means = scene.interaction.mean_at(x)
    if not np.isfinite(x) or not scene.interaction.x[0] <= x <= scene.interaction.x[-1]:
        return
    for picture, mean in zip(layout.pictures, means.tolist(), strict=True):
        place, line = scene.x_place(picture, x), layout.line_height
        painter.setPen(QPen(QColor(theme.cursor), 1.5))
        painter.drawLine(QPointF(place, picture.top()), QPointF(place, picture.bottom()))
        text = QRectF(picture.left(), picture.top() - line - 2.0, picture.width(), line)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, f"≈ {significant(mean)}")
