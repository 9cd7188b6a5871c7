from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from mdn_gui.core.findings import Finding, FindingKind, Mend
from mdn_gui.ui.checks_panel import ChecksPanel
from tests.session.conftest import Ears

OUTLIERS = Finding(FindingKind.OUTLIERS, "y: 1e+30 in row 6.", "Look.", Mend.SELECT_ROWS, rows=np.array([5]))
REPEATS = Finding(FindingKind.REPEATS, "3 rows repeat.", "Exclude.", Mend.EXCLUDE_ROWS, rows=np.array([7, 8, 9]))
CONSTANT = Finding(FindingKind.CONSTANT, "a never changes.", "Drop it.", Mend.DROP_INPUTS, ("a",))
FEW = Finding(FindingKind.FEW_ROWS, "Few rows.", "Take fewer.", Mend.SET_COMPONENTS, num_components=5)
TIES = Finding(FindingKind.TIES, "y is tied.", "Mind.")


@pytest.fixture
def hear() -> Ears:
    def listen(signal: object) -> list[object]:
        heard: list[object] = []
        signal.connect(heard.append)
        return heard

    return listen


@pytest.fixture
def panel(qtbot: QtBot) -> ChecksPanel:
    made = ChecksPanel()
    qtbot.addWidget(made)
    made.resize(240, 600)
    return made


def visible(panel: ChecksPanel, kind: type[QWidget]) -> list[str]:
    QApplication.processEvents()
    return [widget.text() for widget in panel.findChildren(kind) if widget.isVisible()]


def button(panel: ChecksPanel, text: str, kind: type[QWidget] = QPushButton, which: int = 0) -> QWidget:
    QApplication.processEvents()
    return [widget for widget in panel.findChildren(kind) if widget.isVisible() and widget.text() == text][which]


def test_that_without_findings_there_is_nothing(panel):
    panel.show_findings((TIES,))
    assert panel.isVisible()
    panel.show_findings(())
    assert not panel.isVisible()


def test_that_one_finding_is_shown_with_remedy_and_button(panel):
    panel.show_findings((REPEATS,))
    assert visible(panel, QLabel) == ["3 rows repeat.", "Exclude."]
    assert visible(panel, QPushButton) == ["Exclude the repeats"]
    assert visible(panel, QToolButton) == ["×"]


def test_that_several_are_one_line_until_it_is_clicked(panel, qtbot):
    panel.show_findings((OUTLIERS, REPEATS))
    assert visible(panel, QLabel) == []
    assert visible(panel, QToolButton) == ["2 remarks on the data"]
    folded = panel.sizeHint().height()
    assert folded <= 3 * panel.fontMetrics().height()
    qtbot.mouseClick(button(panel, "2 remarks on the data", QToolButton), Qt.MouseButton.LeftButton)
    assert visible(panel, QLabel) == ["y: 1e+30 in row 6.", "Look.", "3 rows repeat.", "Exclude."]
    panel.show_findings((OUTLIERS, REPEATS, TIES))
    assert "y is tied." in visible(panel, QLabel)
    assert "3 remarks on the data" in visible(panel, QToolButton)


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (OUTLIERS, "Show these rows"),
        (REPEATS, "Exclude the repeats"),
        (CONSTANT, "Drop from the inputs"),
        (FEW, "Set K to 5"),
    ],
)
def test_that_each_mend_is_asked_for_with_its_finding(panel, hear, finding, text):
    asked = hear(panel.mend_requested)
    panel.show_findings((finding,))
    button(panel, text).click()
    assert len(asked) == 1
    assert asked[0] is finding


def test_that_a_finding_without_mend_has_no_button(panel):
    panel.show_findings((TIES,))
    assert visible(panel, QPushButton) == []


def test_that_a_dismissed_finding_does_not_come_back_until_it_says_something_else(panel):
    panel.show_findings((TIES, FEW))
    button(panel, "2 remarks on the data", QToolButton).click()
    button(panel, "×", QToolButton).click()
    assert panel.shown == (FEW,)
    panel.show_findings((TIES, FEW))
    assert panel.shown == (FEW,)
    changed = replace(TIES, message="y is tied in more rows.")
    panel.show_findings((changed, FEW))
    assert panel.shown == (changed, FEW)


def test_that_dismissing_the_last_takes_the_panel_away(panel):
    panel.show_findings((TIES,))
    button(panel, "×", QToolButton).click()
    assert not panel.isVisible()


def test_that_other_data_forget_what_was_dismissed(panel):
    panel.show_findings((TIES,))
    button(panel, "×", QToolButton).click()
    panel.clear()
    assert panel.shown == ()
    panel.show_findings((TIES,))
    assert panel.shown == (TIES,)


def test_that_nothing_can_be_mended_while_a_run_is_under_way(panel):
    panel.show_findings((REPEATS,))
    panel.set_locked(locked=True)
    assert not button(panel, "Exclude the repeats").isEnabled()
    panel.show_findings((FEW,))
    assert not button(panel, "Set K to 5").isEnabled()
    panel.set_locked(locked=False)
    assert button(panel, "Set K to 5").isEnabled()


def test_that_hostile_names_are_shown_as_they_are(panel):
    panel.show_findings((replace(TIES, message="<b>bold</b><img src=x>: 3 rows"),))
    label = next(label for label in panel.findChildren(QLabel) if label.text().startswith("<b>"))
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_that_a_long_name_makes_the_panel_no_wider(panel):
    panel.show_findings((TIES,))
    before = panel.minimumSizeHint().width()
    panel.show_findings((replace(TIES, message="x" * 900),))
    assert panel.minimumSizeHint().width() <= before


def test_that_a_card_is_as_high_as_its_text(panel):
    panel.show_findings((replace(TIES, message="y: 60 of 400 rows hold exactly the same value, which is 0."),))
    panel.resize(240, panel.heightForWidth(240))
    QApplication.processEvents()
    for label in panel.findChildren(QLabel):
        assert label.height() == label.heightForWidth(label.width())


def test_that_every_button_can_be_reached_and_has_a_name(panel):
    panel.show_findings((REPEATS, FEW))
    button(panel, "2 remarks on the data", QToolButton).click()
    QApplication.processEvents()
    buttons = [*panel.findChildren(QPushButton), *panel.findChildren(QToolButton)]
    assert len([each for each in buttons if each.isVisible()]) == 5
    assert all(each.focusPolicy() & Qt.FocusPolicy.TabFocus for each in buttons)
    assert button(panel, "×", QToolButton).accessibleName() == "Dismiss: 3 rows repeat."
