import math

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from mdn_gui.core.questions import Questions
from tests.ui.slice.acting import (
    TWO,
    WIDE,
    asked,
    click,
    drag,
    move,
    place,
    press,
    reading,
    release,
    told,
)
from tests.ui.stage import LEFT, send_mouse

# -- what is read -----------------------------------------------------------------------------------------------------


def test_that_the_mouse_reads_density_with_cdf_and_leaves_nothing_behind(plot):
    plot.show_reading(WIDE)
    texts = told(plot)
    move(plot, place(plot, 0.0))
    y = plot._canvas.shown.hover
    assert y == pytest.approx(0.0, abs=plot.pixel)
    assert texts[-1] == (f"y {plot.text_of(y)}   p 0.199   P(≤ y) {WIDE.mixture.cdf(y)[0]:.4f}", None)
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))
    assert texts[-1] == ("", None)
    assert plot._canvas.shown.hover is None


def test_that_a_click_reads_the_cdf_there_until_escape(plot, qtbot):
    plot.show_reading(WIDE)
    texts = told(plot)
    click(plot, place(plot, 1.0))
    mark = plot._canvas.shown.mark
    expected = WIDE.mixture.cdf(mark)[0]
    assert texts[-1] == (f"P(y ≤ {plot.text_of(mark)}) = {expected:.4f}", pytest.approx(expected, abs=5e-5))
    plot.show_reading(reading([1.0], [1.0], [2.0]))
    assert texts[-1][1] == pytest.approx(0.5, abs=0.01)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot._canvas.shown.mark is None
    assert texts[-1] == ("", None)


def test_that_the_probability_read_is_that_of_the_value_shown(plot, qtbot):
    plot.show_reading(TWO)
    texts = told(plot)
    for y in (-1.7, -1.033, 1.93, 2.041):
        click(plot, place(plot, y))
        shown, stated = texts[-1][0].removeprefix("P(y ≤ ").split(") = ")
        assert float(shown) == plot._canvas.shown.mark
        assert stated == f"{TWO.mixture.cdf(float(shown))[0]:.4f}"
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    shown, stated = texts[-1][0].removeprefix("P(y ≤ ").split(") = ")
    assert stated == f"{TWO.mixture.cdf(float(shown))[0]:.4f}"


def test_that_a_level_clicked_in_the_cdf_is_the_one_of_the_value_shown(plot):
    plot.show_reading(TWO)
    plot.show_cdf(is_cdf=True)
    texts = told(plot)
    click(plot, place(plot, -1.0, 0.85))
    shown, stated = texts[-1][0].removeprefix("P(y ≤ ").split(") = ")
    assert stated == f"{TWO.mixture.cdf(float(shown))[0]:.4f}" == f"{plot.level:.4f}"
    assert stated.endswith("00")


@pytest.mark.parametrize(("high", "text"), [(60.0, "P = 1.0000"), (9.0, "P > 0.9999"), (-9.0, "P < 0.0001")])
def test_that_a_probability_that_is_nearly_certain_is_written_as_such(plot, high, text):
    plot.show_reading(WIDE)
    plot.show_questions(Questions(high=high))
    assert plot._canvas.shown.probability_text == text


def test_that_a_double_click_is_one_click(plot):
    plot.show_reading(WIDE)
    questions = asked(plot)
    point = place(plot, 1.0)
    click(plot, point)
    before = plot._canvas.shown
    send_mouse(plot.viewport(), QEvent.Type.MouseButtonDblClick, point, LEFT, LEFT)
    release(plot, point)
    assert plot._canvas.shown == before
    assert questions == []


def test_that_a_click_at_a_height_of_the_cdf_reads_that_quantile(plot):
    plot.show_reading(WIDE)
    plot.show_cdf(is_cdf=True)
    texts = told(plot)
    click(plot, place(plot, -4.0, 0.25))
    assert texts[-1][1] == pytest.approx(0.25, abs=0.011)
    assert plot._canvas.shown.mark == pytest.approx(WIDE.mixture.quantile(plot.level)[0], abs=1e-3)


def test_that_the_arrows_move_the_place_that_is_read(plot, qtbot):
    plot.show_reading(WIDE)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot._canvas.shown.mark == pytest.approx(0.0, abs=1e-9)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert plot._canvas.shown.mark == pytest.approx(-9 * plot.pixel, abs=0.02)


def test_that_a_place_in_the_far_tail_is_no_level(plot):
    plot.show_reading(TWO)
    click(plot, place(plot, -6.0))
    assert plot.level is None


# -- the interval -----------------------------------------------------------------------------------------------------


def test_that_a_drag_asks_for_the_interval_once_it_ends(plot):
    plot.show_reading(WIDE)
    questions = asked(plot)
    press(plot, place(plot, 2.0))
    move(plot, place(plot, -1.0), LEFT)
    assert questions == []
    assert plot.probability == pytest.approx(WIDE.mixture.interval_probability(-1.0, 2.0)[0], abs=0.02)
    release(plot, place(plot, -1.0))
    assert questions == [plot.questions]
    assert plot.questions.low == pytest.approx(-1.0, abs=2 * plot.pixel)
    assert plot.questions.high == pytest.approx(2.0, abs=2 * plot.pixel)
    assert plot._canvas.shown.mark is None
    assert len(repr(plot.questions.high)) <= 5


def test_that_an_edge_is_dragged_past_the_other(plot):
    plot.show_reading(WIDE)
    plot.show_questions(Questions(low=-1.0, high=1.0))
    drag(plot, -1.0, 3.0)
    assert plot.questions.low == 1.0
    assert plot.questions.high == pytest.approx(3.0, abs=2 * plot.pixel)


def test_that_the_edge_of_a_threshold_is_dragged_as_one(plot):
    plot.show_reading(WIDE)
    plot.show_questions(Questions(high=1.0))
    drag(plot, 1.0, 2.0)
    assert plot.questions.low == -math.inf
    assert plot.questions.high == pytest.approx(2.0, abs=2 * plot.pixel)


def test_that_a_click_on_an_edge_changes_nothing(plot):
    plot.show_reading(WIDE)
    plot.show_questions(Questions(low=-1.0, high=1.0))
    questions = asked(plot)
    click(plot, place(plot, 1.0))
    assert questions == []
    assert plot._canvas.shown.mark is None


def test_that_escape_gives_up_a_drag(plot, qtbot):
    plot.show_reading(WIDE)
    before = Questions(high=1.0)
    plot.show_questions(before)
    questions = asked(plot)
    press(plot, place(plot, -3.0))
    move(plot, place(plot, 0.0), LEFT)
    assert plot.questions != before
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    release(plot, place(plot, 0.0))
    assert plot.questions == before
    assert questions == []


def test_that_nothing_is_dragged_without_a_reading(plot):
    questions = asked(plot)
    drag(plot, -1.0, 1.0)
    assert questions == []
    assert plot.probability is None
    assert plot.highest_mode() is None


def test_that_the_probability_is_written_where_it_fits(plot):
    plot.show_reading(WIDE)
    plot.show_questions(Questions(low=-2.0, high=2.0))
    assert plot._canvas.shown.probability_text == "P = 0.6827"
    plot.grab()
    with_text = len(plot._canvas._labels)
    plot.show_questions(Questions(low=-0.1, high=0.1))
    plot.grab()
    assert len(plot._canvas._labels) == with_text - 1


def test_that_the_highest_mode_is_found(plot):
    plot.show_reading(TWO)
    assert plot.highest_mode() == pytest.approx(2.0, abs=1e-3)
