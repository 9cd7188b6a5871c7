"""Menus, toolbar: where the actions stand."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QDockWidget, QMenu, QToolBar, QToolButton

from mdn_gui.core.samples import SAMPLES
from mdn_gui.ui.actions import ACTIONS
from mdn_gui.ui.assets import icon
from mdn_gui.ui.comparison_menu import ComparisonMenu
from mdn_gui.ui.recent_menu import RecentMenu
from mdn_gui.ui.theme import Theme, blend
from mdn_gui.ui.theme_switch import ThemeChoice, ThemeSwitch

if TYPE_CHECKING:
    from mdn_gui.ui.main_window import MainWindow

_TOOLBAR = ("open_file", "save", "", "train", "stop_early", "discard_run", "", "undo", "redo")
_EXPORTS = (
    "export_table",
    "export_predictions",
    "export_picture",
    "export_report",
    "export_tfp_script",
    "export_numpy_script",
    "export_onnx",
    "copy_script",
    "copy_reading",
)


class MenuBuilder:
    """Puts the actions into menus and the toolbar of a window.

    Parameters
    ----------
    window : MainWindow
        Receives them.
    actions : mapping of str to QAction
        From ``make_actions``.
    themes : ThemeSwitch
        Behind the theme menu.
    """

    def __init__(self, window: "MainWindow", actions: Mapping[str, QAction], themes: ThemeSwitch) -> None:
        self._window, self._actions, self._themes = window, actions, themes
        self.menus: dict[str, QMenu] = {}
        self._theme_actions: dict[ThemeChoice, QAction] = {}

    def build(self, docks: Sequence[QDockWidget]) -> None:
        """Fill menu bar and toolbar."""
        window = self._window
        titles = {
            "file": window.tr("&File"),
            "edit": window.tr("&Edit"),
            "data": window.tr("&Data"),
            "model": window.tr("&Model"),
            "view": window.tr("&View"),
            "help": window.tr("&Help"),
        }
        for name, title in titles.items():
            self.menus[name] = window.menuBar().addMenu(title)
            for spec in ACTIONS:
                if spec.menu == name:
                    self.menus[name].addAction(self._actions[spec.id])
        self._add_samples()
        self._add_comparison()
        self._add_view_entries(docks)
        self._add_toolbar()

    def show_theme(self, theme: Theme) -> None:
        """Draw the icons in the theme's colours."""
        disabled = blend(theme.muted, theme.window, 0.6)
        for spec in ACTIONS:
            if spec.icon:
                colour = theme.on_accent if spec.id == "train" else theme.text
                self._actions[spec.id].setIcon(icon(spec.icon, colour, disabled))
                self._actions[spec.id].setIconVisibleInMenu(False)
        self._export.setIcon(icon("export", theme.text, disabled))
        self._theme_actions[self._themes.choice].setChecked(True)

    def enable_export(self) -> None:
        """Enable the export button where one of its actions can be used."""
        self._export.setEnabled(any(self._actions[name].isEnabled() for name in _EXPORTS))

    def _add_samples(self) -> None:
        window, commands = self._window, self._window.commands
        self.samples = QMenu(window.tr("Open sample"), window)
        for sample in SAMPLES:
            self.samples.addAction(sample.title, partial(commands.open_sample, sample.key))
        self.samples.addSeparator()
        for sample in SAMPLES:
            if sample.is_simulated:
                text = window.tr("{title}, other n and seed…").format(title=sample.title)
                self.samples.addAction(text, partial(commands.simulate_sample, sample.key))
        self.recent = RecentMenu(window)
        self.menus["file"].insertMenu(self._actions["save"], self.recent)
        self.menus["file"].insertMenu(self._actions["save"], self.samples)
        for menu, before in (
            ("file", "save"),
            ("file", "export_table"),
            ("file", "quit"),
            ("edit", "show_preferences"),
        ):
            self.menus[menu].insertSeparator(self._actions[before])

    def _add_comparison(self) -> None:
        self.comparison = ComparisonMenu(self._window.session, self._window)
        self.menus["model"].addSeparator()
        self.menus["model"].addMenu(self.comparison)

    def _add_view_entries(self, docks: Sequence[QDockWidget]) -> None:
        window, menu = self._window, self.menus["view"]
        menu.addSeparator()
        for dock in docks:
            menu.addAction(dock.toggleViewAction())
        menu.addSeparator()
        themes = menu.addMenu(window.tr("Theme"))
        group = QActionGroup(window)
        names = {
            ThemeChoice.SYSTEM: window.tr("As the system"),
            ThemeChoice.LIGHT: window.tr("Light"),
            ThemeChoice.DARK: window.tr("Dark"),
        }
        for choice, name in names.items():
            action = themes.addAction(name, partial(self._themes.choose, choice))
            action.setCheckable(True)
            group.addAction(action)
            self._theme_actions[choice] = action

    def _add_toolbar(self) -> None:
        window = self._window
        bar = QToolBar(window.tr("Toolbar"), window)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in _TOOLBAR:
            if name:
                bar.addAction(self._actions[name])
            else:
                bar.addSeparator()
        train = bar.widgetForAction(self._actions["train"])
        train.setObjectName("primary")
        bar.addSeparator()
        self._export = QToolButton(bar)
        self._export.setText(window.tr("Export ▾"))
        self._export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._export)
        for name in _EXPORTS:
            menu.addAction(self._actions[name])
        self._export.setMenu(menu)
        bar.addWidget(self._export)
        for button in bar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        bar.toggleViewAction().setVisible(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        window.addToolBar(bar)
