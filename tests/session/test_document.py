from pathlib import Path
from threading import Event, get_ident

import pytest

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects import opening
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.locks import FileLock
from mdn_gui.session.place import NotSavedError
from tests.documents import is_same, made_project
from tests.session.conftest import Ears
from tests.session.desks import Gate, open_in, save_in, wait_until_free

# -- opening ----------------------------------------------------------------------------------------------------------


def test_that_it_begins_untitled_with_nothing_to_lose(desk):
    document = desk.document
    assert (document.path, document.is_modified, document.is_busy, document.is_locked_elsewhere) == (None,) + 3 * (
        False,
    )


def test_that_a_file_is_read_in_another_thread_and_until_then_everything_stays(qtbot, desk, file, monkeypatch):
    threads, may_end = [], Event()

    def read(path: Path) -> Project:
        threads.append(get_ident())
        may_end.wait()
        return open_project(path)

    monkeypatch.setattr(opening, "open_project", read)
    desk.change(2)
    desk.document.open(file)
    qtbot.waitUntil(lambda: bool(threads))
    assert desk.document.is_busy
    assert desk.document.path is None
    assert desk.document.is_modified
    with qtbot.waitSignal(desk.document.opened):
        may_end.set()
    assert threads != [get_ident()]
    assert is_same(desk.project, made_project(7))
    assert desk.document.path == file
    assert not desk.document.is_modified
    assert not desk.document.is_busy


def test_that_a_document_is_locked_while_it_is_open(qtbot, desk, file, tmp_path):
    open_in(qtbot, desk, file)
    assert not FileLock.of_document(file).take()
    save_project(tmp_path / "b.mdn", made_project(8))
    open_in(qtbot, desk, tmp_path / "b.mdn")
    wait_until_free(qtbot, file)
    assert not FileLock.of_document(tmp_path / "b.mdn").take()
    desk.document.begin_anew()
    assert desk.document.path is None
    wait_until_free(qtbot, tmp_path / "b.mdn")


def test_that_a_project_that_nobody_can_take_leaves_an_untitled_document_that_is_modified(qtbot, desk, file):
    desk.document.opened.disconnect(desk.take)
    desk.document.opened.connect(desk.document.adopt)
    open_in(qtbot, desk, file)
    assert desk.document.path is None
    assert desk.document.is_modified
    wait_until_free(qtbot, file)


def test_that_a_file_that_cannot_be_opened_leaves_the_document_as_it_is(qtbot, desk, file, tmp_path):
    open_in(qtbot, desk, file)
    desk.change(2)
    (tmp_path / "bad.mdn").write_bytes(b"PK nonsense")
    with qtbot.waitSignal(desk.document.failed) as failed:
        desk.document.open(tmp_path / "bad.mdn")
    assert isinstance(failed.args[0], ProjectFileError)
    assert not isinstance(failed.args[0], NotSavedError)
    assert desk.document.path == file
    assert desk.document.is_modified
    assert not FileLock.of_document(file).take()
    assert FileLock.of_document(tmp_path / "bad.mdn").take()


def test_that_a_surprise_while_reading_is_told_in_words(qtbot, desk, file, monkeypatch):
    def fail(_: Path) -> Project:
        raise KeyError("surprise")

    monkeypatch.setattr(opening, "open_project", fail)
    with qtbot.waitSignal(desk.document.failed) as failed:
        desk.document.open(file)
    assert "surprise" in failed.args[0].message


def test_that_the_file_that_was_asked_for_last_is_opened(qtbot, desk, file, tmp_path, monkeypatch, hear: Ears):
    may_end, opened = Event(), hear(desk.document.opened)

    def read(path: Path) -> Project:
        if path == file:
            may_end.wait()
        return open_project(path)

    monkeypatch.setattr(opening, "open_project", read)
    save_project(tmp_path / "b.mdn", made_project(8))
    desk.document.open(file)
    open_in(qtbot, desk, tmp_path / "b.mdn")
    may_end.set()
    wait_until_free(qtbot, file)
    assert len(opened) == 1
    assert desk.document.path == tmp_path / "b.mdn"


def test_that_opening_the_open_file_again_keeps_its_lock(qtbot, desk, file, hear: Ears):
    open_in(qtbot, desk, file)
    desk.change(2)
    open_in(qtbot, desk, file)
    assert not desk.document.is_modified
    assert not desk.document.is_locked_elsewhere
    desk.document._disk.wait()
    assert not FileLock.of_document(file).take()
    save_in(qtbot, desk)
    desk.document.begin_anew()
    wait_until_free(qtbot, file)


def test_that_a_damaged_file_opened_in_place_of_itself_stays_locked(qtbot, desk, file):
    open_in(qtbot, desk, file)
    file.write_bytes(b"PK nonsense")
    with qtbot.waitSignal(desk.document.failed):
        desk.document.open(file)
    assert not FileLock.of_document(file).take()


def test_that_a_file_closed_a_moment_ago_is_opened_again_as_its_own(qtbot, desk, file):
    for _ in range(5):
        open_in(qtbot, desk, file)
        assert not desk.document.is_locked_elsewhere
        desk.document.begin_anew()


def test_that_a_file_that_is_being_saved_is_opened_as_saved(qtbot, desk, file, monkeypatch):
    open_in(qtbot, desk, file)
    gate = Gate(monkeypatch)
    desk.change(9)
    desk.document.save()
    assert gate.begun.wait(5)
    desk.document.begin_anew()
    desk.document.open(file)
    with qtbot.waitSignal(desk.document.opened):
        gate.may_go_on.set()
    assert is_same(desk.project, made_project(9))
    assert not desk.document.is_locked_elsewhere
    desk.document._disk.wait()
    assert not FileLock.of_document(file).take()


# -- saving -----------------------------------------------------------------------------------------------------------


def test_that_an_untitled_document_is_saved_where_a_person_chooses(qtbot, desk, tmp_path, hear: Ears):
    changed, settled = hear(desk.document.changed), hear(desk.document.settled)
    desk.change(3)
    with pytest.raises(ValueError, match="path"):
        desk.document.save()
    save_in(qtbot, desk, tmp_path / "new.mdn")
    assert desk.document.path == tmp_path / "new.mdn"
    assert not desk.document.is_modified
    assert is_same(open_project(tmp_path / "new.mdn"), made_project(3))
    assert not FileLock.of_document(tmp_path / "new.mdn").take()
    assert len(settled) == 1
    assert len(changed) == 3  # modified; being saved; saved under that name


def test_that_saving_works_on_the_state_it_was_asked_for_in_another_thread(qtbot, desk, file, monkeypatch):
    open_in(qtbot, desk, file)
    gate = Gate(monkeypatch)
    desk.change(3)
    desk.document.save()
    assert desk.document.is_saving
    desk.change(4)
    with qtbot.waitSignal(desk.document.saved):
        gate.may_go_on.set()
    assert gate.threads.isdisjoint({get_ident()})
    assert is_same(open_project(file), made_project(3))
    assert desk.document.is_modified
    save_in(qtbot, desk)
    assert not desk.document.is_modified
    assert is_same(open_project(file), made_project(4))


def test_that_saves_are_done_one_after_the_other_and_the_last_one_at_a_shut_down_too(qtbot, desk, file, monkeypatch):
    open_in(qtbot, desk, file)
    gate = Gate(monkeypatch)
    for seed in (3, 4, 5):
        desk.change(seed)
        desk.document.save()
    desk.document.save()
    gate.may_go_on.set()
    desk.document.shut_down()
    assert [project.runs[0].name for _, project in gate.saves] == ["3.1", "4.1", "5.1"]
    assert is_same(open_project(file), made_project(5))
    assert not desk.document.is_modified
    lock = FileLock.of_document(file)
    assert lock.take()
    lock.release()


def test_that_what_is_saved_twice_without_a_change_is_written_again_once_it_is_saved(qtbot, desk, file):
    open_in(qtbot, desk, file)
    save_in(qtbot, desk)
    file.unlink()
    save_in(qtbot, desk)
    assert is_same(open_project(file), made_project(7))


def test_that_saving_under_another_name_moves_the_document_and_its_lock(qtbot, desk, file, tmp_path):
    open_in(qtbot, desk, file)
    desk.change(3)
    save_in(qtbot, desk, tmp_path / "b.mdn")
    assert desk.document.path == tmp_path / "b.mdn"
    wait_until_free(qtbot, file)
    assert is_same(open_project(file), made_project(7))
    assert not FileLock.of_document(tmp_path / "b.mdn").take()


def test_that_a_save_behind_one_under_another_name_goes_there_too(qtbot, desk, file, tmp_path, monkeypatch):
    open_in(qtbot, desk, file)
    gate = Gate(monkeypatch)
    desk.document.save(tmp_path / "b.mdn")
    desk.change(4)
    desk.document.save()
    gate.may_go_on.set()
    qtbot.waitUntil(lambda: not desk.document.is_saving)
    assert [path.name for path, _ in gate.saves] == ["b.mdn", "b.mdn"]
    assert desk.document.path == tmp_path / "b.mdn"
    assert not desk.document.is_modified


def test_that_saving_through_a_link_to_the_open_file_is_no_conflict(qtbot, desk, file, tmp_path):
    open_in(qtbot, desk, file)
    (tmp_path / "there").mkdir()
    link = tmp_path / "there" / "link.mdn"
    link.symlink_to(file)
    desk.change(3)
    save_in(qtbot, desk, link)
    assert desk.document.path == link
    assert is_same(open_project(file), made_project(3))
    desk.document._disk.wait()
    assert not FileLock.of_document(file).take()


def test_that_a_save_of_a_document_that_was_closed_is_done_and_changes_nothing_else(qtbot, desk, tmp_path, monkeypatch):
    gate = Gate(monkeypatch)
    desk.change(3)
    desk.document.save(tmp_path / "old.mdn")
    assert gate.begun.wait(5)
    desk.document.begin_anew()
    desk.change(4)
    with qtbot.waitSignal(desk.document.saved):
        gate.may_go_on.set()
    assert is_same(open_project(tmp_path / "old.mdn"), made_project(3))
    assert desk.document.path is None
    assert desk.document.is_modified
    wait_until_free(qtbot, tmp_path / "old.mdn")
