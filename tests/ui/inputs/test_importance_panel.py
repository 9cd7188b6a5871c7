"""The bars that tell how much each input matters."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.importance import LocalEffects, PermutedRises
from mdn_gui.ui.inputs.importance_panel import _BAR, ImportancePanel, _Column

NAMES = ("cement", "<b>water</b>", "age", "flat")


def effects() -> LocalEffects:
    return LocalEffects(
        np.array([2.5, np.nan, 1.0, 0.0]),
        np.array([0.5, -2.0, 1.0, 0.0]),
        np.array([-0.25, 0.125, np.nan, 0.0]),
        np.array([0.01, 0.0, 0.04, 0.0]),
    )


def rises() -> PermutedRises:
    return PermutedRises(np.array([0.5, -0.001, 2.0, 0.0]), np.array([0.05, 0.002, 0.1, 0.0]), 1500)


def made_dataset(names: tuple[str, ...] = NAMES) -> Dataset:
    return Dataset(np.random.default_rng(0).normal(size=(9, len(names))), np.arange(9.0), names, "y")


@pytest.fixture
def panel(qtbot) -> ImportancePanel:
    made = ImportancePanel()
    qtbot.addWidget(made)
    made.show_dataset(made_dataset())
    made.show_local(effects())
    made.show_permuted(rises())
    made.resize(360, 160)
    made.show()
    return made


def cells(panel: ImportancePanel, column: int, role: int = Qt.ItemDataRole.DisplayRole) -> list[object]:
    model = panel.table.model()
    return [model.data(model.index(row, column), role) for row in range(model.rowCount())]


def click_header(panel: ImportancePanel, column: int) -> None:
    header = panel.table.horizontalHeader()
    place = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
    point = header.viewport().rect().center()
    point.setX(place)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_that_the_greatest_change_of_the_mean_comes_first_whatever_its_sign(panel):
    assert cells(panel, 0) == ["<b>water</b>", "age", "cement", "flat"]
    assert cells(panel, 1) == ["-2.00", "+1.00", "+0.50", "constant"]


@pytest.mark.parametrize(
    ("column", "first"),
    [(_Column.SD, "cement"), (_Column.SHAPE, "age"), (_Column.NLL, "age"), (_Column.INPUT, "cement")],
)
def test_that_a_click_on_a_header_puts_its_greatest_first(panel, column, first):
    click_header(panel, column)
    assert cells(panel, 0)[0] == first
    assert "▾" in panel.table.model().headerData(column, Qt.Orientation.Horizontal)


def test_that_new_numbers_keep_the_chosen_order(panel):
    click_header(panel, _Column.SHAPE)
    panel.show_local(effects())
    assert cells(panel, 0)[0] == "age"


def test_that_the_longest_bar_belongs_to_the_greatest_number(panel):
    assert cells(panel, _Column.MEAN, _BAR) == [1.0, 0.5, 0.25, 0.0]
    assert cells(panel, _Column.NLL, Qt.ItemDataRole.UserRole) == [-0.001, 2.0, 0.5, 0.0]
    assert cells(panel, _Column.NLL, _BAR) == [0.0, 1.0, 0.25, 0.0]  # a fall has no bar


def test_that_the_rise_has_its_standard_error(panel):
    assert cells(panel, _Column.NLL) == ["0.00 ± 0.00", "2.00 ± 0.10", "0.50 ± 0.05", "0"]


def test_that_a_number_that_is_none_is_a_dash(panel):
    assert cells(panel, _Column.SD)[1] == "–"
    assert cells(panel, _Column.SD, _BAR)[1] == 0.0


@pytest.mark.parametrize("scale", [1e-9, 1e12])
def test_that_tiny_or_enormous_numbers_have_an_exponent(panel, scale):
    many = effects()
    panel.show_local(LocalEffects(many.step, many.mean * scale, many.sd, many.shape))
    assert "e" in cells(panel, _Column.MEAN)[0]


def test_that_the_kinds_are_named_as_what_they_are(panel):
    assert panel._local_name.text() == "local effect, finite differences"
    assert "global" in panel._global_name.text()
    assert "NLL rise when permuted" in panel._global_name.toolTip()


def test_that_tips_tell_the_step_or_why_there_is_none(panel):
    tips = cells(panel, _Column.MEAN, Qt.ItemDataRole.ToolTipRole)
    assert "level" in tips[0]
    assert "rises by 1" in tips[1]
    assert "2.5" in tips[2]
    assert "Constant" in tips[3]
    assert "&lt;b&gt;" in cells(panel, _Column.INPUT, Qt.ItemDataRole.ToolTipRole)[0]


def test_that_an_input_is_put_on_the_axis_by_a_click_or_by_enter(panel, qtbot):
    table = panel.table
    place = table.visualRect(table.model().index(1, 0)).center()
    with qtbot.waitSignal(panel.axis_chosen) as chosen:
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [2]
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.axis_chosen) as chosen:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert chosen.args == [0]


def test_that_the_input_on_the_axis_is_bold(panel):
    panel.show_axis(2)
    fonts = cells(panel, _Column.INPUT, Qt.ItemDataRole.FontRole)
    assert [font is not None and font.weight() > 500 for font in fonts] == [False, True, False, False]


def test_that_the_numbers_can_be_taken_away_in_the_order_of_the_data(panel):
    table = panel.drawn_table()
    assert table.columns[0] == NAMES
    np.testing.assert_array_equal(table.columns[2], effects().mean)
    np.testing.assert_array_equal(table.columns[5], rises().rise)
    panel.show_local(None)
    assert np.isnan(panel.drawn_table().columns[2]).all()
    panel.show_permuted(None)
    assert panel.drawn_table() is None
    assert cells(panel, _Column.MEAN) == [""] * 4


def test_that_numbers_of_other_data_are_not_shown(panel):
    panel.show_dataset(made_dataset(("a", "b")))
    panel.show_local(effects())
    assert cells(panel, _Column.MEAN) == ["", ""]


def test_that_a_hundred_inputs_scroll(qtbot, panel):
    panel.show_dataset(made_dataset(tuple(f"c{i}" for i in range(120))))
    panel.show_local(LocalEffects(*(np.arange(120.0) for _ in range(4))))
    assert cells(panel, 0)[0] == "c119"
    qtbot.waitUntil(lambda: panel.table.verticalScrollBar().maximum() > 0)


def test_that_bars_are_painted(panel):
    with_bars = panel.grab().toImage()
    panel.show_local(LocalEffects(*(np.zeros(4) for _ in range(4))))
    assert panel.grab().toImage() != with_bars
