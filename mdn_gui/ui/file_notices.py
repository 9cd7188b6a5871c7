"""What a person is told of the open file: changed on the disk, gone, back."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from mdn_gui.session.watching import FileWatcher
from mdn_gui.ui.texts import changed_notice, vanished_notice

if TYPE_CHECKING:
    from mdn_gui.session.data import OpenData
    from mdn_gui.session.messages import Notice
    from mdn_gui.ui.main_window import MainWindow


class FileNotices(QObject):
    """Watches the open file; and the one that is being read, which takes its place once it is open.

    Parameters
    ----------
    data : OpenData
        Tells what is read, what is open.
    window : MainWindow
        Its notices tell.
    """

    def __init__(self, data: "OpenData", window: "MainWindow") -> None:
        super().__init__(window)
        self._data, self._window = data, window
        self.watcher, self.coming = FileWatcher(self), FileWatcher(self)
        """Of the open file; of the one that is being read, so that a change meanwhile is seen."""
        self._notice: Notice | None = None
        for watcher in (self.watcher, self.coming):
            watcher.changed.connect(partial(self._tell_change, watcher))
            watcher.vanished.connect(partial(self._tell_absence, watcher))
            watcher.restored.connect(partial(self._take_back, watcher))
        data.file_requested.connect(self._expect)
        data.reading_ended.connect(self._give_up)
        data.file_opened.connect(self._exchange)
        data.table_changed.connect(self._forget)

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        self.watcher.shut_down()
        self.coming.shut_down()

    @Slot(object)
    def _expect(self, path: Path) -> None:
        self.coming.watch(path)

    @Slot(object)
    def _exchange(self, _: object) -> None:
        """Keep the watcher of the file that is open now; tell where it has changed since its reading began."""
        self.watcher, self.coming = self.coming, self.watcher
        self.coming.watch(None)
        if self.watcher.has_changed and self.watcher.path is not None:
            self._tell_change(self.watcher, self.watcher.path)

    @Slot()
    def _give_up(self) -> None:
        """Watch the file no more that was refused, or not read to the end."""
        self.coming.watch(None)

    @Slot()
    def _forget(self, *_: object) -> None:
        """Withdraw what was told of the table before; watch nothing where the new one came from no file."""
        self._withdraw()
        if self._data.choice is None:
            self.watcher.watch(None)

    def _tell_change(self, watcher: FileWatcher, path: Path) -> None:
        if watcher is self.watcher:
            self._tell(changed_notice(path))

    def _tell_absence(self, watcher: FileWatcher, path: Path) -> None:
        if watcher is self.watcher:
            self._tell(vanished_notice(path))

    def _take_back(self, watcher: FileWatcher, _: Path) -> None:
        if watcher is self.watcher:
            self._withdraw()

    def _tell(self, notice: "Notice") -> None:
        self._withdraw()
        self._notice = notice
        self._window.show_notice(notice)

    def _withdraw(self) -> None:
        if self._notice is not None:
            self._window.notices.withdraw(self._notice)
            self._notice = None
