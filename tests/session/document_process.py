"""A process of its own that has a document open, for tests of locks and crashes.

    python -m tests.session.document_process hold FILE
    python -m tests.session.document_process open FILE
    python -m tests.session.document_process keep ROOT SEED RUNS

It prints one line of JSON when it stands, then waits for the end of its standard input.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from mdn_gui.files.projects.project import Project
from mdn_gui.session.document import Document
from mdn_gui.session.locks import FileLock
from mdn_gui.session.recovery import Recovery
from tests.documents import made_project


class InputEnd(QObject):
    """Tells when the standard input has ended."""

    reached = Signal()

    def __init__(self) -> None:
        super().__init__()
        Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        sys.stdin.read()
        self.reached.emit()


def say(**values: object) -> None:
    sys.stdout.write(f"{json.dumps(values)}\n")
    sys.stdout.flush()


def hold(file: str) -> None:
    """Have the lock of a document, no more."""
    lock = FileLock.of_document(Path(file))
    say(took=lock.take())
    sys.stdin.read()
    lock.release()


def open_file(file: str) -> None:
    """Have a document open."""
    app = QCoreApplication([])
    document = Document(Project)
    document.opened.connect(lambda project: say(runs=len(project.runs)))
    document.failed.connect(lambda error: say(error=str(error)))
    document.open(Path(file))
    end = InputEnd()
    end.reached.connect(app.quit)
    app.exec()
    document.shut_down()


def keep(root: str, seed: str, runs: str) -> None:
    """Keep snapshots of a document that gets a run every 50 ms."""
    app = QCoreApplication([])
    whole = made_project(int(seed), runs=int(runs), title=f"document {seed}")
    state = {"runs": 0}

    def snapshot() -> Project:
        return replace(whole, runs=whole.runs[: state["runs"]], shown=0)

    document = Document(snapshot)
    recovery = Recovery(snapshot, document, Path(root), interval=0.05)
    timer = QTimer()

    def add_run() -> None:
        state["runs"] += 1
        document.touch()
        say(runs=state["runs"])
        if state["runs"] == len(whole.runs):
            timer.stop()

    timer.timeout.connect(add_run)
    timer.start(50)
    end = InputEnd()
    end.reached.connect(app.quit)
    app.exec()
    recovery.shut_down()
    document.shut_down()


if __name__ == "__main__":
    {"hold": hold, "open": open_file, "keep": keep}[sys.argv[1]](*sys.argv[2:])
