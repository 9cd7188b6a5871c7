"""What breaks mixtures, many times over: is every weight, loss and read-out finite, every end explained?

    python -m tests.benchmarks.hard_cases [--seeds 100] [--epochs 30] [--only TEXT] [--trainings 100] [--json FILE]

Default settings but for the number of epochs, which bounds the time; the seed draws the data and trains. Counted are
the runs with a number that is not finite: in the weights of the model or a snapshot, in a yielded or recorded NLL, in
the mixtures read at the rows, between them and far outside. A refusal is an error with a remedy. NaN comes by itself
at the steps that meet a row that float32 cannot square: one of 1e38 under the ``tfp-example`` preset, which scales
nothing. The last table is the resident memory over trainings of one architecture, each with a new seed and new rows.
"""

import argparse
import dataclasses
import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import psutil

from mdn_gui.core.config import ModelConfig, TrainingConfig, preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.errors import UserError
from tests.benchmarks import protocols, reports

NUM_ROWS, WARM_UP = 200, 10
FAR = np.array([-1e300, -1e30, -1e6, 1e6, 1e30, 1e300])
Columns = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Case:
    """Data that are hard, with what is unusual about the settings.

    Parameters
    ----------
    draw : callable
        ``draw(rng)`` gives x [n] and y [n].
    preset : str
        The settings to start from.
    changes : dict
        Training settings that differ from them.
    """

    draw: Callable[[np.random.Generator], Columns]
    preset: str = "default"
    changes: dict[str, object] = dataclasses.field(default_factory=dict)


def ordinary(rng: np.random.Generator, num_rows: int = NUM_ROWS) -> Columns:
    """Return a noisy sine."""
    x = rng.normal(size=num_rows)
    return x, np.sin(2.0 * x) + 0.3 * rng.normal(size=num_rows)


def with_y(change: Callable[[np.ndarray, np.ndarray, np.random.Generator], np.ndarray]):
    """Return a way to draw ordinary rows with another target, ``change(x, y, rng)``."""

    def draw(rng: np.random.Generator) -> Columns:
        x, y = ordinary(rng)
        return x, change(x, y, rng)

    return draw


def with_outlier(size: float):
    return with_y(lambda x, y, rng: np.where(np.arange(len(y)) == rng.integers(len(y)), size, y))


def across_a_gap(rng: np.random.Generator) -> Columns:
    x, y = ordinary(rng)
    return x + 50.0 * np.sign(x), y


CASES = {
    "constant x": Case(lambda rng: (np.full(NUM_ROWS, 4.0), ordinary(rng)[1])),
    "constant y": Case(with_y(lambda x, y, rng: np.full(len(y), -7.0))),
    "y repeated exactly": Case(with_y(lambda x, y, rng: rng.choice([1.0, 2.0, 3.5, 3.6, 9.0, 9.5], len(y)))),
    "half of y exactly 0": Case(with_y(lambda x, y, rng: np.where(x > 0, y, 0.0))),
    "y x 1e6": Case(with_y(lambda x, y, rng: y * 1e6)),
    "one outlier at 1e30": Case(with_outlier(1e30)),
    "n = 5": Case(lambda rng: ordinary(rng, 5)),
    "n = 2": Case(lambda rng: ordinary(rng, 2)),
    "K larger than distinct y": Case(with_y(lambda x, y, rng: np.where(x > 0, 1.0, -1.0))),
    "Cauchy noise": Case(with_y(lambda x, y, rng: y + rng.standard_cauchy(len(y)))),
    "learning rate 1e3": Case(ordinary, changes={"learning_rate": 1e3}),
    "learning rate 1e3, no clip": Case(
        ordinary, changes={"learning_rate": 1e3, "clip_norm": 0.0, "schedule": "constant"}
    ),
    "NaN now and then": Case(with_outlier(1e38), "tfp-example"),
    "NaN at every step": Case(with_y(lambda x, y, rng: np.full(len(y), 1e38)), "tfp-example"),
    "a gap in x": Case(across_a_gap),
}


def settings(case: Case, seed: int, epochs: int) -> tuple[ModelConfig, TrainingConfig]:
    model_config, training_config = preset(case.preset)
    return model_config, dataclasses.replace(training_config, seed=seed, epochs=epochs, **case.changes)


def examined(case: Case, seed: int, epochs: int) -> Counter[str]:
    """Train once; return what is to be counted."""
    x, y = case.draw(np.random.default_rng(seed))
    try:
        dataset = protocols.dataset_of(x[:, None], y)
        watched = protocols.watched_fit(dataset, *settings(case, seed, epochs))
    except UserError as refusal:
        return Counter({f"refused: {refusal}": 1, "refused": 1})
    model, history = watched.model, watched.model.history
    networks = [model.network, *(metrics.snapshot.network for metrics in watched.epochs if metrics.snapshot)]
    arrays = [array for network in networks for array in (*network.kernels, *network.biases)]
    losses = [*history.train_nll, *history.validation_nll]
    for metrics in watched.epochs:
        losses += [metrics.train_nll, metrics.judged_nll]
    return Counter(
        {
            "weights": not all(np.isfinite(array).all() for array in arrays),
            "losses": not np.isfinite(losses).all(),
            "read-outs": not reads_finite(model, dataset),
            "start kept": history.best_epoch == 0,
            history.stop_reason.value: 1,
        }
    )


def reads_finite(model: FittedModel, dataset: Dataset) -> bool:
    """Return whether every number read from the model is finite: at the rows, between them, far outside."""
    x = dataset.x[:, 0]
    places = np.concatenate([x[:50], np.linspace(x.min(), x.max(), 50), FAR])
    try:
        mixture = model.conditional(places[:, None])
        read = [mixture.weights, mixture.locs, mixture.scales, mixture.mean(), mixture.sd()]
        median = mixture.quantile(0.5)
        read += [median, mixture.quantile([0.05, 0.95]), mixture.log_pdf(median), mixture.crps(median)]
        read += [*mixture.modes(), protocols.nll(model, dataset.x, dataset.y)]
    except UserError:
        return False
    return all(np.isfinite(values).all() for values in read)


def case_row(case: Case, seeds: int, epochs: int) -> dict[str, object]:
    """Return the row of the table: runs, what was not finite, refusals, stop reasons."""
    counted: Counter[str] = Counter()
    for seed in range(seeds):
        counted += examined(case, seed, epochs)
    columns = ("weights", "losses", "read-outs", "refused", "start kept")
    reasons = [f"{name} {count}" for name, count in counted.items() if name not in columns]
    return {"runs": seeds} | {column: int(counted[column]) for column in columns} | {"ends": ", ".join(reasons)}


def memory_rows(trainings: int, epochs: int) -> dict[str, dict[str, object]]:
    """Return the resident memory, MiB, along trainings of one architecture, after some to warm up."""
    process, rows, first = psutil.Process(), {}, 0.0
    for number in range(-WARM_UP, trainings + 1):
        if number >= 0 and number % max(trainings // 5, 1) == 0:
            mib = process.memory_info().rss / 2**20
            first = first or mib
            rows[f"after {number + WARM_UP}"] = {"MiB": f"{mib:.1f}", "growth": f"{mib - first:.1f}"}
        x, y = ordinary(np.random.default_rng(number + WARM_UP))
        dataset = protocols.dataset_of(x[:, None], y)
        protocols.watched_fit(dataset, *settings(Case(ordinary), number + WARM_UP, epochs))
    return rows


def options_of(description: str | None) -> argparse.Namespace:
    parser = reports.parser(description)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--only", default="", help="only the cases whose name holds this text")
    parser.add_argument("--trainings", type=int, default=100, help="how many to watch the memory over")
    return parser.parse_args()


def main() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    options = options_of(__doc__)
    memory = memory_rows(options.trainings, options.epochs) if options.trainings else {}
    rows = {}
    for name, case in CASES.items():
        if options.only in name:
            rows[name] = case_row(case, options.seeds, options.epochs)
            print(f"{name}: {rows[name]}", file=sys.stderr, flush=True)
    print(reports.table("not finite in", rows))
    if memory:
        print()
        print(reports.table("trainings", memory))
    reports.keep({"cases": rows, "memory": memory}, options.json)


if __name__ == "__main__":
    main()
