import os
from dataclasses import replace
from pathlib import Path

import pytest

from mdn_gui.files.projects import opening, saving
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.locks import FileLock
from mdn_gui.session.place import ChangedOnDiskError, OpenElsewhereError
from tests.documents import OtherProcess, is_same, made_project
from tests.session.conftest import Ears
from tests.session.desks import open_in, refused_save, save_in, wait_until_free


def test_that_a_file_open_in_another_process_can_be_read_but_not_saved_over(qtbot, desk, file, tmp_path):
    with OtherProcess("open", file) as other:
        assert other.says() == {"runs": 1}
        open_in(qtbot, desk, file)
        assert desk.document.is_locked_elsewhere
        assert desk.document.holder is not None
        assert desk.document.holder.pid == other.process.pid
        desk.change(3)
        error = refused_save(qtbot, desk)
        assert isinstance(error, OpenElsewhereError)
        assert str(other.process.pid) in error.message
        assert desk.document.is_modified
        assert is_same(open_project(file), made_project(7))
        save_in(qtbot, desk, tmp_path / "mine.mdn")
        assert not desk.document.is_locked_elsewhere
        assert not desk.document.is_modified
        assert other.end() == 0


def test_that_it_can_be_saved_over_when_the_other_process_is_killed(qtbot, desk, file):
    with OtherProcess("open", file) as other:
        other.says()
        open_in(qtbot, desk, file)
        assert desk.document.is_locked_elsewhere
        other.kill()
        desk.change(3)
        save_in(qtbot, desk)
    assert not desk.document.is_locked_elsewhere
    assert not FileLock.of_document(file).take()


def test_that_saving_to_the_path_of_another_window_is_refused(qtbot, desk, other_desk, file):
    open_in(qtbot, other_desk, file)
    desk.change(3)
    assert isinstance(refused_save(qtbot, desk, file), OpenElsewhereError)
    assert desk.document.path is None
    assert desk.document.is_modified
    assert not desk.document.is_locked_elsewhere
    assert is_same(open_project(file), made_project(7))
    other_desk.change(4)
    save_in(qtbot, other_desk)


def test_that_a_file_changed_by_others_is_replaced_only_where_a_person_chooses_it(qtbot, desk, file):
    open_in(qtbot, desk, file)
    desk.change(3)
    save_in(qtbot, desk)
    save_project(file, made_project(8, runs=2))
    desk.change(4)
    assert isinstance(refused_save(qtbot, desk), ChangedOnDiskError)
    assert desk.document.is_modified
    assert is_same(open_project(file), made_project(8, runs=2))
    assert isinstance(refused_save(qtbot, desk), ChangedOnDiskError)
    save_in(qtbot, desk, file)
    assert is_same(open_project(file), made_project(4))
    desk.change(5)
    save_in(qtbot, desk)


def test_that_a_file_changed_while_it_is_read_counts_as_changed(qtbot, desk, file, monkeypatch):
    def read(path: Path) -> Project:
        project = open_project(path)
        save_project(path, made_project(8, runs=2))
        return project

    monkeypatch.setattr(opening, "open_project", read)
    open_in(qtbot, desk, file)
    assert isinstance(refused_save(qtbot, desk), ChangedOnDiskError)


@pytest.mark.parametrize("fault", ["read-only folder", "vanished folder", "a folder is there", "no name"])
def test_that_a_save_that_fails_leaves_the_document_modified_and_can_be_done_elsewhere(qtbot, desk, tmp_path, fault):
    folder = tmp_path / "folder"
    folder.mkdir()
    target = folder / "a.mdn"
    if fault == "a folder is there":
        target.mkdir()
    elif fault == "vanished folder":
        folder.rmdir()
    elif fault == "no name":
        target = folder / "a\0.mdn"
    else:
        target = Path("/proc/a.mdn")
    desk.change(3)
    assert refused_save(qtbot, desk, target).path == target
    assert desk.document.is_modified
    assert desk.document.path is None
    save_in(qtbot, desk, tmp_path / "b.mdn")
    assert not desk.document.is_modified


def test_that_a_disk_that_is_full_leaves_the_file_and_the_document_modified(qtbot, desk, file, monkeypatch):
    def fail(_: int) -> None:
        raise OSError(28, os.strerror(28))

    open_in(qtbot, desk, file)
    desk.change(3)
    monkeypatch.setattr("mdn_gui.files.saving.os.fsync", fail)
    assert "full" in refused_save(qtbot, desk).message
    monkeypatch.undo()
    assert desk.document.is_modified
    assert is_same(open_project(file), made_project(7))
    save_in(qtbot, desk)


def test_that_a_surprise_while_saving_is_told_in_words(qtbot, desk, tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(saving, "save_project", fail)
    desk.change(3)
    assert "surprise" in refused_save(qtbot, desk, tmp_path / "a.mdn").message
    assert FileLock.of_document(tmp_path / "a.mdn").take()


def test_that_a_document_that_was_recovered_is_untitled_and_modified(qtbot, desk, file, hear: Ears):
    adopted, settled = hear(desk.document.adopted), hear(desk.document.settled)
    open_in(qtbot, desk, file)
    desk.project = replace(made_project(5))
    desk.document.adopt()
    assert len(adopted) == 1
    assert len(settled) == 1  # the file that was opened before
    assert desk.document.path is None
    assert desk.document.is_modified
    wait_until_free(qtbot, file)
