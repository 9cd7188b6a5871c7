"""A loss panel alone in its window."""

import pytest

from mdn_gui.ui.loss.panel import LossPanel


@pytest.fixture
def panel(qtbot) -> LossPanel:
    made = LossPanel()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made
