import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mdn_gui.core.identity import ComponentFinding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.ui.reading.component_table import ComponentTable
from mdn_gui.ui.reading.findings_line import FindingsLine, findings_texts

Role = Qt.ItemDataRole


FOUND = (ComponentFinding(1, "duplicate", 0, loss=9e-4), ComponentFinding(2, "dead", loss=8e-4))


@pytest.fixture
def line(qtbot) -> FindingsLine:
    made = FindingsLine()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def table(qtbot) -> ComponentTable:
    made = ComponentTable()
    qtbot.addWidget(made)
    made.resize(336, 200)
    made.components.set_spread(1.0)
    made.components.show_mixture(ConditionalMixture([[0.5, 0.5, 0.0]], [[0.0, 0.0, 1.0]], [[1.0, 1.0, 1.0]]))
    made.show()
    return made


def test_that_nothing_is_said_where_every_component_is_needed(line):
    assert line.isHidden()
    line.show_findings(FOUND)
    assert not line.isHidden()
    line.show_findings(())
    assert line.isHidden()


def test_that_the_line_tells_what_can_go_and_its_link_asks_for_all_of_them(line, qtbot):
    line.show_findings(FOUND)
    line.resize(800, 24)
    line.show()
    assert line.text == "* Components 2 and 3 can go: the fit loses 0.002 nats a row"
    assert "Component 2 is a duplicate of component 1" in line.link.accessibleDescription()
    with qtbot.waitSignal(line.removal_requested) as caught:
        QTest.keyClick(line.link, Qt.Key.Key_Space)
    assert caught.args == [(1, 2)]


@pytest.mark.parametrize(
    "found", [FOUND[:1], FOUND, [ComponentFinding(k, "dead", loss=1e-4) for k in range(54)]], ids=["1", "2", "54"]
)
@pytest.mark.parametrize("width", [336, 420, 700])
def test_that_what_can_go_is_never_elided_and_the_tool_tip_tells_all(line, found, width):
    line.resize(width, 24)
    line.show()
    line.show_findings(found)
    assert line.text in findings_texts(found)
    assert line.text.endswith("can go") or "nats a row" in line.text
    assert line._label.fontMetrics().horizontalAdvance(line.text) <= line._label.width()
    assert "nats a row" in line._label.toolTip()
    assert "nats a row" in line.link.accessibleDescription()


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ((ComponentFinding(3, "dead", loss=-1e-3),), "Component 4 can go: the fit loses less than 0.001 nats a row"),
        (
            [ComponentFinding(k, "dead", loss=1e-3) for k in (2, 6, 8)],
            "Components 3, 7 and 9 can go: the fit loses 0.003",
        ),
        ([ComponentFinding(k, "dead", loss=1e-4) for k in range(54)], "54 components can go: the fit loses 0.005"),
    ],
)
def test_that_the_line_names_what_can_go_with_the_whole_loss(found, text):
    assert text in findings_texts(found)[0]


def test_that_a_component_found_is_marked_in_its_row(table):
    table.components.show_findings(FOUND)
    numbers = [table.components.index(k, 0) for k in range(3)]
    assert [index.data() for index in numbers] == ["1", "2*", "3*"]
    assert "is dead" in table.components.index(2, 3).data(Role.ToolTipRole)
    assert numbers[2].data(Role.AccessibleTextRole).startswith("3. Component 3 is dead")
    needed = table.fontMetrics().horizontalAdvance("2*") + 16
    assert table.columnWidth(0) >= needed
    table.components.show_findings(())
    assert [index.data() for index in numbers] == ["1", "2", "3"]
    assert not table.components.index(2, 3).data(Role.ToolTipRole)


def test_that_the_marks_outlive_other_values(table):
    table.components.show_findings(FOUND)
    table.components.show_mixture(ConditionalMixture([[0.2, 0.8, 0.0]], [[0.0, 0.0, 1.0]], [[1.0, 1.0, 1.0]]))
    assert table.components.index(1, 0).data() == "2*"


def test_that_columns_are_hidden_in_the_menu_of_the_header(table, qtbot):
    table._fill_columns_menu()
    actions = {action.text(): action for action in table._columns_menu.actions()}
    assert list(actions) == ["weight", "mean", "variance", "sd"]
    with qtbot.waitSignal(table.columns_chosen) as caught:
        actions["variance"].trigger()
    assert caught.args == [("weight", "mean", "sd")]
    assert table.isColumnHidden(3)
    assert sum(table.columnWidth(column) for column in range(5)) <= table.viewport().width()


def test_that_the_last_column_cannot_be_hidden(table):
    table.show_columns(("sd",))
    table._fill_columns_menu()
    enabled = {action.text(): action.isEnabled() for action in table._columns_menu.actions()}
    assert enabled == {"weight": True, "mean": True, "variance": True, "sd": False}


def test_that_unknown_columns_do_not_matter(table):
    table.show_columns(("weight", "sigma", 3))
    assert table.shown_columns() == ("weight",)
    table.show_columns(("sigma",))
    assert table.shown_columns() == ("weight", "mean", "variance", "sd")


def test_that_the_numbers_can_be_taken_away(table):
    taken = table.drawn_table()
    assert taken.names == ("component", "weight", "mean", "variance", "sd")
    np.testing.assert_array_equal(taken.columns[1], [0.5, 0.5, 0.0])
    table.components.show_mixture(None)
    assert table.drawn_table() is None
