"""A run that is shown again, a project that is open again: every panel tells of it."""

from pathlib import Path

from mdn_gui.core.sweep import SweepPlan
from mdn_gui.session.messages import RunState
from tests.ui.stage import Stage


def test_that_the_loss_of_a_reopened_project_is_drawn(fitted: Stage, tmp_path: Path):
    path, drawn = tmp_path / "p.mdn", fitted.window.loss_panel.plot.record
    epochs = len(drawn)
    document = fitted.window.documents.document
    document.save(path)
    fitted.qtbot.waitUntil(lambda: document.path == path)
    fitted.window.documents.open(path)
    fitted.qtbot.waitUntil(lambda: "Opened" in fitted.window.status.text)
    assert len(fitted.window.loss_panel.plot.record) == epochs > 0


def test_that_the_loss_of_the_run_before_is_gone_with_another_table(fitted: Stage):
    fitted.open()
    assert len(fitted.window.loss_panel.plot.record) == 0


def test_that_the_status_line_tells_of_the_run_that_is_shown(fitted: Stage):
    fitted.fit.epochs = 9
    fitted.train()
    assert "9 epochs" in fitted.window.status.text
    fitted.session.recall.show(1)
    assert fitted.window.status.text.startswith("run 1 · ")
    assert "5 epochs" in fitted.window.status.text


def test_that_rows_near_x_are_judged_while_a_sweep_goes_on(fitted: Stage):
    fitted.fit.free.clear()
    fitted.session.start_sweep(SweepPlan((1, 2), (0,)))
    assert fitted.state is RunState.SWEEPING
    fitted.move_to(0.5)
    nearby = fitted.window.reading
    fitted.qtbot.waitUntil(lambda: nearby.nearby is not None)
    fitted.fit.free.set()
    fitted.wait_for_idle()


def test_that_preferred_settings_are_those_of_the_next_document(fitted: Stage):
    usual = fitted.session.model_config
    fitted.session.configure(type(usual)(num_components=3), fitted.session.training_config)
    fitted.open()
    assert fitted.session.model_config == usual
