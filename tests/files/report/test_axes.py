"""Ticks stand at round places, say what stands there, whatever the range."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.files.report.axes import input_axis, number_axis, range_of

FINITE = st.floats(-1e300, 1e300)


@example(5e-324, 5e-324)
@given(FINITE, FINITE)
def test_that_any_range_has_an_axis(first: float, second: float) -> None:
    low, high = sorted((first, second))
    axis = number_axis("x", low, high)
    assert axis.low < axis.high
    assert axis.low <= low
    assert high <= axis.high
    assert 1 <= len(axis.ticks) <= 14
    values = [value for value, _ in axis.ticks]
    assert values == sorted(set(values))
    texts = [text for _, text in axis.ticks]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("low", "high", "texts"),
    [
        (0.0, 10.0, ["0", "2", "4", "6", "8", "10"]),
        (-1.0, 1.0, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
        (0.001, 0.002, ["0.0010", "0.0012", "0.0014", "0.0016", "0.0018", "0.0020"]),
        (1e12, 3e12, ["1e+12", "1.5e+12", "2e+12", "2.5e+12", "3e+12"]),
    ],
)
def test_that_ticks_are_round(low: float, high: float, texts: list[str]) -> None:
    assert [text for _, text in number_axis("x", low, high).ticks] == texts


def test_that_dates_stand_on_an_axis_of_dates() -> None:
    axis = input_axis(Encoding("day", ColumnKind.DAYS, (), "2020-01-01"), 0.0, 700.0, 800.0)
    assert axis.name == "day (days since 2020-01-01)"
    assert (0.0, "2020-01") in axis.ticks


def test_that_levels_stand_on_an_axis_of_levels() -> None:
    axis = input_axis(Encoding("c", ColumnKind.CATEGORY, ("red", "a name that is far too long to be shown")), 0, 1, 300)
    assert [value for value, _ in axis.ticks] == [0.0, 1.0]
    assert axis.ticks[0][1] == "red"
    assert axis.ticks[1][1].endswith("…")
    many = input_axis(Encoding("c", ColumnKind.CATEGORY, tuple(map(str, range(50)))), 0, 49, 300)
    assert len(many.ticks) < 10


def test_that_the_range_passes_over_what_is_not_finite() -> None:
    assert range_of([np.nan, np.inf, 3.0, -2.0]) == (-2.0, 3.0)
    assert range_of([]) == (0.0, 1.0)
