"""Where the inputs beside the one on the axis are held."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.reading import Line
from mdn_gui.ui.inputs.held_inputs import MOST_SHOWN, HeldInputs
from tests.ui.stage import send_mouse

ENCODINGS = (
    Encoding("age"),
    Encoding("colour", ColumnKind.CATEGORY, ("red", "blue", "green")),
    Encoding("smokes", ColumnKind.BOOLEAN),
    Encoding("<b>mass</b>"),
)


HEADS = {"on the axis", "values of row"}


def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    x = np.column_stack((np.linspace(20, 60, 9), np.eye(3)[rng.integers(0, 3, 9)], np.arange(9) % 2, np.arange(9.0)))
    names = tuple(name for encoding in ENCODINGS for name in encoding.names)
    return Dataset(x, np.arange(9.0), names, "y", encodings=ENCODINGS)


def held(inputs: HeldInputs) -> list[str]:
    """Return the names of the columns that have a row."""
    labels = inputs.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.text() not in HEADS]


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


@pytest.fixture
def chosen(inputs) -> list[tuple[int, float]]:
    """What the panel asks for from now on."""
    heard: list[tuple[int, float]] = []
    inputs.value_chosen.connect(lambda place, value: heard.append((place, value)))
    return heard


def test_that_a_slider_reaches_the_ends_of_the_data_exactly(inputs, chosen, qtbot):
    inputs.rows[3].slider.setValue(1000)
    inputs.rows[3].slider.setValue(0)
    qtbot.waitUntil(lambda: len(chosen) == 2)
    assert chosen == [(3, 8.0), (3, 0.0)]


def test_that_a_slider_that_moves_faster_than_the_window_sends_the_newest_value_of_each_turn(inputs, chosen, qtbot):
    for step in range(1, 101):
        inputs.rows[3].slider.setValue(step)
    assert chosen == [(3, 0.008)]
    qtbot.waitUntil(lambda: len(chosen) > 1)
    assert chosen == [(3, 0.008), (3, 0.8)]


def test_that_the_newest_value_of_each_of_two_sliders_is_sent(qtbot):
    panel = HeldInputs()
    qtbot.addWidget(panel)
    data = Dataset(np.linspace(0, 8, 27).reshape(9, 3), np.arange(9.0), ("a", "b", "c"), "y")
    panel.show_dataset(data)
    heard = []
    panel.value_chosen.connect(lambda place, value: heard.append((place, round(value, 3))))
    for step in range(1, 4):
        panel.rows[1].slider.setValue(step)
        panel.rows[2].slider.setValue(step)
    qtbot.waitUntil(lambda: len(heard) == 3)
    low, high = (data.column_ranges[1:, end] for end in (0, 1))
    newest = low + 0.003 * (high - low)
    assert sorted(heard[1:]) == [(1, round(newest[0], 3)), (2, round(newest[1], 3))]


@pytest.mark.parametrize(
    ("key", "place"),
    [(Qt.Key.Key_Right, 510), (Qt.Key.Key_Left, 490), (Qt.Key.Key_PageUp, 600), (Qt.Key.Key_PageDown, 400)],
)
def test_that_arrow_keys_move_a_slider_by_one_step_while_page_keys_move_it_by_ten(inputs, chosen, key, place):
    slider = inputs.rows[3].slider
    slider.setFocus()
    QTest.keyClick(slider, key)
    assert slider.value() == place
    assert chosen == [(3, 8.0 * place / 1000)]


def test_that_a_press_takes_the_handle_to_the_mouse_where_the_histogram_has_its_value(inputs, chosen, qtbot):
    slider = inputs.rows[3].slider
    inputs.resize(400, 200)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(40, 8))
    assert abs(slider.handle_x() - 40.0) < 0.5
    assert chosen[-1] == (3, 8.0 * slider.value() / 1000)
    QTest.mouseMove(slider, QPoint(slider.width() + 50, 8))
    qtbot.waitUntil(lambda: chosen[-1] == (3, 8.0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() + 50, 8))
    assert not slider.isSliderDown()


def test_that_other_buttons_leave_the_handle_where_it_is(inputs, chosen):
    press(inputs.rows[3].slider, QPoint(10, 8), Qt.MouseButton.RightButton)
    assert not chosen


def test_that_a_handle_in_the_hand_is_not_moved_by_what_is_shown(inputs, chosen):
    slider = inputs.rows[3].slider
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, 8))
    at = slider.value()
    inputs.show_line(Line.through(dataset()).holding(3, 7.9))
    assert slider.value() == at
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, 8))


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
    assert inputs.rows[3].slider.value() == 1000
    assert inputs.rows[3].slider._is_outside
    inputs.show_line(Line.through(dataset()).holding(3, 2.0))
    assert not box.property("wrong")
    assert not inputs.rows[3].slider._is_outside


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
    ends = {editor.mapTo(inputs, QPoint(editor.width(), 0)).x() for editor in visible}
    assert len(ends) == 2
    assert max(ends) <= inputs.viewport().width()


# -- histograms -------------------------------------------------------------------------------------------------------


def press(widget, point: QPoint, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    send_mouse(widget, QEvent.Type.MouseButtonPress, point, button, button)


def picture(widget) -> np.ndarray:
    """Return the pixels [height, width, 4] of a widget."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return pixels[:, : image.width()].copy()


def test_that_each_number_stands_on_its_histogram_while_a_category_has_bars(inputs):
    assert inputs.rows[3].slider._histogram.counts.sum() == 9
    assert inputs.rows[1].bars._histogram.counts.tolist() == np.bincount(dataset().column(1).astype(int)).tolist()
    assert inputs.rows[2].bars._histogram.counts.tolist() == [5, 4]
    with_bars = picture(inputs.rows[3].slider)
    inputs.rows[3].slider.show_histogram(None)
    assert (with_bars != picture(inputs.rows[3].slider)).any()


def test_that_a_press_on_a_bar_takes_its_level(inputs, chosen):
    bars, start = inputs.rows[2].bars, dataset().middle[2]
    press(bars, QPoint(14 if start == 0 else 3, 10))
    assert chosen == [(2, 1.0 - start)]
    press(bars, QPoint(bars.width() - 1, 10))  # beside the bars
    press(bars, QPoint(3, 10), Qt.MouseButton.RightButton)
    assert len(chosen) == 1


def test_that_many_rows_are_counted_in_another_thread(qtbot):
    panel = HeldInputs()
    qtbot.addWidget(panel)
    x = np.random.default_rng(0).normal(size=(40_000, 2))
    panel.show_dataset(Dataset(x, x[:, 0], ("a", "b"), "y"))
    assert panel.rows[0].slider._histogram is None
    qtbot.waitUntil(lambda: panel.rows[1].slider._histogram is not None)
    assert panel.rows[1].slider._histogram.counts.sum() == 40_000
    panel.show_dataset(Dataset(x[:9], x[:9, 0], ("a", "b"), "y"))
    assert panel.rows[1].slider._histogram.counts.sum() == 9
    panel.shut_down()


def test_that_a_constant_input_says_why_its_slider_rests(qtbot):
    panel = HeldInputs()
    qtbot.addWidget(panel)
    data = Dataset(np.column_stack((np.arange(9.0), np.full(9, 3.0))), np.arange(9.0), ("a", "b"), "y")
    panel.show_dataset(data)
    panel.show_line(Line.through(data))
    row = panel.rows[1]
    assert not row.slider.isEnabled()
    assert "Constant" in row.slider.toolTip()
    assert float(row.box.text()) == 3.0
    panel.resize(300, 120)
    panel.show()
    assert len(np.unique(picture(row.slider).reshape(-1, 4), axis=0)) > 2  # the word is drawn


def test_that_60_levels_have_60_bars(qtbot):
    kind = Encoding("kind", ColumnKind.CATEGORY, tuple(f"level {i}" for i in range(60)))
    x = np.column_stack((np.arange(120.0), np.eye(60)[np.arange(120) % 60]))
    data = Dataset(x, np.arange(120.0), ("age", *kind.names), "y", encodings=(Encoding("age"), kind))
    panel = HeldInputs()
    qtbot.addWidget(panel)
    panel.show_dataset(data)
    panel.show_line(Line.through(data))
    panel.resize(300, 120)
    panel.show()
    bars = panel.rows[1].bars
    assert bars._histogram.counts.tolist() == [2] * 60
    with qtbot.waitSignal(panel.value_chosen) as told:
        press(bars, QPoint(int(59.5 * bars._bar_width()), 10))
    assert told.args == [1, 59.0]


# -- a row of the table -----------------------------------------------------------------------------------------------


def test_that_a_row_is_asked_for_by_its_number_or_by_a_step(inputs, qtbot):
    asked = []
    inputs.row_requested.connect(asked.append)
    box = inputs.row_box.box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "7")
    assert not asked  # not while it is being typed
    QTest.keyClick(box, Qt.Key.Key_Return)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert asked == [7, 8]


def test_that_a_number_beyond_the_table_cannot_be_asked_for(inputs):
    assert inputs.row_box.box.maximum() == 9
    inputs.show_num_rows(12)
    assert inputs.row_box.box.maximum() == 12


def test_that_the_panel_says_which_row_has_the_values_while_one_has_them(inputs, qtbot):
    with qtbot.assertNotEmitted(inputs.row_requested):
        inputs.show_row(5)
        assert inputs.row_box.box.text() == "5"
        assert "row 5" in inputs.row_box.box.toolTip()
        inputs.show_row(None)
    assert inputs.row_box.box.text() == "–"
    assert "row 5" not in inputs.row_box.box.toolTip()


def test_that_the_middle_is_asked_for_by_a_button(inputs, qtbot):
    with qtbot.waitSignal(inputs.middle_requested):
        QTest.mouseClick(inputs.row_box.middle, Qt.MouseButton.LeftButton)


# -- little work ------------------------------------------------------------------------------------------------------


def test_that_only_what_changes_is_shown_anew(inputs):
    line = Line.through(dataset()).holding(3, 2.0)
    inputs.show_line(line)
    inputs.rows[3].box.setText("as it was")
    inputs.show_line(line.holding(1, 2.0))
    assert inputs.rows[3].box.text() == "as it was"
    inputs.show_dataset(dataset())  # the range may be another
    inputs.show_line(line)
    assert float(inputs.rows[3].box.text()) == 2.0
