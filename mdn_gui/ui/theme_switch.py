"""Which theme is in use: light, dark, or the system's."""

import enum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from mdn_gui.ui.style_sheet import style_sheet
from mdn_gui.ui.theme import DARK, LIGHT, Theme, palette


class ThemeChoice(enum.Enum):
    """What a person chooses."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class ThemeSwitch(QObject):
    """Applies a theme to the application, following the system where that is the choice.

    Parameters
    ----------
    app : QApplication
        Receives palette and style sheet.
    choice : ThemeChoice
        What to begin with.
    """

    changed = Signal(object)
    """Theme."""

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._theme = LIGHT
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        self._apply()

    @property
    def choice(self) -> ThemeChoice:
        """What the person chose."""
        return self._choice

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self._theme

    def choose(self, choice: ThemeChoice) -> None:
        """Switch to a theme at once."""
        self._choice = choice
        self._apply()

    @Slot()
    def _follow_system(self) -> None:
        if self._choice is ThemeChoice.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        system_is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        is_dark = self._choice is ThemeChoice.DARK or (self._choice is ThemeChoice.SYSTEM and system_is_dark)
        self._theme = DARK if is_dark else LIGHT
        self._app.setPalette(palette(self._theme))
        self._app.setStyleSheet(style_sheet(self._theme))
        self.changed.emit(self._theme)
