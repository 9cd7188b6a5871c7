import random
import sys

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton, QWidget

from mdn_gui.session.messages import RunState
from tests.ui.stage import LEFT, NO_BUTTON, Stage, assert_reads, made_table, send_mouse

NAMES = ["Left", "Right", "Home", "End", "Escape", "Tab", "Backtab", "Up", "Down", "Return", "Space", "Delete"]
KEYS = [getattr(Qt.Key, f"Key_{name}") for name in [*NAMES, "0", "1", "5", "Period", "Minus", "P", "C", "F5"]]
NONE, SHIFT, CTRL = (getattr(Qt.KeyboardModifier, f"{name}Modifier") for name in ("No", "Shift", "Control"))
MODIFIERS = [NONE, NONE, NONE, NONE, SHIFT, CTRL]


def test_that_cursor_moves_do_not_use_up_none(fitted: Stage):
    scene = fitted.plot.scene()
    places = [fitted.plot.mapToScene(fitted.point_of(x)) for x in np.linspace(-2.5, 3.2, 20)]
    for place in places:
        scene.sigMouseMoved.emit(place)
    before = sys.getrefcount(None)
    for _ in range(10):
        for place in places:
            scene.sigMouseMoved.emit(place)
        fitted.settle()
    assert_reads(fitted, float(fitted.plot.view.mapSceneToView(places[-1]).x()))
    assert abs(sys.getrefcount(None) - before) < 60


def random_place(rng: random.Random, widget: QWidget) -> QPoint:
    return QPoint(rng.randrange(max(widget.width(), 1)), rng.randrange(max(widget.height(), 1)))


def press_something(rng: random.Random, stage: Stage) -> None:
    target = QApplication.focusWidget() or stage.plot
    if isinstance(target, QAbstractButton) and opens_a_menu(target):
        target = stage.plot  # a menu would wait for an answer
    QTest.keyClick(target, rng.choice(KEYS), rng.choice(MODIFIERS))


def opens_a_menu(button: QAbstractButton) -> bool:
    return isinstance(button, QToolButton | QPushButton) and button.menu() is not None


def click_something(rng: random.Random, stage: Stage) -> None:
    buttons = [b for b in stage.window.findChildren(QAbstractButton) if b.isVisible() and not opens_a_menu(b)]
    widget = rng.choice([*buttons, stage.plot.viewport(), stage.window.loss_panel.plot.viewport()])
    QTest.mouseClick(widget, LEFT, pos=random_place(rng, widget))


def move_somewhere(rng: random.Random, stage: Stage) -> None:
    widget = rng.choice([stage.plot.viewport(), stage.window.loss_panel.plot.viewport()])
    send_mouse(widget, QEvent.Type.MouseMove, random_place(rng, widget), NO_BUTTON, NO_BUTTON)


def double_click_or_drag(rng: random.Random, stage: Stage) -> None:
    viewport = stage.plot.viewport()
    if rng.random() < 0.5:
        stage.double_click(random_place(rng, viewport))
    else:
        stage.drag(random_place(rng, viewport), random_place(rng, viewport))


def assert_consistent(stage: Stage) -> None:
    """Assert that what is shown belongs together."""
    session, panel = stage.session, stage.window.reading_panel
    assert stage.window.isVisible()
    assert not stage.state.is_running
    assert (stage.state is RunState.FITTED) == (session.model is not None) == (session.instrument.reading is not None)
    assert stage.plot.marks.isVisible() == (session.instrument.reading is not None)
    assert len(stage.plot.pins.lines) == len(session.instrument.pins)
    if session.instrument.reading is None:
        assert panel.table.model().rowCount() == 0
    else:
        assert np.isfinite(session.instrument.reading.x)
        assert_reads(stage, session.instrument.reading.x)
    assert panel.table.model().rowCount() == (session.model.num_components if session.model else 0)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_that_random_gestures_leave_the_window_alive_and_consistent(fitted: Stage, seed, tmp_path):
    rng = random.Random(seed)
    fitted.dialogs.save_answer = tmp_path / "saved"
    gestures = [press_something] * 3 + [click_something] * 2 + [move_somewhere] * 4 + [double_click_or_drag]
    for number in range(500):
        rng.choice(gestures)(rng, fitted)
        if number % 10 == 0:
            fitted.settle()
    fitted.session.discard_run()
    fitted.wait_for_idle()
    fitted.settle()
    assert_consistent(fitted)
    fitted.open(made_table("afterwards"))
    fitted.train()
    assert_consistent(fitted)
    assert fitted.state is RunState.FITTED
