import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import Calibration, Judge
from mdn_gui.core.config import TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.selection import Selection
from mdn_gui.session import calibrating
from mdn_gui.session.calibrating import Calibrator, Unjudged
from tests.fakes import made_joint_mixture, made_model
from tests.session.conftest import Ears


@pytest.fixture
def calibrator(qtbot: QtBot) -> Iterator[Calibrator]:
    made = Calibrator()
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def model(tiny_dataset: Dataset) -> FittedModel:
    return dataclasses.replace(made_model(tiny_dataset), training_config=TrainingConfig(validation_fraction=0.5))


@pytest.fixture
def rows(tiny_dataset: Dataset) -> Selection:
    return Selection(tiny_dataset, ())


def wait_for(qtbot: QtBot, calibrator: Calibrator) -> Any:
    qtbot.waitUntil(lambda: calibrator.answer is not Unjudged.BUSY)
    return calibrator.answer


def test_that_a_fit_is_judged_in_another_thread(qtbot, calibrator, model, rows, hear: Ears, monkeypatch):
    threads: list[int] = []

    def calibrate(*arguments: Any) -> Any:
        threads.append(threading.get_ident())
        return CALIBRATE(*arguments)

    monkeypatch.setattr(calibrating, "calibrate", calibrate)
    told = hear(calibrator.changed)
    calibrator.follow(model, rows)
    found = wait_for(qtbot, calibrator)
    assert isinstance(found, Calibration)
    assert found.judge is Judge.VALIDATION
    assert (found.num_rows, found.num_available) == (30, 30)
    assert set(found.rivals) == {Rival.LINEAR, Rival.MIXTURE, Rival.GAUSSIAN}
    assert told == [Unjudged.BUSY, found]
    assert threads
    assert threads[0] != threading.get_ident()


CALIBRATE = calibrating.calibrate


def test_that_the_test_set_judges_where_there_is_one(qtbot, calibrator, model, rows):
    test = Dataset(rows.dataset.x[:7], rows.dataset.y[:7], ("dose",), "response")
    calibrator.follow(model, dataclasses.replace(rows, test=test))
    found = wait_for(qtbot, calibrator)
    assert (found.judge, found.num_rows) == (Judge.TEST, 7)


def test_that_the_joint_mixture_is_compared_with_where_it_is_known(qtbot, calibrator, model, rows):
    calibrator.follow(model, rows, made_joint_mixture(rows.dataset))
    assert next(iter(wait_for(qtbot, calibrator).rivals)) is Rival.JOINT


def test_that_a_joint_mixture_that_comes_later_is_taken_up(qtbot, calibrator, model, rows):
    calibrator.follow(model, rows)
    assert Rival.JOINT not in wait_for(qtbot, calibrator).rivals
    calibrator.follow(model, rows, made_joint_mixture(rows.dataset))
    assert Rival.JOINT in wait_for(qtbot, calibrator).rivals


def test_that_without_fit_or_rows_there_is_nothing_to_judge(qtbot, calibrator, model, rows, hear: Ears):
    told = hear(calibrator.changed)
    calibrator.follow(None, rows)
    calibrator.follow(model, None)
    assert not told
    assert calibrator.answer is Unjudged.NO_FIT


def test_that_a_calibration_goes_with_its_fit(qtbot, calibrator, model, rows, hear: Ears):
    calibrator.follow(model, rows)
    wait_for(qtbot, calibrator)
    told = hear(calibrator.changed)
    calibrator.follow(None, rows)
    assert told == [Unjudged.NO_FIT]


def test_that_the_same_fit_is_judged_once(qtbot, calibrator, model, rows):
    calibrator.follow(model, rows)
    found = wait_for(qtbot, calibrator)
    calibrator.follow(model, rows)
    assert calibrator.answer is found


def test_that_a_fit_of_other_rows_is_not_judged(qtbot, calibrator, model, rows):
    dataset = rows.dataset
    fewer = Dataset(dataset.x[1:], dataset.y[1:], dataset.input_names, dataset.target_name)
    calibrator.follow(model, Selection(fewer, ()))
    assert wait_for(qtbot, calibrator) is Unjudged.OTHER_ROWS


def test_that_an_error_is_told_as_such(qtbot, calibrator, model, rows, hear: Ears):
    wide = Dataset(np.hstack([rows.dataset.x] * 2), rows.dataset.y, ("a", "b"), "response")
    calibrator.follow(model, rows, made_joint_mixture(wide))
    assert wait_for(qtbot, calibrator) is Unjudged.FAILED


def test_that_the_calibration_of_an_older_fit_never_comes(qtbot, calibrator, model, rows, hear: Ears, monkeypatch):
    begun, may_go_on = threading.Event(), threading.Event()

    def calibrate(judged: Any, *arguments: Any) -> Any:
        if judged is model:
            begun.set()
            may_go_on.wait(5.0)
        return CALIBRATE(judged, *arguments)

    monkeypatch.setattr(calibrating, "calibrate", calibrate)
    told = hear(calibrator.changed)
    calibrator.follow(model, rows)
    assert begun.wait(5.0)
    newer = dataclasses.replace(model, training_config=TrainingConfig(validation_fraction=0.25))
    calibrator.follow(newer, rows)
    may_go_on.set()
    found = wait_for(qtbot, calibrator)
    assert found.num_rows == 15
    assert told == [Unjudged.BUSY, found]


def test_that_the_calibration_of_a_fit_that_is_gone_never_comes(qtbot, calibrator, model, rows, hear, monkeypatch):
    may_go_on, answers = threading.Event(), hear(calibrator._job._report.ended)

    def calibrate(*arguments: Any) -> Any:
        may_go_on.wait(5.0)
        return CALIBRATE(*arguments)

    monkeypatch.setattr(calibrating, "calibrate", calibrate)
    calibrator.follow(model, rows)
    calibrator.follow(None, rows)
    may_go_on.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert calibrator.answer is Unjudged.NO_FIT


def test_that_shutting_down_ends_the_judging(qtbot, calibrator, model, rows):
    calibrator.follow(model, rows)
    calibrator.shut_down()
    assert calibrator._job._pool.activeThreadCount() == 0
    assert calibrator.answer is Unjudged.BUSY
