import os
import socket
from pathlib import Path

import pytest

from mdn_gui.session.locks import FileLock
from tests.documents import OtherProcess


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.mdn"


def left_by(pid: int, host: str, lock: Path) -> None:
    """Write a lock file that says so, of a process that has it no more."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    machine = Path("/etc/machine-id")
    ids = [each.read_text(encoding="ascii").strip() if each.exists() else "" for each in (machine, boot)]
    name = Path(os.readlink("/proc/self/exe")).name if Path("/proc/self/exe").exists() else "python"
    lock.write_text("\n".join([str(pid), name, host, *(ids if host == socket.gethostname() else ["", ""])]) + "\n")


def test_that_a_lock_is_a_hidden_file_beside_the_document_while_it_is_held(file):
    lock = FileLock.of_document(file)
    assert lock.take()
    assert lock.is_held
    assert [each.name for each in file.parent.iterdir()] == [".a.mdn.lock"]
    lock.release()
    assert not lock.is_held
    assert list(file.parent.iterdir()) == []


def test_that_a_lock_is_had_once_in_one_process_too(file):
    first, second = FileLock.of_document(file), FileLock.of_document(file)
    assert first.take()
    assert first.take()
    assert not second.take()
    assert not second.is_held
    assert second.holder is not None
    assert second.holder.pid == os.getpid()
    first.release()
    assert second.take()
    assert second.holder is None
    second.release()


def test_that_a_link_to_a_document_has_the_same_lock(file, tmp_path):
    file.touch()
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "b.mdn"
    link.symlink_to(file)
    lock = FileLock.of_document(file)
    lock.take()
    assert not FileLock.of_document(link).take()
    lock.release()


def test_that_another_process_is_named_while_it_lives_and_loses_the_lock_when_it_is_killed(file):
    with OtherProcess("hold", file) as other:
        assert other.says() == {"took": True}
        lock = FileLock.of_document(file)
        assert not lock.take()
        assert lock.holder is not None
        assert lock.holder.pid == other.process.pid
        assert lock.holder.is_here
        other.kill()
        assert lock.take()
        lock.release()


def test_that_a_process_that_has_been_killed_but_not_waited_for_holds_nothing(file):
    with OtherProcess("hold", file) as other:
        other.says()
        other.process.kill()
        os.waitid(os.P_PID, other.process.pid, os.WEXITED | os.WNOWAIT)
        lock = FileLock.of_document(file)
        assert lock.take()
        lock.release()


def test_that_a_lock_is_free_whose_process_is_gone_though_another_one_has_its_number(file):
    lock = FileLock.of_document(file)
    left_by(os.getpid(), socket.gethostname(), lock.file)
    assert lock.take()
    assert lock.is_held
    lock.release()


def test_that_a_lock_of_another_computer_is_believed(file):
    lock = FileLock.of_document(file)
    left_by(1, "another-computer", lock.file)
    assert not lock.take()
    assert lock.holder is not None
    assert lock.holder.host == "another-computer"
    assert not lock.holder.is_here
    assert lock.file.exists()


@pytest.mark.parametrize("content", ["", "nonsense"])
def test_that_a_lock_file_that_names_nobody_counts_for_a_moment_only(file, content):
    lock = FileLock.of_document(file)
    lock.file.write_text(content, encoding="ascii")
    assert not lock.take()
    assert lock.holder is None
    os.utime(lock.file, (1e9, 1e9))
    assert lock.take()
    lock.release()


@pytest.mark.parametrize("path", ["/proc/none.mdn", "/no/such/folder/a.mdn", "a" * 254 + "/a.mdn", "b" * 254])
def test_that_where_no_lock_can_be_made_nobody_is_in_the_way(path, tmp_path):
    lock = FileLock.of_document(tmp_path / path)
    assert lock.take()
    assert not lock.is_held
    lock.release()
