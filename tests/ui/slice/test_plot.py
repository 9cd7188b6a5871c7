import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Reading
from mdn_gui.core.transform import LOG
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.ui.theme import DARK, LIGHT
from tests.ui.slice.acting import LINE, TWO, WIDE, picture_colours, pin, place, reading
from tests.ui.stage import LEFT

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
