"""Where the panels stand around the fit plot, between starts too."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from mdn_gui.session.preferences import Preferences

_VERSION = 5
_KEY = "layout"
_AREAS = {
    "setup": Qt.DockWidgetArea.LeftDockWidgetArea,
    "reading": Qt.DockWidgetArea.RightDockWidgetArea,
    "loss": Qt.DockWidgetArea.BottomDockWidgetArea,
    "inputs": Qt.DockWidgetArea.BottomDockWidgetArea,
    "interaction": Qt.DockWidgetArea.BottomDockWidgetArea,
    "runs": Qt.DockWidgetArea.BottomDockWidgetArea,
    "sweep": Qt.DockWidgetArea.BottomDockWidgetArea,
    "pins": Qt.DockWidgetArea.BottomDockWidgetArea,
    "calibration": Qt.DockWidgetArea.BottomDockWidgetArea,
    "data": Qt.DockWidgetArea.BottomDockWidgetArea,
    "history": Qt.DockWidgetArea.BottomDockWidgetArea,
}
"""Those below share one place, in tabs in the order in which they are used, the first in front."""
_OF_SEVERAL_INPUTS = ("inputs", "interaction")
_LEFT, _RIGHT = 272, 364
_SHARE_BELOW, _LEAST_BELOW = 0.3, 210
"""Height of the docks below: share of the height of the window, pixels at least."""
_TOLERANCE = 3
"""Pixels."""


class Docks(QObject):
    """The docks of a window: settings left, read-out right; loss, data, inputs, pins, runs and others below.

    Parameters
    ----------
    window : QMainWindow
        Receives them.
    preferences : Preferences
        Where the layout is remembered.
    """

    def __init__(self, window: QMainWindow, preferences: Preferences) -> None:
        super().__init__(window)
        self._window, self._preferences = window, preferences
        window.installEventFilter(self)
        self._docks: dict[str, QDockWidget] = {}
        self._layout = QByteArray()
        self._is_shown = False
        self._inputs_apply = self._is_following = False
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea),
            (Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea),
        ):
            window.setCorner(corner, area)

    def build(self, panels: Mapping[str, QWidget]) -> None:
        """Make a dock for each panel, by its name; hide all of them, since the welcome page stands alone."""
        titles = {
            "setup": self.tr("Data and settings"),
            "reading": self.tr("At x"),
            "loss": self.tr("Loss"),
            "data": self.tr("Data"),
            "inputs": self.tr("Inputs"),
            "interaction": self.tr("Interaction"),
            "pins": self.tr("Pins"),
            "calibration": self.tr("Calibration"),
            "runs": self.tr("Runs"),
            "sweep": self.tr("Sweep"),
            "history": self.tr("History"),
        }
        for name in _AREAS:
            self._add(name, titles[name], panels[name])
        self._layout = self._preferences.bytes_of(_KEY)
        for dock in self.all:
            dock.hide()

    @property
    def all(self) -> Sequence[QDockWidget]:
        """Every dock."""
        return tuple(self._docks.values())

    def show(self) -> None:
        """Show the docks as they were remembered, now that there are data."""
        if self._is_shown:
            return
        self._is_shown = True
        if self._layout.isEmpty() or not self._window.restoreState(self._layout, _VERSION):
            self.reset()
        for name in _OF_SEVERAL_INPUTS:
            self._docks[name].setVisible(self._inputs_apply)

    def show_inputs(self, *, apply: bool) -> None:
        """Show or hide the docks of several inputs; with a single one nothing is held."""
        changes, self._inputs_apply = apply is not self._inputs_apply, apply
        for name in _OF_SEVERAL_INPUTS:
            if not apply:
                self.exchange(name, "loss")
            self._docks[name].toggleViewAction().setEnabled(apply)
            if self._is_shown and changes:
                self._docks[name].setVisible(apply)
        self.exchange("loss", "inputs")

    def exchange(self, front: str, behind: str) -> None:
        """Bring one panel forward where another stands before it; what the person has put there instead stays."""
        is_in_front = not self._docks[front].visibleRegion().isEmpty()
        if is_in_front and self._docks[front] in self._window.tabifiedDockWidgets(self._docks[behind]):
            self._docks[behind].raise_()

    def bring_forward(self, name: str) -> None:
        """Show a panel in front of those that share its place."""
        self._docks[name].show()
        self._docks[name].raise_()

    def reset(self) -> None:
        """Put every dock where it was at first; the welcome page shows none."""
        if not self._is_shown:
            self._layout = QByteArray()
            self._preferences.remember(_KEY, self._layout)
            return
        # not by restoreState, which leaves the tabs of the arrangement before behind
        for name, dock in self._docks.items():
            dock.hide()  # side by side for a moment they would make the window wider
            dock.setFloating(False)
            self._window.addDockWidget(_AREAS[name], dock)
        below = [name for name in self._docks if _AREAS[name] is Qt.DockWidgetArea.BottomDockWidgetArea]
        for front, behind in pairwise(below):
            self._window.tabifyDockWidget(self._docks[front], self._docks[behind])
        for name, dock in self._docks.items():
            dock.setVisible(name not in _OF_SEVERAL_INPUTS or self._inputs_apply)
        self._docks["loss"].raise_()
        self._size()

    def remember(self) -> None:
        """Keep the layout for the next start."""
        if self._is_shown:
            self._preferences.remember(_KEY, self._window.saveState(_VERSION))

    def _add(self, name: str, title: str, content: QWidget) -> None:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(content)
        self._window.addDockWidget(_AREAS[name], dock)
        self._docks[name] = dock

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the height of the window; name the tabs that Qt makes, whenever it likes, for docks in one place."""
        if isinstance(event, QResizeEvent) and watched is self._window:
            self._follow_height(event.oldSize().height())
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            for tabs in self._tabs():
                tabs.setAccessibleName(self.tr("Panels in this place"))
        return super().eventFilter(watched, event)

    def _size(self) -> None:
        sides = [self._docks["setup"], self._docks["reading"]]
        self._window.resizeDocks(sides, [_LEFT, _RIGHT], Qt.Orientation.Horizontal)
        self._size_below()

    def _follow_height(self, before: int) -> None:
        """Keep the share of the docks below as the window grows or shrinks, unless a person has given them another."""
        if self._is_shown and (self._is_following or abs(self._height_below() - _usual_below(before)) <= _TOLERANCE):
            self._is_following = True
            QTimer.singleShot(0, self, self._size_below)  # once Qt has laid out the window

    def _height_below(self) -> int:
        """Return the height of the docks below with their tabs; 0 where none is seen there."""
        seen = (dock for name, dock in self._docks.items() if _AREAS[name] is Qt.DockWidgetArea.BottomDockWidgetArea)
        docked = (each for each in seen if not (each.isFloating() or each.visibleRegion().isEmpty()))
        dock = next(iter(docked), None)
        if dock is None:
            return 0
        tabs = self._tabs() if self._window.tabifiedDockWidgets(dock) else []
        return dock.height() + max((each.height() for each in tabs if each.isVisible()), default=0)

    def _tabs(self) -> list[QTabBar]:
        return self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)

    @Slot()
    def _size_below(self) -> None:
        self._is_following = False
        height = _usual_below(self._window.height())
        self._window.resizeDocks([self._docks["loss"]], [height], Qt.Orientation.Vertical)


def _usual_below(height: int) -> int:
    """Return the height at first of the docks below in a window of this height, pixels."""
    return max(round(height * _SHARE_BELOW), _LEAST_BELOW)
