"""What the issue of numbers asks of closed forms, on 1,000 random mixtures, against quadrature."""

from functools import cache

import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from tests.quadrature import Law, random_laws

COUNT = 1000


@cache
def laws() -> tuple[Law, ...]:
    return tuple(random_laws(COUNT))


@cache
def mixtures() -> tuple[ConditionalMixture, ...]:
    return tuple(ConditionalMixture([law.weights], [law.locs], [law.scales]) for law in laws())


def pairs() -> list[tuple[Law, ConditionalMixture]]:
    return list(zip(laws(), mixtures(), strict=True))


@cache
def batches() -> tuple[tuple[list[Law], ConditionalMixture], ...]:
    """Return the laws of each number of components, with one mixture of them all."""
    by_size: dict[int, list[Law]] = {}
    for law in laws():
        by_size.setdefault(len(law.weights), []).append(law)
    names = ("weights", "locs", "scales")
    return tuple(
        (group, ConditionalMixture(*(np.array([getattr(law, name) for law in group]) for name in names)))
        for group in by_size.values()
    )


def test_that_the_mass_is_one():
    masses = [law.integral(lambda y, m=mixture: m.pdf(y[np.newaxis])[0]) for law, mixture in pairs()]
    np.testing.assert_allclose(masses, 1.0, rtol=0.0, atol=1e-9)


def test_that_moments_agree_with_quadrature():
    expected = np.array([law.moments() for law in laws()])
    read = np.array([(m.mean()[0], m.variance()[0], m.skewness()[0]) for m in mixtures()])
    spread = np.sqrt(expected[:, 1])
    np.testing.assert_allclose((read[:, 0] - expected[:, 0]) / spread, 0.0, atol=1e-10)
    np.testing.assert_allclose(read[:, 1], expected[:, 1], rtol=1e-10)
    np.testing.assert_allclose(read[:, 2], expected[:, 2], rtol=1e-10, atol=1e-10)


def test_that_the_variance_is_that_within_plus_that_between():
    within = [float((law.weights * law.scales**2).sum()) for law in laws()]
    np.testing.assert_allclose([m.variance_within()[0] for m in mixtures()], within, rtol=1e-10)
    between = [law.moments()[1] - each for law, each in zip(laws(), within, strict=True)]
    np.testing.assert_allclose([m.variance_between()[0] for m in mixtures()], between, rtol=1e-9, atol=1e-10)


def test_that_quantile_inverts_the_cdf():
    levels = np.array([1e-6, 0.05, 0.25, 0.5, 0.75, 0.95, 1 - 1e-6])
    reached = [law.cdf(mixture.quantile(levels)[0]) for law, mixture in pairs()]
    np.testing.assert_allclose(reached, np.broadcast_to(levels, (COUNT, len(levels))), rtol=0.0, atol=1e-10)


def test_that_the_cdf_is_that_of_the_density():
    for law, mixture in pairs()[::10]:
        at = float(law.locs.mean())
        below = law.integral(lambda y, law=law, at=at: law.pdf(y) * (y <= at), at)
        assert mixture.cdf(at)[0] == pytest.approx(below, abs=1e-10)


@pytest.mark.parametrize("mass", [0.5, 0.9, 0.99])
def test_that_highest_density_regions_hold_their_mass_at_one_level(mass):
    for group, batch in batches():
        for law, region in zip(group, batch.hdr(mass), strict=True):
            assert np.diff(law.cdf(region.ravel()))[::2].sum() == pytest.approx(mass, abs=1e-6)
            level = law.pdf(region.ravel())
            assert level.max() - level.min() <= 1e-6 * law.pdf(law.locs).max()


def test_that_crps_agrees_with_quadrature():
    rng = np.random.default_rng(1)
    for law, mixture in pairs():
        at = float(rng.choice(law.locs) + rng.normal(0.0, 3.0))
        scale = float(mixture.sd()[0])
        assert mixture.crps(at)[0] == pytest.approx(law.crps(at), abs=1e-10 * max(scale, 1.0))


def test_that_every_mode_of_a_fine_grid_is_found():
    for law, mixture in pairs():
        found, expected = mixture.modes()[0], law.modes()
        assert len(found) == len(expected)
        np.testing.assert_allclose(found, expected, atol=4.0 * float(law.scales.max()) / 39)


def test_that_the_same_row_has_the_same_bits_in_any_order():
    y = np.linspace(-9.0, 9.0, 7)[np.newaxis]
    for group, batch in batches():
        turn = np.random.default_rng(2).permutation(len(group))
        turned = ConditionalMixture(batch.weights[turn], batch.locs[turn], batch.scales[turn])
        for read in ("pdf", "cdf", "crps"):
            np.testing.assert_array_equal(getattr(batch, read)(y)[turn], getattr(turned, read)(y))
        np.testing.assert_array_equal(batch.quantile([0.1, 0.5])[turn], turned.quantile([0.1, 0.5]))
        regions = batch.hdr(0.9)
        for place, region in zip(turn, turned.hdr(0.9), strict=True):
            np.testing.assert_array_equal(regions[place], region)
