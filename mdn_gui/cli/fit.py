"""``mdn fit``: train a model, keep it in a project."""

import argparse
from dataclasses import replace
from pathlib import Path

from mdn_gui.cli.beginning import Beginning, add_data, begin, with_runs
from mdn_gui.cli.fitting import trained
from mdn_gui.cli.output import put_json, say, written
from mdn_gui.cli.projects import check_project_place, chosen_run, facts_of_run, save
from mdn_gui.cli.setting_options import add_settings, changed, settings_asked
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.endings import ending_text
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.errors import ConfigError, DataError
from mdn_gui.session.settings import continuing, refuse_impossible

SUMMARY = "train a model on a table, keep it in a project"
EXAMPLES = (
    "mdn fit data.csv --x dose,age --y response -o dose.mdn",
    "mdn fit dose.mdn --components 3 --seed 1 --name three -o dose.mdn",
)

_NEWEST = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    add_data(parser)
    parser.add_argument(
        "--continue",
        dest="continued",
        metavar="RUN",
        type=_number,
        nargs="?",
        const=_NEWEST,
        help="train a run of the project DATA further; the one that is shown by default",
    )
    parser.add_argument("--name", default="", help="what the run is called")
    parser.add_argument("--notes", default="", help="what there is to say about it")
    add_settings(parser)


def run(options: argparse.Namespace) -> None:
    """Train, write the project, tell what was kept."""
    check_project_place(options.output, options.data, overwrite=options.overwrite)
    beginning = begin(options)
    origin = _origin(options, beginning)
    configs = _settings(options, beginning, origin)
    refuse_impossible(beginning.selection, configs[0])
    model = trained(beginning.selection.dataset, *configs, origin.model if origin else None)
    number = beginning.project.runs_made + 1
    ended = TrainingRun.just_ended(number, model, continues=origin.number if origin else 0)
    ended = replace(ended, name=options.name, notes=options.notes)
    kept_before = Path(options.output).exists()
    project = with_runs(beginning.project, (ended,), number, without_rows=options.without_rows)
    save(options.output, project)
    say(f"{ending_text(model)}; saved in {options.output}" + (_BACKUP.format(options.output) if kept_before else ""))
    if options.json:
        put_json(written(options.output, run=facts_of_run(ended)))


_BACKUP = ", the file before it in {}.bak"


def _number(text: str) -> int:
    if text.isdecimal() and int(text) > 0:
        return int(text)
    hint = "Write a number after it, or put DATA before --continue."
    raise ConfigError(f"--continue: {text!r} is not the number of a run.", hint)


def _origin(options: argparse.Namespace, beginning: Beginning) -> TrainingRun | None:
    """Return the run that is continued; None for a run that begins anew."""
    if options.continued is None:
        return None
    number = None if options.continued == _NEWEST else options.continued
    origin = chosen_run(beginning.project, options.data, number)
    if not origin.saw(beginning.selection.dataset):
        message = f"Run {origin.number} learned from other rows: it cannot be continued with these."
        raise DataError(
            message, "Leave out the options that change rows or columns, or train anew, without --continue."
        )
    return origin


def _settings(
    options: argparse.Namespace, beginning: Beginning, origin: TrainingRun | None
) -> tuple[ModelConfig, TrainingConfig]:
    base = beginning.project.model_config, beginning.project.training_config
    if origin is None:
        return settings_asked(options, base)
    if options.preset is not None:
        raise ConfigError("A run is continued with its own settings.", "Leave out --preset.")
    finished = origin.model
    own = continuing(base[1], finished.training_config)  # its split stays, so that no held-out row is learned from
    return changed(finished.model_config, options), changed(own, options)
