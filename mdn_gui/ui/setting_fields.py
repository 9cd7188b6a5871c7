"""The fields of the settings form: one widget for each kind of setting."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QStylePainter,
    QWidget,
)

from mdn_gui.core.config import Setting, setting_of
from mdn_gui.ui.numbers import parsed, precise, reader_locale

if TYPE_CHECKING:
    from dataclasses import Field

    from mdn_gui.core.automatic import ResolvedSettings

AUTOMATIC = "automatic"
"""The choice that leaves a setting to the program; numbers say it with None."""
_LINE_MARGIN = 5
"""Pixels beside the text of a line, its cursor among them."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("SettingFields", text)


def automatic_text(resolved: object) -> str:
    """Return "automatic", followed by what that comes to on the open data where it is known."""
    return f"{_tr('automatic')} ({_shown(resolved)})" if resolved is not None else _tr("automatic")


def resolved_value(resolved: "ResolvedSettings | None", name: str) -> object:
    """Return what a setting comes to where it is automatic; None where that is not known."""
    if resolved is None:
        return None
    if name == "combination":
        return "average" if resolved.averaged else "best"
    if name == "noise":
        return tuple(dict.fromkeys(resolved.noise[: resolved.restarts]))
    if name == "patience" and resolved.patience is None:
        return _tr("none")
    return getattr(resolved, name, None)


def _shown(resolved: object) -> str:
    if isinstance(resolved, tuple):
        separator = "; " if reader_locale().decimalPoint() == "," else ", "
        return separator.join(map(_shown, resolved))
    return precise(float(f"{resolved:.2g}")) if isinstance(resolved, float) else str(resolved)


class ChoiceField(QComboBox):
    """One of a few words."""

    entered = Signal(object)
    """The value that the person gives; a text where it is none."""

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        super().__init__(parent)
        for choice in setting.choices:
            self.addItem(_tr(choice) if choice == AUTOMATIC else choice, choice)
        self.currentIndexChanged.connect(lambda _: self.entered.emit(self.currentData()))

    def show_setting(self, value: str, resolved: object) -> None:
        """Show the value; an automatic one with what it comes to."""
        if (index := self.findData(AUTOMATIC)) >= 0:
            self.setItemText(index, automatic_text(resolved))
        self.setCurrentIndex(self.findData(value))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """End a text without room with "…"; the style would cut it."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room - 2)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class SwitchField(QCheckBox):
    """On or off."""

    entered = Signal(object)

    def __init__(self, setting: Setting, parent: QWidget) -> None:
        super().__init__(QCoreApplication.translate("Settings", setting.label), parent)
        self.toggled.connect(self.entered.emit)

    def show_setting(self, value: object, _resolved: object) -> None:
        """Show the value."""
        self.setChecked(bool(value))


class CountField(QSpinBox):
    """A whole number; where it may be automatic, one below its least value stands for that.

    Any text can be typed; a wrong one is then refused, instead of dropping some of its digits.
    """

    entered = Signal(object)

    def __init__(self, setting: Setting, *, may_be_automatic: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._least, self._may_be_automatic = int(setting.minimum), may_be_automatic
        self._resolved: int | None = None
        self._automatic_text = automatic_text(None)
        self.setLocale(reader_locale())
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.setRange(self._least - may_be_automatic, int(setting.maximum))
        if may_be_automatic:
            self.setSpecialValueText(self._automatic_text)
            self.lineEdit().installEventFilter(_WholeSelection(self, self._is_automatic))
        self.valueChanged.connect(lambda _: self.entered.emit(self._entered_value()))

    def show_setting(self, value: int | None, resolved: object) -> None:
        """Show the value; an automatic one with what it comes to."""
        self._resolved = resolved if isinstance(resolved, int) else None
        self._automatic_text = automatic_text(resolved)
        self._elide()
        self.setValue(self.minimum() if value is None else value)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """End an automatic value without room with "…"."""
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        if self._may_be_automatic:
            shown = _elided(self._automatic_text, self.lineEdit())
            if shown != self.specialValueText():
                self.setSpecialValueText(shown)

    def _is_automatic(self, text: str) -> bool:
        return self._may_be_automatic and _means_automatic(text, self._automatic_text, self.specialValueText())

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Return whether ``text`` is a value; nothing is impossible while it is being typed."""
        number = _whole_number(text)
        in_range = isinstance(number, int) and self._least <= number <= self.maximum()
        is_value = in_range or self._is_automatic(text)
        return (QValidator.State.Acceptable if is_value else QValidator.State.Intermediate), text, position

    def valueFromText(self, text: str) -> int:
        """Return the number that a valid text stands for."""
        number = _whole_number(text)
        return number if isinstance(number, int) else self.minimum()

    def fixup(self, text: str) -> str:
        """Refuse a text that is no value; the last good value comes back."""
        self.entered.emit(_whole_number(text))
        return text

    def stepBy(self, steps: int) -> None:
        """Step from what an automatic value comes to, where that is known."""
        if self._entered_value() is None and self._resolved is not None:
            self.setValue(max(self._resolved + steps, self._least))
        else:
            super().stepBy(steps)

    def _entered_value(self) -> int | None:
        return None if self.value() < self._least else self.value()


class TextField(QLineEdit):
    """A number with all its digits, or a list of whole numbers."""

    entered = Signal(object)

    def __init__(self, *, is_list: bool, may_be_automatic: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_list, self._may_be_automatic = is_list, may_be_automatic
        self._automatic_text = self._shown_text = automatic_text(None)
        self.setTextMargins(-2, 0, 0, 0)  # in line with the texts of the other fields
        self.editingFinished.connect(lambda: self.entered.emit(self._entered_value()))
        if may_be_automatic:
            self.installEventFilter(_WholeSelection(self, self._is_automatic))

    def show_setting(self, value: float | tuple[int, ...] | None, resolved: object) -> None:
        """Show the value; an automatic one with what it comes to."""
        self._automatic_text = automatic_text(resolved)
        if value is None:
            self._show_automatic()
        else:
            self.setText(", ".join(map(str, value)) if isinstance(value, tuple) else precise(value))
        if not self.hasFocus():
            self.setCursorPosition(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """End an automatic value without room with "…"."""
        super().resizeEvent(event)
        if self._may_be_automatic and self.text() == self._shown_text:
            self._show_automatic()

    def _show_automatic(self) -> None:
        self._shown_text = _elided(self._automatic_text, self)
        self.setText(self._shown_text)

    def _is_automatic(self, text: str) -> bool:
        return self._may_be_automatic and _means_automatic(text, self._automatic_text, self._shown_text)

    def _entered_value(self) -> object:
        if self._is_list:
            return tuple(_whole_number(part) for part in re.split(r"[\s,;]+", self.text().strip()))
        if self._is_automatic(self.text()):
            return None
        number = parsed(self.text())
        return self.text() if number is None else number


SettingField = ChoiceField | SwitchField | CountField | TextField


def make_field(config_field: "Field[Any]", parent: QWidget) -> SettingField:
    """Return the widget that the declared type of a setting asks for."""
    setting, declared = setting_of(config_field), str(config_field.type)
    if setting.choices:
        return ChoiceField(setting, parent)
    if "bool" in declared:
        return SwitchField(setting, parent)
    is_list, may_be_automatic = "tuple" in declared, "None" in declared
    if "int" in declared and not is_list:
        return CountField(setting, may_be_automatic=may_be_automatic, parent=parent)
    return TextField(is_list=is_list, may_be_automatic=may_be_automatic, parent=parent)


class _WholeSelection(QObject):
    """A click selects all of an automatic value: what is typed then takes its place."""

    def __init__(self, parent: QWidget, is_automatic: Callable[[str], bool]) -> None:
        super().__init__(parent)
        self._is_automatic = is_automatic

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Select once the mouse button is up, unless the person has selected a part."""
        if (
            event.type() == QEvent.Type.MouseButtonRelease
            and isinstance(watched, QLineEdit)
            and watched.text()
            and self._is_automatic(watched.text())
            and not watched.hasSelectedText()
        ):
            watched.selectAll()
        return False


def _means_automatic(text: str, *shown: str) -> bool:
    return text.strip().casefold() in {"", AUTOMATIC, _tr("automatic").casefold(), *map(str.casefold, shown)}


def _elided(text: str, line: QLineEdit) -> str:
    """Return a text ended with "…" where a line that has been laid out has no room for it."""
    option, margins = QStyleOptionFrame(), line.textMargins()
    line.initStyleOption(option)
    contents = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line)
    room = contents.width() - margins.left() - margins.right() - _LINE_MARGIN
    return line.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room) if room > 0 else text


def _whole_number(text: str) -> object:
    """Return the whole number that ``text`` states; what is none, or is absurdly long, stays text."""
    if re.fullmatch(r"[+-]?[0-9]{1,15}", text.strip()):
        return int(text)
    return text if len(text) <= 24 else f"{text[:20]}…"
