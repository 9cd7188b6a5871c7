"""A fit is trained further, dropped, made again with another seed or a smaller rate."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import StopReason
from mdn_gui.errors import ConfigError
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from tests.fakes import FakeFit
from tests.session.conftest import Ears
from tests.session.test_session import made_table


@pytest.fixture
def opened(session: Session) -> Session:
    session.open_table(made_table(dose=np.linspace(-2, 2, 21), response=np.arange(21) % 5))
    return session


def wait(qtbot, session: Session) -> FittedModel:
    """Return the fit once no run lives."""
    qtbot.waitUntil(lambda: not session.state.is_running)
    return session.model


@pytest.fixture
def fitted(qtbot, opened: Session) -> Session:
    opened.start_training()
    wait(qtbot, opened)
    return opened


def test_that_a_run_is_continued_with_its_network_and_split(qtbot, fitted, fit: FakeFit, hear: Ears):
    first, started, settings = fitted.model, hear(fitted.run_started), hear(fitted.settings_changed)
    fitted.configure(ModelConfig(num_components=3), TrainingConfig(seed=9, validation_fraction=0.5, epochs=40))
    fitted.continue_training()
    second = wait(qtbot, fitted)
    expected = first.model_config, TrainingConfig(epochs=40)
    assert fit.runs[-1] == (fitted.dataset, *expected)
    assert fit.continued == [None, first]
    assert started == [first]
    assert settings[-1] == expected  # what is shown is what runs
    assert second.history.epochs == 10
    assert fitted.state is RunState.FITTED


def test_that_a_discarded_continuation_brings_the_fit_back(qtbot, fitted, fit: FakeFit):
    first = fitted.model
    fit.free.clear()
    fitted.continue_training()
    fit.allow(1)
    qtbot.waitUntil(lambda: fitted.model is not first)
    fitted.discard_run()
    assert wait(qtbot, fitted) is first
    assert fitted.state is RunState.FITTED


def test_that_a_refused_continuation_is_told_and_keeps_the_fit(qtbot, fitted, fit: FakeFit, hear: Ears):
    first, notices = fitted.model, hear(fitted.noticed)
    fit.error = ConfigError("The inputs are not those.", "Choose its columns.")
    fitted.continue_training()
    assert wait(qtbot, fitted) is first
    assert notices[0].message == "The inputs are not those."


def test_that_without_a_fit_there_is_nothing_to_continue_nor_to_reset(opened, fit: FakeFit, hear: Ears):
    reset = hear(opened.weights_reset)
    opened.continue_training()
    opened.retry_slower()
    opened.reset_weights()
    assert opened.state is RunState.DATA
    assert not fit.runs
    assert not reset


def test_that_nothing_is_reset_while_a_run_lives(qtbot, fitted, fit: FakeFit):
    fit.free.clear()
    fitted.start_training()
    fitted.reset_weights()
    fitted.continue_training()
    fit.free.set()
    wait(qtbot, fitted)
    assert len(fit.runs) == 2


def test_that_reset_weights_drops_the_fit_and_nothing_else(qtbot, fitted, fit: FakeFit, hear: Ears):
    before = fitted.model_config, fitted.training_config, fitted.selection
    models, reset = hear(fitted.instrument.section_changed), hear(fitted.weights_reset)
    fitted.reset_weights()
    assert (fitted.state, fitted.model, models, len(reset)) == (RunState.DATA, None, [None], 1)
    assert (fitted.model_config, fitted.training_config, fitted.selection) == before
    fitted.start_training()
    wait(qtbot, fitted)
    assert fit.continued == [None, None]
    assert fit.runs[0] == fit.runs[1]


def test_that_reset_weights_brings_the_preview_back(qtbot, session, baseline_fit):
    baseline_fit.nll = 0.5
    session.open_table(made_table())
    qtbot.waitUntil(lambda: session.is_preview)
    session.start_training()
    wait(qtbot, session)
    session.reset_weights()
    assert session.is_preview
    assert session.instrument.reading.is_preview


def test_that_a_new_seed_is_the_next_one_and_trains(qtbot, fitted, fit: FakeFit, hear: Ears):
    settings = hear(fitted.settings_changed)
    fitted.train_with_new_seed()
    wait(qtbot, fitted)
    assert fit.runs[-1][1:] == (ModelConfig(), TrainingConfig(seed=1))
    assert settings == [(ModelConfig(), TrainingConfig(seed=1))]
    assert fit.continued[-1] is None


def test_that_only_a_run_that_diverged_is_retried(qtbot, fitted, fit: FakeFit):
    fitted.retry_slower()
    assert len(fit.runs) == 1
    fit.reason = StopReason.DIVERGED
    fitted.start_training()
    wait(qtbot, fitted)
    fitted.retry_slower()
    wait(qtbot, fitted)
    assert fit.runs[-1][2] == replace(TrainingConfig(), learning_rate=0.0015)
    assert fit.continued == [None, None, None]


def test_that_a_continuation_that_diverged_is_retried_from_the_fit_it_continued(qtbot, fitted, fit: FakeFit):
    first = fitted.model
    fit.reason = StopReason.DIVERGED
    fitted.continue_training()
    wait(qtbot, fitted)
    fitted.retry_slower()
    wait(qtbot, fitted)
    assert fit.continued == [None, first, first]
    assert fit.runs[-1][2].learning_rate == 0.0015


def test_that_new_columns_leave_nothing_to_continue(fitted, fit: FakeFit):
    assert fitted.choose_columns(["response"], "dose")
    fitted.continue_training()
    assert len(fit.runs) == 1
    assert fitted.state is RunState.DATA


def test_that_a_fit_that_knows_no_continuation_can_still_begin_a_run(qtbot, fit: FakeFit, baseline_fit, hear: Ears):
    def plain(dataset, model_config, training_config, *, stop=None):
        return fit(dataset, model_config, training_config, stop=stop)

    session = Session(lambda: plain, lambda _path: made_table(), baseline_fit)
    session.open_table(made_table())
    session.start_training()
    assert wait(qtbot, session).history.epochs == 5
    session.shut_down()
    session.deleteLater()
