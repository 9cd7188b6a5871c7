"""A document is modified by what a person makes; it is opened, saved, recovered."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.table import Table
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import DataSource
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.keeping import Keeping, RowsMissingError
from mdn_gui.session.place import ChangedOnDiskError
from mdn_gui.session.session import Session
from mdn_gui.session.snapshots import RecoveredDocument, Snapshot, SnapshotFolder
from tests.fakes import FakeBaselineFit, FakeFit, read_here
from tests.session.conftest import Ears
from tests.session.test_session import made_table
from tests.ui.stage import saved_table


def a_table():
    return made_table(dose=np.linspace(-2, 2, 41), response=np.arange(41) % 5)


@pytest.fixture
def keeping(session: Session, tmp_path: Path) -> Iterator[Keeping]:
    made = Keeping(session, tmp_path / "recovery")
    session.open_table(a_table())
    yield made
    made.shut_down()


def train(qtbot, session: Session) -> None:
    session.start_training()
    qtbot.waitUntil(lambda: not session.state.is_running)


def save(qtbot, keeping: Keeping, path: Path) -> None:
    with qtbot.waitSignal(keeping.document.saved):
        keeping.document.save(path)


def open_(qtbot, keeping: Keeping, path: Path) -> None:
    with qtbot.waitSignal(keeping.document.settled):
        keeping.open(path)


def test_that_a_table_alone_is_nothing_to_lose(keeping):
    assert not keeping.document.is_modified


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.exclude_rows([1]),
        lambda session: session.instrument.add_pin(0.5),
        lambda session: session.configure(replace(session.model_config, num_components=3), session.training_config),
    ],
)
def test_that_edits_and_their_undoing_modify_the_document(qtbot, keeping, session, tmp_path, change):
    change(session)
    assert keeping.document.is_modified
    save(qtbot, keeping, tmp_path / "p.mdn")
    assert not keeping.document.is_modified
    session.history.stack.undo()
    assert keeping.document.is_modified


def test_that_a_run_and_its_labels_modify_the_document(qtbot, keeping, session, tmp_path):
    train(qtbot, session)
    assert keeping.document.is_modified
    save(qtbot, keeping, tmp_path / "p.mdn")
    session.run_list.tick(1, on=True)
    session.instrument.set_cursor(0.3)
    assert not keeping.document.is_modified
    session.run_list.note(1, "good")
    assert keeping.document.is_modified


def test_that_a_saved_document_is_opened_with_its_name(qtbot, keeping, session, tmp_path):
    train(qtbot, session)
    save(qtbot, keeping, tmp_path / "p.mdn")
    session.open_table(made_table(dose=np.arange(5.0), response=np.arange(5.0) ** 2))
    assert keeping.document.path is None
    open_(qtbot, keeping, tmp_path / "p.mdn")
    assert keeping.document.path == tmp_path / "p.mdn"
    assert not keeping.document.is_modified
    assert [run.number for run in session.run_list.runs] == [1]
    assert len(session.dataset) == 41


def test_that_a_copy_is_opened_untitled(qtbot, keeping, session, tmp_path):
    train(qtbot, session)
    save(qtbot, keeping, tmp_path / "p.mdn")
    session.run_list.star(1, on=True)
    save(qtbot, keeping, tmp_path / "p.mdn")
    with qtbot.waitSignal(keeping.document.adopted):
        keeping.open(tmp_path / "p.mdn.bak")
    assert not session.run_list.run(1).is_starred
    assert keeping.document.path is None
    assert keeping.document.is_modified


def test_that_a_file_that_another_program_has_replaced_is_not_written_over(
    qtbot, keeping, session, tmp_path, hear: Ears
):
    train(qtbot, session)
    save(qtbot, keeping, tmp_path / "p.mdn")
    save_project(tmp_path / "q.mdn", replace(session.project(), runs=(), shown=0))
    (tmp_path / "q.mdn").replace(tmp_path / "p.mdn")
    failed = hear(keeping.document.failed)
    session.run_list.star(1, on=True)
    keeping.document.save()
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert isinstance(failed[0], ChangedOnDiskError)
    assert open_project(tmp_path / "p.mdn").runs == ()


def test_that_another_table_begins_an_untitled_document(qtbot, keeping, session, tmp_path):
    train(qtbot, session)
    save(qtbot, keeping, tmp_path / "p.mdn")
    session.open_table(a_table())
    assert keeping.document.path is None
    assert not keeping.document.is_modified


def test_that_rows_that_are_not_in_the_file_are_read_from_where_they_came(qtbot, keeping, session, tmp_path):
    train(qtbot, session)
    source = saved_table(a_table(), tmp_path / "rows.csv")
    project = replace(session.project(), table=None, source=DataSource(str(source)))
    save_project(tmp_path / "p.mdn", project)
    session.open_table(made_table(dose=np.arange(5.0), response=np.arange(5.0) ** 2))
    keeping.open(tmp_path / "p.mdn")
    qtbot.waitUntil(lambda: len(session.run_list.runs) == 1)
    assert len(session.dataset) == 41
    assert session.fitted is session.run_list.runs[0].model
    assert session.fit_saw_these_rows


def test_that_missing_rows_are_told_and_found_elsewhere(qtbot, keeping, session, tmp_path, hear: Ears):
    train(qtbot, session)
    save_project(tmp_path / "p.mdn", replace(session.project(), table=None, source=DataSource("/gone/rows.csv")))
    runs = session.run_list.runs
    failed = hear(keeping.document.failed)
    keeping.open(tmp_path / "p.mdn")
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert isinstance(failed[0], RowsMissingError)
    assert "/gone/rows.csv" in failed[0].message
    assert session.run_list.runs == runs
    keeping.open(failed[0].path, rows=saved_table(a_table(), tmp_path / "elsewhere.csv"))
    qtbot.waitUntil(lambda: session.run_list.runs != runs)
    assert session.fit_saw_these_rows
    assert session.data.choice.path == tmp_path / "elsewhere.csv"
    assert keeping.document.path == tmp_path / "p.mdn"


def test_that_rows_are_left_out_of_the_file_where_a_person_wants_that(qtbot, keeping, session, tmp_path):
    source = saved_table(a_table(), tmp_path / "rows.csv")
    session.open_file(ImportChoice(source))
    qtbot.waitUntil(lambda: session.data.choice is not None)
    session.exclude_rows([2, 3])
    train(qtbot, session)
    keeping.keeps_rows = False
    save(qtbot, keeping, tmp_path / "p.mdn")
    assert open_project(tmp_path / "p.mdn").table is None
    digest = session.dataset.digest
    session.open_table(made_table(dose=np.arange(5.0), response=np.arange(5.0) ** 2))
    open_(qtbot, keeping, tmp_path / "p.mdn")
    assert session.dataset.digest == digest
    assert session.fit_saw_these_rows


def test_that_a_crash_loses_neither_runs_nor_the_one_under_way(qtbot, keeping, session, fit: FakeFit, tmp_path):
    train(qtbot, session)
    fit.free.clear()
    session.start_training()
    fit.allow(2)
    folder = tmp_path / "recovery"
    qtbot.waitUntil(lambda: session.collector.unfinished is not None)
    keeping.recovery.note_best()
    qtbot.waitUntil(lambda: any(folder.rglob("*.mdn")), timeout=10_000)

    def has_both() -> bool:
        works = [path for path in folder.rglob("*.mdn") if "row" not in path.name]
        return any(len(open_project(path).runs) == 2 for path in works)

    qtbot.waitUntil(has_both, timeout=10_000)


def test_that_nothing_is_left_after_a_clean_end(qtbot, session, tmp_path):
    keeping = Keeping(session, tmp_path / "recovery")
    session.open_table(a_table())
    train(qtbot, session)
    qtbot.waitUntil(lambda: any((tmp_path / "recovery").rglob("*.mdn")), timeout=10_000)
    keeping.shut_down()
    assert not any((tmp_path / "recovery").rglob("*.mdn"))


def test_that_what_was_left_is_open_again_untitled(qtbot, keeping, session, tmp_path):
    train(qtbot, session)
    fit, baseline = FakeFit(), FakeBaselineFit()
    other = Session(fit.load, read_here, baseline)
    kept = Keeping(other, tmp_path / "recovery")
    try:
        kept.recovery.recovered.emit(session.project())
        assert [run.number for run in other.run_list.runs] == [1]
        assert kept.document.path is None
        assert kept.document.is_modified
    finally:
        kept.shut_down()
        other.shut_down()
        other.deleteLater()


@pytest.fixture
def selecting(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each time rows are taken from a table whether that is done in the main thread."""
    made, found = Table._selected, list[bool]()

    def noting(*arguments):
        found.append(threading.current_thread() is threading.main_thread())
        return made(*arguments)

    monkeypatch.setattr(Table, "_selected", noting)
    return found


def test_that_the_rows_of_a_project_are_taken_off_the_gui_thread(qtbot, keeping, tmp_path, selecting):
    save(qtbot, keeping, tmp_path / "rows.mdn")
    open_(qtbot, keeping, tmp_path / "rows.mdn")
    assert selecting == [False]


def test_that_the_rows_that_a_crash_has_left_are_taken_off_the_gui_thread(qtbot, session, keeping, tmp_path, selecting):
    snapshot = Snapshot(session.project(), "left", None, datetime.now(timezone.utc))
    folder = SnapshotFolder(tmp_path / "left")
    folder.write(snapshot)
    (left,) = (each for each in (tmp_path / "left").iterdir() if each.is_dir())
    orphan = RecoveredDocument("left", None, snapshot.when, 0, left)
    with qtbot.waitSignal(keeping.recovery.recovered):
        keeping.recovery.recover(orphan)
    assert session.table is not snapshot.project.table
    assert selecting == [False]
