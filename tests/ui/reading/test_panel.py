import math
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.session.messages import CursorOrigin
from mdn_gui.ui.numbers import decimals_for, fixed, significant
from tests.ui.read_out import grey_keys, texts
from tests.ui.stage import Stage, assert_reads, made_table

HOSTILE = "<b>bold</b><img src=x> & more\nlines"


def type_x(stage: Stage, text: str) -> None:
    box = stage.window.reading_panel.x_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def value(stage: Stage, key: str) -> str:
    return texts(stage.window.reading_panel.quantities, key)[0]


def button(stage: Stage, text: str) -> QPushButton:
    return next(b for b in stage.window.reading_panel.findChildren(QPushButton) if b.text().startswith(text))


# -- the x box --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "x"), [("1.25", 1.25), ("-0.1", -0.1), ("1e-3", 1e-3), ("0.30000000000000004", 0.1 + 0.2)]
)
def test_that_a_typed_x_is_read_with_all_its_digits(fitted: Stage, text, x):
    type_x(fitted, text)
    assert_reads(fitted, x)


def test_that_a_german_reader_types_a_comma_or_a_point(german, fitted: Stage):
    type_x(fitted, "1,25")
    assert_reads(fitted, 1.25)
    type_x(fitted, "-0.5")
    assert_reads(fitted, -0.5)
    assert fitted.window.reading_panel.x_box.text() == "-0,5000"


@pytest.mark.parametrize("text", ["abc", "", "nan", "inf", "-inf", "1e999", "1.2.3"])
def test_that_garbage_marks_the_field_and_leaves_x(fitted: Stage, text):
    fitted.session.instrument.set_cursor(0.5)
    box = fitted.window.reading_panel.x_box
    tip = box.toolTip()
    box.setFocus()
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    type_x(fitted, text)
    assert box.property("wrong") is True
    assert box.toolTip() != tip
    assert_reads(fitted, 0.5)
    QTest.keyClicks(box, "1")
    assert box.property("wrong") is False


def test_that_leaving_the_field_shows_the_reading_again(fitted: Stage):
    fitted.session.instrument.set_cursor(0.5)
    type_x(fitted, "rubbish")
    fitted.plot.setFocus()
    box = fitted.window.reading_panel.x_box
    assert box.text().startswith("0.5")
    assert box.property("wrong") is False


def test_that_what_is_being_typed_is_not_overwritten_by_the_mouse(fitted: Stage):
    box = fitted.window.reading_panel.x_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "2.")
    x = fitted.move_to(0.4)
    assert box.text() == "2."
    assert_reads(fitted, x)


def test_that_the_x_box_follows_the_cursor_otherwise(fitted: Stage):
    x = fitted.move_to(0.4)
    assert float(fitted.window.reading_panel.x_box.text()) == pytest.approx(x, abs=1e-3)


def test_that_the_field_is_off_without_a_reading(with_data: Stage):
    assert not with_data.window.reading_panel.x_box.isEnabled()
    assert with_data.window.reading_panel.x_box.text() == ""


# -- the quantities ---------------------------------------------------------------------------------------------------


SLOW = {"quantile_0.05", "quantile_0.25", "quantile_0.5", "quantile_0.75", "quantile_0.95", "region_0.9", "modes"}


def wait_for_all_figures(stage: Stage) -> None:
    stage.qtbot.waitUntil(lambda: stage.window.reading_panel.quantities.is_complete, timeout=1000)


def y_decimals(stage: Stage) -> int:
    return decimals_for(stage.session.dataset.target_sd)


def test_that_the_moments_are_those_of_the_mixture_in_data_units(fitted: Stage):
    wait_for_all_figures(fitted)
    fitted.session.instrument.set_cursor(0.9)
    mixture = fitted.session.model.conditional([[0.9]])
    variance = float(mixture.variance()[0])
    assert value(fitted, "mean") == fixed(float(mixture.mean()[0]), y_decimals(fitted))
    assert value(fitted, "sd") == significant(math.sqrt(variance))
    assert value(fitted, "variance") == significant(variance)
    within, between = (float(value(fitted, f"variance_{part}")) for part in ("within", "between"))
    assert within + between == pytest.approx(variance, rel=2e-3)
    assert within == pytest.approx(float(mixture.weights[0] @ mixture.variances[0]), rel=1e-3)


def test_that_quantiles_and_region_are_grey_after_a_move_and_exact_soon(fitted: Stage):
    table = fitted.window.reading_panel.quantities
    for wanted in (0.4, -1.9, 2.7):
        wait_for_all_figures(fitted)
        assert grey_keys(table) == set()
        x = fitted.move_to(wanted)
        assert grey_keys(table) == SLOW
        wait_for_all_figures(fitted)
        mixture = fitted.session.model.conditional([[x]])
        assert value(fitted, "quantile_0.5") == fixed(float(mixture.quantile(0.5)[0]), y_decimals(fitted))
        region = mixture.hdr(0.9)[0]
        decimals = max(decimals_for(float(np.ptp(region, axis=1).min())) - 2, y_decimals(fitted) - 1, 0)
        intervals = [[fixed(float(end), decimals) for end in interval] for interval in region]
        assert value(fitted, "region_0.9") == "\u00a0∪ ".join(f"[{low},\u00a0{high}]" for low, high in intervals)


def test_that_the_median_follows_a_mouse_that_never_rests(fitted: Stage):
    wait_for_all_figures(fitted)
    start, before, step, end = fitted.point_of(0.0), value(fitted, "quantile_0.5"), 0, time.monotonic() + 2.0
    while value(fitted, "quantile_0.5") == before and time.monotonic() < end:
        step += 1
        fitted.move(start + QPoint(step % 50, 0))
        fitted.settle()
    assert value(fitted, "quantile_0.5") != before


def test_that_the_dashes_without_a_reading_are_not_grey(fitted: Stage):
    fitted.move_to(0.4)
    fitted.open()
    table = fitted.window.reading_panel.quantities
    assert {texts(table, key)[0] for key in table.shown_keys()} == {"–"}
    assert grey_keys(table) == set()


def test_that_the_rows_near_x_are_counted(fitted: Stage):
    fitted.session.instrument.set_cursor(0.9)
    axis = fitted.session.instrument.axis
    rows = int((np.abs(axis.values - 0.9) <= axis.half_width).sum())
    support = fitted.window.reading_panel._support
    assert rows == 1
    assert support.text() == f"1 row within ±{significant(axis.half_width, 1)}"
    assert support.isVisible()


def test_that_without_a_reading_there_are_dashes_and_advice(with_data: Stage):
    table = with_data.window.reading_panel.quantities
    assert {texts(table, key)[0] for key in table.shown_keys()} == {"–"}
    assert "Train a model" in with_data.texts()


def test_that_reading_outside_the_data_is_called_extrapolation(fitted: Stage):
    panel = fitted.window.reading_panel
    fitted.session.instrument.set_cursor(fitted.session.instrument.axis.high + 0.01)
    assert panel._support.isVisible()
    assert panel._support.text().startswith("Outside the data: extrapolated · ")
    assert "1 row within" in panel._support.text()
    assert panel._support.property("warns") is True
    fitted.session.instrument.set_cursor(fitted.session.instrument.axis.high)
    assert "Outside" not in panel._support.text()
    assert panel._support.property("warns") is False


def test_that_enter_without_an_edit_leaves_x_exact(fitted: Stage):
    fitted.session.instrument.set_cursor(0.123456789)
    QTest.keyClick(fitted.window.reading_panel.x_box, Qt.Key.Key_Return)
    assert fitted.session.instrument.reading.x == 0.123456789


def test_that_escape_in_the_box_gives_the_value_back_and_the_plot_the_keyboard(fitted: Stage):
    box = fitted.window.reading_panel.x_box
    box.setFocus()
    shown = box.text()
    QTest.keyClicks(box, "7x")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert box.text() == shown
    assert fitted.plot.hasFocus()


def test_that_a_narrow_region_is_stated_with_digits_that_tell_its_ends_apart(fitted: Stage):
    for x in np.linspace(-1.9, 2.9, 25):
        fitted.session.instrument.set_cursor(float(x))
        fitted.window.reading_panel.show_now()
        for interval in value(fitted, "region_0.9").split("\u00a0∪ "):
            low, high = interval.strip("[]").split(",\u00a0")
            assert float(low) < float(high)


# -- pin, buttons -----------------------------------------------------------------------------------------------------


def test_that_the_pin_stands_beside_the_cursor_with_their_difference(fitted: Stage):
    fitted.session.instrument.add_pin(0.0)
    fitted.session.instrument.set_cursor(1.0)
    pinned, here = fitted.session.model.conditional([[0.0], [1.0]]).mean()
    decimals = y_decimals(fitted)
    table = fitted.window.reading_panel.quantities
    sign = "+" if here >= pinned else ""
    wanted = fixed(here, decimals), fixed(pinned, decimals), sign + fixed(here - pinned, decimals)
    assert texts(table, "mean") == wanted
    assert table.model().headerData(2, Qt.Orientation.Horizontal) == "◆ A"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_that_the_buttons_do_what_they_say(fitted: Stage, tmp_path):
    fitted.session.instrument.set_cursor(0.5)
    button(fitted, "Pin").click()
    assert fitted.session.instrument.pins[0].x == 0.5
    button(fitted, "Copy").click()
    assert fitted.window.status.text == "Read-out copied."
    fitted.dialogs.save_answer = tmp_path / "t.csv"
    button(fitted, "Table").click()
    fitted.wait_for_disk()
    assert fitted.dialogs.save_answer.exists()
    choice = fitted.window.reading_panel.quantities.choice
    button(fitted, "Rows").click()
    assert choice.isVisible()
    choice.close()


def test_that_the_buttons_are_off_without_a_reading(with_data: Stage):
    assert not any(button(with_data, text).isEnabled() for text in ("Pin", "Copy", "Table"))


# -- hostile names ----------------------------------------------------------------------------------------------------


def test_that_hostile_column_names_are_shown_as_plain_text(stage: Stage):
    rng = np.random.default_rng(0)
    stage.open(made_table("t", **{HOSTILE: rng.normal(size=30), "<i>y</i>": rng.normal(size=30)}))
    stage.train()
    stage.session.instrument.add_pin(0.0)
    stage.settle()
    showing = [label for label in stage.window.findChildren(QLabel) if "<b>bold" in label.text()]
    assert len(showing) >= 3
    assert {label.textFormat() for label in showing} == {Qt.TextFormat.PlainText}
    for axis, name in zip(stage.plot.axes(), (HOSTILE, "<i>y</i>"), strict=True):
        assert axis.label.toPlainText().split() == name.split()


def test_that_a_very_long_column_name_does_not_widen_the_window(stage: Stage):
    stage.open()
    before = stage.window.minimumSizeHint().width()
    rng = np.random.default_rng(0)
    stage.open(made_table("t", **{"x" * 3000: rng.normal(size=30), "y" * 3000: rng.normal(size=30)}))
    stage.train()
    stage.session.instrument.add_pin(0.0)
    stage.settle()
    assert stage.window.minimumSizeHint().width() <= before


@pytest.mark.parametrize(
    ("key", "modifier", "pixels"),
    [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 1),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, -1),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier, 10),
    ],
)
def test_that_up_and_down_in_the_box_step_the_cursor_by_pixels(fitted: Stage, key, modifier, pixels):
    fitted.session.instrument.set_cursor(0.5)
    pixel = float(fitted.plot.view.viewPixelSize()[0])
    QTest.keyClick(fitted.window.reading_panel.x_box, key, modifier)
    assert fitted.session.instrument.reading.x == pytest.approx(0.5 + pixels * pixel, abs=1e-9)
    shown = float(fitted.window.reading_panel.x_box.text())
    assert shown == pytest.approx(fitted.session.instrument.reading.x, abs=1e-3)


# -- names, counts, dates ---------------------------------------------------------------------------------------------


LONG = "a name of an input that is longer than there is room for beside a value"


def test_that_a_long_name_is_elided_and_its_value_never(stage: Stage):
    rng = np.random.default_rng(0)
    stage.open(made_table("t", **{LONG: rng.normal(size=30), "y": rng.normal(size=30)}))
    stage.train()
    stage.session.instrument.set_cursor(0.5)
    panel = stage.window.reading_panel
    title = panel.slice._line
    assert title.text() == f"p(y | {LONG} = {panel.x_box.text()})"
    assert title.fitting(200).startswith("p(y | a name")
    assert title.fitting(200).endswith(f"… = {panel.x_box.text()})")
    assert panel._name.fitting(120).endswith("…")
    assert title.fitting(5000) == title.text()
    for label, width in ((title, 200), (panel._name, 120)):
        assert label.fontMetrics().horizontalAdvance(label.fitting(width)) <= width


def test_that_one_row_is_no_rows_and_many_are_grouped(fitted: Stage):
    panel, reading = fitted.window.reading_panel, fitted.session.instrument.reading
    panel.show_reading(replace(reading, rows_near=1), CursorOrigin.CURSOR)
    assert panel._support.text().startswith("1 row within ±")
    panel.show_reading(replace(reading, rows_near=100_011), CursorOrigin.CURSOR)
    assert panel._support.text().startswith("100,011 rows within ±")


@pytest.fixture(params=[ColumnKind.DAYS, ColumnKind.SECONDS], ids=["days", "seconds"])
def dated(hidden_stage: Stage, request) -> Stage:
    """A window with a fit over a date."""
    filled, unit = np.zeros(60, dtype=bool), request.param.seconds
    day = Column("day", np.arange(60.0) * 6 * 86_400 / unit, filled, request.param, (), "2020-01-01")
    columns = (day, Column("y", np.sin(np.arange(60) / 9), filled))
    hidden_stage.open(Table("dates", columns, "dates", ("day",), "y"))
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage


@pytest.mark.parametrize(
    ("text", "days"),
    [("2020-06-01", 152.0), ("2020-06-01 12:00", 152.5), ("2020-06-01T12:00:00", 152.5), (" 2020-06-01 ", 152.0)],
)
def test_that_a_typed_date_is_read(dated: Stage, text, days):
    type_x(dated, text)
    seconds = dated.session.instrument.axis.encoding.kind.seconds
    assert dated.session.instrument.reading.x == days * 86_400 / seconds
    moment = "2020-06-01 12:00 · " if days % 1 else "2020-06-01 · "
    assert dated.window.reading_panel._support.text().startswith(moment)
    assert dated.window.reading_panel.x_box.property("wrong") is not True


def test_that_a_number_on_the_axis_of_dates_is_a_number(dated: Stage):
    type_x(dated, "152.25")
    assert dated.session.instrument.reading.x == 152.25
    assert "dates such as 2020-01-01" in dated.window.reading_panel.x_box.toolTip()


def test_that_what_is_no_date_either_is_marked(dated: Stage):
    dated.session.instrument.set_cursor(3.0)
    type_x(dated, "2020-02-30")
    assert dated.window.reading_panel.x_box.property("wrong") is True
    assert "nor a date" in dated.window.reading_panel.x_box.toolTip()
    assert dated.session.instrument.reading.x == 3.0


def test_that_a_date_is_wrong_where_the_axis_has_none(fitted: Stage):
    fitted.session.instrument.set_cursor(0.5)
    type_x(fitted, "2020-06-01")
    assert fitted.window.reading_panel.x_box.property("wrong") is True
    assert "date" not in fitted.window.reading_panel.x_box.toolTip()
