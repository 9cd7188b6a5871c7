"""What stands on the x axis."""

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.reading import InputAxis
from mdn_gui.ui.fit.plot import FitPlot

DAYS = Encoding("day", ColumnKind.DAYS, (), "2020-01-01")
DATA = Dataset(np.arange(4.0)[:, np.newaxis], np.arange(4.0), ("a",), "y")


@pytest.fixture
def plot(qtbot) -> FitPlot:
    made = FitPlot()
    qtbot.addWidget(made)
    made.resize(560, 300)
    made.show()
    return made


def labels(plot: FitPlot) -> list[tuple[float, str]]:
    (ticks,) = plot.getAxis("bottom")._tickLevels
    return ticks


@pytest.mark.parametrize("count", [2, 4, 15])
def test_that_each_of_a_few_levels_has_its_label_however_long(plot, count):
    levels = tuple(f"a very long name of level number {k}" for k in range(count))
    plot.show_dataset(DATA, InputAxis("colour", np.arange(float(count)), levels))
    ticks = labels(plot)
    assert [place for place, _ in ticks] == list(range(count))
    room = plot.view.width() / count
    metrics = QFontMetricsF(plot.getAxis("bottom").font())
    assert all((count == 2 or text.endswith("…")) and metrics.horizontalAdvance(text) <= room for _, text in ticks)


def test_that_many_levels_leave_out_labels_that_have_no_room(plot):
    levels = tuple(f"level {k}" for k in range(50))
    plot.show_dataset(DATA, InputAxis("colour", np.arange(50.0), levels))
    assert 5 <= len(labels(plot)) < 50


@pytest.mark.parametrize(
    ("low", "high", "some"),
    [
        (0.0, 900.0, [(182.0, "2020-07"), (366.0, "2021-01")]),
        (0.0, 9000.0, [(3653.0, "2030")]),
        (100.0, 131.0, [(103.0, "2020-04-13")]),
        (100.0, 100.5, [(100.0, "2020-04-10"), (100.25, "06:00")]),
        (100.3, 101.8, [(100.5, "2020-04-10 12:00"), (101.0, "2020-04-11")]),
    ],
)
def test_that_dates_stand_at_sensible_steps_without_overlap(plot, low, high, some):
    plot.show_dataset(DATA, InputAxis("day (days since 2020-01-01)", [0.0, 900.0], (), 0, DAYS))
    plot.view.setRange(xRange=(low, high), padding=0.0)
    ticks = labels(plot)
    assert set(some) <= set(ticks)
    assert 3 <= len(ticks) <= 12
    metrics = QFontMetricsF(plot.getAxis("bottom").font())
    pixels = [(place - low) / (high - low) * plot.view.width() for place, _ in ticks]
    wide = [metrics.horizontalAdvance(text) for _, text in ticks]
    assert all(b - a > 0.5 * (c + d) for a, b, c, d in zip(pixels, pixels[1:], wide, wide[1:], strict=False))
    assert plot.getAxis("bottom").labelText == "day"


@pytest.mark.parametrize("low", [-1e9, 1e12])
def test_that_days_outside_the_calendar_are_numbers(plot, low):
    plot.show_dataset(DATA, InputAxis("day", [0.0, 900.0], (), 0, DAYS))
    plot.view.setRange(xRange=(low, low + 1e5), padding=0.0)
    assert plot.getAxis("bottom")._tickLevels is None
