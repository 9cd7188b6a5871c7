"""The table of a sweep."""

import pytest
from PySide6.QtCore import Qt

from mdn_gui.core.sweep import FailedRun, SweepResult
from mdn_gui.ui.sweep.table import SweepTable
from tests.ui.sweep.made import made_result, made_run

TITLES = ["", "K", "seeds", "validation NLL", "above best", "seed sd", "epochs", "time", "in use"]


@pytest.fixture
def table(qtbot):
    made = SweepTable()
    made.resize(600, 200)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def cells(table: SweepTable) -> list[list[str]]:
    model = table.model()
    return [[model.index(row, c).data() for c in range(model.columnCount())] for row in range(model.rowCount())]


def column(table: SweepTable, title: str) -> list[str]:
    return [row[TITLES.index(title)] for row in cells(table)]


def tip(table: SweepTable, row: int) -> str:
    return table.model().index(row, 1).data(Qt.ItemDataRole.ToolTipRole)


def sort_by(table: SweepTable, title: str, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
    table.sortByColumn(TITLES.index(title), order)


def test_that_each_k_has_a_row_with_its_figures(table):
    table.show_result(made_result(seeds=(0, 1)))
    assert column(table, "K") == ["1", "2", "3", "4"]
    assert column(table, "") == ["", "●", "★", ""]
    assert column(table, "seeds") == ["2"] * 4
    assert column(table, "validation NLL")[1].startswith("1.005 ± 0.0")
    assert column(table, "above best")[1].startswith("0.005 ± 0.00")
    assert column(table, "above best")[2] == "–"
    assert column(table, "seed sd") == ["0.007"] * 4
    assert column(table, "epochs") == ["9"] * 4
    assert column(table, "time") == ["3.0 s"] * 4
    assert column(table, "in use") == ["1 of 1", "1 of 2", "2 of 3", "3 of 4"]


def test_that_the_spread_between_seeds_is_shown_only_where_there_are_several(table):
    table.show_result(made_result())
    assert table.isColumnHidden(TITLES.index("seed sd"))
    table.show_result(made_result(seeds=(0, 1)))
    assert not table.isColumnHidden(TITLES.index("seed sd"))


def test_that_any_column_sorts_by_its_numbers_and_its_title_tells_it(table):
    levels = {k: 1.0 + 0.1 * abs(k - 7) for k in (1, 2, 7, 10, 16)}
    table.show_result(made_result(levels))
    sort_by(table, "K", Qt.SortOrder.DescendingOrder)
    assert column(table, "K") == ["16", "10", "7", "2", "1"]
    sort_by(table, "validation NLL")
    assert column(table, "K") == ["7", "10", "2", "1", "16"]
    assert table.model().headerData(3, Qt.Orientation.Horizontal) == "validation NLL ▴"
    table.show_result(made_result({**levels, 9: 0.5}))
    assert column(table, "K")[0] == "9"


def test_that_the_row_that_is_selected_stays_so_while_the_sweep_grows(table):
    table.show_result(made_result({2: 1.0, 4: 1.1}))
    table.selectRow(1)
    table.show_result(made_result({1: 2.0, 2: 1.0, 3: 1.0, 4: 1.1}))
    assert table.selected_components == 4


def test_that_enter_and_a_double_click_ask_for_the_first_seed(qtbot, table):
    asked = []
    table.show_requested.connect(asked.append)
    table.show_result(made_result(seeds=(5, 9)))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked == []
    table.selectRow(2)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    place = table.visualRect(table.model().index(0, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == [13, 11]
    assert "seed 5" in tip(table, 0)


def test_that_a_run_without_a_number_cannot_be_asked_for(qtbot, table):
    asked = []
    table.show_requested.connect(asked.append)
    table.show_result(SweepResult.of_runs([made_run(1, 1.0)]))
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert asked == []


def test_that_runs_that_failed_are_counted_and_say_why(table):
    failures = [FailedRun(3, 1, "No <b>memory</b>."), FailedRun(9, 0, "No.")]
    table.show_result(made_result(seeds=(0,), failures=failures))
    assert column(table, "K") == ["1", "2", "3", "4", "9"]
    assert column(table, "seeds") == ["1", "1", "1 of 2", "1", "0 of 1"]
    assert column(table, "validation NLL")[4] == "failed"
    assert "No &lt;b&gt;memory&lt;/b&gt;." in tip(table, 2)
    sort_by(table, "validation NLL")
    assert column(table, "K")[-1] == "9"


def test_that_the_k_of_the_run_shown_is_bold(table):
    table.show_result(made_result())
    table.show_run(13)
    bold = [row for row in range(4) if table.model().item(row, 1).font().bold()]
    assert bold == [2]
    sort_by(table, "K", Qt.SortOrder.DescendingOrder)
    table.show_result(made_result())
    assert [row for row in range(4) if table.model().item(row, 1).font().bold()] == [1]
    table.show_run(0)
    assert not any(table.model().item(row, 1).font().bold() for row in range(4))


def test_that_every_run_can_be_taken_out(table):
    assert table.drawn_table() is None
    result = made_result(seeds=(0, 1), failures=[FailedRun(9, 0, "No.")])
    table.show_result(result)
    taken = table.drawn_table()
    columns = dict(zip(taken.names, taken.columns, strict=True))
    assert columns["num_components"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert columns["seed"].tolist() == [0, 1] * 4
    assert columns["validation_nll"].tolist() == [run.nll for run in result.runs]
    assert columns["run"].tolist() == [run.number for run in result.runs]
    assert any("K = 9, seed 0: No." in line for line in taken.comments)
