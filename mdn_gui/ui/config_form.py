"""The settings form, generated from the fields of the configurations."""

import re
from collections.abc import Callable
from dataclasses import Field, dataclass, fields, replace
from typing import Any, get_args

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QSpinBox, QToolButton, QWidget

from mdn_gui.core.config import ModelConfig, PresetName, Setting, TrainingConfig, preset, setting_of
from mdn_gui.errors import ConfigError
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.numbers import parsed, precise, reader_locale

_Config = ModelConfig | TrainingConfig


@dataclass(frozen=True, eq=False)
class _Editor:
    """One field's widget, with the way to put a value in and to get one out."""

    widget: QWidget
    show: Callable[[Any], None]
    value: Callable[[], Any]


class ConfigForm(QWidget):
    """Every declared setting of both configurations, the advanced ones folded away.

    A value outside its range is refused with ``rejected``; the field then shows the last good value again.
    """

    edited = Signal(object, object)
    """ModelConfig, TrainingConfig with the person's change."""
    rejected = Signal(object)
    """ConfigError."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._configs: dict[type[_Config], Any] = {ModelConfig: ModelConfig(), TrainingConfig: TrainingConfig()}
        self._editors: dict[tuple[type[_Config], str], _Editor] = {}
        self._advanced: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, self.label_width())
        self._grid.setColumnMinimumWidth(1, 96)
        self._build_preset()
        self._add_heading(self.tr("MODEL"))
        self._add_fields(ModelConfig)
        self._add_heading(self.tr("TRAINING"))
        self._add_fields(TrainingConfig)
        self._add_disclosure()
        self.show_configs(self._configs[ModelConfig], self._configs[TrainingConfig])

    def show_configs(self, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        """Show settings without announcing an edit."""
        self._configs = {ModelConfig: model_config, TrainingConfig: training_config}
        for (kind, name), editor in self._editors.items():
            with QSignalBlocker(editor.widget):
                editor.show(getattr(self._configs[kind], name))
        known = [name for name in get_args(PresetName) if preset(name) == self._without_seed()]
        with QSignalBlocker(self._preset):
            self._preset.setCurrentIndex(self._preset.findData(known[0] if known else ""))

    def set_locked(self, *, locked: bool) -> None:
        """Make every field read-only while a run is under way; values stay readable."""
        for editor in self._editors.values():
            editor.widget.setEnabled(not locked)
        self._preset.setEnabled(not locked)

    def commit(self) -> bool:
        """Take what is being typed; return False when it was refused."""
        refusals: list[object] = []
        self.rejected.connect(refusals.append)
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus():
            focused.clearFocus()
        self.rejected.disconnect(refusals.append)
        return not refusals

    def editor(self, name: str) -> QWidget:
        """Return the widget of a field."""
        return next(editor.widget for (_, field_name), editor in self._editors.items() if field_name == name)

    def label_width(self) -> int:
        """Return the width of the label column, so that others can align with it."""
        texts = (
            setting_of(f).label for kind in (ModelConfig, TrainingConfig) for f in fields(kind) if f.type is not bool
        )
        advance = self.fontMetrics().horizontalAdvance
        return max(advance(QCoreApplication.translate("Settings", text)) for text in texts)

    def _without_seed(self) -> tuple[ModelConfig, TrainingConfig]:
        return self._configs[ModelConfig], replace(self._configs[TrainingConfig], seed=TrainingConfig().seed)

    # -- building -----------------------------------------------------------------------------------------------------

    def _build_preset(self) -> None:
        self._preset = QComboBox(self)
        self._preset.setAccessibleName(self.tr("Preset"))
        self._preset.setToolTip(self.tr("Known settings; tfp-example is the published TensorFlow Probability recipe"))
        for name in get_args(PresetName):
            self._preset.addItem(name, name)
        self._preset.addItem(self.tr("custom"), "")
        self._preset.activated.connect(self._take_preset)
        calm(self._preset)
        self._add_row(QLabel(self.tr("Preset"), self), self._preset)

    def _add_heading(self, text: str) -> None:
        heading = QLabel(text, self)
        heading.setObjectName("heading")
        heading.setContentsMargins(0, 10, 0, 0)
        self._grid.addWidget(heading, self._grid.rowCount(), 0, 1, 2)

    def _add_fields(self, kind: type[_Config]) -> None:
        for config_field in fields(kind):
            setting = setting_of(config_field)
            editor = self._make_editor(kind, config_field, setting)
            label_text = QCoreApplication.translate("Settings", setting.label)
            label = QLabel("" if isinstance(editor.widget, QCheckBox) else label_text, self)
            label.setObjectName("muted")
            label.setBuddy(editor.widget)
            tip = QCoreApplication.translate("Settings", setting.help)
            for widget in (label, editor.widget):
                widget.setToolTip(tip)
            editor.widget.setAccessibleName(label_text)
            editor.widget.setAccessibleDescription(tip)
            calm(editor.widget)
            self._editors[kind, config_field.name] = editor
            self._add_row(label, editor.widget)
            if setting.advanced:
                self._advanced += [label, editor.widget]

    def _add_row(self, label: QLabel, widget: QWidget) -> None:
        row = self._grid.rowCount()
        label.setObjectName("muted")
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(widget, row, 1)

    def _add_disclosure(self) -> None:
        self._disclosure = QToolButton(self)
        self._disclosure.setObjectName("disclosure")
        self._disclosure.setCheckable(True)
        self._disclosure.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._disclosure.setText(self.tr("All settings"))
        self._disclosure.toggled.connect(self._unfold)
        self._grid.addWidget(self._disclosure, self._grid.rowCount(), 0, 1, 2)
        self._unfold(on=False)

    def _unfold(self, on: object) -> None:
        self._disclosure.setArrowType(Qt.ArrowType.DownArrow if on else Qt.ArrowType.RightArrow)
        for widget in self._advanced:
            widget.setVisible(bool(on))

    def _make_editor(self, kind: type[_Config], config_field: "Field[Any]", setting: Setting) -> _Editor:
        declared = str(config_field.type)
        if setting.choices:
            return self._make_choice(kind, config_field.name, setting)
        if "bool" in declared:
            return self._make_switch(kind, config_field.name, setting)
        if "int" in declared and "tuple" not in declared:
            return self._make_count(kind, config_field.name, setting, may_be_automatic="None" in declared)
        return self._make_text(kind, config_field.name, is_list="tuple" in declared)

    def _make_choice(self, kind: type[_Config], name: str, setting: Setting) -> _Editor:
        box = QComboBox(self)
        box.addItems(list(setting.choices))
        box.currentTextChanged.connect(lambda text: self._take(kind, name, text))
        return _Editor(box, box.setCurrentText, box.currentText)

    def _make_switch(self, kind: type[_Config], name: str, setting: Setting) -> _Editor:
        box = QCheckBox(QCoreApplication.translate("Settings", setting.label), self)
        box.toggled.connect(lambda on: self._take(kind, name, on))
        return _Editor(box, box.setChecked, box.isChecked)

    def _make_count(self, kind: type[_Config], name: str, setting: Setting, *, may_be_automatic: bool) -> _Editor:
        box = _CountBox(self)
        box.setLocale(reader_locale())
        box.setKeyboardTracking(False)
        box.lineEdit().setTextMargins(6, 0, 0, 0)
        automatic = int(setting.minimum) - 1
        box.setRange(automatic if may_be_automatic else int(setting.minimum), int(setting.maximum))
        if may_be_automatic:
            box.setSpecialValueText(self.tr("automatic"))

        def value() -> int | None:
            return None if may_be_automatic and box.value() == automatic else box.value()

        box.valueChanged.connect(lambda _: self._take(kind, name, value()))
        box.refused.connect(lambda text: self._take(kind, name, _whole_number(text)))
        return _Editor(box, lambda number: box.setValue(automatic if number is None else number), value)

    def _make_text(self, kind: type[_Config], name: str, *, is_list: bool) -> _Editor:
        box = QLineEdit(self)

        def show(value: float | tuple[int, ...]) -> None:
            box.setText(", ".join(map(str, value)) if isinstance(value, tuple) else precise(value))

        def value() -> object:
            if is_list:
                return _whole_numbers(box.text())
            number = parsed(box.text())
            return box.text() if number is None else number

        box.editingFinished.connect(lambda: self._take(kind, name, value()))
        return _Editor(box, show, value)

    # -- edits --------------------------------------------------------------------------------------------------------

    def _take(self, kind: type[_Config], name: str, value: object) -> None:
        if value == getattr(self._configs[kind], name):
            return
        try:
            changed = replace(self._configs[kind], **{name: value})
        except ConfigError as error:
            self.show_configs(self._configs[ModelConfig], self._configs[TrainingConfig])
            self.rejected.emit(error)
            return
        self._configs[kind] = changed
        self._announce()

    def _take_preset(self) -> None:
        if name := self._preset.currentData():
            model_config, training_config = preset(name)
            seed = self._configs[TrainingConfig].seed
            self._configs = {ModelConfig: model_config, TrainingConfig: replace(training_config, seed=seed)}
        self._announce()

    def _announce(self) -> None:
        self.show_configs(self._configs[ModelConfig], self._configs[TrainingConfig])
        self.edited.emit(self._configs[ModelConfig], self._configs[TrainingConfig])


class _CountBox(QSpinBox):
    """A spin box that lets any text be typed, then refuses a wrong one instead of dropping some of its digits."""

    refused = Signal(str)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Return whether ``text`` is a value; nothing is impossible while it is being typed."""
        is_value = super().validate(text, position)[0] is QValidator.State.Acceptable
        return (QValidator.State.Acceptable if is_value else QValidator.State.Intermediate), text, position

    def fixup(self, text: str) -> str:
        """Refuse a text that is no value; the last good value comes back."""
        self.refused.emit(text)
        return text


def _whole_numbers(text: str) -> tuple[object, ...]:
    """Return the whole numbers of a list such as "64, 64"; what is none stays text, for the message."""
    return tuple(_whole_number(part) for part in re.split(r"[\s,;]+", text.strip()))


def _whole_number(text: str) -> object:
    """Return the whole number that ``text`` states; what is none, or is absurdly long, stays text."""
    if re.fullmatch(r"[+-]?[0-9]{1,15}", text.strip()):
        return int(text)
    return text if len(text) <= 24 else f"{text[:20]}…"
