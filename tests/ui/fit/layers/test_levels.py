"""A category on the x axis: each level is drawn by itself."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Section
from mdn_gui.ui.fit.layers.bands import ComponentBands
from mdn_gui.ui.fit.layers.density_map import DensityMap
from mdn_gui.ui.fit.layers.fan import QuantileFan
from mdn_gui.ui.fit.layers.frame import Frame, Look, Subject
from mdn_gui.ui.fit.layers.means import ComponentMeans
from mdn_gui.ui.fit.layers.members import Members
from mdn_gui.ui.fit.layers.mixture_mean import MixtureMean
from mdn_gui.ui.fit.layers.modes import Modes
from mdn_gui.ui.fit.layers.outside import OutsideData
from mdn_gui.ui.fit.layers.region import DensityRegion
from mdn_gui.ui.fit.marginals import Marginal
from mdn_gui.ui.fit.plot import FitPlot
from mdn_gui.ui.theme import DARK
from tests.ui.fit.layers.frames import is_inked, painted

VIEW = QRectF(-0.5, -2.0, 3.0, 8.0)
AXIS = InputAxis("colour", [0.0, 0.0, 1.0, 2.0], ("red", "blue", "green"))
LINEAR = Look()


class Stairs:
    """One component whose mean is twice the number of the level."""

    def conditional(self, x: object) -> ConditionalMixture:
        locs = 2.0 * np.round(np.asarray(x))
        return ConditionalMixture(np.ones_like(locs), locs, np.full_like(locs, 0.1))


MEMBER = Section(Stairs(), Line((Encoding("colour"),), 0, np.zeros(1)))


def frame(look: Look = LINEAR) -> Frame:
    subject = Subject(Stairs(), axis=AXIS, look=look, questions=Questions(levels=(0.05, 0.5, 0.95)), members=(MEMBER,))
    return Frame.of(subject, VIEW, QSize(200, 120), (300, 160))


def test_that_the_model_is_read_at_the_levels_only():
    np.testing.assert_allclose(frame().x, [-0.35, 0.35, 0.65, 1.35, 1.65, 2.35])
    assert set(frame().mixture.locs[:, 0]) == {0.0, 2.0, 4.0}


@pytest.mark.parametrize(
    "kind", [ComponentMeans, ComponentBands, MixtureMean, QuantileFan, DensityRegion, Members, DensityMap]
)
def test_that_each_level_is_drawn_by_itself(qapp, kind):
    layer = kind()
    layer.draw(frame())
    if hasattr(layer, "draw_now"):
        layer.draw_now(frame())
    layer._names = []
    image = painted(layer, VIEW)
    for level in range(3):
        assert any(is_inked(image, level, 2.0 * level + dy, VIEW) for dy in (-0.1, -0.05, 0.0, 0.05, 0.1))
        assert any(is_inked(image, level + 0.3, 2.0 * level + dy, VIEW) for dy in (-0.1, -0.05, 0.0, 0.05, 0.1))
    for between in (0.5, 1.5):
        assert not any(is_inked(image, between, y, VIEW) for y in np.linspace(-1.9, 5.9, 400))


def test_that_the_mode_of_a_level_stands_in_its_middle(qapp):
    layer = Modes()
    layer.draw_now(frame())
    assert {dot.x() for _, dots in layer._dots for dot in dots} == {0.0, 1.0, 2.0}


def test_that_nothing_around_a_level_is_outside_the_data(qapp):
    layer = OutsideData()
    layer.draw(Frame.of(Subject(axis=AXIS), QRectF(-1.0, 0.0, 4.0, 1.0), QSize(200, 120), (3, 3)))
    assert [(part.left(), part.right()) for part in layer._parts] == [(-1.0, -0.5), (2.5, 3.0)]


def test_that_the_bar_of_a_level_is_centred_on_it(qtbot):
    plot = FitPlot()
    qtbot.addWidget(plot)
    plot.view.setRange(xRange=(-0.5, 2.5), padding=0.0)
    bars = Marginal(plot.view, is_upright=False)
    bars.resize(300.0, 30.0)
    bars.set_levels(3)
    bars.show_values(np.array([0.0, 0.0, 1.0, 2.0]))
    bars.set_visible(visible=True)
    bars.resize(300.0, 30.0)
    tops = [corner.x() for corner in bars._bars() if corner.y() < 5.0]
    assert (min(tops), max(tops)) == pytest.approx((15.0, 85.0))


def test_that_the_view_gives_each_level_the_same_room(qtbot):
    plot = FitPlot()
    qtbot.addWidget(plot)
    data = Dataset(np.eye(3)[[0, 0, 1, 2]][:, :1], np.arange(4.0), ("a",), "y")
    plot.show_dataset(data, AXIS)
    assert plot.view.viewRange()[0] == pytest.approx([-0.5, 2.5])


def has_key(layer: DensityMap) -> bool:
    """Return whether something is written at the lower edge, where the density is nothing."""
    image = painted(layer, VIEW)
    return any(is_inked(image, x, y, VIEW) for x in np.linspace(1.0, 2.4, 50) for y in np.linspace(-1.9, -0.6, 40))


@pytest.mark.parametrize(
    ("look", "low", "end"),
    [(Look("linear", "viridis"), "0", " per unit"), (Look("log"), "0.00039", " per unit, log")],
)
def test_that_other_colours_or_another_scale_have_a_key(qapp, look, low, end):
    layer = DensityMap()
    layer.draw(frame(look))
    assert layer.key().low == low
    assert layer.key().high == f"3.9{end}"
    assert has_key(layer)


def test_that_the_soft_ground_has_no_key(qapp):
    layer = DensityMap()
    layer.draw(frame())
    assert not has_key(layer)


def test_that_a_line_has_a_casing_where_the_ground_is_dense(qapp):
    layer = MixtureMean()
    layer.show_theme(DARK)
    layer.draw(frame())
    plain = painted(layer, VIEW).pixelColor(33, 94)
    layer.draw(replace(frame(), is_dense=True))
    seen = [painted(layer, VIEW).pixelColor(33, row) for row in range(80, 100)]
    assert min(colour.lightness() for colour in seen) < 120
    assert plain.lightness() > 150
