"""What a person changes is taken back and made again through the actions."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mdn_gui.core.selection import HoldOut
from mdn_gui.core.sweep import SweepPlan
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from tests.ui.stage import Stage

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def undo(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_Z, CTRL)
    stage.settle()


def redo(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_Z, CTRL | SHIFT)
    stage.settle()


def settle_on(session: Session, **settings: object) -> None:
    session.configure(replace(session.model_config, **settings), session.training_config)


def state_of(session: Session) -> tuple[object, ...]:
    """Return everything that can be taken back."""
    taken = session.data.taken
    roles = taken.inputs, taken.target, taken.hold_out, taken.excluded.tolist()
    pins = [(pin.name, pin.place) for pin in session.instrument.pins]
    runs = [(run.number, run.name, run.notes, run.is_starred) for run in session.run_list.runs]
    return roles, session.model_config, session.training_config, pins, runs


CHANGES: dict[str, Callable[[Session], object]] = {
    "roles": lambda session: session.choose_columns(("extra",), "response"),
    "transform": lambda session: settle_on(session, target_transform="log"),
    "excluded rows": lambda session: session.exclude_rows([3, 4]),
    "test set": lambda session: session.hold_out(HoldOut(fraction=0.25)),
    "setting": lambda session: settle_on(session, num_components=7),
    "new pin": lambda session: session.instrument.add_pin(0.5),
    "name of a run": lambda session: session.run_list.rename(1, "narrow"),
    "notes of a run": lambda session: session.run_list.note(1, "good"),
    "star of a run": lambda session: session.run_list.star(1, on=True),
    "deletion of a run": lambda session: session.run_list.delete([1]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_that_a_change_is_taken_back_and_made_again(fitted: Stage, change):
    before = state_of(fitted.session)
    change(fitted.session)
    after = state_of(fitted.session)
    assert after != before
    undo(fitted)
    assert state_of(fitted.session) == before
    redo(fitted)
    assert state_of(fitted.session) == after
    QTest.keyClick(fitted.window, Qt.Key.Key_Z, CTRL)
    QTest.keyClick(fitted.window, Qt.Key.Key_Y, CTRL)
    assert state_of(fitted.session) == after


def test_that_many_changes_are_taken_back_in_turn(fitted: Stage):
    states = [state_of(fitted.session)]
    for change in CHANGES.values():
        change(fitted.session)
        states.append(state_of(fitted.session))
    for state in reversed(states[:-1]):
        undo(fitted)
        assert state_of(fitted.session) == state
    assert not fitted.window.actions_by_id["undo"].isEnabled()
    for state in states[1:]:
        redo(fitted)
        assert state_of(fitted.session) == state
    assert not fitted.window.actions_by_id["redo"].isEnabled()


def test_that_the_views_follow_what_is_taken_back(fitted: Stage):
    form, roles = fitted.window.setup_panel.form, fitted.window.setup_panel.roles
    form.editor("num_components").setValue(7)
    fitted.window.desk.pick(np.array([3]))
    fitted.trigger("exclude_picked")
    fitted.session.instrument.add_pin(0.5)
    assert "59 rows" in fitted.texts()
    undo(fitted)
    assert not fitted.plot.pins.lines
    undo(fitted)
    assert "60 rows" in fitted.texts()
    undo(fitted)
    assert form.editor("num_components").value() != 7
    fitted.session.choose_columns(("extra",), "response")
    undo(fitted)
    assert roles.input.currentText() == "dose"


def test_that_a_run_is_no_change_that_could_be_taken_back(fitted: Stage):
    assert not fitted.window.actions_by_id["undo"].isEnabled()
    undo(fitted)
    assert len(fitted.session.run_list.runs) == 1


@pytest.mark.parametrize("sweeps", [False, True], ids=["run", "sweep"])
def test_that_nothing_is_taken_back_while_a_run_is_under_way(fitted: Stage, sweeps):
    fitted.session.exclude_rows([3])
    fitted.session.run_list.rename(1, "narrow")
    undo(fitted)
    names = ("undo", "redo")
    assert all(fitted.window.actions_by_id[name].isEnabled() for name in names)
    fitted.fit.free.clear()
    if sweeps:
        fitted.session.start_sweep(SweepPlan((1, 2)))
        fitted.qtbot.waitUntil(lambda: fitted.state is RunState.SWEEPING)
    else:
        fitted.train_until_running()
    before = state_of(fitted.session)
    assert not any(fitted.window.actions_by_id[name].isEnabled() for name in names)
    assert not fitted.window.runs.history.view.isEnabled()
    undo(fitted)
    redo(fitted)
    assert state_of(fitted.session) == before
    fitted.fit.free.set()
    fitted.wait_for_idle()
    fitted.settle()
    assert fitted.window.actions_by_id["undo"].isEnabled()
    assert fitted.window.runs.history.view.isEnabled()


def test_that_a_click_in_the_history_goes_back_several_steps(fitted: Stage):
    before = state_of(fitted.session)
    for number in (3, 4, 5):
        fitted.session.exclude_rows([number])
    view = fitted.window.runs.history.view
    fitted.window.docks.bring_forward("history")
    assert view.model().rowCount() == 4
    view.setCurrentIndex(view.model().index(0, 0))
    assert state_of(fitted.session) == before
    assert fitted.window.actions_by_id["redo"].isEnabled()
    assert not fitted.window.actions_by_id["undo"].isEnabled()


def test_that_another_table_leaves_nothing_to_take_back(fitted: Stage):
    fitted.session.exclude_rows([3])
    fitted.open()
    assert not fitted.window.actions_by_id["undo"].isEnabled()
    assert fitted.window.runs.history.view.model().rowCount() <= 1


def test_that_a_box_that_is_being_typed_in_keeps_its_own_undo(fitted: Stage):
    fitted.session.exclude_rows([3])
    box = fitted.window.reading_panel.x_box
    box.setFocus()
    box.clear()
    QTest.keyClicks(box, "1.5")
    QTest.keyClick(box, Qt.Key.Key_Z, CTRL)
    assert len(fitted.session.dataset) == 59
