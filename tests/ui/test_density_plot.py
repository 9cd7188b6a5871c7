import numpy as np
import pytest
from PySide6.QtCore import Qt

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import Reading
from mdn_gui.ui.density_plot import DensityPlot
from mdn_gui.ui.theme import DARK


def reading(weights, locs, scales) -> Reading:
    return Reading(0.0, ConditionalMixture([weights], [locs], [scales]), 1, 0.1, is_outside=False)


@pytest.fixture
def plot(qtbot) -> DensityPlot:
    made = DensityPlot()
    qtbot.addWidget(made)
    made.show_dataset(Dataset(np.zeros((3, 1)), np.array([-5.0, 0.0, 5.0]), ("x",), "y"))
    return made


TWO = reading([0.7, 0.3], [-1.0, 2.0], [0.5, 0.1])


def test_that_the_slice_is_the_density_scaled_to_its_peak(plot):
    plot.show_reading(TWO)
    y, ink = plot._whole.getData()
    density = TWO.mixture.pdf(y[None, :])[0]
    np.testing.assert_allclose(ink, density / density.max(), rtol=1e-9, atol=1e-12)
    assert (np.diff(y) >= 0).all()
    assert ink.max() == 1.0


def test_that_the_axis_is_the_range_of_the_target_with_a_margin(plot):
    left, right = plot.view.viewRange()[0]
    assert left == pytest.approx(-6.2)
    assert right == pytest.approx(6.2)


def test_that_the_components_add_up_to_the_whole(plot):
    plot.show_reading(TWO)
    parts = [curve.getData()[1] for curve in plot._components]
    np.testing.assert_allclose(np.nansum(parts, axis=0), plot._whole.getData()[1], atol=5e-3)


def test_that_a_peak_far_narrower_than_a_pixel_is_not_missed(plot):
    plot.show_reading(reading([0.99, 0.01], [-1.0, 2.0], [0.5, 1e-7]))
    y, ink = plot._whole.getData()
    assert y[ink.argmax()] == pytest.approx(2.0, abs=1e-6)


def test_that_a_light_component_is_left_blank_where_it_has_no_ink(plot):
    plot.show_reading(TWO)
    far = plot._components[1].getData()
    assert np.isnan(far[1][far[0] < 0]).all()
    assert not np.isnan(far[1][np.abs(far[0] - 2.0) < 0.05]).any()


def test_that_curves_come_and_go_with_the_components(plot):
    for count in (2, 5, 1):
        plot.show_reading(reading([1 / count] * count, list(range(count)), [1.0] * count))
        assert len(plot._components) == count
        assert all(curve.scene() is plot.scene() for curve in plot._components)


def test_that_no_reading_is_no_curve(plot):
    plot.show_reading(TWO)
    plot.show_reading(None)
    for curve in (plot._whole, *plot._components):
        assert len(curve.getData()[0] if curve.getData()[0] is not None else ()) == 0


def test_that_the_pin_is_an_outline_until_it_is_taken_away(plot):
    plot.show_pin(TWO)
    y, ink = plot._pinned.getData()
    assert ink.max() == 1.0
    assert plot._pinned.opts["pen"].style() == Qt.PenStyle.DashLine
    plot.show_pin(None)
    assert plot._pinned.getData()[0] is None or len(plot._pinned.getData()[0]) == 0
    assert len(y) > 300


def test_that_a_density_beyond_the_axis_draws_a_flat_line(plot):
    plot.show_reading(reading([1.0], [1e6], [1e-3]))
    assert plot._whole.getData()[1].max() == 0.0


def test_that_a_constant_looking_target_still_has_an_axis(plot):
    plot.show_dataset(Dataset(np.zeros((2, 1)), np.array([3.0, 3.0]), ("x",), "y"))
    left, right = plot.view.viewRange()[0]
    assert left < 3.0 < right


def test_that_a_theme_pens_the_curves_anew(plot):
    plot.show_reading(TWO)
    plot.show_theme(DARK)
    assert plot._whole.opts["pen"].color().name() == DARK.accent
    assert [c.opts["pen"].color().name() for c in plot._components] == list(DARK.components[:2])
    plot.show_reading(reading([0.4, 0.3, 0.3], [0.0, 1.0, 2.0], [1.0] * 3))
    assert plot._components[2].opts["pen"].color().name() == DARK.components[2]
