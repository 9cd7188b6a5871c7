"""The list of what was changed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mdn_gui.session.history import History
from mdn_gui.ui.history_panel import HistoryPanel


@pytest.fixture
def history(qtbot) -> History:
    return History()


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def panel(qtbot, history) -> HistoryPanel:
    made = HistoryPanel(history.stack)
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def record(history: History, done: list[str], *texts: str) -> None:
    for text in texts:
        done.append(text)
        history.record(text, done.pop, lambda text=text: done.append(text))


def listed(panel: HistoryPanel) -> list[str]:
    model = panel.view.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def click(panel: HistoryPanel, row: int) -> None:
    place = panel.view.visualRect(panel.view.model().index(row, 0)).center()
    QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def visible_texts(panel: HistoryPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_that_it_says_that_there_is_nothing_yet(panel, history, done):
    assert visible_texts(panel) == ["Nothing to undo yet."]
    record(history, done, "Exclude 3 rows")
    assert visible_texts(panel) == []
    history.clear()
    assert visible_texts(panel) == ["Nothing to undo yet."]


def test_that_steps_are_listed_oldest_first_behind_the_start(panel, history, done):
    record(history, done, "Exclude 3 rows", "Rename run 2", "<b>Pin</b> A")
    assert listed(panel) == ["Opened", "Exclude 3 rows", "Rename run 2", "<b>Pin</b> A"]


def test_that_a_click_goes_back_or_forth(panel, history, done):
    record(history, done, "a", "b", "c")
    click(panel, 1)
    assert done == ["a"]
    assert history.stack.index() == 1
    click(panel, 3)
    assert done == ["a", "b", "c"]
    click(panel, 0)
    assert done == []
    assert visible_texts(panel) == []


def test_that_it_follows_what_is_undone_elsewhere(panel, history, done):
    record(history, done, "a", "b")
    history.stack.undo()
    assert panel.view.currentIndex().row() == 1


def test_that_arrow_keys_go_back_and_forth(panel, history, done):
    record(history, done, "a", "b")
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Up)
    assert done == ["a"]
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert done == ["a", "b"]


def test_that_nothing_is_taken_back_while_a_run_is_under_way(panel, history, done):
    record(history, done, "a", "b")
    panel.show_state(is_running=True)
    click(panel, 0)
    assert done == ["a", "b"]
    panel.show_state(is_running=False)
    click(panel, 0)
    assert done == []


def test_that_it_has_a_name(panel):
    assert panel.view.accessibleName()
