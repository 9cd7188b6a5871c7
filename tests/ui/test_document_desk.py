"""The document in the window: its title, saving, leaving, opening, what is preferred."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.messages import RunState, Severity
from mdn_gui.ui.dialogs import Leaving
from tests.documents import made_project
from tests.session.desks import Gate
from tests.ui.stage import Stage, made_table, saved_table

TITLE = "made up – run 1[*] – mdn-gui"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept.mdn"


@pytest.fixture
def saved(fitted: Stage, path: Path) -> Stage:
    """A window whose document is in a file."""
    save_as(fitted, path)
    fitted.dialogs.asked.clear()
    return fitted


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Saves wait until they may go on."""
    made = Gate(monkeypatch)
    yield made
    made.may_go_on.set()


def save_as(stage: Stage, path: Path) -> None:
    stage.dialogs.save_answer = path
    stage.trigger("save_as")
    stage.wait_for_disk()


def change(stage: Stage) -> None:
    """Make a change that is not saved."""
    stage.session.run_list.star(1, on=not stage.session.run_list.run(1).is_starred)
    assert stage.window.isWindowModified()


def open_path(stage: Stage, path: Path) -> None:
    stage.window.commands.open_path(path)
    stage.wait_for_disk()


def names_of(path: Path) -> list[str]:
    """Return what the runs in a file are called."""
    return [run.name for run in open_project(path).runs]


# -- title ------------------------------------------------------------------------------------------------------------


def test_that_the_title_names_what_is_open_and_marks_what_is_not_saved(stage: Stage, path):
    window = stage.window
    assert (window.windowTitle(), window.isWindowModified()) == ("mdn-gui[*]", False)
    stage.open()
    assert (window.windowTitle(), window.isWindowModified()) == ("made up[*] – mdn-gui", False)
    stage.train()
    assert (window.windowTitle(), window.isWindowModified()) == (TITLE, True)
    save_as(stage, path)
    assert (window.windowTitle(), window.isWindowModified()) == ("kept.mdn – run 1[*] – mdn-gui", False)
    stage.session.run_list.rename(1, "narrow")
    assert (window.windowTitle(), window.isWindowModified()) == ("kept.mdn – narrow[*] – mdn-gui", True)
    stage.trigger("undo")
    assert window.windowTitle() == "kept.mdn – run 1[*] – mdn-gui"
    stage.open()
    assert (window.windowTitle(), window.isWindowModified()) == ("made up[*] – mdn-gui", False)


def test_that_the_title_names_the_run_that_is_shown(fitted: Stage):
    fitted.train()
    assert fitted.window.windowTitle() == "made up – run 2[*] – mdn-gui"
    fitted.session.recall.show(1)
    assert fitted.window.windowTitle() == TITLE
    fitted.trigger("reset_weights")
    assert fitted.window.windowTitle() == "made up[*] – mdn-gui"


def test_that_names_cannot_place_the_mark_nor_break_the_line(stage: Stage):
    stage.open(made_table("a[*]\nb"))
    stage.train()
    stage.session.run_list.rename(1, "[*]c")
    title = stage.window.windowTitle()
    assert title.count("[*]") == 1
    assert title.endswith("[*] – mdn-gui")
    assert "\n" not in title


# -- saving -----------------------------------------------------------------------------------------------------------


def test_that_a_first_save_asks_where_and_the_next_does_not(fitted: Stage, path):
    fitted.dialogs.save_answer = path
    fitted.trigger("save")
    assert fitted.window.status.text == "Saving kept.mdn …"
    fitted.wait_for_disk()
    assert fitted.dialogs.asked == ["save made up.mdn"]
    assert fitted.window.status.text == "Saved kept.mdn."
    assert fitted.preferences.recent_files == (path,)
    fitted.session.run_list.rename(1, "narrow")
    fitted.trigger("save")
    fitted.wait_for_disk()
    assert fitted.dialogs.asked == ["save made up.mdn"]
    assert names_of(path) == ["narrow"]
    assert not fitted.window.isWindowModified()


def test_that_save_as_proposes_the_name_and_goes_on_in_the_new_file(saved: Stage, path, tmp_path):
    saved.session.run_list.rename(1, "narrow")
    save_as(saved, tmp_path / "other.mdn")
    assert saved.dialogs.asked == ["save kept.mdn"]
    assert (names_of(path), names_of(tmp_path / "other.mdn")) == ([""], ["narrow"])
    assert saved.window.documents.document.path == tmp_path / "other.mdn"
    assert saved.preferences.recent_files == (tmp_path / "other.mdn", path)


@pytest.mark.parametrize("action", ["save", "save_as"])
def test_that_a_cancelled_save_writes_nothing(fitted: Stage, tmp_path, action):
    before = set(tmp_path.iterdir())
    fitted.trigger(action)
    assert fitted.dialogs.asked == ["save made up.mdn"]
    assert not fitted.window.documents.document.is_busy
    assert set(tmp_path.iterdir()) == before
    assert fitted.window.isWindowModified()


def test_that_what_is_being_typed_is_saved(saved: Stage, path):
    saved.window.docks.bring_forward("runs")
    notes = saved.window.runs.panel.details.notes
    notes.setFocus()
    QTest.keyClicks(notes, "as wide as the data")
    saved.trigger("save")
    saved.wait_for_disk()
    assert [run.notes for run in open_project(path).runs] == ["as wide as the data"]


def test_that_a_document_can_be_saved_while_a_run_is_under_way(saved: Stage, path):
    change(saved)
    saved.train_until_running()
    saved.trigger("save")
    saved.qtbot.waitUntil(lambda: not saved.window.documents.document.is_saving)
    assert open_project(path).runs[0].is_starred
    assert not saved.window.isWindowModified()
    saved.fit.free.set()
    saved.wait_for_idle()
    assert saved.window.isWindowModified()


def test_that_a_save_that_fails_is_a_notice_that_offers_another_place(fitted: Stage, tmp_path, path):
    save_as(fitted, tmp_path / "gone" / "kept.mdn")
    (notice,) = fitted.notices
    assert str(tmp_path / "gone") in notice.message
    assert (notice.severity, bool(notice.hint)) == (Severity.ERROR, True)
    assert fitted.window.isWindowModified()
    assert not fitted.window.status.text.startswith("Sav")
    fitted.dialogs.save_answer = path
    fitted.press("Save as…")
    fitted.wait_for_disk()
    assert names_of(path) == [""]
    assert fitted.notices == []
    assert not fitted.window.isWindowModified()


def test_that_a_file_that_others_have_changed_is_not_replaced(saved: Stage, path):
    save_project(path, made_project(3))
    change(saved)
    saved.trigger("save")
    saved.wait_for_disk()
    assert saved.messages == ["kept.mdn was not saved: it was changed on disk by another program."]
    assert names_of(path) == ["3.1"]
    saved.press("Save as…")
    saved.wait_for_disk()
    assert names_of(path) == [""]
    assert saved.notices == []


# -- leaving ----------------------------------------------------------------------------------------------------------


def close(stage: Stage, answer: Leaving) -> bool:
    stage.dialogs.leave_answer = answer
    return stage.window.close()


def test_that_a_window_with_unsaved_changes_closes_once_they_are_saved(saved: Stage, path):
    saved.session.run_list.rename(1, "narrow")
    assert not close(saved, Leaving.SAVE)
    assert saved.dialogs.asked == ["leave kept.mdn"]
    saved.qtbot.waitUntil(lambda: not saved.window.isVisible())
    assert names_of(path) == ["narrow"]


def test_that_a_document_without_a_file_is_given_one_before_the_window_closes(fitted: Stage, path):
    fitted.dialogs.save_answer = path
    assert not close(fitted, Leaving.SAVE)
    fitted.qtbot.waitUntil(lambda: not fitted.window.isVisible())
    assert fitted.dialogs.asked == ["leave made up", "save made up.mdn"]
    assert names_of(path) == [""]


def test_that_unsaved_changes_can_be_dropped(saved: Stage, path):
    saved.session.run_list.rename(1, "narrow")
    assert close(saved, Leaving.DISCARD)
    assert not saved.window.isVisible()
    assert names_of(path) == [""]


@pytest.mark.parametrize("answer", [Leaving.STAY, Leaving.SAVE])
def test_that_a_window_stays_where_that_is_wanted_or_no_place_is_given(fitted: Stage, answer):
    assert not close(fitted, answer)
    fitted.settle()
    assert fitted.window.isVisible()
    assert fitted.window.isWindowModified()
    assert fitted.session.runner._thread.isRunning()


def test_that_a_save_that_fails_keeps_the_window(fitted: Stage, tmp_path, path):
    fitted.dialogs.save_answer = tmp_path / "gone" / "kept.mdn"
    assert not close(fitted, Leaving.SAVE)
    fitted.wait_for_disk()
    assert fitted.window.isVisible()
    assert "gone" in fitted.messages[0]
    save_as(fitted, path)
    assert fitted.window.isVisible()  # what failed is not gone on with


def test_that_changes_made_while_the_document_is_being_saved_are_asked_about(saved: Stage, path, gate):
    saved.session.run_list.rename(1, "narrow")
    assert not close(saved, Leaving.SAVE)
    saved.session.run_list.rename(1, "wide")
    saved.dialogs.leave_answer = Leaving.STAY
    gate.may_go_on.set()
    saved.wait_for_disk()
    assert saved.dialogs.asked == ["leave kept.mdn"] * 2
    assert saved.window.isVisible()
    assert names_of(path) == ["narrow"]
    assert saved.window.isWindowModified()


def test_that_the_newest_of_several_saves_is_waited_for(saved: Stage, path, gate):
    saved.session.run_list.rename(1, "narrow")
    saved.trigger("save")
    saved.session.run_list.rename(1, "wide")
    assert not close(saved, Leaving.SAVE)
    gate.may_go_on.set()
    saved.qtbot.waitUntil(lambda: not saved.window.isVisible())
    assert saved.dialogs.asked == ["leave kept.mdn"]
    assert names_of(path) == ["wide"]


def test_that_what_is_being_typed_is_not_lost_with_the_window(saved: Stage, path):
    saved.window.docks.bring_forward("runs")
    notes = saved.window.runs.panel.details.notes
    notes.setFocus()
    QTest.keyClicks(notes, "as wide as the data")
    assert not close(saved, Leaving.SAVE)
    saved.qtbot.waitUntil(lambda: not saved.window.isVisible())
    assert [run.notes for run in open_project(path).runs] == ["as wide as the data"]


# -- another document takes its place ---------------------------------------------------------------------------------


@pytest.fixture
def others(tmp_path: Path) -> dict[str, Path]:
    """A project, a table."""
    save_project(tmp_path / "other.mdn", made_project(5, runs=2))
    return {
        "project": tmp_path / "other.mdn",
        "table": saved_table(made_table("t", a=[1.0, 2.0, 3.0, 5.0], b=[2.0, 1.0, 7.0, 3.0]), tmp_path / "other.csv"),
    }


def begin(stage: Stage, kind: str, others: dict[str, Path]) -> None:
    """Ask for another document."""
    if kind == "sample":
        stage.window.commands.open_sample("mcycle")
    elif kind == "simulated":
        stage.dialogs.sample_answer = (20, 1)
        stage.window.commands.simulate_sample("cardioid")
    elif kind == "dropped":
        data, keys = QMimeData(), Qt.KeyboardModifier.NoModifier
        data.setUrls([QUrl.fromLocalFile(str(others["project"]))])
        place, action, button = QPointF(50, 50), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        QApplication.sendEvent(stage.window, QDragEnterEvent(place.toPoint(), action, data, button, keys))
        QApplication.sendEvent(stage.window, QDropEvent(place, action, data, button, keys))
    else:
        stage.dialogs.open_answer = others[kind]
        stage.trigger("open_file")


KINDS = pytest.mark.parametrize("kind", ["sample", "simulated", "table", "project", "dropped"])


@KINDS
def test_that_another_document_takes_the_place_of_one_that_is_saved(saved: Stage, path, others, kind):
    table = saved.session.table
    change(saved)
    saved.dialogs.leave_answer = Leaving.SAVE
    begin(saved, kind, others)
    saved.qtbot.waitUntil(lambda: saved.session.table is not table)
    saved.wait_for_disk()
    assert open_project(path).runs[0].is_starred
    assert not saved.window.isWindowModified()
    assert "leave kept.mdn" in saved.dialogs.asked
    assert saved.session.history.stack.count() == 0


@KINDS
def test_that_a_document_stays_where_that_is_wanted(saved: Stage, path, others, kind):
    table = saved.session.table
    change(saved)
    saved.dialogs.leave_answer = Leaving.STAY
    begin(saved, kind, others)
    saved.qtbot.waitUntil(lambda: "leave kept.mdn" in saved.dialogs.asked)
    saved.wait_for_disk()
    assert saved.session.table is table
    assert not saved.session.data.is_reading
    assert saved.window.documents.document.path == path
    assert saved.window.isWindowModified()


@KINDS
def test_that_nothing_is_asked_where_nothing_would_be_lost(saved: Stage, others, kind):
    table = saved.session.table
    begin(saved, kind, others)
    saved.qtbot.waitUntil(lambda: saved.session.table is not table)
    assert not any(question.startswith("leave") for question in saved.dialogs.asked)


def test_that_the_same_file_is_read_again_without_a_question(stage: Stage, others):
    stage.open_file(others["table"])
    stage.train()
    stage.trigger("reload_file")
    stage.qtbot.waitUntil(lambda: not stage.session.data.is_reading)
    assert stage.dialogs.asked == ["import other.csv"]
    assert len(stage.session.run_list.runs) == 1
    assert stage.window.isWindowModified()


def test_that_an_opened_project_is_there_with_its_runs(stage: Stage, others):
    open_path(stage, others["project"])
    assert stage.window.status.text == "Opened other.mdn."
    assert [run.name for run in stage.session.run_list.runs] == ["5.1", "5.2"]
    assert stage.window.windowTitle() == "other.mdn – 5.2[*] – mdn-gui"
    assert not stage.window.isWindowModified()
    assert stage.preferences.recent_files == (others["project"],)
    assert stage.plot.isVisible()
    assert stage.state is RunState.FITTED


def test_that_an_earlier_copy_is_opened_as_a_project(saved: Stage, path):
    change(saved)
    saved.trigger("save")
    saved.wait_for_disk()
    open_path(saved, path.with_name("kept.mdn.bak"))
    assert not saved.session.run_list.runs[0].is_starred
    assert saved.notices == []


def test_that_a_file_that_is_no_project_is_a_notice_and_everything_stays(saved: Stage, tmp_path):
    (tmp_path / "broken.mdn").write_bytes(b"no project")
    runs, title = saved.session.run_list.runs, saved.window.windowTitle()
    open_path(saved, tmp_path / "broken.mdn")
    assert "broken.mdn" in saved.messages[0]
    assert saved.notices[0].hint
    assert not saved.window.status.text.startswith("Open")
    assert (saved.session.run_list.runs, saved.window.windowTitle()) == (runs, title)
    assert saved.preferences.recent_files != (tmp_path / "broken.mdn",)


def test_that_a_project_is_not_opened_while_a_run_is_under_way(saved: Stage, others):
    saved.train_until_running()
    open_path(saved, others["project"])
    assert "while a run is under way" in saved.messages[0]
    assert saved.dialogs.asked == []
    assert len(saved.session.run_list.runs) == 1
