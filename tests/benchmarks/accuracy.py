"""The default fit against a joint Gaussian mixture conditioned on x: simulated laws, recorded data.

    python -m tests.benchmarks.accuracy [--data FOLDER] [--seeds 10] [--only TEXT] [--jobs 1] [--quick] [--json FILE]

Both learn from the same rows and are judged on the same rows. A law is judged by the excess NLL over the exact law on
20,000 rows, each seed another sample; concrete and yacht by the mean NLL of each of the 20 published splits, the other
recorded data by the NLL of each row of ten folds. All in nats and data units, smaller is better, with the standard
error over seeds, splits or rows; ``worse`` and ``better`` mean by more than two standard errors of the paired
difference. The sd floor is that of the network, data units, median over the fits. Recorded data need ``--data``, a
folder with mcycle.csv, faithful.csv, geyser.csv, uci/concrete and uci/yacht. Seconds are medians; several jobs share
the cores, so read them with one job only.
"""

import argparse
import dataclasses
import functools
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mdn_gui.core.config import preset
from tests import laws
from tests.benchmarks import protocols, reports

QUICK = 2


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Parameters
    ----------
    trial : callable
        ``trial(number)`` makes one trial.
    trials : int
        How many there are; 0 for as many as seeds are asked for.
    target : float or None
        What the default fit should reach, nats.
    """

    trial: Callable[[int], protocols.Trial]
    trials: int = 0
    target: float | None = None


def law_cases() -> dict[str, Case]:
    """Return the simulated laws, by name with the number of rows."""
    sizes = {
        "straight line": (200, 1000), "spread grows with x": (500,), "sine": (300,), "two crossing lines": (1000,),
        "skewed noise": (1000,), "Student t noise": (1000,), "Laplace noise": (2000,), "multiplied noise": (1500,),
        "waiting times": (2000,), "step across a gap": (400,), "four groups": (600,),
        "noise that ignores x": (200, 2000), "two inputs, two branches": (2000,), "five inputs, two branches": (5000,),
    }  # fmt: skip
    chosen = [
        ("cardioid", laws.Cardioid(), 2000, 0.028),
        ("cardioid", laws.Cardioid(), 20_000, 0.007),
        ("inverse sine", laws.InverseSine(), 2000, 0.12),
        *((name, laws.OTHER_LAWS[name], num_rows, None) for name, many in sizes.items() for num_rows in many),
    ]
    return {
        f"{name}, n = {num_rows}": Case(functools.partial(protocols.law_trial, law, num_rows), target=target)
        for name, law, num_rows, target in chosen
    }


def data_cases(folder: Path) -> dict[str, Case]:
    """Return the recorded data, by name."""
    cases = {
        f"{name}, {protocols.SPLITS} splits": Case(
            functools.partial(protocols.split_trial, *protocols.uci(folder, name)), protocols.SPLITS, target
        )
        for name, target in (("concrete", 2.95), ("yacht", 0.30))
    }
    for name, x, y, target in (
        ("mcycle", "times", "accel", 4.604),
        ("faithful", "waiting", "eruptions", 0.395),
        ("geyser", "waiting", "duration", None),
        ("geyser", "duration", "waiting", None),
    ):
        trial = functools.partial(protocols.fold_trial, *protocols.recorded(folder, name, x, y))
        cases[f"{name}, {y} given {x}, ten-fold"] = Case(trial, protocols.FOLDS, target)
    return cases


@dataclass(frozen=True)
class Outcome:
    """Both models of one trial: what they are judged by, seconds of the fits, sd floor of the network, data units."""

    ours: list[float]
    theirs: list[float]
    seconds: float
    their_seconds: float
    floor: float


@functools.cache
def all_cases(folder: Path | None) -> dict[str, Case]:
    """Return every row there is, by name."""
    return law_cases() | (data_cases(folder) if folder else {})


def outcome(folder: Path | None, name: str, number: int) -> Outcome:
    """Fit both models of one trial; its number is the seed of both."""
    from mdn_gui.core.joint_mixture import fit_joint_mixture
    from mdn_gui.training.fit import fit_model

    trial = all_cases(folder)[name].trial(number)
    model_config, training_config = preset("default")
    begin = time.perf_counter()
    model = fit_model(trial.dataset, model_config, dataclasses.replace(training_config, seed=number))
    middle = time.perf_counter()
    joint_mixture = fit_joint_mixture(trial.dataset, number)
    end = time.perf_counter()
    judged = (trial.judge(each) for each in (model, joint_mixture))
    return Outcome(*judged, middle - begin, end - middle, model.smallest_scale)


def shown(found: list[Outcome], target: float | None) -> dict[str, object]:
    """Return the row of the table; ``max`` is the worst seed, split or fold."""
    ours, theirs = ([value for each in found for value in getattr(each, side)] for side in ("ours", "theirs"))
    comparison = protocols.Comparison(ours, theirs)
    mean, error = protocols.mean_and_error(ours)
    return {
        "ours": plus_minus(mean, error),
        "max": max(float(np.mean(each.ours)) for each in found),
        "target": None if target is None else f"{target} {'met' if mean <= target else 'missed'}",
        "joint mixture": plus_minus(*protocols.mean_and_error(theirs)),
        "ours less joint": plus_minus(*comparison.difference),
        "verdict": comparison.verdict,
        "sd floor": float(np.median([each.floor for each in found])),
        "s a fit": float(np.median([each.seconds for each in found])),
        "joint, s": float(np.median([each.their_seconds for each in found])),
    }


def plus_minus(mean: float, error: float) -> str:
    return f"{mean:.4f} ± {error:.4f}"


def options_of(description: str | None) -> argparse.Namespace:
    parser = reports.parser(description)
    parser.add_argument("--data", type=Path, help="folder with the recorded data")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--only", default="", help="only the rows whose name holds this text")
    parser.add_argument("--jobs", type=int, default=1, help="fits at the same time")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} seeds, splits or folds")
    return parser.parse_args()


def main() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    options = options_of(__doc__)
    rows, kept = {}, {}
    with ProcessPoolExecutor(options.jobs, multiprocessing.get_context("spawn")) as pool:
        for name, case in all_cases(options.data).items():
            if options.only in name:
                trials = range(QUICK if options.quick else case.trials or options.seeds)
                found = list(pool.map(functools.partial(outcome, options.data, name), trials))
                rows[name] = shown(found, case.target)
                kept[name] = rows[name] | {"trials": [dataclasses.asdict(each) for each in found]}
                print(f"{name}: {rows[name]['ours']}, {rows[name]['verdict']}", file=sys.stderr, flush=True)
    print(reports.table("nats", rows))
    reports.keep(kept, options.json)


if __name__ == "__main__":
    main()
