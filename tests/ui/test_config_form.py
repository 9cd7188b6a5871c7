from dataclasses import fields, replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QSpinBox

from mdn_gui.core.automatic import resolved
from mdn_gui.core.config import ModelConfig, TrainingConfig, preset, setting_of
from mdn_gui.ui.config_form import ConfigForm
from tests.ui.stage import Stage, made_table

KINDS = (ModelConfig, TrainingConfig)
FIELDS = [(kind, field) for kind in KINDS for field in fields(kind)]
NAMES = [field.name for _, field in FIELDS]


class Edits:
    """What the form has told."""

    def __init__(self, form: ConfigForm) -> None:
        self.configs: list[tuple[ModelConfig, TrainingConfig]] = []
        self.errors: list[Exception] = []
        form.edited.connect(lambda *configs: self.configs.append(configs))
        form.rejected.connect(self.errors.append)

    def value(self, name: str) -> Any:
        """Return a setting of the newest edit."""
        return next(getattr(config, name) for config in self.configs[-1] if hasattr(config, name))


@pytest.fixture
def form(qtbot) -> ConfigForm:
    made = ConfigForm()
    qtbot.addWidget(made)
    made.resize(400, 700)
    made.show()
    return made


@pytest.fixture
def edits(form) -> Edits:
    return Edits(form)


def type_into(form: ConfigForm, name: str, text: str) -> None:
    box: Any = form.editor(name)
    box.setFocus()
    box.selectAll()
    QTest.keyClick(box, Qt.Key.Key_Delete)
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def shown(form: ConfigForm, name: str) -> str:
    widget = form.editor(name)
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return str(widget.isChecked()) if isinstance(widget, QCheckBox) else widget.text()


def all_shown(form: ConfigForm) -> dict[str, str]:
    return {name: shown(form, name) for name in NAMES}


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=NAMES)
def test_that_every_setting_has_a_widget_with_label_help_and_name(form, kind, field):
    setting, widget = setting_of(field), form.editor(field.name)
    assert widget.accessibleName() == setting.label
    assert widget.accessibleDescription() == widget.toolTip()
    assert widget.toolTip().startswith(setting.help)
    assert widget.toolTip().endswith("leave it automatic.") is (field.default is None)
    labels = [label for label in form.findChildren(QLabel) if label.buddy() is widget]
    assert len(labels) == (0 if isinstance(widget, QCheckBox) else 1)
    own_text = widget.text() if isinstance(widget, QCheckBox) else labels[0].text()
    assert own_text == setting.label
    assert widget.isVisible() is not setting.advanced


def test_that_the_form_shows_the_settings_it_is_given(form):
    form.show_configs(
        ModelConfig(num_components=7, hidden_layers=(8, 16), activation="elu", standardize=False, scale_floor=0.25),
        TrainingConfig(seed=42, epochs=17, patience=3, validation_fraction=0.5),
    )
    texts = all_shown(form)
    expected = {"num_components": "7", "hidden_layers": "8, 16", "activation": "elu", "standardize": "False"}
    expected |= {"scale_floor": "0.25", "seed": "42", "epochs": "17", "patience": "3", "validation_fraction": "0.5"}
    assert {name: texts[name] for name in expected} == expected


def test_that_showing_settings_is_no_edit(form, edits):
    form.show_configs(ModelConfig(num_components=7), TrainingConfig(seed=3))
    assert not edits.configs


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("num_components", "9", 9),
        ("seed", "123", 123),
        ("hidden_layers", "32 16;8", (32, 16, 8)),
        ("validation_fraction", "0.25", 0.25),
        ("learning_rate", "1e-3", 1e-3),
        ("epochs", "55", 55),
        ("scale_ceiling", "0", 0.0),
    ],
)
def test_that_a_typed_value_makes_new_settings(form, edits, name, text, value):
    if not form.editor(name).isVisible():
        form._disclosure.click()
    type_into(form, name, text)
    assert edits.value(name) == value
    assert not edits.errors
    kind = next(kind for kind, field in FIELDS if field.name == name)
    before, after = kind(), next(config for config in edits.configs[-1] if isinstance(config, kind))
    assert replace(before, **{name: value}) == after


@pytest.mark.parametrize("name", [name for (_, f), name in zip(FIELDS, NAMES, strict=True) if setting_of(f).choices])
def test_that_each_choice_can_be_made(form, edits, name):
    box = form.editor(name)
    for index in reversed(range(box.count())):
        box.setCurrentIndex(index)
        if edits.configs:
            assert edits.value(name) == box.itemText(index)
    assert len(edits.configs) >= box.count() - 1


@pytest.mark.parametrize("name", ["standardize", "data_driven_start"])
def test_that_each_switch_can_be_turned(form, edits, name):
    form.editor(name).setChecked(False)
    assert edits.value(name) is False
    form.editor(name).setChecked(True)
    assert edits.value(name) is True


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("hidden_layers", "64, many", ("Layers", "'many'", "1 to 1,024")),
        ("hidden_layers", "0", ("Layers", "0", "1 to 1,024")),
        ("hidden_layers", "4096", ("Layers", "4,096", "1 to 1,024")),
        ("hidden_layers", "9" * 320, ("Layers", "1 to 1,024")),
        ("hidden_layers", "", ("Layers", "1 to")),
        ("hidden_layers", "1,1,1,1,1,1,1,1,1", ("Layers", "9", "1 to 8")),
        ("hidden_layers", "-5", ("Layers", "-5", "1 to 1,024")),
        ("validation_fraction", "2", ("Validation", "2", "0 to 0.9")),
        ("validation_fraction", "-0.1", ("Validation", "-0.1", "0 to 0.9")),
        ("validation_fraction", "half", ("Validation", "'half'", "0 to 0.9")),
        ("validation_fraction", "", ("Validation", "''", "0 to 0.9")),
        ("validation_fraction", "nan", ("Validation", "'nan'", "0 to 0.9")),
        ("validation_fraction", "inf", ("Validation", "'inf'", "0 to 0.9")),
        ("num_components", "65", ("Components", "65", "1 to 64")),
        ("num_components", "0", ("Components", "0", "1 to 64")),
        ("seed", "99999999999", ("Seed", "outside", "0 to 2,147,483,647")),
        ("num_components", "3x", ("Components", "'3x'", "1 to 64")),
        ("epochs", "0x", ("Epochs", "'0x'", "1 to 1,000,000")),
        ("epochs", "0", ("Epochs", "0", "1 to 1,000,000")),
        ("noise", "auto", ("Noise", "'auto'", "0 to 1")),
        ("noise", "2", ("Noise", "2", "0 to 1")),
        ("num_components", "", ("Components", "''", "1 to 64")),
    ],
)
def test_that_an_impossible_value_is_refused_with_the_reason_and_the_last_one_stays(form, edits, name, text, words):
    form._disclosure.setChecked(True)
    before = shown(form, name)
    type_into(form, name, text)
    assert not edits.configs
    assert len(edits.errors) == 1
    message = f"{edits.errors[0].message} {edits.errors[0].hint}"
    assert all(word in message for word in words), message
    assert shown(form, name) == before


@pytest.mark.parametrize("name", ["epochs", "patience"])
def test_that_automatic_makes_a_round_trip(form, edits, name):
    form._disclosure.setChecked(True)
    box = form.editor(name)
    assert isinstance(box, QSpinBox)
    assert box.text() == "automatic"
    type_into(form, name, "12")
    assert edits.value(name) == 12
    box.setValue(box.minimum())
    assert edits.value(name) is None
    assert box.text() == "automatic"


RESOLVED = resolved(ModelConfig(), TrainingConfig(), 1_700, 1)
LEFT_AUTOMATIC = [name for (_, field), name in zip(FIELDS, NAMES, strict=True) if field.default in (None, "automatic")]


@pytest.mark.parametrize("name", LEFT_AUTOMATIC)
def test_that_an_automatic_setting_shows_what_it_comes_to_on_the_data(form, edits, name):
    form._disclosure.setChecked(True)
    form.resize(800, 1200)
    QApplication.processEvents()  # a field that is not laid out has little room
    assert shown(form, name) == "automatic"
    form.show_resolved(RESOLVED)
    values = {"combination": "best", "noise": ", ".join(f"{level:.2g}" for level in RESOLVED.noise)}
    value = values.get(name, getattr(RESOLVED, name, None))
    expected = "automatic" if value is None else f"automatic ({value:g})" if isinstance(value, float) else None
    assert shown(form, name) == (expected or f"automatic ({value})")
    assert name == "device" or "(" in shown(form, name)
    form.show_resolved(None)
    assert shown(form, name) == "automatic"
    assert not edits.configs


@pytest.mark.parametrize("text", ["", "automatic", " Automatic "])
@pytest.mark.parametrize(("name", "number"), [("batch_size", "12"), ("noise", "0.25"), ("weight_decay", "0.5")])
def test_that_an_empty_field_or_the_word_is_automatic_again(form, edits, name, number, text):
    form._disclosure.setChecked(True)
    form.show_resolved(RESOLVED)
    before = shown(form, name)
    type_into(form, name, number)
    assert edits.value(name) == float(number)
    assert shown(form, name) == number
    type_into(form, name, text)
    assert edits.value(name) is None
    assert shown(form, name) == before
    type_into(form, name, text)
    assert shown(form, name) == before
    assert not edits.errors
    assert len(edits.configs) == 2


@pytest.mark.parametrize("name", ["restarts", "noise", "weight_decay"])
def test_that_leaving_an_automatic_field_changes_nothing(form, edits, name):
    form._disclosure.setChecked(True)
    form.show_resolved(RESOLVED)
    before = shown(form, name)
    form.editor(name).setFocus()
    form.editor("seed").setFocus()
    assert shown(form, name) == before
    assert not edits.configs
    assert not edits.errors


@pytest.mark.parametrize("name", ["batch_size", "noise"])
def test_that_a_click_selects_all_of_an_automatic_value(form, edits, name):
    form.show_resolved(RESOLVED)
    box = form.editor(name)
    line = box.lineEdit() if isinstance(box, QSpinBox) else box
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.rect().center())
    assert line.selectedText() == line.text()
    QTest.keyClicks(line, "1")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert edits.value(name) == 1


def test_that_stepping_begins_where_the_automatic_value_is(form, edits):
    form.show_resolved(RESOLVED)
    form.editor("batch_size").stepBy(1)
    assert edits.value("batch_size") == RESOLVED.batch_size + 1


def test_that_patience_without_held_out_rows_is_none(form):
    form.show_resolved(resolved(ModelConfig(), TrainingConfig(validation_fraction=0.0), 2_000, 1))
    assert shown(form, "patience") == "automatic (none)"


def test_that_a_german_reader_can_tell_the_levels_of_noise_apart(german, form):
    form.show_resolved(RESOLVED)
    assert shown(form, "noise").count("; ") == 1
    assert shown(form, "noise").count(",") == 2


def test_that_the_form_follows_data_and_settings(with_data: Stage):
    form, session = with_data.window.setup_panel.form, with_data.session
    assert shown(form, "batch_size") == f"automatic ({session.resolved_settings.batch_size})"
    with_data.open(made_table(rows=3_000))
    assert shown(form, "batch_size") == f"automatic ({session.resolved_settings.batch_size})"
    type_into(form, "batch_size", "10")
    steps = session.resolved_settings.steps_per_epoch
    assert steps == 255
    assert shown(form, "epochs") == f"automatic ({session.resolved_settings.epochs})"


def test_that_stepping_below_the_least_value_stays_there(form, edits):
    box = form.editor("num_components")
    type_into(form, "num_components", "2")
    box.stepBy(-5)
    assert edits.value("num_components") == 1
    assert not edits.errors


def test_that_a_preset_sets_everything_but_the_seed(form, edits):
    type_into(form, "seed", "5")
    index = form._preset.findData("tfp-example")
    form._preset.setCurrentIndex(index)
    form._preset.activated.emit(index)
    model_config, training_config = preset("tfp-example")
    assert edits.configs[-1] == (model_config, replace(training_config, seed=5))
    assert shown(form, "hidden_layers") == "12"
    assert form._preset.currentText() == "tfp-example"


def test_that_an_edit_after_a_preset_is_custom_and_back_again(form, edits):
    assert form._preset.currentText() == "default"
    type_into(form, "num_components", "6")
    assert form._preset.currentText() == "custom"
    type_into(form, "num_components", "8")
    assert form._preset.currentText() == "default"
    assert len(edits.configs) == 2


def test_that_choosing_custom_changes_nothing(form, edits):
    index = form._preset.findData("")
    form._preset.setCurrentIndex(index)
    form._preset.activated.emit(index)
    assert edits.configs in ([], [(ModelConfig(), TrainingConfig())])
    assert form._preset.currentText() == "default"


def test_that_advanced_settings_unfold(form):
    advanced = [field.name for _, field in FIELDS if setting_of(field).advanced]
    assert advanced
    form._disclosure.click()
    assert all(form.editor(name).isVisible() for name in advanced)
    form._disclosure.click()
    assert not any(form.editor(name).isVisible() for name in advanced)


def test_that_a_locked_form_can_be_read_but_not_changed(form):
    before = all_shown(form)
    form.set_locked(locked=True)
    assert not any(form.editor(name).isEnabled() for name in NAMES)
    assert not form._preset.isEnabled()
    assert all_shown(form) == before
    form.set_locked(locked=False)
    assert all(form.editor(name).isEnabled() for name in NAMES)


def test_that_a_german_reader_types_a_comma(german, form, edits):
    assert shown(form, "validation_fraction") == "0,15"
    type_into(form, "validation_fraction", "0,5")
    assert edits.value("validation_fraction") == 0.5


def test_that_an_edit_reaches_the_next_run(with_data: Stage):
    type_into(with_data.window.setup_panel.form, "num_components", "3")
    with_data.train()
    assert with_data.fit.runs[0][1] == ModelConfig(num_components=3)


def test_that_a_refusal_is_a_notice_of_the_window(with_data: Stage):
    type_into(with_data.window.setup_panel.form, "validation_fraction", "2")
    assert "Validation" in with_data.notices[0].message
    assert "0 to 0.9" in with_data.notices[0].hint
    assert with_data.session.training_config == TrainingConfig()


def test_that_settings_are_locked_while_a_run_lives(with_data: Stage):
    editor = with_data.window.setup_panel.form.editor("num_components")
    assert isinstance(editor, QSpinBox | QLineEdit)
    with_data.train_until_running()
    assert not editor.isEnabled()
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert editor.isEnabled()
