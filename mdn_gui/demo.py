"""The demonstration without a display: the same window trains, is read, leaves two files."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.errors import UserError
from mdn_gui.files.export import parameter_table
from mdn_gui.files.tables import save_table
from mdn_gui.session.messages import Notice
from mdn_gui.session.session import Session
from mdn_gui.ui.main_window import MainWindow
from mdn_gui.ui.pictures import picture_of, save_picture

_CURSOR_AT = 1.25


class DemoTour(QObject):
    """Waits for the run to end, moves the cursor, saves ``mdn-demo.png``, ``mdn-demo.csv``, leaves.

    Parameters
    ----------
    session, window : Session, MainWindow
        The ones of the application.
    folder : Path
        Where the files go.
    """

    def __init__(self, session: Session, window: MainWindow, folder: Path) -> None:
        super().__init__(window)
        self._session, self._window, self._folder = session, window, folder
        self.status = 1
        """Exit status: 0 once both files are written."""
        session.noticed.connect(self._print_notice)
        session.run_finished.connect(self._finish)

    @Slot(object)
    def _print_notice(self, notice: Notice) -> None:
        sys.stderr.write(f"mdn-gui: {notice.message} {notice.hint}\n")

    @Slot(object)
    def _finish(self, model: FittedModel | None) -> None:
        if model is not None:
            try:
                self._take_away(model)
            except UserError as error:
                sys.stderr.write(f"mdn-gui: {error}\n")
            else:
                self.status = 0
        self._window.leave()  # nobody is there to be asked about the run

    def _take_away(self, model: FittedModel) -> None:
        self._session.instrument.set_cursor(_CURSOR_AT)
        self._window.fit_plot.draw_now()
        self._window.reading_panel.show_now()
        picture, table = self._folder / "mdn-demo.png", self._folder / "mdn-demo.csv"
        save_picture(picture, picture_of(self._window, 1.0))
        axis = self._session.instrument.axis
        assert axis is not None
        save_table(table, parameter_table(model, GridSpec.over(axis.values)))
        sys.stdout.write(f"{self._window.status.text}\nSaved {picture.name} and {table.name} in {self._folder}\n")
