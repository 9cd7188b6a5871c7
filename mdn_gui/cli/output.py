"""What the commands write: results to standard output, words for people to standard error."""

import contextlib
import io
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from mdn_gui.cli.exits import OUTPUT_CLOSED, OUTPUT_FAILED, OutputError
from mdn_gui.files.saving import SaveError, checked_destination


def say(text: str) -> None:
    """Write a line to standard error, without what could steer a terminal."""
    sys.stderr.write(printable(text) + "\n")


def printable(text: str) -> str:
    """Return a text on one line, without what could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def put_out(write: Callable[[TextIO], object]) -> None:
    """Write to standard output, in UTF-8 with bare newlines on every system.

    Raises
    ------
    OutputError
        When it does not take what is written.
    """
    output = sys.stdout
    try:
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        write(output)
        output.flush()
    except BrokenPipeError:  # the reader, such as head, has seen enough
        _abandon_output()
        raise OutputError(OUTPUT_CLOSED) from None
    except OSError as error:
        say(f"mdn: the output cannot be written: {error.strerror or error}. Free some space or write elsewhere.")
        _abandon_output()
        raise OutputError(OUTPUT_FAILED) from error


def put_json(value: Mapping[str, object]) -> None:
    """Write one JSON object to standard output; errors as :func:`put_out`."""
    text = json.dumps(as_json(value), ensure_ascii=False, allow_nan=False)
    put_out(lambda output: output.write(text + "\n"))


def as_json(value: object) -> object:
    """Return a value as JSON holds it: every digit of a number, NaN as null, infinities as "inf", "-inf"."""
    if isinstance(value, Mapping):
        return {str(key): as_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(each) for each in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None if math.isnan(value) else str(float(value))
    return value


def check_place(path: str) -> None:
    """Make sure, before any work is done, that a file can be written here.

    Raises
    ------
    SaveError
        When a folder or a device is there, there is no folder to hold it, or it may not be written in.
    """
    folder = checked_destination(path).parent
    if not os.access(folder, os.W_OK):
        message = f"{path} cannot be saved: writing in {folder} is not allowed."
        raise SaveError(message, "Save in another folder, or ask for permission.")


@contextlib.contextmanager
def writing(path: str) -> Iterator[None]:
    """Tell what hinders a file from being written; a half-written one is never left.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    try:
        yield
    except SaveError as error:
        say(f"mdn: {error}")
        raise OutputError(OUTPUT_FAILED) from error


def written(path: str, **others: object) -> dict[str, object]:
    """Return what is told as JSON of a file that was written."""
    return {"output": str(Path(path).absolute()), "bytes": Path(path).stat().st_size, **others}


def _abandon_output() -> None:
    """Send what is still buffered nowhere, so that leaving does not fail a second time."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
