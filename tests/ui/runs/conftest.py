"""A panel of runs on the screen."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.ui.runs.panel import RunsPanel


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[RunsPanel]:
    made = RunsPanel()
    qtbot.addWidget(made)
    made.resize(1400, 400)
    made.show()
    yield made
    made.shut_down()
