from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial.legendre import leggauss
from scipy import integrate, special, stats

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.diagnostics import diagnose
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.transform import LOG, LOGIT, NONE, Transform
from mdn_gui.core.transformed_mixture import ConditionalDensity, TransformedMixture, in_data_units
from mdn_gui.errors import DataError

BOTH = pytest.mark.parametrize("transform", [LOG, LOGIT], ids=lambda each: each.name)
MASSES = (0.5, 0.9, 0.999)
NODES, NODE_WEIGHTS = leggauss(40)


def random_transformed(seed: int, transform: Transform, num_rows: int = 1, most: float = 1.0) -> TransformedMixture:
    """Return mixtures with scales from 1e-4 to ``most``, anywhere between -30 and 30."""
    rng = np.random.default_rng(seed)
    shape = num_rows, int(rng.integers(1, 6))
    centre, spread = rng.uniform(-30.0, 30.0) * rng.choice([0.0, 0.1, 1.0]), rng.choice([0.1, 1.0, 5.0])
    locs = np.clip(centre + rng.normal(0.0, spread, shape), -30.0, 30.0)
    scales = 10.0 ** rng.uniform(-4.0, np.log10(most), shape)
    return TransformedMixture(ConditionalMixture(rng.dirichlet(np.ones(shape[1]), num_rows), locs, scales), transform)


def integral_over_z(mixture: TransformedMixture, function: "object", breaks: "list[float] | None" = None) -> float:
    """Return the integral of ``function`` of z, on panels that are far finer than those of the code under test."""
    locs, scales = mixture.base.locs[0], mixture.base.scales[0]
    deviates = np.linspace(-14.0, 14.0 + 3.0 * float(scales.max()), 150)
    own = (locs[:, None] + scales[:, None] * deviates).ravel()
    edges = np.unique(np.concatenate((own, np.arange(-60.0, 60.5, 0.5), breaks or [])))
    half = 0.5 * np.diff(edges)[:, None]
    points = edges[:-1, None] + half * (1.0 + NODES)
    return float((half * NODE_WEIGHTS * function(points)).sum())


def density_in_z(mixture: TransformedMixture, z: FloatArray) -> FloatArray:
    return mixture.base.pdf(z.reshape(1, -1)).reshape(z.shape)


def end_and_distance(mixture: TransformedMixture, z: FloatArray) -> tuple[float, float, FloatArray]:
    """Return the nearer end of the range, the side of it, the distance of y from it: digits near 1 are not lost."""
    if mixture.transform is LOGIT and mixture.base.locs.min() > 0.0:
        return 1.0, -1.0, special.expit(-z)
    return 0.0, 1.0, mixture.transform.inverse(z)


@BOTH
@pytest.mark.parametrize("seed", range(60))
def test_that_moments_agree_with_quadrature(transform: Transform, seed: int) -> None:
    mixture = random_transformed(seed, transform, most=3.0)

    def expectation(power: int, about: float = 0.0) -> float:
        def integrand(z: FloatArray) -> FloatArray:
            return density_in_z(mixture, z) * (end_and_distance(mixture, z)[2] - about) ** power

        return integral_over_z(mixture, integrand)

    end, side, _ = end_and_distance(mixture, np.zeros(1))
    distance = expectation(1)
    variance = expectation(2, distance)
    np.testing.assert_allclose(mixture.mean(), end + side * distance, rtol=1e-9)
    np.testing.assert_allclose(mixture.variance(), variance, rtol=1e-8)
    np.testing.assert_allclose(mixture.sd(), np.sqrt(variance), rtol=1e-8)
    np.testing.assert_allclose(mixture.variance_within() + mixture.variance_between(), mixture.variance())
    np.testing.assert_allclose(
        mixture.skewness(), side * expectation(3, distance) / variance**1.5, rtol=1e-6, atol=1e-4
    )


@pytest.mark.parametrize("scale", [1e-4, 0.03, 0.5, 1.0, 2.5])
@pytest.mark.parametrize("loc", [-30.0, -1.0, 0.0, 12.0])
def test_that_one_component_of_the_log_is_the_log_normal_law(loc: float, scale: float) -> None:
    mixture = in_data_units(ConditionalMixture([[1.0]], [[loc]], [[scale]]), LOG)
    law = stats.lognorm(s=scale, scale=np.exp(loc))
    y = law.ppf([1e-6, 0.1, 0.5, 0.9, 1.0 - 1e-6])
    np.testing.assert_allclose(mixture.pdf(y[None])[0], law.pdf(y), rtol=1e-9)
    np.testing.assert_allclose(mixture.cdf(y[None])[0], law.cdf(y), rtol=1e-9)
    np.testing.assert_allclose(mixture.quantile([0.1, 0.5, 0.9])[0], y[1:4], rtol=1e-9)
    np.testing.assert_allclose(mixture.mean(), law.mean(), rtol=1e-12)
    np.testing.assert_allclose(mixture.locs, law.mean(), rtol=1e-12)
    if scale > 1e-3:  # SciPy subtracts nearly equal numbers
        np.testing.assert_allclose(mixture.variances[0], law.var(), rtol=1e-9)
        np.testing.assert_allclose(mixture.skewness(), law.stats("s"), rtol=1e-7)
    np.testing.assert_allclose(mixture.modes()[0], np.exp(loc - scale**2), rtol=1e-9)


@pytest.mark.parametrize("scale", [8.0, 20.0, 30.0])
def test_that_log_normal_moments_of_any_size_are_exact_or_infinite(scale: float) -> None:
    mixture = in_data_units(ConditionalMixture([[0.3, 0.7]], [[-5.0, 2.0]], [[scale, 0.1]]), LOG)
    log_mean = -5.0 + 0.5 * scale**2 + np.log(0.3)
    np.testing.assert_allclose(mixture.mean(), np.exp(log_mean), rtol=1e-10)
    log_second = 2.0 * (-5.0 + scale**2) + np.log(0.3)
    expected = np.exp(log_second) if log_second < 709.0 else np.inf
    np.testing.assert_allclose(mixture.variance(), expected, rtol=1e-10)
    log_sd = 0.5 * log_second
    np.testing.assert_allclose(mixture.sd(), np.exp(log_sd) if log_sd < 709.0 else np.inf, rtol=1e-10)


@BOTH
@given(
    locs=st.lists(st.floats(-30.0, 30.0), min_size=1, max_size=4),
    log_scales=st.lists(st.floats(-4.0, 1.4771), min_size=4, max_size=4),
    heights=st.lists(st.sampled_from([0.0, 1e-9, 1.0, 3.0]), min_size=4, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_that_nothing_is_ever_nan(
    transform: Transform, locs: list[float], log_scales: list[float], heights: list[float]
) -> None:
    count = len(locs)
    weights = np.array(heights[:count]) + np.eye(count)[0]
    scales = 10.0 ** np.array(log_scales[:count])
    mixture = TransformedMixture(ConditionalMixture(weights[None] / weights.sum(), [locs], scales[None]), transform)
    y = np.concatenate((mixture.quantile([1e-9, 0.3, 0.7, 1.0 - 1e-9])[0], [-np.inf, -3.0, 0.0, 1.0, 5.0, np.inf]))
    y = y[None]
    moments = [mixture.mean(), mixture.sd(), mixture.variance(), mixture.skewness()]
    parts = [mixture.locs, mixture.scales, mixture.variances, mixture.variance_within(), mixture.variance_between()]
    readings = [mixture.pdf(y), mixture.log_pdf(y), mixture.cdf(y), mixture.crps(y), mixture.component_pdf(y[0])]
    more = [
        *mixture.modes(),
        *mixture.hdr(0.9),
        mixture.component_points(2.0),
        mixture.interval_probability(-np.inf, y),
    ]
    for found in (*moments, *parts, *readings, *(array for array in more if array.size)):
        assert not np.isnan(found).any()
    assert (mixture.crps(y) >= 0.0).all()


@BOTH
@pytest.mark.parametrize("seed", range(25))
def test_that_the_density_is_the_slope_of_the_cdf_and_integrates_to_1(transform: Transform, seed: int) -> None:
    rng = np.random.default_rng(seed)
    base = ConditionalMixture(rng.dirichlet(np.ones(3), 1), rng.normal(0.0, 1.0, (1, 3)), rng.uniform(0.2, 1.0, (1, 3)))
    mixture = in_data_units(base, transform)
    levels = [0.0, 1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0 - 1e-6]
    edges = mixture.quantile(levels)[0]
    total = 0.0
    for low, high in pairwise(edges):
        part, _ = integrate.quad(lambda y: float(mixture.pdf(y)[0]), low, high, epsabs=1e-12, epsrel=1e-11, limit=200)
        np.testing.assert_allclose(part, mixture.interval_probability(low, high)[0], atol=1e-9)
        total += part
    assert total == pytest.approx(1.0, abs=2e-6)
    assert mixture.cdf(edges[None])[0].tolist() == pytest.approx(levels)


@BOTH
@pytest.mark.parametrize("seed", range(60))
def test_that_the_crps_is_the_integral_of_the_squared_distance_of_cdfs(transform: Transform, seed: int) -> None:
    mixture = random_transformed(seed, transform, most=4.0)
    locs, scales = mixture.base.locs[0], mixture.base.scales[0]
    for point in (float(mixture.base.quantile(0.3)[0]), float(mixture.base.quantile(0.999)[0]), locs[0] + scales[0]):
        y = float(transform.inverse(np.array(point)))
        z = float(transform.forward(np.array(y)))
        if not np.isfinite(z):
            continue

        def integrand(points: FloatArray, z: float = z) -> FloatArray:
            side = np.where(points < z, 1.0, -1.0)[..., None]
            cdf = (mixture.weights[0] * special.ndtr(side * (points[..., None] - locs) / scales)).sum(axis=-1)
            return cdf**2 * np.exp(transform.log_slope(points))

        np.testing.assert_allclose(mixture.crps(y), integral_over_z(mixture, integrand, [z]), rtol=1e-9)


def test_that_the_crps_outside_the_range_grows_with_the_distance() -> None:
    base = ConditionalMixture([[0.5, 0.5]], [[-1.0, 1.0]], [[0.3, 0.6]])
    for mixture, end in ((in_data_units(base, LOG), 0.0), (in_data_units(base, LOGIT), 0.0)):
        np.testing.assert_allclose(mixture.crps(end - 2.5), mixture.crps(end) + 2.5, rtol=1e-12)
    logit = in_data_units(base, LOGIT)
    np.testing.assert_allclose(logit.crps(4.0), logit.crps(1.0) + 3.0, rtol=1e-12)
    assert np.isinf(logit.crps([[-np.inf, np.inf]])).all()


@BOTH
@pytest.mark.parametrize("seed", range(40))
def test_that_regions_have_their_mass_equal_density_at_their_ends_and_more_inside(
    transform: Transform, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 6))
    locs, scales = rng.normal(0.0, 2.0, (1, count)), 10.0 ** rng.uniform(-2.0, 0.6, (1, count))
    mixture = in_data_units(ConditionalMixture(rng.dirichlet(np.ones(count), 1), locs, scales), transform)
    for mass in MASSES:
        (region,) = mixture.hdr(mass)
        held = mixture.interval_probability(region[None, :, 0], region[None, :, 1]).sum()
        assert held == pytest.approx(mass, abs=1e-6)
        told_apart = (region > 1e-12) & (region < 1.0 - 1e-9 if transform is LOGIT else region > 0.0)
        levels = mixture.log_pdf(region[told_apart][None])[0]
        np.testing.assert_allclose(levels, levels[0], atol=1e-4)
        grid = mixture.quantile(np.linspace(0.001, 0.999, 400))
        inside = ((grid >= region[:, :1]) & (grid <= region[:, 1:])).any(axis=0)
        density = mixture.log_pdf(grid)[0]
        assert density[inside].min(initial=np.inf) >= levels[0] - 1e-4
        assert density[~inside].max(initial=-np.inf) <= levels[0] + 1e-4


@BOTH
@pytest.mark.parametrize("seed", range(40))
def test_that_modes_are_the_peaks_of_a_fine_grid(transform: Transform, seed: int) -> None:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(1, 5))
    locs, scales = rng.normal(0.0, 1.5, (1, count)), 10.0 ** rng.uniform(-1.5, 0.5, (1, count))
    mixture = in_data_units(ConditionalMixture(rng.dirichlet(np.ones(count), 1), locs, scales), transform)
    z = np.linspace(-45.0, 35.0, 400_001)
    heights = mixture.heights.level(z[None])[0]
    peaks = z[1:-1][(heights[1:-1] > heights[:-2]) & (heights[1:-1] >= heights[2:])]
    (modes,) = mixture.modes()
    np.testing.assert_allclose(modes, np.unique(transform.inverse(peaks)), rtol=1e-3)


@BOTH
def test_that_draws_follow_the_law(transform: Transform) -> None:
    mixture = in_data_units(ConditionalMixture([[0.3, 0.7]], [[-1.0, 0.5]], [[0.2, 0.6]]), transform)
    draws = mixture.sample(np.random.default_rng(0), 20_000)
    assert stats.kstest(mixture.cdf(draws)[0], "uniform").pvalue > 0.01
    assert draws.mean() == pytest.approx(mixture.mean()[0], abs=4.0 * mixture.sd()[0] / np.sqrt(20_000))


class _Law:
    def __init__(self, mixture: ConditionalDensity) -> None:
        self.mixture = mixture

    def conditional(self, x: FloatArray, /) -> ConditionalDensity:
        return self.mixture


@BOTH
def test_that_rows_from_the_law_are_judged_to_be_so(transform: Transform) -> None:
    mixture = random_transformed(11, transform, num_rows=2000)
    y = mixture.sample(np.random.default_rng(1), 1)[:, 0]
    judged = diagnose(_Law(mixture), np.zeros((2000, 1)), y)
    assert judged.uniformity.p_value > 0.01
    assert stats.kstest(judged.region_mass, "uniform").pvalue > 0.01
    assert judged.nll.value == pytest.approx(-mixture.log_pdf(y).mean())


@BOTH
def test_that_a_target_outside_the_range_is_judged_impossible(transform: Transform) -> None:
    mixture = random_transformed(3, transform, num_rows=2)
    judged = diagnose(_Law(mixture), np.zeros((2, 1)), np.array([0.0, -1.0]))
    assert judged.nll.value == np.inf
    np.testing.assert_array_equal(judged.pit, 0.0)
    np.testing.assert_allclose(judged.region_mass, 1.0)


@BOTH
def test_that_component_points_are_quantiles_of_the_components(transform: Transform) -> None:
    mixture = random_transformed(5, transform, num_rows=3)
    for deviate in (-2.0, 0.0, 1.0):
        for k, points in enumerate(mixture.component_points(deviate).T):
            alone = np.ones((3, 1)), mixture.base.locs[:, k : k + 1], mixture.base.scales[:, k : k + 1]
            component = TransformedMixture(ConditionalMixture(*alone), transform)
            np.testing.assert_allclose(component.quantile(special.ndtr(deviate)), points, rtol=1e-9)


@pytest.mark.parametrize("transform", [NONE, LOG, LOGIT], ids=lambda each: each.name)
def test_that_the_component_densities_add_up(transform: Transform) -> None:
    base = ConditionalMixture([[0.3, 0.7], [0.5, 0.5]], [[-1.0, 0.5], [0.0, 1.0]], [[0.2, 0.6], [0.1, 2.0]])
    mixture, y = in_data_units(base, transform), np.linspace(-0.5, 3.0, 40)
    parts = mixture.component_pdf(y)
    assert parts.shape == (2, 40, 2)
    np.testing.assert_allclose(parts.sum(axis=2), mixture.pdf(y[None]), rtol=1e-12)


ANSWERS = {
    "mean": lambda m: m.mean(),
    "sd": lambda m: m.sd(),
    "skewness": lambda m: m.skewness(),
    "locs": lambda m: m.locs,
    "variances": lambda m: m.variances,
    "log_pdf": lambda m: m.log_pdf(np.linspace(-0.1, 1.2, 13)[None]),
    "crps": lambda m: m.crps(np.linspace(-0.1, 1.2, 13)[None]),
    "crps at one y": lambda m: m.crps(0.3),
    "quantile": lambda m: m.quantile([0.1, 0.5]),
    "modes": lambda m: m.modes(),
    "hdr": lambda m: m.hdr(0.9),
}


@BOTH
@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("num_components", [1, 7, 40])
def test_that_a_row_gives_the_same_bits_in_any_batch(transform: Transform, name: str, num_components: int) -> None:
    rng = np.random.default_rng(2)
    shape = 23, num_components
    arrays = rng.dirichlet(np.ones(num_components), 23), rng.normal(0.0, 2.0, shape), 10.0 ** rng.uniform(-3, 1, shape)
    whole = ANSWERS[name](TransformedMixture(ConditionalMixture(*arrays), transform))
    for rows in ([0], [22], [7, 8], rng.permutation(23)):
        part = ANSWERS[name](TransformedMixture(ConditionalMixture(*(array[rows] for array in arrays)), transform))
        for value, row in zip(part, rows, strict=True):
            np.testing.assert_array_equal(value, whole[row])


@BOTH
def test_that_shapes_and_errors_are_those_of_a_mixture(transform: Transform) -> None:
    mixture = random_transformed(1, transform, num_rows=3)
    assert mixture.log_pdf(0.5).shape == mixture.crps([0.1, 0.2, 0.3]).shape == mixture.quantile(0.5).shape == (3,)
    assert mixture.cdf([[0.1, 0.2]]).shape == mixture.quantile([0.1, 0.2]).shape == (3, 2)
    assert len(mixture) == len(mixture.modes()) == len(mixture.hdr(0.5)) == 3
    np.testing.assert_array_equal(mixture.row(-1).mean(), mixture.mean()[-1:])
    assert np.isnan(mixture.pdf(np.nan)).all()
    for wrong in (lambda: mixture.crps([1.0, 2.0]), lambda: mixture.hdr(1.0), lambda: mixture.quantile(2.0)):
        with pytest.raises(DataError):
            wrong()
    for array in (mixture.locs, mixture.scales, mixture.variances, mixture.weights, mixture.mean()):
        assert not array.flags.writeable


@BOTH
def test_that_an_empty_batch_is_read_as_nothing(transform: Transform) -> None:
    mixture = TransformedMixture(ConditionalMixture(*np.ones((3, 0, 4))), transform)
    assert mixture.mean().shape == mixture.skewness().shape == mixture.crps(0.3).shape == (0,)
    assert mixture.log_pdf(np.ones((1, 5))).shape == (0, 5)
    assert mixture.modes() == mixture.hdr(0.5) == ()


def test_that_without_a_transform_the_mixture_stays_what_it_is() -> None:
    mixture = ConditionalMixture([[1.0]], [[0.0]], [[1.0]])
    assert in_data_units(mixture, NONE) is mixture
