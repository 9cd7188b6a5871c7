"""What training sees of a data set."""

import dataclasses

import numpy as np
import pytest

from mdn_gui.core.config import MAX_VALIDATION_ROWS, ModelConfig, TrainingConfig, preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.scaling import Standardizer
from mdn_gui.core.split import split_of_run
from mdn_gui.training import preparation
from mdn_gui.training.beginning import begin
from mdn_gui.training.fit import fit_model
from mdn_gui.training.mdn import Architecture
from mdn_gui.training.preparation import SMALLEST_SCALE, prepare, rows_together
from mdn_gui.training.state import StepKind
from tests.training.runs import SHORT, SMALL, cardioid


def a_dataset(y, columns=1):
    rng = np.random.default_rng(0)
    names = tuple(f"x{column}" for column in range(columns))
    return Dataset(rng.normal(5.0, 3.0, (len(y), columns)), y, names, "y")


def a_kind(columns=1, block=1):
    return StepKind(Architecture(columns, (4,), 2, "tanh"), 1, 64, block=block)


def prepared(dataset, model_config=None, training_config=None, *, block=1, continued=None):
    kind = a_kind(dataset.num_inputs, block)
    training_config = training_config or TrainingConfig()
    split = split_of_run(training_config, len(dataset))
    return prepare(dataset, split, model_config or ModelConfig(), training_config, kind, continued)


def rows_of(dataset, data, scaled):
    """Return which row of the data set each scaled row is; targets are all different."""
    targets = data.y_scaler.restored(scaled[:, -1:].astype(float)).ravel()
    nearest = np.abs(targets[:, np.newaxis] - dataset.y).argmin(axis=1)
    np.testing.assert_allclose(targets, dataset.y[nearest], rtol=1e-5)
    np.testing.assert_allclose(data.x_scaler.restored(scaled[:, :-1].astype(float)), dataset.x[nearest], rtol=1e-4)
    return nearest


NORMAL = np.random.default_rng(1).normal(100.0, 20.0, 500)
EVEN = np.linspace(1.0, 500.0, 500)


def test_that_training_rows_are_standardised_and_validation_rows_scaled_alike():
    data = prepared(a_dataset(NORMAL, 2))
    np.testing.assert_allclose(data.train_rows.mean(axis=0), 0.0, atol=1e-5)
    np.testing.assert_allclose(data.train_rows.std(axis=0), 1.0, rtol=1e-5)
    np.testing.assert_allclose(data.spread, 1.0, rtol=1e-5)
    assert data.train.shape == (425, 1, 3)
    assert data.validation.shape == (75, 3)


@pytest.mark.parametrize("block", [1, 64])
def test_that_rows_are_those_of_the_split_with_no_held_out_row_to_learn_from(block):
    dataset, config = a_dataset(EVEN, 2), TrainingConfig(seed=3)
    data = prepared(dataset, training_config=config, block=block)
    train, held_out = split_of_run(config, 500)
    assert set(rows_of(dataset, data, data.train_rows)) == set(train)
    assert rows_of(dataset, data, data.validation).tolist() == held_out.tolist()


def test_that_the_scaling_is_that_of_the_training_rows():
    dataset, config = a_dataset(NORMAL, 2), TrainingConfig(seed=3)
    train, _ = split_of_run(config, 500)
    expected = Standardizer.fitted_to(dataset.x[train]), Standardizer.fitted_to(dataset.y[train, np.newaxis])
    for block in (1, 64):
        data = prepared(dataset, training_config=config, block=block)
        for scaler, other in zip((data.x_scaler, data.y_scaler), expected, strict=True):
            np.testing.assert_allclose(scaler.mean, other.mean, rtol=1e-13)
            np.testing.assert_allclose(scaler.sd, other.sd, rtol=1e-13)


def test_that_rows_of_blocks_are_in_random_order_with_the_last_block_filled_up():
    dataset = a_dataset(EVEN)
    data = prepared(dataset, block=64)
    assert data.train.shape == (7, 64, 2)
    rows = rows_of(dataset, data, data.train_rows)
    assert len(set(rows[:425])) == 425
    assert rows[425:].tolist() == rows[: 7 * 64 - 425].tolist()
    assert np.mean(np.diff(rows[:425]) > 0) < 0.6
    again, other = (prepared(dataset, training_config=TrainingConfig(seed=seed), block=64) for seed in (0, 1))
    np.testing.assert_array_equal(again.train, data.train)
    assert not np.array_equal(other.train, data.train)


def test_that_rows_of_small_data_stay_in_the_order_of_the_split():
    dataset = a_dataset(EVEN)
    data = prepared(dataset)
    assert rows_of(dataset, data, data.train_rows).tolist() == split_of_run(TrainingConfig(), 500)[0].tolist()


def test_that_blocks_are_for_large_data_and_divide_the_batch():
    assert rows_together(4096, 99_999) == 1
    assert [rows_together(batch, 100_000) for batch in (4096, 512, 96, 100, 7)] == [64, 64, 32, 4, 1]


def test_that_a_run_on_large_data_takes_blocks(monkeypatch):
    monkeypatch.setattr(preparation, "LARGE_DATA", 150)
    config = dataclasses.replace(SHORT, epochs=2)
    beginning = begin(cardioid(), SMALL, config, None)
    assert beginning.kind.block == 32
    assert beginning.rows.train.shape == (6, 32, 2)
    assert beginning.state.plan.order.shape == (6,)
    assert fit_model(cardioid(), SMALL, config).history.epochs == 2


def test_that_rows_begin_where_tensorflow_need_not_copy_them():
    data = prepared(a_dataset(NORMAL))
    for rows in (data.train, data.validation):
        assert rows.ctypes.data % 64 == 0
        assert rows.dtype == np.float32
        assert rows.flags.c_contiguous


def test_that_more_rows_than_are_scaled_at_once_are_scaled_alike(monkeypatch):
    usual = prepared(a_dataset(NORMAL, 2))
    monkeypatch.setattr(preparation, "BLOCK_ROWS", 64)
    in_parts = prepared(a_dataset(NORMAL, 2))
    np.testing.assert_array_equal(in_parts.train, usual.train)
    np.testing.assert_array_equal(in_parts.validation, usual.validation)


def test_that_a_continued_run_keeps_scaling_and_limits():
    model = fit_model(cardioid(), SMALL, dataclasses.replace(SHORT, epochs=1))
    moved = Dataset(cardioid().x * 3.0, cardioid().y + 7.0, ("x",), "y")
    data = prepared(moved, continued=model)
    np.testing.assert_array_equal(data.x_scaler.sd, model.x_scaler.sd)
    np.testing.assert_array_equal(data.y_scaler.mean, model.y_scaler.mean)
    assert (data.scale_floor, data.scale_ceiling) == (model.network.scale_floor, model.network.scale_ceiling)
    assert data.spread == pytest.approx([3.0, 1.0], rel=0.05)


def test_that_the_published_recipe_sees_the_rows_as_they_are():
    dataset = a_dataset(NORMAL)
    data = prepared(dataset, *preset("tfp-example"))
    np.testing.assert_allclose(data.train_rows, np.column_stack((dataset.x, dataset.y)), rtol=1e-6)
    assert data.validation.shape == (0, 2)
    assert data.scale_floor == SMALLEST_SCALE
    assert data.scale_ceiling == np.inf


@pytest.mark.parametrize("standardize", [True, False])
def test_that_limits_are_in_units_of_the_sd(standardize):
    config = ModelConfig(standardize=standardize, scale_floor=0.01, scale_ceiling=4.0)
    data = prepared(a_dataset(NORMAL), config)
    sd = data.y_scaler.sd[0]
    y_sd = data.train_rows[:, -1].std() * sd
    assert data.scale_floor * sd == pytest.approx(0.01 * y_sd, rel=1e-5)
    assert data.scale_ceiling * sd == pytest.approx(4.0 * y_sd, rel=1e-5)
    assert data.spread[-1] * sd == pytest.approx(y_sd, rel=1e-5)


@pytest.mark.parametrize("standardize", [True, False])
def test_that_noise_is_in_units_of_the_sd_of_each_column(standardize):
    config = ModelConfig(hidden_layers=(4,), standardize=standardize)
    beginning = begin(a_dataset(NORMAL), config, dataclasses.replace(SHORT, noise=0.1, restarts=2), None)
    assert beginning.rows.noise_sd.shape == (2, 2)
    np.testing.assert_allclose(beginning.rows.noise_sd, [0.1 * beginning.data.spread] * 2, rtol=1e-6)


def test_that_the_floor_rises_to_half_the_rounding_step():
    data = prepared(a_dataset(np.round(NORMAL / 5) * 5))
    assert data.scale_floor * data.y_scaler.sd[0] == pytest.approx(2.5)


def test_that_a_floor_of_nothing_is_not_raised():
    data = prepared(a_dataset(np.round(NORMAL / 5) * 5), ModelConfig(scale_floor=0.0))
    assert np.float32(data.scale_floor) == 0.0


def test_that_constant_columns_have_no_spread():
    dataset = dataclasses.replace(a_dataset(np.full(20, 7.0)), x=np.full((20, 1), 3.0))
    data = prepared(dataset)
    assert not data.train.any()
    assert not data.spread.any()


def test_that_huge_values_stay_finite_in_single_precision():
    y = np.append(NORMAL, (1e30, -1e300))
    data = prepared(a_dataset(y), ModelConfig(standardize=False))
    assert np.isfinite(np.square(data.train)).all()
    assert np.isfinite(np.square(data.validation)).all()


def test_that_many_rows_hold_out_no_more_than_are_useful():
    data = prepared(a_dataset(np.arange(200_000.0)), training_config=TrainingConfig(validation_fraction=0.5))
    assert len(data.validation) == MAX_VALIDATION_ROWS
    assert len(data.train) == 200_000 - MAX_VALIDATION_ROWS
