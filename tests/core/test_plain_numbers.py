"""Numbers as plain text."""

import math

import pytest

from mdn_gui.core.plain_numbers import decimals_for, fixed, grouped, shortest, significant


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1.23456, 2, "1.23"),
        (-0.001, 2, "0.00"),
        (-1.5, 1, "−1.5"),
        (2e20, 1, "2.00000000000000e+20"),
        (1.5e-12, 14, "1.50e−12"),
        (math.nan, 2, "–"),
        (-math.inf, 2, "−∞"),
    ],
)
def test_that_decimals_are_fixed(value: float, decimals: int, text: str) -> None:
    assert fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.5678, "1234.6"), (9.99999999, "10.000"), (1e12, "1.0000e+12"), (-2e-7, "−2.0000e−07"), (math.inf, "∞")],
)
def test_that_digits_are_significant(value: float, text: str) -> None:
    assert significant(value) == text


def test_that_counts_are_grouped() -> None:
    assert grouped(1_234_567) == "1,234,567"


def test_that_no_zeros_are_left_at_the_end() -> None:
    assert [shortest(value, 3) for value in (0.1, -2.0, 12345.0)] == ["0.1", "−2", "1.23e+04"]


def test_that_decimals_follow_the_spread() -> None:
    assert [decimals_for(spread) for spread in (1000.0, 1.0, 1e-3, 0.0, math.inf)] == [0, 3, 6, 4, 4]
