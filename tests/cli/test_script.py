"""``mdn script``, ``mdn report``: files that need no mdn-gui."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from mdn_gui.cli.main import main
from mdn_gui.files.script import python_script
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, model_in, refused, told


@pytest.mark.parametrize("flavour", ["tfp", "numpy"])
def test_that_a_script_is_written_in_the_flavour_asked_for(
    model_file: Path, tmp_path: Path, capsys: Said, flavour: str
) -> None:
    path = tmp_path / "m.py"
    done("script", model_file, "--flavour", flavour, "-o", path, "--json")
    said = told(capsys)
    assert (said["output"], said["run"], said["flavour"]) == (str(path), 1, flavour)
    expected = python_script(model_in(model_file), "tfp" if flavour == "tfp" else "numpy")
    assert path.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize(
    ("flavour", "words"), [("numpy", "a NumPy script"), ("tfp", "a TensorFlow Probability script")]
)
def test_that_what_was_written_is_said_in_words(
    model_file: Path, tmp_path: Path, capsys: Said, flavour: str, words: str
) -> None:
    path = tmp_path / "m.py"
    done("script", model_file, "--flavour", flavour, "-o", path)
    assert capsys.readouterr().err == f"run 1 as {words}, saved in {path}\n"


def test_that_a_missing_package_is_a_fault_of_the_command(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)  # as where it is not installed
    said = refused(capsys, "script", model_file, "--flavour", "onnx", "-o", tmp_path / "m.onnx")
    assert "pip install mdn-gui[onnx]" in said


def test_that_the_numpy_script_runs_alone(model_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    done("script", model_file, "-o", path)
    code = "import m; print(m.conditional([[0.5]]).means[0, 0])"
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env={"PYTHONPATH": ""}
    )
    assert float(ran.stdout) == pytest.approx(model_in(model_file).conditional([[0.5]]).locs[0, 0], abs=1e-6)


def test_that_onnx_is_written_or_its_package_asked_for(model_file: Path, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "m.onnx"
    code = main(["script", str(model_file), "--flavour", "onnx", "-o", str(path)])
    if importlib.util.find_spec("onnx") is None:
        assert code == 2
        assert "pip install mdn-gui[onnx]" in capsys.readouterr().err
        assert not path.exists()
    else:
        assert code == 0
        assert path.stat().st_size > 500


def test_that_a_report_is_one_page(rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    project, path = tmp_path / "p.mdn", tmp_path / "p.html"
    done("fit", rows_file, "--x", "x", "--y", "y", "-o", project)
    done("fit", project, "-o", project)
    capsys.readouterr()
    done("report", project, "--run", "1", "-o", path, "--json")
    assert told(capsys)["run"] == 1
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert "y given x" in page
    assert "<script" not in page
    assert len(fake_fit.calls) == 2


@pytest.mark.parametrize("command", ["script", "report"])
def test_that_a_place_that_cannot_be_written_is_refused(model_file: Path, capsys: Said, command: str) -> None:
    assert "there is no folder" in refused(capsys, command, model_file, "-o", model_file.parent / "gone" / "x.py")
