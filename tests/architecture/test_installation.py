"""Shipped files are found from a checkout, an editable install, a wheel; the entry points start."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hatchling import build

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import site, sys
for folder in sys.argv[1:]:
    sys.path.insert(0, folder)
    site.addsitedir(folder)
import mdn_gui
from mdn_gui.core.resources import resource
print(mdn_gui.__file__)
print(resource("samples", "mcycle.csv"))
print(resource("icons", "mdn-gui.svg"))
"""


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    yield
    os.chdir(before)


def places(folder: Path, outside: Path) -> list[Path]:
    """Where a fresh interpreter, started elsewhere with only ``folder`` on its path, finds the files."""
    result = subprocess.run(
        [sys.executable, "-S", "-c", ASK, str(folder)],
        cwd=outside,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return [Path(line) for line in result.stdout.splitlines()]


def unpacked(wheel: Path, folder: Path) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_that_resources_are_found_from_a_checkout(tmp_path: Path) -> None:
    package, sample, icon = places(ROOT, tmp_path)
    assert package == ROOT / "mdn_gui" / "__init__.py"
    assert sample == ROOT / "resources" / "samples" / "mcycle.csv"
    assert icon.is_file()


def test_that_resources_are_found_from_an_editable_install(tmp_path: Path) -> None:
    with working_in(ROOT):
        wheel = tmp_path / build.build_editable(str(tmp_path))
    package, sample, icon = places(unpacked(wheel, tmp_path / "site"), tmp_path)
    assert package == ROOT / "mdn_gui" / "__init__.py"
    assert sample.is_file()
    assert icon.is_file()


def test_that_resources_ship_in_the_wheel(tmp_path: Path) -> None:
    with working_in(ROOT):
        wheel = tmp_path / build.build_wheel(str(tmp_path))
    site = unpacked(wheel, tmp_path / "site")
    package, sample, icon = places(site, tmp_path)
    assert package == site / "mdn_gui" / "__init__.py"
    assert sample == site / "mdn_gui" / "resources" / "samples" / "mcycle.csv"
    assert icon.is_relative_to(site)
    entry_points = next(site.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert "mdn-gui = mdn_gui.app:main" in entry_points
    assert "mdn = mdn_gui.cli.main:main" in entry_points


@pytest.mark.parametrize("command", [["main.py"], ["-m", "mdn_gui"]])
def test_that_without_a_display_one_clear_line_is_printed(command: list[str]) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment.pop("QT_QPA_PLATFORM", None)
    result = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "no display" in result.stderr
    assert "--demo" in result.stderr


def test_that_the_readme_and_the_settings_of_the_project_agree() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "./.ci/setup && .venv/bin/python main.py --demo" in readme
    assert "./.ci/setup --test && .venv/bin/python -m pytest" in readme
    assert os.access(ROOT / ".ci" / "setup", os.X_OK)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
