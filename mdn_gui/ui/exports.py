"""What each action does that takes results out of the window."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication

from mdn_gui.errors import UserError
from mdn_gui.session.background import NewestJob
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.ui.exporting.running import PredictionRunner
from mdn_gui.ui.pictures import save_figure
from mdn_gui.ui.texts import one_line

if TYPE_CHECKING:
    from mdn_gui.session.session import Session
    from mdn_gui.ui.main_window import MainWindow


class Exports(QObject):
    """One method for each row of the action table whose part is ``exports``.

    Parameters
    ----------
    session : Session
        What is open.
    window : MainWindow
        Its plots are pictured, its dialogs ask.
    suggested_name : callable
        Makes the proposed name of a file from its end, such as "-report.html".
    """

    def __init__(self, session: "Session", window: "MainWindow", suggested_name: Callable[[str], str]) -> None:
        super().__init__(window)
        self._session, self._window, self._suggested_name = session, window, suggested_name
        self._predictions = PredictionRunner(self)
        self._saver = NewestJob(self)
        """What is written may take a while: millions of rows, a report."""
        self._saver.finished.connect(self.tell_saved)
        self._saver.failed.connect(session.report)

    @property
    def is_busy(self) -> bool:
        """Whether a file is being written."""
        return self._saver.is_busy

    def shut_down(self) -> None:
        """Let what is being written be finished."""
        self._predictions.shut_down()
        self._saver.shut_down()

    # -- actions ------------------------------------------------------------------------------------------------------

    def export_table(self) -> None:
        """Ask which parameters, where; save them."""
        from mdn_gui.files.tables import save_table

        model, section = self._session.model, self._session.instrument.section
        if model is None or section is None:
            return
        request = self._window.dialogs.parameter_request(model, section.line, self._session.instrument.questions)
        if request is None:
            return
        path = self._asked_table(self.tr("Save the parameter table"), "-parameters", request.ending)
        if path is not None:
            self.save(path, lambda: save_table(path, request.table(model)))

    def export_predictions(self) -> None:
        """Ask for another table; write what is read at its rows."""
        model, choice = self._session.model, self._session.data.choice
        if model is not None:
            options = choice.options if choice is not None else None
            self._window.dialogs.predictions(model, self._session.instrument.questions, options, self._predictions)

    def export_picture(self) -> None:
        """Ask where, as which kind of picture; save the fit plot as on the screen."""
        asked = self._window.dialogs.picture_to_save(self._suggested_name("-fit"))
        if asked is None:
            return
        path, scale = asked
        try:
            save_figure(path, self._window.fit_plot, scale)
        except UserError as error:
            self._window.show_notice(Notice(error.message, error.hint))
        else:
            self.tell_saved(path)

    def export_report(self) -> None:
        """Ask where; write a page about the run that is shown."""
        from mdn_gui.files.report.page import save_report

        project = self._session.project()
        run = project.run(project.shown)
        if run is None:
            return
        path = self._asked(self.tr("Save the report"), "-report.html", self.tr("Web page (*.html)"))
        if path is not None:
            known = self._window.trust.calibration_of(run.model)
            self.save(path, lambda: save_report(path, project, run, calibration=known))

    def export_tfp_script(self) -> None:
        """Ask where; write a script that reads the fit with TensorFlow Probability."""
        self._export_script("tfp")

    def export_numpy_script(self) -> None:
        """Ask where; write a script that reads the fit with NumPy alone."""
        self._export_script("numpy")

    def export_onnx(self) -> None:
        """Ask where; write the fit as an ONNX model."""
        from mdn_gui.files.onnx_model import save_onnx

        model = self._session.model
        if model is None:
            return
        path = self._asked(self.tr("Save the ONNX model"), ".onnx", self.tr("ONNX model (*.onnx)"))
        if path is not None:
            self.save(path, lambda: save_onnx(path, model))

    def copy_script(self) -> None:
        """Put a script that reads the fit with TensorFlow Probability on the clipboard."""
        from mdn_gui.files.script import python_script

        if (model := self._session.model) is not None:
            QGuiApplication.clipboard().setText(python_script(model, "tfp"))
            self._window.status.show_text(self.tr("Python script copied."))

    def _export_script(self, flavour: Literal["tfp", "numpy"]) -> None:
        from mdn_gui.files.script import save_script

        model = self._session.model
        if model is None:
            return
        path = self._asked(self.tr("Save the Python script"), f"-{flavour}.py", self.tr("Python script (*.py)"))
        if path is not None:
            self.save(path, lambda: save_script(path, model, flavour))

    # -- helpers ------------------------------------------------------------------------------------------------------

    def save(self, path: Path, write: Callable[[], object]) -> None:
        """Write a file in a pool thread; tell when it is there, or why not."""
        if self.is_busy:
            message = self.tr("Another file is still being written.")
            self._window.show_notice(Notice(message, self.tr("Wait a moment, then try again."), Severity.INFO))
            return
        self._window.status.show_text(self.tr("Saving {name} …").format(name=one_line(path.name)))
        self._saver.start(lambda _watch: _written(path, write))

    @Slot(object)
    def tell_saved(self, path: Path) -> None:
        """Say that a file is there."""
        self._window.status.show_text(self.tr("Saved {name}.").format(name=one_line(path.name)))

    def _asked(self, title: str, end: str, file_filter: str) -> Path | None:
        return self._window.dialogs.path_to_save(title, self._suggested_name(end), file_filter)

    def _asked_table(self, title: str, name: str, ending: str) -> Path | None:
        from mdn_gui.ui.exporting.formats import table_filter

        return self._asked(title, f"{name}{ending}", table_filter(ending))


def _written(path: Path, write: Callable[[], object]) -> Path:
    write()
    return path
