"""The settings as options, made from their declarations."""

import argparse
from collections.abc import Callable, Collection
from dataclasses import Field, fields, replace
from typing import Any, TypeVar, get_args

from mdn_gui.core.config import ModelConfig, PresetName, TrainingConfig, preset, range_text, setting_of
from mdn_gui.errors import ConfigError

_AUTOMATIC = "automatic"
Config = TypeVar("Config", ModelConfig, TrainingConfig)


def add_settings(parser: argparse.ArgumentParser, without: Collection[str] = ()) -> None:
    """Add an option for each setting, but for those that ``without`` names."""
    parser.add_argument("--preset", choices=get_args(PresetName), help="the settings to begin with")
    for title, kind in (("model", ModelConfig), ("training", TrainingConfig)):
        group = parser.add_argument_group(f"{title} settings, in place of those to begin with")
        for field in fields(kind):
            if field.name not in without:
                _add_setting(group, field)


def settings_asked(
    options: argparse.Namespace, base: tuple[ModelConfig, TrainingConfig]
) -> tuple[ModelConfig, TrainingConfig]:
    """Return the settings to train with: those of the preset, else ``base``, changed by the options.

    Raises
    ------
    ConfigError
        When one is outside its range.
    """
    model, training = base if options.preset is None else preset(options.preset)
    return changed(model, options), changed(training, options)


def changed(config: Config, options: argparse.Namespace) -> Config:
    """Return settings with the options that were given in their place.

    Raises
    ------
    ConfigError
        When one is outside its range.
    """
    given = vars(options)
    return replace(config, **{field.name: given[field.name] for field in fields(config) if field.name in given})


def option_of(name: str) -> str:
    """Return the option of a setting's field."""
    return f"--{name.removeprefix('num_').replace('_', '-')}"


def _add_setting(group: "argparse._ArgumentGroup", field: "Field[Any]") -> None:
    setting, option = setting_of(field), option_of(field.name)
    shown = setting.help.replace("%", "%%")
    if isinstance(field.default, bool):
        switch = argparse.BooleanOptionalAction
        group.add_argument(option, dest=field.name, action=switch, default=argparse.SUPPRESS, help=shown)
        return
    group.add_argument(
        option,
        dest=field.name,
        type=_reader(field),
        metavar="|".join(setting.choices) or setting.label.split(",")[0].replace(" ", "_").upper(),
        default=argparse.SUPPRESS,
        help=f"{shown} {'' if setting.choices else range_text(field)}".strip(),
    )


def _reader(field: "Field[Any]") -> Callable[[str], object]:
    """Return what turns the text of an option into the value of a setting; ranges are the setting's own business."""
    setting, declared = setting_of(field), str(field.type)
    number, is_list = (int if "int" in declared else float), "tuple" in declared

    def read(text: str) -> object:
        if setting.choices:
            return text
        if "None" in declared and text == _AUTOMATIC:
            return None
        try:
            return tuple(number(part) for part in text.split(",")) if is_list else number(text)
        except ValueError:
            wanted = "a number" if number is float else "whole numbers" if is_list else "a whole number"
            raise ConfigError(f"{setting.label}: {text!r} is not {wanted}.", setting.help) from None

    return read
