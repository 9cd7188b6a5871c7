import csv
import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtTest import QTest

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.errors import UserError
from mdn_gui.files.project import load_model
from mdn_gui.session.messages import RunState
from mdn_gui.ui.actions import ACTIONS
from mdn_gui.ui.pictures import save_picture
from tests.ui.stage import Stage, assert_reads, made_table


def rows_of(path: Path) -> tuple[list[str], np.ndarray, list[str]]:
    """Return header, numbers, comment lines of a saved table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    header, *body = csv.reader(line for line in lines if not line.startswith("#"))
    return header, np.array([[float(cell) for cell in row] for row in body]), comments


def parameters(stage: Stage, x: np.ndarray) -> np.ndarray:
    mixture = stage.session.model.conditional(x[:, None])
    moments = (mixture.mean(), mixture.variance(), mixture.sd())
    return np.column_stack((x, mixture.weights, mixture.locs, mixture.variances, mixture.scales, *moments))


def answer_with(stage: Stage, path: Path) -> None:
    """Answer every question for a place with a path."""
    stage.dialogs.save_answer, stage.dialogs.picture_answer = path, (path, 2.0)


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


def test_that_save_model_writes_a_file_that_reads_alike(fitted: Stage, tmp_path):
    fitted.dialogs.save_answer = tmp_path / "kept.mdn"
    fitted.trigger("save_model")
    loaded = load_model(tmp_path / "kept.mdn")
    expected = fitted.session.model.conditional([[0.5]])
    np.testing.assert_array_equal(loaded.conditional([[0.5]]).locs, expected.locs)
    assert fitted.window.status.text == "Saved kept.mdn."


def test_that_the_exported_table_parses_back_to_the_bits_of_the_model(fitted: Stage, tmp_path):
    path = fitted.dialogs.save_answer = tmp_path / "table.csv"
    fitted.dialogs.grid_answer = GridSpec(-2.5, 3.5, 37)
    fitted.trigger("export_table")
    header, values, comments = rows_of(path)
    np.testing.assert_array_equal(values, parameters(fitted, np.linspace(-2.5, 3.5, 37)))
    assert header[:2] == ["dose", "weight_1"]
    assert any("seed: 0" in line for line in comments)
    assert any("num_components: 3" in line for line in comments)


def test_that_the_proposed_grid_is_a_thousand_points_over_the_data(fitted: Stage, tmp_path):
    path = fitted.dialogs.save_answer = tmp_path / "table.csv"
    fitted.trigger("export_table")
    _, values, _ = rows_of(path)
    axis = fitted.session.instrument.axis
    np.testing.assert_array_equal(values[:, 0], np.linspace(axis.low, axis.high, 1000))


def test_that_the_table_can_be_taken_during_training(with_data: Stage, tmp_path):
    with_data.train_until_running()
    path = with_data.dialogs.save_answer = tmp_path / "table.csv"
    with_data.dialogs.grid_answer = GridSpec(0.0, 1.0, 3)
    with_data.trigger("export_table")
    _, values, _ = rows_of(path)
    np.testing.assert_array_equal(values, parameters(with_data, np.linspace(0.0, 1.0, 3)))


def test_that_the_picture_is_as_fine_as_is_asked(fitted: Stage, tmp_path):
    path = tmp_path / "fit.png"
    fitted.dialogs.picture_answer = path, 2.0
    fitted.trigger("export_picture")
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (2 * fitted.plot.width(), 2 * fitted.plot.height())
    assert len({picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}) > 20


@pytest.mark.parametrize("action", ["save_model", "export_table", "export_picture"])
def test_that_a_vanished_folder_is_a_notice(fitted: Stage, tmp_path, action):
    answer_with(fitted, tmp_path / "gone" / "file.png")
    fitted.trigger(action)
    assert "gone" in fitted.notices[0].message
    assert fitted.notices[0].hint
    assert fitted.state is RunState.FITTED


@pytest.mark.parametrize("action", ["save_model", "export_table", "export_picture"])
def test_that_a_folder_in_place_of_the_file_is_a_notice(fitted: Stage, tmp_path, action):
    folder = tmp_path / "folder.png"
    folder.mkdir()
    answer_with(fitted, folder)
    fitted.trigger(action)
    assert str(folder) in fitted.notices[0].message
    assert folder.is_dir()


@pytest.mark.parametrize("action", ["save_model", "export_table", "export_picture"])
def test_that_a_cancelled_save_writes_nothing(fitted: Stage, tmp_path, action):
    before, status = set(tmp_path.iterdir()), fitted.window.status.text
    fitted.trigger(action)
    assert fitted.dialogs.asked[-1].startswith(("save", "picture"))
    assert set(tmp_path.iterdir()) == before
    assert fitted.window.status.text == status


def test_that_a_picture_that_cannot_be_drawn_leaves_the_earlier_file(tmp_path, qapp):
    path = tmp_path / "fit.png"
    path.write_bytes(b"before")
    with pytest.raises(UserError, match=r"cannot be saved|empty or too large"):
        save_picture(path, QPixmap())
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


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
    for dock in with_data.window.docks.all[:4]:
        dock.close()
    with_data.settle()
    with_data.trigger("reset_layout")
    with_data.settle()
    assert all(dock.isVisible() for dock in with_data.window.docks.all[:4])


def test_that_reset_layout_on_the_welcome_page_shows_no_docks_until_data_are_open(stage: Stage):
    stage.trigger("reset_layout")
    stage.settle()
    assert not any(dock.isVisible() for dock in stage.window.docks.all[:4])
    stage.open()
    stage.settle()
    assert all(dock.isVisible() for dock in stage.window.docks.all[:4])
    assert not any(dock.isFloating() for dock in stage.window.docks.all[:4])
    areas = [stage.window.dockWidgetArea(dock) for dock in stage.window.docks.all[:4]]
    sides = Qt.DockWidgetArea
    below = sides.BottomDockWidgetArea
    assert areas == [sides.LeftDockWidgetArea, sides.RightDockWidgetArea, below, below]


def test_that_the_shortcut_sheet_names_every_shortcut(stage: Stage):
    stage.trigger("show_shortcuts")
    (title, text) = stage.dialogs.told[0]
    assert title == "Keyboard shortcuts"
    for spec in ACTIONS:
        if spec.shortcut:
            assert f"<td>{spec.text}</td>" in text
            assert f"<b>{spec.shortcut.replace(';', ',')}</b>" in text


def test_that_about_tells_name_version_licence(stage: Stage):
    stage.trigger("show_about")
    assert "mdn-gui 0" in stage.dialogs.told[0][1]
    assert "MIT" in stage.dialogs.told[0][1]
