"""Projects in the real window: opening, saving, snapshots, a thousand runs; how long the event loop is held up.

    python -m tests.benchmarks.keeping [--runs 3] [--json FILE]

Two projects have 100 MB: one of rows (2.4 M x 5), one of runs (500, each an average of three networks); one has a
thousand small runs. "usable" is from the order to open to the plot painted with the rows and the fit. The gap of a case
is the longest time between two ticks of a precise timer of 10 ms, from the order until everything is at rest. Each
project is a fresh process.
"""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.config import TrainingConfig
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.network import NetworkAverage
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.recovery import Recovery
from tests.benchmarks import processes, reports, stage
from tests.files.models import random_model

FOUR = ("a", "b", "c", "d")


def table_of(names: tuple[str, ...], num_rows: int) -> Table:
    rng = np.random.default_rng(0)
    columns = [Column(name, rng.normal(size=num_rows), np.zeros(num_rows, dtype=bool)) for name in (*names, "y")]
    return Table("rows", tuple(columns))


def project_of(names: tuple[str, ...], num_rows: int, runs: int, *, hidden: tuple[int, ...], epochs: int) -> Project:
    """Return a project in which every run has seen the rows that are open."""
    table, taken = table_of(names, num_rows), Taken(names, "y")
    digest = taken.selection(table).dataset.digest
    made = []
    for number in range(1, runs + 1):
        rng = np.random.default_rng(number)
        models = [_calm(random_model(3 * number + i, components=5, hidden=hidden, names=names)) for i in range(3)]
        nll = tuple(rng.normal(size=epochs).tolist())
        history = TrainingHistory(nll, nll, 5, StopReason.PATIENCE, 1.0, kept_nll=0.3)
        network = NetworkAverage(tuple(model.network.members[0] for model in models), (0.5, 0.3, 0.2))
        seen = replace(models[0].provenance, data_digest=digest, num_rows=num_rows)
        model = replace(models[0], network=network, history=history, provenance=seen)
        made.append(TrainingRun.just_ended(number, model))
    return Project(table, taken, runs=tuple(made), runs_made=runs, shown=runs)


def _calm(model: FittedModel) -> FittedModel:
    """Return a model whose curves are as smooth as those of a fit."""
    network = model.network.members[0]
    kernels = tuple(kernel / len(kernel) ** 0.5 for kernel in network.kernels)
    return replace(model, network=replace(network, kernels=kernels))


MADE: dict[str, Callable[[], Project]] = {
    "100 MB of rows": lambda: project_of(FOUR, 2_400_000, 1, hidden=(32, 32), epochs=100),
    "100 MB of runs": lambda: project_of(FOUR, 2000, 500, hidden=(120, 96), epochs=2000),
    "1,000 runs": lambda: project_of(("x",), 2000, 1000, hidden=(32, 32), epochs=300),
}


class Watched:
    """The gaps of what is done, case by case, in ms."""

    def __init__(self, made: stage.Stage) -> None:
        self._made = made
        self.found: dict[str, float] = {}

    def during(self, name: str, do: Callable[[], object], until: object | None = None) -> None:
        """Do something; go on until a signal has come, if one is given, and everything is at rest."""
        self._made.wait_for_rest()
        gaps, begin = stage.Gaps(), time.perf_counter()
        if until is not None:
            stage.reached(until, do)
        else:
            do()
        self.found[f"{name} s"] = time.perf_counter() - begin
        self._made.wait_for_rest()
        self.found[f"{name} gap ms"] = max(gaps.stop())


def measured(path: Path) -> dict[str, float]:
    """Return what one project costs in this process."""
    with tempfile.TemporaryDirectory() as folder, stage.stage(recovery=Path(folder)) as made:
        made.load_engine()
        document, window, session = made.window.documents.document, made.window, made.session
        painted = stage.Painted(made.plot_area())
        watched = Watched(made)
        watched.during("idle", lambda: stage.wait(1.0))

        def opened() -> None:
            document.opened.connect(painted.expect)
            window.documents.open(path)

        watched.during("usable", opened, painted.seen)
        window.docks.bring_forward("runs")
        watched.during("save", lambda: document.save(path.with_name("again.mdn")), document.saved)
        runs, recovery = session.run_list, session.findChild(Recovery)
        recovery.interval = 0.1
        watched.during("snapshot", lambda: (runs.star(1, on=True), stage.wait(2.0)))
        recovery.interval = 20.0
        watched.during("tick", lambda: runs.tick(1, on=True))
        watched.during("show another run", lambda: session.recall.show(runs.runs[0].number))
        watched.during("delete", lambda: runs.delete((runs.runs[-1].number,)))
        watched.during("undo", session.history.stack.undo)
        session.configure(session.model_config, TrainingConfig(epochs=1))
        watched.during("run of one epoch", session.start_training, session.run_finished)
        return watched.found


in_fresh_process = partial(processes.figures_of, "tests.benchmarks.keeping")


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--make", choices=MADE, help="write a project to the file that --of names")
    options.add_argument("--of", type=Path, help="measure one file in this process; print what is found as JSON")
    chosen = options.parse_args()
    if chosen.make:
        save_project(chosen.of, MADE[chosen.make]())
        print("{}")
        return
    with stage.display(), tempfile.TemporaryDirectory() as folder:
        if chosen.of:
            print(json.dumps(measured(chosen.of)))
            return
        rows = {}
        for name in MADE:
            path = str(Path(folder, "project.mdn"))
            in_fresh_process("--make", name, "--of", path)
            size = Path(path).stat().st_size / 1e6
            for number in range(1, chosen.runs + 1):
                rows[f"{name}, {number}"] = {"MB": size} | in_fresh_process("--of", path)
    print(reports.table("projects in the window", rows))
    reports.keep({"keeping": rows}, chosen.json)


if __name__ == "__main__":
    main()
