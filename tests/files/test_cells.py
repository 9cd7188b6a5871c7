"""Cells as numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.errors import DataError
from mdn_gui.files.cells import POINT, NumberFormat, is_empty
from mdn_gui.files.marks import checked_marks, guessed_marks


@pytest.mark.parametrize(
    ("decimal", "thousands", "cell", "value"),
    [
        (".", "", "1.5", 1.5),
        (".", "", "1,5", None),
        (".", "", "1_0", None),
        (".", "", "١", None),
        (",", "", "1,5", 1.5),
        (",", "", "1.5", None),
        (",", ".", "1.234,56", 1234.56),
        (",", ".", "1.234", 1234),
        (",", ".", "1.5", None),
        (".", ",", "-1,234,567.5e-3", -1234.5675),
        (".", ",", "12,34", None),
        (".", ",", "0,123", None),
        (".", ",", "1234,567", None),
        (".", "'", "1'234.5", 1234.5),
        (".", "'", "1\N{RIGHT SINGLE QUOTATION MARK}234.5", 1234.5),
        (",", " ", "1 234,5", 1234.5),
        (",", " ", "1\N{NO-BREAK SPACE}234\N{THIN SPACE}567,5", 1234567.5),
        (",", " ", "1\N{NARROW NO-BREAK SPACE}234", 1234),
        (",", " ", "1 23", None),
        (".", ",", "inf", math.inf),
        (".", ",", "\N{MINUS SIGN}1,000", -1000),
    ],
)
def test_that_a_number_is_read_as_its_format_says(decimal: str, thousands: str, cell: str, value: float | None) -> None:
    number_format = NumberFormat(decimal, thousands)
    assert number_format.value(cell) == value
    assert number_format.values([cell, "7"]).tolist()[:1] == pytest.approx(
        [math.nan if value is None else value], nan_ok=True
    )


@given(
    st.lists(
        st.floats(allow_nan=False).map(repr) | st.text(max_size=6).filter(lambda cell: "\0" not in cell), min_size=1
    )
)
def test_that_many_cells_are_read_as_each_alone(cells: list[str]) -> None:
    expected = [math.nan if (value := POINT.value(cell)) is None else value for cell in cells]
    assert POINT.values(cells).tobytes() == np.array(expected).tobytes()


@pytest.mark.parametrize("cell", ["", " ", "NA", "n/a", "NaN", "None", "-", "?"])
def test_that_words_for_nothing_are_empty(cell: str) -> None:
    assert is_empty(cell)
    assert not is_empty(f"{cell}0")


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands"),
    [
        (["1,5", "2"], ",", ""),
        (["1.234,5"], ",", "."),
        (["1,234.5"], ".", ","),
        (["1,234,567"], ".", ","),
        (["1'234"], ".", "'"),
        (["1\N{NO-BREAK SPACE}234,5"], ",", " "),
        (["12", "NA"], ".", ""),
    ],
)
def test_that_clear_marks_are_found_without_a_doubt(cells: list[str], decimal: str, thousands: str) -> None:
    marks = guessed_marks([cells], ["x"], None, None, is_offer=False)
    assert (marks.decimal, marks.thousands, marks.doubts) == (decimal, thousands, [])


@pytest.mark.parametrize(
    ("columns", "doubt"),
    [
        ([["1,234"]], "1,234 in x is taken for 1234, it could be 1.234."),
        ([["1,234"], ["0,5"]], "1,234 in x is taken for 1.234, it could be 1234."),
        ([["1,234"], ["0.5"]], "1,234 in x is taken for 1234, it could be 1.234."),
        ([["1.234"], ["0,5"]], "1.234 in x is taken for 1234, it could be 1.234."),
        ([["1 234"]], "1 234 in x is taken for 1234."),
        ([["1,5"], ["2.5"]], "The decimal mark differs between columns: some have a point, some a comma."),
        ([["1,5", "2.5"]], "The points and commas of x contradict each other; cells are left out."),
    ],
)
def test_that_every_guess_that_could_be_wrong_is_told(columns: list[list[str]], doubt: str) -> None:
    assert guessed_marks(columns, ["x", "y"][: len(columns)], None, None, is_offer=True).doubts == [doubt]


@pytest.mark.parametrize(
    ("decimal", "thousands", "cells"),
    [(".", "", ["1,5", "2,5"]), (",", "", ["1.5", "2.5"]), (",", None, ["1.5", "2.5"]), (None, "", ["1.000,5"])],
)
def test_that_numbers_that_do_not_fit_the_options_stay_numbers_and_are_left_out(
    decimal: str | None, thousands: str | None, cells: list[str]
) -> None:
    marks = guessed_marks([cells], ["x"], decimal, thousands, is_offer=True)
    assert marks.numbers == {0}
    assert marks.notes == ["numbers not understood, cells left out: x"]


@pytest.mark.parametrize(("decimal", "thousands"), [(".", "."), (",", ","), (";", None), (None, "x")])
def test_that_marks_that_contradict_each_other_are_refused(decimal: str | None, thousands: str | None) -> None:
    with pytest.raises(DataError, match=r"t\.csv: ") as caught:
        checked_marks(decimal, thousands, "t.csv")
    assert "Choose" in caught.value.hint
