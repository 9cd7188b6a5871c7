"""Simulated laws whose conditional density p(y | x) is known exactly, to hold fitted models against.

The excess of a fitted q, the mean of log p(y | x) - log q(y | x) over a test sample, estimates the mean
Kullback-Leibler divergence of q from p in nats. No model is below 0 but for the noise of the test sample.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special, stats

_LOG_SQRT_2PI = 0.5 * math.log(2.0 * math.pi)


class Cardioid:
    """t ~ U(-pi, pi), r = 2 (1 - cos t), (x, y) = r (sin t, cos t) + N(0, 0.1): up to four branches of y at one x."""

    entropy = 0.0750476
    """H(Y | X), nats."""

    noise_sd = 0.1

    def sample(self, n, rng):
        """Draw x [n] and y [n]."""
        t = rng.uniform(-np.pi, np.pi, n)
        curve_x, curve_y = self._points(t)
        return curve_x + rng.normal(0.0, self.noise_sd, n), curve_y + rng.normal(0.0, self.noise_sd, n)

    def log_p(self, x, y, *, nodes=2048, rows=512):
        """Return log p(y | x) [n]: both integrals over t by the trapezium rule, spectrally accurate on a circle."""
        curve_x, curve_y = self._points(np.linspace(-np.pi, np.pi, nodes, endpoint=False))
        blocks = []
        for begin in range(0, len(x), rows):
            part = slice(begin, begin + rows)
            log_x = -0.5 * ((x[part, None] - curve_x) / self.noise_sd) ** 2
            log_y = -0.5 * ((y[part, None] - curve_y) / self.noise_sd) ** 2
            blocks.append(np.logaddexp.reduce(log_x + log_y, axis=1) - np.logaddexp.reduce(log_x, axis=1))
        return np.concatenate(blocks) - math.log(self.noise_sd) - _LOG_SQRT_2PI

    @staticmethod
    def _points(t):
        r = 2.0 * (1.0 - np.cos(t))
        return r * np.sin(t), r * np.cos(t)


class InverseSine:
    """y ~ U(0, 1), x = y + 0.3 sin(2 pi y) + U(-0.1, 0.1): Bishop's inverse problem (1994), with hard edges."""

    entropy = -1.282348
    """H(Y | X), nats."""

    half_width = 0.1

    def sample(self, n, rng):
        """Draw x [n] and y [n]."""
        y = rng.uniform(0.0, 1.0, n)
        return self._curve(y) + rng.uniform(-self.half_width, self.half_width, n), y

    def log_p(self, x, y):
        """Return log p(y | x) [n]: uniform on the y whose band holds x, hence one over the length of that set."""
        length = self._length_below(x + self.half_width) - self._length_below(x - self.half_width)
        return np.where(np.abs(x - self._curve(y)) <= self.half_width, -np.log(length), -np.inf)

    @staticmethod
    def _curve(y):
        return y + 0.3 * np.sin(2.0 * np.pi * y)

    def _length_below(self, level):
        """Return the length of {y in (0, 1): curve(y) <= level}, piece by monotone piece."""
        peak = math.acos(-1.0 / (0.6 * math.pi)) / (2.0 * math.pi)
        total = np.zeros_like(level)
        for low, high, sign in ((0.0, peak, 1.0), (peak, 1.0 - peak, -1.0), (1.0 - peak, 1.0, 1.0)):
            crossing = self._crossing(level, low, high, sign)
            total += crossing - low if sign > 0 else high - crossing
        return total

    def _crossing(self, level, low, high, sign):
        low, high = np.full_like(level, low), np.full_like(level, high)
        for _ in range(60):
            middle = 0.5 * (low + high)
            before = sign * (self._curve(middle) - level) < 0
            low, high = np.where(before, middle, low), np.where(before, high, middle)
        return 0.5 * (low + high)


@dataclass(frozen=True)
class MixtureLaw:
    """A Gaussian mixture whose parameters are known at every x.

    Parameters
    ----------
    inputs : callable
        ``inputs(n, rng)`` draws x, [n] or [n, D].
    parameters : callable
        ``parameters(x)`` gives weights, locs and scales, each a sequence of K numbers or arrays [n].
    """

    inputs: Callable[[int, np.random.Generator], np.ndarray]
    parameters: Callable[[np.ndarray], tuple[Any, Any, Any]]

    def sample(self, n, rng):
        """Draw x, [n] or [n, D], and y [n]."""
        x = self.inputs(n, rng)
        weights, locs, scales = self._columns(x)
        component = (rng.random(n)[:, None] > np.cumsum(weights, axis=1)[:, :-1]).sum(axis=1)
        row = np.arange(n)
        return x, rng.normal(locs[row, component], scales[row, component])

    def log_p(self, x, y):
        """Return log p(y | x) [n]."""
        weights, locs, scales = self._columns(x)
        each = np.log(weights) - 0.5 * np.square((y[:, None] - locs) / scales) - np.log(scales)
        return np.logaddexp.reduce(each, axis=1) - _LOG_SQRT_2PI

    def _columns(self, x):
        return [np.stack([np.broadcast_to(k, len(x)) for k in each], axis=1) for each in self.parameters(x)]


@dataclass(frozen=True)
class NoiseLaw:
    """y = loc(x) + scale(x) noise, the noise from any distribution of SciPy.

    Parameters
    ----------
    inputs : callable
        ``inputs(n, rng)`` draws x, [n] or [n, D].
    loc, scale : callable
        Functions of x that give [n].
    noise : frozen distribution of scipy.stats
        What is scaled, then added.
    """

    inputs: Callable[[int, np.random.Generator], np.ndarray]
    loc: Callable[[np.ndarray], np.ndarray]
    scale: Callable[[np.ndarray], np.ndarray]
    noise: Any

    def sample(self, n, rng):
        """Draw x, [n] or [n, D], and y [n]."""
        x = self.inputs(n, rng)
        return x, self.loc(x) + self.scale(x) * self.noise.rvs(size=n, random_state=rng)

    def log_p(self, x, y):
        """Return log p(y | x) [n]."""
        return self.noise.logpdf((y - self.loc(x)) / self.scale(x)) - np.log(self.scale(x))


def _uniform(low, high, *columns):
    return lambda n, rng: rng.uniform(low, high, (n, *columns))


def _two_sides(n, rng):
    return rng.choice([-1.0, 1.0], n) * rng.uniform(0.5, 2.0, n)


def _branches_of_two(x):
    upper = special.expit(2.0 * x[:, 0])
    return (upper, 1.0 - upper), (1.0 + x[:, 1], -1.0 - 0.5 * np.square(x[:, 0])), (0.2, 0.2 + 0.1 * np.abs(x[:, 1]))


def _branches_of_five(x):
    upper = special.expit(2.0 * x[:, 2])
    centre, half = np.sin(1.5 * x[:, 0]) + 0.5 * x[:, 1], 1.0 + 0.4 * x[:, 3]
    return (upper, 1.0 - upper), (centre + half, centre - half), (0.25, 0.25)


OTHER_LAWS = {
    "straight line": MixtureLaw(lambda n, rng: rng.normal(3.0, 2.0, n), lambda x: ((1.0,), (1.0 + 2.0 * x,), (0.5,))),
    "spread grows with x": MixtureLaw(_uniform(0.0, 4.0), lambda x: ((1.0,), (1.0 + 0.5 * x,), (0.1 + 0.3 * x,))),
    "sine": MixtureLaw(_uniform(-3.0, 3.0), lambda x: ((1.0,), (np.sin(2.0 * x),), (0.1,))),
    "two crossing lines": MixtureLaw(_uniform(-1.0, 1.0), lambda x: ((0.35, 0.65), (x, -x), (0.1, 0.1))),
    "skewed noise": NoiseLaw(_uniform(-3.0, 3.0), np.sin, lambda x: 0.2 + 0.1 * np.abs(x), stats.lognorm(0.7)),
    "Student t noise": NoiseLaw(_uniform(-2.0, 2.0), np.square, lambda x: 0.2 + 0.2 * np.abs(x), stats.t(3)),
    "Laplace noise": NoiseLaw(_uniform(-2.0, 2.0), np.cos, lambda x: 0.3 + 0.0 * x, stats.laplace()),
    "multiplied noise": NoiseLaw(
        lambda n, rng: rng.lognormal(0.0, 1.0, n), np.zeros_like, np.array, stats.lognorm(0.4)
    ),
    "waiting times": NoiseLaw(_uniform(-1.0, 1.0), np.zeros_like, np.exp, stats.expon()),
    "step across a gap": MixtureLaw(_two_sides, lambda x: ((1.0,), (np.sign(x) + 0.2 * x,), (0.1,))),
    "four groups": MixtureLaw(
        lambda n, rng: rng.integers(0, 4, n).astype(float),
        lambda x: ((0.7, 0.3), (np.array([0.0, 2.0, -1.0, 1.0])[x.astype(int)], 1.0 + x), (0.2 + 0.1 * x, 0.5)),
    ),
    "noise that ignores x": MixtureLaw(
        lambda n, rng: rng.normal(size=n), lambda _: ((0.5, 0.5), (-1.0, 1.5), (0.4, 0.8))
    ),
    "two inputs, two branches": MixtureLaw(_uniform(-2.0, 2.0, 2), _branches_of_two),
    "five inputs, two branches": MixtureLaw(_uniform(-2.0, 2.0, 5), _branches_of_five),
}
"""Laws such as people have: one to five inputs, one branch or two, noise of several shapes, gaps, groups."""


def as_inputs(x):
    """Return what a law draws, [n] or [n, D], as the inputs [n, D] of a data set."""
    return x.reshape(len(x), -1)


@functools.cache
def _test_sample(law, n, seed):
    """Return the inputs, y and log p(y | x) of a test sample."""
    x, y = law.sample(n, np.random.default_rng(seed))
    return as_inputs(x), y, law.log_p(x, y)


def excess(law, model, *, n=20_000, seed=10_000):
    """Return the excess of a fitted model over a law, nats, on a test sample of its own."""
    inputs, y, log_p = _test_sample(law, n, seed)
    return float(np.mean(log_p - model.conditional(inputs).log_pdf(y)))
