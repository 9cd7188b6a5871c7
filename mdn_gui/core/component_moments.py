"""Moments of mixtures from those of their components, which may be of any size."""

from typing import NamedTuple

import numpy as np

from mdn_gui.core.dataset import FloatArray


class ComponentMoments(NamedTuple):
    """The first three moments of components that lie on one side of a point, as logarithms.

    Parameters
    ----------
    means : array [N, K]
        Component means, data units; infinite where they overflow.
    end : array [N]
        The point, an end of the target's range, from which distances are measured.
    side : array [N]
        1 where the components lie above it, -1 where below.
    log_distances : array [N, K]
        Logarithms of the distances of the component means from it.
    log_sds : array [N, K]
        Logarithms of the component sds.
    log_skews, skew_signs : array [N, K]
        Logarithms of the sizes of the component skewnesses, their signs.
    """

    means: FloatArray
    end: FloatArray
    side: FloatArray
    log_distances: FloatArray
    log_sds: FloatArray
    log_skews: FloatArray
    skew_signs: FloatArray


class MixtureMoments(NamedTuple):
    """Mean, parts of the variance, sd and skewness of mixtures, each [N]; infinite where they overflow."""

    mean: FloatArray
    within: FloatArray
    between: FloatArray
    sd: FloatArray
    skewness: FloatArray


def mixture_moments(weights: FloatArray, parts: ComponentMoments) -> MixtureMoments:
    """Return the moments of mixtures with ``weights`` [N, K].

    Notes
    -----
    Every sum is one of logarithms or of numbers relative to its greatest term, and the deviations of the means are
    measured from the heaviest component: nothing overflows on the way, nothing small is a difference of large numbers.
    """
    with np.errstate(divide="ignore", over="ignore", under="ignore"):
        log_weights = np.log(weights)
        used = weights > 0
        log_distances, log_sds = (np.where(used, each, -np.inf) for each in (parts.log_distances, parts.log_sds))
        greatest = log_distances.max(axis=1)
        relative = np.exp(log_distances - greatest[:, np.newaxis])
        heaviest = relative[np.arange(len(weights)), weights.argmax(axis=1)][:, np.newaxis]
        from_heaviest = np.where(used, relative - heaviest, 0.0)
        deviations = np.where(used, from_heaviest - (weights * from_heaviest).sum(axis=1, keepdims=True), 0.0)
        log_within = _log_sum(log_weights + 2.0 * log_sds)
        log_between = 2.0 * greatest + np.log((weights * np.square(deviations)).sum(axis=1))
        log_sd = 0.5 * np.logaddexp(log_within, log_between)
        log_ratios = log_sds - log_sd[:, np.newaxis]
        distance = np.sign(deviations) * np.exp(np.log(np.abs(deviations)) + (greatest - log_sd)[:, np.newaxis])
        of_means = weights * (distance**3 + 3.0 * distance * np.exp(2.0 * log_ratios))
        of_parts = parts.skew_signs * np.exp(log_weights + parts.log_skews + 3.0 * log_ratios)
        skewness = (parts.side[:, np.newaxis] * of_means + of_parts).sum(axis=1)
        mean = parts.end + parts.side * np.exp(_log_sum(log_weights + log_distances))
        return MixtureMoments(mean, np.exp(log_within), np.exp(log_between), np.exp(log_sd), skewness)


def _log_sum(terms: FloatArray) -> FloatArray:
    """Return the logarithm of the sum of exp of ``terms`` [N, K] over K."""
    total: FloatArray = np.logaddexp.reduce(terms, axis=1)
    return total
