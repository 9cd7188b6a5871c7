"""The manifest and the rows of a project are believed only where they are right."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects import contents
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from tests.files.models import random_model
from tests.files.projects.archives import MANIFEST, TABLE, assert_refused, change, change_json, change_numbers
from tests.files.projects.examples import example_project, example_run, example_table

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save_project(path, example_project())
    return path


def setting(path: tuple[Any, ...], value: object) -> Edit:
    def edit(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = value

    return edit


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("source",), None, "source is missing or not an object"),
        (("source", "path"), 3, "path is missing or not a text"),
        (("source", "options"), [], "options is missing or not an object"),
        (("source", "options", "has_header"), "yes", "has_header is not true or false"),
        (("source", "options", "decimal"), 1, "decimal is missing or not a text"),
        (("source", "options", "columns"), "x", "columns is not a list"),
        (("source", "options", "kinds"), {"x": "complex"}, "x is not one of"),
        (("source", "options", "sample"), -5, "sample is not a whole number"),
        (("source", "options", "seed"), 0.5, "seed is not a whole number"),
        (("taken",), 5, "taken is missing or not an object"),
        (("taken",), None, "members that do not belong"),
        (("taken", "inputs"), ["x", "gone"], "no column 'gone'"),
        (("taken", "target"), "gone", "no column 'gone'"),
        (("taken", "hold_out", "fraction"), 0.95, "The test set is a fraction of 0.95"),
        (("taken", "hold_out", "fraction"), "half", "fraction is not a number"),
        (("model_config", "num_components"), 65, "model_config: Components"),
        (("training_config", "seed"), -1, "training_config: Seed"),
        (("cursor", "axis"), -1, "axis is not a whole number"),
        (("cursor", "values"), ["one"], "values is not a number"),
        (("cursor", "values"), 1.0, "values is not a list"),
        (("pins",), {}, "pins is not a list"),
        (("pins", 0), 1, "pins is missing or not an object"),
        (("pins", 0, "name"), None, "name is missing or not a text"),
        (("questions", "mass"), 1.5, "A probability is not between 0 and 1"),
        (("questions", "levels"), ["nan"], "A probability is not between 0 and 1"),
        (("questions", "low"), "inf", "lower end of the interval"),
        (("questions", "high"), None, "high is not a number"),
        (("runs",), {}, "runs is not a list"),
        (("runs", 0, "number"), 0, "number is not a whole number"),
        (("runs", 0, "number"), 4, "run 4: the checksum of run.json is wrong"),
        (("runs", 0, "number"), 2, "run 2: run.json is missing"),
        (("runs", 0, "sha256"), "0" * 64, "run 1: the checksum of run.json is wrong"),
        (("runs", 0, "sha256"), 7, "sha256 is missing or not a text"),
        (("runs_made",), 3, "different numbers up to runs_made"),
        (("shown",), 2, "the run that it shows is not there"),
        (("sha256",), {}, "the checksum of rows/table.json is wrong"),
        (("sha256", "excluded.i64"), "0" * 64, r"the checksum of excluded\.i64 is wrong"),
        (("sha256", "rows/table.json"), "0" * 64, r"the checksum of rows/table\.json is wrong"),
    ],
)
def test_that_a_manifest_is_believed_only_where_it_is_right(
    saved: Path, path: tuple[Any, ...], value: object, what: str
) -> None:
    change_json(saved, MANIFEST, setting(path, value))
    assert_refused(saved, what)


def test_that_a_run_listed_twice_is_refused(saved: Path) -> None:
    change_json(saved, MANIFEST, lambda manifest: manifest["runs"].append(manifest["runs"][0]))
    assert_refused(saved, "run 1: run.json is missing")


def test_that_a_run_that_is_not_listed_is_refused(saved: Path) -> None:
    change_json(saved, MANIFEST, lambda manifest: manifest["runs"].pop(0))
    assert_refused(saved, "members that do not belong")


@pytest.mark.parametrize(
    ("path", "value", "what"),
    [
        (("title",), 1, "title is missing or not a text"),
        (("notes",), [1], "notes is not a list of texts"),
        (("inputs",), ["x", "x"], "inputs does not hold different texts"),
        (("num_rows",), 21, r"values\.f64 has .* bytes where"),
        (("num_rows",), 0, r"values\.f64 has .* bytes where"),
        (("num_rows",), 10**15, r"values\.f64 has .* bytes where"),
        (("num_rows",), 1e1, "num_rows is not a whole number"),
        (("columns",), [], "its table has no column"),
        (("columns",), None, "columns is not a list"),
        (("columns", 0, "name"), "y", "the columns do not form a table"),
        (("columns", 0, "kind"), "complex", "kind is not one of"),
        (
            ("columns", 0, "oddities"),
            3,
            "fewer texts|belong to no column|a row that the table does not have|UTF-8|given twice",
        ),
        (("columns", 0, "oddities"), 1, "belong to no column|has a text that is not there|a row that"),
        (("columns", 0, "oddities"), 10_001, "oddities is not a whole number"),
        (("columns", 0, "kind"), "text", "a cell has a text that is not there"),
        (("columns", 2, "origin"), "yesterday", "an origin that is no date"),
        (("columns", 2, "origin"), "2020-02-29T00:00:00+01:00", "an origin that is no date"),
        (("columns", 5, "levels"), 5, "a cell has a text that is not there"),
        (("columns", 5, "levels"), 51, "levels is not a whole number"),
        (("columns", 6, "levels"), 21, "levels is not a whole number"),
        (("columns", 7, "levels"), 1, "fewer texts than its columns need"),
        (("left_out", 0, "rows"), 1, "belong to no column"),
        (("left_out", 0, "rows"), 99, "fewer numbers of rows than are needed"),
        (("left_out", 0, "reason"), None, "reason is missing or not a text"),
        (("sha256", "texts.utf8"), "0" * 64, r"checksum of texts\.utf8 is wrong"),
    ],
)
def test_that_a_table_is_believed_only_where_it_is_right(
    saved: Path, path: tuple[Any, ...], value: object, what: str
) -> None:
    change_json(saved, TABLE, setting(path, value))
    assert_refused(saved, what)


@pytest.mark.parametrize("value", [6.0, -1.0, 0.5, np.inf, 1e300])
def test_that_a_cell_without_its_text_is_refused(saved: Path, value: float) -> None:
    change_numbers(saved, "rows/values.f64", lambda numbers: numbers.put(5 * 20 + 3, value))
    assert_refused(saved, "a cell has a text that is not there")


@pytest.mark.parametrize("name", ["rows/places.i64", "excluded.i64"])
@pytest.mark.parametrize("row", [-1, 21, 2**62])
def test_that_rows_that_are_not_there_are_refused(saved: Path, name: str, row: int) -> None:
    change(saved, name, lambda content: np.int64(row).tobytes() + content[8:])
    assert_refused(saved, "a row that the table does not have")


@pytest.mark.parametrize(
    ("name", "new", "what"),
    [
        ("rows/texts.utf8", lambda content: b"\xff" * len(content), "one of its texts is not UTF-8"),
        ("rows/texts.utf8", lambda content: content[:-1], "do not have the lengths"),
        ("rows/lengths.u32", lambda content: b"\xff" * len(content), "do not have the lengths"),
        ("rows/lengths.u32", lambda content: content + bytes(4), "belong to no column"),
        ("rows/lengths.u32", lambda content: content[:-1], r"lengths\.u32 has .* bytes where"),
        ("rows/places.i64", lambda content: content + bytes(8), "belong to no column"),
        ("rows/places.i64", lambda content: content[:-1], r"places\.i64 has .* bytes where"),
        ("excluded.i64", lambda content: content[:-1], r"excluded\.i64 has .* bytes where"),
        ("rows/empty.bits", lambda content: content[:-1], r"empty\.bits has .* bytes where"),
        ("rows/values.f64", lambda content: content + bytes(8), r"values\.f64 has .* bytes where"),
    ],
)
def test_that_members_that_do_not_fit_are_refused(
    saved: Path, name: str, new: Callable[[bytes], bytes], what: str
) -> None:
    change(saved, name, new)
    assert_refused(saved, what)


def test_that_more_rows_than_fit_are_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "MOST_ROW_BYTES", 1000)
    with pytest.raises(ProjectFileError, match="its rows take more than 1 GiB") as caught:
        save_project(tmp_path / "p.mdn", example_project())
    assert "without the rows" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_that_more_runs_than_fit_are_not_saved(tmp_path: Path) -> None:
    model = random_model(components=1, hidden=(1,), history=None)
    many = tuple(example_run(number, model) for number in range(1, 1002))
    with pytest.raises(ProjectFileError, match=r"it has 1,001 runs") as caught:
        save_project(tmp_path / "p.mdn", Project(runs=many, runs_made=1001))
    assert "Delete runs" in caught.value.hint


@pytest.mark.parametrize(
    "project",
    [
        example_project(shown=2),
        example_project(runs_made=3),
        example_project(runs=(example_run(1), example_run(1)), shown=1),
        example_project(table=example_table(7)),
        example_project(unknown={"own": {1, 2}}),
        example_project(unknown={"own": float("nan")}),
    ],
    ids=["shown is gone", "numbers too great", "a number twice", "rows that are gone", "a set", "NaN"],
)
def test_that_a_project_that_would_not_open_again_is_not_saved(saved: Path, project: Project) -> None:
    before = saved.read_bytes()
    with pytest.raises(ProjectFileError, match="was not saved") as caught:
        save_project(saved, project)
    assert caught.value.hint
    assert {path.name: path.read_bytes() for path in saved.parent.iterdir()} == {"m.mdn": before}


def test_that_a_model_of_other_columns_than_the_table_is_no_fault(saved: Path) -> None:
    project = open_project(saved)
    assert project.model.provenance.input_names == ("x",)
    assert project.taken.inputs == ("x", "=colour")
