"""A component keeps its number, colour, marker along x, in plots, table, export."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.pruning import ordered
from mdn_gui.core.questions import Questions
from mdn_gui.files.export import parameter_table
from mdn_gui.files.pins import pins_table
from mdn_gui.ui.fit.layers.marks import CursorMarks
from mdn_gui.ui.reading.component_table import ComponentModel
from mdn_gui.ui.theme import DARK, LIGHT, MARKERS
from tests.fakes import made_model
from tests.places import pin_at

PLACES = np.linspace(-3.0, 4.0, 8)


@pytest.fixture
def model(tiny_dataset: Dataset) -> FittedModel:
    return ordered(made_model(tiny_dataset, components=10))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_a_mark_has_the_colour_and_the_shape_of_its_component(model, theme, application):
    marks = CursorMarks()
    marks.show_theme(theme, QPen(), QPen())
    for x in PLACES:
        mixture = model.conditional([[x]])
        marks.show_at(float(x), mixture)
        assert [mark.y for mark in marks.marks] == mixture.locs[0].tolist()
        assert [mark.colour for mark in marks.marks] == [theme.component(k) for k in range(10)]
        assert [mark.symbol for mark in marks.marks] == [MARKERS[k % len(MARKERS)] for k in range(10)]


def test_that_a_faint_component_that_is_left_out_takes_no_colour_of_another(model, application):
    marks = CursorMarks()
    mixture = model.conditional([[0.0]])
    marks.show_at(0.0, mixture, with_faint=False)
    shown = np.flatnonzero(mixture.weights[0] >= 0.01)
    assert 0 < len(shown) < 10
    assert [mark.colour for mark in marks.marks] == [LIGHT.component(k) for k in shown]
    assert [mark.y for mark in marks.marks] == mixture.locs[0, shown].tolist()


def test_that_row_k_of_the_table_is_component_k_at_every_x(model, qtbot):
    table = ComponentModel()
    for x in PLACES:
        mixture = model.conditional([[x]])
        table.show_mixture(mixture)
        for k in range(10):
            assert table.item(k, 0).text() == str(k + 1)
            assert table.item(k, 2).data(Qt.ItemDataRole.UserRole) == mixture.locs[0, k]


def test_that_exports_number_the_same_components_from_one(model, tiny_dataset):
    table = parameter_table(model, GridSpec(-3.0, 4.0, 8))
    pins = pins_table([pin_at(str(x), float(x), model, tiny_dataset) for x in PLACES], Questions(), "response")
    locs = model.conditional(PLACES[:, np.newaxis]).locs
    for k in range(10):
        for each in (table, pins):
            assert np.array_equal(each.columns[each.names.index(f"mean_{k + 1}")], locs[:, k])
    assert "mean_0" not in table.names
