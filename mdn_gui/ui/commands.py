"""What each action does."""

from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTemporaryDir
from PySide6.QtGui import QGuiApplication, QKeySequence

from mdn_gui import __version__
from mdn_gui.core.samples import sample
from mdn_gui.core.selection import RowArray
from mdn_gui.core.sweep import SweepPlan
from mdn_gui.files.options import Preview, ReadOptions, Watch
from mdn_gui.files.rows import save_rows
from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.importing import NO_FILE, ImportChoice, Previewer
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.session.preferences import THEME
from mdn_gui.ui.actions import ACTIONS
from mdn_gui.ui.document_desk import SUFFIX
from mdn_gui.ui.exports import Exports
from mdn_gui.ui.reading.copied_text import reading_text
from mdn_gui.ui.theme_switch import ThemeChoice

if TYPE_CHECKING:
    from mdn_gui.session.session import Session
    from mdn_gui.ui.dialogs import Dialogs
    from mdn_gui.ui.main_window import MainWindow


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
    remembered : RememberedImports
        What was chosen for files read before.
    """

    def __init__(
        self, session: "Session", window: "MainWindow", dialogs: "Dialogs", remembered: RememberedImports
    ) -> None:
        super().__init__(window)
        self._session, self._window, self._dialogs = session, window, dialogs
        self.previewer = Previewer(_preview_file, self)
        self.exports = Exports(session, window, self.suggested_name)
        self.documents = window.documents
        self._remembered = remembered
        self._folder = QTemporaryDir()
        """Where pasted tables lie until the program ends."""
        self._pasted = 0

    # -- file ---------------------------------------------------------------------------------------------------------

    def open_file(self) -> None:
        """Ask for a table; open it."""
        if (path := self._dialogs.path_to_open()) is not None:
            self.open_path(path)

    def open_path(self, path: Path, title: str = "") -> None:
        """Open a project; of a table ask how it is to be read and what it is used for, then open it."""
        if self._session.refuses_changes():
            return
        if path.suffix.lower() == SUFFIX or path.name.lower().endswith(f"{SUFFIX}.bak"):
            self.documents.leave_then(partial(self.documents.open, path))
            return
        choice = self._dialogs.import_choice(path, self.previewer, self._remembered, title)
        if choice is not None:
            self._open_choice(replace(choice, title=title))

    def _open_choice(self, choice: ImportChoice) -> None:
        """Read a table; one of another file takes the place of the document."""
        opened = self._session.data.choice
        if opened is not None and opened.path == choice.path:
            self._session.open_file(choice)
        else:
            self.documents.leave_then(partial(self._session.open_file, choice))

    def paste_table(self) -> None:
        """Open the table on the clipboard."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            hint = self.tr("Copy cells of a spreadsheet or lines of text first.")
            self._window.show_notice(Notice(self.tr("There is no text on the clipboard."), hint, Severity.INFO))
            return
        self._pasted += 1
        path = Path(self._folder.path()) / f"pasted-{self._pasted}.txt"
        try:
            path.write_bytes(text.encode("utf-8", "replace"))
        except OSError as error:
            message = self.tr("The pasted table cannot be kept: {error}.").format(error=error.strerror or error)
            self._window.show_notice(Notice(message, self.tr("Free some space, or save the cells as a file.")))
            return
        self.open_path(path, self.tr("Pasted table {number}").format(number=self._pasted))

    def is_pasted(self, path: Path) -> bool:
        """Return whether a file is a pasted table, which ends with the program."""
        return path.parent == Path(self._folder.path())

    def read_differently(self) -> None:
        """Ask again how the open file is to be read."""
        if (choice := self._session.data.choice) is not None:
            self.open_path(choice.path, choice.title)

    def reload_file(self) -> None:
        """Read the open file again, as it was read before."""
        if self._session.data.choice is not None:
            self._session.open_file(self._session.data.choice)

    def cancel_reading(self) -> None:
        """Stop reading a file; what was open stays open."""
        self._session.data.cancel_reading()

    def open_sample(self, key: str) -> None:
        """Open a built-in sample as it is."""
        if not self._session.refuses_changes():
            self.documents.leave_then(lambda: self._session.open_table(sample(key).table()))

    def simulate_sample(self, key: str) -> None:
        """Ask for the number of rows and the seed of a simulated sample; open it."""
        if (choice := self._dialogs.sample_size(sample(key))) is not None:
            self.documents.leave_then(lambda: self._session.open_table(sample(key).table(*choice)))

    def quit(self) -> None:
        """Close the window; it asks while a run is under way."""
        self._window.close()

    # -- edit ---------------------------------------------------------------------------------------------------------

    def undo(self) -> None:
        """Take the newest change back."""
        self._session.history.stack.undo()

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._session.history.stack.redo()

    def copy_reading(self) -> None:
        """Put the read-out on the clipboard as tab-separated text with all digits."""
        instrument, dataset = self._session.instrument, self._session.dataset
        reading, section = instrument.reading, instrument.section
        if reading is not None and dataset is not None and section is not None:
            nearby = self._window.reading.nearby
            text = reading_text(reading, section.line, dataset.target_name, instrument.questions, nearby)
            QGuiApplication.clipboard().setText(text)
            self._window.status.show_text(self.tr("Read-out copied."))

    def pin_cursor(self) -> None:
        """Pin the x being read."""
        instrument = self._session.instrument
        if instrument.reading is not None:
            instrument.add_pin(instrument.reading.x)

    def remove_pin(self) -> None:
        """Take the newest pin away."""
        instrument = self._session.instrument
        if instrument.pins:
            instrument.remove_pin(instrument.pins[-1].name)

    def remove_pins(self) -> None:
        """Take every pin away."""
        self._session.instrument.remove_pins()

    def type_x(self) -> None:
        """Give the keyboard to the box of x."""
        self._window.docks.bring_forward("reading")
        self._window.reading_panel.x_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.reading_panel.x_box.selectAll()

    def ask_interval(self) -> None:
        """Give the keyboard to the upper end of the interval whose probability is read."""
        self._window.docks.bring_forward("reading")
        panel = self._window.reading_panel
        panel.ensureWidgetVisible(panel.slice)
        panel.slice.type_interval()

    # -- data ---------------------------------------------------------------------------------------------------------

    def choose_test_set(self) -> None:
        """Ask which rows are kept for the test."""
        data = self._session.data
        if data.table is None or data.taken is None:
            return
        opened, taken = data.choice or ImportChoice(NO_FILE), data.taken
        asked = replace(opened, inputs=taken.inputs, target=taken.target, hold_out=taken.hold_out)
        answer = self._dialogs.hold_out(data.table, asked)
        if answer is not None and answer.test_path not in {None, opened.test_path}:
            self._session.open_file(answer)
        elif answer is not None and answer != asked:
            self._session.hold_out(answer.hold_out)

    def take_picked_row(self) -> None:
        """Stand where the first picked row stands, in every input."""
        picked = self._window.desk.picked
        if len(picked):
            self._window.inputs.take_row(int(picked[0]))

    def hold_at_middle(self) -> None:
        """Hold every other input at its median, a category at its most frequent level."""
        self._session.instrument.hold_at_middle()

    def exclude_picked(self) -> None:
        """Take the picked rows out."""
        self._session.exclude_rows(self._window.desk.picked)

    def restore_rows(self) -> None:
        """Use every row again that was taken out by hand."""
        self._session.restore_rows()

    def list_left_out(self) -> None:
        """Show the rows that are not used, with the reasons."""
        self._window.show_data()
        self._window.desk.panel.show_left_out()

    def save_rows(self, rows: RowArray) -> None:
        """Ask where; save rows of the table with their use."""
        table, selection = self._session.table, self._session.selection
        title, suggestion = self.tr("Save the rows"), self.suggested_name("-rows.csv")
        path = self._dialogs.path_to_save(title, suggestion, self.tr("CSV (*.csv)"))
        if path is not None and table is not None and selection is not None:
            self.exports.save(path, lambda: save_rows(path, table, selection, rows))

    # -- model --------------------------------------------------------------------------------------------------------

    def train(self) -> None:
        """Begin a run with the settings as they stand in the form; a wrong one is named instead."""
        if self._window.setup_panel.form.commit():
            self._session.start_training()

    def continue_training(self) -> None:
        """Train the fit further."""
        if self._window.setup_panel.form.commit():
            self._session.continue_training()

    def remove_components(self) -> None:
        """Train the fit further without the components that are not needed."""
        if self._window.setup_panel.form.commit():
            self._session.remove_components(self._window.trust.findings)

    def new_seed(self) -> None:
        """Begin a run that differs by its seed alone."""
        if self._window.setup_panel.form.commit():
            self._session.train_with_new_seed()

    def retry_slower(self) -> None:
        """Begin a run that diverged once more, at 0.3 times its learning rate."""
        if self._window.setup_panel.form.commit():
            self._session.retry_slower()

    def begin_sweep(self) -> None:
        """Ask what to sweep over; begin."""
        if self._window.setup_panel.form.commit():
            self._window.docks.bring_forward("sweep")
            self._window.sweeps.begin()

    def start_sweep(self, plan: SweepPlan) -> None:
        """Begin a sweep with the settings as they stand in the form."""
        if self._window.setup_panel.form.commit():
            self._session.start_sweep(plan)

    def show_fit(self) -> None:
        """Show the newest network again, no epoch of the past."""
        self._session.show_epoch(None)

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
        self._window.status.show_text(text.format(seed=seed))

    # -- view, help ---------------------------------------------------------------------------------------------------

    def view_all(self) -> None:
        """Set the view around the data."""
        self._window.fit_plot.view_all()

    def type_axis(self) -> None:
        """Give the keyboard to the list of inputs, one of which is on the axis; a single one is no choice."""
        if self._window.inputs.panel.axis.count() > 1:
            self._window.docks.bring_forward("inputs")
            self._window.inputs.panel.axis.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_runs(self) -> None:
        """Bring the list of runs to the front, with the keyboard."""
        self._window.docks.bring_forward("runs")
        self._window.runs.panel.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_pins(self) -> None:
        """Bring the table of pins to the front, with the keyboard."""
        self._window.docks.bring_forward("pins")
        self._window.reading.pins.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reset_layout(self) -> None:
        """Put every dock where it was at first."""
        self._window.docks.reset()

    def show_preferences(self) -> None:
        """Ask what a person prefers; changes hold at once."""
        session, preferences = self._session, self._window.preferences
        present = session.model_config, session.training_config
        self._dialogs.preferences(preferences, present, self._apply_preference)

    def _apply_preference(self, key: str) -> None:
        preferences = self._window.preferences
        if key == THEME:
            self._window.choose_theme(ThemeChoice(str(preferences.value_of(THEME))))
        self.documents.take_preferences(preferences)

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
        half = (len(rows) + 1) // 2
        gap = "&nbsp;" * 8
        columns = f"<td>{gap}</td>".join(
            f"<td valign='top'>{_shortcut_table(part)}</td>" for part in (rows[:half], rows[half:])
        )
        self._dialogs.tell(self.tr("Keyboard shortcuts"), f"<table><tr>{columns}</tr></table>")

    def show_about(self) -> None:
        """Say what this program is."""
        text = self.tr("Read a conditional density p(y given x): train a mixture density network, move a cursor.")
        licence = self.tr("Free software under the MIT licence.")
        self._dialogs.tell(self.tr("About mdn-gui"), f"<b>mdn-gui {__version__}</b><p>{text}</p><p>{licence}</p>")

    # -- helpers ------------------------------------------------------------------------------------------------------

    def suggested_name(self, ending: str) -> str:
        """Return the name proposed for a file: that of the table, then ``ending``, such as "-loss.csv"."""
        title = self._session.table.title if self._session.table else "model"
        safe = "".join(c if c.isalnum() or c in "-_ ." else "_" for c in title)
        return (Path(safe).stem or "model") + ending

    def shut_down(self) -> None:
        """Let what is being written be finished."""
        self.previewer.shut_down()
        self.exports.shut_down()


def _shortcut_table(rows: list[tuple[str, str]]) -> str:
    """Return a table of what is done by which keys, rich text."""
    cells = "".join(
        f"<tr><td style='white-space: pre'>{escape(text)}</td>"
        f"<td align='right' style='white-space: pre'>    <b>{escape(keys)}</b></td></tr>"
        for text, keys in rows
    )
    return f"<table cellpadding='2'>{cells}</table>"


def _preview_file(path: Path, options: ReadOptions, watch: Watch) -> Preview:
    """Look at a file; what reads is loaded with the first one, in the thread that reads."""
    from mdn_gui.files.reading import preview_file

    return preview_file(path, options, watch)
