"""The bars behind a slider."""

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.histogram import column_range, histogram_of, histograms_of


def one_column(values: np.ndarray, encoding: Encoding | None = None) -> Dataset:
    encoding = encoding or Encoding("a")
    return Dataset(
        encoding.expanded(np.asarray(values, dtype=float)), np.zeros(len(values)), encoding.names, "y", "", (encoding,)
    )


def test_that_every_value_is_in_one_bar_of_its_own_place():
    values = np.random.default_rng(0).normal(size=1000)
    made = histogram_of(one_column(values), 0)
    counts, _ = np.histogram(values, 40)
    assert made.counts.sum() == 1000
    assert np.abs(made.counts - counts).max() <= 1  # an edge may be rounded to either side
    assert (made.low, made.high) == (values.min(), values.max())


def test_that_more_values_than_a_block_are_all_counted():
    values = np.random.default_rng(0).uniform(size=600_000)
    assert histogram_of(one_column(values), 0).counts.sum() == 600_000


def test_that_a_category_has_a_bar_for_each_level_also_where_no_row_is():
    encoding = Encoding("colour", ColumnKind.CATEGORY, ("red", "blue", "green"))
    made = histogram_of(one_column([0, 2, 2, 0, 0], encoding), 0)
    assert made.counts.tolist() == [3, 0, 2]
    assert (made.low, made.high) == (-0.5, 2.5)


def test_that_a_boolean_has_two_bars_also_where_it_is_constant():
    dataset = one_column([1, 1, 1], Encoding("wet", ColumnKind.BOOLEAN))
    assert histogram_of(dataset, 0).counts.tolist() == [0, 3]
    assert column_range(dataset, 0) == (0.0, 1.0)


@pytest.mark.parametrize("values", [[3.0, 3.0, 3.0], [-1e308, 1e308, 0.0], [1e12, 1e12 + 1, 1e12]])
def test_that_constant_or_enormous_values_are_counted_without_a_warning(values):
    assert histogram_of(one_column(np.array(values)), 0).counts.sum() == 3


def test_that_work_that_is_not_wanted_ends():
    dataset = one_column(np.arange(9.0))
    assert histograms_of(dataset, 1, lambda: True) is None
    assert len(histograms_of(dataset, 1)) == 1
