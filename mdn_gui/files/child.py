"""The process that reads one file for another process, then ends."""

import contextlib
import json
import logging
import os
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import NoReturn

from mdn_gui.errors import UserError
from mdn_gui.files.answers import AnswerWriter, options_from_json
from mdn_gui.files.formats import preview_here, read_here, stream_here

_REPORT_SECONDS = 0.05
_FOR_LIBRARIES = 1024**3
"""Bytes of address space on top of the limit: libraries reserve much that they never use."""
logger = logging.getLogger(__name__)


def main() -> NoReturn:
    """Read the file that the first line of the standard input asks for; answer on the standard output."""
    answer_end = os.fdopen(os.dup(1), "wb", buffering=1024**2)
    os.dup2(2, 1)  # what a library prints must not get into the answer
    writer = AnswerWriter(answer_end)
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_with_the_parent, daemon=True).start()
    _set_limits(request["memory"])
    warnings.simplefilter("ignore")
    sys.meta_path.insert(0, _WithoutPandas)
    path, options = Path(request["path"]), options_from_json(request["options"])
    try:
        if request["job"] == "preview":
            writer.preview(preview_here(path, options))
        elif request["job"] == "stream":
            for table in stream_here(path, options, _Reporter(writer)):
                writer.table(table)
            writer.line(end=True)
        else:
            writer.table(read_here(path, options, _Reporter(writer)))
    except UserError as error:
        writer.line(error=[error.message, error.hint])
    except MemoryError:
        writer.line(refused="memory")
    except Exception:
        logger.exception("the file could not be read")
        writer.line(refused="failure")
    os._exit(0)  # libraries would take time to clean up what ends with the process


class _WithoutPandas:
    """Keeps pandas out: pyarrow loads it where it can, which takes half a second, for no use here."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Refuse pandas; leave every other module to the finders behind."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


class _Reporter:
    """Tells the parent how far the reading is, not too often."""

    def __init__(self, writer: AnswerWriter) -> None:
        self._writer, self._last = writer, 0.0

    def report(self, fraction: float) -> None:
        """Send how much is done, 0 to 1."""
        if time.monotonic() - self._last >= _REPORT_SECONDS:
            self._last = time.monotonic()
            self._writer.line(progress=float(fraction))

    def is_cancelled(self) -> bool:
        """Return False: the parent ends the process instead."""
        return False


def _leave_with_the_parent() -> None:
    """End the process when the parent's end of the standard input is closed, by its will or by its death."""
    while os.read(0, 4096):
        pass
    os._exit(1)


def _set_limits(memory: int) -> None:
    """Let no allocation go beyond the limit, leave no file and no core dump behind, where the system can see to it."""
    try:
        import resource
    except ImportError:  # Windows: the parent looks at the memory alone
        return
    for limit, most in (
        (resource.RLIMIT_AS, memory + _FOR_LIBRARIES),
        (resource.RLIMIT_FSIZE, 1024**2),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))
