"""Importance beside the interaction grid."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.importance import LocalEffects, PermutedRises
from mdn_gui.core.reading import Line, Section
from mdn_gui.ui.inputs.interaction_panel import InteractionPanel
from mdn_gui.ui.theme import DARK
from tests.fakes import made_model


def made_dataset(*names: str) -> Dataset:
    x = np.random.default_rng(0).normal(size=(60, len(names)))
    return Dataset(x, x[:, 0], names, "y")


@pytest.fixture
def dataset() -> Dataset:
    return made_dataset("a", "b", "c")


@pytest.fixture
def section(dataset: Dataset) -> Section:
    return Section(made_model(dataset), Line.through(dataset))


@pytest.fixture
def panel(qtbot, dataset, section) -> Iterator[InteractionPanel]:
    made = InteractionPanel()
    qtbot.addWidget(made)
    made.resize(800, 150)
    made.show_dataset(dataset)
    made.show_section(section)
    made.show()
    yield made
    made.shut_down()


def offered(panel: InteractionPanel) -> list[str]:
    return [panel.second.itemText(i) for i in range(panel.second.count())]


def test_that_the_inputs_beside_the_axis_are_offered_as_the_second_one(panel, section, dataset):
    assert offered(panel) == ["b", "c"]
    assert panel.grid._second == 1
    panel.show_section(Section(section.model, Line.through(dataset, 1)))
    assert offered(panel) == ["a", "c"]
    assert panel.grid._second == 0


def test_that_the_second_input_stays_chosen_while_it_is_not_on_the_axis(panel, section, dataset):
    panel.second.setFocus()
    QTest.keyClick(panel.second, Qt.Key.Key_Down)
    assert panel.grid._second == 2
    panel.show_section(Section(section.model, Line.through(dataset, 1)))
    assert panel.grid._second == 2
    assert panel.second.currentText() == "c"


def test_that_a_choice_in_either_part_is_passed_on(qtbot, panel):
    qtbot.waitUntil(lambda: panel.grid._scene is not None)
    with qtbot.waitSignal(panel.value_chosen) as value:
        QTest.keyClick(panel.grid, Qt.Key.Key_Return)
    assert value.args[0] == 1
    with qtbot.waitSignal(panel.axis_chosen):
        QTest.keyClick(panel.importance.table, Qt.Key.Key_Down)
        QTest.keyClick(panel.importance.table, Qt.Key.Key_Return)


def test_that_numbers_reach_the_bars(panel):
    values = np.array([1.0, 2.0, 3.0])
    panel.show_local(LocalEffects(values, values, values, values))
    panel.show_permuted(PermutedRises(values, values, 60))
    assert panel.importance.drawn_table().columns[1].tolist() == values.tolist()
    assert panel.importance.drawn_table().columns[5].tolist() == values.tolist()


def test_that_one_input_or_no_fit_is_said_in_words(panel, dataset, section):
    assert not panel._note.isVisible()
    panel.show_section(None)
    assert panel._note.isVisible()
    assert "No fit yet" in panel._note.text()
    alone = made_dataset("a")
    panel.show_dataset(alone)
    panel.show_section(Section(made_model(alone), Line.through(alone)))
    assert panel._note.text() == "One input: nothing to vary."
    panel.show_dataset(dataset)
    panel.show_section(section)
    assert not panel._note.isVisible()


def test_that_without_data_it_says_so(qtbot):
    made = InteractionPanel()
    qtbot.addWidget(made)
    assert "No data" in made._note.text()


def test_that_a_preview_is_named(panel, section):
    panel.show_section(section, preview=True)
    assert panel._name.text().startswith("Preview")
    panel.show_section(section)
    assert not panel._name.text().startswith("Preview")


def test_that_it_tells_whether_anybody_looks_also_where_another_dock_stands_before_it(qtbot, section, dataset):
    window, made = QMainWindow(), InteractionPanel()
    qtbot.addWidget(window)
    told = []
    made.watched_changed.connect(told.append)
    docks = [QDockWidget(name, window) for name in ("before", "interaction")]
    for dock, content in zip(docks, (QWidget(), made), strict=True):
        dock.setWidget(content)
        window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
    window.tabifyDockWidget(*docks)
    docks[1].raise_()
    window.show()
    made.show_dataset(dataset)
    qtbot.waitUntil(lambda: told == [True])
    docks[0].raise_()
    made.show_section(section)
    assert told == [True, False]
    assert not made.grid._job._pause.isActive()
    docks[1].raise_()
    qtbot.waitUntil(lambda: made.grid._scene is not None)
    assert told == [True, False, True]
    window.hide()
    assert told[-1] is False
    made.shut_down()


@pytest.mark.parametrize("size", [(640, 138), (800, 150), (1200, 370)])
def test_that_nothing_is_cut_off_in_a_dock_below_the_plots(qtbot, panel, size):
    panel.resize(*size)
    qtbot.waitUntil(lambda: panel.grid._scene is not None)
    assert (panel.width(), panel.height()) == size
    for part in (panel.importance, panel.grid, panel.second):
        place = part.mapTo(panel, QPoint(0, 0))
        assert place.x() + part.width() <= size[0]
        assert place.y() + part.height() <= size[1]
    qtbot.waitUntil(lambda: len(panel.grid._scene.names) == (3 if size[0] < 800 else 5))


def test_that_a_narrow_dock_scrolls_instead_of_making_the_window_wide(panel):
    assert panel.minimumSizeHint().width() < 200
    assert panel.minimumSizeHint().height() < 140


def test_that_everything_that_takes_the_focus_has_a_name(panel):
    for widget in panel.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName(), widget


def test_that_the_theme_reaches_the_cells(qtbot, panel):
    qtbot.waitUntil(lambda: panel.grid._scene is not None)
    before = panel.grid.grab().toImage()
    panel.show_theme(DARK)
    assert panel.grid.grab().toImage() != before
