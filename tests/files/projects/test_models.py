"""The models of a project: what is saved comes back, what is broken or hostile is refused."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.core.config import preset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from tests.files.models import HISTORY, random_model
from tests.files.projects.archives import (
    RUN,
    assert_refused,
    change,
    change_numbers,
    change_run,
    members_of,
    pack,
    sum_of,
)
from tests.files.projects.examples import example_run

PARAMETERS = ("weights", "locs", "scales")


def save(path: Path, model: FittedModel) -> None:
    save_project(path, Project.of_run(example_run(1, model)))


def load(path: Path) -> FittedModel:
    model = open_project(path).model
    assert model is not None
    return model


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save(path, random_model(components=2, hidden=(3,)))
    return path


@pytest.mark.parametrize(
    "model",
    [
        random_model(),
        random_model(1, names=("größe", "=x\n", "z"), target="caf\udce9", components=1, hidden=(2, 3, 4)),
        random_model(2, activation="elu", ceiling=7.5, components=8),
        random_model(3, history=None),
        random_model(4, history=TrainingHistory((math.nan, math.inf), (), 0, StopReason.DIVERGED, 0.1)),
        random_model(5, history=TrainingHistory((), (), 0, StopReason.INTERRUPTED, math.inf, kept_nll=math.nan)),
    ],
    ids=["plain", "odd names", "ceiling", "no history", "odd history", "nothing kept"],
)
def test_that_a_model_comes_back_with_the_same_bits(tmp_path: Path, model: FittedModel) -> None:
    save(tmp_path / "m.mdn", model)
    again = load(tmp_path / "m.mdn")
    x = np.random.default_rng(0).normal(size=(50, model.num_inputs)) * 10
    first, second = model.conditional(x), again.conditional(x)
    for name in PARAMETERS:
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
    assert (again.model_config, again.training_config) == (model.model_config, model.training_config)
    assert repr(again.history) == repr(model.history)
    for name in ("input_names", "target_name", "source", "num_rows"):
        assert getattr(again.provenance, name) == getattr(model.provenance, name)
    assert again.provenance.input_ranges.tobytes() == model.provenance.input_ranges.tobytes()
    assert not again.network.members[0].kernels[0].flags.writeable


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**31 - 1), components=st.integers(1, 6), inputs=st.integers(1, 4))
def test_that_any_network_comes_back_with_the_same_bits(
    tmp_path_factory: pytest.TempPathFactory, seed: int, components: int, inputs: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mdn"
    model = random_model(seed, names=tuple("abcd"[:inputs]), components=components)
    save(path, model)
    pairs = zip(model.network.members[0].kernels, load(path).network.members[0].kernels, strict=True)
    assert all(first.tobytes() == second.tobytes() for first, second in pairs)


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("model_config",), None, "model_config is missing or not an object"),
        (("model_config", "num_components"), 0, "model_config: Components"),
        (("model_config", "num_components"), 3, r"weights\.f32 has .* bytes where"),
        (("model_config", "num_components"), "2", "model_config: Components"),
        (("model_config", "hidden_layers"), 3, "model_config: Layers"),
        (("model_config", "hidden_layers"), [4], r"weights\.f32 has .* bytes where"),
        (("model_config", "activation"), {"a": 1}, "model_config: Activation"),
        (("model_config", "standardize"), 5, "model_config: Standardise"),
        (("training_config", "seed"), None, "training_config: Seed"),
        (("training_config", "epochs"), 10**30, "training_config: Epochs"),
        (("provenance", "input_names"), [], "input_names is not a list"),
        (("provenance", "input_names"), [1], "input_names does not hold"),
        (("provenance", "input_names"), ["x", "x"], "input_names is not a list|does not hold different|input_ranges"),
        (("provenance", "input_ranges"), [[1, 2]], "input_ranges does not hold 1 x 3 numbers"),
        (("provenance", "num_rows"), -1, "num_rows is not a whole number"),
        (("provenance", "source"), 7, "source is missing or not a text"),
        (("provenance", "encodings"), 7, "encodings is not a list"),
        (("provenance", "encodings"), [{"column": "x", "kind": "text"}], "kind is not one of"),
        (("provenance", "encodings"), [{"column": "z", "kind": "number", "origin": ""}], "does not give the inputs"),
        (
            ("provenance", "encodings"),
            [{"column": "x", "kind": "date, in days", "origin": "2020-01-01T00:00:00+01:00"}],
            "an origin that is no date",
        ),
        (("x_scaler", "sd"), [0], "sd holds a number that is not positive"),
        (("x_scaler", "mean"), [True], "mean does not hold 1 numbers"),
        (("y_scaler",), [], "y_scaler is missing or not an object"),
        (("y_scaler", "mean"), [99.0], "does not give the parameters that were saved"),
        (("y_scaler", "sd"), [1e308], "cannot be evaluated|does not give"),
        (("network", "activation"), "os.system", "activation is not one of"),
        (("network", "activation"), "relu", "does not give the parameters that were saved"),
        (("network", "scale_floor"), -1, "scale_floor is not a number of at least 0"),
        (("network", "scale_ceiling"), 0.0, "does not give the parameters|cannot be evaluated"),
        (("history", "epochs"), 2, r"history\.f64 has"),
        (("history", "best_epoch"), 9, "best_epoch is not a whole number from 0 to 3"),
        (("history", "validated"), "yes", "validated is not true or false"),
        (("history", "stop_reason"), "bored", "stop_reason is not one of"),
        (("history", "seconds"), "NaN", "seconds is not a number"),
        (("history",), None, r"it holds history\.f64"),
        (("sha256",), {}, "checksum of"),
        (("sha256", "weights.f32"), "0" * 64, r"checksum of weights\.f32 is wrong"),
        (("is_starred",), 1, "is_starred is not true or false"),
        (("name",), None, "name is missing or not a text"),
        (("notes",), ["a"], "notes is missing or not a text"),
        (("ended",), 5, "ended is missing or not a text"),
        (("continues",), -1, "continues is not a whole number"),
        (("sweep",), 10**30, "sweep is not a whole number"),
        (("libraries",), {"numpy": 2}, r"libraries\.numpy is missing or not a text"),
    ],
)
def test_that_a_run_is_believed_only_where_it_is_right(
    saved: Path, path: tuple[str, ...], value: object, what: str
) -> None:
    def edit(content: dict[str, Any]) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    change_run(saved, edit)
    assert_refused(saved, f"run 1: .*{what}")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b'"seconds":1.25', b'"seconds":NaN', "not finite"),
        (b'"seconds":1.25', b'"seconds":1e999', "not finite"),
        (b'"seconds":1.25', b'"seconds":' + b"9" * 5000, "too long"),
        (b'"seconds":1.25', b'"seconds":1,"seconds":2', "holds a name twice"),
        (b'"seconds":1.25', b'"seconds":1,"deep":' + b"[" * 40 + b"]" * 40, "more than 32 deep"),
        (b'"seconds":1.25', b'"seconds":1,"deep":' + b"[" * 200_000 + b"]" * 200_000, "more than 32 deep"),
        (b'"seconds":1.25', b'"seconds":', "is not JSON"),
        (b'"seconds":1.25', b'"seconds":"\xff"', "is not JSON"),
        (b'"seconds":1.25', b'"seconds":1,"long":"' + b"x" * 1024**2 + b'"', "run.json is larger"),
    ],
)
def test_that_json_with_traps_is_refused(saved: Path, old: bytes, new: bytes, what: str) -> None:
    members = members_of(saved)
    assert old in members[RUN]
    content = members[RUN].replace(old, new)
    manifest = json.loads(members["manifest.json"])
    manifest["runs"][0]["sha256"] = sum_of(content)
    pack(saved, {**members, RUN: content, "manifest.json": json.dumps(manifest).encode()})
    assert_refused(saved, what)


def test_that_settings_an_older_program_did_not_know_take_their_defaults(saved: Path) -> None:
    change_run(saved, lambda content: content["training_config"].pop("clip_norm"))
    assert load(saved).training_config.clip_norm == preset("default")[1].clip_norm


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_that_weights_that_are_not_finite_are_refused(saved: Path, value: float) -> None:
    change_numbers(saved, "runs/1/weights.f32", lambda numbers: numbers.put(0, value))
    assert_refused(saved, "run 1: a weight is not a finite number")


@pytest.mark.parametrize("member", ["weights.f32", "reference.f64"])
def test_that_numbers_that_do_not_belong_together_are_noticed(saved: Path, member: str) -> None:
    change_numbers(saved, f"runs/1/{member}", lambda numbers: numbers.put(4, numbers[4] + 0.5))
    assert_refused(saved, "does not give the parameters that were saved")


@pytest.mark.parametrize("member", ["weights.f32", "history.f64", "reference.f64"])
@pytest.mark.parametrize("length", [-8, -1, 8])
def test_that_members_of_another_length_are_refused(saved: Path, member: str, length: int) -> None:
    change(saved, f"runs/1/{member}", lambda content: content[:length] if length < 0 else content + bytes(length))
    assert_refused(saved, rf"run 1: {member} has .* bytes where")


def test_that_what_was_kept_is_told_again(tmp_path: Path) -> None:
    history = replace(HISTORY, rollbacks=3, kept_nll=-1.25, distilled=True, stop_reason=StopReason.DIVERGED)
    save(tmp_path / "m.mdn", random_model(history=history))
    assert load(tmp_path / "m.mdn").history == history


@pytest.mark.parametrize(
    "model",
    [
        random_model(names=tuple(f"{'x' * 500}{i}" for i in range(3000)), components=1, hidden=(1,)),
        random_model(names=("x", "x")),
    ],
    ids=["long names", "a name twice"],
)
def test_that_a_model_that_would_not_open_again_is_not_saved(tmp_path: Path, model: FittedModel) -> None:
    with pytest.raises(ProjectFileError, match=r"m\.mdn was not saved: run 1: ") as caught:
        save(tmp_path / "m.mdn", model)
    assert caught.value.hint
    assert list(tmp_path.iterdir()) == []
