"""Fresh processes to measure in: what each prints, the most memory it had, the interpreter of the peers."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Finished:
    """A process that has ended well.

    Parameters
    ----------
    lines : list of dict
        What it printed as JSON, line by line.
    peak_mib : float
        The most memory it had resident, MiB.
    """

    lines: list[dict[str, object]]
    peak_mib: float


def run(*command: object) -> Finished:
    """Run a command to its end, TensorFlow keeping quiet.

    The process that calls should be small: the operating system counts its memory to a child until that has started.

    Raises
    ------
    RuntimeError
        When the command fails; with what it said.
    """
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(words, stdout=out, stderr=complaints, env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        for stream in (out, complaints):
            stream.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {process.returncode}:\n{complaints.read()[-3000:]}")
        lines = [json.loads(line) for line in out if line.startswith("{")]
    return Finished(lines, usage.ru_maxrss * _MAXRSS_UNIT / 2**20)


@contextlib.contextmanager
def peers_interpreter(choice: str | None) -> Iterator[str | None]:
    """Yield an interpreter with PyTorch and JAX: the one given, for ``auto`` one that lives as long as the context."""
    if choice != "auto":
        yield choice
        return
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        subprocess.run([python, "-m", "pip", "install", "-q", "torch", "jax", "optax", "numpy"], check=True)
        yield python


def figures_of(module: str, *words: object) -> dict[str, float]:
    """Run a benchmark module in a fresh process; return the figures of its last line."""
    figures = run(sys.executable, "-m", module, *words).lines[-1]
    return {name: float(str(figure)) for name, figure in figures.items()}
