import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from mdn_gui.core.dataset import Dataset
from mdn_gui.ui.slice.plot import DensityPlot


@pytest.fixture
def plot(qtbot) -> DensityPlot:
    made = DensityPlot()
    qtbot.addWidget(made)
    made.show_dataset(Dataset(np.zeros((3, 1)), np.array([-5.0, 0.0, 5.0]), ("x",), "strength"))
    made.resize(400, 300)
    made.show()
    QApplication.processEvents()
    return made
