"""The context menu of every plot, every table: what it offers is what is seen, with all its digits."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView, QTreeView, QWidget

from mdn_gui.session.calibrating import Unjudged
from mdn_gui.ui.main_window import MainWindow
from tests.ui.stage import Stage

PICTURE, NUMBERS = ["Copy picture", "Save picture…"], ["Copy data", "Save data…"]


def offered(window: MainWindow) -> dict[str, QWidget]:
    """Return every widget out of which something can be taken, by the name that its files bear."""
    reading, interaction, trust = window.reading, window.inputs.interaction, window.trust.panel
    return {
        "fit": window.fit_plot,
        "slice": reading.panel.density,
        "components": reading.panel.table,
        "read-out": reading.panel.quantities,
        "loss": window.loss_panel.plot,
        "interaction": interaction.grid,
        "importance": interaction.importance,
        "pins": reading.pins.view,
        "calibration": trust,
        "pit": trust.pit,
        "coverage": trust.coverage,
        "reliability": trust.reliability,
        "scores": trust.table,
    }


WITHOUT_NUMBERS = {"calibration"}
WITHOUT_COPY = {"read-out"}


def texts(widget: QWidget) -> list[str]:
    return [action.text() for action in widget.actions() if not action.isSeparator()]


def trigger(widget: QWidget, text: str) -> None:
    next(action for action in widget.actions() if action.text() == text).trigger()


@pytest.fixture
def full(two_inputs: Stage) -> Stage:
    """A window in which every plot, every table shows something."""
    window = two_inputs.window
    two_inputs.trigger("pin_cursor")
    window.docks.bring_forward("interaction")
    interaction = window.inputs.interaction
    two_inputs.qtbot.waitUntil(lambda: window.trust.panel._found is not Unjudged.BUSY)
    two_inputs.qtbot.waitUntil(lambda: interaction.importance.drawn_table() is not None)
    two_inputs.qtbot.waitUntil(lambda: interaction.grid.drawn_table() is not None)
    return two_inputs


def test_that_every_plot_and_every_table_offers_what_it_shows(stage: Stage):
    for name, widget in offered(stage.window).items():
        is_table = isinstance(widget, QTableView | QTreeView)
        expected = [] if is_table else list(PICTURE)
        expected += [] if name in WITHOUT_NUMBERS else NUMBERS[1:] if name in WITHOUT_COPY else NUMBERS
        assert widget.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
        assert texts(widget)[-len(expected) :] == expected, name
        assert len(set(texts(widget))) == len(texts(widget)), name


def test_that_the_actions_of_the_plot_stand_before_what_can_be_taken_out(stage: Stage):
    actions = stage.window.fit_plot.actions()
    named = [action.objectName() for action in actions if action.objectName()]
    assert named[:3] == ["copy_reading", "pin_cursor", "remove_pin"]
    assert {stage.window.actions_by_id[name] for name in named} <= set(actions)
    assert actions[len(named)].isSeparator()


def test_that_the_numbers_of_every_plot_and_table_are_saved(full: Stage, tmp_path: Path):
    for name, widget in offered(full.window).items():
        if name in WITHOUT_NUMBERS:
            continue
        path = full.dialogs.save_answer = tmp_path / f"{name}.csv"
        trigger(widget, "Save data…")
        full.qtbot.waitUntil(path.exists)
        assert full.dialogs.asked[-1] == f"save made up-{name}.csv"
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        assert len(lines) > 1, name
        assert len({line.count(",") for line in lines[:1]}) == 1
    assert full.messages == []


def test_that_the_numbers_of_every_plot_and_table_are_copied(full: Stage):
    for name, widget in offered(full.window).items():
        if name in WITHOUT_NUMBERS | WITHOUT_COPY:
            continue
        QGuiApplication.clipboard().clear()
        trigger(widget, "Copy data")
        assert QGuiApplication.clipboard().text().count("\n") > 1, name
        assert "copied" in full.window.status.text


def test_that_the_picture_of_every_plot_is_saved(full: Stage, tmp_path: Path):
    for name, widget in offered(full.window).items():
        if "Save picture…" not in texts(widget):
            continue
        path = tmp_path / f"{name}.svg"
        full.dialogs.picture_answer = path, 1.0
        trigger(widget, "Save picture…")
        full.qtbot.waitUntil(path.exists)
        assert full.dialogs.asked[-1] == f"picture made up-{name}"
        assert path.read_bytes().startswith(b"<?xml")


def test_that_what_shows_nothing_refuses_in_words(with_data: Stage):
    with_data.dialogs.save_answer = Path("nowhere")
    for name, widget in offered(with_data.window).items():
        if name in WITHOUT_NUMBERS:
            continue
        with_data.window.status.show_text("")
        trigger(widget, "Save data…")
        assert with_data.window.status.text == "There is nothing to take out yet.", name
    assert with_data.dialogs.asked == []


def test_that_the_buttons_of_the_pins_copy_and_save_their_table(full: Stage, tmp_path: Path):
    path = full.dialogs.save_answer = tmp_path / "pins.tsv"
    full.window.reading.pins.copy_requested.emit()
    text = QGuiApplication.clipboard().text()
    full.window.reading.pins.save_requested.emit()
    full.qtbot.waitUntil(path.exists)
    saved = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert saved == [line for line in text.splitlines() if not line.startswith("#")]
    assert [line.split("\t")[0] for line in saved[1:]] == ["cursor", "A"]
