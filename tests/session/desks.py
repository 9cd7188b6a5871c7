"""Documents on the desks of tests: with what a person works on, ways to wait for the disk."""

from pathlib import Path
from threading import Event, get_ident

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.files.projects import saving
from mdn_gui.files.projects.project import Project
from mdn_gui.session.document import Document
from mdn_gui.session.locks import FileLock
from mdn_gui.session.place import NotSavedError
from mdn_gui.session.recovery import Recovery
from mdn_gui.session.snapshots import read
from tests.documents import is_same, made_project


class Desk:
    """What a person works on: the project that the document takes snapshots of."""

    def __init__(self) -> None:
        self.project = made_project(1)
        self.document = Document(lambda: self.project)
        self.document.opened.connect(self.take)

    def take(self, project: Project) -> None:
        self.project = project
        self.document.touch()  # as every part of a session does that is given something else

    def change(self, seed: int) -> None:
        self.project = made_project(seed)
        self.document.touch()

    def close(self) -> None:
        self.document.shut_down()
        self.document.deleteLater()


class KeptDesk:
    """A document with its recovery, wired as in the program; in place of what a person works on it has a project."""

    def __init__(self, root: Path, seed: int = 1, interval: float = 0.0) -> None:
        self.root = root
        self.project = made_project(seed)
        self.is_running = False
        self.asked = 0
        self.document = Document(lambda: self.project)
        self.recovery = Recovery(self.snapshot, self.document, root, interval=interval)
        self.recovery.recovered.connect(self.adopt)

    def snapshot(self) -> Project | None:
        self.asked += 1
        return self.project if self.document.is_modified or self.is_running else None

    def adopt(self, project: Project) -> None:
        self.project = project
        self.document.adopt()

    def change(self, seed: int, *, runs: int = 1) -> None:
        self.project = made_project(seed, runs=runs)
        self.document.touch()

    @property
    def kept(self) -> Project | None:
        """What would be recovered if the process ended now."""
        folder = self.recovery._folder._path
        return read(folder) if (folder / "snapshot.json").exists() else None

    def keeps(self, seed: int, runs: int = 1) -> bool:
        if self.recovery._disk.is_busy:
            return False
        kept = self.kept
        return kept is not None and is_same(kept, made_project(seed, runs=runs))

    @property
    def is_at_rest(self) -> bool:
        return not (self.recovery._disk.is_busy or self.recovery._timer.isActive())

    def crash(self) -> None:
        """Leave everything as a process does that is killed."""
        self.recovery._is_over = True
        self.recovery._timer.stop()
        self.recovery._disk.shut_down()
        self.recovery._folder._lock.release()
        for lock in self.recovery._left.values():
            lock.release()
        self.document.shut_down()

    def close(self) -> None:
        self.recovery.shut_down()
        self.document.shut_down()


class Gate:
    """Holds saves at their beginning until they may go on, and knows where and what they were of."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may_go_on, self.begun = Event(), Event()
        self.saves: list[tuple[Path, Project]] = []
        self.threads: set[int] = set()
        self._save = saving.save_project
        monkeypatch.setattr(saving, "save_project", self)

    def __call__(self, path: Path, project: Project) -> None:
        self.begun.set()
        self.may_go_on.wait()
        self.saves.append((path, project))
        self.threads.add(get_ident())
        self._save(path, project)


def wait_until_free(qtbot: QtBot, path: Path) -> None:
    """Return when nobody has a document open any more."""
    lock = FileLock.of_document(path)
    qtbot.waitUntil(lock.take)
    lock.release()


def open_in(qtbot: QtBot, desk: Desk, path: Path) -> None:
    with qtbot.waitSignal(desk.document.opened):
        desk.document.open(path)


def save_in(qtbot: QtBot, desk: Desk, path: Path | None = None) -> None:
    with qtbot.waitSignal(desk.document.saved):
        desk.document.save(path)


def refused_save(qtbot: QtBot, desk: Desk, path: Path | None = None) -> NotSavedError:
    with qtbot.waitSignal(desk.document.failed) as failed:
        desk.document.save(path)
    (error,) = failed.args
    assert isinstance(error, NotSavedError)
    assert error.hint
    return error
