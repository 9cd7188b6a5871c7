"""Dates as a person reads them: the text of a moment, the ticks of an axis."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from mdn_gui.core.encoding import ColumnKind, Encoding

_DAY, _MONTH = 86_400, 30 * 86_400
_CLOCK_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200)
"""Seconds between ticks within a day: each divides the day."""
_DAY_STEPS = (1, 2, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)))


def date_text(value: float, encoding: Encoding | None) -> str:
    """Return the moment of a value of a column, such as "2020-06-01 12:00"; "" where it is none of the calendar.

    Parameters
    ----------
    value : float
        Days or seconds since the origin of the column: told to the minute, to the second.
    encoding : Encoding or None
        Of the column; None for numbers.
    """
    if encoding is None or not encoding.kind.is_date:
        return ""
    step = 60 if encoding.kind is ColumnKind.DAYS else 1
    try:
        seconds = step * round(value * encoding.kind.seconds / step)
        moment = datetime.fromisoformat(encoding.origin) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return ""
    if moment.time() == time():
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if moment.second else "minutes")


def date_ticks(
    low: float, high: float, encoding: Encoding | None, count_of: Callable[[str], float]
) -> list[tuple[float, str]]:
    """Return where ticks stand between two values of a column of dates, with what is written there.

    They stand at full minutes, days, months or years, as close as their texts allow: such as "2020", "2020-07",
    "2020-07-14", "12:30".

    Parameters
    ----------
    low, high : float
        Days or seconds since the origin of the column.
    encoding : Encoding or None
        Of the column; None for numbers.
    count_of : function
        Says how many texts as wide as a given one there is room for.

    Returns
    -------
    list of (float, str)
        Ascending; empty where the column has no dates, or the values are none of the calendar.
    """
    if encoding is None or not encoding.kind.is_date:
        return []
    unit = encoding.kind.seconds
    try:
        origin = datetime.fromisoformat(encoding.origin).replace(tzinfo=None)
        first, last = (origin + timedelta(seconds=value * unit) for value in (low, high))
        moments = list(_moments(first, last, count_of))
    except (OverflowError, ValueError):
        return []
    return [((moment - origin).total_seconds() / unit, text) for moment, text in moments]


def _moments(first: datetime, last: datetime, count_of: Callable[[str], float]) -> Iterator[tuple[datetime, str]]:
    """Yield the moments of the closest ticks for which there is room, with their texts."""
    seconds = (last - first).total_seconds()
    for step in _CLOCK_STEPS:
        # the first text only has date and time of day: there is room for half of it on each side
        if seconds / step <= count_of("2020-07-14 12:30" if step < 60 else "2020-07-14") - 1.0:
            yield from _clock_moments(first, last, step)
            return
    for step in _DAY_STEPS:
        if seconds / (step * _DAY) <= count_of("2020-07-14") - 1.0:
            yield from _day_moments(first, last, step)
            return
    room = count_of("2020-07") - 1.0
    step = next((each for each in _MONTH_STEPS if seconds / (each * _MONTH) <= room), _MONTH_STEPS[-1])
    month = -(-(12 * first.year + first.month - 2) // step) * step
    while month // 12 <= last.year:
        moment = datetime(max(month // 12, 1), month % 12 + 1, 1)  # there is no year 0
        if first <= moment <= last:
            yield moment, f"{moment.year:04}" if step >= 12 else f"{moment.year:04}-{moment.month:02}"
        month += step


def _clock_moments(first: datetime, last: datetime, step: int) -> Iterator[tuple[datetime, str]]:
    """Yield moments so many seconds apart; the first one of each day has the date."""
    midnight = datetime.combine(first.date(), time())
    moment = midnight + timedelta(seconds=-(-(first - midnight).total_seconds() // step) * step)
    date = None
    while moment <= last:
        clock = moment.time().isoformat("seconds" if step < 60 else "minutes")
        is_new, date = moment.date() != date, moment.date()
        day = date.isoformat()
        yield moment, clock if not is_new else day if moment.time() == time() else f"{day} {clock}"
        moment += timedelta(seconds=step)


def _day_moments(first: datetime, last: datetime, step: int) -> Iterator[tuple[datetime, str]]:
    """Yield midnights so many days apart: weeks begin on Monday."""
    ordinal = first.toordinal() + (first.time() != time())
    ordinal += (1 - ordinal) % step
    while (moment := datetime.fromordinal(ordinal)) <= last:
        yield moment, moment.date().isoformat()
        ordinal += step
