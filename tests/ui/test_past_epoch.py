"""An epoch of the past is never taken for the fit."""

import pytest
from PySide6.QtWidgets import QApplication

from mdn_gui.core.grid import GridSpec
from mdn_gui.files.export import parameter_table
from tests.ui.stage import Stage


@pytest.fixture
def past(fitted: Stage) -> Stage:
    """A finished run shown as it was at its first snapshot."""
    fitted.session.instrument.set_cursor(0.5)
    fitted.session.show_epoch(1)
    assert fitted.session.shown_epoch == 1
    fitted.settle()
    return fitted


def test_that_plot_and_read_out_say_which_epoch_is_shown(past: Stage):
    assert past.plot._preview_name.isVisible()
    assert past.plot._preview_name.toPlainText() == "Epoch 1 of the run, not the fit"
    assert past.window.reading_panel._origin.text().startswith("epoch 1 · ")


def test_that_what_is_copied_says_so(past: Stage):
    past.trigger("copy_reading")
    assert "epoch\t1 of the run, not the fit that was kept" in QApplication.clipboard().text()
    past.trigger("pin_cursor")
    comments = past.window.reading.pins.table().comments
    assert any(line.startswith("epoch: 1 of the run") for line in comments)


def test_that_a_parameter_table_of_it_says_so(past: Stage):
    table = parameter_table(past.session.model, GridSpec.parse("0:1:3"))
    assert any(line.startswith("snapshot:") for line in table.comments)
    kept = parameter_table(past.session.fitted, GridSpec.parse("0:1:3"))
    assert not any(line.startswith("snapshot:") for line in kept.comments)


def test_that_back_to_the_fit_nothing_says_so(past: Stage):
    past.trigger("show_fit")
    assert not past.plot._preview_name.isVisible()
    assert past.session.instrument.reading.epoch is None
    assert "epoch" not in past.window.reading_panel._origin.text()


def test_that_other_rows_bring_the_fit_back(past: Stage):
    past.session.exclude_rows([0])
    assert past.session.shown_epoch is None
    assert past.session.model is past.session.fitted
