"""The sentences that state what happened, in plain words."""

from html import escape

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics, StopReason
from mdn_gui.core.table import Selection
from mdn_gui.session.messages import Phase, RunState
from mdn_gui.ui.numbers import fixed, reader_locale

_ROWS_LISTED = 12


def _tr(text: str) -> str:
    return QCoreApplication.translate("Texts", text)


def tip_text(text: str) -> str:
    """Return ``text``, which may come from a file, for a tool tip: Qt would take tags in it for formatting."""
    return f"<qt>{escape(text)}</qt>".replace("\n", "<br>") if text else ""


def rows_text(count: int) -> str:
    """Return such as "2,000 rows"."""
    return _tr("{count} rows").format(count=_grouped(count))


def left_out_text(selection: Selection) -> str:
    """Return such as "12 left out"."""
    return _tr("{count} left out").format(count=_grouped(selection.num_left_out))


def left_out_tip(selection: Selection) -> str:
    """Return one line a reason, with the first rows."""
    lines = []
    for group in selection.left_out:
        rows = ", ".join(map(str, group.rows[:_ROWS_LISTED])) + (", …" if len(group.rows) > _ROWS_LISTED else "")
        lines.append(
            _tr("{count}: {reason} (rows {rows})").format(count=len(group.rows), reason=group.reason, rows=rows)
        )
    return "\n".join(lines) or _tr("Every row is used.")


def phase_text(phase: Phase) -> str:
    """Return what happens before the first epoch."""
    return {
        Phase.LOADING: _tr("Loading TensorFlow (once per start, about ten seconds) …"),
        Phase.COMPILING: _tr("Compiling …"),
    }[phase]


def progress_text(metrics: EpochMetrics) -> str:
    """Return the state of a run in one line."""
    parts = [_tr("Training"), _tr("epoch {epoch}/{epochs}").format(epoch=metrics.epoch, epochs=metrics.epochs)]
    if metrics.validation_nll is None:
        parts.append(_tr("train NLL {nll}").format(nll=fixed(metrics.train_nll, 3)))
    else:
        parts.append(
            _tr("best {epoch} (validation NLL now {nll})").format(
                epoch=metrics.best_epoch, nll=fixed(metrics.validation_nll, 3)
            )
        )
    if metrics.patience is not None:
        parts.append(
            _tr("{since}/{patience} since best").format(since=metrics.epochs_since_best, patience=metrics.patience)
        )
    parts.append(_tr("≤ {seconds} s left").format(seconds=max(round(metrics.seconds_left_at_most), 1)))
    return " · ".join(parts)


def end_text(model: FittedModel) -> str:
    """Return why a run ended, what was kept, how long it took."""
    history = model.history
    if history is None:
        return ""
    if not history.epochs:
        return _tr(
            "Stopped before the first epoch: the model is the starting point. Press Train to learn from the data."
        )
    reasons = {
        StopReason.COMPLETED: _tr("Finished all {epochs} epochs."),
        StopReason.PATIENCE: _tr("Stopped early: no better validation NLL for {patience} epochs."),
        StopReason.STOPPED: _tr("Stopped by you after {epochs} epochs."),
        StopReason.DIVERGED: _tr("Stopped: the steps became too large. Train again with a smaller learning rate."),
    }
    since = history.epochs - history.best_epoch
    reason = reasons[history.stop_reason].format(epochs=_grouped(history.epochs), patience=_grouped(since))
    which = _tr("validation NLL") if history.validation_nll else _tr("train NLL")
    kept = _tr("Kept epoch {epoch} ({which} {nll}).").format(
        epoch=_grouped(history.best_epoch), which=which, nll=fixed(history.best_nll, 3)
    )
    return f"{reason} {kept}  {fixed(history.seconds, 1)} s"


def state_text(state: RunState) -> str:
    """Return what a person can do now."""
    return {
        RunState.NO_DATA: _tr("Open a table or choose a sample to begin."),
        RunState.DATA: _tr("Ready. Press Train (F5)."),
        RunState.PREPARING: _tr("Preparing …"),
        RunState.TRAINING: _tr("Training …"),
        RunState.STOPPING: _tr("Stopping …"),
        RunState.FITTED: _tr("Move over the plot to read the mixture at x."),
    }[state]


def _grouped(count: int) -> str:
    locale = reader_locale()
    locale.setNumberOptions(locale.NumberOption.DefaultNumberOptions)
    return locale.toString(count)
