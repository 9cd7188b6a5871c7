"""The command that makes a run again: quoted, complete."""

import shlex
from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig, preset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.selection import ALL_ROWS_TRAIN, HoldOut
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.files.report.reproduce import fit_command, not_in_command
from tests.files.kinds_of_models import HOSTILE
from tests.files.models import random_model
from tests.files.report.documents import made_project, mixed_table


def words(project: Project, model: FittedModel) -> list[str]:
    return shlex.split(fit_command(project.source, project.taken, model).replace("\\\n", ""))


def test_that_every_option_that_differs_is_named() -> None:
    model_config = ModelConfig(hidden_layers=(8, 4), standardize=False, num_components=5, activation="relu")
    training_config = TrainingConfig(seed=3, noise=0.25, batch_size=64)
    project = replace(made_project(), source=DataSource("/a b/c.csv", ReadOptions(delimiter=";", has_header=False)))
    model = replace(project.runs[0].model, model_config=model_config, training_config=training_config)
    assert words(project, model) == [
        *("mdn", "fit", "c.csv", "--x", "age,colour,day", "--y", "price"),
        *("--exclude", "1,6", "--test-fraction", "0.2"),
        *("--components", "5", "--hidden-layers", "8,4", "--activation", "relu", "--no-standardize"),
        *("--seed", "3", "--batch-size", "64", "--noise", "0.25"),
        *("--delimiter", ";", "--no-has-header", "-o", "again.mdn"),
    ]


def test_that_the_default_settings_need_no_option() -> None:
    project = replace(made_project(), taken=Taken(("age", "colour", "day"), "price"))
    model = replace(project.runs[0].model, model_config=ModelConfig(), training_config=TrainingConfig())
    assert words(project, model)[7:] == ["-o", "again.mdn"]


def test_that_the_published_recipe_is_written_out() -> None:
    model_config, training_config = preset("tfp-example")
    model = replace(made_project().runs[0].model, model_config=model_config, training_config=training_config)
    found = words(made_project(), model)
    for option in ("--no-standardize", "--validation-fraction", "--schedule"):
        assert option in found


def test_that_hostile_names_stay_one_word() -> None:
    for text in HOSTILE:
        project = made_project(mixed_table(names=(text, "b", "c", text + "y")))
        found = words(project, replace(project.runs[0].model, model_config=ModelConfig()))
        assert found[:3] == ["mdn", "fit", "table 1.csv"]
        assert found[-2:] == ["-o", "again.mdn"]
        assert text + "y" in found


def test_that_a_name_that_looks_like_an_option_stays_a_value() -> None:
    model = random_model(names=("-x",), target="-y")
    found = words(replace(made_project(), taken=None), model)
    assert found[3:5] == ["--x=-x", "--y=-y"]


def taken(*excluded: int, hold_out: HoldOut = ALL_ROWS_TRAIN, test: Table | None = None) -> Taken:
    return Taken(("age",), "price", np.array(excluded, dtype=np.int64), hold_out, test)


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        (taken(0, 1, 2, 7, 9, 10), ["--exclude", "1-3,8,10-11"]),
        (taken(hold_out=HoldOut(0.25, 3)), ["--test-fraction", "0.25", "--test-seed", "3"]),
        (taken(hold_out=HoldOut(column="part", level="-a b")), ["--test-column", "part", "--test-level=-a b"]),
        (taken(test=mixed_table()), ["--test-file", "t est.csv"]),
    ],
)
def test_that_what_is_taken_from_the_rows_is_named(asked: Taken, options: list[str]) -> None:
    source = DataSource("/a.csv", test_path="/t est.csv")
    project = replace(made_project(), source=source, taken=asked)
    model = replace(project.runs[0].model, model_config=ModelConfig())
    assert words(project, model)[7:-2] == options
    assert not_in_command(source, asked) == ""


def test_that_what_the_command_leaves_out_is_told() -> None:
    many, model = taken(*range(0, 4_000, 2)), made_project().runs[0].model
    assert "2,000 rows excluded by hand" in not_in_command(DataSource("/a.csv"), many)
    assert "--exclude" not in fit_command(DataSource("/a.csv"), many, model)
    assert "came from no file" in not_in_command(DataSource(), None)


def test_that_a_file_named_like_an_option_is_an_argument() -> None:
    command = fit_command(DataSource("/a/-x.csv"), None, made_project().runs[0].model)
    assert shlex.split(command.replace("\\\n", ""))[2] == "./-x.csv"
