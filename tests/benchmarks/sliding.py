"""From a move of a slider to the curves, bands, density painted.

    python -m tests.benchmarks.sliding [--moves 300] [--all-layers] [--json FILE]

Eight inputs, 2000 rows, a network 64-64 with 8 components, in the real window. A slider of a held input is moved as a
hand does, every 20 ms; a move ends when the fit plot has been painted with the model along the new line. At rest, then
during training. With ``--all-layers`` every layer is on; slow ones are drawn when the slider rests.
"""

import itertools
import time

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSlider

from mdn_gui.core.columns import Column
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.table import Table
from mdn_gui.session.messages import RunState
from tests.benchmarks import reports, stage

NUM_INPUTS, NUM_ROWS, PAUSE = 8, 2000, 0.020
TARGET_LAYERS = ("means", "bands", "density")
MODEL = ModelConfig(num_components=8, hidden_layers=(64, 64))


def eight_inputs() -> Table:
    """Return rows in which two branches depend on the first input, their middle on the others."""
    rng = np.random.default_rng(1)
    x = rng.uniform(-1.0, 1.0, size=(NUM_ROWS, NUM_INPUTS))
    side = rng.choice((-1.0, 1.0), NUM_ROWS)
    y = 2.0 * side * x[:, 0] + x[:, 1:].mean(axis=1) + 0.2 * rng.normal(size=NUM_ROWS)
    names = [f"input {place + 1}" for place in range(NUM_INPUTS)]
    columns = [*zip(names, x.T, strict=True), ("response", y)]
    return Table("eight inputs", tuple(Column(name, values, np.isnan(values)) for name, values in columns), "made up")


class Painted(QObject):
    """Notes when the fit plot is painted anew, not only its cursor, with the model along the line of now."""

    def __init__(self, made: stage.Stage) -> None:
        super().__init__()
        self._plot, self._session = made.window.fit_plot, made.session
        self.is_done = False
        made.plot_area().installEventFilter(self)

    def eventFilter(self, receiver, event):
        if event.type() == QEvent.Type.Paint:
            frame, is_anew = self._plot.stack.frame, self._plot._still is None
            self.is_done |= is_anew and frame is not None and frame.subject.line is self._session.instrument.line
        return False


class Hand:
    """Moves a slider and times each move."""

    def __init__(self, made: stage.Stage) -> None:
        self._app, self._painted = made.app, Painted(made)
        self._slider = next(
            each for each in made.window.findChildren(QSlider) if each.isVisible() and each.maximum() >= 100
        )
        low, high = self._slider.minimum(), self._slider.maximum()
        there = range(low, high, max((high - low) // 90, 1))
        self._values = itertools.cycle((*there, *reversed(there)))

    def move(self) -> float:
        """Return the milliseconds of one move; infinite when it is not painted within a second."""
        self._painted.is_done = False
        value = next(self._values)
        if value == self._slider.value():
            value = next(self._values)
        begin = time.perf_counter()
        self._slider.setValue(value)
        while not self._painted.is_done and time.perf_counter() - begin < 1.0:
            self._app.processEvents()
        seconds = time.perf_counter() - begin
        return 1000 * seconds if self._painted.is_done else float("inf")

    def moves(self, count: int) -> list[float]:
        """Return the milliseconds of many moves, after some to warm up."""
        found = []
        for _ in range(count + 10):
            begin = time.perf_counter()
            found.append(self.move())
            stage.wait(max(PAUSE - (time.perf_counter() - begin), 0.001))
        return found[10:]


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--moves", type=int, default=300)
    options.add_argument("--all-layers", action="store_true", help="every layer is on")
    chosen = options.parse_args()
    with stage.display(), stage.stage() as made:
        made.load_engine()
        session = made.session
        session.open_table(eight_inputs())
        stage.wait(0.3)
        session.choose_columns(tuple(f"input {place + 1}" for place in range(NUM_INPUTS)), "response")
        session.configure(MODEL, TrainingConfig(epochs=1, restarts=1))
        made.train()
        if chosen.all_layers:
            stage.switch_all_layers_on(made)
        for name in TARGET_LAYERS:
            made.window.fit_panel.switches[name].setChecked(True)
        stage.wait(0.8)
        hand = Hand(made)
        result = {"a slider, at rest": stage.summary(hand.moves(chosen.moves))}
        session.configure(MODEL, TrainingConfig(epochs=100_000, patience=100_000, restarts=1))
        made.train_until(RunState.TRAINING)
        stage.wait(0.5)
        result["a slider, training"] = stage.summary(hand.moves(chosen.moves))
        stage.reached(session.run_finished, session.stop_early)
    print(reports.table("a move, ms", result))
    reports.keep(result, chosen.json)


if __name__ == "__main__":
    main()
