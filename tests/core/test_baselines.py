"""The simple models that a fit must beat."""

import numpy as np
import pytest
import scipy.stats

from mdn_gui.core.baselines import Rival, fit_baselines
from mdn_gui.core.transform import LOG, NONE

SIMPLE = (Rival.LINEAR, Rival.MIXTURE, Rival.GAUSSIAN)


def line_rows(count: int = 500) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.normal(1e6, 1e3, count), rng.uniform(0.0, 1e-3, count)])
    return x, 2e-3 * (x[:, 0] - 1e6) - 3e3 * x[:, 1] + 5.0 + 0.5 * rng.normal(size=count)


def test_that_the_line_is_that_of_least_squares() -> None:
    x, y = line_rows()
    found = fit_baselines(x, y, 0, NONE, 1e-9)[Rival.LINEAR].conditional(x)
    design = np.column_stack([np.ones(len(y)), x[:, 0] - 1e6, x[:, 1]])
    weights, (rest,), *_ = np.linalg.lstsq(design, y)
    np.testing.assert_allclose(found.mean(), design @ weights, atol=1e-6)
    np.testing.assert_allclose(found.sd(), np.sqrt(rest / (len(y) - 3)), rtol=1e-6)


def test_that_one_gaussian_is_that_of_the_targets() -> None:
    x, y = line_rows()
    found = fit_baselines(x, y, 0, NONE, 1e-9)[Rival.GAUSSIAN].conditional(x[:3])
    np.testing.assert_allclose(found.log_pdf(y[:3]), scipy.stats.norm(y.mean(), y.std()).logpdf(y[:3]))


def test_that_the_mixture_finds_the_groups_of_the_targets_at_every_x() -> None:
    rng = np.random.default_rng(0)
    y = np.concatenate([rng.normal(-3.0, 0.5, 300), rng.normal(40.0, 2.0, 700)])
    found = fit_baselines(rng.normal(size=(1000, 1)), y, 0, NONE, 1e-9)[Rival.MIXTURE].conditional(np.zeros((2, 1)))
    np.testing.assert_allclose(found.weights, [[0.3, 0.7]] * 2, atol=0.01)
    np.testing.assert_allclose(found.locs, [[-3.0, 40.0]] * 2, atol=0.2)
    np.testing.assert_allclose(found.scales, [[0.5, 2.0]] * 2, atol=0.1)


def test_that_the_transform_of_the_target_is_theirs_too() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2000, 1))
    y = np.exp(1.0 + 0.5 * x[:, 0] + 0.3 * rng.normal(size=2000))
    found = fit_baselines(x, y, 0, LOG, 1e-9)
    law = scipy.stats.lognorm(0.3, scale=np.exp(1.0 + 0.5 * x[:, 0]))
    assert -found[Rival.LINEAR].conditional(x).log_pdf(y).mean() == pytest.approx(-law.logpdf(y).mean(), abs=0.01)
    assert found[Rival.GAUSSIAN].conditional(x[:1]).cdf(-1.0)[0] == 0.0


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones((10, 1)), np.arange(10.0)),
        (np.arange(10.0)[:, np.newaxis], np.full(10, 3.0)),
        (np.arange(3.0)[:, np.newaxis] * np.ones(8), np.array([0.0, 1.0, 5.0])),
        (np.eye(3)[[0, 1, 2, 0, 1, 2, 0, 0, 0]], np.arange(9.0)),
        (np.arange(50.0)[:, np.newaxis] % 2, np.repeat([0.0, 1.0], 25)),
        (np.array([[0.0], [1e300]]), np.array([0.0, 1.0])),
        (np.arange(40.0)[:, np.newaxis], 1e6 * np.arange(40.0)),
        (np.array([[2.0]]), np.array([3.0])),
    ],
    ids=["constant x", "constant y", "more inputs than rows", "one-hot", "ties", "two rows", "exact line", "one row"],
)
def test_that_odd_rows_give_a_density_all_the_same(x: np.ndarray, y: np.ndarray) -> None:
    for rival, each in fit_baselines(x, y, 0, NONE, 1e-3).items():
        density = each.conditional(np.vstack([x, np.full_like(x[:1], 1e12)]))
        assert np.isfinite(density.locs).all()
        assert (density.scales > 0).all()
        assert np.isfinite(density.log_pdf(np.append(y, y[0]))[:-1]).all(), rival


def test_that_a_single_row_has_a_line_and_a_gaussian_but_no_mixture() -> None:
    found = fit_baselines(np.array([[2.0]]), np.array([3.0]), 0, NONE, 0.25)
    assert list(found) == [Rival.LINEAR, Rival.GAUSSIAN]
    assert {float(each.conditional(np.zeros((1, 1))).locs[0, 0]) for each in found.values()} == {3.0}


def test_that_the_smallest_sd_of_the_network_binds_them() -> None:
    found = fit_baselines(np.arange(9.0)[:, np.newaxis], np.full(9, 2.0), 0, NONE, 0.25)
    for rival in (Rival.LINEAR, Rival.GAUSSIAN):
        assert found[rival].conditional(np.zeros((1, 1))).scales[0, 0] == 0.25


def test_that_the_same_seed_gives_the_same_bits() -> None:
    x, y = line_rows(30_000)
    one, other = (fit_baselines(x, y, 3, NONE, 1e-9) for _ in range(2))
    for rival in SIMPLE:
        densities = one[rival].conditional(x[:9]), other[rival].conditional(x[:9])
        assert densities[0].log_pdf(y[:9]).tobytes() == densities[1].log_pdf(y[:9]).tobytes()
