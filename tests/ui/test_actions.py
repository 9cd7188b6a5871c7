import re
from itertools import product

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from mdn_gui.core.sweep import SweepPlan
from mdn_gui.session.messages import RunState
from mdn_gui.ui.actions import ACTIONS, ActionSpec, Situation
from mdn_gui.ui.commands import Commands
from mdn_gui.ui.document_desk import DocumentDesk
from mdn_gui.ui.exports import Exports
from tests.ui.stage import Stage

STATES = tuple(RunState)
IDLE = {RunState.NO_DATA, RunState.DATA, RunState.FITTED}
WITH_DATA = set(STATES) - {RunState.NO_DATA}
YES_IN = {
    "open_file": IDLE,
    "save": WITH_DATA,
    "save_as": WITH_DATA,
    "export_picture": WITH_DATA,
    "export_report": {RunState.FITTED},
    "show_preferences": set(STATES),
    "quit": set(STATES),
    "paste_table": IDLE,
    "choose_test_set": {RunState.DATA, RunState.FITTED},
    "list_left_out": WITH_DATA,
    "reset_weights": {RunState.FITTED},
    "stop_early": {RunState.PREPARING, RunState.TRAINING, RunState.SWEEPING},
    "discard_run": set(STATES) - IDLE - {RunState.SWEEPING},
    "view_all": WITH_DATA,
    "hold_at_middle": WITH_DATA,
    "type_axis": WITH_DATA,
    "show_pins": WITH_DATA,
    "show_runs": WITH_DATA,
    "reset_layout": set(STATES),
    "show_shortcuts": set(STATES),
    "show_about": set(STATES),
}
"""Where an action that only looks at the state can be used."""
WITH_MODEL = {
    "export_table",
    "export_predictions",
    "export_tfp_script",
    "export_numpy_script",
    "export_onnx",
    "copy_script",
}
READABLE = {"copy_reading", "pin_cursor", "type_x", "ask_interval"}
WITH_PIN = {"remove_pin", "remove_pins"}
AFTER_DIVERGENCE = {"retry_slower"}
WHILE_NOT_READING = {"train", "new_seed", "begin_sweep"}
ON_THE_SAME_ROWS = {"continue_training"}
WHILE_READING = {"cancel_reading"}
WITH_FILE = {"read_differently", "reload_file"}
WITH_PICKED = {"exclude_picked"}
WITH_EXCLUDED = {"restore_rows"}
TAKING_A_ROW = {"take_picked_row"}
PRUNING = {"remove_components"}
IN_THE_PAST = {"show_fit"}


def keys_of(spec: ActionSpec) -> list[QKeySequence]:
    return list(QKeySequence.listFromString(spec.shortcut)) if spec.shortcut else []


def expected(situation: Situation) -> dict[str, bool]:
    answers = {name: situation.state in states for name, states in YES_IN.items()}
    is_fitted = situation.state is RunState.FITTED
    is_changeable = is_fitted or situation.state is RunState.DATA
    for names, answer in (
        (WITH_MODEL, situation.has_model),
        (READABLE, situation.is_readable),
        (WITH_PIN, situation.has_pin),
        (AFTER_DIVERGENCE, is_fitted and situation.has_diverged),
        (WHILE_NOT_READING, is_changeable and not situation.is_reading),
        (ON_THE_SAME_ROWS, is_fitted and situation.saw_these_rows),
        (WHILE_READING, situation.is_reading),
        (WITH_FILE, is_changeable and situation.has_file),
        (WITH_PICKED, is_changeable and situation.has_picked),
        (WITH_EXCLUDED, is_changeable and situation.has_excluded),
        (TAKING_A_ROW, situation.state is not RunState.NO_DATA and situation.has_picked),
        (PRUNING, is_fitted and situation.saw_these_rows and situation.has_findings),
        (IN_THE_PAST, situation.shows_past),
        ({"undo"}, situation.state in IDLE and situation.can_undo),
        ({"redo"}, situation.state in IDLE and situation.can_redo),
    ):
        answers |= dict.fromkeys(names, answer)
    return answers


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_that_every_action_is_a_function_of_the_situation(state):
    for answers in product((False, True), repeat=13):
        situation = Situation(state, *answers)
        assert {spec.id: spec.enabled_when(situation) for spec in ACTIONS} == expected(situation)


def test_that_the_table_names_handlers_that_exist_and_shortcuts_once():
    parts = {"": Commands, "documents": DocumentDesk, "exports": Exports}
    for spec in ACTIONS:
        part, _, name = spec.handler.rpartition(".")
        assert callable(getattr(parts[part], name))
    assert len({spec.id for spec in ACTIONS}) == len(ACTIONS)
    shortcuts = [keys.toString() for spec in ACTIONS for keys in keys_of(spec)]
    assert len(set(shortcuts)) == len(shortcuts)
    assert all(shortcuts)


def assert_actions_follow(stage: Stage, state: RunState) -> None:
    assert stage.state is state
    session = stage.session
    situation = Situation(
        state,
        session.model is not None,
        session.instrument.reading is not None,
        bool(session.instrument.pins),
        can_undo=session.history.stack.canUndo(),
        can_redo=session.history.stack.canRedo(),
    )
    live = {name: action.isEnabled() for name, action in stage.window.actions_by_id.items()}
    assert live == expected(situation)


def test_that_the_live_actions_follow_every_state_of_a_first_run(stage: Stage):
    assert_actions_follow(stage, RunState.NO_DATA)
    stage.open()
    assert_actions_follow(stage, RunState.DATA)
    stage.fit.loadable.clear()
    stage.fit.free.clear()
    stage.trigger("train")
    assert_actions_follow(stage, RunState.PREPARING)
    stage.fit.loadable.set()
    stage.fit.allow(1)
    stage.qtbot.waitUntil(lambda: stage.state is RunState.TRAINING)
    assert_actions_follow(stage, RunState.TRAINING)
    stage.trigger("stop_early")
    assert_actions_follow(stage, RunState.STOPPING)
    stage.wait_for_idle()
    assert_actions_follow(stage, RunState.FITTED)
    stage.trigger("pin_cursor")
    assert_actions_follow(stage, RunState.FITTED)
    assert stage.window.actions_by_id["undo"].isEnabled()
    stage.trigger("undo")
    assert_actions_follow(stage, RunState.FITTED)
    assert stage.window.actions_by_id["redo"].isEnabled()
    stage.open()
    assert_actions_follow(stage, RunState.DATA)


def test_that_the_live_actions_follow_a_discarded_second_run(fitted: Stage):
    fitted.train_until_running()
    assert_actions_follow(fitted, RunState.TRAINING)
    fitted.trigger("discard_run")
    assert_actions_follow(fitted, RunState.STOPPING)
    fitted.wait_for_idle()
    assert_actions_follow(fitted, RunState.FITTED)


def test_that_the_live_actions_follow_a_sweep(with_data: Stage):
    with_data.dialogs.sweep_answer = SweepPlan((1, 2))
    with_data.fit.free.clear()
    with_data.trigger("begin_sweep")
    with_data.qtbot.waitUntil(lambda: with_data.state is RunState.SWEEPING)
    assert_actions_follow(with_data, RunState.SWEEPING)
    with_data.trigger("stop_early")
    assert_actions_follow(with_data, with_data.state)
    with_data.wait_for_idle()
    assert_actions_follow(with_data, with_data.state)


def test_that_every_shortcut_reaches_its_action(fitted: Stage):
    fitted.trigger("pin_cursor")
    fired: list[str] = []
    specs = [spec for spec in ACTIONS if spec.shortcut]
    for spec in specs:
        action = fitted.window.actions_by_id[spec.id]
        action.triggered.disconnect()
        action.triggered.connect(lambda *_, name=spec.id: fired.append(name))
        action.setEnabled(True)
    fitted.plot.setFocus()
    for spec in specs:
        for keys in keys_of(spec):
            QTest.keySequence(fitted.window, keys)
    assert fired == [spec.id for spec in specs for _ in keys_of(spec)]
    assert len(fired) > 10


def test_that_letters_typed_into_the_x_box_are_no_shortcuts(fitted: Stage):
    box = fitted.window.reading_panel.x_box
    box.setFocus()
    box.clear()
    QTest.keyClicks(box, "pc")
    assert box.text() == "pc"
    assert fitted.session.instrument.pins == ()


def test_that_pressing_train_twice_makes_one_run(with_data: Stage):
    with_data.fit.free.clear()
    with_data.plot.setFocus()
    for _ in range(2):
        QTest.keyClick(with_data.window, Qt.Key.Key_F5)
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert len(with_data.fit.runs) == 1


def test_that_every_action_stands_in_its_menu(stage: Stage):
    for spec in ACTIONS:
        assert stage.window.actions_by_id[spec.id] in stage.window.menus.menus[spec.menu].actions()
        assert stage.window.actions_by_id[spec.id].text() == spec.text
        assert re.match(r"\S", spec.text)


def test_that_the_stop_button_says_at_once_that_it_stops(with_data: Stage):
    action = with_data.window.actions_by_id["stop_early"]
    with_data.train_until_running()
    assert action.text() == "Stop early"
    action.trigger()
    assert action.text() == "Stopping …"
    with_data.wait_for_idle()
    assert action.text() == "Stop early"
