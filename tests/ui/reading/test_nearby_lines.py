import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel

from mdn_gui.core.neighbours import NearbyRows, Neighbourhood
from mdn_gui.ui.reading.nearby_lines import NearbyLines, fit_text, fit_tip, near_text
from mdn_gui.ui.style_sheet import style_sheet
from mdn_gui.ui.theme import DARK, LIGHT, contrast


def nearby(pit, *, within=None, nearest=False, columns=1, reach=0.14, count=None) -> NearbyRows:
    pit = np.asarray(pit, dtype=float)
    rows = np.arange(len(pit) if count is None else count)
    found = Neighbourhood(len(rows) if within is None else within, rows, nearest, reach, columns, 0.02)
    return NearbyRows(np.zeros(columns), found, np.zeros(len(rows)), pit)


GOOD = nearby(np.linspace(0.02, 0.98, 40))
BAD = nearby(np.linspace(0.001, 0.03, 40))


@pytest.fixture
def lines(qtbot) -> NearbyLines:
    made = NearbyLines()
    qtbot.addWidget(made)
    made.setStyleSheet(style_sheet(LIGHT))
    made.resize(336, 60)
    made.show()
    return made


def test_that_one_line_says_how_the_rows_near_x_fit(lines):
    lines.show_nearby(GOOD)
    assert lines.text == "90 % interval holds 36 of 40 · PIT 0.50 ± 0.05"
    assert not lines.warns


def test_that_the_caveat_is_told_where_there_is_room_and_in_the_tip_anyway(lines):
    lines.show_nearby(GOOD)
    lines.resize(600, 60)
    assert lines.text.endswith(" · mostly trained on")
    lines.resize(308, 60)
    assert "trained" not in lines.text
    assert "trained on" in fit_tip(GOOD)


def test_that_how_far_the_nearest_reach_gives_way_to_the_figures(lines):
    near = nearby([0.5] * 29 + [0.99], nearest=True)
    lines.resize(600, 60)
    lines.show_nearby(near)
    assert "(±0.14)" in lines.text
    lines.resize(QFontMetrics(lines.font()).horizontalAdvance(fit_text(near)) - 20, 60)
    assert lines.text == "90 % holds 29 of 30 nearest · PIT 0.52 ± 0.02"
    assert "0.14 away at most" in fit_tip(near)


@pytest.mark.parametrize(
    "shown", [GOOD, nearby([0.5] * 29 + [0.99], nearest=True), nearby([0.5] * 30, nearest=True, columns=8, reach=1.84)]
)
def test_that_the_figures_fit_the_usual_width(lines, shown):
    lines.resize(330, 60)
    lines.show_nearby(shown)
    assert QFontMetrics(lines.font()).horizontalAdvance(lines.text) <= 330


@pytest.mark.parametrize(
    ("within", "changes", "text"),
    [
        (0, {"is_far": True}, "no rows near: not judged"),
        (3, {"is_far": True}, "too few rows near: not judged"),
        (40, {"is_outside": True}, "outside the data: not judged"),
    ],
)
def test_that_what_is_not_judged_is_said(lines, within, changes, text):
    near = Neighbourhood(within, np.arange(within), is_nearest=False, reach=0.0, num_columns=1, **changes)
    lines.show_nearby(NearbyRows(np.zeros(1), near, np.zeros(within), np.zeros(0)))
    assert lines.text == text
    assert not lines.warns


def test_that_a_coverage_that_is_off_warns_calmly(lines):
    lines.show_nearby(BAD)
    assert lines.warns
    label = next(label for label in lines.findChildren(QLabel) if label.text())
    assert label.palette().color(label.foregroundRole()).name() == LIGHT.caution
    assert "more than two standard errors" in fit_tip(BAD)
    lines.show_nearby(GOOD)
    assert label.palette().color(label.foregroundRole()).name() == LIGHT.muted


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_the_caution_can_be_read(theme):
    assert contrast(theme.caution, theme.window) >= 4.5
    assert contrast(theme.caution, theme.base) >= 4.5


def test_that_several_inputs_say_what_near_means(lines):
    lines.show_inputs(3)
    lines.show_nearby(nearby([0.5] * 40, columns=3, within=1234))
    assert lines.text.splitlines()[0] == "1,234 rows within ±10 % in every input"
    assert near_text(nearby([0.5], columns=3)) == "1 row within ±10 % in every input"


def test_that_the_nearest_rows_are_called_so_with_how_far_they_reach():
    one = nearby([0.5] * 29 + [0.99], within=3, nearest=True)
    assert fit_text(one).startswith("90 % holds 29 of 30 nearest (±0.14) · PIT 0.52 ± 0.02")
    assert fit_tip(one).startswith("3 rows within ±0.02.\n")
    several = nearby([0.5] * 30, within=3, nearest=True, columns=4, reach=1.84)
    assert "30 nearest (1.8 sd)" in fit_text(several)


def test_that_a_part_of_many_rows_is_called_a_part():
    assert "10,000 of them, spread evenly, are judged." in fit_tip(nearby([0.5] * 10_000, count=123_456))


def test_that_no_rows_or_one_are_no_reason_to_fail(lines):
    for few in (nearby([]), nearby([0.5])):
        lines.show_nearby(few)
        assert not lines.warns
    assert fit_text(nearby([])) == "no rows near: not judged"
    assert fit_text(nearby([0.25])) == "90 % interval holds 1 of 1 · PIT 0.25"


def test_that_what_belongs_to_another_x_is_grey_and_keeps_its_place(lines):
    lines.show_nearby(GOOD)
    height = lines.sizeHint().height()
    text = lines.text
    lines.show_stale()
    assert not lines.isEnabled()
    assert lines.text == text
    lines.show_nearby(None)
    assert lines.isEnabled()
    assert lines.text == ""
    assert lines.sizeHint().height() == height


def test_that_it_never_widens_its_panel(lines):
    lines.show_nearby(BAD)
    assert lines.minimumSizeHint().width() == 0
