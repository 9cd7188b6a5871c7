import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Reading
from mdn_gui.core.transform import LOG
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.ui.slice.plot import DensityPlot
from mdn_gui.ui.theme import DARK, LIGHT
from tests.ui.stage import LEFT, NO_BUTTON, send_mouse

LINE = Line((Encoding("x"),), 0, np.zeros(1))


def reading(weights, locs, scales, x=0.0) -> Reading:
    return Reading(x, ConditionalMixture([weights], [locs], [scales]), 1, 0.1, is_outside=False, line=LINE)


TWO = reading([0.7, 0.3], [-1.0, 2.0], [0.5, 0.1])
WIDE = reading([1.0], [0.0], [2.0])


def pin(name: str, of: Reading) -> Pin:
    return Pin(name, LINE, of.x, of)


@pytest.fixture
def plot(qtbot) -> DensityPlot:
    made = DensityPlot()
    qtbot.addWidget(made)
    made.show_dataset(Dataset(np.zeros((3, 1)), np.array([-5.0, 0.0, 5.0]), ("x",), "strength"))
    made.resize(400, 300)
    made.show()
    QApplication.processEvents()
    return made


def place(plot: DensityPlot, y: float, height: float = 0.9) -> QPoint:
    """Return where a value of the target is drawn, at a share of the full height, in the viewport."""
    frame = plot._canvas.frame
    up = frame.base - height * (frame.base - frame.up(frame.top))
    return plot.mapFromScene(plot._canvas.mapToScene(QPointF(frame.across(y), up)))


def press(plot: DensityPlot, point: QPoint) -> None:
    send_mouse(plot.viewport(), QEvent.Type.MouseButtonPress, point, LEFT, LEFT)


def move(plot: DensityPlot, point: QPoint, buttons=NO_BUTTON) -> None:
    send_mouse(plot.viewport(), QEvent.Type.MouseMove, point, NO_BUTTON, buttons)


def release(plot: DensityPlot, point: QPoint) -> None:
    send_mouse(plot.viewport(), QEvent.Type.MouseButtonRelease, point, LEFT, NO_BUTTON)


def click(plot: DensityPlot, point: QPoint) -> None:
    press(plot, point)
    release(plot, point)


def drag(plot: DensityPlot, start: float, stop: float) -> None:
    press(plot, place(plot, start))
    for share in (0.3, 0.7, 1.0):
        move(plot, place(plot, start + share * (stop - start)), LEFT)
    release(plot, place(plot, stop))


def told(plot: DensityPlot) -> list[tuple[str, float | None]]:
    texts: list[tuple[str, float | None]] = []
    plot.told.connect(lambda text, level: texts.append((text, level)))
    return texts


def asked(plot: DensityPlot) -> list[Questions]:
    questions: list[Questions] = []
    plot.questions_changed.connect(questions.append)
    return questions


def picture_colours(plot: DensityPlot) -> set[str]:
    picture = plot.viewport().grab().toImage()  # without the frame, which may show that it has the keyboard
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}


# -- what is drawn ----------------------------------------------------------------------------------------------------


def test_that_the_axis_is_the_range_of_the_target_with_a_margin(plot):
    assert plot.view.viewRange()[0] == pytest.approx([-6.2, 6.2])
    assert plot.span == pytest.approx((-6.2, 6.2))


def test_that_a_constant_looking_target_still_has_an_axis(plot):
    for value in (3.0, 1e16):
        plot.show_dataset(Dataset(np.zeros((2, 1)), np.array([value, value]), ("x",), "y"))
        left, right = plot.view.viewRange()[0]
        assert left < value < right


def test_that_each_component_is_painted_in_its_colour(plot):
    for theme in (LIGHT, DARK):
        plot.show_theme(theme)
        plot.show_reading(reading([0.5, 0.3, 0.2], [-4.0, 0.0, 4.0], [0.5] * 3))
        picture = plot.grab().toImage()
        for k, (y, height) in enumerate(((-4.0, 1.0), (0.0, 0.6), (4.0, 0.4))):
            top = place(plot, y, height)
            around = {picture.pixelColor(top + QPoint(0, step)).name() for step in range(-3, 4)}
            assert theme.components[k] in around


def test_that_no_reading_is_an_empty_axis(plot):
    plot.show_reading(TWO)
    assert LIGHT.accent in picture_colours(plot)
    plot.show_reading(None)
    assert not picture_colours(plot) & {LIGHT.accent, LIGHT.accent_soft, *LIGHT.components}
    assert plot.drawn_table() is None


def test_that_full_height_is_the_largest_density_shown_whoever_it_belongs_to(plot):
    plot.show_reading(WIDE)
    own = WIDE.mixture.pdf(0.0)[0]
    assert plot._canvas.shown.top == pytest.approx(own)
    plot.show_pins((pin("A", TWO),))
    assert plot._canvas.shown.top == pytest.approx(TWO.mixture.pdf(2.0)[0])
    frame = plot._canvas.frame
    drawn = (frame.base - frame.up(own)) / (frame.base - frame.up(frame.top))
    assert drawn == pytest.approx(own / TWO.mixture.pdf(2.0)[0])
    plot.show_pins(())
    assert plot._canvas.shown.top == pytest.approx(own)


def test_that_the_rows_near_x_count_for_the_scale(plot):
    plot.show_reading(WIDE)
    own = WIDE.mixture.pdf(0.0)[0]
    plot.show_nearby(np.random.default_rng(0).normal(0.0, 1.4, 1000))
    assert own < plot._canvas.shown.top == plot._canvas.shown.nearby.peak < 2.0 * own
    plot.show_nearby(np.full(100, 1.0))
    assert plot._canvas.shown.top == pytest.approx(2.0 * own)
    assert plot._canvas.shown.nearby.peak > 3.0 * own
    plot.show_nearby(None)
    assert plot._canvas.shown.top == pytest.approx(WIDE.mixture.pdf(0.0)[0])


def test_that_no_bar_is_drawn_above_the_frame(plot):
    plot.show_reading(WIDE)
    plot.show_nearby(np.full(100, 1.0))
    drawn = plot.viewport().grab().toImage()
    edges, heights = plot._canvas.shown.nearby.bins
    highest = int(heights.argmax())
    top = place(plot, 0.5 * float(edges[highest] + edges[highest + 1]), 1.0)
    above = {drawn.pixelColor(top.x(), top.y() - up).name() for up in range(4, 12)}
    assert above == {LIGHT.base}
    assert drawn.pixelColor(top.x(), top.y() + 6).name() != LIGHT.base


def test_that_the_rows_of_another_x_fade_until_those_of_this_one_come(plot):
    plot.show_reading(WIDE)
    plot.show_nearby(np.zeros(3))
    plot.show_reading(WIDE)
    assert plot._canvas.shown.is_current
    plot.show_reading(reading([1.0], [0.0], [2.0], x=1.0))
    assert not plot._canvas.shown.is_current
    plot.show_nearby(np.zeros(3))
    assert plot._canvas.shown.is_current


def test_that_the_first_six_pins_are_outlined_with_their_names(plot):
    plot.show_pins((*(pin(name, TWO) for name in "ABCDEFG"), Pin("H", LINE, 0.0)))
    assert [each.name for each in plot._canvas.shown.pins] == list("ABCDEF")
    patterns = {tuple(pen.dashPattern()) for pen in plot._canvas._pin_pens}
    assert len(patterns) == 6
    plot.show_pins((pin("A", TWO),))
    assert [each.name for each in plot._canvas.shown.pins] == ["A"]
    plot.show_pins(())
    assert not plot._canvas.shown.pins


def test_that_the_pins_follow_a_new_axis(plot):
    plot.show_pins((pin("A", TWO),))
    plot.show_dataset(Dataset(np.zeros((2, 1)), np.array([0.0, 100.0]), ("x",), "y"))
    assert plot._canvas.shown.pins[0].curves.y[-1] == pytest.approx(112.0)


def test_that_a_density_beyond_the_axis_is_said_to_lie_there(plot):
    plot.show_reading(reading([1.0], [1e6], [1e-3], x=1e12))
    assert plot._canvas.shown.outside_text.endswith("▸")
    assert plot._canvas.shown.top == 0.0
    plot.show_pins((pin("A", TWO),))
    assert plot._canvas.shown.top == pytest.approx(TWO.mixture.pdf(2.0)[0])
    plot.grab()
    plot.show_reading(reading([1.0], [-1e6], [1e-3]))
    assert plot._canvas.shown.outside_text.startswith("◂")
    plot.show_reading(TWO)
    assert plot._canvas.shown.outside_text == ""


@pytest.mark.parametrize("is_cdf", [False, True])
@pytest.mark.parametrize(
    "mixture",
    [
        ConditionalMixture(np.full((1, 64), 1 / 64), [np.linspace(-5, 5, 64)], np.full((1, 64), 0.3)),
        ConditionalMixture([[1.0, 0.0]], [[0.0, 3.0]], [[1e-9, 1e-300]]),
        ConditionalMixture([[0.5, 0.5]], [[1e12, -1e300]], [[1.0, 1e290]]),
        TransformedMixture(ConditionalMixture([[0.5, 0.5]], [[0.0, 800.0]], [[1.0, 40.0]]), LOG),
    ],
    ids=["many components", "a needle", "far outside", "infinite moments"],
)
def test_that_extreme_densities_are_painted_without_a_complaint(plot, mixture, is_cdf):
    plot.show_cdf(is_cdf=is_cdf)
    plot.show_reading(Reading(0.0, mixture, 1, 0.1, is_outside=False))
    plot.show_questions(Questions(low=-1.0, high=2.0))
    plot.show_nearby(np.linspace(-4.0, 4.0, 1000))
    plot.show_pins((pin("A", TWO),))
    assert not plot.grab().isNull()
    assert 0.0 <= plot.probability <= 1.0


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


# -- taken away -------------------------------------------------------------------------------------------------------


def test_that_the_table_holds_what_is_drawn_with_all_digits(plot):
    plot.show_reading(TWO)
    table = plot.drawn_table()
    y, density, cdf, *parts = table.columns
    assert table.names == ("strength", "density", "cdf", "density_1", "density_2")
    np.testing.assert_allclose(density, TWO.mixture.pdf(y[None])[0], rtol=1e-12, atol=1e-300)
    np.testing.assert_array_equal(cdf, TWO.mixture.cdf(y[None])[0])
    np.testing.assert_allclose(np.sum(parts, axis=0), density, rtol=1e-12)
    assert "x = 0.0" in table.comments
    assert plot._canvas.shown.curves.y is y


def test_that_the_words_about_a_density_beyond_the_axis_come_before_the_names_of_pins(plot):
    plot.show_pins((pin("A", WIDE),))
    plot.show_reading(WIDE)
    plot.grab()
    names = len(plot._canvas._labels)
    plot.show_reading(reading([1.0], [1e6], [1e-3]))
    plot.resize(400, 90)
    plot.grab()
    words = plot._canvas._labels[1]
    assert words.width() > 100.0
    assert names == 2


def test_that_a_click_gives_the_keyboard_to_the_plot(plot, qtbot):
    plot.activateWindow()
    plot.show_reading(WIDE)
    qtbot.mouseClick(plot.viewport(), LEFT, pos=place(plot, 1.0))
    qtbot.waitUntil(plot.hasFocus)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert plot._canvas.shown.mark is None


def test_that_the_name_of_a_pin_takes_no_more_than_its_place(plot):
    plot.show_pins((pin("a mix of <b>age</b>\n" * 20, WIDE),))
    plot.grab()
    assert 40.0 < plot._canvas._labels[-1].width() < 100.0
