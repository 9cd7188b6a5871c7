"""Random mixtures with what is true of them by quadrature, worked out without the package under test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

_DEVIATES = (0.0, 0.5, 1.0, 1.75, 2.5, 3.5, 5.0, 7.0, 10.0, 14.0)
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(20)


@dataclass(frozen=True, eq=False)
class Law:
    """One Gaussian mixture: weights, locs, scales, each [K], integrated in panels no wider than its features."""

    weights: Floats
    locs: Floats
    scales: Floats

    def pdf(self, y: Floats) -> Floats:
        """Return the density at ``y`` [M]."""
        standard = (y[:, np.newaxis] - self.locs) / self.scales
        return (self.weights / self.scales * np.exp(-0.5 * standard**2)).sum(axis=1) / np.sqrt(2.0 * np.pi)

    def cdf(self, y: Floats) -> Floats:
        """Return the cdf at ``y`` [M]."""
        return (self.weights * ndtr((y[:, np.newaxis] - self.locs) / self.scales)).sum(axis=1)

    def slope(self, y: Floats) -> Floats:
        """Return the derivative of the density at ``y`` [M]."""
        standard = (y[:, np.newaxis] - self.locs) / self.scales
        return -(self.weights / self.scales**2 * standard * np.exp(-0.5 * standard**2)).sum(axis=1) / np.sqrt(2 * np.pi)

    def ends(self, *more: float) -> Floats:
        """Return the ends of the panels [P + 1]."""
        points = [self.locs + sign * deviate * self.scales for deviate in _DEVIATES for sign in (-1.0, 1.0)]
        return np.unique(np.concatenate([*points, more]))

    def integral(self, function: Callable[[Floats], Floats], *more: float) -> float:
        """Integrate ``function`` over the line; ``more`` are places where it has a step."""
        ends = self.ends(*more)
        half, middle = 0.5 * np.diff(ends)[:, np.newaxis], 0.5 * (ends[1:] + ends[:-1])[:, np.newaxis]
        values = function((middle + half * _NODES).ravel()).reshape(len(half), -1)
        return float((values * _NODE_WEIGHTS * half).sum())

    def moments(self) -> tuple[float, float, float]:
        """Return mean, variance, skewness."""
        mean = self.integral(lambda y: y * self.pdf(y))
        variance = self.integral(lambda y: (y - mean) ** 2 * self.pdf(y))
        third = self.integral(lambda y: (y - mean) ** 3 * self.pdf(y))
        return mean, variance, third / variance**1.5

    def crps(self, at: float) -> float:
        """Return the integral of the squared distance between the cdf and the step at ``at``."""
        return self.integral(lambda y: (self.cdf(y) - (y >= at)) ** 2, at)

    def modes(self) -> Floats:
        """Return the midpoints of the cells of a fine grid in which the density stops rising [J]."""
        ends = self.ends()
        grid = np.unique(np.concatenate([np.linspace(low, high, 40) for low, high in pairwise(ends)]))
        rises = self.slope(grid) > 0
        falls = np.flatnonzero(rises[:-1] & ~rises[1:])
        return 0.5 * (grid[falls] + grid[falls + 1])


def random_laws(count: int, seed: int = 0) -> Iterator[Law]:
    """Yield mixtures of 1 to 12 components; narrow ones in broad ones, small weights among large ones."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        num_components = int(rng.integers(1, 13))
        weights = rng.dirichlet(np.full(num_components, rng.choice([0.3, 1.0, 5.0])))
        scales = np.exp(rng.normal(-0.5, rng.choice([0.1, 1.0, 2.0]), num_components))
        yield Law(weights, rng.normal(0.0, 3.0, num_components), scales)
