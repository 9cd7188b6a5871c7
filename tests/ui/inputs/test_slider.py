"""A slider that stands on a histogram."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.histogram import Histogram, histogram_of
from mdn_gui.ui.inputs.row import InputRow
from mdn_gui.ui.inputs.slider import STEPS, HistogramSlider, outline


@pytest.fixture
def slider(qtbot) -> HistogramSlider:
    made = HistogramSlider()
    qtbot.addWidget(made)
    made.resize(214, 30)
    return made


@pytest.mark.parametrize("width", [60, 214, 901])
def test_that_the_handle_stands_in_the_bar_in_which_its_value_is_counted(slider, width):
    slider.resize(width, 30)
    values = np.random.default_rng(0).gamma(2.0, size=500)
    made = histogram_of(Dataset(values[:, None], values, ("a",), "y"), 0)
    shape = outline(made, QRectF(7.0, 2.0, slider.width() - 14.0, 19.0))
    bars = len(made.counts)
    edges = [shape.at(1 + 2 * bar).x() for bar in range(bars)] + [shape.at(2 * bars).x()]
    for value in values[:50]:
        slider.setValue(round(STEPS * (value - made.low) / (made.high - made.low)))
        bar = int(np.searchsorted(np.linspace(made.low, made.high, bars + 1), value, side="right")) - 1
        reach = (slider.width() - 14.0) / STEPS
        assert edges[min(bar, bars - 1)] - reach <= slider.handle_x() <= edges[min(bar + 1, bars)] + reach


def test_that_the_highest_bar_fills_the_place_while_a_single_row_still_shows():
    shape = outline(Histogram(0.0, 3.0, np.array([10_000.0, 0.0, 1.0])), QRectF(0.0, 2.0, 30.0, 18.0))
    heights = [20.0 - shape.at(1 + 2 * bar).y() for bar in range(3)]
    assert heights == [18.0, 0.0, 1.0]
    assert shape.boundingRect() == QRectF(0.0, 2.0, 30.0, 18.0)


def test_that_a_value_outside_is_marked_at_the_end_it_lies_beyond(qtbot, slider):
    row = InputRow(Encoding("a"), slider, float, float)
    row.show_range(0.0, 10.0)
    for value, place in ((-1e12, 0), (5.0, STEPS // 2), (10.5, STEPS)):
        row.show_value(value)
        assert row.slider.value() == place
        assert row.slider._is_outside is (value != 5.0)


def test_that_a_value_outside_looks_different_from_one_at_the_end(slider):
    slider.setValue(STEPS)
    inside = slider.grab().toImage()
    slider.set_outside(outside=True)
    assert slider.grab().toImage() != inside
