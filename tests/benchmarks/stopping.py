"""From a click on Stop early to its acknowledgement on the screen, and to the best model at rest.

    python -m tests.benchmarks.stopping [--times 10] [--json FILE]

The click comes from another thread at a moment of its own, so that waiting for a busy event loop counts. It is
acknowledged when the status line that says so has been painted; the run is at rest when the session is fitted and its
model shown.
"""

import random
import threading
import time

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QToolBar

from mdn_gui.core.config import TrainingConfig
from mdn_gui.session.messages import RunState
from tests.benchmarks import reports, stage

LONG_RUN = TrainingConfig(epochs=100_000, patience=100_000)


class Click(QObject):
    """Clicks Stop from outside and notes when what follows is seen."""

    asked = Signal()

    def __init__(self, made: stage.Stage) -> None:
        super().__init__()
        self._made = made
        bar = made.window.findChild(QToolBar, "toolbar")
        self._button = bar.widgetForAction(made.window.actions_by_id["stop_early"])
        self._began = 0.0
        self.milliseconds: dict[str, float] = {}
        self.asked.connect(self._press, Qt.ConnectionType.QueuedConnection)
        made.session.state_changed.connect(self._note_state)
        made.session.run_finished.connect(self._note_end)
        made.window.status.installEventFilter(self)
        for child in made.window.status.children():
            child.installEventFilter(self)

    def after(self, seconds: float) -> dict[str, float]:
        """Click in so many seconds; return what was noted."""
        self.milliseconds = {}
        thread = threading.Timer(seconds, self._ask)
        thread.start()
        stage.wait_until(lambda: {"acknowledged", "at rest"} <= self.milliseconds.keys())
        thread.join()
        return self.milliseconds

    def _ask(self) -> None:
        self._began = time.perf_counter()
        self.asked.emit()

    @Slot()
    def _press(self) -> None:
        self._button.click()

    @Slot(object)
    def _note_state(self, state: RunState) -> None:
        if state is RunState.STOPPING:
            self._note("stopping")

    @Slot(object)
    def _note_end(self, _: object) -> None:
        self._note("at rest")

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and "stopping" in self.milliseconds:
            self._note("acknowledged")
        return False

    def _note(self, what: str) -> None:
        self.milliseconds.setdefault(what, 1000 * (time.perf_counter() - self._began))


def stopped(made: stage.Stage, times: int, num_rows: int) -> dict[str, dict[str, object]]:
    """Return the times of clicks during long runs on so many rows."""
    made.open_cardioid(num_rows)
    made.session.configure(made.session.model_config, LONG_RUN)
    click, found = Click(made), []
    for number in range(times):
        made.train_until(RunState.TRAINING)
        found.append(click.after(0.5 + random.Random(number).random()))
        if made.session.state is not RunState.FITTED:
            raise RuntimeError(f"the session is {made.session.state}")
    return {
        f"{num_rows} rows, {what}": stage.summary([entry[what] for entry in found])
        for what in ("stopping", "acknowledged", "at rest")
    }


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--times", type=int, default=10)
    chosen = options.parse_args()
    with stage.display(), stage.stage() as made:
        made.load_engine()
        result = stopped(made, chosen.times, 2000) | stopped(made, chosen.times, stage.LARGE)
    print(reports.table("after the click, ms", result))
    reports.keep(result, chosen.json)


if __name__ == "__main__":
    main()
