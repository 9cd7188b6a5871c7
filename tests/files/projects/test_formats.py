"""Files of every format, those of earlier programs, those of later ones."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.network import NetworkAverage
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.saving import save_project
from tests.files.projects.archives import (
    MANIFEST,
    RUN,
    assert_refused,
    change_json,
    change_run,
    description,
    members_of,
    pack,
    sum_of,
)
from tests.files.projects.examples import example_project

GOLDEN = Path(__file__).parents[1] / "golden"
EXPECTED: dict[str, dict[str, Any]] = json.loads((GOLDEN / "expected.json").read_text())
MODELS = sorted(EXPECTED)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save_project(path, example_project())
    return path


def golden_copy(name: str, folder: Path) -> Path:
    path = folder / "m.mdn"
    path.write_bytes((GOLDEN / f"{name}.mdn").read_bytes())
    return path


def change_model_file(path: Path, **changes: object) -> None:
    """Change what the manifest of a model file says."""
    members = members_of(path)
    members[MANIFEST] = json.dumps(json.loads(members[MANIFEST]) | changes).encode()
    pack(path, members)


@pytest.mark.parametrize("name", MODELS)
def test_that_a_model_file_of_every_earlier_format_opens_as_a_project_with_one_run(name: str) -> None:
    project, expected = open_project(GOLDEN / f"{name}.mdn"), EXPECTED[name]
    assert (project.table, project.taken, project.runs_made, project.shown) == (None, None, 1, 1)
    model = project.model
    assert model is not None
    assert project.runs[0].model is model
    assert dict(project.runs[0].libraries) == {"mdn-gui": "0.1.0"}
    assert (project.model_config, project.training_config) == (model.model_config, model.training_config)
    assert model.training_config.seed == expected["seed"]
    mixture = model.conditional(expected["x"])
    for parameter in ("weights", "locs", "scales"):
        np.testing.assert_allclose(getattr(mixture, parameter), expected[parameter], rtol=1e-12)
    found = None if model.history is None else [list(model.history.train_nll), model.history.best_nll]
    assert found == expected["history"]
    assert len(model.members()) == expected["restarts"]


@pytest.mark.parametrize("name", MODELS)
def test_that_an_earlier_model_is_saved_again_as_a_project(tmp_path: Path, name: str) -> None:
    path = golden_copy(name, tmp_path)
    save_project(path, open_project(path))
    assert description(path, MANIFEST)["format_version"] == [2, 0]
    np.testing.assert_allclose(
        open_project(path).model.conditional(EXPECTED[name]["x"]).locs, EXPECTED[name]["locs"], rtol=1e-12
    )


def test_that_earlier_files_keep_what_is_special_about_them() -> None:
    models = {name: open_project(GOLDEN / f"{name}.mdn").model for name in MODELS}
    assert isinstance(models["1.1-averaged"].network, NetworkAverage)
    assert isinstance(models["1.3-transformed"].conditional([[0.1]]), TransformedMixture)
    kinds = [each.kind for each in models["1.2-categories-dates"].provenance.encodings]
    assert kinds == [ColumnKind.NUMBER, ColumnKind.CATEGORY, ColumnKind.DAYS]


def test_that_the_project_of_this_format_opens_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "again.mdn"
    project = open_project(GOLDEN / "2.0-project.mdn")
    expected = example_project()
    assert project.table is not None
    assert project.taken is not None
    assert project.table.holds_the_same(expected.table)
    assert project.taken.test_table.holds_the_same(expected.taken.test_table)
    assert project.source == expected.source
    assert project.unknown == expected.unknown
    assert repr((project.cursor, project.pins, project.questions)) == repr(
        (expected.cursor, expected.pins, expected.questions)
    )
    assert [(run.number, run.name, run.notes) for run in project.runs] == [
        (run.number, run.name, run.notes) for run in expected.runs
    ]
    save_project(path, project)
    ours, golden = members_of(path), members_of(GOLDEN / "2.0-project.mdn")
    same = [name for name in golden if not name.endswith((".json", "reference.f64"))]
    assert {name: ours[name] for name in same} == {name: golden[name] for name in same}
    assert set(ours) == set(golden)


def test_that_a_damaged_model_file_of_an_earlier_format_is_refused(tmp_path: Path) -> None:
    path = golden_copy("1.3-averaged-restarts", tmp_path)
    members = members_of(path)
    for name, content in members.items():
        for changed in ({}, {name: b""}, {name: content[:-4]}, {f"{name}x": content}, {name: content, "run.json": b""}):
            pack(path, {other: each for other, each in members.items() if other != name} | changed)
            assert_refused(path)


def test_that_a_newer_format_is_refused_naming_the_version_needed(saved: Path) -> None:
    members = members_of(saved)
    content = json.loads(members[MANIFEST]) | {"format_version": [3, 1], "app_version": "9.1.0", "runs": {}}
    pack(saved, {"Ünknown": b"x", MANIFEST: json.dumps(content).encode()})
    assert_refused(saved, r"its format is 3\.1, this program reads 2\.x", "mdn-gui 9.1.0 or newer")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"format": "spreadsheet"}, "not a project file of this program"),
        ({"format": None}, "format is missing"),
        ({"format_version": [0, 9]}, r"no format 0\.9"),
        ({"format_version": [1, 3]}, r"no format 1\.3"),
        ({"format_version": "2.0"}, "format_version does not hold 2 numbers"),
        ({"format": "mdn-gui model"}, r"no format 2\.0"),
        ({"format": "mdn-gui model", "format_version": [1, 3]}, "provenance is missing"),
    ],
)
def test_that_a_file_that_says_something_else_is_refused(saved: Path, changes: dict[str, object], what: str) -> None:
    change_json(saved, MANIFEST, lambda manifest: manifest.update(changes))
    assert_refused(saved, what)


def test_that_a_model_file_of_a_format_that_never_was_is_refused(tmp_path: Path) -> None:
    path = golden_copy("1.0-plain", tmp_path)
    for version in ([2, 0], [0, 1]):
        change_model_file(path, format_version=version)
        assert_refused(path, "no format")
    change_model_file(path, format_version=[3, 0], app_version="8.0")
    assert_refused(path, r"its format is 3\.0", "mdn-gui 8.0 or newer")


def test_that_entries_of_a_later_minor_format_survive(saved: Path) -> None:
    def extend(manifest: dict[str, Any]) -> None:
        manifest.update(format_version=[2, 7], theme={"dark": True, "deep": [{"a": None}]})
        manifest["questions"]["spread"] = [1, 2.5]
        manifest["model_config"]["colour"] = "blue"

    def extend_run(content: dict[str, Any]) -> None:
        content["thumbnail"] = "caf\udce9"
        content["history"]["note"] = None
        content["training_config"]["dropout"] = 0.5

    change_json(saved, MANIFEST, extend)
    change_run(saved, extend_run)
    first = open_project(saved)
    save_project(saved, first)
    manifest, run = description(saved, MANIFEST), description(saved, RUN)
    assert manifest["format_version"] == [2, 0]
    assert manifest["theme"] == {"dark": True, "deep": [{"a": None}]}
    assert (manifest["questions"]["spread"], manifest["model_config"]["colour"]) == ([1, 2.5], "blue")
    assert (run["thumbnail"], run["training_config"]["dropout"]) == ("caf\udce9", 0.5)
    assert run["history"]["note"] is None
    before = saved.read_bytes()
    save_project(saved, open_project(saved))
    assert saved.read_bytes() == before


def test_that_what_is_known_wins_over_what_was_not(saved: Path) -> None:
    project = example_project(unknown={"shown": 99, "questions": {"mass": 7, "extra": 1}, "cursor": {"x": 1}})
    save_project(saved, project)
    manifest = description(saved, MANIFEST)
    assert (manifest["shown"], manifest["questions"]["mass"], manifest["questions"]["extra"]) == (4, 0.5, 1)
    assert manifest["cursor"]["x"] == 1


def test_that_more_than_a_little_that_is_unknown_is_refused(saved: Path) -> None:
    project = open_project(saved)
    runs = json.dumps({"long": "x" * 600_000})
    for number in (run.number for run in project.runs):
        members = members_of(saved)
        name = f"runs/{number}/run.json"
        members[name] = json.dumps(json.loads(members[name]) | json.loads(runs)).encode()
        manifest = json.loads(members[MANIFEST])
        next(each for each in manifest["runs"] if each["number"] == number)["sha256"] = sum_of(members[name])
        pack(saved, members | {MANIFEST: json.dumps(manifest).encode()})
    assert_refused(saved, "more than 1 MiB of entries")
