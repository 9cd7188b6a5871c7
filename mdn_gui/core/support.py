"""How many rows stand behind p(y given x) at places along a line through the inputs."""

from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.encoding import ColumnKind, collapsed
from mdn_gui.core.reading import Line

MOST_ROWS = 20_000
"""Rows looked at where there are several inputs; each then stands for as many as there are for each of them."""
_PLENTY = 3.0
"""Rows at which the support is 1 - 1/e."""
_CELLS = 1024
"""Cells along the line in which rows are counted."""
_REACH = 3.5
"""Widths to the farthest row that counts."""


@dataclass(frozen=True, eq=False)
class Support:
    """The rows of a data set, ready to be counted along any line.

    Parameters
    ----------
    columns : array [R, C]
        The rows, or R of them evenly spread over the table: data units, of a category the number of the level.
    widths : array [C]
        How far from a row it counts, data units: its kernel's sd; 0 for a constant column and for a category.
    weight : float
        How many rows each of them stands for.

    Notes
    -----
    The support at x is 1 - exp(-n / 3), where n = sum_i w_i exp(-(x - x_i)^2 / (2 h^2)) counts the rows near x, those
    nearest fully: 0 where there are none, 0.96 with ten. The weight w_i of a row is its closeness in the columns that
    are held: a product of the same kernels, 1 for the level that is held, 0 for another. The widths are those of
    Scott (1992), h_j = s_j N^(-1 / (C + 4)), with s_j the lesser of sd and interquartile range / 1.349; along the line
    half of that, h = h_j / 2, so that a gap in the rows is seen.
    """

    columns: FloatArray
    widths: FloatArray
    weight: float

    @classmethod
    def of(cls, dataset: Dataset) -> "Support":
        """Return the support that a data set gives; with one input every row is looked at."""
        count, num_columns = len(dataset), len(dataset.encodings)
        if num_columns == 1:
            columns = dataset.sorted_column(0)[:, np.newaxis]
        else:
            rows = np.linspace(0, count - 1, min(count, MOST_ROWS)).astype(np.intp)
            columns = collapsed(dataset.encodings, dataset.x[rows])
        seen = columns[np.linspace(0, len(columns) - 1, min(len(columns), MOST_ROWS)).astype(np.intp)]
        with np.errstate(over="ignore"):
            quartiles = np.percentile(seen, (25, 75), axis=0)
            spread, sd = (quartiles[1] - quartiles[0]) / 1.349, seen.std(axis=0)
        spread = np.where((spread > 0) & (spread < sd), spread, sd)
        is_level = np.array([each.kind is ColumnKind.CATEGORY for each in dataset.encodings])
        widths = np.where(is_level, 0.0, spread * count ** (-1.0 / (num_columns + 4)))
        return cls(columns, widths, count / len(columns))

    def along(self, line: Line, x: FloatArray) -> FloatArray:
        """Return the support [N], 0 to 1, at ascending values ``x`` [N] of the column that moves, data units."""
        if len(line.held) != self.columns.shape[1]:
            return np.ones(len(x))
        with np.errstate(over="ignore", invalid="ignore"):
            counts = self._at_levels(line, x) if line.encodings[line.place].levels else self._near(line, x)
            return np.asarray(-np.expm1(-np.nan_to_num(counts) * self.weight / _PLENTY))

    def _closeness(self, line: Line) -> FloatArray | None:
        """Return the weight [R] of each row by its closeness in the columns that are held; None where none is."""
        places = [place for place, _ in line.others()]
        if not places:
            return None
        distance = np.abs(self.columns[:, places] - line.held[places])
        widths = self.widths[places]
        scaled = np.where(widths > 0, distance / np.where(widths > 0, widths, 1.0), np.where(distance < 0.5, 0.0, 99.0))
        return np.asarray(np.exp(-0.5 * np.square(scaled).sum(axis=1)))

    def _at_levels(self, line: Line, x: FloatArray) -> FloatArray:
        last = len(line.encodings[line.place].levels) - 1
        levels = self.columns[:, line.place].astype(np.intp)
        counts = np.bincount(levels, weights=self._closeness(line), minlength=last + 1)
        return np.asarray(counts[np.clip(np.round(x), 0, last).astype(np.intp)], dtype=np.float64)

    def _near(self, line: Line, x: FloatArray) -> FloatArray:
        width, values, weights = 0.5 * self.widths[line.place], self.columns[:, line.place], self._closeness(line)
        edges = np.linspace(x[0] - 4.0 * width, x[-1] + 4.0 * width, _CELLS + 1)
        cell = edges[1] - edges[0]
        if not cell > 0:  # a range that floats do not divide
            return np.full(len(x), float(len(values)))
        if weights is None:
            counts = np.diff(np.searchsorted(values, edges)).astype(np.float64)
        else:
            inside = (values >= edges[0]) & (values < edges[-1])
            cells = ((values[inside] - edges[0]) / cell).astype(np.intp)
            cells = np.minimum(cells, _CELLS - 1)
            counts = np.bincount(cells, weights=weights[inside], minlength=_CELLS).astype(np.float64)
        sd = max(width / cell, 0.5)
        offsets = np.arange(-np.ceil(_REACH * sd), np.ceil(_REACH * sd) + 1)
        near = np.convolve(counts, np.exp(-0.5 * np.square(offsets / sd)), mode="same")
        return np.interp(x, 0.5 * (edges[1:] + edges[:-1]), near)
