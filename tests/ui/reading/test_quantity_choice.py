import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mdn_gui.core.questions import Questions
from mdn_gui.ui.reading.quantity_table import QuantityTable
from tests.ui.read_out import TWO, USUAL, names, reading, row, shown_table, texts

POPUP = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def table(qtbot) -> QuantityTable:
    made = shown_table(qtbot)
    yield made
    made.choice.close()


@pytest.fixture
def filled(table) -> QuantityTable:
    table.show_reading(reading(TWO))
    table.show_now()
    return table


def asked(table: QuantityTable) -> list[Questions]:
    told: list[Questions] = []
    table.questions_changed.connect(told.append)
    table.questions_changed.connect(table.show_questions)
    return told


# -- configuring ------------------------------------------------------------------------------------------------------


def test_that_unknown_keys_do_not_matter_and_none_known_gives_the_usual(table):
    table.show_rows(("modes", "mean", "what?", 7))
    assert table.shown_keys() == ("mean", "modes")
    table.show_rows(("what?",))
    assert names(table) == USUAL
    table.show_rows(())
    assert names(table) == USUAL


def test_that_a_new_quantile_is_shown_and_a_hidden_region_stays_hidden(table):
    table.show_rows(("mean", "quantile_0.5"))
    table.show_questions(Questions(levels=(0.1, 0.5), mass=0.8))
    assert table.shown_keys() == ("mean", "quantile_0.1", "quantile_0.5")


def test_that_a_shown_region_stays_shown_with_another_mass(table):
    table.show_rows(("region_0.9",))
    table.show_questions(Questions(mass=0.5))
    assert "50 % region" in names(table)


def test_that_rows_are_ticked_in_the_context_menu(filled, qtbot):
    filled._fill_rows_menu()
    actions = {action.text(): action for action in filled._rows_menu.actions()}
    assert actions["mean"].isChecked()
    assert not actions["skewness"].isChecked()
    with qtbot.waitSignal(filled.rows_chosen) as caught:
        actions["skewness"].trigger()
    assert "skewness" in caught.args[0]
    assert texts(filled, "skewness")[0] == f"{TWO.skewness()[0]:.3f}"
    assert {action.text() for action in filled.actions()} >= {"Rows", "Add quantile…", "Configure…"}


@POPUP
def test_that_rows_are_ticked_in_the_small_window(filled, qtbot):
    filled.configure()
    assert filled.choice.boxes["mean"].hasFocus()
    with qtbot.waitSignal(filled.rows_chosen):
        QTest.keyClick(filled.choice.boxes["mean"], Qt.Key.Key_Space)
    assert "mean" not in filled.shown_keys()
    QTest.keyClick(filled.choice, Qt.Key.Key_Escape)
    assert not filled.choice.isVisible()


@POPUP
def test_that_enter_on_a_quantile_opens_its_levels_to_edit(filled):
    told = asked(filled)
    filled.selectRow(list(filled.shown_keys()).index("quantile_0.05"))
    QTest.keyClick(filled, Qt.Key.Key_Return)
    field = filled.choice.levels
    assert field.hasFocus()
    assert field.text() == "5  25  50  75  95"
    QTest.keyClicks(field, "2.5, 50; 0.7%")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert told == [Questions(levels=(0.007, 0.025, 0.5))]
    assert {"0.7 % quantile", "2.5 % quantile", "median"} < set(names(filled))
    assert filled.choice.isVisible()
    assert "2.5 % quantile" in [box.text() for box in filled.choice.boxes.values()]


@POPUP
def test_that_the_mass_of_the_region_is_edited_where_it_stands(filled):
    told = asked(filled)
    filled.selectRow(list(filled.shown_keys()).index("region_0.9"))
    QTest.keyClick(filled, Qt.Key.Key_F2)
    assert filled.choice.mass.hasFocus()
    QTest.keyClicks(filled.choice.mass, "50")
    QTest.keyClick(filled.choice.mass, Qt.Key.Key_Return)
    assert [questions.mass for questions in told] == [0.5]
    np.testing.assert_array_equal(row(filled, "region_0.5").here, TWO.hdr(0.5)[0])


@POPUP
@pytest.mark.parametrize("text", ["101", "0", "abc", "-5", "nan", "5 100"])
def test_that_what_is_no_percentage_is_marked_and_changes_nothing(filled, text):
    told = asked(filled)
    filled.configure(filled.choice.levels)
    field = filled.choice.levels
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert told == []
    assert field.property("wrong") is True
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert field.property("wrong") is False


@POPUP
def test_that_a_comma_is_a_decimal_sign_to_who_uses_it_so(filled, german):
    told = asked(filled)
    filled.configure(filled.choice.levels)
    QTest.keyClicks(filled.choice.levels, "2,5 50")
    QTest.keyClick(filled.choice.levels, Qt.Key.Key_Return)
    assert told == [Questions(levels=(0.025, 0.5))]


@POPUP
def test_that_no_quantiles_are_asked_for_by_an_empty_field(filled):
    told = asked(filled)
    filled.configure(filled.choice.levels)
    QTest.keyClick(filled.choice.levels, Qt.Key.Key_Delete)
    QTest.keyClick(filled.choice.levels, Qt.Key.Key_Return)
    assert told == [Questions(levels=())]
    assert not any("quantile" in key for key in filled.shown_keys())


@POPUP
def test_that_everything_is_as_at_first_again_but_the_interval(filled):
    told = asked(filled)
    filled.show_rows(("mean",))
    filled.show_questions(Questions(levels=(0.3,), mass=0.5, low=1.0))
    filled.configure()
    filled.choice.usual.click()
    assert told[-1] == Questions(low=1.0)
    assert names(filled) == ["P(y > 1)", *USUAL]


def test_that_delete_takes_a_quantile_away(filled):
    told = asked(filled)
    filled.selectRow(list(filled.shown_keys()).index("quantile_0.25"))
    QTest.keyClick(filled, Qt.Key.Key_Delete)
    assert told == [Questions(levels=(0.05, 0.5, 0.75, 0.95))]
    filled.selectRow(list(filled.shown_keys()).index("mean"))
    QTest.keyClick(filled, Qt.Key.Key_Delete)
    assert len(told) == 1


def test_that_the_interval_is_edited_elsewhere_and_deleted_here(filled, qtbot):
    told = asked(filled)
    filled.show_questions(Questions(high=1.0))
    filled.selectRow(list(filled.shown_keys()).index("probability"))
    with qtbot.waitSignal(filled.interval_edited):
        QTest.keyClick(filled, Qt.Key.Key_Return)
    QTest.keyClick(filled, Qt.Key.Key_Delete)
    assert told == [Questions()]
