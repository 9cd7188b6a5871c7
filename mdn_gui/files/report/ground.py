"""The regions of highest density as a picture shows them: to the pixel, in little time whatever the mixture."""

from collections.abc import Sequence

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.transformed_mixture import ConditionalDensity

_CELLS = 720
"""Along the axis of the target, two or more a pixel."""


def pictured_regions(
    density: ConditionalDensity, low: float, high: float, masses: Sequence[float]
) -> list[list[FloatArray]]:
    """Return the regions of highest density, to the width of a cell: for each mass N arrays [J, 2], data units.

    Parameters
    ----------
    density : ConditionalDensity
        A batch of N.
    low, high : float
        Ends of the picture: what lies beyond them is left out, though its mass counts.
    masses : sequence of float
        Probabilities of the regions.

    Notes
    -----
    The density in a cell is its probability over its width, so that what is narrower than a cell is not lost. The cells
    of highest density are taken until they hold the mass; what is beyond the picture comes last.
    """
    edges = np.linspace(low, high, _CELLS + 1)
    parts = np.diff(density.cdf(np.broadcast_to(edges, (len(density), len(edges)))), axis=1)
    order = np.argsort(-parts, axis=1, kind="stable")
    held = np.cumsum(np.take_along_axis(parts, order, axis=1), axis=1)
    before = np.concatenate((np.zeros((len(density), 1)), held[:, :-1]), axis=1)
    found = []
    for mass in masses:
        inside = np.zeros(parts.shape, dtype=np.bool_)
        np.put_along_axis(inside, order, before < mass, axis=1)
        found.append([_intervals(each, edges) for each in inside & (parts > 0.0)])
    return found


def _intervals(inside: "np.ndarray", edges: FloatArray) -> FloatArray:
    """Return the stretches [J, 2] of the cells that are inside."""
    turns = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(np.int8)))
    return edges[turns].reshape(-1, 2)
