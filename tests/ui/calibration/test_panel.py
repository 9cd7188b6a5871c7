"""The calibration panel: what it draws, what the keys and the mouse read, what can be taken out."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import MASSES, Calibration, Judge, JudgingRows, calibrate
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.ui.calibration.panel import CalibrationPanel
from mdn_gui.ui.calibration.texts import calibration_text, unjudged_text
from mdn_gui.ui.theme import DARK, LIGHT

ENCODINGS = (Encoding("<b>age</b> & weight"), Encoding("kind", ColumnKind.CATEGORY, ("good", "<i>bad</i>")))


class Normal:
    """y ~ N(x, 1), told with an error of the mean."""

    def __init__(self, error: float = 0.0) -> None:
        self.error = error

    def conditional(self, x: np.ndarray) -> ConditionalMixture:
        one = np.ones((len(x), 1))
        return ConditionalMixture(one, x[:, :1] + self.error, one)


def made(count: int = 400, encodings: tuple[Encoding, ...] = ENCODINGS) -> Calibration:
    rng = np.random.default_rng(0)
    x = rng.uniform(0.0, 10.0, (count, 1))
    y = x[:, 0] + rng.normal(size=count)
    if len(encodings) > 1:
        x = np.hstack([x, np.eye(2)[rng.integers(0, 2, count)]])
    rivals = {Rival.JOINT: Normal(), Rival.LINEAR: Normal(0.1), Rival.GAUSSIAN: Normal(3.0)}
    found = calibrate(Normal(), JudgingRows(Judge.TEST, x, y, encodings), rivals)
    assert found is not None
    return found


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[CalibrationPanel]:
    made_panel = CalibrationPanel()
    made_panel.resize(1200, 400)
    made_panel.show()
    yield made_panel
    made_panel.close()
    made_panel.deleteLater()


@pytest.fixture
def judged(panel: CalibrationPanel) -> CalibrationPanel:
    panel.show_calibration(made())
    return panel


def line(panel: CalibrationPanel) -> str:
    return panel._line.text()


@pytest.mark.parametrize("why", [*Unjudged, None])
def test_that_there_are_words_where_nothing_is_judged(judged: CalibrationPanel, why: Unjudged | None) -> None:
    judged.show_calibration(why)
    assert judged.sentence == unjudged_text(why or Unjudged.NO_FIT)
    assert judged._nothing.isVisible()
    assert judged._nothing.text() == judged.sentence
    assert not judged.table.isVisible()
    assert all(plot.drawn_table() is None for plot in judged.plots)
    assert judged.table.drawn_table() is None


def test_that_the_sentence_stands_above_the_plots(judged: CalibrationPanel) -> None:
    found = made()
    assert judged.sentence == calibration_text(found, 0)
    assert judged._sentence.isVisible()
    assert judged._sentence.textFormat() is Qt.TextFormat.PlainText
    assert all(plot.isVisible() for plot in judged.plots)
    assert "p = " in line(judged)


def test_that_the_histogram_is_taken_out_as_it_is_drawn(judged: CalibrationPanel) -> None:
    table, found = judged.pit.drawn_table(), made().histogram()
    assert table is not None
    assert table.names == ("pit_low", "pit_high", "rows", "uniform_low", "uniform_high")
    np.testing.assert_array_equal(table.columns[2], found.counts)
    assert set(table.columns[3]) == {found.low}
    np.testing.assert_array_equal(judged.pit._bars.opts["height"], found.counts)
    assert [item.value() for item in judged.pit._band] == [found.low, found.high]
    assert table.comments == ("400 test rows",)


def test_that_coverage_is_taken_out_as_it_is_drawn(judged: CalibrationPanel) -> None:
    found = dataclasses.replace(made(), region_mass=made().region_mass ** 2)
    judged.show_calibration(found)
    table = judged.coverage.drawn_table()
    assert table is not None
    np.testing.assert_array_equal(table.columns[0], MASSES)
    np.testing.assert_array_equal(table.columns[1], [found.central(mass).value for mass in MASSES])
    np.testing.assert_array_equal(table.columns[4], [found.regions(mass).standard_error for mass in MASSES])
    drawn = [series._marks.getData()[1] for series in judged.coverage._series]
    np.testing.assert_array_equal(drawn, [table.columns[3], table.columns[1]])


def test_that_groups_along_x_are_taken_out_as_they_are_drawn(judged: CalibrationPanel) -> None:
    table, groups = judged.reliability.drawn_table(), made().along(0)
    assert table is not None
    np.testing.assert_array_equal(table.columns[1], [group.centre for group in groups])
    np.testing.assert_array_equal(table.columns[4], [group.coverage.value for group in groups])
    np.testing.assert_array_equal(judged.reliability._series[1]._marks.getData()[1], table.columns[6])
    assert len(table.names) == len(table.columns) == 10


def test_that_the_table_holds_the_fit_before_its_rivals(judged: CalibrationPanel) -> None:
    cells, found = judged.table.model(), made()
    texts = [[cells.index(row, column).data() for column in range(5)] for row in range(cells.rowCount())]
    assert [row[0] for row in texts] == ["this fit", "joint mixture", "straight line", "one Gaussian"]
    assert texts[0][2] == texts[0][4] == ""
    assert texts[3][2].startswith(f"{found.rivals[Rival.GAUSSIAN].nll_gain.value:.2f}")
    table = judged.table.drawn_table()
    assert table is not None
    assert table.names[:3] == ("model", "nll", "nll_se")
    assert table.columns[1][0] == found.mean_nll.value
    assert np.isnan(table.columns[5][0])
    assert table.columns[5][3] == found.rivals[Rival.GAUSSIAN].nll_gain.value


def test_that_a_rival_that_is_better_stands_out(panel: CalibrationPanel) -> None:
    found = made()
    panel.show_calibration(dataclasses.replace(found, rivals={Rival.LINEAR: worse_for_the_fit(found)}))
    assert panel.table.model().item(1, 2).foreground().color().name() == LIGHT.error
    panel.show_theme(DARK)
    assert panel.table.model().item(1, 2).foreground().color().name() == DARK.error


def test_that_few_rows_put_nothing_in_red_beside_no_p_value(panel: CalibrationPanel) -> None:
    found = made(29)
    panel.show_calibration(dataclasses.replace(found, rivals={Rival.LINEAR: worse_for_the_fit(found)}))
    assert panel.table.model().item(1, 2).foreground().color().name() != LIGHT.error
    assert "p =" not in line(panel)


def test_that_the_lines_of_the_histogram_are_named(judged: CalibrationPanel) -> None:
    assert judged._cells[0].legend.endswith(" 95 % of bars if uniform")
    judged.resize(500, 300)
    judged.grab()
    assert judged._cells[0].legend.endswith(" 95 % of bars")


def test_that_five_rows_of_the_table_fit_a_small_window(panel: CalibrationPanel) -> None:
    rivals = dict.fromkeys(Rival, made().rivals[Rival.LINEAR])
    panel.table.show_calibration(dataclasses.replace(made(), rivals=rivals))
    panel.table.setFixedSize(365, 95)
    panel.table.grab()
    assert panel.table.model().rowCount() == 5
    assert panel.table.verticalScrollBar().maximum() == 0
    assert not panel.table.horizontalScrollBar().isVisible()
    assert sum(map(panel.table.columnWidth, range(4))) <= panel.table.viewport().width()


def test_that_the_axis_ends_with_the_marks_of_the_groups(panel: CalibrationPanel) -> None:
    found = made(encodings=(Encoding("x"),))
    columns = found.columns.copy()
    columns[:3] = 400.0
    panel.show_calibration(dataclasses.replace(found, columns=columns))
    (low, high), _ = panel.reliability.view.viewRange()
    centres = [group.centre for group in panel.reliability._groups]
    assert low < centres[0]
    assert centres[-1] < high < 11.0


def worse_for_the_fit(found: Calibration) -> object:
    gaussian = found.rivals[Rival.GAUSSIAN]
    lost = dataclasses.replace(gaussian.nll_gain, value=-gaussian.nll_gain.value)
    return dataclasses.replace(gaussian, nll_gain=lost)


def test_that_the_keys_read_mark_after_mark(judged: CalibrationPanel) -> None:
    figures = line(judged)
    for plot, first in zip(judged.plots, ("PIT 0.00 to 0.05", "5 %: central", "between 0."), strict=True):
        plot.setFocus()
        QTest.keyClick(plot, Qt.Key.Key_Right)
        assert line(judged).startswith(first)
        assert plot.accessibleDescription() == line(judged)
        QTest.keyClick(plot, Qt.Key.Key_End)
        last = line(judged)
        QTest.keyClick(plot, Qt.Key.Key_Right)
        assert line(judged) == last
        QTest.keyClick(plot, Qt.Key.Key_Left)
        assert line(judged) not in {last, figures}
        QTest.keyClick(plot, Qt.Key.Key_Home)
        assert line(judged).startswith(first)
        QTest.keyClick(plot, Qt.Key.Key_Escape)
        assert line(judged) == figures


def test_that_the_mouse_reads_the_nearest_mark(judged: CalibrationPanel) -> None:
    view = judged.coverage.view
    judged.coverage._follow_mouse(view.mapViewToScene(view.viewRect().center()))
    assert line(judged).startswith("50 %: central 0.")
    judged.coverage.focusOutEvent(QFocusEvent(QEvent.Type.FocusOut))
    assert line(judged).startswith("90 % interval: ")


def test_that_rows_are_grouped_by_the_column_on_the_axis(judged: CalibrationPanel) -> None:
    judged.show_place(1)
    assert judged.reliability.place == 1
    table = judged.reliability.drawn_table()
    assert table is not None
    np.testing.assert_array_equal(table.columns[1], [0.0, 1.0])
    judged.reliability.point_to(1)
    assert line(judged).startswith("<i>bad</i>, ")
    assert judged.sentence == calibration_text(made(), 1)


def test_that_the_choice_in_the_panel_stays(judged: CalibrationPanel) -> None:
    names = [action.text() for action in judged._menu.actions()]
    assert names == ["<b>age</b> && weight", "kind", "median of the fit"]
    judged._menu.actions()[2].trigger()
    assert judged.reliability.place is None
    assert judged._menu.actions()[2].isChecked()
    judged.show_place(1)
    assert judged.reliability.place is None
    judged.show_calibration(made())
    assert judged.reliability.place is None
    judged._menu.actions()[1].trigger()
    assert judged.reliability.place == 1


def test_that_other_data_with_fewer_columns_are_grouped_by_their_first(judged: CalibrationPanel) -> None:
    judged.show_place(1)
    judged.show_calibration(made(encodings=(Encoding("x"),)))
    assert judged.reliability.place == 0
    judged.show_place(5)
    assert judged.reliability.place == 0


def test_that_names_from_files_are_plain_text(judged: CalibrationPanel) -> None:
    assert "&lt;b&gt;age" in judged.reliability.getAxis("bottom").labelText
    assert "<b>age</b>" not in judged._choice.toolTip()
    judged.show_place(1)
    assert judged.reliability.getAxis("bottom")._tickLevels[0][1] == (1.0, "<i>bad</i>")


@pytest.mark.parametrize("count", [1, 2, 10])
def test_that_very_few_rows_are_drawn_too(panel: CalibrationPanel, count: int) -> None:
    panel.show_calibration(made(count))
    assert panel.sentence.startswith("Only ")
    assert panel.grab().width() == 1200
    for plot in panel.plots:
        plot.point_to(0)
        assert line(panel)


def test_that_a_constant_input_is_drawn_too(panel: CalibrationPanel) -> None:
    found = dataclasses.replace(made(encodings=(Encoding("x"),)), columns=np.full((400, 1), 1e12))
    panel.show_calibration(found)
    (low, high), _ = panel.reliability.view.viewRange()
    assert low < 1e12 < high
    assert "between" not in panel.sentence


def test_that_an_infinite_nll_is_shown_as_such(panel: CalibrationPanel) -> None:
    found = made()
    nll = np.where(np.arange(400) < 1, np.inf, found.nll)
    panel.show_calibration(dataclasses.replace(found, nll=nll))
    assert panel.table.model().index(0, 1).data() == "∞"
    assert "density is 0 at 1 row" in panel.sentence


def test_that_a_low_dock_leaves_the_height_to_the_marks(judged: CalibrationPanel) -> None:
    axis = judged.pit.getAxis("bottom")
    assert axis.label.isVisible()
    judged.resize(800, 180)
    judged.grab()
    assert not axis.label.isVisible()
    assert judged.pit.height() > 60
    assert judged.minimumSizeHint().width() < 300
    assert judged.minimumSizeHint().height() < 120


def test_that_everything_that_takes_the_focus_has_a_name(judged: CalibrationPanel) -> None:
    takers = [
        widget
        for widget in judged.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.focusProxy() is None
    ]
    assert {*judged.plots, judged.table, judged._choice} <= set(takers)
    assert [widget for widget in takers if not widget.accessibleName()] == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_colours_follow_the_theme(judged: CalibrationPanel, theme: object) -> None:
    judged.show_theme(theme)
    for plot in judged.plots:
        assert plot.backgroundBrush().color().name() == theme.base
    assert judged.coverage._series[1]._marks.opts["brush"].color().name() == theme.accent
    assert theme.accent in judged._cells[1]._line.text()
