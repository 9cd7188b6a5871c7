"""The score on the rows of the test: shown, withdrawn, never that of a fit that may have seen them."""

import numpy as np
import pytest

from mdn_gui.core.selection import HoldOut
from mdn_gui.session.importing import ImportChoice
from tests.ui.stage import Stage, made_table, saved_table

HELD_OUT = HoldOut(0.25)


def score(stage: Stage) -> str:
    """Return what is said of the test, "" where nothing is."""
    label = stage.window.setup_panel._score
    return label.text() if label.isVisible() else ""


def wait_for_score(stage: Stage) -> None:
    stage.qtbot.waitUntil(lambda: score(stage) != "")


def assert_is_not_judged(stage: Stage) -> None:
    stage.settle()
    assert not stage.window.desk._scorer._job.is_busy
    assert stage.window.desk._scorer.answer is None
    assert score(stage) == ""


@pytest.fixture
def judged(with_data: Stage) -> Stage:
    """A window whose fit is judged on 15 rows."""
    with_data.session.hold_out(HELD_OUT)
    assert_is_not_judged(with_data)
    with_data.train()
    wait_for_score(with_data)
    return with_data


def test_that_a_fit_is_judged_on_the_rows_of_the_test(judged: Stage):
    mixture = judged.session.model.conditional(judged.session.selection.test.x)
    nll = -np.mean(mixture.log_pdf(judged.session.selection.test.y))
    assert score(judged).startswith(f"Test NLL {nll:.3f}")
    assert score(judged).endswith("15 rows never trained on")


def test_that_the_score_is_withdrawn_when_the_rows_change(judged: Stage):
    judged.session.exclude_rows(judged.session.selection.rows[:1])
    assert_is_not_judged(judged)
    judged.session.restore_rows()
    wait_for_score(judged)


def test_that_the_score_is_withdrawn_when_weights_are_reset(judged: Stage):
    judged.trigger("reset_weights")
    assert_is_not_judged(judged)


def test_that_a_fit_is_not_judged_on_rows_that_it_may_have_seen(fitted: Stage):
    fitted.session.hold_out(HELD_OUT)
    assert_is_not_judged(fitted)
    fitted.train()
    wait_for_score(fitted)
    fitted.session.hold_out(HoldOut(0.25, seed=1))
    assert_is_not_judged(fitted)


def test_that_a_discarded_run_leaves_the_score(judged: Stage):
    before = score(judged)
    judged.train_until_running()
    judged.trigger("discard_run")
    judged.wait_for_idle()
    wait_for_score(judged)
    assert score(judged) == before


def test_that_the_same_rows_from_another_file_have_no_score_without_a_fit(stage: Stage, tmp_path):
    for name in ("first.csv", "copy.csv"):
        path = saved_table(made_table(), tmp_path / name)
        stage.dialogs.import_answer = ImportChoice(path, hold_out=HELD_OUT)
        stage.open_file(path)
        assert_is_not_judged(stage)
        stage.train()
        wait_for_score(stage)
