"""Unions of intervals along x, joined into areas that split into branches."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from mdn_gui.core.dataset import FloatArray


@dataclass
class Branch:
    """An area between two curves: corners of its lower edge, of its upper edge, x ascending."""

    x: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, x: float, interval: FloatArray) -> None:
        """Go on to an interval [2] at x."""
        self.x.append(x)
        self.low.append(float(interval[0]))
        self.high.append(float(interval[1]))


def branches(x: FloatArray, regions: Sequence[FloatArray]) -> list[Branch]:
    """Return the areas that the regions, N arrays [J, 2] of disjoint ascending intervals, cover along x [N].

    An interval goes on into that of the next x where the two overlap each other only. Where they split, join, begin or
    end, an area ends half-way.
    """
    open_branches: list[Branch] = []
    finished: list[Branch] = []
    for column, region in enumerate(regions):
        previous = regions[column - 1] if column else np.zeros((0, 2))
        follows = _follows(previous, region)
        left = 0.5 * (x[column - 1] + x[column]) if column else x[0]
        after: list[Branch] = []
        for place, interval in enumerate(region):
            before = follows.get(place)
            if before is None:
                branch = Branch()
                if column:
                    branch.add(float(left), interval)
            else:
                branch = open_branches[before]
            branch.add(float(x[column]), interval)
            after.append(branch)
        goes_on = set(follows.values())
        for place, branch in enumerate(open_branches):
            if place not in goes_on:
                branch.add(float(left), previous[place])
                finished.append(branch)
        open_branches = after
    return finished + open_branches


def _follows(previous: FloatArray, region: FloatArray) -> dict[int, int]:
    """Return which interval of ``previous`` goes on into which of ``region``: they overlap each other only."""
    overlap = (region[:, None, 0] <= previous[None, :, 1]) & (region[:, None, 1] >= previous[None, :, 0])
    alone = overlap & (overlap.sum(axis=1) == 1)[:, None] & (overlap.sum(axis=0) == 1)[None]
    return {int(place): int(before) for place, before in np.argwhere(alone)}
