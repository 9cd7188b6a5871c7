import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import Table
from mdn_gui.ui import data_panel as module
from mdn_gui.ui.data_panel import DataPanel
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.theme import DARK
from tests.ui.stage import Stage

ROLE = Qt.ItemDataRole
FLAG = QItemSelectionModel.SelectionFlag


def odd_table(rows: int = 40) -> Table:
    x = np.arange(rows) / 7.0
    empty = np.zeros(rows, dtype=bool)
    empty[3] = True
    x[[3, 5]] = np.nan
    filled = np.zeros(rows, dtype=bool)
    return Table(
        "odd",
        (
            Column("<b>x</b>", x, empty, oddities={5: "n/a <i>"}),
            Column("site", np.arange(rows) % 2, filled, ColumnKind.CATEGORY, ("north", "a\nsouth")),
            Column("y", np.arange(rows) % 5, filled),
        ),
    )


def shown(panel: DataPanel) -> list[int]:
    """Return the row numbers seen."""
    model = panel.rows.model()
    return [int(model.index(place, 0).data()) for place in range(model.rowCount())]


def choose(panel: DataPanel, name: str) -> None:
    panel.filter.setCurrentIndex(panel.filter.findData(name))


@pytest.fixture
def panel(qtbot):
    made = DataPanel()
    qtbot.addWidget(made)
    table = odd_table()
    made.show_selection(table, table.select(["<b>x</b>"], "y", excluded=[8, 9], hold_out=HoldOut(0.2)))
    made.resize(900, 300)
    made.show()
    return made


def test_that_cells_say_what_the_table_says(panel):
    model, column = panel.rows.model(), odd_table().columns[0]
    assert [model.headerData(section, Qt.Orientation.Horizontal) for section in range(5)] == [
        "row",
        "use",
        "<b>x</b>",
        "site",
        "y",
    ]
    assert model.index(4, 2).data() == column.text(4)
    assert model.index(5, 2).data() == "n/a <i>"
    assert model.index(3, 2).data() == ""
    assert model.index(1, 3).data() == "a south"


def test_that_the_use_of_every_row_is_told(panel):
    uses = [panel.rows.model().index(row, 1).data() for row in range(40)]
    assert uses[3] == "empty <b>x</b>"
    assert uses[5] == "<b>x</b> is not a number"
    assert uses[8] == uses[9] == "excluded by hand"
    assert uses.count("test") == 7
    assert uses.count("training") == 29


def test_that_numbers_stand_right_and_texts_left(panel):
    sides = [panel.rows.model().index(0, section).data(ROLE.TextAlignmentRole) for section in (0, 1, 2, 3)]
    right = [bool(side & Qt.AlignmentFlag.AlignRight) for side in sides]
    assert right == [True, False, True, False]


def test_that_odd_cells_are_muted_with_a_tip_in_plain_text(panel):
    panel.show_theme(DARK)
    odd = panel.rows.model().index(5, 2)
    assert odd.data(ROLE.ForegroundRole).name() == DARK.muted
    assert panel.rows.model().index(4, 2).data(ROLE.ForegroundRole) is None
    assert "n/a &lt;i&gt;" in odd.data(ROLE.ToolTipRole)
    assert "&lt;b&gt;x&lt;/b&gt; is not a number" in odd.data(ROLE.ToolTipRole)


def test_that_a_cell_as_long_as_a_file_is_cut(qtbot):
    table = Table(
        "t",
        (
            Column("s", [0.0, 1.0, 0.0], [False] * 3, ColumnKind.CATEGORY, ("x" * 10**6, "b")),
            Column("y", [1.0, 2.0, 3.0], [False] * 3),
        ),
    )
    panel = DataPanel()
    qtbot.addWidget(panel)
    panel.show_selection(table, table.select(["s"], "y"))
    cell = panel.rows.model().index(0, 2)
    assert len(cell.data()) == 121
    assert len(cell.data(ROLE.ToolTipRole)) < 3000


@pytest.mark.parametrize(
    ("name", "expected"),
    [("all", [*range(1, 41)]), ("left out", [4, 6, 9, 10]), ("excluded", [9, 10]), ("selected", [])],
)
def test_that_a_filter_shows_its_rows(panel, name, expected):
    choose(panel, name)
    assert shown(panel) == expected
    assert panel.count.text() == f"{len(expected)} of 40 rows"


def test_that_used_and_test_rows_can_be_shown(panel):
    choose(panel, "used")
    used = shown(panel)
    choose(panel, "test")
    assert len(used) == 36
    assert set(shown(panel)) < set(used)


def test_that_rows_selected_by_the_person_are_told_as_rows_of_the_table(panel):
    told = []
    panel.rows_selected.connect(told.append)
    choose(panel, "left out")
    panel.rows.selectRow(1)
    panel.rows.selectionModel().select(panel.rows.model().index(3, 0), FLAG.Select | FLAG.Rows)
    assert [rows.tolist() for rows in told] == [[5], [5, 9]]
    assert "2 selected" in panel.count.text()


def test_that_rows_selected_elsewhere_are_shown_without_an_echo(panel):
    told = []
    panel.rows_selected.connect(told.append)
    panel.select_rows(np.array([30, 31, 35]))
    assert panel.rows.selected().tolist() == [30, 31, 35]
    assert told == []
    assert panel.rows.rowAt(1) > 10  # scrolled to the first


def test_that_scattered_rows_selected_elsewhere_are_shown_by_the_filter(qtbot):
    table = odd_table(2000)
    panel = DataPanel()
    qtbot.addWidget(panel)
    panel.show_selection(table, table.select(["<b>x</b>"], "y"))
    panel.select_rows(np.arange(0, 2000, 2))
    assert panel.filter.currentData() == "selected"
    assert shown(panel) == [*range(1, 2001, 2)]
    panel.select_rows(np.array([7]))
    assert shown(panel) == [8]


def test_that_a_filter_keeps_what_is_selected(panel):
    panel.select_rows(np.array([5, 20]))
    choose(panel, "left out")
    assert panel.rows.selected().tolist() == [5]
    choose(panel, "all")
    assert panel.rows.selected().tolist() == [5, 20]


def test_that_selected_rows_can_be_excluded_and_excluded_ones_restored(panel, qtbot):
    excluded = []
    panel.exclude_requested.connect(excluded.append)
    assert not panel.exclude_button.isEnabled()
    panel.select_rows(np.array([1, 2]))
    panel.exclude_button.click()
    assert excluded[0].tolist() == [1, 2]
    with qtbot.waitSignal(panel.restore_requested):
        panel.restore_button.click()
    panel.show_selection(odd_table(), odd_table().select(["<b>x</b>"], "y"))
    assert not panel.restore_button.isEnabled()
    assert not panel.exclude_button.isEnabled()  # another table


def test_that_the_selected_rows_are_saved_or_else_those_shown(panel):
    asked = []
    panel.save_requested.connect(asked.append)
    choose(panel, "left out")
    panel.save_button.click()
    panel.rows.selectRow(0)
    panel.save_button.click()
    assert [rows.tolist() for rows in asked] == [[3, 5, 8, 9], [3]]


def test_that_ctrl_c_copies_the_selected_rows_with_their_names(panel):
    panel.select_rows(np.array([4]))
    panel.rows.setFocus()
    QTest.keyClick(panel.rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().split("\n")
    assert lines[0].split("\t") == ["row", "use", "<b>x</b>", "site", "y"]
    assert lines[1].split("\t")[2:] == [repr(4 / 7), "north", "4"]
    assert len(lines) == 3


def test_that_more_rows_than_the_clipboard_takes_are_to_be_saved(panel, monkeypatch):
    monkeypatch.setattr(module, "MOST_COPIED", 10)
    choose(panel, "used")
    assert not panel.copy_button.isEnabled()
    assert "save them" in panel.copy_button.toolTip()
    assert panel.save_button.isEnabled()


def test_that_other_columns_of_the_same_table_keep_filter_and_selection(panel):
    table = panel._table
    panel.select_rows(np.array([3]))
    choose(panel, "left out")
    panel.show_selection(table, table.select(["site"], "y"))
    assert panel.rows.selected().tolist() == []
    assert shown(panel) == []
    choose(panel, "all")
    assert panel.rows.selected().tolist() == [3]


def test_that_millions_of_rows_are_selected_in_one_range(qtbot):
    values, filled = np.arange(2_000_000.0), np.zeros(2_000_000, dtype=bool)
    table = Table("t", (Column("x", values, filled), Column("y", values, filled)))
    panel = DataPanel()
    qtbot.addWidget(panel)
    panel.show_selection(table, table.select(["x"], "y"))
    panel.select_rows(np.arange(500_000, 1_500_000))
    assert panel.rows.selectionModel().selection().count() == 1
    panel.rows.selectAll()
    assert len(panel._selected) == 2_000_000


def test_that_a_new_table_is_shown_from_its_first_row_and_column(panel):
    panel.resize(120, 150)
    panel.rows.verticalScrollBar().setValue(6)
    panel.rows.horizontalScrollBar().setValue(2)
    assert panel.rows.rowAt(1) == 6
    panel.show_selection(odd_table(50), odd_table(50).select(["<b>x</b>"], "y"))
    assert panel.rows.rowAt(1) == 0
    assert panel.rows.horizontalScrollBar().value() == 0


def test_that_the_same_table_stays_where_it_was_scrolled_to(panel):
    panel.rows.verticalScrollBar().setValue(6)
    panel.show_selection(panel._table, panel._table.select(["site"], "y"))
    assert panel.rows.rowAt(1) == 6


@pytest.mark.parametrize("name", ["all", "used"])
def test_that_the_filter_of_before_returns_when_nothing_is_selected_any_more(qtbot, name):
    table = odd_table(2000)
    panel = DataPanel()
    qtbot.addWidget(panel)
    panel.show_selection(table, table.select(["<b>x</b>"], "y"))
    choose(panel, name)
    before = shown(panel)
    panel.select_rows(np.arange(0, 2000, 2))
    panel.select_rows(np.arange(1, 2000, 2))
    assert panel.filter.currentData() == "selected"
    panel.select_rows(np.zeros(0, dtype=int))
    assert panel.filter.currentData() == name
    assert shown(panel) == before


def test_that_a_filter_chosen_by_the_person_stays_when_nothing_is_selected_any_more(qtbot):
    table = odd_table(2000)
    panel = DataPanel()
    qtbot.addWidget(panel)
    panel.show_selection(table, table.select(["<b>x</b>"], "y"))
    panel.select_rows(np.arange(0, 2000, 2))
    choose(panel, "all")
    choose(panel, "selected")
    panel.select_rows(np.zeros(0, dtype=int))
    assert panel.filter.currentData() == "selected"


def test_that_rows_are_seen_again_after_scattered_ones_were_excluded(fitted: Stage):
    fitted.open(odd_table(2000))
    panel = fitted.window.desk.panel
    fitted.window.desk.pick(np.arange(10, 1990, 2))
    assert panel.filter.currentData() == "selected"
    panel.exclude_button.click()
    fitted.settle()
    assert panel.filter.currentData() == "all"
    assert panel.rows.model().rowCount() == 2000


def test_that_ctrl_c_copies_rows_also_where_the_read_out_can_be_copied(fitted: Stage):
    fitted.session.instrument.set_cursor(0.5)
    assert fitted.window.actions_by_id["copy_reading"].isEnabled()
    fitted.window.show_data()
    fitted.settle()
    rows = fitted.window.desk.panel.rows
    rows.setFocus()
    rows.selectRow(2)
    QApplication.clipboard().clear()
    QTest.keyClick(fitted.window.windowHandle(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().split("\n")
    assert lines[0].split("\t") == ["row", "use", "dose", "extra", "response"]
    assert [line.split("\t")[0] for line in lines[1:-1]] == ["3"]
    fitted.plot.setFocus()
    QTest.keyClick(fitted.window.windowHandle(), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().startswith("dose\t0.5\n")


def test_that_a_count_without_room_ends_in_an_ellipsis(panel):
    assert isinstance(panel.count, ElidedLabel)
    panel.select_rows(np.array([1]))
    assert panel.count.toolTip() == "<qt>40 of 40 rows, 1 selected</qt>"
    assert panel.count.fitting(60).endswith("…")


def test_that_the_filter_comes_before_the_buttons_then_the_rows(panel):
    order, widget = [], panel.nextInFocusChain()
    while widget is not panel:
        order.append(widget)
        widget = widget.nextInFocusChain()
    buttons = (panel.exclude_button, panel.restore_button, panel.copy_button, panel.save_button)
    places = [order.index(widget) for widget in (panel.filter, *buttons, panel.rows)]
    assert places == sorted(places)
