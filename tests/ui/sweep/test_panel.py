"""The panel of a sweep."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractScrollArea, QComboBox, QWidget

from mdn_gui.core.sweep import FailedRun
from mdn_gui.session.messages import SweepProgress
from mdn_gui.ui.sweep.panel import SweepPanel
from mdn_gui.ui.theme import DARK, LIGHT
from tests.ui.sweep.made import made_result

NO_FOCUS = Qt.FocusPolicy.NoFocus
PROGRESS = SweepProgress(3, 8, 3, 0, 12, 40, 0.5, 60.0)


@pytest.fixture
def panel(qtbot):
    made = SweepPanel()
    made.resize(900, 210)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def buttons(panel: SweepPanel) -> list[tuple[str, bool]]:
    """Return the buttons that are seen, with whether they can be pressed."""
    every = (panel._begin, panel._take, panel._stop, panel._again)
    return [(button.text(), button.isEnabled()) for button in every if button.isVisible()]


def test_that_an_empty_panel_says_what_a_sweep_is_good_for_and_offers_one(qtbot, panel):
    asked = []
    panel.sweep_requested.connect(lambda: asked.append(True))
    assert "How many components do the rows support?" in panel.sentence
    assert buttons(panel) == [("Sweep over K…", False)]
    panel.allow(start=True, take=True)
    assert buttons(panel) == [("Sweep over K…", True)]
    panel._begin.setFocus()
    qtbot.keyClick(panel._begin, Qt.Key.Key_Space)
    assert asked == [True]


def test_that_a_result_is_told_drawn_listed_and_can_be_taken(qtbot, panel):
    taken = []
    panel.take_requested.connect(taken.append)
    panel.allow(start=True, take=True)
    panel.show_result(made_result())
    assert panel.sentence.startswith("Take K = 2: within one standard error of the best, K = 3")
    assert buttons(panel) == [("Take K = 2", True), ("Sweep…", True)]
    assert panel.table.model().rowCount() == 4
    assert panel.plot.drawn_table() is not None
    qtbot.mouseClick(panel._take, Qt.MouseButton.LeftButton)
    assert taken == [2]


def test_that_nothing_can_be_taken_or_begun_while_the_settings_are_locked(panel):
    panel.show_result(made_result())
    panel.allow(start=False, take=False)
    assert buttons(panel) == [("Take K = 2", False), ("Sweep…", False)]


def test_that_a_sweep_under_way_tells_how_far_it_is_and_can_be_stopped(qtbot, panel):
    stopped = []
    panel.stop_requested.connect(lambda: stopped.append(True))
    panel.show_progress(PROGRESS)
    assert panel.sentence.startswith("Run 3 of 8 · K = 3, seed 0 · epoch 12/40")
    assert panel._bar.value() == round(1000 * (2 + 12 / 40) / 8)
    assert buttons(panel) == [("Stop sweep", True)]
    panel.show_result(made_result())
    assert panel.sentence.startswith("Run 3 of 8")
    assert panel.table.model().rowCount() == 4
    qtbot.mouseClick(panel._stop, Qt.MouseButton.LeftButton)
    assert stopped == [True]
    panel.show_progress(PROGRESS, is_stopping=True)
    assert buttons(panel) == [("Stopping …", False)]
    panel.show_progress(None)
    assert panel.sentence.startswith("Take K = 2")
    panel.show_progress(PROGRESS)
    assert buttons(panel) == [("Stop sweep", True)]


def test_that_a_sweep_of_other_rows_says_why_it_cannot_be_compared(panel):
    panel.show_result(None, can_compare=False)
    assert "held out rows of other data" in panel.sentence


def test_that_table_and_picture_ask_for_a_run(qtbot, panel):
    asked = []
    panel.show_requested.connect(asked.append)
    panel.show_result(made_result())
    panel.table.selectRow(1)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    qtbot.keyClick(panel.plot, Qt.Key.Key_Home)
    qtbot.keyClick(panel.plot, Qt.Key.Key_Enter)
    assert asked == [12, 11]


def test_that_what_is_pointed_to_stands_in_place_of_the_legend(qtbot, panel):
    panel.show_result(made_result())
    assert panel._legend.isVisible()
    qtbot.keyClick(panel.plot, Qt.Key.Key_End)
    assert panel._pointed.text().startswith("K = 4: validation NLL")
    assert not panel._legend.isVisible()
    qtbot.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert panel._legend.isVisible()


def test_that_every_k_can_be_shown_in_the_picture(qtbot, panel):
    panel.show_result(made_result())
    assert panel._near.isVisible()
    panel._near.setFocus()
    qtbot.keyClick(panel._near, Qt.Key.Key_Space)
    assert panel.plot.view.viewRange()[1][1] > 2.0
    panel.show_result(made_result({1: 1.0, 2: 1.01}))
    assert not panel._near.isVisible()


def test_that_the_first_k_of_a_flat_curve_is_hidden_by_itself_for_each_sweep(panel):
    flat = {1: 1.04, 2: 1.0, 3: 0.995, 4: 0.996}
    panel.show_result(made_result(flat))
    assert panel._near.isVisible()
    assert panel._near.isChecked()
    panel._near.setChecked(False)
    panel.show_result(panel._result)
    assert not panel._near.isChecked()
    panel.show_result(made_result(flat))
    assert panel._near.isChecked()
    assert panel.plot.view.viewRange()[1][1] < 1.04


def test_that_the_legend_names_the_marks_that_are_there(panel):
    panel.show_result(made_result())
    assert [part in panel._legend.text() for part in ("☆", "●", "★", "◯")] == [True, True, False, False]
    panel.show_run(11)
    assert "◯</span> shown" in panel._legend.text()
    panel.show_run(99)
    assert "◯" not in panel._legend.text()
    panel.show_result(made_result({1: 1.0, 2: 2.0}))
    assert "★</span> best, recommended" in panel._legend.text()


def test_that_the_advice_has_two_lines_before_it_is_cut_the_buttons_stand_at_the_right(panel):
    panel.resize(916, 182)
    panel.allow(start=True, take=True)
    panel.show_result(made_result(seeds=(0, 1, 2)))
    panel.show_better("Run 1 (K = 8) is better still: 0.904.")
    assert "is better still: 0.904." in panel.sentence
    label = panel._sentence
    assert label.height() >= 2 * label.fontMetrics().lineSpacing()
    lines = label.lines(label.width())
    assert len(lines) == 2
    assert all(label.fontMetrics().horizontalAdvance(line) <= label.width() for line in lines)
    assert "is better still: 0.904." in " ".join(lines)
    assert min(panel._take.x(), panel._again.x()) >= label.geometry().right()
    assert label.lines(60)[-1].endswith("…")
    assert label.lines(10_000) == [label.text()]


def test_that_one_of_several_sweeps_can_be_chosen(qtbot, panel):
    chosen = []
    panel.sweep_chosen.connect(chosen.append)
    panel.show_result(made_result())
    box = panel.findChild(QComboBox)
    panel.show_sweeps((1,), 1)
    assert not box.isVisible()
    panel.show_sweeps((1, 4), 4)
    assert box.isVisible()
    assert box.currentText() == "sweep 4"
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert chosen == [1]


def test_that_failures_are_named_in_the_tip_as_plain_text(panel):
    panel.show_result(made_result(failures=[FailedRun(9, 0, "No <b>memory</b>.")]))
    assert "K = 9, seed 0: No &lt;b&gt;memory&lt;/b&gt;." in panel._sentence.toolTip()


def test_that_a_small_dock_is_enough(panel):
    panel.show_result(made_result(seeds=(0, 1)))
    least = panel.minimumSizeHint()
    assert least.width() <= 420
    assert least.height() <= 150


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_the_legend_has_the_colours_of_the_marks(panel, theme):
    panel.show_result(made_result(seeds=(0, 1)))
    panel.show_run(11)
    panel.show_theme(theme)
    assert theme.accent in panel._legend.text()
    assert theme.cursor in panel._legend.text()
    assert panel.plot._theme is theme


def test_that_everything_that_takes_the_focus_has_a_name(panel):
    panel.show_result(made_result())
    panel.show_progress(PROGRESS)
    seen = [each for each in panel.findChildren(QWidget) if each.isVisible() and each.focusPolicy() != NO_FOCUS]
    inner = {each.viewport() for each in seen if isinstance(each, QAbstractScrollArea)}
    for widget in set(seen) - inner:
        assert widget.accessibleName() or getattr(widget, "text", str)(), widget
