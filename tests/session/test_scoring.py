import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.score import score_on
from mdn_gui.session.scoring import Scorer
from tests.fakes import made_model
from tests.session.conftest import Ears


@pytest.fixture
def scorer(qtbot: QtBot) -> Iterator[Scorer]:
    made = Scorer()
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def rows_of_test(tiny_dataset: Dataset) -> Dataset:
    return Dataset(tiny_dataset.x[:20], tiny_dataset.y[:20], tiny_dataset.input_names, "response")


class WaitingModel:
    """A model whose first reading waits."""

    def __init__(self, model: Any) -> None:
        self.model, self.begun, self.may_go_on = model, threading.Event(), threading.Event()
        self.thread = 0

    def conditional(self, x: np.ndarray) -> Any:
        self.thread = threading.get_ident()
        self.begun.set()
        self.may_go_on.wait(5.0)
        return self.model.conditional(x)


def test_that_a_fit_is_judged_on_the_rows_of_the_test_in_another_thread(qtbot, scorer, tiny_dataset, rows_of_test):
    model = WaitingModel(made_model(tiny_dataset))
    model.may_go_on.set()
    with qtbot.waitSignal(scorer.changed) as told:
        scorer.follow(model, rows_of_test)
    assert told.args == [score_on(model.model, rows_of_test)]
    assert scorer.answer.num_rows == 20
    assert model.thread not in {0, threading.get_ident()}


def test_that_without_fit_or_test_rows_nothing_is_told(qtbot, scorer, tiny_dataset, rows_of_test, hear: Ears):
    told = hear(scorer.changed)
    scorer.follow(None, rows_of_test)
    scorer.follow(made_model(tiny_dataset), None)
    assert not told
    assert not scorer._job.is_busy


def test_that_the_score_goes_when_the_fit_or_the_test_set_does(qtbot, scorer, tiny_dataset, rows_of_test):
    model = made_model(tiny_dataset)
    for after in ((None, rows_of_test), (model, None)):
        with qtbot.waitSignal(scorer.changed):
            scorer.follow(model, rows_of_test)
        with qtbot.waitSignal(scorer.changed) as told:
            scorer.follow(*after)
        assert told.args == [None]
        assert scorer.answer is None


def test_that_the_same_fit_is_judged_once(qtbot, scorer, tiny_dataset, rows_of_test):
    model = made_model(tiny_dataset)
    with qtbot.waitSignal(scorer.changed):
        scorer.follow(model, rows_of_test)
    scorer.follow(model, rows_of_test)
    assert not scorer._job.is_busy
    assert scorer.answer is not None


def test_that_the_score_of_an_older_fit_never_comes(qtbot, scorer, tiny_dataset, rows_of_test, hear: Ears):
    told = hear(scorer.changed)
    older, newer = WaitingModel(made_model(tiny_dataset, 1)), made_model(tiny_dataset, 2)
    scorer.follow(older, rows_of_test)
    assert older.begun.wait(5.0)
    scorer.follow(newer, rows_of_test)
    older.may_go_on.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [score_on(newer, rows_of_test)]


def test_that_the_score_of_a_fit_that_is_gone_never_comes(qtbot, scorer, tiny_dataset, rows_of_test, hear: Ears):
    told, answers = hear(scorer.changed), hear(scorer._job._report.ended)
    model = WaitingModel(made_model(tiny_dataset))
    scorer.follow(model, rows_of_test)
    assert model.begun.wait(5.0)
    scorer.follow(None, rows_of_test)
    model.may_go_on.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert not told


def test_that_a_fit_with_other_inputs_has_no_score(qtbot, scorer, tiny_dataset, rows_of_test, hear: Ears):
    told = hear(scorer.changed)
    wide = Dataset(np.hstack([tiny_dataset.x, tiny_dataset.x]), tiny_dataset.y, ("a", "b"), "response")
    with qtbot.waitSignal(scorer._job.failed):
        scorer.follow(made_model(wide), rows_of_test)
    assert not told
    assert scorer.answer is None


def test_that_shutting_down_ends_the_judging(qtbot, scorer, tiny_dataset, rows_of_test, hear: Ears):
    told, model = hear(scorer.changed), WaitingModel(made_model(tiny_dataset))
    scorer.follow(model, rows_of_test)
    assert model.begun.wait(5.0)
    threading.Timer(0.05, model.may_go_on.set).start()
    scorer.shut_down()
    assert scorer._job._pool.activeThreadCount() == 0
    assert not told
