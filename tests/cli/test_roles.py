"""What is taken from the rows: roles, exclusions, test sets."""

from pathlib import Path

import pytest

from mdn_gui.cli.roles import row_numbers
from mdn_gui.core.selection import HoldOut
from mdn_gui.errors import UserError
from mdn_gui.files.projects.opening import open_project
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, refused


@pytest.mark.parametrize(
    ("text", "rows"),
    [("", []), ("1", [0]), ("3,1", [0, 2]), (" 2-4 , 4,9-9", [1, 2, 3, 8]), ("1-10", list(range(10)))],
)
def test_that_rows_are_listed_as_numbers_or_ranges_from_1_on(text: str, rows: list[int]) -> None:
    assert row_numbers(text, 10).tolist() == rows


@pytest.mark.parametrize("text", ["x", "1-", "-1", "0", "11", "4-2", "1.5", "9-11", "²"])
def test_that_other_texts_name_no_rows(text: str) -> None:
    with pytest.raises(UserError, match=r"^--exclude: .*[1-9]"):
        row_numbers(text, 10)


def test_that_rows_are_excluded_and_others_kept_for_the_test(
    rows_file: Path, tmp_path: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    path = tmp_path / "p.mdn"
    roles = ["--x", "x,z", "--y", "y", "--exclude", "2,4", "--test-fraction", "0.25", "--test-seed", "1"]
    done("fit", rows_file, *roles, "-o", path)
    taken, hold_out = open_project(path).taken, HoldOut(0.25, 1)
    assert taken is not None
    assert (taken.inputs, taken.target, taken.excluded.tolist()) == (("x", "z"), "y", [1, 3])
    assert taken.hold_out == hold_out
    left = [row for row in range(12) if row not in {1, 3} and not hold_out.drawn(12)[row]]
    assert fake_fit.calls[0][0].x[:, 0].tolist() == [row + 1 for row in left]
    assert "rows for the test" in capsys.readouterr().err


def test_that_a_column_can_tell_the_rows_of_the_test(rows_file: Path, tmp_path: Path, fake_fit: FakeFit) -> None:
    path = tmp_path / "p.mdn"
    done("fit", rows_file, "--x", "x", "--y", "y", "--test-column", "group", "--test-level", "b", "-o", path)
    assert len(fake_fit.calls[0][0]) == 8
    taken = open_project(path).taken
    assert taken is not None
    assert taken.hold_out == HoldOut(column="group", level="b")


def test_that_a_second_file_can_hold_the_rows_of_the_test(rows_file: Path, tmp_path: Path, fake_fit: FakeFit) -> None:
    other, path = tmp_path / "other.csv", tmp_path / "p.mdn"
    other.write_text("y,x\n1,2\n3,4\n5,6\n", encoding="utf-8")
    done("fit", rows_file, "--x", "x", "--y", "y", "--test-file", other, "-o", path)
    assert len(fake_fit.calls[0][0]) == 12
    project = open_project(path)
    assert project.source.test_path == str(other)
    assert project.taken is not None
    assert project.taken.test_table is not None
    assert project.taken.test_table.num_rows == 3


CONTRADICTIONS = {
    "a fraction, a column": (["--test-fraction", "0.2", "--test-column", "group"], "Both a fraction and a column"),
    "no level": (["--test-column", "group"], "Only one of --test-column and --test-level"),
    "no column": (["--test-level", "b"], "Only one of --test-column and --test-level"),
    "a seed alone": (["--test-seed", "1"], "draws nothing without --test-fraction"),
    "a negative seed": (["--test-seed", "-1", "--test-fraction", "0.2"], "--test-seed is out of range"),
    "a fraction of 1": (["--test-fraction", "1"], "The test set is a fraction of 1. Give a number from 0 to 0.9."),
    "a file, a fraction": (["--test-file", "rows.csv", "--test-fraction", "0.2"], "Both --test-file and --test-frac"),
    "a missing file": (["--test-file", "gone.csv"], "There is no file gone.csv"),
    "a column with a role": (["--test-column", "x", "--test-level", "1"], "has a role and cannot choose the test"),
    "no row": (["--exclude", "0"], "the table has no rows 0"),
}


@pytest.mark.parametrize("kind", CONTRADICTIONS)
def test_that_a_contradiction_is_refused(
    rows_file: Path, monkeypatch: pytest.MonkeyPatch, fake_fit: FakeFit, capsys: Said, kind: str
) -> None:
    options, message = CONTRADICTIONS[kind]
    monkeypatch.chdir(rows_file.parent)
    assert message in refused(capsys, "fit", "rows.csv", "--x", "x", "--y", "y", *options, "-o", "p.mdn")
    assert not fake_fit.calls
