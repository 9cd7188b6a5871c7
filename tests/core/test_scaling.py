import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.core import scaling
from mdn_gui.core.scaling import Standardizer, column_spread


def test_that_scaled_columns_have_mean_zero_with_sd_one():
    values = np.random.default_rng(0).normal([5.0, -1e6], [2.0, 300.0], (500, 2))
    z = Standardizer.fitted_to(values).scaled(values)
    np.testing.assert_allclose(z.mean(axis=0), 0.0, atol=1e-10)
    np.testing.assert_allclose(z.std(axis=0), 1.0, rtol=1e-12)


@pytest.mark.parametrize("value", [0.0, 0.1, -7.0, 1e12 / 3, 1e-300, 1e300])
def test_that_a_constant_column_is_centred_with_sd_one(value):
    scaler = Standardizer.fitted_to(np.full((7, 1), value))
    assert scaler.sd.tolist() == [1.0]
    assert scaler.mean.tolist() == [value]
    assert scaler.scaled(np.full((1, 1), value)).tolist() == [[0.0]]


@pytest.mark.parametrize(("centre", "spread"), [(1.7e18, 1e6), (1e12, 0.01), (0.0, 1e-200), (0.0, 1e30)])
def test_that_a_column_that_varies_little_about_a_large_value_is_not_taken_for_constant(centre, spread):
    values = centre + spread * np.linspace(-1.0, 1.0, 51)[:, np.newaxis]
    scaler = Standardizer.fitted_to(values)
    assert scaler.sd[0] == pytest.approx(spread * 0.5888, rel=0.01)


def test_that_one_huge_outlier_leaves_finite_numbers():
    values = np.append(np.arange(9.0), 1e30)[:, np.newaxis]
    scaler = Standardizer.fitted_to(values)
    assert np.isfinite(scaler.scaled(values)).all()
    assert scaler.sd[0] == pytest.approx(3e29)


def test_that_the_identity_changes_nothing():
    values = np.array([[1.5, -2.0]])
    identity = Standardizer.identity(2)
    assert identity.scaled(values).tolist() == identity.restored(values).tolist() == values.tolist()
    assert identity.log_jacobian == 0.0


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_that_scaling_is_undone(column):
    values = np.array(column)[:, np.newaxis]
    scaler = Standardizer.fitted_to(values)
    tolerance = 1e-12 * max(1.0, np.abs(values).max())
    np.testing.assert_allclose(scaler.restored(scaler.scaled(values)), values, atol=tolerance)


def test_that_the_log_jacobian_is_the_sum_of_log_sds():
    assert Standardizer([0.0, 0.0], [2.0, 5.0]).log_jacobian == pytest.approx(np.log(10.0))


def test_that_a_standardizer_does_not_change_with_the_arrays_it_came_from():
    sd = np.array([2.0])
    scaler = Standardizer([0.0], sd)
    sd[0] = 9.0
    assert scaler.sd.tolist() == [2.0]
    assert not scaler.mean.flags.writeable
    assert not scaler.sd.flags.writeable


def test_that_only_the_rows_given_are_looked_at():
    values = np.random.default_rng(0).normal(3.0, 2.0, (50, 2))
    rows = np.array([1, 4, 30, 31, 49])
    scaler, expected = Standardizer.fitted_to(values, rows), Standardizer.fitted_to(values[rows])
    np.testing.assert_array_equal(scaler.mean, expected.mean)
    np.testing.assert_array_equal(scaler.sd, expected.sd)


@pytest.mark.parametrize("block", [1, 7, 64])
def test_that_how_rows_are_cut_into_blocks_changes_nothing_but_rounding(monkeypatch, block):
    values = np.random.default_rng(0).normal([5.0, -1e6], [2.0, 300.0], (100, 2))
    whole = Standardizer.fitted_to(values)
    monkeypatch.setattr(scaling, "BLOCK_ROWS", block)
    in_blocks = Standardizer.fitted_to(values)
    np.testing.assert_allclose(in_blocks.mean, whole.mean, rtol=1e-14)
    np.testing.assert_allclose(in_blocks.sd, whole.sd, rtol=1e-13)
    np.testing.assert_allclose(column_spread(values), whole.sd, rtol=1e-13)


def test_that_the_spread_of_a_constant_column_is_nothing():
    values = np.column_stack((np.full(9, 0.1), np.arange(9.0))).astype(np.float32)
    spread = column_spread(values)
    assert spread.dtype == np.float64
    assert spread.tolist() == [0.0, pytest.approx(np.arange(9.0).std())]
