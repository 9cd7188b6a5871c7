import time
from pathlib import Path
from threading import Event, get_ident

import pytest
from PySide6.QtCore import QStandardPaths

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects import saving
from mdn_gui.files.projects.project import Project
from mdn_gui.session import recovery as recovery_module
from mdn_gui.session.document import Document
from mdn_gui.session.recovery import Recovery
from mdn_gui.session.snapshots import found_in
from tests.documents import made_project
from tests.session.conftest import Ears
from tests.session.desks import KeptDesk

NEVER = 3_600.0
"""An interval that does not end in a test, s."""


@pytest.fixture
def desk(kept_desk: KeptDesk) -> KeptDesk:
    return kept_desk


def test_that_nothing_is_written_while_nothing_has_changed(qtbot, desk, root):
    assert desk.is_at_rest
    assert desk.asked == 0
    assert not root.exists()


def test_that_a_change_is_kept_within_the_interval_off_the_gui_thread(qtbot, desk, monkeypatch):
    threads, save = set(), saving.save_project

    def noted(path: Path, project: Project) -> None:
        threads.add(get_ident())
        save(path, project)

    monkeypatch.setattr(saving, "save_project", noted)
    desk.change(2)
    assert desk.recovery._timer.isActive()
    qtbot.waitUntil(lambda: desk.keeps(2))
    assert threads
    assert get_ident() not in threads
    qtbot.waitUntil(lambda: desk.is_at_rest)
    assert desk.asked == 1


def test_that_many_changes_do_not_put_a_snapshot_off(qtbot, root):
    desk = KeptDesk(root, interval=100.0)
    desk.change(2)
    before = desk.recovery._timer.remainingTime()
    qtbot.waitUntil(lambda: desk.recovery._timer.remainingTime() < before)
    desk.change(3)
    assert desk.recovery._timer.remainingTime() < before
    desk.recovery.interval = 0.0
    qtbot.waitUntil(lambda: desk.keeps(3))
    desk.close()


def test_that_a_new_best_is_kept_soon_but_not_more_often_than_every_two_seconds(qtbot, root):
    desk = KeptDesk(root, interval=NEVER)
    desk.is_running = True
    for seed in (2, 3, 4):
        desk.project = made_project(seed)
        desk.recovery.note_best()
    qtbot.waitUntil(lambda: desk.keeps(4))
    assert desk.asked == 1
    desk.recovery.note_best()
    assert 1_000 < desk.recovery._timer.interval() <= 2_000
    desk.close()


def test_that_what_takes_long_is_written_less_often(qtbot, root, monkeypatch):
    clock = iter([100.0, 103.0])
    desk = KeptDesk(root, interval=NEVER)
    desk.is_running = True
    monkeypatch.setattr(recovery_module.time, "monotonic", lambda: next(clock, 103.0))
    desk.recovery._keep()
    qtbot.waitUntil(lambda: not desk.recovery._disk.is_busy)
    desk.recovery.note_best()
    assert 29_000 < desk.recovery._timer.interval() <= 30_000
    desk.recovery.interval = 20.0
    desk.recovery.note_best()
    assert desk.recovery._timer.interval() <= 20_000
    desk.close()


def test_that_the_newest_state_is_kept_where_it_changes_while_one_is_written(qtbot, desk, monkeypatch):
    may_go_on, begun, save, alive = Event(), Event(), saving.save_project, []

    def held(path: Path, project: Project) -> None:
        begun.set()
        alive.append(path)
        may_go_on.wait()
        save(path, project)

    monkeypatch.setattr(recovery_module, "_SECONDS_OF_REST", 0.01)
    monkeypatch.setattr(saving, "save_project", held)
    desk.change(2)
    qtbot.waitUntil(begun.is_set)
    desk.change(3)
    qtbot.waitUntil(lambda: desk.recovery._timer.remainingTime() > 0)
    assert len(alive) == 1
    may_go_on.set()
    qtbot.waitUntil(lambda: desk.keeps(3))


def test_that_saving_removes_what_was_kept(qtbot, desk, root, tmp_path):
    desk.change(2)
    qtbot.waitUntil(lambda: desk.keeps(2))
    with qtbot.waitSignal(desk.document.saved):
        desk.document.save(tmp_path / "a.mdn")
    qtbot.waitUntil(lambda: list(root.iterdir()) == [])
    desk.change(3)
    qtbot.waitUntil(lambda: desk.keeps(3))


def test_that_a_run_under_way_is_kept_though_everything_else_is_saved(qtbot, desk, tmp_path):
    desk.change(2)
    desk.is_running = True
    desk.recovery.note_best()
    qtbot.waitUntil(lambda: desk.keeps(2))
    with qtbot.waitSignal(desk.document.saved):
        desk.document.save(tmp_path / "a.mdn")
    asked = desk.asked
    qtbot.waitUntil(lambda: desk.asked > asked and desk.keeps(2))


def test_that_another_document_takes_the_place_of_what_was_kept(qtbot, desk, root, tmp_path):
    saving.save_project(tmp_path / "b.mdn", made_project(8))
    desk.change(2)
    qtbot.waitUntil(lambda: desk.keeps(2))
    with qtbot.waitSignal(desk.document.opened):
        desk.document.open(tmp_path / "b.mdn")
    qtbot.waitUntil(lambda: list(root.iterdir()) == [])
    desk.change(9)
    qtbot.waitUntil(lambda: desk.keeps(9))


def test_that_a_clean_end_removes_everything(qtbot, desk, root):
    desk.change(2)
    qtbot.waitUntil(lambda: desk.keeps(2))
    desk.change(3)
    desk.recovery.shut_down()
    assert list(root.iterdir()) == []
    assert not desk.recovery._timer.isActive()
    desk.recovery.note_best()
    assert not desk.recovery._timer.isActive()


def test_that_a_disk_that_refuses_is_told_once_and_tried_again(qtbot, desk, monkeypatch, hear: Ears):
    failed, save, tries = hear(desk.recovery.failed), saving.save_project, []

    def refuse(path: Path, project: Project) -> None:
        tries.append(path)
        raise ProjectFileError("The disk is full.", "Free some space.")

    monkeypatch.setattr(saving, "save_project", refuse)
    desk.change(2)
    qtbot.waitUntil(lambda: len(tries) >= 3)
    (error,) = failed
    assert "The disk is full." in error.message
    assert error.hint
    monkeypatch.setattr(saving, "save_project", save)
    qtbot.waitUntil(lambda: desk.keeps(2))
    monkeypatch.setattr(saving, "save_project", refuse)
    desk.change(3)
    qtbot.waitUntil(lambda: len(failed) == 2)
    monkeypatch.setattr(saving, "save_project", save)


@pytest.mark.parametrize(("path", "title"), [(None, "made up"), ("a.mdn", "a.mdn")])
def test_that_what_is_kept_says_which_document_it_is_of(qtbot, desk, root, tmp_path, path, title):
    desk.change(2, runs=3)
    if path:
        with qtbot.waitSignal(desk.document.saved):
            desk.document.save(tmp_path / path)
        qtbot.waitUntil(lambda: desk.kept is None and desk.is_at_rest)
        desk.document.touch()
    qtbot.waitUntil(lambda: desk.keeps(2, 3))
    desk.crash()
    ((found, lock),), _ = found_in(root)
    assert (found.title, found.path, found.num_runs) == (title, tmp_path / path if path else None, 3)
    assert 0.0 <= time.time() - found.when.timestamp() < 60.0
    lock.release()


def test_that_the_usual_place_is_a_folder_of_the_application(qtbot):
    root = Recovery(Project, Document(Project))._root
    assert root.name == "recovery"
    assert str(root).startswith(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation))
