"""The dialog that asks what to sweep over."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel

from mdn_gui.core.sweep import SweepPlan
from mdn_gui.ui.sweep.dialog import SweepDialog

PLAN = SweepPlan(tuple(range(1, 9)), (3,))


@pytest.fixture
def dialog(qtbot):
    made = SweepDialog(PLAN, 12.0)
    qtbot.addWidget(made)
    return made


def test_that_the_proposal_is_shown_with_its_runs_and_time(dialog):
    assert (dialog.components.text(), dialog.seeds.text()) == ("1-8", "3")
    assert dialog.summary.text() == "8 values of K × 1 seed = 8 runs, about 2 min"
    assert dialog.plan == PLAN


def test_that_the_plan_follows_what_is_typed_and_enter_takes_it(qtbot, dialog):
    dialog.show()
    dialog.components.setFocus()
    qtbot.keyClicks(dialog.components, "2, 4")
    qtbot.keyClick(dialog.components, Qt.Key.Key_Tab)
    dialog.seeds.selectAll()
    qtbot.keyClicks(dialog.seeds, "0-2")
    assert dialog.summary.text().startswith("2 values of K × 3 seeds = 6 runs")
    qtbot.keyClick(dialog.seeds, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.plan == SweepPlan((2, 4), (0, 1, 2))


@pytest.mark.parametrize("text", ["", "0", "65", "few", "8-1", "1-64, 1-99999999", "<b>1</b>"])
def test_that_an_impossible_plan_is_explained_and_cannot_be_started(dialog, text: str):
    dialog.components.setText(text)
    assert not dialog.start.isEnabled()
    assert dialog.summary.objectName() == "error"
    assert dialog.summary.textFormat() is Qt.TextFormat.PlainText
    assert len(dialog.summary.text()) > 10
    dialog.components.setText("3")
    assert dialog.start.isEnabled()
    assert dialog.summary.objectName() == "strong"


def test_that_every_field_has_a_name_and_a_key(dialog):
    names = {box.accessibleName() for box in (dialog.components, dialog.seeds)}
    assert names == {"Components K", "Seeds"}
    buddies = {label.buddy() for label in dialog.findChildren(QLabel)} - {None}
    assert buddies == {dialog.components, dialog.seeds}
