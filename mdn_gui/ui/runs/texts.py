"""What is written about a run."""

import math
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.metrics import StopReason
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.run_list import LONGEST_NAME
from mdn_gui.ui.numbers import fixed, grouped, significant
from mdn_gui.ui.runs.shown import Rows
from mdn_gui.ui.texts import one_line

_JOINERS = "\u200c\u200d"
"""Not printable, yet part of words in several scripts."""
_GREAT_NLL = 1e6


def _tr(text: str) -> str:
    return QCoreApplication.translate("Runs", text)


def clean_name(text: str) -> str:
    """Return what a person typed as a name: one line, without control characters, cut where it is long."""
    line = " ".join(text[: 100 * LONGEST_NAME].split())
    return "".join(each for each in line if each.isprintable() or each in _JOINERS)[:LONGEST_NAME].strip()


def number_text(number: int) -> str:
    """Return such as "Run 3"."""
    return _tr("Run {number}").format(number=number)


def name_text(run: TrainingRun) -> str:
    """Return what a run is called: by a person, or else by its number."""
    return clean_name(one_line(run.name, LONGEST_NAME)) or number_text(run.number)


def reason_text(reason: StopReason) -> str:
    """Return why a run ended, in a word or two."""
    return {
        StopReason.COMPLETED: _tr("finished"),
        StopReason.PATIENCE: _tr("stopped early"),
        StopReason.STOPPED: _tr("by you"),
        StopReason.DIVERGED: _tr("diverged"),
        StopReason.INTERRUPTED: _tr("interrupted"),
    }[reason]


def short_end_text(run: TrainingRun) -> str:
    """Return how a run ended in one short line; "" where that is not known."""
    history = run.model.history
    if history is None:
        return ""
    reason = reason_text(history.stop_reason)
    parts = [reason[:1].upper() + reason[1:]]
    if nll := nll_text(run.nll):
        name = _tr("NLL {nll}") if history.validation_nll else _tr("training NLL {nll}")
        parts.append(name.format(nll=nll))
    epochs = {"best": grouped(history.best_epoch), "epochs": grouped(history.epochs)}
    parts.append(_tr("epoch {best}/{epochs}").format(**epochs))
    parts.append(_tr("{seconds} s").format(seconds=fixed(history.seconds, 1)))
    return " · ".join(parts)


def rows_text(rows: Rows | None) -> str:
    """Return what a run learned from, beside the data that are open."""
    return {
        None: "",
        Rows.THESE: _tr("these rows"),
        Rows.OTHER: _tr("other rows"),
        Rows.OTHER_COLUMNS: _tr("other columns"),
    }[rows]


def origin_text(run: TrainingRun) -> str:
    """Return which run it continues, which sweep it belongs to; empty where it is neither."""
    parts = []
    if run.continues:
        parts.append(_tr("run {number}").format(number=run.continues))
    if run.sweep:
        parts.append(_tr("sweep {number}").format(number=run.sweep))
    return ", ".join(parts)


def local_time(ended: str) -> str:
    """Return a moment, UTC, ISO 8601, as the clock here showed it: such as "2026-11-23 04:10"; "" for none."""
    try:
        return datetime.fromisoformat(ended.replace("Z", "+00:00")).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return ""


def nll_text(nll: float) -> str:
    """Return an NLL with four decimals; "" where there is none."""
    if not math.isfinite(nll):
        return ""
    return fixed(nll, 4) if abs(nll) < _GREAT_NLL else significant(nll)


def difference_text(difference: float) -> str:
    """Return a difference of two NLLs with its sign; "" where there is none."""
    text = nll_text(difference)
    return f"+{text}" if difference > 0 else text
