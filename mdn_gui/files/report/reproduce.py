"""The command line that makes a run again."""

import csv
import io
import shlex
from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.file_names import file_name
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.taken import Taken
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.projects.project import DataSource

_READING = ("part", "encoding", "delimiter", "decimal", "thousands", "has_header", "day_first")
_LONGEST = 2_000
"""Characters of row numbers that a command holds at most."""


def fit_command(source: DataSource, taken: Taken | None, model: FittedModel, output: str = "again.mdn") -> str:
    """Return ``mdn fit`` with every option that differs from its default, one a line, quoted for a shell.

    Parameters
    ----------
    source : DataSource
        Which file was read, how; its folder is not told.
    taken : Taken or None
        What was taken from it; None where that is not known.
    model : FittedModel
        The fit with its settings.
    output : str
        The file to write.
    """
    seen = model.provenance
    target = seen.target_name if taken is None else taken.target
    roles = [*_named("x", _listed([each.column for each in seen.encodings])), *_named("y", target)]
    command = ["mdn", "fit", _word(file_name(source.path)) or "DATA", *roles]
    rows = [] if taken is None else _rows(source, taken)
    lines = [command, *rows, *_settings(model), *_reading(source.options), ["-o", output]]
    return " \\\n    ".join(" ".join(map(shlex.quote, line)) for line in lines)


def not_in_command(source: DataSource, taken: Taken | None) -> str:
    """Return what the command leaves out, in a sentence; "" where it leaves nothing out."""
    if not source.path:
        return "DATA stands for the table, which came from no file."
    if taken is not None and len(_ranges(taken)) > _LONGEST:
        return (
            f"The project file knows the {len(taken.excluded):,} rows excluded by hand, which are not in this command."
        )
    return ""


def _word(name: str) -> str:
    """Return the name of a file as an argument that is taken for no option."""
    return f"./{name}" if name.startswith("-") else name


def _rows(source: DataSource, taken: Taken) -> Iterator[list[str]]:
    ranges, hold_out = _ranges(taken), taken.hold_out
    if ranges and len(ranges) <= _LONGEST:
        yield _named("exclude", ranges)
    if taken.test_table is not None:
        yield _named("test-file", file_name(source.test_path) or "TEST")
    elif hold_out.column:
        yield [*_named("test-column", hold_out.column), *_named("test-level", hold_out.level)]
    elif hold_out.fraction:
        yield ["--test-fraction", repr(hold_out.fraction), *(("--test-seed", str(hold_out.seed)) * bool(hold_out.seed))]


def _ranges(taken: Taken) -> str:
    """Return the rows taken out, counted from 1, such as "3,17-20"."""
    rows = taken.excluded + 1
    parts = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1) if len(rows) else []
    return ",".join(f"{part[0]}" if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def _listed(names: list[str]) -> str:
    """Return names as one argument: a name with a comma is quoted within it."""
    if len(names) == 1:
        return names[0]
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(names)
    return stream.getvalue()


def _settings(model: FittedModel) -> Iterator[list[str]]:
    for config, default in ((model.model_config, ModelConfig()), (model.training_config, TrainingConfig())):
        for each in fields(config):
            value = getattr(config, each.name)
            if value != getattr(default, each.name):
                yield _option(each.name.removeprefix("num_"), value)


def _reading(options: ReadOptions) -> Iterator[list[str]]:
    default = ReadOptions()
    for name in _READING:
        if getattr(options, name) != getattr(default, name):
            yield _option(name, getattr(options, name))


def _option(name: str, value: object) -> list[str]:
    option = name.replace("_", "-")
    if isinstance(value, bool):
        return [f"--{option}" if value else f"--no-{option}"]
    if isinstance(value, tuple):
        return _named(option, ",".join(map(str, value)))
    return _named(option, "automatic" if value is None else str(value))


def _named(option: str, text: str) -> list[str]:
    """Return an option with its value, in one where that could be taken for an option itself."""
    return [f"--{option}={text}"] if text.startswith("-") else [f"--{option}", text]
