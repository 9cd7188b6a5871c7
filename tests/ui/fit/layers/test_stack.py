"""What is on is drawn, coarsely at once, finely after a pause; nothing stale is seen."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit

from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Section
from mdn_gui.ui.fit.layers.frame import Look
from mdn_gui.ui.fit.layers.stack import COARSE, FINE
from mdn_gui.ui.fit.layers.table import LAYERS
from mdn_gui.ui.fit.panel import FitPanel
from tests.fakes import made_model
from tests.ui.stage import Stage


def settled(stage: Stage) -> None:
    stage.qtbot.waitUntil(lambda: not stage.plot.is_drawing)


def on(stage: Stage, name: str):
    stage.window.fit_panel.switches[name].setChecked(True)
    settled(stage)
    return stage.plot.stack.layers[name]


# -- when -------------------------------------------------------------------------------------------------------------


def test_that_a_change_is_drawn_coarsely_in_the_next_turn_then_finely(fitted: Stage):
    settled(fitted)
    seen = []
    fitted.plot.stack.framed.connect(lambda frame: seen.append(len(frame.x)))
    fitted.plot.show_questions(Questions(mass=0.5))
    QApplication.processEvents()
    assert seen == [COARSE[0]]
    settled(fitted)
    assert seen == [COARSE[0], FINE[0]]


def test_that_what_follows_quickly_is_drawn_coarsely_only(fitted: Stage):
    settled(fitted)
    seen = []
    fitted.plot.stack.framed.connect(lambda frame: seen.append(len(frame.x)))
    for mass in (0.1, 0.2, 0.3, 0.4):
        fitted.plot.show_questions(Questions(mass=mass))
        QApplication.processEvents()
    settled(fitted)
    assert seen == [COARSE[0]] * 4 + [FINE[0]]


def test_that_a_slow_layer_is_drawn_when_it_comes_and_gone_when_it_is_stale(fitted: Stage):
    layer = on(fitted, "region")
    assert layer._areas
    fitted.plot.show_model(made_model(fitted.session.dataset, 5))
    QApplication.processEvents()
    assert not layer._areas
    settled(fitted)
    assert layer._areas


def test_that_a_slow_layer_is_not_worked_out_again_for_what_it_does_not_show(fitted: Stage):
    layer = on(fitted, "region")
    areas = layer._areas
    on(fitted, "average")
    assert layer._areas is areas


def test_that_draws_stay_when_the_view_moves(fitted: Stage):
    layer = on(fitted, "samples")
    dots = layer._dots
    fitted.plot.view.translateBy(x=0.2)
    settled(fitted)
    assert layer._dots is dots


def test_that_a_layer_that_is_off_costs_nothing(fitted: Stage):
    settled(fitted)
    for name in ("quantiles", "region", "modes", "samples"):
        assert fitted.plot.stack.layers[name].drawn_of is None


def test_that_drawing_now_leaves_nothing_for_later(fitted: Stage):
    fitted.window.fit_panel.switches["quantiles"].setChecked(True)
    fitted.plot.draw_now()
    assert not fitted.plot.is_drawing
    assert len(fitted.plot.stack.layers["quantiles"]._areas) == 2


# -- what is offered --------------------------------------------------------------------------------------------------


def test_that_the_difference_is_offered_with_another_run_only(fitted: Stage):
    panel, section = fitted.window.fit_panel, fitted.session.instrument.section
    assert panel.menu.boxes["difference"].isHidden()
    fitted.plot.show_comparison(section, "run 1")
    settled(fitted)
    assert not panel.menu.boxes["difference"].isHidden()
    assert not fitted.plot.stack.layers["difference"].isVisible()  # until a person asks for it
    panel.switches["difference"].setChecked(True)
    settled(fitted)
    assert fitted.plot.stack.layers["difference"].isVisible()
    fitted.plot.show_comparison(None)
    settled(fitted)
    assert panel.menu.boxes["difference"].isHidden()
    assert not fitted.plot.stack.layers["difference"].isVisible()


def test_that_the_spread_is_offered_with_restarts_only(fitted: Stage):
    section = fitted.session.instrument.section
    fitted.plot.show_members((section,))
    settled(fitted)
    assert not fitted.window.fit_panel.menu.boxes["members"].isHidden()
    assert not fitted.plot.stack.layers["members"]._lines  # until a person asks for it
    fitted.window.fit_panel.switches["members"].setChecked(True)
    settled(fitted)
    assert fitted.plot.stack.layers["members"]._lines
    fitted.plot.show_members(())
    settled(fitted)
    assert fitted.window.fit_panel.menu.boxes["members"].isHidden()


# -- interval, pins ---------------------------------------------------------------------------------------------------


def test_that_only_finite_ends_have_a_line_and_dragging_asks(fitted: Stage):
    asked = []
    fitted.plot.interval_requested.connect(lambda low, high: asked.append((low, high)))
    fitted.plot.show_questions(Questions(low=0.25))
    settled(fitted)
    low, high = fitted.plot.stack.layers["interval"].lines
    assert (low.isVisible(), high.isVisible()) == (True, False)
    assert low.value() == 0.25
    low.setValue(0.5)
    assert asked == [(0.5, np.inf)]


def test_that_an_end_does_not_pass_the_other(fitted: Stage):
    asked = []
    fitted.plot.interval_requested.connect(lambda low, high: asked.append((low, high)))
    fitted.plot.show_questions(Questions(low=0.25, high=0.75))
    settled(fitted)
    low, _ = fitted.plot.stack.layers["interval"].lines
    low.setValue(0.9)
    assert asked == []
    assert low.value() == 0.25


def pins_at(line: Line, *places: float) -> tuple[Pin, ...]:
    return tuple(Pin(name, line, x) for name, x in zip(("A", "<b>{0}", "C"), places, strict=False))


def test_that_each_pin_has_a_line_that_tells_its_name_when_it_is_dragged(fitted: Stage):
    line, moved = fitted.session.instrument.line, []
    fitted.plot.pin_moved.connect(lambda name, x: moved.append((name, x)))
    fitted.plot.show_pins(pins_at(line, 0.0, 1.0), line)
    fitted.drag(fitted.point_of(1.0), fitted.point_of(1.6))
    assert {name for name, _ in moved} == {"<b>{0}"}
    assert moved[-1][1] == pytest.approx(1.6, abs=0.05)


def test_that_a_pin_at_other_held_values_is_fixed_and_faint(lines_of_two: Stage):
    line = lines_of_two.session.instrument.line
    away = line.holding(1, float(line.held[1]) + 1.0)
    lines_of_two.plot.show_pins((Pin("A", line, 0.0), Pin("B", away, 0.5)), line)
    here, there = (lines_of_two.plot.pins.lines[name] for name in "AB")
    assert (here.movable, there.movable) == (True, False)
    assert here.pen.color() != there.pen.color()


def test_that_a_pin_of_another_axis_stands_where_that_column_is_held(lines_of_two: Stage):
    line = lines_of_two.session.instrument.line
    other = Line(line.encodings, 1, np.array([0.75, 0.0]))
    lines_of_two.plot.show_pins((Pin("A", other, 2.0),), line)
    assert lines_of_two.plot.pins.lines["A"].value() == 0.75


@pytest.fixture
def lines_of_two(hidden_stage: Stage) -> Stage:
    hidden_stage.open()
    hidden_stage.session.choose_columns(("dose", "extra"), "response")
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage


def test_that_names_step_down_where_they_would_lie_over_each_other(fitted: Stage):
    line, pins = fitted.session.instrument.line, fitted.plot.pins
    fitted.plot.show_pins(pins_at(line, 0.0, 0.01, 2.5), line)
    boxes = pins.boxes(fitted.plot.font(), 100.0)
    places = [box.translated(100.0 * pins.lines[name].value(), 0.0) for name, box in boxes.items()]
    assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
    assert boxes["A"].top() == boxes["C"].top() < boxes["<b>{0}"].top()


# -- the cursor over everything ---------------------------------------------------------------------------------------


def test_that_a_move_of_the_cursor_paints_no_layer(fitted: Stage):
    settled(fitted)
    fitted.move_to(0.1)
    fitted.settle()
    still = fitted.plot._still
    assert still is not None
    for x in (0.3, 0.9, 2.0):
        fitted.move_to(x)
        fitted.settle()
    assert fitted.plot._still is still


def test_that_a_change_of_a_layer_is_painted(fitted: Stage):
    settled(fitted)
    fitted.settle()
    before = fitted.plot.grab().toImage()
    on(fitted, "average")
    fitted.settle()
    assert fitted.plot.grab().toImage() != before


def test_that_the_cursor_leaves_nothing_behind(fitted: Stage):
    settled(fitted)
    fitted.move_to(0.1)
    fitted.settle()
    before = fitted.window.fit_plot.grab().toImage()
    fitted.move_to(1.5)
    fitted.settle()
    fitted.move(fitted.point_of(0.1))
    fitted.settle()
    assert fitted.window.fit_plot.grab().toImage() == before


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_that_the_table_holds_what_is_drawn_with_all_digits(fitted: Stage):
    for name in ("average", "quantiles", "region"):
        fitted.window.fit_panel.switches[name].setChecked(True)
    table = fitted.plot.drawn_table()
    columns = dict(zip(table.names, table.columns, strict=True))
    x = columns["dose"]
    mixture = fitted.session.model.conditional(x[:, None])
    np.testing.assert_array_equal(columns["weight 2"], mixture.weights[:, 1])
    np.testing.assert_array_equal(columns["variance 3"], mixture.variances[:, 2])
    np.testing.assert_array_equal(columns["mixture mean"], mixture.mean())
    np.testing.assert_array_equal(columns["quantile 0.05"], mixture.quantile(0.05))
    np.testing.assert_array_equal(columns["region 0.9 low 1"], [each[0, 0] for each in mixture.hdr(0.9)])
    view = fitted.plot.view.viewRect()
    assert (x[0], x[-1]) == (view.left(), view.right())


def test_that_a_layer_that_is_off_is_not_in_the_table(fitted: Stage):
    fitted.window.fit_panel.switches["means"].setChecked(False)
    assert fitted.plot.drawn_table().names == ("dose",)


def test_that_there_is_no_table_without_a_model(with_data: Stage):
    assert with_data.plot.drawn_table() is None


# -- panel ------------------------------------------------------------------------------------------------------------


def test_that_switch_and_tick_are_one(fitted: Stage):
    panel = fitted.window.fit_panel
    for spec in LAYERS:
        panel.switches[spec.name].setChecked(True)
        assert panel.menu.boxes[spec.name].isChecked()
        panel.menu.boxes[spec.name].setChecked(False)
        assert not panel.switches[spec.name].isChecked()
        assert not fitted.plot.stack.is_on[spec.name]


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any popup
def test_that_the_menu_stays_open_while_ticking_and_escape_closes_it(fitted: Stage):
    panel = fitted.window.fit_panel
    panel._layers.click()
    assert panel.menu.isVisible()
    box = panel.menu.boxes["average"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
    assert panel.menu.isVisible()
    QTest.keyClick(panel.menu, Qt.Key.Key_Escape)
    assert not panel.menu.isVisible()


def test_that_everything_in_the_menu_that_takes_the_focus_has_a_name(fitted: Stage):
    menu = fitted.window.fit_panel.menu
    found = [widget for kind in (QCheckBox, QComboBox, QLineEdit) for widget in menu.findChildren(kind)]
    assert len(found) == len(LAYERS) + 4
    assert all(widget.accessibleName() or widget.text() for widget in found)


def test_that_switches_that_have_no_room_are_in_the_menu(qtbot):
    panel = FitPanel()
    qtbot.addWidget(panel)
    panel.show()
    counts = []
    for width in (1200, 700, 420, 300):
        panel.resize(width, 400)
        QApplication.processEvents()
        shown = [name for name, button in panel.switches.items() if button.isVisible()]
        offered = [spec.name for spec in LAYERS if panel.plot.stack.is_offered(spec.name)]
        assert shown == offered[: len(shown)]
        assert panel._layers.isVisible()
        assert all(panel.switches[name].geometry().right() <= panel._bar.width() for name in shown)
        counts.append(len(shown))
    assert counts[0] > counts[1] > counts[2] == counts[3] == 0
    panel.plot.shut_down()


def typed(panel, editor, text: str) -> list[Questions]:
    asked: list[Questions] = []
    panel.questions_changed.connect(asked.append)
    editor.setText(text)
    editor.editingFinished.emit()
    return asked


def test_that_quantiles_are_asked_for_in_words(fitted: Stage):
    panel = fitted.window.fit_panel
    assert typed(panel, panel.menu.levels, "2.5, 50 97.5 %")[-1] == Questions(levels=(0.025, 0.5, 0.975))
    assert panel.menu.levels.text() == "2.5 50 97.5 %"
    assert panel.plot.stack.subject.questions.levels == (0.025, 0.5, 0.975)
    assert typed(panel, panel.menu.mass, "50")[-1].mass == 0.5


@pytest.mark.parametrize("text", ["x", "5 <b>", "0", "100", "nan", "-5", " ".join(map(str, range(1, 30)))])
def test_that_what_cannot_be_asked_is_refused_in_the_menu(fitted: Stage, text):
    panel = fitted.window.fit_panel
    assert typed(panel, panel.menu.levels, text) == []
    assert not panel.menu._error.isHidden()
    assert panel.menu._error.text()
    assert panel.menu.levels.property("wrong")
    panel.show_questions(Questions())
    assert panel.menu._error.isHidden()


def test_that_states_come_back_and_unknown_ones_are_passed_over(fitted: Stage):
    panel = fitted.window.fit_panel
    panel.switches["modes"].setChecked(True)
    panel.plot.show_look(Look("log", "viridis"))
    states = json.loads(json.dumps(panel.states()))
    panel.restore({"modes": False, "points": "yes", "scale": "linear", "colours": 7, "lost": True})
    assert not panel.switches["modes"].isChecked()
    assert panel.switches["points"].isChecked()
    assert panel.plot.stack.subject.look == Look("linear", "viridis")
    panel.restore(states)
    assert panel.states() == states
    assert panel.menu.scale.currentData() == "log"


def test_that_the_whole_plot_is_hatched_where_a_column_is_held_outside(lines_of_two: Stage):
    instrument = lines_of_two.session.instrument
    instrument.hold(1, 1e6)
    settled(lines_of_two)
    view = lines_of_two.plot.view.viewRect()
    assert lines_of_two.plot.stack.layers["outside"]._parts == (QRectF(view),)


def test_that_a_model_held_far_outside_is_faded_everywhere(lines_of_two: Stage):
    settled(lines_of_two)
    assert lines_of_two.plot.stack.frame.fade.max() > 0.8
    lines_of_two.session.instrument.hold(1, 1e12)
    settled(lines_of_two)
    assert lines_of_two.plot.stack.frame.fade.max() == lines_of_two.plot.stack.frame.fade.min() < 0.5
    lines_of_two.window.fit_panel.switches["fading"].setChecked(False)
    settled(lines_of_two)
    np.testing.assert_array_equal(lines_of_two.plot.stack.frame.fade, 1.0)


def test_that_a_plain_readable_without_a_line_can_be_drawn(fitted: Stage):
    model = made_model(fitted.session.dataset, 3)
    fitted.plot.show_model(model)
    fitted.plot.draw_now()
    assert fitted.plot.stack.frame.mixture is not None
    assert not isinstance(fitted.plot.stack.subject.model, Section)
    assert fitted.plot.mapFromScene(0.0, 0.0) == QPoint(0, 0)
