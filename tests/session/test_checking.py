import logging
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.findings import Finding, FindingKind
from mdn_gui.core.selection import Selection
from mdn_gui.session.checking import DataChecker
from tests.session.conftest import Ears

MODEL, TRAINING = ModelConfig(), TrainingConfig()


class FakeChecks:
    """Finds the K that it is asked about; waits for ``may_end``, raises ``error``."""

    def __init__(self) -> None:
        self.asked: list[tuple[Selection, ModelConfig, TrainingConfig]] = []
        self.threads: set[int] = set()
        self.may_end = threading.Event()
        self.may_end.set()
        self.error: Exception | None = None
        self.finds = True

    def __call__(self, selection: Selection, model: ModelConfig, training: TrainingConfig) -> tuple[Finding, ...]:
        self.asked.append((selection, model, training))
        self.threads.add(threading.get_ident())
        self.may_end.wait(5.0)
        if self.error is not None:
            raise self.error
        return (finding(model.num_components),) if self.finds else ()


def finding(count: int) -> Finding:
    return Finding(FindingKind.FEW_ROWS, f"K = {count}.", "Take less.", num_components=1)


@pytest.fixture
def checks() -> FakeChecks:
    return FakeChecks()


@pytest.fixture
def checker(qtbot: QtBot, checks: FakeChecks) -> Iterator[DataChecker]:
    made = DataChecker(checks)
    yield made
    checks.may_end.set()
    made.shut_down()
    made.deleteLater()


def selection(dataset: Dataset) -> Selection:
    return Selection(dataset, ())


def test_that_the_real_checks_are_made_where_none_are_given(qtbot, tiny_dataset):
    checker = DataChecker()
    with qtbot.waitSignal(checker.checked) as told:
        checker.follow(selection(tiny_dataset), MODEL, TRAINING)  # 51 training rows for 8 components
    assert [finding.kind for finding in told.args[0]] == [FindingKind.FEW_ROWS]
    checker.shut_down()
    checker.deleteLater()


def test_that_checks_run_in_a_thread_of_their_own(qtbot, checker, checks, tiny_dataset):
    chosen = selection(tiny_dataset)
    with qtbot.waitSignal(checker.checked) as told:
        checker.follow(chosen, MODEL, TRAINING)
    assert told.args == [(finding(8),)]
    assert checker.findings == (finding(8),)
    assert checks.asked == [(chosen, MODEL, TRAINING)]
    assert threading.get_ident() not in checks.threads


def test_that_settings_that_are_not_checked_start_nothing(qtbot, checker, checks, tiny_dataset):
    chosen = selection(tiny_dataset)
    with qtbot.waitSignal(checker.checked):
        checker.follow(chosen, MODEL, TRAINING)
    checker.follow(chosen, ModelConfig(hidden_layers=(8,)), TrainingConfig(epochs=7))
    assert not checker._job._pause.isActive()
    assert not checker._job.is_busy


@pytest.mark.parametrize(
    ("model", "training"),
    [
        (ModelConfig(num_components=3), TRAINING),
        (ModelConfig(scale_floor=0.0), TRAINING),
        (ModelConfig(target_transform="log"), TRAINING),
        (MODEL, TrainingConfig(seed=1)),
        (MODEL, TrainingConfig(validation_fraction=0.5)),
    ],
)
def test_that_settings_that_are_checked_are_checked_anew(qtbot, checker, checks, tiny_dataset, model, training):
    chosen = selection(tiny_dataset)
    with qtbot.waitSignal(checker._job.finished):
        checker.follow(chosen, MODEL, TRAINING)
    with qtbot.waitSignal(checker._job.finished):
        checker.follow(chosen, model, training)
    assert checks.asked[1:] == [(chosen, model, training)]


def test_that_steps_in_quick_succession_make_one_check(qtbot, checker, checks, tiny_dataset):
    chosen = selection(tiny_dataset)
    with qtbot.waitSignal(checker.checked):
        checker.follow(chosen, MODEL, TRAINING)
    with qtbot.waitSignal(checker.checked):
        for count in range(2, 8):
            checker.follow(chosen, ModelConfig(num_components=count), TRAINING)
    assert [model.num_components for _, model, _ in checks.asked] == [8, 7]


def test_that_other_data_take_the_remarks_away_at_once(qtbot, checker, checks, tiny_dataset, hear: Ears):
    with qtbot.waitSignal(checker.checked):
        checker.follow(selection(tiny_dataset), MODEL, TRAINING)
    told = hear(checker.checked)
    checks.finds = False
    with qtbot.waitSignal(checker._job.finished):
        checker.follow(selection(tiny_dataset), MODEL, TRAINING)
        assert told == [()]
    assert told == [()]
    assert checker.findings == ()


def test_that_the_answer_about_older_data_is_dropped(qtbot, checker, checks, tiny_dataset, hear: Ears):
    told = hear(checker.checked)
    checks.may_end.clear()
    checker.follow(selection(tiny_dataset), MODEL, TRAINING)
    qtbot.waitUntil(lambda: len(checks.asked) == 1)
    checker.follow(selection(tiny_dataset), ModelConfig(num_components=3), TRAINING)
    checks.may_end.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(finding(3),)]


def test_that_checks_that_fail_are_logged_and_leave_no_remark(qtbot, checker, checks, tiny_dataset, caplog):
    with qtbot.waitSignal(checker.checked):
        checker.follow(selection(tiny_dataset), MODEL, TRAINING)
    checks.error = ZeroDivisionError("surprise")
    with caplog.at_level(logging.ERROR), qtbot.waitSignal(checker.checked) as told:
        checker.follow(checks.asked[0][0], ModelConfig(num_components=3), TRAINING)
    assert told.args == [()]
    assert "ZeroDivisionError: surprise" in caplog.text


def test_that_shutting_down_waits_for_the_checks_and_tells_nothing(qtbot, checker, checks, tiny_dataset, hear: Ears):
    told = hear(checker.checked)
    checks.may_end.clear()
    checker.follow(selection(tiny_dataset), MODEL, TRAINING)
    qtbot.waitUntil(lambda: len(checks.asked) == 1)
    threading.Timer(0.05, checks.may_end.set).start()
    checker.shut_down()
    assert checker._job._pool.activeThreadCount() == 0
    assert not told
