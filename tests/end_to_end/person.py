"""What every story of a person at the real window shares: the program, hands, eyes."""

import json
import threading
import traceback
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLineEdit

from mdn_gui.app import make_application, make_window
from mdn_gui.session.garbage import GarbageCollector
from mdn_gui.ui.importing.dialog import ImportDialog
from tests.end_to_end.robot import Robot


class Person:
    """Someone at the program, in a thread of its own while the GUI thread runs it; a story says what is done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app = make_application()
        self.session, self.window = make_window(self.app, folder / "preferences.ini")
        self.collector = GarbageCollector(self.app)
        self.robot = Robot()
        self.facts: dict[str, object] = {}

    def run(self) -> int:
        self.window.resize(1280, 800)
        self.window.move(0, 0)
        self.window.show()
        self.window.activateWindow()
        thread = threading.Thread(target=self.tell)
        thread.start()
        status = self.app.exec()
        thread.join()
        self.session.shut_down()
        self.collector.stop()
        self.facts["exit status"] = status
        self.facts["worker is running at the end"] = self.session.runner.is_running
        (self.folder / "story.json").write_text(json.dumps(self.facts, indent=1), encoding="utf-8")
        return status

    def tell(self) -> None:
        try:
            self.live()
        except Exception:
            self.facts["error"] = traceback.format_exc()
            self.robot.photograph(self.window, self.folder / "error.png")
            self.robot.ask(lambda: self.app.exit(1))
            raise

    def live(self) -> None:
        """Do what the story tells."""
        raise NotImplementedError

    # -- hands and eyes -----------------------------------------------------------------------------------------------

    def spot(self, x: float) -> QPoint:
        plot = self.window.fit_plot

        def place() -> QPoint:
            middle = plot.view.viewRect().center().y()
            scene = plot.view.mapViewToScene(QPointF(x, middle))
            return plot.mapFromScene(scene)

        return self.robot.ask(place)

    def wait_for_every_figure(self) -> None:
        """Median and region follow a moment after the mouse; until then they are grey."""
        self.robot.wait_for(lambda: self.session.instrument.reading is not None, "there is a reading")
        self.robot.wait_for(lambda: self.window.reading_panel.quantities.is_complete, "every figure is shown")

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
