"""The headless commands: ``mdn fit``, ``mdn params``, ``mdn score``."""

import argparse
import contextlib
import csv
import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, fields, replace
from pathlib import Path
from types import FrameType
from typing import Any, TextIO, TypeVar, get_args

from mdn_gui import __version__
from mdn_gui.core.config import ModelConfig, PresetName, TrainingConfig, preset, range_text, setting_of
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import diagnose
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.endings import ending_text
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.samples import SAMPLES, sample
from mdn_gui.core.selection import Selection
from mdn_gui.core.table import Table
from mdn_gui.errors import ConfigError, DataError, UserError
from mdn_gui.files.export import line_through, parameter_table
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.project import load_model, save_model
from mdn_gui.files.reading import read_file
from mdn_gui.files.saving import checked_destination
from mdn_gui.files.tables import write_table

USAGE_OR_DATA = 2
OUTPUT_FAILED = 1
INTERRUPTED = 130
OUTPUT_CLOSED = 141

_AUTOMATIC = "automatic"
_SECONDS_BETWEEN_PROGRESS = 0.1
_LINE_WIDTH = 79
Config = TypeVar("Config", ModelConfig, TrainingConfig)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the program's name; those of the process when left out.

    Returns
    -------
    int
        Exit code: 0 done, 1 the output cannot be written, 2 usage or data, 130 interrupted, 141 the reader of the
        output has gone.
    """
    try:
        options = _parser().parse_args(_with_joined_grid(sys.argv[1:] if argv is None else argv))
        options.run(options)
    except SystemExit as leaving:  # argparse has said what there is to say
        return int(leaving.code or 0)
    except UserError as error:
        _say(f"mdn: {error}")
        return USAGE_OR_DATA
    except KeyboardInterrupt:
        _say("mdn: interrupted.")
        return INTERRUPTED
    except _OutputError as failure:
        return failure.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mdn", description="Fit, read and score a conditional density p(y given x).", allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"mdn-gui {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="fit | params | score")
    data_help = f"a file with a table, or sample:KEY[:ROWS[:SEED]] ({', '.join(each.key for each in SAMPLES)})"

    fit = commands.add_parser("fit", help="train a model on a table", allow_abbrev=False)
    fit.add_argument("data", metavar="DATA", help=data_help)
    fit.add_argument("--x", metavar="COL[,COL...]", help="input columns; the table's first telling column by default")
    fit.add_argument("--y", metavar="COL", help="target column; the table's last telling column by default")
    fit.add_argument("-o", "--output", metavar="MODEL", required=True, help="the model file to write")
    fit.add_argument("--preset", choices=get_args(PresetName), default="default", help="the settings to begin with")
    _add_settings(fit.add_argument_group("model settings, in place of the preset's"), ModelConfig)
    _add_settings(fit.add_argument_group("training settings, in place of the preset's"), TrainingConfig)
    _add_reading(fit.add_argument_group("how DATA is read, where the guess is wrong"))
    fit.set_defaults(run=_fit)

    params = commands.add_parser("params", help="write the parameters over a grid of x as CSV", allow_abbrev=False)
    params.add_argument("model", metavar="MODEL", help="a model file")
    params.add_argument("--at", metavar="START:STOP:COUNT", help="the grid; 1000 points over the data by default")
    params.add_argument("--x", metavar="COL", help="the input that moves; the first by default")
    params.add_argument(
        "--hold", metavar="NAME=VALUE", action="append", default=[], help="an input held here, not at its median"
    )
    params.add_argument("--settings", action="store_true", help="begin with the settings, as comment lines")
    params.set_defaults(run=_params)

    score = commands.add_parser("score", help="judge a model on a table", allow_abbrev=False)
    score.add_argument("model", metavar="MODEL", help="a model file")
    score.add_argument("data", metavar="DATA", help=data_help)
    _add_reading(score.add_argument_group("how DATA is read, where the guess is wrong"))
    score.set_defaults(run=_score)
    return parser


def _with_joined_grid(argv: Sequence[str]) -> list[str]:
    """Join ``--at -4:4:100`` to one argument; argparse would take the grid for an option."""
    joined: list[str] = []
    for argument in argv:
        if joined and joined[-1] == "--at":
            joined[-1] = f"--at={argument}"
        else:
            joined.append(argument)
    return joined


def _add_settings(group: "argparse._ArgumentGroup", kind: type[ModelConfig | TrainingConfig]) -> None:
    for field in fields(kind):
        setting, default = setting_of(field), field.default
        option = f"--{field.name.removeprefix('num_').replace('_', '-')}"
        shown = setting.help.replace("%", "%%")
        if isinstance(default, bool):
            group.add_argument(option, dest=field.name, action=argparse.BooleanOptionalAction, help=shown)
            continue
        group.add_argument(
            option,
            dest=field.name,
            type=_reader(field),
            metavar="|".join(setting.choices) or setting.label.split(",")[0].replace(" ", "_").upper(),
            default=argparse.SUPPRESS,
            help=f"{shown} {'' if setting.choices else range_text(field)}".strip(),
        )


def _add_reading(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--part", metavar="NAME", help="sheet of a workbook, array of an .npz, member of a .zip archive")
    group.add_argument("--encoding", metavar="NAME", help="of a text, such as utf-8, utf-16, cp1252")
    group.add_argument("--delimiter", metavar="MARK", help='between cells: a character, "tab" or "blanks"')
    group.add_argument("--decimal", metavar="MARK", help='"." or ","')
    group.add_argument("--thousands", metavar="MARK", help="within numbers; empty for none")
    yes_or_no = argparse.BooleanOptionalAction
    group.add_argument("--has-header", action=yes_or_no, help="whether the first row holds the names")
    group.add_argument("--day-first", action=yes_or_no, help="whether 01/02/2020 is the first of February")


def _read_options(options: argparse.Namespace) -> ReadOptions:
    names = ("part", "encoding", "delimiter", "decimal", "thousands", "has_header", "day_first")
    return ReadOptions(**{name: getattr(options, name) for name in names})


def _reader(field: "Field[Any]") -> Callable[[str], object]:
    """Return what turns the text of an option into the value of a setting; ranges are the setting's own business."""
    setting, declared = setting_of(field), str(field.type)
    number, is_list = (int if "int" in declared else float), "tuple" in declared

    def read(text: str) -> object:
        if setting.choices:
            return text
        if "None" in declared and text == _AUTOMATIC:
            return None
        try:
            return tuple(number(part) for part in text.split(",")) if is_list else number(text)
        except ValueError:
            wanted = "a number" if number is float else "whole numbers" if is_list else "a whole number"
            raise ConfigError(f"{setting.label}: {text!r} is not {wanted}.", setting.help) from None

    return read


def _fit(options: argparse.Namespace) -> None:
    checked_destination(options.output)
    model_config, training_config = preset(options.preset)
    model_config = _changed(model_config, options)
    training_config = _changed(training_config, options)
    table = _table(options)
    selection = table.select(*_roles(table, options))
    _report_rows(table, selection)
    model = _trained(selection.dataset, model_config, training_config)
    save_model(options.output, model)
    _say(f"{ending_text(model)}; saved in {options.output}")


def _params(options: argparse.Namespace) -> None:
    model = load_model(options.model)
    line = line_through(model, options.x or "", dict(_held(text) for text in options.hold))
    levels, ranges = line.encodings[line.place].levels, model.provenance.column_ranges
    if options.at is not None:
        grid = GridSpec.parse(options.at)
    else:
        grid = GridSpec.of_levels(len(levels)) if levels else GridSpec.over(ranges[line.place])
    table = parameter_table(model, grid, line)
    _put_out(lambda output: write_table(output, table, with_comments=options.settings))


def _score(options: argparse.Namespace) -> None:
    model = load_model(options.model)
    seen = model.provenance
    columns = [encoding.column for encoding in seen.encodings]
    kinds = {encoding.column: encoding.kind for encoding in seen.encodings}  # a few rows could look otherwise
    selection = _table(options, kinds).complete_rows(columns, seen.target_name, seen.encodings)
    figures = diagnose(model, selection.dataset.x, selection.dataset.y).figures()
    lines = {"rows": len(selection.dataset), "left_out": selection.num_left_out, **figures}
    _put_out(lambda output: output.writelines(f"{name} {value}\n" for name, value in lines.items()))


def _changed(config: Config, options: argparse.Namespace) -> Config:
    given = vars(options)
    changes = {
        field.name: given[field.name]
        for field in fields(config)
        if field.name in given and not (isinstance(field.default, bool) and given[field.name] is None)
    }
    return replace(config, **changes)


def _table(options: argparse.Namespace, kinds: Mapping[str, ColumnKind] | None = None) -> Table:
    data: str = options.data
    kind, _, rest = data.partition(":")
    if kind != "sample" or Path(data).exists():
        return read_file(data, replace(_read_options(options), kinds=kinds or {}))
    key, *numbers = rest.split(":")
    try:
        if len(numbers) > 2:
            raise ValueError
        return sample(key).table(*(int(number) for number in numbers))
    except ValueError:
        raise DataError(f"{data!r} is not a sample.", "Write sample:KEY or sample:KEY:ROWS:SEED.") from None


def _roles(table: Table, options: argparse.Namespace) -> tuple[tuple[str, ...], str]:
    if options.x is None and options.y is None:
        return table.proposed_roles()
    if options.x is None or options.y is None:
        raise ConfigError("Only one of --x and --y is given.", "Name both, or neither to let the table propose them.")
    if any(column.name == options.x for column in table.columns):
        return (options.x,), options.y
    return tuple(name.strip() for name in next(csv.reader([options.x], skipinitialspace=True), [])), options.y


def _held(text: str) -> tuple[str, str]:
    name, _, value = text.rpartition("=")
    if name and value:
        return name, value
    raise ConfigError(f"--hold {text!r} cannot be read.", "Write NAME=VALUE, such as --hold age=30 or --hold sex=f.")


def _report_rows(table: Table, selection: Selection) -> None:
    dataset = selection.dataset
    _say(
        "; ".join(
            (
                f"{table.title}: {len(dataset):,} rows, {', '.join(dataset.input_names)} -> {dataset.target_name}",
                *table.notes,
            )
        )
    )
    if selection.left_out:
        reasons = ", ".join(
            f"{len(group.rows):,} {group.reason} ({_rows_text(group.rows)})" for group in selection.left_out
        )
        _say(f"{selection.num_left_out:,} of {table.num_rows:,} rows left out: {reasons}")


def _rows_text(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:5]))
    return f"row{'s' if len(rows) > 1 else ''} {shown}{', ...' if len(rows) > 5 else ''}"


def _trained(dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig) -> FittedModel:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from mdn_gui.training.fit import fit

    stop = threading.Event()
    show = _progress()
    with _stopped_by_interrupt(stop):
        epochs = fit(dataset, model_config, training_config, stop=stop)
        while True:
            try:
                show(next(epochs))
            except StopIteration as finished:
                show(None)
                model: FittedModel = finished.value
                return model


@contextlib.contextmanager
def _stopped_by_interrupt(stop: threading.Event) -> Iterator[None]:
    """Let the first Ctrl+C end a run with its best epoch, the second end the program."""
    if threading.current_thread() is not threading.main_thread():  # only that one may handle signals
        yield
        return

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    previous = signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _progress() -> Callable[[EpochMetrics | None], None]:
    """Return what keeps one line on the terminal up to date and, given None, removes it."""
    due = 0.0

    def show(metrics: EpochMetrics | None) -> None:
        nonlocal due
        if not sys.stderr.isatty() or (metrics is not None and time.monotonic() < due):
            return
        due = time.monotonic() + _SECONDS_BETWEEN_PROGRESS
        line = "" if metrics is None else _progress_line(metrics)
        sys.stderr.write(f"\r{line[:_LINE_WIDTH]:<{_LINE_WIDTH}}\r{line[:_LINE_WIDTH]}")
        sys.stderr.flush()

    return show


def _progress_line(metrics: EpochMetrics) -> str:
    validation = "" if metrics.validation_nll is None else f"  validation {metrics.validation_nll:.4f}"
    return (
        f"epoch {metrics.epoch}/{metrics.epochs}  train {metrics.train_nll:.4f}{validation}"
        f"  best {metrics.best_epoch}  at most {metrics.seconds_left_at_most:.0f} s left"
    )


class _OutputError(Exception):
    """Standard output does not take what is written to it."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def _put_out(write: Callable[[TextIO], None]) -> None:
    """Write to standard output, in UTF-8 with bare newlines on every system."""
    output = sys.stdout
    try:
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(encoding="utf-8", errors="replace", newline="\n")
        write(output)
        output.flush()
    except BrokenPipeError:  # the reader, such as head, has seen enough
        _abandon_output()
        raise _OutputError(OUTPUT_CLOSED) from None
    except OSError as error:
        _say(f"mdn: the output cannot be written: {error.strerror or error}. Free some space or write elsewhere.")
        _abandon_output()
        raise _OutputError(OUTPUT_FAILED) from error


def _say(text: str) -> None:
    """Write a line to standard error, without what could steer a terminal."""
    sys.stderr.write("".join(char if char.isprintable() else " " for char in text) + "\n")


def _abandon_output() -> None:
    """Send what is still buffered nowhere, so that leaving does not fail a second time."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main())
