"""The reading side of the window: plot, read-out, pins table follow the instrument, and each other."""

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from mdn_gui.core.questions import Questions
from mdn_gui.session.messages import CursorOrigin, RunState
from mdn_gui.ui.reading.pins_table import PinsTable
from mdn_gui.ui.theme import DARK
from mdn_gui.ui.theme_switch import ThemeChoice
from tests.ui.stage import Stage, assert_reads, made_table


def pin_at(stage: Stage, *places: float) -> None:
    """Pin each x with the key of a person."""
    for x in places:
        stage.session.instrument.set_cursor(x)
        stage.trigger("pin_cursor")


def table_of(stage: Stage) -> PinsTable:
    """Return the pins table, in front and read to the end."""
    stage.window.docks.bring_forward("pins")
    stage.qtbot.waitUntil(stage.window.reading.pins.isVisible)
    stage.window.reading.pins.show_now()
    return stage.window.reading.pins


def names_in(table: PinsTable) -> list[str]:
    return [place.name for place in table.model.places]


def outlines(stage: Stage) -> list[str]:
    return [each.name for each in stage.window.reading_panel.density._canvas.shown.pins]


def compared(stage: Stage) -> str:
    """Return the title of the column of the pin in the table of quantities."""
    model = stage.window.reading_panel.quantities.model()
    return str(model.headerData(2, Qt.Orientation.Horizontal))


def press(table: PinsTable, text: str) -> None:
    next(button for button in table.findChildren(QPushButton) if button.text() == text).click()


# -- cursor -----------------------------------------------------------------------------------------------------------


def test_that_plot_read_out_and_slice_follow_the_mouse(fitted: Stage):
    for x in (-1.0, 0.4, 2.5):
        assert_reads(fitted, fitted.move_to(x))
    assert fitted.session.instrument.cursor_origin is CursorOrigin.CURSOR


def test_that_the_box_of_x_types_steps_and_gives_the_keyboard_back(fitted: Stage):
    box = fitted.window.reading_panel.x_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "0.75")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert_reads(fitted, 0.75)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert fitted.session.instrument.reading.x == pytest.approx(0.75 + fitted.plot.view.viewPixelSize()[0])
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert fitted.plot.hasFocus()


def test_that_the_keys_of_the_plot_go_from_row_to_row_and_to_the_ends(fitted: Stage):
    x = np.sort(fitted.session.dataset.x[:, 0])
    fitted.session.instrument.set_cursor(float(x[30]))
    fitted.plot.setFocus()
    QTest.keyClick(fitted.plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert_reads(fitted, float(x[31]))
    QTest.keyClick(fitted.plot, Qt.Key.Key_Home)
    assert_reads(fitted, float(x[0]))
    QTest.keyClick(fitted.plot, Qt.Key.Key_End)
    assert_reads(fitted, float(x[-1]))


def test_that_the_rows_near_x_are_stated_when_the_mouse_pauses(fitted: Stage):
    fitted.session.instrument.set_cursor(0.3)
    desk, panel = fitted.window.reading, fitted.window.reading_panel
    fitted.qtbot.waitUntil(lambda: desk.nearby is not None)
    assert desk.nearby.place.tolist() == [0.3]
    assert panel.nearby.text.endswith("not judged")
    assert panel.nearby.isEnabled()
    fitted.session.instrument.set_cursor(0.4)
    assert desk.nearby is None
    assert not panel.nearby.isEnabled()
    fitted.qtbot.waitUntil(lambda: desk.nearby is not None)
    assert desk.nearby.place.tolist() == [0.4]


def test_that_no_rows_are_judged_while_a_run_goes_on(fitted: Stage):
    fitted.qtbot.waitUntil(lambda: fitted.window.reading.nearby is not None)
    before = fitted.session.model
    fitted.train_until_running()
    fitted.qtbot.waitUntil(lambda: fitted.session.model is not before)
    assert fitted.window.reading.nearby is None
    assert fitted.window.reading_panel.nearby.text == ""


# -- pins -------------------------------------------------------------------------------------------------------------


def test_that_each_double_click_adds_a_pin_everywhere(fitted: Stage):
    table = table_of(fitted)
    xs = []
    for x in (-1.0, 0.5, 2.0):
        point = fitted.point_of(x)
        fitted.double_click(point)
        xs.append(fitted.x_at(point))
    assert [pin.x for pin in fitted.session.instrument.pins] == xs
    assert [line.value() for line in fitted.plot.pins.lines.values()] == xs
    assert outlines(fitted) == ["A", "B", "C"]
    assert compared(fitted) == "◆ C"
    assert names_in(table) == ["cursor", "A", "B", "C"]


def test_that_another_button_pins_nothing(fitted: Stage):
    fitted.double_click(fitted.point_of(0.5), Qt.MouseButton.MiddleButton)
    assert fitted.session.instrument.pins == ()


def test_that_a_dragged_pin_is_read_where_it_goes(fitted: Stage):
    pin_at(fitted, 0.5, 1.5)
    fitted.plot.pins.lines["A"].setValue(-1.25)
    pin = fitted.session.instrument.pins[0]
    assert (pin.name, pin.x) == ("A", -1.25)
    expected = fitted.session.model.conditional([[-1.25]])
    np.testing.assert_array_equal(pin.reading.mixture.locs, expected.locs)
    shown = fitted.window.reading_panel.density._canvas.shown.pins[0].curves
    np.testing.assert_array_equal(shown.mixture.locs, expected.locs)


def test_that_the_mouse_leaves_to_the_newest_pin_on_the_line(two_inputs: Stage):
    pin_at(two_inputs, 0.5, 1.5)
    two_inputs.move_to(-1.0)
    two_inputs.leave()
    assert two_inputs.session.instrument.reading.x == 1.5
    assert two_inputs.window.reading_panel._origin.text() == "◆ pin B"
    two_inputs.session.instrument.hold(1, 0.9)
    x = two_inputs.move_to(-1.0)
    two_inputs.leave()
    assert two_inputs.session.instrument.reading.x == x
    assert two_inputs.window.reading_panel._origin.text() == "○ last x"


def test_that_a_pin_keeps_the_values_of_all_inputs(two_inputs: Stage):
    pin_at(two_inputs, 0.5)
    before = two_inputs.session.instrument.pins[0].reading.mixture.locs
    held = two_inputs.session.instrument.line.held[1]
    two_inputs.session.instrument.hold(1, held + 1.0)
    np.testing.assert_array_equal(two_inputs.session.instrument.pins[0].reading.mixture.locs, before)
    assert not two_inputs.plot.pins.lines["A"].movable  # it is elsewhere
    two_inputs.session.instrument.choose_axis(1)
    np.testing.assert_array_equal(two_inputs.session.instrument.pins[0].reading.mixture.locs, before)
    assert two_inputs.plot.pins.lines["A"].value() == held


def test_that_enter_in_the_pins_table_goes_there_in_every_input(two_inputs: Stage):
    pin_at(two_inputs, 0.5)
    held = float(two_inputs.session.instrument.line.held[1])
    two_inputs.session.instrument.hold(1, held + 1.0)
    two_inputs.session.instrument.set_cursor(2.0)
    table = table_of(two_inputs)
    table.view.setFocus()
    table.view.setCurrentIndex(table.model.index(1, 0))
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    instrument = two_inputs.session.instrument
    assert (instrument.reading.x, instrument.line.held[1], instrument.pin_name) == (0.5, held, "A")
    assert two_inputs.plot.marks.x() == 0.5


def test_that_pins_are_removed_renamed_and_cleared_in_their_table(fitted: Stage):
    pin_at(fitted, 0.5, 1.5, 2.5)
    table = table_of(fitted)
    table.view.setFocus()
    table.view.setCurrentIndex(table.model.index(2, 0))
    QTest.keyClick(table.view, Qt.Key.Key_Delete)
    assert list(fitted.plot.pins.lines) == ["A", "C"]
    table.model.setData(table.model.index(1, 0), "young", Qt.ItemDataRole.EditRole)
    assert sorted(fitted.plot.pins.lines) == ["C", "young"]
    assert [pin.name for pin in fitted.session.instrument.pins] == ["young", "C"]
    press(table, "Clear")
    assert not fitted.plot.pins.lines
    assert outlines(fitted) == []
    assert not fitted.window.actions_by_id["remove_pins"].isEnabled()


def test_that_pins_are_read_anew_of_every_snapshot(fitted: Stage):
    pin_at(fitted, 0.5)
    before = fitted.session.model
    fitted.train_until_running()
    fitted.qtbot.waitUntil(lambda: fitted.session.model is not before)
    np.testing.assert_array_equal(
        fitted.session.instrument.pins[0].reading.mixture.locs, fitted.session.model.conditional([[0.5]]).locs
    )
    fitted.trigger("discard_run")
    fitted.wait_for_idle()
    np.testing.assert_array_equal(
        fitted.session.instrument.pins[0].reading.mixture.locs, before.conditional([[0.5]]).locs
    )


def test_that_pins_that_go_with_their_columns_are_told(fitted: Stage):
    pin_at(fitted, 0.5, 1.5)
    fitted.session.choose_columns(("extra",), "response")
    assert fitted.notices[0].message == "2 pins were taken away: the data have other columns."
    assert fitted.notices[0].hint
    assert not fitted.plot.pins.lines
    assert table_of(fitted).model.rowCount() == 0


# -- what is asked ----------------------------------------------------------------------------------------------------


def asked_everywhere(stage: Stage) -> list[Questions]:
    window = stage.window
    return [
        stage.session.instrument.questions,
        stage.plot.stack.subject.questions,
        window.fit_panel.menu._questions,
        window.reading_panel.slice._questions,
        window.reading_panel.density.questions,
        window.reading.pins._questions,
    ]


def test_that_an_interval_that_is_typed_is_asked_everywhere(fitted: Stage):
    box = fitted.window.reading_panel.slice.interval.high
    box.setFocus()
    QTest.keyClicks(box, "0.25")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert set(asked_everywhere(fitted)) == {Questions(high=0.25)}
    fitted.plot.draw_now()
    lines = fitted.plot.stack.layers["interval"].lines
    assert [line.isVisible() for line in lines] == [False, True]
    assert lines[1].value() == 0.25


def test_that_an_end_that_is_dragged_in_the_plot_is_asked_everywhere(fitted: Stage):
    fitted.session.instrument.ask(Questions(low=-0.5, high=0.5))
    fitted.plot.draw_now()
    fitted.plot.stack.layers["interval"].lines[0].setValue(-0.25)
    assert set(asked_everywhere(fitted)) == {Questions(low=-0.25, high=0.5)}


def test_that_quantiles_and_region_of_the_menu_are_asked_everywhere(fitted: Stage):
    menu = fitted.window.fit_panel.menu
    menu.levels.setText("10 90 %")
    menu.levels.editingFinished.emit()
    menu.mass.setText("50 %")
    menu.mass.editingFinished.emit()
    assert set(asked_everywhere(fitted)) == {Questions((0.1, 0.9), 0.5)}
    keys = fitted.window.reading_panel.quantities.shown_keys()
    assert sum("quantile" in key for key in keys) == 2


def test_that_the_interval_goes_with_its_target(fitted: Stage):
    fitted.session.instrument.ask(Questions(high=0.5))
    fitted.session.choose_columns(("dose",), "extra")
    assert set(asked_everywhere(fitted)) == {Questions()}
    assert math.isinf(fitted.session.instrument.questions.high)


# -- data, colours ----------------------------------------------------------------------------------------------------


def test_that_other_data_of_the_same_columns_are_drawn(fitted: Stage):
    pin_at(fitted, 0.5)
    other = made_table("other", rows=9)
    fitted.open(other)
    assert fitted.state is RunState.DATA
    np.testing.assert_array_equal(fitted.plot._points_xy()[1], other.column("response").values)
    assert [pin.reading for pin in fitted.session.instrument.pins] == [None]
    assert list(fitted.plot.pins.lines) == ["A"]
    assert outlines(fitted) == []
    assert fitted.plot.hasFocus()


def test_that_panel_and_pins_take_the_colours_of_another_theme(fitted: Stage):
    fitted.window.choose_theme(ThemeChoice.DARK)
    assert fitted.window.reading_panel.density._canvas._theme is DARK
    assert fitted.window.reading.pins.model._theme is DARK
