"""Where the inputs beside the one on the axis are held."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.reading import Line
from mdn_gui.ui.held_inputs import MOST_SHOWN, HeldInputs

ENCODINGS = (
    Encoding("age"),
    Encoding("colour", ColumnKind.CATEGORY, ("red", "blue", "green")),
    Encoding("smokes", ColumnKind.BOOLEAN),
    Encoding("<b>mass</b>"),
)


def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    x = np.column_stack((np.linspace(20, 60, 9), np.eye(3)[rng.integers(0, 3, 9)], np.arange(9) % 2, np.arange(9.0)))
    names = tuple(name for encoding in ENCODINGS for name in encoding.names)
    return Dataset(x, np.arange(9.0), names, "y", encodings=ENCODINGS)


def held(inputs: HeldInputs) -> list[str]:
    """Return the names of the columns that have a row."""
    labels = inputs.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.text() != "on the axis"]


@pytest.fixture
def inputs(qtbot) -> HeldInputs:
    made = HeldInputs()
    qtbot.addWidget(made)
    made.show_dataset(dataset())
    made.show_line(Line.through(dataset()))
    made.resize(320, 200)
    made.show()
    return made


def test_that_the_column_on_the_axis_is_left_out(inputs):
    assert held(inputs) == ["colour", "smokes", "<b>mass</b>"]
    inputs.show_line(Line.through(dataset(), 3))
    assert held(inputs) == ["age", "colour", "smokes"]
    assert inputs.axis.currentText() == "<b>mass</b>"


def test_that_another_column_is_put_on_the_axis(inputs, qtbot):
    with qtbot.waitSignal(inputs.axis_chosen) as chosen:
        inputs.axis.setFocus()
        QTest.keyClick(inputs.axis, Qt.Key.Key_Down)
    assert chosen.args == [1]


@pytest.mark.parametrize(("width", "columns"), [(280, 1), (600, 2), (900, 3)])
def test_that_rows_stand_beside_each_other_where_there_is_room(inputs, width, columns):
    inputs.resize(width, 200)
    places = {row.box.mapTo(inputs, QPoint(0, 0)).x() for row in inputs.rows if row.box.isVisible()}
    places |= {
        row.levels.mapTo(inputs, QPoint(0, 0)).x() for row in inputs.rows if row.levels and row.levels.isVisible()
    }
    assert inputs.widget().layout().columnCount() >= 4 * columns - 1
    assert all(0 <= place < width for place in places)


def test_that_each_shows_where_it_is_held(inputs):
    inputs.show_line(Line.through(dataset(), 0).holding(1, 2.0).holding(3, 6.0))
    assert inputs.rows[1].levels.currentText() == "green"
    assert inputs.rows[2].levels.currentText() == "false"
    assert inputs.rows[3].slider.value() == 750
    assert float(inputs.rows[3].box.text()) == 6.0


def test_that_showing_is_no_choice(inputs, qtbot):
    with qtbot.assertNotEmitted(inputs.value_chosen):
        inputs.show_line(Line.through(dataset()).holding(1, 1.0).holding(3, 2.0))


def test_that_a_slider_reaches_the_ends_of_the_data_exactly(inputs, qtbot):
    chosen = []
    inputs.value_chosen.connect(lambda place, value: chosen.append((place, value)))
    inputs.rows[3].slider.setValue(1000)
    inputs.rows[3].slider.setValue(0)
    assert chosen == [(3, 8.0), (3, 0.0)]


def test_that_a_level_is_chosen_by_its_name(inputs, qtbot):
    with qtbot.waitSignal(inputs.value_chosen) as chosen:
        inputs.rows[1].levels.setCurrentText("blue" if inputs.rows[1].levels.currentText() != "blue" else "red")
    assert chosen.args[0] == 1
    assert ENCODINGS[1].levels[int(chosen.args[1])] == inputs.rows[1].levels.currentText()


def test_that_a_typed_value_is_taken_with_all_its_digits_also_outside_the_data(inputs, qtbot):
    box = inputs.rows[3].box
    box.setFocus()
    box.selectAll()
    with qtbot.waitSignal(inputs.value_chosen) as chosen:
        QTest.keyClicks(box, "12.3456789")
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert chosen.args == [3, 12.3456789]
    inputs.show_line(Line.through(dataset()).holding(3, 12.3456789))
    assert box.property("wrong")
    assert "Outside the data" in box.toolTip()


def test_that_what_is_no_number_is_put_back(inputs, qtbot):
    box, before = inputs.rows[3].box, inputs.rows[3].box.text()
    box.setFocus()
    box.selectAll()
    with qtbot.assertNotEmitted(inputs.value_chosen):
        QTest.keyClicks(box, "many")
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.text() == before


def test_that_the_same_columns_keep_their_rows(inputs):
    before = inputs.rows
    inputs.show_dataset(dataset())
    assert inputs.rows is before


def test_that_thousands_of_columns_do_not_each_get_a_row(qtbot):
    names = tuple(f"c{i}" for i in range(1000))
    wide = HeldInputs()
    qtbot.addWidget(wide)
    wide.show_dataset(Dataset(np.random.default_rng(0).normal(size=(3, 1000)), np.arange(3.0), names, "y"))
    assert len(wide.rows) == MOST_SHOWN


def test_that_every_editor_is_named(inputs):
    for row, encoding in zip(inputs.rows, ENCODINGS, strict=True):
        editors = [row.slider, row.box] if row.levels is None else [row.levels]
        assert {editor.accessibleName() for editor in editors} == {encoding.label}


@pytest.fixture
def dated(qtbot) -> HeldInputs:
    """An age, which is on the axis, with a date beside it."""
    encodings = (Encoding("age"), Encoding("day", ColumnKind.DAYS, (), "2020-01-01"))
    x = np.column_stack((np.arange(9.0), 40.0 * np.arange(9)))
    dates = Dataset(x, np.arange(9.0), tuple(each.label for each in encodings), "y", encodings=encodings)
    made = HeldInputs()
    qtbot.addWidget(made)
    made.show_dataset(dates)
    made.show_line(Line.through(dates))
    made.resize(320, 200)
    made.show()
    return made


def test_that_a_date_is_held_where_it_is_typed(dated, qtbot):
    box = dated.rows[1].box
    box.setFocus()
    box.selectAll()
    with qtbot.waitSignal(dated.value_chosen) as chosen:
        QTest.keyClicks(box, "2020-06-01 12:00")
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert chosen.args == [1, 152.5]


def test_that_a_held_date_is_told_as_one(dated):
    assert dated.rows[1].box.toolTip() == "2020-06-09 · In the data: 2020-01-01 to 2020-11-16"


def test_that_a_dock_of_480_pixels_has_room_for_two_rows_beside_each_other(inputs):
    inputs.resize(480, 400)
    inputs.widget().layout().activate()
    visible = [row.levels or row.box for row in inputs.rows if (row.levels or row.box).isVisible()]
    # a box and a list in one line have other heights, but one middle
    middles = {round(editor.mapTo(inputs, editor.rect().center()).y() / 10) for editor in visible}
    assert len(middles) < len(visible)
    assert all(editor.mapTo(inputs, QPoint(editor.width(), 0)).x() <= inputs.viewport().width() for editor in visible)
