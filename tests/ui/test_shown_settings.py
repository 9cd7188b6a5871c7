"""The line that tells which run is shown where its settings are not those of the form."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from mdn_gui.core.config import TrainingConfig
from mdn_gui.ui.shown_settings import ShownSettings, differing_settings
from tests.ui.runs.made import made_run
from tests.ui.stage import Stage


def line(stage: Stage) -> ShownSettings:
    return stage.window.setup_panel.shown


def set_components(stage: Stage, count: int) -> None:
    session = stage.session
    session.configure(
        replace(session.model_config, num_components=count), replace(session.training_config, weight_averaging=0.5)
    )


@pytest.fixture
def differing(fitted: Stage) -> Stage:
    """A window whose form has another K than the run shown."""
    fitted.session.configure(fitted.session.fitted.model_config, fitted.session.fitted.training_config)
    set_components(fitted, 9)
    return fitted


def test_that_nothing_is_told_without_a_run_or_where_form_and_fit_agree(with_data: Stage):
    assert line(with_data).text == ""
    with_data.train()
    fit = with_data.session.fitted
    with_data.session.configure(fit.model_config, fit.training_config)
    assert line(with_data).text == ""


def test_that_the_run_shown_is_told_where_the_form_differs(differing: Stage):
    number = differing.session.fitted.model_config.num_components
    assert line(differing).text == f"Shown: run 1, K = {number}"
    assert line(differing).isVisible()
    assert "Components" in line(differing)._text.toolTip()


def test_that_the_link_takes_the_settings_with_the_keyboard_too(differing: Stage):
    link = line(differing).findChild(QPushButton)
    assert link.text() == "Take its settings"
    link.setFocus()
    QTest.keyClick(link, Qt.Key.Key_Space)
    assert differing.session.model_config == differing.session.fitted.model_config
    assert line(differing).text == ""
    differing.trigger("undo")
    assert differing.session.model_config.num_components == 9
    assert line(differing).text != ""


def test_that_another_run_that_is_shown_is_told_at_once(differing: Stage):
    differing.fit.components = 9
    differing.train()
    differing.session.recall.show(1)
    differing.session.configure(differing.session.run_list.run(2).model.model_config, TrainingConfig(seed=8))
    assert line(differing).text.startswith("Shown: run 1, ")
    differing.session.recall.show(2)
    assert line(differing).text.startswith("Shown: run 2, ")
    differing.session.reset_weights()
    assert line(differing).text == ""


def test_that_nothing_is_told_while_a_run_is_under_way(differing: Stage):
    differing.train_until_running()
    assert line(differing).text == ""
    differing.trigger("discard_run")
    differing.wait_for_idle()
    assert line(differing).text.startswith("Shown: run 1, ")


def test_that_the_settings_that_differ_are_named_as_in_the_form():
    mine, its = made_run(1), made_run(2, components=5, config=TrainingConfig(seed=3, learning_rate=0.1))
    configs = [(run.model.model_config, run.model.training_config) for run in (mine, its)]
    assert differing_settings(configs[0], configs[0]) == ()
    assert set(differing_settings(*configs)) == {"Components", "Seed", "Learning rate"}


def test_that_the_line_makes_the_form_no_wider(qtbot):
    shown = ShownSettings()
    qtbot.addWidget(shown)
    assert shown.minimumSizeHint().width() == 0
