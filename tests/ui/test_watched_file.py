"""The open file on the disk: changed, gone, read again."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QPushButton

from mdn_gui.core.selection import HoldOut
from tests.ui.stage import Stage, made_table, saved_table

UNSEEN = "The fit has not seen the rows as they are now."


def open_watched(stage: Stage, path: Path) -> None:
    """Open a file; wait until its content is known, so that a change of it is one."""
    file = stage.window.desk.file
    for watcher in (file.watcher, file.coming):
        watcher._settle.setInterval(20)
    stage.open_file(path)
    stage.qtbot.waitUntil(lambda: file.watcher._original is not None)


def wait_for_notice(stage: Stage, words: str) -> None:
    stage.qtbot.waitUntil(lambda: any(words in message for message in stage.messages))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return saved_table(made_table(rows=30), tmp_path / "open.csv")


def test_that_a_changed_file_is_read_again_with_the_chosen_columns(stage: Stage, file):
    open_watched(stage, file)
    stage.session.choose_columns(("extra",), "dose")
    saved_table(made_table(rows=35), file)
    wait_for_notice(stage, "open.csv has changed on disk")
    assert len(stage.session.dataset) == 30
    (reload,) = (b for b in stage.window.notices.findChildren(QPushButton) if b.text() == "Reload file")
    reload.click()
    stage.qtbot.waitUntil(lambda: len(stage.session.dataset) == 35)
    assert (stage.session.dataset.input_names, stage.session.dataset.target_name) == (("extra",), "dose")
    assert stage.messages == []
    assert stage.session.table.title == "open.csv"


def test_that_reading_again_keeps_the_test_set(stage: Stage, file):
    open_watched(stage, file)
    stage.session.hold_out(HoldOut(0.25))
    held_out = stage.session.selection.test_rows
    with stage.qtbot.waitSignal(stage.session.data.reading_ended):
        stage.trigger("reload_file")
    np.testing.assert_array_equal(stage.session.selection.test_rows, held_out)


def test_that_excluded_rows_stay_out_of_a_file_that_holds_the_same(stage: Stage, file):
    open_watched(stage, file)
    stage.session.exclude_rows([3, 4])
    with stage.qtbot.waitSignal(stage.session.data.file_opened):
        stage.trigger("reload_file")
    assert stage.window.setup_panel._rows.text() == "28 rows · 2 left out"
    assert stage.messages == []


def test_that_rows_of_a_file_that_holds_others_are_all_used_with_a_notice(stage: Stage, file):
    open_watched(stage, file)
    stage.session.exclude_rows([3, 4])
    saved_table(made_table(rows=35), file)
    with stage.qtbot.waitSignal(stage.session.data.exclusion_lost):
        stage.trigger("reload_file")
    assert stage.window.setup_panel._rows.text() == "35 rows · 0 left out"
    assert len(stage.messages) == 1
    assert stage.notices[0].hint


def test_that_a_fit_stays_when_its_file_is_read_again_and_is_told_to_be_of_the_rows_before(stage: Stage, file):
    open_watched(stage, file)
    stage.train()
    model = stage.session.model
    saved_table(made_table(rows=35), file)
    for _ in range(2):  # the second time the notice was there already
        with stage.qtbot.waitSignal(stage.session.data.reading_ended):
            stage.trigger("reload_file")
        assert stage.session.model is model
        assert stage.messages == [UNSEEN]


def test_that_a_vanished_file_is_told_and_a_restored_one_takes_the_notice_away(stage: Stage, file):
    open_watched(stage, file)
    content = file.read_text()
    file.unlink()
    wait_for_notice(stage, "open.csv is no longer in its place")
    assert len(stage.session.dataset) == 30
    file.write_text(content)
    stage.qtbot.waitUntil(lambda: not stage.notices)


def test_that_a_sample_opened_after_a_file_ends_the_watching(stage: Stage, file):
    open_watched(stage, file)
    saved_table(made_table(rows=35), file)
    wait_for_notice(stage, "has changed")
    stage.window.commands.open_sample("mcycle")
    assert stage.messages == []
    watcher = stage.window.desk.file.watcher
    assert watcher.path is None
    assert watcher._system.files() + watcher._system.directories() == []
    assert not stage.window.actions_by_id["reload_file"].isEnabled()


def test_that_a_reading_that_fails_keeps_watching_the_open_file(stage: Stage, file, tmp_path):
    open_watched(stage, file)
    bad = tmp_path / "bad.csv"
    bad.write_text("")
    stage.open_file(bad)
    assert "bad.csv" in stage.messages[0]
    assert stage.window.desk.file.watcher.path == file
    saved_table(made_table(rows=35), file)
    wait_for_notice(stage, "open.csv has changed on disk")


def test_that_a_change_stays_told_when_reading_the_file_again_fails(stage: Stage, file):
    open_watched(stage, file)
    before = file.read_bytes()
    file.write_text("nothing to read here")
    wait_for_notice(stage, "has changed on disk")
    with stage.qtbot.waitSignal(stage.session.data.reading_ended):
        stage.trigger("reload_file")
    assert any("has changed on disk" in message for message in stage.messages)
    file.write_bytes(before)
    stage.qtbot.waitUntil(lambda: not any("has changed on disk" in message for message in stage.messages))


def test_that_a_file_that_changes_while_it_is_read_is_told_of(stage: Stage, file):
    watcher, loader = stage.window.desk.file.coming, stage.session.data.loader
    watcher._settle.setInterval(20)
    original, pause = loader.read, threading.Event()

    def read_then_change(path, options, watch):
        table = original(path, options, watch)
        for _ in range(400):  # the watcher looks at the file meanwhile
            if watcher._original is not None:
                break
            pause.wait(0.005)
        saved_table(made_table(rows=35), file)
        return table

    loader.read = read_then_change
    stage.open_file(file)
    wait_for_notice(stage, "open.csv has changed on disk")
    assert len(stage.session.dataset) == 30
