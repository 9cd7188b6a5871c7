import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.core.config import TrainingConfig
from mdn_gui.core.split import split_of_run, train_validation_split


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(2, 300), st.floats(0.0, 0.9), st.integers(0, 2**31 - 1))
def test_that_every_row_trains_or_is_held_out_never_both(num_rows, fraction, seed):
    train, validation = train_validation_split(num_rows, fraction, seed)
    np.testing.assert_array_equal(np.sort(np.concatenate([train, validation])), np.arange(num_rows))
    assert (np.diff(train) > 0).all()
    assert (np.diff(validation) > 0).all()
    assert len(train) >= 1
    assert (len(validation) > 0) == (fraction > 0)


@pytest.mark.parametrize(
    ("num_rows", "fraction", "held_out"), [(100, 0.15, 15), (100, 0.0, 0), (10, 0.01, 1), (2, 0.9, 1), (1000, 0.5, 500)]
)
def test_that_the_asked_fraction_is_held_out(num_rows, fraction, held_out):
    assert len(train_validation_split(num_rows, fraction, 0)[1]) == held_out


def test_that_the_split_follows_from_the_seed():
    first, again, other = (train_validation_split(200, 0.3, seed)[1] for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert first.tolist() != other.tolist()


def test_that_held_out_rows_are_spread_over_the_table():
    validation = train_validation_split(10_000, 0.2, 1)[1]
    counts = np.histogram(validation, bins=10, range=(0, 10_000))[0]
    assert (np.abs(counts - 200) < 80).all()


@pytest.mark.parametrize(("num_rows", "fraction", "held_out"), [(200, 0.25, 50), (200, 0.0, 0), (300_000, 0.5, 20_000)])
def test_that_the_split_of_a_run_follows_from_its_settings(num_rows, fraction, held_out):
    config = TrainingConfig(seed=3, validation_fraction=fraction)
    train, validation = split_of_run(config, num_rows)
    assert (len(train), len(validation)) == (num_rows - held_out, held_out)
    np.testing.assert_array_equal(validation, train_validation_split(num_rows, held_out / num_rows, 3)[1])
