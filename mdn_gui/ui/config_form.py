"""The settings form, generated from the fields of the configurations."""

from dataclasses import fields, replace
from functools import partial
from typing import Any, get_args

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QSizePolicy, QToolButton, QWidget

from mdn_gui.core.automatic import ResolvedSettings
from mdn_gui.core.config import ModelConfig, PresetName, TrainingConfig, preset, setting_of
from mdn_gui.errors import ConfigError
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.setting_fields import AUTOMATIC, SettingField, automatic_text, make_field, resolved_value

_Config = ModelConfig | TrainingConfig

_NARROWEST_FIELD = 96
"""Pixels; a text without room in its field ends with "…"."""


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
        self._fields: dict[tuple[type[_Config], str], SettingField] = {}
        self._resolved: ResolvedSettings | None = None
        self._advanced: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnMinimumWidth(0, self.label_width())
        self._grid.setColumnMinimumWidth(1, _NARROWEST_FIELD)
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
        for (kind, name), field in self._fields.items():
            value, resolved = getattr(self._configs[kind], name), resolved_value(self._resolved, name)
            with QSignalBlocker(field):
                field.show_setting(value, resolved)
            field.setToolTip(self._tip(field, value, resolved))
        known = [name for name in get_args(PresetName) if preset(name) == self._without_seed()]
        with QSignalBlocker(self._preset):
            self._preset.setCurrentIndex(self._preset.findData(known[0] if known else ""))

    def show_resolved(self, resolved: ResolvedSettings | None) -> None:
        """Show what the automatic settings come to on the open data; None without data."""
        self._resolved = resolved
        self.show_configs(self._configs[ModelConfig], self._configs[TrainingConfig])

    def _tip(self, field: SettingField, value: object, resolved: object) -> str:
        """Return what a setting is; of an automatic one the whole value, which may have no room in the field."""
        is_automatic = value in {None, AUTOMATIC} and resolved is not None
        return field.accessibleDescription() + (f"\n{automatic_text(resolved)}" if is_automatic else "")

    def set_locked(self, *, locked: bool) -> None:
        """Make every field read-only while a run is under way; values stay readable."""
        for field in self._fields.values():
            field.setEnabled(not locked)
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

    def editor(self, name: str) -> SettingField:
        """Return the widget of a setting."""
        return next(field for (_, field_name), field in self._fields.items() if field_name == name)

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
        self._add_row(self.tr("Preset"), self._preset)

    def _add_heading(self, text: str) -> None:
        heading = QLabel(text, self)
        heading.setObjectName("heading")
        heading.setContentsMargins(0, 10, 0, 0)
        self._grid.addWidget(heading, self._grid.rowCount(), 0, 1, 2)

    def _add_fields(self, kind: type[_Config]) -> None:
        for config_field in fields(kind):
            setting = setting_of(config_field)
            field = make_field(config_field, self)
            label_text = QCoreApplication.translate("Settings", setting.label)
            tip = QCoreApplication.translate("Settings", setting.help)
            if config_field.default is None:
                tip += " " + self.tr("Clear the field to leave it automatic.")
            field.setToolTip(tip)
            field.setAccessibleName(label_text)
            field.setAccessibleDescription(tip)
            field.entered.connect(partial(self._take, kind, config_field.name))
            calm(field)
            self._fields[kind, config_field.name] = field
            if isinstance(field, QCheckBox):  # its own text is its label
                self._grid.addWidget(field, self._grid.rowCount(), 0, 1, 2)
            else:
                label = self._add_row(label_text, field)
                self._advanced += [label] if setting.advanced else []
            self._advanced += [field] if setting.advanced else []

    def _add_row(self, text: str, widget: QWidget) -> QLabel:
        row, label = self._grid.rowCount(), QLabel(text, self)
        label.setObjectName("muted")
        label.setBuddy(widget)
        label.setToolTip(widget.toolTip())
        widget.setSizePolicy(QSizePolicy.Policy.Ignored, widget.sizePolicy().verticalPolicy())
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(widget, row, 1)
        return label

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

    # -- edits --------------------------------------------------------------------------------------------------------

    def _take(self, kind: type[_Config], name: str, value: object) -> None:
        if value == getattr(self._configs[kind], name):
            self.show_configs(self._configs[ModelConfig], self._configs[TrainingConfig])  # it may be written otherwise
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
