"""The snapshots of a run that are kept, to look back at the fit as it was."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics

MOST_SNAPSHOTS = 64
MOST_BYTES = 64 * 2**20
"""Weights of all snapshots together, at most."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The model as it was after an epoch, counted from 1."""

    epoch: int
    model: FittedModel

    @property
    def num_bytes(self) -> int:
        """Memory that its weights take; what else it holds it shares with the other snapshots of its run."""
        members = self.model.network.members
        return sum(array.nbytes for each in members for array in (*each.kernels, *each.biases))


@dataclass(frozen=True)
class Replay:
    """What a time line shows.

    Parameters
    ----------
    epochs : tuple of int
        Epochs of the snapshots that are kept, ascending.
    shown : int or None
        The epoch that the plots show; None for the fit itself, or the newest snapshot of a run that goes on.
    is_live : bool
        Whether a run goes on.
    """

    epochs: tuple[int, ...] = ()
    shown: int | None = None
    is_live: bool = False


class Snapshots:
    """Snapshots of one run in bounded memory, thinned evenly on the square root of the epoch.

    The root lies between the two ways in which a run is looked at: along a linear axis of epochs, a logarithmic one.
    The first, the newest, that of the best epoch stay.

    Parameters
    ----------
    snapshots : iterable of Snapshot
        To begin with, epochs ascending.
    most, most_bytes : int
        How many there are at most, how much memory their weights take at most.
    """

    def __init__(
        self, snapshots: Iterable[Snapshot] = (), most: int = MOST_SNAPSHOTS, most_bytes: int = MOST_BYTES
    ) -> None:
        self._kept = list(snapshots)
        self._most, self._most_bytes = most, most_bytes
        self._best_epoch = 0
        self._thin()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._kept)

    @property
    def epochs(self) -> tuple[int, ...]:
        """Their epochs, ascending."""
        return tuple(snapshot.epoch for snapshot in self._kept)

    @property
    def num_bytes(self) -> int:
        """Memory that their weights take."""
        return sum(snapshot.num_bytes for snapshot in self._kept)

    def add(self, metrics: Iterable[EpochMetrics]) -> bool:
        """Keep what snapshots there are among newer epochs, in order; return whether there was one."""
        found = False
        for epoch in metrics:
            self._best_epoch = epoch.best_epoch
            if epoch.snapshot is not None:
                found = True
                self._kept.append(Snapshot(epoch.epoch, epoch.snapshot))
                self._thin()
        return found

    def at(self, epoch: int) -> Snapshot | None:
        """Return the newest one of this epoch or before it, the first one where that is later; None without any."""
        before = [snapshot for snapshot in self._kept if snapshot.epoch <= epoch]
        return before[-1] if before else next(iter(self._kept), None)

    def up_to(self, epoch: int) -> "Snapshots":
        """Return another store with those of this epoch or before it, where a run goes on from there."""
        kept = (snapshot for snapshot in self._kept if snapshot.epoch <= epoch)
        return Snapshots(kept, self._most, self._most_bytes)

    def _thin(self) -> None:
        while self._kept and (len(self._kept) > self._most or self.num_bytes > self._most_bytes):
            del self._kept[self._least_missed()]

    def _least_missed(self) -> int:
        """Return the place of the one whose neighbours are nearest to each other; of those that stay the first."""
        best = self.at(self._best_epoch)
        places = [place for place in range(1, len(self._kept) - 1) if self._kept[place] is not best]
        roots = [math.sqrt(snapshot.epoch) for snapshot in self._kept]
        return min(places, key=lambda place: roots[place + 1] - roots[place - 1], default=0)
