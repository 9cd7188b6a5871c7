"""What is left after kill -9 at a random moment: whether it is offered, how old it is, whether documents are mixed.

    python -m tests.benchmarks.recovery [--times 50] [--lanes 3] [--longest 40] [--json FILE]

Three processes run at once on one folder, each with the real session, its document, its recovery with the default
interval: two train with a fit that stands in for the real one (a better network every 50 ms, a note on the first run
twice a second), one is only edited. They tell when each state was reached, and are killed together. What is lost of a
kind is as old as the oldest change of that kind that is not in what is recovered.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from mdn_gui.core.metrics import StopReason
from mdn_gui.core.samples import sample
from mdn_gui.files.projects.project import Project
from mdn_gui.session.document import Document
from mdn_gui.session.keeping import Keeping
from mdn_gui.session.recovery import Recovery
from mdn_gui.session.session import Session
from mdn_gui.session.snapshots import RecoveredDocument
from tests.benchmarks import reports
from tests.fakes import FakeBaselineFit, FakeFit, read_here

ROWS = 2_000
EPOCH_MS, EDIT_MS = 50, 500
FIRST_RUN = 5
"""Epochs of the run that is finished before the one under way."""
AT_MOST = 30.0
"""Seconds that may be lost."""
SOON = 0.5
"""Seconds from the first better network to the first moment at which a process may be killed."""


def table_of(number: int):
    """Return the rows of document ``number``, which no other document has."""
    return replace(sample("cardioid").table(ROWS, number), title=f"document {number}")


# -- the process that is killed ---------------------------------------------------------------------------------------


def say(**values: object) -> None:
    sys.stdout.write(f"{json.dumps(values | {'at': time.time()})}\n")
    sys.stdout.flush()


class Child:
    """A session with a document that is trained, or only edited, until the process is killed."""

    def __init__(self, root: Path, number: int, *, trains: bool) -> None:
        self.number, self._trains = number, trains
        self._fit = FakeFit(FIRST_RUN)
        self._edits = 0
        self.session = Session(self._fit.load, read_here, FakeBaselineFit())
        self.keeping = Keeping(self.session, root)
        self.session.run_finished.connect(self._go_on)
        self.session.progressed.connect(self._tell_best)
        self._epochs, self._edit = QTimer(), QTimer()
        self._epochs.timeout.connect(self._fit.allow)
        self._edit.timeout.connect(self._change)
        self.session.open_table(table_of(number))
        self.session.configure(self.session.model_config, replace(self.session.training_config, seed=number))
        self.session.start_training()

    def _go_on(self, _: object) -> None:
        """Begin the long run behind the first one."""
        self._edit.start(EDIT_MS)
        self._change()
        if self._trains:
            self._fit.epochs = 1_000_000
            self._fit.free.clear()
            self._epochs.start(EPOCH_MS)
            self.session.start_training()

    def _change(self) -> None:
        self._edits += 1
        self.session.run_list.note(1, f"{self.number} {self._edits}")
        say(edit=self._edits)

    def _tell_best(self, metrics: tuple) -> None:
        if self._edits:
            say(best=metrics[-1].epoch)


def child(root: str, number: str, trains: str) -> None:
    app = QCoreApplication([])
    kept = Child(Path(root), int(number), trains=trains == "trains")
    app.exec()
    kept.session.shut_down()


# -- the process that recovers ----------------------------------------------------------------------------------------


@dataclass
class Killed:
    """What a process told before it was killed."""

    number: int
    trains: bool
    at: float = 0.0
    reached: dict[str, list[tuple[int, float]]] = field(default_factory=lambda: {"best": [], "edit": []})

    def lost(self, kind: str, recovered: int) -> float:
        """Return how old the oldest change was that is not recovered, s; 0 where every one is."""
        return max((self.at - when for value, when in self.reached[kind] if value > recovered), default=0.0)


class Running:
    """A child process; its lines are read in a thread as they come."""

    def __init__(self, root: Path, number: int, *, trains: bool) -> None:
        self.told = Killed(number, trains)
        words = [sys.executable, "-m", "tests.benchmarks.recovery", "--child", root, number]
        words.append("trains" if trains else "edits")
        environment = os.environ | {"OMP_NUM_THREADS": "1", "QT_QPA_PLATFORM": "offscreen"}
        self._process = subprocess.Popen(list(map(str, words)), env=environment, stdout=subprocess.PIPE, text=True)
        self.is_under_way = threading.Event()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            if not line.endswith("}\n"):
                break  # cut off by the end of the process
            said = json.loads(line)
            kind = "best" if "best" in said else "edit"
            self.told.reached[kind].append((said[kind], said["at"]))
            if kind == "best" or not self.told.trains:
                self.is_under_way.set()

    def kill(self) -> Killed:
        self.told.at = time.time()
        self._process.kill()
        self._process.wait()
        self._listener.join()
        return self.told


def killed_together(root: Path, first: int, longest: float, seed: int) -> list[Killed]:
    """Return three processes on one folder, killed at a random moment."""
    running = [Running(root, first + place, trains=place < 2) for place in range(3)]
    for each in running:
        if not each.is_under_way.wait(120):
            raise TimeoutError("a process did not begin")
    threading.Event().wait(random.Random(seed).uniform(SOON, longest))
    return [each.kill() for each in running]


class Window:
    """A start of the program after the crash: offers, recovers, as far as there is no window to it."""

    def __init__(self, root: Path) -> None:
        self.document = Document(Project)
        self.recovery = Recovery(lambda: None, self.document, root)
        began = time.perf_counter()
        self.orphans = {orphan.title: orphan for orphan in self.recovery.orphans()}
        self.listing_ms = 1000 * (time.perf_counter() - began)

    def recovered(self, orphan: RecoveredDocument) -> Project:
        answers: list[object] = []
        self.recovery.recovered.connect(answers.append)
        self.recovery.failed.connect(answers.append)
        self.recovery.recover(orphan)
        wait_until(lambda: bool(answers))
        if not isinstance(answers[0], Project):
            raise TypeError(str(answers[0]))
        return answers[0]

    def close(self) -> None:
        for orphan in self.orphans.values():
            self.recovery.discard(orphan)
        self.recovery.shut_down()
        self.document.shut_down()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + 60.0
    while not condition():
        if time.perf_counter() > deadline:
            raise TimeoutError
        loop = QEventLoop()
        QTimer.singleShot(2, loop.quit)
        loop.exec()


def is_mixed(project: Project, number: int) -> bool:
    """Return whether anything in what was recovered is not of document ``number``."""
    table, first = project.table, project.runs[0]
    return (
        table is None
        or not table.holds_the_same(table_of(number))
        or project.training_config.seed != number
        or first.notes.split()[0] != str(number)
        or not all(run.saw(project.taken.selection(table).dataset) for run in project.runs)
    )


def judged(window: Window, killed: Killed) -> dict[str, object]:
    """Return what is known of one killed process."""
    orphan = window.orphans.get(f"document {killed.number}")
    kind = "training" if killed.trains else "editing"
    found: dict[str, object] = {"kind": kind, "is_offered": orphan is not None, "is_mixed": False}
    edit, best = 0, 0
    if orphan is not None:
        project = window.recovered(orphan)
        found["is_mixed"] = is_mixed(project, killed.number)
        edit = int((project.runs[0].notes.split() or [0, 0])[1])
        last = project.runs[-1].model.history
        if len(project.runs) > 1 and last is not None and last.stop_reason is StopReason.INTERRUPTED:
            best = last.best_epoch
    return found | {"edit": killed.lost("edit", edit), "best": killed.lost("best", best)}


def lane(root: Path, rounds: list[int], longest: float) -> list[list[Killed]]:
    return [killed_together(root / str(each), 3 * each, longest, each) for each in rounds]


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--times", type=int, default=50)
    options.add_argument("--lanes", type=int, default=3)
    options.add_argument("--longest", type=float, default=40.0)
    options.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.child:
        child(*chosen.child)
        return
    app = QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(chosen.lanes) as pool:
        root = Path(folder)
        shares = [list(range(start, chosen.times, chosen.lanes)) for start in range(chosen.lanes)]
        crashes = [pool.submit(lane, root, share, chosen.longest) for share in shares]
        found, listings = [], []
        for number, killed in [
            each for share, done in zip(shares, crashes, strict=True) for each in zip(share, done.result(), strict=True)
        ]:
            window = Window(root / str(number))
            listings.append(window.listing_ms)
            found += [judged(window, each) for each in killed]
            window.close()
            if left := [file.name for file in (root / str(number)).iterdir()]:
                raise RuntimeError(f"left behind: {left}")
    app.shutdown()
    result = {kind: summary([each for each in found if each["kind"] == kind]) for kind in ("training", "editing")}
    print(reports.table(f"kill -9, {chosen.times} times", result))
    print(f"listing what was left: {np.median(listings):.2f} ms, at most {max(listings):.2f}")
    reports.keep(result | {"all": found, "listing_ms": listings}, chosen.json)


def summary(found: list[dict[str, object]]) -> dict[str, object]:
    said: dict[str, object] = {
        "killed": len(found),
        "offered": sum(bool(each["is_offered"]) for each in found),
        "mixed": sum(bool(each["is_mixed"]) for each in found),
    }
    for kind in ("edit", "best"):
        ages = [float(str(each[kind])) for each in found]
        said |= {f"{kind} lost, s (median)": float(np.median(ages)), f"{kind} lost, s (max)": max(ages)}
    return said | {
        f"over {AT_MOST:.0f} s": sum(max(float(str(e["edit"])), float(str(e["best"]))) > AT_MOST for e in found)
    }


if __name__ == "__main__":
    main()
