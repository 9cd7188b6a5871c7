import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.core.config import TargetTransform
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.rounding import rounding_step, transformed_rounding_step
from mdn_gui.core.transform import LOG, LOGIT, NONE, Transform, transform_named
from mdn_gui.errors import DataError

ALL = [NONE, LOG, LOGIT]
Z = np.concatenate((np.linspace(-40.0, 40.0, 161), [-300.0, -1e-9, 1e-9, 300.0]))


def table(y: object) -> Dataset:
    return Dataset(np.arange(len(np.atleast_1d(y)))[:, np.newaxis], y, ("x",), "price")


@pytest.mark.parametrize("name", ["none", "log", "logit"])
def test_that_a_transform_is_found_by_the_value_of_its_setting(name: TargetTransform) -> None:
    assert transform_named(name).name == name


@given(st.floats(min_value=5e-324, allow_infinity=False))
def test_that_every_positive_float_has_a_finite_logarithm_that_leads_back(y: float) -> None:
    z = LOG.forward(np.array([y]))
    assert np.isfinite(z).all()
    np.testing.assert_allclose(LOG.inverse(z), y, rtol=1e-12)


@given(st.floats(min_value=0.0, max_value=1.0, exclude_min=True, exclude_max=True))
def test_that_every_float_between_0_and_1_has_a_finite_logit_that_leads_back(y: float) -> None:
    z = LOGIT.forward(np.array([y]))
    assert np.isfinite(z).all()
    np.testing.assert_allclose(LOGIT.inverse(z), y, rtol=1e-12)
    np.testing.assert_allclose(LOGIT.inverse(-z), 1.0 - y, rtol=1e-9, atol=1e-16)


@pytest.mark.parametrize("transform", ALL)
def test_that_the_log_slope_is_that_of_the_inverse(transform: Transform) -> None:
    z, step = np.linspace(-20.0, 20.0, 41), 1e-5
    # of values near 1 the distance from 1 is what has digits
    side = np.where((z > 0) & (transform is LOGIT), -1.0, 1.0)
    slope = side * (transform.inverse(side * (z + step)) - transform.inverse(side * (z - step))) / (2.0 * step)
    np.testing.assert_allclose(np.exp(transform.log_slope(z)), slope, rtol=1e-8)


@pytest.mark.parametrize("transform", ALL)
def test_that_the_derivatives_of_the_log_slope_are_its_own(transform: Transform) -> None:
    first, second = transform.log_slope_derivatives(Z)
    step = 1e-4
    ahead, behind = transform.log_slope(Z + step), transform.log_slope(Z - step)
    np.testing.assert_allclose(first, (ahead - behind) / (2.0 * step), atol=1e-8)
    ahead, behind = transform.log_slope_derivatives(Z + step)[0], transform.log_slope_derivatives(Z - step)[0]
    np.testing.assert_allclose(second, (ahead - behind) / (2.0 * step), atol=1e-8)


@pytest.mark.parametrize("transform", ALL)
def test_that_the_exponents_are_those_of_the_slope(transform: Transform) -> None:
    z = np.linspace(-3.0, 3.0, 50)
    shapes = np.exp(np.multiply.outer(z, transform.exponents))
    factors, *_ = np.linalg.lstsq(shapes, np.exp(-transform.log_slope(z)), rcond=None)
    np.testing.assert_allclose(shapes @ factors, np.exp(-transform.log_slope(z)), rtol=1e-12)
    assert (factors > 0.5).all()


@pytest.mark.parametrize(("transform", "outside"), [(LOG, [0.0, -0.0, -1.0, -np.inf]), (LOGIT, [0.0, -2.0, 1.0, 7.0])])
def test_that_values_outside_the_range_lie_at_its_ends(transform: Transform, outside: list[float]) -> None:
    assert np.isinf(transform.forward(np.array(outside))).all()
    assert np.isnan(transform.forward(np.array([np.nan]))).all()


def test_that_a_refusal_names_the_target_the_rows_and_the_remedy() -> None:
    y = np.array([1.0, 0.0, 2.0, -0.5, -1e30, -7.0, 3.0])
    with pytest.raises(DataError) as refusal:
        LOG.check(table(y))
    assert refusal.value.message == (
        "The transform log needs values above 0; 4 of the 7 rows of 'price' have others: "
        "0 in row 2, -0.5 in row 4, -1e+30 in row 5, ..."
    )
    assert "none" in refusal.value.hint


def test_that_the_logit_refuses_its_ends() -> None:
    with pytest.raises(DataError, match="above 0 and below 1; 2 of the 3 rows of 'price' have others: 0 in row 1, 1"):
        LOGIT.check(table([0.0, 0.5, 1.0]))


@pytest.mark.parametrize(
    ("transform", "y"), [(NONE, [-1.0, 0.0]), (LOG, [5e-324, 1.7e308]), (LOGIT, [5e-324, 1.0 - 1e-16])]
)
def test_that_what_has_a_finite_value_is_allowed(transform: Transform, y: list[float]) -> None:
    transform.check(table(y))
    assert np.isfinite(transform.forward(np.array(y))).all()


@pytest.mark.parametrize("transform", [LOG, LOGIT])
def test_that_a_rounding_step_shrinks_with_the_slope(transform: Transform) -> None:
    y = np.repeat(np.arange(1, 99) / 100.0, 3)
    steps = transformed_rounding_step(y, transform)
    assert rounding_step(y) == pytest.approx(0.01)
    next_ones = transform.forward(y + 0.005) - transform.forward(y - 0.005)
    np.testing.assert_allclose(steps[9:-9], next_ones[9:-9], rtol=0.01)
