"""The ground of a fit is the region of highest density, to the pixel."""

import numpy as np
import pytest

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.files.report.ground import pictured_regions

LOW, HIGH = -6.0, 6.0
CELL = (HIGH - LOW) / 720


def mixture(*rows: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]) -> ConditionalMixture:
    weights, locs, scales = (np.array(each) for each in zip(*rows, strict=True))
    return ConditionalMixture(weights, locs, scales)


@pytest.mark.parametrize("mass", [0.5, 0.9])
def test_that_it_is_the_exact_region_to_a_cell(mass: float) -> None:
    density = mixture(
        ((0.5, 0.5), (-3.0, 3.0), (0.4, 0.4)),
        ((0.3, 0.7), (0.0, 0.5), (1.0, 1.0)),
        ((0.9, 0.1), (0.0, 4.0), (0.2, 0.5)),
    )
    (found,) = pictured_regions(density, LOW, HIGH, (mass,))
    for region, exact in zip(found, density.hdr(mass), strict=True):
        assert region.shape == exact.shape
        np.testing.assert_allclose(region, exact, atol=2 * CELL)


def test_that_what_is_narrower_than_a_cell_is_there() -> None:
    (found,) = pictured_regions(mixture(((0.6, 0.4), (0.001, 3.0), (1e-9, 0.5))), LOW, HIGH, (0.5,))
    assert found[0][0, 0] <= 0.001 <= found[0][0, 1]
    assert found[0][0, 1] - found[0][0, 0] == pytest.approx(CELL)


def test_that_what_lies_beyond_the_picture_has_no_place_in_it() -> None:
    (found,) = pictured_regions(mixture(((1.0,), (1e12,), (1.0,)), ((1.0,), (0.0,), (1e9,))), LOW, HIGH, (0.5,))
    assert found[0].shape == (0, 2)
    assert found[1].tolist() == [[LOW, HIGH]]
