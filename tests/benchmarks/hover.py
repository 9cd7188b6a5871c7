"""From a mouse move over the fit plot to plot, table and slice painted.

    python -m tests.benchmarks.hover [--moves 500] [--all-layers] [--profile] [--json FILE]

Moves are 12 ms apart, since pyqtgraph drops those that follow each other faster than 100 a second. A move ends when
fit plot, component table and slice have each been painted and the event loop has come back from it. Six cases:
the default fit of 2000 rows while it is being judged, at rest, during training; the same for a million rows. With
``--all-layers`` every layer of the fit plot is on. The plot's own share is what it takes to show the reading, to paint
what has changed.
"""

import argparse
import cProfile
import pstats
import time

from PySide6.QtCore import QEvent, QObject

from mdn_gui.core.config import TrainingConfig
from mdn_gui.session.messages import RunState
from mdn_gui.ui.fit.plot import FitPlot
from tests.benchmarks import reports, stage

PAUSE = 0.012
LONG_RUN = TrainingConfig(epochs=100_000, patience=100_000)
SHORT_RUN = TrainingConfig(epochs=1)


class Paints(QObject):
    """Notes which of some widgets have been painted."""

    def __init__(self, widgets) -> None:
        super().__init__()
        self._widgets = widgets
        self.missing: set[object] = set()
        for widget in widgets:
            widget.installEventFilter(self)

    def forget(self) -> None:
        self.missing = set(self._widgets)

    def eventFilter(self, receiver, event):
        if event.type() == QEvent.Type.Paint:
            self.missing.discard(receiver)
        return False


class OwnShare:
    """Adds up the seconds that fit plots take to show readings, to paint."""

    def __init__(self) -> None:
        self.seconds = 0.0
        for name in ("show_reading", "paintEvent"):
            setattr(FitPlot, name, self._timed(getattr(FitPlot, name)))

    def _timed(self, method):
        def timed(plot, *arguments):
            begin = time.perf_counter()
            method(plot, *arguments)
            self.seconds += time.perf_counter() - begin

        return timed


class Mover:
    """Moves the mouse and times each move."""

    def __init__(self, made: stage.Stage, own: OwnShare) -> None:
        self._own = own
        self.shares: list[float] = []
        panel = made.window.reading_panel
        self._app, self._area, self._sweep = made.app, made.plot_area(), stage.Sweep(made)
        self._paints = Paints((self._area, panel.table.viewport(), panel.density.viewport()))

    def move(self) -> float:
        """Return the milliseconds of one move; infinite when something is not painted within a second."""
        self._paints.forget()
        self._own.seconds = 0.0
        begin = time.perf_counter()
        stage.move_mouse(self._area, self._sweep())
        while self._paints.missing and time.perf_counter() - begin < 1.0:
            self._app.processEvents()
        seconds = time.perf_counter() - begin
        self.shares.append(1000 * self._own.seconds)
        return float("inf") if self._paints.missing else 1000 * seconds

    def moves(self, count: int) -> list[float]:
        """Return the milliseconds of many moves, after some to warm up."""
        found = []
        for _ in range(count + 20):
            begin = time.perf_counter()
            found.append(self.move())
            stage.wait(max(PAUSE - (time.perf_counter() - begin), 0.001))
        return found[20:]


def profiled(mover: Mover, count: int) -> None:
    """Print where the time of some moves goes, by own and by cumulative time."""
    profile = cProfile.Profile()
    for _ in range(count):
        stage.wait(PAUSE)
        profile.enable()
        mover.move()
        profile.disable()
    for order in ("tottime", "cumtime"):
        pstats.Stats(profile).strip_dirs().sort_stats(order).print_stats(35)


def measured(mover: Mover, name: str, count: int) -> dict[str, dict[str, object]]:
    """Return the times of many moves, with the share of the plot."""
    mover.shares.clear()
    whole = stage.summary(mover.moves(count))
    return {name: whole, f"{name}, the plot's own share": stage.summary(mover.shares[20:])}


def hovered(made: stage.Stage, options: argparse.Namespace, own: OwnShare, num_rows: int) -> dict[str, object]:
    """Return the times at rest and during training."""
    session = made.session
    made.open_cardioid(num_rows)
    session.configure(session.model_config, SHORT_RUN if num_rows == stage.LARGE else TrainingConfig())
    made.train()
    if options.all_layers:
        stage.switch_all_layers_on(made)
    mover = Mover(made, own)
    result = {f"{num_rows} rows, judging": stage.summary(mover.moves(options.moves // 4))}
    made.wait_for_rest()
    result |= measured(mover, f"{num_rows} rows", options.moves)
    if options.profile:
        profiled(mover, 300)
    session.configure(session.model_config, LONG_RUN)
    made.train_until(RunState.TRAINING)
    stage.wait(0.5)
    result |= measured(mover, f"{num_rows} rows, training", options.moves)
    stage.reached(session.run_finished, session.stop_early)
    return result


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--moves", type=int, default=500)
    options.add_argument("--profile", action="store_true", help="also print where the time of 300 moves goes")
    options.add_argument("--all-layers", action="store_true", help="every layer of the fit plot is on")
    chosen = options.parse_args()
    own = OwnShare()
    with stage.display(), stage.stage() as made:
        made.load_engine()
        result = hovered(made, chosen, own, 2000) | hovered(made, chosen, own, stage.LARGE)
    print(reports.table("a move, ms", result))
    reports.keep(result, chosen.json)


if __name__ == "__main__":
    main()
