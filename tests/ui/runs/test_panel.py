"""The panel of the runs, driven with mouse and keys, beside a list of runs that answers."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QMenu, QToolButton, QWidget

from mdn_gui.session.history import History
from mdn_gui.session.run_list import RunList
from mdn_gui.ui.runs.columns import Place
from mdn_gui.ui.runs.panel import RunsPanel
from mdn_gui.ui.runs.shown import RunsShown
from mdn_gui.ui.theme import DARK
from tests.ui.runs.made import DATA, HOSTILE, made_data, made_run, shown_of

LEFT = Qt.MouseButton.LeftButton
NO_KEY, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def runs(panel: RunsPanel) -> RunList:
    """Three runs, the last one shown, the one before subtracted from it; what the panel asks for is done."""
    made = RunList(History())
    made.hold([made_run(number, 1.0 / number) for number in (1, 2, 3)], 3, 3)
    made.choose(2)
    made.changed.connect(lambda: panel.show_runs(RunsShown.of(made, DATA)))
    panel.show_requested.connect(made.show)
    panel.tick_requested.connect(lambda number, on: made.tick(number, on=on))
    panel.star_requested.connect(lambda number, on: made.star(number, on=on))
    panel.renamed.connect(made.rename)
    panel.noted.connect(made.note)
    panel.delete_requested.connect(made.delete)
    panel.compare_requested.connect(made.choose)
    panel.show_runs(RunsShown.of(made, DATA))
    return made


def select(panel: RunsPanel, *numbers: int) -> None:
    panel.table.select(list(numbers))


def selected(panel: RunsPanel) -> list[int]:
    return [run.number for run in panel.table.selected()]


def point_of(panel: RunsPanel, number: int, place: Place) -> QPoint:
    index = panel.table.runs.index(panel.table.runs.row_of(number), place)
    return panel.table.visualRect(index).center()


def click(panel: RunsPanel, number: int, place: Place) -> None:
    QTest.mouseClick(panel.table.viewport(), LEFT, NO_KEY, point_of(panel, number, place))


def double_click(panel: RunsPanel, number: int, place: Place) -> None:
    """Press and release twice, as the window system reports it."""
    click(panel, number, place)
    QTest.mouseDClick(panel.table.viewport(), LEFT, NO_KEY, point_of(panel, number, place))


def press(panel: RunsPanel, key: Qt.Key) -> None:
    panel.table.setFocus()
    QTest.keyClick(panel.table, key)


def menu_action(panel: RunsPanel, start: str) -> Callable[[], None]:
    return next(action for action in panel.table.actions() if action.text().startswith(start))


def write(panel: RunsPanel, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    """Type into the open field of the table."""
    editor = panel.table.findChild(QLineEdit)
    editor.clear()
    editor.insert(text)
    QTest.keyClick(editor, key)
    QApplication.processEvents()  # Qt takes the text in a later turn
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def texts(panel: RunsPanel, place: Place) -> list[str]:
    return [str(panel.table.runs.index(row, place).data()) for row in range(panel.table.runs.rowCount())]


def test_that_without_runs_it_says_how_they_come(panel):
    panel.show_runs(RunsShown())
    assert panel._pages.currentWidget() is panel._empty
    assert "Press Train" in panel._empty.text()
    assert panel.drawn_table() is None
    assert not any(action.isEnabled() for action in panel.table.actions() if not action.isSeparator())


def test_that_the_run_shown_is_selected_when_it_becomes_so(panel, runs):
    assert selected(panel) == [3]
    select(panel, 1)
    runs.star(2, on=True)
    assert selected(panel) == [1]
    runs.show(2)
    assert selected(panel) == [2]
    assert panel.details._title.text() == "Run 2"


def test_that_a_star_is_given_by_click_and_by_key(panel, runs):
    click(panel, 2, Place.STAR)
    assert [run.is_starred for run in runs.runs] == [False, True, False]
    click(panel, 2, Place.STAR)
    assert not any(run.is_starred for run in runs.runs)
    select(panel, 1, 3)
    press(panel, Qt.Key.Key_S)
    assert [run.is_starred for run in runs.runs] == [True, False, True]
    select(panel, 1, 2, 3)
    press(panel, Qt.Key.Key_S)
    assert all(run.is_starred for run in runs.runs)
    press(panel, Qt.Key.Key_S)
    assert not any(run.is_starred for run in runs.runs)


def test_that_runs_are_laid_over_by_click_and_by_key(panel, runs):
    click(panel, 1, Place.OVERLAY)
    assert runs.ticked == (1,)
    select(panel, 1, 2)
    press(panel, Qt.Key.Key_Space)
    assert set(runs.ticked) == {1, 2}
    press(panel, Qt.Key.Key_Space)
    assert runs.ticked == ()


def test_that_clicking_marks_twice_shows_nothing(panel, runs, qtbot):
    with qtbot.assertNotEmitted(panel.show_requested):
        double_click(panel, 1, Place.STAR)
        double_click(panel, 1, Place.OVERLAY)


def test_that_enter_and_double_click_show_a_run(panel, runs):
    select(panel, 1)
    press(panel, Qt.Key.Key_Return)
    assert runs.shown == 1
    double_click(panel, 2, Place.COMPONENTS)
    assert runs.shown == 2


def test_that_f2_renames_whatever_cell_is_the_current_one(panel, runs):
    click(panel, 2, Place.REASON)
    press(panel, Qt.Key.Key_F2)
    write(panel, f"  {HOSTILE} ")
    assert runs.run(2).name == "<b>bold</b> next right to left <img src='x'>"
    assert texts(panel, Place.NAME)[1] == runs.run(2).name
    press(panel, Qt.Key.Key_F2)
    assert panel.table.findChild(QLineEdit).text() == runs.run(2).name
    write(panel, "")
    assert texts(panel, Place.NAME)[1] == "Run 2"


def test_that_a_name_is_no_longer_than_what_is_kept(panel, runs):
    press(panel, Qt.Key.Key_F2)
    write(panel, "x" * 10_000)
    assert runs.run(3).name == "x" * 200


def test_that_escape_leaves_the_name(panel, runs, qtbot):
    press(panel, Qt.Key.Key_F2)
    with qtbot.assertNotEmitted(panel.renamed):
        write(panel, "other", Qt.Key.Key_Escape)
    assert runs.run(3).name == ""


def test_that_a_name_being_written_survives_a_new_run(panel, runs):
    press(panel, Qt.Key.Key_F2)
    editor = panel.table.findChild(QLineEdit)
    editor.setText("half a na")
    runs.take(made_run(4).model, sweep=1)
    runs.tick(1, on=True)
    assert panel.table.state() == QAbstractItemView.State.EditingState
    assert editor.text() == "half a na"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert runs.run(3).name == "half a na"


def test_that_notes_are_written_in_the_list(panel, runs):
    double_click(panel, 2, Place.NOTES)
    write(panel, "wide tails")
    assert runs.run(2).notes == "wide tails"
    assert texts(panel, Place.NOTES) == ["", "wide tails", ""]


def test_that_notes_of_several_lines_are_written_beside_it(panel, runs, qtbot):
    panel.activateWindow()
    runs.note(2, "one\ntwo")
    click(panel, 2, Place.NOTES)
    press(panel, Qt.Key.Key_F2)
    assert panel.table.findChild(QLineEdit) is None
    qtbot.waitUntil(panel.details.notes.hasFocus)
    assert panel.details.notes.toPlainText() == "one\ntwo"


def test_that_notes_are_taken_when_another_run_is_selected(panel, runs):
    select(panel, 2)
    panel.details.notes.setPlainText("seen\nthoroughly")
    select(panel, 1)
    assert runs.run(2).notes == "seen\nthoroughly"
    assert panel.details.notes.toPlainText() == ""


def test_that_notes_are_taken_on_ctrl_enter_and_when_asked_for(panel, runs):
    panel.details.notes.setPlainText("first")
    QTest.keyClick(panel.details.notes, Qt.Key.Key_Return, CTRL)
    assert runs.run(3).notes == "first"
    panel.details.notes.setPlainText("second")
    panel.commit()
    assert runs.run(3).notes == "second"


def test_that_notes_for_a_run_of_another_document_are_not_given_to_one_of_this(panel, runs):
    panel.details.notes.setPlainText("of the old document")
    runs.hold([made_run(number) for number in (1, 2, 3)], 3, 1)
    assert [run.notes for run in runs.runs] == ["", "", ""]


def test_that_a_name_being_written_is_taken_when_asked_for(panel, runs):
    press(panel, Qt.Key.Key_F2)
    panel.table.findChild(QLineEdit).setText("half")
    panel.commit()
    assert runs.run(3).name == "half"
    assert panel.table.state() == QAbstractItemView.State.NoState


def test_that_several_runs_are_deleted_and_the_rest_stays_selected(panel, runs):
    select(panel, 1, 3)
    assert panel.details._title.text() == "2 runs"
    press(panel, Qt.Key.Key_Delete)
    assert [run.number for run in runs.runs] == [2]
    assert texts(panel, Place.NUMBER) == ["2"]
    select(panel, 2)
    press(panel, Qt.Key.Key_Delete)
    assert panel._pages.currentWidget() is panel._empty


def test_that_the_menu_does_what_it_says(panel, runs, qtbot):
    select(panel, 1)
    menu_action(panel, "Overlay").trigger()
    assert runs.ticked == (1,)
    menu_action(panel, "Compare").trigger()
    assert runs.chosen.number == 1
    assert menu_action(panel, "Compare").isChecked()
    menu_action(panel, "Compare").trigger()
    assert runs.chosen is None
    menu_action(panel, "Star").trigger()
    assert runs.run(1).is_starred
    with qtbot.waitSignal(panel.settings_requested) as settings:
        menu_action(panel, "Take its settings").trigger()
    with qtbot.waitSignal(panel.continue_requested) as continued:
        menu_action(panel, "Continue").trigger()
    assert settings.args == continued.args == [1]
    menu_action(panel, "Rename").trigger()
    write(panel, "first")
    assert runs.run(1).name == "first"
    menu_action(panel, "Show").trigger()
    assert runs.shown == 1
    menu_action(panel, "Delete").trigger()
    assert runs.run(1) is None


def test_that_the_buttons_beside_the_list_have_the_same_actions(panel, runs):
    select(panel, 2)
    buttons = [button for button in panel.details.findChildren(QToolButton) if button.defaultAction() is not None]
    assert [button.text() for button in buttons] == ["Show", "Overlay", "Continue", "Take settings"]
    in_menu = panel.details.findChild(QMenu).actions()
    actions = {*(button.defaultAction() for button in buttons), *in_menu}
    assert {each for each in panel.table.actions() if not each.isSeparator()} <= actions
    assert menu_action(panel, "Delete") in in_menu
    assert panel.details._button.isEnabled()


def enabled(panel: RunsPanel) -> set[str]:
    names = {action.text().split("\t")[0] for action in panel.table.actions() if action.isEnabled()}
    return names - {""}


def test_that_only_what_can_be_done_is_offered(panel, runs):
    select(panel, 3)
    assert enabled(panel) == {
        *("Overlay", "Star", "Rename", "Notes", "Take its settings", "Continue from here", "Delete"),
    }
    select(panel, 1)
    assert enabled(panel) >= {"Show", "Compare with (difference)"}
    select(panel, 1, 2)
    assert enabled(panel) == {"Overlay", "Star", "Delete"}
    select(panel)
    assert enabled(panel) == set()


def test_that_runs_of_other_rows_and_columns_can_do_less(panel):
    others = made_run(1, data=made_data(20)), made_run(2, data=made_data(30, ("dose", "extra")))
    panel.show_runs(shown_of(*others, made_run(3), shown=3))
    select(panel, 1)
    assert enabled(panel) >= {"Show", "Overlay", "Compare with (difference)"}
    assert "Continue from here" not in enabled(panel)
    select(panel, 2)
    assert enabled(panel).isdisjoint({"Overlay", "Compare with (difference)", "Continue from here"})
    assert "Show" in enabled(panel)


def test_that_while_a_run_is_under_way_nothing_is_shown_deleted_taken(panel, runs, qtbot):
    select(panel, 1)
    panel.show_state(is_running=True)
    assert enabled(panel) == {"Overlay", "Compare with (difference)", "Star", "Rename", "Notes"}
    with qtbot.assertNotEmitted(panel.show_requested), qtbot.assertNotEmitted(panel.delete_requested):
        press(panel, Qt.Key.Key_Return)
        press(panel, Qt.Key.Key_Delete)
        double_click(panel, 2, Place.COMPONENTS)
    panel.show_state(is_running=False)
    assert "Delete" in enabled(panel)


def test_that_the_keys_of_the_table_are_kept_from_the_window(panel, runs):
    keys = (Qt.Key.Key_S, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_P)
    kept = []
    for key in keys:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, NO_KEY)
        event.ignore()
        QApplication.sendEvent(panel.table, event)
        kept.append(event.isAccepted())
    assert kept == [True, True, True, True, True, False]


def test_that_the_header_sorts(panel, runs):
    header = panel.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(Place.NLL) + 10, header.height() // 2)
    for numbers in (("3", "2", "1"), ("1", "2", "3")):
        QTest.mouseClick(header.viewport(), LEFT, NO_KEY, place)
        assert tuple(texts(panel, Place.NUMBER)) in {numbers, numbers[::-1]}
    first = texts(panel, Place.NLL)
    QTest.mouseClick(header.viewport(), LEFT, NO_KEY, place)
    assert texts(panel, Place.NLL) == first[::-1]


def test_that_the_filter_comes_with_many_runs_and_goes_with_them(panel):
    many = [made_run(number, name="wide" if number % 4 == 0 else "") for number in range(1, 13)]
    panel.show_runs(shown_of(*many[:10], shown=4))
    assert not panel._filter.isVisible()
    panel.show_runs(shown_of(*many, shown=4))
    assert panel._filter.isVisible()
    QTest.keyClicks(panel._filter, "WIDE")
    assert texts(panel, Place.NUMBER) == ["12", "8", "4"]
    assert panel._count.text() == "3 of 12"
    assert selected(panel) == [4]
    assert panel.drawn_table().columns[0].tolist() == [12.0, 8.0, 4.0]
    panel.show_runs(shown_of(*many[:10], shown=4))
    assert len(texts(panel, Place.NUMBER)) == 10


def test_that_the_table_to_take_away_is_what_is_listed_or_several_selected(panel, runs):
    assert panel.drawn_table().columns[0].tolist() == [3.0, 2.0, 1.0]
    select(panel, 2)
    assert panel.drawn_table().columns[0].tolist() == [3.0, 2.0, 1.0]
    select(panel, 1, 3)
    assert panel.drawn_table().columns[0].tolist() == [3.0, 1.0]


def test_that_pictures_come_in_their_time(panel, runs, qtbot):
    known = panel._thumbnails._known
    qtbot.waitUntil(lambda: all(run.model in known for run in runs.runs))
    panel.show_theme(DARK)
    grabbed = panel.table.viewport().grab().toImage()
    place = point_of(panel, 1, Place.PICTURE)
    assert grabbed.pixelColor(place.x() - 26, place.y()).name() != grabbed.pixelColor(place.x() + 40, place.y()).name()


def test_that_everything_with_the_keyboard_has_a_name(panel, runs):
    widgets = [each for each in panel.findChildren(QWidget) if each.isVisible()]
    focusable = [each for each in widgets if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert focusable
    assert [each for each in focusable if not each.accessibleName()] == []


def test_that_a_thousand_runs_can_be_looked_through(panel, qtbot):
    many = [made_run(number, 1.0 / number, components=1 + number % 5) for number in range(1, 1001)]
    panel.show_runs(shown_of(*many, shown=1000))
    flags = QItemSelectionModel.SelectionFlag
    for _ in range(5):
        press(panel, Qt.Key.Key_PageDown)
    assert len(selected(panel)) == 1
    press(panel, Qt.Key.Key_End)
    panel.table.selectAll()
    assert panel.details._title.text() == "1,000 runs"
    panel.table.selectionModel().clearSelection()
    panel.table.selectionModel().select(panel.table.runs.index(999, 0), flags.Select | flags.Rows)
    assert selected(panel) == [1]
    panel.table.scrollToBottom()
    qtbot.waitUntil(lambda: many[0].model in panel._thumbnails._known)
    assert len(panel._thumbnails._known) < 200
