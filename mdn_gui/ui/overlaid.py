"""The runs that a person has laid over the one shown, what they are called in plots."""

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.run_list import RunList

MOST_OVERLAID = 8
"""More runs than this are not drawn at once: those ticked last are."""


def run_name(run: TrainingRun) -> str:
    """Return what a person calls a run, else such as "run 3"; plain text, as long as it is."""
    return run.name.strip() or QCoreApplication.translate("Overlaid", "run {number}").format(number=run.number)


def overlaid(runs: RunList, shown: object) -> tuple[TrainingRun, ...]:
    """Return the newest of the runs that are ticked, in the order of their numbers, without that of a model shown."""
    ticked = [run for number in runs.ticked if (run := runs.run(number)) is not None and run.model is not shown]
    return tuple(sorted(ticked[-MOST_OVERLAID:], key=lambda run: run.number))
