"""A project goes from the commands to the window, back, to the window again; all of it in real processes."""

import csv
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mdn_gui.core.resources import resource
from tests.end_to_end.conftest import told_story
from tests.end_to_end.exchange import AXIS, NAME, PINNED_AT, PROJECT, READ_AT
from tests.end_to_end.home import home_in, runs_kept

INPUTS = "cement,slag,ash,water,superplasticizer,coarse,fine,age"
PARAMETERS = ("weight", "mean", "variance")
COMPONENTS = range(1, 9)
Run = Callable[..., str]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where one person keeps the table, the project."""
    folder = tmp_path_factory.mktemp("exchange")
    shutil.copy(resource("samples", "concrete.csv"), folder)
    return folder


@pytest.fixture(scope="session")
def run(folder: Path, on_display: dict[str, str]) -> Run:
    """Run Python with arguments in that folder; return what it writes on standard output."""

    def run(*arguments: str) -> str:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env=on_display | home_in(folder),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


@pytest.fixture(scope="session")
def mdn(run: Run) -> Run:
    """Run a headless command."""
    return lambda *arguments: run("-m", "mdn_gui.cli.main", *arguments)


@pytest.fixture(scope="session")
def first(folder: Path, mdn: Run, on_display: dict[str, str]) -> dict[str, Any]:
    """What was noted at the window when the project of a command was open there for the first time."""
    columns, quick = ("--x", INPUTS, "--y", "strength"), ("--epochs", "40", "--restarts", "1")
    mdn("fit", "concrete.csv", *columns, *quick, "-o", PROJECT)
    told_story("exchange", folder, on_display, "first")
    return noted(folder, "first")


@pytest.fixture(scope="session")
def between(first: dict[str, Any], folder: Path, mdn: Run) -> dict[str, Any]:
    """What a command tells of the project that the window has saved, before another one changes it."""
    told = json.loads(mdn("info", PROJECT, "--json"))
    mdn("fit", PROJECT, "--continue", "--epochs", "10", "-o", PROJECT)
    return dict(told)


@pytest.fixture(scope="session")
def second(between: dict[str, Any], folder: Path, on_display: dict[str, str]) -> dict[str, Any]:
    """What was noted at the window when it was open again, before the window was killed."""
    told_story("exchange", folder, on_display, "second", ends_with=-signal.SIGKILL)
    return noted(folder, "second")


@pytest.fixture(scope="session")
def third(second: dict[str, Any], folder: Path, on_display: dict[str, str]) -> dict[str, Any]:
    """What was noted at the next start."""
    told_story("exchange", folder, on_display, "third")
    return noted(folder, "third")


def noted(folder: Path, chapter: str) -> dict[str, Any]:
    return dict(json.loads((folder / f"{chapter}.json").read_text(encoding="utf-8")))


def copied_place(text: str) -> dict[str, float]:
    """Return where a copied read-out was read, by input."""
    lines = [line.split("\t") for line in text.splitlines()]
    return {name: float(value) for name, value in lines[: len(INPUTS.split(","))]}


def copied_parameters(text: str) -> np.ndarray:
    """Return weight, mean, variance of each component of a copied read-out, [K, 3]."""
    rows = [line.split("\t") for line in text.splitlines()]
    return np.array([[float(cell) for cell in row[1:4]] for row in rows if row[0].isdigit()])


def parameters(text: str) -> np.ndarray:
    """Return weight, mean, variance of each component in a table of comma-separated values, [N, K, 3]."""
    rows = list(csv.DictReader(text.splitlines()))
    return np.array([[[float(row[f"{name}_{k}"]) for name in PARAMETERS] for k in COMPONENTS] for row in rows])


def read_by_command(mdn: Run, copied: str, number: int) -> np.ndarray:
    """Return what a run says at the place of a copied read-out, [K, 3]."""
    place = copied_place(copied)
    held = [part for name, value in place.items() if name != AXIS for part in ("--hold", f"{name}={value!r}")]
    at = f"{place[AXIS]!r}:{place[AXIS]!r}:1"
    return parameters(mdn("params", PROJECT, "--run", str(number), "--x", AXIS, "--at", at, *held))[0]


# -- from a command to the window -------------------------------------------------------------------------------------


def test_that_the_command_line_opens_the_project_of_a_command(first: dict[str, Any]) -> None:
    assert first["title"].startswith(f"{PROJECT} – run 1")


def test_that_the_cursor_reads_before_tensorflow_is_loaded(first: dict[str, Any]) -> None:
    assert first["TensorFlow is there"] is False
    assert copied_place(first["copied"])[AXIS] == pytest.approx(READ_AT, abs=5.0)


def test_that_the_cursor_reads_the_numbers_that_a_command_writes(first: dict[str, Any], mdn: Run) -> None:
    np.testing.assert_array_equal(copied_parameters(first["copied"]), read_by_command(mdn, first["copied"], 1))


# -- from the window to the commands ----------------------------------------------------------------------------------


def test_that_a_command_tells_what_was_made_in_the_window(between: dict[str, Any]) -> None:
    command, window = between["runs"]
    assert (command["name"], command["is_starred"], window["name"], window["is_starred"]) == ("", False, NAME, True)
    assert (between["shown"], between["rows"], between["target"]) == (2, 1030, "strength")
    (pin,) = between["pins"]
    assert dict(zip(INPUTS.split(","), pin["values"], strict=True))[AXIS] == PINNED_AT


def test_that_the_window_trains_what_the_command_has_trained(
    first: dict[str, Any], between: dict[str, Any], mdn: Run
) -> None:
    by_command, by_window = (read_by_command(mdn, first["copied"], number) for number in (1, 2))
    np.testing.assert_array_equal(by_command, copied_parameters(first["copied"]))
    np.testing.assert_allclose(by_window, by_command, rtol=1e-6)


def test_that_a_command_continues_the_run_of_the_window(
    first: dict[str, Any], between: dict[str, Any], mdn: Run
) -> None:
    continued = json.loads(mdn("info", PROJECT, "--json"))["runs"][2]
    assert (continued["number"], continued["continues"], continued["epochs"]) == (3, 2, 50)
    assert not np.allclose(
        read_by_command(mdn, first["copied"], 3), read_by_command(mdn, first["copied"], 2), rtol=1e-3
    )


def test_that_a_command_scores_the_run_of_the_window_as_the_window_does(between: dict[str, Any], mdn: Run) -> None:
    score = json.loads(mdn("score", PROJECT, "--run", "2", "--validation", "--json"))
    assert score["nll"] == pytest.approx(between["runs"][1]["nll"], abs=1e-5)


def test_that_the_numpy_script_alone_says_what_a_command_predicts(between: dict[str, Any], run: Run, mdn: Run) -> None:
    mdn("script", PROJECT, "--run", "2", "-o", "alone.py")
    alone = parameters(run("-I", "alone.py", "--table", "concrete.csv"))
    predicted = parameters(mdn("predict", PROJECT, "concrete.csv", "--run", "2"))
    assert predicted.shape == (1030, 8, 3)
    np.testing.assert_allclose(alone, predicted, rtol=1e-6, atol=1e-6)


def test_that_the_report_of_a_command_needs_nothing_from_elsewhere(
    between: dict[str, Any], folder: Path, mdn: Run
) -> None:
    mdn("report", PROJECT, "--run", "2", "-o", "report.html")
    page = _Page()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    page.close()
    assert page.open_tags == []
    assert page.outside == []
    assert "svg" in page.tags
    assert NAME in page.text


class _Page(HTMLParser):
    """Notes the tags of a page, those left open, what it would fetch from elsewhere."""

    EMPTY = frozenset({"meta", "br", "hr", "img", "link", "input", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open_tags: list[str] = []
        self.outside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in self.EMPTY:
            self.open_tags.append(tag)
        fetched = [value or "" for name, value in attrs if name in {"src", "srcset", "href", "xlink:href", "data"}]
        styled = [value or "" for name, value in attrs if name == "style" and "url(" in (value or "")]
        self.outside += [value for value in (*fetched, *styled) if not value.startswith(("#", "data:"))]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.open_tags.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open_tags and self.open_tags.pop() != tag:
            self.outside.append(f"</{tag}> closes another tag")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open_tags[-1:] == ["style"] and ("url(" in data or "@import" in data):
            self.outside.append(data)


# -- to the window again ----------------------------------------------------------------------------------------------


def test_that_the_window_opens_the_project_that_a_command_has_continued(second: dict[str, Any]) -> None:
    assert second["title"].startswith(f"{PROJECT} – run 3")
    assert [(run["number"], run["continues"]) for run in second["runs"]] == [(1, 0), (2, 0), (3, 2)]
    assert second["shown"] == 3


def test_that_name_star_and_pin_outlive_the_way_there_and_back(first: dict[str, Any], second: dict[str, Any]) -> None:
    assert [(run["name"], run["starred"]) for run in second["runs"]] == [("", False), (NAME, True), ("", False)]
    assert second["pins"] == first["pins"]
    assert second["pins"][0][-1] == PINNED_AT


# -- after a crash ----------------------------------------------------------------------------------------------------


def test_that_a_window_killed_in_training_offers_its_work_at_the_next_start(third: dict[str, Any]) -> None:
    assert third["offer"].startswith(f"Recovered: {PROJECT}, 4 runs")


def test_that_the_run_under_way_comes_back_as_an_interrupted_one(second: dict[str, Any], third: dict[str, Any]) -> None:
    *before, under_way = third["runs"]
    assert before == second["runs"]
    assert (under_way["number"], under_way["ended by"]) == (4, "interrupted")
    assert third["pins"] == second["pins"]


def test_that_what_is_recovered_leaves_the_file_as_it_was_saved(third: dict[str, Any], folder: Path, mdn: Run) -> None:
    assert third["is modified"] is True
    assert not third["title"].startswith(PROJECT)
    assert [run["number"] for run in json.loads(mdn("info", PROJECT, "--json"))["runs"]] == [1, 2, 3]


def test_that_nothing_is_left_of_a_crash_once_it_was_answered(third: dict[str, Any], folder: Path) -> None:
    assert third["asked"].startswith("Save the changes to")
    assert runs_kept(folder) == []


@pytest.mark.parametrize("chapter", ["first", "third"])
def test_that_every_visit_ends_in_order(third: dict[str, Any], folder: Path, chapter: str) -> None:
    facts = noted(folder, chapter)
    assert "error" not in facts
    assert (facts["exit status"], facts["worker is running at the end"]) == (0, False)
