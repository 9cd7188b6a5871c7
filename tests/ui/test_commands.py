import csv
import io
import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtTest import QTest

from mdn_gui.core.fitted import FittedModel
from mdn_gui.session.messages import RunState
from mdn_gui.ui.actions import ACTIONS
from tests.ui.stage import Stage, assert_reads, made_table

# -- file -------------------------------------------------------------------------------------------------------------


def test_that_open_reads_the_chosen_file(stage: Stage, tmp_path):
    stage.dialogs.open_answer = tmp_path / "chosen.csv"
    stage.dialogs.open_answer.write_text("a,b\n1,2\n2,3\n3,5\n")
    stage.trigger("open_file")
    stage.qtbot.waitUntil(lambda: stage.state is RunState.DATA)
    assert "chosen.csv" in stage.window.windowTitle()
    assert "3 rows" in stage.texts()
    assert stage.preferences.recent_files == (stage.dialogs.open_answer,)


def test_that_a_cancelled_open_changes_nothing(with_data: Stage):
    table = with_data.session.table
    with_data.trigger("open_file")
    with_data.settle()
    assert with_data.dialogs.asked == ["open"]
    assert with_data.session.table is table


def test_that_suggested_names_hold_no_dangerous_characters(stage: Stage):
    stage.open(made_table("../a/b:c*?.csv"))
    stage.trigger("export_picture")
    suggestion = stage.dialogs.asked[-1].removeprefix("picture ")
    assert suggestion.endswith("-fit")
    assert not set(suggestion) & set('/\\:*?"<>|')


def test_that_quit_closes_the_window(stage: Stage):
    stage.trigger("quit")
    assert not stage.window.isVisible()


# -- edit -------------------------------------------------------------------------------------------------------------


def test_that_the_copied_reading_parses_back_to_the_bits_of_the_model(fitted: Stage):
    fitted.session.instrument.set_cursor(0.1 + 0.2)
    fitted.trigger("copy_reading")
    rows = list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))
    mixture = fitted.session.model.conditional([[0.1 + 0.2]])
    assert rows[0] == ["dose", repr(0.1 + 0.2)]
    start = next(i for i, row in enumerate(rows) if row[0] == "component") + 1
    values = np.array([[float(cell) for cell in row[1:]] for row in rows[start : start + 3]])
    expected = np.column_stack((mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0]))
    np.testing.assert_array_equal(values, expected)
    named = {row[0]: row[1] for row in rows[start + 3 :]}
    assert float(named["mixture mean"]) == mixture.mean()[0]
    assert fitted.window.status.text == "Read-out copied."


def test_that_pinning_and_removing_the_pin_show_on_the_plot(fitted: Stage):
    fitted.session.instrument.set_cursor(0.5)
    fitted.trigger("pin_cursor")
    assert list(fitted.plot.pins.lines) == ["A"]
    assert fitted.plot.pins.lines["A"].value() == 0.5
    fitted.trigger("remove_pin")
    assert not fitted.plot.pins.lines
    assert fitted.session.instrument.pins == ()


def test_that_the_newest_pin_goes_first_and_all_go_at_once(fitted: Stage):
    for x in (0.5, -1.0, 2.0):
        fitted.session.instrument.set_cursor(x)
        fitted.trigger("pin_cursor")
    fitted.trigger("remove_pin")
    assert list(fitted.plot.pins.lines) == ["A", "B"]
    fitted.trigger("remove_pins")
    assert not fitted.plot.pins.lines
    assert fitted.session.instrument.pins == ()
    assert not fitted.window.actions_by_id["remove_pins"].isEnabled()


def test_that_typing_an_x_brings_the_box_forward_with_its_text_selected(fitted: Stage):
    panel = fitted.window.reading_panel
    panel.parentWidget().close()
    fitted.settle()
    fitted.trigger("type_x")
    fitted.settle()
    assert panel.isVisible()
    assert panel.x_box.hasFocus()
    QTest.keyClicks(panel.x_box, "1.25")
    QTest.keyClick(panel.x_box, Qt.Key.Key_Return)
    assert fitted.session.instrument.reading.x == 1.25


def test_that_asking_for_an_interval_gives_the_keyboard_to_its_upper_end(fitted: Stage):
    fitted.trigger("ask_interval")
    fitted.settle()
    box = fitted.window.reading_panel.slice.interval.high
    assert box.hasFocus()
    QTest.keyClicks(box, "0.5")
    QTest.keyClick(box, Qt.Key.Key_Return)
    asked = fitted.session.instrument.questions
    assert (asked.low, asked.high) == (-math.inf, 0.5)
    assert fitted.plot.stack.subject.questions == asked
    expected = fitted.session.instrument.reading.mixture.cdf(0.5)[0]
    assert fitted.window.reading_panel.density.probability == expected


def test_that_comparing_pins_brings_their_table_forward(fitted: Stage):
    fitted.trigger("pin_cursor")
    fitted.trigger("show_pins")
    fitted.qtbot.waitUntil(lambda: not fitted.window.reading.pins.visibleRegion().isEmpty())


def test_that_choosing_the_axis_gives_the_keyboard_to_the_list_of_inputs(two_inputs: Stage):
    two_inputs.window.docks.bring_forward("loss")
    two_inputs.trigger("type_axis")
    two_inputs.settle()
    box = two_inputs.window.inputs.panel.axis
    assert box.hasFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert two_inputs.session.instrument.axis.name == "extra"


def test_that_a_single_input_is_no_choice(fitted: Stage):
    fitted.plot.setFocus()
    fitted.trigger("type_axis")
    assert fitted.plot.hasFocus()
    assert fitted.window.docks.all[4].isHidden()


# -- data -------------------------------------------------------------------------------------------------------------


def test_that_the_values_of_the_picked_row_are_taken(two_inputs: Stage):
    two_inputs.window.desk.pick(np.array([7, 9]))
    two_inputs.trigger("take_picked_row")
    instrument, table = two_inputs.session.instrument, two_inputs.session.table
    row = [float(table.column(name).values[7]) for name in ("dose", "extra")]
    assert (instrument.reading.x, instrument.line.held.tolist()) == (row[0], row)
    assert two_inputs.window.inputs.panel.row_box.box.value() == 8
    assert two_inputs.plot.marks.x() == row[0]


def test_that_a_picked_row_that_is_left_out_is_refused_in_words(two_inputs: Stage):
    two_inputs.session.exclude_rows([7])
    before = two_inputs.session.instrument.reading
    two_inputs.window.desk.pick(np.array([7]))
    two_inputs.trigger("take_picked_row")
    assert two_inputs.notices[0].message == "Row 8 is not among the rows that are read."
    assert two_inputs.session.instrument.reading is before


def test_that_the_other_inputs_go_back_to_their_middle(two_inputs: Stage):
    instrument = two_inputs.session.instrument
    instrument.set_cursor(1.0)
    instrument.hold(1, 5.0)
    two_inputs.trigger("hold_at_middle")
    middle = float(np.median(two_inputs.session.table.column("extra").values))
    assert (instrument.reading.x, instrument.line.held[1]) == (1.0, middle)
    assert float(two_inputs.window.inputs.panel.rows[1].box.text()) == pytest.approx(middle, abs=1e-3)


# -- model ------------------------------------------------------------------------------------------------------------


def test_that_train_trains(with_data: Stage):
    with_data.trigger("train")
    with_data.wait_for_idle()
    assert with_data.state is RunState.FITTED
    assert "Kept epoch 5" in with_data.window.status.text


def test_that_stop_early_says_so_at_once_and_keeps_the_best_epoch(with_data: Stage):
    with_data.train_until_running()
    with_data.trigger("stop_early")
    assert with_data.window.status.text.startswith("Stopping")
    with_data.wait_for_idle()
    assert "Stopped by you after 1 epoch. Kept epoch 1" in with_data.window.status.text


def test_that_discard_brings_the_previous_fit_back(fitted: Stage):
    previous = fitted.session.model
    fitted.train_until_running()
    fitted.trigger("discard_run")
    fitted.wait_for_idle()
    assert fitted.session.model is previous
    assert fitted.plot.stack.subject.model.model is previous
    assert fitted.window.status.text.startswith("The previous fit is back.")
    assert "Kept epoch" in fitted.window.status.text
    assert fitted.window.loss_panel.plot.record.epochs.tolist() == [1, 2, 3, 4, 5]


def with_dead_component(model: FittedModel) -> FittedModel:
    """Return a model whose last component has no weight."""
    network = model.network
    bias = network.biases[-1].copy()
    bias[network.num_components - 1] = -1e3
    return replace(model, network=replace(network, biases=(*network.biases[:-1], bias)))


def test_that_components_that_are_not_needed_are_removed_before_training_goes_on(with_data: Stage):
    with_data.fit.finish = with_dead_component
    with_data.train()
    with_data.qtbot.waitUntil(with_data.window.actions_by_id["remove_components"].isEnabled)
    line = with_data.window.reading_panel.findings
    assert line.text.startswith("* Component 3 can go")
    with_data.fit.finish, with_data.fit.components = lambda model: model, 2
    with_data.trigger("remove_components")
    with_data.wait_for_idle()
    assert with_data.fit.continued[-1].num_components == 2
    assert with_data.session.model_config.num_components == 2
    assert with_data.window.setup_panel.form.editor("num_components").value() == 2
    with_data.qtbot.waitUntil(line.isHidden)
    assert not with_data.window.actions_by_id["remove_components"].isEnabled()


def test_that_the_fit_comes_back_after_an_epoch_of_the_past(fitted: Stage):
    fitted.session.show_epoch(2)
    assert fitted.plot.stack.subject.model.model is not fitted.session.fitted
    assert fitted.window.actions_by_id["show_fit"].isEnabled()
    fitted.trigger("show_fit")
    assert fitted.session.shown_epoch is None
    assert fitted.plot.stack.subject.model.model is fitted.session.fitted
    assert not fitted.window.actions_by_id["show_fit"].isEnabled()
    assert_reads(fitted, fitted.move_to(0.3))


# -- view, help -------------------------------------------------------------------------------------------------------


def test_that_show_all_data_brings_the_view_back(with_data: Stage):
    before = with_data.plot.view.viewRect()
    with_data.plot.view.setRange(xRange=(100, 101), yRange=(100, 101))
    with_data.trigger("view_all")
    after = with_data.plot.view.viewRect()
    assert (after.left(), after.width()) == pytest.approx((before.left(), before.width()))


def test_that_reset_layout_puts_the_docks_back(with_data: Stage):
    for dock in with_data.window.docks.all[:3]:
        dock.close()
    with_data.settle()
    with_data.trigger("reset_layout")
    with_data.settle()
    assert all(dock.isVisible() for dock in with_data.window.docks.all[:3])


def test_that_reset_layout_on_the_welcome_page_shows_no_docks_until_data_are_open(stage: Stage):
    stage.trigger("reset_layout")
    stage.settle()
    assert not any(dock.isVisible() for dock in stage.window.docks.all[:3])
    stage.open()
    stage.settle()
    assert all(dock.isVisible() for dock in stage.window.docks.all[:3])
    assert not any(dock.isFloating() for dock in stage.window.docks.all[:3])
    areas = [stage.window.dockWidgetArea(dock) for dock in stage.window.docks.all[:3]]
    sides = Qt.DockWidgetArea
    assert areas == [sides.LeftDockWidgetArea, sides.RightDockWidgetArea, sides.BottomDockWidgetArea]


def test_that_the_shortcut_sheet_names_every_shortcut(stage: Stage):
    stage.trigger("show_shortcuts")
    (title, text) = stage.dialogs.told[0]
    assert title == "Keyboard shortcuts"
    for spec in ACTIONS:
        if spec.shortcut:
            assert f">{spec.text}</td>" in text
            assert f"<b>{spec.shortcut.replace(';', ',')}</b>" in text


def test_that_the_shortcut_sheet_is_lower_than_a_small_screen_and_narrower(stage: Stage):
    stage.trigger("show_shortcuts")
    sheet = QTextDocument()
    sheet.setDefaultFont(stage.window.font())
    sheet.setHtml(stage.dialogs.told[0][1])
    assert 200.0 < sheet.size().height() < 600.0
    assert sheet.idealWidth() < 1000.0


def test_that_about_tells_name_version_licence(stage: Stage):
    stage.trigger("show_about")
    assert "mdn-gui 0" in stage.dialogs.told[0][1]
    assert "MIT" in stage.dialogs.told[0][1]
