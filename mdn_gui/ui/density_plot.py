"""The slice: p(y given x) at the cursor, with its components."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.reading import Reading
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.theme import LIGHT, Theme

_POINTS = 150
_LEAST_WEIGHT = 1e-6
"""A component of less weight has no peak that could be missed, unless it is a million times as narrow as the others."""
_LEAST_INK = 2e-3
"""Share of the peak below which a component is not drawn, so that the base line stays calm."""


class _Components(pg.GraphicsObject):
    """The curves of all components as one item: pyqtgraph spends more time on an item than on drawing it."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[QPainterPath] = []
        self._bounds = QRectF()
        self.pens: list[QPen] = []

    def set_range(self, low: float, high: float) -> None:
        """Take the target's range as the extent."""
        self.prepareGeometryChange()
        self._bounds = QRectF(low, -0.02, high - low, 1.1)

    def show_curves(self, y: np.ndarray, heights: np.ndarray, *, least: float) -> None:
        """Draw the columns of ``heights`` [M, K] over ``y`` [M] where they exceed ``least``."""
        drawn = (heights > least).T
        self._paths = [
            pg.functions.arrayToQPath(y, heights[:, k], connect=np.append(drawn[k, 1:] & drawn[k, :-1], False))
            if drawn[k].any()
            else QPainterPath()
            for k in range(heights.shape[1])
        ]
        self.update()

    def clear(self) -> None:
        """Draw nothing."""
        self._paths = []
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the extent in data units."""
        return self._bounds

    def paint(self, painter: QPainter, *_: Any) -> None:
        """Draw the curves."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for k, path in enumerate(self._paths):
            painter.setPen(self.pens[k % len(self.pens)])
            painter.drawPath(path)


class DensityPlot(Plot):
    """The density over the target's range, scaled to its peak; the pin's density is an outline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Density of the target at x"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view.setMouseEnabled(x=False, y=False)
        self.getPlotItem().hideAxis("left")
        self._range = (0.0, 1.0)
        self._grid = np.linspace(0.0, 1.0, _POINTS)
        self._whole = pg.PlotCurveItem(fillLevel=0.0, antialias=True)
        self._pinned = pg.PlotCurveItem(antialias=True)
        self._components = _Components()
        for item in (self._whole, self._pinned, self._components):
            self.addItem(item, ignoreBounds=True)
        self.view.setRange(yRange=(-0.02, 1.08), padding=0.0)
        self.show_theme(LIGHT)

    def sizeHint(self) -> QSize:
        """Return a size that fits the side panel."""
        return QSize(260, 150)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        return QSize(160, 80)

    def show_dataset(self, dataset: Dataset) -> None:
        """Take the target's range as the axis."""
        low, high = dataset.target_range
        margin = 0.12 * (high - low) or 1.0
        self._range = (low - margin, high + margin)
        self._grid = np.linspace(*self._range, _POINTS)
        self._components.set_range(*self._range)
        self.view.setRange(xRange=self._range, padding=0.0)

    def show_reading(self, reading: Reading | None) -> None:
        """Draw the density at x, or nothing."""
        if reading is None:
            self._whole.setData([], [])
            self._components.clear()
            return
        y = self._points_of(reading.mixture)
        parts = reading.mixture.component_pdf(y)[0]
        whole = parts.sum(axis=1)
        peak = float(whole.max()) or 1.0
        self._whole.setData(y, whole / peak)
        self._components.show_curves(y, parts / peak, least=_LEAST_INK)

    def show_pin(self, pin: Reading | None) -> None:
        """Draw the pin's density as an outline, or take it away."""
        if pin is None:
            self._pinned.setData([], [])
            return
        y = self._points_of(pin.mixture)
        density = pin.mixture.component_pdf(y)[0].sum(axis=1)
        self._pinned.setData(y, density / (float(density.max()) or 1.0))

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._whole.setPen(self.pen(theme.accent, 1.0))
        self._whole.setBrush(pg.mkBrush(QColor(theme.accent_soft)))
        self._pinned.setPen(self.pen(theme.muted, 1.0, Qt.PenStyle.DashLine))
        self._components.pens = [self.pen(colour, 1.8) for colour in theme.components]
        self._components.update()

    def _points_of(self, mixture: ConditionalDensity) -> np.ndarray:
        """Return the grid with points added around each component mean, so that no narrow peak is missed."""
        around, weighty = np.linspace(-4.0, 4.0, 25), mixture.weights[0] > _LEAST_WEIGHT
        extra = np.concatenate([mixture.component_points(deviate)[0][weighty] for deviate in around.tolist()])
        low, high = self._range
        return np.sort(np.concatenate((self._grid, extra[(extra > low) & (extra < high)])))
