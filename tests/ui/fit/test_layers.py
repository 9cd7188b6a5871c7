from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import InputAxis
from mdn_gui.ui.fit.layers.bands import ComponentBands
from mdn_gui.ui.fit.layers.density_map import DensityMap, table_of
from mdn_gui.ui.fit.layers.frame import Look, Subject
from mdn_gui.ui.fit.layers.means import ComponentMeans
from mdn_gui.ui.fit.layers.outside import OutsideData
from mdn_gui.ui.fit.layers.strokes import opacity_levels
from mdn_gui.ui.theme import DARK, LIGHT
from tests.ui.fit.layers.frames import frame_of, steady_mixture
from tests.ui.stage import Stage


def outside_parts(view: QRectF, low: float, high: float) -> list[tuple[float, float]]:
    layer = OutsideData()
    layer.draw(frame_of(None, Subject(axis=InputAxis("x", [low, high])), view=view))
    return [(part.left(), part.right()) for part in layer._parts if part.width() > 0]


@pytest.mark.parametrize(
    ("low", "high", "parts"),
    [
        (-1.0, 1.0, [(-2.0, -1.0), (1.0, 2.0)]),
        (-3.0, 1.0, [(1.0, 2.0)]),
        (-1.0, 3.0, [(-2.0, -1.0)]),
        (-3.0, 3.0, []),
        (5.0, 6.0, [(-2.0, 2.0)]),
        (-6.0, -5.0, [(-2.0, 2.0)]),
    ],
)
def test_that_hatching_covers_exactly_what_is_outside_the_data(qapp, low, high, parts):
    assert outside_parts(QRectF(-2.0, 0.0, 4.0, 1.0), low, high) == parts


def test_that_the_plot_hatches_from_the_ends_of_its_data(with_data: Stage):
    axis, view = with_data.session.instrument.axis, with_data.plot.view.viewRect()
    with_data.plot.draw_now()
    left, right = with_data.plot.stack.layers["outside"]._parts
    assert (left.left(), left.right()) == pytest.approx((view.left(), axis.low))
    assert (right.left(), right.right()) == pytest.approx((axis.high, view.right()))
    assert left.height() == pytest.approx(view.height())


def test_that_opacity_rises_with_weight_and_never_reaches_nothing():
    levels = opacity_levels(np.array([0.0, 1e-9, 0.01, 0.25, 1.0]))
    assert (np.diff(levels) >= 0).all()
    assert levels[0] == 1
    assert levels[-1] == 16


def test_that_each_component_has_a_line_through_its_means(qapp):
    layer = ComponentMeans()
    layer.draw(frame_of(steady_mixture(50)))
    assert sorted(k for _, k, _ in layer._lines) == [0, 1, 2]
    for _, k, line in layer._lines:
        bounds = line.boundingRect()
        assert (bounds.top(), bounds.bottom()) == (k, k)
        assert (bounds.left(), bounds.right()) == (0.0, 1.0)


def test_that_a_line_of_changing_weight_has_no_gap_and_fades_with_the_weight(qapp):
    x = np.linspace(0.0, 1.0, 50)
    weights = np.stack((0.5 + 0.5 * np.sin(9 * x), 0.5 - 0.5 * np.sin(9 * x)), axis=1)
    layer = ComponentMeans()
    layer.draw(frame_of(ConditionalMixture(weights, np.stack((x**2, -x), axis=1), np.ones((50, 2)))))
    for k, locs in enumerate((x**2, -x)):
        own = [(level, line) for level, component, line in layer._lines if component == k]
        pieces = sorted(([(p.x(), p.y()) for p in line] for _, line in own), key=lambda points: points[0])
        assert len(pieces) > 10
        assert all(first[-1] == second[0] for first, second in pairwise(pieces))
        joined = [*pieces[0], *(point for piece in pieces[1:] for point in piece[1:])]
        np.testing.assert_array_equal(joined, np.stack((x, locs), axis=1))
        for level, line in own:
            for start, stop in pairwise(line):
                share = 0.5 * (weights[x == start.x(), k] + weights[x == stop.x(), k])
                assert opacity_levels(share) == level


def test_that_full_lines_lie_on_faded_ones(qapp):
    layer = ComponentMeans()
    layer.draw(frame_of(steady_mixture(50, (0.9, 0.02, 0.08))))
    assert [k for _, k, _ in layer._lines] == [1, 2, 0]


def test_that_bands_are_one_and_two_sds_wide(qapp):
    layer = ComponentBands()
    layer.draw(frame_of(steady_mixture(50, (1.0,))))
    extents = [(p.boundingRect().top(), p.boundingRect().bottom()) for _, _, p in layer._polygons]
    assert extents == [(-2.0, 2.0), (-1.0, 1.0)]


@pytest.mark.parametrize("kind", [ComponentMeans, ComponentBands])
def test_that_no_mixture_draws_nothing(qapp, kind):
    layer = kind()
    layer.draw(frame_of(steady_mixture(50)))
    layer.draw(frame_of(None))
    assert not (layer._lines if kind is ComponentMeans else layer._polygons)


def test_that_the_ground_takes_the_colour_of_the_theme():
    seen = [tuple(table_of(Look(), theme)[255][:3]) for theme in (LIGHT, DARK)]
    assert seen == [(0x0B, 0x63, 0xCE), (0x3F, 0x8F, 0xE8)]


def test_that_a_density_of_zero_is_no_ink(qapp):
    ground = DensityMap()
    far = ConditionalMixture(np.ones((4, 1)), np.full((4, 1), 1e6), np.ones((4, 1)))
    ground.draw(frame_of(far))
    assert ground._ink.max() == 0.0


LAYERS = ("density", "means", "bands", "average", "quantiles", "region", "modes", "samples", "outside", "fading")


@pytest.mark.parametrize("name", LAYERS)
def test_that_each_switch_shows_and_hides_its_layer(fitted: Stage, name):
    switch, layer = fitted.window.fit_panel.switches[name], fitted.plot.stack.layers[name]
    for _ in range(2):
        before = switch.isChecked()
        assert layer.isVisible() == before
        switch.click()
        fitted.qtbot.waitUntil(lambda: not fitted.plot.is_drawing)
        assert layer.isVisible() == (not before)


def test_that_the_mixture_mean_is_the_mean_of_the_model(fitted: Stage):
    fitted.window.fit_panel.switches["average"].click()
    fitted.qtbot.waitUntil(lambda: not fitted.plot.is_drawing)
    places = [place for _, piece in fitted.plot.stack.layers["average"]._line for place in piece]
    x = np.unique([place.x() for place in places])
    assert len(x) == 300
    expected = dict(zip(x, fitted.session.model.conditional(x[:, None]).mean(), strict=True))
    assert all(place.y() == expected[place.x()] for place in places)


def test_that_faint_parts_of_a_preview_are_left_out():
    ramp = np.linspace(0.0, 1.0, 201)
    mixture = ConditionalMixture(np.column_stack((ramp, 1.0 - ramp)), np.zeros((201, 2)), np.ones((201, 2)))
    means = ComponentMeans()
    means.draw(frame_of(mixture))
    assert min(level for level, _, _ in means._lines) == 1
    means.draw(frame_of(mixture, Subject(is_preview=True)))
    assert {level for level, _, _ in means._lines} == set(range(3, 17))
