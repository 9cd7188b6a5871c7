"""Where the panels stand around the fit plot, between starts too."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QWidget

from mdn_gui.session.preferences import Preferences

_VERSION = 2
_KEY = "layout"
_AREAS = {
    "setup": Qt.DockWidgetArea.LeftDockWidgetArea,
    "reading": Qt.DockWidgetArea.RightDockWidgetArea,
    "loss": Qt.DockWidgetArea.BottomDockWidgetArea,
    "data": Qt.DockWidgetArea.BottomDockWidgetArea,
    "inputs": Qt.DockWidgetArea.BottomDockWidgetArea,
}
_LEFT, _RIGHT, _BOTTOM = 240, 364, 180


class Docks(QObject):
    """The docks of a window: settings left, read-out right; loss, data, other inputs below.

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
        self._inputs_apply = False
        for corner, area in (
            (Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea),
        ):
            window.setCorner(corner, area)

    def build(self, setup: QWidget, reading: QWidget, loss: QWidget, data: QWidget, inputs: QWidget) -> None:
        """Make a dock for each panel; hide all of them, since the welcome page stands alone."""
        self._add("setup", self.tr("Data and settings"), setup)
        self._add("reading", self.tr("At x"), reading)
        self._add("loss", self.tr("Loss: NLL, nats a row (may be negative)"), loss)
        self._add("data", self.tr("Data"), data)
        self._add("inputs", self.tr("Inputs"), inputs)
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
        self._docks["inputs"].setVisible(self._inputs_apply)

    def show_inputs(self, *, apply: bool) -> None:
        """Show or hide the dock of the inputs; with a single one nothing is held."""
        changes, self._inputs_apply = apply is not self._inputs_apply, apply
        if not apply:
            self.exchange("inputs", "loss")
        self._docks["inputs"].toggleViewAction().setEnabled(apply)
        if self._is_shown and changes:
            self._docks["inputs"].setVisible(apply)
        self.exchange("loss", "inputs")

    def exchange(self, front: str, behind: str) -> None:
        """Bring one panel forward where another stands before it; what the person has put there instead stays."""
        is_in_front = not self._docks[front].visibleRegion().isEmpty()
        if is_in_front and self._docks[front] in self._window.tabifiedDockWidgets(self._docks[behind]):
            self._docks[behind].raise_()

    def raise_data(self) -> None:
        """Bring the rows to the front."""
        self._docks["data"].show()
        self._docks["data"].raise_()

    def reset(self) -> None:
        """Put every dock where it was at first; the welcome page shows none."""
        if not self._is_shown:
            self._layout = QByteArray()
            self._preferences.remember(_KEY, self._layout)
            return
        # not by restoreState, which leaves the tabs of the arrangement before behind
        for name, area in _AREAS.items():
            self._docks[name].hide()  # side by side for a moment they would make the window wider
            self._docks[name].setFloating(False)
            self._window.addDockWidget(area, self._docks[name])
        for behind in ("data", "inputs"):
            self._window.tabifyDockWidget(self._docks["loss"], self._docks[behind])
        for name, dock in self._docks.items():
            dock.setVisible(name != "inputs" or self._inputs_apply)
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
        """Name the tabs that Qt makes, whenever it likes, for docks in one place."""
        if event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Show}:
            for tabs in self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
                tabs.setAccessibleName(self.tr("Panels in this place"))
        return super().eventFilter(watched, event)

    def _size(self) -> None:
        sides = [self._docks["setup"], self._docks["reading"]]
        self._window.resizeDocks(sides, [_LEFT, _RIGHT], Qt.Orientation.Horizontal)
        height = max(self._window.height() // 4, _BOTTOM)
        self._window.resizeDocks([self._docks["loss"]], [height], Qt.Orientation.Vertical)
