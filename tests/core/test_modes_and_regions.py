import numpy as np
import pytest
from hypothesis import given, settings

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.errors import DataError
from tests.core.mixtures import mixtures, random_mixture


def _modes_on_a_grid(mixture: ConditionalMixture, row: int) -> np.ndarray:
    """Return the places where the log density has its local maxima on a grid far finer than any component."""
    locs, scales = mixture.locs[row], mixture.scales[row]
    near = locs[:, np.newaxis] + scales[:, np.newaxis] * np.linspace(-6.0, 6.0, 1201)
    grid = np.unique(np.concatenate([near.ravel(), np.linspace(locs.min(), locs.max(), 2001)]))
    level = mixture.row(row).log_pdf(grid[np.newaxis])[0]
    # smaller rises are rounding
    level = np.round(level, 9)
    keep = np.concatenate([[True], np.diff(level) != 0])
    grid, level = grid[keep], level[keep]
    inside = (level[1:-1] > level[:-2]) & (level[1:-1] > level[2:])
    return grid[1:-1][inside]


def _mass(mixture: ConditionalMixture, row: int, region: np.ndarray) -> float:
    one = mixture.row(row)
    return float((one.cdf(region[:, 1][np.newaxis]) - one.cdf(region[:, 0][np.newaxis])).sum())


@pytest.mark.parametrize("num_components", [1, 2, 3, 5, 10, 20])
def test_that_every_mode_of_random_mixtures_is_found(num_components):
    mixture = random_mixture(60, num_components, seed=num_components)
    for row, modes in enumerate(mixture.modes()):
        expected = _modes_on_a_grid(mixture, row)
        assert len(modes) == len(expected) <= num_components
        np.testing.assert_allclose(modes, expected, atol=0.02 * mixture.scales[row].max())


def test_that_every_mode_of_crowded_mixtures_is_found():
    rng = np.random.default_rng(5)
    locs, scales = rng.normal(0.0, 1.0, (150, 6)), np.exp(rng.normal(-1.5, 1.2, (150, 6)))
    mixture = ConditionalMixture(rng.dirichlet(np.full(6, 0.5), 150), locs, scales)
    for row, modes in enumerate(mixture.modes()):
        assert len(modes) == len(_modes_on_a_grid(mixture, row))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(mixtures())
def test_that_modes_are_maxima_in_ascending_order(mixture):
    for row, modes in enumerate(mixture.modes()):
        one, step = mixture.row(row), 1e-3 * mixture.scales[row].min()
        assert 1 <= len(modes) <= mixture.num_components
        assert (np.diff(modes) > 0).all()
        here, left, right = (one.log_pdf((modes + d)[np.newaxis]) for d in (0.0, -step, step))
        assert (here >= left - 1e-12).all()
        assert (here >= right - 1e-12).all()
        assert (modes >= mixture.locs[row].min() - step).all()
        assert (modes <= mixture.locs[row].max() + step).all()


@pytest.mark.parametrize(("distance", "count"), [(0.0, 1), (1.99, 1), (2.01, 2), (3.0, 2), (80.0, 2)])
def test_that_two_equal_components_have_two_modes_from_two_sds_apart(distance, count):
    mixture = ConditionalMixture([[0.5, 0.5]], [[0.0, distance]], [[1.0, 1.0]])
    modes = mixture.modes()[0]
    assert len(modes) == count
    np.testing.assert_allclose(modes + modes[::-1], distance, atol=1e-6)


def test_that_a_narrow_component_on_the_side_of_a_broad_one_has_its_own_mode():
    mixture = ConditionalMixture([[0.999, 0.001]], [[0.0, 1.3]], [[1.0, 1e-4]])
    np.testing.assert_allclose(mixture.modes()[0], [0.0, 1.3], atol=1e-3)


def test_that_components_narrower_than_floats_are_spaced_have_modes_at_their_locs():
    mixture = ConditionalMixture([[0.4, 0.3, 0.3]], [[0.0, 1e12, 1e12 + 1.0]], [[1.0, 1e-6, 1e-6]])
    np.testing.assert_array_equal(mixture.modes()[0], [0.0, 1e12, 1e12 + 1.0])


@pytest.mark.parametrize("mass", [1e-4, 0.1, 0.5, 0.9, 0.99, 0.999999])
@pytest.mark.parametrize("num_components", [1, 3, 8])
def test_that_regions_hold_their_mass_at_one_level(mass, num_components):
    mixture = random_mixture(40, num_components, seed=num_components)
    for row, region in enumerate(mixture.hdr(mass)):
        assert region.shape == (len(region), 2)
        assert (np.diff(region.ravel()) > 0).all()
        assert abs(_mass(mixture, row, region) - mass) < 1e-9
        levels = mixture.row(row).log_pdf(region.ravel()[np.newaxis])[0]
        assert np.ptp(levels) < 1e-8


@settings(deadline=None, derandomize=True, max_examples=60)
@given(mixtures())
def test_that_density_is_higher_inside_a_region_than_outside(mixture):
    for row, region in enumerate(mixture.hdr(0.8)):
        one = mixture.row(row)
        assert abs(_mass(mixture, row, region) - 0.8) < 1e-6
        level = one.log_pdf(region[:1, :1])[0, 0]
        span = mixture.scales[row].max() * 4
        grid = np.linspace(mixture.locs[row].min() - span, mixture.locs[row].max() + span, 801)
        inside = ((grid[:, np.newaxis] > region[:, 0]) & (grid[:, np.newaxis] < region[:, 1])).any(axis=1)
        density = one.log_pdf(grid[np.newaxis])[0]
        assert (density[inside] >= level - 1e-7).all()
        assert (density[~inside] <= level + 1e-7).all()


def test_that_the_region_of_a_normal_is_its_central_interval():
    region = ConditionalMixture([[1.0]], [[2.0]], [[3.0]]).hdr(0.95)[0]
    np.testing.assert_allclose(region, [[2.0 - 3 * 1.959963984540054, 2.0 + 3 * 1.959963984540054]], rtol=1e-12)


def test_that_a_region_joins_when_its_mass_reaches_over_the_valley():
    mixture = ConditionalMixture([[0.5, 0.5]], [[-2.0, 2.0]], [[1.0, 1.0]])
    assert [len(mixture.hdr(mass)[0]) for mass in (0.5, 0.8, 0.99)] == [2, 2, 1]


def test_that_components_far_apart_get_an_interval_each():
    mixture = ConditionalMixture([[0.2, 0.3, 0.5]], [[-1e6, 0.0, 1e6]], [[1.0, 0.01, 10.0]])
    region = mixture.hdr(0.9)[0]
    assert region.shape == (3, 2)
    assert abs(_mass(mixture, 0, region) - 0.9) < 1e-6


@pytest.mark.parametrize("mass", [0.0, 1.0, -0.1, 1.5, float("nan")])
def test_that_a_region_without_a_possible_mass_is_refused(mass):
    with pytest.raises(DataError, match="mass") as caught:
        random_mixture(1, 2).hdr(mass)
    assert caught.value.hint
