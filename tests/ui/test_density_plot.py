import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import Reading
from mdn_gui.ui.density_plot import DensityPlot
from mdn_gui.ui.theme import DARK, LIGHT


def reading(weights, locs, scales) -> Reading:
    return Reading(0.0, ConditionalMixture([weights], [locs], [scales]), 1, 0.1, is_outside=False)


@pytest.fixture
def plot(qtbot) -> DensityPlot:
    made = DensityPlot()
    qtbot.addWidget(made)
    made.show_dataset(Dataset(np.zeros((3, 1)), np.array([-5.0, 0.0, 5.0]), ("x",), "y"))
    return made


def drawn(plot: DensityPlot, k: int) -> np.ndarray:
    """Return the heights of a component's curve at the points of the whole, NaN where nothing is drawn."""
    path = plot._components._paths[k]
    elements = [path.elementAt(i) for i in range(path.elementCount())]
    np.testing.assert_array_equal([element.x for element in elements], plot._whole.getData()[0])
    joined = np.array([element.isLineTo() for element in elements])
    return np.where(joined | np.append(joined[1:], False), [element.y for element in elements], np.nan)


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
    parts = [drawn(plot, k) for k in range(2)]
    np.testing.assert_allclose(np.nansum(parts, axis=0), plot._whole.getData()[1], atol=5e-3)


def test_that_a_peak_far_narrower_than_a_pixel_is_not_missed(plot):
    plot.show_reading(reading([0.99, 0.01], [-1.0, 2.0], [0.5, 1e-7]))
    y, ink = plot._whole.getData()
    assert y[ink.argmax()] == pytest.approx(2.0, abs=1e-6)


def test_that_a_light_component_is_left_blank_where_it_has_no_ink(plot):
    plot.show_reading(TWO)
    y, far = plot._whole.getData()[0], drawn(plot, 1)
    assert np.isnan(far[y < 0]).all()
    assert not np.isnan(far[np.abs(y - 2.0) < 0.05]).any()


def test_that_curves_come_and_go_with_the_components(plot):
    for count in (2, 5, 1):
        plot.show_reading(reading([1 / count] * count, list(range(count)), [1.0] * count))
        assert len(plot._components._paths) == count
        assert all(np.isfinite(drawn(plot, k)).any() for k in range(count))
        assert plot._components.scene() is plot.scene()


def test_that_no_reading_is_no_curve(plot):
    plot.show_reading(TWO)
    plot.show_reading(None)
    assert len(plot._whole.getData()[0] if plot._whole.getData()[0] is not None else ()) == 0
    assert not plot._components._paths


def test_that_the_pin_is_an_outline_until_it_is_taken_away(plot):
    plot.show_pin(TWO)
    y, ink = plot._pinned.getData()
    density = TWO.mixture.pdf(y[None, :])[0]
    np.testing.assert_allclose(ink, density / density.max(), rtol=1e-9, atol=1e-12)
    assert ink.max() == 1.0
    assert plot._pinned.opts["pen"].style() == Qt.PenStyle.DashLine
    plot.show_pin(None)
    assert plot._pinned.getData()[0] is None or len(plot._pinned.getData()[0]) == 0
    assert len(y) == 150 + 2 * 25


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
    assert [pen.color().name() for pen in plot._components.pens] == list(DARK.components)


def test_that_each_component_is_painted_in_its_colour(plot):
    plot.resize(400, 300)
    plot.show()
    for theme in (LIGHT, DARK):
        plot.show_theme(theme)
        plot.show_reading(reading([1 / 3] * 3, [-4.0, 0.0, 4.0], [0.5] * 3))
        picture = plot.grab().toImage()
        for k, y in enumerate((-4.0, 0.0, 4.0)):
            top = plot.mapFromScene(plot.view.mapViewToScene(QPointF(y, 1.0)))
            around = {picture.pixelColor(top + QPoint(0, step)).name() for step in range(-3, 4)}
            assert theme.components[k] in around
    plot.show_reading(None)
    empty = plot.grab().toImage()
    seen = {empty.pixelColor(x, y).name() for x in range(empty.width()) for y in range(empty.height())}
    assert not seen & set(DARK.components)
