"""What the benchmarks of the window share: a display, the real window, ways to wait."""

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from mdn_gui.app import make_application, make_window
from mdn_gui.core.samples import sample
from mdn_gui.session.background import NewestJob
from mdn_gui.session.garbage import GarbageCollector
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from mdn_gui.ui.main_window import MainWindow

LARGE = 1_000_000
"""Rows of the large data set."""


@contextlib.contextmanager
def display() -> Iterator[None]:
    """Use the display there is, else a virtual one of its own."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if os.environ.get("DISPLAY"):
        yield
        return
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL)
    os.close(write_end)
    try:
        with os.fdopen(read_end) as stream:
            os.environ["DISPLAY"] = f":{stream.readline().strip()}"
        yield
    finally:
        del os.environ["DISPLAY"]
        server.terminate()
        server.wait()


@dataclass(frozen=True)
class Stage:
    """The real window with the real training behind it, shown."""

    app: QApplication
    session: Session
    window: MainWindow

    def open_cardioid(self, num_rows: int = 2000) -> None:
        self.session.open_table(sample("cardioid").table(num_rows, 0))
        wait(0.3)

    def load_engine(self) -> None:
        """Load TensorFlow in the worker thread, as the program does after its first paint."""
        self.window.status.show_engine_loading()
        reached(self.session.runner.loaded, self.session.runner.warm_up)

    def train(self, seconds: float = 600.0) -> None:
        """Train to the end with the settings of the session."""
        reached(self.session.run_finished, self.session.start_training, seconds)

    def train_until(self, state: RunState, seconds: float = 120.0) -> None:
        """Start a run; return when the session is in ``state``."""
        self.session.start_training()
        wait_until(lambda: self.session.state is state, seconds)

    def wait_for_rest(self) -> None:
        """Return when everything is drawn, no job of session or window is under way."""
        wait(0.5)
        jobs = [*self.session.findChildren(NewestJob), *self.window.findChildren(NewestJob)]
        wait_until(lambda: not (self.window.fit_plot.is_drawing or any(job.is_busy for job in jobs)), 120.0)

    def plot_area(self) -> QWidget:
        """Return what receives the mouse over the fit plot."""
        return self.window.fit_plot.viewport()

    def point_at(self, x: float) -> QPoint:
        """Return the pixel of the fit plot at x, data units, half-way up."""
        plot = self.window.fit_plot
        return plot.mapFromScene(plot.view.mapViewToScene(QPointF(x, plot.view.viewRect().center().y())))


@contextlib.contextmanager
def stage(recovery: Path | None = None) -> Iterator[Stage]:
    """Build the window as ``mdn_gui.app`` does, with preferences of its own; end its threads afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        app = make_application()
        session, window = make_window(app, Path(folder) / "preferences.ini", recovery)
        collector = GarbageCollector(app)
        session.runner.loaded.connect(collector.freeze)
        window.show()
        wait(0.2)
        try:
            yield Stage(app, session, window)
        finally:
            session.shut_down()
            window.documents.document.begin_anew()  # else it would be asked whether to save
            window.close()
            collector.stop()


def switch_all_layers_on(made: Stage) -> None:
    """Switch every layer of the fit plot on, with a second run and a restart beside the fit."""
    section = made.session.instrument.section
    made.window.fit_plot.show_comparison(section, "the same run")
    made.window.fit_plot.show_members((section,))
    for switch in made.window.fit_panel.switches.values():
        switch.setChecked(True)


def wait(seconds: float) -> None:
    """Run the event loop for a while; Python's other threads run too, which QTest.qWait would not let them."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Run the event loop until ``condition`` holds."""
    deadline = time.perf_counter() + seconds
    while not condition():
        if time.perf_counter() > deadline:
            raise TimeoutError(f"not reached within {seconds} s")
        wait(0.005)


def reached(signal, start: Callable[[], object], seconds: float = 600.0) -> None:
    """Call ``start``; run the event loop until ``signal``."""
    loop = QEventLoop()
    late = QTimer()
    late.setSingleShot(True)
    late.timeout.connect(lambda: loop.exit(1))
    late.start(round(1000 * seconds))
    signal.connect(loop.quit)
    start()
    status = loop.exec()
    signal.disconnect(loop.quit)
    if status:
        raise TimeoutError(f"no signal within {seconds} s")


def move_mouse(area: QWidget, point: QPoint) -> None:
    """Deliver a mouse move over ``area``."""
    local = QPointF(point)
    buttons, none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, local, area.mapToGlobal(local), buttons, buttons, none)
    QApplication.sendEvent(area, event)


class Sweep:
    """Mouse positions back and forth over the fit plot, a few pixels apart."""

    def __init__(self, stage: Stage) -> None:
        low, high = stage.session.instrument.axis.low, stage.session.instrument.axis.high
        left, right = stage.point_at(low), stage.point_at(high)
        there = [QPoint(x, left.y()) for x in range(left.x(), right.x(), 7)]
        self._points, self._next = there + there[::-1], 0

    def __call__(self) -> QPoint:
        self._next += 1
        return self._points[self._next % len(self._points)]


class Traffic(QObject):
    """A hundred mouse moves a second over the fit plot, while the event loop lets it."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._area, self._sweep = stage.plot_area(), Sweep(stage)
        self.moves = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._move)
        self._timer.start(10)

    def _move(self) -> None:
        self.moves += 1
        move_mouse(self._area, self._sweep())

    def stop(self) -> None:
        self._timer.stop()


class Painted(QObject):
    """Tells when a widget has been painted after it was expected to be."""

    seen = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._is_expected = False
        widget.installEventFilter(self)

    def expect(self, *_: object) -> None:
        """Tell of the next time."""
        self._is_expected = True

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._is_expected:
            self._is_expected = False
            QTimer.singleShot(0, self.seen.emit)
        return False


class Gaps(QObject):
    """Times between the ticks of a precise timer of 10 ms, the ideal being 10."""

    def __init__(self) -> None:
        super().__init__()
        self.milliseconds: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(10)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.milliseconds.append(1000 * (now - self._last))
        self._last = now

    def stop(self) -> list[float]:
        self._timer.stop()
        return self.milliseconds


def summary(milliseconds) -> dict[str, float]:
    """Return percentiles of a sample."""
    values = np.asarray(milliseconds)
    found = {f"p{q}": round(float(np.percentile(values, q)), 2) for q in (50, 95, 99)}
    return found | {"max": round(float(values.max()), 2), "n": len(values)}
