"""``mdn predict``: what a model says of every row of a table."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.cli.main import main
from mdn_gui.core.samples import sample
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.reading import read_file
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, model_in, refused, told


def test_that_rows_are_predicted_in_their_place(model_file: Path, data_file: Path, capsys: Said) -> None:
    done("predict", model_file, data_file, "--quantiles", "0.5", "--below", "3")
    said = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out)))
    mixture = model_in(model_file).conditional([[1.0], [2.0], [3.0]])
    assert [row["x"] for row in rows] == ["1.0", "2.0", "", "3.0"]
    assert [row["mean_2"] for row in rows if row["x"]] == [repr(value) for value in mixture.locs[:, 1].tolist()]
    given = [row for row in rows if row["x"]]
    for name, values in {
        "mixture_mean": mixture.mean(),
        "quantile_0.5": mixture.quantile(0.5),
        "probability_below_3": mixture.interval_probability(-np.inf, 3.0),
        "log_density": mixture.log_pdf([2.0, 3.5, 1.0]),
        "pit": mixture.cdf([2.0, 3.5, 1.0]),
    }.items():
        assert np.array_equal([float(row[name]) for row in given], values), name
    assert rows[2]["reason"] == "empty x"
    assert [row["row"] for row in rows] == ["1", "2", "3", "4"]
    low, high = model_in(model_file).provenance.column_ranges[0]
    assert 1 < low < high < 2
    assert [row["outside"] for row in rows] == ["x", "x", "", "x"]
    assert said.err == "4 rows; 1 without numbers: 1 empty x; 3 rows outside the data: x\n"


@pytest.mark.parametrize("ending", ["parquet", "json", "csv"])
def test_that_a_file_is_written_by_its_ending(
    model_file: Path, data_file: Path, tmp_path: Path, capsys: Said, ending: str
) -> None:
    path = tmp_path / f"predicted.{ending}"
    done("predict", model_file, data_file, "-o", path, "--json")
    said = told(capsys)
    assert (said["rows"], said["without_numbers"], said["without_target"]) == (4, {"empty x": 1}, {})
    means = read_file(path, ReadOptions()).column("mixture_mean").values
    assert np.array_equal(means[[0, 1, 3]], model_in(model_file).conditional([[1.0], [2.0], [3.0]]).mean())
    assert np.isnan(means[2])


def test_that_standard_output_begins_with_the_origin_only_when_asked(
    model_file: Path, data_file: Path, capsys: Said
) -> None:
    done("predict", model_file, data_file)
    assert capsys.readouterr().out.startswith("row,x,y,weight_1,")
    done("predict", model_file, data_file, "--settings", "--format", "tsv")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("# mdn-gui")
    assert next(line for line in lines if not line.startswith("# ")).startswith("row\tx\ty\tweight_1\t")


def test_that_other_columns_are_kept(model_file: Path, data_file: Path, capsys: Said) -> None:
    done("predict", model_file, data_file, "--keep", "z,row")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0])[:5] == ["row (2)", "x", "y", "z", "row"]
    assert [row["z"] for row in rows] == ["5", "7", "1", "9"]
    assert "does not have 'id', which is to be kept" in refused(
        capsys, "predict", model_file, data_file, "--keep", "id"
    )


def test_that_what_is_outside_the_data_is_told(model_file: Path, tmp_path: Path, capsys: Said) -> None:
    far = tmp_path / "far.csv"
    far.write_text("x\n1.5\n1e6\n-1e6\n", encoding="utf-8")
    done("predict", model_file, far, "-o", tmp_path / "out.csv", "--json")
    said = capsys.readouterr()
    assert "3 rows; 2 rows outside the data: x; saved in" in said.err
    assert '"rows_outside": 2, "outside": {"x": 2}' in said.out


def test_that_a_sample_can_be_predicted(model_file: Path, capsys: Said) -> None:
    done("predict", model_file, "sample:cardioid:20:3")
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    dataset = sample("cardioid").table(20, 3).complete_rows(("x",), "y").dataset
    expected = model_in(model_file).conditional(dataset.x).log_pdf(dataset.y)
    assert [float(row["log_density"]) for row in rows] == expected.tolist()


def test_that_the_rows_of_a_project_can_be_predicted(
    rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    path = tmp_path / "p.mdn"
    done("fit", rows_file, "--x", "x,group", "--y", "y", "-o", path)
    capsys.readouterr()
    done("predict", path, path)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["group"] for row in rows] == ["a"] * 8 + ["b"] * 4
    expected = model_in(path).conditional(fake_fit.calls[0][0].x).mean()
    assert [float(row["mixture_mean"]) for row in rows] == expected.tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["gone.csv"], "There is no file gone.csv"),
        (["sample:mcycle"], "does not have 'x', an input of the model."),
        (["data.csv", "-o", "data.csv"], "data.csv is the table that is read. Give the predictions another name."),
        (["data.csv", "--format", "parquet"], "cannot be written to standard output"),
    ],
)
def test_that_what_cannot_be_predicted_is_refused(
    model_file: Path, data_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, options: list[str], message: str
) -> None:
    monkeypatch.chdir(model_file.parent)
    before = data_file.read_bytes()
    assert main(["predict", "m.mdn", *options]) in {1, 2}
    said = capsys.readouterr()
    assert said.out == ""
    assert message in said.err
    assert "Traceback" not in said.err
    assert data_file.read_bytes() == before


def test_that_another_meaning_of_a_column_is_refused(
    rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    path, other = tmp_path / "p.mdn", tmp_path / "other.csv"
    done("fit", rows_file, "--x", "x", "--y", "y", "-o", path)
    other.write_text("x,y\n" + "\n".join(f"2024-01-{day:02d},1" for day in range(1, 9)) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert "x" in refused(capsys, "score", path, other)
    assert len(fake_fit.calls) == 1
