"""The numbers that judge a conditional density on rows with a known target."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core import special
from mdn_gui.core.component_sums import cumulative
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.heights import Heights
from mdn_gui.core.modes import find_antimodes, find_modes
from mdn_gui.core.roots import IndexArray, bracketed_roots
from mdn_gui.core.transformed_mixture import ConditionalDensity
from mdn_gui.errors import DataError

MASSES = (0.5, 0.8, 0.9, 0.95)
"""Nominal masses of the intervals or regions whose coverage is reported."""

_ROWS_AT_ONCE = 16_384
_REGION_ELEMENTS = 1 << 19
"""Rows times K squared in one search for level crossings: 50 MB at most, whatever K is."""

_TAIL = 40.0
"""Sds to the outermost point: float64 holds no mass beyond it."""


class Conditional(Protocol):
    """Anything that gives p(y given x): a fit, a joint mixture, an exact law."""

    def conditional(self, x: FloatArray, /) -> ConditionalDensity:
        """Return p(y given x) at each row of ``x`` [N, D], data units."""


@dataclass(frozen=True)
class Estimate:
    """A mean over rows.

    Parameters
    ----------
    value : float
        In the unit of the rows.
    standard_error : float
        Same unit; infinite where the rows do not tell: a single row, or a row whose value is infinite.
    """

    value: float
    standard_error: float

    @classmethod
    def of_mean(cls, values: FloatArray) -> "Estimate":
        """Return the mean of ``values`` [N], N at least 1, with the standard error sd / sqrt(N)."""
        error = np.inf
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float(values.mean())
            if len(values) > 1 and np.isfinite(values).all():
                error = float(values.std(ddof=1)) / np.sqrt(len(values))
        return cls(mean, float(error))

    @classmethod
    def of_fraction(cls, hits: NDArray[np.bool_]) -> "Estimate":
        """Return the fraction of true ``hits`` [N], N at least 1.

        Notes
        -----
        The standard error is taken after adding two hits, two misses (Agresti and Coull 1998): for many rows it is
        sqrt(c (1 - c) / N), and it is not 0 when every row is hit, or none.
        """
        shrunk, count = (float(hits.sum()) + 2.0) / (len(hits) + 4.0), len(hits) + 4.0
        return cls(float(hits.mean()), float(np.sqrt(shrunk * (1.0 - shrunk) / count)))


@dataclass(frozen=True)
class Uniformity:
    """The Kolmogorov-Smirnov test of values against U(0, 1).

    Parameters
    ----------
    statistic : float
        Greatest distance between the empirical cdf of the values and the diagonal, 0 to 1.
    p_value : float
        Probability of at least this distance among as many independent uniform values.
    """

    statistic: float
    p_value: float

    @classmethod
    def of(cls, values: FloatArray) -> "Uniformity":
        """Test ``values`` [N] between 0 and 1, N at least 1.

        Notes
        -----
        The p-value takes the limit distribution at the corrected argument of Vrbik (2020), Applied Mathematics 11:
        within 0.003 of the exact one from 10 values on, 0.001 from 20; rough for fewer.
        """
        count = len(values)
        ordered, step = np.sort(values), np.arange(count + 1) / count
        distance = max(float((step[1:] - ordered).max()), float((ordered - step[:-1]).max()))
        scaled = np.sqrt(count) * distance
        argument = scaled + 1.0 / (6.0 * np.sqrt(count)) + (scaled - 1.0) / (4.0 * count)
        return cls(distance, float(special.load().kolmogorov(argument)))


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """How well a conditional density fits N rows.

    Parameters
    ----------
    nll : Estimate
        Mean NLL, nats a row, data units; infinite where the density at a row is 0 in float64.
    crps : Estimate
        Mean continuous ranked probability score, data units.
    pit : array [N]
        PIT values: the cdf at each y, from 0 to 1.
    region_mass : array [N]
        Mass of the highest-density region whose edge each y is on: 0 at the greatest density, 1 far out.

    Notes
    -----
    On rows from the law itself both arrays are uniform on (0, 1). PIT: Dawid (1984); Gneiting, Balabdaoui and Raftery
    (2007). Region mass: Hyndman (1996); Harrison, Sutton, Carvalho and Hobson (2015).
    """

    nll: Estimate
    crps: Estimate
    pit: FloatArray
    region_mass: FloatArray

    @property
    def uniformity(self) -> Uniformity:
        """The Kolmogorov-Smirnov test of the PIT values."""
        return Uniformity.of(self.pit)

    def central_coverage(self, mass: float) -> Estimate:
        """Return the fraction of rows inside the central interval of a mass between 0 and 1."""
        return Estimate.of_fraction(np.abs(self.pit - 0.5) <= 0.5 * mass)

    def region_coverage(self, mass: float) -> Estimate:
        """Return the fraction of rows inside the highest-density region of a mass between 0 and 1."""
        return Estimate.of_fraction(self.region_mass <= mass)

    def figures(self) -> dict[str, float]:
        """Return every figure under the name it is reported by, with coverages at :data:`MASSES`."""
        figures = {"nll": self.nll.value, "crps": self.crps.value}
        figures |= {"nll_se": self.nll.standard_error, "crps_se": self.crps.standard_error}
        uniformity = self.uniformity
        figures |= {"pit_ks": uniformity.statistic, "pit_p": uniformity.p_value}
        for kind, coverage in (("central", self.central_coverage), ("hdr", self.region_coverage)):
            for mass in MASSES:
                name, estimate = f"coverage_{kind}_{mass:g}", coverage(mass)
                figures |= {name: estimate.value, f"{name}_se": estimate.standard_error}
        return figures


def diagnose(model: Conditional, x: FloatArray, y: FloatArray) -> Diagnostics:
    """Judge a conditional density on rows, block by block, so that memory stays bounded.

    Parameters
    ----------
    model : Conditional
        What is judged.
    x : array [N, D]
        Inputs, data units.
    y : array [N]
        Targets, data units, finite.

    Raises
    ------
    DataError
        When there are no rows, or the shapes do not fit, or a value is not finite.

    Notes
    -----
    All figures come from closed forms (Bishop 1994; Grimit et al. 2006), but for the edges of the highest-density
    regions, which are roots: a region mass is exact within 1e-7, where the worst case is a y level with a mode.
    """
    if x.ndim != 2 or y.shape != x.shape[:1] or not len(y):
        message = f"Inputs {x.shape} and target {y.shape} cannot be judged."
        raise DataError(message, "Give x [N, D] and y [N] with at least one row.")
    if not np.isfinite(y).all():
        raise DataError("The target holds a value that is not a finite number.", "Leave such rows out.")
    nll, crps, pit, mass = (np.empty(len(y)) for _ in range(4))
    for start in range(0, len(y), _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        mixture = model.conditional(x[block])
        nll[block], crps[block], pit[block] = -mixture.log_pdf(y[block]), mixture.crps(y[block]), mixture.cdf(y[block])
        mass[block] = region_mass(mixture, y[block])
    for array in (pit, mass):
        array.setflags(write=False)
    return Diagnostics(Estimate.of_mean(nll), Estimate.of_mean(crps), pit, mass)


def region_mass(mixture: ConditionalDensity, y: FloatArray) -> FloatArray:
    """Return the mass [N] of the highest-density region whose edge each ``y`` [N], data units, is on."""
    heights, levels = mixture.heights, mixture.log_pdf(y)
    mass = np.empty(len(y))
    step = max(1, _REGION_ELEMENTS // mixture.num_components**2)
    for start in range(0, len(y), step):
        block = slice(start, start + step)
        mass[block] = _mass_above(heights.take(block), levels[block])
    return mass


def _mass_above(heights: Heights, levels: FloatArray) -> FloatArray:
    """Return the probability [N] of a log density greater than ``levels`` [N].

    Around each mode above the level lies an interval whose ends are crossings of the level, or the antimode that the
    mode shares with its neighbour when that is above the level too.
    """
    rows, modes = find_modes(heights)
    above = heights.take(rows).level(modes[:, np.newaxis])[:, 0] > levels[rows]
    rows, modes = rows[above], modes[above]
    antimodes = find_antimodes(heights, rows, modes)
    shared = np.flatnonzero(rows[1:] == rows[:-1])
    part, level = heights.take(rows), levels[rows]
    lower, upper = part.outermost(_TAIL, -1.0), part.outermost(_TAIL, 1.0)
    lower[shared + 1], upper[shared] = antimodes, antimodes
    lower, upper = (_crossings(part, level, modes, feet) for feet in (lower, upper))
    held = cumulative(part.components, upper[:, np.newaxis]) - cumulative(part.components, lower[:, np.newaxis])
    mass: FloatArray = np.minimum(np.bincount(rows, weights=held[:, 0], minlength=len(levels)), 1.0)
    return mass


def _crossings(heights: Heights, level: FloatArray, modes: FloatArray, feet: FloatArray) -> FloatArray:
    """Return where the log density falls to ``level`` [P] between modes, feet [P]; the foot where it does not."""
    falls = np.flatnonzero(heights.level(feet[:, np.newaxis])[:, 0] < level)
    part, level = heights.take(falls), level[falls]
    mode, foot = modes[falls], feet[falls]
    unit, turn = part.unit, np.where(foot < mode, 1.0, -1.0)

    def excess(x: FloatArray, index: IndexArray) -> tuple[FloatArray, FloatArray]:
        local = part.take(index).expansion(x[:, np.newaxis])
        return turn[index] * (local.level[:, 0] - level[index]), turn[index] * local.slope[:, 0] / unit[index]

    ends: FloatArray = feet.copy()
    lower, upper = np.minimum(mode, foot), np.maximum(mode, foot)
    ends[falls] = bracketed_roots(excess, lower, upper, mode + 0.5 * (foot - mode), 1e-13 * unit)
    return ends
