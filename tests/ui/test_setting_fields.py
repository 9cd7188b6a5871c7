"""Fields of the settings that are too narrow for what they say."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QSpinBox

from mdn_gui.core.automatic import resolved
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.ui.config_form import ConfigForm
from mdn_gui.ui.setting_fields import automatic_text, resolved_value
from tests.ui.stage import Stage
from tests.ui.test_config_form import LEFT_AUTOMATIC, RESOLVED, Edits


@pytest.fixture
def form(qtbot) -> ConfigForm:
    made = ConfigForm()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def edits(form) -> Edits:
    return Edits(form)


@pytest.mark.parametrize("width", [240, 272, 400])
@pytest.mark.parametrize(("rows", "inputs"), [(60, 1), (1_700, 1), (9_000_000, 1), (1_700, 8)])
def test_that_no_automatic_value_is_cut(with_data: Stage, rows, inputs, width):
    panel = with_data.window.setup_panel
    form = panel.form
    form._disclosure.setChecked(True)
    known = resolved(ModelConfig(), TrainingConfig(), rows, inputs)
    form.show_resolved(known)
    with_data.window.resizeDocks([panel.parentWidget()], [width], Qt.Orientation.Horizontal)
    with_data.qtbot.waitUntil(lambda: abs(panel.width() - width) <= 4)
    assert panel.widget().width() <= panel.viewport().width()
    for name in LEFT_AUTOMATIC:
        field, whole = form.editor(name), automatic_text(resolved_value(known, name))
        line = field.lineEdit() if isinstance(field, QSpinBox) else field
        assert whole in field.toolTip()
        if not isinstance(field, QComboBox):  # which elides as it paints
            room = line.width() - (10 if isinstance(field, QSpinBox) else 16)
            assert line.fontMetrics().horizontalAdvance(line.text()) <= room
            assert line.text() == whole or (line.text().endswith("…") and whole.startswith(line.text()[:-1]))
            assert line.text() == whole or width < 400


@pytest.mark.parametrize("name", ["batch_size", "noise"])
def test_that_an_elided_automatic_value_is_still_automatic(form, edits, name):
    form.resize(210, 600)
    form.show_resolved(RESOLVED)
    form._disclosure.setChecked(True)
    field = form.editor(name)
    line = field.lineEdit() if isinstance(field, QSpinBox) else field
    assert line.text().endswith("…")
    field.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    form.editor("seed").setFocus()
    assert not edits.configs
    assert not edits.errors
    form.resize(500, 600)
    assert line.text() == automatic_text(resolved_value(RESOLVED, name))


def test_that_a_choice_without_room_ends_with_dots(form):
    form.show_resolved(RESOLVED)
    field = form.editor("activation")
    form.resize(500, 600)
    whole = field.grab().toImage()
    form.resize(200, 600)
    narrow = field.grab().toImage()
    assert field.currentText() == automatic_text(RESOLVED.activation)
    ground = narrow.pixel(narrow.width() // 2, 4)
    text = [
        x
        for x in range(8, narrow.width() - 24)
        if any(narrow.pixel(x, y) != ground for y in range(6, narrow.height() - 6))
    ]
    assert max(text) < narrow.width() - 24 - 1
    assert whole.width() > narrow.width()
