"""What each action does."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QGuiApplication, QKeySequence

from mdn_gui import __version__
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.samples import sample
from mdn_gui.errors import UserError
from mdn_gui.files.export import parameter_table, save_csv
from mdn_gui.files.project import save_model
from mdn_gui.session.messages import Notice
from mdn_gui.ui.actions import ACTIONS
from mdn_gui.ui.pictures import save_picture
from mdn_gui.ui.reading_text import reading_text

if TYPE_CHECKING:
    from mdn_gui.session.session import Session
    from mdn_gui.ui.dialogs import Dialogs
    from mdn_gui.ui.main_window import MainWindow

_PICTURE_SCALE = 2.0


class Commands(QObject):
    """One method for each row of the action table.

    Parameters
    ----------
    session : Session
        Carries out what concerns data, runs, cursor.
    window : MainWindow
        Its plots are pictured, its layout is reset.
    dialogs : Dialogs
        Asks the person.
    """

    def __init__(self, session: "Session", window: "MainWindow", dialogs: "Dialogs") -> None:
        super().__init__(window)
        self._session, self._window, self._dialogs = session, window, dialogs

    # -- file ---------------------------------------------------------------------------------------------------------

    def open_file(self) -> None:
        """Ask for a table; open it."""
        if (path := self._dialogs.path_to_open()) is not None:
            self._session.open_file(path)

    def open_sample(self, key: str) -> None:
        """Open a built-in sample as it is."""
        self._session.open_table(sample(key).table())

    def simulate_sample(self, key: str) -> None:
        """Ask for the number of rows and the seed of a simulated sample; open it."""
        if (choice := self._dialogs.sample_size(sample(key))) is not None:
            self._session.open_table(sample(key).table(*choice))

    def save_model(self) -> None:
        """Ask where; save the fitted model."""
        title, suggestion = self.tr("Save the model"), self._suggestion(".mdn")
        path = self._dialogs.path_to_save(title, suggestion, self.tr("Model (*.mdn)"))
        model = self._session.model
        if path is not None and model is not None:
            self._saved(path, lambda: save_model(path, model))

    def export_table(self) -> None:
        """Ask for a grid, then where; save the parameter table."""
        model, axis = self._session.model, self._session.axis
        if model is None or axis is None:
            return
        grid = self._dialogs.table_grid(GridSpec.over(axis.values))
        if grid is None:
            return
        title, suggestion = self.tr("Save the parameter table"), self._suggestion("-parameters.csv")
        path = self._dialogs.path_to_save(title, suggestion, self.tr("CSV (*.csv)"))
        if path is not None:
            self._saved(path, lambda: save_csv(path, parameter_table(model, grid)))

    def export_picture(self) -> None:
        """Ask where; save the fit plot as PNG at twice its size."""
        title, suggestion = self.tr("Save a picture of the fit"), self._suggestion("-fit.png")
        path = self._dialogs.path_to_save(title, suggestion, self.tr("PNG (*.png)"))
        if path is not None:
            self._saved(path, lambda: save_picture(path, self._window.picture_of_fit(_PICTURE_SCALE)))

    def quit(self) -> None:
        """Close the window; it asks while a run is under way."""
        self._window.close()

    # -- edit ---------------------------------------------------------------------------------------------------------

    def copy_reading(self) -> None:
        """Put the read-out on the clipboard as tab-separated text with all digits."""
        reading, dataset = self._session.reading, self._session.dataset
        if reading is not None and dataset is not None:
            QGuiApplication.clipboard().setText(reading_text(reading, dataset.input_names[0], dataset.target_name))
            self._window.show_status(self.tr("Read-out copied."))

    def pin_cursor(self) -> None:
        """Pin the x being read."""
        if self._session.reading is not None:
            self._session.set_pin(self._session.reading.x)

    def remove_pin(self) -> None:
        """Take the pin away."""
        self._session.set_pin(None)

    # -- model --------------------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Begin a run with the settings as they stand in the form; a wrong one is named instead."""
        if self._window.setup_panel.form.commit():
            self._session.start_training()

    def continue_training(self) -> None:
        """Train the fit further."""
        if self._window.setup_panel.form.commit():
            self._session.continue_training()

    def new_seed(self) -> None:
        """Begin a run that differs by its seed alone."""
        if self._window.setup_panel.form.commit():
            self._session.train_with_new_seed()

    def retry_slower(self) -> None:
        """Begin a run that diverged once more, at 0.3 times its learning rate."""
        if self._window.setup_panel.form.commit():
            self._session.retry_slower()

    def stop_early(self) -> None:
        """End the run with its best epoch."""
        self._session.stop_early()

    def discard_run(self) -> None:
        """Throw the run away."""
        self._session.discard_run()

    def reset_weights(self) -> None:
        """Drop the fit, so that the next run begins from the same start."""
        self._session.reset_weights()
        seed = self._session.training_config.seed
        text = self.tr("Weights reset. Train (F5) begins again from the start of seed {seed}.")
        self._window.show_status(text.format(seed=seed))

    # -- view, help ---------------------------------------------------------------------------------------------------

    def view_all(self) -> None:
        """Set the view around the data."""
        self._window.fit_plot.view_all()

    def reset_layout(self) -> None:
        """Put every dock where it was at first."""
        self._window.reset_layout()

    def show_shortcuts(self) -> None:
        """List every shortcut."""
        rows = [
            (
                QCoreApplication.translate("Actions", spec.text),
                ", ".join(keys.toString() for keys in QKeySequence.listFromString(spec.shortcut)),
            )
            for spec in ACTIONS
            if spec.shortcut
        ]
        rows += [
            (self.tr("Move the cursor by one pixel, by ten"), self.tr("←  →, with Shift")),
            (self.tr("Cursor to the next x in the data"), self.tr("Ctrl+←  Ctrl+→")),
            (self.tr("Cursor to the least, greatest x in the data"), self.tr("Home  End")),
            (self.tr("Release the cursor"), self.tr("Esc")),
        ]
        cells = "".join(
            f"<tr><td>{escape(text)}</td><td align='right'>&nbsp;&nbsp;&nbsp;&nbsp;<b>{escape(keys)}</b></td></tr>"
            for text, keys in rows
        )
        self._dialogs.tell(self.tr("Keyboard shortcuts"), f"<table cellpadding='3'>{cells}</table>")

    def show_about(self) -> None:
        """Say what this program is."""
        text = self.tr("Read a conditional density p(y given x): train a mixture density network, move a cursor.")
        licence = self.tr("Free software under the MIT licence.")
        self._dialogs.tell(self.tr("About mdn-gui"), f"<b>mdn-gui {__version__}</b><p>{text}</p><p>{licence}</p>")

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _suggestion(self, ending: str) -> str:
        title = self._session.table.title if self._session.table else "model"
        safe = "".join(c if c.isalnum() or c in "-_ ." else "_" for c in title)
        return (Path(safe).stem or "model") + ending

    def _saved(self, path: Path, save: Callable[[], object]) -> None:
        try:
            save()
        except UserError as error:
            self._window.show_notice(Notice(error.message, error.hint))
        else:
            self._window.show_status(self.tr("Saved {name}.").format(name=path.name))
