"""Dates as a person types them or reads them."""

import numpy as np

from mdn_gui.core.dates import date_text, date_ticks
from mdn_gui.core.encoding import Encoding
from mdn_gui.files.dates import DateReader
from mdn_gui.ui.numbers import parsed

__all__ = ["date_text", "date_ticks", "parsed_value"]

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
