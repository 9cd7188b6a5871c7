from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.neighbours import ENOUGH, NearbyRows, Neighbourhood, Neighbours, judged_nearby
from mdn_gui.core.reading import InputAxis, Line, Reading, Section
from tests.fakes import made_model

RNG = np.random.default_rng(0)


def single(values) -> Dataset:
    values = np.asarray(values, dtype=float)
    return Dataset(values[:, None], np.zeros(len(values)), ("x",), "y")


@pytest.fixture(scope="module")
def several() -> Dataset:
    """Two columns of numbers, one of very different size, with a category."""
    count = 2000
    encodings = (Encoding("a"), Encoding("b"), Encoding("c", ColumnKind.CATEGORY, ("u", "v", "w")))
    numbers = np.column_stack((RNG.uniform(0, 1, count), RNG.uniform(0, 1e6, count)))
    x = np.hstack((numbers, np.eye(3)[RNG.integers(0, 3, count)]))
    return Dataset(x, RNG.normal(size=count), ("a", "b", "c = u", "c = v", "c = w"), "y", encodings=encodings)


@pytest.mark.parametrize("x", [-1.9, 0.0, 0.3, 2.5, 9.0, 1e12])
def test_that_one_input_has_the_rows_that_its_axis_counts(x):
    dataset = single(RNG.normal(size=5000))
    axis = InputAxis.of(dataset)
    near = Neighbours(dataset).near(np.array([x]))
    assert near.num_within == axis.rows_near(x)
    assert near.half_width == axis.half_width
    if not near.is_nearest:
        np.testing.assert_array_equal(near.rows, np.flatnonzero(np.abs(dataset.x[:, 0] - x) <= axis.half_width))


def test_that_where_few_are_near_the_nearest_thirty_are_taken():
    dataset = single(RNG.normal(size=500))
    near = Neighbours(dataset).near(np.array([1.0]))
    distance = np.abs(dataset.x[:, 0] - 1.0)
    assert near.is_nearest
    assert near.num_within < ENOUGH
    np.testing.assert_array_equal(near.rows, np.sort(np.argsort(distance)[:ENOUGH]))
    assert near.reach == pytest.approx(np.sort(distance)[ENOUGH - 1])


def test_that_nearest_rows_that_are_far_are_not_taken():
    dataset = single(np.append(np.linspace(0.0, 1.0, 200), 5.0))
    near = Neighbours(dataset).near(np.array([5.0]))
    assert near.rows.tolist() == [200]
    assert (near.is_far, near.is_nearest, near.is_judged) == (True, False, False)
    assert Neighbours(dataset).near(np.array([0.5])).is_judged


@pytest.mark.parametrize("place", [[1e12], [-1e-3], [1.001]])
def test_that_outside_the_data_no_rows_tell_anything(place):
    dataset = single(np.linspace(0.0, 1.0, 10_000))
    near = Neighbours(dataset).near(np.array(place))
    assert near.is_outside
    assert not near.is_judged
    assert len(near.rows) == near.num_within
    found = judged_nearby(dataset, Neighbours(dataset), np.array(place), Known(), lambda: False)
    assert len(found.pit) == 0
    assert len(found.targets) == near.num_within


def test_that_an_input_held_outside_its_range_is_outside(several):
    place = np.array([0.5, 4e5, 1.0])
    assert Neighbours(several).near(place).is_judged
    assert not Neighbours(several).near(np.add(place, [0.0, 1e6, 0.0])).is_judged


def test_that_of_several_inputs_rows_beyond_an_sd_a_column_are_far(several):
    x = np.array(several.x)
    x[0, :2] = 10.0, 1e7
    lonely = Neighbours(replace(several, x=x)).near(np.array([10.0, 1e7, float(x[0, 2:].argmax())]))
    assert lonely.rows.tolist() == [0]
    assert not lonely.is_judged


def test_that_all_the_rows_of_a_small_table_are_near_no_place():
    dataset = Dataset(np.random.default_rng(1).normal(size=(10, 4)), np.zeros(10), tuple("abcd"), "y")
    near = Neighbours(dataset).near(np.median(dataset.x, axis=0))
    assert near.is_far
    assert len(near.rows) == near.num_within


def test_that_several_inputs_count_a_tenth_of_each_range_and_the_same_level(several):
    place = np.array([0.5, 4e5, 1.0])
    near = Neighbours(several).near(place)
    values = several.column_values()
    ranges = np.ptp(values, axis=0)
    inside = (np.abs(values - place)[:, :2] <= 0.1 * ranges[:2]).all(axis=1) & (values[:, 2] == 1.0)
    assert near.num_within == inside.sum()
    assert near.num_columns == 3


def test_that_the_nearest_of_several_inputs_are_nearest_in_sds(several):
    place = np.array([0.5, 4e5, 1.0])
    near = Neighbours(several).near(place)
    values = several.column_values()
    squared = (np.square((values - place)[:, :2] / values[:, :2].std(axis=0))).sum(axis=1)
    squared += 16.0 * (values[:, 2] != 1.0)
    assert near.is_nearest
    np.testing.assert_array_equal(near.rows, np.sort(np.argsort(squared)[:ENOUGH]))
    assert near.reach == pytest.approx(np.sqrt(np.sort(squared)[ENOUGH - 1]))


def test_that_an_input_of_a_single_value_divides_by_nothing(several):
    x = np.array(several.x)
    x[:, 0] = 7.0
    constant = Neighbours(replace(several, x=x))
    assert constant.near(np.array([7.0, 4e5, 1.0])).num_within > 0
    away = constant.near(np.array([8.0, 4e5, 1.0]))
    assert away.num_within == 0
    assert away.is_outside
    assert np.isfinite(away.reach)


def test_that_a_single_category_has_the_rows_of_its_level_however_few():
    levels = Encoding("c", ColumnKind.CATEGORY, ("u", "v"))
    x = np.eye(2)[[0] * 50 + [1] * 3]
    near = Neighbours(Dataset(x, np.zeros(53), levels.names, "y", encodings=(levels,))).near(np.array([1.0]))
    assert near.rows.tolist() == [50, 51, 52]
    assert not near.is_nearest


class Known:
    """A standard normal law about the first input."""

    def conditional(self, x):
        x = np.asarray(x)
        return ConditionalMixture(np.ones((len(x), 1)), x[:, :1], np.ones((len(x), 1)))


def test_that_a_right_model_is_found_calibrated_and_a_narrow_one_is_not():
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 100, 20_000)
    dataset = Dataset(x[:, None], x + rng.normal(size=20_000), ("x",), "y")
    right = judged_nearby(dataset, Neighbours(dataset), np.array([50.0]), Known(), lambda: False)
    assert right.neighbourhood.num_within == len(right.targets) == len(right.pit) > 300
    assert not right.is_off
    assert abs(right.mean_pit.value - 0.5) < 3.0 * right.mean_pit.standard_error
    wide = replace(dataset, y=x + 3.0 * rng.normal(size=20_000))
    wrong = judged_nearby(wide, Neighbours(wide), np.array([50.0]), Known(), lambda: False)
    assert wrong.is_off
    assert wrong.num_held / len(wrong.pit) == wrong.coverage.value < 0.6


def test_that_pit_values_are_those_at_the_inputs_of_the_rows_themselves(several):
    model = made_model(several)
    place = several.column_values()[7]
    found = judged_nearby(several, Neighbours(several), place, model, lambda: False)
    rows = found.neighbourhood.rows
    np.testing.assert_array_equal(found.pit, model.conditional(several.x[rows]).cdf(several.y[rows]))
    np.testing.assert_array_equal(found.targets, several.y[rows])


def test_that_of_very_many_rows_an_even_part_is_judged():
    dataset = single(np.zeros(30_001))
    found = judged_nearby(dataset, Neighbours(dataset), np.zeros(1), Known(), lambda: False)
    assert len(found.targets) == 30_001
    assert len(found.pit) == 10_000


def test_that_nobody_waits_for_an_answer_that_is_void(several):
    assert judged_nearby(several, Neighbours(several), several.middle, made_model(several), lambda: True) is None


def test_that_it_is_known_of_which_reading_the_rows_are(several):
    line = Line.through(several, 1)
    section = Section(made_model(several), line)
    reading = Reading.at(4e5, section, InputAxis.of(several, 1))
    near = Neighbourhood(0, np.arange(2), is_nearest=True, reach=1.0, num_columns=3)
    place = line.holding(1, 4e5).held
    assert NearbyRows(place, near, np.zeros(2), np.zeros(2)).is_at(reading)
    assert not NearbyRows(np.add(place, [0.0, 1.0, 0.0]), near, np.zeros(2), np.zeros(2)).is_at(reading)
    assert not NearbyRows(np.add(place, [1.0, 0.0, 0.0]), near, np.zeros(2), np.zeros(2)).is_at(reading)
