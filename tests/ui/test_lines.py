"""With several inputs, everything that is read is read along one line through them."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.table import Table
from tests.ui.stage import Stage, table_value

ROWS = 60
LEVELS = ("red", "blue", "green")
AGE, COLOUR, MASS = range(3)


def table() -> Table:
    """Return age, colour, mass, response; "blue" is the most frequent colour."""
    rng = np.random.default_rng(0)
    filled = np.zeros(ROWS, dtype=bool)
    age = rng.uniform(20, 60, ROWS)
    colours = np.array([0, 1, 1, 2] * (ROWS // 4))
    columns = (
        Column("age", age, filled),
        Column("colour", colours, filled, ColumnKind.CATEGORY, LEVELS),
        Column("mass", rng.normal(70, 9, ROWS), filled),
        Column("response", np.sin(age / 9) + colours, filled),
    )
    return Table("mixed", columns, "mixed", ("age", "colour", "mass"), "response")


@pytest.fixture
def lines(hidden_stage: Stage) -> Stage:
    """A window with a fit of three inputs; the age is on the axis."""
    hidden_stage.open(table())
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage


@pytest.fixture
def colours(lines: Stage) -> Stage:
    """The same with the colour on the axis."""
    put_on_axis(lines, "colour")
    return lines


def put_on_axis(stage: Stage, name: str) -> None:
    box = stage.window.inputs.panel.axis
    box.setCurrentText(name)
    box.activated.emit(box.currentIndex())
    stage.settle()


def inputs(age: object, colour: object, mass: object) -> np.ndarray:
    """Return inputs [N, 5] of the network: age, one for each colour, mass."""
    age, colour, mass = np.broadcast_arrays(*map(np.atleast_1d, (age, colour, mass)))
    return np.column_stack((age, colour[:, None] == np.arange(len(LEVELS)), mass)).astype(float)


def middle(name: str) -> float:
    return float(np.median(table().column(name).values))


def assert_all_read(stage: Stage, x: np.ndarray) -> None:
    """Assert that read-out, marks, slice, curves are those of the model at inputs like ``x`` [1, D].

    The curves move along the column on the axis.
    """
    model, place = stage.session.model, stage.session.instrument.axis.place
    at_x = model.conditional(x)
    for k in range(at_x.num_components):
        quantities = [each[0, k] for each in (at_x.weights, at_x.locs, at_x.variances, at_x.scales)]
        assert [table_value(stage, k, column) for column in (1, 2, 3, 4)] == quantities
    assert [mark.y for mark in stage.plot.marks.marks] == at_x.locs[0].tolist()
    y, density = stage.window.reading_panel.density.drawn_table().columns[:2]
    np.testing.assert_allclose(density, at_x.pdf(y[None, :])[0], rtol=1e-9, atol=1e-12)
    stage.plot.draw_now()
    along, curves = stage.plot.stack.frame.x, stage.plot.stack.frame.mixture
    age, colour, mass = x[0, 0], x[0, 1:4].argmax(), x[0, 4]
    moved = {AGE: (along, colour, mass), MASS: (age, colour, along)}
    if place in moved:
        np.testing.assert_array_equal(curves.locs, model.conditional(inputs(*moved[place])).locs)


def copied(stage: Stage) -> list[list[str]]:
    stage.trigger("copy_reading")
    return list(csv.reader(io.StringIO(QGuiApplication.clipboard().text()), delimiter="\t"))


def exported(stage: Stage, path: Path) -> tuple[list[str], np.ndarray, list[str]]:
    """Return header, values, comments of the parameter table that is saved."""
    stage.dialogs.save_answer = path
    stage.trigger("export_table")
    stage.wait_for_disk()
    lines = path.read_text(encoding="utf-8").splitlines()
    header, *rows = csv.reader(line for line in lines if not line.startswith("#"))
    comments = [line.removeprefix("# ") for line in lines if line.startswith("#")]
    return header, np.array([[float(cell) for cell in row] for row in rows]), comments


def type_x(stage: Stage, text: str) -> None:
    box = stage.window.reading_panel.x_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def press(stage: Stage, *keys: Qt.Key) -> None:
    stage.plot.setFocus()
    for key in keys:
        QTest.keyClick(stage.plot, key)


# -- a line through the middle, elsewhere -----------------------------------------------------------------------------


def test_that_the_others_are_held_in_the_middle_of_the_data_at_first(lines: Stage):
    lines.session.instrument.set_cursor(33.25)
    assert_all_read(lines, inputs(33.25, LEVELS.index("blue"), middle("mass")))


def test_that_everything_follows_what_is_chosen_in_the_panel_of_the_inputs(lines: Stage):
    lines.session.instrument.set_cursor(33.25)
    rows = lines.window.inputs.panel.rows
    rows[COLOUR].levels.setCurrentText("green")
    rows[MASS].slider.setValue(1000)
    assert_all_read(lines, inputs(33.25, 2, table().column("mass").values.max()))
    box = rows[MASS].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "61.0625")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert_all_read(lines, inputs(33.25, 2, 61.0625))


def test_that_another_column_comes_on_the_axis_and_the_first_is_held_where_it_was_read(lines: Stage):
    lines.session.instrument.set_cursor(33.25)
    put_on_axis(lines, "mass")
    lines.session.instrument.set_cursor(64.5)
    assert_all_read(lines, inputs(33.25, 1, 64.5))
    assert lines.plot.axes()[0].label.toPlainText().strip() == "mass"
    np.testing.assert_array_equal(lines.plot._points_xy()[0], table().column("mass").values)
    assert lines.window.reading_panel._name.text() == "mass"
    assert float(lines.window.inputs.panel.rows[AGE].box.text()) == 33.25


def test_that_the_mouse_reads_along_the_line(lines: Stage):
    lines.session.instrument.hold(COLOUR, 0.0)
    x = lines.move_to(45.0)
    assert_all_read(lines, inputs(x, 0, middle("mass")))


def test_that_the_line_stays_when_rows_are_taken_out(lines: Stage):
    put_on_axis(lines, "mass")
    lines.session.instrument.hold(AGE, 41.5)
    lines.session.instrument.hold(COLOUR, 2.0)
    lines.session.exclude_rows([3, 4, 5])
    lines.session.instrument.set_cursor(64.5)
    assert_all_read(lines, inputs(41.5, 2, 64.5))


def test_that_a_run_is_followed_along_the_line(lines: Stage):
    lines.session.instrument.hold(COLOUR, 2.0)
    lines.session.instrument.set_cursor(33.25)
    before = lines.session.model
    lines.train_until_running()
    lines.qtbot.waitUntil(lambda: lines.session.model is not before)
    assert_all_read(lines, inputs(33.25, 2, middle("mass")))


def test_that_a_pin_is_read_where_the_others_were_held_when_it_was_set(lines: Stage):
    lines.session.instrument.set_cursor(33.25)
    lines.trigger("pin_cursor")
    lines.session.instrument.hold(COLOUR, 2.0)
    lines.trigger("pin_cursor")
    put_on_axis(lines, "mass")
    first, second = lines.session.instrument.pins
    for pin, colour in ((first, 1), (second, 2)):
        expected = lines.session.model.conditional(inputs(33.25, colour, middle("mass")))
        np.testing.assert_array_equal(pin.reading.mixture.locs, expected.locs)


# -- taken away -------------------------------------------------------------------------------------------------------


def test_that_the_copied_text_names_where_each_input_is_held(lines: Stage):
    lines.session.instrument.set_cursor(0.1 + 0.2)
    lines.session.instrument.hold(COLOUR, 2.0)
    lines.session.instrument.hold(MASS, 61.0625)
    rows = copied(lines)
    assert rows[:4] == [["age", repr(0.1 + 0.2)], ["colour", "green"], ["mass", "61.0625"], ["target", "response"]]
    mixture = lines.session.model.conditional(inputs(0.1 + 0.2, 2, 61.0625))
    locs = [float(row[2]) for row in rows if row[0] in {"1", "2", "3"}]
    assert locs == mixture.locs[0].tolist()


def test_that_the_exported_table_is_that_of_the_line(lines: Stage, tmp_path):
    put_on_axis(lines, "mass")
    lines.session.instrument.hold(AGE, 41.5)
    lines.session.instrument.hold(COLOUR, 2.0)
    lines.dialogs.grid_answer = GridSpec(50.0, 80.0, 7)
    header, values, comments = exported(lines, tmp_path / "table.csv")
    x = inputs(41.5, 2, np.linspace(50, 80, 7))
    assert header[:5] == ["age", "colour = red", "colour = blue", "colour = green", "mass"]
    np.testing.assert_array_equal(values[:, :5], x)
    mixture = lines.session.model.conditional(x)
    np.testing.assert_array_equal(values[:, 5:11], np.hstack((mixture.weights, mixture.locs)))
    assert [line for line in comments if line.startswith("held")] == ["held: age = 41.5", "held: colour = green"]


# -- a category on the axis -------------------------------------------------------------------------------------------


def test_that_the_levels_stand_on_the_ticks_and_in_the_box(colours: Stage):
    (ticks,) = colours.plot.getAxis("bottom")._tickLevels
    assert [(float(place), name) for place, name in ticks] == [(0.0, "red"), (1.0, "blue"), (2.0, "green")]
    colours.session.instrument.set_cursor(2.0)
    assert colours.window.reading_panel.x_box.text() == "green"
    assert colours.window.reading_panel.slice._line.text() == "p(y | colour = green)"


def test_that_the_ticks_are_numbers_again_on_the_axis_of_numbers(colours: Stage):
    put_on_axis(colours, "age")
    assert colours.plot.getAxis("bottom")._tickLevels is None
    colours.session.instrument.set_cursor(33.25)
    assert float(colours.window.reading_panel.x_box.text()) == 33.25


@pytest.mark.parametrize(("x", "level"), [(-3.0, 0), (0.4, 0), (0.6, 1), (1.9, 2), (7.0, 2)])
def test_that_the_nearest_level_is_read(colours: Stage, x, level):
    colours.session.instrument.set_cursor(x)
    assert colours.session.instrument.reading.x == level
    assert colours.plot.marks.x() == level
    assert_all_read(colours, inputs(colours.session.instrument.section.line.held[AGE], level, middle("mass")))


def test_that_a_level_is_typed_by_its_name(colours: Stage):
    for level in ("green", "red"):
        type_x(colours, level)
        assert colours.session.instrument.reading.x == LEVELS.index(level)
        assert colours.window.reading_panel.x_box.text() == level


def test_that_a_name_that_is_no_level_is_marked_and_nothing_moves(colours: Stage):
    colours.session.instrument.set_cursor(2.0)
    type_x(colours, "purple")
    box = colours.window.reading_panel.x_box
    assert box.property("wrong")
    assert "type one such as red" in box.toolTip()
    assert colours.session.instrument.reading.x == 2.0
    colours.plot.setFocus()
    colours.settle()
    assert box.text() == "green"


def test_that_a_level_whose_name_is_a_number_is_taken_for_the_level(stage: Stage):
    opened = table()
    renamed = Column("dial", opened.column("colour").values, np.zeros(ROWS, bool), ColumnKind.CATEGORY, ("1", "2", "4"))
    columns = (renamed, *(column for column in opened.columns if column.name != "colour"))
    stage.open(Table("t", columns, "t", ("dial", "age"), "response"))
    stage.train()
    type_x(stage, "2")
    assert stage.session.instrument.reading.x == 1.0
    assert stage.window.reading_panel.x_box.text() == "2"


def test_that_the_arrow_keys_go_from_level_to_level_up_to_the_ends(colours: Stage):
    seen = []
    colours.session.instrument.reading_changed.connect(lambda reading: seen.append(reading.x))
    colours.session.instrument.set_cursor(0.0)
    right, left = Qt.Key.Key_Right, Qt.Key.Key_Left
    press(colours, right, right, right, left, Qt.Key.Key_Home, Qt.Key.Key_End)
    assert seen == [0, 1, 2, 2, 1, 0, 2]
    colours.session.instrument.set_cursor(0.0)
    QTest.keyClick(colours.plot, right, Qt.KeyboardModifier.ShiftModifier)
    assert colours.session.instrument.reading.x == 1
    QTest.keyClick(colours.plot, right, Qt.KeyboardModifier.ControlModifier)
    assert colours.session.instrument.reading.x == 2


def test_that_up_and_down_in_the_box_go_from_level_to_level(colours: Stage):
    colours.session.instrument.set_cursor(0.0)
    box = colours.window.reading_panel.x_box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (colours.session.instrument.reading.x, box.text()) == (1.0, "blue")
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert (colours.session.instrument.reading.x, box.text()) == (0.0, "red")


def test_that_the_mouse_reads_the_level_below_it(colours: Stage):
    colours.move(colours.point_of(1.2))
    assert colours.session.instrument.reading.x == 1.0
    colours.move(colours.point_of(1.2) + QPoint(1, 0))
    assert colours.plot.marks.x() == 1.0


def test_that_a_pinned_level_is_named(colours: Stage):
    colours.session.instrument.set_cursor(2.0)
    colours.trigger("pin_cursor")
    colours.session.instrument.set_cursor(0.0)
    titles = colours.window.reading_panel.quantities.model()
    assert "colour = green" in titles.headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert colours.plot.pins.lines["A"].value() == 2.0


def test_that_the_copied_text_names_the_level_on_the_axis(colours: Stage):
    colours.session.instrument.set_cursor(2.0)
    colours.session.instrument.hold(AGE, 41.5)
    assert copied(colours)[:3] == [["colour", "green"], ["age", "41.5"], ["mass", repr(middle("mass"))]]


def test_that_the_exported_table_has_a_row_for_each_level(colours: Stage, tmp_path):
    colours.session.instrument.hold(AGE, 41.5)
    _, values, comments = exported(colours, tmp_path / "table.csv")
    x = inputs(41.5, [0, 1, 2], middle("mass"))
    np.testing.assert_array_equal(values[:, :5], x)
    np.testing.assert_array_equal(values[:, 8:11], colours.session.model.conditional(x).locs)
    assert "held: age = 41.5" in comments


def test_that_a_category_that_leaves_the_axis_is_held_at_the_level_read_last(colours: Stage):
    colours.session.instrument.set_cursor(2.0)
    put_on_axis(colours, "age")
    assert colours.window.inputs.panel.rows[COLOUR].levels.currentText() == "green"
    colours.session.instrument.set_cursor(33.25)
    assert_all_read(colours, inputs(33.25, 2, middle("mass")))
