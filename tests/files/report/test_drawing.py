"""Lines, bands, dots land where the axes say."""

import re
import xml.etree.ElementTree as ET

import numpy as np

from mdn_gui.files.report.axes import Axis
from mdn_gui.files.report.drawing import Plot

UNIT = Axis("", 0.0, 1.0, ())


def empty() -> Plot:
    """A picture whose frame goes from 44 to 186 px, from 12 to 108 px."""
    return Plot(200.0, 150.0, UNIT, UNIT, "made")


def paths(plot: Plot, kind: str) -> list[list[tuple[float, float]]]:
    root = ET.fromstring(plot.svg())
    found = [each.attrib["d"] for each in root.iter() if each.attrib.get("class") == kind]
    return [[(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", d)] for d in found]


def test_that_a_line_goes_from_corner_to_corner() -> None:
    plot = empty()
    plot.line(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.5, 1.0]), "line")
    assert paths(plot, "line") == [[(44.0, 108.0), (186.0, 12.0)]]


def test_that_a_bent_line_keeps_its_corner() -> None:
    plot = empty()
    plot.line(np.array([0.0, 0.5, 1.0]), np.array([0.0, 1.0, 0.0]), "line")
    assert paths(plot, "line") == [[(44.0, 108.0), (115.0, 12.0), (186.0, 108.0)]]


def test_that_a_line_has_a_gap_where_there_is_no_number() -> None:
    plot = empty()
    x = np.linspace(0.0, 1.0, 6)
    plot.line(x, np.array([0.0, 1.0, np.nan, 0.0, 1.0, 0.0]), "line")
    assert [len(each) for each in paths(plot, "line")] == [2, 3]


def test_that_numbers_of_any_size_are_cut_off() -> None:
    plot = empty()
    plot.line(np.array([0.0, 0.5, 1.0]), np.array([-1e300, np.inf, 1e300]), "line")
    plot.band(np.array([0.0, 1.0]), np.full(2, -np.inf), np.full(2, np.inf), "area")
    numbers = np.array(paths(plot, "line")[0] + paths(plot, "area")[0])
    assert np.abs(numbers).max() <= 1e4


def test_that_a_band_runs_there_and_back() -> None:
    plot = empty()
    plot.band(np.array([0.0, 1.0]), np.array([0.0, 0.0]), np.array([0.5, 0.5]), "area")
    assert paths(plot, "area") == [[(44.0, 108.0), (186.0, 108.0), (186.0, 60.0), (44.0, 60.0)]]


def test_that_dots_outside_the_frame_are_left_out() -> None:
    plot = empty()
    plot.points(np.array([0.5, 2.0, np.nan]), np.array([0.5, 0.5, 0.5]))
    assert paths(plot, "points") == [[(115.0, 60.0)]]


def test_that_eight_components_wear_eight_marks() -> None:
    shapes = set()
    for k in range(8):
        plot = empty()
        plot.mark(0.5, 0.5, k, "mark")
        shapes.add(str(paths(plot, "mark")))
    assert len(shapes) == 8


def test_that_texts_are_escaped() -> None:
    plot = Plot(200.0, 150.0, Axis("<b>&\0", 0.0, 1.0, ((0.5, '"<i>"'),)), UNIT, '<"title">')
    root = ET.fromstring(plot.svg())
    assert [each.text for each in root.iter() if each.tag.endswith("text")] == ['"<i>"', "<b>& ", None]
    assert root.attrib["aria-label"] == '<"title">'
