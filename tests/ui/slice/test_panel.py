import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Reading
from mdn_gui.ui.slice.panel import SlicePanel
from mdn_gui.ui.theme import DARK

READING = Reading(0.0, ConditionalMixture([[0.7, 0.3]], [[-1.0, 2.0]], [[0.5, 0.1]]), 1, 0.1, is_outside=False)


@pytest.fixture
def panel(qtbot) -> SlicePanel:
    made = SlicePanel()
    qtbot.addWidget(made)
    made.show_dataset(Dataset(np.zeros((3, 1)), np.array([-5.0, 0.0, 5.0]), ("x",), "strength"))
    made.show_reading(READING)
    made.resize(330, 260)
    made.show()
    QApplication.processEvents()
    return made


@pytest.fixture
def asked(panel) -> list[Questions]:
    questions: list[Questions] = []
    panel.questions_changed.connect(questions.append)
    return questions


def type_into(qtbot, box, text: str) -> None:
    box.setFocus()
    box.selectAll()
    if text:
        qtbot.keyClicks(box, text)
    else:
        qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def result(panel) -> str:
    return panel.interval._result.text()


def test_that_typed_ends_ask_for_the_interval(panel, asked, qtbot):
    type_into(qtbot, panel.interval.low, "-1.5")
    assert asked[-1] == Questions(low=-1.5)
    type_into(qtbot, panel.interval.high, "2")
    assert asked[-1] == Questions(low=-1.5, high=2.0)
    expected = READING.mixture.interval_probability(-1.5, 2.0)[0]
    assert result(panel) == f"= {expected:.4f}"
    assert panel.plot.questions == asked[-1]
    assert f"{expected:.4f}" in panel.plot.accessibleDescription()


def test_that_what_is_nearly_certain_is_not_called_equal(panel):
    panel.show_questions(Questions(low=-6.0, high=2.5))
    assert result(panel) == "> 0.9999"
    assert "of the interval > 0.9999" in panel.plot.accessibleDescription()
    panel.show_questions(Questions(high=-4.5))
    assert result(panel) == "< 0.0001"


def test_that_a_decimal_comma_is_taken(german, panel, asked, qtbot):
    type_into(qtbot, panel.interval.high, "1,5")
    assert asked == [Questions(high=1.5)]
    assert panel.interval.high.text() == "1,5"


def test_that_an_empty_box_is_no_end(panel, asked, qtbot):
    panel.show_questions(Questions(low=-1.0, high=2.0))
    type_into(qtbot, panel.interval.low, "")
    assert asked == [Questions(high=2.0)]


def test_that_ends_in_the_wrong_order_are_said_and_not_asked_for(panel, asked, qtbot):
    panel.show_questions(Questions(high=2.0))
    for text in ("2", "7"):
        type_into(qtbot, panel.interval.low, text)
        assert asked == []
        assert panel.interval.low.is_wrong
        assert panel.interval.high.is_wrong
        assert "not below" in result(panel)
    panel.show_reading(READING)
    assert "not below" in result(panel)
    type_into(qtbot, panel.interval.high, "8")
    assert asked == [Questions(low=7.0, high=8.0)]
    assert not panel.interval.low.is_wrong
    assert result(panel) == "< 0.0001"


def test_that_what_is_no_number_is_said(panel, asked, qtbot):
    for text in ("a lot", "nan", "inf"):
        type_into(qtbot, panel.interval.low, text)
        assert asked == []
        assert panel.interval.low.is_wrong
        assert not panel.interval.high.is_wrong
        assert result(panel) == "not a number"
    qtbot.keyClick(panel.interval.low, Qt.Key.Key_Escape)
    assert panel.interval.low.text() == ""
    assert not panel.interval.low.is_wrong
    assert result(panel) == ""


def test_that_a_text_being_typed_survives_the_same_questions(panel, qtbot):
    panel.interval.low.setFocus()
    qtbot.keyClicks(panel.interval.low, "1.")
    panel.show_questions(Questions(mass=0.5))
    assert panel.interval.low.text() == "1."
    panel.show_questions(Questions(low=0.5))
    assert panel.interval.low.text() == "0.5"


def test_that_the_button_makes_a_threshold_at_the_highest_mode(panel, asked, qtbot):
    qtbot.mouseClick(panel.interval._threshold, Qt.MouseButton.LeftButton)
    assert asked[-1].low == -math.inf
    assert asked[-1].high == pytest.approx(2.0, abs=panel.plot.pixel)
    assert not panel.interval._threshold.isVisible()
    qtbot.mouseClick(panel.interval._remove, Qt.MouseButton.LeftButton)
    assert asked[-1] == Questions()
    assert result(panel) == ""
    assert panel.interval._threshold.isVisible()


def test_that_the_threshold_needs_a_reading(panel, asked):
    panel.show_reading(None)
    assert not panel.interval._threshold.isEnabled()
    panel.interval.threshold_requested.emit()
    assert asked == []


def test_that_up_down_move_an_end_but_never_past_the_other(panel, asked, qtbot):
    panel.show_questions(Questions(low=-1.0, high=1.0))
    qtbot.keyClick(panel.interval.high, Qt.Key.Key_Up)
    assert asked[-1].high == pytest.approx(1.0 + panel.plot.pixel, abs=0.01)
    before = asked[-1]
    for _ in range(20):
        qtbot.keyClick(panel.interval.low, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert before.low < asked[-1].low < asked[-1].high == before.high


def test_that_down_in_an_empty_box_begins_at_the_mode(panel, asked, qtbot):
    qtbot.keyClick(panel.interval.high, Qt.Key.Key_Down)
    assert asked[-1].high == pytest.approx(2.0, abs=panel.plot.pixel)


def test_that_levels_are_kept_when_the_interval_changes(panel, asked, qtbot):
    panel.show_questions(Questions(levels=(0.1,), mass=0.5))
    type_into(qtbot, panel.interval.high, "2")
    assert asked == [Questions(levels=(0.1,), mass=0.5, high=2.0)]


def test_that_a_place_that_is_read_can_become_a_quantile(panel, qtbot):
    levels: list[float] = []
    panel.level_requested.connect(levels.append)
    assert panel.add_level.isHidden()
    qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel._line.text().endswith("= 0.5000")
    assert panel.add_level.isVisible()
    panel.add_level.setFocus()
    qtbot.keyClick(panel.add_level, Qt.Key.Key_Space)
    assert levels == [0.5]
    qtbot.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel.add_level.isHidden()


def test_that_the_title_stands_where_nothing_is_pointed_at(panel, qtbot):
    panel.show_title("p(y | {name} = 3)", "<b>age</b>")
    assert panel._line.text() == "p(y | <b>age</b> = 3)"
    qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
    assert panel._line.text().startswith("P(y ≤")
    qtbot.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel._line.text() == "p(y | <b>age</b> = 3)"


def test_that_the_switch_shows_the_cdf(panel, qtbot):
    panel.show_nearby(np.linspace(-2.0, 2.0, 50))
    density, cdf = panel._views.buttons()
    qtbot.keyClick(cdf, Qt.Key.Key_Space)
    assert panel.plot._canvas.shown.is_cdf
    assert panel.plot._canvas.shown.top == 1.0
    density.click()
    assert not panel.plot._canvas.shown.is_cdf


def test_that_a_drag_in_the_plot_fills_the_boxes(panel, asked, qtbot):
    viewport, frame = panel.plot.viewport(), panel.plot._canvas.frame
    start, stop = (
        panel.plot.mapFromScene(panel.plot._canvas.mapToScene(QPointF(frame.across(y), frame.base - 20.0)))
        for y in (-2.0, 1.0)
    )
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(viewport, stop)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=stop)
    qtbot.waitUntil(lambda: bool(asked))
    assert float(panel.interval.low.text()) == asked[-1].low == pytest.approx(-2.0, abs=2 * panel.plot.pixel)
    assert float(panel.interval.high.text()) == asked[-1].high == pytest.approx(1.0, abs=2 * panel.plot.pixel)


def test_that_pins_and_theme_reach_the_plot(panel):
    panel.show_pins((Pin("A", Line((Encoding("x"),), 0, np.zeros(1)), 0.0, READING),))
    panel.show_theme(DARK)
    assert [pin.name for pin in panel.plot._canvas.shown.pins] == ["A"]
    assert panel.plot._canvas._whole.color().name() == DARK.accent


def test_that_whatever_takes_the_focus_has_a_name(panel):
    widgets = [each for each in panel.findChildren(QWidget) if each is not panel.plot.viewport()]
    focusable = [each for each in widgets if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(focusable) >= 8
    assert all(each.accessibleName() for each in focusable)
