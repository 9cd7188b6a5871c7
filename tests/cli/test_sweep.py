"""``mdn sweep``: several K, several seeds."""

from dataclasses import replace
from pathlib import Path

import pytest

from mdn_gui.cli.main import main
from mdn_gui.core.sweep import SweepResult, SweepRun
from mdn_gui.errors import TrainingError
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.saving import save_project
from tests.cli.conftest import FakeFit
from tests.cli.made import Said, done, refused, told


def asked(fake_fit: FakeFit) -> list[tuple[int, int]]:
    return [(model.num_components, training.seed) for _, model, training in fake_fit.calls]


def test_that_every_k_is_trained_with_every_seed_and_kept(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    path = tmp_path / "p.mdn"
    done("sweep", "sample:mcycle", "--components", "1:3", "--seeds", "0,5", "--epochs", "7", "-o", path)
    said = capsys.readouterr()
    assert asked(fake_fit) == [(1, 0), (2, 0), (3, 0), (1, 5), (2, 5), (3, 5)]
    assert {training.epochs for _, _, training in fake_fit.calls} == {7}
    project = open_project(path)
    assert [(run.number, run.sweep) for run in project.runs] == [(number, 1) for number in range(1, 7)]
    dataset = fake_fit.calls[0][0]
    result = SweepResult.of_runs(SweepRun.judged(run.model, dataset, run.number) for run in project.runs)
    assert result is not None
    recommended = result.recommended.num_components
    assert f"K = {recommended} is recommended: " in said.err
    lines = said.out.splitlines()
    assert lines[0].split()[:3] == ["K", "seeds", "NLL"]
    assert [line.split()[0].lstrip("*") for line in lines[1:]] == ["1", "2", "3"]
    assert [line.split()[0] for line in lines[1:] if "*" in line] == [f"*{recommended}"]
    assert f"{result.points[0].nll.value:.4f}" in lines[1]
    shown = project.run(project.shown)
    assert shown is not None
    assert shown.model.model_config.num_components == recommended == project.model_config.num_components


def test_that_a_second_sweep_has_a_number_of_its_own(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    path = tmp_path / "p.mdn"
    done("fit", "sample:mcycle", "-o", path)
    done("sweep", path, "--components", "2", "-o", path)
    capsys.readouterr()
    done("sweep", path, "--components", "2,4", "-o", path, "--json")
    said = told(capsys)
    assert [(run.number, run.sweep) for run in open_project(path).runs] == [(1, 0), (2, 1), (3, 2), (4, 2)]
    assert (said["sweep"], said["is_complete"], said["failures"]) == (2, True, [])
    assert [point["runs"] for point in said["points"]] == [[3], [4]]
    assert said["recommended"] in {2, 4}
    assert [run["number"] for run in said["runs"]] == [3, 4]
    assert len(fake_fit.calls) == 4


@pytest.mark.parametrize(("interrupts", "code"), [(1, 0), (2, 130)])
def test_that_ctrl_c_keeps_what_is_finished(
    tmp_path: Path, fake_fit: FakeFit, capsys: Said, interrupts: int, code: int
) -> None:
    path = tmp_path / "p.mdn"
    fake_fit.interrupts, fake_fit.interrupted = interrupts, 2
    assert main(["sweep", "sample:mcycle", "--components", "1:4", "-o", str(path)]) == code
    assert "stopped early: 1 of 4 runs are finished" in capsys.readouterr().err
    assert asked(fake_fit) == [(1, 0), (2, 0)]
    assert [run.model.num_components for run in open_project(path).runs] == [1]


def test_that_ctrl_c_before_a_run_is_finished_leaves_no_file(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    fake_fit.interrupts = 1
    assert main(["sweep", "sample:mcycle", "-o", str(tmp_path / "p.mdn")]) == 130
    assert "mdn: interrupted." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_that_a_run_that_comes_to_nothing_does_not_end_the_others(
    tmp_path: Path, fake_fit: FakeFit, capsys: Said
) -> None:
    path = tmp_path / "p.mdn"
    fake_fit.errors = [TrainingError("The memory does not suffice.", "Take fewer units.")]
    done("sweep", "sample:mcycle", "--components", "1:2", "-o", path, "--json")
    said = told(capsys)
    reason = "The memory does not suffice. Take fewer units"
    assert said["failures"] == [{"num_components": 1, "seed": 0, "reason": reason}]
    assert [run.model.num_components for run in open_project(path).runs] == [2]


def test_that_a_sweep_of_failures_is_an_error(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    fake_fit.errors = [TrainingError("No memory.", "Buy some."), TrainingError("No memory.")]
    said = refused(capsys, "sweep", "sample:mcycle", "--components", "1:2", "-o", tmp_path / "p.mdn")
    assert "No run came to an end: No memory. Buy some." in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--components", "0:3"], "outside the allowed range. Give"),
        (["--components", "3:1"], "ends before it begins"),
        (["--components", "many"], "'many' is no whole number"),
        (["--seeds", "-"], "no whole number"),
        (["--seeds", "0:400", "--components", "1:3"], "at most 500 runs"),
        (["--validation-fraction", "0"], "Without held-out rows no K can be recommended."),
    ],
)
def test_that_a_plan_that_cannot_be_is_refused_before_training(
    tmp_path: Path, fake_fit: FakeFit, capsys: Said, options: list[str], message: str
) -> None:
    assert message in refused(capsys, "sweep", "sample:mcycle", *options, "-o", tmp_path / "p.mdn")
    assert not fake_fit.calls


def test_that_the_run_that_was_shown_stays_the_one_shown(tmp_path: Path, fake_fit: FakeFit, capsys: Said) -> None:
    path = tmp_path / "p.mdn"
    done("fit", "sample:mcycle", "--components", "5", "-o", path)
    before = open_project(path)
    done("sweep", path, "--components", "1:2", "-o", path)
    after = open_project(path)
    assert (len(after.runs), after.shown, after.model_config) == (3, 1, before.model_config)
    assert "run 1 is still the one shown\n" in capsys.readouterr().err
    assert len(fake_fit.calls) == 3


@pytest.mark.parametrize(
    ("nll", "options", "better"),
    [
        (0.125, ["--seeds", "0,3"], 1),
        (9.0, ["--seeds", "0"], None),
        (0.125, ["--seeds", "3"], None),
        (0.125, ["--exclude", "1"], None),
        (0.125, ["--validation-fraction", "0.4"], None),
    ],
)
@pytest.mark.usefixtures("fake_fit")
def test_that_a_better_run_on_the_same_rows_is_named(
    tmp_path: Path, capsys: Said, nll: float, options: list[str], better: int | None
) -> None:
    path = tmp_path / "p.mdn"
    done("fit", "sample:mcycle", "--components", "5", "-o", path)
    project = open_project(path)
    (run,) = project.runs
    assert run.model.history is not None
    model = replace(run.model, history=replace(run.model.history, kept_nll=nll))
    save_project(path, replace(project, runs=(replace(run, model=model),)))
    capsys.readouterr()
    done("sweep", path, "--components", "2", *options, "-o", path)
    other = open_project(path).run(2)
    assert other is not None
    words = f"Run 1, K = 5, is better on the same held-out rows: NLL 0.1250, that of run 2 is {other.nll:.4f}.\n"
    assert (words in capsys.readouterr().err) is (better == 1)
    done("sweep", path, "--components", "2", *options, "-o", path, "--json")
    assert told(capsys)["better_before"] == better
