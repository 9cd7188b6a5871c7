"""What a member of the corpus is: a file, how it is made, what a person is to get from it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from mdn_gui.core.table import Table
from mdn_gui.errors import UserError

MIB = 1 << 20

Values: TypeAlias = dict[str, list[float | str | None]]
"""The cells of every column: numbers, texts where the column has levels, None where there is no value."""
Shape: TypeAlias = tuple[int, int]
"""Rows, columns."""
Act: TypeAlias = Callable[[Path], object]


@dataclass(frozen=True)
class Refused:
    """A refusal.

    Parameters
    ----------
    what : str
        Pattern of the message: the file, the place.
    remedy : str
        Words, separated by bars, of which the hint has one.
    """

    what: str
    remedy: str

    def fits(self, error: UserError) -> bool:
        has_remedy = any(word in error.hint for word in self.remedy.split("|"))
        return re.search(self.what, error.message) is not None and has_remedy


@dataclass(frozen=True)
class Member:
    """A file with what it is to give through the window's door.

    Parameters
    ----------
    file : str
        Its name.
    make : callable
        Makes it at a path.
    answer : Values, Shape, Refused or None
        The cells or the shape of the table; or the refusal; None where any of them will do.
    change : callable, optional
        What happens to the file at that path between preview and reading, or while it is read.
    is_changed_early : bool
        Whether that is between preview and reading.
    is_heavy : bool
        Whether it takes so long that only the benchmark has it.
    """

    file: str
    make: Act
    answer: Values | Shape | Refused | None
    change: Act | None = None
    is_changed_early: bool = False
    is_heavy: bool = False

    def is_answered_by(self, outcome: Table | UserError) -> bool:
        if isinstance(outcome, Table):
            shape = (outcome.num_rows, len(outcome.columns))
            return self.answer in (None, shape, values_of(outcome) if isinstance(self.answer, dict) else shape)
        fits = self.answer is None or (isinstance(self.answer, Refused) and self.answer.fits(outcome))
        return fits and self.file in outcome.message and bool(outcome.hint)


def values_of(table: Table) -> Values:
    """Return every cell of a table as a number, a text or nothing."""
    return {
        column.name: [
            None if np.isnan(value) else column.text(row) if column.levels else float(value)
            for row, value in enumerate(column.values)
        ]
        for column in table.columns
    }


def with_content(content: bytes) -> Act:
    """Return what writes a file of these bytes."""
    return lambda path: path.write_bytes(content)


def cut_off(make: Act, share: float) -> Act:
    """Return what makes a file, then keeps only the first part of it."""

    def make_part(path: Path) -> None:
        make(path)
        content = path.read_bytes()
        path.write_bytes(content[: int(share * len(content))])

    return make_part


def flipped(make: Act, place: int | bytes) -> Act:
    """Return what makes a file, then flips the lowest bit of one byte, or of one a little behind these bytes."""

    def make_wrong(path: Path) -> None:
        make(path)
        content = bytearray(path.read_bytes())
        content[place if isinstance(place, int) else content.index(place) + len(place) + 40] ^= 1
        path.write_bytes(content)

    return make_wrong
