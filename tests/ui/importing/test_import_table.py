from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import LeftOut
from mdn_gui.core.table import Table
from mdn_gui.files.options import Preview, ReadOptions
from mdn_gui.session.importing import ImportChoice, outlook, proposed_choice
from mdn_gui.ui.check_list import CheckList
from mdn_gui.ui.importing.header import COLUMN, Role, face_of, histogram_bars
from mdn_gui.ui.importing.table import ImportTable
from mdn_gui.ui.importing.texts import option_in_doubt, outlook_text, part_label
from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import DARK, LIGHT, palette, theme_of
from tests.previews import made_column, made_preview

PATH = Path("a.csv")
HORIZONTAL = Qt.Orientation.Horizontal


@pytest.fixture
def table(qtbot) -> ImportTable:
    made = ImportTable()
    qtbot.addWidget(made)
    made.resize(700, 300)
    preview = made_preview(PATH)
    made.show_preview(preview)
    made.rows.show_roles(proposed_choice(preview))
    made.show()
    return made


def cell(table: ImportTable, row: int, column: int, role: Qt.ItemDataRole) -> object:
    return table.rows.data(table.rows.index(row, column), role)


def test_that_cells_are_shown_as_they_stand_in_the_file(table):
    assert cell(table, 0, 0, Qt.ItemDataRole.DisplayRole) == "1.0"
    assert cell(table, 3, 1, Qt.ItemDataRole.DisplayRole) == "much"
    assert cell(table, 1, 2, Qt.ItemDataRole.DisplayRole) == "b"
    assert table.rows.rowCount() == 5


def test_that_empty_and_odd_cells_stand_out_and_say_why(table):
    tip, ground = Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.BackgroundRole
    assert "Empty: left out" in cell(table, 1, 1, tip)
    assert "extra is not a number: left out" in cell(table, 3, 1, tip)
    assert cell(table, 0, 1, tip) == ""
    assert cell(table, 0, 1, ground) is None
    assert cell(table, 3, 1, ground).name() == LIGHT.error_soft
    assert cell(table, 1, 1, ground) not in (None, cell(table, 3, 1, ground))


def test_that_rows_left_out_by_the_reader_say_why(table):
    preview = made_preview(PATH)
    left_out = replace(preview.table, left_out=(LeftOut("more cells than <columns>", (2,)),))
    table.show_preview(replace(preview, table=left_out))
    tip = cell(table, 1, 0, Qt.ItemDataRole.ToolTipRole)
    assert "more cells than &lt;columns&gt;" in tip
    assert cell(table, 0, 0, Qt.ItemDataRole.ToolTipRole) == ""


def test_that_the_header_tells_name_kind_role_and_empty_cells(table):
    faces = [table.rows.headerData(section, HORIZONTAL, COLUMN) for section in range(4)]
    assert [face.name for face in faces] == ["dose", "extra", "site", "response"]
    assert [face.kind for face in faces] == ["number", "number", "category · 2", "number"]
    assert [face.empty for face in faces] == [0, 1, 0, 0]
    assert [face.role for face in faces] == [Role.INPUT, Role.NONE, Role.NONE, Role.TARGET]
    words = table.rows.headerData(1, HORIZONTAL, Qt.ItemDataRole.AccessibleTextRole)
    assert words == "extra, number, not used, 1 of 5 cells empty"


def test_that_a_histogram_counts_numbers_in_bins_and_levels_one_by_one():
    assert histogram_bars(made_column("a", ["0", "0", "1", "23.9", "24"])) == (1.0, 0.5, *[0.0] * 21, 1.0)
    assert histogram_bars(made_column("a", ["b", "a", "b", ""])) == (0.5, 1.0)
    assert histogram_bars(made_column("a", ["7", "7"])) == (1.0,)
    assert histogram_bars(made_column("a", ["x", "y"], ColumnKind.TEXT)) == ()
    assert histogram_bars(Column("a", [np.nan, np.inf], [True, False])) == ()
    assert histogram_bars(Column("a", [-1.7e308, 1.7e308], [False, False])) == (1.0,)


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_that_a_click_on_a_header_or_the_space_bar_opens_the_menu_of_the_column(qtbot, table):
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(2) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    menu = next(menu for menu in table.findChildren(QMenu) if menu.isVisible())
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked == ["Do &not use", "category"]
    menu.close()
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Right)
    QTest.keyClick(table, Qt.Key.Key_Space)
    menu = next(menu for menu in table.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Use as &target y", "number"]
    menu.close()


def test_that_only_what_is_possible_can_be_chosen(table):
    menu = table.menu_of(2)
    enabled = {action.text().replace("&", "") for action in menu.actions() if action.isEnabled() and action.text()}
    assert enabled == {"Use as input x", "Do not use", "category", "text", "boolean"}
    menu.deleteLater()


def test_that_a_header_is_painted_whatever_the_name(table):
    names = ["<b>bold</b>", "two\nlines", "n" * 5000, "x"]
    numbers = np.arange(3.0)
    columns = tuple(Column(name, numbers, np.isnan(numbers)) for name in names)
    cells = (("1", "2", "3", "4"),) * 3
    table.show_preview(Preview(PATH, "delimited text", ReadOptions(), Table("t", columns), cells))
    assert not table.grab().isNull()
    assert table.rows.headerData(1, HORIZONTAL, Qt.ItemDataRole.DisplayRole) == "two lines"
    assert "<b>" not in table.rows.headerData(0, HORIZONTAL, Qt.ItemDataRole.ToolTipRole).removeprefix("<qt>")
    assert len(face_of(columns[2]).name) == 200


def test_that_ten_thousand_columns_make_faces_for_those_in_sight_only(table):
    numbers = np.arange(3.0)
    columns = tuple(Column(f"c{i}", numbers, np.isnan(numbers)) for i in range(10_000))
    table.show_preview(Preview(PATH, "delimited text", ReadOptions(), Table("t", columns), (("1",) * 10_000,) * 3))
    table.rows.show_roles(ImportChoice(PATH, inputs=("c0",), target="c1"))
    table.grab()
    assert 0 < len(table.rows._faces) < 50


def test_that_all_and_none_act_on_what_the_filter_shows(qtbot):
    names = CheckList("Inputs")
    qtbot.addWidget(names)
    names.show_names([f"c{i}" for i in range(20)], {"c3"}, {"c15"})
    heard: list[object] = []
    names.edited.connect(heard.append)
    assert heard == []
    names.filter.setText("C1")
    names.all.click()
    assert heard == [("c1", "c3", "c10", "c11", "c12", "c13", "c14", "c16", "c17", "c18", "c19")]
    names.filter.clear()
    names.none.click()
    assert names.ticked() == ()
    names.names.item(7).setCheckState(Qt.CheckState.Checked)
    assert heard[-1] == ("c7",)


def test_that_a_filter_is_offered_for_many_names_only(qtbot):
    names = CheckList("Inputs")
    qtbot.addWidget(names)
    names.show_names(["a", "b"], {"a"})
    assert names.filter.isHidden()
    names.show_names([f"c{i}" for i in range(13)], {"c1"})
    assert not names.filter.isHidden()


def test_that_a_list_without_names_is_small(qtbot):
    names, two = CheckList("Inputs"), CheckList("Inputs")
    for each in (names, two):
        qtbot.addWidget(each)
    two.show_names(["a", "b"], ())
    assert names.filter.isHidden()
    assert names.sizeHint().height() <= two.sizeHint().height()


@pytest.mark.parametrize(
    ("doubt", "option"),
    [
        ("1,234 in a is taken for 1234, it could be 1.234.", "decimal"),
        ("The text is not UTF-8; it is read as cp1252.", "encoding"),
        ("01/02/2020 in day is read day first; it could begin with the month.", "day_first"),
        ("The first row is taken for names; it could be data.", "has_header"),
        ("1,5 is taken for two cells; it could be one with a decimal comma.", "delimiter"),
        ("Something else.", ""),
    ],
)
def test_that_a_doubt_names_its_option(doubt, option):
    assert option_in_doubt(doubt) == option


def test_that_parts_have_the_name_that_people_know():
    assert [part_label(form) for form in ("Excel workbook", "NumPy array", "JSON records", "delimited text")] == [
        "Sheet",
        "Array",
        "List",
        "Member",
    ]


def test_that_a_text_of_a_file_is_one_short_line():
    assert one_line(" a\n b\t c ") == "a b c"
    assert one_line("x" * 300) == "x" * 199 + "…"


def test_that_a_refusal_is_told_with_its_remedy():
    preview = made_preview(PATH, "a,b\n1,5\n2,5\n")
    choice = ImportChoice(PATH, inputs=("a",), target="b")
    assert outlook_text(preview, choice, outlook(preview, choice)).endswith("choose another one.")
    longer = replace(preview, num_rows=5000)
    text = outlook_text(longer, choice, outlook(longer, choice))
    assert text == "Input a, target b; 5,000 rows. In the first 2 rows: a.csv: every value of 'b' is 5."


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_theme_is_known_from_its_palette(theme):
    assert theme_of(palette(theme)) is theme
