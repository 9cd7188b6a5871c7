"""A slice plot under the mouse, for tests."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF

from mdn_gui.core.encoding import Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Reading
from mdn_gui.ui.slice.plot import DensityPlot
from tests.ui.stage import LEFT, NO_BUTTON, send_mouse

LINE = Line((Encoding("x"),), 0, np.zeros(1))


def reading(weights, locs, scales, x=0.0) -> Reading:
    return Reading(x, ConditionalMixture([weights], [locs], [scales]), 1, 0.1, is_outside=False, line=LINE)


TWO = reading([0.7, 0.3], [-1.0, 2.0], [0.5, 0.1])
WIDE = reading([1.0], [0.0], [2.0])


def pin(name: str, of: Reading) -> Pin:
    return Pin(name, LINE, of.x, of)


def place(plot: DensityPlot, y: float, height: float = 0.9) -> QPoint:
    """Return where a value of the target is drawn, at a share of the full height, in the viewport."""
    frame = plot._canvas.frame
    up = frame.base - height * (frame.base - frame.up(frame.top))
    return plot.mapFromScene(plot._canvas.mapToScene(QPointF(frame.across(y), up)))


def press(plot: DensityPlot, point: QPoint) -> None:
    send_mouse(plot.viewport(), QEvent.Type.MouseButtonPress, point, LEFT, LEFT)


def move(plot: DensityPlot, point: QPoint, buttons=NO_BUTTON) -> None:
    send_mouse(plot.viewport(), QEvent.Type.MouseMove, point, NO_BUTTON, buttons)


def release(plot: DensityPlot, point: QPoint) -> None:
    send_mouse(plot.viewport(), QEvent.Type.MouseButtonRelease, point, LEFT, NO_BUTTON)


def click(plot: DensityPlot, point: QPoint) -> None:
    press(plot, point)
    release(plot, point)


def drag(plot: DensityPlot, start: float, stop: float) -> None:
    press(plot, place(plot, start))
    for share in (0.3, 0.7, 1.0):
        move(plot, place(plot, start + share * (stop - start)), LEFT)
    release(plot, place(plot, stop))


def told(plot: DensityPlot) -> list[tuple[str, float | None]]:
    texts: list[tuple[str, float | None]] = []
    plot.told.connect(lambda text, level: texts.append((text, level)))
    return texts


def asked(plot: DensityPlot) -> list[Questions]:
    questions: list[Questions] = []
    plot.questions_changed.connect(questions.append)
    return questions


def picture_colours(plot: DensityPlot) -> set[str]:
    picture = plot.viewport().grab().toImage()  # without the frame, which may show that it has the keyboard
    return {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
