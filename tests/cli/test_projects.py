"""A project that holds runs, or that a window has open, is not written over."""

from pathlib import Path

import pytest

from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.locks import FileLock
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, refused, saved
from tests.files.models import random_model


@pytest.mark.parametrize("command", ["fit", "sweep"])
def test_that_a_project_open_in_a_window_is_left_alone(
    model_file: Path, fake_fit: FakeFit, capsys: Said, command: str
) -> None:
    before, lock = model_file.read_bytes(), FileLock.of_document(model_file)
    assert lock.take()
    try:
        said = refused(capsys, command, "sample:mcycle", "-o", model_file, "--overwrite")
    finally:
        lock.release()
    assert f"{model_file} is open in a window (process " in said
    assert "Close it there, or give -o another name" in said
    assert model_file.read_bytes() == before
    assert not fake_fit.calls
    done(command, "sample:mcycle", "-o", model_file, "--overwrite")


@pytest.mark.parametrize("text", ["", "nonsense", "999999999\nmdn\nhost", "1\nmdn\n{host}\n"])
def test_that_a_lock_left_behind_hinders_nobody(
    model_file: Path, fake_fit: FakeFit, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "host")
    lock = model_file.with_name(f".{model_file.name}.lock")
    lock.write_text(text.format(host="host"), encoding="utf-8")
    done("fit", "sample:mcycle", "-o", model_file, "--overwrite")
    assert len(fake_fit.calls) == 1


def numbers_in(path: Path) -> list[int]:
    return [run.number for run in open_project(path).runs]


@pytest.mark.parametrize("command", ["fit", "sweep"])
def test_that_a_project_with_runs_is_not_thrown_away(
    tmp_path: Path, rows_file: Path, fake_fit: FakeFit, monkeypatch: pytest.MonkeyPatch, capsys: Said, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = saved(Path("m.mdn"), *(random_model(seed) for seed in range(4))).read_bytes()
    options = ["--components", "1:2"] if command == "sweep" else []
    said = refused(capsys, command, rows_file, *options, "-o", "m.mdn")
    assert "mdn: m.mdn holds 4 runs. Give m.mdn as DATA to add to it, or --overwrite.\n" in said
    assert not fake_fit.calls
    assert Path("m.mdn").read_bytes() == before
    done(command, rows_file, *options, "-o", "m.mdn", "--overwrite")
    assert len(numbers_in(Path("m.mdn"))) == len(fake_fit.calls) == (2 if command == "sweep" else 1)


def test_that_one_run_is_one(model_file: Path, fake_fit: FakeFit, capsys: Said) -> None:
    assert f"{model_file} holds 1 run. Give" in refused(capsys, "fit", "sample:mcycle", "-o", model_file)
    assert not fake_fit.calls


def test_that_another_project_is_no_excuse_to_throw_one_away(
    tmp_path: Path, model_file: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    other = tmp_path / "other.mdn"
    done("fit", "sample:mcycle", "-o", other)
    capsys.readouterr()
    assert "holds 1 run." in refused(capsys, "fit", other, "-o", model_file)
    assert len(fake_fit.calls) == 1


def test_that_a_project_is_added_to_by_any_of_its_names(
    tmp_path: Path, fake_fit: FakeFit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    link = tmp_path / "link.mdn"
    done("fit", "sample:mcycle", "-o", "m.mdn")
    link.symlink_to("m.mdn")
    done("fit", "./m.mdn", "-o", tmp_path / "m.mdn")
    done("fit", link, "-o", "m.mdn")
    assert numbers_in(tmp_path / "m.mdn") == [1, 2, 3]
    assert len(fake_fit.calls) == 3


@pytest.mark.usefixtures("fake_fit")
def test_that_nothing_is_lost_where_a_file_holds_no_run(tmp_path: Path) -> None:
    empty, rows_alone = tmp_path / "e.mdn", tmp_path / "r.mdn"
    empty.touch()
    save_project(rows_alone, Project())
    for path in (empty, rows_alone):
        done("fit", "sample:mcycle", "-o", path)
        assert numbers_in(path) == [1]


def test_that_a_file_that_cannot_be_opened_may_hold_runs(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    path = tmp_path / "m.mdn"
    path.write_bytes(b"from a later version")
    said = refused(capsys, "fit", "sample:mcycle", "-o", path)
    assert f"{path} is there already. {path} cannot be opened: " in said
    assert "Give -o another name, or --overwrite." in said
    assert path.read_bytes() == b"from a later version"
    done("fit", "sample:mcycle", "-o", path, "--overwrite")
    assert len(fake_fit.calls) == 1
