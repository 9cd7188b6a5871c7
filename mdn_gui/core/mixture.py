"""A batch of Gaussian mixtures: p(y given x) at N values of x."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mdn_gui.core import component_sums
from mdn_gui.core.component_sums import Components, in_blocks
from mdn_gui.core.dataset import FloatArray, frozen_array
from mdn_gui.core.heights import Heights
from mdn_gui.core.modes import find_modes
from mdn_gui.core.quantiles import quantiles
from mdn_gui.core.regions import highest_density_regions
from mdn_gui.errors import DataError

_WEIGHT_TOLERANCE = 1e-6
_ROUNDING = 1e-12
"""Weights that miss 1 by more than this carry single-precision rounding and are divided by their sum."""


@dataclass(frozen=True, eq=False)
class ConditionalMixture:
    """The conditional density p(y given x) at a batch of N values of x; a row gives the same bits in any batch.

    Parameters
    ----------
    weights : array_like [N, K]
        Mixing weights, each at least 0; a row sums to 1 within 1e-6, the rest is divided out.
    locs : array_like [N, K]
        Component means, data units.
    scales : array_like [N, K]
        Component sds, data units, positive.

    Raises
    ------
    DataError
        When the shapes differ, a value is not finite, a scale is not positive or the weights are not weights.

    Notes
    -----
    Methods that take ``y`` read a number or [N] as one value a row and give [N]; they read [N, M] or [1, M] as a
    grid and give [N, M]. Infinite y is allowed, NaN gives NaN. Bishop (1994), Mixture Density Networks.
    """

    weights: FloatArray
    locs: FloatArray
    scales: FloatArray
    _components: Components = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Freeze the arrays and check them."""
        weights, locs, scales = frozen_array(self.weights), frozen_array(self.locs), frozen_array(self.scales)
        _check(weights, locs, scales)
        total = weights.sum(axis=1, keepdims=True)
        off = np.abs(total - 1.0)
        if (off > _WEIGHT_TOLERANCE).any():
            row = int(off.argmax())
            message = f"The weights of row {row} sum to {total[row, 0]:.9g}."
            raise DataError(message, "Give weights that sum to 1 in each row.")
        if (off > _ROUNDING).any():
            weights = frozen_array(np.where(off > _ROUNDING, weights / total, weights))
        for name, value in (("weights", weights), ("locs", locs), ("scales", scales)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_components", Components.of(weights, locs, scales))

    def __len__(self) -> int:
        """Return the number of rows N."""
        return len(self.weights)

    @property
    def num_components(self) -> int:
        """Number of components K."""
        return int(self.weights.shape[1])

    @property
    def variances(self) -> FloatArray:
        """Component variances [N, K], data units squared: the squares of the scales."""
        with np.errstate(over="ignore"):
            variances = np.square(self.scales)
        variances.setflags(write=False)
        return variances

    @property
    def heights(self) -> Heights:
        """The density as what modes and levels are found of."""
        return Heights(self._components)

    def row(self, index: int) -> "ConditionalMixture":
        """Return one row as a batch of N = 1; a negative index counts from the end.

        Raises
        ------
        IndexError
            When there is no such row.
        """
        at = range(len(self))[index]
        return ConditionalMixture(self.weights[at : at + 1], self.locs[at : at + 1], self.scales[at : at + 1])

    def mean(self) -> FloatArray:
        """Return the mixture mean [N], data units."""
        # measured from the heaviest component, so that large equal locs do not leave a rounding error
        reference = self.locs[np.arange(len(self)), self.weights.argmax(axis=1)]
        with np.errstate(over="ignore"):
            mean: FloatArray = reference + (self.weights * (self.locs - reference[:, np.newaxis])).sum(axis=1)
        return mean

    def variance_within(self) -> FloatArray:
        """Return the weighted mean of the component variances [N], data units squared."""
        within: FloatArray = (self.weights * self.variances).sum(axis=1)
        return within

    def variance_between(self) -> FloatArray:
        """Return the variance of the component means about the mixture mean [N], data units squared."""
        with np.errstate(over="ignore"):
            between: FloatArray = (self.weights * np.square(self._deviations())).sum(axis=1)
        return between

    def variance(self) -> FloatArray:
        """Return the mixture variance [N], within plus between, data units squared."""
        return self.variance_within() + self.variance_between()

    def sd(self) -> FloatArray:
        """Return the mixture sd [N], data units; exact even where the variance under- or overflows."""
        deviations = self._deviations()
        reach = np.maximum(np.abs(deviations), self.scales).max(axis=1, keepdims=True)
        squares = np.square(deviations / reach) + np.square(self.scales / reach)
        sd: FloatArray = np.sqrt((self.weights * squares).sum(axis=1)) * reach[:, 0]
        return sd

    def skewness(self) -> FloatArray:
        """Return the third standardised moment [N], without unit."""
        sd = self.sd()[:, np.newaxis]
        distance, width = self._deviations() / sd, self.scales / sd
        skewness: FloatArray = (self.weights * (distance**3 + 3.0 * distance * width**2)).sum(axis=1)
        return skewness

    def log_pdf(self, y: object) -> FloatArray:
        """Return log p(y given x) in nats, for y in data units: [N] or, on a grid, [N, M].

        Raises
        ------
        DataError
            When the shape of ``y`` does not fit.
        """
        return self._evaluate(component_sums.log_density, y)

    def pdf(self, y: object) -> FloatArray:
        """Return p(y given x) per data unit: [N] or, on a grid, [N, M].

        Raises
        ------
        DataError
            When the shape of ``y`` does not fit.
        """
        return self._evaluate(component_sums.density, y)

    def cdf(self, y: object) -> FloatArray:
        """Return P(Y <= y given x): [N] or, on a grid, [N, M]. At an observed y it is the PIT value.

        Raises
        ------
        DataError
            When the shape of ``y`` does not fit.
        """
        return self._evaluate(component_sums.cumulative, y)

    def crps(self, y: object) -> FloatArray:
        """Return the continuous ranked probability score, data units, smaller is better: [N] or [N, M].

        Raises
        ------
        DataError
            When the shape of ``y`` does not fit.

        Notes
        -----
        The closed form of Grimit, Gneiting, Berrocal and Johnson (2006): E|Y - y| - E|Y - Y'| / 2.
        """
        values, per_row = self.as_grid(y)
        near = in_blocks(component_sums.expected_distance, self._components, values)
        spread = component_sums.expected_spread(self._components)
        score = np.where(np.isinf(values), np.inf, np.maximum(near - 0.5 * spread, 0.0))
        return score[:, 0] if per_row else score

    def interval_probability(self, lower: object, upper: object) -> FloatArray:
        """Return P(lower < Y <= upper given x): [N] or, when either is a grid, [N, M].

        Raises
        ------
        DataError
            When a shape does not fit or a lower end lies above its upper end.
        """
        (low, low_per_row), (high, high_per_row) = self.as_grid(lower), self.as_grid(upper)
        if low.shape[1] != high.shape[1] and 1 not in {low.shape[1], high.shape[1]}:
            raise DataError(f"Ends of {low.shape[1]} and {high.shape[1]} intervals do not match.", "Give as many.")
        if (low > high).any():
            raise DataError("The lower end of an interval lies above its upper end.", "Exchange the two ends.")
        low, high = np.broadcast_arrays(low, high)
        sums = component_sums
        below = in_blocks(sums.cumulative, self._components, high) - in_blocks(sums.cumulative, self._components, low)
        above = in_blocks(sums.survival, self._components, low) - in_blocks(sums.survival, self._components, high)
        # each is accurate in its own tail
        probability = np.where(low > self.mean()[:, np.newaxis], above, below)
        return probability[:, 0] if low_per_row and high_per_row else probability

    def quantile(self, q: float | Sequence[float] | FloatArray) -> FloatArray:
        """Return the y at which the cdf is ``q``, data units.

        Parameters
        ----------
        q : float or array_like [M]
            Probabilities; 0 gives -inf and 1 gives inf.

        Returns
        -------
        array [N] for a number, [N, M] for [M]

        Raises
        ------
        DataError
            When a probability is not between 0 and 1 or ``q`` has more than one axis.
        """
        asked = np.asarray(q, dtype=np.float64)
        if asked.ndim > 1:
            raise DataError(f"Probabilities have shape {asked.shape}.", "Give one number or a list of numbers.")
        if not ((asked >= 0.0) & (asked <= 1.0)).all():
            raise DataError("A probability is not between 0 and 1.", "Give probabilities from 0 to 1.")
        levels = np.broadcast_to(np.atleast_1d(asked), (len(self), asked.size))
        result = np.where(levels < 0.5, -np.inf, np.inf)
        rows, columns = np.nonzero((levels > 0.0) & (levels < 1.0))
        result[rows, columns] = quantiles(self._components.take(rows), levels[rows, columns])
        return result if asked.ndim else result[:, 0]

    def modes(self) -> tuple[FloatArray, ...]:
        """Return the local maxima of each row's density: N ascending arrays [J], 1 <= J <= K, data units."""
        rows, modes = find_modes(self.heights)
        counts = np.bincount(rows, minlength=len(self))
        return tuple(np.split(modes, np.cumsum(counts)[:-1])) if len(self) else ()

    def hdr(self, mass: float) -> tuple[FloatArray, ...]:
        """Return the highest-density region of each row: N arrays [J, 2] of disjoint ascending intervals.

        Parameters
        ----------
        mass : float
            Probability of the region, between 0 and 1, neither included.

        Raises
        ------
        DataError
            When the mass is not between 0 and 1.

        Notes
        -----
        Hyndman (1996), Computing and graphing highest density regions.
        """
        return highest_density_regions(self.heights, float(mass))

    def sample(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Return ``size`` independent draws from each row [N, size], data units.

        Parameters
        ----------
        rng : numpy.random.Generator
            Source of randomness; the same state and batch give the same draws.
        size : int
            Draws a row.
        """
        reached = np.cumsum(self.weights, axis=1)
        # rounding must not let the draw pass the last component that has a weight
        reached[reached >= reached[:, -1:]] = np.inf
        uniform = rng.random((len(self), size))
        chosen = np.zeros((len(self), size), dtype=np.intp)
        for k in range(self.num_components - 1):
            chosen += uniform >= reached[:, k : k + 1]
        locs, scales = (np.take_along_axis(array, chosen, axis=1) for array in (self.locs, self.scales))
        draws: FloatArray = locs + scales * rng.standard_normal((len(self), size))
        return draws

    def component_points(self, deviate: float) -> FloatArray:
        """Return loc + deviate * scale of each component [N, K], data units: there its cdf is the normal one's."""
        return np.asarray(self.locs + deviate * self.scales)

    def component_pdf(self, y: FloatArray) -> FloatArray:
        """Return weight times density of each component [N, M, K], per data unit, at points ``y`` [M], data units."""
        weights, locs, scales = (array[:, np.newaxis, :] for array in (self.weights, self.locs, self.scales))
        standard = (y[:, np.newaxis] - locs) / scales
        return np.asarray(weights * np.exp(-0.5 * standard**2) / (scales * np.sqrt(2 * np.pi)))

    def _deviations(self) -> FloatArray:
        with np.errstate(over="ignore"):
            return self.locs - self.mean()[:, np.newaxis]

    def _evaluate(self, function: component_sums.Sum, y: object) -> FloatArray:
        values, per_row = self.as_grid(y)
        result = in_blocks(function, self._components, values)
        return result[:, 0] if per_row else result

    def as_grid(self, y: object) -> tuple[FloatArray, bool]:
        """Return ``y`` as [N, M] or [1, M], with whether it held one value a row.

        Raises
        ------
        DataError
            When its shape is none of those.
        """
        values = np.asarray(y, dtype=np.float64)
        if values.ndim == 0:
            return values.reshape(1, 1), True
        if values.shape == (len(self),):
            return values[:, np.newaxis], True
        if values.ndim == 2 and len(values) in {1, len(self)}:
            return values, False
        message = f"y has shape {values.shape}; the mixture has {len(self)} row(s)."
        raise DataError(message, f"Give [{len(self)}] for one value a row, or a grid [1, M] or [{len(self)}, M].")


def _check(weights: FloatArray, locs: FloatArray, scales: FloatArray) -> None:
    if weights.ndim != 2 or not weights.shape == locs.shape == scales.shape or not weights.shape[1]:
        message = f"Weights {weights.shape}, locs {locs.shape} and scales {scales.shape} do not fit together."
        raise DataError(message, "Give three arrays [N, K].")
    if not (np.isfinite(weights).all() and np.isfinite(locs).all() and np.isfinite(scales).all()):
        raise DataError("A mixture parameter is not a finite number.", "Give finite weights, locs and scales.")
    if (scales <= 0).any():
        raise DataError("A scale is not positive.", "Give component sds above 0.")
    if (weights < 0).any():
        raise DataError("A weight is negative.", "Give weights of at least 0.")
