"""Ends a process, kill -9, at one step of a save: before one of its calls to the file system."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from mdn_gui.files.projects import saving
from mdn_gui.files.projects.project import Project

CALLS = ("fsync", "link", "replace", "open", "close", "unlink", "chmod", "stat")


class _Writing:
    """A stream of which each write is a step."""

    def __init__(self, stream: BinaryIO, step: Callable[..., Any]) -> None:
        self._stream, self._step = stream, step

    def write(self, content: bytes) -> int:
        written = self._step(self._stream.write)(content[: len(content) // 2])
        self._stream.flush()
        return written + self._step(self._stream.write)(content[len(content) // 2 :])


def kill_at(step: int) -> None:
    """Make the step-th call to the file system from now on the last thing this process does not do."""
    count = 0

    def killing(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return counted

    write = saving.write_archive
    saving.write_archive = lambda stream, members: write(_Writing(stream, killing), members)
    for name in CALLS:
        setattr(os, name, killing(getattr(os, name)))
    Path.open = killing(Path.open)


def saved_until(step: int, path: Path, project: Project) -> bool:
    """Save in a child that is killed at a step; return whether it came to its end before that."""
    child = os.fork()
    if not child:
        kill_at(step)
        saving.save_project(path, project)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"the save ended with {status}")
    return True
