"""The names of the runs that are laid over the fit."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from mdn_gui.core.encoding import Encoding
from mdn_gui.core.reading import Line, Section
from mdn_gui.ui.fit.layers.frame import Comparison
from mdn_gui.ui.fit.run_names import RunNames
from mdn_gui.ui.theme import DARK, LIGHT
from tests.ui.fit.layers.test_layers import Steady

SECTION = Section(Steady(0.0), Line((Encoding("a"),), 0, np.zeros(1)))


def line_of(width: float, *names: str) -> RunNames:
    made = RunNames()
    made.set_visible(visible=True)
    made.resize(QSizeF(width, made.size().height()))
    made.show_runs(tuple(Comparison(SECTION, name, number) for number, name in enumerate(names, start=1)))
    return made


@pytest.mark.parametrize("width", [40.0, 300.0, 700.0])
@pytest.mark.parametrize(
    "names", [("run 1",), ("run 1", "a name that is much longer than the plot is wide" * 3, "run 3"), ("run 1",) * 8]
)
def test_that_names_never_meet_nor_leave_the_plot(qapp, width, names):
    entries = line_of(width, *names).entries()
    assert [run.number for run, *_ in entries] == list(range(1, len(names) + 1))
    assert all(before.right() <= after.left() for (_, before, _), (_, after, _) in pairwise(entries))
    if width >= 300.0:
        assert entries[-1][1].right() <= width


def test_that_a_long_name_ends_with_dots_and_leaves_the_short_ones_whole(qapp):
    (_, _, first), (_, _, long), (_, _, last) = line_of(400.0, "run 1", "long <b>name" * 20, "run 3").entries()
    assert (first, last) == ("run 1", "run 3")
    assert long.startswith("long <b>name")
    assert long.endswith("…")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_a_line_in_the_colour_of_the_run_stands_before_its_name(qapp, theme):
    names = line_of(400.0, "run 1", "run 2")
    names.show_theme(theme)
    image = QImage(400, 30, QImage.Format.Format_ARGB32)
    image.fill(QColor(theme.base))
    painter = QPainter(image)
    names.paint(painter)
    painter.end()
    for run, box, _ in names.entries():
        x, y = round(box.left() - 12.0), round(box.center().y())
        assert theme.run(run.number).rgb() in {image.pixelColor(x, y + k).rgb() for k in (-1, 0, 1)}
