"""A start of the window with what was remembered, whatever its state."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mdn_gui.app import make_window
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.session.preferences import THEME, Preferences
from mdn_gui.ui.main_window import MainWindow
from mdn_gui.ui.theme import DARK, theme_of


@pytest.fixture
def start(application, qtbot, preferences_path: Path) -> Iterator[Callable[[], MainWindow]]:
    """Starts the window as the program does; every window is closed in the end."""
    made: list[MainWindow] = []

    def begin() -> MainWindow:
        for window in made:
            window.close()
        made.append(make_window(application, preferences_path)[1])
        qtbot.addWidget(made[-1])
        return made[-1]

    yield begin
    for window in made:
        window.close()


def test_that_damaged_preferences_do_not_stop_the_start_and_are_told_once(start, preferences_path):
    preferences_path.write_bytes(b"[General\n\x00\x01rubbish")
    (notice,) = start().notices.notices
    (aside,) = preferences_path.parent.glob("*.unreadable-*")
    assert aside.name in notice.hint
    assert "preferences" in notice.message
    assert start().notices.notices == []


def test_that_the_window_begins_with_what_is_preferred(start, preferences_path, application):
    configs = ModelConfig(num_components=5), TrainingConfig(seed=11)
    preferences = Preferences(preferences_path)
    preferences.prefer(THEME, "dark")
    preferences.keep_default_settings(configs)
    del preferences
    window = start()
    assert theme_of(application.palette()) is DARK
    assert (window.session.model_config, window.session.training_config) == configs
    assert window.setup_panel.form._fields[ModelConfig, "num_components"].value() == 5
