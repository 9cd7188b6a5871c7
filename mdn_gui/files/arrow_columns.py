"""Columns of pyarrow, batch by batch, to columns of a table; for the child process that reads files."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

import numpy as np

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.files.cells import POINT
from mdn_gui.files.dates import column_of_dates
from mdn_gui.files.gathering import TextGatherer
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.values import (
    IN_SECONDS,
    ROUNDED,
    TypedColumn,
    are_rounded,
    column_of_gathered,
    column_of_numbers,
)

_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


class Collector(ABC):
    """Fills one column of a known length.

    Parameters
    ----------
    name : str
        Name of the column in its table.
    options : ReadOptions
        What the person decided.
    num_rows : int
        N.
    """

    def __init__(self, name: str, options: ReadOptions, num_rows: int) -> None:
        self.name, self.num_rows, self._at = name, num_rows, 0
        self._options = options
        self._remarks: set[str] = set()

    def add(self, batch: Any) -> None:
        """Append the cells of a pyarrow array.

        Raises
        ------
        ValueError
            When they are more than were promised.
        """
        place = slice(self._at, self._at + len(batch))
        if place.stop > self.num_rows:
            raise ValueError("more rows than the file tells")
        self._fill(place, batch)
        self._at = place.stop

    def column(self) -> TypedColumn:
        """Return the whole column, once.

        Raises
        ------
        ValueError
            When rows are missing.
        """
        if self._at < self.num_rows:
            raise ValueError("fewer rows than the file tells")
        found = self._column(self._options.kinds.get(self.name))
        return replace(found, remarks=(*found.remarks, *sorted(self._remarks)))

    @abstractmethod
    def _fill(self, place: slice, batch: Any) -> None: ...

    @abstractmethod
    def _column(self, kind: ColumnKind | None) -> TypedColumn: ...


class _Numbers(Collector):
    kind = ColumnKind.NUMBER

    def __init__(self, name: str, options: ReadOptions, num_rows: int) -> None:
        super().__init__(name, options, num_rows)
        self._values = np.empty(num_rows)

    def _fill(self, place: slice, batch: Any) -> None:
        values = batch.to_numpy(zero_copy_only=False)
        if str(batch.type) in {"int64", "uint64"} and are_rounded(values):
            self._remarks.add(ROUNDED)
        self._values[place] = values

    def _column(self, kind: ColumnKind | None) -> TypedColumn:
        found, self._values = self._values, np.empty(0)
        return column_of_numbers(self.name, found, self._options, self.kind)


class _Decimals(_Numbers):
    def _fill(self, place: slice, batch: Any) -> None:
        self._values[place] = np.array(batch.to_pylist(), dtype=np.float64)


class _Booleans(_Numbers):
    kind = ColumnKind.BOOLEAN

    def _fill(self, place: slice, batch: Any) -> None:
        self._values[place] = np.array(batch.to_pylist(), dtype=np.float64)


class _Nothing(_Numbers):
    def _fill(self, place: slice, batch: Any) -> None:
        self._values[place] = np.nan


class _Durations(_Numbers):
    """Durations, times of the day: seconds."""

    def _fill(self, place: slice, batch: Any) -> None:
        counts, missing = _counts(batch)
        self._remarks.add(IN_SECONDS)
        self._values[place] = counts / _PER_SECOND[batch.type.unit]
        self._values[place][missing] = np.nan


class _Dates(Collector):
    def __init__(self, name: str, options: ReadOptions, num_rows: int) -> None:
        super().__init__(name, options, num_rows)
        self._moments = np.empty(num_rows, dtype="datetime64[us]")

    def _fill(self, place: slice, batch: Any) -> None:
        import pyarrow

        if pyarrow.types.is_date(batch.type):
            batch = batch.cast(pyarrow.timestamp("s"))
        elif batch.type.tz is not None:
            self._remarks.add("moments in UTC")
        counts, missing = _counts(batch)
        self._moments[place] = counts.view(f"datetime64[{batch.type.unit}]")
        self._moments[place][missing] = np.datetime64("NaT")

    def _column(self, kind: ColumnKind | None) -> TypedColumn:
        return TypedColumn(column_of_dates(self.name, self._moments, np.isnat(self._moments), {}, kind))


class _Texts(Collector):
    def __init__(self, name: str, options: ReadOptions, num_rows: int) -> None:
        super().__init__(name, options, num_rows)
        self._gatherer = TextGatherer(POINT, day_first=options.day_first, kind=options.kinds.get(name))

    def _fill(self, place: slice, batch: Any) -> None:
        self._gatherer.add([(text or "").replace("\0", " ") for text in batch.to_pylist()])

    def _column(self, kind: ColumnKind | None) -> TypedColumn:
        return column_of_gathered(self.name, self._gatherer)


def collector_for(kind: Any) -> type[Collector] | None:
    """Return what collects cells of a pyarrow type; None for nested cells, bytes, types of other programs."""
    from pyarrow import types

    if types.is_dictionary(kind):
        return _Texts if _is_text(kind.value_type) else None
    for applies, collector in (
        (types.is_integer, _Numbers),
        (types.is_floating, _Numbers),
        (types.is_boolean, _Booleans),
        (types.is_decimal, _Decimals),
        (types.is_timestamp, _Dates),
        (types.is_date, _Dates),
        (types.is_time, _Durations),
        (types.is_duration, _Durations),
        (types.is_null, _Nothing),
        (_is_text, _Texts),
    ):
        if applies(kind):
            return collector
    return None


def _is_text(kind: Any) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _counts(batch: Any) -> tuple[Any, Any]:
    """Return the whole numbers behind dates or durations, with where they are missing."""
    import pyarrow

    missing = batch.is_null().to_numpy(zero_copy_only=False)
    width = pyarrow.int32() if batch.type.bit_width == 32 else pyarrow.int64()
    return batch.view(width).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64), missing
