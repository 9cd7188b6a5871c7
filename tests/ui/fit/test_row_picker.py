import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.reading import InputAxis
from mdn_gui.ui.fit.panel import FitPanel
from mdn_gui.ui.fit.row_picker import PickTool
from mdn_gui.ui.theme import DARK, LIGHT

LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
KEYS = Qt.KeyboardModifier
GRID_X, GRID_Y = (axis.ravel() for axis in np.meshgrid(np.arange(10.0), np.arange(10.0)))


@pytest.fixture
def panel(qtbot):
    """A fit panel with a hundred rows on a grid, 0 to 9 by 0 to 9."""
    made = FitPanel()
    qtbot.addWidget(made)
    made.show_theme(LIGHT)
    made.resize(800, 500)
    made.show()
    dataset = Dataset(GRID_X[:, None], GRID_Y, ("x",), "y", "grid")
    made.plot.show_dataset(dataset, InputAxis.of(dataset))
    made.plot.draw_now()
    made.grab()  # the axes take the width of their numbers
    QApplication.processEvents()
    yield made
    made.plot.shut_down()


class Hand:
    """Draws in the plot with the mouse; keeps what was picked."""

    def __init__(self, panel: FitPanel) -> None:
        self.plot = panel.plot
        self.picked: list[np.ndarray] = []
        self.plot.picker.rows_picked.connect(self.picked.append)

    def point(self, x: float, y: float) -> QPoint:
        return self.plot.mapFromScene(self.plot.view.mapViewToScene(QPointF(x, y)))

    def send(self, kind, place: QPoint, buttons=NO_BUTTON, keys=KEYS.NoModifier) -> None:
        area = self.plot.viewport()
        button = NO_BUTTON if kind is QEvent.Type.MouseMove else LEFT
        local = QPointF(place)
        QApplication.sendEvent(area, QMouseEvent(kind, local, area.mapToGlobal(local), button, buttons, keys))

    def draw(self, *corners: tuple[float, float], keys=KEYS.NoModifier, releases=True) -> None:
        places = [self.point(*corner) for corner in corners]
        self.send(QEvent.Type.MouseMove, places[0])
        self.send(QEvent.Type.MouseButtonPress, places[0], LEFT, keys)
        for place in places[1:]:
            self.send(QEvent.Type.MouseMove, place, LEFT, keys)
        if releases:
            self.send(QEvent.Type.MouseButtonRelease, places[-1], NO_BUTTON, keys)


@pytest.fixture
def hand(panel):
    return Hand(panel)


def rows_where(condition) -> list[int]:
    return np.flatnonzero(condition).tolist()


def test_that_a_rectangle_picks_the_rows_inside(panel, hand):
    panel.tools.buttons[PickTool.RECTANGLE].click()
    view = panel.plot.view.viewRect()
    hand.draw((1.5, 1.5), (3.0, 2.0), (4.5, 3.5))
    expected = rows_where((GRID_X > 1.5) & (GRID_X < 4.5) & (GRID_Y > 1.5) & (GRID_Y < 3.5))
    assert [rows.tolist() for rows in hand.picked] == [expected]
    assert panel.plot.view.viewRect() == view


def test_that_a_lasso_picks_the_rows_inside(panel, hand):
    panel.tools.buttons[PickTool.LASSO].click()
    hand.draw((0.5, 0.5), (5.5, 0.5), (5.5, 5.7), (0.7, 0.8))
    expected = rows_where((GRID_X >= 1) & (GRID_X <= 5) & (GRID_Y >= 1) & (GRID_Y <= GRID_X))
    assert hand.picked[-1].tolist() == expected


def test_that_shift_adds_and_ctrl_or_alt_removes(panel, hand):
    panel.plot.picker.set_tool(PickTool.RECTANGLE)
    hand.draw((-0.5, -0.5), (2.5, 0.5))
    hand.draw((4.5, -0.5), (6.5, 0.5), keys=KEYS.ShiftModifier)
    assert hand.picked[-1].tolist() == [0, 1, 2, 5, 6]
    hand.draw((0.5, -0.5), (1.5, 0.5), keys=KEYS.ControlModifier)
    assert hand.picked[-1].tolist() == [0, 2, 5, 6]
    hand.draw((4.5, -0.5), (5.5, 0.5), keys=KEYS.AltModifier)
    assert hand.picked[-1].tolist() == [0, 2, 6]
    hand.draw((6.5, 6.5), (7.5, 7.5))
    assert hand.picked[-1].tolist() == [77]


def test_that_a_click_picks_none(panel, hand):
    panel.plot.picker.set_tool(PickTool.LASSO)
    panel.plot.picker.show_rows(np.array([1, 2]))
    QTest.mouseClick(panel.plot.viewport(), LEFT, pos=hand.point(5.0, 5.0))
    assert [rows.tolist() for rows in hand.picked] == [[]]
    assert len(panel.plot.picker.shown.points.data) == 0


def test_that_picked_rows_are_drawn_in_the_accent_colour(panel, hand):
    panel.plot.picker.set_tool(PickTool.RECTANGLE)
    hand.draw((-0.5, -0.5), (1.5, 0.5))
    assert panel.plot.picker.shown.points.getData()[0].tolist() == [0.0, 1.0]
    panel.show_theme(DARK)
    assert panel.plot.picker.shown.points.opts["brush"].color().name() == DARK.accent


def test_that_rows_shown_from_elsewhere_are_what_the_next_outline_adds_to(panel, hand):
    panel.plot.picker.show_rows(np.array([99]))
    assert hand.picked == []
    panel.plot.picker.set_tool(PickTool.RECTANGLE)
    hand.draw((-0.5, -0.5), (0.5, 0.5), keys=KEYS.ShiftModifier)
    assert hand.picked[-1].tolist() == [0, 99]


def test_that_other_data_lose_the_picked_rows(panel):
    panel.plot.picker.show_rows(np.array([3]))
    panel.plot.show_dataset(panel.plot._dataset, panel.plot._axis)
    assert len(panel.plot.picker.rows) == 0
    assert len(panel.plot.picker.shown.points.data) == 0


def test_that_the_cursor_tool_moves_the_view_and_picks_nothing(panel, hand):
    left = panel.plot.view.viewRect().left()
    hand.draw((3.0, 3.0), (4.0, 3.0), (5.0, 3.0))
    assert panel.plot.view.viewRect().left() < left - 1.0
    assert hand.picked == []


def test_that_the_cursor_line_rests_while_a_tool_is_on(panel, hand):
    moved = []
    panel.plot.cursor_moved.connect(moved.append)
    panel.plot.pin_requested.connect(moved.append)
    panel.plot.picker.set_tool(PickTool.RECTANGLE)
    hand.draw((1.0, 1.0), (2.0, 2.0))
    QTest.mouseDClick(panel.plot.viewport(), LEFT, pos=hand.point(5.0, 5.0))
    assert moved == []
    panel.plot.picker.set_tool(PickTool.CURSOR)
    hand.send(QEvent.Type.MouseMove, hand.point(6.0, 5.0))
    assert len(moved) == 1


def test_that_escape_returns_to_the_cursor_and_drops_the_outline(panel, hand):
    panel.tools.buttons[PickTool.LASSO].click()
    hand.draw((1.0, 1.0), (5.0, 1.0), (5.0, 5.0), releases=False)
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    hand.send(QEvent.Type.MouseButtonRelease, hand.point(1.0, 5.0))
    assert panel.tools.buttons[PickTool.CURSOR].isChecked()
    assert panel.plot.picker.tool is PickTool.CURSOR
    assert hand.picked == []


def test_that_what_is_not_seen_is_not_picked(panel, hand):
    panel.plot.view.setRange(xRange=(2.5, 6.5), yRange=(2.5, 6.5), padding=0.0)
    panel.plot.draw_now()
    panel.plot.picker.set_tool(PickTool.RECTANGLE)
    hand.draw((4.5, 4.5), (5.0, 5.0), (30.0, 30.0))
    assert hand.picked[-1].tolist() == [55, 56, 65, 66]


def test_that_the_tools_have_names(panel):
    assert [button.accessibleName() for button in panel.tools.buttons.values()] == ["Cursor", "Rectangle", "Lasso"]
