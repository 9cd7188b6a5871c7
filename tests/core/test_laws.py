"""The exact densities of the simulated samples, against independent ones and against what defines a density."""

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.laws import cardioid_log_density, inverse_sine_log_density
from mdn_gui.core.samples import exact_log_density, sample
from tests.laws import Cardioid, InverseSine

LAWS = {"cardioid": (cardioid_log_density, Cardioid()), "inverse-sine": (inverse_sine_log_density, InverseSine())}


def rows_of(key: str, count: int = 500, seed: int = 0) -> Dataset:
    table = sample(key).table(count, seed)
    return table.complete_rows(("x",), "y").dataset


@pytest.mark.parametrize("key", LAWS)
def test_that_the_density_is_that_of_the_law(key):
    log_density, law = LAWS[key]
    x, y = law.sample(2000, np.random.default_rng(1))
    np.testing.assert_allclose(log_density(x, y), law.log_p(x, y), atol=1e-10)


@pytest.mark.parametrize("key", LAWS)
@pytest.mark.parametrize("x", [0.05, 0.31, 0.5, 0.77])
def test_that_the_density_integrates_to_one(key, x):
    log_density, _ = LAWS[key]
    y = np.linspace(-6.0, 2.0, 400_001)
    mass = np.exp(log_density(np.full(len(y), x), y)).sum() * (y[1] - y[0])
    assert mass == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("key", LAWS)
def test_that_the_entropy_is_that_of_the_law(key):
    dataset = rows_of(key, 100_000)
    values = -exact_log_density(dataset)
    assert values.mean() == pytest.approx(LAWS[key][1].entropy, abs=4 * values.std() / np.sqrt(len(values)))


def test_that_a_row_far_from_the_law_has_a_finite_or_no_density():
    assert np.isfinite(cardioid_log_density(np.array([1e3]), np.array([-1e3])))
    assert inverse_sine_log_density(np.array([5.0, 0.5]), np.array([0.5, 3.0])).tolist() == [-np.inf, -np.inf]


def test_that_the_law_is_known_of_simulated_rows_with_their_roles_only():
    drawn = rows_of("cardioid")
    turned = sample("cardioid").table(500).complete_rows(("y",), "x").dataset
    recorded = sample("mcycle").table()
    assert exact_log_density(drawn) is not None
    for other in (
        turned,
        recorded.complete_rows(("times",), "accel").dataset,
        Dataset(drawn.x, drawn.y, ("x",), "y", "a file of mine"),
        Dataset(np.hstack((drawn.x, drawn.x)), drawn.y, ("x", "z"), "y", drawn.source),
    ):
        assert exact_log_density(other) is None


def test_that_a_part_of_the_rows_has_the_density_of_these_rows():
    drawn = rows_of("inverse-sine")
    part = Dataset(drawn.x[100:200], drawn.y[100:200], ("x",), "y", drawn.source)
    np.testing.assert_array_equal(exact_log_density(part), exact_log_density(drawn)[100:200])
