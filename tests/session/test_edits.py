"""What a person changes can be taken back: roles, rows, test set, settings, pins."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.selection import HoldOut
from mdn_gui.session.session import Session
from tests.session.conftest import Ears
from tests.session.test_session import made_table


@pytest.fixture
def opened(session: Session) -> Session:
    x = np.linspace(-2, 2, 41)
    session.open_table(made_table(dose=x, extra=x**2, response=np.arange(41) % 5))
    return session


def undo(session: Session) -> str:
    text = session.history.stack.undoText()
    session.history.stack.undo()
    return text


def redo(session: Session) -> None:
    session.history.stack.redo()


def roles(session: Session) -> tuple[tuple[str, ...], str]:
    return session.data.taken.inputs, session.data.taken.target


def test_that_roles_are_undone_and_redone(opened):
    before = roles(opened)
    opened.choose_columns(("extra", "dose"), "response")
    after = roles(opened)
    assert undo(opened) == "extra, dose → response"
    assert roles(opened) == before
    assert opened.dataset.input_names == ("dose",)
    redo(opened)
    assert roles(opened) == after


def test_that_excluded_rows_come_back_and_go_again(opened):
    opened.exclude_rows([1, 2])
    opened.exclude_rows([7])
    assert undo(opened) == "Exclude a row"
    assert opened.data.taken.excluded.tolist() == [1, 2]
    assert undo(opened) == "Exclude 2 rows"
    assert len(opened.dataset) == 41
    redo(opened)
    redo(opened)
    assert opened.data.taken.excluded.tolist() == [1, 2, 7]


def test_that_restored_rows_are_taken_out_again(opened):
    opened.exclude_rows([1, 2])
    opened.restore_rows()
    assert undo(opened) == "Restore excluded rows"
    assert opened.data.taken.excluded.tolist() == [1, 2]


def test_that_a_test_set_is_undone(opened):
    opened.hold_out(HoldOut(0.25))
    assert opened.selection.test is not None
    assert undo(opened) == "Test set"
    assert opened.selection.test is None


def test_that_a_refused_change_is_no_edit(opened, hear: Ears):
    noticed = hear(opened.noticed)
    assert not opened.choose_columns(("dose",), "dose")
    assert len(noticed) == 1
    assert not opened.history.stack.canUndo()


def test_that_a_setting_is_undone_under_its_name(opened, hear: Ears):
    told = hear(opened.settings_changed)
    before = opened.model_config, opened.training_config
    opened.configure(replace(before[0], num_components=9), before[1])
    assert undo(opened) == "Components: 9"
    assert (opened.model_config, opened.training_config) == before
    assert told[-1] == before


def test_that_lists_and_several_settings_are_told_shortly(opened):
    model, training = opened.model_config, opened.training_config
    opened.configure(replace(model, hidden_layers=(128, 64)), training)
    opened.configure(opened.model_config, replace(training, seed=3, epochs=7))
    opened.configure(opened.model_config, replace(opened.training_config, epochs=None))
    texts = [opened.history.stack.text(place) for place in range(3)]
    assert texts == ["Layers: 128, 64", "Settings: Seed, Epochs, max", "Epochs, max: automatic"]


def test_that_hostile_names_of_columns_are_one_short_line(session):
    name = "a\nb" + 90 * "c"
    session.open_table(made_table(**{name: np.arange(9.0), "z": np.arange(9.0) ** 2, "y": np.arange(9.0) % 4}))
    session.choose_columns((name, "z"), "y")
    text = session.history.stack.undoText()
    assert text.startswith("a b")
    assert text.endswith("… → y")
    assert len(text) < 50


def test_that_typing_a_number_is_one_edit(opened):
    before = opened.model_config
    for components in (1, 12, 1, 16):
        opened.configure(replace(opened.model_config, num_components=components), opened.training_config)
    assert opened.history.stack.count() == 1
    undo(opened)
    assert opened.model_config == before


def test_that_the_same_settings_are_no_edit(opened):
    opened.configure(opened.model_config, opened.training_config)
    assert not opened.history.stack.canUndo()


def names(session: Session) -> list[str]:
    return [pin.name for pin in session.instrument.pins]


def test_that_pins_are_undone(qtbot, opened):
    opened.start_training()
    qtbot.waitUntil(lambda: not opened.state.is_running)
    instrument = opened.instrument
    instrument.add_pin(0.5)
    instrument.add_pin(1.0)
    instrument.rename_pin("A", "start")
    instrument.move_pin("B", 1.1)
    instrument.move_pin("B", 1.5)
    instrument.remove_pin("start")
    assert undo(opened) == "Remove pin start"
    assert names(opened) == ["start", "B"]
    assert undo(opened) == "Move pin B"
    assert instrument.pins[1].x == 1.0
    assert instrument.pins[1].reading is not None
    assert undo(opened) == "Rename pin start"
    assert names(opened) == ["A", "B"]
    assert undo(opened) == "Pin B"
    assert undo(opened) == "Pin A"
    assert names(opened) == []
    for _ in range(5):
        redo(opened)
    assert names(opened) == ["B"]
    assert instrument.pins[0].x == 1.5


def test_that_all_pins_come_back_at_once(qtbot, opened):
    for x in (0.0, 0.5):
        opened.instrument.add_pin(x)
    opened.instrument.remove_pins()
    assert undo(opened) == "Remove 2 pins"
    assert names(opened) == ["A", "B"]


def test_that_pins_are_read_with_the_fit_of_now_when_they_come_back(qtbot, opened):
    opened.instrument.add_pin(0.5)
    opened.instrument.remove_pins()
    opened.start_training()
    qtbot.waitUntil(lambda: not opened.state.is_running)
    undo(opened)
    expected = opened.model.conditional([[0.5]]).locs[0].tolist()
    assert opened.instrument.pins[0].reading.mixture.locs[0].tolist() == expected


def test_that_another_table_begins_without_edits(opened):
    opened.exclude_rows([1])
    opened.open_table(made_table(dose=np.arange(5.0), response=np.arange(5.0) ** 2))
    assert not opened.history.stack.canUndo()


def test_that_the_fit_comes_back_with_the_columns_that_it_reads(qtbot, opened):
    opened.start_training()
    qtbot.waitUntil(lambda: not opened.state.is_running)
    fit = opened.fitted
    opened.choose_columns(("extra",), "response")
    assert opened.fitted is None
    assert opened.run_list.shown == 0
    undo(opened)
    assert opened.fitted is fit
    assert opened.run_list.shown == 1
