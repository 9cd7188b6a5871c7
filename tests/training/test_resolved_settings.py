"""What automatic settings become once the number of rows is known."""

import pytest

from mdn_gui.core.config import (
    TrainingConfig,
    held_out_fraction,
    preset,
    resolved_batch_size,
    resolved_epochs,
    resolved_patience,
    resolved_steps_per_epoch,
)


def test_that_the_published_recipe_is_twenty_epochs_of_twenty_steps():
    _, config = preset("tfp-example")
    assert resolved_batch_size(config, 2000) == 100
    assert resolved_steps_per_epoch(config, 2000) == 20
    assert resolved_epochs(config, 2000) == 20
    assert resolved_patience(config, 2000) is None


@pytest.mark.parametrize(
    ("rows", "batch", "steps", "epochs", "patience"),
    [(1, 1, 1, 4000, 1000), (255, 255, 1, 4000, 1000), (1700, 256, 6, 667, 167), (980_000, 256, 3828, 10, 3)],
)
def test_that_automatic_settings_follow_the_rows(rows, batch, steps, epochs, patience):
    config = TrainingConfig()
    assert resolved_batch_size(config, rows) == batch
    assert resolved_steps_per_epoch(config, rows) == steps
    assert resolved_epochs(config, rows) == epochs
    assert resolved_patience(config, rows) == patience


def test_that_what_is_set_is_kept():
    config = TrainingConfig(epochs=7, patience=90)
    assert resolved_epochs(config, 1700) == 7
    assert resolved_patience(config, 1700) == 90


def test_that_few_rows_hold_out_the_fraction_set():
    assert held_out_fraction(TrainingConfig(), 2000) == 0.15
    assert held_out_fraction(TrainingConfig(validation_fraction=0.0), 10**7) == 0.0
    assert held_out_fraction(TrainingConfig(), 10**6) == 0.02
