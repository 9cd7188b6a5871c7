"""The pins side by side."""

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line
from mdn_gui.session.pins import LONGEST_NAME
from mdn_gui.ui.reading.pins_table import PinsTable
from mdn_gui.ui.theme import DARK
from tests.fakes import made_model
from tests.places import pin_at, reading_at

DASH = "–"
FLAGS = QItemSelectionModel.SelectionFlag


@pytest.fixture
def data() -> Dataset:
    rng = np.random.default_rng(1)
    encodings = (Encoding("age"), Encoding("water"), Encoding("kind", ColumnKind.CATEGORY, ("dry", "<b>wet</b>")))
    x = np.column_stack((rng.uniform(1.0, 90.0, 60), rng.uniform(100.0, 200.0, 60), np.tile(np.eye(2), (30, 1))))
    names = tuple(name for each in encodings for name in each.names)
    return Dataset(x, rng.normal(size=60) * 5.0, names, "strength", encodings=encodings)


@pytest.fixture
def model(data: Dataset) -> FittedModel:
    return made_model(data, components=4)


@pytest.fixture
def pins(data, model) -> tuple[Pin, ...]:
    wet = Line.through(data).holding(2, 1.0)
    return (pin_at("A", 28.0, model, data), pin_at("B", 90.0, model, data, wet))


@pytest.fixture
def table(qtbot, data) -> PinsTable:
    made = PinsTable()
    qtbot.addWidget(made)
    made.resize(800, 180)
    made.show_dataset(data)
    made.show_questions(Questions(high=30.0))
    made.show()
    return made


def titles(table: PinsTable) -> list[str]:
    return [
        str(table.model.headerData(column, Qt.Orientation.Horizontal)) for column in range(table.model.columnCount())
    ]


def row_of(table: PinsTable, row: int) -> dict[str, str]:
    texts = [table.model.index(row, column).data() for column in range(table.model.columnCount())]
    return dict(zip(titles(table), texts, strict=True))


def rows(table: PinsTable) -> list[dict[str, str]]:
    return [row_of(table, row) for row in range(table.model.rowCount())]


def select(table: PinsTable, *numbers: int) -> None:
    table.view.selectionModel().clearSelection()
    for number in numbers:
        table.view.selectionModel().select(table.model.index(number, 0), FLAGS.Select | FLAGS.Rows)


def press(table: PinsTable, text: str) -> None:
    next(button for button in table.findChildren(QPushButton) if button.text() == text).click()


def rename(table: PinsTable, row: int, name: str) -> None:
    """Edit the name of a row as a person does: F2, type, Enter."""
    table.view.setFocus()
    table.view.setCurrentIndex(table.model.index(row, 0))
    QTest.keyClick(table.view, Qt.Key.Key_F2)
    editor = table.view.findChild(QLineEdit)
    editor.clear()
    QTest.keyClicks(editor, name)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_that_without_pins_it_says_how_to_make_one(table):
    assert table._pages.currentWidget() is table._empty
    assert "Press P" in table._empty.text()
    assert table.table() is None
    assert not any(button.isEnabled() for button in table.findChildren(QPushButton))


def test_that_the_rows_are_the_cursor_then_the_pins(table, pins, data, model, qtbot):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins)
    qtbot.waitUntil(lambda: table.model.next_to_read() is None)
    shown = rows(table)
    assert [row["name"] for row in shown] == ["cursor", "A", "B"]
    assert [row["age"] for row in shown] == ["50", "28", "90"]
    assert [row["kind"] for row in shown] == ["dry", "dry", "<b>wet</b>"]
    for row, place in zip(shown, table.model.places, strict=True):
        mean = float(place.reading.mixture.mean()[0])
        assert float(row["mean"].replace("−", "-")) == pytest.approx(mean, abs=0.01)
        assert "[" in row["90 % region"]
        assert row["P(y ≤ 30)"] != DASH


def test_that_two_selected_rows_are_compared_the_second_less_the_first(table, pins):
    table.show_pins(pins)
    table.show_now()
    select(table, 0, 1)
    difference = rows(table)[-1]
    assert difference["name"] == "B − A"
    assert difference["age"] == "+62"
    assert difference["kind"] == DASH
    assert difference["90 % region"] == difference["modes"] == DASH
    change = float(pins[1].reading.mixture.mean()[0] - pins[0].reading.mixture.mean()[0])
    assert float(difference["mean"]) == pytest.approx(change, abs=0.01)
    assert difference["mean"][0] in "+-"
    select(table, 0)
    assert len(rows(table)) == 2


def test_that_the_cursor_is_compared_with_a_pin(table, pins, data, model):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins)
    table.show_now()
    select(table, 0, 1)
    assert rows(table)[-1]["name"] == "A − cursor"
    assert rows(table)[-1]["age"] == "-22"
    table.show_reading(reading_at(20.0, model, data))
    table.show_now()
    assert rows(table)[-1]["age"] == "+8"


def test_that_a_difference_with_something_infinite_is_a_dash(table, pins):
    table.show_pins(pins)
    table.show_now()
    table.model._rows[0].values["mean"] = np.asarray(math.inf)
    select(table, 0, 1)
    assert rows(table)[-1]["mean"] == DASH


def test_that_inputs_that_are_the_same_everywhere_make_room(table, pins):
    table.show_pins(pins)
    assert table.view.isColumnHidden(titles(table).index("water"))
    assert not table.view.isColumnHidden(titles(table).index("kind"))
    assert not table.view.isColumnHidden(titles(table).index("age"))
    assert table._held.text().startswith("everywhere: water 1")


def test_that_a_pin_is_read_once_however_often_it_is_shown(table, pins, data, model, monkeypatch):
    regions: list[int] = []
    read = type(pins[0].reading.mixture).hdr

    def counted(mixture, mass):
        regions.append(id(mixture))
        return read(mixture, mass)

    monkeypatch.setattr(type(pins[0].reading.mixture), "hdr", counted)
    for _ in range(3):
        table.show_pins(pins)
        table.show_now()
    assert len(regions) == 2
    table.show_reading(reading_at(50.0, model, data))
    table.show_now()
    assert len(regions) == 3
    table.show_pins((pins[0], replace(pins[1], reading=reading_at(90.0, model, data))))
    table.show_now()
    assert len(regions) == 4


def test_that_a_mouse_that_moves_reads_nothing_until_it_pauses(table, pins, data, model, qtbot):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins)
    table.show_now()
    before = row_of(table, 0)["mean"]
    grey = table.model.item(0, 1).data(Qt.ItemDataRole.ForegroundRole)
    assert grey is None
    table.show_reading(reading_at(10.0, model, data))
    assert row_of(table, 0)["mean"] == before
    assert table.model.item(0, 1).data(Qt.ItemDataRole.ForegroundRole) is not None
    qtbot.waitUntil(lambda: row_of(table, 0)["age"] == "10")
    assert row_of(table, 0)["mean"] != before
    assert table.model.item(0, 1).data(Qt.ItemDataRole.ForegroundRole) is None


def test_that_a_hidden_table_reads_nothing_and_catches_up(table, pins, data, model, qtbot, monkeypatch):
    table.hide()
    asked: list[object] = []
    read = type(pins[0].reading.mixture).mean
    monkeypatch.setattr(type(pins[0].reading.mixture), "mean", lambda mixture: asked.append(mixture) or read(mixture))
    table.show_pins(pins)
    table.show_reading(reading_at(50.0, model, data))
    QApplication.processEvents()
    assert not asked
    table.show()
    qtbot.waitUntil(lambda: table.model.next_to_read() is None)
    asked.clear()
    table.hide()
    table.show_questions(Questions(levels=(0.5,)))
    QApplication.processEvents()
    assert not asked
    assert [row["name"] for row in rows(table)] == ["cursor", "A", "B"]


def test_that_a_pin_is_renamed_in_place(table, pins, qtbot):
    table.show_pins(pins)
    table.show_now()
    with qtbot.waitSignal(table.pin_renamed) as renamed:
        rename(table, 0, "  old   mix ")
    assert renamed.args == ["A", "old mix"]
    assert row_of(table, 0)["name"] == "A"  # until the session gives it the name
    table.show_pins((replace(pins[0], name="old mix"), pins[1]))
    assert row_of(table, 0)["name"] == "old mix"


@pytest.mark.parametrize("name", ["", "   ", "B", "cursor", "n" * (LONGEST_NAME + 1)])
def test_that_an_impossible_name_is_refused_with_the_old_one_back(table, pins, data, model, qtbot, name):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins)
    table.show_now()
    with qtbot.assertNotEmitted(table.pin_renamed):
        rename(table, 1, name)
    assert row_of(table, 1)["name"] == "A"
    assert table._problem.isVisible()
    assert table._problem.text()


def test_that_the_name_of_the_cursor_cannot_be_changed(table, pins, data, model):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins)
    editable = [bool(table.model.item(row, 0).flags() & Qt.ItemFlag.ItemIsEditable) for row in range(3)]
    assert editable == [False, True, True]
    assert not table.model.item(1, 1).isEditable()


def test_that_enter_and_a_double_click_go_to_a_pin_not_to_the_cursor(table, pins, data, model, qtbot):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins)
    table.view.setCurrentIndex(table.model.index(2, 0))
    with qtbot.waitSignal(table.pin_chosen) as chosen:
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert chosen.args == ["B"]
    table.view.setCurrentIndex(table.model.index(0, 0))
    with qtbot.assertNotEmitted(table.pin_chosen):
        QTest.keyClick(table.view, Qt.Key.Key_Return)
    table.view.setCurrentIndex(table.model.index(1, 0))
    with qtbot.waitSignal(table.pin_chosen):
        table.view.doubleClicked.emit(table.model.index(1, 0))


def test_that_del_takes_the_selected_pins_away(table, pins, data, model, qtbot):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins)
    removed: list[str] = []
    table.pin_removed.connect(removed.append)
    select(table, 0)
    QTest.keyClick(table.view, Qt.Key.Key_Delete)
    assert not removed
    select(table, 0, 1, 2)
    QTest.keyClick(table.view, Qt.Key.Key_Delete)
    assert removed == ["A", "B"]
    removed.clear()
    select(table, 2)
    press(table, "Remove")
    assert removed == ["B"]


def test_that_the_buttons_ask_for_what_they_say(table, pins, qtbot):
    table.show_pins(pins)
    for text, signal in (
        ("Copy", table.copy_requested),
        ("Save…", table.save_requested),
        ("Clear", table.cleared),
    ):
        with qtbot.waitSignal(signal):
            press(table, text)


def test_that_the_selection_outlives_new_readings_other_pins_other_questions(table, pins, data, model):
    table.show_pins(pins)
    select(table, 0, 1)
    other = tuple(replace(pin, reading=reading_at(pin.x, model, data)) for pin in pins)
    table.show_pins((*other, pin_at("C", 5.0, model, data)))
    assert table._selected_names() == ["A", "B"]
    table.show_questions(Questions(levels=(0.5,)))
    table.show_theme(DARK)
    table.show_now()
    assert table._selected_names() == ["A", "B"]
    assert rows(table)[-1]["name"] == "B − A"
    assert "95 % quantile" not in titles(table)


def test_that_other_questions_are_read_anew(table, pins):
    table.show_pins(pins)
    table.show_now()
    assert "P(y ≤ 30)" in titles(table)
    table.show_questions(Questions(levels=(0.5,), mass=0.5))
    table.show_now()
    assert "P(y ≤ 30)" not in titles(table)
    assert "[" in row_of(table, 0)["50 % region"]


def test_that_a_column_that_was_dragged_keeps_its_width_at_rest(table, pins):
    table.show_pins(pins)
    table.show_now()
    mean = titles(table).index("mean")
    table.view.setColumnWidth(mean, 250)
    table.view.tidy()
    assert table.view.columnWidth(mean) == 250


def test_that_the_room_is_given_back_when_the_cursor_rests(table, pins, qtbot, model, data):
    table.show_pins(pins)
    table.show_reading(reading_at(29.0, model, data))  # another row, so that all widths are taken anew
    table.show_now()
    region = titles(table).index("90 % region")
    table.view.tidy()
    before = table.view.columnWidth(region)
    table.model.item(0, region).setText("[-1000000.00, 1000000.00] and more")
    table.view.widen()
    assert table.view.columnWidth(region) > before + 20
    table.show_reading(reading_at(30.0, model, data))
    qtbot.waitUntil(lambda: table.view.columnWidth(region) <= before + 20, timeout=3000)


def test_that_another_threshold_is_read_anew(table, pins):
    for high in (0.0, 5.0):
        table.show_questions(Questions(high=high))
        table.show_pins(pins)
        table.show_now()
        shown = float(row_of(table, 0)[f"P(y ≤ {high:g})"])
        assert shown == pytest.approx(float(pins[0].reading.mixture.cdf(high)[0]), abs=5e-5)


def test_that_pins_of_other_columns_replace_the_columns(table, pins, tiny_dataset):
    table.show_pins(pins)
    other = made_model(tiny_dataset)
    table.show_reading(None)
    table.show_pins((pin_at("A", 0.5, other, tiny_dataset),))
    table.show_now()
    assert titles(table)[:3] == ["name", "dose", "rows"]
    assert row_of(table, 0)["dose"] == "0.5"


def test_that_a_pin_without_a_reading_has_dashes(table, data):
    table.show_pins((Pin("A", Line.through(data), 28.0),))
    table.show_now()
    assert row_of(table, 0)["mean"] == row_of(table, 0)["data"] == DASH


def test_that_a_pin_outside_the_data_says_so(table, data, model):
    table.show_pins((pin_at("far", 1e12, model, data),))
    table.show_now()
    assert row_of(table, 0)["data"] == "outside"
    assert row_of(table, 0)["age"] == "1e+12"


def test_that_the_table_to_take_away_has_the_cursor_and_every_digit(table, pins, data, model):
    table.show_reading(reading_at(50.0, model, data))
    table.show_pins(pins, target_name="strength")
    taken = table.table()
    assert taken.columns[0] == ("cursor", "A", "B")
    medians = [float(place.reading.mixture.quantile(0.5)[0]) for place in table.model.places]
    assert taken.columns[taken.names.index("quantile_0.5")].tolist() == medians
    assert "target: strength" in taken.comments


def test_that_hostile_names_stay_plain_text(table, data, model):
    table.show_pins((pin_at("<img src=x>&amp;", 28.0, model, data),))
    assert row_of(table, 0)["name"] == "<img src=x>&amp;"
    tip = table.model.headerData(titles(table).index("age"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip == "<qt>age</qt>"


def test_that_figures_stand_to_the_right_and_names_to_the_left(table, pins):
    table.show_pins(pins)
    alignments = [table.model.item(0, column).textAlignment() for column in range(table.model.columnCount())]
    assert alignments[0] & Qt.AlignmentFlag.AlignLeft
    assert all(each & Qt.AlignmentFlag.AlignRight for each in alignments[1:])


def test_that_everything_that_takes_the_focus_has_a_name(table):
    assert table.view.accessibleName() == "Pins"
    assert all(button.text() for button in table.findChildren(QPushButton))
