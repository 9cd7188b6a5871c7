import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.transform import LOG
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.ui.slice.curves import Curves, Nearby

SPAN = (-6.0, 6.0)


def mixture(weights, locs, scales) -> ConditionalMixture:
    return ConditionalMixture([weights], [locs], [scales])


TWO = mixture([0.7, 0.3], [-1.0, 2.0], [0.5, 0.1])


def test_that_the_points_hold_every_peak_however_narrow():
    for scale in (1.0, 0.05, 1e-7):
        curves = Curves.of(mixture([0.99, 0.01], [-1.0, 2.0], [0.5, scale]), SPAN)
        assert (np.diff(curves.y) >= 0).all()
        top = curves.mixture.pdf(2.0)[0]
        assert curves.whole[np.abs(curves.y - 2.0) < 1e-9].max() == pytest.approx(top, rel=1e-9)


def test_that_the_lines_between_the_points_stay_close_to_the_density():
    between = np.linspace(*SPAN, 5001)
    for scales in ([0.5, 0.1], [0.25, 0.02], [2.0, 1e-3]):
        curves = Curves.of(mixture([0.7, 0.3], [-1.0, 2.0], scales), SPAN)
        density = curves.mixture.pdf(between[None])[0]
        assert np.abs(np.interp(between, curves.y, curves.whole) - density).max() < 0.02 * curves.peak


def test_that_many_wide_components_need_few_points():
    many = mixture(np.full(64, 1 / 64), np.linspace(-5, 5, 64), np.full(64, 0.5))
    assert len(Curves.of(many, SPAN).y) == 200 + 64


def test_that_a_component_without_weight_asks_for_no_points():
    assert len(Curves.of(mixture([1.0, 0.0], [0.0, 1.0], [1.0, 1e-300]), SPAN).y) == 201


def test_that_the_probability_beyond_the_axis_is_known():
    curves = Curves.of(mixture([0.5, 0.3, 0.2], [0.0, 100.0, -100.0], [1.0, 1.0, 1.0]), SPAN)
    assert curves.below == pytest.approx(0.2)
    assert curves.above == pytest.approx(0.3)
    assert curves.is_seen
    assert not Curves.of(mixture([1.0], [100.0], [1.0]), SPAN).is_seen


def test_that_the_region_is_that_of_the_mixture_to_a_step():
    step = 12.0 / 199
    for mass in (0.5, 0.9):
        np.testing.assert_allclose(Curves.of(TWO, SPAN).region(mass), TWO.hdr(mass)[0], atol=step)


def test_that_the_region_of_a_density_that_leaves_the_axis_ends_with_it():
    assert Curves.of(mixture([1.0], [6.0], [1.0]), SPAN).region(0.9) == [SPAN]


def test_that_a_transformed_target_has_no_density_where_it_cannot_be():
    curves = Curves.of(TransformedMixture(mixture([1.0], [0.0], [0.01]), LOG), SPAN)
    assert (curves.whole[curves.y <= 0] == 0).all()
    assert curves.peak == pytest.approx(curves.mixture.pdf(1.0)[0], rel=1e-3)


def test_that_the_histogram_has_the_area_of_the_rows_on_the_scale_of_a_density():
    targets = np.random.default_rng(0).normal(size=5000)
    edges, heights = Nearby.of(targets, SPAN).bins
    assert (heights * np.diff(edges)).sum() == pytest.approx(1.0)
    middles = 0.5 * (edges[1:] + edges[:-1])
    normal = np.exp(-0.5 * middles**2) / np.sqrt(2 * np.pi)
    assert np.abs(heights - normal).max() < 0.05


@pytest.mark.parametrize("count", [30, 300])
def test_that_the_bins_resolve_two_heaps_of_rows(count):
    rng = np.random.default_rng(3)
    targets = np.concatenate((rng.normal(-4.0, 0.1, count // 2), rng.normal(0.5, 0.1, count // 2)))
    edges, heights = Nearby.of(targets, SPAN).bins
    assert 12.0 / 61 < np.diff(edges)[0] < 0.3
    assert heights.max() > 1.0
    assert (heights == 0.0).sum() > len(heights) // 2


def test_that_rows_beyond_the_axis_lessen_the_area():
    edges, heights = Nearby.of(np.array([-100.0] * 5 + [0.0] * 5), SPAN).bins
    assert (heights * np.diff(edges)).sum() == pytest.approx(0.5)


def test_that_a_bin_counts_what_lies_in_it():
    targets = np.random.default_rng(1).uniform(-6.0, 6.0, 999)
    near = Nearby.of(targets, SPAN)
    edges, heights = near.bins
    np.testing.assert_allclose(heights * np.diff(edges) * 999, np.histogram(targets, edges)[0])


def test_that_few_rows_are_ticks_without_a_histogram():
    near = Nearby.of(np.array([1.0, 2.0]), SPAN)
    assert len(near.bins[1]) == 0
    assert near.peak == 0.0
    assert [low <= y <= high for (low, high), y in zip(near.ticks, (1.0, 2.0), strict=True)] == [True, True]


def test_that_equal_targets_make_one_bar_of_bounded_height():
    near = Nearby.of(np.full(1000, 0.5), SPAN)
    assert near.peak == pytest.approx(1024 / 17 / 12.0)
    assert len(near.ticks) == 1


def test_that_ticks_of_many_rows_are_bounded_yet_cover_every_row():
    targets = np.random.default_rng(2).normal(size=100_000)
    ticks = Nearby.of(targets, SPAN).ticks
    assert len(ticks) <= 512
    place = np.searchsorted(ticks[:, 0], targets, side="right") - 1
    assert (targets <= ticks[place, 1] + 1e-9).all()


def test_that_the_share_of_rows_is_their_cdf():
    targets = np.array([-100.0, -1.0, 0.0, 1.0])
    near = Nearby.of(targets, SPAN)
    assert near.cumulative[0] == 0.25
    assert near.cumulative[-1] == 1.0
    assert np.interp(0.5, near.edges, near.cumulative) == 0.75


def test_that_no_rows_are_nothing():
    near = Nearby.of(np.zeros(0), SPAN)
    assert near.peak == 0.0
    assert len(near.ticks) == 0
