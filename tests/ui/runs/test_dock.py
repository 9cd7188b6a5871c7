"""The panel of runs at the height of a low dock: what matters is seen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QToolButton

from mdn_gui.ui.runs.columns import Place
from mdn_gui.ui.runs.panel import RunsPanel
from mdn_gui.ui.runs.texts import short_end_text
from tests.ui.runs.made import made_history, made_run, shown_of


@pytest.fixture
def low(panel: RunsPanel) -> RunsPanel:
    """The panel as it stands below a window of 1280 x 800, with two runs that differ."""
    panel.resize(916, 182)
    panel.show_runs(shown_of(made_run(1), made_run(2, 0.4, components=5), shown=1))
    panel.table.select([2])
    QApplication.processEvents()
    return panel


def test_that_every_button_is_seen_in_one_row(low):
    details = low.details
    buttons = [button for button in details.findChildren(QToolButton) if button.isVisible()]
    assert [button.text() for button in buttons] == ["Show", "Overlay", "Continue", "Take settings", "Actions ▾"]
    assert len({button.y() for button in buttons}) == 1
    assert all(details.rect().contains(button.geometry()) for button in buttons)


def test_that_a_button_does_what_its_action_does(qtbot, low):
    asked = []
    low.settings_requested.connect(asked.append)
    low.show_requested.connect(asked.append)
    for button in low.details.findChildren(QToolButton):
        if button.text() in {"Show", "Take settings"}:
            button.setFocus()
            qtbot.keyClick(button, Qt.Key.Key_Space)
    assert asked == [2, 2]
    low.show_state(is_running=True)
    assert not any(each.isEnabled() for each in low.details.findChildren(QToolButton) if each.text() == "Show")


def test_that_the_end_is_told_on_one_line_as_a_whole(low):
    end = low.details._end
    assert end.text() == "Stopped early · NLL 0.4000 · epoch 4/5 · 12.3 s"
    assert end.fitting(end.width()) == end.text()
    assert "Stopped early: no better validation NLL" in end.toolTip()


def test_that_the_facts_stand_in_two_columns_several_lines_of_which_are_seen(low):
    text = low.details._text
    assert text.viewport().height() >= 4 * text.fontMetrics().lineSpacing()
    assert text.horizontalScrollBar().maximum() == 0
    assert text.verticalScrollBar().maximum() > 0
    assert low.details._columns == 2
    low.resize(916, 600)
    QApplication.processEvents()
    assert low.details._columns == 1


def test_that_the_notes_stand_below_or_at_the_right_as_there_is_room(low):
    notes, text = low.findChild(QPlainTextEdit), low.details._text
    assert notes.y() > text.y()
    low._splitter.setSizes([0, 2000])
    low.resize(1800, 182)
    QApplication.processEvents()
    assert notes.x() > text.x()


def test_that_the_list_beside_it_shows_its_columns_up_to_the_difference(low):
    table = low.table
    assert table.columnViewportPosition(Place.DIFFERENCE) + 40 <= table.viewport().width()


def test_that_runs_that_came_while_the_panel_was_hidden_show_their_marks_at_the_left(low):
    low.hide()
    low.table.select([1])
    low.show()
    assert low.table.horizontalScrollBar().maximum() > 0
    assert low.table.horizontalScrollBar().value() == 0


def test_that_only_a_persons_keys_scroll_sideways(low):
    table = low.table
    table.setFocus()
    table.setCurrentIndex(table.runs.index(0, Place.NOTES))
    table.scrollTo(table.runs.index(1, Place.ROWS))
    assert table.horizontalScrollBar().value() == 0
    table.setCurrentIndex(table.runs.index(0, Place.ENDED))
    QTest.keyClick(table, Qt.Key.Key_Right)
    assert table.horizontalScrollBar().value() > 0


def test_that_the_titles_say_what_stands_below_them(low):
    titles = [low.table.runs.title(place) for place in Place]
    assert titles[Place.DIFFERENCE] == "NLL − shown"
    assert low.table.runs.index(0, Place.REASON).data() == "stopped early"


def test_that_a_run_without_held_out_rows_or_history_has_a_short_end_too():
    run = made_run(1, history=made_history(held_out=False))
    assert "training NLL 0.5000" in short_end_text(run)
