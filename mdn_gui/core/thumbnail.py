"""A small picture of p(y given x) of a model, made from the model alone."""

from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.reading import Line
from mdn_gui.core.transformed_mixture import ConditionalDensity

SHAPE = (48, 32)
"""Cells along x, along y."""
_TAIL = 0.01
"""Probability that lies below the range of y at one x; as much lies above it."""
_PASSED_OVER = 20
"""One place of so many may reach farther than the range of y, at either end: a flare would flatten all the rest."""
_MARGIN = 0.04
_LEAST_HEIGHT = 1e-300


@dataclass(frozen=True, eq=False)
class Thumbnail:
    """p(y given x) along the first column, the others at their middle.

    Parameters
    ----------
    density : array [N, M]
        Mean density in each cell, per data unit; x ascending, y ascending. Of a category each level is as wide as
        another.
    means : array [N, K]
        Component means as shares of the height: 0 at the bottom, 1 at the top, outside of that where they are not in
        the picture; may be infinite.
    weights : array [N, K]
        Their weights.
    low, high : float
        The range of y, data units.
    """

    density: FloatArray
    means: FloatArray
    weights: FloatArray
    low: float
    high: float


def thumbnail(model: FittedModel, shape: tuple[int, int] = SHAPE) -> Thumbnail:
    """Return the picture of a model in shape[0] cells along x, shape[1] along y; it takes a few milliseconds.

    The range of x is that of the rows it learned from, the range of y holds nearly all of p(y given x) nearly
    everywhere on it.
    """
    mixture = model.conditional(_line(model).inputs(_places(model, shape[0])))
    low, high = _range(mixture)
    edges = np.linspace(low, high, shape[1] + 1)
    # probabilities of cells, not densities at their middles: a ridge narrower than a cell is not missed
    density = np.diff(mixture.cdf(edges[np.newaxis]), axis=1) / (high - low) * shape[1]
    with np.errstate(invalid="ignore", over="ignore"):
        means = np.nan_to_num((mixture.locs - low) / (high - low), nan=np.inf, posinf=np.inf, neginf=-np.inf)
    return Thumbnail(np.nan_to_num(np.maximum(density, 0.0)), means, mixture.weights, low, high)


def _line(model: FittedModel) -> Line:
    return Line(model.provenance.encodings, 0, model.provenance.middle)


def _places(model: FittedModel, count: int) -> FloatArray:
    """Return the values [N] of the first column at the middles of the cells: of a category the levels in turn."""
    shares = (np.arange(count) + 0.5) / count
    levels = model.provenance.encodings[0].levels
    if levels:
        return np.floor(shares * len(levels))
    low, high = model.provenance.column_ranges[0]
    return np.asarray(low + (high - low) * shares)


def _range(mixture: ConditionalDensity) -> tuple[float, float]:
    """Return the least and the greatest y of the picture, data units; the second is the greater one."""
    ends = np.sort(mixture.quantile([_TAIL, 1.0 - _TAIL]), axis=0)
    passed_over = len(ends) // _PASSED_OVER
    low, high = float(ends[passed_over, 0]), float(ends[-1 - passed_over, 1])
    most = np.finfo(np.float64).max / 8.0
    low, high = max(low, -most), min(high, most)
    margin = max(_MARGIN * (high - low), 16.0 * np.spacing(max(abs(low), abs(high))), _LEAST_HEIGHT)
    return low - float(margin), high + float(margin)
