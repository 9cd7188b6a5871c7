import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.questions import Questions
from mdn_gui.core.transform import LOG
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.ui.reading.quantity_table import QuantityTable
from mdn_gui.ui.theme import DARK
from tests.ui.read_out import ONE, TWO, USUAL, grey_keys, names, pin, reading, row, shown_table, texts

TITLE = Qt.Orientation.Horizontal


@pytest.fixture
def table(qtbot) -> QuantityTable:
    return shown_table(qtbot)


@pytest.fixture
def filled(table) -> QuantityTable:
    table.show_reading(reading(TWO))
    table.show_now()
    return table


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_that_the_usual_quantities_are_shown_in_order(table):
    assert names(table) == USUAL


def test_that_without_a_reading_there_are_dashes(table):
    assert {texts(table, key) for key in table.shown_keys()} == {("–", "", "")}
    assert table.is_complete
    assert table.drawn_table() is None


def test_that_values_are_those_of_the_mixture(filled):
    filled.show_rows(("mean", "skewness", "entropy", "effective_components"))
    assert texts(filled, "mean")[0] == "1.0000"
    assert texts(filled, "effective_components")[0] == f"{math.exp(-(0.4 * math.log(0.4) + 0.6 * math.log(0.6))):.3f}"
    assert texts(filled, "skewness")[0] == f"{TWO.skewness()[0]:.3f}"
    assert float(texts(filled, "entropy")[0]) == pytest.approx(row(filled, "entropy").here, abs=1e-4)


def test_that_a_region_of_two_intervals_is_a_union(filled):
    region = TWO.hdr(0.9)[0]
    assert len(region) == 2
    assert texts(filled, "region_0.9")[0].count("∪") == 1
    ends = texts(filled, "region_0.9")[0].replace("\u00a0∪ ", ",").replace("[", "").replace("]", "").split(",")
    assert [float(end) for end in ends] == pytest.approx(region.ravel(), abs=0.006)


@pytest.mark.parametrize(
    ("low", "high", "name"),
    [(-math.inf, 30.0, "P(y ≤ 30)"), (30.0, math.inf, "P(y > 30)"), (20.0, 30.5, "P(20 < y ≤ 30.5)")],
)
def test_that_the_probability_says_of_what(filled, low, high, name):
    filled.show_questions(Questions(low=low, high=high))
    assert names(filled)[0] == name
    assert float(row(filled, "probability").here) == TWO.interval_probability(low, high)[0]


@pytest.mark.parametrize(
    ("high", "text"), [(-2.0, "0.2000"), (50.0, "1.0000"), (7.0, ">0.9999"), (-4.5, "<0.0001"), (-60.0, "0.0000")]
)
def test_that_a_probability_is_not_rounded_to_certainty(filled, high, text):
    filled.show_questions(Questions(high=high))
    assert texts(filled, "probability")[0] == text


def test_that_infinite_moments_are_dashes_that_say_why(table):
    wild = TransformedMixture(ConditionalMixture([[1.0]], [[0.0]], [[60.0]]), LOG)
    table.show_reading(reading(wild))
    table.show_now()
    assert texts(table, "variance")[0] == "–"
    assert "Infinite" in row(table, "variance").cells[1].toolTip()
    assert texts(table, "quantile_0.5")[0] == "1.0000"
    table.show_reading(reading(TWO))
    assert row(table, "variance").cells[1].toolTip() == ""


@pytest.mark.parametrize("scale", [1e-12, 1e-3, 1.0, 1e6, 1e12])
@pytest.mark.parametrize("compares", [False, True])
def test_that_no_number_is_cut_whatever_its_size(table, scale, compares):
    table.show_target("y", scale)
    mixture = ConditionalMixture([[0.4, 0.6]], [[-2.2 * scale, 3.3 * scale]], [[0.5 * scale, 1.1 * scale]])
    if compares:
        table.show_pins((pin("A", ONE),))
    table.show_reading(reading(mixture))
    table.show_now()
    for key in ("mean", "sd", "variance", "variance_between", "quantile_0.05"):
        for column in (1, 2, 3):
            text = row(table, key).cells[column].text()
            if text and not table.isColumnHidden(column) and not (compares and scale > 1e6):
                assert table.fontMetrics().horizontalAdvance(text) + 6 <= table.columnWidth(column), (key, text)


# -- slow ones --------------------------------------------------------------------------------------------------------


def test_that_what_is_slow_is_grey_until_it_is_of_this_x(filled, qtbot):
    filled.show_reading(reading(ONE))
    assert float(row(filled, "mean").here) == ONE.mean()[0]
    assert grey_keys(filled) == {key for key in filled.shown_keys() if "quantile" in key} | {"region_0.9", "modes"}
    assert float(row(filled, "quantile_0.5").here) == TWO.quantile(0.5)[0]
    qtbot.waitUntil(lambda: filled.is_complete, timeout=1000)
    assert grey_keys(filled) == set()
    assert float(row(filled, "quantile_0.5").here) == ONE.quantile(0.5)[0]


def test_that_another_theme_keeps_what_is_grey(filled):
    filled.show_reading(reading(ONE))
    before = grey_keys(filled)
    filled.show_theme(DARK)
    assert grey_keys(filled) == before != set()


def test_that_hidden_rows_are_not_read(filled):
    class Broken(ConditionalMixture):
        def modes(self):
            raise AssertionError("nobody asked")

    filled.show_rows(("mean", "quantile_0.5"))
    filled.show_reading(reading(Broken(TWO.weights, TWO.locs, TWO.scales)))
    filled.show_now()
    assert filled.shown_keys() == ("mean", "quantile_0.5")


def test_that_a_pin_is_not_read_again_at_each_move(filled):
    class Counted(ConditionalMixture):
        reads = 0

        def skewness(self):
            Counted.reads += 1
            return super().skewness()

    filled.show_rows(("skewness",))
    filled.show_pins((pin("A", Counted(ONE.weights, ONE.locs, ONE.scales)),))
    for _ in range(5):
        filled.show_reading(reading(ConditionalMixture(TWO.weights, TWO.locs, TWO.scales)))
    assert Counted.reads == 1


# -- pins -------------------------------------------------------------------------------------------------------------


def test_that_a_pin_stands_beside_the_cursor_with_the_difference(filled):
    filled.show_pins((pin("A", ONE), pin("B", TWO)))
    assert filled.compared_pin.name == "B"
    assert {texts(filled, key)[2] for key in ("mean", "sd", "variance_between")} == {"0"}
    assert filled.model().headerData(3, TITLE) == "x − B"
    filled.show_compared_pin("A")
    filled.show_now()
    assert texts(filled, "mean") == ("1.0000", "0.0500", "+0.9500")
    assert texts(filled, "region_0.9")[2] == texts(filled, "modes")[2] == "–"
    assert filled.model().headerData(2, TITLE) == "◆ A"
    tip = filled.model().headerData(2, TITLE, Qt.ItemDataRole.ToolTipRole)
    assert "dose = 2.0" in tip
    assert "age &lt;b&gt; = 28.0" in tip


def test_that_the_last_pin_is_compared_with_once_the_chosen_one_is_gone(filled):
    filled.show_compared_pin("A")
    filled.show_pins((pin("A", ONE), pin("B", TWO)))
    assert filled.compared_pin.name == "A"
    filled.show_pins((pin("B", TWO),))
    assert filled.compared_pin.name == "B"


def test_that_without_pins_there_is_one_column_of_values(filled):
    filled.show_pins((pin("A", ONE),))
    assert [filled.isColumnHidden(column) for column in range(4)] == [False] * 4
    filled.show_pins(())
    assert [filled.isColumnHidden(column) for column in range(4)] == [False, False, True, True]
    assert texts(filled, "mean")[1:] == ("", "")


def test_that_a_pin_where_nothing_is_read_has_dashes(filled):
    filled.show_pins((pin("A", None),))
    assert texts(filled, "mean") == ("1.0000", "–", "–")
    assert "Nothing is read" in row(filled, "mean").cells[2].toolTip()


def test_that_a_narrow_table_leaves_out_what_the_difference_says(filled):
    filled.show_pins((pin("A", ONE),))
    filled.resize(200, 400)
    assert filled.isColumnHidden(2)
    assert not filled.isColumnHidden(3)


def test_that_the_pin_to_compare_with_is_chosen_in_the_menu(filled, qtbot):
    filled.show_pins((pin("A", ONE), pin("B & C", TWO)))
    filled._fill_pins_menu()
    first, second = filled._pins_menu.actions()
    assert (first.text(), second.text(), second.isChecked()) == ("A", "B && C", True)
    with qtbot.waitSignal(filled.compared_pin_chosen) as caught:
        first.trigger()
    assert caught.args == ["A"]
    assert filled.compared_pin.name == "A"


# -- rows that do not jump --------------------------------------------------------------------------------------------


def test_that_rows_below_a_region_do_not_jump_when_it_has_fewer_intervals(table):
    table.resize(250, 500)
    many = ConditionalMixture([[0.25] * 4], [[-30.0, -10.0, 10.0, 30.0]], [[1.0] * 4])
    last = row(table, "modes").cells[0].row()
    table.show_reading(reading(ONE))
    table.show_now()
    low = table.rowHeight(last)
    table.show_reading(reading(many))
    table.show_now()
    high = table.rowHeight(last)
    assert high > low
    table.show_reading(reading(ONE))
    table.show_now()
    assert table.rowHeight(last) == high
    table.show_target("another", 1.0)
    assert table.rowHeight(last) == low


MANY = ConditionalMixture(np.full((1, 3), 1.0 / 3.0), 10.0 * np.arange(3.0)[None], np.full((1, 3), 0.5))


def test_that_a_row_has_the_lines_that_its_text_needs(table):
    table.resize(300, 600)
    table.show_pins((pin("A", TWO),))
    table.show_reading(reading(MANY))
    table.show_now()
    place = table.shown_keys().index("region_0.9")
    assert table.rowHeight(place) >= table.sizeHintForRow(place) > 5 * table.fontMetrics().lineSpacing()


def test_that_a_row_without_room_is_not_painted_in_half(table):
    table.resize(300, 600)
    table.show_pins((pin("A", TWO),))
    table.show_reading(reading(MANY))
    table.show_now()
    place = table.shown_keys().index("region_0.9")
    top = table.rowViewportPosition(place)
    header = table.height() - table.viewport().height()
    table.resize(300, header + top + table.rowHeight(place) // 2)
    image = table.viewport().grab().toImage()
    below = {image.pixel(x, y) for y in range(top + 1, image.height()) for x in range(image.width())}
    assert len(below) == 1
    above = {image.pixel(x, y) for y in range(top - 15, top) for x in range(image.width())}
    assert len(above) > 1
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    image = table.viewport().grab().toImage()
    last = {image.pixel(x, y) for y in range(image.height() - 15, image.height()) for x in range(image.width())}
    assert len(last) > 1


def test_that_longer_texts_give_back_their_room_at_rest(filled):
    filled.show_pins((pin("A", ONE),))
    filled.show_now()

    def sizes() -> list[int]:
        return [*(filled.columnWidth(k) for k in range(4)), *(filled.rowHeight(k) for k in range(len(names(filled))))]

    filled.tidy()
    before = sizes()
    locs = 1e9 * np.array([[-30.0, -10.0, 10.0, 30.0]])
    filled.show_reading(reading(ConditionalMixture([[0.25] * 4], locs, [[1.0] * 4])))
    filled.show_now()
    filled.show_reading(reading(TWO))
    filled.show_now()
    assert sizes() != before
    filled.tidy()
    assert sizes() == before


def test_that_modes_too_low_to_be_seen_are_counted_only(filled):
    mixture = ConditionalMixture([[0.5, 0.499, 0.0005, 0.0005]], [[-4.0, 0.5, 3.0, 6.0]], [[0.1] * 4])
    filled.show_pins((pin("A", mixture),))
    filled.show_reading(reading(mixture))
    filled.show_now()
    shown = texts(filled, "modes")
    assert shown[0].replace("\u00a0", " ") == shown[1].replace("\u00a0", " ") == "-4.0000; 0.5000 (+2 faint)"
    filled.selectRow(list(filled.shown_keys()).index("modes"))
    assert [line[0] for line in copied(filled)[1:]] == ["mode 1", "mode 2", "mode 3", "mode 4"]


def test_that_columns_stay_where_they_are_while_numbers_change(filled):
    widths = [filled.columnWidth(column) for column in range(4)]
    for mean in np.linspace(-9.0, 9.0, 7):
        filled.show_reading(reading(ConditionalMixture([[1.0]], [[mean]], [[1.0]])))
        filled.show_now()
    assert [filled.columnWidth(column) for column in range(4)] == widths


# -- taking out -------------------------------------------------------------------------------------------------------


def copied(table: QuantityTable) -> list[list[str]]:
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]


def test_that_all_rows_are_copied_exactly_with_a_line_for_each_number(filled, german):
    lines = copied(filled)
    assert lines[0] == ["quantity", "at the cursor"]
    found = {name: float(value) for name, value in lines[1:]}
    region, modes = TWO.hdr(0.9)[0], TWO.modes()[0]
    assert found["mixture mean"] == TWO.mean()[0]
    assert found["quantile 0.05"] == TWO.quantile(0.05)[0]
    assert [found["region of mass 0.9 from 2"], found["region of mass 0.9 to 2"]] == region[1].tolist()
    assert [found["mode 1"], found["mode 2"]] == modes.tolist()


def test_that_selected_rows_are_copied_with_pin_and_difference(filled):
    filled.show_pins((pin("A", ONE),))
    filled.selectRow(0)
    assert copied(filled) == [
        ["quantity", "at the cursor", "at pin A", "difference"],
        ["mixture mean", *(repr(float(v)) for v in (TWO.mean()[0], ONE.mean()[0], TWO.mean()[0] - ONE.mean()[0]))],
    ]


def test_that_a_mode_that_only_one_place_has_leaves_a_cell_empty(filled):
    filled.show_pins((pin("A", ONE),))
    filled.selectRow(list(filled.shown_keys()).index("modes"))
    assert [line[0] for line in copied(filled)[1:]] == ["mode 1", "mode 2"]
    assert copied(filled)[2][2:] == ["", ""]


def test_that_the_table_to_take_away_names_the_target(filled):
    table = filled.drawn_table()
    assert table.comments == ("target: response",)
    assert table.columns[0][0] == "mixture mean"
    assert table.columns[1][0] == TWO.mean()[0]
