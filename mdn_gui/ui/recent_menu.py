"""The menu of the files opened or saved lately."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu

from mdn_gui.ui.texts import one_line

if TYPE_CHECKING:
    from mdn_gui.ui.main_window import MainWindow

_LONGEST = 60


class RecentMenu(QMenu):
    """Lists recent tables and projects that are still there, made anew whenever it opens.

    Parameters
    ----------
    window : MainWindow
        Its preferences remember the files, its commands open them.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setTitle(self.tr("Open recent"))
        self._window = window
        self.aboutToShow.connect(self.list_files)

    @Slot()
    def list_files(self) -> None:
        """List the files, the newest first."""
        self.clear()
        for path in self._window.preferences.recent_files:
            name = one_line(path.name)
            name = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
            action = self.addAction(name.replace("&", "&&"), partial(self._window.commands.open_path, path))
            action.setStatusTip(str(path))
            action.setToolTip(str(path))
        if self.isEmpty():
            self.addAction(self.tr("No recent files")).setEnabled(False)
