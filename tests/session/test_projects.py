"""Everything that is open becomes a project, and is open again from it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.config import TrainingConfig
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.questions import Questions
from mdn_gui.core.selection import HoldOut
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.projects.opening import open_project as read_project
from mdn_gui.files.projects.project import DataSource, Project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.importing import NO_FILE
from mdn_gui.session.messages import RunState
from mdn_gui.session.projects import choice_of, open_project, with_unfinished
from mdn_gui.session.session import Session
from tests.fakes import FakeBaselineFit, FakeFit, read_here
from tests.session.conftest import Ears
from tests.session.test_session import made_table


@pytest.fixture
def worked_on(qtbot, session: Session) -> Session:
    """A session with two inputs, two runs, pins, questions."""
    rng = np.random.default_rng(0)
    x = np.linspace(-2, 2, 41)
    session.open_table(made_table(dose=x, extra=rng.normal(size=41), response=np.arange(41) % 5))
    session.choose_columns(("dose", "extra"), "response")
    session.exclude_rows([3, 4])
    session.hold_out(HoldOut(0.2, 1))
    for components in (2, 7):
        session.configure(replace(session.model_config, num_components=components), session.training_config)
        session.start_training()
        qtbot.waitUntil(lambda: not session.state.is_running)
    session.run_list.rename(1, "narrow")
    session.instrument.hold(1, 0.5)
    session.instrument.add_pin(1.25)
    session.instrument.choose_axis(1)
    session.instrument.set_cursor(-0.75)
    session.instrument.ask(Questions((0.1, 0.9), 0.8, -1.0, 2.0))
    session.recall.show(1)
    return session


@pytest.fixture
def another(qtbot):
    fit, baseline = FakeFit(), FakeBaselineFit()
    session = Session(fit.load, read_here, baseline)
    yield session
    session.shut_down()
    session.deleteLater()


def test_that_everything_comes_back_from_a_file(worked_on, another, tmp_path: Path):
    save_project(tmp_path / "p.mdn", worked_on.project())
    assert open_project(another, read_project(tmp_path / "p.mdn"))
    assert another.dataset.digest == worked_on.dataset.digest
    assert another.data.taken.excluded.tolist() == [3, 4]
    assert another.selection.test.digest == worked_on.selection.test.digest
    assert (another.model_config, another.training_config) == (worked_on.model_config, worked_on.training_config)
    assert [run.number for run in another.run_list.runs] == [1, 2]
    assert another.run_list.run(1).name == "narrow"
    assert another.run_list.shown == 1
    assert another.state is RunState.FITTED
    assert another.fit_saw_these_rows
    mine, theirs = another.instrument, worked_on.instrument
    assert mine.reading.mixture.locs.tolist() == theirs.reading.mixture.locs.tolist()
    assert mine.line.place == 1
    assert [pin.place for pin in mine.pins] == [pin.place for pin in theirs.pins]
    assert mine.pins[0].reading is not None
    assert mine.questions == theirs.questions
    assert not another.history.stack.canUndo()


def test_that_it_is_the_same_project_again(worked_on, another):
    first = worked_on.project()
    open_project(another, first)
    second = another.project()
    for name in ("table", "runs", "runs_made", "shown", "cursor", "pins", "questions", "model_config"):
        assert getattr(second, name) == getattr(first, name), name


def test_that_numbers_go_on_where_they_ended(qtbot, worked_on, another):
    worked_on.run_list.delete([2])
    open_project(another, worked_on.project())
    another.start_training()
    qtbot.waitUntil(lambda: not another.state.is_running)
    assert [run.number for run in another.run_list.runs] == [1, 3]


def test_that_entries_of_a_later_version_are_kept(worked_on, another):
    open_project(another, replace(worked_on.project(), unknown={"later": [1, 2]}))
    assert another.project().unknown == {"later": [1, 2]}
    another.open_table(made_table(dose=np.arange(5.0), response=np.arange(5.0) ** 2))
    assert another.project().unknown == {}


def test_that_a_run_under_way_is_in_what_is_recovered(qtbot, worked_on, fit: FakeFit):
    fit.free.clear()
    worked_on.recall.continue_from(2)
    assert len(worked_on.project(for_recovery=True).runs) == 2
    fit.allow(2)
    qtbot.waitUntil(lambda: worked_on.collector.unfinished is not None)
    project = worked_on.project(for_recovery=True)
    assert len(worked_on.project().runs) == 2
    run = project.runs[-1]
    assert (run.number, run.continues, project.runs_made) == (3, 2, 3)
    assert run.model.history.stop_reason is StopReason.INTERRUPTED
    fit.free.set()
    qtbot.waitUntil(lambda: not worked_on.state.is_running)
    assert len(worked_on.project(for_recovery=True).runs) == 3


def test_that_what_is_recovered_shows_the_better_run_of_the_same_rows(worked_on):
    project = worked_on.project()
    shown = project.run(1).model

    def recovered(nll: float, **changes: object) -> int:
        history = TrainingHistory((nll,), (nll,), 1, StopReason.INTERRUPTED, 1.0)
        return with_unfinished(project, replace(shown, history=history, **changes), 0).shown

    assert recovered(project.run(1).nll + 0.1) == 1
    assert recovered(project.run(1).nll - 0.1) == 3
    assert recovered(project.run(1).nll - 0.1, training_config=TrainingConfig(seed=9)) == 1
    other_rows = replace(shown.provenance, data_digest="other")
    assert recovered(project.run(1).nll - 0.1, provenance=other_rows) == 1
    assert with_unfinished(replace(project, shown=0), shown, 0).shown == 3
    assert with_unfinished(project, None, 0) is project


def test_that_a_project_is_not_opened_while_a_run_is_under_way(worked_on, fit: FakeFit, hear: Ears):
    project = worked_on.project()
    fit.free.clear()
    worked_on.start_training()
    began = hear(worked_on.document_began)
    assert not open_project(worked_on, project)
    assert began == []


def test_that_a_project_whose_roles_cannot_be_is_refused_with_everything_as_it_was(worked_on, another, hear: Ears):
    noticed = hear(worked_on.noticed)
    project = worked_on.project()
    wrong = replace(project, taken=replace(project.taken, target="dose"))
    assert not open_project(worked_on, wrong)
    assert len(noticed) == 1
    assert worked_on.run_list.runs == project.runs


def test_that_places_of_other_columns_are_passed_over(worked_on, another):
    project = worked_on.project()
    wrong = replace(
        project, cursor=replace(project.cursor, values=(1.0,)), pins=(replace(project.pins[0], axis=7), *project.pins)
    )
    assert open_project(another, wrong)
    assert len(another.instrument.pins) == 1
    assert another.instrument.reading is not None


def test_that_where_the_rows_came_from_is_known_again(worked_on):
    source = DataSource("/data/a.csv", ReadOptions(delimiter=";"), "/data/b.csv", "")
    choice = choice_of(replace(worked_on.project(), source=source))
    assert (choice.path, choice.options, choice.test_path) == (Path("/data/a.csv"), source.options, Path("/data/b.csv"))
    assert (choice.inputs, choice.target) == (("dose", "extra"), "response")
    assert choice_of(Project()).path == NO_FILE


def test_that_roles_come_from_the_run_where_the_project_has_no_rows(worked_on):
    project = replace(worked_on.project(), table=None, taken=None, source=DataSource("/data/a.csv"))
    choice = choice_of(project)
    assert (choice.inputs, choice.target) == (("dose", "extra"), "response")
    assert choice_of(replace(project, runs=(), shown=0)).inputs == ()
