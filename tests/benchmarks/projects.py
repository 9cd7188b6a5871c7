"""Projects of 100 MB: how long saving and opening takes, with how much memory, how long the window is held up.

    python -m tests.benchmarks.projects [--runs 3] [--json FILE]

One project is of rows (2.4 M x 5), one of runs (500, each an average of three networks with its restarts), one of texts
(0.5 M rows with a text of its own in each of two columns). Each case is a fresh process. "peak" is the most memory that
opening took beyond what the process had, and saving beyond that with the project open, in sizes of the file. The gaps
are those of the real window, idle, while a thread saves or opens.
"""

import gc
import json
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.network import NetworkAverage
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from tests.benchmarks import memory, processes, reports
from tests.files.models import random_model

NAMES = ("a", "b", "c", "d")


def of_rows() -> Project:
    rng, num_rows = np.random.default_rng(0), 2_400_000
    columns = tuple(Column(f"c{i}", rng.normal(size=num_rows), np.zeros(num_rows, dtype=bool)) for i in range(5))
    return Project(Table("rows", columns), Taken(("c0",), "c1"), runs=(run(1),), runs_made=1, shown=1)


def of_runs() -> Project:
    return Project(runs=tuple(run(number) for number in range(1, 501)), runs_made=500, shown=500)


def of_texts() -> Project:
    num_rows = 500_000
    counted, no = np.arange(num_rows) * 1.0, np.zeros(num_rows, dtype=bool)
    names = ("station", "remark")
    texts = [tuple(f"{name} {row} {'of a long table ' * 4}" for row in range(num_rows)) for name in names]
    columns = [Column(name, counted, no, ColumnKind.TEXT, each) for name, each in zip(names, texts, strict=True)]
    return Project(Table("texts", (Column("x", counted, no), Column("y", -counted, no), *columns)))


def run(number: int) -> TrainingRun:
    rng = np.random.default_rng(number)
    models = [random_model(number * 3 + i, components=8, hidden=(64, 64), names=NAMES) for i in range(3)]
    networks = tuple(model.network.members[0] for model in models)
    nll = tuple(rng.normal(size=2000).tolist())
    history = TrainingHistory(nll, nll, 5, StopReason.PATIENCE, 1.0, kept_nll=0.3)
    network = NetworkAverage(networks, (0.5, 0.3, 0.2))
    return TrainingRun.just_ended(number, replace(models[0], network=network, restarts=networks, history=history))


MADE: dict[str, Callable[[], Project]] = {"rows": of_rows, "runs": of_runs, "texts": of_texts}


def measured(path: Path) -> dict[str, float]:
    """Return times and peaks of opening, of saving what was opened, in this process."""
    size = path.stat().st_size
    open_project(Path(__file__).parents[1] / "files" / "golden" / "1.0-plain.mdn")  # loads what it needs
    gc.collect()
    before = memory.reset()
    begin = time.perf_counter()
    project = open_project(path)
    opened = time.perf_counter()
    found = {"MB": size / 1e6, "open s": opened - begin, "open peak": (memory.peak() - before) / size}
    again = path.with_name("again.mdn")
    for name in ("save s", "save again s"):
        before = memory.reset()
        begin = time.perf_counter()
        save_project(again, project)
        found[name] = time.perf_counter() - begin
        found["save peak"] = max(found.get("save peak", 0.0), (memory.peak() - before) / size)
    assert again.read_bytes() == path.read_bytes()
    return found


def gaps(path: Path) -> dict[str, float]:
    """Return the longest gaps of the event loop of the window while threads open and save."""
    from tests.benchmarks import stage

    found: dict[str, float] = {}
    project = open_project(path)
    works: dict[str, Callable[[], object]] = {
        "idle": lambda: Event().wait(1.0),
        "save": lambda: save_project(path.with_name("gaps.mdn"), project),
        "open": lambda: open_project(path),
    }
    with stage.display(), stage.stage():
        stage.wait(2.0)
        kept: list[object] = []  # what a person has open is not given back meanwhile
        for name, work in works.items():
            thread = threading.Thread(target=_kept, args=(work, kept), daemon=True)
            timed = stage.Gaps()
            thread.start()
            stage.wait_until(partial(_is_over, thread))
            found[f"{name} gap ms"] = max(timed.stop())
    return found


def _kept(work: Callable[[], object], kept: list[object]) -> None:
    kept.append(work())


def _is_over(thread: threading.Thread) -> bool:
    return not thread.is_alive()


in_fresh_process = partial(processes.figures_of, "tests.benchmarks.projects")


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--make", choices=MADE, help="write a project to the file that --of names")
    options.add_argument("--gaps", action="store_true", help="measure the window, not time and memory")
    options.add_argument("--of", type=Path, help="measure one file in this process; print what is found as JSON")
    chosen = options.parse_args()
    if chosen.make:
        save_project(chosen.of, MADE[chosen.make]())
        print("{}")
        return
    if chosen.of:
        print(json.dumps(gaps(chosen.of) if chosen.gaps else measured(chosen.of)))
        return
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in MADE:
            path = str(Path(folder, f"{name}.mdn"))
            in_fresh_process("--make", name, "--of", path)
            for number in range(1, chosen.runs + 1):
                rows[f"{name}, {number}"] = in_fresh_process("--of", path) | in_fresh_process("--gaps", "--of", path)
    print(reports.table("projects", rows))
    reports.keep({"projects": rows}, chosen.json)


if __name__ == "__main__":
    main()
