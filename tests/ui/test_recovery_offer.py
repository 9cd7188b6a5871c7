"""What a crash has left is offered in the window."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.session.recovery import Recovery
from mdn_gui.session.snapshots import Snapshot, SnapshotFolder
from mdn_gui.ui.dialogs import Leaving
from tests.documents import made_project
from tests.ui.conftest import made_stage
from tests.ui.stage import Stage, made_table

BUTTONS = ("Recover", "Discard")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def kept(application, qtbot: QtBot, tmp_path: Path, root: Path) -> Iterator[Stage]:
    """A window that keeps snapshots."""
    with made_stage(qtbot, tmp_path / "preferences.ini", root) as stage:
        stage.show()
        yield stage


def recovery_of(stage: Stage) -> Recovery:
    recovery = stage.window.documents._keeping.recovery
    assert recovery is not None
    return recovery


def leave(root: Path, seed: int, *, minutes: int = 3, runs: int = 1, path: Path | None = None) -> Path:
    """Leave a document as a process does that was killed so many minutes ago; return its folder."""
    folder = SnapshotFolder(root)
    when = datetime.now(timezone.utc) - timedelta(minutes=minutes)
    folder.write(Snapshot(made_project(seed, runs=runs), f"left {seed}", path, when))
    folder._lock.release()
    return folder._path


def offer(stage: Stage) -> None:
    stage.window.documents.offer_recovery()
    stage.settle()


def offers(stage: Stage) -> list[str]:
    """Return what is offered; the runs of made-up documents saw other rows, which is told too."""
    return [message for message in stage.messages if message.startswith("Recovered")]


def runs(stage: Stage) -> list[str]:
    return [run.name for run in stage.session.run_list.runs]


def wait_until_gone(stage: Stage, folder: Path) -> None:
    stage.qtbot.waitUntil(lambda: not folder.exists(), timeout=10_000)


def test_that_nothing_is_offered_after_a_clean_end(kept: Stage):
    offer(kept)
    assert kept.notices == []


def test_that_a_window_without_snapshots_offers_nothing(stage: Stage, root):
    leave(root, 1)
    offer(stage)
    assert stage.notices == []


def test_that_what_was_left_is_recovered_untitled_and_modified(kept: Stage, root, tmp_path):
    folder = leave(root, 1, runs=2, path=tmp_path / "mine.mdn")
    offer(kept)
    assert offers(kept) == ["Recovered: left 1, 2 runs, 3 minutes ago"]
    assert "leaves mine.mdn as it was saved" in kept.notices[0].hint
    kept.press("Recover")
    kept.qtbot.waitUntil(lambda: runs(kept) == ["1.1", "1.2"])
    assert offers(kept) == []
    assert kept.window.documents.document.path is None
    assert kept.window.isWindowModified()
    assert kept.window.windowTitle().endswith("1.2[*] – mdn-gui")
    assert kept.plot.isVisible()
    wait_until_gone(kept, folder)


def test_that_what_was_left_is_discarded(kept: Stage, root):
    folder = leave(root, 1)
    offer(kept)
    kept.press("Discard")
    assert kept.notices == []
    wait_until_gone(kept, folder)
    assert kept.session.table is None


def test_that_an_offer_that_is_not_answered_is_made_again_at_the_next_start(application, qtbot, tmp_path, root):
    leave(root, 1)
    for _ in range(2):
        with made_stage(qtbot, tmp_path / "preferences.ini", root) as stage:
            stage.show()
            offer(stage)
            assert len(stage.notices) == 1
            stage.press("Dismiss")
            assert stage.notices == []


@pytest.mark.parametrize("button", BUTTONS)
def test_that_an_offer_outlives_the_notices_that_another_table_clears(kept: Stage, root, button):
    folder = leave(root, 1)
    offer(kept)
    kept.session.report(ValueError("something else"))
    kept.open()
    assert offers(kept) == ["Recovered: left 1, 1 run, 3 minutes ago"]
    kept.press(button)
    if button == "Recover":
        kept.qtbot.waitUntil(lambda: runs(kept) == ["1.1"])
    wait_until_gone(kept, folder)
    assert offers(kept) == []


def test_that_two_documents_are_offered_one_after_the_other_the_newest_first(kept: Stage, root):
    older, newer = leave(root, 1, minutes=9), leave(root, 2, minutes=4)
    offer(kept)
    assert offers(kept) == ["Recovered: left 2, 1 run, 4 minutes ago"]
    kept.press("Discard")
    assert offers(kept) == ["Recovered: left 1, 1 run, 9 minutes ago"]
    kept.press("Discard")
    assert kept.notices == []
    wait_until_gone(kept, older)
    wait_until_gone(kept, newer)


def test_that_the_second_document_is_still_offered_when_the_first_is_open(kept: Stage, root):
    leave(root, 1, minutes=9)
    leave(root, 2, minutes=4)
    offer(kept)
    kept.press("Recover")
    kept.qtbot.waitUntil(lambda: runs(kept) == ["2.1"])
    kept.settle()
    assert offers(kept) == ["Recovered: left 1, 1 run, 9 minutes ago"]
    kept.dialogs.leave_answer = Leaving.STAY
    kept.press("Recover")
    assert kept.dialogs.asked[-1].startswith("leave")
    assert runs(kept) == ["2.1"]
    assert len(offers(kept)) == 1
    kept.dialogs.leave_answer = Leaving.DISCARD
    kept.press("Recover")
    kept.qtbot.waitUntil(lambda: runs(kept) == ["1.1"])
    assert offers(kept) == []


def test_that_nothing_is_recovered_while_a_run_is_under_way(kept: Stage, root):
    kept.open()
    leave(root, 1)
    offer(kept)
    kept.train_until_running()
    kept.press("Recover")
    assert any("while a run is under way" in message for message in kept.messages)
    assert kept.session.table.title == made_table().title
    kept.fit.free.set()
    kept.wait_for_idle()
    kept.dialogs.leave_answer = Leaving.DISCARD
    kept.press("Recover")
    kept.qtbot.waitUntil(lambda: runs(kept) == ["1.1"])


def test_that_what_cannot_be_read_is_told_and_nothing_is_lost(kept: Stage, root):
    folder = leave(root, 1)
    next(folder.glob("rest*.mdn")).write_bytes(b"damaged")
    kept.open()
    kept.train()
    offer(kept)
    kept.press("Recover")
    kept.qtbot.waitUntil(lambda: any("cannot be recovered" in message for message in kept.messages))
    assert runs(kept) == [""]
    kept.qtbot.waitUntil(lambda: folder.with_name(folder.name + ".unreadable").exists())
