"""What the text in a cell means: a number, nothing, or neither."""

import math
import re
from collections.abc import Sequence

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.dataset import FloatArray

_EXPONENT = r"(?:[eE][+-]?\d+)?"
_POINT_NUMBER = re.compile(rf"[+-]?(?:\d+\.?\d*|\.\d+){_EXPONENT}", re.ASCII)
_COMMA_NUMBER = re.compile(rf"[+-]?(?:\d+,\d*|,\d+){_EXPONENT}", re.ASCII)
_MAYBE_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
_INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.ASCII | re.IGNORECASE)
_EMPTY = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "-", "--", "?", "."})

_BLOCK = 8192
"""Cells read together: one odd cell slows only its own block down."""


def is_empty(cell: str) -> bool:
    """Return True when a cell holds nothing or a usual word for a missing value."""
    return cell.strip().lower() in _EMPTY


def is_number(cell: str, *, decimal_comma: bool = False) -> bool:
    """Return True when a cell is a number with a decimal point, or also with a decimal comma."""
    text = _plain(cell)
    return bool(
        _POINT_NUMBER.fullmatch(text) or _INFINITE.fullmatch(text) or (decimal_comma and _COMMA_NUMBER.fullmatch(text))
    )


def column_of(name: str, cells: Sequence[str], *, decimal_comma: bool = False) -> Column:
    """Return the numbers of a column; a cell that is no number becomes NaN.

    Parameters
    ----------
    name : str
        Name of the column.
    cells : sequence of str [N]
        The text of its cells.
    decimal_comma : bool
        Read ``1,5`` as one and a half; ``1.5`` is then no number.
    """
    values = np.full(len(cells), np.nan)
    empty = np.zeros(len(cells), dtype=bool)
    for start in range(0, len(cells), _BLOCK):
        block = slice(start, start + _BLOCK)
        clean = None if decimal_comma else _clean_numbers(cells[block])
        if clean is not None:
            values[block] = clean
            continue
        for row, cell in enumerate(cells[block], start):
            values[row], empty[row] = _meaning(_plain(cell), decimal_comma=decimal_comma)
    return Column(name, values, empty)


def _clean_numbers(cells: Sequence[str]) -> FloatArray | None:
    """Return the values of cells that are finite numbers throughout, fast; None for any others."""
    if not cells[0].strip():  # the reader warns when all are empty
        return None
    try:
        values: FloatArray = np.loadtxt(cells, comments=None, ndmin=1)
    except ValueError:
        return None
    return values if values.shape == (len(cells),) and np.isfinite(values).all() else None


def _meaning(text: str, *, decimal_comma: bool) -> tuple[float, bool]:
    """Return the value of a cell, NaN for none, with whether it is empty."""
    number = _COMMA_NUMBER if decimal_comma else _POINT_NUMBER
    whole = decimal_comma and "." not in text and _POINT_NUMBER.fullmatch(text)
    if whole or number.fullmatch(text) or _INFINITE.fullmatch(text):
        return float(text.replace(",", ".")), False
    return math.nan, is_empty(text)


def columns_with_decimal_comma(columns: Sequence[Sequence[str]]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the places of the columns whose decimal mark is a comma, then of those whose commas stay unexplained.

    ``1,5`` can only be a decimal comma, ``1,234`` could also be a thousand: a column that holds nothing but the second
    kind is decided by the others of the same table, or by nobody.
    """
    findings = [_comma_finding(cells) for cells in columns]
    places = {kind: frozenset(i for i, found in enumerate(findings) if found == kind) for kind in ("decimal", "open")}
    mixed = frozenset(i for i, found in enumerate(findings) if found == "mixed")
    if places["decimal"]:
        return places["decimal"] | places["open"], mixed
    return frozenset(), places["open"] | mixed


def _comma_finding(cells: Sequence[str]) -> str:
    texts = {_plain(cell) for cell in cells if "," in cell}
    thousands = {text for text in texts if _MAYBE_THOUSANDS.fullmatch(text)}
    decimals = {text for text in texts if _COMMA_NUMBER.fullmatch(text)}
    if not thousands and not decimals:
        return "none"
    if thousands - decimals or any("." in cell and is_number(cell) for cell in cells):
        return "mixed"
    return "decimal" if decimals - thousands else "open"


def _plain(cell: str) -> str:
    return cell.strip().replace("\N{MINUS SIGN}", "-")
