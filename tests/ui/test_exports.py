"""What the actions take out of the window."""

import csv
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event, get_ident

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtSvg import QSvgRenderer

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.questions import Questions
from mdn_gui.errors import UserError
from mdn_gui.files import tables
from mdn_gui.files.onnx_model import onnx_model
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.report.page import report_html
from mdn_gui.files.script import python_script
from mdn_gui.files.wanted import Wanted
from mdn_gui.session.messages import RunState, Severity
from mdn_gui.ui.exporting.parameter_dialog import ParameterRequest
from mdn_gui.ui.exporting.running import PredictionRequest
from mdn_gui.ui.pictures import save_picture
from tests.ui.stage import Stage, made_table, saved_table

TO_FILES = {
    "export_table": "save made up-parameters.csv",
    "export_picture": "picture made up-fit",
    "export_report": "save made up-report.html",
    "export_tfp_script": "save made up-tfp.py",
    "export_numpy_script": "save made up-numpy.py",
    "export_onnx": "save made up.onnx",
}
"""What each export asks for."""
IN_THE_BACKGROUND = [name for name in TO_FILES if name != "export_picture"]


def rows_of(path: Path) -> tuple[list[str], np.ndarray, list[str]]:
    """Return header, numbers, comment lines of a saved table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    header, *body = csv.reader(line for line in lines if not line.startswith("#"))
    return header, np.array([[float(cell) for cell in row] for row in body]), comments


def parameters(stage: Stage, x: np.ndarray) -> np.ndarray:
    mixture = stage.session.model.conditional(x[:, None])
    moments = (mixture.mean(), mixture.variance(), mixture.sd())
    return np.column_stack((x, mixture.weights, mixture.locs, mixture.variances, mixture.scales, *moments))


def undated(page: str) -> str:
    """Return a report without the moment it was made."""
    return re.sub(r"report of [-0-9]+ [0-9:]+", "", page)


def answer_with(stage: Stage, path: Path) -> None:
    """Answer every question for a place with a path."""
    stage.dialogs.save_answer, stage.dialogs.picture_answer = path, (path, 2.0)


def export(stage: Stage, action: str, path: Path) -> Path:
    """Trigger an export to a path; wait until it is written or refused."""
    answer_with(stage, path)
    stage.trigger(action)
    stage.wait_for_disk()
    return path


class Gate:
    """Holds the writing of tables until they may go on; knows in which threads they were written."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may_go_on, self.threads, self._save = Event(), [], tables.save_table
        monkeypatch.setattr(tables, "save_table", self)

    def __call__(self, path: Path, table: tables.DataTable) -> None:
        self.may_go_on.wait()
        self.threads.append(get_ident())
        self._save(path, table)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.may_go_on.set()


# -- what is written --------------------------------------------------------------------------------------------------


def test_that_the_exported_table_parses_back_to_the_bits_of_the_model(fitted: Stage, tmp_path):
    fitted.dialogs.grid_answer = GridSpec(-2.5, 3.5, 37)
    header, values, comments = rows_of(export(fitted, "export_table", tmp_path / "table.csv"))
    np.testing.assert_array_equal(values, parameters(fitted, np.linspace(-2.5, 3.5, 37)))
    assert header[:2] == ["dose", "weight_1"]
    assert any("seed: 0" in line for line in comments)
    assert any("num_components: 3" in line for line in comments)
    assert fitted.window.status.text == "Saved table.csv."


def test_that_the_proposed_grid_is_a_thousand_points_over_the_data(fitted: Stage, tmp_path):
    _, values, _ = rows_of(export(fitted, "export_table", tmp_path / "table.csv"))
    axis = fitted.session.instrument.axis
    np.testing.assert_array_equal(values[:, 0], np.linspace(axis.low, axis.high, 1000))


def test_that_the_table_can_be_taken_during_training(with_data: Stage, tmp_path):
    with_data.train_until_running()
    with_data.dialogs.grid_answer = GridSpec(0.0, 1.0, 3)
    _, values, _ = rows_of(export(with_data, "export_table", tmp_path / "table.csv"))
    np.testing.assert_array_equal(values, parameters(with_data, np.linspace(0.0, 1.0, 3)))


def test_that_the_table_is_of_the_network_that_was_shown_when_it_was_asked_for(
    with_data: Stage, tmp_path, monkeypatch, gate
):
    table = ParameterRequest.table

    def later_table(request: ParameterRequest) -> Callable[[FittedModel], tables.DataTable]:
        gate.may_go_on.wait()  # before the model is looked up that is handed on
        return partial(table, request)

    monkeypatch.setattr(ParameterRequest, "table", property(later_table))
    with_data.train_until_running()
    asked_for = with_data.session.model
    with_data.dialogs.grid_answer = GridSpec(0.0, 1.0, 3)
    with_data.dialogs.save_answer = tmp_path / "table.csv"
    with_data.trigger("export_table")
    with_data.fit.free.set()
    with_data.wait_for_idle()
    gate.may_go_on.set()
    with_data.wait_for_disk()
    _, values, _ = rows_of(tmp_path / "table.csv")
    np.testing.assert_array_equal(values[:, 1:4], asked_for.conditional([[0.0], [0.5], [1.0]]).weights)


def test_that_the_picture_is_as_fine_as_is_asked(fitted: Stage, tmp_path):
    picture = QImage(str(export(fitted, "export_picture", tmp_path / "fit.png")))
    assert (picture.width(), picture.height()) == (2 * fitted.plot.width(), 2 * fitted.plot.height())
    assert len({picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}) > 20


def test_that_the_picture_can_be_made_of_lines(fitted: Stage, tmp_path):
    drawing = QSvgRenderer(str(export(fitted, "export_picture", tmp_path / "fit.svg")))
    assert drawing.isValid()
    assert export(fitted, "export_picture", tmp_path / "fit.pdf").read_bytes().startswith(b"%PDF-")


def test_that_the_report_is_about_the_run_that_is_shown(fitted: Stage, tmp_path):
    fitted.train()
    fitted.session.run_list.rename(1, "the <first>")
    fitted.session.run_list.rename(2, "the second")
    fitted.session.recall.show(1)
    page = export(fitted, "export_report", tmp_path / "report.html").read_text(encoding="utf-8")
    first, second = (undated(report_html(fitted.session.project(), run)) for run in fitted.session.run_list.runs)
    assert undated(page) == first != second
    assert fitted.window.status.text == "Saved report.html."


@pytest.mark.parametrize("flavour", ["tfp", "numpy"])
def test_that_a_script_reads_the_fit_that_is_shown(fitted: Stage, tmp_path, flavour):
    written = export(fitted, f"export_{flavour}_script", tmp_path / "read.py").read_text(encoding="utf-8")
    assert written == python_script(fitted.session.model, flavour)


def test_that_the_script_is_copied(fitted: Stage):
    fitted.trigger("copy_script")
    assert QGuiApplication.clipboard().text() == python_script(fitted.session.model, "tfp")
    assert fitted.window.status.text == "Python script copied."


def test_that_the_onnx_model_is_that_of_the_fit(fitted: Stage, tmp_path):
    written = export(fitted, "export_onnx", tmp_path / "fit.onnx").read_bytes()
    assert written == onnx_model(fitted.session.model).SerializeToString()


# -- predictions for another table ------------------------------------------------------------------------------------


def test_that_predictions_are_asked_for_with_what_the_window_reads(stage: Stage, tmp_path):
    stage.open_file(saved_table(made_table(), tmp_path / "rows.csv"))
    stage.train()
    asked = Questions(levels=(0.1, 0.9), high=0.5)
    stage.session.instrument.ask(asked)
    stage.trigger("export_predictions")
    model, questions, opened, _ = stage.dialogs.predictions_of
    assert model is stage.session.model
    assert questions == asked
    assert opened == stage.session.data.choice.options


def test_that_predictions_follow_no_options_where_no_file_is_open(fitted: Stage):
    fitted.trigger("export_predictions")
    assert fitted.dialogs.predictions_of[2] is None


def test_that_predictions_for_another_table_are_those_of_the_model(fitted: Stage, tmp_path):
    source = saved_table(made_table("other", dose=[0.5, -1.0, 2.0], response=[0.0, 0.0, 1.0]), tmp_path / "other.csv")
    fitted.trigger("export_predictions")
    model, questions, _, runner = fitted.dialogs.predictions_of
    with fitted.qtbot.waitSignal(runner.finished):
        runner.start(model, PredictionRequest(source, tmp_path / "predicted.csv", ReadOptions(), Wanted(questions)))
    lines = (tmp_path / "predicted.csv").read_text(encoding="utf-8").splitlines()
    table = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [float(row["mixture_mean"]) for row in table] == model.conditional([[0.5], [-1.0], [2.0]]).mean().tolist()


def test_that_the_window_ends_predictions_that_are_under_way(fitted: Stage, tmp_path):
    fitted.trigger("export_predictions")
    model, questions, _, runner = fitted.dialogs.predictions_of
    source = saved_table(made_table("other", rows=20_000), tmp_path / "other.csv")
    runner.start(model, PredictionRequest(source, tmp_path / "predicted.csv", ReadOptions(), Wanted(questions)))
    fitted.window.close()
    assert not runner.is_busy
    assert not (tmp_path / "predicted.csv").exists()


# -- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", TO_FILES)
def test_that_a_vanished_folder_is_a_notice(fitted: Stage, tmp_path, action):
    export(fitted, action, tmp_path / "gone" / "file.png")
    assert "gone" in fitted.notices[0].message
    assert fitted.notices[0].hint
    assert fitted.notices[0].severity is Severity.ERROR
    assert not fitted.window.status.text.startswith("Sav")
    assert fitted.state is RunState.FITTED


@pytest.mark.parametrize("action", TO_FILES)
def test_that_a_folder_in_place_of_the_file_is_a_notice(fitted: Stage, tmp_path, action):
    folder = tmp_path / "folder.png"
    folder.mkdir()
    export(fitted, action, folder)
    assert str(folder) in fitted.notices[0].message
    assert folder.is_dir()


@pytest.mark.parametrize("action", TO_FILES)
def test_that_a_cancelled_save_writes_nothing(fitted: Stage, tmp_path, action):
    before, status = set(tmp_path.iterdir()), fitted.window.status.text
    fitted.trigger(action)
    assert not fitted.window.commands.exports.is_busy
    assert fitted.dialogs.asked[-1] == TO_FILES[action]
    assert set(tmp_path.iterdir()) == before
    assert fitted.window.status.text == status


def test_that_a_cancelled_question_for_parameters_asks_for_no_place(fitted: Stage, monkeypatch):
    monkeypatch.setattr(fitted.dialogs, "parameter_request", lambda *_: None)
    fitted.trigger("export_table")
    assert fitted.dialogs.asked == []


@pytest.mark.parametrize("action", IN_THE_BACKGROUND)
def test_that_a_second_file_waits_for_the_first_and_is_told_so(fitted: Stage, tmp_path, gate, action):
    answer_with(fitted, tmp_path / "first.csv")
    fitted.trigger("export_table")
    assert fitted.window.status.text == "Saving first.csv …"
    answer_with(fitted, tmp_path / "second.csv")
    fitted.trigger(action)
    assert fitted.messages == ["Another file is still being written."]
    gate.may_go_on.set()
    fitted.wait_for_disk()
    assert fitted.window.status.text == "Saved first.csv."
    assert not (tmp_path / "second.csv").exists()
    assert get_ident() not in gate.threads
    export(fitted, action, tmp_path / "second.csv")
    assert (tmp_path / "second.csv").exists()


def test_that_a_file_under_way_is_finished_before_the_window_is_gone(fitted: Stage, tmp_path, gate):
    answer_with(fitted, tmp_path / "last.csv")
    fitted.trigger("export_table")
    gate.may_go_on.set()
    fitted.window.close()
    assert len(rows_of(tmp_path / "last.csv")[1]) == 1000


def test_that_an_unexpected_failure_is_a_notice_with_details(fitted: Stage, tmp_path, monkeypatch, caplog):
    def fail(*_: object) -> None:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr(tables, "save_table", fail)
    export(fitted, "export_table", tmp_path / "table.csv")
    assert "ZeroDivisionError: surprise" in fitted.notices[0].message
    assert "Traceback" in fitted.notices[0].details
    assert "a job in the background failed" in caplog.text


def test_that_a_picture_that_cannot_be_drawn_leaves_the_earlier_file(tmp_path, qapp):
    path = tmp_path / "fit.png"
    path.write_bytes(b"before")
    with pytest.raises(UserError, match=r"cannot be saved|empty or too large"):
        save_picture(path, QPixmap())
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


# -- any table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", TO_FILES)
def test_that_every_export_copes_with_hostile_names(stage: Stage, tmp_path, action):
    stage.open(made_table("../<b>\n=cmd()", **{"a,b\n<i>": np.arange(20.0) * 1e12, "=c": np.arange(20.0) ** 2}))
    stage.train()
    path = export(stage, action, tmp_path / ("out.svg" if action == "export_picture" else "out"))
    assert stage.messages == []
    assert path.stat().st_size > 100
