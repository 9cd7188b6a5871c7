import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.core import binning
from mdn_gui.core.binning import Cloud, Frame, counts_between, steps_between

SQUARE = Frame(0.0, 1.0, 0.0, 1.0, 10, 4)


def cloud(count: int = 5000, seed: int = 0) -> Cloud:
    rng = np.random.default_rng(seed)
    return Cloud(rng.normal(size=count), rng.normal(size=count))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binning, "_BLOCK", 700)


@pytest.mark.parametrize("is_in_order", [False, True])
def test_that_a_picture_of_many_points_counts_them_as_a_histogram_does(is_in_order):
    points = cloud()
    x, y = points.x, points.y
    picture = (points.in_order() if is_in_order else points).picture(SQUARE, 50)
    expected, *_ = np.histogram2d(x, y, bins=(10, 4), range=((0, 1), (0, 1)))
    assert picture.points is None
    np.testing.assert_array_equal(picture.counts, expected)


@pytest.mark.parametrize("is_in_order", [False, True])
def test_that_a_picture_of_few_points_holds_just_those_inside(is_in_order):
    points = cloud()
    inside = (points.x >= 0) & (points.x <= 1) & (points.y >= 0) & (points.y <= 1)
    picture = (points.in_order() if is_in_order else points).picture(SQUARE, int(inside.sum()))
    assert {*zip(*picture.points, strict=True)} == {*zip(points.x[inside], points.y[inside], strict=True)}
    assert points.picture(SQUARE, int(inside.sum()) - 1).points is None


def test_that_points_on_the_sides_of_a_frame_are_inside():
    corners = Cloud(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])).in_order()
    counts = corners.picture(SQUARE, 0).counts
    assert [counts[0, 0], counts[0, -1], counts[-1, 0], counts[-1, -1]] == [1, 1, 1, 1]


def test_that_an_empty_part_of_the_plane_has_an_empty_picture():
    picture = cloud().in_order().picture(Frame(90.0, 91.0, 0.0, 1.0, 3, 3), 10)
    assert len(picture.points[0]) == 0


def test_that_a_frame_wider_than_the_largest_float_is_counted():
    counts = Cloud(np.array([-1e308, 1e308]), np.zeros(2)).picture(Frame(-1.5e308, 1.5e308, -1, 1, 2, 1), 0).counts
    assert counts.sum() == 2


def test_that_points_in_order_remember_where_they_came_from():
    points = cloud()
    ordered = points.in_order()
    np.testing.assert_array_equal(ordered.x, np.sort(points.x))
    np.testing.assert_array_equal(ordered.heights, np.sort(points.y))
    np.testing.assert_array_equal(points.y[ordered.order], ordered.y)
    assert ordered.in_order() is ordered
    assert not points.is_in_order


def test_that_a_rectangle_picks_what_lies_in_it():
    points = cloud()
    rows = points.within(np.array([[-0.5, -1.0], [1.0, -1.0], [1.0, 0.3], [-0.5, 0.3]]))
    expected = (points.x >= -0.5) & (points.x < 1.0) & (points.y >= -1.0) & (points.y < 0.3)
    np.testing.assert_array_equal(rows, np.flatnonzero(expected))


@given(st.integers(0, 10_000), st.integers(3, 12))
def test_that_an_outline_picks_by_the_number_of_edges_above_each_point(seed, corners):
    outline = np.random.default_rng(seed).normal(size=(corners, 2))
    points = cloud(400, seed + 1)
    expected = np.zeros(400, dtype=bool)
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        spans = (points.x >= min(x0, x1)) & (points.x < max(x0, x1))
        expected ^= spans & (points.y < y0 + (points.x - x0) * (y1 - y0) / (x1 - x0))
    np.testing.assert_array_equal(points.within(outline), np.flatnonzero(expected))


def test_that_what_a_crossing_lasso_goes_round_twice_is_outside():
    turns = np.linspace(0.0, 4.0 * np.pi, 60, endpoint=False)
    twice = np.column_stack((np.cos(turns) * (1 + turns / 20), np.sin(turns) * (1 + turns / 20)))
    middle = Cloud(np.array([0.0, 1.25]), np.array([0.0, 0.0]))
    assert middle.within(twice).tolist() == [1]


def test_that_an_outline_with_upright_edges_divides_by_nothing():
    assert Cloud(np.array([0.5]), np.array([0.5])).within(np.array([[0, 0], [0, 1], [1, 1], [1, 0.0]])).tolist() == [0]


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e6), st.integers(5, 200))
def test_that_steps_cover_the_range_at_round_numbers(low, width, count):
    edges = steps_between(low, low + width, count)
    step = edges[1] - edges[0]
    assert edges[0] <= low
    assert edges[-1] >= low + width - 2e-6 * step
    assert 0.3 * count <= width / step <= 1.4 * count
    mantissa = step / 10 ** np.floor(np.log10(step) + 1e-6)
    assert min(abs(mantissa - round_number) for round_number in (1, 2, 5, 10)) < 1e-3


def test_that_steps_stay_where_they_are_when_the_range_moves():
    before, after = steps_between(0.0, 10.0, 50), steps_between(0.13, 10.13, 50)
    shared = after[after < before[-1]]
    np.testing.assert_allclose(shared, before[np.searchsorted(before, shared - 1e-9)], atol=1e-12)


def test_that_rounded_values_are_counted_where_they_belong():
    values = np.sort(np.repeat(np.arange(60) / 10, 3))
    counts = counts_between(values, steps_between(0.0, 6.0, 60))
    assert set(counts[:60]) == {3}
