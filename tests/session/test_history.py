"""Edits are taken back one by one; those of one thing that quickly follow each other count as one."""

import gc
from functools import partial

import pytest

from mdn_gui.session import history as module
from mdn_gui.session.history import MOST_EDITS, History


@pytest.fixture
def history(qtbot) -> History:
    return History()


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


class Number:
    """Something that changes, each change recorded."""

    def __init__(self, history: History) -> None:
        self.history, self.value = history, 0

    def put(self, value: int) -> None:
        self.value = value

    def change(self, value: int, key: str = "") -> None:
        before, self.value = self.value, value
        self.history.record(f"to {value}", partial(self.put, before), partial(self.put, value), key)


def test_that_recording_changes_nothing(history):
    number = Number(history)
    number.change(3)
    assert number.value == 3
    assert history.stack.undoText() == "to 3"


def test_that_changes_are_undone_and_redone_in_order(history):
    number = Number(history)
    for value in (1, 2, 3):
        number.change(value)
    seen = []
    while history.stack.canUndo():
        history.stack.undo()
        seen.append(number.value)
    while history.stack.canRedo():
        history.stack.redo()
        seen.append(number.value)
    assert seen == [2, 1, 0, 1, 2, 3]


def test_that_quick_changes_of_one_thing_are_one(history, clock):
    number = Number(history)
    for value in (1, 2, 3):
        clock[0] += 1.0
        number.change(value, "K")
    assert history.stack.count() == 1
    assert history.stack.undoText() == "to 3"
    history.stack.undo()
    assert number.value == 0
    history.stack.redo()
    assert number.value == 3


def test_that_a_later_change_of_the_same_thing_is_its_own(history, clock):
    number = Number(history)
    number.change(1, "K")
    clock[0] += 2.0
    number.change(2, "K")
    assert history.stack.count() == 2


@pytest.mark.parametrize(("first", "second"), [("K", "seed"), ("", ""), ("K", "")])
def test_that_changes_of_different_things_are_not_merged(history, clock, first, second):
    number = Number(history)
    number.change(1, first)
    number.change(2, second)
    assert history.stack.count() == 2
    history.stack.undo()
    assert number.value == 1


def test_that_edits_outlive_the_garbage_collector(history):
    number = Number(history)
    number.change(1)
    gc.collect()
    history.stack.undo()
    assert number.value == 0


def test_that_the_oldest_edits_are_let_go(history):
    number = Number(history)
    for value in range(MOST_EDITS + 10):
        number.change(value + 1)
    assert history.stack.count() == MOST_EDITS


def test_that_another_document_begins_without_edits(history):
    Number(history).change(1)
    history.clear()
    assert not history.stack.canUndo()
