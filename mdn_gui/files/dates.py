"""What the text in a cell means as a date."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.columns import MOST_ODDITIES, Column
from mdn_gui.core.encoding import ColumnKind

DateArray = NDArray[np.datetime64]
"""Moments in microseconds; NaT for none."""

_ZONE = r"\s*(Z|[+-]\d\d(?::?\d\d)?)?"
_TIME = rf"(?:[T ]+(\d{{1,2}}):(\d\d)(?::(\d\d)(?:[.,](\d{{1,9}}))?)?{_ZONE})?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}", re.ASCII)
_PLAIN_TIME = r"(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?"
_ISO_CELLS = re.compile(rf"(?:(?!0000)\d{{4}}-\d\d-\d\d{_PLAIN_TIME}\0)+", re.ASCII)
_YEAR_LAST_CELLS = {
    mark: re.compile(rf"(?:\d\d[{mark}]\d\d[{mark}](?!0000)\d{{4}}{_PLAIN_TIME}\0)+", re.ASCII) for mark in ".-/"
}
_FIGURES = re.compile(r"(\d\d)[-/.](\d\d)[-/.](\d{4})", re.ASCII)
_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
_SHORT_SPAN = np.timedelta64(3, "D")
_FIRST_MOMENT, _END_OF_TIME = np.datetime64("0001-01-01", "us"), np.datetime64("10000-01-01", "us")
_NAT = np.iinfo(np.int64).min


class DateReader:
    """Reads cells as moments: ISO 8601 with or without time, or day, month, year in figures.

    Moments with a zone are turned into UTC; :attr:`zones` tells what was met.

    Parameters
    ----------
    day_first : bool or None
        Whether 1/2/2020 is the first of February; None leaves such cells out. 1.2.2020 always is.
    """

    def __init__(self, *, day_first: bool | None) -> None:
        self._day_first = day_first
        self.zones: set[str] = set()
        """Holds "given" when a moment had a zone, "none" when one had none."""

    def values(self, cells: Sequence[str]) -> DateArray:
        """Return the moments that cells [N] tell, NaT where one tells none; cells without zero characters."""
        iso = self._as_iso("\0".join(cells) + "\0")
        if _ISO_CELLS.fullmatch(iso):
            try:
                moments = np.array(iso[:-1].split("\0"), dtype="datetime64[us]")
            except ValueError:  # such as the 30th of February
                pass
            else:
                self.zones.add("none")
                return moments
        known: dict[str, int] = {}
        for cell in cells:
            if cell not in known:
                known[cell] = self._microseconds(cell.strip())
        return np.array([known[cell] for cell in cells], dtype=np.int64).view("datetime64[us]")

    def _as_iso(self, joined: str) -> str:
        """Return cells, each with a zero character behind it, in the order of ISO 8601 where that is easily done."""
        mark = joined[2:3]
        if mark not in _YEAR_LAST_CELLS or not _YEAR_LAST_CELLS[mark].fullmatch(joined):
            return joined
        if mark == "." or self._day_first:
            return _FIGURES.sub(r"\3-\2-\1", joined)
        return joined if self._day_first is None else _FIGURES.sub(r"\3-\1-\2", joined)

    def _microseconds(self, text: str) -> int:
        year_first = _YEAR_FIRST.fullmatch(text)
        match = year_first or _YEAR_LAST.fullmatch(text)
        if not match:
            return _NAT
        if year_first:
            year, month, day = match[1], match[3], match[4]
        elif match[2] == "." or self._day_first or match[1] == match[3]:
            day, month, year = match[1], match[3], match[4]
        elif self._day_first is None:
            return _NAT
        else:
            month, day, year = match[1], match[3], match[4]
        hour, minute, second, fraction, zone = match.groups()[4:]
        try:
            moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
            moment += timedelta(microseconds=int(f"{fraction or '':0<6}"[:6]))
            moment -= _zone(zone)
        except (ValueError, OverflowError):
            return _NAT
        self.zones.add("given" if zone else "none")
        return (moment - _EPOCH) // _MICROSECOND


def is_date(cell: str) -> bool:
    """Return True when a cell has the form of a date."""
    return bool(_YEAR_FIRST.fullmatch(cell.strip()) or _YEAR_LAST.fullmatch(cell.strip()))


@dataclass(frozen=True)
class DayOrder:
    """What the dates in some cells tell about the order of day and month.

    Parameters
    ----------
    day_first, month_first : str
        A cell that can only be read so; empty for none.
    either : str
        A cell that can be read both ways; empty for none.
    """

    day_first: str = ""
    month_first: str = ""
    either: str = ""


def day_order(cells: Sequence[str]) -> DayOrder:
    """Return what cells tell about the order of day and month in dates such as 1/2/2020."""
    found = {"day": "", "month": "", "either": ""}
    for cell in cells:
        match = _YEAR_LAST.fullmatch(cell.strip())
        if match and match[2] != "." and match[1] != match[3]:
            first, second = int(match[1]), int(match[3])
            kind = "day" if first > 12 else "month" if second > 12 else "either"
            found[kind] = found[kind] or cell.strip()
    return DayOrder(found["day"], found["month"], found["either"])


def _zone(zone: str | None) -> timedelta:
    if zone is None or zone == "Z":
        return timedelta(0)
    figures = zone[1:].replace(":", "")
    size = timedelta(hours=int(figures[:2]), minutes=int(figures[2:] or 0))
    if size >= timedelta(days=1):
        raise ValueError("no such zone")
    return -size if zone[0] == "-" else size


def date_unit(moments: DateArray) -> ColumnKind:
    """Return days, or seconds where moments [N], NaT for none, span less than three days."""
    given = moments[~np.isnat(moments)]
    is_short = len(given) > 0 and bool(given.max() - given.min() < _SHORT_SPAN)
    return ColumnKind.SECONDS if is_short else ColumnKind.DAYS


def column_of_dates(
    name: str,
    moments: DateArray,
    empty: NDArray[np.bool_],
    oddities: Mapping[int, str],
    kind: ColumnKind | None = None,
) -> Column:
    """Return moments [N], NaT for none, counted from the midnight before the least one.

    Parameters
    ----------
    name : str
        Name of the column.
    moments : datetime64 array [N]
        Microseconds; those outside the years 1 to 9999 become oddities.
    empty : bool array [N]
        True where the cell was empty.
    oddities : mapping of int to str
        Cells that are no dates, by row.
    kind : ColumnKind, optional
        Days or seconds, where the person decided; by default days, seconds where the dates span less than three days.
    """
    strange = (moments < _FIRST_MOMENT) | (moments >= _END_OF_TIME)
    if strange.any():  # years that no calendar program knows
        rows = np.flatnonzero(strange)[:MOST_ODDITIES].tolist()
        oddities = {**oddities, **{row: str(moments[row]) for row in rows}}
        moments = np.where(strange, np.datetime64("NaT", "us"), moments)
    given = ~np.isnat(moments)
    found = moments[given]
    kind = kind if kind is not None and kind.is_date else date_unit(moments)
    origin = (found.min() if len(found) else np.datetime64(0, "us")).astype("datetime64[D]")
    values = np.full(len(moments), np.nan)
    values[given] = (found - origin).astype(np.int64) / (kind.seconds * 1e6)
    return Column(name, values, empty, kind, origin=str(origin), oddities=oddities)
