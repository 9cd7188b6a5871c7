"""Many rows: how many a second beside PyTorch and JAX, how much memory ten million need.

    python -m tests.benchmarks.large [--peers auto|PYTHON] [--rows 1000000] [--most-rows 10000000] [--rounds 3]
                                     [--json FILE]

Speed: 2 inputs, 64-64 tanh, 5 components, batch 4096, a constant rate, neither noise nor held-out rows, through
``fit``; the peers do the same in ``large_peers.py``. Rows a second are those of the epochs after the first; every run
is a fresh process, rounds alternate, medians are shown. PyTorch runs with one thread and with two: on busy cores two
can be far slower.

Memory: the default settings, one epoch. A fit of few rows comes first, so that TensorFlow, the traced function and its
buffers are there already. ``copies`` is the growth since then in units of the rows themselves (x and y in float64);
while training it holds the data set, so that 2 means that the rows were copied once, in float64.
"""

import argparse
import dataclasses
import json
import os
import resource
import sys
from pathlib import Path

import numpy as np
import psutil

from mdn_gui.core.config import ModelConfig, TrainingConfig, preset
from tests.benchmarks import large_peers, processes, protocols, reports

FEW_ROWS = 50_000


def matched(epochs: int) -> tuple[ModelConfig, TrainingConfig]:
    """Return the settings that do what the peers do: the plain recipe with this network and batch."""
    model_config, training_config = preset("tfp-example")
    model_config = dataclasses.replace(model_config, hidden_layers=(large_peers.HIDDEN,) * 2, activation="tanh")
    return model_config, dataclasses.replace(
        training_config, epochs=epochs, batch_size=large_peers.BATCH, learning_rate=large_peers.RATE
    )


def own_speed(num_rows: int, epochs: int) -> dict[str, object]:
    """Return the seconds of each epoch through ``fit``, its set-up counted to the first, and the last NLL."""
    watched = protocols.watched_fit(protocols.dataset_of(*large_peers.draw(num_rows)), *matched(epochs))
    return {"seconds": np.diff(watched.arrivals, prepend=0.0).tolist(), "nll": watched.epochs[-1].train_nll}


def own_memory(num_rows: int) -> dict[str, object]:
    """Return the resident memory stage by stage, MiB, of a default fit of one epoch."""
    model_config, training_config = preset("default")
    settings = (model_config, dataclasses.replace(training_config, epochs=1))
    from mdn_gui.training.fit import fit_model

    fit_model(protocols.dataset_of(*large_peers.draw(FEW_ROWS)), *settings)
    stages = {"after a fit of few rows": resident_mib()}
    x, y = large_peers.draw(num_rows)
    size = (x.nbytes + y.nbytes) / 2**20
    stages["rows drawn"] = resident_mib()
    dataset = protocols.dataset_of(x, y)
    stages["data set made of them"] = resident_mib()
    del x, y
    stages["rows let go"], before = resident_mib(), peak_mib()
    fit_model(dataset, *settings)
    stages["peak while training" if peak_mib() > before else "peak, before training"] = peak_mib()
    stages["after training"] = resident_mib()
    return {"stages": stages, "rows_mib": size}


def resident_mib() -> float:
    return psutil.Process().memory_info().rss / 2**20


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def speed_round(python: str | None, num_rows: int, epochs: int) -> dict[str, dict[str, object]]:
    """Run everything once; return what each row reports."""
    what = ("--rows", num_rows, "--epochs", epochs)
    commands = {"ours": (sys.executable, "-m", "tests.benchmarks.large", "--case", "speed", *what)}
    if python:
        script = Path(large_peers.__file__)
        for threads in (1, 2):
            commands[f"PyTorch, eager, {threads} thread(s)"] = (python, script, "torch", *what, "--threads", threads)
        commands["JAX, scan"] = (python, script, "jax", *what)
    finished = {name: processes.run(*command) for name, command in commands.items()}
    return {name: each.lines[-1] | {"peak_mib": each.peak_mib} for name, each in finished.items()}


def speed_table(rounds: list[dict[str, dict[str, object]]], num_rows: int) -> dict[str, dict[str, object]]:
    """Return the rows of the table; the ratio is ours over theirs."""
    rows: dict[str, dict[str, object]] = {}
    for name in rounds[0]:
        runs = [each[name] for each in rounds]
        epoch = float(np.median([seconds for run in runs for seconds in run["seconds"][1:]]))
        rows[name] = {
            "M rows/s": num_rows / epoch / 1e6,
            "step, us": 1e6 * epoch / (num_rows // large_peers.BATCH),
            "first epoch, s": float(np.median([run["seconds"][0] for run in runs])),
            "NLL of the last epoch": runs[0]["nll"],
            "peak, MiB": max(run["peak_mib"] for run in runs),
            "ours is faster": None if name == "ours" else rows["ours"]["M rows/s"] / (num_rows / epoch / 1e6),
        }
    return rows


def memory_table(found: dict[str, object]) -> dict[str, dict[str, object]]:
    """Return the rows of the table."""
    stages = found["stages"]
    first = next(iter(stages.values()))
    return {name: {"MiB": mib, "copies": (mib - first) / found["rows_mib"]} for name, mib in stages.items()}


def options_of(description: str | None) -> argparse.Namespace:
    parser = reports.parser(description)
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter with PyTorch and JAX; auto makes one for now")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--most-rows", type=int, default=10_000_000)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--case", choices=("speed", "memory"), help="measure in this process; print JSON")
    return parser.parse_args()


def main() -> None:
    options = options_of(__doc__)
    if options.case:
        is_speed = options.case == "speed"
        print(json.dumps(own_speed(options.rows, options.epochs) if is_speed else own_memory(options.rows)))
        return
    with processes.peers_interpreter(options.peers) as python:
        rounds = [speed_round(python, options.rows, options.epochs) for _ in range(options.rounds)]
    command = (sys.executable, "-m", "tests.benchmarks.large", "--case", "memory", "--rows", options.most_rows)
    memory = processes.run(*command).lines[-1]
    speed = speed_table(rounds, options.rows)
    print(reports.table(f"{options.rows:,} rows x 2, {os.cpu_count()} cores", speed))
    print()
    print(reports.table(f"{options.most_rows:,} rows x 2, {memory['rows_mib']:.0f} MiB", memory_table(memory)))
    reports.keep({"speed": speed, "rounds": rounds, "memory": memory}, options.json)


if __name__ == "__main__":
    main()
