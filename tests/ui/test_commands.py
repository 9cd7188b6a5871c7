import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from mdn_gui.core.grid import GridSpec
from mdn_gui.errors import UserError
from mdn_gui.files.project import load_model
from mdn_gui.session.messages import RunState
from mdn_gui.ui.actions import ACTIONS
from mdn_gui.ui.pictures import save_picture
from tests.ui.stage import Stage, made_table


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


def test_that_the_picture_is_twice_the_plot(fitted: Stage, tmp_path):
    path = fitted.dialogs.save_answer = tmp_path / "fit.png"
    fitted.trigger("export_picture")
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (2 * fitted.plot.width(), 2 * fitted.plot.height())
    assert len({picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}) > 20


@pytest.mark.parametrize("action", ["save_model", "export_table", "export_picture"])
def test_that_a_vanished_folder_is_a_notice(fitted: Stage, tmp_path, action):
    fitted.dialogs.save_answer = tmp_path / "gone" / "file.out"
    fitted.trigger(action)
    assert "gone" in fitted.notices[0].message
    assert fitted.notices[0].hint
    assert fitted.state is RunState.FITTED


@pytest.mark.parametrize("action", ["save_model", "export_table", "export_picture"])
def test_that_a_folder_in_place_of_the_file_is_a_notice(fitted: Stage, tmp_path, action):
    fitted.dialogs.save_answer = tmp_path
    fitted.trigger(action)
    assert str(tmp_path) in fitted.notices[0].message
    assert tmp_path.is_dir()


@pytest.mark.parametrize("action", ["save_model", "export_table", "export_picture"])
def test_that_a_cancelled_save_writes_nothing(fitted: Stage, tmp_path, action):
    before, status = set(tmp_path.iterdir()), fitted.window.status.text
    fitted.trigger(action)
    assert fitted.dialogs.asked[-1].startswith("save")
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
    suggestion = stage.dialogs.asked[-1].removeprefix("save ")
    assert suggestion.endswith("-fit.png")
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
    assert fitted.plot._model.model is previous
    assert fitted.window.status.text.startswith("The previous fit is back.")
    assert "Kept epoch" in fitted.window.status.text
    assert fitted.window.loss_panel.plot.record.epochs.tolist() == [1, 2, 3, 4, 5]


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
