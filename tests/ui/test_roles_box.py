"""Inputs and target of a table, chosen in the boxes of the left panel."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.ui.roles_box import RolesBox
from tests.ui.stage import Stage, made_table

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)

ROWS = 30


def mixed_table(*inputs: str) -> Table:
    """Return a table of numbers, a category, a date, texts; with the target "response" where inputs are given."""
    rng = np.random.default_rng(0)
    filled = np.zeros(ROWS, dtype=bool)
    age = rng.uniform(20, 60, ROWS)
    columns = (
        Column("age", age, filled),
        Column("mass", rng.normal(70, 9, ROWS), filled),
        Column("colour", np.arange(ROWS) % 3, filled, ColumnKind.CATEGORY, ("red", "blue", "green")),
        Column("day", np.arange(ROWS)[::-1] * 2.0, filled, ColumnKind.DAYS, origin="2020-01-01"),
        Column("note", np.arange(ROWS), filled, ColumnKind.TEXT, tuple(f"n{i}" for i in range(ROWS))),
        Column("response", np.sin(age), filled),
    )
    return Table("mixed", columns, "mixed", inputs, "response" if inputs else "")


@pytest.fixture
def mixed(hidden_stage: Stage) -> Stage:
    """A window whose input is the age."""
    hidden_stage.open(mixed_table("age"))
    hidden_stage.show()
    return hidden_stage


@pytest.fixture
def several(hidden_stage: Stage) -> Stage:
    """A window whose inputs are age, mass, colour."""
    hidden_stage.open(mixed_table("age", "mass", "colour"))
    hidden_stage.show()
    return hidden_stage


def roles_of(stage: Stage) -> RolesBox:
    return stage.window.setup_panel.roles


def items(box: QComboBox) -> list[str]:
    return [text for i in range(box.count()) if (text := box.itemText(i))]


def columns_in_use(stage: Stage) -> tuple[list[str], str]:
    """Return the names of inputs, target in the session."""
    return [each.column for each in stage.session.dataset.encodings], stage.session.selection.target


def columns_shown(stage: Stage) -> tuple[str, str]:
    roles = roles_of(stage)
    return roles.input.currentText(), roles.target.currentText()


def open_list(stage: Stage) -> RolesBox:
    """Choose the last entry, as the mouse does."""
    roles = roles_of(stage)
    last = roles.input.count() - 1
    roles.input.setCurrentIndex(last)
    roles.input.activated.emit(last)
    assert roles._popup.isVisible()
    return roles


def tick(roles: RolesBox, *names: str) -> None:
    """Leave these names ticked, no others."""
    for item in roles.list._items():
        state = Qt.CheckState.Checked if roles.list._name(item) in names else Qt.CheckState.Unchecked
        if item.isEnabled():
            item.setCheckState(state)


def close_list(roles: RolesBox) -> None:
    QTest.keyClick(roles._popup, Qt.Key.Key_Return)
    assert not roles._popup.isVisible()


# -- several inputs ---------------------------------------------------------------------------------------------------


def test_that_several_inputs_are_ticked_in_the_list(mixed: Stage):
    assert items(roles_of(mixed).input)[-1] == "Several…"
    roles = open_list(mixed)
    assert roles.list.ticked() == ("age",)
    tick(roles, "age", "colour", "mass")
    close_list(roles)
    assert columns_in_use(mixed) == (["age", "mass", "colour"], "response")
    assert columns_shown(mixed) == ("3 inputs…", "response")


def test_that_the_list_stays_open_while_names_are_ticked(mixed: Stage):
    roles = open_list(mixed)
    tick(roles, "mass")
    assert roles._popup.isVisible()
    assert columns_in_use(mixed) == (["age"], "response")


def test_that_the_list_opens_again_where_its_entry_stands_already(several: Stage):
    roles = open_list(several)
    assert roles.list.ticked() == ("age", "mass", "colour")
    tick(roles, "mass")
    close_list(roles)
    assert columns_in_use(several) == (["mass"], "response")
    assert columns_shown(several) == ("mass", "response")
    assert items(roles.input)[-1] == "Several…"


@pytest.mark.parametrize("names", [("age",), ()])
def test_that_a_list_left_as_it_was_or_empty_keeps_the_inputs(mixed: Stage, names):
    selection = mixed.session.selection
    roles = open_list(mixed)
    tick(roles, *names)
    close_list(roles)
    assert mixed.session.selection is selection
    assert columns_shown(mixed) == ("age", "response")
    assert mixed.notices == []


def test_that_the_target_cannot_be_ticked(mixed: Stage):
    roles = open_list(mixed)
    locked = [roles.list._name(item) for item in roles.list._items() if not item.isEnabled()]
    assert locked == ["response"]
    close_list(roles)


def test_that_two_columns_offer_no_list(stage: Stage):
    stage.open(made_table("t", a=np.arange(9.0) ** 2, b=np.sqrt(np.arange(9.0))))
    assert items(roles_of(stage).input) == ["a", "b"]


# -- the target -------------------------------------------------------------------------------------------------------


def test_that_a_target_chosen_among_the_inputs_is_no_input_any_more(several: Stage):
    roles_of(several).target.setCurrentText("mass")
    assert columns_in_use(several) == (["age", "colour"], "mass")
    assert columns_shown(several) == ("2 inputs…", "mass")


def test_that_the_only_input_and_the_target_are_exchanged(mixed: Stage):
    roles_of(mixed).target.setCurrentText("age")
    assert columns_in_use(mixed) == (["response"], "age")
    assert columns_shown(mixed) == ("response", "age")


def test_that_an_input_chosen_in_place_of_several_is_the_only_one(several: Stage):
    roles_of(several).input.setCurrentText("day")
    assert columns_in_use(several) == (["day"], "response")


def test_that_a_target_chosen_for_input_in_place_of_several_takes_the_first_one_for_target(several: Stage):
    roles_of(several).input.setCurrentText("response")
    assert columns_in_use(several) == (["response"], "age")


def test_that_a_target_chosen_for_input_in_place_of_a_category_is_a_notice(stage: Stage):
    stage.open(mixed_table("colour"))
    roles_of(stage).input.setCurrentText("response")
    assert "'response' is chosen twice" in stage.notices[0].message
    assert columns_in_use(stage) == (["colour"], "response")
    assert columns_shown(stage) == ("colour", "response")


def test_that_a_category_is_offered_for_input_alone(mixed: Stage):
    roles = roles_of(mixed)
    assert items(roles.input) == ["age", "mass", "colour", "day", "response", "Several…"]
    assert items(roles.target) == ["age", "mass", "day", "response"]
    roles.input.setCurrentText("colour")
    assert columns_in_use(mixed) == (["colour"], "response")
    assert mixed.session.dataset.input_names == ("colour = red", "colour = blue", "colour = green")
    assert columns_shown(mixed) == ("colour", "response")


def test_that_a_date_can_be_the_target(mixed: Stage):
    roles_of(mixed).target.setCurrentText("day")
    assert columns_in_use(mixed) == (["age"], "day")
    assert mixed.session.dataset.target_name == "day (days since 2020-01-01)"
    assert columns_shown(mixed) == ("age", "day")


def test_that_a_date_target_is_exchanged_with_the_input(mixed: Stage):
    roles_of(mixed).target.setCurrentText("day")
    roles_of(mixed).input.setCurrentText("day")
    assert columns_in_use(mixed) == (["day"], "age")
    assert columns_shown(mixed) == ("day", "age")


# -- locked -----------------------------------------------------------------------------------------------------------


def test_that_the_boxes_are_locked_while_a_run_is_under_way(several: Stage):
    roles = roles_of(several)
    several.train_until_running()
    assert not roles.input.isEnabled()
    assert not roles.target.isEnabled()
    several.fit.free.set()
    several.wait_for_idle()
    assert roles.input.isEnabled()
    assert roles.target.isEnabled()
    assert columns_shown(several) == ("3 inputs…", "response")


def test_that_a_list_closed_once_a_run_has_begun_keeps_the_inputs(mixed: Stage):
    roles = open_list(mixed)
    tick(roles, "mass")
    mixed.train_until_running()
    close_list(roles)
    assert "while a run is under way" in mixed.notices[0].message
    assert columns_in_use(mixed) == (["age"], "response")
    assert columns_shown(mixed) == ("age", "response")


def test_that_several_inputs_can_be_ticked_by_keyboard(mixed: Stage):
    roles = open_list(mixed)
    names = roles.list.list
    mixed.qtbot.waitUntil(names.hasFocus)
    QTest.keyClick(names, Qt.Key.Key_Down)
    QTest.keyClick(names, Qt.Key.Key_Space)
    QTest.keyClick(names, Qt.Key.Key_Return)
    assert not roles._popup.isVisible()
    assert columns_in_use(mixed) == (["age", "mass"], "response")


def test_that_escape_leaves_the_inputs_as_they_were(mixed: Stage):
    roles = open_list(mixed)
    names = roles.list.list
    QTest.keyClick(names, Qt.Key.Key_Down)
    QTest.keyClick(names, Qt.Key.Key_Space)
    QTest.keyClick(names, Qt.Key.Key_Escape)
    assert not roles._popup.isVisible()
    assert columns_in_use(mixed) == (["age"], "response")
    assert columns_shown(mixed) == ("age", "response")
