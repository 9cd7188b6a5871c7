"""Where on the canvas of a slice a value is drawn."""

from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPolygonF

from mdn_gui.core.dataset import FloatArray

TOP, STRIP = 17.0, 12.0
"""Logical pixels kept for texts above the curves, for region, ticks below the base line."""


_HIGHEST = 4.0
"""Full heights up to which is drawn: what lies higher is not seen, and a painter takes no huge numbers."""


class Frame(NamedTuple):
    """A canvas with its scales.

    Parameters
    ----------
    width, height : float
        Of the canvas, logical pixels.
    low, high : float
        Ends of the target's axis, data units.
    top : float
        What is drawn at full height: a density per data unit, or the probability 1; 0 where nothing is.
    """

    width: float
    height: float
    low: float
    high: float
    top: float

    @property
    def base(self) -> float:
        """Where 0 is, logical pixels from above."""
        return max(self.height - STRIP, TOP + 1.0)

    @property
    def unit(self) -> float:
        """Data units of the target in a logical pixel."""
        return (self.high - self.low) / max(self.width, 1.0)

    def across(self, y: float) -> float:
        """Return where a value of the target is, logical pixels from the left; little outside where it is far."""
        return min(max((y - self.low) / self.unit, -10.0), self.width + 10.0)

    def up(self, value: float) -> float:
        """Return where a density or a probability is, logical pixels from above."""
        return self.base - (self.base - TOP) * (value / self.top if self.top > 0.0 else 0.0)

    def polygon(self, y: FloatArray, values: FloatArray) -> QPolygonF:
        """Return the line through ``values`` [M] at ``y`` [M]."""
        return points_line((y - self.low) / self.unit, self.heights(values))

    def filled(self, y: FloatArray, values: FloatArray) -> QPolygonF:
        """Return the area between ``values`` [M] at ``y`` [M] and the base line."""
        polygon = self.polygon(y, values)
        polygon.append(QPointF((float(y[-1]) - self.low) / self.unit, self.base))
        polygon.append(QPointF((float(y[0]) - self.low) / self.unit, self.base))
        return polygon

    def heights(self, values: FloatArray) -> FloatArray:
        """Return :meth:`up` of many values, whatever their shape."""
        if self.top <= 0.0:
            return np.full_like(values, self.base)
        return np.asarray(self.base - np.minimum(values / self.top, _HIGHEST) * (self.base - TOP))


def points_line(across: FloatArray, up: FloatArray) -> QPolygonF:
    """Return the line through points [M], logical pixels."""
    polygon: QPolygonF = pg.functions.create_qpolygonf(len(across))
    points = pg.functions.ndarray_from_qpolygonf(polygon)
    points[:, 0], points[:, 1] = across, up
    return polygon
