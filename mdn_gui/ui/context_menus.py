"""The context menus: the actions of each plot, each table, what can be taken out of it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from mdn_gui.ui.main_window import MainWindow


def add_context_menus(window: "MainWindow") -> None:
    """Give every plot, every table of a window its context menu."""
    _add_actions(window)
    taking, reading, pins = window.taking_out, window.reading.panel, window.reading.pins
    taking.noticed.connect(window.show_notice)
    taking.said.connect(window.status.show_text)
    taking.offer(window.fit_plot, "fit")
    taking.offer(reading.density, "slice")
    taking.offer(reading.table, "components")
    taking.offer(reading.quantities, "read-out", table=reading.quantities.drawn_table, copies=False)
    taking.offer(window.loss_panel.plot, "loss")
    interaction = window.inputs.interaction
    taking.offer(interaction.grid, "interaction", table=interaction.grid.drawn_table)
    taking.offer(interaction.importance, "importance", table=interaction.importance.drawn_table)
    taking.offer(pins.view, "pins", table=pins.table)
    pins.copy_requested.connect(partial(taking.copy_data, pins.view))
    pins.save_requested.connect(partial(taking.save_data, pins.view))
    trust = window.trust.panel
    taking.offer(trust, "calibration")
    for plot, name in zip(trust.plots, ("pit", "coverage", "reliability"), strict=True):
        taking.offer(plot, name)
    taking.offer(trust.table, "scores")
    runs, sweep = window.runs.panel, window.sweeps.panel
    taking.offer(runs.table, "runs", table=runs.drawn_table)
    taking.offer(sweep.plot, "sweep")
    taking.offer(sweep.table, "sweep-runs", table=sweep.table.drawn_table)


def _add_actions(window: "MainWindow") -> None:
    for widget, names in (
        (window.fit_plot, ("copy_reading", "pin_cursor", "remove_pin", "take_picked_row", "export_table", "view_all")),
        (window.reading.panel.table, ("copy_reading", "export_table")),
    ):
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        widget.addActions([window.actions_by_id[name] for name in names])
