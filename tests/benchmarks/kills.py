"""A save ended by force, or refused by the disk: the file is the old one or the new one, and it opens.

    python -m tests.benchmarks.kills [--moments 200] [--json FILE]

A project of about 40 MB is saved over another one in a child process that gets kill -9 at random moments of the save;
a small one in a child that gets it before each of its calls to the file system, each write of a member being two. Then
one of 1 MB is saved where no file may grow beyond 0, 4, 8, ... KiB, in a folder that may not be written to, in one
that is gone, under a name that is a folder. "errors" are those with message and remedy.
"""

import contextlib
import os
import random
import resource
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.opening import open_project
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.saving import save_project
from tests.benchmarks import reports
from tests.files.projects.examples import example_project
from tests.files.projects.killing import saved_until

NOBODY = 65534
SMALL = 25_000
"""Rows of a project of 1 MB."""
Row = dict[str, object]


def large_project(number: int, num_rows: int) -> Project:
    """Return a project whose file is 40 bytes a row long."""
    rng = np.random.default_rng(number)
    columns = tuple(Column(f"c{i}", rng.normal(size=num_rows), np.zeros(num_rows, dtype=bool)) for i in range(5))
    return example_project(table=Table(f"rows {number}", columns), taken=Taken(("c0",), "c1"))


def killed_at_moments(folder: Path, moments: int, num_rows: int) -> Row:
    """Save one project over the other again and again; kill each save at a random moment."""
    place, contents, projects = folder / "p.mdn", [], [large_project(0, num_rows), large_project(1, num_rows)]
    for project in projects:
        begin = time.perf_counter()
        save_project(place, project)
        seconds = time.perf_counter() - begin
        contents.append(place.read_bytes())
    chance, now, found = random.Random(0), 1, Counter[str]()
    while found["killed"] < moments:
        child = os.fork()
        if not child:
            save_project(place, projects[1 - now])
            os._exit(0)
        Event().wait(chance.uniform(0.0, seconds))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        found["killed"] += os.WIFSIGNALED(status)
        content = place.read_bytes()
        found["old" if content == contents[now] else "new" if content == contents[1 - now] else "NEITHER"] += 1
        now = contents.index(content) if content in contents else now
        found["opened"] += open_project(place).runs_made == 5
        found["backup opened"] += open_project(folder / "p.mdn.bak").runs_made == 5
        for part in folder.glob(".*.part"):
            part.unlink()
    return {"MB": len(contents[0]) / 1e6, "save s": seconds, "saves": found["old"] + found["new"], **found}


def killed_at_steps(folder: Path) -> Row:
    """Save a small project over another one; kill the save at its first step, at its second, and so on."""
    place, old, new = folder / "p.mdn", folder / "old.mdn", folder / "new.mdn"
    project = example_project(shown=1)
    save_project(old, example_project())
    save_project(new, project)
    kinds, found, step, ended = {old.read_bytes(): "old", new.read_bytes(): "new"}, Counter[str](), 0, False
    while not ended:
        step += 1
        shutil.copyfile(old, place)
        ended = saved_until(step, place, project)
        found[kinds.get(place.read_bytes(), "NEITHER")] += 1
        found["opened"] += open_project(place).runs_made == 5
    return {"MB": len(old.read_bytes()) / 1e6, "saves": step, "killed": step - 1, **found}


def refused(folder: Path, cases: list[Callable[[], None]], name: str = "p.mdn") -> Row:
    """Save over an old file in children in each of which something is wrong."""
    place, project, found = folder / "p.mdn", large_project(1, SMALL), Counter[str]()
    save_project(place, large_project(0, SMALL))
    before = place.read_bytes()
    folder.chmod(0o755)
    for prepare in cases:
        child = os.fork()
        if not child:
            try:
                prepare()
                save_project(folder / name, project)
            except ProjectFileError as error:
                os._exit(1 if error.hint and str(folder / name) in error.message else 2)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        found[{0: "saved", 1: "errors"}.get(code, "FAULTS")] += 1
        folder.chmod(0o755)
        intact = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == {"p.mdn": before}
        found["old intact"] += intact
    return {"saves": len(cases), **found}


def small_disk(size: int) -> Callable[[], None]:
    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return prepare


def read_only(folder: Path) -> Callable[[], None]:
    def prepare() -> None:
        folder.chmod(0o555)
        with contextlib.suppress(PermissionError):  # the rights of a folder do not hold the superuser
            os.setuid(NOBODY)

    return prepare


def main() -> None:
    options = reports.parser(__doc__)
    options.add_argument("--moments", type=int, default=200)
    options.add_argument("--rows", type=int, default=1_000_000, help="of the large project")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name, each) for each in ("moments", "steps", "full", "closed", "gone", "taken")]
        Path(name).chmod(0o755)
        for folder in folders:
            folder.mkdir()
        (folders[5] / "there").mkdir()
        steps = killed_at_steps(folders[1])
        save_project(folders[1] / "p.mdn", large_project(1, SMALL))
        full = [small_disk(limit) for limit in range(0, (folders[1] / "p.mdn").stat().st_size, 4096)]
        kills = {
            "at every step": steps,
            "at random moments": killed_at_moments(folders[0], chosen.moments, chosen.rows),
        }
        disks = {
            "disk full at every 4 KiB": refused(folders[2], full),
            "read-only folder": refused(folders[3], [read_only(folders[3])]),
            "vanished folder": refused(folders[4], [lambda: None], "gone/p.mdn"),
            "a folder of that name": refused(folders[5], [lambda: None], "there"),
        }
    print(reports.table("kill -9 during a save", kills))
    print(reports.table("a save that is refused", disks))
    reports.keep({"kills": kills, "refused": disks}, chosen.json)


if __name__ == "__main__":
    main()
