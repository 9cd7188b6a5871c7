"""The reading side of the window: cursor, pins, what is asked."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.neighbours import NearbyRows
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Reading, Section
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.session.nearby import Nearby
from mdn_gui.ui.numbers import counted
from mdn_gui.ui.reading.panel import ReadingPanel
from mdn_gui.ui.reading.pins_table import PinsTable
from mdn_gui.ui.theme import Theme

if TYPE_CHECKING:
    from mdn_gui.core.pin import Pin
    from mdn_gui.session.session import Session
    from mdn_gui.ui.main_window import MainWindow


class ReadingDesk(QObject):
    """Wires plot, read-out to the instrument of the session.

    Parameters
    ----------
    session : Session
        What is open.
    window : MainWindow
        Its plot is where the cursor moves.
    """

    pins_changed = Signal()
    """There is a pin more or less."""

    def __init__(self, session: "Session", window: "MainWindow") -> None:
        super().__init__(window)
        self._session, self._window, self._instrument = session, window, session.instrument
        self.panel = ReadingPanel(window)
        self.pins = PinsTable(window)
        self._nearby = Nearby(self)
        self._shown_axis: InputAxis | None = None
        self._connect_instrument()
        self._connect_plot()
        self._connect_panels()

    def _connect_instrument(self) -> None:
        instrument = self._instrument
        self._session.selection_changed.connect(self._forget_axis)
        instrument.line_changed.connect(self._show_line)
        instrument.section_changed.connect(self._show_section)
        instrument.reading_changed.connect(self._show_reading)
        instrument.questions_changed.connect(self._show_questions)
        self._nearby.changed.connect(self.panel.show_nearby)
        instrument.pins_changed.connect(self._show_pins)
        instrument.pins_lost.connect(self._tell_lost_pins)

    def _connect_plot(self) -> None:
        plot, instrument = self._window.fit_plot, self._instrument
        plot.cursor_moved.connect(instrument.set_cursor)
        plot.cursor_left.connect(instrument.release_cursor)
        plot.pin_requested.connect(instrument.add_pin)
        plot.pin_moved.connect(instrument.move_pin)
        plot.interval_requested.connect(self._ask_interval)
        self._window.fit_panel.questions_changed.connect(instrument.ask)
        plot.neighbour_requested.connect(instrument.step_to_neighbour)
        plot.end_requested.connect(instrument.jump_to_end)

    def _connect_panels(self) -> None:
        panel, instrument = self.panel, self._instrument
        panel.x_typed.connect(instrument.set_cursor)
        panel.x_stepped.connect(self._window.fit_plot.step_cursor)
        panel.x_escaped.connect(self._window.fit_plot.setFocus)
        panel.questions_changed.connect(instrument.ask)
        self.pins.pin_chosen.connect(instrument.go_to_pin)
        self.pins.pin_removed.connect(instrument.remove_pin)
        self.pins.pin_renamed.connect(instrument.rename_pin)
        self.pins.cleared.connect(instrument.remove_pins)

    @property
    def nearby(self) -> NearbyRows | None:
        """The rows near the cursor, where they are known."""
        rows, reading = self._nearby.rows, self._instrument.reading
        return rows if rows is not None and reading is not None and rows.is_at(reading) else None

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.panel.show_theme(theme)
        self.pins.show_theme(theme)

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        self._nearby.shut_down()

    # -- instrument to views ------------------------------------------------------------------------------------------

    @Slot()
    def _forget_axis(self, *_: object) -> None:
        """Show the axis of new data even where it looks like the one before."""
        self._shown_axis = None

    @Slot(object)
    def _show_line(self, _: Line) -> None:
        dataset, axis = self._session.dataset, self._instrument.axis
        if dataset is None or axis is None or axis is self._shown_axis:
            return
        is_new, self._shown_axis = self._shown_axis is None, axis
        self.panel.show_dataset(dataset, axis)
        self.pins.show_dataset(dataset)
        self._window.fit_plot.show_dataset(dataset, axis)
        self._window.desk.pick(self._window.desk.picked)  # at their new places
        if is_new:
            self._window.fit_plot.setFocus()  # a list in which another input was chosen keeps the keyboard

    @Slot(object)
    def _show_section(self, section: Section | None) -> None:
        preview = self._instrument.is_preview
        live = self._session.state.is_live and not preview
        self._window.fit_plot.show_model(section, live=live, preview=preview, epoch=self._instrument.epoch)
        if self._instrument.pins:
            self._place_pins(self._instrument.pins)

    @Slot(object)
    def _show_reading(self, reading: Reading | None) -> None:
        self._window.fit_plot.show_reading(reading)
        self.panel.show_reading(reading, self._instrument.cursor_origin, self._instrument.pin_name)
        self.pins.show_reading(reading)
        is_judged = reading is not None and not self._session.state.is_live
        x = reading.x if reading is not None else math.nan
        self._nearby.follow(self._session.dataset if is_judged else None, self._instrument.section, x)

    @Slot(object)
    def _show_pins(self, pins: "tuple[Pin, ...]") -> None:
        self._place_pins(pins)
        self.panel.show_pins(pins, self._instrument.line)
        self.pins_changed.emit()

    def _place_pins(self, pins: "tuple[Pin, ...]") -> None:
        """Show where pins are as seen from the line; what is read there stays the same while only the line moves."""
        line, dataset = self._instrument.line, self._session.dataset
        if line is not None and dataset is not None:
            self._window.fit_plot.show_pins(pins, line)
            self.pins.show_pins(pins, line, dataset.target_name)

    @Slot(object)
    def _show_questions(self, questions: Questions) -> None:
        self._window.fit_panel.show_questions(questions)
        self.panel.show_questions(questions)
        self.pins.show_questions(questions)

    @Slot(float, float)
    def _ask_interval(self, low: float, high: float) -> None:
        self._instrument.ask(replace(self._instrument.questions, low=low, high=high))

    @Slot(int)
    def _tell_lost_pins(self, count: int) -> None:
        one = self.tr("{count} pin was taken away: the data have other columns.")
        many = self.tr("{count} pins were taken away: the data have other columns.")
        hint = self.tr("A pin is a place in the inputs; pin it anew in these.")
        self._window.show_notice(Notice(counted(count, one, many), hint, Severity.INFO))
