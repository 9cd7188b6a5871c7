"""The dialog that makes predictions for another table, with what does the work."""

import math
from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.questions import Questions
from mdn_gui.errors import DataError
from mdn_gui.files.options import ReadingCancelledError, ReadOptions, Watch
from mdn_gui.files.predictions import Predicted
from mdn_gui.files.wanted import Wanted
from mdn_gui.ui.exporting.predictions_dialog import PredictionsDialog, remedy_text, result_text
from mdn_gui.ui.exporting.running import PredictionRequest, PredictionRunner
from tests.fakes import made_model

OPENED = ReadOptions(delimiter=";")
USUAL = Questions()


def model() -> FittedModel:
    rng = np.random.default_rng(0)
    return made_model(Dataset(rng.normal(size=(9, 1)), rng.normal(size=9), ("<b>age",), "strength"))


class Work:
    """Predictions that wait for the test."""

    def __init__(self) -> None:
        self.may_end, self.begun, self.ended = Event(), Event(), Event()
        self.may_end.set()
        self.asked: list[PredictionRequest] = []
        self.error: Exception | None = None
        self.was_cancelled = False

    def __call__(self, _model: FittedModel, request: PredictionRequest, watch: Watch) -> Predicted:
        self.asked.append(request)
        self.begun.set()
        watch.report(0.4)
        try:
            while not self.may_end.wait(0.005):
                if watch.is_cancelled():
                    self.was_cancelled = True
                    raise ReadingCancelledError
            if self.error is not None:
                raise self.error
        finally:
            self.ended.set()
        return Predicted(request.output, 10_000, (("empty age", 2), ("age has an unknown level", 1)))


class Desk:
    """A dialog with its runner; what it asks is answered at once."""

    def __init__(self, qtbot, questions: Questions = USUAL, make: Callable | None = None) -> None:
        self.work = Work()
        self.source: Path | None = Path("/data/second.csv")
        self.output: Path | None = Path("/data/out.csv")
        self.suggested: list[tuple[str, str]] = []
        self.runner = PredictionRunner(None, make or self.work)
        asks = (lambda: self.source, self.asked_output)
        self.dialog = PredictionsDialog(model(), questions, OPENED, asks, self.runner)
        qtbot.addWidget(self.dialog)
        self.dialog.show()
        self.qtbot = qtbot

    def asked_output(self, suggestion: str, ending: str) -> Path | None:
        self.suggested.append((suggestion, ending))
        return self.output

    def run(self) -> None:
        self.dialog.browse.click()
        with self.qtbot.waitSignal(self.runner.busy_changed, check_params_cb=lambda is_busy: not is_busy):
            self.dialog.start.click()


@pytest.fixture
def desk(qtbot):
    made = Desk(qtbot)
    yield made
    made.work.may_end.set()
    made.runner.shut_down()


def test_that_nothing_starts_without_a_table(desk):
    assert not desk.dialog.start.isEnabled()
    desk.source = None
    desk.dialog.browse.click()
    assert not desk.dialog.start.isEnabled()
    assert desk.dialog.path.text() == "no table chosen"


def test_that_predictions_are_made_as_asked(desk):
    desk.dialog.quantiles.setText("2.5 50 97.5")
    desk.dialog.threshold.setText("1.25")
    desk.dialog.format.setCurrentIndex(desk.dialog.format.findData(".parquet"))
    desk.run()
    assert desk.suggested == [("second-predicted.parquet", ".parquet")]
    asked = Questions(levels=(0.025, 0.5, 0.975), high=1.25)
    assert desk.work.asked == [PredictionRequest(desk.source, desk.output, OPENED, Wanted(asked))]
    assert desk.dialog.outcome.text() == (
        "10,000 rows in out.csv, 3 without numbers: 2 empty age, 1 age has an unknown level."
    )
    assert "Mend the cells" in desk.dialog.remedy.text()
    assert desk.dialog.start.isEnabled()


def test_that_the_table_may_be_read_as_guessed(desk):
    desk.dialog.reading.setCurrentIndex(1)
    desk.dialog.quantiles.clear()
    desk.run()
    assert desk.work.asked[0].options == ReadOptions()
    assert desk.work.asked[0].wanted == Wanted()


@pytest.mark.parametrize(
    ("questions", "levels", "threshold"),
    [
        (Questions(levels=(0.05, 0.5), high=2.5), "5  50", "2.5"),
        (Questions(levels=(), low=1.0), "", ""),
        (Questions(low=1.0, high=2.0), "5  25  50  75  95", ""),
    ],
)
def test_that_what_the_window_asks_is_proposed(qtbot, questions, levels, threshold):
    desk = Desk(qtbot, questions)
    assert (desk.dialog.quantiles.text(), desk.dialog.threshold.text()) == (levels, threshold)
    desk.runner.shut_down()


@pytest.mark.parametrize(
    ("levels", "threshold", "words"),
    [("5 x", "", "'x' is not a percentage"), ("100", "", "between 0 and 100"), ("5", "<b>", "'<b>' is not a number")],
)
def test_that_what_cannot_be_asked_is_explained_before_a_file_is(desk, levels, threshold, words):
    desk.dialog.browse.click()
    desk.dialog.quantiles.setText(levels)
    desk.dialog.threshold.setText(threshold)
    desk.dialog.start.click()
    assert words in desk.dialog.problem.text()
    assert not desk.suggested
    assert not desk.work.asked


def test_that_no_place_to_write_means_no_work(desk):
    desk.output = None
    desk.dialog.browse.click()
    desk.dialog.start.click()
    assert not desk.work.asked
    assert desk.dialog.start.isEnabled()


def test_that_the_fields_rest_while_work_is_under_way(desk):
    desk.work.may_end.clear()
    desk.dialog.browse.click()
    with desk.qtbot.waitSignal(desk.runner.progressed):
        desk.dialog.start.click()
    assert desk.dialog.progress.value() == 400
    assert desk.dialog.progress.isVisible()
    assert not desk.dialog.start.isEnabled()
    assert not desk.dialog.quantiles.isEnabled()
    assert desk.dialog.stop.isEnabled()


@pytest.mark.parametrize("way", ["stop", "close"])
def test_that_stopping_and_closing_end_the_work(desk, way):
    desk.work.may_end.clear()
    desk.dialog.browse.click()
    desk.dialog.start.click()
    desk.qtbot.waitUntil(desk.work.begun.is_set)
    if way == "stop":
        desk.dialog.stop.click()
        assert desk.dialog.outcome.text() == "Stopped. Nothing was written."
        assert desk.dialog.start.isEnabled()
    else:
        desk.dialog.close()
        assert not desk.dialog.isVisible()
    desk.qtbot.waitUntil(desk.work.ended.is_set)
    assert desk.work.was_cancelled
    assert not desk.runner.is_busy


def test_that_a_failure_is_told_with_its_remedy(desk):
    desk.work.error = DataError("second.csv does not have 'age'.", "Its columns are <i>a.")
    desk.run()
    assert desk.dialog.problem.text() == "second.csv does not have 'age'. Its columns are <i>a."
    assert desk.dialog.problem.textFormat().name == "PlainText"
    assert not desk.dialog.outcome.isVisible()


def test_that_another_table_clears_what_was_said(desk):
    desk.run()
    assert desk.dialog.outcome.isVisible()
    desk.dialog.browse.click()
    assert not desk.dialog.outcome.isVisible()


def test_that_real_predictions_reach_the_file(qtbot, tmp_path):
    from mdn_gui.ui.exporting.running import predicted

    desk = Desk(qtbot, make=predicted)
    desk.source, desk.output = tmp_path / "s.csv", tmp_path / "out.csv"
    desk.source.write_text("<b>age;strength\n1,5;2\n;3\n", encoding="utf-8")
    desk.run()
    assert desk.dialog.problem.text() == ""
    assert desk.dialog.outcome.text() == "2 rows in out.csv, 1 without numbers: 1 empty <b>age."
    assert desk.output.exists()
    desk.runner.shut_down()


def test_that_the_sentence_about_the_rows_says_what_there_is_to_say():
    whole = Predicted(Path("o.csv"), 1, (), ())
    assert (result_text(whole), remedy_text(whole)) == ("1 row in o.csv.", "")
    many = Predicted(Path("o.csv"), 9000, tuple((f"reason {n}", 1000) for n in range(6)), (("empty y", 12),))
    assert result_text(many).endswith("1,000 reason 3, 2,000 others.")
    assert remedy_text(many).endswith("12 without log density: 12 empty y.")


def test_that_everything_that_takes_the_focus_has_a_name(desk):
    dialog = desk.dialog
    for field in (dialog.browse, dialog.reading, dialog.quantiles, dialog.threshold, dialog.format, dialog.progress):
        assert field.accessibleName()
    assert math.isinf(Questions().high)


def test_that_every_other_column_can_be_kept(desk):
    assert not desk.dialog.keep.isChecked()
    assert desk.dialog.keep.accessibleName() == "Keep every other column"
    desk.dialog.keep.click()
    desk.run()
    assert desk.work.asked[0].wanted.keep is None


@pytest.mark.parametrize(
    ("count", "outside", "words"),
    [
        (3, (("times", 3),), "3 rows outside the data: times."),
        (1, (("a\nb", 1), ("c", 1)), "1 row outside the data: a b, c."),
        (9, tuple((name, 2) for name in "abcde"), "9 rows outside the data: a, b, c, d, …."),
    ],
)
def test_that_rows_outside_the_data_are_counted(count, outside, words):
    done = Predicted(Path("out.csv"), 10, (), None, count, outside)
    assert remedy_text(done) == words
