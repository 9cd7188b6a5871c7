"""What is told when a sweep has ended, when one of its K is taken; how it can be ended."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mdn_gui.core.sweep import SweepPlan, SweepResult
from mdn_gui.session.messages import RunState
from mdn_gui.ui.sweep.texts import end_text, taken_text
from tests.session.test_sweeping import SweepFit
from tests.ui.conftest import made_stage
from tests.ui.stage import Stage
from tests.ui.sweep.made import made_result, made_run

PLAN = SweepPlan((1, 2), (0, 1))


@pytest.fixture
def hidden_stage(application: QApplication, qtbot: QtBot, preferences_path: Path) -> Iterator[Stage]:
    """A window whose fits have the number of components that was asked for."""
    with made_stage(qtbot, preferences_path, fit=SweepFit()) as stage:
        yield stage


def begin(stage: Stage) -> None:
    stage.dialogs.sweep_answer = PLAN
    stage.fit.free.clear()
    stage.trigger("begin_sweep")
    stage.qtbot.waitUntil(lambda: stage.state is RunState.SWEEPING)


@pytest.fixture
def swept(fitted: Stage) -> Stage:
    """A window with a fit, then a finished sweep, which is compared."""
    begin(fitted)
    fitted.fit.free.set()
    fitted.wait_for_idle()
    plot = fitted.window.sweeps.panel.plot
    fitted.qtbot.waitUntil(lambda: plot._drawn is not None and len(plot._drawn.result.runs) == 4)
    return fitted


def test_that_the_status_line_tells_the_end_of_a_sweep(swept: Stage):
    assert swept.window.status.text.startswith("Sweep 1: 4 runs; best ")


def test_that_the_status_line_tells_after_how_many_runs_a_sweep_was_stopped(fitted: Stage):
    begin(fitted)
    fitted.fit.allow(5)
    fitted.qtbot.waitUntil(lambda: len(fitted.session.run_list.runs) >= 2)
    fitted.trigger("stop_early")
    fitted.wait_for_idle()
    made = len(fitted.session.run_list.runs) - 1
    assert fitted.window.status.text == f"Sweep stopped after {made} of 4 runs"


def test_that_the_toolbar_speaks_of_the_sweep_under_way(fitted: Stage):
    stop, discard = (fitted.window.actions_by_id[name] for name in ("stop_early", "discard_run"))
    before = stop.text()
    begin(fitted)
    assert stop.text() == "Stop sweep"
    assert stop.isEnabled()
    assert not discard.isEnabled()
    stop.trigger()
    fitted.wait_for_idle()
    assert stop.text() == before == "Stop early"


def test_that_taking_a_k_shows_its_best_run_too(swept: Stage):
    panel, runs = swept.window.sweeps.panel, swept.session.run_list
    panel.take_requested.emit(2)
    best = min((run for run in panel.plot._drawn.result.runs if run.num_components == 2), key=lambda run: run.nll)
    assert runs.shown == best.number
    assert swept.session.fitted is best.model
    assert swept.session.model_config.num_components == 2
    assert swept.window.setup_panel.shown.text == ""
    assert swept.window.status.text == taken_text(best, is_only_k=best.seed == 0)


def test_that_of_a_k_whose_runs_are_deleted_only_the_number_is_taken(swept: Stage):
    result = swept.window.sweeps.panel.plot._drawn.result
    swept.session.run_list.delete([run.number for run in result.runs if run.num_components == 2])
    swept.window.sweeps.panel.take_requested.emit(2)
    assert swept.session.model_config.num_components == 2
    assert swept.session.run_list.shown == 1


def test_that_the_sentence_on_a_taken_run_says_what_is_taken():
    run = made_run(2, 1.0, 0, 5)
    assert taken_text(run, is_only_k=True) == "Run 5 (K = 2, seed 0) is shown; its K is taken for the next run."
    assert "its settings are taken" in taken_text(run, is_only_k=False)


def of(*levels: tuple[int, float]) -> SweepResult:
    return made_result(dict(levels))


@pytest.mark.parametrize(
    ("numbers", "result", "expected"),
    [
        ((2, 4, 0, 4), made_result(), "Sweep 2: 4 runs; best K = 3, recommended K = 2"),
        ((1, 2, 0, 2), of((1, 1.0), (2, 2.0)), "Sweep 1: 2 runs; best and recommended K = 1"),
        ((3, 1, 1, 2), of((1, 1.0)), "Sweep 3: 1 run, 1 failed; best and recommended K = 1"),
        ((1, 3, 0, 16), made_result(), "Sweep stopped after 3 of 16 runs"),
        ((1, 0, 0, 16), None, "Sweep stopped after 0 of 16 runs"),
        ((1, 0, 4, 4), None, "Sweep 1: 0 runs, 4 failed"),
    ],
)
def test_that_the_end_is_worded(numbers, result, expected):
    assert end_text(*numbers, result) == expected


def test_that_a_better_run_of_the_same_rows_outside_of_the_sweep_is_told(swept: Stage):
    panel, runs = swept.window.sweeps.panel, swept.session.run_list
    assert "Run 1 (" not in panel.sentence
    first = runs.run(1)
    least = min(run.nll for run in runs.runs)
    history = replace(first.model.history, kept_nll=least - 1.0)
    model = replace(first.model, history=history)
    runs.hold([replace(first, model=model), *runs.runs[1:]], 5, 1)
    number = model.model_config.num_components
    assert f"Run 1 (K = {number}) is better still: {least - 1.0:.3f}." in panel.sentence
