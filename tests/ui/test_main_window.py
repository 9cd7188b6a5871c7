import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from mdn_gui.core.metrics import StopReason
from mdn_gui.errors import TrainingError
from mdn_gui.session.messages import RunState
from mdn_gui.session.preferences import Preferences
from mdn_gui.ui.dialogs import Leaving
from mdn_gui.ui.main_window import MainWindow
from mdn_gui.ui.pictures import picture_of
from mdn_gui.ui.theme_switch import ThemeChoice
from tests.fakes import FakeDialogs, read_here
from tests.ui.stage import Stage, assert_reads, made_table

BAD_FILES = {
    "empty": (b"", "is empty"),
    "header only": (b"dose,response\n", "row"),
    "one row": (b"dose,response\n1,2\n", "1 of 1 rows"),
    "no numbers": (b"name,town\nann,rome\nbob,bern\n", "no column holds numbers"),
    "one numeric column": (b"name,dose\nann,1\nbob,2\n", "only 'dose' holds numbers"),
    "column without numbers": (b"dose,response\n1,nan\n2,nan\n3,nan\n", "dose"),
    "constant": (b"dose,response\n1,5\n2,5\n3,5\n", "every value of 'response' is 5"),
    "binary": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not UTF-8 text"),
    "undecodable": (b"dose,response\n1,\xff\xfe\xfa\n2,\x80\n", "UTF-8"),
    "not finite": (b"dose,response\n1,nan\ninf,2\n3,4\n", "rows have finite numbers"),
}


# -- bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("content", "words"), BAD_FILES.values(), ids=list(BAD_FILES))
def test_that_a_bad_file_is_a_notice_and_data_and_fit_stay(fitted: Stage, tmp_path, content, words):
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)
    before = (fitted.session.table, fitted.session.selection, fitted.session.model, fitted.window.windowTitle())
    fitted.open_file(path)
    notice = fitted.notices[0]
    assert "wrong.csv" in notice.message
    assert words in f"{notice.message} {notice.hint}"
    assert notice.hint
    assert notice.details == ""
    assert notice.message in fitted.texts()
    now = (fitted.session.table, fitted.session.selection, fitted.session.model, fitted.window.windowTitle())
    assert now == before
    assert fitted.state is RunState.FITTED
    assert_reads(fitted, fitted.move_to(0.3))


def test_that_a_missing_file_and_a_folder_are_notices(with_data: Stage, tmp_path):
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with_data.open_file(path)
        assert str(path) in with_data.notices[0].message
        assert with_data.notices[0].hint
    assert with_data.state is RunState.DATA


def test_that_rows_with_gaps_are_counted_with_their_reasons(stage: Stage, tmp_path):
    path = tmp_path / "gaps.csv"
    path.write_text("dose,response\n1,2\n,3\n2,inf\n3,word\n4,5\n6,9\n7,8\n")
    stage.open_file(path)
    assert len(stage.session.dataset) == 4
    label = stage.window.setup_panel._rows
    assert label.text() == "4 rows · 3 left out"
    for reason in ("empty dose", "response is infinite", "response is not a number"):
        assert reason in label.toolTip()


def test_that_good_data_after_bad_take_the_notice_away(stage: Stage, tmp_path):
    stage.open_file(tmp_path / "nowhere.csv")
    assert stage.notices
    stage.open()
    assert not stage.notices


def test_that_the_status_does_not_go_on_reading_once_a_file_is_open(with_data: Stage, tmp_path):
    path = tmp_path / "good.csv"
    path.write_text("dose,response\n1,2\n2,3\n3,5\n")
    with_data.open_file(path)
    assert with_data.session.table.title == "good.csv"
    assert not with_data.window.status.text.startswith("Reading")


def test_that_opening_is_refused_while_a_run_lives(with_data: Stage, tmp_path):
    with_data.train_until_running()
    table = with_data.session.table
    with_data.window.commands.open_sample("mcycle")
    assert "while a run is under way" in with_data.notices[0].message
    assert with_data.session.table is table


def test_that_constant_columns_are_refused_and_the_choice_goes_back(stage: Stage):
    stage.open(made_table("t", a=np.sqrt(np.arange(9.0)), b=np.arange(9.0) ** 2, flat=np.full(9, 4.0)))
    stage.train()
    model = stage.session.model
    stage.window.setup_panel.roles.target.setCurrentText("flat")
    assert "every value of 'flat' is 4" in stage.notices[0].message
    assert stage.window.setup_panel.roles.target.currentText() == "b"
    assert stage.session.model is model


# -- a run ------------------------------------------------------------------------------------------------------------


def test_that_an_expected_failure_of_a_run_is_a_notice_and_the_fit_stays(fitted: Stage):
    previous = fitted.session.model
    fitted.fit.error = TrainingError("The loss is not finite.", "Lower the learning rate.")
    fitted.train()
    assert (fitted.notices[0].message, fitted.notices[0].hint) == (
        "The loss is not finite.",
        "Lower the learning rate.",
    )
    assert "Lower the learning rate." in fitted.texts()
    assert fitted.plot.stack.subject.model.model is previous
    assert fitted.state is RunState.FITTED


def test_that_an_unexpected_failure_of_a_run_is_a_notice_with_details(fitted: Stage):
    previous = fitted.session.model
    fitted.fit.error = ZeroDivisionError("surprise")
    fitted.train()
    assert "ZeroDivisionError: surprise" in fitted.notices[0].message
    assert "Traceback" in fitted.notices[0].details
    assert fitted.plot.stack.subject.model.model is previous
    assert_reads(fitted, fitted.move_to(0.1))


def test_that_training_that_cannot_be_loaded_is_a_notice_and_the_window_lives(with_data: Stage):
    with_data.fit.load_error = ImportError("no tensorflow")
    with_data.train()
    assert "no tensorflow" in with_data.notices[0].message
    assert with_data.state is RunState.DATA
    with_data.fit.load_error = None
    with_data.train()
    assert with_data.state is RunState.FITTED


def test_that_columns_and_settings_are_locked_while_a_run_lives(with_data: Stage):
    panel = with_data.window.setup_panel
    boxes = (panel.roles.input, panel.roles.target, panel.form._preset, panel.form.editor("seed"))
    with_data.train_until_running()
    assert not any(box.isEnabled() for box in boxes)
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert all(box.isEnabled() for box in boxes)


def test_that_a_run_names_its_phases_then_its_progress_then_its_end(with_data: Stage):
    texts: list[str] = []
    bar = with_data.window.status._bar
    for signal in (with_data.session.phase_entered, with_data.session.progressed, with_data.session.run_finished):
        signal.connect(lambda _: texts.append(with_data.window.status.text))
    with_data.fit.free.clear()
    with_data.trigger("train")
    assert bar.isVisible()
    assert bar.maximum() == 0
    with_data.fit.allow(1)
    with_data.qtbot.waitUntil(lambda: with_data.state is RunState.TRAINING)
    assert bar.maximum() == 1000
    assert bar.value() == 200
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert texts[0].startswith("Loading TensorFlow")
    assert texts[1].startswith("Compiling")
    assert texts[2].startswith("Training · epoch 1/5")
    assert texts[-1].startswith("Finished all 5 epochs. Kept epoch 5")
    assert not bar.isVisible()
    assert with_data.session.model.history.stop_reason is StopReason.COMPLETED


# -- leaving ----------------------------------------------------------------------------------------------------------


def test_that_closing_while_training_asks_and_no_keeps_window_and_run(with_data: Stage):
    with_data.train_until_running()
    with_data.dialogs.close_answer = False
    assert not with_data.window.close()
    assert with_data.dialogs.asked == ["close"]
    assert with_data.window.isVisible()
    assert with_data.state is RunState.TRAINING
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert with_data.state is RunState.FITTED


def test_that_closing_while_training_ends_the_thread_when_the_answer_is_yes(with_data: Stage):
    with_data.train_until_running()
    thread = with_data.session.runner._thread
    assert with_data.window.close()
    assert thread.isFinished()
    assert with_data.fit.closed == 1
    assert not with_data.window.isVisible()


def test_that_closing_with_nothing_to_lose_asks_nothing(with_data: Stage):
    assert with_data.window.close()
    assert with_data.dialogs.asked == []
    assert with_data.session.runner._thread.isFinished()


def test_that_closing_with_a_run_that_is_not_saved_asks_once(fitted: Stage):
    fitted.dialogs.leave_answer = Leaving.STAY
    assert not fitted.window.close()
    assert fitted.dialogs.asked == ["leave made up"]
    assert fitted.window.isVisible()
    fitted.dialogs.leave_answer = Leaving.DISCARD
    assert fitted.window.close()
    assert fitted.dialogs.asked == ["leave made up"] * 2
    assert fitted.session.runner._thread.isFinished()


def test_that_the_run_under_way_is_asked_about_before_the_document(fitted: Stage):
    fitted.train_until_running()
    assert fitted.window.close()
    assert fitted.dialogs.asked == ["close", "leave made up"]


# -- preferences ------------------------------------------------------------------------------------------------------


def next_window(stage: Stage) -> MainWindow:
    window = MainWindow(stage.session, Preferences(stage.preferences_path), stage.themes, FakeDialogs())
    stage.qtbot.addWidget(window)
    return window


def test_that_the_geometry_is_there_at_the_next_start(stage: Stage):
    stage.window.resize(770, 720)
    stage.settle()
    size = stage.window.size()
    stage.window.close()
    assert next_window(stage).size() == size


def test_that_layout_and_theme_are_there_at_the_next_start(with_data: Stage):
    with_data.window.docks.all[1].close()
    with_data.window.choose_theme(ThemeChoice.DARK)
    with_data.settle()
    with_data.window.close()
    window = next_window(with_data)
    assert Preferences(with_data.preferences_path).text_of("theme") == "dark"
    window._leave_welcome()
    assert hidden(window) == {"reading", "inputs", "interaction"}


def hidden(window: MainWindow) -> set[str]:
    return {dock.objectName() for dock in window.docks.all if dock.isHidden()}


def all_docks_but_the_inputs_are_shown(window: MainWindow) -> bool:
    """With one input there are no others to hold."""
    return hidden(window) == {"inputs", "interaction"}


def test_that_reset_layout_on_the_welcome_page_forgets_the_remembered_one(with_data: Stage):
    with_data.window.docks.all[1].close()
    with_data.settle()
    with_data.window.close()
    window = next_window(with_data)
    window.docks.reset()
    assert all(dock.isHidden() for dock in window.docks.all)
    window._leave_welcome()
    assert all_docks_but_the_inputs_are_shown(window)
    later = next_window(with_data)
    later._leave_welcome()
    assert all_docks_but_the_inputs_are_shown(later)


def test_that_a_remembered_layout_that_makes_no_sense_gives_the_first_one(stage: Stage):
    stage.preferences_path.write_bytes(
        b"[General]\nlayout=@ByteArray(rubbish)\ngeometry=@ByteArray(\\x1\\x2)\ntheme=\xff\n"
    )
    window = next_window(stage)
    window._leave_welcome()
    assert all_docks_but_the_inputs_are_shown(window)


def test_that_recent_files_stand_on_the_next_welcome_page(stage: Stage, tmp_path):
    path = tmp_path / "seen.csv"
    path.write_text("dose,response\n1,2\n2,3\n3,5\n")
    stage.open_file(path)
    stage.preferences._settings.sync()
    fresh = stage.session.__class__(stage.fit.load, read_here, stage.baseline_fit)
    window = MainWindow(fresh, Preferences(stage.preferences_path), stage.themes, FakeDialogs())
    stage.qtbot.addWidget(window)
    assert "seen.csv" in [button.text() for button in window.welcome.findChildren(QPushButton)]
    fresh.shut_down()


# -- dropping, pictures -----------------------------------------------------------------------------------------------


def dropped(*urls: QUrl) -> QMimeData:
    data = QMimeData()
    data.setUrls(list(urls))
    return data


def test_that_one_dropped_file_is_opened(stage: Stage, tmp_path):
    path = tmp_path / "dropped.csv"
    path.write_text("dose,response\n1,2\n2,3\n3,5\n")
    data = dropped(QUrl.fromLocalFile(str(path)))
    where, action = QPointF(50, 50), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where.toPoint(), action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stage.window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(where, action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stage.window, drop)
    stage.qtbot.waitUntil(lambda: stage.state is RunState.DATA)
    assert stage.session.table.title == "dropped.csv"


@pytest.mark.parametrize(
    "urls", [[], [QUrl("https://example.org/a.csv")], [QUrl.fromLocalFile("/a"), QUrl.fromLocalFile("/b")]]
)
def test_that_other_things_cannot_be_dropped(stage: Stage, urls):
    data = dropped(*urls)  # the event does not keep it alive
    where, action = QPoint(5, 5), Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where, action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter.ignore()
    QApplication.sendEvent(stage.window, enter)
    assert not enter.isAccepted()


def test_that_the_window_can_be_pictured(fitted: Stage):
    picture = picture_of(fitted.window, 1.0)
    assert picture.size() == fitted.window.size()


# -- hostile names ----------------------------------------------------------------------------------------------------


def test_that_a_long_title_or_path_does_not_widen_the_window(with_data: Stage):
    before = with_data.window.minimumSizeHint().width()
    with_data.open(made_table("n" * 3000 + ".csv"))
    with_data.session.report(TrainingError("p" * 3000, "q" * 3000))
    with_data.settle()
    assert with_data.window.minimumSizeHint().width() <= before
    panel = with_data.window.setup_panel
    assert panel.widget().width() <= panel.viewport().width()


def test_that_hostile_titles_are_plain_text(stage: Stage):
    title = "<b>x</b><img src=x> & y.csv"
    stage.open(made_table(title))
    stage.window.status.show_text(title)
    labels = [label for label in stage.window.findChildren(QLabel) if label.text() == title]
    assert len(labels) == 2
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert all("<b>" not in label.toolTip() for label in labels)
