"""From a pull at the fit plot to the picture moved along, for data of millions of rows.

    python -m tests.benchmarks.panning [--rows 10000000] [--frames 400] [--json FILE]

The mouse drags the view back and forth, 16 ms between two moves. A frame ends when the fit plot has been painted with
its new range. Measured with the preview's curves drawn and with the plot's data layers alone; at three zooms: all rows,
a tenth of the range of x, so little that points are drawn. Beside it: from the data's arrival to the first picture of
them, to the rows in order.
"""

import time

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from mdn_gui.core.columns import Column
from mdn_gui.core.table import Table
from tests.benchmarks import reports, stage

PAUSE = 0.016
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def made_table(num_rows: int) -> Table:
    rng = np.random.default_rng(0)
    x = rng.normal(size=num_rows)
    y = np.sin(3.0 * x) + 0.3 * rng.normal(size=num_rows)
    filled = np.zeros(num_rows, dtype=bool)
    return Table("millions", (Column("x", x, filled), Column("y", y, filled)))


class Paints(QObject):
    """Notes that a widget was painted."""

    def __init__(self, widget) -> None:
        super().__init__()
        self.seen = False
        widget.installEventFilter(self)

    def eventFilter(self, receiver, event):
        self.seen |= event.type() == QEvent.Type.Paint
        return False


class Hand:
    """Drags the view and times each move of the mouse."""

    def __init__(self, made: stage.Stage) -> None:
        self._made, self._area = made, made.plot_area()
        self._paints = Paints(self._area)
        self._place = QPoint(self._area.rect().center())

    def drag(self, count: int) -> list[float]:
        """Return the milliseconds of many frames; infinite where nothing is painted within a second."""
        self._send(QEvent.Type.MouseButtonPress, LEFT)
        found = []
        for frame in range(count + 20):
            begin = time.perf_counter()
            found.append(self._frame(frame))
            stage.wait(max(PAUSE - (time.perf_counter() - begin), 0.001))
        self._send(QEvent.Type.MouseButtonRelease, NONE)
        return found[20:]

    def _frame(self, number: int) -> float:
        step = QPoint(7, 2) if number // 60 % 2 else QPoint(-7, -2)
        self._place += step
        before = self._made.window.fit_plot.view.viewRange()
        self._paints.seen = False
        begin = time.perf_counter()
        self._send(QEvent.Type.MouseMove, LEFT)
        while not self._paints.seen and time.perf_counter() - begin < 1.0:
            self._made.app.processEvents()
        seconds = time.perf_counter() - begin
        has_moved = self._made.window.fit_plot.view.viewRange() != before
        return 1000 * seconds if self._paints.seen and has_moved else float("inf")

    def _send(self, kind: QEvent.Type, buttons: Qt.MouseButton) -> None:
        place, none = QPointF(self._place), Qt.KeyboardModifier.NoModifier
        button = NONE if kind is QEvent.Type.MouseMove else LEFT
        event = QMouseEvent(kind, place, self._area.mapToGlobal(place), button, buttons, none)
        QApplication.sendEvent(self._area, event)


def opened(made: stage.Stage, num_rows: int) -> dict[str, dict[str, object]]:
    """Open the table; return the seconds to the first picture, to the rows in order."""
    crowd, table, found = made.window.fit_plot._crowd, made_table(num_rows), {}
    arrived = []
    made.session.selection_changed.connect(lambda _: arrived.append(time.perf_counter()))
    crowd.pictured.connect(lambda: found.setdefault("first picture", time.perf_counter()))
    crowd.ordered.connect(lambda: found.setdefault("rows in order", time.perf_counter()))
    made.session.open_table(table)
    stage.wait_until(lambda: len(found) == 2, 60.0)
    stage.wait(5.0)  # the preview comes
    return {name: {"seconds": at - arrived[0]} for name, at in found.items()}


def panned(made: stage.Stage, frames: int) -> dict[str, dict[str, float]]:
    """Return the times of frames at each zoom, with the model's layers and without."""
    plot, result = made.window.fit_plot, {}
    model = made.session._shown if hasattr(made.session, "_shown") else None
    for label, shown in (("data", None), ("data, preview", model)):
        plot.show_model(shown, preview=shown is not None)
        for zoom, x_range in (("all", (-5.5, 5.5)), ("a tenth", (0.0, 1.0)), ("points", (0.5, 0.502))):
            plot.view.setRange(xRange=x_range, yRange=(-2.5, 2.5), padding=0.0)
            stage.wait(1.5)
            result[f"{label}: {zoom}"] = stage.summary(Hand(made).drag(frames))
    return result


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--frames", type=int, default=400)
    chosen = options.parse_args()
    with stage.display(), stage.stage() as made:
        begun = opened(made, chosen.rows)
        frames = panned(made, chosen.frames)
        made.window.fit_plot.shut_down()
    print(reports.table(f"{chosen.rows} rows", begun), end="\n\n")
    print(reports.table("a frame, ms", frames))
    reports.keep({"rows": chosen.rows, "begun": begun, "frames": frames}, chosen.json)


if __name__ == "__main__":
    main()
