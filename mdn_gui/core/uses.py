"""What becomes of each row of a table: training, test, left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.selection import RowArray, Selection
from mdn_gui.core.table import EXCLUDED

_TRAINING, _TEST, _FIRST_REASON = 0, 1, 2
_WORDS = ("training", "test")


@dataclass(frozen=True, eq=False)
class RowUses:
    """The use of each row.

    Parameters
    ----------
    codes : uint16 array [N]
        By row: its place in ``words``.
    words : tuple of str
        "training", "test", then the reasons why rows are left out.
    """

    codes: NDArray[np.uint16]
    words: tuple[str, ...]

    @classmethod
    def of(cls, selection: Selection, num_rows: int) -> "RowUses":
        """Return the uses of the rows of the table, N in all, from which ``selection`` was taken."""
        codes = np.full(num_rows, _TRAINING, dtype=np.uint16)
        codes[selection.test_rows] = _TEST
        for code, group in enumerate(selection.left_out, start=_FIRST_REASON):
            codes[np.array(group.rows, dtype=np.int64) - 1] = code
        return cls(codes, (*_WORDS, *(group.reason for group in selection.left_out)))

    def word(self, row: int) -> str:
        """Return the use of a row, counted from 0."""
        return self.words[int(self.codes[row])]

    def is_left_out(self, row: int) -> bool:
        """Return whether a row, counted from 0, is neither trained on nor tested on."""
        return bool(self.codes[row] >= _FIRST_REASON)

    def used(self) -> RowArray:
        """Return the rows of training and test, ascending, counted from 0."""
        return np.flatnonzero(self.codes < _FIRST_REASON)

    def test(self) -> RowArray:
        """Return the rows of the test."""
        return np.flatnonzero(self.codes == _TEST)

    def left_out(self) -> RowArray:
        """Return the rows that are not used."""
        return np.flatnonzero(self.codes >= _FIRST_REASON)

    def excluded(self) -> RowArray:
        """Return the rows that the person took out."""
        if EXCLUDED not in self.words[_FIRST_REASON:]:
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(self.codes == self.words.index(EXCLUDED, _FIRST_REASON))
