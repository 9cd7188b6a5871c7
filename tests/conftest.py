"""What every lane shares: a quiet environment, clean exits, data that need no TensorFlow."""

import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import gc
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread
from PySide6.QtWidgets import QApplication

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.samples import sample
from mdn_gui.core.table import Table

_MANY = 20_000
"""Objects that outlive a test: so many are modules that were loaded in it; without them each collection is short."""


@pytest.fixture
def cardioid_table() -> Table:
    return sample("cardioid").table(300, 0)


@pytest.fixture
def tiny_dataset() -> Dataset:
    rng = np.random.default_rng(0)
    x = rng.uniform(-2.0, 3.0, 60)
    return Dataset(x[:, None], np.sin(x) + 0.1 * rng.normal(size=60), ("dose",), "response", "made up")


@pytest.fixture(autouse=True)
def nothing_of_qt_is_left_alive(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a window or a running thread behind."""
    yield
    app = QApplication.instance()
    if not isinstance(app, QApplication) or "qtbot" not in request.fixturenames:
        return
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.processEvents()
        if not gc.collect():
            break
    shown = [widget for widget in app.topLevelWidgets() if widget.isVisible()]
    assert not shown, f"left visible: {shown}"
    alive = gc.get_objects()
    threads = [thread for thread in alive if isinstance(thread, QThread) and thread.isRunning()]
    threads = [thread for thread in threads if thread is not app.thread()]
    assert not threads, f"left running: {threads}"
    if len(alive) > _MANY:
        gc.freeze()
