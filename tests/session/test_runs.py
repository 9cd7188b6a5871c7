"""What a run has reached, told while a person moves something."""

import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.session.messages import RunEnd, RunProgress, RunState
from mdn_gui.session.runs import Runs
from tests.fakes import FakeFit, made_model
from tests.session.conftest import Ears
from tests.session.test_replay import epoch


class Hand:
    """A person who moves something, or does not."""

    def __init__(self) -> None:
        self.is_moving = True

    def __call__(self) -> bool:
        return self.is_moving


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def running(qtbot, fit: FakeFit, hand: Hand, tiny_dataset):
    """A run that waits before its first epoch; what it reaches is told by hand."""
    fit.free.clear()
    made = Runs(fit.load, is_busy=hand)
    made.begin_anew()
    made.start(tiny_dataset, ModelConfig(), TrainingConfig())
    yield made
    fit.free.set()
    made.runner.discard()
    made.runner.shut_down()
    made.deleteLater()


def reach(runs: Runs, number: int, model=None) -> None:
    runs._take_progress(RunProgress(1, (epoch(number, model),)))


def numbers(told: list[object]) -> list[list[int]]:
    return [[each.epoch for each in metrics] for metrics in told]


def test_that_the_first_epoch_is_told_at_once(running, hear: Ears):
    told = hear(running.progressed)
    reach(running, 1)
    assert running.state is RunState.TRAINING
    assert numbers(told) == [[1]]


def test_that_a_hand_that_moves_need_not_wait_for_the_views_of_a_run(running, hand, hear: Ears, tiny_dataset):
    reach(running, 1)
    told, models = hear(running.progressed), hear(running.model_changed)
    newest = made_model(tiny_dataset, 3)
    reach(running, 2, made_model(tiny_dataset, 2))
    reach(running, 3, newest)
    assert (told, models) == ([], [])
    hand.is_moving = False
    reach(running, 4)
    assert numbers(told) == [[2, 3, 4]]
    assert running.model is newest
    assert running.snapshots.epochs == (2, 3)


def test_that_after_a_second_all_is_told_though_the_hand_moves_on(running, hear: Ears, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("mdn_gui.session.runs.time.monotonic", lambda: now[0])
    reach(running, 1)
    told = hear(running.progressed)
    for number in range(2, 20):
        now[0] += 0.125
        reach(running, number)
    assert [metrics[-1] for metrics in numbers(told)] == [9, 17]


def test_that_nothing_is_left_untold_at_the_end(running, hear: Ears, tiny_dataset):
    reach(running, 1)
    told = hear(running.progressed)
    reach(running, 2)
    running._take_end(RunEnd(1, made_model(tiny_dataset)))
    assert numbers(told) == [[2]]
