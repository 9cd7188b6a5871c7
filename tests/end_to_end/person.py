"""What every story of a person at the real window shares: the program, hands, eyes."""

import json
import os
import threading
import traceback
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton, QWidget

from mdn_gui.app import main
from mdn_gui.session.session import Session
from mdn_gui.ui.importing.dialog import ImportDialog
from mdn_gui.ui.main_window import MainWindow
from tests.end_to_end.home import home_in
from tests.end_to_end.robot import Robot

_PATIENCE_SECONDS = 60.0


class Person:
    """Someone at the program, in a thread of its own while the GUI thread runs it; a story says what is done.

    Parameters
    ----------
    folder : Path
        Everything that the story leaves is in it, the home of the person too.
    arguments : str
        What is typed after the name of the program.
    """

    chapter = "story"
    """Names the file of its facts."""
    window: MainWindow
    session: Session
    app: QApplication

    def __init__(self, folder: Path, *arguments: str) -> None:
        os.environ.update(home_in(folder))
        self.folder, self.arguments = folder, arguments
        self.robot = Robot()
        self.facts: dict[str, object] = {}
        self._answered: QMessageBox | None = None
        self._is_over = threading.Event()

    def run(self) -> int:
        """Start the program as its command line does; return its exit status once the story is over."""
        thread = threading.Thread(target=self.tell, daemon=True)
        thread.start()
        status = main(self.arguments)
        self._is_over.set()
        thread.join(_PATIENCE_SECONDS)
        self.facts["exit status"] = status
        self.facts["worker is running at the end"] = self.session.runner.is_running
        self.write_facts()
        return status

    def tell(self) -> None:
        try:
            self.meet()
            self.live()
            if not self._is_over.wait(_PATIENCE_SECONDS):
                raise TimeoutError("waited in vain until the window is closed")
        except Exception:
            self.facts["error"] = traceback.format_exc()
            self.robot.photograph_screen(self.folder / "error.png")
            self.robot.ask(lambda: QApplication.exit(1))
            raise

    def meet(self) -> None:
        """Wait for the window; put it where pictures of it are taken."""
        self.robot.wait_for(lambda: any(window.isVisible() for window in windows()), "the window is there")
        self.window = self.robot.ask(windows)[0]
        self.session, self.app = self.window.session, self.robot.ask(application)
        self.robot.ask(lambda: (self.window.resize(1280, 800), self.window.move(0, 0)))
        self.face_window()

    def live(self) -> None:
        """Do what the story tells."""
        raise NotImplementedError

    def write_facts(self) -> None:
        """Leave what was noted as a file."""
        (self.folder / f"{self.chapter}.json").write_text(json.dumps(self.facts, indent=1), encoding="utf-8")

    # -- hands and eyes -----------------------------------------------------------------------------------------------

    def spot(self, x: float) -> QPoint:
        plot = self.window.fit_plot

        def place() -> QPoint:
            middle = plot.view.viewRect().center().y()
            scene = plot.view.mapViewToScene(QPointF(x, middle))
            return plot.mapFromScene(scene)

        return self.robot.ask(place)

    def wait_for_every_figure(self) -> None:
        """Median, region, rows near x follow a moment after the mouse; until then they are grey."""
        self.robot.wait_for(lambda: self.session.instrument.reading is not None, "there is a reading")
        self.robot.wait_for(lambda: self.window.reading_panel.quantities.is_complete, "every figure is shown")
        self.robot.wait_for(lambda: self.window.reading.nearby is not None, "the rows near x are judged")

    def hover(self, x: float) -> None:
        self.robot.move_to(self.window.fit_plot.viewport(), self.spot(x))

    def texts(self) -> tuple[str, list[list[str]]]:
        """What stands in the x box and in the table, as text."""
        model = self.window.reading_panel.table.model()
        rows = [
            [str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole)) for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]
        return self.window.reading_panel.x_box.text(), rows

    def save_with(self, key: str, path: Path) -> None:
        before = self.robot.ask(self.app.activeModalWidget)
        self.robot.key(key)
        self.robot.wait_for(
            lambda: self.app.activeModalWidget() not in (None, before), f"the dialog for {path.name} is open"
        )
        self.answer_file_dialog(path)
        self.robot.wait_for(lambda: self.window.status.text == f"Saved {path.name}.", f"{path.name} is saved")

    def answer_file_dialog(self, path: Path, *, is_last: bool = True) -> None:
        self.robot.wait_for(lambda: self.app.activeModalWidget() is not None, "the file dialog is open")
        dialog = self.robot.ask(self.app.activeModalWidget)
        name = self.robot.ask(lambda: dialog.findChild(QLineEdit, "fileNameEdit"))
        self.robot.wait_for(lambda: name.hasFocus() and dialog.isActiveWindow(), "the file name can be typed")
        self.robot.key("ctrl+a")
        self.robot.write(str(path))
        self.robot.wait_for(lambda: name.text() == str(path), "the path is typed")
        self.robot.key("Return")
        self.robot.wait_for(lambda: self.app.activeModalWidget() is not dialog, "the file dialog is closed")
        if is_last:
            self.face_window()

    def face_window(self) -> None:
        """Give the keyboard back to the window, which a window manager would do when a dialog closes."""
        self.robot.ask(self.window.activateWindow)
        self.robot.wait_for(self.window.isActiveWindow, "the window has the keyboard")

    def open_import_dialog(self, path: Path) -> ImportDialog:
        self.robot.key("ctrl+o")
        self.answer_file_dialog(path, is_last=False)
        self.robot.wait_for(lambda: isinstance(self.app.activeModalWidget(), ImportDialog), "the import dialog is open")
        dialog = self.robot.ask(self.app.activeModalWidget)
        self.robot.ask(dialog.activateWindow)
        self.robot.wait_for(dialog.isActiveWindow, "the import dialog has the keyboard")
        self.robot.wait_for(dialog.open_button.isEnabled, "the first rows are shown")
        return dialog

    def answer_question(self, answer: str) -> str:
        """Press the button of a question that says ``answer``; return what was asked."""
        self.robot.wait_for(lambda: self.question() is not None, "a question is asked")
        box = self._answered = self.robot.ask(self.question)
        asked = self.robot.ask(box.text)
        self.robot.click(self.button(box, answer))
        return asked

    def question(self) -> QMessageBox | None:
        """Return the question that waits for an answer."""
        box = self.app.activeModalWidget()
        return box if isinstance(box, QMessageBox) and box is not self._answered else None

    def button(self, place: QWidget, text: str) -> QPushButton:
        """Return the button in a place that says ``text``."""
        return self.robot.ask(
            lambda: next(each for each in place.findChildren(QPushButton) if each.text().replace("&", "") == text)
        )


def windows() -> list[MainWindow]:
    """Return every window of the program."""
    if QApplication.instance() is None:
        return []
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)]


def application() -> QApplication:
    """Return the program itself."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
