import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mdn_gui.core.reading import Section
from mdn_gui.session.messages import CursorOrigin
from mdn_gui.ui.fit.layers.frame import Comparison
from mdn_gui.ui.theme import MARKERS
from tests.fakes import made_model
from tests.ui.stage import Stage, assert_reads, made_table

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def pixel(stage: Stage) -> float:
    return float(stage.plot.view.viewPixelSize()[0])


def x_now(stage: Stage) -> float:
    return stage.session.instrument.reading.x


def origin_text(stage: Stage) -> str:
    return stage.window.reading_panel._origin.text()


# -- the mouse --------------------------------------------------------------------------------------------------------


def test_that_a_mouse_move_updates_line_marks_table_and_slice_in_the_same_event(fitted: Stage):
    for wanted in (0.4, -1.9, 2.7):
        x = fitted.move_to(wanted)
        assert x == pytest.approx(wanted, abs=2 * pixel(fitted))
        assert_reads(fitted, x)
        assert origin_text(fitted) == "● cursor"


def test_that_the_mouse_of_the_system_moves_the_cursor(fitted: Stage):
    point = fitted.point_of(1.0)
    QTest.mouseMove(fitted.plot.viewport(), point)
    fitted.qtbot.waitUntil(lambda: x_now(fitted) == fitted.x_at(point))
    assert_reads(fitted, fitted.x_at(point))


def test_that_each_pixel_of_the_view_reads_its_own_x(fitted: Stage):
    start = fitted.point_of(0.0)
    seen = []
    for step in range(5):
        fitted.move(start + QPoint(step, 0))
        seen.append(x_now(fitted))
    np.testing.assert_allclose(np.diff(seen), pixel(fitted), rtol=1e-6)


def test_that_moving_without_a_model_shows_no_cursor(with_data: Stage):
    with_data.move_to(0.5)
    assert with_data.session.instrument.reading is None
    assert not with_data.plot.marks.isVisible()
    assert with_data.window.reading_panel.table.model().rowCount() == 0


def test_that_a_model_that_comes_later_is_read_where_the_mouse_was(with_data: Stage):
    x = with_data.move_to(0.5)
    with_data.train()
    assert_reads(with_data, x)


def test_that_leaving_stays_at_the_last_x_and_says_so(fitted: Stage):
    x = fitted.move_to(0.4)
    fitted.leave()
    assert_reads(fitted, x)
    assert origin_text(fitted) == "○ last x"


def test_that_leaving_returns_to_the_pin_and_says_so(fitted: Stage):
    fitted.session.instrument.add_pin(-1.0)
    fitted.move_to(0.4)
    fitted.leave()
    assert_reads(fitted, -1.0)
    assert origin_text(fitted) == "◆ pin A"


def test_that_moving_onto_the_axes_counts_as_leaving(fitted: Stage):
    fitted.move_to(0.4)
    fitted.move(QPoint(3, 3))
    assert fitted.session.instrument.cursor_origin is CursorOrigin.LAST


def test_that_a_double_click_pins(fitted: Stage):
    point = fitted.point_of(0.8, 0.25)
    fitted.double_click(point)
    assert fitted.session.instrument.pins[-1].x == pytest.approx(fitted.x_at(point))
    assert list(fitted.plot.pins.lines) == ["A"]


@pytest.mark.parametrize("gesture", ["click", "right"])
def test_that_other_clicks_do_not_pin(fitted: Stage, gesture):
    point = fitted.point_of(0.8, 0.25)
    if gesture == "click":
        QTest.mouseClick(fitted.plot.viewport(), Qt.MouseButton.LeftButton, pos=point)
    else:
        fitted.double_click(point, Qt.MouseButton.RightButton)
    assert fitted.session.instrument.pins == ()


def test_that_the_pin_can_be_dragged(fitted: Stage):
    fitted.session.instrument.add_pin(0.0)
    fitted.settle()
    view = fitted.plot.view.viewRect()
    fitted.drag(fitted.point_of(0.0), fitted.point_of(1.5))
    assert fitted.session.instrument.pins[-1].x == pytest.approx(1.5, abs=3 * pixel(fitted))
    assert fitted.plot.pins.lines["A"].value() == fitted.session.instrument.pins[-1].x
    assert fitted.window.reading_panel.quantities.compared_pin.x == fitted.session.instrument.pins[0].x
    assert fitted.plot.view.viewRect() == view


def test_that_dragging_elsewhere_moves_the_view(fitted: Stage):
    left = fitted.plot.view.viewRect().left()
    fitted.drag(fitted.point_of(0.0), fitted.point_of(1.0))
    assert fitted.plot.view.viewRect().left() == pytest.approx(left - 1.0, abs=0.1)


def test_that_the_view_does_not_move_under_the_cursor(fitted: Stage):
    view = fitted.plot.view.viewRect()
    for x in (-2.2, 0.0, 3.2):
        fitted.move_to(x)
        fitted.settle()
    assert fitted.plot.view.viewRect() == view


def test_that_the_cursor_works_on_the_newest_snapshot_during_training(with_data: Stage):
    with_data.train_until_running()
    assert_reads(with_data, with_data.move_to(0.7))
    QTest.keyClick(with_data.plot, Qt.Key.Key_Right)
    assert_reads(with_data, x_now(with_data))
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert_reads(with_data, x_now(with_data))


# -- the keyboard -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("modifier", "pixels"), [(Qt.KeyboardModifier.NoModifier, 1), (SHIFT, 10)])
def test_that_arrows_move_by_pixels(fitted: Stage, modifier, pixels):
    fitted.session.instrument.set_cursor(0.5)
    QTest.keyClick(fitted.plot, Qt.Key.Key_Right, modifier)
    assert x_now(fitted) == pytest.approx(0.5 + pixels * pixel(fitted))
    QTest.keyClick(fitted.plot, Qt.Key.Key_Left, modifier)
    assert x_now(fitted) == pytest.approx(0.5)
    assert_reads(fitted, x_now(fitted))


def test_that_ctrl_arrows_visit_the_rows_in_order(fitted: Stage):
    values = fitted.session.instrument.axis.values
    fitted.session.instrument.set_cursor(float(values[10]))
    for expected in (11, 12, 13):
        QTest.keyClick(fitted.plot, Qt.Key.Key_Right, CTRL)
        assert x_now(fitted) == values[expected]
    QTest.keyClick(fitted.plot, Qt.Key.Key_Left, CTRL)
    assert x_now(fitted) == values[12]


def test_that_home_and_end_go_to_the_ends_of_the_data(fitted: Stage):
    QTest.keyClick(fitted.plot, Qt.Key.Key_Home)
    assert_reads(fitted, fitted.session.instrument.axis.low)
    QTest.keyClick(fitted.plot, Qt.Key.Key_End)
    assert_reads(fitted, fitted.session.instrument.axis.high)


def test_that_escape_releases_the_cursor(fitted: Stage):
    fitted.session.instrument.add_pin(1.0)
    fitted.session.instrument.set_cursor(0.5)
    QTest.keyClick(fitted.plot, Qt.Key.Key_Escape)
    assert_reads(fitted, 1.0)
    assert origin_text(fitted) == "◆ pin A"


def test_that_p_pins_shift_p_removes_and_c_copies(fitted: Stage):
    fitted.plot.setFocus()
    fitted.session.instrument.set_cursor(0.5)
    QTest.keyClick(fitted.plot, Qt.Key.Key_P)
    assert fitted.session.instrument.pins[-1].x == 0.5
    QTest.keyClick(fitted.plot, Qt.Key.Key_P, SHIFT)
    assert fitted.session.instrument.pins == ()
    QTest.keyClick(fitted.plot, Qt.Key.Key_C)
    assert QApplication.clipboard().text().startswith("dose\t0.5\n")


def test_that_keys_without_a_meaning_are_left_to_others(with_data: Stage):
    event_is_used = with_data.plot._take_key(Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert not event_is_used


def test_that_the_plot_has_the_focus_once_data_are_open(with_data: Stage):
    assert with_data.plot.hasFocus()


# -- what is drawn ----------------------------------------------------------------------------------------------------


def test_that_marks_wear_colour_and_marker_of_their_component(fitted: Stage):
    marks = fitted.plot.marks.marks
    assert [mark.colour.name() for mark in marks] == list(fitted.themes.theme.components[:3])
    assert [mark.symbol for mark in marks] == list(MARKERS[:3])


def test_that_line_and_marks_are_painted_where_the_reading_is(fitted: Stage):
    fitted.plot.draw_now()
    fitted.session.instrument.set_cursor(0.4)
    mixture, theme, view = fitted.session.instrument.reading.mixture, fitted.themes.theme, fitted.plot.view.viewRect()
    picture = fitted.plot.grab().toImage()
    shares = (mixture.locs[0] - view.top()) / view.height()
    seen = [picture.pixelColor(fitted.point_of(0.4, share)).name() for share in shares if 0 < share < 1]
    assert len(seen) >= 2
    assert seen == [theme.components[k] for k, share in enumerate(shares) if 0 < share < 1]
    clear = next(share for share in np.linspace(0.02, 0.98, 97) if np.abs(shares - share).min() > 0.1)
    place = fitted.point_of(0.4, clear)
    assert theme.cursor in {picture.pixelColor(place + QPoint(step, 0)).name() for step in (-1, 0, 1)}


def test_that_the_strip_of_the_cursor_holds_its_marks_at_every_zoom(fitted: Stage):
    for width in (5.0, 0.01, 400.0):
        fitted.plot.view.setRange(xRange=(0.0, width), padding=0.0)
        fitted.qtbot.waitUntil(lambda: not fitted.plot.is_drawing)
        strip, view = fitted.plot.marks.boundingRect(), fitted.plot.view.viewRect()
        assert (strip.top(), strip.bottom()) == pytest.approx((view.top(), view.bottom()))
        largest = max(mark.size for mark in fitted.plot.marks.marks)
        assert -strip.left() == strip.right() >= (largest / 2 + 2) * pixel(fitted)


def test_that_the_mark_of_a_light_component_is_smaller_but_there(fitted: Stage):
    model = fitted.session.model
    x = next(x for x in np.linspace(-40, 40, 2001) if model.conditional([[x]]).weights.min() < 0.01)
    fitted.session.instrument.set_cursor(x)
    weights = model.conditional([[x]]).weights[0]
    sizes = [mark.size for mark in fitted.plot.marks.marks]
    assert min(sizes) > 0
    assert [size < 11 for size in sizes] == [weight < 0.01 for weight in weights]


def test_that_the_points_are_the_rows(with_data: Stage):
    x, y = with_data.plot._crowd.points.getData()
    np.testing.assert_array_equal(x, with_data.session.dataset.x[:, 0])
    np.testing.assert_array_equal(y, with_data.session.dataset.y)


def test_that_a_crowd_of_rows_becomes_an_image(stage: Stage):
    rng = np.random.default_rng(1)
    stage.open(made_table(x=rng.normal(size=50_001), y=rng.normal(size=50_001)))
    stage.qtbot.waitUntil(stage.plot._crowd.image.isVisible)
    assert len(stage.plot._crowd.points.getData()[0]) == 0
    assert stage.plot._crowd.image.image.max() == 1.0
    stage.open()
    assert not stage.plot._crowd.image.isVisible()
    assert len(stage.plot._crowd.points.getData()[0]) == 60


def bars(stage: Stage) -> list[list[tuple[float, float]]]:
    return [[point.toTuple() for point in histogram._outline.toList()] for histogram in stage.plot._histograms.sides]


def test_that_histograms_take_room_only_when_they_are_on(with_data: Stage):
    height = with_data.plot.view.height()
    with_data.window.fit_panel.switches["histograms"].click()
    with_data.qtbot.waitUntil(lambda: with_data.plot.view.height() == pytest.approx(height - 30.0))
    with_data.window.fit_panel.switches["histograms"].click()
    with_data.qtbot.waitUntil(lambda: with_data.plot.view.height() == pytest.approx(height))


def test_that_histograms_stand_along_the_view_and_follow_it(with_data: Stage):
    with_data.window.fit_panel.switches["histograms"].click()
    with_data.settle()
    before = bars(with_data)
    along_x, along_y = with_data.plot._histograms.sides
    assert along_x.size().width() == pytest.approx(with_data.plot.view.width())
    assert along_y.size().height() == pytest.approx(with_data.plot.view.height())
    with_data.plot.view.translateBy(x=0.3, y=0.3)
    assert all(old != new for old, new in zip(before, bars(with_data), strict=True))


def test_that_the_longest_bar_stands_where_most_rows_are(stage: Stage):
    x = np.concatenate((np.linspace(0.0, 10.0, 60), np.full(40, 7.03)))
    stage.open(made_table(x=x, y=np.linspace(0.0, 1.0, 100)))
    stage.window.fit_panel.switches["histograms"].click()
    stage.settle()
    highest = min(bars(stage)[0], key=lambda corner: corner[1])
    view = stage.plot.view.viewRect()
    x_of_bar = view.left() + highest[0] / stage.plot.view.width() * view.width()
    assert x_of_bar == pytest.approx(7.03, abs=0.6)


def test_that_the_view_holds_all_rows_with_room_outside(with_data: Stage):
    view, dataset = with_data.plot.view.viewRect(), with_data.session.dataset
    assert view.left() < dataset.x.min() < dataset.x.max() < view.right()
    assert view.top() < dataset.y.min() < dataset.y.max() < view.bottom()


def test_that_the_same_other_runs_are_not_drawn_anew(fitted: Stage):
    def others() -> tuple[Comparison, ...]:
        return (Comparison(Section(fitted.session.model, fitted.session.instrument.line), "run 1", 1),)

    fitted.plot.show_others(others())
    assert fitted.plot.is_drawing
    fitted.qtbot.waitUntil(lambda: not fitted.plot.is_drawing)
    fitted.plot.show_others(others())
    fitted.plot.show_comparison(None)
    assert not fitted.plot.is_drawing


def test_that_the_curves_follow_the_visible_range(fitted: Stage):
    fitted.plot.view.setRange(xRange=(0.0, 1.0), padding=0.0)
    fitted.qtbot.waitUntil(lambda: not fitted.plot.is_drawing)
    bounds = fitted.plot.stack.layers["means"].boundingRect()
    assert (bounds.left(), bounds.right()) == pytest.approx((0.0, 1.0))


def test_that_no_curves_are_drawn_once_the_model_is_gone(fitted: Stage):
    fitted.plot.draw_now()
    assert fitted.plot.stack.layers["means"].isVisible()
    assert fitted.plot.stack.layers["density"].isVisible()
    fitted.open()
    fitted.qtbot.waitUntil(lambda: not fitted.plot.is_drawing)
    assert not fitted.plot.stack.layers["means"].isVisible()
    assert not fitted.plot.stack.layers["density"].isVisible()
    assert not fitted.plot.marks.isVisible()


def test_that_a_model_is_drawn_shortly_after_it_is_shown(with_data: Stage):
    with_data.plot.show_model(made_model(with_data.session.dataset))
    assert not with_data.plot.stack.layers["means"]._lines
    with_data.qtbot.waitUntil(lambda: bool(with_data.plot.stack.layers["means"]._lines), timeout=1000)
    with_data.qtbot.waitUntil(lambda: bool(with_data.plot.stack.layers["density"]._images), timeout=1000)
    assert with_data.plot.stack.layers["density"].isVisible()


def test_that_drawing_now_draws_every_layer_for_what_is_seen(fitted: Stage):
    fitted.plot.view.setRange(xRange=(0.0, 1.0), padding=0.0)
    fitted.plot.draw_now()
    view = fitted.plot.view.viewRect()
    for name in ("means", "bands", "outside", "density"):
        assert fitted.plot.stack.layers[name].boundingRect() == view
    x = np.linspace(view.left(), view.right(), 300)
    y = view.top() + (np.arange(160) + 0.5) / 160 * view.height()
    density = fitted.session.model.conditional(x[:, None]).pdf(y[None, :])
    ink = fitted.plot.stack.layers["density"]._ink
    np.testing.assert_allclose(ink, np.sqrt(np.clip(density / np.quantile(density, 0.99), 0, 1)), atol=1e-5)
    assert not fitted.plot.is_drawing
