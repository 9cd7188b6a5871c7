"""Project files with something wrong: each opens as what it says or is refused with a reason, nothing runs.

    python -m tests.benchmarks.mutations [--mutants 10000] [--json FILE]

Files are mutated in fourteen ways, in turn: bits, pieces, headers, members, what is said in JSON with sums made to fit.
A child process reads them under an audit hook that counts every import, exec, compile, subprocess, socket, change of a
file. A mutant that opens though no sum was made to fit must be saved as the same bytes as the original; one whose sums
fit must survive being saved and opened again, read and selected from. "growth" is the most memory that one opening
took beyond twice its file.
"""

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.errors import ProjectFileError, UserError
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from tests.benchmarks import memory, reports
from tests.files.projects.archives import members_of
from tests.files.projects.examples import example_project, example_run
from tests.files.projects.mutants import Mutant, mutants

FORBIDDEN = (
    "exec",
    "compile",
    "import",
    "marshal",
    "pickle",
    "subprocess",
    "socket",
    "ctypes",
    "os.",
    "shutil",
    "mmap",
)
GOLDEN = Path(__file__).parents[1] / "files" / "golden"
SLOW = 2.0
ALLOWED_GROWTH = 50e6


class Hook:
    """Counts what opening a file must not do, while it is switched on."""

    def __init__(self) -> None:
        self.is_on = False
        self.seen: Counter[str] = Counter()
        sys.addaudithook(self._watch)

    def _watch(self, event: str, arguments: tuple) -> None:
        if not self.is_on:
            return
        writes = event == "open" and not (
            arguments[1] in {"r", "rb"} or (arguments[1] is None and not arguments[2] & 3)
        )
        if writes or event.startswith(FORBIDDEN):
            self.seen[event] += 1


def bases(folder: Path) -> list[Path]:
    """Write the files that are mutated; return where they are."""
    rng = np.random.default_rng(0)
    rows = tuple(Column(name, rng.normal(size=30_000), np.zeros(30_000, dtype=bool)) for name in "xyz")
    projects = {
        "every field": example_project(),
        "one run": Project.of_run(example_run(1)),
        "many rows": example_project(table=Table("rows", rows), taken=Taken(("x",), "y")),
    }
    for name, project in projects.items():
        save_project(folder / f"{name}.mdn", project)
    return [*(folder / f"{name}.mdn" for name in projects), GOLDEN / "1.3-averaged-restarts.mdn"]


def outcome(mutant: Mutant, original: Path, place: Path, hook: Hook) -> dict[str, object]:
    """Open one mutant; return what became of it."""
    place.write_bytes(mutant.content)
    before = memory.reset()
    begin = time.perf_counter()
    hook.is_on = True
    try:
        project, said = open_project(place), ""
    except ProjectFileError as error:
        project, said = None, error.message if error.hint else ""
    finally:
        hook.is_on = False
    seconds, grown = time.perf_counter() - begin, memory.peak() - before - 2 * len(mutant.content)
    if project is None:
        return {"outcome": "refused" if said else "without a reason", "seconds": seconds, "growth": grown}
    found = "opened" if is_right(project, mutant, original, place) else "WRONG"
    return {"outcome": found, "seconds": seconds, "growth": grown}


def is_right(project: Project, mutant: Mutant, original: Path, place: Path) -> bool:
    """Return whether a project that opened is one: saved again it is the same; it can be read."""
    again = place.with_name("again.mdn")
    save_project(again, project)
    if not mutant.is_told:
        expected = place.with_name("expected.mdn")
        save_project(expected, open_project(original))
        return again.read_bytes() == expected.read_bytes()
    first = again.read_bytes()
    save_project(again, open_project(again))
    read(project)
    return again.read_bytes() == first


def read(project: Project) -> None:
    """Read what the window reads of a project; what a person can be told of is no fault."""
    for run in project.runs:
        run.model.conditional(run.model.provenance.input_ranges[:, 1][np.newaxis]).mean()
    table = project.table
    if table is None:
        return
    for column in table.columns:
        for row in range(min(table.num_rows, 100)):
            column.text(row)
    if project.taken is not None:
        try:
            project.taken.selection(table)
        except UserError:
            return


def child(folder: Path, count: int, seed: int) -> None:
    """Open mutants in this process; print what became of each as a line of JSON."""
    paths = bases(folder)
    for path in [*paths, *GOLDEN.glob("*.mdn")]:
        read(open_project(path))  # loads what the program itself needs for it
    hook = Hook()
    for number, path in enumerate(paths):
        share = count // len(paths)
        for mutant in mutants(path.read_bytes(), members_of(path), share, seed + number):
            try:
                found = outcome(mutant, path, folder / "mutant.mdn", hook)
            except Exception:
                logging.exception("%s of %s", mutant.kind, path.name)
                found = {"outcome": "ESCAPED", "seconds": 0.0, "growth": 0}
            print(json.dumps({"kind": mutant.kind, "base": path.stem} | found))
    print(json.dumps({"seen": hook.seen}))


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--mutants", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--child", type=Path, help="open mutants in this process, in this folder")
    chosen = options.parse_args()
    if chosen.child:
        child(chosen.child, chosen.mutants, chosen.seed)
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.mutations", "--child", folder]
        command += ["--mutants", str(chosen.mutants), "--seed", str(chosen.seed)]
        result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    seen = lines.pop()["seen"]
    rows: dict[str, dict[str, object]] = defaultdict(dict)
    for kind in [*dict.fromkeys(line["kind"] for line in lines), "all"]:
        some = [line for line in lines if kind in {line["kind"], "all"}]
        rows[kind] = {"mutants": len(some), **Counter(line["outcome"] for line in some)}
        rows[kind]["slowest s"] = max(line["seconds"] for line in some)
        rows[kind]["growth MB"] = max(line["growth"] for line in some) / 1e6
    faults = [line for line in lines if line["outcome"] not in {"opened", "refused"}]
    slow = sum(line["seconds"] > SLOW for line in lines)
    large = sum(line["growth"] > ALLOWED_GROWTH for line in lines)
    print(reports.table("mutants", rows))
    print(
        f"faults {len(faults)}, over 2 s {slow}, over twice the file plus 50 MB {large}, audit events {seen or 'none'}"
    )
    for line in faults[:20]:
        print(line)
    reports.keep({"rows": rows, "faults": faults, "slow": slow, "large": large, "audit events": seen}, chosen.json)


if __name__ == "__main__":
    main()
