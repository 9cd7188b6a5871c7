import numpy as np
import pytest

from mdn_gui.core.entropy import differential_entropy, effective_components
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.transform import LOG, LOGIT
from mdn_gui.core.transformed_mixture import TransformedMixture
from tests.core.mixtures import random_mixture

HALF_LOG_TWO_PI_E = 0.5 * np.log(2.0 * np.pi * np.e)


def by_dense_quadrature(mixture, log_slope=np.zeros_like) -> float:
    """Integrate over panels of a twentieth of an sd of each component, and of an eighth of a unit around 0."""
    locs, scales = mixture.locs[0], mixture.scales[0]
    ends = np.concatenate([locs + scales * z for z in np.linspace(-12.0, 12.0, 481)])
    ends = np.unique(np.concatenate((ends, np.clip(np.linspace(-40.0, 40.0, 641), ends.min(), ends.max()))))
    nodes, weights = np.polynomial.legendre.leggauss(20)
    half, middle = 0.5 * np.diff(ends)[:, np.newaxis], 0.5 * (ends[1:] + ends[:-1])[:, np.newaxis]
    points = (middle + half * nodes).ravel()
    level = mixture.log_pdf(points[np.newaxis])[0]
    terms = np.exp(level) * (log_slope(points) - np.maximum(level, -1e6))
    return float((terms * (half * weights).ravel()).sum())


@pytest.mark.parametrize("num_components", [1, 2, 5, 12, 64])
@pytest.mark.parametrize("seed", range(3))
def test_that_the_entropy_agrees_with_a_dense_quadrature(num_components, seed):
    mixture = random_mixture(1, num_components, seed)
    assert differential_entropy(mixture)[0] == pytest.approx(by_dense_quadrature(mixture), abs=1e-8)


@pytest.mark.parametrize("distance", [0.0, 1.0, 3.0, 5.5, 7.5, 9.0, 14.0, 40.0])
@pytest.mark.parametrize("ratio", [1.0, 0.1, 1e-3])
@pytest.mark.parametrize("weight", [0.5, 1e-3])
def test_that_two_components_at_any_distance_are_no_harder(distance, ratio, weight):
    mixture = ConditionalMixture([[weight, 1.0 - weight]], [[0.0, distance]], [[1.0, ratio]])
    assert differential_entropy(mixture)[0] == pytest.approx(by_dense_quadrature(mixture), abs=1e-8)


@pytest.mark.parametrize("loc", [0.0, -3.0, 1e12])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e100, 1e-100])
def test_that_one_component_has_the_entropy_of_a_gaussian(loc, scale):
    mixture = ConditionalMixture([[1.0]], [[loc]], [[scale]])
    assert differential_entropy(mixture)[0] == pytest.approx(HALF_LOG_TWO_PI_E + np.log(scale), abs=1e-8)


def test_that_components_far_apart_add_the_entropy_of_their_weights():
    weights = np.array([0.2, 0.0, 0.8])
    mixture = ConditionalMixture([weights], [[-1e6, 5.0, 1e6]], [[1.0, 1.0, 1.0]])
    choice = -(weights[[0, 2]] * np.log(weights[[0, 2]])).sum()
    assert differential_entropy(mixture)[0] == pytest.approx(HALF_LOG_TWO_PI_E + choice, abs=1e-8)


@pytest.mark.parametrize("transform", [LOG, LOGIT], ids=["log", "logit"])
@pytest.mark.parametrize("seed", range(6))
def test_that_a_transformed_target_gains_the_mean_log_slope(transform, seed):
    base = random_mixture(1, 3, seed)
    wanted = by_dense_quadrature(base, transform.log_slope)
    assert differential_entropy(TransformedMixture(base, transform))[0] == pytest.approx(wanted, abs=1e-8)


def test_that_a_log_normal_law_has_its_known_entropy_where_its_moments_are_infinite():
    mixture = TransformedMixture(ConditionalMixture([[1.0]], [[2.0]], [[60.0]]), LOG)
    assert not np.isfinite(mixture.variance()[0])
    assert differential_entropy(mixture)[0] == pytest.approx(HALF_LOG_TWO_PI_E + np.log(60.0) + 2.0, abs=1e-8)


def test_that_a_row_has_the_same_entropy_in_any_batch():
    mixture = random_mixture(300, 5, 1)
    whole = differential_entropy(mixture)
    assert whole.shape == (300,)
    for row in (0, 17, 299):
        assert differential_entropy(mixture.row(row))[0] == pytest.approx(whole[row], abs=1e-12)


@pytest.mark.parametrize(
    ("weights", "count"), [([1.0], 1.0), ([0.25] * 4, 4.0), ([0.5, 0.5, 0.0], 2.0), ([1.0, 0.0], 1.0)]
)
def test_that_equal_weights_are_as_many_components(weights, count):
    mixture = ConditionalMixture([weights], [np.arange(len(weights))], [np.ones(len(weights))])
    assert effective_components(mixture)[0] == pytest.approx(count, rel=1e-12)
