"""Models whose target is transformed, in files and as tables."""

import dataclasses
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdn_gui.core.config import TargetTransform
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.scaling import Standardizer
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.errors import ProjectFileError
from mdn_gui.files.export import parameter_table
from mdn_gui.files.tables import write_table
from tests.files.models import random_model
from tests.files.projects.archives import change_run, description
from tests.files.projects.test_models import load, save

BOTH = pytest.mark.parametrize("name", ["log", "logit"])
GRID = GridSpec(-1.0, 2.0, 7)


def transformed_model(name: TargetTransform, sd: float = 0.4) -> FittedModel:
    model = random_model()
    config = dataclasses.replace(model.model_config, target_transform=name)
    return dataclasses.replace(model, model_config=config, y_scaler=Standardizer([-0.3], [sd]))


@BOTH
def test_that_a_model_comes_back_with_its_transform(tmp_path: Path, name: TargetTransform) -> None:
    model, path = transformed_model(name), tmp_path / "m.mdn"
    save(path, model)
    loaded, x = load(path), GRID.values()[:, None]
    assert loaded.model_config.target_transform == name
    assert isinstance(loaded.conditional(x), TransformedMixture)
    np.testing.assert_array_equal(loaded.conditional(x).locs, model.conditional(x).locs)
    np.testing.assert_array_equal(loaded.conditional(x).crps(0.4), model.conditional(x).crps(0.4))


def test_that_a_model_with_infinite_moments_can_be_saved(tmp_path: Path) -> None:
    model, path = transformed_model("log", sd=40.0), tmp_path / "m.mdn"
    assert np.isinf(model.conditional(GRID.values()[:, None]).scales).any()
    save(path, model)
    np.testing.assert_array_equal(load(path).conditional([[0.2]]).mean(), model.conditional([[0.2]]).mean())


def test_that_a_file_without_the_setting_opens_as_untransformed(tmp_path: Path) -> None:
    path = tmp_path / "m.mdn"
    save(path, random_model())

    def as_before(manifest: dict[str, Any]) -> None:
        del manifest["model_config"]["target_transform"]

    change_run(path, as_before)
    assert load(path).model_config.target_transform == "none"
    np.testing.assert_array_equal(load(path).conditional([[0.2]]).locs, random_model().conditional([[0.2]]).locs)


@BOTH
def test_that_a_file_that_lost_its_transform_is_refused(tmp_path: Path, name: TargetTransform) -> None:
    path = tmp_path / "m.mdn"
    save(path, transformed_model(name))
    assert description(path)["model_config"]["target_transform"] == name
    change_run(path, lambda manifest: manifest["model_config"].update(target_transform="none"))
    with pytest.raises(ProjectFileError, match="does not give the parameters that were saved"):
        load(path)


def test_that_an_unknown_transform_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.mdn"
    save(path, random_model())
    change_run(path, lambda manifest: manifest["model_config"].update(target_transform="sqrt"))
    with pytest.raises(ProjectFileError, match="Transform y: 'sqrt' is not a choice"):
        load(path)


@BOTH
def test_that_a_table_holds_the_moments_of_the_target_and_says_so(name: TargetTransform) -> None:
    model = transformed_model(name)
    table, stream = parameter_table(model, GRID), io.StringIO()
    write_table(stream, table)
    lines = stream.getvalue().splitlines()
    comments = [line for line in lines if line.startswith("# ")]
    assert f"# target_transform: {name}" in comments
    assert any(f"{name}-normal" in line and "those of the target itself" in line for line in comments)
    assert f"# smallest sd of {name}(target): {model.smallest_scale!r}" in comments
    names = lines[len(comments)].split(",")
    found = np.loadtxt(lines[len(comments) + 1 :], delimiter=",")
    np.testing.assert_array_equal(found, np.column_stack(table.columns))
    mixture = model.conditional(found[:, :1])
    for column, expected in {"mean_1": mixture.locs[:, 0], "sd_2": mixture.scales[:, 1]}.items():
        np.testing.assert_array_equal(found[:, names.index(column)], expected)
    np.testing.assert_array_equal(found[:, names.index("mixture_mean")], mixture.mean())
    np.testing.assert_array_equal(found[:, names.index("variance_3")], mixture.variances[:, 2])
