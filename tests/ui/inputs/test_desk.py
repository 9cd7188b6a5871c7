"""The inputs' side of the window: sliders, importance, interaction grid follow the instrument and move it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mdn_gui.ui.inputs.held_inputs import HeldInputs
from mdn_gui.ui.inputs.interaction_panel import InteractionPanel
from mdn_gui.ui.theme import DARK
from mdn_gui.ui.theme_switch import ThemeChoice
from tests.ui.stage import Stage

DOSE, EXTRA = range(2)


def panel_of(stage: Stage) -> HeldInputs:
    return stage.window.inputs.panel


def interaction_of(stage: Stage) -> InteractionPanel:
    """Return the panel of importance and grid, in front, once it has read the model."""
    stage.window.docks.bring_forward("interaction")
    panel = stage.window.inputs.interaction
    stage.qtbot.waitUntil(lambda: panel.importance._model.local is not None)
    stage.qtbot.waitUntil(lambda: panel.importance._model.permuted is not None)
    stage.qtbot.waitUntil(lambda: panel.grid.drawn_table() is not None)
    return panel


def take_row(stage: Stage, number: int) -> None:
    """Type the number of a row, as a person does."""
    box = panel_of(stage).row_box.box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, str(number))
    QTest.keyClick(box, Qt.Key.Key_Return)


def held(stage: Stage) -> list[float]:
    return [float(value) for value in stage.session.instrument.line.held]


def values_of_row(stage: Stage, number: int) -> list[float]:
    table = stage.session.table
    return [float(table.column(name).values[number - 1]) for name in ("dose", "extra")]


# -- where the inputs are held ----------------------------------------------------------------------------------------


def test_that_a_slider_moves_what_is_read(two_inputs: Stage):
    values = two_inputs.session.table.column("extra").values
    two_inputs.session.instrument.set_cursor(0.5)
    panel_of(two_inputs).rows[EXTRA].slider.setValue(1000)
    assert held(two_inputs)[EXTRA] == values.max()
    expected = two_inputs.session.model.conditional([[0.5, values.max()]])
    np.testing.assert_array_equal(two_inputs.session.instrument.reading.mixture.locs, expected.locs)
    two_inputs.plot.draw_now()
    frame = two_inputs.plot.stack.frame
    along = np.column_stack((frame.x, np.full(len(frame.x), values.max())))
    np.testing.assert_array_equal(frame.mixture.locs, two_inputs.session.model.conditional(along).locs)


def test_that_another_axis_keeps_the_place(two_inputs: Stage):
    two_inputs.session.instrument.set_cursor(0.5)
    before = two_inputs.session.instrument.reading.mixture.locs
    middle = held(two_inputs)[EXTRA]
    axis = panel_of(two_inputs).axis
    axis.setCurrentIndex(EXTRA)
    axis.activated.emit(EXTRA)
    assert two_inputs.session.instrument.axis.name == "extra"
    assert two_inputs.session.instrument.reading.x == middle
    np.testing.assert_array_equal(two_inputs.session.instrument.reading.mixture.locs, before)
    assert float(panel_of(two_inputs).rows[DOSE].box.text()) == 0.5
    assert panel_of(two_inputs).rows[EXTRA].slider.isHidden()


def test_that_the_number_of_a_row_takes_its_values_and_says_so_until_one_moves(two_inputs: Stage):
    take_row(two_inputs, 12)
    assert [two_inputs.session.instrument.reading.x, held(two_inputs)[EXTRA]] == values_of_row(two_inputs, 12)
    assert panel_of(two_inputs).row_box.box.value() == 12
    panel_of(two_inputs).rows[EXTRA].slider.setValue(1000)
    assert panel_of(two_inputs).row_box.box.value() == 0


def test_that_rows_are_numbered_as_in_the_table_whatever_is_left_out(two_inputs: Stage):
    two_inputs.session.exclude_rows([0, 1, 5])
    take_row(two_inputs, 12)
    assert [two_inputs.session.instrument.reading.x, held(two_inputs)[EXTRA]] == values_of_row(two_inputs, 12)
    assert two_inputs.session.instrument.row == 8
    assert panel_of(two_inputs).row_box.box.value() == 12


def test_that_a_row_that_is_left_out_is_refused_in_words(two_inputs: Stage):
    two_inputs.session.exclude_rows([5])
    before = held(two_inputs)
    take_row(two_inputs, 6)
    assert two_inputs.notices[0].message == "Row 6 is not among the rows that are read."
    assert two_inputs.notices[0].hint
    assert held(two_inputs) == before


def test_that_the_last_row_is_taken_and_none_behind_it(two_inputs: Stage):
    assert panel_of(two_inputs).row_box.box.maximum() == 60
    two_inputs.session.exclude_rows([59])
    assert panel_of(two_inputs).row_box.box.maximum() == 60
    take_row(two_inputs, 60)
    assert "Row 60" in two_inputs.notices[0].message


def test_that_the_button_holds_every_other_input_at_its_middle(two_inputs: Stage):
    take_row(two_inputs, 12)
    panel_of(two_inputs).row_box.middle.click()
    values = two_inputs.session.table.column("extra").values
    assert held(two_inputs)[EXTRA] == float(np.median(values))
    assert two_inputs.session.instrument.reading.x == values_of_row(two_inputs, 12)[DOSE]
    assert panel_of(two_inputs).row_box.box.value() == 0


# -- importance, interaction ------------------------------------------------------------------------------------------


def test_that_nothing_is_worked_out_while_nobody_looks(two_inputs: Stage):
    panel = two_inputs.window.inputs.interaction
    two_inputs.window.docks.bring_forward("data")
    two_inputs.qtbot.waitUntil(lambda: panel.visibleRegion().isEmpty())
    two_inputs.settle()
    assert panel.importance._model.local is None
    assert panel.grid.drawn_table() is None


def test_that_importance_follows_the_cursor(two_inputs: Stage):
    two_inputs.session.instrument.set_cursor(0.5)
    model = interaction_of(two_inputs).importance._model
    before = model.local
    two_inputs.session.instrument.set_cursor(2.5)
    two_inputs.qtbot.waitUntil(lambda: model.local is not before)
    assert model.local.mean.tolist() != before.mean.tolist()
    assert two_inputs.window.inputs.interaction.grid._x == 2.5


def test_that_choosing_in_the_list_of_importance_exchanges_the_axis(two_inputs: Stage):
    importance = interaction_of(two_inputs).importance
    assert importance._model.on_axis == DOSE
    row = importance._model.order.index(EXTRA)
    place = importance.table.visualRect(importance._model.index(row, 0)).center()
    QTest.mouseClick(importance.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert two_inputs.session.instrument.axis.name == "extra"
    assert importance._model.on_axis == EXTRA


def test_that_a_cell_of_the_grid_holds_its_value(two_inputs: Stage):
    panel = interaction_of(two_inputs)
    before = held(two_inputs)[EXTRA]
    panel.grid.setFocus()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Return):
        QTest.keyClick(panel.grid, key)
    values = sorted(set(panel.grid.drawn_table().columns[0].tolist()))
    assert held(two_inputs)[EXTRA] == values[-1] != before


def test_that_what_is_shown_goes_with_the_fit(two_inputs: Stage):
    panel = interaction_of(two_inputs)
    two_inputs.trigger("reset_weights")
    two_inputs.settle()
    assert panel.importance.drawn_table() is None
    assert panel.grid.drawn_table() is None


def test_that_the_grid_takes_the_colours_of_another_theme(two_inputs: Stage):
    two_inputs.window.choose_theme(ThemeChoice.DARK)
    assert two_inputs.window.inputs.interaction.grid._theme is DARK


@pytest.mark.parametrize("columns", [("dose",), ("extra",)])
def test_that_one_input_leaves_nothing_to_hold(two_inputs: Stage, columns):
    two_inputs.session.choose_columns(columns, "response")
    two_inputs.train()
    assert [row.slider.isHidden() for row in panel_of(two_inputs).rows] == [True]
    assert two_inputs.window.inputs.interaction._note.text() == "One input: nothing to vary."
