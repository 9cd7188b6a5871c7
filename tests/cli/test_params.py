"""``mdn params``: the parameters over a grid."""

import csv
import errno
import io
import os
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.cli.main import main
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.questions import Questions
from mdn_gui.files.export import parameter_table
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.reading import read_file
from tests.cli.made import Said, done, model_in, refused, saved, told
from tests.files.models import random_model


def test_that_params_writes_pure_csv(model_file: Path, capsys: Said) -> None:
    assert main(["params", str(model_file), "--at", "-1.5:2:4"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    expected = parameter_table(model_in(model_file), GridSpec(-1.5, 2.0, 4))
    assert tuple(rows[0]) == expected.names
    assert np.array_equal(np.array(rows[1:], dtype=float), np.column_stack(expected.columns))


def test_that_params_covers_the_data_by_default(model_file: Path, capsys: Said) -> None:
    assert main(["params", str(model_file)]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    low, _, high = model_in(model_file).provenance.input_ranges[0]
    assert len(rows) == 1001
    assert (float(rows[1][0]), float(rows[-1][0])) == (low, high)


def test_that_params_begins_with_the_settings_when_asked(model_file: Path, capsys: Said) -> None:
    assert main(["params", str(model_file), "--at", "0:1:2", "--settings"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("# mdn-gui")
    assert "# num_components: 3" in lines
    assert len([line for line in lines if not line.startswith("# ")]) == 3


def test_that_params_moves_one_input_and_holds_the_others(tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "m.mdn"
    saved(path, random_model(names=("a", "b", "c=d")))
    assert main(["params", str(path), "--at", "0:1:2", "--x", "b", "--hold", "c=d=-4.5"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [float(row["b"]) for row in rows] == [0, 1]
    assert {float(row["c=d"]) for row in rows} == {-4.5}
    assert {float(row["a"]) for row in rows} == {model_in(path).provenance.input_ranges[0, 1]}


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "parquet", "xlsx"])
def test_that_a_file_of_any_kind_holds_the_same_numbers(
    model_file: Path, tmp_path: Path, capsys: Said, ending: str
) -> None:
    path = tmp_path / f"table.{ending}"
    done("params", model_file, "--at", "-1.5:2:4", "--quantiles", "0.5,0.05", "--below", "1", "-o", path, "--json")
    said = told(capsys)
    questions = Questions((0.05, 0.5), high=1.0)
    expected = parameter_table(model_in(model_file), GridSpec(-1.5, 2.0, 4), None, questions)
    assert (said["output"], said["rows"], said["run"]) == (str(path), 4, 1)
    assert tuple(said["columns"]) == expected.names
    assert expected.names[-3:] == ("quantile_0.05", "quantile_0.5", "probability_below_1")
    read = read_file(path, ReadOptions(part="table" if ending == "xlsx" else None))
    for name, column in zip(expected.names, expected.columns, strict=True):
        assert np.array_equal(read.column(name).values, column), name


def test_that_json_on_standard_output_is_one_object(model_file: Path, capsys: Said) -> None:
    done("params", model_file, "--at", "0:1:2", "--json")
    said = told(capsys)
    expected = parameter_table(model_in(model_file), GridSpec(0.0, 1.0, 2))
    assert said["comments"] == []
    assert [list(row.values()) for row in said["rows"]] == np.column_stack(expected.columns).tolist()


def test_that_another_run_is_read_when_asked_for(tmp_path: Path, capsys: Said) -> None:
    first, second = random_model(1), random_model(2)
    path = saved(tmp_path / "two.mdn", first, second)
    for number, model in ((None, second), (1, first), (2, second)):
        done("params", path, "--at", "0:0:1", "--format", "tsv", *([] if number is None else ["--run", number]))
        names, row = csv.reader(io.StringIO(capsys.readouterr().out), delimiter="\t")
        assert float(row[names.index("mean_1")]) == model.conditional([[0.0]]).locs[0, 0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--format", "xlsx"],
            "The format xlsx cannot be written to standard output. Give a file, such as -o table.xl",
        ),
        (["--format", "json", "-o", "t.csv"], "The ending of t.csv does not tell the format json. Let the name end in"),
        (["-o", "gone/t.csv"], "there is no folder"),
        (["--quantiles", "0.5,1"], "--quantiles '0.5,1' cannot be read. List numbers between 0 and 1"),
        (["--quantiles", "half"], "--quantiles 'half' cannot be read. List numbers between 0 and 1"),
        (["--below", "inf"], "--below 'inf' is not a number. Give a limit"),
        (["--run", "2"], "m.mdn has no run 2. Its runs are 1."),
    ],
)
def test_that_what_cannot_be_written_is_refused(
    model_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, options: list[str], message: str
) -> None:
    monkeypatch.chdir(model_file.parent)
    assert message in refused(capsys, "params", "m.mdn", *options)
    assert [path.name for path in model_file.parent.iterdir()] == ["m.mdn"]


def test_that_a_project_without_runs_says_how_to_train_one(tmp_path: Path, capsys: Said) -> None:
    path = saved(tmp_path / "empty.mdn")
    assert f"{path} holds no run. Train one: mdn fit {path} -o {path}" in refused(capsys, "params", path)


def test_that_a_full_disk_is_named(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(os, "fsync", refuse)
    assert main(["params", str(model_file), "-o", str(tmp_path / "t.csv")]) == 1
    assert "t.csv was not saved: the disk is full. Free some space" in capsys.readouterr().err
    assert not (tmp_path / "t.csv").exists()
