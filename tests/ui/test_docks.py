"""Which panel is in front, which are there at all, between starts too."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QTabBar

from mdn_gui.core.table import Table
from mdn_gui.session.preferences import Preferences
from mdn_gui.session.session import Session
from mdn_gui.ui.main_window import MainWindow
from tests.fakes import FakeDialogs, read_here
from tests.ui.stage import Stage, made_table

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)


def table_with(*inputs: str) -> Table:
    table = made_table()
    return Table(table.title, table.columns, table.source, inputs, "response")


ONE, SEVERAL = table_with("dose"), table_with("dose", "extra")
OF_SEVERAL_INPUTS = ["inputs", "interaction"]
BELOW = ("loss", *OF_SEVERAL_INPUTS, "runs", "sweep", "pins", "calibration", "data", "history")
"""The panels that share one place, in the order of their tabs."""


@pytest.fixture
def several(hidden_stage: Stage) -> Stage:
    """A window with two inputs."""
    hidden_stage.show()
    hidden_stage.open(SEVERAL)
    return hidden_stage


def dock(window: MainWindow, name: str) -> QDockWidget:
    return next(dock for dock in window.docks.all if dock.objectName() == name)


def front(window: MainWindow) -> str:
    """Return which of the panels below is seen."""
    below = [dock(window, name) for name in BELOW]
    (seen,) = (each.objectName() for each in below if not each.visibleRegion().isEmpty())
    return seen


def wait_for_front(stage: Stage, name: str) -> None:
    stage.qtbot.waitUntil(lambda: not dock(stage.window, name).visibleRegion().isEmpty())
    assert front(stage.window) == name


def raise_rows(stage: Stage) -> None:
    """Put the rows in front, as a click on their tab does."""
    dock(stage.window, "data").raise_()
    wait_for_front(stage, "data")


# -- the inputs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_SEVERAL_INPUTS)
def test_that_the_inputs_have_panels_only_where_there_are_several(stage: Stage, name):
    inputs = dock(stage.window, name)
    stage.open(ONE)
    assert inputs.isHidden()
    stage.session.choose_columns(("dose", "extra"), "response")
    assert not inputs.isHidden()
    stage.session.choose_columns(("extra",), "response")
    assert inputs.isHidden()
    stage.open(SEVERAL)
    assert not inputs.isHidden()


@pytest.mark.parametrize("name", OF_SEVERAL_INPUTS)
def test_that_inputs_that_the_person_has_closed_stay_closed(several: Stage, name):
    inputs = dock(several.window, name)
    inputs.close()
    several.session.choose_columns(("extra", "dose"), "response")
    several.train()
    assert inputs.isHidden()


def test_that_a_first_layout_shows_inputs_only_where_there_are_several(several: Stage):
    several.trigger("reset_layout")
    assert not dock(several.window, "inputs").isHidden()
    several.open(ONE)
    several.trigger("reset_layout")
    assert dock(several.window, "inputs").isHidden()


# -- what is in front -------------------------------------------------------------------------------------------------


def test_that_the_loss_is_in_front_where_there_is_one_input(with_data: Stage):
    wait_for_front(with_data, "loss")
    with_data.train()
    with_data.settle()
    assert front(with_data.window) == "loss"


def test_that_inputs_come_forward_when_several_are_opened(several: Stage):
    wait_for_front(several, "inputs")


def test_that_the_loss_comes_forward_with_a_run_and_the_inputs_at_its_end(several: Stage):
    wait_for_front(several, "inputs")
    several.train_until_running()
    wait_for_front(several, "loss")
    several.fit.free.set()
    several.wait_for_idle()
    wait_for_front(several, "inputs")


def test_that_the_inputs_come_forward_at_the_end_of_a_discarded_run_too(several: Stage):
    wait_for_front(several, "inputs")
    several.train_until_running()
    wait_for_front(several, "loss")
    several.trigger("discard_run")
    several.wait_for_idle()
    wait_for_front(several, "inputs")


def test_that_rows_that_the_person_has_put_in_front_stay_there(several: Stage):
    wait_for_front(several, "inputs")
    raise_rows(several)
    several.train_until_running()
    several.settle()
    assert front(several.window) == "data"
    several.fit.free.set()
    several.wait_for_idle()
    several.session.exclude_rows([3])
    several.settle()
    assert front(several.window) == "data"


@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_that_a_panel_elsewhere_is_left_alone(several: Stage):
    wait_for_front(several, "inputs")
    dock(several.window, "loss").setFloating(True)
    several.settle()
    several.train_until_running()
    several.settle()
    assert not dock(several.window, "inputs").visibleRegion().isEmpty()


@pytest.mark.parametrize("name", ["pins", "calibration", "interaction", "runs", "sweep", "history"])
def test_that_a_panel_is_brought_before_those_in_its_place(several: Stage, name):
    dock(several.window, name).close()
    several.window.docks.bring_forward(name)
    wait_for_front(several, name)


def test_that_listing_rows_left_out_brings_them_forward(several: Stage):
    dock(several.window, "data").close()
    several.session.exclude_rows(np.array([4, 5]))
    several.trigger("list_left_out")
    wait_for_front(several, "data")
    panel = several.window.desk.panel
    assert panel.filter.currentData() == "left out"
    assert panel.rows.rows.rowCount() == 2


# -- between starts ---------------------------------------------------------------------------------------------------


@pytest.fixture
def next_window(stage: Stage) -> Iterator[Callable[[], MainWindow]]:
    """Return a function that opens the window of the next start."""
    session = Session(stage.fit.load, read_here, stage.baseline_fit)
    yield partial(opened_window, stage, session)
    session.shut_down()
    session.deleteLater()


def opened_window(stage: Stage, session: Session) -> MainWindow:
    window = MainWindow(session, Preferences(stage.preferences_path), stage.themes, FakeDialogs())
    stage.qtbot.addWidget(window)
    window.show()
    return window


def hidden(window: MainWindow) -> list[str]:
    return [each.objectName() for each in window.docks.all if each.isHidden()]


@pytest.mark.parametrize(("before", "after"), [(ONE, SEVERAL), (SEVERAL, ONE), (SEVERAL, SEVERAL)])
def test_that_a_layout_is_remembered_whatever_inputs_come_next(stage: Stage, next_window, before, after):
    stage.open(before)
    dock(stage.window, "reading").close()
    stage.settle()
    stage.window.close()
    window = next_window()
    window._session.open_table(after)
    assert hidden(window) == (["reading"] if after is SEVERAL else ["reading", *OF_SEVERAL_INPUTS])


def test_that_a_window_closed_before_it_had_data_keeps_the_layout_of_the_one_before(stage: Stage, next_window):
    stage.open(ONE)
    dock(stage.window, "setup").close()
    stage.settle()
    stage.window.close()
    next_window().close()
    window = next_window()
    window._session.open_table(ONE)
    assert hidden(window) == ["setup", *OF_SEVERAL_INPUTS]


def remembered_by(window: MainWindow, version: int) -> QByteArray:
    """Return a layout with a panel closed, as another version of the program remembers it."""
    dock(window, "loss").close()
    return window.saveState(version)


@pytest.mark.parametrize("version", [0, 1, 99])
def test_that_a_layout_of_another_version_gives_the_first_one(stage: Stage, next_window, version):
    stage.open(ONE)
    layout = remembered_by(stage.window, version)
    stage.window.close()
    stage.preferences.remember("layout", layout)
    window = next_window()
    window._session.open_table(SEVERAL)
    assert hidden(window) == []
    stage.qtbot.waitUntil(lambda: front(window) == "inputs")


def test_that_reset_layout_leaves_no_tabs_of_the_arrangement_before(several: Stage):
    window = several.window
    for _ in range(3):
        dock(window, "reading").setFloating(True)
        dock(window, "data").setFloating(True)
        several.settle()
        several.trigger("reset_layout")
        several.settle()

    def tabs() -> list[int]:
        """Return how many tabs each bar in the window has."""
        bars = window.findChildren(QTabBar)
        return [bar.count() for bar in bars if bar.isVisible() and bar.parent() is window and bar.x() >= 0]

    several.qtbot.waitUntil(lambda: tabs() == [len(BELOW)])


def tabs_below(window: MainWindow) -> QTabBar:
    """Return the tabs of the panels that share one place."""
    bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return next(bar for bar in bars if bar.isVisible() and bar.count() > 1)


def test_that_the_tabs_stand_in_the_order_of_use(several: Stage):
    several.qtbot.waitUntil(lambda: tabs_below(several.window).count() == len(BELOW))
    tabs = tabs_below(several.window)
    assert [tabs.tabText(k) for k in range(tabs.count())] == [
        dock(several.window, name).windowTitle() for name in BELOW
    ]


def share_below(window: MainWindow) -> float:
    """Return the share of the height of the window that the panels below take, with their tabs."""
    seen = dock(window, front(window))
    return (seen.height() + tabs_below(window).height()) / window.height()


@pytest.mark.parametrize("name", ["loss", "runs"])
def test_that_the_panels_below_keep_their_share_as_the_window_grows_and_shrinks(with_data: Stage, name):
    window = with_data.window
    window.docks.bring_forward(name)
    wait_for_front(with_data, name)
    with_data.qtbot.waitUntil(lambda: share_below(window) == pytest.approx(0.3, abs=0.01))
    for height in (900, 1000, 1100):
        window.resize(1400, height)
    with_data.qtbot.waitUntil(lambda: share_below(window) == pytest.approx(0.3, abs=0.01))
    window.resize(1280, 800)
    with_data.qtbot.waitUntil(lambda: share_below(window) == pytest.approx(0.3, abs=0.01))


def test_that_panels_below_that_a_person_has_made_higher_stay_so(with_data: Stage):
    window = with_data.window
    wait_for_front(with_data, "loss")
    window.resizeDocks([dock(window, "loss")], [330], Qt.Orientation.Vertical)
    with_data.qtbot.waitUntil(lambda: share_below(window) > 0.4)
    height = dock(window, "loss").height()
    window.resize(1280, 1000)
    with_data.qtbot.waitUntil(lambda: window.height() == 1000)
    with_data.settle()
    assert dock(window, "loss").height() == height


def test_that_the_settings_can_be_made_narrow(with_data: Stage):
    window = with_data.window
    setup = dock(window, "setup")
    assert setup.width() <= 280
    window.resizeDocks([setup], [100], Qt.Orientation.Horizontal)
    with_data.qtbot.waitUntil(lambda: setup.width() <= 245)


def test_that_one_input_after_several_brings_the_loss_forward_not_the_rows(several: Stage):
    wait_for_front(several, "inputs")
    several.open(ONE)
    wait_for_front(several, "loss")


def test_that_opening_data_makes_the_window_no_wider(stage: Stage):
    stage.window.resize(1024, 768)
    stage.settle()
    stage.open(SEVERAL)
    stage.settle()
    stage.trigger("reset_layout")
    stage.settle()
    assert stage.window.width() == 1024


def test_that_the_keyboard_passes_over_panels_behind_other_tabs(fitted: Stage):
    window = fitted.window
    fitted.plot.setFocus()
    seen = set()
    for _ in range(120):
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Tab)
        assert not window.hides(window.focusWidget())
        seen.add(window.focusWidget())
    assert window.loss_panel.smoothing in seen
    window.docks.bring_forward("data")
    fitted.settle()
    assert window.hides(window.loss_panel.smoothing)
