"""A window with docks in which Tab goes to what can be seen only."""

from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

_MOST_PASSED_OVER = 1000
"""Fields behind other tabs, in a row; several hundred inputs have as many."""


class DockWindow(QMainWindow):
    """Passes over the panels that stand behind the tab of another: Qt calls them visible all the same."""

    def focusNextPrevChild(self, is_next: object, /) -> bool:
        """Go to the next field that can be seen, or to the one before."""
        for _ in range(_MOST_PASSED_OVER):
            if not super().focusNextPrevChild(bool(is_next)):
                return False
            if not self.hides(self.focusWidget()):
                break
        return True

    def hides(self, widget: QWidget | None) -> bool:
        """Return whether a widget stands in a panel behind the tab of another."""
        docks = self.findChildren(QDockWidget)
        return any(dock.isAncestorOf(widget) and dock.visibleRegion().isEmpty() for dock in docks if widget)
