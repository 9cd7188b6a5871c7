"""One person's first quarter of an hour with the real window; run by the test on a virtual display.

``python -m tests.end_to_end.story FOLDER`` leaves pictures, files and ``story.json`` in FOLDER.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QDialog

from mdn_gui.core.resources import resource
from mdn_gui.session.messages import RunState
from mdn_gui.ui.runs.columns import Place
from tests.end_to_end.person import Person

READ_AT = (-2.0, -0.5, 1.25, 2.4)


class Story(Person):
    """A first quarter of an hour: sample, train, read, take away, a messy file, leave."""

    def live(self) -> None:
        self.open_a_sample_by_mouse()
        self.train_by_keyboard_and_read_meanwhile()
        self.read_under_the_mouse()
        self.use_the_keyboard()
        self.take_numbers_away()
        self.look_at_a_messy_file()
        self.open_a_file_and_train()
        self.lay_one_run_over_another()
        self.leave_while_training()

    # -- chapters -----------------------------------------------------------------------------------------------------

    def open_a_sample_by_mouse(self) -> None:
        card = self.window.welcome.cards[0]
        self.robot.wait_for(lambda: card.isVisible() and self.window.isActiveWindow(), "the welcome page shows")
        self.robot.photograph(self.window, self.folder / "welcome.png")
        self.robot.click(card)
        self.robot.wait_for(lambda: self.session.state is RunState.DATA, "the sample is open")
        self.facts["title"] = self.robot.ask(self.window.windowTitle)

    def train_by_keyboard_and_read_meanwhile(self) -> None:
        self.robot.key("F5")
        self.robot.wait_for(lambda: self.session.state is RunState.TRAINING, "the first epoch is over")
        self.hover(0.5)
        self.robot.wait_for(lambda: self.session.model is not None, "there is a snapshot to read")
        self.facts["state while reading"] = self.robot.ask(lambda: self.session.state.value)
        self.robot.photograph(self.window, self.folder / "training.png")
        self.robot.wait_for(lambda: self.session.state is RunState.FITTED, "the run is over")
        self.facts["sentence at the end"] = self.robot.ask(lambda: self.window.status.text)

    def read_under_the_mouse(self) -> None:
        readings = []
        for wanted in READ_AT:
            before = self.robot.ask(self.texts)[0]
            self.hover(wanted)
            self.robot.wait_for(lambda old=before: self.texts()[0] != old, "the read-out follows the mouse")
            shown, rows = self.robot.ask(self.texts)
            exact = self.robot.ask(lambda: self.session.instrument.reading.x)
            readings.append({"wanted": wanted, "x": exact, "x shown": shown, "rows": rows})
        self.facts["readings"] = readings
        self.hover(1.25)
        self.wait_for_every_figure()
        self.robot.photograph(self.window, self.folder / "cardioid.png")

    def use_the_keyboard(self) -> None:
        plot = self.window.fit_plot
        self.robot.click(plot, self.spot(0.8))
        self.robot.wait_for(plot.hasFocus, "the plot has the keyboard")
        start = self.robot.ask(lambda: self.session.instrument.reading.x)
        self.robot.key("Right", "Right", "shift+Right")
        self.robot.wait_for(lambda: self.session.instrument.reading.x > start, "the arrows move the cursor")
        pixel = self.robot.ask(lambda: float(plot.view.viewPixelSize()[0]))
        self.robot.wait_for(
            lambda: abs(self.session.instrument.reading.x - start - 12 * pixel) < 0.01 * pixel,
            "the cursor moved twelve pixels",
        )
        self.robot.key("p")
        self.robot.wait_for(lambda: bool(self.session.instrument.pins), "the pin is set")
        box = self.window.reading_panel.x_box
        self.robot.click(box)
        self.robot.key("ctrl+a")
        self.robot.write("-1.6")
        self.robot.key("Return")
        self.robot.wait_for(lambda: self.session.instrument.reading.x == -1.6, "the typed x is read")
        rows = self.window.reading_panel.quantities.quantities.rows
        self.facts["means"] = self.robot.ask(lambda: [cell.text() for cell in rows[0].cells])
        self.robot.click(plot, self.spot(1.25))
        self.robot.key("c")
        self.robot.wait_for(lambda: "component" in QApplication.clipboard().text(), "the read-out is copied")
        self.facts["copied"] = self.robot.ask(lambda: QApplication.clipboard().text())
        self.facts["copied at"] = self.robot.ask(lambda: self.session.instrument.reading.x)

    def take_numbers_away(self) -> None:
        self.save_with("ctrl+s", self.folder / "cardioid.mdn")
        self.robot.key("ctrl+e")
        self.robot.wait_for(lambda: isinstance(self.app.activeModalWidget(), QDialog), "the grid dialog is open")
        self.save_with("Return", self.folder / "parameters.csv")
        self.save_with("ctrl+shift+e", self.folder / "fit.png")

    def look_at_a_messy_file(self) -> None:
        path = self.folder / "clinic.csv"
        path.write_text(messy_text(), encoding="cp1252")
        dialog = self.open_import_dialog(path)
        self.robot.click(dialog.forms.roles.inputs.all)
        self.robot.wait_for(lambda: len(dialog.choice.inputs) == 4, "every column is an input")
        self.facts["messy"] = self.robot.ask(lambda: [column.kind.value for column in dialog._preview.table.columns])
        self.robot.photograph(dialog, self.folder / "import.png")
        self.robot.key("Escape")
        self.robot.wait_for(lambda: self.app.activeModalWidget() is None, "the import dialog is closed")
        self.face_window()

    def open_a_file_and_train(self) -> None:
        self.open_import_dialog(resource("samples", "mcycle.csv"))
        self.robot.key("Return")
        self.robot.wait_for(lambda: self.app.activeModalWidget() is None, "the import dialog is closed")
        self.face_window()
        self.robot.wait_for(lambda: self.session.table.title == "mcycle.csv", "the file is open")
        self.facts["columns"] = self.robot.ask(
            lambda: [*self.session.dataset.input_names, self.session.dataset.target_name]
        )
        self.robot.key("F5")
        self.robot.wait_for(lambda: self.session.state is RunState.FITTED, "the run on the file is over")
        self.facts["told of the pin"] = self.robot.ask(lambda: self.window.notices.notices[0].message)
        self.robot.click(self.button(self.window.notices, "Dismiss"))
        self.robot.wait_for(lambda: not self.window.notices.notices, "the notice is dismissed")
        self.look_at(24.0, "mcycle.png")

    def lay_one_run_over_another(self) -> None:
        spin = self.window.setup_panel.form.editor("num_components")
        self.robot.ask(lambda: spin.setValue(3))
        self.robot.key("F5")
        table, runs = self.window.runs.panel.table, self.session.run_list
        self.robot.wait_for(lambda: len(runs.runs) == 2, "the second run is over")
        self.robot.key("ctrl+l")
        self.robot.wait_for(lambda: not table.visibleRegion().isEmpty(), "the runs are in front")
        row = table.runs.row_of(1)
        box = self.robot.ask(lambda: table.visualRect(table.runs.index(row, Place.OVERLAY)).center())
        self.robot.click(table.viewport(), box)
        self.robot.wait_for(lambda: bool(runs.ticked), "the first run is laid over the second")
        layer = self.window.fit_plot.stack.layers["runs"]
        self.robot.wait_for(lambda: bool(layer.strokes), "its curves are drawn")
        self.facts["laid over"] = self.robot.ask(lambda: [runs.shown, *runs.ticked])
        self.look_at(30.0, "runs.png")

    def look_at(self, x: float, picture: str) -> None:
        """Put the cursor at x; photograph the window once it says everything."""
        before = self.robot.ask(self.texts)[0]
        self.robot.click(self.window.fit_plot.viewport(), self.spot(x))
        self.robot.wait_for(lambda: self.texts()[0] != before, "the read-out follows the mouse")
        self.wait_for_every_figure()
        self.robot.photograph(self.window, self.folder / picture)

    def leave_while_training(self) -> None:
        spin = self.window.setup_panel.form.editor("epochs")
        self.robot.ask(lambda: spin.setValue(1_000_000))
        self.robot.key("F5")
        self.robot.wait_for(lambda: self.session.state is RunState.TRAINING, "a long run is under way")
        self.robot.key("ctrl+q")
        self.facts["asked before leaving"] = self.answer_question("Leave")
        self.facts["asked of the document"] = self.answer_question("Don't save")


def messy_text() -> str:
    """Return what a spreadsheet leaves: semicolons, decimal commas, dates, words, gaps, a few cells that are none."""
    rng = np.random.default_rng(1)
    lines = ["Visit;Sex;Age;Dose (µg);Response"]
    for day, age in enumerate(rng.integers(19, 81, 260)):
        dose = "" if day % 37 == 5 else f"{rng.gamma(3.0, 1.4):.2f}".replace(".", ",")
        response = "n/a" if day % 61 == 9 else f"{rng.normal(4.0, 1.5) + rng.integers(2) * 3:.3f}".replace(".", ",")
        visit = date(2024, 1, 8) + timedelta(days=day)
        lines.append(f"{visit:%d.%m.%Y};{'female' if rng.random() < 0.5 else 'male'};{age};{dose};{response}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(Story(Path(sys.argv[1])).run())
