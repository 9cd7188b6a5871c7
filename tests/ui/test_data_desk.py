"""Rows picked, excluded, mended."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QTest

from mdn_gui.core.findings import FindingKind, Mend
from mdn_gui.core.table import Table
from mdn_gui.session.messages import RunState
from mdn_gui.ui.fit.row_picker import PickMode
from tests.ui.stage import Stage, made_table

ROWS = 40
GAPS = [2, 5, 11]
"""Rows without a dose: behind them, rows of the table and of the data set have different numbers."""


def columns(rows: int = ROWS) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    dose = rng.uniform(-2.0, 3.0, rows)
    return {"dose": dose, "extra": rng.normal(size=rows), "response": np.sin(dose) + 0.1 * rng.normal(size=rows)}


def gappy_table() -> Table:
    values = columns()
    values["dose"][GAPS] = np.nan
    return made_table("gaps", **values)


def roles_of(table: Table, *inputs: str) -> Table:
    """Return a table that opens with these inputs, the last column as target."""
    return Table(table.title, table.columns, table.source, inputs, table.columns[-1].name)


@pytest.fixture
def gappy(hidden_stage: Stage) -> Stage:
    """A window with rows left out in between."""
    hidden_stage.open(gappy_table())
    hidden_stage.show()
    return hidden_stage


@pytest.fixture
def gappy_fit(hidden_stage: Stage) -> Stage:
    """The same, with a fit."""
    hidden_stage.open(gappy_table())
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage


def used_rows() -> np.ndarray:
    return np.delete(np.arange(ROWS), GAPS)


def draw_round(stage: Stage, low: float, high: float) -> list[int]:
    """Draw round the rows with a dose in between; return which of the table they are."""
    corners = np.array([(low, -9.0), (high, -9.0), (high, 9.0), (low, 9.0)])
    with stage.qtbot.waitSignal(stage.plot.picker.rows_picked):
        stage.plot.picker.area.outlined.emit(corners, PickMode.REPLACE)
    dose = gappy_table().column("dose").values
    return np.flatnonzero((dose > low) & (dose < high)).tolist()


def select_in_table(stage: Stage, rows: list[int]) -> None:
    """Select rows as a click with Ctrl does."""
    table = stage.window.desk.panel.rows
    selection = QItemSelection()
    for row in rows:
        selection.select(table.model().index(row, 0), table.model().index(row, 0))
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)


def picked(stage: Stage) -> tuple[list[int], list[int], list[int]]:
    """Return what is picked by desk, table, plot; of the plot as rows of the table."""
    in_plot = stage.session.selection.rows[stage.plot.picker.rows]
    desk = stage.window.desk
    return desk.picked.tolist(), desk.panel.rows.selected().tolist(), in_plot.tolist()


def rows_text(stage: Stage) -> str:
    return stage.window.setup_panel._rows.text()


UNSEEN = "The fit has not seen the rows as they are now."


# -- picking ----------------------------------------------------------------------------------------------------------


def test_that_rows_picked_in_the_plot_are_selected_in_the_table(gappy: Stage):
    rows = draw_round(gappy, 0.0, 2.0)
    assert 3 < len(rows) < 30
    assert max(rows) > max(GAPS)
    assert picked(gappy) == (rows, rows, rows)
    assert gappy.window.actions_by_id["exclude_picked"].isEnabled()


def test_that_rows_selected_in_the_table_are_picked_in_the_plot_where_they_are_drawn(gappy: Stage):
    rows = [1, GAPS[0], GAPS[0] + 1, GAPS[2], 30]
    select_in_table(gappy, rows)
    drawn = [row for row in rows if row not in GAPS]
    assert picked(gappy) == (rows, rows, drawn)


def test_that_a_row_behind_the_last_drawn_one_is_not_picked_in_the_plot(stage: Stage):
    values = columns()
    values["dose"][-3:] = np.nan
    stage.open(made_table("t", **values))
    select_in_table(stage, [ROWS - 2])
    assert picked(stage) == ([ROWS - 2], [ROWS - 2], [])


def test_that_picked_rows_are_forgotten_when_columns_change(gappy: Stage):
    draw_round(gappy, 0.0, 2.0)
    gappy.session.choose_columns(("extra",), "response")
    assert picked(gappy) == ([], [], [])
    assert not gappy.window.actions_by_id["exclude_picked"].isEnabled()


def test_that_picked_rows_stay_picked_when_another_input_comes_on_the_axis(stage: Stage):
    stage.open(roles_of(gappy_table(), "dose", "extra"))
    rows = draw_round(stage, 0.0, 2.0)
    stage.session.instrument.choose_axis(1)
    assert picked(stage) == (rows, rows, rows)


# -- excluding --------------------------------------------------------------------------------------------------------


def press_delete(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_Delete)


def press_button(stage: Stage) -> None:
    stage.window.desk.panel.exclude_button.click()


def trigger_action(stage: Stage) -> None:
    stage.trigger("exclude_picked")


@pytest.mark.parametrize("exclude", [press_button, trigger_action, press_delete])
def test_that_picked_rows_are_taken_out(gappy_fit: Stage, exclude):
    rows = draw_round(gappy_fit, 0.0, 1.0)
    exclude(gappy_fit)
    left = np.setdiff1d(used_rows(), rows)
    np.testing.assert_array_equal(gappy_fit.session.selection.rows, left)
    np.testing.assert_array_equal(gappy_fit.plot._points_xy()[1], gappy_table().column("response").values[left])
    assert rows_text(gappy_fit) == f"{len(left)} rows · {len(GAPS) + len(rows)} left out"
    assert picked(gappy_fit) == ([], [], [])
    assert gappy_fit.messages == [UNSEEN]
    assert gappy_fit.notices[0].action == "train"
    assert gappy_fit.state is RunState.FITTED


@pytest.mark.parametrize("way", ["button", "action"])
def test_that_restoring_brings_excluded_rows_back(gappy_fit: Stage, way):
    gappy_fit.session.exclude_rows([7, 8, 9])
    assert gappy_fit.messages == [UNSEEN]
    if way == "button":
        gappy_fit.window.desk.panel.restore_button.click()
    else:
        gappy_fit.trigger("restore_rows")
    np.testing.assert_array_equal(gappy_fit.session.selection.rows, used_rows())
    assert rows_text(gappy_fit) == f"{len(used_rows())} rows · {len(GAPS)} left out"
    assert gappy_fit.messages == []
    assert not gappy_fit.window.actions_by_id["restore_rows"].isEnabled()


def test_that_a_new_run_takes_the_notice_of_unseen_rows_away(gappy_fit: Stage):
    gappy_fit.session.exclude_rows([7])
    assert gappy_fit.messages == [UNSEEN]
    gappy_fit.train()
    assert gappy_fit.messages == []


def test_that_excluding_too_many_rows_is_a_notice_and_they_stay(gappy: Stage):
    gappy.session.exclude_rows(np.arange(1, ROWS))
    assert "1 of 40 rows" in gappy.messages[0]
    np.testing.assert_array_equal(gappy.session.selection.rows, used_rows())


def test_that_rows_are_not_taken_out_while_a_run_is_under_way(gappy: Stage):
    draw_round(gappy, 0.0, 1.0)
    gappy.train_until_running()
    press_delete(gappy)
    press_button(gappy)
    np.testing.assert_array_equal(gappy.session.selection.rows, used_rows())
    assert "while a run is under way" in gappy.messages[0]


# -- mends ------------------------------------------------------------------------------------------------------------


def mend(stage: Stage, kind: FindingKind) -> None:
    """Press the button of a finding once it is there."""
    checks = stage.window.setup_panel.checks
    stage.qtbot.waitUntil(lambda: kind in {finding.kind for finding in checks.shown})
    card = next(card for card in checks._cards if card.finding.kind is kind)
    card._mend.click()


def test_that_constant_inputs_are_dropped(stage: Stage):
    values = columns()
    table = made_table("t", dose=values["dose"], flat=np.full(ROWS, 4.0), response=values["response"])
    stage.open(roles_of(table, "dose", "flat"))
    mend(stage, FindingKind.CONSTANT)
    assert stage.session.dataset.input_names == ("dose",)


def test_that_repeated_rows_are_excluded(stage: Stage):
    values = {name: np.append(cells, cells[[4, 20]]) for name, cells in columns().items()}
    stage.open(made_table("t", **values))
    mend(stage, FindingKind.REPEATS)
    np.testing.assert_array_equal(stage.session.data.taken.excluded, [ROWS, ROWS + 1])
    assert rows_text(stage) == "40 rows · 2 left out"


def test_that_outliers_are_selected_in_front_of_the_person(stage: Stage):
    values = columns()
    values["dose"][GAPS] = np.nan
    values["response"][30] = 1e4
    stage.open(made_table("t", **values))
    mend(stage, FindingKind.OUTLIERS)
    assert picked(stage) == ([30], [30], [30])
    stage.qtbot.waitUntil(lambda: not stage.window.desk.panel.visibleRegion().isEmpty())
    assert len(stage.session.selection.rows) == len(used_rows())


def test_that_k_is_set_where_rows_are_few(stage: Stage):
    stage.open(made_table("t", **columns()))
    before = stage.session.model_config.num_components
    mend(stage, FindingKind.FEW_ROWS)
    assert 1 <= stage.session.model_config.num_components < before
    box = stage.window.setup_panel.form.editor("num_components")
    assert box.value() == stage.session.model_config.num_components


# -- a transform that is not possible ---------------------------------------------------------------------------------


def test_that_an_impossible_transform_is_told_at_once_and_taken_back_at_a_click(with_data: Stage):
    session = with_data.session
    session.configure(replace(session.model_config, target_transform="log"), session.training_config)
    checks = with_data.window.setup_panel.checks
    with_data.qtbot.waitUntil(lambda: any("do not allow the log" in each.message for each in checks.shown))
    with_data.trigger("train")
    assert with_data.state is RunState.DATA
    assert "The transform log needs values above 0" in with_data.messages[0]
    (finding,) = (each for each in checks.shown if each.mend is Mend.NO_TRANSFORM)
    checks.mend_requested.emit(finding)
    assert session.model_config.target_transform == "none"
    assert with_data.messages == []
    with_data.train()
    assert with_data.state is RunState.FITTED


def test_that_the_curve_of_a_fit_goes_with_it_when_a_column_goes(fitted: Stage):
    assert len(fitted.window.loss_panel.plot.record) == 5
    fitted.session.choose_columns(("extra",), "response")
    assert len(fitted.window.loss_panel.plot.record) == 0
