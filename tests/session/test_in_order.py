from collections.abc import Iterator
from threading import Event, Thread, get_ident

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.errors import DataError
from mdn_gui.session.in_order import JobsInOrder


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobsInOrder]:
    made = JobsInOrder()
    yield made
    made.shut_down()
    made.deleteLater()


def test_that_every_piece_of_work_is_done_in_order_one_at_a_time_in_another_thread(qtbot, jobs):
    done, threads, answers, may_begin = [], set(), [], Event()

    def work(number: int) -> int:
        may_begin.wait()
        threads.add(get_ident())
        done.append(number)
        return 10 * number

    for number in range(5):
        jobs.start(lambda number=number: work(number), lambda answer, error: answers.append((answer, error)))
    assert jobs.is_busy
    may_begin.set()
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert done == [0, 1, 2, 3, 4]
    assert answers == [(10 * number, None) for number in range(5)]
    assert get_ident() not in threads


@pytest.mark.parametrize("error", [DataError("bad", "do"), KeyError("surprise")])
def test_that_an_error_is_handed_on_and_the_next_piece_done(qtbot, jobs, error):
    answers = []

    def fail() -> None:
        raise error

    jobs.start(fail, lambda *answer: answers.append(answer))
    jobs.start(lambda: 1, lambda *answer: answers.append(answer))
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert answers == [(None, error), (1, None)]


def test_that_shutting_down_does_everything_and_delivers_it_once(qtbot, jobs):
    answers, may_begin = [], Event()

    def take(answer: object, _: object) -> None:
        answers.append(answer)
        if answer == "first":
            jobs.start(lambda: "asked for by the first", take)

    jobs.start(lambda: may_begin.wait() and "first", take)
    jobs.start(lambda: "second", take)
    may_begin.set()
    jobs.shut_down()
    assert answers == ["first", "second", "asked for by the first"]
    jobs.start(lambda: "later", take)
    qtbot.waitUntil(lambda: not jobs.is_busy)
    assert answers[3:] == ["later"]


def test_that_another_thread_can_wait_for_what_is_under_way(jobs):
    may_end, done = Event(), []
    jobs.start(lambda: may_end.wait() and done.append("work"))
    waiting = Thread(target=lambda: (jobs.wait(), done.append("waited")))
    waiting.start()
    may_end.set()
    waiting.join()
    assert done == ["work", "waited"]
