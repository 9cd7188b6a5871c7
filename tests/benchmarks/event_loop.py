"""How long the event loop of the real window is held up: while TensorFlow loads, while the default fit trains.

    python -m tests.benchmarks.event_loop [--runs 3] [--json FILE]

A precise timer of 10 ms records the time between its ticks. Loading is measured with and without the shared libraries
opened first. Training is the default on the cardioid, tracing and compiling included, under a hundred mouse moves a
second over the fit plot. Every run is a fresh process.
"""

import json
import subprocess
import sys

import numpy as np

from mdn_gui import app
from tests.benchmarks import reports, stage

WORST = 8


def load(*, libraries_first: bool) -> dict[str, object]:
    """Return the gaps while TensorFlow loads in the worker thread of the window."""
    if not libraries_first:
        app._load_shared_libraries = lambda: None
    with stage.stage() as made:
        gaps = stage.Gaps()
        made.load_engine()
        return {"gaps": gaps.stop()}


def train(*, hover: bool) -> dict[str, object]:
    """Return the gaps during one run, from the order to train to the finished model."""
    with stage.stage() as made:
        made.open_cardioid()
        made.load_engine()
        stage.wait(1.0)
        traffic = stage.Traffic(made) if hover else None
        gaps = stage.Gaps()
        made.train()
        found = {"gaps": gaps.stop(), "seconds": made.session.model.history.seconds}
        if traffic is not None:
            traffic.stop()
            found["moves"] = traffic.moves
        return found


CASES = {
    "load, libraries first": lambda: load(libraries_first=True),
    "load, plain import": lambda: load(libraries_first=False),
    "train, hover": lambda: train(hover=True),
    "train": lambda: train(hover=False),
}


def in_fresh_process(case: str) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benchmarks.event_loop", "--case", case]
    process = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    return json.loads(process.stdout.splitlines()[-1])


def measured(runs: int) -> dict[str, dict[str, object]]:
    """Return each run of each case, the cases alternating, with the longest gaps."""
    result = {}
    for run in range(1, runs + 1):
        for case in CASES:
            found = in_fresh_process(case)
            gaps = found.pop("gaps")
            extra = {name: round(value, 2) for name, value in found.items()}
            worst = [round(float(gap)) for gap in np.sort(gaps)[-WORST:][::-1]]
            result[f"{case}, run {run}"] = stage.summary(gaps) | extra | {"worst": worst}
    return dict(sorted(result.items()))


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--case", choices=CASES, help="measure one case in this process; print its gaps as JSON")
    chosen = options.parse_args()
    with stage.display():
        if chosen.case:
            print(json.dumps(CASES[chosen.case]()))
            return
        result = measured(chosen.runs)
    print(
        reports.table(
            "gaps, ms", {name: {k: v for k, v in row.items() if k != "worst"} for name, row in result.items()}
        )
    )
    for name, row in result.items():
        print(f"longest, {name}: {row['worst']}")
    reports.keep(result, chosen.json)


if __name__ == "__main__":
    main()
