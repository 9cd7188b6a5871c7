import json
import math
from dataclasses import FrozenInstanceError, asdict, fields, replace
from typing import get_args

import numpy as np
import pytest

from mdn_gui.core.config import (
    ActivationChoice,
    Combination,
    Device,
    ModelConfig,
    Schedule,
    Setting,
    TrainingConfig,
    held_out_fraction,
    preset,
    setting_of,
    settings_text,
)
from mdn_gui.errors import ConfigError

CONFIGS = ModelConfig, TrainingConfig
FIELDS = [(config, field) for config in CONFIGS for field in fields(config)]
NUMBERS = [
    (config, field)
    for config, field in FIELDS
    if not isinstance(field.default, bool | tuple) and not setting_of(field).choices
]


def _named(pairs):
    return pytest.mark.parametrize(("config", "field"), pairs, ids=[f"{c.__name__}.{f.name}" for c, f in pairs])


@_named(FIELDS)
def test_that_every_field_declares_what_it_is(config, field):
    setting = setting_of(field)
    assert isinstance(setting, Setting)
    assert setting.label
    assert setting.help.endswith(".")
    assert setting.minimum <= setting.maximum
    assert isinstance(field.default, bool) or setting.choices or math.isfinite(setting.minimum + setting.maximum)


def test_that_no_two_settings_share_a_label():
    labels = [setting_of(field).label for _, field in FIELDS]
    assert len(set(labels)) == len(labels)


@_named(NUMBERS)
def test_that_the_ends_of_a_range_are_allowed(config, field):
    setting, kind = setting_of(field), int if "int" in str(field.type) else float
    for end in (setting.minimum, setting.maximum):
        value = kind(end)
        assert getattr(config(**{field.name: value}), field.name) == value


@_named(NUMBERS)
def test_that_values_outside_a_range_are_refused_with_the_range_named(config, field):
    setting, kind = setting_of(field), int if "int" in str(field.type) else float
    for value in (setting.minimum - 1, setting.maximum * 2 + 1):
        with pytest.raises(ConfigError, match="outside the allowed range") as caught:
            config(**{field.name: kind(value)})
        assert setting.label in caught.value.message
        ends = [f"{int(end):,}" if kind is int else f"{end:g}" for end in (setting.minimum, setting.maximum)]
        assert f"number from {ends[0]} to {ends[1]}." in caught.value.hint


@_named(NUMBERS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "5", True, [5], (5,)])
def test_that_what_is_no_finite_number_is_refused(config, field, value):
    with pytest.raises(ConfigError) as caught:
        config(**{field.name: value})
    assert caught.value.hint


@_named([(config, field) for config, field in NUMBERS if "int" in str(field.type)])
def test_that_fractions_are_refused_where_whole_numbers_are_meant(config, field):
    with pytest.raises(ConfigError, match="not a whole number"):
        config(**{field.name: 2.5})


@_named([(config, field) for config, field in FIELDS if field.default is not None])
def test_that_none_is_refused_unless_it_means_automatic(config, field):
    with pytest.raises(ConfigError):
        config(**{field.name: None})


@_named([(config, field) for config, field in FIELDS if field.default is None])
def test_that_none_means_automatic_where_it_is_the_default(config, field):
    assert f"{field.name}: automatic" in settings_text(config())


@_named([(config, field) for config, field in FIELDS if isinstance(field.default, bool)])
@pytest.mark.parametrize("value", [0, 1, 5.0, "yes"])
def test_that_a_switch_is_only_on_or_off(config, field, value):
    with pytest.raises(ConfigError, match="neither on nor off"):
        config(**{field.name: value})


@pytest.mark.parametrize("layers", [(), (1,) * 9, (0,), (1025,), (64, 2.5), (64, math.nan), "ab", 64, (True,)])
def test_that_impossible_layers_are_refused_with_a_hint(layers):
    with pytest.raises(ConfigError, match="Layers") as caught:
        ModelConfig(hidden_layers=layers)
    assert caught.value.hint


@pytest.mark.parametrize("digits", [20, 400, 5000])
@pytest.mark.parametrize("sign", [1, -1])
def test_that_numbers_of_any_length_are_refused_in_a_short_message(digits, sign):
    number = sign * 10**digits
    for config, values in (
        (TrainingConfig, {"learning_rate": number}),
        (TrainingConfig, {"seed": number}),
        (ModelConfig, {"hidden_layers": (number,)}),
    ):
        with pytest.raises(ConfigError, match="outside the allowed range") as caught:
            config(**values)
        assert len(caught.value.message) < 80
        assert caught.value.hint


def test_that_a_list_of_layers_is_kept_as_a_tuple():
    assert ModelConfig(hidden_layers=[32, 16]).hidden_layers == (32, 16)


def test_that_choices_are_the_ones_declared():
    for activation in get_args(ActivationChoice):
        assert ModelConfig(activation=activation).activation == activation
    for schedule in get_args(Schedule):
        assert TrainingConfig(schedule=schedule).schedule == schedule
    for combination in get_args(Combination):
        assert TrainingConfig(combination=combination).combination == combination
    for device in get_args(Device):
        assert TrainingConfig(device=device).device == device
    with pytest.raises(ConfigError, match="not a choice") as caught:
        ModelConfig(activation="sigmoid")
    assert "tanh, relu" in caught.value.hint
    with pytest.raises(ConfigError, match="not a choice"):
        TrainingConfig(schedule="linear")


def test_that_numpy_numbers_are_kept_as_plain_ones_that_json_can_write():
    training = TrainingConfig(seed=np.int64(3), noise=np.float32(0.5), epochs=np.int32(7))
    model = ModelConfig(hidden_layers=np.array([8, 4]), scale_floor=np.float64(0.25))
    assert (training.seed, training.noise, training.epochs) == (3, 0.5, 7)
    assert json.loads(json.dumps(asdict(model)))["hidden_layers"] == [8, 4]
    assert json.loads(json.dumps(asdict(training)))["seed"] == 3


def test_that_settings_cannot_be_changed_but_replaced():
    config = ModelConfig()
    with pytest.raises(FrozenInstanceError):
        config.num_components = 3
    assert replace(config, num_components=3).num_components == 3
    with pytest.raises(ConfigError):
        replace(config, num_components=0)


def test_that_the_default_preset_is_the_defaults():
    assert preset("default") == (ModelConfig(), TrainingConfig())


def test_that_the_tfp_example_preset_is_the_published_recipe():
    model, training = preset("tfp-example")
    assert (model.num_components, model.hidden_layers, model.activation) == (5, (12,), "relu")
    assert (training.learning_rate, training.batch_size, training.epochs) == (0.02, 100, 20)
    assert (training.validation_fraction, training.noise, training.clip_norm) == (0.0, 0.0, 0.0)
    assert (training.weight_decay, training.weight_averaging) == (0.0, 0.0)
    assert (training.restarts, training.combination, training.distillation) == (1, "best", False)
    assert training.schedule == "constant"
    assert not model.standardize
    assert not model.data_driven_start
    assert (model.scale_floor, model.scale_ceiling) == (0.0, 0.0)


@pytest.mark.parametrize("name", ["", "Default", "tfp"])
def test_that_an_unknown_preset_is_refused_with_the_known_ones_named(name):
    with pytest.raises(ConfigError) as caught:
        preset(name)
    assert "default, tfp-example" in caught.value.hint


def test_that_settings_are_listed_one_a_line_in_order():
    lines = settings_text(*preset("default"))
    assert len(lines) == len(FIELDS)
    assert lines[0] == "num_components: 8"
    assert [line.split(":")[0] for line in lines] == [field.name for _, field in FIELDS]


def test_that_few_rows_hold_out_the_fraction_set():
    assert held_out_fraction(TrainingConfig(), 2000) == 0.15
    assert held_out_fraction(TrainingConfig(validation_fraction=0.0), 10**7) == 0.0
    assert held_out_fraction(TrainingConfig(), 10**6) == 0.02
