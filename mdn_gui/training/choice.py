"""What is kept of several networks: the best one, or their average."""

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.network import Network, NetworkAverage, averaged

_SMALLEST_SHARE = 0.02
_EM_STEPS = 200
_TOLERATED = 1.0
"""Standard errors by which a simpler network may be worse."""


def best_average(rows: FloatArray, networks: tuple[Network, ...]) -> tuple[Network | NetworkAverage, float]:
    """Return the average of networks that suits held-out rows best, with its NLL there.

    Parameters
    ----------
    rows : array [V, D + 1]
        Scaled inputs, then the scaled target. Without rows all networks have the same share and the NLL is NaN.
    networks : tuple of Network
        R networks.

    Notes
    -----
    The shares maximise the likelihood of the rows by EM, as in the stacking of densities (Smyth and Wolpert 1999).
    Networks with a share below 0.02 are left out: their components would be read, but say nothing.
    """
    count = len(networks)
    if len(rows) == 0:
        return averaged(networks, (1.0 / count,) * count), float("nan")
    log_densities = _log_densities(rows, networks)
    shares = _best_shares(log_densities)
    kept = np.flatnonzero(shares >= min(_SMALLEST_SHARE, shares.max()))
    shares = _best_shares(log_densities[kept])
    nll = -float(np.mean(np.logaddexp.reduce(log_densities[kept] + np.log(shares)[:, np.newaxis], axis=0)))
    return averaged(tuple(networks[index] for index in kept), tuple(shares.tolist())), nll


def simplest_nearly_best(
    rows: FloatArray, networks: tuple[Network, ...], by_simplicity: tuple[int, ...]
) -> tuple[int, float]:
    """Return the simplest network that is nearly as good on held-out rows as the best, with its NLL there.

    Parameters
    ----------
    rows : array [V, D + 1]
        Scaled inputs, then the scaled target.
    networks : tuple of Network
        R networks, most of them at the luckiest of many epochs.
    by_simplicity : tuple of int
        Their numbers, the simplest first.

    Notes
    -----
    Nearly as good is one that is worse by at most one standard error of the difference, row by row: the
    one-standard-error rule (Hastie, Tibshirani and Friedman 2009, section 7.10).
    """
    log_densities = _log_densities(rows, networks)
    best = log_densities[log_densities.mean(axis=1).argmax()]
    for number in by_simplicity:
        lead = best - log_densities[number]
        if lead.mean() <= _TOLERATED * float(lead.std()) / np.sqrt(len(rows)):
            break
    return number, -float(log_densities[number].mean())


def _log_densities(rows: FloatArray, networks: tuple[Network, ...]) -> FloatArray:
    """Return the log density [R, V] that each network gives each row."""
    return np.stack(
        [ConditionalMixture(*network.parameters(rows[:, :-1])).log_pdf(rows[:, -1]) for network in networks]
    )


def _best_shares(log_densities: FloatArray) -> FloatArray:
    """Return the shares [R] that maximise the likelihood of rows with these log densities [R, V]."""
    shares = np.full(len(log_densities), 1.0 / len(log_densities))
    largest = log_densities.max(axis=0)
    densities = np.exp(log_densities - np.where(np.isfinite(largest), largest, 0.0))
    for _ in range(_EM_STEPS):
        parts = shares[:, np.newaxis] * densities
        total = parts.sum(axis=0)
        shares = np.maximum((parts / np.where(total > 0, total, 1.0)).mean(axis=1), 1e-12)
        shares /= shares.sum()
    return shares
