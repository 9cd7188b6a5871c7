"""``mdn info``: what is in a project file."""

from dataclasses import replace
from pathlib import Path

from mdn_gui.core.pin import NamedPlace
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.saving import save_project
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, refused, told


def project(rows_file: Path, folder: Path) -> Path:
    path = folder / "p.mdn"
    test = ["--test-column", "group", "--test-level", "b"]
    done("fit", rows_file, "--x", "x,z", "--y", "y", "--exclude", "2,3", *test, "--name", "first", "-o", path)
    done("fit", path, "--continue", "--seed", "0", "--epochs", "9", "-o", path)
    return path


def test_that_everything_is_told_in_lines(rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    path = project(rows_file, tmp_path)
    capsys.readouterr()
    done("info", path)
    lines = capsys.readouterr().out.splitlines()
    assert lines[:6] == [
        f"p.mdn: {path.stat().st_size:,} bytes, 2 runs",
        "rows: 12 in 4 columns, rows.csv",
        f"read from: {rows_file}",
        "takes: x, z -> y",
        "excluded by hand: 2 rows",
        "test: the rows with 'b' in group",
    ]
    assert "epochs: 9" in lines[6]
    assert lines[8].split() == ["run", "K", "networks", "rows", "epochs", "best", "NLL", "ended", "stopped"]
    assert lines[9].split()[:7] == ["1", "8", "1", "6", "3", "2", "0.3000"]
    assert lines[9].endswith("patience  first")
    assert lines[10].endswith("patience  shown, continues 1")
    assert len(fake_fit.calls) == 2


def test_that_json_tells_every_setting_and_run(
    rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    path = project(rows_file, tmp_path)
    save_project(path, replace(open_project(path), pins=(NamedPlace("A", 1, (0.5, 2.0)),)))
    capsys.readouterr()
    done("info", path, "--json")
    said = told(capsys)
    assert (said["project"], said["rows"], said["columns"]) == (str(path), 12, ["x", "z", "y", "group"])
    assert (said["inputs"], said["target"], said["excluded"]) == (["x", "z"], "y", [2, 3])
    assert said["test"] == {"fraction": 0.0, "seed": 0, "column": "group", "level": "b"}
    assert said["settings"]["training"]["epochs"] == 9
    assert [run["continues"] for run in said["runs"]] == [None, 1]
    assert said["runs"][0]["data_digest"] == fake_fit.calls[0][0].digest
    assert said["pins"] == [{"name": "A", "axis": 1, "values": [0.5, 2.0]}]
    assert said["questions"]["high"] == "inf"


def test_that_a_model_alone_is_told_too(model_file: Path, capsys: Said) -> None:
    done("info", model_file)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == ["rows: not kept in the file", "settings of the next run: the default ones"]


def test_that_what_is_no_project_is_refused(data_file: Path, capsys: Said) -> None:
    assert "data.csv cannot be opened: it is not a project file." in refused(capsys, "info", data_file)
