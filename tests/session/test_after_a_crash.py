from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.session.snapshots import read
from tests.documents import OtherProcess, is_same, made_project
from tests.session.conftest import Ears
from tests.session.desks import KeptDesk


@pytest.fixture
def desk(kept_desk: KeptDesk) -> KeptDesk:
    return kept_desk


@pytest.fixture
def left(qtbot: QtBot, root: Path) -> KeptDesk:
    """What a crash has left: document 5 with two runs."""
    made = KeptDesk(root)
    made.change(5, runs=2)
    qtbot.waitUntil(lambda: made.keeps(5, 2))
    made.crash()
    return made


def test_that_a_crash_is_offered_once_and_recovered_untitled_and_modified(qtbot, left, desk, root):
    (orphan,) = desk.recovery.orphans()
    assert orphan.num_runs == 2
    with qtbot.waitSignal(desk.recovery.recovered):
        desk.recovery.recover(orphan)
    assert is_same(desk.project, made_project(5, runs=2))
    assert desk.document.path is None
    assert desk.document.is_modified
    qtbot.waitUntil(lambda: desk.keeps(5, 2) and not orphan.folder.exists())
    assert desk.recovery.orphans() == ()
    desk.crash()
    other = KeptDesk(root)
    (again,) = other.recovery.orphans()  # the second crash loses nothing either
    assert again.num_runs == 2
    other.recovery.discard(again)
    other.close()


def test_that_what_was_left_stays_until_there_is_a_snapshot_of_the_document_that_adopted_it(
    qtbot, left, desk, monkeypatch
):
    (orphan,) = desk.recovery.orphans()
    monkeypatch.setattr(desk.recovery, "_snapshot", lambda: replace(desk.project, runs_made=-1))
    with qtbot.waitSignal(desk.recovery.failed):
        desk.recovery.recover(orphan)
    assert orphan.folder.exists()
    monkeypatch.setattr(desk.recovery, "_snapshot", desk.snapshot)
    qtbot.waitUntil(lambda: not orphan.folder.exists())
    assert desk.keeps(5, 2)


def test_that_saving_what_was_recovered_removes_what_was_left(qtbot, left, desk, root, tmp_path):
    (orphan,) = desk.recovery.orphans()
    with qtbot.waitSignal(desk.recovery.recovered):
        desk.recovery.recover(orphan)
    with qtbot.waitSignal(desk.document.saved):
        desk.document.save(tmp_path / "a.mdn")
    qtbot.waitUntil(lambda: list(root.iterdir()) == [])


def test_that_closing_what_was_recovered_without_saving_removes_what_was_left(qtbot, left, desk, root):
    (orphan,) = desk.recovery.orphans()
    with qtbot.waitSignal(desk.recovery.recovered):
        desk.recovery.recover(orphan)
    desk.recovery.shut_down()
    assert list(root.iterdir()) == []


def test_that_what_is_read_but_not_adopted_is_kept(qtbot, left, desk):
    desk.recovery.recovered.disconnect(desk.adopt)
    (orphan,) = desk.recovery.orphans()
    with qtbot.waitSignal(desk.recovery.recovered):
        desk.recovery.recover(orphan)
    desk.change(3)
    qtbot.waitUntil(lambda: desk.keeps(3))
    assert orphan.folder.exists()


def test_that_what_is_discarded_is_gone(qtbot, left, desk, root):
    (orphan,) = desk.recovery.orphans()
    desk.recovery.discard(orphan)
    qtbot.waitUntil(lambda: list(root.iterdir()) == [])
    assert desk.recovery.orphans() == ()


def test_that_what_is_not_answered_stays_for_the_next_start(qtbot, left, desk, root):
    assert len(desk.recovery.orphans()) == 1
    assert len(desk.recovery.orphans()) == 1
    desk.recovery.shut_down()
    other = KeptDesk(root)
    assert len(other.recovery.orphans()) == 1
    other.close()


def test_that_of_two_windows_that_start_together_one_offers_it(qtbot, left, desk, root):
    other = KeptDesk(root)
    assert len(desk.recovery.orphans()) == 1
    assert other.recovery.orphans() == ()
    other.close()


def test_that_what_cannot_be_read_is_told_and_set_aside(qtbot, left, desk, root, hear: Ears):
    failed = hear(desk.recovery.failed)
    (orphan,) = desk.recovery.orphans()
    next(orphan.folder.glob("rest-*")).write_bytes(b"nonsense")
    desk.recovery.recover(orphan)
    qtbot.waitUntil(lambda: bool(failed) and desk.is_at_rest)
    assert str(orphan.folder) in failed[0].message
    assert [file.name for file in root.iterdir()] == [f"{orphan.folder.name}.unreadable"]
    assert desk.recovery.orphans() == ()
    assert is_same(desk.project, made_project(1))


def test_that_leftovers_without_a_note_that_can_be_read_are_named(qtbot, left, desk, root, hear: Ears):
    failed = hear(desk.recovery.failed)
    next(root.glob("*/snapshot.json")).write_bytes(b"nonsense")
    assert desk.recovery.orphans() == ()
    (error,) = failed
    assert ".unreadable" in error.message


# -- another process --------------------------------------------------------------------------------------------------


def newest_of(other: OtherProcess, runs: int) -> int:
    """Return how many runs the other process has, once it has so many."""
    said = 0
    while said < runs:
        said = other.says()["runs"]
    return said


def test_that_a_process_that_is_killed_leaves_its_newest_state_to_one_other(qtbot, desk, root):
    with OtherProcess("keep", root, 3, 400) as other:
        newest_of(other, 60)
        assert desk.recovery.orphans() == ()
        other.kill()
    (orphan,) = desk.recovery.orphans()
    assert orphan.title == "document 3"
    with qtbot.waitSignal(desk.recovery.recovered):
        desk.recovery.recover(orphan)
    assert is_same(desk.project, made_project(3, runs=orphan.num_runs, title="document 3"))
    assert orphan.num_runs >= 10


def test_that_two_processes_killed_together_leave_two_documents_that_are_not_mixed(qtbot, desk, root):
    with OtherProcess("keep", root, 3, 400) as first, OtherProcess("keep", root, 4, 400) as second:
        newest_of(first, 40)
        newest_of(second, 40)
        first.kill()
        second.kill()
    orphans = desk.recovery.orphans()
    assert {orphan.title for orphan in orphans} == {"document 3", "document 4"}
    for orphan in orphans:
        seed = int(orphan.title[-1])
        assert is_same(read(orphan.folder), made_project(seed, runs=orphan.num_runs))


def test_that_a_process_that_ends_cleanly_leaves_nothing(root):
    with OtherProcess("keep", root, 3, 40) as other:
        newest_of(other, 30)
        assert other.end() == 0
    assert list(root.iterdir()) == []
