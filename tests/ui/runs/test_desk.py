"""From the panel of runs to the session and the plots, back again."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from mdn_gui.session.messages import RunState, Severity
from mdn_gui.ui.runs.panel import RunsPanel
from mdn_gui.ui.theme import DARK
from mdn_gui.ui.theme_switch import ThemeChoice
from tests.ui.stage import Stage, assert_reads


@pytest.fixture
def three_runs(with_data: Stage) -> Stage:
    """A window with its runs in front: of three, five, seven components, of as many epochs."""
    for count in (3, 5, 7):
        with_data.fit.components = with_data.fit.epochs = count
        config = replace(with_data.session.model_config, num_components=count)
        with_data.session.configure(config, with_data.session.training_config)
        with_data.train()
    with_data.window.docks.bring_forward("runs")
    with_data.qtbot.waitUntil(lambda: not panel_of(with_data).visibleRegion().isEmpty())
    return with_data


def panel_of(stage: Stage) -> RunsPanel:
    return stage.window.runs.panel


def numbers(stage: Stage) -> list[int]:
    return [run.number for run in stage.session.run_list.runs]


def select(stage: Stage, *chosen: int) -> None:
    """Select runs, give the keyboard to the list."""
    panel_of(stage).table.setFocus()
    panel_of(stage).table.select(list(chosen))


def press(stage: Stage, key: Qt.Key) -> None:
    QTest.keyClick(panel_of(stage).table, key)
    stage.settle()


def undo(stage: Stage) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stage.settle()


# -- showing ----------------------------------------------------------------------------------------------------------


def test_that_showing_a_run_changes_plot_loss_title(three_runs: Stage):
    first = three_runs.session.run_list.run(1).model
    assert three_runs.plot.stack.subject.model.model is not first
    select(three_runs, 1)
    press(three_runs, Qt.Key.Key_Return)
    assert three_runs.session.fitted is first
    assert three_runs.plot.stack.subject.model.model is first
    assert three_runs.window.loss_panel.plot.record.train.tolist() == list(first.history.train_nll)
    assert three_runs.window.windowTitle() == "made up – run 1[*] – mdn-gui"
    assert panel_of(three_runs).table.runs.shown.shown == 1
    assert_reads(three_runs, three_runs.move_to(0.3))


def test_that_a_run_chosen_in_the_panel_of_sweeps_is_shown_too(three_runs: Stage):
    three_runs.window.sweeps.panel.show_requested.emit(2)
    assert three_runs.session.run_list.shown == 2


def test_that_a_run_of_other_columns_brings_its_columns(three_runs: Stage):
    three_runs.session.choose_columns(("extra",), "response")
    three_runs.train()
    select(three_runs, 2)
    press(three_runs, Qt.Key.Key_Return)
    assert three_runs.session.dataset.input_names == ("dose",)
    assert three_runs.session.run_list.shown == 2
    assert three_runs.window.setup_panel.roles.input.currentText() == "dose"
    assert three_runs.notices == []


# -- ticks ------------------------------------------------------------------------------------------------------------


def overlaid(stage: Stage) -> tuple[list[str], list[int]]:
    """Return which runs are laid over the plot of the fit, over that of the loss."""
    others = stage.window.loss_panel.plot.others
    return [run.name for run in stage.plot.stack.subject.others], [run.number for run in others.runs]


def test_that_ticks_reach_plot_and_loss(three_runs: Stage):
    select(three_runs, 1)
    press(three_runs, Qt.Key.Key_Space)
    assert three_runs.session.run_list.ticked == (1,)
    assert overlaid(three_runs) == (["run 1"], [1])
    select(three_runs, 2)
    press(three_runs, Qt.Key.Key_Space)
    assert overlaid(three_runs) == (["run 1", "run 2"], [1, 2])
    select(three_runs, 1, 2)
    press(three_runs, Qt.Key.Key_Space)
    assert overlaid(three_runs) == ([], [])


def test_that_a_name_reaches_plot_and_loss(three_runs: Stage):
    three_runs.session.run_list.tick(1, on=True)
    panel_of(three_runs).renamed.emit(1, "narrow")
    assert overlaid(three_runs)[0] == ["narrow"]
    assert three_runs.window.loss_panel.plot.others.runs[0].name == "narrow"


def test_that_the_difference_is_of_the_run_that_is_chosen(three_runs: Stage):
    panel_of(three_runs).compare_requested.emit(1)
    assert three_runs.session.run_list.chosen.number == 1
    assert three_runs.plot.stack.subject.comparison.name == "run 1"
    panel_of(three_runs).compare_requested.emit(None)
    assert three_runs.plot.stack.subject.comparison is None


# -- labels -----------------------------------------------------------------------------------------------------------


def test_that_labels_reach_the_session_and_can_be_undone(three_runs: Stage):
    panel, runs = panel_of(three_runs), three_runs.session.run_list
    before = runs.run(2)
    panel.renamed.emit(2, "narrow")
    panel.noted.emit(2, "as wide as the data")
    select(three_runs, 2)
    press(three_runs, Qt.Key.Key_S)
    labelled = runs.run(2)
    assert (labelled.name, labelled.notes, labelled.is_starred) == ("narrow", "as wide as the data", True)
    for _ in range(3):
        undo(three_runs)
    assert runs.run(2) == before


def test_that_a_name_that_is_typed_stands_in_list_and_title(three_runs: Stage):
    select(three_runs, 3)
    press(three_runs, Qt.Key.Key_F2)
    editor = panel_of(three_runs).table.findChild(QLineEdit)
    QTest.keyClicks(editor, "deep")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    three_runs.settle()
    assert three_runs.session.run_list.run(3).name == "deep"
    assert three_runs.window.windowTitle() == "made up – deep[*] – mdn-gui"


# -- deleting ---------------------------------------------------------------------------------------------------------


def test_that_deleting_asks_nothing_and_is_undone(three_runs: Stage):
    select(three_runs, 1, 2)
    press(three_runs, Qt.Key.Key_Delete)
    assert numbers(three_runs) == [3]
    assert three_runs.dialogs.asked == []
    undo(three_runs)
    assert numbers(three_runs) == [1, 2, 3]
    QTest.keyClick(
        three_runs.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert numbers(three_runs) == [3]


def test_that_without_the_run_that_was_shown_the_newest_other_one_is(three_runs: Stage):
    select(three_runs, 3)
    press(three_runs, Qt.Key.Key_Delete)
    second = three_runs.session.run_list.run(2).model
    assert three_runs.plot.stack.subject.model.model is second
    assert three_runs.window.loss_panel.plot.record.train.tolist() == list(second.history.train_nll)
    assert three_runs.window.windowTitle() == "made up – run 2[*] – mdn-gui"


def test_that_without_any_run_the_preview_is_back_until_the_deletion_is_undone(three_runs: Stage):
    select(three_runs, 1, 2, 3)
    press(three_runs, Qt.Key.Key_Delete)
    assert three_runs.state is RunState.DATA
    assert three_runs.session.model is None
    assert len(three_runs.window.loss_panel.plot.record.epochs) == 0
    assert three_runs.window.windowTitle() == "made up[*] – mdn-gui"
    undo(three_runs)
    assert numbers(three_runs) == [1, 2, 3]


def test_that_a_run_that_is_deleted_is_no_longer_laid_over(three_runs: Stage):
    three_runs.session.run_list.tick(1, on=True)
    select(three_runs, 1)
    press(three_runs, Qt.Key.Key_Delete)
    assert overlaid(three_runs) == ([], [])


# -- settings, training further ---------------------------------------------------------------------------------------


def test_that_the_settings_of_a_run_are_taken_and_given_back(three_runs: Stage):
    panel_of(three_runs).settings_requested.emit(1)
    form = three_runs.window.setup_panel.form
    assert three_runs.session.model_config == three_runs.session.run_list.run(1).model.model_config
    assert form.editor("num_components").value() == three_runs.session.model_config.num_components
    undo(three_runs)
    assert three_runs.session.model_config.num_components == 7
    assert form.editor("num_components").value() == 7


def test_that_a_run_is_trained_further(three_runs: Stage):
    first = three_runs.session.run_list.run(1).model
    panel_of(three_runs).continue_requested.emit(1)
    three_runs.wait_for_idle()
    assert three_runs.fit.continued[-1] is first
    newest = three_runs.session.run_list.runs[-1]
    assert (newest.number, newest.continues) == (4, 1)
    assert len(newest.model.history.train_nll) == 3 + 7
    assert three_runs.session.run_list.shown == 4


def test_that_a_run_is_not_trained_further_with_a_wrong_setting(three_runs: Stage):
    box = three_runs.window.setup_panel.form.editor("learning_rate")
    box.setFocus()
    box.setText("fast")
    panel_of(three_runs).continue_requested.emit(1)
    assert three_runs.state is RunState.FITTED
    assert three_runs.notices
    assert numbers(three_runs) == [1, 2, 3]


# -- while a run is under way -----------------------------------------------------------------------------------------


def test_that_nothing_is_shown_deleted_continued_while_training(three_runs: Stage):
    three_runs.train_until_running()
    panel, session = panel_of(three_runs), three_runs.session
    for intent, value in (
        (panel.show_requested, 1),
        (panel.delete_requested, (1,)),
        (panel.settings_requested, 1),
        (panel.continue_requested, 1),
    ):
        three_runs.window.notices.clear()
        intent.emit(value)
        assert len(three_runs.notices) == 1
        assert "while a run is under way" in three_runs.messages[0]
        assert three_runs.notices[0].severity is Severity.INFO
    assert numbers(three_runs) == [1, 2, 3]
    assert session.run_list.shown == 3
    assert session.model_config.num_components == 7


def test_that_what_cannot_be_done_while_training_is_grey(three_runs: Stage):
    select(three_runs, 1)
    actions = panel_of(three_runs).actions_of_runs
    refused = (actions.show_run, actions.take_settings, actions.continue_run, actions.delete)
    assert all(action.isEnabled() for action in refused[:2])
    assert actions.delete.isEnabled()
    three_runs.train_until_running()
    assert not any(action.isEnabled() for action in refused)
    assert actions.star.isEnabled()
    three_runs.fit.free.set()
    three_runs.wait_for_idle()
    select(three_runs, 1)
    assert all(action.isEnabled() for action in refused)


def test_that_labels_are_written_while_training(three_runs: Stage):
    three_runs.train_until_running()
    panel_of(three_runs).renamed.emit(1, "narrow")
    assert three_runs.session.run_list.run(1).name == "narrow"
    assert panel_of(three_runs).table.runs.shown.run(1).name == "narrow"


def test_that_the_loss_of_the_run_under_way_stays_while_labels_are_written(three_runs: Stage):
    three_runs.train_until_running()
    panel_of(three_runs).renamed.emit(1, "narrow")
    assert three_runs.window.loss_panel.plot.record.epochs.tolist() == [1]


# -- the panel as it looks --------------------------------------------------------------------------------------------


def test_that_the_panel_takes_the_theme(three_runs: Stage):
    three_runs.window.choose_theme(ThemeChoice.DARK)
    assert panel_of(three_runs)._thumbnails._theme is DARK


def test_that_too_many_runs_are_told_of(three_runs: Stage):
    three_runs.session.run_list.full.emit(1000)
    assert "1000 runs at most" in three_runs.messages[0]
    assert three_runs.notices[0].hint
