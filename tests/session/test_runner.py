import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason
from mdn_gui.errors import TrainingError
from mdn_gui.session.messages import Phase, RunEnd, RunPhase, RunProgress, RunRequest
from mdn_gui.session.runner import TrainingRunner
from tests.fakes import FakeFit, made_model
from tests.session.conftest import Ears


@pytest.fixture
def runner(qtbot: QtBot, fit: FakeFit) -> Iterator[TrainingRunner]:
    made = TrainingRunner(fit.load)
    yield made
    fit.loadable.set()
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def request_one(tiny_dataset: Dataset) -> RunRequest:
    return RunRequest(1, tiny_dataset, ModelConfig(), TrainingConfig())


def again(request: RunRequest) -> RunRequest:
    return RunRequest(request.run_id + 1, request.dataset, request.model_config, request.training_config)


def wait_for_end(qtbot: QtBot, runner: TrainingRunner) -> None:
    qtbot.waitUntil(lambda: not runner.is_running)


def test_that_a_run_names_its_phases_then_sends_every_epoch_then_its_model(qtbot, runner, request_one, hear: Ears):
    messages = [hear(signal) for signal in (runner.phase_entered, runner.progressed, runner.ended)]
    runner.start(request_one)
    wait_for_end(qtbot, runner)
    phases, progress, ends = messages
    assert phases == [RunPhase(1, Phase.LOADING), RunPhase(1, Phase.COMPILING)]
    assert [m.epoch for message in progress for m in message.metrics] == [1, 2, 3, 4, 5]
    assert len(ends) == 1
    assert ends[0].error is None
    assert ends[0].model.history.stop_reason is StopReason.COMPLETED


def test_that_many_epochs_share_a_message_and_none_is_lost(qtbot, runner, fit, request_one, hear: Ears):
    fit.epochs = 600
    progress = hear(runner.progressed)
    runner.start(request_one)
    wait_for_end(qtbot, runner)
    assert [m.epoch for message in progress for m in message.metrics] == list(range(1, 601))
    assert len(progress) < 600


def test_that_a_second_run_is_refused_while_one_lives(qtbot, runner, fit, request_one):
    fit.free.clear()
    runner.start(request_one)
    with pytest.raises(RuntimeError, match="already under way"):
        runner.start(again(request_one))
    fit.free.set()
    wait_for_end(qtbot, runner)
    assert len(fit.runs) == 1


def test_that_stopping_early_ends_the_run_with_the_model_of_the_fit(qtbot, runner, fit, request_one, hear: Ears):
    fit.free.clear()
    ends, progress = hear(runner.ended), hear(runner.progressed)
    runner.start(request_one)
    fit.allow(1)
    qtbot.waitUntil(lambda: bool(progress))
    runner.stop_early()
    runner.stop_early()
    wait_for_end(qtbot, runner)
    assert ends[0].model.history.stop_reason is StopReason.STOPPED
    assert ends[0].model.history.epochs == 1
    assert (fit.stops_seen, fit.closed) == (1, 1)


def test_that_an_early_stop_does_not_reach_the_next_run(qtbot, runner, fit, request_one, hear: Ears):
    fit.free.clear()
    ends = hear(runner.ended)
    runner.start(request_one)
    runner.stop_early()
    wait_for_end(qtbot, runner)
    fit.free.set()
    runner.start(again(request_one))
    wait_for_end(qtbot, runner)
    assert ends[1].model.history.stop_reason is StopReason.COMPLETED


def test_that_discarding_ends_the_run_with_nothing_and_closes_the_fit(qtbot, runner, fit, request_one, hear: Ears):
    fit.free.clear()
    ends, progress = hear(runner.ended), hear(runner.progressed)
    runner.start(request_one)
    fit.allow(1)
    qtbot.waitUntil(lambda: bool(progress))
    runner.discard()
    wait_for_end(qtbot, runner)
    assert [(end.model, end.error) for end in ends] == [(None, None)]
    assert fit.closed == 1


def test_that_a_run_discarded_just_after_its_last_epoch_leaves_no_model(qtbot, runner, fit, request_one, hear: Ears):
    ends = hear(runner.ended)
    runner.start(request_one)
    assert fit.finished.wait(20)  # the worker is done, its messages still wait for this thread
    runner.discard()
    wait_for_end(qtbot, runner)
    assert ends[0].model is None


@pytest.mark.parametrize("error", [TrainingError("No.", "Do."), ZeroDivisionError("oops")])
def test_that_an_error_in_the_fit_ends_the_run_with_it(qtbot, runner, fit, request_one, hear: Ears, error):
    fit.error = error
    ends = hear(runner.ended)
    runner.start(request_one)
    wait_for_end(qtbot, runner)
    assert ends[0].error is error
    assert ends[0].model is None
    assert fit.closed == 1


def test_that_a_failed_load_ends_the_run_and_the_next_run_tries_again(qtbot, runner, fit, request_one, hear: Ears):
    fit.load_error = ImportError("no tensorflow here")
    ends = hear(runner.ended)
    runner.start(request_one)
    wait_for_end(qtbot, runner)
    fit.load_error = None
    runner.start(again(request_one))
    wait_for_end(qtbot, runner)
    assert isinstance(ends[0].error, ImportError)
    assert ends[1].model is not None


def test_that_warming_up_loads_without_a_run(qtbot, runner, fit):
    with qtbot.assertNotEmitted(runner.load_failed), qtbot.waitSignal(runner.loaded):
        runner.warm_up()
    assert fit.loads == 1
    assert not fit.runs
    assert not runner.is_running


def test_that_a_failed_warm_up_is_survived_and_told_at_the_run(qtbot, runner, fit, request_one, hear: Ears):
    fit.load_error = ImportError("no tensorflow here")
    loaded, failed, ends = hear(runner.loaded), hear(runner.load_failed), hear(runner.ended)
    runner.warm_up()
    runner.start(request_one)
    wait_for_end(qtbot, runner)
    assert fit.loads == 2
    assert not loaded
    assert len(failed) == 1
    assert isinstance(ends[0].error, ImportError)


def test_that_a_load_that_works_later_is_told_after_a_failed_warm_up(qtbot, runner, fit, request_one, hear: Ears):
    fit.load_error = ImportError("no tensorflow here")
    loaded = hear(runner.loaded)
    with qtbot.waitSignal(runner.load_failed):
        runner.warm_up()
    assert not fit.runs
    assert not runner.is_running
    fit.load_error = None
    runner.start(request_one)
    wait_for_end(qtbot, runner)
    assert len(loaded) == 1


def test_that_all_runs_share_one_thread_that_is_not_the_gui_thread(qtbot, runner, fit, request_one):
    for request in (request_one, again(request_one)):
        runner.start(request)
        wait_for_end(qtbot, runner)
    assert len(set(fit.threads)) == 1
    assert fit.threads[0] != threading.get_ident()


def test_that_messages_of_an_earlier_run_are_dropped(qtbot, runner, fit, request_one, tiny_dataset, hear: Ears):
    fit.free.clear()
    runner.start(again(request_one))
    messages = [hear(signal) for signal in (runner.phase_entered, runner.progressed, runner.ended)]
    worker = runner._worker
    worker.phase_entered.emit(RunPhase(1, Phase.COMPILING))
    worker.progressed.emit(RunProgress(1, ()))
    worker.ended.emit(RunEnd(1, made_model(tiny_dataset)))
    assert runner.is_running
    fit.free.set()
    wait_for_end(qtbot, runner)
    assert {message.run_id for kind in messages for message in kind} == {2}
    assert len(messages[2]) == 1


def test_that_shutting_down_during_a_run_ends_the_thread(qtbot, fit, request_one, hear: Ears):
    runner = TrainingRunner(fit.load)
    thread = runner._thread
    fit.free.clear()
    progress = hear(runner.progressed)
    runner.start(request_one)
    fit.allow(1)
    qtbot.waitUntil(lambda: bool(progress))
    assert thread.isRunning()
    runner.shut_down()
    assert thread.isFinished()
    assert fit.closed == 1
    runner.deleteLater()


def test_that_shutting_down_during_the_load_does_not_begin_the_run(qtbot, fit, request_one):
    fit.loadable.clear()
    runner = TrainingRunner(fit.load)
    runner.start(request_one)
    runner.discard()
    fit.loadable.set()
    runner.shut_down()
    assert not fit.runs
    runner.deleteLater()
