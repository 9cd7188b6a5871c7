import numpy as np
import pytest

from mdn_gui.core.repeats import coincident_pairs, repeated_rows
from mdn_gui.core.scaling import BLOCK_ROWS

RNG = np.random.default_rng(3)


def test_that_every_repeat_is_found_and_the_first_is_kept():
    x, y = RNG.normal(size=(50, 2)), RNG.normal(size=50)
    order = np.concatenate((np.arange(50), [4, 4, 0, 49]))
    assert repeated_rows(x[order], y[order]).tolist() == [50, 51, 52, 53]


def test_that_rows_equal_to_the_naked_eye_are_found_as_by_comparing_all():
    rows = RNG.integers(0, 4, size=(500, 3)).astype(float)
    _, first = np.unique(rows, axis=0, return_index=True)
    expected = sorted(set(range(500)) - set(first.tolist()))
    assert repeated_rows(rows[:, :2], rows[:, 2]).tolist() == expected


def test_that_no_more_than_expected_are_not_looked_for():
    x, y = np.array([[1.0], [1.0], [1.0], [2.0]]), np.zeros(4)
    assert repeated_rows(x, y, more_than=1.5).tolist() == [1, 2]
    assert repeated_rows(x, y, more_than=2.0).tolist() == []


@pytest.mark.parametrize("column", [0, 1, 2])
def test_that_rows_that_differ_in_one_value_are_no_repeats(column):
    rows = np.ones((2, 3))
    rows[1, column] += 1e-15
    assert repeated_rows(rows[:, :2], rows[:, 2]).tolist() == []


def test_that_exchanged_values_are_no_repeats_but_the_two_zeros_are():
    assert repeated_rows(np.array([[1.0], [2.0]]), np.array([2.0, 1.0])).tolist() == []
    assert repeated_rows(np.array([[0.0], [-0.0]]), np.array([-0.0, 0.0])).tolist() == [1]


def test_that_repeats_are_found_across_blocks():
    count = BLOCK_ROWS + 10
    x, y = np.arange(float(count))[:, None], np.zeros(count)
    x[-1] = 5.0
    assert repeated_rows(x, y).tolist() == [count - 1]


def test_that_the_chance_pairs_of_independent_columns_are_those_counted():
    x, y = RNG.integers(0, 20, size=(3000, 1)).astype(float), RNG.integers(0, 30, size=3000).astype(float)
    _, counts = np.unique(np.column_stack([x, y]), axis=0, return_counts=True)
    assert coincident_pairs(x, y) == pytest.approx((counts * (counts - 1) / 2).sum(), rel=0.1)
    assert coincident_pairs(RNG.normal(size=(100, 1)), y[:100]) == 0.0
