"""Simulated laws whose conditional density p(y | x) is known exactly, to hold fitted models against.

The excess of a fitted q, the mean of log p(y | x) - log q(y | x) over a test sample, estimates the mean
Kullback-Leibler divergence of q from p in nats. No model is below 0 but for the noise of the test sample.
"""

import math

import numpy as np

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


def excess(law, model, *, n=20_000, seed=10_000):
    """Return the excess of a fitted model over a law, nats, on a test sample of its own."""
    x, y = law.sample(n, np.random.default_rng(seed))
    return float(np.mean(law.log_p(x, y) - model.conditional(x[:, None]).log_pdf(y)))
