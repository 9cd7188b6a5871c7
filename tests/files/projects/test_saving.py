"""A project is saved whole or not at all; opening one runs nothing."""

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects import saving
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from tests.files.models import random_model
from tests.files.projects.archives import assert_refused
from tests.files.projects.examples import example_project, example_run

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "m.mdn"
    save_project(path, example_project())
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_that_the_same_project_gives_the_same_file(saved: Path, tmp_path: Path) -> None:
    save_project(tmp_path / "again.mdn", example_project())
    assert (tmp_path / "again.mdn").read_bytes() == saved.read_bytes()


def test_that_saving_again_keeps_the_previous_file(saved: Path) -> None:
    before = saved.read_bytes()
    save_project(saved, example_project(shown=1))
    assert contents(saved.parent) == {"m.mdn": saved.read_bytes(), "m.mdn.bak": before}
    assert (open_project(saved).shown, open_project(saved.with_name("m.mdn.bak")).shown) == (1, 4)


def test_that_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "m.mdn"
    with path.open("wb") as stream:
        stream.truncate(2**31)
    assert_refused(path, "larger than 2 GiB", "Choose a .mdn file")


def test_that_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert_refused(tmp_path / "gone.mdn", "there is no such file", "Check the name")
    assert_refused(tmp_path, "it is a folder", "Choose a .mdn file")
    assert_refused(Path("/dev/null"), "not a regular file", "Choose a .mdn file")


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (PermissionError(13, "denied"), "may not be read"),
        (OSError(5, "I/O error"), "I/O error"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_that_a_file_the_system_withholds_is_named(
    saved: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, what: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert_refused(saved, what)


WATCHED = """
import json, sys
from pathlib import Path
from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.opening import open_project
seen = []
def watch(event, arguments):
    if event in {"exec", "compile", "import", "marshal.loads", "pickle.find_class"} or event.startswith(
        ("subprocess", "socket", "os.system", "os.exec", "os.spawn", "os.posix", "ctypes", "os.remove", "os.rename")
    ):
        seen.append(event)
    if event == "open" and not (arguments[1] in {"r", "rb"} or arguments[1] is None and arguments[2] & 3 == 0):
        seen.append(event)
for path in sys.argv[2:2 + int(sys.argv[1])]:  # loads what the program itself needs to read a model
    open_project(path)
sys.addaudithook(watch)
told = []
for path in sys.argv[2:]:
    try:
        told.append(len(open_project(path).runs))
    except ProjectFileError as error:
        told.append(error.message)
print(json.dumps([told, seen]))
"""


def test_that_opening_runs_imports_and_writes_nothing(saved: Path) -> None:
    broken = saved.with_name("broken.mdn")
    broken.write_bytes(saved.read_bytes()[:-30])
    before = contents(saved.parent)
    golden = sorted((ROOT / "tests" / "files" / "golden").glob("*.mdn"))
    paths = [*golden, saved, broken, saved.with_name("gone.mdn")]
    command = [sys.executable, "-c", WATCHED, str(len(golden)), *map(str, paths)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    told, seen = json.loads(result.stdout)
    assert seen == []
    assert told[:-2] == [1, 1, 1, 1, 1, 1, 2, 2]
    assert all("cannot be opened" in each for each in told[-2:])
    assert contents(saved.parent) == before


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_that_a_failed_save_leaves_the_old_project(saved: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    before = saved.read_bytes()
    monkeypatch.setattr(os, "fsync", refuse)
    what = "the disk is full" if number == errno.ENOSPC else "is not allowed"
    with pytest.raises(ProjectFileError, match=what) as caught:
        save_project(saved, example_project(shown=1))
    assert "another folder" in caught.value.hint
    assert contents(saved.parent) == {"m.mdn": before}


class SmallDisk(io.RawIOBase):
    """Writes on, until so many bytes are written."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._left = stream, size

    def write(self, content: bytes) -> int:
        if len(content) > self._left:
            self._stream.write(content[: self._left])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._left -= len(content)
        return self._stream.write(content)


def test_that_a_disk_that_is_full_at_any_byte_leaves_the_old_project(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, write = saved.read_bytes(), saving.write_archive
    project = example_project(shown=1)
    for size in range(0, len(before), 997):
        monkeypatch.setattr(
            saving, "write_archive", lambda stream, members, s=size: write(SmallDisk(stream, s), members)
        )
        with pytest.raises(ProjectFileError, match="the disk is full") as caught:
            save_project(saved, project)
        assert "Free some space" in caught.value.hint
        assert contents(saved.parent) == {"m.mdn": before}


def test_that_a_folder_that_vanished_is_named(saved: Path) -> None:
    gone = saved.parent / "gone" / "m.mdn"
    with pytest.raises(ProjectFileError, match="there is no folder") as caught:
        save_project(gone, example_project())
    assert "Choose a folder that exists" in caught.value.hint


@pytest.mark.parametrize("damage", [lambda content: content[:-1] + b"!", lambda content: content[:-9], lambda _: b""])
def test_that_a_disk_that_changes_bytes_is_noticed(
    saved: Path, monkeypatch: pytest.MonkeyPatch, damage: object
) -> None:
    def spoil(stream: BinaryIO, members: object) -> None:
        whole = io.BytesIO()
        write(whole, members)
        stream.write(damage(whole.getvalue()))

    before, write = saved.read_bytes(), saving.write_archive
    monkeypatch.setattr(saving, "write_archive", spoil)
    with pytest.raises(ProjectFileError, match="other bytes than were written") as caught:
        save_project(saved, example_project(shown=1))
    assert "another folder" in caught.value.hint
    assert contents(saved.parent) == {"m.mdn": before}


def test_that_one_run_that_cannot_be_written_is_named(saved: Path) -> None:
    bad = random_model(9)
    for kernel in bad.network.members[0].kernels:
        kernel.setflags(write=True)
        kernel.fill(float("nan"))
    before = saved.read_bytes()
    with pytest.raises(ProjectFileError, match="run 3: ") as caught:
        save_project(saved, Project.of_run(example_run(3, bad)))
    assert "run 3" in caught.value.message + caught.value.hint
    assert saved.read_bytes() == before


KILLED = """
import shutil, sys
from pathlib import Path
from mdn_gui.files.projects.opening import open_project
from tests.files.projects.killing import saved_until
place, old, new, found = map(Path, sys.argv[1:])
project, step, ended = open_project(new), 0, False
while not ended:
    step += 1
    shutil.copyfile(old, place)
    ended = saved_until(step, place, project)
    shutil.copyfile(place, found / f"{step}.mdn")
print(step)
"""


def test_that_a_save_killed_at_any_step_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    old, new, place, found = (tmp_path / name for name in ("old.mdn", "new.mdn", "place", "found"))
    for path, seed in ((old, 0), (new, 1)):
        save_project(path, Project.of_run(example_run(1, random_model(seed, history=None))))
    place.mkdir()
    found.mkdir()
    command = [sys.executable, "-c", KILLED, *map(str, (place / "m.mdn", old, new, found))]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    left = [(found / f"{step}.mdn").read_bytes() for step in range(1, int(result.stdout) + 1)]
    kinds = [old.read_bytes(), new.read_bytes()]
    assert set(left) == set(kinds)
    assert left == sorted(left, key=kinds.index)  # once it is the new one it stays that
    assert len(left) > 30
    assert (place / "m.mdn.bak").read_bytes() == kinds[0]


def test_that_a_backup_is_named_only_where_there_is_one(tmp_path: Path) -> None:
    path = tmp_path / "m.mdn"
    save_project(path, Project())
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ProjectFileError) as alone:
        open_project(path)
    assert "It is damaged; open an earlier copy of it" in alone.value.hint
    assert ".bak" not in str(alone.value)
    (tmp_path / "m.mdn.bak").write_bytes(b"before")
    with pytest.raises(ProjectFileError) as beside:
        open_project(path)
    assert beside.value.hint == "It is damaged; open the copy before it, m.mdn.bak."
