"""Epochs of runs, and the gestures on a loss panel, that tests of the loss plot share."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication, QCheckBox

from mdn_gui.core.baselines import Rival
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.reference_lines import TRUTH, Reference
from mdn_gui.session.replay import Replay
from mdn_gui.ui.loss.overlay import Label
from mdn_gui.ui.loss.panel import LossPanel
from tests.ui.stage import NO_BUTTON, send_mouse

JOINT, MIXTURE, GAUSSIAN = Rival.JOINT.value, Rival.MIXTURE.value, Rival.GAUSSIAN.value
FOUR = (Reference(JOINT, -0.9), Reference(GAUSSIAN, 2.0), Reference(MIXTURE, 1.0), Reference(TRUTH, -1.0))
KEPT = Replay((10, 20, 40, 80))


def epochs(first: int, last: int, *, validation: bool = True, best: int = 1) -> tuple[EpochMetrics, ...]:
    """Return epochs with a falling NLL: 3 / epoch - 1 on the training rows, 3.2 / epoch - 1 on the held-out ones."""
    return tuple(
        EpochMetrics(e, 500, 3.0 / e - 1.0, (3.2 / e - 1.0) if validation else None, best, 9, 0.1 * e)
        for e in range(first, last + 1)
    )


def switch(panel: LossPanel, text: str) -> QCheckBox:
    return next(box for box in panel.findChildren(QCheckBox) if box.text() == text)


def place_of(panel: LossPanel, x: float) -> QPoint:
    """Return where a place on the x axis is drawn, in the middle of the height."""
    QApplication.processEvents()
    view = panel.plot.view
    return panel.plot.mapFromScene(view.mapViewToScene(QPointF(x, view.viewRect().center().y())))


def hover(panel: LossPanel, x: float) -> None:
    send_mouse(panel.plot.viewport(), QEvent.Type.MouseMove, place_of(panel, x), NO_BUTTON, NO_BUTTON)


def click(panel: LossPanel, x: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    point = place_of(panel, x)
    send_mouse(panel.plot.viewport(), QEvent.Type.MouseMove, point, NO_BUTTON, NO_BUTTON)
    send_mouse(panel.plot.viewport(), QEvent.Type.MouseButtonPress, point, button, button)
    send_mouse(panel.plot.viewport(), QEvent.Type.MouseButtonRelease, point, button, NO_BUTTON)


def labels(panel: LossPanel) -> dict[str, Label]:
    """Return what is written over the curves, by the name of the reference."""
    QApplication.processEvents()
    return {label.name: label for label in panel.plot.overlay.labels()}
