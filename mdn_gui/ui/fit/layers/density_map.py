"""The density p(y given x) as a picture."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from mdn_gui.core.dataset import FloatArray
from mdn_gui.ui.fit.layers.colour_key import ColourKey, draw_key
from mdn_gui.ui.fit.layers.frame import COLOURS, Frame, Look
from mdn_gui.ui.fit.layers.layer import Depth, Layer, paint_image
from mdn_gui.ui.numbers import significant
from mdn_gui.ui.theme import Theme

_DECADES = 4.0
"""Powers of ten below the highest densities that a logarithmic scale shows."""
_SOFTEST = 130
"""Greatest opacity of the ground in one hue, of 255: what lies on it can be read."""
_SOFT_END = 0.12
"""Share of a colour map over which it rises out of the ground."""


class DensityMap(Layer):
    """p(y given x): a soft ground in one hue, or a colour map; linear or logarithmic."""

    depth = Depth.GROUND
    depth_above = Depth.MARK

    def __init__(self, view: Any = None) -> None:
        super().__init__(view)
        self._ink: FloatArray = np.zeros((0, 0))
        self._look = Look()
        self._top = 0.0
        self._parts: list[tuple[QRectF, slice]] = []
        self._images: list[tuple[QRectF, QImage]] = []

    def draw(self, frame: Frame) -> None:
        """Draw the density of a frame."""
        super().draw(frame)
        if frame.mixture is not None:
            self._look = frame.subject.look
            density = frame.mixture.pdf(frame.y[np.newaxis])
            self._ink = ink_of(density, self._look)
            self._top = 0.0 if self._look.is_soft else top_of(density, self._look)
            self._parts = [(frame.area_of(stretch), stretch) for stretch in frame.stretches]
            self._make_images()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._make_images()

    def _make_images(self) -> None:
        """Make the picture; of a category one for each level."""
        table = table_of(self._look, self._theme)
        self._images = [(area, picture(self._ink[stretch], table)) for area, stretch in self._parts]

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the picture."""
        for area, image in self._images:
            paint_image(painter, image, area)

    def paint_above(self, painter: QPainter) -> None:
        """Say at the lower right what the colours mean, where they are more than a soft ground."""
        if self._top > 0.0:
            draw_key(painter, self._bounds.topRight(), self.key())

    def key(self) -> ColourKey:
        """Return what the colours mean: densities per unit of the target."""
        low, text = "0", QCoreApplication.translate("Layers", "{top} per unit")
        if self._look.scale == "log":
            low = significant(self._top * 10.0**-_DECADES, 2)
            text = QCoreApplication.translate("Layers", "{top} per unit, log")
        high = text.format(top=significant(self._top, 2))
        ramp = picture(np.linspace(0.0, 1.0, 256)[:, np.newaxis], table_of(self._look, self._theme))
        return ColourKey(low, high, ramp, self._theme)


def ink_of(density: FloatArray, look: Look) -> FloatArray:
    """Return the ink [N, M], 0 to 1, of a density [N, M].

    In one hue a linear scale is softened: the square root of the share of the 99th percentile. A colour map is linear
    up to the 99.9th percentile. A logarithmic scale shows four decades below that.
    """
    top = top_of(density, look)
    if not top > 0:
        return np.zeros_like(density)
    share = _finite(density) / top
    if look.scale == "log":
        with np.errstate(divide="ignore"):
            share = 1.0 + np.log10(share) / _DECADES
    share = np.clip(share, 0.0, 1.0)
    return np.asarray(np.sqrt(share) if look.is_soft else share)


def top_of(density: FloatArray, look: Look) -> float:
    """Return the density, per data unit, from which on ink is full: a percentile of a density [N, M]; 0 for none."""
    finite = _finite(density)
    top = float(np.quantile(finite, 0.99 if look.is_soft else 0.999))
    return top if top > 0 else float(finite.max())


def _finite(density: FloatArray) -> FloatArray:
    return np.where(np.isfinite(density), density, np.finfo(np.float64).max)


def table_of(look: Look, theme: Theme) -> np.ndarray:
    """Return 256 colours [256, 4], red, green, blue, opacity, from no density to the highest.

    Colour maps begin at the ground of the theme: they run from light to dark on a light one, from dark to light on a
    dark one, so that their lightness is monotone.
    """
    table = np.empty((256, 4), dtype=np.ubyte)
    if look.colours == COLOURS[0]:
        colour = QColor(theme.density)
        table[:, :3] = (colour.red(), colour.green(), colour.blue())
        table[:, 3] = np.linspace(0, _SOFTEST, 256)
        return table
    colours = pg.colormap.get(look.colours).getLookupTable(0.0, 1.0, 256)[:, :3]
    table[:, :3] = colours if theme.is_dark else colours[::-1]
    table[:, 3] = np.clip(np.linspace(0.0, 255.0 / _SOFT_END, 256), 0.0, 255.0)
    return table


def picture(ink: FloatArray, table: np.ndarray) -> QImage:
    """Return a picture of ``ink`` [N, M], 0 to 1, in colours ``table`` [256, 4]; its first row is the least y."""
    opacity = table[:, 3:].astype(np.uint32)
    red, green, blue = ((table[:, :3] * opacity + 127) // 255).T.astype(np.uint32)
    words = (opacity[:, 0] << 24) | (red << 16) | (green << 8) | blue
    cells = np.ascontiguousarray(words[np.rint(255.0 * ink.T).astype(np.uint8)])
    height, width = cells.shape
    image = QImage(cells.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # of its own: the array goes
