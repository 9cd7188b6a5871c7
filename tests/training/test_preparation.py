"""What training sees of a data set."""

import dataclasses

import numpy as np
import pytest

from mdn_gui.core.config import MAX_VALIDATION_ROWS, ModelConfig, TrainingConfig, preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.training.preparation import SMALLEST_SCALE, prepare


def a_dataset(y, columns=1):
    rng = np.random.default_rng(0)
    names = tuple(f"x{column}" for column in range(columns))
    return Dataset(rng.normal(5.0, 3.0, (len(y), columns)), y, names, "y")


NORMAL = np.random.default_rng(1).normal(100.0, 20.0, 500)


def test_that_training_rows_are_standardised_and_validation_rows_scaled_alike():
    data = prepare(a_dataset(NORMAL, 2), ModelConfig(), TrainingConfig())
    np.testing.assert_allclose(data.train.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(data.train.std(axis=0), 1.0, rtol=1e-5)
    assert data.train.shape == (425, 3)
    assert data.validation.shape == (75, 3)
    restored = np.concatenate((data.train, data.validation))[:, -1:] * data.y_scaler.sd + data.y_scaler.mean
    np.testing.assert_allclose(np.sort(restored.ravel()), np.sort(NORMAL), rtol=1e-5)


def test_that_the_published_recipe_sees_the_rows_as_they_are():
    dataset = a_dataset(NORMAL)
    data = prepare(dataset, *preset("tfp-example"))
    np.testing.assert_allclose(data.train, np.column_stack((dataset.x, dataset.y)), rtol=1e-6)
    assert data.validation.shape == (0, 2)
    assert data.scale_floor == SMALLEST_SCALE
    assert data.scale_ceiling == np.inf


@pytest.mark.parametrize("standardize", [True, False])
def test_that_limits_and_noise_are_in_units_of_the_sd(standardize):
    config = ModelConfig(standardize=standardize, scale_floor=0.01, scale_ceiling=4.0)
    data = prepare(a_dataset(NORMAL), config, TrainingConfig(noise=0.1))
    sd = data.y_scaler.sd[0]
    y_sd = data.train[:, -1].std() * sd
    assert data.scale_floor * sd == pytest.approx(0.01 * y_sd, rel=1e-5)
    assert data.scale_ceiling * sd == pytest.approx(4.0 * y_sd, rel=1e-5)
    assert data.noise_sd[-1] * sd == pytest.approx(0.1 * y_sd, rel=1e-5)


def test_that_the_floor_rises_to_half_the_rounding_step():
    data = prepare(a_dataset(np.round(NORMAL / 5) * 5), ModelConfig(), TrainingConfig())
    assert data.scale_floor * data.y_scaler.sd[0] == pytest.approx(2.5)


def test_that_a_floor_of_nothing_is_not_raised():
    data = prepare(a_dataset(np.round(NORMAL / 5) * 5), ModelConfig(scale_floor=0.0), TrainingConfig())
    assert np.float32(data.scale_floor) == 0.0


def test_that_constant_columns_get_no_noise():
    dataset = dataclasses.replace(a_dataset(np.full(20, 7.0)), x=np.full((20, 1), 3.0))
    data = prepare(dataset, ModelConfig(), TrainingConfig(noise=0.5))
    assert not data.train.any()
    assert not data.noise_sd.any()


def test_that_huge_values_stay_finite_in_single_precision():
    y = np.append(NORMAL, (1e30, -1e300))
    data = prepare(a_dataset(y), ModelConfig(standardize=False), TrainingConfig())
    assert np.isfinite(np.square(data.train)).all()
    assert np.isfinite(np.square(data.validation)).all()


def test_that_many_rows_hold_out_no_more_than_are_useful():
    data = prepare(a_dataset(np.arange(200_000.0)), ModelConfig(), TrainingConfig(validation_fraction=0.5))
    assert len(data.validation) == MAX_VALIDATION_ROWS
    assert len(data.train) == 200_000 - MAX_VALIDATION_ROWS
