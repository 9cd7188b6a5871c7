"""Dates that are typed, dates that are shown."""

import math

import pytest

from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.ui.dates import date_text, parsed_value

DAYS = Encoding("day", ColumnKind.DAYS, (), "2020-01-01")
SECONDS = Encoding("when", ColumnKind.SECONDS, (), "2021-01-01T06:00:00")


@pytest.mark.parametrize(
    ("text", "encoding", "value"),
    [
        ("2020-06-01", DAYS, 152.0),
        ("2020-06-01 12:00", DAYS, 152.5),
        ("2020-06-01T14:00+02:00", DAYS, 152.5),
        ("1.6.2020", DAYS, 152.0),
        ("2019-12-31", DAYS, -1.0),
        ("152,5", DAYS, None),
        ("152.5", DAYS, 152.5),
        ("2020", DAYS, 2020.0),
        ("2021-01-01 08:00:01.5", SECONDS, 7201.5),
        ("1/2/2020", DAYS, None),
        ("2020-02-30", DAYS, None),
        ("2020-06-01\0", DAYS, 152.0),
        ("", DAYS, None),
        ("2020-06-01", Encoding("age"), None),
        ("2020-06-01", None, None),
        ("1.25", None, 1.25),
    ],
)
def test_that_a_number_or_a_date_is_understood(text, encoding, value):
    assert parsed_value(text, encoding) == value


@pytest.mark.parametrize(
    ("value", "encoding", "text"),
    [
        (152.0, DAYS, "2020-06-01"),
        (152.5, DAYS, "2020-06-01 12:00"),
        (152.49999, DAYS, "2020-06-01 12:00"),
        (-1.0, DAYS, "2019-12-31"),
        (7201.4, SECONDS, "2021-01-01 08:00:01"),
        (7200.0, SECONDS, "2021-01-01 08:00"),
        (18 * 3600.0, SECONDS, "2021-01-02"),
        (1e9, DAYS, ""),
        (math.nan, DAYS, ""),
        (math.inf, DAYS, ""),
        (152.0, Encoding("age"), ""),
        (152.0, None, ""),
    ],
)
def test_that_a_value_is_told_as_the_moment_it_is(value, encoding, text):
    assert date_text(value, encoding) == text
