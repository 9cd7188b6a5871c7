"""From a sweep to its panel, back again."""

import math
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget

from mdn_gui.core.sweep import SweepPlan
from mdn_gui.errors import TrainingError
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from mdn_gui.ui.sweep.desk import SweepDesk
from tests.fakes import FakeBaselineFit, read_here
from tests.session.test_session import made_table
from tests.session.test_sweeping import SweepFit

PLAN = SweepPlan((1, 2, 3))


class Asker:
    """Answers with a plan; records the proposals."""

    def __init__(self) -> None:
        self.answer: SweepPlan | None = PLAN
        self.proposals: list[tuple[SweepPlan, float]] = []

    def __call__(self, proposal: SweepPlan, seconds: float) -> SweepPlan | None:
        self.proposals.append((proposal, seconds))
        return self.answer


@pytest.fixture
def fit() -> SweepFit:
    return SweepFit()


@pytest.fixture
def session(qtbot, fit: SweepFit) -> Iterator[Session]:
    made = Session(fit.load, read_here, FakeBaselineFit())
    made.open_table(made_table())
    yield made
    fit.free.set()
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def asker() -> Asker:
    return Asker()


@pytest.fixture
def desk(qtbot, session: Session, asker: Asker) -> Iterator[SweepDesk]:
    window = QWidget()
    made = SweepDesk(session, session.sweep, asker, window)
    made.plan_made.connect(session.start_sweep)
    yield made
    made.shut_down()
    window.deleteLater()


def rows(desk: SweepDesk) -> int:
    return int(desk.panel.table.model().rowCount())


def run_sweep(qtbot, desk: SweepDesk, session: Session, plan: SweepPlan = PLAN) -> None:
    before = len(session.run_list.runs)
    desk.plan_made.emit(plan)
    qtbot.waitUntil(lambda: len(session.run_list.runs) == before + len(plan) and not session.state.is_running)
    result = desk.panel.plot
    qtbot.waitUntil(lambda: result._drawn is not None and len(result._drawn.result.runs) == len(plan))


def test_that_a_sweep_is_asked_for_begun_and_shown(qtbot, desk, session, asker):
    desk.begin()
    qtbot.waitUntil(lambda: rows(desk) == 3 and not session.state.is_running)
    proposal, seconds = asker.proposals[0]
    assert proposal == SweepPlan(tuple(range(1, 9)), (session.training_config.seed,))
    assert math.isnan(seconds)
    assert [run.sweep for run in session.run_list.runs] == [1, 1, 1]
    numbers = [run.number for run in desk.panel.plot._drawn.result.runs]
    assert numbers == [run.number for run in session.run_list.runs]
    assert desk.panel.sentence.startswith("Take K = ")


def test_that_the_last_plan_is_proposed_again_with_the_time_of_the_last_run(qtbot, desk, session, asker):
    run_sweep(qtbot, desk, session)
    desk.begin()
    qtbot.waitUntil(lambda: not session.state.is_running)
    asker.answer = None
    desk.begin()
    assert [seconds for _, seconds in asker.proposals] == [0.5, 0.5]
    assert asker.proposals[1][0] == PLAN


def test_that_a_cancelled_question_begins_nothing(desk, session, asker):
    asker.answer = None
    desk.begin()
    assert session.state is RunState.DATA


def test_that_the_panel_follows_a_sweep_under_way_and_its_stop(qtbot, desk, session, fit, asker):
    fit.free.clear()
    desk.begin()
    assert session.state is RunState.SWEEPING
    assert desk.panel.sentence.startswith("Run 1 of 3 · K = 1, seed 0")
    fit.allow(fit.epochs + 1)
    qtbot.waitUntil(lambda: rows(desk) == 1 and "Run 2 of 3" in desk.panel.sentence)
    desk.begin()
    assert len(asker.proposals) == 1
    desk.panel.stop_requested.emit()
    assert desk.panel._stop.text() == "Stopping …"
    qtbot.waitUntil(lambda: not session.state.is_running)
    assert desk.panel.sentence.startswith("Only K = 1 has finished")


def test_that_taking_a_k_sets_it_for_the_next_run(qtbot, desk, session):
    run_sweep(qtbot, desk, session)
    before = session.training_config
    desk.panel.take_requested.emit(5)
    assert session.model_config.num_components == 5
    assert session.training_config == before


def test_that_kept_sweeps_are_shown_again_the_newest_first(qtbot, desk, session):
    run_sweep(qtbot, desk, session)
    run_sweep(qtbot, desk, session, SweepPlan((2, 4)))
    kept = session.run_list.runs
    session.run_list.clear()
    qtbot.waitUntil(lambda: rows(desk) == 0)
    session.run_list.hold(kept, 5, 2)
    qtbot.waitUntil(lambda: rows(desk) == 2)
    assert desk.panel._choice.currentText() == "sweep 2"
    desk.panel.sweep_chosen.emit(1)
    qtbot.waitUntil(lambda: rows(desk) == 3)
    assert desk.panel._choice.currentText() == "sweep 1"
    assert desk.panel.plot._shown == 2


def test_that_a_run_that_is_deleted_leaves_the_picture(qtbot, desk, session):
    run_sweep(qtbot, desk, session)
    session.run_list.delete([session.run_list.runs[0].number])
    qtbot.waitUntil(lambda: rows(desk) == 2)


def test_that_a_sweep_stays_when_rows_are_excluded_later(qtbot, desk, session):
    run_sweep(qtbot, desk, session)
    told = desk.panel.sentence
    session.exclude_rows([3])
    qtbot.waitUntil(lambda: desk._reader._about[0] is session.dataset and not desk._reader._job.is_busy)
    assert desk.panel.sentence == told


def test_that_a_sweep_of_which_every_run_fails_is_reported(qtbot, desk, session, fit):
    notices = []
    session.noticed.connect(notices.append)
    fit.errors = {number: TrainingError("The memory does not suffice.") for number in range(1, 4)}
    desk.plan_made.emit(PLAN)
    qtbot.waitUntil(lambda: bool(notices))
    assert notices[0].message == "Every run of the sweep failed: The memory does not suffice."
    assert "How many components" in desk.panel.sentence


def test_that_without_data_no_sweep_can_begin(qtbot, asker):
    session = Session(SweepFit().load, read_here, FakeBaselineFit())
    window = QWidget()
    desk = SweepDesk(session, session.sweep, asker, window)
    desk.begin()
    assert asker.proposals == []
    assert not desk.panel._begin.isEnabled()
    desk.shut_down()
    session.shut_down()
    window.deleteLater()
    session.deleteLater()
