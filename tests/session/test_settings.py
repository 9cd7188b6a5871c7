import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.split import split_of_run
from mdn_gui.session.settings import continuing, num_held_out, settings_on, slower, with_next_seed


@pytest.mark.parametrize("fraction", [0.0, 1e-6, 0.15, 0.5, 0.9])
@pytest.mark.parametrize("rows", [2, 3, 10, 133, 2_000, 199_999])
def test_that_the_held_out_rows_are_counted_as_the_run_splits_them(rows, fraction):
    config = TrainingConfig(validation_fraction=fraction)
    assert num_held_out(config, rows) == len(split_of_run(config, rows)[1])


def test_that_automatic_settings_are_those_of_the_training_rows():
    dataset = Dataset(np.arange(2_000.0)[:, None] ** 0.5, np.arange(2_000.0), ("x",), "y")
    assert settings_on(dataset, ModelConfig(), TrainingConfig()).num_train_rows == 1_700


def test_that_a_continuation_keeps_the_split_and_nothing_else():
    finished = TrainingConfig(seed=7, validation_fraction=0.4, epochs=9)
    assert continuing(TrainingConfig(epochs=50), finished) == TrainingConfig(seed=7, validation_fraction=0.4, epochs=50)


def test_that_after_the_greatest_seed_comes_the_first():
    assert with_next_seed(TrainingConfig(seed=7)) == TrainingConfig(seed=8)
    assert with_next_seed(TrainingConfig(seed=2**31 - 1)).seed == 0


@pytest.mark.parametrize(("rate", "slow"), [(0.005, 0.0015), (0.02, 0.006), (0.0015, 0.00045), (1e-7, 1e-7)])
def test_that_a_retry_has_three_tenths_of_the_rate(rate, slow):
    changed = slower(TrainingConfig(epochs=3), TrainingConfig(learning_rate=rate))
    assert changed == TrainingConfig(epochs=3, learning_rate=slow)
