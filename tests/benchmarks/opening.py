"""From a file to a usable window: preview, table, painted scatter, and how long the event loop is held up meanwhile.

    python -m tests.benchmarks.opening [--rows 1000000] [--many 10000000] [--json FILE]

A CSV file of 1 M x 2 and a Parquet file of 10 M x 2 are written first. The clock starts when the dialog asks for a
preview; "usable" is the first picture of the rows, with their columns in the panel. A precise timer of 10 ms notes the
time between its ticks. Each case is a fresh process with the real window.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from mdn_gui.files.options import Preview, ReadOptions
from mdn_gui.files.reading import preview_file
from mdn_gui.session.importing import Previewer, proposed_choice
from tests.benchmarks import reports, stage


def write_csv(path: Path, rows: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.uniform(-3.0, 3.0, rows)
    y = np.sin(x) + rng.normal(0.0, 0.1, rows)
    with path.open("w") as stream:
        stream.write("x,y\n")
        stream.writelines(f"{a!r},{b!r}\n" for a, b in zip(x.tolist(), y.tolist(), strict=True))


def write_parquet(path: Path, rows: int) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(0)
    x = rng.uniform(-3.0, 3.0, rows)
    pq.write_table(pa.table({"x": x, "y": np.sin(x) + rng.normal(0.0, 0.1, rows)}), path)


def opened(path: Path) -> dict[str, object]:
    """Return the times of one opening, with the gaps of the event loop, in this process."""
    with stage.stage() as made:
        stage.wait(0.5)
        memory = psutil.Process().memory_info().rss
        gaps = stage.Gaps()
        begin = time.perf_counter()
        previewer = Previewer(preview_file)
        previews: list[Preview] = []
        previewer.previewed.connect(previews.append)
        stage.reached(previewer.previewed, lambda: previewer.preview(path, ReadOptions()))
        previewed = time.perf_counter()
        moments: dict[str, float] = {}
        made.session.selection_changed.connect(lambda _: moments.setdefault("read", time.perf_counter()))
        pictured = made.window.fit_plot._crowd.pictured
        stage.reached(pictured, lambda: made.session.open_file(proposed_choice(previews[0])))
        usable = time.perf_counter()
        stage.wait(3.0)
        found = {
            "preview s": previewed - begin,
            "read s": moments["read"] - previewed,
            "usable s": usable - begin,
            "growth MB": (psutil.Process().memory_info().rss - memory) / 1e6,
            "gaps": gaps.stop(),
        }
        previewer.shut_down()
        return found


def in_fresh_process(path: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.benchmarks.opening", "--case", str(path)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)
    return json.loads(process.stdout.splitlines()[-1])


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--rows", type=int, default=1_000_000, help="of the CSV file")
    options.add_argument("--many", type=int, default=10_000_000, help="of the Parquet file")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--case", type=Path, help="measure one file in this process; print the times as JSON")
    chosen = options.parse_args()
    with stage.display(), tempfile.TemporaryDirectory() as folder:
        if chosen.case:
            print(json.dumps(opened(chosen.case)))
            return
        text, parquet = Path(folder, "rows.csv"), Path(folder, "rows.parquet")
        write_csv(text, chosen.rows)
        write_parquet(parquet, chosen.many)
        result = {}
        for run in range(1, chosen.runs + 1):
            for path, rows in ((text, chosen.rows), (parquet, chosen.many)):
                found = in_fresh_process(path)
                gaps = found.pop("gaps")
                times = {name: round(float(value), 2) for name, value in found.items()}
                result[f"{path.name} {rows:,}, run {run}"] = times | stage.summary(gaps)
    result = dict(sorted(result.items()))
    print(reports.table("opening; gaps in ms", result))
    reports.keep(result, chosen.json)


if __name__ == "__main__":
    main()
