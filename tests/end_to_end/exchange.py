"""One project goes to and fro between the headless commands and the real window, which is killed once on the way.

``python -m tests.end_to_end.exchange FOLDER CHAPTER`` tells one chapter about ``concrete.mdn`` in FOLDER.
"""

import os
import signal
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.messages import RunState
from mdn_gui.ui.runs.columns import Place
from tests.end_to_end.held_back import HeldBack
from tests.end_to_end.home import runs_kept
from tests.end_to_end.person import Person

PROJECT = "concrete.mdn"
AXIS = "age"
PINNED_AT = 28.0
READ_AT = 120.0
NAME = "second, by hand"


class Reader(Person):
    """Notes what a window shows of a project, before TensorFlow is loaded."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        super().__init__(folder, *arguments)
        self.tensorflow = HeldBack("tensorflow")

    def open_by_command_line(self) -> None:
        """Wait until the project is there that was named on the command line."""
        self.robot.wait_for(lambda: self.session.model is not None, "the project is open")
        self.robot.wait_for(lambda: self.window.documents.document.path is not None, "it has its file")
        self.facts["title"] = self.robot.ask(self.window.windowTitle)

    def note_what_is_open(self) -> None:
        """Note runs, their labels, pins."""
        instrument, runs = self.session.instrument, self.session.run_list
        self.facts["runs"] = self.robot.ask(lambda: [described(run) for run in runs.runs])
        self.facts["shown"] = self.robot.ask(lambda: runs.shown)
        self.facts["pins"] = self.robot.ask(lambda: [[pin.place.name, *pin.place.values] for pin in instrument.pins])


class FirstVisit(Reader):
    """A project that a command has made: read, trained once more, labelled, saved."""

    chapter = "first"

    def live(self) -> None:
        self.open_by_command_line()
        self.read_by_cursor()
        self.pin_by_keyboard()
        self.facts["TensorFlow is there"] = "tensorflow.python" in sys.modules or self.window.status.engine_is_ready
        self.tensorflow.let_go()
        self.robot.key("F5")
        self.robot.wait_for(lambda: len(self.session.run_list.runs) == 2, "the second run is over")
        self.label_run()
        self.note_what_is_open()
        self.facts["is modified before it is saved"] = self.robot.ask(self.window.isWindowModified)
        self.robot.key("ctrl+s")
        self.robot.wait_for(lambda: self.window.status.text == f"Saved {PROJECT}.", "the project is saved")
        self.robot.key("ctrl+q")

    def read_by_cursor(self) -> None:
        self.robot.key("x")
        self.robot.wait_for(self.window.inputs.panel.axis.hasFocus, "the inputs have the keyboard")
        self.robot.write(AXIS)
        self.robot.wait_for(
            lambda: self.session.dataset.input_names[self.session.instrument.line.place] == AXIS, "age is on the axis"
        )
        plot = self.window.fit_plot
        self.robot.click(plot.viewport(), self.spot(READ_AT))
        self.robot.wait_for(lambda: abs(self.session.instrument.reading.x - READ_AT) < 5.0, "the cursor is there")
        self.robot.wait_for(plot.hasFocus, "the plot has the keyboard")
        self.robot.key("c")
        self.robot.wait_for(lambda: "component" in QApplication.clipboard().text(), "the read-out is copied")
        self.facts["copied"] = self.robot.ask(lambda: QApplication.clipboard().text())

    def pin_by_keyboard(self) -> None:
        self.robot.key("g")
        self.robot.wait_for(self.window.reading_panel.x_box.hasFocus, "x can be typed")
        self.robot.write(f"{PINNED_AT:g}")
        self.robot.key("Return")
        self.robot.wait_for(lambda: self.session.instrument.reading.x == PINNED_AT, "the age is read")
        self.robot.key("p")
        self.robot.wait_for(lambda: len(self.session.instrument.pins) == 1, "it is pinned")

    def label_run(self) -> None:
        table, runs = self.window.runs.panel.table, self.session.run_list
        self.robot.key("ctrl+l")
        self.robot.wait_for(lambda: not table.visibleRegion().isEmpty(), "the runs are in front")
        row = self.robot.ask(lambda: table.visualRect(table.runs.index(table.runs.row_of(2), Place.NUMBER)).center())
        self.robot.click(table.viewport(), row)
        self.robot.wait_for(table.hasFocus, "the runs have the keyboard")
        self.robot.key("s")
        self.robot.wait_for(lambda: runs.run(2).is_starred, "the run has a star")
        self.robot.key("F2")
        self.robot.wait_for(lambda: table.state() is table.State.EditingState, "the name can be typed")
        self.robot.write(NAME)
        self.robot.key("Return")
        self.robot.wait_for(lambda: runs.run(2).name == NAME, "the run has a name")


class SecondVisit(Reader):
    """The project that a command has changed: opened, trained without end, killed."""

    chapter = "second"

    def live(self) -> None:
        self.open_by_command_line()
        self.note_what_is_open()
        self.write_facts()
        self.tensorflow.let_go()
        spin = self.window.setup_panel.form.editor("epochs")
        self.robot.ask(lambda: spin.setValue(1_000_000))
        self.robot.key("F5")
        self.robot.wait_for(lambda: self.session.state is RunState.TRAINING, "a long run is under way")
        self.robot.wait_for(lambda: 4 in runs_kept(self.folder), "there is a snapshot with the run under way")
        os.kill(os.getpid(), signal.SIGKILL)


class AfterTheCrash(Reader):
    """The next start: what was left is offered, taken, looked at, left again."""

    chapter = "third"

    def live(self) -> None:
        self.robot.wait_for(lambda: self.window.notices.notices, "there is an offer")
        self.facts["offer"] = self.robot.ask(lambda: self.window.notices.notices[0].message)
        self.robot.photograph(self.window, self.folder / "offer.png")
        self.robot.click(self.button(self.window.notices, "Recover"))
        self.robot.wait_for(lambda: self.session.model is not None, "what was left is open")
        self.note_what_is_open()
        self.facts["title"] = self.robot.ask(self.window.windowTitle)
        self.facts["is modified"] = self.robot.ask(self.window.isWindowModified)
        self.tensorflow.let_go()
        self.robot.key("ctrl+q")
        self.facts["asked"] = self.answer_question("Don't save")


def described(run: TrainingRun) -> dict[str, object]:
    """Return what a person sees of a run in the list."""
    history = run.model.history
    return {
        "number": run.number,
        "name": run.name,
        "starred": run.is_starred,
        "continues": run.continues,
        "ended by": history.stop_reason.value if history is not None else "",
    }


CHAPTERS = {each.chapter: each for each in (FirstVisit, SecondVisit, AfterTheCrash)}

if __name__ == "__main__":
    told_in, chapter = Path(sys.argv[1]), CHAPTERS[sys.argv[2]]
    opened = () if chapter is AfterTheCrash else (str(told_in / PROJECT),)
    sys.exit(chapter(told_in, *opened).run())
