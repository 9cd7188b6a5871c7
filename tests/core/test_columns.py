"""Columns: what their cells say, in the terms of another table too."""

import numpy as np
import pytest

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind

NAN = float("nan")


def column(values: list[float], kind: ColumnKind = ColumnKind.NUMBER, **rest: object) -> Column:
    return Column("c", np.array(values), np.isnan(values), kind, **rest)


COLOURS = column([0, 1, NAN, 1], ColumnKind.CATEGORY, levels=("red", "blue"))
DAYS = column([0, 1.5, NAN, 366], ColumnKind.DAYS, origin="2020-01-01")


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        (column([1, 0.1, 1e300, NAN]), ["1", "0.1", "1e+300", ""]),
        (column([1, 0], ColumnKind.BOOLEAN), ["true", "false"]),
        (COLOURS, ["red", "blue", "", "blue"]),
        (DAYS, ["2020-01-01", "2020-01-02 12:00:00", "", "2021-01-01"]),
        (column([0.25], ColumnKind.SECONDS, origin="2020-01-01"), ["2020-01-01 00:00:00.250000"]),
        (column([1e300], ColumnKind.SECONDS, origin="2020-01-01"), ["1e+300"]),
    ],
)
def test_that_a_cell_says_what_it_means(cells: Column, texts: list[str]) -> None:
    assert [cells.text(row) for row in range(len(texts))] == texts


def test_that_a_cell_not_understood_keeps_its_words() -> None:
    odd = Column("c", np.array([1.0, NAN, NAN]), np.array([False, False, False]), oddities={1: "about 3"})
    assert [odd.text(row) for row in range(3)] == ["1", "about 3", "?"]


def test_that_levels_are_found_by_name_in_another_table() -> None:
    other = column([0, 1, 2, NAN], ColumnKind.CATEGORY, levels=("violet", "blue", "red"))
    assert np.array_equal(other.as_encoded(COLOURS.encoding), [NAN, 1, 0, NAN], equal_nan=True)


def test_that_dates_of_another_table_count_from_the_same_day() -> None:
    later = column([0, 86_400], ColumnKind.SECONDS, origin="2020-01-11")
    assert later.as_encoded(DAYS.encoding).tolist() == [10, 11]


def test_that_an_empty_column_of_texts_can_be_encoded() -> None:
    none = column([NAN, NAN], ColumnKind.CATEGORY, levels=())
    assert np.isnan(none.as_encoded(COLOURS.encoding)).all()


@pytest.mark.parametrize(
    ("cells", "text", "rows"),
    [
        (COLOURS, "blue", [1, 3]),
        (COLOURS, "violet", []),
        (column([1, 2, 1]), "1", [0, 2]),
        (column([1, 2, 1]), "one", []),
        (column([1, 0, NAN], ColumnKind.BOOLEAN), "true", [0]),
        (column([1, 0, NAN], ColumnKind.BOOLEAN), "false", [1]),
    ],
)
def test_that_rows_are_found_by_what_they_say(cells: Column, text: str, rows: list[int]) -> None:
    assert np.flatnonzero(cells.matches(text)).tolist() == rows


def test_that_texts_are_no_input_but_categories_are() -> None:
    assert COLOURS.can_be_input
    assert not COLOURS.is_numeric
    assert not column([0, 1], ColumnKind.TEXT, levels=("a", "b")).can_be_input
    assert not column([0, 1], ColumnKind.TEXT, levels=("a", "b")).is_numeric
