import numpy as np
import pytest
from hypothesis import given, settings
from scipy import integrate, stats

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.errors import DataError
from tests.core.mixtures import mixtures, random_mixture

MIXTURES = [random_mixture(1, num_components, seed) for num_components in (1, 2, 5, 12) for seed in range(4)]


def _integral(mixture: ConditionalMixture, function) -> float:
    """Integrate ``function`` over the line, in pieces no wider than the features of the mixture."""
    locs, scales = mixture.locs[0], mixture.scales[0]
    ends = np.unique(np.concatenate([locs + scales * z for z in (-14, -6, -3, -1, 0, 1, 3, 6, 14)]))
    nodes, weights = np.polynomial.legendre.leggauss(40)
    half, middle = 0.5 * np.diff(ends)[:, np.newaxis], 0.5 * (ends[1:] + ends[:-1])[:, np.newaxis]
    points = (middle + half * nodes).reshape(1, -1)
    return float((function(points)[0].reshape(len(half), -1) * weights * half).sum())


@pytest.mark.parametrize("mixture", MIXTURES)
def test_that_the_density_integrates_to_one(mixture):
    assert abs(_integral(mixture, mixture.pdf) - 1.0) < 1e-9


@pytest.mark.parametrize("mixture", MIXTURES)
def test_that_moments_agree_with_quadrature(mixture):
    mean = _integral(mixture, lambda y: y * mixture.pdf(y))
    variance = _integral(mixture, lambda y: (y - mean) ** 2 * mixture.pdf(y))
    third = _integral(mixture, lambda y: (y - mean) ** 3 * mixture.pdf(y))
    assert mixture.mean()[0] == pytest.approx(mean, abs=1e-9)
    assert mixture.variance()[0] == pytest.approx(variance, rel=1e-9)
    assert mixture.sd()[0] == pytest.approx(variance**0.5, rel=1e-9)
    assert mixture.skewness()[0] == pytest.approx(third / variance**1.5, abs=1e-8)


@pytest.mark.parametrize("mixture", MIXTURES[::3])
def test_that_crps_agrees_with_quadrature(mixture):
    low, high = mixture.quantile([1e-15, 1 - 1e-15])[0]
    for y in (float(mixture.mean()[0]), low - 1.0, high + 2.0, float(mixture.quantile(0.1)[0])):
        below = integrate.quad(lambda z: mixture.cdf(z)[0] ** 2, low - 5, y, limit=400, epsabs=1e-11)[0]
        above = integrate.quad(lambda z: (1 - mixture.cdf(z)[0]) ** 2, y, high + 5, limit=400, epsabs=1e-11)[0]
        assert mixture.crps(y)[0] == pytest.approx(below + above, abs=1e-8)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(mixtures())
def test_that_the_total_variance_is_within_plus_between(mixture):
    within = (mixture.weights * mixture.scales**2).sum(axis=1)
    assert mixture.variance_within() == pytest.approx(within, rel=1e-12)
    assert (mixture.variance_between() >= 0).all()
    np.testing.assert_array_equal(mixture.variance(), mixture.variance_within() + mixture.variance_between())
    assert mixture.sd() ** 2 == pytest.approx(mixture.variance(), rel=1e-12)


def test_that_equal_large_locs_leave_no_variance_between():
    mixture = ConditionalMixture([[0.3, 0.3, 0.4]], [[1e12] * 3], [[1e-3] * 3])
    assert mixture.mean()[0] == 1e12
    assert mixture.variance_between()[0] == 0.0


def test_that_a_far_component_without_weight_does_not_spoil_the_mean():
    mixture = ConditionalMixture([[0.0, 0.5, 0.5]], [[1e30, 1.0, 2.0]], [[1.0, 1.0, 1.0]])
    assert mixture.mean()[0] == 1.5


def test_that_a_single_component_agrees_with_scipy():
    mixture, normal = ConditionalMixture([[1.0]], [[2.0]], [[3.0]]), stats.norm(2.0, 3.0)
    y = np.linspace(-30.0, 30.0, 101)[np.newaxis]
    np.testing.assert_allclose(mixture.pdf(y), normal.pdf(y), rtol=1e-13)
    np.testing.assert_allclose(mixture.log_pdf(y), normal.logpdf(y), rtol=1e-13)
    np.testing.assert_allclose(mixture.cdf(y), normal.cdf(y), rtol=1e-13)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(mixtures())
def test_that_log_pdf_is_the_log_of_pdf(mixture):
    y = np.linspace(-25.0, 25.0, 31)[np.newaxis]
    density = mixture.pdf(y)
    seen = density > 1e-290
    np.testing.assert_allclose(mixture.log_pdf(y)[seen], np.log(density[seen]), rtol=1e-12, atol=1e-12)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(mixtures())
def test_that_quantile_inverts_the_cdf(mixture):
    q = np.array([1e-12, 1e-3, 0.05, 0.25, 0.5, 0.6180339, 0.95, 0.999, 1 - 1e-12])
    y = mixture.quantile(q)
    assert y.shape == (len(mixture), len(q))
    assert np.abs(mixture.cdf(y) - q).max() < 1e-10
    assert (np.diff(y, axis=1) > 0).all()
    np.testing.assert_array_equal(mixture.quantile(0.25), y[:, 3])


def test_that_quantiles_agree_with_the_normal_far_into_both_tails():
    q = np.array([1e-300, 1e-20, 0.5, 1 - 1e-15])
    expected = stats.norm(-4.0, 0.1).ppf(q)
    np.testing.assert_allclose(ConditionalMixture([[1.0]], [[-4.0]], [[0.1]]).quantile(q)[0], expected, rtol=1e-12)


def test_that_quantiles_are_met_where_components_lie_far_apart():
    mixture = ConditionalMixture([[0.25, 0.5, 0.25]], [[-1e6, 0.0, 1e6]], [[1e-3, 1.0, 1e-6]])
    q = np.array([0.1, 0.2499, 0.25, 0.3, 0.749, 0.76, 0.99])
    assert np.abs(mixture.cdf(mixture.quantile(q)) - q).max() < 1e-4
    assert np.abs(mixture.cdf(mixture.quantile(q[:5])) - q[:5]).max() < 1e-9


def test_that_the_ends_of_the_quantile_are_infinite():
    assert random_mixture(2, 3).quantile([0.0, 1.0]).tolist() == [[-np.inf, np.inf]] * 2
    assert random_mixture(2, 3).quantile(0).tolist() == [-np.inf] * 2


@pytest.mark.parametrize("q", [-0.1, 1.1, np.nan, [0.5, 2.0], [[0.5]]])
def test_that_impossible_probabilities_are_refused(q):
    with pytest.raises(DataError) as caught:
        random_mixture(2, 3).quantile(q)
    assert caught.value.hint


@settings(deadline=None, derandomize=True, max_examples=40)
@given(mixtures())
def test_that_interval_probability_is_a_difference_of_the_cdf(mixture):
    lower, upper = np.full(len(mixture), -2.0), np.full(len(mixture), 5.0)
    expected = mixture.cdf(upper) - mixture.cdf(lower)
    np.testing.assert_allclose(mixture.interval_probability(lower, upper), expected, atol=1e-14)
    assert mixture.interval_probability(-np.inf, np.inf) == pytest.approx(np.ones(len(mixture)), abs=1e-14)
    assert mixture.interval_probability(0.0, [[1.0, 2.0]]).shape == (len(mixture), 2)


def test_that_interval_probability_is_accurate_in_the_upper_tail():
    normal = ConditionalMixture([[1.0]], [[0.0]], [[1.0]])
    assert normal.interval_probability(20.0, 21.0)[0] == pytest.approx(stats.norm.sf(20.0), rel=1e-8, abs=0.0)


def test_that_an_interval_given_backwards_is_refused():
    with pytest.raises(DataError, match="above its upper end"):
        random_mixture(2, 3).interval_probability(1.0, 0.0)


def test_that_samples_follow_the_density():
    mixture = random_mixture(5, 4)
    draws = mixture.sample(np.random.default_rng(3), 4000)
    assert draws.shape == (5, 4000)
    for row, values in enumerate(mixture.cdf(draws)):
        assert stats.kstest(values, "uniform").pvalue > 1e-3, row


class _LargestDraw:
    """A generator at the end of its range."""

    def random(self, shape):
        return np.full(shape, np.nextafter(1.0, 0.0))

    def standard_normal(self, shape):
        return np.zeros(shape)


def test_that_rounding_never_draws_from_a_component_without_weight():
    mixture = ConditionalMixture([[0.1] * 10 + [0.0]], [[*range(10), 999.0]], [[1.0] * 11])
    assert mixture.sample(_LargestDraw(), 2).tolist() == [[9.0, 9.0]]


def test_that_samples_repeat_with_the_generator():
    mixture = random_mixture(3, 4)
    first, again, other = (mixture.sample(np.random.default_rng(seed), 5) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()
