import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.core.grid import GridSpec
from mdn_gui.errors import ConfigError


def test_that_values_run_evenly_from_start_to_stop():
    values = GridSpec(-1.0, 2.0, 7).values()
    assert values.dtype == np.float64
    assert values.tolist() == [-1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0]


def test_that_a_single_value_is_the_start():
    assert GridSpec(3.0, 3.0, 1).values().tolist() == [3.0]
    assert GridSpec(3.0, 5.0, 1).values().tolist() == [3.0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-2.7:2.7:1000", GridSpec(-2.7, 2.7, 1000)),
        (" 0 : 1e3 : 5 ", GridSpec(0.0, 1000.0, 5)),
        ("+.5:1.:2", GridSpec(0.5, 1.0, 2)),
        ("4:4:1", GridSpec(4.0, 4.0, 1)),
    ],
)
def test_that_text_is_read_with_a_decimal_point(text, expected):
    assert GridSpec.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["", "1:2", "1:2:3:4", "a:2:3", "1:b:3", "1:2:c", "1,5:2:3", "nan:1:2", "0:inf:2", "1_0:20:3", "0x1:2:3"]
)
def test_that_text_that_is_no_grid_is_named_beside_an_example(text):
    with pytest.raises(ConfigError) as caught:
        GridSpec.parse(text)
    assert repr(text) in caught.value.message
    assert "-2.7:2.7:1000" in caught.value.hint


@pytest.mark.parametrize("text", ["2:1:3", "1:1:2", "1:2:0", "1:2:-5", "1:2:2.5", "1:2:10000001", "0:1e999:2"])
def test_that_text_of_an_impossible_grid_is_refused_with_a_hint(text):
    with pytest.raises(ConfigError) as caught:
        GridSpec.parse(text)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("start", "stop", "count"),
    [
        (math.nan, 1.0, 2),
        (0.0, math.nan, 2),
        (-math.inf, 1.0, 2),
        (0.0, math.inf, 2),
        (-1.5e308, 1.5e308, 2),
        (1.0, 0.0, 2),
        (1.0, 1.0, 2),
        (0.0, 1.0, 0),
        (0.0, 1.0, -3),
        (0.0, 1.0, 1.5),
        (0.0, 1.0, math.nan),
        (0.0, 1.0, math.inf),
        (0.0, 1.0, True),
        (0.0, 1.0, "5"),
        ("0", 1.0, 5),
        (0.0, 1.0, 10_000_001),
    ],
)
def test_that_impossible_grids_are_refused_with_a_hint(start, stop, count):
    with pytest.raises(ConfigError) as caught:
        GridSpec(start, stop, count)
    assert caught.value.hint


def test_that_numpy_numbers_become_plain_ones():
    grid = GridSpec(np.float64(0.0), np.int64(2), np.int64(3))
    assert [type(value) for value in (grid.start, grid.stop, grid.count)] == [float, float, int]


def test_that_a_grid_over_data_spans_its_range():
    assert GridSpec.over([3.0, -1.0, 2.0]) == GridSpec(-1.0, 3.0, 1000)
    assert GridSpec.over(np.array([[3.0], [1.0]]), count=5) == GridSpec(1.0, 3.0, 5)


def test_that_a_grid_over_equal_data_is_a_single_value():
    assert GridSpec.over([2.0, 2.0]).values().tolist() == [2.0]


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [0.0, math.inf]])
def test_that_a_grid_over_no_range_is_refused(values):
    with pytest.raises(ConfigError):
        GridSpec.over(values)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(2, 500))
def test_that_a_grid_survives_being_written_out(start, width, count):
    grid = GridSpec(start, start + width, count)
    assert GridSpec.parse(f"{grid.start!r}:{grid.stop!r}:{grid.count}") == grid
    values = grid.values()
    assert (len(values), values[0], values[-1]) == (count, grid.start, grid.stop)
