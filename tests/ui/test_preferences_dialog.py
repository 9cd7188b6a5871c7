"""The dialog of what a person prefers."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QSpinBox, QWidget

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.session.preferences import KEEP_ROWS, LANGUAGE, PREFERENCES, RECOVERY_INTERVAL, THEME, Preferences
from mdn_gui.ui.preferences_dialog import PreferencesDialog

PRESENT = ModelConfig(num_components=5), TrainingConfig(seed=3)


@pytest.fixture
def preferences(preferences_path: Path) -> Preferences:
    return Preferences(preferences_path)


@pytest.fixture
def dialog(qtbot, preferences: Preferences) -> PreferencesDialog:
    made = PreferencesDialog(preferences, PRESENT)
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_there_is_a_field_for_each_preference_with_a_name(dialog):
    assert list(dialog.fields) == [each.key for each in PREFERENCES]
    assert [field.accessibleName() for field in dialog.fields.values()] == [each.text for each in PREFERENCES]
    kinds = [type(field) for field in dialog.fields.values()]
    assert kinds == [QComboBox, QComboBox, QSpinBox, QCheckBox]


def test_that_the_fields_show_what_is_preferred(qtbot, preferences):
    for key, value in ((THEME, "dark"), (RECOVERY_INTERVAL, 7), (KEEP_ROWS, False)):
        preferences.prefer(key, value)
    made = PreferencesDialog(preferences, PRESENT)
    qtbot.addWidget(made)
    assert made.fields[THEME].currentText() == "Dark"
    assert made.fields[RECOVERY_INTERVAL].text() == "7 s"
    assert not made.fields[KEEP_ROWS].isChecked()


def test_that_a_change_is_kept_at_once(dialog, preferences, qtbot):
    told: list[str] = []
    dialog.changed.connect(told.append)
    dialog.fields[THEME].setCurrentIndex(1)
    dialog.fields[RECOVERY_INTERVAL].setValue(12)
    dialog.fields[KEEP_ROWS].click()
    assert told == [THEME, RECOVERY_INTERVAL, KEEP_ROWS]
    assert [preferences.value_of(key) for key in told] == ["light", 12, False]


def test_that_the_interval_stays_in_its_range(dialog, preferences):
    field = dialog.fields[RECOVERY_INTERVAL]
    field.setValue(0)
    assert preferences.recovery_seconds == 5
    field.setValue(99)
    assert preferences.recovery_seconds == 30


def test_that_another_language_says_that_it_comes_with_the_next_start(dialog, preferences):
    assert not dialog._later.isVisible()
    dialog.fields[LANGUAGE].setCurrentIndex(dialog.fields[LANGUAGE].findData("en"))
    assert dialog._later.isVisible()
    assert preferences.value_of(LANGUAGE) == "en"


def test_that_a_language_that_is_gone_is_shown_as_that_of_the_system(qtbot, preferences):
    preferences.prefer(LANGUAGE, "xx")
    made = PreferencesDialog(preferences, PRESENT)
    qtbot.addWidget(made)
    assert made.fields[LANGUAGE].currentData() == "system"


def test_that_the_present_settings_become_those_of_new_documents_and_back(dialog, preferences):
    told: list[str] = []
    dialog.changed.connect(told.append)
    assert dialog._told.text() == "The factory settings"
    assert not dialog.take_factory.isEnabled()
    dialog.take_present.click()
    assert preferences.default_settings == PRESENT
    assert dialog._told.text() == "2 differ from the factory settings"
    assert "num_components: 5" in dialog._told.toolTip()
    assert not dialog.take_present.isEnabled()
    dialog.take_factory.click()
    assert preferences.default_settings == (ModelConfig(), TrainingConfig())
    assert told == ["default_settings"] * 2


def test_that_everything_is_reached_by_the_tab_key(dialog, qtbot):
    dialog.activateWindow()
    dialog.fields[THEME].setFocus()
    seen: list[QWidget] = []
    for _ in range(8):
        seen.append(dialog.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert {*dialog.fields.values(), dialog.take_present} <= set(seen)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
