"""Writing files whole or not at all."""

import contextlib
import errno
import os
import re
import resource
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from mdn_gui.files import saving
from mdn_gui.files.saving import SaveError, checked_destination, replace_file


def write_new(stream: BinaryIO) -> None:
    stream.write(b"new")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "file.txt"
    path.write_bytes(b"old")
    return path


@contextlib.contextmanager
def small_disk() -> Iterator[None]:
    """Let no file grow beyond 4 KiB; only inside the block, since the report of the tests is a file too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_that_a_new_file_is_written_alone(tmp_path: Path) -> None:
    replace_file(tmp_path / "file.txt", write_new)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file.txt": b"new"}


def test_that_the_old_file_is_replaced_with_its_permissions_kept(old: Path) -> None:
    old.chmod(0o640)
    replace_file(old, write_new)
    assert old.read_bytes() == b"new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert list(old.parent.iterdir()) == [old]


@pytest.mark.parametrize("linking", ["works", "is refused"])
def test_that_the_old_file_stays_as_a_backup(old: Path, monkeypatch: pytest.MonkeyPatch, linking: str) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    if linking == "is refused":
        monkeypatch.setattr(os, "link", refuse)
    for _ in range(2):
        replace_file(old, write_new, keep_previous=True)
    replace_file(old, lambda stream: stream.write(b"newest") and None, keep_previous=True)
    assert {path.name: path.read_bytes() for path in old.parent.iterdir()} == {
        "file.txt": b"newest",
        "file.txt.bak": b"new",
    }


def test_that_a_link_is_followed_not_replaced(old: Path) -> None:
    link = old.with_name("link.txt")
    link.symlink_to(old)
    replace_file(link, write_new)
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


def test_that_a_full_disk_leaves_the_old_file_and_nothing_else(old: Path) -> None:
    def write(stream: BinaryIO) -> None:
        for _ in range(10):
            stream.write(b"x" * 1024)

    with pytest.raises(SaveError, match=r"file\.txt was not saved: the disk is full") as caught, small_disk():
        replace_file(old, write)
    assert "Free some space" in caught.value.hint
    assert {path.name: path.read_bytes() for path in old.parent.iterdir()} == {"file.txt": b"old"}


@pytest.mark.parametrize(
    ("number", "what", "remedy"),
    [
        (errno.ENOSPC, "the disk is full", "Free some space"),
        (errno.EDQUOT, "the disk is full", "Free some space"),
        (errno.EROFS, "writing in .* is not allowed", "another folder"),
        (errno.EACCES, "writing in .* is not allowed", "another folder"),
        (errno.ENOENT, "there is no folder", "Choose a folder that exists"),
        (errno.EIO, "Input/output error", "Try again"),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_that_whatever_the_system_refuses_leaves_the_old_file(
    old: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, what: str, remedy: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "replace")), refuse)
    with pytest.raises(SaveError, match=rf"file\.txt was not saved: {what}") as caught:
        replace_file(old, write_new)
    assert remedy in caught.value.hint
    assert {path.name: path.read_bytes() for path in old.parent.iterdir()} == {"file.txt": b"old"}


def test_that_a_failing_writer_or_check_leaves_the_old_file(old: Path) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    for arguments in ({"write": fail}, {"write": write_new, "check": fail}):
        with pytest.raises(ZeroDivisionError):
            replace_file(old, **arguments)
        assert {path.name: path.read_bytes() for path in old.parent.iterdir()} == {"file.txt": b"old"}


def test_that_the_check_sees_the_whole_new_file_before_it_takes_its_place(old: Path) -> None:
    seen = []
    replace_file(old, write_new, check=lambda path: seen.append((path.read_bytes(), old.read_bytes())))
    assert seen == [(b"new", b"old")]


def test_that_a_folder_that_cannot_be_synchronised_does_no_harm(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    replace_file(old, write_new)
    assert old.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("name", "what", "remedy"),
    [
        ("gone/file.txt", "there is no folder", "Choose a folder that exists"),
        (".", "is a folder", "Give the name of a file"),
        ("/dev/null", "/dev/null is not a regular file", "Give the name of a file"),
        ("a\0b", "cannot be the name of a file", "another name"),
        ("n" * 300, "was not saved", "folder"),
    ],
)
def test_that_a_place_for_no_file_is_refused(tmp_path: Path, name: str, what: str, remedy: str) -> None:
    with pytest.raises(SaveError, match=what) as caught:
        replace_file(tmp_path / name, write_new)
    assert remedy in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_that_a_good_destination_is_given_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert checked_destination("file.txt") == tmp_path.resolve() / "file.txt"


LEFTOVER = f".file.txt.{'0af' * 5}1.part"


def names_beside(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir()}


def test_that_a_half_written_file_is_known_by_its_name(old: Path) -> None:
    seen: set[str] = set()
    replace_file(old, lambda stream: seen.update(names_beside(old)))
    (half,) = seen - {"file.txt"}
    assert re.fullmatch(r"\.file\.txt\.[0-9a-f]{16}\.part", half)


def test_that_what_a_killed_process_left_is_removed_after_a_day(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = {".other.txt.0123456789abcdef.part", ".file.txt.part", ".file.txt.0123.part", "file.txt.0123456789abcdef"}
    for name in (LEFTOVER, *others):
        old.with_name(name).write_bytes(b"half")
        os.utime(old.with_name(name), (0, 0))  # as a second name of an old file: linked just now
    replace_file(old, write_new)
    assert names_beside(old) == {"file.txt", LEFTOVER, *others}, "a younger one may still be written"
    tomorrow = time.time() + 86_500
    monkeypatch.setattr(saving.time, "time", lambda: tomorrow)
    replace_file(old, write_new)
    assert names_beside(old) == {"file.txt", *others}


def test_that_a_killed_process_leaves_a_file_that_the_next_day_removes(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = (
        "import os, sys\nfrom mdn_gui.files.saving import replace_file\n"
        "replace_file(sys.argv[1], lambda stream: os.kill(os.getpid(), 9))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(old)], check=False).returncode == -signal.SIGKILL
    assert len(names_beside(old)) == 2
    assert old.read_bytes() == b"old"
    tomorrow = time.time() + 86_500
    monkeypatch.setattr(saving.time, "time", lambda: tomorrow)
    replace_file(old, write_new)
    assert names_beside(old) == {"file.txt"}


def test_that_a_leftover_that_cannot_be_removed_hinders_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old.with_name(LEFTOVER).mkdir()
    tomorrow = time.time() + 86_500
    monkeypatch.setattr(saving.time, "time", lambda: tomorrow)
    replace_file(old, write_new)
    assert old.read_bytes() == b"new"


def test_that_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("ä" * 125 + ".txt")
    replace_file(path, write_new)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
