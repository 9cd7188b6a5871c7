"""``mdn score``: judge a model on rows."""

import argparse
from dataclasses import dataclass

from mdn_gui.cli.data import HELP as DATA_HELP
from mdn_gui.cli.data import add_reading, read_options, rows_of
from mdn_gui.cli.output import put_json, put_out, say
from mdn_gui.cli.projects import add_project, opened_run
from mdn_gui.cli.roles import selection_of_project
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import diagnose
from mdn_gui.core.split import split_of_run
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import ConfigError, DataError

SUMMARY = "judge a model on rows: NLL, CRPS, calibration with standard errors"
EXAMPLES = (
    "mdn score dose.mdn new.csv",
    "mdn score dose.mdn --validation --run 2 --json",
)


@dataclass(frozen=True, eq=False)
class _Judged:
    """Rows that judge a run: arrays x [N, D], y [N] of a data set, how many were left out, what they are."""

    dataset: Dataset
    left_out: int
    judge: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_project(parser)
    parser.add_argument(
        "data",
        metavar="DATA",
        nargs="?",
        help=f"{DATA_HELP}; the test rows of PROJECT by default, where it keeps none the validation rows of the run",
    )
    parser.add_argument("--test", action="store_true", help="judge on the rows that the project keeps for the test")
    parser.add_argument("--validation", action="store_true", help="judge on the rows that chose the epoch of the run")
    parser.add_argument("--json", action="store_true", help="tell the figures as one JSON object")
    add_reading(parser)


def run(options: argparse.Namespace) -> None:
    """Tell the figures."""
    if sum((options.data is not None, options.test, options.validation)) > 1:
        raise ConfigError("It is not clear which rows are to judge.", "Give one of DATA, --test, --validation.")
    _, chosen = opened_run(options)
    if options.data is not None:
        judged = _rows_of_data(options, chosen)
    elif options.test or options.validation:
        judged = _test_rows(options, chosen) if options.test else _validation_rows(options, chosen)
    else:
        judged = _proposed_rows(options, chosen)
    figures = diagnose(chosen.model, judged.dataset.x, judged.dataset.y).figures()
    lines = {"rows": len(judged.dataset), "left_out": judged.left_out, **figures}
    if options.json:
        put_json({"run": chosen.number, "judged_on": judged.judge, **lines})
    else:
        put_out(lambda output: output.writelines(f"{name} {value}\n" for name, value in lines.items()))


def _rows_of_data(options: argparse.Namespace, chosen: TrainingRun) -> _Judged:
    seen = chosen.model.provenance
    kinds = {encoding.column: encoding.kind for encoding in seen.encodings}  # a few rows could look otherwise
    table = rows_of(options.data, read_options(options, kinds)).table
    columns = [encoding.column for encoding in seen.encodings]
    selection = table.complete_rows(columns, seen.target_name, seen.encodings)
    return _Judged(selection.dataset, selection.num_left_out, "data")


def _proposed_rows(options: argparse.Namespace, chosen: TrainingRun) -> _Judged:
    """Return the rows that judge best of those in the project; say which they are."""
    if selection_of_project(options.project).test is not None:
        judged = _test_rows(options, chosen)
        say(f"judged on the {len(judged.dataset):,} rows kept for the test")
        return judged
    judged = _validation_rows(options, chosen)
    say(f"judged on the {len(judged.dataset):,} validation rows, which chose the epoch; no rows are kept for the test")
    return judged


def _test_rows(options: argparse.Namespace, chosen: TrainingRun) -> _Judged:
    selection = selection_of_project(options.project)
    if selection.test is None:
        message = f"{options.project} keeps no rows for the test."
        raise DataError(message, "Give mdn fit a test set, such as --test-fraction 0.2.")
    if not chosen.can_read(selection.dataset):
        message = f"Run {chosen.number} reads other columns than {options.project} takes now."
        raise DataError(message, "Choose another run with --run, or name a file with its columns as DATA.")
    if not chosen.saw(selection.dataset):
        say(f"Run {chosen.number} learned from other rows than are taken now: some of the test may be among them.")
    return _Judged(selection.test, 0, "test")


def _validation_rows(options: argparse.Namespace, chosen: TrainingRun) -> _Judged:
    dataset = selection_of_project(options.project).dataset
    if not chosen.saw(dataset):
        message = f"Run {chosen.number} learned from other rows than {options.project} takes now."
        raise DataError(message, "Which it held out is not known; name a file as DATA.")
    _, held_out = split_of_run(chosen.model.training_config, len(dataset))
    if len(held_out) < 2:
        message = f"Run {chosen.number} held out {len(held_out)} rows."
        raise DataError(message, "Train with a greater --validation-fraction, or name a file as DATA.")
    rows = Dataset(
        dataset.x[held_out],
        dataset.y[held_out],
        dataset.input_names,
        dataset.target_name,
        dataset.source,
        dataset.encodings,
    )
    return _Judged(rows, 0, "validation")
