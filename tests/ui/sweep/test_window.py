"""A sweep in the window: from the key to the panel."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mdn_gui.core.sweep import SweepPlan
from mdn_gui.session.messages import RunState
from mdn_gui.ui.sweep.panel import SweepPanel
from tests.session.test_sweeping import SweepFit
from tests.ui.conftest import made_stage
from tests.ui.stage import Stage

PLAN = SweepPlan((1, 2), (0, 1))


@pytest.fixture
def hidden_stage(application: QApplication, qtbot: QtBot, preferences_path: Path) -> Iterator[Stage]:
    """A window whose fits have the number of components that was asked for."""
    with made_stage(qtbot, preferences_path, fit=SweepFit()) as stage:
        yield stage


@pytest.fixture
def asked(fitted: Stage) -> Stage:
    """A window with a fit, where a sweep is about to be asked for; each run waits."""
    fitted.dialogs.sweep_answer = PLAN
    fitted.fit.free.clear()
    fitted.plot.setFocus()
    return fitted


def panel_of(stage: Stage) -> SweepPanel:
    return stage.window.sweeps.panel


def begin(stage: Stage) -> None:
    """Press F8, as a person does; wait for the runs."""
    QTest.keyClick(stage.window, Qt.Key.Key_F8)
    stage.qtbot.waitUntil(lambda: stage.state is RunState.SWEEPING)


def finish(stage: Stage) -> None:
    stage.fit.free.set()
    stage.wait_for_idle()
    stage.settle()


def drawn(stage: Stage) -> list[int]:
    """Return the numbers of the runs in the picture."""
    picture = panel_of(stage).plot._drawn
    return [] if picture is None else [run.number for run in picture.result.runs]


def test_that_the_key_leads_to_the_panel_with_its_runs(asked: Stage):
    begin(asked)
    asked.qtbot.waitUntil(lambda: not panel_of(asked).visibleRegion().isEmpty())
    assert asked.dialogs.asked == ["sweep"]
    finish(asked)
    assert [run.sweep for run in asked.session.run_list.runs] == [0, 1, 1, 1, 1]
    swept = {(model.num_components, config.seed) for _, model, config in asked.fit.runs[1:]}
    assert swept == {(1, 0), (1, 1), (2, 0), (2, 1)}
    asked.qtbot.waitUntil(lambda: sorted(drawn(asked)) == [2, 3, 4, 5])
    assert asked.window.actions_by_id["begin_sweep"].isEnabled()


def test_that_a_cancelled_question_begins_nothing(asked: Stage):
    asked.dialogs.sweep_answer = None
    QTest.keyClick(asked.window, Qt.Key.Key_F8)
    assert asked.dialogs.asked == ["sweep"]
    assert asked.state is RunState.FITTED
    assert len(asked.fit.runs) == 1


def test_that_a_wrong_setting_is_named_before_anything_is_asked(asked: Stage):
    box = asked.window.setup_panel.form.editor("learning_rate")
    box.setFocus()
    box.setText("fast")
    QTest.keyClick(asked.window, Qt.Key.Key_F8)
    assert asked.dialogs.asked == []
    assert asked.notices


def test_that_the_fit_that_is_shown_stays_during_a_sweep_and_after(asked: Stage):
    shown, record = asked.session.fitted, asked.window.loss_panel.plot.record
    begin(asked)
    asked.fit.allow(5)
    asked.qtbot.waitUntil(lambda: len(asked.session.run_list.runs) == 2)
    assert asked.plot.stack.subject.model.model is shown
    finish(asked)
    assert asked.session.fitted is shown
    assert asked.plot.stack.subject.model.model is shown
    assert asked.window.loss_panel.plot.record is record
    assert asked.window.windowTitle() == "made up – run 1[*] – mdn-gui"


def test_that_progress_is_in_the_status_line(asked: Stage):
    begin(asked)
    asked.fit.allow(1)
    asked.qtbot.waitUntil(lambda: "1 of 4" in asked.window.status.text)
    assert asked.window.status._bar.isVisible()
    finish(asked)
    assert not asked.window.status._bar.isVisible()


def test_that_a_sweep_without_a_fit_before_shows_one_of_its_runs(with_data: Stage):
    with_data.dialogs.sweep_answer = PLAN
    with_data.trigger("begin_sweep")
    with_data.qtbot.waitUntil(lambda: len(with_data.session.run_list.runs) == 4)
    with_data.wait_for_idle()
    assert with_data.state is RunState.FITTED
    assert with_data.session.run_list.shown > 0


def test_that_a_sweep_is_stopped_with_what_it_has(asked: Stage):
    begin(asked)
    asked.fit.allow(5)
    asked.qtbot.waitUntil(lambda: len(asked.session.run_list.runs) == 2)
    asked.trigger("stop_early")
    asked.wait_for_idle()
    assert asked.state is RunState.FITTED
    assert len(asked.session.run_list.runs) < 5
    assert asked.session.run_list.shown == 1


def test_that_another_run_of_the_list_is_shown_during_a_sweep(asked: Stage):
    begin(asked)
    asked.fit.allow(5)
    asked.qtbot.waitUntil(lambda: len(asked.session.run_list.runs) == 2)
    panel_of(asked).show_requested.emit(2)
    assert asked.session.run_list.shown == 2
    assert asked.plot.stack.subject.model.model is asked.session.run_list.run(2).model
    finish(asked)
    assert asked.session.run_list.shown == 2


def test_that_the_number_of_components_of_a_sweep_is_taken(asked: Stage):
    begin(asked)
    finish(asked)
    panel_of(asked).take_requested.emit(2)
    assert asked.session.model_config.num_components == 2
    assert asked.window.setup_panel.form.editor("num_components").value() == 2
    asked.trigger("undo")
    assert asked.session.model_config.num_components != 2


def test_that_closing_during_a_sweep_asks_and_ends_it(asked: Stage):
    begin(asked)
    asked.dialogs.close_answer = False
    assert not asked.window.close()
    assert asked.state is RunState.SWEEPING
    asked.dialogs.close_answer = True
    assert asked.window.close()
    assert asked.session.runner._thread.isFinished()
