"""The menu of the fits that the one shown can be compared with."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QAction

from mdn_gui.ui.comparison_menu import ComparisonMenu
from tests.ui.stage import Stage


def menu_of(stage: Stage) -> ComparisonMenu:
    """Return the menu as it stands when a person opens it."""
    menu = stage.window.menus.comparison
    menu.aboutToShow.emit()
    return menu


def entries(stage: Stage) -> list[QAction]:
    return [action for action in menu_of(stage).actions() if not action.isSeparator()]


def ticked(stage: Stage) -> list[str]:
    return [action.text().split(" · ")[0] for action in entries(stage) if action.isChecked()]


def compared_with(stage: Stage) -> str:
    comparison = stage.plot.stack.subject.comparison
    return comparison.name if comparison is not None else ""


@pytest.fixture
def three_runs(fitted: Stage) -> Stage:
    """A window after three runs."""
    fitted.train()
    fitted.train()
    return fitted


def test_that_there_is_nothing_to_compare_before_a_second_run(with_data: Stage):
    action = with_data.window.menus.comparison.menuAction()
    assert action in with_data.window.menus.menus["model"].actions()
    assert not action.isEnabled()
    with_data.train()
    assert not action.isEnabled()
    with_data.train()
    assert action.isEnabled()


def test_that_the_runs_are_listed_newest_first_with_their_nll(three_runs: Stage):
    texts = [action.text() for action in entries(three_runs)]
    nll = three_runs.session.fitted.history.best_nll
    assert texts == [
        "Nothing",
        f"Run 3 · NLL {nll:.3f} · the one shown",
        f"Run 2 · NLL {nll:.3f}",
        f"Run 1 · NLL {nll:.3f}",
    ]
    assert [action.isEnabled() for action in entries(three_runs)] == [True, False, True, True]


def test_that_the_run_before_is_chosen_until_a_person_chooses(three_runs: Stage):
    assert ticked(three_runs) == ["Run 2"]
    assert compared_with(three_runs) == "run 2"
    entries(three_runs)[3].trigger()
    assert ticked(three_runs) == ["Run 1"]
    assert compared_with(three_runs) == "run 1"
    entries(three_runs)[0].trigger()
    assert ticked(three_runs) == ["Nothing"]
    assert compared_with(three_runs) == ""
    assert not three_runs.plot.stack.is_offered("difference")


def test_that_opening_the_menu_again_does_not_lengthen_it(three_runs: Stage):
    assert len(entries(three_runs)) == len(entries(three_runs)) == 4


def test_that_a_run_of_other_columns_says_so_and_cannot_be_chosen(three_runs: Stage):
    three_runs.session.choose_columns(("extra",), "response")
    three_runs.train()
    listed = entries(three_runs)
    assert [action.isEnabled() for action in listed] == [True, False, False, False, False]
    assert all(action.text().endswith(" · it read other columns") for action in listed[2:])
    three_runs.session.choose_columns(("dose",), "response")
    listed = entries(three_runs)
    assert listed[2].text().endswith(" · the one shown")
    assert [action.isEnabled() for action in listed] == [True, False, False, True, True]


def test_that_a_name_is_told_as_it_is_and_long_ones_are_cut(three_runs: Stage):
    three_runs.session.run_list.rename(1, "wide & <b>bold</b> " + 80 * "x")
    text = entries(three_runs)[3].text()
    assert text.startswith("Run 1 · wide && <b>bold</b> xxx")
    assert "…" in text
    assert compared_with(three_runs) == "run 2"
    entries(three_runs)[3].trigger()
    assert compared_with(three_runs).startswith("wide & <b>bold</b>")


def test_that_the_newest_runs_only_are_listed(three_runs: Stage):
    run = three_runs.session.run_list.runs[0]
    many = [replace(run, number=number, model=replace(run.model)) for number in range(1, 41)]
    three_runs.session.run_list.hold(many, 40, 40)
    texts = [action.text().split(" · ")[0] for action in entries(three_runs)]
    assert texts == ["Nothing", *(f"Run {number}" for number in range(40, 20, -1))]
