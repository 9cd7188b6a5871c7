"""Each layer draws what it says."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Section
from mdn_gui.core.transform import LOG
from mdn_gui.core.transformed_mixture import in_data_units
from mdn_gui.ui.fit.layers.branches import branches
from mdn_gui.ui.fit.layers.density_map import ink_of, table_of
from mdn_gui.ui.fit.layers.difference import Difference, signed_ink
from mdn_gui.ui.fit.layers.draws import Draws
from mdn_gui.ui.fit.layers.fan import QuantileFan, level_text, paired
from mdn_gui.ui.fit.layers.frame import COLOURS, Comparison, Look, Subject
from mdn_gui.ui.fit.layers.layer import SlowLayer
from mdn_gui.ui.fit.layers.members import Members
from mdn_gui.ui.fit.layers.mixture_mean import MixtureMean
from mdn_gui.ui.fit.layers.modes import Modes
from mdn_gui.ui.fit.layers.region import DensityRegion
from mdn_gui.ui.fit.plot import FitPlot
from mdn_gui.ui.theme import DARK, LIGHT, blend
from tests.fakes import made_model
from tests.ui.fit.layers.frames import frame_of, is_inked, painted, steady_mixture

RNG = np.random.default_rng(0)
DATA = Dataset(RNG.normal(size=(40, 2)), RNG.normal(size=40), ("a", "b"), "y")


class Steady:
    """p(y given x) that is a Gaussian wherever it is read."""

    def __init__(self, loc: float) -> None:
        self._loc = loc

    def conditional(self, x):
        count = len(np.asarray(x))
        return ConditionalMixture(np.ones((count, 1)), np.full((count, 1), self._loc), np.full((count, 1), 0.5))


def two_branches() -> ConditionalMixture:
    """Two modes at -2 and 2, as heavy as each other."""
    return ConditionalMixture(np.full((50, 2), 0.5), np.tile((-2.0, 2.0), (50, 1)), np.full((50, 2), 0.2))


def asked(**questions: object) -> Subject:
    return Subject(questions=Questions(**questions))


# -- density ----------------------------------------------------------------------------------------------------------


def test_that_a_logarithmic_scale_shows_four_decades():
    density = np.full((10, 1000), 1.0)
    density[0, :6] = (0.1, 0.01, 1e-3, 1e-4, 1e-5, 0.0)
    ink = ink_of(density, Look("log"))[0, :7]
    np.testing.assert_allclose(ink, (0.75, 0.5, 0.25, 0.0, 0.0, 0.0, 1.0), atol=1e-12)


def test_that_a_colour_map_is_linear():
    density = np.linspace(0.0, 1.0, 100_001)[None]
    ink = ink_of(density, Look("linear", "viridis"))
    np.testing.assert_allclose(ink[density <= 0.999], density[density <= 0.999] / 0.999, atol=1e-4)


def lightness(colour: np.ndarray, ground: str) -> float:
    share = float(colour[3]) / 255.0
    laid = blend(QColor(*map(int, colour[:3])), ground, share)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in laid.getRgbF()[:3]]
    luminance = float(np.dot((0.2126, 0.7152, 0.0722), linear))
    return 116.0 * np.cbrt(luminance) - 16.0 if luminance > 0.008856 else 903.3 * luminance


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("colours", COLOURS)
def test_that_the_lightness_of_the_density_is_monotone(theme, colours):
    table = table_of(Look("log", colours), theme)
    seen = np.array([lightness(colour, theme.base) for colour in table])
    steps = np.diff(seen) * (1.0 if theme.is_dark else -1.0)
    assert steps.min() > -0.6  # colours are whole numbers
    assert abs(seen[-1] - seen[0]) > 25.0


def test_that_an_infinite_density_is_full_ink():
    ink = ink_of(np.array([[np.inf, 1.0], [0.0, 0.5]]), Look())
    assert np.isfinite(ink).all()
    assert ink[0, 0] == 1.0


# -- quantiles --------------------------------------------------------------------------------------------------------


def test_that_levels_find_their_pair():
    assert paired((0.05, 0.25, 0.5, 0.75, 0.95)) == ([(0, 4), (1, 3)], [2])
    assert paired((0.1, 0.8)) == ([], [0, 1])
    assert paired(()) == ([], [])


def test_that_the_fan_has_the_median_as_a_line_and_nested_areas(qapp):
    layer, mixture = QuantileFan(), two_branches()
    layer.draw_now(frame_of(mixture, asked(levels=(0.05, 0.25, 0.5, 0.75, 0.95))))
    expected = mixture.quantile([0.05, 0.25, 0.75, 0.95])[0]
    extents = [(area.boundingRect().top(), area.boundingRect().bottom()) for area in layer._areas]
    assert extents == [pytest.approx(expected[[0, 3]]), pytest.approx(expected[[1, 2]])]
    ((width, line),) = layer._lines
    assert width == 2.0
    assert line[0][1][0].y() == pytest.approx(mixture.quantile(0.5)[0], abs=1e-9)
    assert [name for _, name in layer._names] == ["5 %", "25 %", "50 %", "75 %", "95 %"]


def test_that_a_fan_without_levels_is_empty(qapp):
    layer = QuantileFan()
    layer.draw_now(frame_of(two_branches(), asked(levels=())))
    assert (layer._areas, layer._lines, layer._names) == ([], [], [])


def test_that_a_level_is_named_in_full():
    assert [level_text(level) for level in (0.5, 0.025, 0.001)] == ["50 %", "2.5 %", "0.1 %"]


# -- region, modes ----------------------------------------------------------------------------------------------------


def test_that_the_region_has_a_gap_between_its_branches(qapp):
    layer = DensityRegion()
    layer.show_theme(LIGHT)
    layer.draw_now(frame_of(two_branches()))
    image = painted(layer)
    assert [is_inked(image, 0.5, y) for y in (2.0, 0.0, -2.0, 2.9)] == [True, False, True, False]
    assert len(layer._areas) == 2


def test_that_an_area_splits_where_its_interval_does():
    whole, parts = np.array([[0.0, 10.0]]), np.array([[0.0, 4.0], [6.0, 10.0]])
    found = branches(np.arange(4.0), (whole, whole, parts, parts))
    assert [(branch.x, branch.low, branch.high) for branch in found] == [
        ([0.0, 1.0, 1.5], [0.0, 0.0, 0.0], [10.0, 10.0, 10.0]),
        ([1.5, 2.0, 3.0], [0.0, 0.0, 0.0], [4.0, 4.0, 4.0]),
        ([1.5, 2.0, 3.0], [6.0, 6.0, 6.0], [10.0, 10.0, 10.0]),
    ]


def test_that_an_interval_that_jumps_begins_anew():
    found = branches(np.arange(2.0), (np.array([[0.0, 1.0]]), np.array([[5.0, 6.0]])))
    assert [branch.x for branch in found] == [[0.0, 0.5], [0.5, 1.0]]


def test_that_each_mode_has_a_dot_and_a_low_one_is_fainter(qapp):
    mixture = ConditionalMixture(np.tile((0.95, 0.05), (50, 1)), np.tile((-2.0, 2.0), (50, 1)), np.full((50, 2), 0.2))
    layer = Modes()
    layer.draw_now(frame_of(mixture))
    (faint, low), (full, high) = sorted(layer._dots, key=lambda dots: dots[0])
    assert full == 16
    assert faint < 6
    assert {round(dot.y(), 6) for dot in low} == {2.0}
    assert {round(dot.y(), 6) for dot in high} == {-2.0}
    assert len(low) == len(high) == 50


# -- samples ----------------------------------------------------------------------------------------------------------


def drawn_at(held: float, model=None) -> tuple[Draws, Subject]:
    model = model or made_model(DATA, components=2)
    line = Line(DATA.encodings, 0, np.array([0.0, held]))
    subject = Subject(Section(model, line), DATA, InputAxis.of(DATA))
    layer = Draws()
    layer.draw_now(frame_of(subject.model.conditional(np.zeros((50, 1))), subject))
    return layer, subject


def test_that_there_is_a_draw_for_each_row_at_its_own_inputs(qapp):
    layer, _ = drawn_at(0.0)
    elsewhere, _ = drawn_at(9.0)
    assert [dot.x() for dot in layer._dots] == DATA.x[:, 0].tolist()
    assert layer._dots == elsewhere._dots


def test_that_the_draws_have_the_law_of_the_model(qapp):
    rows = 4000
    data = Dataset(np.zeros((rows, 1)) + np.linspace(0, 1, rows)[:, None], np.zeros(rows), ("a",), "y")
    layer = Draws()
    layer.draw_now(frame_of(None, Subject(Steady(3.0), data, InputAxis.of(data))))
    y = np.array([dot.y() for dot in layer._dots])
    assert y.mean() == pytest.approx(3.0, abs=0.03)
    assert y.std() == pytest.approx(0.5, abs=0.03)


def test_that_the_draws_do_not_follow_rows_made_of_a_common_seed(qapp):
    rows = 2000
    uniform = np.random.default_rng(0).random(rows)
    data = Dataset(uniform[:, None], uniform, ("a",), "y")
    model = Steady(0.0)
    model.conditional = lambda x: ConditionalMixture(
        np.full((len(x), 2), 0.5), np.tile((-1.0, 1.0), (len(x), 1)), np.full((len(x), 2), 0.1)
    )
    layer = Draws()
    layer.draw_now(frame_of(None, Subject(model, data, InputAxis.of(data))))
    y = np.array([dot.y() for dot in layer._dots])
    assert abs(np.corrcoef(uniform, y)[0, 1]) < 0.08


# -- other runs -------------------------------------------------------------------------------------------------------


def test_that_ink_of_a_difference_is_symmetric_and_nothing_is_in_the_middle():
    ink = signed_ink(np.array([[-2.0, 0.0, 2.0, 1.0]]))
    np.testing.assert_allclose(255.0 * ink, [[1.0, 128.0, 255.0, 128.0 + 127.0 * np.sqrt(0.5)]])
    np.testing.assert_allclose(255.0 * signed_ink(np.zeros((2, 2))), 128.0)


def test_that_each_run_has_its_colour_where_it_has_more(qapp):
    line = Line(DATA.encodings[:1], 0, np.zeros(1))
    other = Section(Steady(-2.0), line)
    layer = Difference()
    layer.show_theme(LIGHT)
    subject = Subject(comparison=Comparison(other, "<b>{old}</b>"))
    layer.draw_now(frame_of(Steady(2.0).conditional(np.zeros((50, 1))), subject))
    layer.paint_above = lambda painter: None  # the legend would lie on what is looked at
    image = painted(layer)
    column, rows = 150, (20, 60, 97)
    seen = [image.pixelColor(column, row) for row in rows]
    assert seen[0].blue() > seen[0].red() + 50
    assert seen[1].lightness() > 245
    assert seen[2].red() > seen[2].blue() + 25
    assert {place.y() for (mean,) in [layer._means] for place in mean} == {-2.0}
    assert layer.legend == ("more in the fit shown", "more in <b>{old}</b>", "mean of <b>{old}</b>")


def test_that_the_spread_is_from_the_least_to_the_greatest_restart(qapp):
    line = Line(DATA.encodings[:1], 0, np.zeros(1))
    members = tuple(Section(Steady(loc), line) for loc in (-1.0, 0.0, 1.0))
    layer = Members()
    layer.draw_now(frame_of(steady_mixture(50), Subject(members=members)))
    low, middle, high = (area.boundingRect() for area in layer._areas)
    assert (middle.top(), middle.bottom()) == pytest.approx((-1.0, 1.0), abs=1e-9)
    assert (low.top(), high.bottom()) == pytest.approx((-1 - 0.5 * 1.6448536, 1 + 0.5 * 1.6448536))
    assert [line[0].y() for line in layer._lines] == [-1.0, 0.0, 1.0]


# -- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mixture",
    [
        steady_mixture(50, (1.0,)),
        ConditionalMixture(np.tile(np.eye(1, 64), (50, 1)), np.zeros((50, 64)), np.full((50, 64), 1e-9)),
        in_data_units(ConditionalMixture(np.ones((50, 1)), np.full((50, 1), 300.0), np.full((50, 1), 600.0)), LOG),
    ],
    ids=["K = 1", "K = 64, weight 0, narrow", "infinite moments"],
)
def test_that_every_layer_can_be_painted_in_both_themes(qtbot, mixture):
    plot = FitPlot()
    qtbot.addWidget(plot)
    section = Section(Steady(0.0), Line(DATA.encodings, 0, np.zeros(2)))
    questions = Questions(low=0.0, high=1.0)
    comparison = Comparison(section, "old")
    subject = Subject(section, DATA, InputAxis.of(DATA), questions, comparison=comparison, members=(section,))
    frame = frame_of(mixture, subject, fade=np.linspace(0.3, 1.0, 50))
    inked = set()
    for name, layer in plot.stack.layers.items():
        layer.draw(frame)
        if isinstance(layer, SlowLayer):
            layer.draw_now(frame)
        for theme in (LIGHT, DARK):
            layer.show_theme(theme)
            image = painted(layer)
            colours = {image.pixelColor(x, y).name() for x in range(0, 200, 3) for y in range(120)}
            inked |= {name} if len(colours) > 1 else set()
    assert inked >= {"fading", "interval", "samples", "difference", "members"}
    plot.shut_down()


def test_that_a_line_fades_with_the_rows(qapp):
    layer = MixtureMean()
    fade = np.concatenate((np.full(25, 1.0), np.full(25, 0.3)))
    layer.draw(frame_of(steady_mixture(50), fade=fade))
    levels = [level for level, _ in layer._line]
    assert levels[0] == 16
    assert levels[-1] == 5
