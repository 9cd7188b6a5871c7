import json
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from mdn_gui.errors import ProjectFileError, UserError
from mdn_gui.files.projects import saving
from mdn_gui.files.projects.project import Project
from mdn_gui.session import snapshots
from mdn_gui.session.snapshots import Snapshot, SnapshotFolder, found_in, read
from tests.documents import is_same, made_project

WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=timezone.utc)


def snapshot_of(project: Project, title: str = "a.mdn", path: Path | None = Path("/data/a.mdn")) -> Snapshot:
    return Snapshot(project, title, path, WHEN)


def files_in(folder: SnapshotFolder) -> list[str]:
    return sorted(file.name for file in folder._path.iterdir())


def left_behind(folder: SnapshotFolder) -> None:
    """Let the lock go, as the system does when a process is killed."""
    folder._lock.release()


def test_that_a_snapshot_is_found_only_when_its_process_is_gone(tmp_path):
    folder, project = SnapshotFolder(tmp_path / "recovery"), made_project(3, runs=2)
    folder.write(snapshot_of(project))
    assert found_in(tmp_path / "recovery") == ([], [])
    left_behind(folder)
    ((left, lock),), aside = found_in(tmp_path / "recovery")
    assert aside == []
    assert (left.title, left.path, left.when, left.num_runs) == ("a.mdn", Path("/data/a.mdn"), WHEN, 2)
    assert left.folder == folder._path
    assert is_same(read(left.folder), project)
    assert found_in(tmp_path / "recovery") == ([], [])  # the one who found it has it
    lock.release()


def test_that_rows_are_written_once_a_table_and_the_rest_each_time(tmp_path):
    folder, project = SnapshotFolder(tmp_path), made_project(3, runs=3)
    folder.write(snapshot_of(replace(project, runs=project.runs[:1], shown=1)))
    assert files_in(folder) == ["rest-1.mdn", "rows-1.mdn", "snapshot.json"]
    assert project.taken is not None
    changed = replace(project, taken=replace(project.taken, excluded=project.taken.excluded[:0]))
    folder.write(snapshot_of(changed))
    assert files_in(folder) == ["rest-2.mdn", "rows-1.mdn", "snapshot.json"]
    assert is_same(read(folder._path), changed)
    other = made_project(4)
    folder.write(snapshot_of(other))
    assert files_in(folder) == ["rest-3.mdn", "rows-3.mdn", "snapshot.json"]
    assert is_same(read(folder._path), other)
    with_test = replace(other, taken=replace(changed.taken, test_table=project.table))
    folder.write(snapshot_of(with_test))
    assert files_in(folder) == ["rest-4.mdn", "rows-4.mdn", "snapshot.json"]
    recovered = read(folder._path)
    assert recovered.taken is not None
    assert recovered.taken.test_table.holds_the_same(project.table)
    without_rows = replace(other, table=None, taken=None)
    folder.write(snapshot_of(without_rows))
    assert files_in(folder) == ["rest-5.mdn", "snapshot.json"]
    assert is_same(read(folder._path), without_rows)
    left_behind(folder)


def test_that_clearing_leaves_nothing_and_the_next_snapshot_is_whole_again(tmp_path):
    folder, project = SnapshotFolder(tmp_path), made_project(3)
    folder.write(snapshot_of(project))
    folder.clear()
    assert list(tmp_path.iterdir()) == []
    folder.write(snapshot_of(project))
    assert is_same(read(folder._path), project)
    folder.clear()
    folder.clear()
    assert list(tmp_path.iterdir()) == []


def test_that_a_folder_that_vanished_is_made_again(tmp_path):
    folder, project = SnapshotFolder(tmp_path), made_project(3)
    folder.write(snapshot_of(project))
    snapshots.remove(folder._path)
    folder.write(snapshot_of(project))
    assert is_same(read(folder._path), project)
    left_behind(folder)


@pytest.mark.parametrize("failing", ["rows", "rest", "note"])
def test_that_a_write_that_fails_leaves_the_snapshot_before(tmp_path, monkeypatch, failing):
    folder, before, after = SnapshotFolder(tmp_path), made_project(3), made_project(4)
    folder.write(snapshot_of(before))

    save = saving.save_project

    def save_or_fail(path: Path, project: Project) -> None:
        if path.name.startswith(failing):
            raise ProjectFileError("the disk is full")
        save(path, project)

    def fail(*_: object) -> None:
        raise ProjectFileError("the disk is full")

    monkeypatch.setattr(saving, "save_project", save_or_fail)
    if failing == "note":
        monkeypatch.setattr(snapshots, "replace_text", fail)
    with pytest.raises(UserError, match="full"):
        folder.write(snapshot_of(after))
    assert is_same(read(folder._path), before)
    monkeypatch.undo()
    folder.write(snapshot_of(after))
    assert is_same(read(folder._path), after)
    assert len(files_in(folder)) == 3
    left_behind(folder)


def test_that_where_no_folder_can_be_made_it_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ProjectFileError, match="cannot hold"):
        SnapshotFolder(tmp_path / "file").write(snapshot_of(made_project()))


def test_that_two_documents_never_share_a_folder(tmp_path):
    folders = [SnapshotFolder(tmp_path) for _ in range(2)]
    for seed, folder in enumerate(folders):
        folder.write(snapshot_of(made_project(seed), f"document {seed}"))
    for folder in folders:
        left_behind(folder)
    found, _ = found_in(tmp_path)
    assert {left.title for left, _ in found} == {"document 0", "document 1"}
    for left, lock in found:
        assert is_same(read(left.folder), made_project(int(left.title[-1])))
        lock.release()


def test_that_the_newest_is_found_first(tmp_path):
    for day in (3, 5, 4):
        folder = SnapshotFolder(tmp_path)
        folder.write(Snapshot(made_project(), f"day {day}", None, WHEN.replace(day=day)))
        left_behind(folder)
    found, _ = found_in(tmp_path)
    assert [left.title for left, _ in found] == ["day 5", "day 4", "day 3"]
    assert found[0][0].path is None
    for _, lock in found:
        lock.release()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b'{"title": 1, "path": null, "when": 0, "runs": 1}',
        b'{"title": "a", "path": 3, "when": 0, "runs": 1}',
        b'{"title": "a", "path": null, "when": NaN, "runs": 1}',
        b'{"title": "a", "path": null, "when": 1e300, "runs": 1}',
        b"[" * 60_000,
        b"\xff\xfe",
    ],
)
def test_that_a_note_that_cannot_be_read_is_set_aside_and_blocks_nothing(tmp_path, damage):
    bad, good = SnapshotFolder(tmp_path), SnapshotFolder(tmp_path)
    for folder in (bad, good):
        folder.write(snapshot_of(made_project(1)))
        left_behind(folder)
    (bad._path / "snapshot.json").write_bytes(damage)
    ((left, lock),), (aside,) = found_in(tmp_path)
    assert left.folder == good._path
    lock.release()
    assert aside.name == f"{bad._path.name}.unreadable"
    assert (aside / "rest-1.mdn").is_file()
    ((_, lock),), again = found_in(tmp_path)
    assert again == []
    lock.release()


def test_that_what_was_left_before_a_first_snapshot_was_whole_is_removed(tmp_path):
    folder = SnapshotFolder(tmp_path)
    folder.write(snapshot_of(made_project()))
    (folder._path / "snapshot.json").unlink()
    left_behind(folder)
    (tmp_path / "0123456789abcdef.lock").touch()
    (tmp_path / "README").touch()
    assert found_in(tmp_path) == ([], [])
    assert [file.name for file in tmp_path.iterdir() if file.suffix != ".lock"] == ["README"]


def test_that_nothing_is_found_where_there_is_no_folder(tmp_path):
    assert found_in(tmp_path / "none") == ([], [])
    assert list(tmp_path.iterdir()) == []


def test_that_rows_of_one_document_are_never_joined_with_the_rest_of_another(tmp_path):
    mine, other = SnapshotFolder(tmp_path), SnapshotFolder(tmp_path)
    mine.write(snapshot_of(made_project(1)))
    other.write(snapshot_of(made_project(2)))
    (mine._path / "rows-1.mdn").write_bytes((other._path / "rows-1.mdn").read_bytes())
    with pytest.raises(ProjectFileError, match="do not belong together"):
        read(mine._path)
    assert is_same(read(other._path), made_project(2))
    for folder in (mine, other):
        left_behind(folder)


@pytest.mark.parametrize("change", ["rest gone", "note gone", "rest not named", "rest damaged with its sum", "up"])
def test_that_what_is_not_whole_is_refused_with_its_place(tmp_path, change):
    folder = SnapshotFolder(tmp_path)
    folder.write(snapshot_of(made_project(1)))
    note = json.loads((folder._path / "snapshot.json").read_bytes())
    rest = folder._path / note["rest"]["file"]
    if change == "rest gone":
        rest.unlink()
    elif change == "rest not named":
        note["rest"] = None
    elif change == "rest damaged with its sum":
        rest.write_bytes(rest.read_bytes()[:-1])
        note["rest"]["sha256"] = snapshots._digest(rest)
    elif change == "up":
        rest.rename(tmp_path / "other.mdn")
        note["rest"]["file"] = "../other.mdn"
    (folder._path / "snapshot.json").write_text(json.dumps(note))
    if change == "note gone":
        (folder._path / "snapshot.json").unlink()
    with pytest.raises(ProjectFileError) as refusal:
        read(folder._path)
    assert str(folder._path) in refusal.value.message
    assert refusal.value.hint
    left_behind(folder)
