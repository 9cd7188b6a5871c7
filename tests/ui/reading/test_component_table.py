import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.ui.reading.component_table import ComponentModel, ComponentTable
from mdn_gui.ui.style_sheet import style_sheet
from mdn_gui.ui.theme import DARK, LIGHT, MARKERS
from tests.ui.stage import Stage

Role = Qt.ItemDataRole


def mixture(*weights: float) -> ConditionalMixture:
    count = len(weights)
    locs = np.arange(count) * 1.5 - 1.0
    return ConditionalMixture([weights], [locs], [np.linspace(0.5, 0.7, count)])


@pytest.fixture
def model(qapp) -> ComponentModel:
    made = ComponentModel()
    made.show_mixture(mixture(0.6, 0.395, 0.005))
    return made


def row(model: ComponentModel, k: int, role: Role = Role.DisplayRole) -> list[object]:
    return [model.data(model.index(k, column), role) for column in range(5)]


def test_that_a_row_states_number_weight_mean_variance_and_sd(model):
    model.set_spread(1.0)
    assert row(model, 1) == ["2", "0.3950", "0.500", "0.3600", "0.6000"]
    assert row(model, 1, Role.UserRole) == [2.0, 0.395, 0.5, 0.6**2, 0.6]


def test_that_the_columns_are_titled(model):
    titles = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(5)]
    assert titles == ["k", "weight", "mean", "variance", "sd"]


def test_that_a_weight_below_one_percent_is_greyed_but_present(model):
    assert model.rowCount() == 3
    assert model.data(model.index(1, 1), Role.ForegroundRole) is None
    assert model.data(model.index(2, 1), Role.ForegroundRole).name() == LIGHT.muted
    assert row(model, 2)[1] == "0.0050"


def test_that_the_decimals_of_means_follow_the_spread_of_the_target(model):
    model.set_spread(10.0)
    assert row(model, 1)[2] == "0.50"
    model.set_spread(0.01)
    assert row(model, 1)[2] == "0.50000"


def test_that_another_number_of_components_resets_the_table(model, qtbot):
    with qtbot.waitSignal(model.rows_changed):
        model.show_mixture(mixture(0.5, 0.5))
    assert model.rowCount() == 2
    with qtbot.waitSignal(model.rows_changed):
        model.show_mixture(None)
    assert model.rowCount() == 0
    assert model.data(model.index(0, 0)) is None


def test_that_the_same_number_of_components_only_changes_cells(model, qtbot):
    with qtbot.waitSignal(model.dataChanged), qtbot.assertNotEmitted(model.rows_changed):
        model.show_mixture(mixture(0.1, 0.2, 0.7))
    assert row(model, 2, Role.UserRole)[1] == 0.7


def test_that_a_table_has_no_children(model):
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.columnCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None


def test_that_figures_are_right_aligned(model):
    sides = [model.data(model.index(0, column), Role.TextAlignmentRole) for column in range(5)]
    assert not sides[0] & Qt.AlignmentFlag.AlignRight
    assert all(side & Qt.AlignmentFlag.AlignRight for side in sides[1:])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_marker_of_each_component_wears_its_colour(model, theme):
    model.show_theme(theme)
    for k in range(3):
        picture = model.data(model.index(k, 0), Role.DecorationRole).toImage()
        centre = picture.pixelColor(picture.width() // 2, picture.height() // 2)
        assert centre.name() == theme.components[k]
    assert model.data(model.index(0, 1), Role.DecorationRole) is None


def test_that_neighbouring_components_have_different_markers(qapp):
    model = ComponentModel()
    model.show_mixture(mixture(*[1 / 8] * 8))
    pictures = [model.data(model.index(k, 0), Role.DecorationRole).toImage() for k in range(8)]
    shapes = {
        tuple(p.pixelColor(x, y).alpha() > 128 for x in range(p.width()) for y in range(p.height())) for p in pictures
    }
    assert len(shapes) == len(set(MARKERS)) == 8


def test_that_the_table_grows_with_the_components_up_to_a_limit(qtbot):
    table = ComponentTable()
    qtbot.addWidget(table)
    heights = []
    for count in (1, 5, 8, 60):
        table.components.show_mixture(mixture(*[1 / count] * count))
        heights.append(table.sizeHint().height())
    assert heights[0] == heights[1] < heights[2] == heights[3]


def test_that_colour_and_marker_of_a_component_are_the_same_everywhere(fitted: Stage):
    fitted.session.instrument.set_cursor(0.5)
    panel, theme = fitted.window.reading_panel, fitted.themes.theme
    fitted.window.fit_plot.draw_now()
    model = panel.table.components
    assert len(fitted.plot.marks.marks) == 3
    for k, mark in enumerate(fitted.plot.marks.marks):
        colour = theme.components[k]
        picture = model.data(model.index(k, 0), Role.DecorationRole).toImage()
        assert mark.colour.name() == colour
        assert panel.density._canvas._lines[k].color().name() == colour
        assert picture.pixelColor(picture.width() // 2, picture.height() // 2).name() == colour
        assert mark.symbol == MARKERS[k]
    assert fitted.plot.stack.layers["means"]._theme is theme
    assert {k for _, k, _ in fitted.plot.stack.layers["means"]._lines} == {0, 1, 2}


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e-3, 1.0, 1e3, 1e6, 1e12])
@pytest.mark.parametrize("offset", [0.0, -5e9])
def test_that_no_figure_is_cut_whatever_the_scale_of_the_target(qtbot, scale, offset):
    table = ComponentTable()
    qtbot.addWidget(table)
    table.resize(300, 200)
    table.components.set_spread(scale)
    locs = offset + scale * np.array([[-1.234567, 0.0012345, 7.654321]])
    table.components.show_mixture(
        ConditionalMixture([[0.9, 0.09999, 0.00001]], locs, scale * np.array([[1.0, 0.1, 1e-3]]))
    )
    assert table.textElideMode() is Qt.TextElideMode.ElideNone
    for k in range(3):
        for column in range(1, 5):
            text = str(table.components.index(k, column).data())
            needed = table.fontMetrics().horizontalAdvance(text) + 6
            assert table.columnWidth(column) >= needed, text


def test_that_a_vanishing_weight_is_called_less_not_nothing(model):
    model.show_mixture(mixture(0.5, 0.49999, 0.00001))
    assert row(model, 2)[1] == "<0.0001"
    model.show_mixture(mixture(0.5, 0.5, 0.0))
    assert row(model, 2)[1] == "0.0000"


def test_that_the_vertical_header_is_not_shown(qtbot):
    table = ComponentTable()
    qtbot.addWidget(table)
    assert table.verticalHeader().isHidden()


def shown_table(qtbot, scale: float, width: int = 336, count: int = 3) -> ComponentTable:
    """Return a table of figures of this scale, as wide as its dock usually is, no higher than it asks for."""
    table = ComponentTable()
    qtbot.addWidget(table)
    table.setStyleSheet(style_sheet(LIGHT))
    table.components.set_spread(scale)
    rng = np.random.default_rng(0)
    locs = scale * rng.uniform(-9.9, 9.9, (1, count))
    table.components.show_mixture(
        ConditionalMixture([[1 / count] * count], locs, scale * rng.uniform(0.05, 1.0, (1, count)))
    )
    table.resize(width, table.minimumSizeHint().height())
    table.show()
    return table


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e-4, 1e-3, 0.03, 1.0, 30.0, 1e3, 1e5, 1e7, 1e12])
def test_that_the_four_figures_fit_the_usual_width_whatever_the_scale(qtbot, scale):
    table = shown_table(qtbot, scale)
    assert sum(table.columnWidth(column) for column in range(5)) <= table.viewport().width()
    assert not table.horizontalScrollBar().isVisible()
    for k in range(3):
        for column in range(1, 5):
            text = str(table.components.index(k, column).data())
            assert table.columnWidth(column) >= table.fontMetrics().horizontalAdvance(text) + 6, text


def test_that_figures_have_four_digits_again_where_there_is_room(qtbot):
    table = shown_table(qtbot, 1e-6)
    narrow = [str(table.components.index(0, column).data()) for column in range(1, 5)]
    table.resize(500, table.height())
    wide = [str(table.components.index(0, column).data()) for column in range(1, 5)]
    assert wide[0] == "0.3333"
    assert [len(text) for text in wide] == [len(text) + 1 for text in narrow]
    table.resize(336, table.height())
    assert [str(table.components.index(0, column).data()) for column in range(1, 5)] == narrow


def test_that_a_scroll_bar_below_hides_no_row(qtbot):
    table = shown_table(qtbot, 1.0, width=150)
    assert table.horizontalScrollBar().isVisible()
    table.resize(150, table.minimumSizeHint().height())
    last = table.visualRect(table.components.index(2, 1))
    assert table.viewport().rect().bottom() >= last.bottom()


def test_that_an_empty_table_forgets_the_widths_of_other_data(qtbot):
    table = shown_table(qtbot, 1.0)
    usual = [table.columnWidth(column) for column in range(5)]
    table.components.show_mixture(ConditionalMixture([[1.0]], [[-5.0123e9]], [[1.0]]))
    assert [table.columnWidth(column) for column in range(5)] != usual
    table.components.show_mixture(None)
    table.components.set_spread(1.0)
    assert [table.columnWidth(column) for column in range(5)] == usual


def test_that_the_titles_are_shown_whole(qtbot):
    table = shown_table(qtbot, 1.0, width=258)
    header = table.horizontalHeader()
    for column, title in enumerate(table.components.titles()):
        assert header.sectionSize(column) >= header.fontMetrics().horizontalAdvance(title) + 10


def test_that_a_visit_far_outside_is_written_shortly_and_forgotten(qtbot):
    table = ComponentTable()
    qtbot.addWidget(table)
    table.components.set_spread(2.0, 4.5)
    table.resize(336, 200)
    table.show()
    inside = ConditionalMixture([[0.7, 0.3]], [[-3.9, 0.4]], [[0.1, 0.2]])
    table.components.show_mixture(inside)
    before = row(table.components, 0), [table.columnWidth(column) for column in range(5)]
    table.components.show_mixture(ConditionalMixture([[0.7, 0.3]], [[2.1399392e12, -1e300]], [[1e11, 1e299]]))
    assert row(table.components, 0)[2].startswith("2.1")
    assert len(row(table.components, 0)[2]) <= len("2.140e+12")
    assert len(row(table.components, 1)[2]) <= len("-1.000e+300")
    table.components.show_mixture(inside)
    table.tidy()
    assert (row(table.components, 0), [table.columnWidth(column) for column in range(5)]) == before
    assert not table.horizontalScrollBar().isVisible()


def test_that_the_decimals_of_data_far_from_nought_are_kept():
    model = ComponentModel()
    model.set_spread(1.0, 5e9)
    model.show_mixture(ConditionalMixture([[1.0]], [[5e9 + 0.125]], [[1.0]]))
    assert row(model, 0)[2] == "5000000000.125"
