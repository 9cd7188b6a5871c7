"""Predictions for a table much larger than memory should need: rows a second, memory of both processes.

    python -m tests.benchmarks.predictions [--rows 5000000] [--formats .csv .parquet] [--levels 0] [--json FILE]

A CSV file of two inputs with a target is written first (about 300 MB for five million rows). A network of two layers of
64 units with five components reads it; nothing is trained. "growth" is the most memory that this process had above its
own before, with that of the child process that reads the file; it is looked at every 20 ms.
"""

import itertools
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import frozen_array
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.network import Network
from mdn_gui.core.questions import Questions
from mdn_gui.core.scaling import Standardizer
from mdn_gui.files.predictions import predict
from mdn_gui.files.wanted import Wanted
from tests.benchmarks import reports

_BLOCK = 100_000


def made_model() -> FittedModel:
    """Return a network with random weights."""
    rng = np.random.default_rng(0)
    shapes = list(itertools.pairwise((2, 64, 64, 15)))
    network = Network(
        tuple(rng.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes),
        tuple(rng.normal(size=fan_out) for _, fan_out in shapes),
        "tanh",
        1e-3,
        np.inf,
    )
    ranges = frozen_array([[-3.0, 0.0, 3.0]] * 2)
    provenance = Provenance(("a", "b"), "y", "made up", 1000, ranges)
    scalers = Standardizer([0.0, 0.0], [1.0, 1.0]), Standardizer([0.0], [1.0])
    return FittedModel(network, *scalers, provenance, ModelConfig(num_components=5), TrainingConfig())


def write_source(path: Path, rows: int) -> None:
    rng = np.random.default_rng(0)
    with path.open("w") as stream:
        stream.write("a,b,y\n")
        for start in range(0, rows, _BLOCK):
            values = rng.normal(size=(min(_BLOCK, rows - start), 3))
            stream.writelines(f"{a!r},{b!r},{y!r}\n" for a, b, y in values.tolist())


class Memory:
    """The most memory that this process with its children had above what it had at first, from a thread of its own."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._before = self._process.memory_info().rss
        self._ended = threading.Event()
        self.own = self.child = 0
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            self.own = max(self.own, self._process.memory_info().rss - self._before)
            for child in self._process.children():
                try:
                    self.child = max(self.child, child.memory_info().rss)
                except psutil.Error:
                    continue


def measured(source: Path, output: Path, questions: Questions) -> dict[str, object]:
    memory, begin = Memory(), time.perf_counter()
    done = predict(made_model(), source, output, wanted=Wanted(questions))
    seconds = time.perf_counter() - begin
    memory.stop()
    return {
        "rows": done.num_rows,
        "rows a second": done.num_rows / seconds,
        "s": seconds,
        "MB read": source.stat().st_size / 1e6,
        "MB written": output.stat().st_size / 1e6,
        "growth MB": memory.own / 1e6,
        "child MB": memory.child / 1e6,
    }


def main() -> None:
    parser = reports.parser(__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--formats", nargs="+", default=[".csv", ".parquet"])
    parser.add_argument("--levels", type=int, default=0, help="quantiles that are asked for")
    options = parser.parse_args()
    levels = tuple((np.arange(options.levels) + 0.5) / max(options.levels, 1))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.csv"
        write_source(source, options.rows)
        found = {
            ending: measured(source, Path(folder) / f"predicted{ending}", Questions(levels=levels))
            for ending in options.formats
        }
    print(reports.table("output", found))
    reports.keep({"rows": options.rows, "levels": options.levels, "formats": found}, options.json)


if __name__ == "__main__":
    main()
