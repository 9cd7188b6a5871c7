"""The dialog that asks for a parameter table."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.questions import Questions
from mdn_gui.files.export import line_through, parameter_table
from mdn_gui.ui.exporting.parameter_dialog import ParameterDialog
from tests.fakes import made_model

ENCODINGS = (
    Encoding("age"),
    Encoding("day", ColumnKind.DAYS, origin="2020-01-01"),
    Encoding("<b>colour", ColumnKind.CATEGORY, ("red", "<i>blue")),
)
ASKED = Questions(levels=(0.05, 0.95), high=2.5)


def made(components: int = 3) -> FittedModel:
    x = np.column_stack((np.linspace(0.1, 0.30000000000000004, 4), np.arange(4.0), np.eye(2)[[0, 1, 0, 1]]))
    names = tuple(name for each in ENCODINGS for name in each.names)
    return made_model(Dataset(x, np.arange(4.0), names, "y", encodings=ENCODINGS), components=components)


@pytest.fixture
def model() -> FittedModel:
    return made()


def shown(qtbot, model: FittedModel, questions: Questions = ASKED, moving: str = "") -> ParameterDialog:
    dialog = ParameterDialog(model, line_through(model, moving), questions)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def dialog(qtbot, model: FittedModel) -> ParameterDialog:
    return shown(qtbot, model)


def choose(dialog: ParameterDialog, name: str) -> None:
    dialog.moving.setCurrentIndex(dialog.moving.findData(name))
    dialog.moving.activated.emit(dialog.moving.currentIndex())


def held(dialog: ParameterDialog) -> dict[str, str]:
    """Return what the boxes show of the inputs that stay."""
    fields = zip(ENCODINGS, dialog.held.fields, strict=False)
    return {
        each.column: field.text() if isinstance(field, QLineEdit) else field.currentText()
        for each, field in fields
        if field.isVisible()
    }


def header(dialog: ParameterDialog) -> list[str]:
    return [dialog.rows.horizontalHeaderItem(place).text() for place in range(dialog.rows.columnCount())]


def test_that_the_proposal_is_the_range_of_the_data_to_the_bit(dialog, model):
    dialog.save.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.request.grid == GridSpec(0.1, 0.30000000000000004, 1000)
    assert dialog.request.questions == Questions(levels=(0.05, 0.95), high=2.5)
    table = dialog.request.table(model)
    assert len(table) == 1000
    assert table.names == parameter_table(model, dialog.request.grid, None, ASKED).names


def test_that_any_input_may_move(dialog, model):
    choose(dialog, "day")
    assert (dialog.start.text(), dialog.stop.text()) == ("2020-01-01", "2020-01-04")
    assert held(dialog) == {"age": "0.2", "<b>colour": "red"}
    dialog.stop.setText("2020-02-01")
    dialog.save.click()
    assert dialog.request.grid == GridSpec(0.0, 31.0, 1000)
    table = dialog.request.table(model)
    assert np.array_equal(table.columns[1], np.linspace(0.0, 31.0, 1000))
    assert len(set(table.columns[0].tolist())) == 1


def test_that_of_a_category_the_levels_are_the_rows(dialog, model):
    choose(dialog, "<b>colour")
    assert not dialog.start.isVisible()
    assert dialog.levels.text() == "red, <i>blue"
    assert dialog.rows.rowCount() == 2
    dialog.save.click()
    assert dialog.request.grid == GridSpec.of_levels(2)
    assert len(dialog.request.table(model)) == 2


def test_that_the_input_on_the_axis_is_proposed(qtbot, model):
    dialog = shown(qtbot, model, moving="day")
    assert dialog.moving.currentData() == "day"


def test_that_the_first_rows_are_those_of_the_table(dialog, model):
    assert dialog.rows.rowCount() == 5
    assert header(dialog)[:4] == ["age", "day (days since 2020-01-01)", "<b>colour = red", "<b>colour = <i>blue"]
    assert header(dialog)[-3:] == ["quantile_0.05", "quantile_0.95", "probability_below_2.5"]
    table = parameter_table(model, GridSpec(0.1, 0.30000000000000004, 1000), None, ASKED)
    place = table.names.index("mixture_mean")
    texts = [float(dialog.rows.item(row, place).text()) for row in range(5)]
    np.testing.assert_allclose(texts, table.columns[place][:5], rtol=1e-3)
    assert dialog.summary.text() == f"1,000 rows × {len(table.names)} columns"


def test_that_what_is_asked_can_be_left_out(dialog):
    dialog.quantiles.clear()
    assert header(dialog)[-2:] == ["mixture_sd", "probability_below_2.5"]
    dialog.threshold.clear()
    assert header(dialog)[-1] == "mixture_sd"
    dialog.save.click()
    assert dialog.request.questions == Questions(levels=())


@pytest.mark.parametrize(
    ("questions", "text", "column"),
    [
        (Questions(low=1.0), "P(y > 1)", "probability_above_1"),
        (Questions(low=1.0, high=2.0), "P(1 < y ≤ 2)", "probability_1_to_2"),
    ],
)
def test_that_an_interval_can_be_taken_or_left(qtbot, model, questions, text, column):
    dialog = shown(qtbot, model, questions)
    assert dialog.probability.text() == text
    assert header(dialog)[-1] == column
    assert not dialog.threshold.isEnabled()
    dialog.probability.click()
    assert not header(dialog)[-1].startswith("probability")
    QTest.keyClicks(dialog.threshold, "1.5")
    assert header(dialog)[-1] == "probability_below_1.5"
    dialog.save.click()
    assert dialog.request.questions == Questions(high=1.5)


def test_that_quantiles_and_a_limit_can_be_typed(qtbot, model):
    dialog = shown(qtbot, model, Questions(levels=()))
    assert not dialog.probability.isVisible()
    assert (dialog.quantiles.text(), dialog.threshold.text()) == ("", "")
    QTest.keyClicks(dialog.quantiles, "2.5 50")
    QTest.keyClicks(dialog.threshold, "-3")
    assert header(dialog)[-3:] == ["quantile_0.025", "quantile_0.5", "probability_below_-3"]
    dialog.save.click()
    assert dialog.request.questions == Questions(levels=(0.025, 0.5), high=-3.0)


def test_that_what_is_not_touched_keeps_its_bits(qtbot, model):
    asked = Questions(levels=(1 / 3, 0.1 + 0.2), high=2 / 3)
    dialog = shown(qtbot, model, asked)
    assert dialog.threshold.text() == "0.666667"
    assert (dialog.start.text(), dialog.stop.text()) == ("0.1", "0.3")
    dialog.save.click()
    assert dialog.request.questions == asked
    assert dialog.request.grid == GridSpec(0.1, 0.30000000000000004, 1000)
    assert np.array_equal(dialog.request.line.held[1:], line_through(model).held[1:])


def test_that_what_is_typed_is_what_counts(dialog):
    dialog.stop.selectAll()
    QTest.keyClicks(dialog.stop, "0.30")
    dialog.save.click()
    assert dialog.request.grid == GridSpec(0.1, 0.3, 1000)


def test_that_held_inputs_are_shown_and_can_be_changed(dialog, model):
    assert held(dialog) == {"day": "2020-01-02 12:00", "<b>colour": "red"}
    _, day, colour = dialog.held.fields
    assert isinstance(colour, QComboBox)
    day.selectAll()
    QTest.keyClicks(day, "2020-02-01")
    colour.setCurrentIndex(1)
    colour.activated.emit(1)
    assert dialog.rows.item(0, header(dialog).index("<b>colour = <i>blue")).text() == "1.0000"
    choose(dialog, "day")
    choose(dialog, "age")
    assert held(dialog) == {"day": "2020-02-01", "<b>colour": "<i>blue"}
    dialog.save.click()
    assert dialog.request.line.held[1:].tolist() == [31.0, 1.0]
    assert set(dialog.request.table(model).columns[1].tolist()) == {31.0}


@pytest.mark.parametrize(("text", "words"), [("", "day: '' is not a date"), ("soon", "Type a date such as")])
def test_that_a_wrong_value_of_a_held_input_is_explained(dialog, text, words):
    day = dialog.held.fields[1]
    day.selectAll()
    QTest.keyClicks(day, text) if text else day.clear()
    assert words in dialog.problem.text()
    assert not dialog.save.isEnabled()
    choose(dialog, "day")
    assert dialog.save.isEnabled(), "the input that moves is not held"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("start", "x", "First value: 'x' is not a number"),
        ("count", "0", "count"),
        ("quantiles", "5 200", "'200' is not a percentage"),
        ("threshold", "low", "'low' is not a number"),
    ],
)
def test_that_nothing_is_saved_while_a_field_is_wrong(dialog, name, text, words):
    field = getattr(dialog, name)
    before = field.text()
    assert dialog.save.isEnabled()
    field.setText(text)
    assert not dialog.save.isEnabled()
    assert words in dialog.problem.text()
    assert dialog.problem.isVisible()
    field.setText(before)
    assert dialog.save.isEnabled()
    assert not dialog.problem.isVisible()


@pytest.mark.parametrize(("count", "seen"), [(2, 1), (4, 3), (5, 3), (8, 3), (40, 3)])
def test_that_many_held_inputs_are_scrolled(qtbot, count, seen):
    x = np.random.default_rng(0).normal(size=(9, count))
    model = made_model(Dataset(x, x[:, 0], tuple(f"input {place}" for place in range(count)), "y"))
    dialog = shown(qtbot, model)
    area = dialog.held.viewport()

    def num_seen() -> int:
        places = [QRect(field.mapTo(area, QPoint()), field.size()) for field in dialog.held.fields[1:]]
        return sum(map(area.rect().contains, places))

    qtbot.waitUntil(lambda: num_seen() == seen)
    assert dialog.held.verticalScrollBar().isVisible() is (count > 4)
    assert dialog.height() < 800


def test_that_the_format_is_chosen(dialog):
    dialog.format.setCurrentIndex(dialog.format.findData(".parquet"))
    dialog.save.click()
    assert dialog.request.ending == ".parquet"


@pytest.mark.parametrize(
    ("start", "stop", "count", "words"),
    [
        ("0", "1", "0", "count"),
        ("0", "1", "99999999999", "count"),
        ("0", "1", "2.5", "Number of values: '2.5' is not a whole number"),
        ("0", "1", "many", "Number of values: 'many' is not a whole number"),
        ("2", "1", "10", "stops at 1, before it starts at 2"),
        ("1", "1", "10", "starts and stops at 1"),
        ("", "1", "10", "First value: '' is not a number"),
        ("0", "<b>", "10", "Last value: '<b>' is not a number"),
        ("nan", "1", "10", "First value: 'nan' is not a number"),
        ("0", "inf", "10", "Last value: 'inf' is not a number"),
        ("-1.7e308", "1.7e308", "10", "too wide"),
    ],
)
def test_that_an_impossible_grid_is_explained_and_the_dialog_stays(dialog, start, stop, count, words):
    for box, text in ((dialog.start, start), (dialog.stop, stop), (dialog.count, count)):
        box.selectAll()
        box.clear()
        QTest.keyClicks(box, text)
    dialog.save.click()
    assert dialog.isVisible()
    assert dialog.request is None
    assert words in dialog.problem.text()
    assert dialog.problem.textFormat().name == "PlainText"
    choose(dialog, "age")
    dialog.count.setText("10")
    dialog.save.click()
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_that_a_wrong_date_is_told_as_one(dialog):
    choose(dialog, "day")
    dialog.start.setText("tomorrow")
    dialog.save.click()
    assert "First value: 'tomorrow' is not a date" in dialog.problem.text()


@pytest.mark.parametrize("grid", [("1e12", "1.0000001e12", "3"), ("1", "1.0000000000000002", "2"), ("5", "5", "1")])
def test_that_narrow_and_far_grids_have_a_preview(dialog, grid):
    for box, text in zip((dialog.start, dialog.stop, dialog.count), grid, strict=True):
        box.setText(text)
    assert not dialog.problem.isVisible()
    assert dialog.rows.rowCount() == int(grid[2])


def test_that_values_closer_than_floats_still_show_a_row(dialog):
    for box, text in zip((dialog.start, dialog.stop, dialog.count), ("1", "1.0000000000000002", "1000"), strict=True):
        box.setText(text)
    assert dialog.rows.rowCount() == 1


def test_that_a_constant_input_asks_for_one_value(qtbot):
    x = np.column_stack((np.full(4, 2.0), np.arange(4.0)))
    dialog = shown(qtbot, made_model(Dataset(x, np.arange(4.0), ("a", "b"), "y")))
    assert dialog.count.text() == "1"
    dialog.save.click()
    assert dialog.request.grid == GridSpec(2.0, 2.0, 1)
    choose(dialog, "b")
    dialog.count.setText("1000")


def test_that_many_components_fit_into_the_dialog(qtbot):
    dialog = shown(qtbot, made(64))
    assert dialog.rows.columnCount() == 4 + 4 * 64 + 3 + 3
    assert dialog.width() < 900


def test_that_everything_that_takes_the_focus_has_a_name(dialog):
    fields = (dialog.moving, dialog.start, dialog.stop, dialog.count, dialog.quantiles, dialog.probability)
    for field in (*fields, dialog.threshold, *dialog.held.fields, dialog.format, dialog.rows):
        assert isinstance(field, QWidget)
        assert field.accessibleName()


def test_that_a_decimal_comma_is_read_and_shown(qtbot, model, german):
    dialog = shown(qtbot, model)
    assert dialog.start.text() == "0,1"
    dialog.start.setText("0,2")
    dialog.save.click()
    assert dialog.request.grid.start == 0.2
