import threading
from collections.abc import Iterator

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.reading import InputAxis, Line, Section
from mdn_gui.session.nearby import Nearby
from tests.fakes import made_model


@pytest.fixture
def nearby(qapp) -> Iterator[Nearby]:
    made = Nearby()
    yield made
    made.shut_down()


@pytest.fixture
def dataset() -> Dataset:
    """Rows so dense that there are always some near."""
    rng = np.random.default_rng(0)
    return Dataset(rng.uniform(-1.0, 1.0, (3000, 1)), rng.normal(size=3000), ("dose",), "response")


@pytest.fixture
def section(dataset: Dataset) -> Section:
    return Section(made_model(dataset), Line.through(dataset))


class Waiting:
    """A model that is read when the test lets it."""

    def __init__(self, model) -> None:
        self.model, self.begun, self.may_go_on = model, threading.Event(), threading.Event()

    def conditional(self, x):
        self.begun.set()
        assert self.may_go_on.wait(5.0)
        return self.model.conditional(x)


def told_by(nearby: Nearby) -> list:
    told: list = []
    nearby.changed.connect(told.append)
    return told


def test_that_the_rows_near_x_are_told_with_their_fit(qtbot, nearby, dataset, section):
    with qtbot.waitSignal(nearby.changed) as caught:
        nearby.follow(dataset, section, 0.5)
    found = caught.args[0]
    assert found is nearby.rows
    assert found.place.tolist() == [0.5]
    distance = np.abs(dataset.x[:, 0] - 0.5)
    near = np.flatnonzero(distance <= InputAxis.of(dataset).half_width)
    np.testing.assert_array_equal(found.neighbourhood.rows, near)
    assert len(found.pit) == len(near) >= 30


def test_that_only_the_newest_place_is_answered(qtbot, nearby, dataset, section):
    told = told_by(nearby)
    for x in (0.1, 0.2, 0.3):
        nearby.follow(dataset, section, x)
    qtbot.waitUntil(lambda: bool(told))
    assert [found.place.tolist() for found in told] == [[0.3]]


def test_that_a_question_that_was_asked_is_not_asked_again(qtbot, nearby, dataset, section):
    with qtbot.waitSignal(nearby.changed):
        nearby.follow(dataset, section, 0.5)
    nearby.follow(dataset, Section(section.model, section.line), 0.5)
    assert not nearby._job._pause.isActive()
    nearby.follow(dataset, Section(made_model(dataset, 1), section.line), 0.5)
    assert nearby._job._pause.isActive()


def test_that_without_a_model_there_is_nothing_to_know_and_no_late_answer(qtbot, nearby, dataset, section):
    with qtbot.waitSignal(nearby.changed):
        nearby.follow(dataset, section, 0.5)
    model = Waiting(section.model)
    nearby.follow(dataset, Section(model, section.line), 0.5)
    qtbot.waitUntil(model.begun.is_set)
    told, ended = told_by(nearby), []
    nearby._job._report.ended.connect(lambda *answer: ended.append(answer))
    nearby.follow(dataset, None, 0.5)
    model.may_go_on.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert told == [None]
    assert nearby.rows is None


def test_that_a_model_of_other_inputs_has_no_rows(qtbot, nearby, dataset, section):
    wide = Dataset(np.hstack([dataset.x, dataset.x]), dataset.y, ("a", "b"), "response")
    with qtbot.waitSignal(nearby._job.failed):
        nearby.follow(dataset, Section(made_model(wide), section.line), 0.5)
    assert nearby.rows is None


def test_that_the_rows_of_other_data_are_looked_up_anew(qtbot, nearby, dataset, section):
    with qtbot.waitSignal(nearby.changed):
        nearby.follow(dataset, section, 0.5)
    other = Dataset(dataset.x + 100.0, dataset.y, ("dose",), "response")
    with qtbot.waitSignal(nearby.changed) as caught:
        nearby.follow(other, section, 100.5)
    assert caught.args[0].neighbourhood.reach < 5.0


def test_that_shutting_down_waits_for_the_thread(qtbot, nearby, dataset, section):
    told, model = told_by(nearby), Waiting(section.model)
    nearby.follow(dataset, Section(model, section.line), 0.5)
    qtbot.waitUntil(model.begun.is_set)
    threading.Timer(0.05, model.may_go_on.set).start()
    nearby.shut_down()
    assert nearby._job._pool.activeThreadCount() == 0
    assert told == []
