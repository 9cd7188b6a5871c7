"""The columns of the list of runs, declared once."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.numbers import fixed, grouped
from mdn_gui.ui.runs.shown import RunsShown, validation_nll
from mdn_gui.ui.runs.texts import (
    difference_text,
    local_time,
    name_text,
    nll_text,
    origin_text,
    reason_text,
    rows_text,
)
from mdn_gui.ui.texts import end_text, one_line

_NONE = float("nan")


class Place(enum.IntEnum):
    """Where each column stands."""

    STAR = 0
    OVERLAY = 1
    MARK = 2
    PICTURE = 3
    NUMBER = 4
    NAME = 5
    COMPONENTS = 6
    NLL = 7
    DIFFERENCE = 8
    EPOCHS = 9
    REASON = 10
    SECONDS = 11
    ENDED = 12
    ORIGIN = 13
    ROWS = 14
    NOTES = 15


PAINTED = frozenset({Place.STAR, Place.OVERLAY, Place.MARK, Place.PICTURE})
"""Columns without a text that is seen."""
EDITED = frozenset({Place.NAME, Place.NOTES})
"""Columns in which a person writes."""

Key = float | str
"""What a column is sorted by: NaN and "" come last."""


@dataclass(frozen=True, eq=False)
class RunColumn:
    """One column.

    Parameters
    ----------
    title, tip : str
        Above it; what it means.
    text : callable
        What is written in it; of a painted column what is read aloud.
    key : callable
        What it is sorted by: a number for numbers, a text otherwise.
    cell_tip : callable, optional
        What is told of a cell.
    is_number : bool
        Whether it is set to the right.
    """

    title: str
    tip: str
    text: Callable[[TrainingRun, RunsShown], str]
    key: Callable[[TrainingRun, RunsShown], Key]
    cell_tip: Callable[[TrainingRun], str] = lambda _: ""
    is_number: bool = False


def _tr(text: str) -> str:
    return QCoreApplication.translate("Runs", text)


def run_columns() -> tuple[RunColumn, ...]:
    """Return the columns in the order of :class:`Place`."""
    return (*_marks(), *_figures(), *_origins())


def _marks() -> tuple[RunColumn, ...]:
    return (
        RunColumn("★", _tr("Starred (S)"), _star_text, lambda run, _: 1.0 if run.is_starred else _NONE),
        RunColumn("", _tr("Laid over the run shown (Space)"), _overlay_text, _overlay_key),
        RunColumn(
            "",
            _tr("▸ the run that is shown; Δ the one that the layer “difference” of the fit subtracts from it"),
            _mark_text,
            _mark_key,
        ),
        RunColumn(
            "",
            _tr("p(y given x) along the first input, the others at their middle, with the component means"),
            lambda _run, _shown: "",
            lambda run, _: run.number,
        ),
        RunColumn(_tr("no."), _tr("Number of the run"), lambda run, _: str(run.number), _number, is_number=True),
        RunColumn(_tr("name"), _tr("F2 renames"), lambda run, _: name_text(run), _name_key, lambda run: run.name),
    )


def _figures() -> tuple[RunColumn, ...]:
    return (
        RunColumn(
            "K",
            _tr("Components of the mixture"),
            lambda run, _: str(run.model.num_components),
            lambda run, _: run.model.num_components,
            is_number=True,
        ),
        RunColumn(
            _tr("validation NLL"),
            _tr("Mean over the held-out rows, nats a row; smaller is better. Empty where no rows were held out"),
            lambda run, _: nll_text(validation_nll(run)),
            lambda run, _: validation_nll(run),
            is_number=True,
        ),
        RunColumn(
            _tr("NLL − shown"),
            _tr(
                "Validation NLL less that of the run shown: negative is better. Empty where they were not judged on "
                "the same rows"
            ),
            lambda run, shown: difference_text(shown.nll_difference(run)),
            lambda run, shown: shown.nll_difference(run),
            is_number=True,
        ),
        RunColumn(_tr("epochs"), _tr("The best epoch of those trained"), _epochs_text, _epochs_key, is_number=True),
        RunColumn(_tr("end"), _tr("Why it stopped"), _reason_text, _reason_text, _end_tip),
        RunColumn(_tr("seconds"), _tr("How long it took"), _seconds_text, _seconds_key, is_number=True),
    )


def _origins() -> tuple[RunColumn, ...]:
    return (
        RunColumn(_tr("ended"), _tr("When it ended, local time"), _ended_text, lambda run, _: run.ended),
        RunColumn(
            _tr("from"),
            _tr("The run that it continues; the sweep that it belongs to"),
            lambda run, _: origin_text(run),
            lambda run, _: float(run.continues or run.sweep) or _NONE,
        ),
        RunColumn(
            _tr("data"),
            _tr("Whether it learned from the rows that are open"),
            lambda run, shown: rows_text(shown.rows_of(run)),
            lambda run, shown: rows_text(shown.rows_of(run)),
            lambda run: one_line(run.model.provenance.source),
        ),
        RunColumn(
            _tr("notes"),
            _tr("What you write about it"),
            lambda run, _: one_line(run.notes),
            lambda run, _: run.notes.casefold(),
            lambda run: run.notes,
        ),
    )


def _number(run: TrainingRun, _: RunsShown) -> Key:
    return run.number


def _name_key(run: TrainingRun, _: RunsShown) -> Key:
    return run.name.casefold()


def _star_text(run: TrainingRun, _: RunsShown) -> str:
    return _tr("starred") if run.is_starred else _tr("not starred")


def _overlay_text(run: TrainingRun, shown: RunsShown) -> str:
    return _tr("laid over") if run.number in shown.ticked else _tr("not laid over")


def _overlay_key(run: TrainingRun, shown: RunsShown) -> Key:
    return 1.0 if run.number in shown.ticked else _NONE


def _mark_text(run: TrainingRun, shown: RunsShown) -> str:
    if run.number == shown.shown:
        return _tr("shown")
    return _tr("subtracted") if run.number == shown.chosen else ""


def _mark_key(run: TrainingRun, shown: RunsShown) -> Key:
    return {shown.shown: 2.0, shown.chosen: 1.0}.get(run.number, _NONE)


def _epochs_text(run: TrainingRun, _: RunsShown) -> str:
    history = run.model.history
    return "" if history is None else f"{grouped(history.best_epoch)} / {grouped(history.epochs)}"


def _epochs_key(run: TrainingRun, _: RunsShown) -> Key:
    history = run.model.history
    return _NONE if history is None else history.best_epoch


def _reason_text(run: TrainingRun, _: RunsShown) -> str:
    history = run.model.history
    return "" if history is None else reason_text(history.stop_reason)


def _end_tip(run: TrainingRun) -> str:
    return end_text(run.model)


def _seconds_text(run: TrainingRun, _: RunsShown) -> str:
    history = run.model.history
    return "" if history is None else fixed(history.seconds, 1)


def _seconds_key(run: TrainingRun, _: RunsShown) -> Key:
    history = run.model.history
    return _NONE if history is None else history.seconds


def _ended_text(run: TrainingRun, _: RunsShown) -> str:
    return local_time(run.ended)
