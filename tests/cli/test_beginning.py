"""A project as the beginning of another training."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.pin import NamedPlace
from mdn_gui.core.questions import Questions
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.saving import save_project
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, refused, saved
from tests.files.models import random_model


@pytest.fixture
def project(rows_file: Path, tmp_path: Path, fake_fit: FakeFit) -> Path:
    path = tmp_path / "p.mdn"
    roles = ["--x", "x,z", "--y", "y", "--exclude", "2", "--test-fraction", "0.25"]
    done("fit", rows_file, *roles, "--components", "4", "--seed", "7", "--epochs", "9", "-o", path)
    return path


def test_that_a_project_begins_with_its_rows_roles_and_settings(project: Path, fake_fit: FakeFit) -> None:
    done("fit", project, "--seed", "8", "-o", project)
    (first, model, _), (second, same_model, training) = fake_fit.calls
    assert first.digest == second.digest
    assert same_model == replace(model, hidden_layers=same_model.hidden_layers)
    assert same_model.num_components == 4
    assert training == TrainingConfig(seed=8, epochs=9)
    after = open_project(project)
    assert [run.number for run in after.runs] == [1, 2]
    assert (after.shown, after.runs_made, after.training_config) == (2, 2, training)


def test_that_the_number_of_a_deleted_run_is_not_given_again(project: Path) -> None:
    before = open_project(project)
    save_project(project, replace(before, runs=(), runs_made=5, shown=0))
    done("fit", project, "-o", project)
    assert [run.number for run in open_project(project).runs] == [6]


def test_that_pins_and_questions_stay_but_not_in_other_columns(project: Path) -> None:
    pin, questions = NamedPlace("A", 0, (1.0, 2.0)), Questions(levels=(0.5,), low=3.0)
    save_project(project, replace(open_project(project), pins=(pin,), cursor=pin, questions=questions))
    done("fit", project, "-o", project)
    after = open_project(project)
    assert (after.pins, after.cursor, after.questions) == ((pin,), pin, questions)
    done("fit", project, "--x", "x", "-o", project)
    after = open_project(project)
    assert (after.pins, after.cursor, after.questions) == ((), None, questions)
    assert after.taken is not None
    assert (after.taken.inputs, after.taken.target) == (("x",), "y")


def test_that_rows_are_read_again_where_the_project_does_not_keep_them(
    project: Path, rows_file: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    done("fit", project, "--without-rows", "-o", project)
    assert open_project(project).table is None
    done("fit", project, "-o", project)
    assert len({dataset.digest for dataset, _, _ in fake_fit.calls}) == 1
    assert open_project(project).table is not None
    done("fit", project, "--without-rows", "-o", project)
    rows_file.unlink()
    capsys.readouterr()
    said = refused(capsys, "fit", project, "-o", project)
    assert "was saved without its rows" in said
    assert "is no longer there. Name the file with the rows in its place." in said


def test_that_rows_taken_out_of_a_file_that_lost_them_are_not_forgotten_silently(
    project: Path, rows_file: Path, capsys: Said
) -> None:
    done("fit", project, "--without-rows", "--exclude", "12", "-o", project)
    lines = rows_file.read_text(encoding="utf-8").splitlines()
    rows_file.write_text("\n".join(lines[:8]) + "\n", encoding="utf-8")
    capsys.readouterr()
    assert "holds fewer rows than when" in refused(capsys, "fit", project, "-o", project)


def test_that_the_second_file_is_read_again_too(rows_file: Path, tmp_path: Path, fake_fit: FakeFit) -> None:
    other, path = tmp_path / "other.csv", tmp_path / "p.mdn"
    other.write_text("y,x\n1,2\n3,4\n", encoding="utf-8")
    done("fit", rows_file, "--x", "x", "--y", "y", "--test-file", other, "--without-rows", "-o", path)
    taken = open_project(path).taken
    assert taken is not None
    assert taken.test_table is None
    done("fit", path, "-o", path)
    taken = open_project(path).taken
    assert taken is not None
    assert taken.test_table is not None
    assert taken.test_table.num_rows == 2
    assert len(fake_fit.calls) == 2


def test_that_a_model_alone_has_no_rows_to_begin_with(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    path = saved(tmp_path / "m.mdn", random_model())
    assert "m.mdn was saved without its rows. Name the file" in refused(capsys, "fit", path, "-o", path)
    assert not fake_fit.calls


def test_that_a_run_is_continued_with_its_network_and_split(project: Path, fake_fit: FakeFit) -> None:
    done("fit", project, "--seed", "8", "--components", "2", "-o", project)
    before = open_project(project)
    done("fit", project, "--continue", "1", "--epochs", "30", "-o", project)
    _, model, training = fake_fit.calls[-1]
    first = before.runs[0].model
    assert (model, training) == (first.model_config, replace(first.training_config, epochs=30))
    continued = fake_fit.continued[-1]
    assert continued is not None
    for mine, its in zip(continued.network.members[0].kernels, first.network.members[0].kernels, strict=True):
        assert np.array_equal(mine, its)
    assert open_project(project).runs[-1].continues == 1


def test_that_the_run_that_is_shown_is_continued_by_default(project: Path) -> None:
    done("fit", project, "-o", project)
    done("fit", project, "-o", project, "--continue")
    assert [run.continues for run in open_project(project).runs] == [0, 0, 2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--continue", "9"], "has no run 9. Its runs are 1."),
        (["--continue", "one"], "--continue: 'one' is not the number of a run. Write a number after it"),
        (["--continue", "--exclude", ""], "Run 1 learned from other rows: it cannot be continued with these."),
        (["--continue", "--preset", "default"], "A run is continued with its own settings. Leave out --preset."),
    ],
)
def test_that_what_cannot_be_continued_is_refused(
    project: Path, fake_fit: FakeFit, capsys: Said, options: list[str], message: str
) -> None:
    before = project.read_bytes()
    capsys.readouterr()
    assert message in refused(capsys, "fit", project, *options, "-o", project)
    assert len(fake_fit.calls) == 1
    assert project.read_bytes() == before


def test_that_a_table_begins_anew_whatever_was_in_the_file(project: Path, rows_file: Path, fake_fit: FakeFit) -> None:
    done("fit", rows_file, "-o", project, "--overwrite")
    after = open_project(project)
    assert [run.number for run in after.runs] == [1]
    assert after.model_config == ModelConfig(hidden_layers=after.model_config.hidden_layers)
    assert len(fake_fit.calls) == 2
