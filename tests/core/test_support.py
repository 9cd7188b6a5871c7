import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.reading import Line
from mdn_gui.core.support import MOST_ROWS, Support

RNG = np.random.default_rng(3)


def dataset_of(*columns: np.ndarray, encodings: tuple[Encoding, ...] = ()) -> Dataset:
    x = np.column_stack(columns)
    return Dataset(x, np.arange(len(x), dtype=float), tuple(f"x{i}" for i in range(x.shape[1])), "y", "", encodings)


def along(dataset: Dataset, x: np.ndarray, held: tuple[float, ...] | None = None) -> np.ndarray:
    line = Line(dataset.encodings, 0, dataset.middle if held is None else np.array(held))
    return Support.of(dataset).along(line, x)


def test_that_the_support_is_the_kernel_count_of_the_rows():
    values = np.sort(RNG.normal(size=400))
    x = np.linspace(-3.0, 3.0, 121)
    width = 0.5 * Support.of(dataset_of(values)).widths[0]
    count = np.exp(-0.5 * ((x[:, None] - values) / width) ** 2).sum(axis=1)
    np.testing.assert_allclose(along(dataset_of(values), x), 1.0 - np.exp(-count / 3.0), atol=6e-3)


def test_that_the_width_is_that_of_scott():
    values = RNG.uniform(size=500)
    expected = min(values.std(), np.subtract(*np.percentile(values, (75, 25))) / 1.349) * 500**-0.2
    assert Support.of(dataset_of(values)).widths[0] == pytest.approx(expected)


def test_that_there_is_plenty_among_the_rows_and_none_far_away():
    support = along(dataset_of(RNG.normal(size=2000)), np.linspace(-40.0, 40.0, 321))
    assert support[160] > 0.99
    assert support[0] == support[-1] == 0.0


def test_that_a_gap_in_the_rows_has_no_support():
    values = np.concatenate((RNG.uniform(0, 1, 300), RNG.uniform(9, 10, 300)))
    low, gap, high = along(dataset_of(values), np.linspace(0.5, 9.5, 3))
    assert low > 0.9
    assert high > 0.9
    assert gap < 0.01


def test_that_rows_count_by_their_closeness_in_what_is_held():
    a, b = RNG.uniform(size=1000), RNG.uniform(size=1000)
    x = np.linspace(0.0, 1.0, 21)
    near, far = along(dataset_of(a, b), x, (0.5, 0.5)), along(dataset_of(a, b), x, (0.5, 40.0))
    assert near.min() > 0.9
    assert far.max() < 1e-6


def test_that_only_the_rows_of_the_held_level_count():
    levels = np.repeat((0.0, 1.0), 300)
    values = np.where(levels == 0.0, RNG.uniform(0, 1, 600), RNG.uniform(5, 6, 600))
    colour = Encoding("colour", ColumnKind.CATEGORY, ("red", "blue"))
    dataset = dataset_of(values, levels == 0.0, levels == 1.0, encodings=(Encoding("x0"), colour))
    x = np.linspace(0.5, 5.5, 3)
    assert (along(dataset, x, (0.0, 0.0)) > 0.5).tolist() == [True, False, False]
    assert (along(dataset, x, (0.0, 1.0)) > 0.5).tolist() == [False, False, True]


def test_that_a_category_on_the_axis_has_the_support_of_its_nearest_level():
    levels = np.repeat((0.0, 2.0), (100, 1))
    kind = Encoding("colour", ColumnKind.CATEGORY, ("red", "blue", "green"))
    one_hot = [levels == place for place in (0.0, 1.0, 2.0)]
    support = along(dataset_of(*one_hot, encodings=(kind,)), np.array([-0.4, 0.4, 0.6, 1.4, 1.6, 9.0]))
    assert support == pytest.approx([1.0, 1.0, 0.0, 0.0, 1 - np.exp(-1 / 3), 1 - np.exp(-1 / 3)])


def test_that_a_sample_of_many_rows_stands_for_all_of_them():
    a, b = RNG.normal(size=5 * MOST_ROWS), RNG.normal(size=5 * MOST_ROWS)
    support = Support.of(dataset_of(a, b))
    assert len(support.columns) == MOST_ROWS
    assert support.weight == 5.0


@pytest.mark.parametrize("value", [0.0, 1e12, -1e-300])
def test_that_a_constant_input_is_known_at_its_value_only(value):
    dataset = dataset_of(np.full(50, value))
    support = along(dataset, np.linspace(value - 1.0, value + 1.0, 5))
    assert support[2] > 0.99
    assert support[0] == support[-1] == 0.0


@pytest.mark.parametrize("low", [1e12, -1e300])
def test_that_support_far_outside_is_none_and_finite(low):
    support = along(dataset_of(RNG.normal(size=100)), np.linspace(low, low + 0.5 * abs(low), 10))
    np.testing.assert_array_equal(support, 0.0)


def test_that_a_line_through_other_columns_is_not_faded():
    support = Support.of(dataset_of(RNG.normal(size=100)))
    encodings = (Encoding("a"), Encoding("b"))
    np.testing.assert_array_equal(support.along(Line(encodings, 0, np.zeros(2)), np.linspace(0, 1, 4)), 1.0)
