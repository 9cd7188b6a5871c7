"""Cells as dates."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.files.dates import DateReader, day_order, is_date


def moment(cell: str, *, day_first: bool | None = None) -> str:
    return str(DateReader(day_first=day_first).values([cell])[0])


@pytest.mark.parametrize(
    ("cell", "day_first", "expected"),
    [
        ("2020-02-03", None, "2020-02-03T00:00:00.000000"),
        ("2020/2/3", None, "2020-02-03T00:00:00.000000"),
        ("2020-02-03T04:05", None, "2020-02-03T04:05:00.000000"),
        ("2020-02-03 04:05:06.5", None, "2020-02-03T04:05:06.500000"),
        ("2020-02-03T04:05:06.123456789", None, "2020-02-03T04:05:06.123456"),
        ("2020-02-03T04:05:06Z", None, "2020-02-03T04:05:06.000000"),
        ("2020-02-03T00:05+01:30", None, "2020-02-02T22:35:00.000000"),
        ("2020-02-03T00:05-0130", None, "2020-02-03T01:35:00.000000"),
        ("3.2.2020", None, "2020-02-03T00:00:00.000000"),
        ("03.02.2020 10:11", False, "2020-02-03T10:11:00.000000"),
        ("3/2/2020", True, "2020-02-03T00:00:00.000000"),
        ("3/2/2020", False, "2020-03-02T00:00:00.000000"),
        ("03/02/2020", True, "2020-02-03T00:00:00.000000"),
        ("03/02/2020", False, "2020-03-02T00:00:00.000000"),
        ("3/2/2020", None, "NaT"),
        ("03/02/2020", None, "NaT"),
        ("2/2/2020", None, "2020-02-02T00:00:00.000000"),
        ("2020-02-30", None, "NaT"),
        ("30.02.2020", None, "NaT"),
        ("0000-01-01", None, "NaT"),
        ("01.01.0000", None, "NaT"),
        ("2020-01-01T24:00", None, "NaT"),
        ("2020-01-01T10:00+25:00", None, "NaT"),
        ("0001-01-01T00:00+01:00", None, "NaT"),
        ("3.2.20", None, "NaT"),
        ("3-2/2020", True, "NaT"),
        ("03.02-2020", True, "NaT"),
        ("today", None, "NaT"),
        ("2020", None, "NaT"),
        ("", None, "NaT"),
    ],
)
def test_that_a_date_is_read_or_not(cell: str, *, day_first: bool | None, expected: str) -> None:
    assert moment(cell, day_first=day_first) == expected
    among_others = DateReader(day_first=day_first).values(["?", f" {cell} "])
    assert str(among_others[1]) == expected


@given(st.datetimes(), st.sampled_from(["%Y-%m-%d %H:%M:%S.%f", "%d.%m.%Y %H:%M:%S.%f", "%d/%m/%Y %H:%M:%S.%f"]))
def test_that_every_moment_is_read_to_the_microsecond(when: datetime, form: str) -> None:
    cell = when.strftime(form.replace("%Y", f"{when.year:04}"))
    assert DateReader(day_first=True).values([cell])[0] == np.datetime64(when, "us")


def test_that_zones_are_remembered() -> None:
    reader = DateReader(day_first=None)
    reader.values(["2020-01-01"])
    assert reader.zones == {"none"}
    reader.values(["2020-01-01T00:00Z"])
    assert reader.zones == {"none", "given"}


@pytest.mark.parametrize(
    ("cells", "day", "month", "either"),
    [
        (["1/2/2020", "13/2/2020"], "13/2/2020", "", "1/2/2020"),
        (["1/13/2020"], "", "1/13/2020", ""),
        (["1/2/2020", "3/3/2020"], "", "", "1/2/2020"),
        (["1.2.2020", "2020-01-02", "x"], "", "", ""),
    ],
)
def test_that_the_order_of_day_and_month_is_told_by_large_numbers(
    cells: list[str], day: str, month: str, either: str
) -> None:
    order = day_order(cells)
    assert (order.day_first, order.month_first, order.either) == (day, month, either)


def test_that_the_form_tells_a_date() -> None:
    assert all(map(is_date, ["2020-01-01", "1/2/2020", "1.2.2020 10:00"]))
    assert not any(map(is_date, ["1.2.20", "12", "", "2020-01-01-01"]))
