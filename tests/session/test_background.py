from collections.abc import Iterator
from threading import Event, get_ident

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.errors import DataError
from mdn_gui.files.options import Watch
from mdn_gui.session import background
from mdn_gui.session.background import NewestJob
from tests.session.conftest import Ears


@pytest.fixture
def job(qtbot: QtBot) -> Iterator[NewestJob]:
    made = NewestJob()
    yield made
    made.shut_down()
    made.deleteLater()


def is_soon_cancelled(watch: Watch) -> bool:
    """Whether the job is cancelled within some seconds."""
    never = Event()
    return any(watch.is_cancelled() or never.wait(0.001) for _ in range(5000))


def test_that_work_is_done_in_another_thread_and_its_answer_delivered(qtbot, job):
    with qtbot.waitSignal(job.finished) as answer:
        job.start(lambda _watch: get_ident())
    assert answer.args[0] != get_ident()
    assert not job.is_busy


@pytest.mark.parametrize("error", [DataError("bad", "do"), KeyError("surprise")])
def test_that_an_error_of_any_kind_is_delivered(qtbot, job, hear: Ears, error):
    finished = hear(job.finished)

    def fail(_watch: Watch) -> None:
        raise error

    with qtbot.waitSignal(job.failed) as answer:
        job.start(fail)
    assert answer.args[0] is error
    assert not finished


def test_that_a_newer_job_cancels_the_older_one_and_makes_its_answer_void(qtbot, job, hear: Ears):
    finished, begun, cancelled = hear(job.finished), Event(), Event()

    def old(watch: Watch) -> str:
        begun.set()
        if is_soon_cancelled(watch):
            cancelled.set()
        return "old"

    job.start(old)
    assert begun.wait(5)
    job.start(lambda _watch: "new")
    qtbot.waitUntil(lambda: bool(finished))
    assert cancelled.is_set()
    assert finished == ["new"]


def test_that_a_job_that_has_not_begun_is_never_run_when_a_newer_one_comes(qtbot, job, hear: Ears):
    finished, may_end, run = hear(job.finished), Event(), []
    job.start(lambda _watch: may_end.wait())
    job.start(lambda _watch: run.append("second"))
    job.start(lambda _watch: "third")
    may_end.set()
    qtbot.waitUntil(lambda: bool(finished))
    assert finished == ["third"]
    assert run == []


def test_that_with_more_threads_the_newest_does_not_wait_for_an_older_one(qtbot, hear: Ears):
    job, may_end = NewestJob(threads=2), Event()
    finished = hear(job.finished)
    job.start(lambda _watch: may_end.wait())
    job.start(lambda _watch: "new")
    qtbot.waitUntil(lambda: finished == ["new"])
    assert not may_end.is_set()
    may_end.set()
    job.shut_down()
    job.deleteLater()


def test_that_a_dropped_job_delivers_nothing(qtbot, job, hear: Ears):
    finished, failed, busy, may_end = hear(job.finished), hear(job.failed), hear(job.busy_changed), Event()
    job.start(lambda _watch: may_end.wait())
    job.drop()
    ended = hear(job._report.ended)
    may_end.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert finished == failed == []
    assert busy == [True, False]


def test_that_it_is_busy_from_the_first_job_to_the_last_answer(qtbot, job, hear: Ears):
    busy, finished, may_end = hear(job.busy_changed), hear(job.finished), Event()
    job.start(lambda _watch: may_end.wait())
    job.start(lambda _watch: may_end.wait())
    may_end.set()
    qtbot.waitUntil(lambda: bool(finished))
    assert busy == [True, False]


def test_that_of_jobs_asked_for_in_quick_succession_the_last_one_is_begun(qtbot, job, hear: Ears):
    finished = hear(job.finished)
    for number in range(5):
        job.start_soon(lambda _watch, number=number: number)
    assert not job.is_busy
    qtbot.waitUntil(lambda: bool(finished))
    assert finished == [4]


def test_that_a_job_to_come_can_be_dropped(qtbot, job, hear: Ears):
    finished = hear(job.finished)
    job.start_soon(lambda _watch: 1)
    job.drop()
    assert not job._pause.isActive()
    job.start(lambda _watch: 2)
    qtbot.waitUntil(lambda: bool(finished))
    assert finished == [2]


def test_that_progress_is_passed_on_ten_times_a_second_at_most(qtbot, job, hear: Ears, monkeypatch):
    heard = hear(job.progressed)
    clock = iter([0.0, 0.05, 0.11, 0.15, 0.25])
    monkeypatch.setattr(background.time, "monotonic", lambda: next(clock))

    def report(watch: Watch) -> None:
        for done in range(5):
            watch.report(done / 5)

    with qtbot.waitSignal(job.finished):
        job.start(report)
    assert heard == [0.0, 0.4, 0.8]


def test_that_the_progress_of_an_older_job_is_not_passed_on(qtbot, job, hear: Ears):
    heard, finished, may_report, begun = hear(job.progressed), hear(job.finished), Event(), Event()

    def old(watch: Watch) -> None:
        begun.set()
        may_report.wait()
        watch.report(0.5)

    job.start(old)
    assert begun.wait(5)
    job.start(lambda _watch: "new")
    may_report.set()
    qtbot.waitUntil(lambda: bool(finished))
    assert heard == []


def test_that_shutting_down_waits_for_the_work_under_way(qtbot):
    job, begun, ended = NewestJob(), Event(), []

    def work(watch: Watch) -> None:
        begun.set()
        ended.append(is_soon_cancelled(watch))

    job.start(work)
    assert begun.wait(5)
    job.shut_down()
    assert ended == [True]
    job.deleteLater()
