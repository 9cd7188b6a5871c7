"""What the text in a cell means as a number."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mdn_gui.core.dataset import FloatArray

_EXPONENT = r"(?:[eE][+-]?\d+)?"
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.ASCII | re.IGNORECASE)
_EMPTY = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "?", "."})

BLANKS = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}\N{FIGURE SPACE}"
"""What stands between thousands, all said by the option " "."""
_MARKS = {"": "", ".": ".", ",": ",", "'": "'\N{RIGHT SINGLE QUOTATION MARK}", " ": BLANKS}


def is_empty(cell: str) -> bool:
    """Return True when a cell holds nothing or a usual word for a missing value."""
    return cell.strip().lower() in _EMPTY


@dataclass(frozen=True)
class NumberFormat:
    """How numbers are written.

    Parameters
    ----------
    decimal : str
        "." or ",".
    thousands : str
        "" for none, "." "," "'" or " ", which also stands for no-break, thin and figure spaces. Numbers without it
        are numbers too; one with it needs three figures after each.
    """

    decimal: str = "."
    thousands: str = ""

    @cached_property
    def _pattern(self) -> "re.Pattern[str]":
        mark = re.escape(self.decimal)
        figures = r"\d+"
        if self.thousands:
            between = f"[{re.escape(_MARKS[self.thousands])}]"
            figures = rf"(?:[1-9]\d{{0,2}}(?:{between}\d{{3}})+|\d+)"
        return re.compile(rf"[+-]?(?:{figures}(?:{mark}\d*)?|{mark}\d+){_EXPONENT}", re.ASCII)

    @cached_property
    def _translation(self) -> dict[int, str]:
        return str.maketrans({**dict.fromkeys(_MARKS[self.thousands], ""), self.decimal: "."})

    def value(self, cell: str) -> float | None:
        """Return the number in a cell, None where there is none."""
        text = plain(cell)
        if self._pattern.fullmatch(text):
            return float(text.translate(self._translation))
        return float(text) if _INFINITE.fullmatch(text) else None

    def values(self, cells: Sequence[str]) -> FloatArray:
        """Return the numbers in cells [N], NaN where there is none.

        They are exactly those that ``float`` reads. Cells without zero characters are assumed.
        """
        joined = "\0".join(cells).replace("\N{MINUS SIGN}", "-")
        marks = _MARKS[self.thousands] + ("." if self.decimal == "," else "")
        if not joined.isascii() or "_" in joined or any(mark in joined for mark in marks):
            found = [self.value(cell) for cell in cells]
            return np.array([math.nan if each is None else each for each in found])
        joined = joined if self.decimal == "." else joined.replace(",", ".")
        return np.array([_float(text) for text in joined.split("\0")])


POINT = NumberFormat()
"""A decimal point, no mark between thousands."""


def plain(cell: str) -> str:
    """Return a cell without blanks around it, with the plain minus sign."""
    return cell.strip().replace("\N{MINUS SIGN}", "-")


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
