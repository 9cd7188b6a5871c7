"""Places and fits at the edge of what there can be: shown sensibly, or refused in words."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mdn_gui.core.calibration import Calibration
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.questions import Questions
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.session.messages import RunState
from mdn_gui.ui.fit.layers.table import LAYERS
from mdn_gui.ui.theme_switch import ThemeChoice
from tests.ui.stage import Stage, assert_cursor_at, made_table


def show_everything(stage: Stage) -> None:
    """Switch every layer on, pin two places, ask for an interval, look at every panel in both themes."""
    window, instrument = stage.window, stage.session.instrument
    for spec in LAYERS:
        stage.plot.show_layer(spec.name, visible=True)
    axis = instrument.axis
    for x in (axis.low, axis.high):
        instrument.set_cursor(x)
        stage.trigger("pin_cursor")
    instrument.ask(replace(Questions(), low=-0.5, high=0.5))
    for theme in (ThemeChoice.DARK, ThemeChoice.LIGHT):
        window.choose_theme(theme)
        for dock in window.docks.all:
            if dock.toggleViewAction().isEnabled():
                window.docks.bring_forward(dock.objectName())
                stage.settle()
        stage.plot.draw_now()
        window.grab()
    window.reading_panel.show_now()
    window.reading.pins.show_now()


def assert_reads_on(stage: Stage) -> None:
    """Assert that plot, read-out, slice, pins read the model that the session shows, at the cursor."""
    session, window = stage.session, stage.window
    reading = session.instrument.reading
    expected = session.model.conditional(session.instrument.line.inputs(np.array([reading.x])))
    np.testing.assert_array_equal(reading.mixture.locs, expected.locs)
    assert_cursor_at(stage, reading.x)
    components = window.reading_panel.table.drawn_table()
    np.testing.assert_array_equal(components.columns[1], expected.weights[0])
    rows = window.reading_panel.quantities.drawn_table()
    values = dict(zip(rows.columns[0], rows.columns[1], strict=False))
    assert values["mixture mean"] == expected.mean()[0]
    assert all(pin.reading is not None for pin in session.instrument.pins)
    assert stage.messages == []


def type_x(stage: Stage, text: str) -> None:
    box = stage.window.reading_panel.x_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def support(stage: Stage) -> str:
    return stage.window.reading_panel._support.text()


# -- components -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("components", [1, 64])
def test_that_few_and_many_components_are_shown_everywhere(with_data: Stage, components):
    with_data.fit.components = components
    with_data.train()
    show_everything(with_data)
    with_data.session.instrument.set_cursor(0.3)
    assert_reads_on(with_data)
    assert with_data.window.reading_panel.table.model().rowCount() == components
    assert len(with_data.plot.marks.marks) == components


def weightless(model: FittedModel) -> FittedModel:
    """Return the model with two components whose weight is exactly 0."""
    network = model.network
    bias = network.biases[-1].copy()
    bias[1:3] = -1e6
    return replace(model, network=replace(network, biases=(*network.biases[:-1], bias)))


def narrow(model: FittedModel) -> FittedModel:
    """Return the model with every sd at the floor."""
    network = model.network
    bias = network.biases[-1].copy()
    bias[2 * network.num_components :] = -1e6
    return replace(model, network=replace(network, biases=(*network.biases[:-1], bias)))


@pytest.mark.parametrize("finish", [weightless, narrow])
def test_that_components_without_weight_or_width_are_shown_everywhere(with_data: Stage, finish):
    with_data.fit.finish = finish
    with_data.train()
    show_everything(with_data)
    with_data.session.instrument.set_cursor(0.3)
    mixture = with_data.session.instrument.reading.mixture
    if finish is weightless:
        assert mixture.weights[0, 1:].tolist() == [0.0, 0.0]
    else:
        assert set(mixture.scales[0].tolist()) == {with_data.session.model.smallest_scale}
    assert_reads_on(with_data)


# -- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1e12", "-1e12", "1e300"])
def test_that_an_x_far_outside_is_read_and_named_so(fitted: Stage, text):
    type_x(fitted, text)
    show_everything(fitted)
    type_x(fitted, text)
    fitted.trigger("pin_cursor")
    fitted.window.reading.pins.show_now()
    assert fitted.session.instrument.reading.x == float(text)
    assert "Outside the data: extrapolated" in support(fitted)
    assert_reads_on(fitted)
    pins = fitted.window.reading.pins
    row = [pins.model.index(len(pins.model.places) - 1, column).data() for column in range(pins.model.columnCount())]
    assert "outside" in row


@pytest.mark.parametrize("text", ["1e400", "nan", "inf", "ten", ""])
def test_that_an_x_that_is_no_number_is_marked_and_nothing_moves(fitted: Stage, text):
    type_x(fitted, "0.5")
    box = fitted.window.reading_panel.x_box
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    type_x(fitted, text)
    assert fitted.session.instrument.reading.x == 0.5
    assert box.property("wrong")
    assert box.toolTip()


def hold_typed(stage: Stage, place: int, text: str) -> None:
    box = stage.window.inputs.panel.rows[place].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize("text", ["99", "1e12"])
def test_that_an_input_held_outside_its_range_is_named(two_inputs: Stage, text):
    hold_typed(two_inputs, 1, text)
    assert two_inputs.session.instrument.line.held[1] == float(text)
    assert "Held outside the data: extra" in support(two_inputs)
    show_everything(two_inputs)
    assert_reads_on(two_inputs)
    two_inputs.trigger("hold_at_middle")
    assert "Held outside" not in support(two_inputs)


def test_that_a_value_to_hold_that_is_no_number_changes_nothing(two_inputs: Stage):
    before = two_inputs.session.instrument.line.held.tolist()
    hold_typed(two_inputs, 1, "much")
    assert two_inputs.session.instrument.line.held.tolist() == before


# -- a constant input -------------------------------------------------------------------------------------------------


@pytest.fixture
def constant(hidden_stage: Stage) -> Stage:
    """A window with a fit of dose and of an input that never changes."""
    x = np.linspace(-2.0, 3.0, 40)
    hidden_stage.open(made_table("flat", dose=x, flat=np.full(40, 7.0), response=np.sin(x)))
    assert hidden_stage.session.choose_columns(("dose", "flat"), "response")
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage


def test_that_a_constant_input_is_held_at_its_value(constant: Stage):
    show_everything(constant)
    assert constant.session.instrument.line.held[1] == 7.0
    assert "Held outside" not in support(constant)
    assert_reads_on(constant)
    slider = constant.window.inputs.panel.rows[1].slider
    slider.setValue(slider.maximum())
    assert constant.session.instrument.line.held[1] == 7.0


def test_that_a_constant_input_can_stand_on_the_axis(constant: Stage):
    constant.session.instrument.choose_axis(1)
    show_everything(constant)
    assert constant.session.instrument.reading.x == 7.0
    assert_reads_on(constant)
    low, high = constant.plot.view.viewRange()[0]
    assert low < 7.0 < high
    constant.session.instrument.set_cursor(8.0)
    assert "Outside the data: extrapolated" in support(constant)


def test_that_a_constant_input_alone_is_refused_in_words(constant: Stage):
    selection = constant.session.selection
    assert not constant.session.choose_columns(("flat",), "response")
    assert "every value of 'flat' is 7" in constant.messages[0]
    assert constant.session.selection is selection


# -- pins, other runs when the data change ----------------------------------------------------------------------------


def test_that_pins_stay_where_rows_are_excluded(fitted: Stage):
    show_everything(fitted)
    before = [(pin.name, pin.x, pin.reading.mixture.locs.tolist()) for pin in fitted.session.instrument.pins]
    fitted.session.exclude_rows(np.arange(20))
    after = [(pin.name, pin.x, pin.reading.mixture.locs.tolist()) for pin in fitted.session.instrument.pins]
    assert after == before
    assert list(fitted.plot.pins.lines) == ["A", "B"]
    assert [message for message in fitted.messages if "pin" in message] == []


def test_that_pins_go_with_their_columns_and_that_is_told(two_inputs: Stage):
    show_everything(two_inputs)
    two_inputs.session.choose_columns(("extra",), "response")
    assert two_inputs.session.instrument.pins == ()
    assert two_inputs.messages == ["2 pins were taken away: the data have other columns."]
    two_inputs.train()
    two_inputs.window.docks.bring_forward("pins")
    two_inputs.settle()
    two_inputs.window.grab()
    assert two_inputs.window.reading.pins.table() is None


def test_that_another_target_leaves_the_pins_but_not_the_interval(fitted: Stage):
    show_everything(fitted)
    fitted.session.choose_columns(("dose",), "extra")
    assert [pin.reading for pin in fitted.session.instrument.pins] == [None, None]
    assert not fitted.session.instrument.questions.has_interval
    fitted.train()
    assert_reads_on(fitted)


def test_that_a_run_of_other_inputs_is_not_compared_but_named(fitted: Stage):
    fitted.session.choose_columns(("dose", "extra"), "response")
    fitted.train()
    show_everything(fitted)
    assert fitted.plot.stack.subject.comparison is None
    menu = fitted.window.menus.comparison
    menu.aboutToShow.emit()
    (other,) = (action for action in menu.actions() if action.text().startswith("Run 1"))
    assert other.text().endswith("it read other columns")
    assert not other.isEnabled()
    assert_reads_on(fitted)


def test_that_two_rows_are_enough_to_train_read_and_judge(stage: Stage):
    stage.open(made_table("two rows", dose=[0.0, 1.0], response=[1.0, 2.0]))
    stage.train()
    assert stage.state is RunState.FITTED
    show_everything(stage)
    assert_reads_on(stage)
    panel = stage.window.trust.panel
    stage.qtbot.waitUntil(lambda: panel._found is not Unjudged.BUSY)
    assert isinstance(panel._found, Calibration)
    assert panel._found.num_rows == 1
    stage.window.docks.bring_forward("calibration")
    stage.settle()
    assert "nan" not in stage.texts()
