"""``mdn predict``: what a model says of every row of a table."""

import argparse
import contextlib
import csv
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from mdn_gui.cli.data import HELP as DATA_HELP
from mdn_gui.cli.data import add_reading, is_project, is_sample, read_options, rows_of
from mdn_gui.cli.output import put_json, put_out, say, writing, written
from mdn_gui.cli.places import add_questions, questions_of
from mdn_gui.cli.progress import Progress
from mdn_gui.cli.projects import add_project, opened_run
from mdn_gui.cli.roles import listed_names
from mdn_gui.cli.tables import add_table, check_table, format_asked
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.table import Table
from mdn_gui.files.density_columns import asked
from mdn_gui.files.export import origin_of
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.predictions import Predicted, predict
from mdn_gui.files.wanted import Wanted

SUMMARY = "write p(y given x) for every row of a table, however long: mixture, quantiles, log density, PIT"
EXAMPLES = (
    "mdn predict dose.mdn new.csv --quantiles 0.05,0.5,0.95 -o predicted.parquet",
    "mdn predict dose.mdn new.csv --keep id --below 30 > predicted.csv",
)

_TEXT_FORMS = frozenset({".csv", ".tsv"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_project(parser)
    parser.add_argument("data", metavar="DATA", help=DATA_HELP)
    add_questions(parser)
    parser.add_argument(
        "--keep", metavar="COL[,COL...]", help="other columns of DATA that are written too, such as an id"
    )
    add_table(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> None:
    """Write a row for each row of the table; those that cannot be used say why."""
    check_table(options)
    wanted = Wanted(questions_of(options), () if options.keep is None else listed_names(options.keep))
    _, chosen = opened_run(options)
    with _file_of_rows(options, chosen.model) as (source, how):
        if options.output is None:
            _put_out(options, chosen.model, source, how, wanted)
            return
        with writing(options.output):
            done = _predicted(chosen.model, source, Path(options.output), how, wanted)
    say(f"{_summary(done)}; saved in {options.output}")
    if options.json:
        target = None if done.without_target is None else dict(done.without_target)
        left = {"without_numbers": dict(done.without_numbers), "without_target": target}
        outside = {"rows_outside": done.num_outside, "outside": dict(done.outside)}
        put_json(written(options.output, run=chosen.number, rows=done.num_rows, **left, **outside))


def _predicted(model: FittedModel, source: Path, output: Path, how: ReadOptions, wanted: Wanted) -> Predicted:
    progress = Progress(f"predicting {source.name}")
    try:
        return predict(model, source, output, how, wanted, progress)
    finally:
        progress.clear()


def _put_out(options: argparse.Namespace, model: FittedModel, source: Path, how: ReadOptions, wanted: Wanted) -> None:
    """Write to standard output what is complete: an error half-way leaves it empty."""
    form = format_asked(options)
    with tempfile.TemporaryDirectory(prefix="mdn-") as folder:
        path = Path(folder) / f"predicted{form.ending}"
        with writing(str(path)):
            done = _predicted(model, source, path, how, wanted)
        comments = sum(1 for _ in (*origin_of(model), *asked(wanted.questions))) if form.ending in _TEXT_FORMS else 0

        def copy(output: TextIO) -> None:
            with path.open(encoding="utf-8", newline="") as text:
                for _ in range(0 if options.settings else comments):
                    text.readline()
                shutil.copyfileobj(text, output)

        put_out(copy)
    say(_summary(done))


@contextlib.contextmanager
def _file_of_rows(options: argparse.Namespace, model: FittedModel) -> Iterator[tuple[Path, ReadOptions]]:
    """Give a file with the rows, how it is read: DATA itself, a temporary copy of the rows of a project or a sample."""
    if not (is_project(options.data) or is_sample(options.data)):
        yield Path(options.data), read_options(options)
        return
    table = rows_of(options.data, read_options(options)).table
    with tempfile.TemporaryDirectory(prefix="mdn-") as folder:
        path = Path(folder) / "rows.csv"
        _copy(table, path)
        how = ReadOptions(encoding="utf-8", delimiter=",", decimal=".", thousands="", has_header=True, day_first=False)
        yield path, how


def _copy(table: Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow([column.name for column in table.columns])
        writer.writerows([column.text(row) for column in table.columns] for row in range(table.num_rows))


def _summary(done: Predicted) -> str:
    text = f"{done.num_rows:,} rows"
    if done.without_numbers:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in done.without_numbers)
        text += f"; {done.num_without:,} without numbers: {reasons}"
    if done.without_target:
        text += f"; without log density: {', '.join(f'{count:,} {why}' for why, count in done.without_target)}"
    if done.num_outside:
        rows = "1 row" if done.num_outside == 1 else f"{done.num_outside:,} rows"
        text += f"; {rows} outside the data: {', '.join(name for name, _ in done.outside)}"
    return text
