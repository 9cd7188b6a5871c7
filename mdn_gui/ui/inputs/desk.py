"""The inputs' side of the window: where each is held, what each does."""

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot

from mdn_gui.core.reading import Line, Reading, Section
from mdn_gui.core.selection import Selection
from mdn_gui.session.importance import Importance
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.ui.inputs.held_inputs import HeldInputs
from mdn_gui.ui.inputs.interaction_panel import InteractionPanel
from mdn_gui.ui.numbers import grouped
from mdn_gui.ui.theme import Theme

if TYPE_CHECKING:
    from mdn_gui.session.session import Session
    from mdn_gui.ui.main_window import MainWindow


class InputsDesk(QObject):
    """Wires sliders, importance, interaction grid to the instrument of the session.

    Parameters
    ----------
    session : Session
        What is open.
    window : MainWindow
        Its docks hold the panels.
    """

    def __init__(self, session: "Session", window: "MainWindow") -> None:
        super().__init__(window)
        self._session, self._window, self._instrument = session, window, session.instrument
        self.panel = HeldInputs(window)
        self.interaction = InteractionPanel(window)
        self._importance = Importance(self)
        self._connect_instrument()
        self._connect_views()

    def _connect_instrument(self) -> None:
        instrument = self._instrument
        self._session.selection_changed.connect(self._show_selection)
        instrument.line_changed.connect(self._show_line)
        instrument.section_changed.connect(self._show_section)
        instrument.reading_changed.connect(self._show_reading)
        self._importance.local_changed.connect(self.interaction.show_local)
        self._importance.permuted_changed.connect(self.interaction.show_permuted)

    def _connect_views(self) -> None:
        instrument = self._instrument
        self.panel.value_chosen.connect(instrument.hold)
        self.panel.axis_chosen.connect(instrument.choose_axis)
        self.panel.done.connect(self._window.fit_plot.setFocus)
        self.panel.middle_requested.connect(instrument.hold_at_middle)
        self.panel.row_requested.connect(self._take_numbered_row)
        self.interaction.axis_chosen.connect(instrument.choose_axis)
        self.interaction.value_chosen.connect(instrument.hold)
        self.interaction.watched_changed.connect(self._importance.watch)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.interaction.show_theme(theme)

    def shut_down(self) -> None:
        """End every thread; returns when they have finished."""
        for part in (self.panel, self.interaction, self._importance):
            part.shut_down()

    # -- rows ---------------------------------------------------------------------------------------------------------

    @Slot(int)
    def _take_numbered_row(self, number: int) -> None:
        self.take_row(number - 1)

    def take_row(self, row: int) -> None:
        """Stand where a row of the table stands, counted from 0; a row that is left out is refused in words."""
        selection = self._session.selection
        if selection is None:
            return
        place = int(np.searchsorted(selection.rows, row))
        if place < len(selection.rows) and selection.rows[place] == row:
            self._instrument.take_row(place)
            return
        message = self.tr("Row {number} is not among the rows that are read.").format(number=grouped(row + 1))
        hint = self.tr("It is left out or kept for the test; the panel “Data” says why.")
        self._window.show_notice(Notice(message, hint, Severity.INFO))

    # -- instrument to views ------------------------------------------------------------------------------------------

    @Slot(object)
    def _show_selection(self, selection: Selection) -> None:
        self.panel.show_dataset(selection.dataset)
        if self._session.table is not None:
            self.panel.show_num_rows(self._session.table.num_rows)
        self.interaction.show_dataset(selection.dataset)
        self._importance.take_rows(selection.dataset, selection.test)

    @Slot(object)
    def _show_line(self, line: Line) -> None:
        self.panel.show_line(line)
        row, selection = self._instrument.row, self._session.selection
        self.panel.show_row(int(selection.rows[row]) + 1 if row is not None and selection is not None else None)

    @Slot(object)
    def _show_section(self, section: Section | None) -> None:
        preview = self._instrument.is_preview
        self.interaction.show_section(section, preview=preview)
        self._importance.follow(section, is_live=self._session.state.is_running and not preview)

    @Slot(object)
    def _show_reading(self, reading: Reading | None) -> None:
        self.interaction.show_cursor(reading.x if reading is not None else math.nan)
        if reading is not None:
            self._importance.move_to(reading.x)
