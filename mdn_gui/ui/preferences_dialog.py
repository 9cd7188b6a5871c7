"""The dialog of what a person prefers, made from the table of preferences."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.config import ModelConfig, TrainingConfig, settings_text
from mdn_gui.session.preferences import LANGUAGE, PREFERENCES, Preference, Preferences, Value
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.languages import language_name, translations
from mdn_gui.ui.numbers import counted
from mdn_gui.ui.texts import tip_text

_WIDTH = 180
Configs = tuple[ModelConfig, TrainingConfig]


class PreferencesDialog(QDialog):
    """Shows what is preferred; each change is kept at once.

    Parameters
    ----------
    preferences : Preferences
        Where they are kept.
    present : tuple of ModelConfig, TrainingConfig
        The settings of the open document, which may become those of new ones.
    parent : QWidget, optional
        Owner.
    """

    changed = Signal(str)
    """Key of what was changed."""

    def __init__(self, preferences: Preferences, present: Configs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences, self._present = preferences, present
        self.setWindowTitle(self.tr("Preferences"))
        self.fields: dict[str, QWidget] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addLayout(self._made_form())
        line = QFrame(self)
        line.setObjectName("line")
        layout.addWidget(line)
        layout.addLayout(self._made_defaults())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        self._show_defaults()

    # -- one field for each preference --------------------------------------------------------------------------------

    def _made_form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for preference in PREFERENCES:
            field = self._made_field(preference)
            text = _tr(preference.text)
            field.setToolTip(tip_text(_tr(preference.tip)))
            field.setAccessibleName(text)
            field.setAccessibleDescription(_tr(preference.tip))
            self.fields[preference.key] = field
            if isinstance(field, QCheckBox):
                form.addRow(field)
            else:
                label = QLabel(text, self)
                label.setBuddy(field)
                form.addRow(label, field)
            if preference.key == LANGUAGE:
                self._later = QLabel(self.tr("From the next start on."), self)
                self._later.setObjectName("muted")
                self._later.setVisible(False)
                form.addRow("", self._later)
        return form

    def _made_field(self, preference: Preference) -> QWidget:
        value = self._preferences.value_of(preference.key)
        if isinstance(value, bool):
            switch = QCheckBox(_tr(preference.text), self)
            switch.setChecked(value)
            switch.toggled.connect(partial(self._keep, preference.key))
            return switch
        if isinstance(value, int):
            number = QSpinBox(self)
            number.setRange(preference.minimum, preference.maximum)
            number.setSuffix(f" {_tr(preference.unit)}")
            number.setValue(value)
            number.setFixedWidth(_WIDTH)
            calm(number)
            number.valueChanged.connect(partial(self._keep, preference.key))
            return number
        choice = QComboBox(self)
        for name, text in _choices_of(preference):
            choice.addItem(text, name)
        choice.setCurrentIndex(max(choice.findData(value), 0))
        choice.setFixedWidth(_WIDTH)
        calm(choice)
        choice.currentIndexChanged.connect(partial(self._keep_choice, preference.key, choice))
        return choice

    def _keep_choice(self, key: str, choice: QComboBox, _index: int) -> None:
        self._keep(key, str(choice.currentData()))

    def _keep(self, key: str, value: Value) -> None:
        self._preferences.prefer(key, value)
        if key == LANGUAGE:
            self._later.setVisible(True)
        self.changed.emit(key)

    # -- settings of new documents ------------------------------------------------------------------------------------

    def _made_defaults(self) -> QVBoxLayout:
        heading = QLabel(self.tr("SETTINGS OF NEW DOCUMENTS"), self)
        heading.setObjectName("heading")
        self._told = QLabel(self)
        self._told.setObjectName("muted")
        self.take_present = QPushButton(self.tr("Use the present settings"), self)
        self.take_present.setToolTip(tip_text(self.tr("New documents begin with the settings of the one that is open")))
        self.take_present.clicked.connect(partial(self._keep_settings, self._present))
        self.take_factory = QPushButton(self.tr("Factory settings"), self)
        self.take_factory.clicked.connect(partial(self._keep_settings, None))
        for button in (self.take_present, self.take_factory):
            button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.take_present)
        row.addWidget(self.take_factory)
        row.addStretch(1)
        layout = QVBoxLayout()
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self._told)
        layout.addLayout(row)
        return layout

    def _keep_settings(self, configs: Configs | None, *_: object) -> None:
        self._preferences.keep_default_settings(configs)
        self._show_defaults()
        self.changed.emit("default_settings")

    @Slot()
    def _show_defaults(self) -> None:
        """Say in what new documents differ from the factory; a button that would change nothing cannot be pressed."""
        configs, factory = self._preferences.default_settings, (ModelConfig(), TrainingConfig())
        other = [
            line for line, usual in zip(settings_text(*configs), settings_text(*factory), strict=True) if line != usual
        ]
        text = counted(
            len(other),
            self.tr("{count} differs from the factory settings"),
            self.tr("{count} differ from the factory settings"),
        )
        self._told.setText(text if other else self.tr("The factory settings"))
        self._told.setToolTip(tip_text("\n".join(other)))
        self.take_present.setEnabled(configs != self._present)
        self.take_factory.setEnabled(configs != factory)


def _choices_of(preference: Preference) -> list[tuple[str, str]]:
    choices = [(name, _tr(text)) for name, text in preference.choices]
    if preference.key == LANGUAGE:
        known = {name for name, _ in choices}
        choices += [(code, language_name(code)) for code in translations() if code not in known]
    return choices


def _tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
