"""What a person does in the import dialog."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from mdn_gui.ui.importing.dialog import ImportDialog

Open = Callable[[], ImportDialog]
"""Shows the dialog."""


def wait(qtbot: QtBot, dialog: ImportDialog) -> None:
    qtbot.waitUntil(lambda: not dialog._is_waiting)
    QApplication.processEvents()


def choose(box: QComboBox, value: object) -> None:
    """Choose as a person does."""
    index = box.findData(value)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def press(dialog: ImportDialog, key: Qt.Key) -> None:
    QTest.keyClick(dialog.focusWidget() or dialog, key)


def texts(dialog: QWidget) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def trigger(dialog: ImportDialog, column: int, text: str) -> None:
    """Choose from the menu of a column."""
    menu = dialog.panel.table.menu_of(column)
    action = next(action for action in menu.actions() if action.text().replace("&", "") == text)
    assert action.isEnabled()
    action.trigger()
    menu.deleteLater()
