"""Columns of values that a file has typed already: what they mean together."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.columns import MOST_ODDITIES, Column
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.files.cells import POINT, is_empty
from mdn_gui.files.dates import DateArray, DateReader, column_of_dates
from mdn_gui.files.gathering import TextGatherer
from mdn_gui.files.names import listed
from mdn_gui.files.options import ReadOptions

LARGEST_EXACT = 2**53
"""Whole numbers beyond it are rounded in a float64."""
ROUNDED = "whole numbers beyond 2^53 rounded"
WERE_TEXTS = "read from texts"
IN_SECONDS = "times in seconds"

_LONGEST_SHOWN = 1000
_EPOCH = datetime(1970, 1, 1)

Sort = Literal["nothing", "number", "boolean", "date", "duration", "text", "other"]
_SORTS: dict[type, Sort] = {
    type(None): "nothing",
    bool: "boolean",
    int: "number",
    float: "number",
    Decimal: "number",
    datetime: "date",
    date: "date",
    time: "duration",
    timedelta: "duration",
    str: "text",
}
_KINDS: dict[Sort, ColumnKind] = {
    "number": ColumnKind.NUMBER,
    "duration": ColumnKind.NUMBER,
    "boolean": ColumnKind.BOOLEAN,
    "date": ColumnKind.SECONDS,
    "text": ColumnKind.TEXT,
}


@dataclass(frozen=True, eq=False)
class TypedColumn:
    """A column with remarks on what was assumed about it."""

    column: Column
    remarks: tuple[str, ...] = ()
    """What was assumed, to be said once for all columns."""
    notes: tuple[str, ...] = ()
    """What was assumed, with the name of the column in it."""


def table_of(path: Path, typed: Sequence[TypedColumn], notes: Sequence[str] = ()) -> Table:
    """Return the table of a file, each remark one note that names its columns."""
    about: dict[str, list[str]] = {}
    for each in typed:
        for remark in each.remarks:
            about.setdefault(remark, []).append(each.column.name)
    told = (note for each in typed for note in each.notes)
    remarks = (f"{remark}: {listed(names)}" for remark, names in about.items())
    return Table(path.name, tuple(each.column for each in typed), str(path), notes=(*notes, *remarks, *told))


def column_of_values(name: str, values: Sequence[object], options: ReadOptions) -> TypedColumn:
    """Return what typed cells mean together.

    The sort of at least half of the filled cells decides, cells of another sort become oddities; where no sort reaches
    half, all are texts.

    Parameters
    ----------
    name : str
        Name of the column.
    values : sequence [N]
        None, numbers, booleans, dates, durations, texts or anything else, which is shown as text.
    options : ReadOptions
        What the person decided.
    """
    wanted = options.kinds.get(name)
    if wanted in {None, ColumnKind.NUMBER} and {_sort(each) for each in set(map(type, values))} <= {
        "number",
        "nothing",
    }:
        numbers = _plain_numbers(values)
        if numbers is not None:
            return column_of_numbers(name, numbers, options)
    values = [None if _says_nothing(value) else value for value in values]
    prevailing = _prevailing(values)
    kind = wanted or _KINDS[prevailing]
    if prevailing == "text" or not kind.is_numeric:
        return column_of_texts(name, map(text_of, values), options)
    read = _reader(prevailing, wanted)
    numbers = np.full(len(values), np.nan)
    oddities: dict[int, str] = {}
    for row, value in enumerate(values):
        number = None if value is None else read(value)
        if number is not None:
            numbers[row] = number
        elif value is not None and len(oddities) < MOST_ODDITIES:
            oddities[row] = text_of(value)
    empty = np.array([value is None for value in values], dtype=np.bool_)
    rounded = any(type(value) is int and not -LARGEST_EXACT <= value <= LARGEST_EXACT for value in values)
    remarks = (*((ROUNDED,) if rounded else ()), *((IN_SECONDS,) if prevailing == "duration" else ()))
    if kind.is_date:
        return TypedColumn(column_of_dates(name, _moments(numbers), empty, oddities, wanted), remarks)
    return TypedColumn(Column(name, numbers, empty, kind, oddities=oddities), remarks)


def column_of_numbers(
    name: str, values: FloatArray, options: ReadOptions, kind: ColumnKind = ColumnKind.NUMBER
) -> TypedColumn:
    """Return numbers [N], or booleans as 0 and 1, as a column; NaN is empty.

    Parameters
    ----------
    name : str
        Name of the column.
    values : float array [N]
        The cells.
    options : ReadOptions
        What the person decided.
    kind : ColumnKind
        What they mean where the person decided nothing.
    """
    column = Column(name, values, np.isnan(values), kind)
    wanted = options.kinds.get(name)
    if wanted in {ColumnKind.CATEGORY, ColumnKind.TEXT}:
        return column_of_texts(name, (column.text(row) for row in range(len(values))), options)
    given = values[~column.empty]
    if wanted is ColumnKind.NUMBER or (wanted is ColumnKind.BOOLEAN and ((given == 0) | (given == 1)).all()):
        column = replace(column, kind=wanted)
    return TypedColumn(column)


def column_of_texts(name: str, texts: Iterable[str], options: ReadOptions) -> TypedColumn:
    """Return texts as a column, understood as those of a text file: numbers, dates, booleans, categories or texts.

    Parameters
    ----------
    name : str
        Name of the column.
    texts : iterable of str [N]
        The cells, "" for nothing.
    options : ReadOptions
        What the person decided.
    """
    gatherer = TextGatherer(POINT, day_first=options.day_first, kind=options.kinds.get(name))
    gatherer.add(list(texts))
    return column_of_gathered(name, gatherer)


def column_of_gathered(name: str, gatherer: TextGatherer) -> TypedColumn:
    """Return the column of the texts that a gatherer took."""
    column = gatherer.column(name)
    remarks = (WERE_TEXTS,) if column.kind is ColumnKind.NUMBER or column.kind.is_date else ()
    return TypedColumn(column, remarks, tuple(gatherer.notes(name)))


def cells_of(typed: Sequence[TypedColumn]) -> tuple[tuple[str, ...], ...]:
    """Return the cells of whole columns as texts, row by row."""
    columns = [each.column for each in typed]
    return tuple(tuple(column.text(row) for column in columns) for row in range(len(columns[0].values)))


def are_rounded(values: NDArray[Any]) -> bool:
    """Return True when whole numbers [N] lie beyond those that a float64 holds exactly."""
    limit = LARGEST_EXACT if values.dtype.kind in "iu" else LARGEST_EXACT - 1  # a float may be rounded already
    return bool(((values > limit) | (values < -limit)).any())


def text_of(value: object) -> str:
    """Return a value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_EXACT:
        return str(int(value))
    if isinstance(value, int) and value.bit_length() > 1000:
        return "a number of more than 300 digits"
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", " ")


def texts_of_rows(rows: Iterable[Sequence[object]]) -> tuple[tuple[str, ...], ...]:
    """Return rows of values as they are shown in a preview."""
    return tuple(tuple(text_of(value)[:_LONGEST_SHOWN] for value in row) for row in rows)


def _sort(of: type) -> Sort:
    return _SORTS.get(of, "other")


def _plain_numbers(values: Sequence[object]) -> FloatArray | None:
    """Return numbers or None as an array, fast; None for values that need care."""
    try:
        numbers: FloatArray = np.array(values, dtype=np.float64)
    except OverflowError:
        return None
    return None if (np.abs(numbers) >= LARGEST_EXACT).any() else numbers


def _says_nothing(value: object) -> bool:
    if isinstance(value, float | Decimal):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and is_empty(value))


def _prevailing(values: Iterable[object]) -> Sort:
    counts = Counter(_sort(type(value)) for value in values if value is not None)
    if not counts:
        return "number"
    sort, count = max(counts.items(), key=lambda pair: (pair[1], pair[0] != "text"))
    return sort if 2 * count >= counts.total() and sort in _KINDS else "text"


def _reader(prevailing: Sort, wanted: ColumnKind | None) -> Callable[[Any], float | None]:
    """Return what reads a cell as a number; it returns None for a cell of another sort."""
    sorts: dict[Sort, Callable[[Any], float | None]] = {
        "number": _number,
        "boolean": float,
        "date": _moment,
        "duration": _seconds,
    }
    if wanted is None:
        sorts = {prevailing: sorts[prevailing]}
    elif wanted.is_date:
        sorts = {"date": _moment, "text": _moment_in_text}
    elif wanted is ColumnKind.BOOLEAN:
        sorts = {"boolean": float, "number": _truth, "text": _truth_in_text}
    else:
        sorts = {**sorts, "text": POINT.value}
        del sorts["date"]

    def read(value: object) -> float | None:
        found = sorts.get(_sort(type(value)))
        return None if found is None else found(value)

    return read


def _number(value: "float | Decimal") -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _truth(value: float) -> float | None:
    return float(value) if value in {0, 1} else None


def _moments(microseconds: FloatArray) -> DateArray:
    missing = np.isnan(microseconds)
    moments = np.where(missing, 0.0, microseconds).astype(np.int64).view("datetime64[us]")
    moments[missing] = np.datetime64("NaT")
    return moments


def _moment(value: date) -> float:
    """Return microseconds since 1970, in UTC where the zone is known."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    since = moment.replace(tzinfo=None) - _EPOCH - (moment.utcoffset() or timedelta())
    return float(since // timedelta(microseconds=1))


def _seconds(value: time | timedelta) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return 3600.0 * value.hour + 60.0 * value.minute + value.second + 1e-6 * value.microsecond


def _moment_in_text(text: str) -> float | None:
    moment = DateReader(day_first=None).values([text.replace("\0", " ")])[0]
    return None if np.isnat(moment) else float(moment.astype(np.int64))


def _truth_in_text(text: str) -> float | None:
    return {"true": 1.0, "false": 0.0}.get(text.strip().lower())
