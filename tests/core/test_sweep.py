"""The one-standard-error rule on made-up points."""

import numpy as np
import pytest

from mdn_gui.core.sweep import SweepPoint, SweepResult
from tests.files.models import random_model

NOISE = np.random.default_rng(0).normal(0.0, 1.0, 400)
"""What makes one row harder than another, whatever K is."""

SMALL = np.random.default_rng(1).normal(0.0, 0.1, (9, 400))


def result(*row_nlls: object) -> SweepResult:
    return SweepResult(
        tuple(
            SweepPoint(random_model(components=k, hidden=(2,)), np.asarray(row_nll, dtype=np.float64))
            for k, row_nll in enumerate(row_nlls, start=1)
        )
    )


def around(*levels: float) -> SweepResult:
    """Return points with the given NLLs, exactly, whose rows differ from K to K by an sd of 0.14: SE 0.007."""
    return result(
        *(level + NOISE + own - (NOISE + own).mean() for level, own in zip(levels, SMALL, strict=False)),
    )


def test_that_a_point_tells_its_nll_with_its_standard_error() -> None:
    point = around(1.5).points[0]
    assert point.num_components == 1
    assert point.nll.value == pytest.approx(1.5)
    assert point.nll.standard_error == pytest.approx(point.row_nll.std(ddof=1) / 20.0)


@pytest.mark.parametrize(
    ("levels", "best", "recommended"),
    [
        ((1.0,), 1, 1),
        ((2.0, 1.5, 1.0), 3, 3),
        ((2.0, 1.0, 0.995, 0.996), 3, 2),
        ((2.0, 1.0, 0.95, 0.951), 3, 3),
        ((2.0, 1.0105, 1.0), 3, 3),
        ((1.0, 1.5, 0.999, 1.2), 3, 1),
        ((0.5, 0.6, 0.7), 1, 1),
    ],
)
def test_that_the_smallest_k_within_one_standard_error_is_recommended(
    levels: tuple[float, ...], best: int, recommended: int
) -> None:
    found = around(*levels)
    assert found.best.num_components == best
    assert found.recommended.num_components == recommended


def test_that_the_spread_common_to_all_k_does_not_hide_an_improvement() -> None:
    found = around(1.04, 1.0)
    one, two = found.points
    assert one.nll.value - two.nll.value < two.nll.standard_error
    excess = one.excess_over(two)
    assert excess.value == pytest.approx(0.04)
    assert excess.standard_error == pytest.approx((one.row_nll - two.row_nll).std(ddof=1) / 20.0)
    assert found.recommended is two


def test_that_among_equals_the_smallest_k_is_best() -> None:
    assert result(NOISE + 1.0, NOISE, NOISE).best.num_components == 2


def test_that_one_held_out_row_tells_nothing_so_that_one_component_suffices() -> None:
    found = result([5.0], [1.0])
    assert found.best.num_components == 2
    assert found.recommended.num_components == 1


def test_that_a_density_of_zero_at_a_row_rules_a_k_out() -> None:
    found = result([np.inf, 0.0, 1.0], [0.5, 0.5, 0.6], [0.4, 0.7, 0.4])
    assert found.best.num_components == 3
    assert found.recommended.num_components == 2


def test_that_the_first_is_taken_when_no_k_has_a_finite_nll() -> None:
    assert result([np.inf, 0.0], [0.0, np.inf], [np.inf, np.inf]).recommended.num_components == 1


def test_that_equal_infinities_do_not_differ() -> None:
    one, two = result([np.inf, 1.0, 2.0], [np.inf, 0.5, 1.0]).points
    assert one.excess_over(two).value == pytest.approx(0.5)
