"""Snapshots of a document on the disk, for after a crash."""

import contextlib
import hashlib
import json
import logging
import re
import secrets
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TextIO

from mdn_gui.core.table import Table
from mdn_gui.errors import ProjectFileError, UserError
from mdn_gui.files.projects.project import Project
from mdn_gui.files.saving import replace_text
from mdn_gui.session.locks import FileLock

_NOTE, _SET_ASIDE, _LOCK = "snapshot.json", ".unreadable", ".lock"
_NAME = re.compile("[0-9a-f]{16}")
_LARGEST_NOTE = 1 << 16
_BLOCK_BYTES = 1 << 20
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a note raises that is not one."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class RecoveredDocument:
    """A document whose process ended without closing it.

    Parameters
    ----------
    title : str
        What it was called.
    path : Path or None
        Its project file; None for one that was never saved.
    when : datetime
        When the snapshot was taken, with its time zone.
    num_runs : int
        How many runs it holds.
    folder : Path
        Where the snapshot is.
    """

    title: str
    path: Path | None
    when: datetime
    num_runs: int
    folder: Path


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a document is at one moment.

    Parameters
    ----------
    project : Project
        Everything in it.
    title : str
        What it is called.
    path : Path or None
        Its project file.
    when : datetime
        The moment, with its time zone.
    """

    project: Project
    title: str
    path: Path | None
    when: datetime


class SnapshotFolder:
    """The folder of one document: its newest snapshot, locked by this process.

    The snapshot has two parts, each a project file: the rows, written once a table since they can be large, and the
    rest. A note names both with their SHA-256. It is put in its place last, in one step, and files that it names are
    never written again: whenever the process ends, there is a whole snapshot, or none yet. All of this is done off the
    GUI thread, by one thread at a time.

    Parameters
    ----------
    root : Path
        Where the folders of all documents are.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / secrets.token_hex(8)
        self._lock = FileLock(_lock_file(self._path))
        self._count = 0
        self._tables: tuple[Table | None, Table | None] = (None, None)
        self._rows_entry: dict[str, str] | None = None

    def write(self, snapshot: Snapshot) -> None:
        """Replace the snapshot.

        Raises
        ------
        UserError
            When it cannot be written; the one before is still there.
        """
        self._make()
        self._count += 1
        self._write_rows(snapshot.project)
        rest = self._written("rest", _rest_of(snapshot.project))
        note = {
            "title": snapshot.title,
            "path": None if snapshot.path is None else str(snapshot.path),
            "when": snapshot.when.timestamp(),
            "runs": len(snapshot.project.runs),
            "rows": self._rows_entry,
            "rest": rest,
        }

        def write_note(stream: TextIO) -> None:
            json.dump(note, stream)

        replace_text(self._path / _NOTE, write_note)
        named = {_NOTE, *(entry["file"] for entry in (self._rows_entry, rest) if entry)}
        for file in self._path.iterdir():
            if file.name not in named:
                file.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the folder, let its lock go."""
        remove(self._path)
        self._tables, self._rows_entry = (None, None), None
        self._lock.release()

    def _make(self) -> None:
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.take()
            if not self._lock.is_held:
                raise OSError("it cannot be locked")
            self._path.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            message = f"{self._root} cannot hold what would be recovered after a crash: {error.strerror or error}."
            raise ProjectFileError(message, "Save the project now and then.") from error

    def _write_rows(self, project: Project) -> None:
        tables = _tables(project)
        if project.table is None:
            self._tables, self._rows_entry = tables, None
        elif tables != self._tables or not self._has_rows():
            self._rows_entry = None
            self._rows_entry = self._written("rows", _rows_of(project))
            self._tables = tables

    def _has_rows(self) -> bool:
        return self._rows_entry is not None and (self._path / self._rows_entry["file"]).is_file()

    def _written(self, part: str, project: Project) -> dict[str, str]:
        """Write one part to a file of its own; return what the note says of it."""
        from mdn_gui.files.projects.saving import save_project

        file = self._path / f"{part}-{self._count}.mdn"
        save_project(file, project)
        return {"file": file.name, "sha256": _digest(file)}


def found_in(root: Path) -> tuple[list[tuple[RecoveredDocument, FileLock]], list[Path]]:
    """Return what processes that are gone have left, each locked from now on, the newest first; and what was set aside.

    A folder whose note cannot be read is renamed. What was left before a first snapshot was whole is removed.

    Parameters
    ----------
    root : Path
        Where the folders of all documents are; it need not exist.
    """
    found: list[tuple[RecoveredDocument, FileLock]] = []
    aside: list[Path] = []
    for folder in _left_in(root):
        lock = FileLock(_lock_file(folder))
        if not lock.take() or not lock.is_held:
            continue
        try:
            found.append((_described(folder), lock))
            continue
        except FileNotFoundError:
            remove(folder)
        except _UNREADABLE as error:
            logger.warning("%s cannot be read: %s", folder, error)
            aside.append(set_aside(folder))
        lock.release()
    return sorted(found, key=lambda each: each[0].when, reverse=True), aside


def read(folder: Path) -> Project:
    """Return the document in a folder; its rows and the rest belong together.

    Raises
    ------
    ProjectFileError
        When that is not possible.
    """
    from mdn_gui.files.projects.opening import open_project

    try:
        note = _note(folder)
        entries = {part: note[part] for part in ("rows", "rest") if note[part] is not None}
        files = {part: folder / Path(entry["file"]).name for part, entry in entries.items()}
        fitting = [part for part, file in files.items() if _digest(file) == entries[part]["sha256"]]
    except _UNREADABLE as error:
        raise _refusal(folder, "it is not complete") from error
    if fitting != list(files) or "rest" not in files:
        raise _refusal(folder, "its parts do not belong together")
    try:
        parts = {part: open_project(file) for part, file in files.items()}
    except UserError as error:
        raise _refusal(folder, error.message.rstrip(".")) from error
    return _joined(parts["rest"], parts.get("rows"))


def remove(folder: Path) -> None:
    """Remove a folder: its note first, so that what is left of it is never offered."""
    with contextlib.suppress(OSError):
        (folder / _NOTE).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def set_aside(folder: Path) -> Path:
    """Rename a folder, so that it is not offered again; return where it is now."""
    there = folder.with_name(folder.name + _SET_ASIDE)
    with contextlib.suppress(OSError):
        return folder.rename(there)
    return folder


def _left_in(root: Path) -> list[Path]:
    """Return the folders of documents, also those of which only the lock is left."""
    try:
        names = {file.name.removesuffix(_LOCK) for file in root.iterdir()}
    except OSError:
        return []
    return [root / name for name in sorted(names) if _NAME.fullmatch(name)]


def _lock_file(folder: Path) -> Path:
    """Return the lock of a folder: beside it, so that it can be there first, and go last."""
    return folder.with_name(folder.name + _LOCK)


def _described(folder: Path) -> RecoveredDocument:
    note = _note(folder)
    path, title, num_runs = note["path"], note["title"], note["runs"]
    if not isinstance(title, str) or not isinstance(num_runs, int):
        raise ValueError("the note is not one")
    when = datetime.fromtimestamp(float(note["when"]), timezone.utc)
    return RecoveredDocument(title, None if path is None else Path(path), when, num_runs, folder)


def _note(folder: Path) -> dict[str, Any]:
    with (folder / _NOTE).open("rb") as stream:
        note = json.loads(stream.read(_LARGEST_NOTE))
    if not isinstance(note, dict):
        raise TypeError("the note is not an object")
    return note


def _refusal(folder: Path, reason: str) -> ProjectFileError:
    return ProjectFileError(f"{folder} cannot be recovered: {reason}.", "It is set aside beside its place, unchanged.")


def _rows_of(project: Project) -> Project:
    """Return the part that holds the tables."""
    return Project(table=project.table, taken=project.taken)


def _rest_of(project: Project) -> Project:
    """Return the part that holds everything but the tables."""
    taken = project.taken
    return replace(project, table=None, taken=None if taken is None else replace(taken, test_table=None))


def _joined(rest: Project, rows: Project | None) -> Project:
    taken = rest.taken
    if rows is None:
        return rest
    if taken is not None and rows.taken is not None:
        taken = replace(taken, test_table=rows.taken.test_table)
    return replace(rest, table=rows.table, taken=taken)


def _tables(project: Project) -> tuple[Table | None, Table | None]:
    """Return the rows to learn from, the rows of the test; compared by identity, since they never change."""
    return project.table, None if project.taken is None else project.taken.test_table


def _digest(file: Path) -> str:
    summary = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            summary.update(block)
    return summary.hexdigest()
