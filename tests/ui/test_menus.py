import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton

from mdn_gui.core.samples import SAMPLES
from mdn_gui.ui.theme import DARK, LIGHT
from mdn_gui.ui.theme_switch import ThemeChoice
from tests.ui.stage import Stage


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def theme_menu(stage: Stage) -> QMenu:
    return entry(stage.window.menus.menus["view"], "Theme").menu()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)
def test_that_each_sample_opens_from_the_menu(stage: Stage, sample):
    entry(stage.window.menus.samples, sample.title).trigger()
    assert stage.session.dataset.input_names == (sample.input_name,)
    assert stage.session.dataset.target_name == sample.target_name
    assert sample.title in stage.window.windowTitle()


@pytest.mark.parametrize("sample", [s for s in SAMPLES if s.is_simulated], ids=lambda sample: sample.key)
def test_that_each_simulated_sample_opens_with_other_n_and_seed(stage: Stage, sample):
    stage.dialogs.sample_answer = (123, 9)
    entry(stage.window.menus.samples, f"{sample.title}, other n and seed…").trigger()
    assert stage.dialogs.asked == [f"size of {sample.key}"]
    assert len(stage.session.dataset) == 123
    assert (stage.session.dataset.y == sample.table(123, 9).columns[1].values).all()


def test_that_a_cancelled_sample_changes_nothing(stage: Stage):
    entry(stage.window.menus.samples, "Noisy cardioid, other n and seed…").trigger()
    assert stage.dialogs.asked == ["size of cardioid"]
    assert stage.session.table is None


def test_that_the_theme_menu_switches_the_theme(stage: Stage):
    for text, theme in (("Dark", DARK), ("Light", LIGHT)):
        entry(theme_menu(stage), text).trigger()
        assert stage.themes.theme is theme
        assert entry(theme_menu(stage), text).isChecked()
        assert stage.preferences.text_of("theme") == text.lower()


def test_that_the_theme_of_the_system_can_be_followed(stage: Stage):
    entry(theme_menu(stage), "Dark").trigger()
    entry(theme_menu(stage), "As the system").trigger()
    assert stage.themes.choice is ThemeChoice.SYSTEM
    assert stage.preferences.text_of("theme") == "system"


def test_that_each_dock_can_be_closed_and_shown_again(with_data: Stage):
    view = with_data.window.menus.menus["view"]
    for dock in with_data.window.docks.all[:3]:
        action = entry(view, dock.windowTitle())
        action.trigger()
        assert not dock.isVisible()
        action.trigger()
        assert dock.isVisible()


def test_that_the_toolbar_carries_the_actions_with_icons(stage: Stage):
    bar = stage.window.findChild(QToolBar, "toolbar")
    names = [action.objectName() for action in bar.actions() if action.objectName()]
    assert names == ["open_file", "save", "train", "stop_early", "discard_run", "undo", "redo"]
    assert not any(stage.window.actions_by_id[name].icon().isNull() for name in names)
    assert bar.widgetForAction(stage.window.actions_by_id["train"]).objectName() == "primary"


def test_that_the_export_button_offers_the_exports(stage: Stage):
    button = next(b for b in stage.window.findChildren(QToolButton) if b.text().startswith("Export"))
    assert [action.objectName() for action in button.menu().actions()] == [
        "export_table",
        "export_predictions",
        "export_picture",
        "export_report",
        "export_tfp_script",
        "export_numpy_script",
        "export_onnx",
        "copy_script",
        "copy_reading",
    ]


def test_that_icons_are_drawn_anew_for_another_theme(stage: Stage):
    action = stage.window.actions_by_id["open_file"]
    before = action.icon().pixmap(16, 16).toImage()
    stage.window.choose_theme(ThemeChoice.DARK)
    assert action.icon().pixmap(16, 16).toImage() != before
