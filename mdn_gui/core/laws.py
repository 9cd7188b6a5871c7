"""The exact conditional densities of the laws that samples are drawn from."""

import math

import numpy as np

from mdn_gui.core.dataset import FloatArray

CARDIOID_NOISE = 0.1
"""Sd of the noise on both coordinates of the cardioid."""
INVERSE_SINE_NOISE = 0.1
"""Half width of the uniform noise on x of the inverse sine."""

_NODES = 512
"""Places on the curve: less than half an sd apart, so that the trapezium rule is exact to the last bit."""
_BLOCK = 1024
"""Rows at a time: a block of distances then has 4 MB."""
_HALVINGS = 60


def cardioid_curve(t: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return x and y of the curve at the angles ``t``: r = 2 (1 - cos t), x = r sin t, y = r cos t."""
    radius = 2.0 * (1.0 - np.cos(t))
    return radius * np.sin(t), radius * np.cos(t)


def cardioid_log_density(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return log p(y given x) [N] of the noisy cardioid, nats.

    Parameters
    ----------
    x, y : array [N]
        Data units.

    Notes
    -----
    p(y given x) = p(x, y) / p(x), each the mean over the angle of Gaussians around the curve; the trapezium rule
    converges spectrally on a circle.
    """
    curve_x, curve_y = cardioid_curve(np.linspace(-math.pi, math.pi, _NODES, endpoint=False))
    result = np.empty(len(x))
    for begin in range(0, len(x), _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        log_x = -0.5 * np.square((x[rows, np.newaxis] - curve_x) / CARDIOID_NOISE)
        log_y = -0.5 * np.square((y[rows, np.newaxis] - curve_y) / CARDIOID_NOISE)
        result[rows] = _log_sum(log_x + log_y) - _log_sum(log_x)
    return result - math.log(CARDIOID_NOISE * math.sqrt(2.0 * math.pi))


def _log_sum(values: FloatArray) -> FloatArray:
    """Return the logarithm [N] of the sum of exp of ``values`` [N, M] along each row."""
    greatest = values.max(axis=1)
    return np.asarray(greatest + np.log(np.exp(values - greatest[:, np.newaxis]).sum(axis=1)))


def inverse_sine_curve(t: FloatArray) -> FloatArray:
    """Return t + 0.3 sin(2 pi t)."""
    return np.asarray(t + 0.3 * np.sin(2.0 * math.pi * t))


def inverse_sine_log_density(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return log p(y given x) [N] of the inverse sine, nats; minus infinity where the law gives no such row.

    Parameters
    ----------
    x, y : array [N]
        Data units.

    Notes
    -----
    y is uniform on those values in (0, 1) whose curve passes within the noise of x, so that its density is one over
    their length, which is told by the ends of the monotone pieces of the curve.
    """
    length = _length_below(x + INVERSE_SINE_NOISE) - _length_below(x - INVERSE_SINE_NOISE)
    possible = (np.abs(x - inverse_sine_curve(y)) <= INVERSE_SINE_NOISE) & (length > 0.0) & (y >= 0.0) & (y <= 1.0)
    result = np.full(len(x), -np.inf)
    result[possible] = -np.log(length[possible])
    return result


def _length_below(level: FloatArray) -> FloatArray:
    """Return how much of (0, 1) the curve of the inverse sine maps below ``level`` [N]."""
    turn = math.acos(-1.0 / (0.6 * math.pi)) / (2.0 * math.pi)  # where its slope vanishes
    total = np.zeros(len(level))
    for begin, end in ((0.0, turn), (turn, 1.0 - turn), (1.0 - turn, 1.0)):
        rises = begin != turn
        low, high = np.full(len(level), begin), np.full(len(level), end)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            is_left = (inverse_sine_curve(middle) < level) == rises
            low, high = np.where(is_left, middle, low), np.where(is_left, high, middle)
        total += low - begin if rises else end - low
    return total
