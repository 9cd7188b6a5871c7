"""Dates as a person types them or reads them."""

from datetime import datetime, time, timedelta

import numpy as np

from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.files.dates import DateReader
from mdn_gui.ui.numbers import parsed

_MICROSECOND = np.timedelta64(1, "us")


def parsed_value(text: str, encoding: Encoding | None) -> float | None:
    """Return the value of a column that ``text`` states; None where it states none.

    Parameters
    ----------
    text : str
        A number as :func:`mdn_gui.ui.numbers.parsed` takes it, in the unit of the column; of a column of dates also a
        date, ISO 8601 or 1.6.2020, with or without time.
    encoding : Encoding or None
        Of the column; None for numbers.
    """
    number = parsed(text)
    if number is not None or encoding is None or not encoding.kind.is_date:
        return number
    moment = DateReader(day_first=None).values([text.strip().replace("\0", " ")])[0]
    if np.isnat(moment):
        return None
    return float((moment - np.datetime64(encoding.origin, "us")) / _MICROSECOND / 1e6 / encoding.kind.seconds)


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
