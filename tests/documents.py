"""Documents made without training: projects to save, to recover, a process that has one open."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from mdn_gui.core.samples import sample
from mdn_gui.core.taken import Taken
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.projects.project import DataSource, Project
from tests.files.models import random_model

ROOT = Path(__file__).resolve().parents[1]


def made_project(seed: int = 0, *, runs: int = 1, rows: int = 40, title: str = "made up") -> Project:
    """Return a project with a table and so many runs; the seed is in its rows, its runs, its settings."""
    table = sample("cardioid").table(rows, seed)
    inputs, target = table.proposed_roles()
    made = tuple(
        TrainingRun(number, random_model(100 * seed + number, names=inputs, target=target), name=f"{seed}.{number}")
        for number in range(1, runs + 1)
    )
    taken = Taken(inputs, target, excluded=np.array([seed % rows], dtype=np.int64))
    return Project(table, taken, DataSource(title=title), runs=made, runs_made=runs, shown=runs)


def is_same(project: Project, other: Project) -> bool:
    """Return whether two projects have the same rows, runs, roles."""
    if (project.table is None) != (other.table is None) or (project.taken is None) != (other.taken is None):
        return False
    if project.table is not None and other.table is not None and not project.table.holds_the_same(other.table):
        return False
    if project.taken is not None and other.taken is not None:
        mine, its = project.taken, other.taken
        if (mine.inputs, mine.target) != (its.inputs, its.target) or not np.array_equal(mine.excluded, its.excluded):
            return False
    names = [(run.number, run.name, run.model.training_config.seed) for run in project.runs]
    return names == [(run.number, run.name, run.model.training_config.seed) for run in other.runs]


class OtherProcess:
    """A process without a window that has a document open; killed as a context ends, if it lives.

    Parameters
    ----------
    command : str
        What of :mod:`tests.session.document_process` it does.
    arguments : object
        What is handed on to that.
    """

    def __init__(self, command: str, *arguments: object) -> None:
        words = [sys.executable, "-m", "tests.session.document_process", command, *map(str, arguments)]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
        self.process = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> "OtherProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def says(self) -> dict[str, object]:
        """Return the next line that it prints as JSON."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process ended with {self.process.wait()}")
        said = json.loads(line)
        assert isinstance(said, dict)
        return said

    def kill(self) -> None:
        """End it at once, without a chance to clean up (SIGKILL); return when it is gone."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def end(self) -> int:
        """Let it end as it means to; return its exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(60)
