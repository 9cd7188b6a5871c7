import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.files.options import Unwatched
from mdn_gui.session.watching import FileWatcher, _Look, _looked_at, _stamp
from tests.session.conftest import Ears

SETTLE_MS = 40
NEVER_MS = 3_600_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "open.csv"
    path.parent.mkdir()
    path.write_text("x,y\n1,2\n", encoding="utf-8")
    return path


@pytest.fixture
def watcher(qtbot: QtBot) -> Iterator[FileWatcher]:
    """Told by the system alone."""
    made = FileWatcher(settle_ms=SETTLE_MS, poll_ms=NEVER_MS)
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def polling(qtbot: QtBot) -> Iterator[FileWatcher]:
    """On a drive of which the system tells nothing."""
    made = FileWatcher(settle_ms=SETTLE_MS, poll_ms=30)
    for signal in (made._system.fileChanged, made._system.directoryChanged):
        signal.disconnect(made._stir)
    yield made
    made.shut_down()
    made.deleteLater()


def begin(qtbot: QtBot, watcher: FileWatcher, path: Path) -> None:
    """Watch, and wait until the content is known."""
    with qtbot.waitSignal(watcher._job.finished):
        watcher.watch(path)


def replace(path: Path, text: str) -> None:
    """Write as editors do: a new file that takes the name of the old one."""
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def rewrite(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("write", [rewrite, replace])
@pytest.mark.parametrize("kind", ["watcher", "polling"])
def test_that_new_content_is_told_each_time(qtbot, file, write, kind, request):
    watcher = request.getfixturevalue(kind)
    begin(qtbot, watcher, file)
    for text in ("x,y\n1,3\n", "x,y\n1,4\n5,6\n"):
        with qtbot.waitSignal(watcher.changed) as told:
            write(file, text)
        assert told.args == [file]


def test_that_a_file_that_was_only_touched_is_not_told(qtbot, watcher, file, hear: Ears):
    begin(qtbot, watcher, file)
    told, looks = hear(watcher.changed), hear(watcher._job.finished)
    os.utime(file, ns=(1, 1))
    qtbot.waitUntil(lambda: any(look.digest and look.stamp[1] == 1 for look in looks))
    assert not told


def test_that_a_file_saved_as_it_was_is_not_told(qtbot, watcher, file, hear: Ears):
    begin(qtbot, watcher, file)
    told, looks = hear(watcher.changed), hear(watcher._job.finished)
    replace(file, "x,y\n1,2\n")
    number = file.stat().st_ino
    qtbot.waitUntil(lambda: any(look.digest and look.stamp[2] == number for look in looks))
    assert not told


def test_that_content_of_the_same_length_is_told(qtbot, watcher, file):
    begin(qtbot, watcher, file)
    before = file.stat()
    with qtbot.waitSignal(watcher.changed):
        rewrite(file, "x,y\n9,2\n")
    assert file.stat().st_size == before.st_size


def test_that_a_file_written_bit_by_bit_is_told_once_and_whole(qtbot, watcher, file, hear: Ears):
    begin(qtbot, watcher, file)
    told = hear(watcher.changed)
    with qtbot.waitSignal(watcher.changed), file.open("a", encoding="utf-8") as stream:
        for row in range(50):
            stream.write(f"{row},{row}\n")
            stream.flush()
            qtbot.waitUntil(lambda: watcher._settle.isActive() or bool(told))
    looks = hear(watcher._job.finished)
    watcher._look()
    qtbot.waitUntil(lambda: bool(looks))
    assert told == [file]
    assert looks[0].stamp[0] == file.stat().st_size


@pytest.mark.parametrize("kind", ["watcher", "polling"])
def test_that_a_file_that_is_deleted_is_told_and_its_return_too(qtbot, file, kind, request):
    watcher = request.getfixturevalue(kind)
    begin(qtbot, watcher, file)
    with qtbot.waitSignal(watcher.vanished) as told:
        file.unlink()
    assert told.args == [file]
    with qtbot.waitSignal(watcher.restored) as told:
        rewrite(file, "x,y\n1,2\n")
    assert told.args == [file]
    with qtbot.waitSignal(watcher.changed):
        rewrite(file, "x,y\n7,7\n")


def test_that_a_file_that_comes_back_changed_is_told_as_changed(qtbot, watcher, file, hear: Ears):
    begin(qtbot, watcher, file)
    restored = hear(watcher.restored)
    with qtbot.waitSignal(watcher.vanished):
        file.unlink()
    with qtbot.waitSignal(watcher.changed):
        rewrite(file, "x,y\n8,8\n")
    assert not restored


def test_that_a_change_taken_back_is_told_as_restored(qtbot, watcher, file):
    begin(qtbot, watcher, file)
    with qtbot.waitSignal(watcher.changed):
        rewrite(file, "x,y\n")
    with qtbot.waitSignal(watcher.restored):
        rewrite(file, "x,y\n1,2\n")


def test_that_a_folder_that_is_moved_away_and_back_is_told(qtbot, polling, file):
    begin(qtbot, polling, file)
    elsewhere = file.parent.with_name("elsewhere")
    with qtbot.waitSignal(polling.vanished):
        file.parent.rename(elsewhere)
    with qtbot.waitSignal(polling.restored):
        elsewhere.rename(file.parent)


def test_that_a_file_replaced_by_deleting_it_first_never_vanishes(qtbot, watcher, file, hear: Ears):
    begin(qtbot, watcher, file)
    vanished = hear(watcher.vanished)
    file.unlink()
    with qtbot.waitSignal(watcher._job.finished) as look:
        watcher._look()
    assert look.args[0].stamp is None
    with qtbot.waitSignal(watcher.changed):
        rewrite(file, "x,y\n3,3\n")
    assert not vanished


def test_that_what_is_written_before_the_content_is_known_is_told(qtbot, watcher, file, monkeypatch):
    stirred = threading.Event()

    def digest_of_a_file_being_written(path: Path, watch: object) -> str:
        if not stirred.is_set():
            rewrite(path, "x,y\nnew,new\n")
            stirred.set()
        return path.read_text(encoding="utf-8")

    monkeypatch.setattr("mdn_gui.session.watching._digest", digest_of_a_file_being_written)
    with qtbot.waitSignal(watcher.changed):
        watcher.watch(file)


def test_that_a_file_that_was_never_there_is_told_as_vanished(qtbot, watcher, tmp_path):
    with qtbot.waitSignal(watcher.vanished):
        watcher.watch(tmp_path / "nowhere" / "open.csv")


def test_that_a_folder_in_place_of_the_file_is_told_as_vanished(qtbot, watcher, file):
    begin(qtbot, watcher, file)
    with qtbot.waitSignal(watcher.vanished):
        file.unlink()
        file.mkdir()


def test_that_another_file_or_none_ends_the_watch(qtbot, watcher, file, tmp_path, hear: Ears):
    other = tmp_path / "other.csv"
    rewrite(other, "a,b\n1,1\n")
    begin(qtbot, watcher, file)
    begin(qtbot, watcher, other)
    told = hear(watcher.changed)
    rewrite(file, "x,y\n")
    with qtbot.waitSignal(watcher.changed):
        rewrite(other, "a,b\n")
    assert told == [other]
    watcher.watch(None)
    assert watcher.path is None
    assert not watcher._system.files() + watcher._system.directories()
    assert not any((watcher._poll.isActive(), watcher._settle.isActive(), watcher._job.is_busy))


def test_that_a_file_that_changed_since_the_last_look_is_not_read_yet(file):
    known, stamp = _Look((1, 1, 1), "digest"), _stamp(file)
    assert _looked_at(file, known, (2, 2, 2), Unwatched()) == _Look(stamp)
    assert _looked_at(file, known, stamp, Unwatched()).digest
    assert _looked_at(file, _Look(stamp, "digest"), None, Unwatched()) == _Look(stamp, "digest")


def test_that_reading_ends_when_nobody_waits_for_it(file):
    class Void(Unwatched):
        def is_cancelled(self) -> bool:
            return True

    assert _looked_at(file, None, None, Void()).digest is None


def test_that_shutting_down_cancels_the_look_under_way(qtbot, watcher, file, monkeypatch):
    begun, ended = threading.Event(), threading.Event()

    def long_digest(path: Path, watch: object) -> None:
        begun.set()
        while not watch.is_cancelled():
            threading.Event().wait(0.001)
        ended.set()

    monkeypatch.setattr("mdn_gui.session.watching._digest", long_digest)
    watcher.watch(file)
    assert begun.wait(5.0)
    watcher.shut_down()
    assert ended.is_set()


def test_that_a_pipe_is_never_opened_so_that_the_watching_can_end(qtbot, watcher, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert _stamp(pipe) is None  # before it is watched: whoever opens it waits for ever
    begin(qtbot, watcher, pipe)
