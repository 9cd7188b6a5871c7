"""Rows drawn at random, uniformly, from a file that is too long."""

import random
from typing import Generic, TypeVar

import numpy as np

from mdn_gui.core.selection import RowArray

Row = TypeVar("Row")


def drawn_rows(num_rows: int, sample: int | None, seed: int) -> RowArray | None:
    """Return which rows are read, rising, counted from 0; None for all.

    Parameters
    ----------
    num_rows : int
        Rows in the file.
    sample : int or None
        Rows wanted; None for all.
    seed : int
        Draws them.
    """
    if sample is None or sample >= num_rows:
        return None
    return np.sort(np.random.default_rng(seed).choice(num_rows, sample, replace=False, shuffle=False))


class Reservoir(Generic[Row]):
    """Rows kept out of a stream whose length is not known before its end.

    Source: Vitter, Random sampling with a reservoir, ACM TOMS 11 (1985), algorithm R.

    Parameters
    ----------
    sample : int or None
        Rows wanted; None for all.
    seed : int
        Draws them.
    """

    def __init__(self, sample: int | None, seed: int) -> None:
        self._sample = sample
        self._random = random.Random(seed)
        self._rows: list[Row] = []
        self._places: list[int] = []
        self.seen = 0

    def offer(self, row: Row) -> None:
        """Take the next row of the stream, or pass it over."""
        self.seen += 1
        if self._sample is None:
            self._rows.append(row)
        elif len(self._rows) < self._sample:
            self._rows.append(row)
            self._places.append(self.seen)
        elif (place := self._random.randrange(self.seen)) < self._sample:
            self._rows[place] = row
            self._places[place] = self.seen

    def rows(self) -> list[Row]:
        """Return the rows that were kept, in the order of the stream."""
        if self._sample is None:
            return self._rows
        order = sorted(range(len(self._rows)), key=self._places.__getitem__)
        return [self._rows[place] for place in order]
