"""Columns become inputs, inputs become columns again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.core.encoding import ColumnKind, Encoding, collapsed, expanded

COLOURS = Encoding("colour", ColumnKind.CATEGORY, ("red", "blue", "green"))
DAY = Encoding("day", ColumnKind.DAYS, origin="2020-01-01")


def test_that_a_category_is_one_input_for_each_level() -> None:
    assert COLOURS.names == ("colour = red", "colour = blue", "colour = green")
    assert COLOURS.width == 3
    assert COLOURS.expanded(np.array([1.0, 0.0])).tolist() == [[0, 1, 0], [1, 0, 0]]


def test_that_a_place_between_two_levels_is_the_nearest_one() -> None:
    assert COLOURS.expanded(np.array([-5.0, 0.4, 0.6, 99.0])).argmax(axis=1).tolist() == [0, 0, 1, 2]


def test_that_a_missing_category_is_missing_in_each_input() -> None:
    assert np.isnan(COLOURS.expanded(np.array([np.nan]))).all()


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        (Encoding("age"), "age"),
        (Encoding("smokes", ColumnKind.BOOLEAN), "smokes"),
        (DAY, "day (days since 2020-01-01)"),
        (Encoding("at", ColumnKind.SECONDS, origin="2020-01-01"), "at (seconds since 2020-01-01)"),
        (COLOURS, "colour"),
    ],
)
def test_that_a_label_names_the_unit_of_dates(encoding: Encoding, label: str) -> None:
    assert encoding.label == label


@given(st.lists(st.tuples(st.floats(-1e9, 1e9), st.integers(0, 2), st.floats(0, 1e4)), min_size=1))
def test_that_inputs_collapse_to_the_columns_they_came_from(rows: list[tuple[float, int, float]]) -> None:
    encodings, values = (Encoding("a"), COLOURS, DAY), np.array(rows, dtype=float)
    inputs = expanded(encodings, values)
    assert inputs.shape == (len(rows), 5)
    assert np.array_equal(collapsed(encodings, inputs), values)


def test_that_only_categories_and_texts_have_no_axis() -> None:
    assert [kind for kind in ColumnKind if not kind.is_numeric] == [ColumnKind.CATEGORY, ColumnKind.TEXT]
