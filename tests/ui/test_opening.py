"""The ways a table gets into the window, and its rows out of it."""

import csv
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication

from mdn_gui import app as app_module
from mdn_gui.core.table import Table
from mdn_gui.files.options import ReadingCancelledError, ReadOptions, Watch
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.messages import RunState, Severity
from mdn_gui.session.recovery import snapshots_folder
from mdn_gui.session.session import Session
from mdn_gui.ui.main_window import MainWindow
from tests.fakes import read_here
from tests.ui.stage import Stage, made_table

TEXT = "dose,extra,response\n1,2,5\n2,1,6\n3,7,2\n4,1,3\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(TEXT)
    return path


class SlowRead:
    """A reading that reports a half, then waits until it may end or is not wanted any more."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.cancelled = threading.Event()

    def __call__(self, path: Path, options: ReadOptions, watch: Watch) -> Table:
        watch.report(0.5)
        while not self.may_end.wait(0.005):
            if watch.is_cancelled():
                self.cancelled.set()
                raise ReadingCancelledError
        return read_here(path, options, watch)


@pytest.fixture
def slow(stage: Stage, file: Path) -> SlowRead:
    """Half of a file is read, beside nothing or what the test has opened."""
    read = SlowRead()
    stage.session.data.loader.read = read
    with stage.qtbot.waitSignal(stage.session.data.loader.progressed):
        stage.window.commands.open_path(file)
    return read


def wait_for_table(stage: Stage) -> Table:
    with stage.qtbot.waitSignal(stage.session.data.file_opened):
        pass
    return stage.session.table


def names_enabled(stage: Stage, *names: str) -> list[str]:
    return [name for name in names if stage.window.actions_by_id[name].isEnabled()]


# -- through the dialog -----------------------------------------------------------------------------------------------


def test_that_a_file_is_read_as_the_dialog_says(stage: Stage, file):
    options = ReadOptions(has_header=False, delimiter=";")
    file.write_text("1;2\n2;5\n3;4\n")
    stage.dialogs.import_answer = ImportChoice(file, options)
    stage.open_file(file)
    assert stage.dialogs.asked == ["import rows.csv"]
    assert len(stage.session.dataset) == 3
    assert stage.session.data.choice.options is options


def test_that_a_cancelled_dialog_leaves_everything(with_data: Stage, file):
    table, status = with_data.session.table, with_data.window.status.text
    with_data.dialogs.import_answer = None
    with_data.window.commands.open_path(file)
    assert with_data.dialogs.asked == ["import rows.csv"]
    assert not with_data.session.data.is_reading
    assert with_data.session.table is table
    assert with_data.window.status.text == status
    assert with_data.preferences.recent_files == ()


def test_that_nothing_is_asked_while_a_run_is_under_way(with_data: Stage, file):
    with_data.train_until_running()
    with_data.window.commands.open_path(file)
    assert with_data.dialogs.asked == []
    assert "while a run is under way" in with_data.notices[0].message
    assert not with_data.session.data.is_reading


def test_that_a_dropped_file_goes_through_the_dialog(stage: Stage, file):
    stage.dialogs.import_answer = None
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    place, action = QPointF(50, 50), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(stage.window, QDragEnterEvent(place.toPoint(), action, data, buttons, keys))
    QApplication.sendEvent(stage.window, QDropEvent(place, action, data, buttons, keys))
    assert stage.dialogs.asked == []  # the program that the file comes from does not wait for the dialog
    stage.qtbot.waitUntil(lambda: stage.dialogs.asked == ["import rows.csv"])
    assert not stage.session.data.is_reading


def test_that_a_recent_file_goes_through_the_dialog(stage: Stage, file):
    stage.dialogs.import_answer = None
    stage.window.welcome.file_requested.emit(file)
    assert stage.dialogs.asked == ["import rows.csv"]
    assert not stage.session.data.is_reading


class UntilLoaded(QObject):
    """An application whose loop ends once training is loaded; to end the real one would be felt by later tests."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._loop = QEventLoop()
        stage.session.runner.loaded.connect(self._loop.quit)

    def exec(self) -> int:
        return self._loop.exec()


@pytest.fixture
def process(monkeypatch):
    """The process as it was, whatever a start does to it."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("process")
def test_that_the_file_of_the_command_line_goes_through_the_dialog(hidden_stage: Stage, file, monkeypatch):
    stage = hidden_stage
    application, asked, roots = UntilLoaded(stage), [], []

    def cancelled(path: Path, *_: object) -> None:
        asked.append((path, stage.window.isVisible()))

    def made_window(_: object, recovery_root: Path | None) -> tuple[Session, MainWindow]:
        roots.append(recovery_root)
        return stage.session, stage.window

    monkeypatch.setattr(stage.dialogs, "import_choice", cancelled)
    monkeypatch.setattr(app_module, "make_application", lambda: application)
    monkeypatch.setattr(app_module, "make_window", made_window)
    assert app_module._run(app_module._parsed([str(file)]), with_display=True) == 0
    assert asked == [(file, True)]
    assert roots == [snapshots_folder()]
    assert not stage.session.data.is_reading


# -- pasting ----------------------------------------------------------------------------------------------------------


def paste(stage: Stage, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    stage.trigger("paste_table")


def test_that_cells_of_a_spreadsheet_are_pasted(stage: Stage):
    paste(stage, "dose\tresponse\n1\t5.25\n2\t6\n3\t2\n")
    table = wait_for_table(stage)
    assert stage.dialogs.asked == ["import Pasted table 1"]
    assert table.title == "Pasted table 1"
    np.testing.assert_array_equal(table.column("response").values, [5.25, 6, 2])
    assert "Pasted table 1" in stage.window.windowTitle()


def test_that_pasted_tables_are_counted_and_are_not_among_the_recent_files(stage: Stage, file):
    stage.open_file(file)
    for number in (1, 2):
        paste(stage, TEXT)
        assert wait_for_table(stage).title == f"Pasted table {number}"
    assert stage.preferences.recent_files == (file,)


def test_that_a_pasted_table_keeps_its_name_when_it_is_read_again(stage: Stage):
    paste(stage, TEXT)
    wait_for_table(stage)
    for action in ("reload_file", "read_differently"):
        stage.trigger(action)
        assert wait_for_table(stage).title == "Pasted table 1"


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_that_nothing_is_pasted_from_an_empty_clipboard(with_data: Stage, text):
    table = with_data.session.table
    paste(with_data, text)
    assert with_data.notices[0].message == "There is no text on the clipboard."
    assert with_data.notices[0].severity is Severity.INFO
    assert with_data.notices[0].hint
    assert with_data.dialogs.asked == []
    assert with_data.session.table is table


def test_that_a_cancelled_paste_leaves_everything(with_data: Stage):
    table = with_data.session.table
    with_data.dialogs.import_answer = None
    paste(with_data, TEXT)
    assert not with_data.session.data.is_reading
    assert with_data.session.table is table


# -- reading again ----------------------------------------------------------------------------------------------------


def test_that_reload_reads_what_is_in_the_file_now_without_asking(stage: Stage, file):
    stage.open_file(file)
    file.write_text(TEXT + "5,5,5\n")
    stage.trigger("reload_file")
    assert wait_for_table(stage).num_rows == 5
    assert stage.dialogs.asked == ["import rows.csv"]


def test_that_read_differently_asks_again(stage: Stage, file):
    stage.open_file(file)
    stage.dialogs.import_answer = ImportChoice(file, ReadOptions(sample=3), ("extra",), "dose")
    stage.trigger("read_differently")
    assert wait_for_table(stage).num_rows == 3
    assert stage.dialogs.asked == ["import rows.csv"] * 2
    assert (stage.session.dataset.input_names, stage.session.dataset.target_name) == (("extra",), "dose")


def test_that_only_what_came_from_a_file_can_be_read_again(with_data: Stage, file):
    names = ("reload_file", "read_differently")
    assert names_enabled(with_data, *names) == []
    with_data.open_file(file)
    assert names_enabled(with_data, *names) == list(names)
    with_data.open(made_table())
    assert names_enabled(with_data, *names) == []


# -- while a file is being read ---------------------------------------------------------------------------------------


def test_that_progress_is_in_the_status_line(stage: Stage, slow: SlowRead):
    bar = stage.window.status._bar
    assert stage.window.status.text == "Reading rows.csv …"
    assert (bar.isVisible(), bar.maximum(), bar.value()) == (True, 1000, 500)
    slow.may_end.set()
    wait_for_table(stage)
    assert stage.window.status.text == "Ready. Press Train (F5)."
    assert not bar.isVisible()


def test_that_a_reading_can_be_cancelled_beside_its_bar(stage: Stage, slow: SlowRead):
    cancel = stage.window.status._cancel
    assert cancel.isVisible()
    assert cancel.text() == "Cancel reading"
    cancel.click()
    assert not stage.session.data.is_reading
    assert not cancel.isVisible()


def test_that_a_paste_that_cannot_be_kept_is_a_notice(with_data: Stage, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    QApplication.clipboard().setText("a\tb\n1\t2\n")
    with_data.trigger("paste_table")
    assert "No space left on device" in with_data.messages[0]
    assert with_data.notices[0].hint


def test_that_a_cancelled_reading_leaves_what_was_open(stage: Stage, slow: SlowRead):
    assert names_enabled(stage, "cancel_reading") == ["cancel_reading"]
    stage.trigger("cancel_reading")
    assert not stage.window.status._bar.isVisible()
    assert stage.window.status.text == "Open a table or choose a sample to begin."
    assert names_enabled(stage, "cancel_reading") == []
    stage.qtbot.waitUntil(slow.cancelled.is_set)
    stage.settle()
    assert stage.session.table is None
    assert stage.notices == []
    assert stage.preferences.recent_files == ()


def test_that_no_run_begins_while_a_file_is_being_read(fitted: Stage, file):
    read = fitted.session.data.loader.read = SlowRead()
    names = ("train", "new_seed")
    assert names_enabled(fitted, *names) == list(names)
    with fitted.qtbot.waitSignal(fitted.session.data.loader.progressed):
        fitted.window.commands.open_path(file)
    assert names_enabled(fitted, *names) == []
    assert names_enabled(fitted, "open_file", "copy_reading") == ["open_file", "copy_reading"]
    model = fitted.session.model
    fitted.session.start_training()
    assert fitted.state is RunState.FITTED
    fitted.trigger("cancel_reading")
    assert names_enabled(fitted, *names) == list(names)
    assert fitted.session.model is model
    assert not read.may_end.is_set()


def test_that_a_sample_takes_the_place_of_a_reading(stage: Stage, slow: SlowRead):
    stage.window.commands.open_sample("mcycle")
    stage.qtbot.waitUntil(slow.cancelled.is_set)
    stage.settle()
    assert not stage.session.data.is_reading
    assert stage.session.data.choice is None
    assert names_enabled(stage, "cancel_reading", "reload_file") == []


def test_that_a_notice_does_not_hide_that_a_file_is_being_read(stage: Stage, slow: SlowRead):
    paste(stage, "")
    assert stage.notices
    assert stage.window.status.text == "Reading rows.csv …"
    assert stage.window.status._bar.isVisible()


def test_that_closing_ends_a_reading(stage: Stage, slow: SlowRead):
    assert stage.window.close()
    assert slow.cancelled.is_set()


# -- rows out of it ---------------------------------------------------------------------------------------------------


def save(stage: Stage, path: Path) -> None:
    stage.dialogs.save_answer = path
    stage.window.desk.panel.save_button.click()


def test_that_saved_rows_parse_back_to_the_bits_of_the_table(with_data: Stage, tmp_path):
    with_data.session.exclude_rows([3])
    save(with_data, tmp_path / "out.csv")
    with_data.qtbot.waitUntil(lambda: with_data.window.status.text == "Saved out.csv.")
    header, *rows = csv.reader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines())
    assert header == ["row", "use", "dose", "extra", "response"]
    assert [int(row[0]) for row in rows] == list(range(1, 61))
    assert [row[1] for row in rows if row[1] != "training"] == ["excluded by hand"]
    assert rows[3][1] == "excluded by hand"
    values = np.array([[float(cell) for cell in row[2:]] for row in rows])
    np.testing.assert_array_equal(values, np.column_stack([c.values for c in with_data.session.table.columns]))
    assert with_data.dialogs.asked == ["save made up-rows.csv"]


def test_that_picked_rows_are_saved_alone(with_data: Stage, tmp_path):
    with_data.window.desk.pick(np.array([4, 9]))
    save(with_data, tmp_path / "out.csv")
    with_data.qtbot.waitUntil(lambda: with_data.window.status.text == "Saved out.csv.")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["row", "5", "10"]


def test_that_a_folder_in_place_of_saved_rows_is_a_notice(with_data: Stage, tmp_path):
    save(with_data, tmp_path)
    with_data.qtbot.waitUntil(lambda: bool(with_data.notices))
    assert str(tmp_path) in with_data.notices[0].message
    assert with_data.notices[0].hint
    assert not with_data.window.status.text.startswith(("Saving", "Saved"))
    assert tmp_path.is_dir()


def test_that_cancelled_saving_of_rows_writes_nothing(with_data: Stage, tmp_path):
    before = set(tmp_path.iterdir())
    with_data.window.desk.panel.save_button.click()
    assert with_data.dialogs.asked == ["save made up-rows.csv"]
    assert set(tmp_path.iterdir()) == before
