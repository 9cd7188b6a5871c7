"""A virtual X display of its own, the story told on it once for all tests of this lane."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.home import home_in

ROOT = Path(__file__).resolve().parents[2]
SCREEN = "1920x1200x24"


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a fresh X display, such as ``:7``; the server ends with the tests."""
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        number = pipe.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture(scope="session")
def on_display(display: str) -> dict[str, str]:
    """The environment of a program that shows its window there."""
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    return environment | {"DISPLAY": display, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, on_display: dict[str, str]) -> Path:
    """The folder with everything the story of a first quarter of an hour has left."""
    return told_story("story", tmp_path_factory.mktemp("story"), on_display)


@pytest.fixture(scope="session")
def told_of_concrete(tmp_path_factory: pytest.TempPathFactory, on_display: dict[str, str]) -> Path:
    """The folder with everything the story of the concrete table has left."""
    return told_story("concrete", tmp_path_factory.mktemp("concrete"), on_display)


def told_story(name: str, folder: Path, on_display: dict[str, str], *arguments: str, ends_with: int = 0) -> Path:
    """Let a story be told that ends with an exit status; return the folder with everything it has left."""
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", f"tests.end_to_end.{name}", str(folder), *arguments],
        cwd=ROOT,
        env=on_display | home_in(folder),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert result.returncode == ends_with, result.stderr
    assert "QThread: Destroyed" not in result.stderr
    assert "Traceback" not in result.stderr
    return folder


@pytest.fixture(scope="session")
def facts(told: Path) -> dict[str, Any]:
    """What the story of a first quarter of an hour has noted."""
    return dict(json.loads((told / "story.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def answers(told_of_concrete: Path) -> dict[str, Any]:
    """What the story of the concrete table has noted."""
    return dict(json.loads((told_of_concrete / "story.json").read_text(encoding="utf-8")))
