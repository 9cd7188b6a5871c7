"""``mdn sample``: draws of y."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.cli import sample
from mdn_gui.core.taken import Taken
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.files.reading import read_file
from tests.cli.made import Said, done, model_in, refused


def drawn(capsys: Said, *arguments: object) -> tuple[list[str], list[list[str]]]:
    done("sample", *arguments)
    names, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    return names, rows


def test_that_draws_follow_p_of_y_given_x(model_file: Path, capsys: Said) -> None:
    names, rows = drawn(capsys, model_file, "--at", "-1:1:2", "--count", "4000", "--seed", "3")
    assert names[:2] == ["x", "draw_1"]
    values = np.array(rows, dtype=float)
    assert values[:, 0].tolist() == [-1.0, 1.0]
    pit = np.sort(model_in(model_file).conditional(values[:, :1]).cdf(values[:, 1:]), axis=1)
    assert np.abs(pit - (np.arange(4000) + 0.5) / 4000).max() < 1.95 / np.sqrt(4000)  # Kolmogorov, 0.1 %


def test_that_the_seed_settles_the_draws(model_file: Path, capsys: Said) -> None:
    asked = [model_file, "--at", "-1:1:3", "--count", "5"]
    first = drawn(capsys, *asked)
    assert drawn(capsys, *asked, "--seed", "0") == first
    assert drawn(capsys, *asked, "--seed", "1") != first


def test_that_blocks_have_draws_of_their_own(model_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setattr(sample, "_DRAWS_AT_ONCE", 8)
    _, rows = drawn(capsys, model_file, "--at", "0:1e-9:40", "--count", "4")
    assert len(rows) == 40
    assert len({tuple(f"{float(cell):.6f}" for cell in row[1:]) for row in rows}) == 40  # x is the same but for 1e-9


def test_that_rows_that_cannot_be_used_stay_in_place_without_draws(
    model_file: Path, data_file: Path, capsys: Said
) -> None:
    _, rows = drawn(capsys, model_file, data_file, "--count", "2")
    assert [row[0] for row in rows] == ["1.0", "2.0", "", "3.0"]
    assert rows[2] == ["", "", ""]
    assert all(all(row) for row in (rows[0], rows[1], rows[3]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--count", "0"], "--count 0 is out of range. Give a whole number from 1 to 100,000."),
        (["--seed", "-1"], "--seed -1 is out of range."),
        (["--count", "many"], "argument --count: invalid int value: 'many'"),
        (["data.csv", "--at", "0:1:2"], "Both DATA and a grid say where to draw. Leave out DATA, or --at"),
        (["sample:mcycle"], "has no column 'x'"),
    ],
)
def test_that_what_cannot_be_drawn_is_refused(
    model_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said, options: list[str], message: str
) -> None:
    monkeypatch.chdir(model_file.parent)
    assert message in refused(capsys, "sample", "m.mdn", *options)


def test_that_a_date_is_not_taken_for_a_number(model_file: Path, tmp_path: Path, capsys: Said) -> None:
    other = tmp_path / "p.mdn"
    dates = tmp_path / "dates.csv"
    dates.write_text("x,y\n2024-01-01,1\n2024-01-02,2\n", encoding="utf-8")
    save_project(other, Project(read_file(dates), Taken(("x",), "y"), DataSource(str(dates))))
    assert "Column 'x' is read as date, in seconds. The model learned from number" in refused(
        capsys, "sample", model_file, other
    )
