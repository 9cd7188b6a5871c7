"""The distance of two densities in shape, against quadrature."""

import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.shape_distance import shape_distance
from mdn_gui.core.transform import transform_named
from mdn_gui.core.transformed_mixture import TransformedMixture


def made_mixture(rng: np.random.Generator, rows: int, components: int) -> ConditionalMixture:
    weights = rng.dirichlet(np.ones(components), rows)
    return ConditionalMixture(weights, rng.normal(size=(rows, components)), rng.uniform(0.1, 1.0, (rows, components)))


def moved(mixture: ConditionalMixture, shift: float, factor: float) -> ConditionalMixture:
    return ConditionalMixture(mixture.weights, shift + factor * mixture.locs, factor * mixture.scales)


def test_that_it_is_the_root_of_the_integral_of_the_squared_difference_of_the_cdfs():
    rng = np.random.default_rng(0)
    first, second = made_mixture(rng, 40, 5), made_mixture(rng, 40, 3)
    z = np.linspace(-12.0, 12.0, 40_001)
    cdfs = [m.cdf(m.mean()[:, None] + m.sd()[:, None] * z) for m in (first, second)]
    expected = np.sqrt(np.trapezoid((cdfs[0] - cdfs[1]) ** 2, z, axis=1))
    np.testing.assert_allclose(shape_distance(first, second), expected, rtol=1e-6)


@pytest.mark.parametrize(("shift", "factor"), [(0.0, 1.0), (1e3, 1.0), (-2.0, 1e-6), (5.0, 1e9)])
def test_that_location_and_scale_do_not_count(shift, factor):
    mixture = made_mixture(np.random.default_rng(1), 30, 8)
    assert shape_distance(mixture, moved(mixture, shift, factor)).max() < 1e-6
    assert not shape_distance(mixture, mixture).any()


def test_that_the_order_of_two_densities_does_not_count():
    rng = np.random.default_rng(2)
    first, second = made_mixture(rng, 10, 4), made_mixture(rng, 10, 4)
    np.testing.assert_allclose(shape_distance(first, second), shape_distance(second, first), rtol=1e-9)


def test_that_64_components_a_batch_of_any_size_give_the_same():
    rng = np.random.default_rng(3)
    first, second = made_mixture(rng, 300, 64), made_mixture(rng, 300, 64)
    whole = shape_distance(first, second)
    np.testing.assert_allclose(whole[[299]], shape_distance(first.row(299), second.row(299)), rtol=1e-9)
    assert (whole > 0.0).all()
    assert (whole < 1.2).all()


def test_that_a_transformed_target_is_compared_where_it_is_gaussian():
    rng = np.random.default_rng(4)
    first, second = made_mixture(rng, 5, 3), made_mixture(rng, 5, 3)
    log = transform_named("log")
    pair = TransformedMixture(first, log), TransformedMixture(second, log)
    assert shape_distance(*pair).tolist() == shape_distance(first, second).tolist()


def test_that_components_of_no_weight_or_at_the_floor_do_no_harm():
    first = ConditionalMixture([[0.0, 1.0]], [[1e3, 0.0]], [[1.0, 1e-3]])
    second = ConditionalMixture([[0.5, 0.5]], [[-1.0, 1.0]], [[1e-9, 1e-9]])
    z = np.linspace(-12.0, 12.0, 400_001)
    normal = ConditionalMixture([[1.0]], [[0.0]], [[1.0]]).cdf(z[None])[0]
    steps = 0.5 * (z >= -1.0) + 0.5 * (z >= 1.0)
    expected = np.sqrt(np.trapezoid((normal - steps) ** 2, z))
    np.testing.assert_allclose(shape_distance(first, second)[0], expected, rtol=1e-4)
