"""The headless commands on tables with dates, categories, booleans."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.cli.exits import USAGE_OR_DATA
from mdn_gui.cli.main import main
from tests.cli.made import model_in

SETTINGS = ["--epochs", "2", "--hidden-layers", "8", "--components", "2", "--restarts", "1"]
Said = pytest.CaptureFixture[str]
HEADER = "day;sex;smokes;age;answer"


def written(path: Path, lines: list[str]) -> str:
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder, rng = tmp_path_factory.mktemp("clinic"), np.random.default_rng(0)
    lines = [
        f"2024-01-{1 + row % 28:02d};{'fm'[row % 3 > 0]};{'yes' if row % 2 else 'no'};{20 + row};{rng.normal():.4f}"
        for row in range(60)
    ]
    data, path = written(folder / "clinic.csv", lines), str(folder / "clinic.mdn")
    assert main(["fit", data, "--x", "age,sex,smokes,day", "--y", "answer", "-o", path, *SETTINGS]) == 0
    return path


def parameters(model_file: str, capsys: Said, *options: str) -> tuple[list[str], np.ndarray]:
    assert main(["params", model_file, *options]) == 0
    names, *rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    return names, np.array(rows, dtype=float)


def test_that_columns_of_every_kind_are_fitted_and_kept_with_the_model(model_file: str) -> None:
    names = ("age", "sex = f", "sex = m", "smokes", "day (days since 2024-01-01)")
    assert model_in(model_file).provenance.input_names == names


def test_that_others_are_held_at_a_level_by_its_name(model_file: str, capsys: Said) -> None:
    names, rows = parameters(model_file, capsys, "--at", "20:70:3", "--hold", "sex=f", "--hold", "smokes=1")
    assert names[:5] == ["age", "sex = f", "sex = m", "smokes", "day (days since 2024-01-01)"]
    assert rows[:, :4].tolist() == [[20, 1, 0, 1], [45, 1, 0, 1], [70, 1, 0, 1]]
    mixture = model_in(model_file).conditional(rows[:, :5])
    np.testing.assert_array_equal(rows[:, names.index("mean_1")], mixture.locs[:, 0])


def test_that_a_category_is_held_at_its_most_frequent_level_unless_told(model_file: str, capsys: Said) -> None:
    _, rows = parameters(model_file, capsys, "--at", "20:70:2")
    assert rows[:, 1:3].tolist() == [[0, 1], [0, 1]]


def test_that_a_category_moves_from_level_to_level(model_file: str, capsys: Said) -> None:
    _, rows = parameters(model_file, capsys, "--x", "sex")
    assert rows[:, 1:3].tolist() == [[1, 0], [0, 1]]


def test_that_an_unknown_level_is_refused_with_those_there_are(model_file: str, capsys: Said) -> None:
    assert main(["params", model_file, "--hold", "sex=x"]) == USAGE_OR_DATA
    assert "'sex' cannot be held at 'x'. Give one of its levels: f, m." in capsys.readouterr().err


def test_that_another_file_is_scored_in_the_terms_of_the_model(model_file: str, tmp_path: Path, capsys: Said) -> None:
    # other levels, in another order, from another first day; the last row has a level that the model does not know
    lines = ["2024-02-01;m;no;40;0.5", "2024-02-03;f;yes;50;-0.5", "2024-02-02;x;no;45;0.0", "2024-02-02;x;no;46;0.0"]
    other = written(tmp_path / "other.csv", lines)
    assert main(["score", model_file, other]) == 0
    scores = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert (scores["rows"], scores["left_out"]) == ("2", "2")
    inputs = [[40, 0, 1, 0, 31], [50, 1, 0, 1, 33]]
    expected = -model_in(model_file).conditional(inputs).log_pdf([0.5, -0.5]).mean()
    assert float(scores["nll"]) == pytest.approx(expected, rel=1e-12)


def test_that_a_file_is_read_as_told(model_file: str, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "told.csv"
    path.write_bytes("day|sex|smokes|age|answer\n01/02/2024|f|no|40|0,5\n02/02/2024|m|yes|50|1,5\n".encode("utf-16-le"))
    how = ["--encoding", "utf-16-le", "--delimiter", "|", "--decimal", ",", "--day-first"]
    assert main(["score", model_file, str(path), *how]) == 0
    scores = dict(line.split() for line in capsys.readouterr().out.splitlines())
    inputs = [[40, 1, 0, 0, 31], [50, 0, 1, 1, 32]]
    expected = -model_in(model_file).conditional(inputs).log_pdf([0.5, 1.5]).mean()
    assert float(scores["nll"]) == pytest.approx(expected, rel=1e-12)


def test_that_a_sheet_that_is_not_there_is_refused(model_file: str, tmp_path: Path, capsys: Said) -> None:
    path = tmp_path / "rows.npz"
    np.savez(path, a=np.ones((3, 2)), b=np.ones((3, 2)))
    assert main(["score", model_file, str(path), "--part", "c"]) == USAGE_OR_DATA
    assert "'c'" in capsys.readouterr().err
