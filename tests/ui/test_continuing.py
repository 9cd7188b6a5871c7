"""Continue, reset, new seed, retry: what the window shows of them."""

import pytest
from PySide6.QtWidgets import QPushButton

from mdn_gui.core.metrics import StopReason
from mdn_gui.session.messages import RunState
from tests.ui.stage import Stage


def epochs_drawn(stage: Stage) -> list[int]:
    return stage.window.loss_panel.plot.record.epochs.tolist()


def trigger_and_wait(stage: Stage, action_id: str) -> None:
    stage.trigger(action_id)
    stage.wait_for_idle()
    stage.settle()


@pytest.fixture
def diverged(hidden_stage: Stage) -> Stage:
    """A window whose run has diverged."""
    hidden_stage.open()
    hidden_stage.fit.reason = StopReason.DIVERGED
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage


def retry_buttons(stage: Stage) -> list[QPushButton]:
    buttons = stage.window.notices.findChildren(QPushButton)
    return [button for button in buttons if button.text() == "Retry at 0.3 × the learning rate" and button.isVisible()]


def test_that_a_continued_run_is_drawn_behind_the_epochs_before_it(fitted: Stage):
    fitted.fit.free.clear()
    fitted.trigger("continue_training")
    assert epochs_drawn(fitted) == [1, 2, 3, 4, 5]
    fitted.fit.allow(1)
    fitted.qtbot.waitUntil(lambda: fitted.state is RunState.TRAINING)
    assert epochs_drawn(fitted) == [1, 2, 3, 4, 5, 6]
    assert fitted.window.status.text.startswith("Training · epoch 6/10")
    assert fitted.window.status._bar.value() == 200
    fitted.fit.free.set()
    fitted.wait_for_idle()
    history = fitted.session.model.history
    plot = fitted.window.loss_panel.plot
    assert tuple(plot.record.train) == history.train_nll
    assert tuple(plot.record.validation) == history.validation_nll
    assert plot._best.getData()[0].tolist() == [10.0]
    assert "Kept epoch 10" in fitted.window.status.text


def test_that_a_discarded_continuation_brings_fit_and_curve_back(fitted: Stage):
    first = fitted.session.model
    fitted.fit.free.clear()
    fitted.trigger("continue_training")
    fitted.fit.allow(1)
    fitted.qtbot.waitUntil(lambda: fitted.state is RunState.TRAINING)
    trigger_and_wait(fitted, "discard_run")
    assert fitted.plot.stack.subject.model.model is first
    assert epochs_drawn(fitted) == [1, 2, 3, 4, 5]
    assert fitted.window.status.text.startswith("The previous fit is back.")


def test_that_reset_weights_says_so_and_clears_the_curve(fitted: Stage):
    fitted.window.setup_panel.form.editor("seed").setValue(3)
    fitted.trigger("reset_weights")
    assert fitted.window.status.text == "Weights reset. Train (F5) begins again from the start of seed 3."
    assert epochs_drawn(fitted) == []
    assert fitted.session.model is None
    assert fitted.dialogs.asked == []
    trigger_and_wait(fitted, "train")
    assert epochs_drawn(fitted) == [1, 2, 3, 4, 5]


def test_that_a_new_seed_shows_in_the_form_and_trains(fitted: Stage):
    trigger_and_wait(fitted, "new_seed")
    assert fitted.window.setup_panel.form.editor("seed").value() == 1
    assert fitted.fit.runs[-1][2].seed == 1


@pytest.mark.parametrize("action", ["continue_training", "new_seed", "retry_slower"])
def test_that_a_wrong_setting_in_the_form_keeps_every_run_from_starting(diverged: Stage, action):
    box = diverged.window.setup_panel.form.editor("learning_rate")
    box.setFocus()
    box.setText("fast")
    trigger_and_wait(diverged, action)
    assert len(diverged.fit.runs) == 1
    assert "Learning rate" in diverged.notices[0].message


def test_that_a_run_that_diverged_is_a_notice_with_a_button_that_retries(diverged: Stage):
    assert diverged.notices[0].message == "The run diverged at learning rate 0.005."
    assert "Stopped: the run diverged" in diverged.window.status.text
    assert diverged.window.actions_by_id["retry_slower"].isEnabled()
    diverged.fit.reason = StopReason.COMPLETED
    retry_buttons(diverged)[0].click()
    diverged.wait_for_idle()
    assert diverged.fit.runs[-1][2].learning_rate == 0.0015
    assert diverged.window.setup_panel.form.editor("learning_rate").text() == "0.0015"
    assert diverged.notices == []
    assert not diverged.window.actions_by_id["retry_slower"].isEnabled()


@pytest.mark.parametrize("action", ["train", "reset_weights"])
def test_that_the_offer_to_retry_goes_when_it_no_longer_holds(diverged: Stage, action):
    diverged.fit.reason = StopReason.COMPLETED
    trigger_and_wait(diverged, action)
    assert diverged.notices == []


def test_that_new_columns_take_the_offer_to_retry_away(diverged: Stage):
    diverged.window.setup_panel.roles.input.setCurrentText("extra")
    assert diverged.notices == []


def test_that_the_offer_comes_back_with_the_fit_that_diverged(diverged: Stage):
    diverged.train_until_running()
    assert retry_buttons(diverged) == []
    trigger_and_wait(diverged, "discard_run")
    assert len(retry_buttons(diverged)) == 1


def test_that_a_run_that_ended_well_offers_no_retry(fitted: Stage):
    assert fitted.notices == []
    assert retry_buttons(fitted) == []
