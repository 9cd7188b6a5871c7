"""The numbers that judge a fit: against quadrature, exact laws, the closed forms of a single normal."""

import dataclasses

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings

from mdn_gui.core import diagnostics
from mdn_gui.core.diagnostics import MASSES, Diagnostics, Estimate, Uniformity, diagnose
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.errors import DataError
from tests.core.mixtures import mixtures, random_mixture


@dataclasses.dataclass(frozen=True)
class Rows:
    """Gives row i of a batch of mixtures at x = i, its scales stretched."""

    mixture: ConditionalMixture
    stretch: float = 1.0

    def conditional(self, x: np.ndarray) -> ConditionalMixture:
        at = x[:, 0].astype(int)
        mixture = self.mixture
        return ConditionalMixture(mixture.weights[at], mixture.locs[at], self.stretch * mixture.scales[at])


def judged(mixture: ConditionalMixture, y: object, stretch: float = 1.0) -> Diagnostics:
    return diagnose(Rows(mixture, stretch), np.arange(float(len(mixture)))[:, np.newaxis], np.asarray(y, float))


def drawn(mixture: ConditionalMixture, seed: int) -> np.ndarray:
    return mixture.sample(np.random.default_rng(seed), 1)[:, 0]


def mass_by_quadrature(mixture: ConditionalMixture, row: int, level: float) -> float:
    """Return the probability of a log density above a level: cells of a fine grid, cut in proportion at the edges."""
    one, locs, scales = mixture.row(row), mixture.locs[row], mixture.scales[row]
    grid = np.unique(locs[:, np.newaxis] + scales[:, np.newaxis] * np.linspace(-9.0, 9.0, 18_001))
    excess = one.log_pdf(grid[np.newaxis])[0] - level
    left, right = excess[:-1], excess[1:]
    share = np.where((left > 0) != (right > 0), np.maximum(left, right) / np.abs(left - right), left > 0)
    return float((np.diff(one.cdf(grid[np.newaxis])[0]) * share).sum())


@pytest.mark.parametrize("num_components", [1, 5, 15])
def test_that_the_exact_law_is_calibrated_within_standard_errors(num_components: int) -> None:
    mixture = random_mixture(2000, num_components, seed=num_components)
    found = judged(mixture, drawn(mixture, 1))
    assert found.uniformity.p_value > 0.01
    assert Uniformity.of(found.region_mass).p_value > 0.01
    for mass in MASSES:
        for coverage in (found.central_coverage(mass), found.region_coverage(mass)):
            assert abs(coverage.value - mass) < 3.0 * coverage.standard_error


@pytest.mark.parametrize("stretch", [0.5, 2.0])
def test_that_a_wrong_sd_is_seen_by_every_calibration_figure(stretch: float) -> None:
    mixture = random_mixture(2000, 1, seed=3)
    found = judged(mixture, drawn(mixture, 1), stretch)
    assert found.uniformity.p_value < 1e-6
    for mass in MASSES:
        for coverage in (found.central_coverage(mass), found.region_coverage(mass)):
            assert (coverage.value - mass) * np.sign(stretch - 1.0) > 5.0 * coverage.standard_error


def test_that_means_are_those_of_the_closed_forms_with_sd_over_root_n() -> None:
    mixture = random_mixture(500, 4)
    y = drawn(mixture, 2)
    found = judged(mixture, y)
    assert found.nll.value == -mixture.log_pdf(y).mean()
    assert found.crps.value == mixture.crps(y).mean()
    assert found.nll.standard_error == pytest.approx(scipy.stats.sem(mixture.log_pdf(y)), rel=1e-12)
    assert found.crps.standard_error == pytest.approx(scipy.stats.sem(mixture.crps(y)), rel=1e-12)
    np.testing.assert_array_equal(found.pit, mixture.cdf(y))


def test_that_the_region_mass_of_a_normal_is_that_of_its_central_interval() -> None:
    z = np.array([0.0, -1e-9, 0.3, -1.0, 1.959963984540054, 8.0, -39.0, 41.0, 1e4])
    mixture = ConditionalMixture(np.ones((9, 1)), np.full((9, 1), 7.0), np.full((9, 1), 3.0))
    expected = scipy.stats.chi2.cdf(z**2, 1)
    np.testing.assert_allclose(judged(mixture, 7.0 + 3.0 * z).region_mass, expected, rtol=1e-9, atol=1e-7)


@pytest.mark.parametrize("num_components", [2, 5, 12])
def test_that_region_mass_agrees_with_quadrature(num_components: int) -> None:
    mixture = random_mixture(40, num_components, seed=num_components)
    y = drawn(mixture, 3)
    expected = [mass_by_quadrature(mixture, row, level) for row, level in enumerate(mixture.log_pdf(y))]
    np.testing.assert_allclose(judged(mixture, y).region_mass, expected, atol=5e-5)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(mixtures())
def test_that_the_edges_of_a_region_have_its_mass(mixture: ConditionalMixture) -> None:
    for mass in (0.3, 0.9):
        for edge in (0, -1):
            y = np.array([region.ravel()[edge] for region in mixture.hdr(mass)])
            np.testing.assert_allclose(judged(mixture, y).region_mass, mass, atol=1e-7)


def test_that_a_target_level_with_another_mode_is_exact_within_the_stated_tolerance() -> None:
    mixture = ConditionalMixture([[0.7, 0.3]], [[0.0, 20.0]], [[1.0, 1.0]])
    z = np.sqrt(2.0 * np.log(0.7 / 0.3))  # here the broad peak is as high as the other mode
    expected = 0.7 * (2.0 * scipy.stats.norm.cdf(z) - 1.0)
    for nudge in (-1e-15, 0.0, 1e-15):
        assert abs(judged(mixture, [z + nudge]).region_mass[0] - expected) < 1e-7


def test_that_membership_agrees_with_the_regions_themselves() -> None:
    mixture = random_mixture(400, 6, seed=8)
    y = drawn(mixture, 4)
    found = judged(mixture, y)
    for mass in MASSES:
        inside = [
            ((ends[:, 0] <= at) & (at <= ends[:, 1])).any() for ends, at in zip(mixture.hdr(mass), y, strict=True)
        ]
        assert found.region_coverage(mass).value == np.mean(inside)
        low, high = mixture.quantile([0.5 - mass / 2, 0.5 + mass / 2]).T
        assert found.central_coverage(mass).value == ((low <= y) & (y <= high)).mean()


def test_that_a_target_far_out_is_reported_as_what_it_is() -> None:
    mixture = ConditionalMixture(np.full((4, 2), 0.5), np.tile([-1.0, 1.0], (4, 1)), np.full((4, 2), 1e-3))
    found = judged(mixture, [1e300, -1e300, 1.0, 0.0])
    assert found.nll == Estimate(np.inf, np.inf)
    assert found.crps.value == pytest.approx(5e299)
    np.testing.assert_array_equal(found.pit, [1.0, 0.0, 0.75, 0.5])
    np.testing.assert_allclose(found.region_mass, [1.0, 1.0, 0.0, 1.0], atol=1e-9)
    assert found.central_coverage(0.95).value == 0.5
    assert found.region_coverage(0.95).value == 0.25
    assert not any(np.isnan(value) for value in found.figures().values())


def test_that_components_of_weight_zero_or_of_extreme_scales_do_no_harm() -> None:
    weights = [[0.5, 0.5, 0.0], [0.999, 0.001, 0.0]]
    mixture = ConditionalMixture(weights, [[0.0, 1e12, 5.0], [0.0, 0.0, 1e9]], [[1e-150, 1e12, 1.0], [1.0, 1e150, 1.0]])
    found = judged(mixture, [0.0, 1e149])
    assert found.region_mass[0] == pytest.approx(0.0, abs=1e-7)
    assert 0.999 <= found.region_mass[1] <= 1.0
    assert np.isfinite(list(found.figures().values())).all()


def test_that_one_row_leaves_the_standard_error_of_a_mean_infinite() -> None:
    found = judged(random_mixture(1, 3), [0.2])
    assert found.nll.standard_error == found.crps.standard_error == np.inf
    assert 0.0 < found.central_coverage(0.9).standard_error < 1.0
    assert 0.0 <= found.uniformity.p_value <= 1.0


@pytest.mark.parametrize(("hits", "count"), [(0, 50), (50, 50), (450, 500), (1, 1)])
def test_that_the_standard_error_of_a_fraction_is_never_zero(hits: int, count: int) -> None:
    estimate = Estimate.of_fraction(np.arange(count) < hits)
    assert estimate.value == hits / count
    shrunk = (hits + 2) / (count + 4)
    assert estimate.standard_error == pytest.approx(np.sqrt(shrunk * (1 - shrunk) / (count + 4)), rel=1e-12)


@pytest.mark.parametrize(("count", "tolerance"), [(1, 0.15), (10, 3e-3), (20, 1e-3), (500, 5e-5)])
def test_that_the_uniformity_test_agrees_with_the_exact_distribution(count: int, tolerance: float) -> None:
    rng = np.random.default_rng(count)
    for power in (1.0, 1.0, 1.1, 1.3):
        values = rng.random(count) ** power
        exact = scipy.stats.ks_1samp(values, scipy.stats.uniform.cdf, method="exact")
        found = Uniformity.of(values)
        assert found.statistic == pytest.approx(exact.statistic, abs=1e-15)
        assert found.p_value == pytest.approx(exact.pvalue, abs=tolerance)


def test_that_a_row_gives_the_same_bits_in_blocks_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    mixture = random_mixture(300, 7)
    y = drawn(mixture, 5)
    whole = judged(mixture, y)
    monkeypatch.setattr(diagnostics, "_ROWS_AT_ONCE", 64)
    monkeypatch.setattr(diagnostics, "_REGION_ELEMENTS", 600)
    parts = judged(mixture, y)
    assert (whole.nll, whole.crps) == (parts.nll, parts.crps)
    assert whole.pit.tobytes() == parts.pit.tobytes()
    assert whole.region_mass.tobytes() == parts.region_mass.tobytes()


def test_that_the_values_are_read_only() -> None:
    found = judged(random_mixture(3, 2), [0.0, 1.0, 2.0])
    for array in (found.pit, found.region_mass):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.5


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.zeros((0, 1)), np.zeros(0)),
        (np.zeros((2, 1)), np.zeros(3)),
        (np.zeros(2), np.zeros(2)),
        (np.zeros((2, 1)), np.zeros((2, 1))),
        (np.zeros((2, 1)), np.array([0.0, np.nan])),
        (np.zeros((2, 1)), np.array([0.0, np.inf])),
    ],
)
def test_that_rows_that_cannot_be_judged_are_refused_with_a_remedy(x: np.ndarray, y: np.ndarray) -> None:
    with pytest.raises(DataError) as caught:
        diagnose(Rows(random_mixture(2, 2)), x, y)
    assert caught.value.hint
