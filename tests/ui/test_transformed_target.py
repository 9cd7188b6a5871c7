"""What the window draws where the target is transformed."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter, QTransform

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import Line, Reading
from mdn_gui.core.transform import LOG, LOGIT
from mdn_gui.core.transformed_mixture import in_data_units
from mdn_gui.ui.config_form import ConfigForm
from mdn_gui.ui.fit.layers.bands import ComponentBands
from mdn_gui.ui.fit.layers.marks import CursorMarks
from mdn_gui.ui.fit.layers.means import ComponentMeans
from mdn_gui.ui.reading.copied_text import reading_text
from mdn_gui.ui.slice.plot import DensityPlot
from mdn_gui.ui.theme import LIGHT
from tests.ui.fit.layers.frames import frame_of

X = np.linspace(0.0, 1.0, 30)


def batch(loc: float, scale: float) -> ConditionalMixture:
    return ConditionalMixture(np.ones((30, 1)), loc + X[:, None], np.full((30, 1), scale))


@pytest.mark.parametrize("transform", [LOG, LOGIT], ids=lambda each: each.name)
def test_that_bands_hold_as_much_of_a_component_as_ever(qapp, transform):
    layer, mixture = ComponentBands(), in_data_units(batch(-1.0, 0.7), transform)
    layer.draw(frame_of(mixture))
    for (_, _, outline), width in zip(layer._polygons, (2.0, 1.0), strict=True):
        for edge, side in ((outline[3].y(), 1.0), (outline[-4].y(), -1.0)):
            assert edge == pytest.approx(float(transform.inverse(np.array(-1.0 + X[3] + side * width * 0.7))))


def test_that_dots_and_lines_are_the_means_of_the_table(qapp):
    mixture = in_data_units(batch(-1.0, 0.7), LOG)
    marks, lines = CursorMarks(), ComponentMeans()
    marks.show_at(0.0, mixture.row(0))
    lines.draw(frame_of(mixture))
    expected = np.exp(-1.0 + 0.5 * 0.7**2)
    assert [mark.y for mark in marks.marks] == pytest.approx([expected])
    assert lines._lines[0][2][0].y() == pytest.approx(expected)


@pytest.mark.parametrize("layer_of", [ComponentMeans, ComponentBands])
def test_that_infinite_means_can_be_painted(qapp, layer_of):
    mixture = in_data_units(batch(300.0, 600.0), LOG)
    assert np.isinf(mixture.locs).all()
    layer = layer_of()
    layer.show_theme(LIGHT)
    layer.draw(frame_of(mixture))
    for _, _, line in (*getattr(layer, "_lines", ()), *getattr(layer, "_polygons", ())):
        assert all(np.isfinite(point.y()) for point in line)
    image = QImage(100, 100, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    painter.setTransform(QTransform.fromScale(100.0, -1e6))
    layer.paint(painter)
    assert painter.end()


def test_that_the_slice_has_no_density_where_the_target_cannot_be(qtbot):
    plot = DensityPlot()
    qtbot.addWidget(plot)
    plot.show_dataset(Dataset([[0.0], [1.0], [2.0]], [0.1, 2.0, 9.0], ("x",), "y"))
    mixture = in_data_units(ConditionalMixture([[0.5, 0.5]], [[-1.0, 1.5]], [[0.4, 0.3]]), LOG)
    plot.show_reading(Reading(0.0, mixture, 1, 0.1, is_outside=False))
    y, density = plot.drawn_table().columns[:2]
    assert y.min() < 0.0
    np.testing.assert_array_equal(density[y <= 0.0], 0.0)
    np.testing.assert_allclose(density, mixture.pdf(y[None])[0], rtol=1e-9, atol=1e-12)


def test_that_the_copied_text_has_the_moments_of_the_target():
    mixture = in_data_units(ConditionalMixture([[1.0]], [[0.0]], [[0.5]]), LOG)
    text = reading_text(Reading(0.0, mixture, 1, 0.1, is_outside=False), Line((Encoding("x"),), 0, np.zeros(1)), "y")
    lines = dict(line.split("\t", 1) for line in text.splitlines())
    assert float(lines["mixture mean"]) == pytest.approx(np.exp(0.125))
    assert float(lines["median"]) == pytest.approx(1.0)
    quantities = mixture.locs, mixture.variances, mixture.scales
    assert lines["1"].split("\t")[1:] == [repr(float(each[0, 0])) for each in quantities]


def test_that_the_form_offers_the_transform_among_the_plain_settings(qtbot):
    form, edits = ConfigForm(), []
    qtbot.addWidget(form)
    form.show()
    form.edited.connect(lambda model_config, _: edits.append(model_config.target_transform))
    box = form.editor("target_transform")
    assert box.isVisible()
    for name in ("log", "logit", "none"):
        box.setCurrentText(name)
        box.activated.emit(box.currentIndex())
    assert edits == ["log", "logit", "none"]
