"""Reading a file in a process of its own, which may die without harm."""

import json
import logging
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, cast

import psutil

from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.answers import AnswerReader, NonsenseError, options_as_json
from mdn_gui.files.options import Preview, ReadingCancelledError, ReadOptions, Watch

if TYPE_CHECKING:
    from io import BufferedReader

_GIB = 1024**3
_LOOK_SECONDS = 0.02
_NEARLY = 0.95
"""Part of the memory limit at which a child is ended: between two looks it must not pass the limit."""
_LOGGED_CHARACTERS = 10_000
_START = "import sys; sys.path[:] = sys.argv[1:]; from mdn_gui.files.child import main; main()"
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",  # threads that are never used reserve memory
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # the other pools keep memory that was given back
    "OPENPYXL_LXML": "False",  # only the parser guarded by defusedxml
    "PYTHONIOENCODING": "utf-8",
}

logger = logging.getLogger(__name__)


def _half_of_the_free_memory() -> int:
    return max(_GIB, int(psutil.virtual_memory().available) // 2)


@dataclass(frozen=True)
class Limits:
    """What a child process may use.

    Parameters
    ----------
    silence : float
        Seconds without a sign of life.
    memory : int
        Bytes; half of the free memory by default, at least 1 GiB.
    """

    silence: float = 120.0
    memory: int = field(default_factory=_half_of_the_free_memory)


def read_apart(path: Path, options: ReadOptions, watch: Watch, limits: Limits | None = None) -> Table:
    """Return the table in a file, read by a child process.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        How it is read.
    watch : Watch
        Is told how much is done; asked from another thread whether to go on.
    limits : Limits, optional
        What the child may use.

    Raises
    ------
    DataError
        When the file cannot be read, when the child dies, needs too much memory, falls silent or answers nonsense.
    ReadingCancelledError
        When the watch says so.
    """
    answer = _Child("read", path, options, watch, limits or Limits()).answer()
    return cast("Table", answer)


def preview_apart(path: Path, options: ReadOptions, watch: Watch, limits: Limits | None = None) -> Preview:
    """Return the first rows of a file, read by a child process; parameters and errors as :func:`read_apart`."""
    answer = _Child("preview", path, options, watch, limits or Limits(silence=20.0)).answer()
    return cast("Preview", answer)


def stream_apart(
    path: Path, options: ReadOptions, watch: Watch, limits: Limits | None = None
) -> Generator[Table, None, None]:
    """Yield a file as tables of some thousand rows each, read by a child process as they are taken.

    Parameters and errors as :func:`read_apart`. The child ends with the iterator: close it when it is not exhausted.
    """
    return _Child("stream", path, options, watch, limits or Limits()).tables()


class _Child:
    """One child process, from its start to its end."""

    def __init__(
        self, job: Literal["read", "preview", "stream"], path: Path, options: ReadOptions, watch: Watch, limits: Limits
    ) -> None:
        self._job, self._path, self._options = job, path.absolute(), options
        self._watch, self._limits = watch, limits
        self._stopped_for: Literal["", "cancelled", "memory", "silence"] = ""
        self._ended = threading.Event()
        self._last_sign = time.monotonic()

    def answer(self) -> Table | Preview:
        with self._running() as process:
            self._ask(process)
            reader = self._reader(process)
            line = self._told(reader)
            if self._job == "read" and "table" in line:
                return reader.table(line["table"])
            if self._job == "preview" and "preview" in line:
                return reader.preview(self._path, line["preview"])
            raise self._refused(line)

    def tables(self) -> Generator[Table, None, None]:
        with self._running() as process:
            self._ask(process)
            while "end" not in (line := self._told(self._reader(process))):
                if "table" not in line:
                    raise self._refused(line)
                table = self._reader(process).table(line["table"])
                self._last_sign = math.inf  # nothing is awaited while the caller works
                yield table
                self._give_sign()

    @contextmanager
    def _running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Have a child with its guard within this context; what goes wrong with it is told."""
        if self._watch.is_cancelled():
            raise ReadingCancelledError
        with tempfile.TemporaryFile() as complaints:
            process = self._started(complaints)
            guard = threading.Thread(target=self._guard, args=(process,), name="guard of a file reader", daemon=True)
            guard.start()
            try:
                yield process
            except (EOFError, OSError) as error:
                raise self._broken_off(process) from error
            except (NonsenseError, KeyError, TypeError, ValueError, OverflowError) as error:
                logger.warning("the reader of %s answered nonsense: %r", self._path, error)
                raise self._unreadable("its reader gave an answer that makes no sense") from error
            finally:
                self._ended.set()
                process.kill()
                guard.join()
                process.communicate()
                self._log(complaints)

    def _started(self, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        places = [place for place in sys.path if place and os.path.isabs(place)]
        try:
            return subprocess.Popen(
                [sys.executable, "-I", "-c", _START, *places],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, **_ENVIRONMENT},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            message = f"{self._path.name} could not be read: no process could be started for it ({error})."
            raise DataError(message, "Close other programs, then open the file again.") from error

    def _ask(self, process: subprocess.Popen[bytes]) -> None:
        request = {
            "job": self._job,
            "path": str(self._path),
            "options": options_as_json(self._options),
            "memory": self._limits.memory,
        }
        if process.stdin is None:
            raise EOFError
        process.stdin.write(json.dumps(request).encode("ascii") + b"\n")
        process.stdin.flush()

    def _reader(self, process: subprocess.Popen[bytes]) -> AnswerReader:
        return AnswerReader(cast("BufferedReader", process.stdout), self._limits.memory, self._give_sign)

    def _told(self, reader: AnswerReader) -> dict[str, Any]:
        """Return the next line that is not about how much is done."""
        while "progress" in (line := reader.line()):
            self._watch.report(min(max(0.0, float(line["progress"])), 1.0))
        return line

    def _refused(self, line: dict[str, Any]) -> DataError:
        if line.get("refused") == "memory":
            return self._too_large()
        if "error" not in line:
            return self._unreadable("its reader stopped unexpectedly")
        message, hint = line["error"]
        return DataError(str(message), str(hint))

    def _guard(self, process: subprocess.Popen[bytes]) -> None:
        """End the child when the person has had enough, when it takes too much or says nothing any more."""
        while not self._ended.wait(_LOOK_SECONDS):
            if self._watch.is_cancelled():
                self._stopped_for = "cancelled"
            elif _memory_of(process.pid) > _NEARLY * self._limits.memory:
                self._stopped_for = "memory"
            elif time.monotonic() - self._last_sign > self._limits.silence:
                self._stopped_for = "silence"
            if self._stopped_for:
                process.kill()
                return

    def _give_sign(self) -> None:
        self._last_sign = time.monotonic()

    def _broken_off(self, process: subprocess.Popen[bytes]) -> Exception:
        if self._stopped_for == "cancelled":
            return ReadingCancelledError()
        if self._stopped_for == "memory":
            return self._too_large()
        if self._stopped_for == "silence":
            message = f"{self._path.name} was given up after {self._limits.silence:g} s without progress."
            return DataError(message, "Save the table as CSV (UTF-8), or a part of its rows, then open that file.")
        return self._unreadable(f"its reader stopped unexpectedly (code {process.wait()})")

    def _too_large(self) -> DataError:
        message = f"{self._path.name} needed more than {self._limits.memory / _GIB:.1f} GiB of memory to read."
        return DataError(message, "Close other programs, or read fewer of its rows, as a random sample.")

    def _unreadable(self, what: str) -> DataError:
        hint = "It may be damaged: save it again where it comes from, or save the table as CSV (UTF-8)."
        return DataError(f"{self._path.name} could not be read: {what}.", hint)

    def _log(self, complaints: IO[bytes]) -> None:
        size = complaints.seek(0, os.SEEK_END)
        complaints.seek(max(0, size - _LOGGED_CHARACTERS))
        if text := complaints.read().decode("utf-8", "replace").strip():
            logger.warning("the reader of %s said:\n%s", self._path, text)


def _memory_of(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # it has ended
        return 0
