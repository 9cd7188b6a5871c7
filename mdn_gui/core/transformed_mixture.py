"""A batch of Gaussian mixtures in a transformed target, read in the units of the target itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mdn_gui.core import log_normal, logit_normal
from mdn_gui.core.component_moments import ComponentMoments, MixtureMoments, mixture_moments
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.heights import Heights
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.modes import find_modes
from mdn_gui.core.regions import highest_density_regions
from mdn_gui.core.transform import NONE, Transform

_MOMENTS = {"log": log_normal.component_moments, "logit": logit_normal.component_moments}
_SCORES = {"log": log_normal.score, "logit": logit_normal.score}


@dataclass(frozen=True, eq=False)
class TransformedMixture:
    """The conditional density p(y given x) at N values of x, where z = g(y) has a Gaussian mixture.

    Parameters
    ----------
    base : ConditionalMixture
        p(z given x), units of z.
    transform : Transform
        The map z = g(y), not the identity.

    Notes
    -----
    It is read like :class:`ConditionalMixture`, whose documentation of shapes and errors holds here; all of it is in
    data units. A component is log-normal or logit-normal; its loc and scale are its mean and sd, data units. What has a
    closed form is taken from it; means, variances and the CRPS of logit-normal components are quadratures, within
    1e-9 of the value. A moment that no float holds is infinite, never NaN.
    """

    base: ConditionalMixture
    transform: Transform

    def __len__(self) -> int:
        """Return the number of rows N."""
        return len(self.base)

    @property
    def num_components(self) -> int:
        """Number of components K."""
        return self.base.num_components

    @property
    def weights(self) -> FloatArray:
        """Mixing weights [N, K]."""
        return self.base.weights

    @cached_property
    def locs(self) -> FloatArray:
        """Component means [N, K], data units."""
        return _read_only(self._parts.means)

    @cached_property
    def scales(self) -> FloatArray:
        """Component sds [N, K], data units."""
        with np.errstate(over="ignore"):
            return _read_only(np.exp(self._parts.log_sds))

    @cached_property
    def variances(self) -> FloatArray:
        """Component variances [N, K], data units squared: the squares of the scales."""
        with np.errstate(over="ignore"):
            return _read_only(np.square(self.scales))

    @property
    def heights(self) -> Heights:
        """The density as what modes and levels are found of."""
        return Heights(self.base.heights.components, self.transform)

    def row(self, index: int) -> "TransformedMixture":
        """Return one row as a batch of N = 1; a negative index counts from the end."""
        return TransformedMixture(self.base.row(index), self.transform)

    def mean(self) -> FloatArray:
        """Return the mixture mean [N], data units."""
        return self._moments.mean

    def variance_within(self) -> FloatArray:
        """Return the weighted mean of the component variances [N], data units squared."""
        return self._moments.within

    def variance_between(self) -> FloatArray:
        """Return the variance of the component means about the mixture mean [N], data units squared."""
        return self._moments.between

    def variance(self) -> FloatArray:
        """Return the mixture variance [N], within plus between, data units squared."""
        return self._moments.within + self._moments.between

    def sd(self) -> FloatArray:
        """Return the mixture sd [N], data units; exact even where the variance under- or overflows."""
        return self._moments.sd

    def skewness(self) -> FloatArray:
        """Return the third standardised moment [N], without unit."""
        return self._moments.skewness

    def log_pdf(self, y: object) -> FloatArray:
        """Return log p(y given x) in nats: [N] or, on a grid, [N, M]; -inf outside the target's range."""
        z = self._transformed(y)
        with np.errstate(invalid="ignore"):
            log_density = self.base.log_pdf(z) - self.transform.log_slope(z)
        return np.asarray(np.where(np.isinf(z), -np.inf, log_density))

    def pdf(self, y: object) -> FloatArray:
        """Return p(y given x) per data unit: [N] or, on a grid, [N, M]; 0 outside the target's range."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(self.log_pdf(y)))

    def cdf(self, y: object) -> FloatArray:
        """Return P(Y <= y given x): [N] or, on a grid, [N, M]. At an observed y it is the PIT value."""
        return self.base.cdf(self._transformed(y))

    def crps(self, y: object) -> FloatArray:
        """Return the continuous ranked probability score, data units: [N] or, on a grid, [N, M]."""
        values, per_row = self.base.as_grid(y)
        finite = np.where(np.isfinite(values), values, 0.5)
        score = _SCORES[self.transform.name](self.base.heights.components, finite, self.transform.forward(finite))
        score = np.where(np.isfinite(values), score, np.abs(values))
        return score[:, 0] if per_row else score

    def interval_probability(self, lower: object, upper: object) -> FloatArray:
        """Return P(lower < Y <= upper given x): [N] or, when either is a grid, [N, M]."""
        return self.base.interval_probability(self._transformed(lower), self._transformed(upper))

    def quantile(self, q: float | Sequence[float] | FloatArray) -> FloatArray:
        """Return the y at which the cdf is ``q``, data units: [N] for a number, [N, M] for [M]."""
        return self.transform.inverse(self.base.quantile(q))

    def modes(self) -> tuple[FloatArray, ...]:
        """Return the local maxima of each row's density: N ascending arrays [J], J at least 1, data units.

        Modes that no float tells apart, next to an end of the target's range, are one.
        """
        rows, modes = find_modes(self.heights)
        found = self.transform.inverse(modes)
        counts = np.bincount(rows, minlength=len(self))
        return tuple(map(np.unique, np.split(found, np.cumsum(counts)[:-1]))) if len(self) else ()

    def hdr(self, mass: float) -> tuple[FloatArray, ...]:
        """Return the highest-density region of each row: N arrays [J, 2] of disjoint ascending intervals."""
        regions = highest_density_regions(self.heights, float(mass))
        return tuple(_joined(self.transform.inverse(region)) for region in regions)

    def sample(self, rng: np.random.Generator, size: int) -> FloatArray:
        """Return ``size`` independent draws from each row [N, size], data units."""
        return self.transform.inverse(self.base.sample(rng, size))

    def component_points(self, deviate: float) -> FloatArray:
        """Return the points [N, K], data units, where each component's cdf is the normal one at ``deviate``."""
        return self.transform.inverse(self.base.component_points(deviate))

    def component_pdf(self, y: FloatArray) -> FloatArray:
        """Return weight times density of each component [N, M, K], per data unit, at points ``y`` [M], data units."""
        z = self.transform.forward(y)
        inside = np.isfinite(z)
        at = np.where(inside, z, 0.0)
        with np.errstate(over="ignore", divide="ignore"):
            logs = np.log(self.base.component_pdf(at)) - self.transform.log_slope(at)[:, np.newaxis]
            return np.asarray(np.where(inside[:, np.newaxis], np.exp(logs), 0.0))

    @cached_property
    def _parts(self) -> ComponentMoments:
        return _MOMENTS[self.transform.name](self.base.locs, self.base.scales)

    @cached_property
    def _moments(self) -> MixtureMoments:
        return MixtureMoments(*map(_read_only, mixture_moments(self.weights, self._parts)))

    def _transformed(self, y: object) -> FloatArray:
        return self.transform.forward(np.asarray(y, dtype=np.float64))


ConditionalDensity = ConditionalMixture | TransformedMixture
"""p(y given x) at N values of x, data units: what a model gives, whatever the transform of its target."""


def in_data_units(mixture: ConditionalMixture, transform: Transform) -> ConditionalDensity:
    """Return p(y given x) where ``mixture`` is p(z given x)."""
    return mixture if transform is NONE else TransformedMixture(mixture, transform)


def _read_only(values: FloatArray) -> FloatArray:
    values.setflags(write=False)
    return values


def _joined(region: FloatArray) -> FloatArray:
    """Return the intervals [J, 2] with those joined that no float tells apart."""
    apart = region[1:, 0] > region[:-1, 1]
    return np.column_stack((region[np.append(True, apart), 0], region[np.append(apart, True), 1]))
