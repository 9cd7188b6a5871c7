"""``mdn score``: a model judged on rows."""

from pathlib import Path

import numpy as np
import pytest

from mdn_gui.cli.main import main
from mdn_gui.core import diagnostics
from mdn_gui.core.samples import sample
from mdn_gui.core.split import split_of_run
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, model_in, refused, told


def test_that_score_counts_what_it_left_out(model_file: Path, data_file: Path, capsys: Said) -> None:
    assert main(["score", str(model_file), str(data_file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["rows 3", "left_out 1"]
    assert [line.split()[0] for line in lines][:4] == ["rows", "left_out", "nll", "crps"]


def test_that_score_tells_calibration_with_standard_errors(model_file: Path, capsys: Said) -> None:
    assert main(["score", str(model_file), "sample:cardioid:300"]) == 0
    scores = {name: float(value) for name, value in (line.split() for line in capsys.readouterr().out.splitlines())}
    coverages = [f"coverage_{kind}_{mass}" for kind in ("central", "hdr") for mass in ("0.5", "0.8", "0.9", "0.95")]
    assert set(scores) == {
        *("rows", "left_out", "nll", "crps", "nll_se", "crps_se", "pit_ks", "pit_p"),
        *(name + ending for name in coverages for ending in ("", "_se")),
    }
    dataset = sample("cardioid").table(300).complete_rows(("x",), "y").dataset
    mixture = model_in(model_file).conditional(dataset.x)
    assert scores["nll_se"] == pytest.approx(mixture.log_pdf(dataset.y).std(ddof=1) / np.sqrt(300))
    lower, upper = mixture.quantile([0.25, 0.75]).T
    assert scores["coverage_central_0.5"] == ((lower <= dataset.y) & (dataset.y <= upper)).mean()
    regions = zip(mixture.hdr(0.5), dataset.y, strict=True)
    assert scores["coverage_hdr_0.5"] == np.mean([((ends[:, 0] <= y) & (y <= ends[:, 1])).any() for ends, y in regions])


def test_that_scores_do_not_depend_on_the_blocks(
    model_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    arguments = ["score", str(model_file), "sample:cardioid:300"]
    assert main(arguments) == 0
    whole = capsys.readouterr().out
    monkeypatch.setattr(diagnostics, "_ROWS_AT_ONCE", 64)
    assert main(arguments) == 0
    assert capsys.readouterr().out == whole


def test_that_constant_columns_can_be_scored(model_file: Path, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "d.csv").write_text("x,y\n1,2\n1,2\n", encoding="utf-8")
    assert main(["score", str(model_file), str(tmp_path / "d.csv")]) == 0
    assert "rows 2" in capsys.readouterr().out


@pytest.fixture
def project(rows_file: Path, tmp_path: Path, fake_fit: FakeFit) -> Path:
    path = tmp_path / "p.mdn"
    options = ["--test-column", "group", "--test-level", "b", "--validation-fraction", "0.5"]
    done("fit", rows_file, "--x", "x", "--y", "y", *options, "-o", path)
    assert len(fake_fit.calls) == 1
    return path


def test_that_the_rows_of_the_test_judge(project: Path, capsys: Said) -> None:
    capsys.readouterr()
    done("score", project, "--test", "--json")
    said = told(capsys)
    rows = np.arange(9.0, 13.0)
    expected = diagnostics.diagnose(model_in(project), rows[:, np.newaxis], rows**2).figures()
    assert said == {"run": 1, "judged_on": "test", "rows": 4, "left_out": 0, **expected}


def test_that_the_rows_that_chose_the_epoch_judge(project: Path, fake_fit: FakeFit, capsys: Said) -> None:
    capsys.readouterr()
    done("score", project, "--validation", "--json")
    said = told(capsys)
    dataset, _, training = fake_fit.calls[0]
    _, held_out = split_of_run(training, len(dataset))
    expected = diagnostics.diagnose(model_in(project), dataset.x[held_out], dataset.y[held_out]).figures()
    assert said == {"run": 1, "judged_on": "validation", "rows": 4, "left_out": 0, **expected}


def test_that_a_run_on_other_rows_is_judged_on_the_test_with_a_warning_alone(project: Path, capsys: Said) -> None:
    done("fit", project, "--exclude", "1", "-o", project)
    capsys.readouterr()
    done("score", project, "--test", "--run", "1")
    assert "Run 1 learned from other rows than are taken now" in capsys.readouterr().err
    assert "Run 1 learned from other rows" in refused(capsys, "score", project, "--validation", "--run", "1")


def test_that_a_run_on_other_columns_is_not_judged_on_the_test(project: Path, capsys: Said) -> None:
    done("fit", project, "--x", "z", "-o", project)
    capsys.readouterr()
    assert "Run 1 reads other columns than" in refused(capsys, "score", project, "--test", "--run", "1")


@pytest.mark.parametrize("options", [["--test", "--validation"], ["rows.csv", "--test"]])
def test_that_it_must_be_clear_which_rows_judge(project: Path, capsys: Said, options: list[str]) -> None:
    capsys.readouterr()
    said = refused(capsys, "score", project, *options)
    assert "It is not clear which rows are to judge. Give one of DATA, --test, --validation." in said


def test_that_a_project_without_test_rows_says_how_to_keep_some(
    rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    path = tmp_path / "p.mdn"
    done("fit", rows_file, "--x", "x", "--y", "y", "--validation-fraction", "0", "-o", path)
    capsys.readouterr()
    assert "keeps no rows for the test. Give mdn fit a test set" in refused(capsys, "score", path, "--test")
    assert "Run 1 held out 0 rows. Train with" in refused(capsys, "score", path, "--validation")
    assert len(fake_fit.calls) == 1


def test_that_the_test_rows_judge_where_none_are_named(project: Path, capsys: Said) -> None:
    capsys.readouterr()
    done("score", project, "--test")
    expected = capsys.readouterr().out
    done("score", project)
    assert capsys.readouterr() == (expected, "judged on the 4 rows kept for the test\n")


def test_that_the_validation_rows_judge_where_no_others_are_kept(
    rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    path = tmp_path / "p.mdn"
    done("fit", rows_file, "--x", "x", "--y", "y", "--validation-fraction", "0.5", "-o", path)
    capsys.readouterr()
    done("score", path, "--validation")
    expected = capsys.readouterr().out
    done("score", path)
    said = "judged on the 6 validation rows, which chose the epoch; no rows are kept for the test\n"
    assert capsys.readouterr() == (expected, said)
    done("score", path, "--json")
    assert told(capsys)["judged_on"] == "validation"
    assert len(fake_fit.calls) == 1
