import math

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont

from mdn_gui.ui.numbers import (
    counted,
    decimals_for,
    fixed,
    is_probability,
    parsed,
    precise,
    probability,
    share,
    significant,
    tabular,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1.23456, 3, "1.235"),
        (-1.5, 0, "-2"),
        (1234567.0, 2, "1234567.00"),
        (0.0, 4, "0.0000"),
        (-0.0, 4, "0.0000"),
        (-1e-9, 4, "0.0000"),
        (1e9, 2, "1000000000.00"),
        (-1e300, 2, "-1e+300"),
        (1e-12, 10, "1e-12"),
        (3.2e-9, 12, "3.200e-09"),
        (5000000001.234, 3, "5000000001.234"),
        (123456789012.34567, 6, "123456789012.346"),
        (math.nan, 2, "–"),
        (math.inf, 2, "–"),
        (-math.inf, 2, "–"),
    ],
)
def test_that_fixed_numbers_keep_their_decimals(value, decimals, text):
    assert fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.23456, "1.235"),
        (123456.0, "123456"),
        (0.00012345, "0.0001234"),
        (0.000012345, "1.234e-05"),
        (9.99996, "10.00"),
        (999999.6, "1.000e+06"),
        (-1234.4, "-1234"),
        (0.0, "0.000"),
        (-0.0, "0.000"),
        (5e-324, "4.941e-324"),
        (1.7976931348623157e308, "1.798e+308"),
        (math.nan, "–"),
        (-math.inf, "–"),
    ],
)
def test_that_significant_numbers_keep_their_digits(value, text):
    assert significant(value) == text


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e22, -1.0, 5e-324, 1.7976931348623157e308, 123456789.123456789, 0.0])
def test_that_precise_numbers_come_back_bit_for_bit(value):
    assert parsed(precise(value)) == value


@pytest.mark.parametrize(
    "text", ["", " ", "nan", "NaN", "inf", "-inf", "infinity", "1e400", "abc", "1.2.3", "0x10", "1,5", "1 000", "--1"]
)
def test_that_what_is_no_finite_number_is_refused(text):
    assert parsed(text) is None


@pytest.mark.parametrize(("text", "value"), [("1.5", 1.5), (" -2 ", -2.0), ("1e-3", 1e-3), (".5", 0.5), ("+3", 3.0)])
def test_that_numbers_are_understood(text, value):
    assert parsed(text) == value


def test_that_a_german_reader_sees_and_types_commas(german):
    assert fixed(1234.5, 2) == "1234,50"
    assert significant(0.5) == "0,5000"
    assert precise(0.25) == "0,25"
    assert parsed("1,5") == 1.5
    assert parsed("1.5") == 1.5
    assert parsed("1.234,5") is None


def test_that_the_locale_is_restored_for_other_tests():
    assert QLocale().decimalPoint() == "."


@pytest.mark.parametrize(
    ("spread", "decimals"),
    [(1.0, 3), (9.99, 3), (10.0, 2), (1e6, 0), (1e308, 0), (0.01, 5), (5e-324, 320)]
    + [(bad, 4) for bad in (0.0, -1.0, math.nan, math.inf)],
)
def test_that_decimals_follow_the_spread(spread, decimals):
    assert decimals_for(spread) == decimals


def test_that_digits_have_equal_width_in_a_tabular_font(qapp):
    assert tabular(QFont()).featureValue(QFont.Tag("tnum")) == 1


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 rows of <b>"), (1, "1 row of <b>"), (2, "2 rows of <b>"), (100_011, "100,011 rows of <b>")],
)
def test_that_one_thing_is_counted_in_the_singular(count, text):
    assert counted(count, "{count} row of {name}", "{count} rows of {name}", name="<b>") == text


@pytest.mark.parametrize(
    ("weight", "decimals", "text"),
    [(0.3333, 3, "0.333"), (0.0004, 3, "<0.001"), (0.0005, 3, "0.001"), (0.004, 2, "<0.01"), (0.0, 2, "0.00")],
)
def test_that_a_weight_with_fewer_decimals_is_never_shown_as_nothing(weight, decimals, text):
    assert share(weight, decimals) == text


@pytest.mark.parametrize(
    ("value", "text", "stated"),
    [
        (0.0, "0.0000", "= 0.0000"),
        (4.9e-5, "<0.0001", "< 0.0001"),
        (5.1e-5, "0.0001", "= 0.0001"),
        (0.25, "0.2500", "= 0.2500"),
        (0.99994, "0.9999", "= 0.9999"),
        (0.99996, ">0.9999", "> 0.9999"),
        (1.0, "1.0000", "= 1.0000"),
    ],
)
def test_that_a_probability_is_neither_nothing_nor_certain_unless_it_is(value, text, stated):
    assert probability(value) == text
    assert is_probability(value) == stated
