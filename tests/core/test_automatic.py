"""What automatic settings become once the number of rows and inputs is known."""

import itertools
from dataclasses import replace

import pytest

from mdn_gui.core import automatic as automatic_module
from mdn_gui.core.automatic import LARGE_DATA, resolved
from mdn_gui.core.config import ModelConfig, TrainingConfig, preset

ROWS = (1, 2, 5, 30, 100, 300, 1700, 5_000, 5_001, 20_000, 99_999, 100_000, 1_000_000, 20_000_000)


def automatic(rows, inputs=1, **changed):
    return resolved(ModelConfig(), TrainingConfig(**changed), rows, inputs)


def test_that_the_published_recipe_is_exactly_as_published():
    settings = resolved(*preset("tfp-example"), 2000, 1)
    assert settings.activation == "relu"
    assert (settings.batch_size, settings.steps_per_epoch, settings.epochs) == (100, 20, 20)
    assert (settings.restarts, settings.distilled, settings.averaged) == (1, False, False)
    assert settings.patience is None
    assert (settings.noise, settings.weight_decay) == ((0.0,), 0.0)


@pytest.mark.parametrize("inputs", [1, 8])
@pytest.mark.parametrize("rows", ROWS)
def test_that_every_number_of_rows_gives_a_run(rows, inputs):
    settings = automatic(rows, inputs)
    assert 1 <= settings.batch_size <= rows
    assert settings.steps_per_epoch == rows // settings.batch_size
    assert settings.epochs >= 10
    assert 1 <= settings.patience <= settings.epochs
    assert len(settings.noise) == settings.restarts + settings.distilled
    assert all(0 <= level <= 0.1 for level in settings.noise)


@pytest.mark.parametrize("inputs", [1, 8])
@pytest.mark.parametrize("rows", [30, 300, 1700, 5_001, 50_000])
def test_that_epochs_give_enough_steps_and_hardly_more(rows, inputs):
    settings = automatic(rows, inputs)
    one_input = automatic_module._STEPS[0] if rows <= automatic_module._SMALL_DATA else automatic_module._STEPS[1]
    least = one_input if inputs == 1 else automatic_module._STEPS_WITH_SEVERAL_INPUTS
    assert least <= settings.epochs * settings.steps_per_epoch < least + settings.steps_per_epoch


def test_that_large_data_are_gone_through_ten_times_at_least():
    assert automatic(10**7).epochs == automatic(10**7, 8).epochs == 10


def test_that_with_one_input_the_noise_falls_with_the_number_of_rows_in_every_restart():
    ladders = [automatic(rows).noise for rows in ROWS if rows < LARGE_DATA]
    for fewer, more in itertools.pairwise(ladders):
        assert all(low <= high for low, high in zip(more[:2], fewer[:2], strict=True))
    assert ladders[-1][0] < 0.1 * ladders[4][0]


@pytest.mark.parametrize("inputs", [1, 8])
def test_that_restarts_have_noise_of_different_levels(inputs):
    levels = automatic(2000, inputs).noise
    assert len(set(levels)) == len(levels) > 1


def test_that_more_restarts_than_levels_begin_again_with_the_first():
    levels = automatic(5000, restarts=5, distillation=False).noise
    assert len(levels) == 5
    assert levels[2] == levels[0] != levels[1] == levels[3]


def test_that_batches_are_powers_of_two_that_grow_with_the_rows_within_their_range():
    batches = [automatic(rows).batch_size for rows in range(32, 6_000, 7)]
    assert batches == sorted(batches)
    assert all(batch.bit_count() == 1 for batch in batches)
    assert all(32 <= batch <= max(32, rows // 4) for rows, batch in zip(range(32, 6_000, 7), batches, strict=True))
    assert [automatic(rows).batch_size for rows in (1, 20, 40, 5_000)] == [1, 20, 32, 128]
    assert [automatic(rows).batch_size for rows in (5_001, 99_999, 100_000, 10**6, 10**8)] == [
        256,
        256,
        512,
        4096,
        4096,
    ]


def test_that_large_data_need_one_start_only():
    for inputs in (1, 8):
        assert automatic(LARGE_DATA, inputs).restarts == 1
        assert automatic(LARGE_DATA - 1, inputs).restarts > 1
    assert not automatic(LARGE_DATA, 8).averaged


def test_that_only_few_rows_are_learned_from_by_way_of_the_joint_mixture():
    assert automatic(300).distilled
    assert automatic(2).distilled
    assert automatic(300).noise[-1] == 0.0
    assert not automatic(1).distilled
    assert not automatic(5_000).distilled
    assert not automatic(300, distillation=False).distilled
    assert not automatic(300, validation_fraction=0.0).distilled


def test_that_one_input_follows_closely_and_several_are_smoother():
    one, several = automatic(2000, 1), automatic(2000, 2)
    assert (one.activation, several.activation) == ("relu", "tanh")
    assert (one.averaged, several.averaged) == (False, True)
    assert one.weight_decay == 0 < several.weight_decay


@pytest.mark.parametrize("inputs", [1, 8])
def test_that_what_is_set_is_kept(inputs):
    model = ModelConfig(activation="elu")
    training = TrainingConfig(
        epochs=7,
        patience=90,
        batch_size=40,
        restarts=4,
        combination="best",
        noise=0.3,
        weight_decay=2.0,
        distillation=False,
    )
    settings = resolved(model, training, 1000, inputs)
    assert (settings.activation, settings.epochs, settings.patience) == ("elu", 7, 90)
    assert (settings.batch_size, settings.steps_per_epoch, settings.restarts) == (40, 25, 4)
    assert not settings.averaged
    assert settings.noise == (0.3,) * 4
    assert settings.weight_decay == 2.0
    assert resolved(model, replace(training, combination="average"), 1000, inputs).averaged
    assert not resolved(model, replace(training, combination="average", restarts=1), 1000, inputs).averaged


def test_that_zero_is_kept_where_it_is_set():
    settings = automatic(1000, 8, noise=0.0, weight_decay=0.0)
    assert set(settings.noise) == {0.0}
    assert settings.weight_decay == 0.0


def test_that_patience_is_a_third_of_the_epochs_and_none_without_held_out_rows():
    assert [automatic(5000, epochs=epochs).patience for epochs in (1, 3, 7, 99)] == [1, 1, 3, 33]
    assert automatic(5000, patience=3).patience == 3
    assert automatic(1000, validation_fraction=0.0).patience is None
    assert automatic(1000, validation_fraction=0.0, patience=3).patience is None


def test_that_a_network_that_cannot_overfit_is_given_all_its_epochs():
    assert automatic(300).distilled
    assert automatic(300).patience == automatic(300).epochs
    assert automatic(300, patience=3).patience == 3


def test_that_a_batch_is_never_larger_than_the_rows():
    settings = automatic(30, batch_size=1000)
    assert (settings.batch_size, settings.steps_per_epoch) == (30, 1)
