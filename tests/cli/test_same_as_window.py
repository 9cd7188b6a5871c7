"""Real training, on the command line as in the window."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.cli.main import main
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.samples import sample
from mdn_gui.core.selection import HoldOut
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.projects import open_project as open_in_session
from mdn_gui.session.session import Session
from tests.cli.made import Said, done, model_in
from tests.fakes import FakeBaselineFit, read_here

MODEL = ModelConfig(num_components=3, hidden_layers=(8,))
TRAINING = TrainingConfig(seed=5, epochs=4, batch_size=20)
SETTINGS = ["--components", "3", "--hidden-layers", "8", "--seed", "5", "--epochs", "4", "--batch-size", "20"]
ROLES = ["--x", "z,x", "--y", "y"]


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    x, z = rng.uniform(-1.0, 1.0, (2, 80))
    path = tmp_path / "rows.csv"
    rows = np.column_stack((x, z, np.sin(2.0 * x) + z + 0.1 * rng.normal(size=80)))
    np.savetxt(path, rows, delimiter=",", header="x,z,y", comments="", fmt="%.17g")
    return path


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    def load() -> object:
        from mdn_gui.training.fit import fit

        return fit

    made = Session(load, read_here, FakeBaselineFit())
    yield made
    made.shut_down()
    made.deleteLater()


def open_in_window(qtbot: QtBot, session: Session, path: Path) -> None:
    with qtbot.waitSignal(session.selection_changed, timeout=30_000):
        session.open_file(ImportChoice(path, inputs=("z", "x"), target="y", hold_out=HoldOut(0.2, 1)))
    assert session.exclude_rows([3, 7])


def trained(qtbot: QtBot, session: Session) -> FittedModel:
    with qtbot.waitSignal(session.run_finished, timeout=120_000):
        session.start_training()
    assert session.fitted is not None
    return session.fitted


def assert_same(one: FittedModel, two: FittedModel) -> None:
    """Everything that was learned is the same, bit for bit."""
    assert one.provenance.data_digest == two.provenance.data_digest
    assert (one.model_config, one.training_config) == (two.model_config, two.training_config)
    assert len(one.network.members) == len(two.network.members)
    assert list(one.network.shares) == list(two.network.shares)
    for mine, its in zip(one.network.members, two.network.members, strict=True):
        for a, b in zip((*mine.kernels, *mine.biases), (*its.kernels, *its.biases), strict=True):
            assert np.array_equal(a, b)
    assert one.history is not None
    assert two.history is not None
    assert one.history.train_nll == two.history.train_nll
    assert one.history.validation_nll == two.history.validation_nll


def test_that_fit_params_and_score_work_together_on_real_training(tmp_path: Path, capsys: Said) -> None:
    path = str(tmp_path / "c.mdn")
    settings = ["--epochs", "2", "--hidden-layers", "8", "--components", "3", "--seed", "5", "--batch-size", "100"]
    assert main(["fit", "sample:cardioid:300", "--x", "x", "--y", "y", "-o", path, *settings]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert f"saved in {path}" in said.err
    model = model_in(path)
    assert (model.num_components, model.training_config.seed, model.provenance.num_rows) == (3, 5, 300)
    assert os.environ["TF_CPP_MIN_LOG_LEVEL"] == "3"
    assert main(["score", path, "sample:cardioid:500:1"]) == 0
    scores = dict(line.split() for line in capsys.readouterr().out.splitlines())
    dataset = sample("cardioid").table(500, 1).select(["x"], "y").dataset
    mixture = model.conditional(dataset.x)
    assert scores["rows"] == "500"
    assert float(scores["nll"]) == -mixture.log_pdf(dataset.y).mean()
    assert float(scores["crps"]) == mixture.crps(dataset.y).mean()


def test_that_the_window_and_the_command_line_learn_the_same_bits(
    qtbot: QtBot, session: Session, data_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "p.mdn"
    taken = ["--exclude", "4,8", "--test-fraction", "0.2", "--test-seed", "1"]
    done("fit", data_file, *ROLES, *taken, *SETTINGS, "-o", path)
    open_in_window(qtbot, session, data_file)
    session.configure(MODEL, TRAINING)
    assert_same(trained(qtbot, session), model_in(path))


def test_that_a_project_of_the_window_goes_on_at_the_command_line_then_back(
    qtbot: QtBot, session: Session, data_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "p.mdn"
    open_in_window(qtbot, session, data_file)
    session.configure(MODEL, TRAINING)
    first = trained(qtbot, session)
    save_project(path, session.project())
    done("fit", path, "-o", path)  # the same rows, roles, exclusions, test, settings
    done("fit", path, "--continue", "1", "--epochs", "2", "--name", "longer", "-o", path)
    project = open_project(path)
    assert [run.continues for run in project.runs] == [0, 0, 1]
    for run in project.runs[:2]:
        assert_same(run.model, first)
    assert open_in_session(session, project)
    assert [run.name for run in session.run_list.runs] == ["", "", "longer"]
    assert session.fitted is not None
    assert_same(session.fitted, project.runs[2].model)
    assert (session.model_config, session.training_config) == (project.model_config, project.training_config)
    assert session.dataset is not None
    assert session.dataset.digest == first.provenance.data_digest
    with qtbot.waitSignal(session.run_finished, timeout=120_000):
        session.continue_training()
    save_project(path, session.project())
    assert [run.continues for run in open_project(path).runs] == [0, 0, 1, 3]


def test_that_a_sweep_learns_what_single_runs_learn(data_file: Path, tmp_path: Path) -> None:
    single, swept = tmp_path / "single.mdn", tmp_path / "swept.mdn"
    done("fit", data_file, *ROLES, *SETTINGS, "-o", single)
    settings = SETTINGS[2:4] + SETTINGS[6:]
    done("sweep", data_file, *ROLES, "--components", "3", "--seeds", "5", *settings, "-o", swept)
    assert_same(model_in(swept), model_in(single))
