"""A person asks of the concrete table: this mix, at age 28 against 90; by mouse, then by keyboard alone.

``python -m tests.end_to_end.concrete FOLDER`` leaves pictures, a model, ``story.json`` in FOLDER.
"""

import sys
import time
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QTabBar, QWidget

from mdn_gui.core.resources import resource
from mdn_gui.session.messages import RunState
from tests.end_to_end.person import Person

AGES = (28.0, 90.0)
THRESHOLD = 30.0
AGE = 7
"""Its place among the inputs."""


class ConcreteStory(Person):
    """Open, train; then the same question twice."""

    def live(self) -> None:
        self.open_and_train()
        began = time.monotonic()
        self.ask_by_mouse()
        self.facts["seconds by mouse"] = time.monotonic() - began
        self.take_pins_away()
        began = time.monotonic()
        self.ask_by_keyboard()
        self.facts["seconds by keyboard"] = time.monotonic() - began
        self.wait_for_every_figure()
        self.robot.photograph(self.window, self.folder / "concrete.png")
        self.save_with("ctrl+s", self.folder / "concrete.mdn")
        self.robot.key("ctrl+q")

    def open_and_train(self) -> None:
        dialog = self.open_import_dialog(resource("samples", "concrete.csv"))
        self.robot.click(dialog.forms.roles.inputs.all)
        self.robot.wait_for(lambda: len(dialog.choice.inputs) == AGE + 1, "every column but the target is an input")
        self.robot.click(dialog.open_button)
        self.robot.wait_for(lambda: self.session.dataset is not None, "the table is open")
        self.face_window()
        self.robot.key("F5")
        self.robot.wait_for(lambda: self.session.state is RunState.FITTED, "the run is over")

    # -- the question by mouse ----------------------------------------------------------------------------------------

    def ask_by_mouse(self) -> None:
        axis = self.window.inputs.panel.axis
        self.bring_forward(self.window.inputs.panel, "Inputs")
        self.robot.click(axis)
        view = axis.view()
        self.robot.wait_for(view.isVisible, "the list of inputs is open")
        place = self.robot.ask(lambda: view.visualRect(view.model().index(AGE, 0)).center())
        self.robot.click(view.viewport(), place)
        self.robot.wait_for(lambda: self.session.instrument.line.place == AGE, "age is on the axis")
        for number, age in enumerate(AGES, start=1):
            self.robot.click(self.window.fit_plot.viewport(), self.spot(age), times=2)
            self.robot.wait_for(lambda wanted=number: len(self.session.instrument.pins) == wanted, "the age is pinned")
        self.robot.click(self.window.reading_panel.slice.interval._threshold)
        self.robot.wait_for(lambda: self.session.instrument.questions.has_interval, "there is a threshold")
        self.drag_threshold()
        self.bring_forward(self.window.reading.pins, "Pins")
        self.wait_for_the_answers()
        self.facts["by mouse"] = self.robot.ask(self.answers)

    def drag_threshold(self) -> None:
        plot = self.window.fit_plot
        high = self.robot.ask(lambda: self.session.instrument.questions.high)
        self.robot.drag(plot.viewport(), self.place(200.0, high), self.place(200.0, THRESHOLD))
        pixel = self.robot.ask(lambda: float(plot.view.viewPixelSize()[1]))
        self.robot.wait_for(
            lambda: abs(self.session.instrument.questions.high - THRESHOLD) < 3 * pixel, "the threshold is at 30"
        )

    def place(self, x: float, y: float) -> QPoint:
        """Return where a place is drawn, pixels of the plot."""
        plot = self.window.fit_plot
        return self.robot.ask(lambda: plot.mapFromScene(plot.view.mapViewToScene(QPointF(x, y))))

    def bring_forward(self, panel: QWidget, title: str) -> None:
        """Click on the tab of a panel below the plot."""

        def tab() -> tuple[QTabBar, QPoint]:
            bars = self.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
            return next(
                (bar, bar.tabRect(k).center()) for bar in bars for k in range(bar.count()) if bar.tabText(k) == title
            )

        self.robot.click(*self.robot.ask(tab))
        self.robot.wait_for(
            lambda: not panel.parentWidget().visibleRegion().isEmpty(), f"the panel {title} is in front"
        )

    # -- the question by keyboard -------------------------------------------------------------------------------------

    def ask_by_keyboard(self) -> None:
        self.robot.ask(lambda: self.window.fit_plot.setFocus(Qt.FocusReason.OtherFocusReason))
        self.robot.key("x")
        self.robot.wait_for(self.window.inputs.panel.axis.hasFocus, "the inputs have the keyboard")
        self.robot.write("age")
        self.robot.wait_for(lambda: self.session.instrument.line.place == AGE, "age is on the axis")
        self.robot.key("Return")
        for number, age in enumerate(AGES, start=1):
            self.robot.key("g")
            self.robot.wait_for(self.window.reading_panel.x_box.hasFocus, "x can be typed")
            self.robot.write(f"{age:g}")
            self.robot.key("Return")
            self.robot.wait_for(lambda wanted=age: self.session.instrument.reading.x == wanted, "the age is read")
            self.robot.key("p")
            self.robot.wait_for(lambda wanted=number: len(self.session.instrument.pins) == wanted, "it is pinned")
        self.robot.key("i")
        box = self.window.reading_panel.slice.interval.high
        self.robot.wait_for(box.hasFocus, "the threshold can be typed")
        self.robot.write(f"{THRESHOLD:g}")
        self.robot.key("Return")
        self.robot.wait_for(lambda: self.session.instrument.questions.high == THRESHOLD, "the threshold is asked for")
        self.robot.key("ctrl+p")
        self.wait_for_the_answers()
        self.facts["by keyboard"] = self.robot.ask(self.answers)
        self.robot.ask(self.window.reading.pins.view.setFocus)
        self.robot.key("ctrl+a", "ctrl+c")
        self.robot.wait_for(lambda: "probability" in QApplication.clipboard().text(), "the table is copied")
        self.facts["copied"] = self.robot.ask(lambda: QApplication.clipboard().text())

    # -- answers ------------------------------------------------------------------------------------------------------

    def take_pins_away(self) -> None:
        def begin_again() -> None:
            instrument = self.session.instrument
            instrument.remove_pins()
            instrument.choose_axis(0)
            instrument.hold_at_middle()

        self.robot.ask(begin_again)

    def wait_for_the_answers(self) -> None:
        pins = self.window.reading.pins
        self.robot.wait_for(lambda: pins.isVisible() and pins.model.next_to_read() is None, "every pin is read")

    def answers(self) -> list[dict[str, str]]:
        """What stands in the table of pins, row by row, by title."""
        model = self.window.reading.pins.model
        titles = [str(model.horizontalHeaderItem(column).text()) for column in range(model.columnCount())]
        return [
            dict(zip(titles, (model.item(row, column).text() for column in range(model.columnCount())), strict=True))
            for row in range(model.rowCount())
        ]


if __name__ == "__main__":
    sys.exit(ConcreteStory(Path(sys.argv[1])).run())
