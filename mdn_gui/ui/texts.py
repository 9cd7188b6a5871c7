"""The sentences that state what happened, in plain words."""

import math
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.config import settings_text
from mdn_gui.core.findings import Finding, Mend
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.core.score import Score
from mdn_gui.core.selection import Selection
from mdn_gui.session.messages import Notice, Phase, RunState, Severity
from mdn_gui.ui.numbers import counted, fixed, grouped, precise, significant

_ROWS_LISTED = 12
_GREAT_NLL = 1e6


def _tr(text: str) -> str:
    return QCoreApplication.translate("Texts", text)


def tip_text(text: str) -> str:
    """Return ``text``, which may come from a file, for a tool tip: Qt would take tags in it for formatting."""
    return f"<qt>{escape(text)}</qt>".replace("\n", "<br>") if text else ""


def one_line(text: str, longest: int = 200) -> str:
    """Return a text from a file on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def rows_text(count: int) -> str:
    """Return such as "2,000 rows"."""
    return counted(count, _tr("{count} row"), _tr("{count} rows"))


def left_out_text(selection: Selection) -> str:
    """Return such as "12 left out"."""
    return _tr("{count} left out").format(count=grouped(selection.num_left_out))


def left_out_tip(selection: Selection) -> str:
    """Return one line a reason, with the first rows."""
    lines = []
    for group in selection.left_out:
        rows = ", ".join(map(str, group.rows[:_ROWS_LISTED])) + (", …" if len(group.rows) > _ROWS_LISTED else "")
        one, many = _tr("{count}: {reason} (row {rows})"), _tr("{count}: {reason} (rows {rows})")
        lines.append(counted(len(group.rows), one, many, reason=group.reason, rows=rows))
    return "\n".join(lines) or _tr("Every row is used.")


def remarks_text(count: int) -> str:
    """Return such as "2 remarks on the data"."""
    return counted(count, _tr("{count} remark on the data"), _tr("{count} remarks on the data"))


def mend_text(finding: Finding) -> str:
    """Return what the button of a finding does."""
    return {
        None: "",
        Mend.DROP_INPUTS: _tr("Drop from the inputs"),
        Mend.EXCLUDE_ROWS: _tr("Exclude the repeats"),
        Mend.SELECT_ROWS: _tr("Show these rows"),
        Mend.NO_TRANSFORM: _tr("Set the transform to none"),
        Mend.SET_COMPONENTS: _tr("Set K to {count}").format(count=finding.num_components),
    }[finding.mend]


def changed_notice(path: Path) -> Notice:
    """Return what a person should know, and can do, when the open file holds something new."""
    return Notice(
        _tr("{name} has changed on disk.").format(name=path.name),
        _tr("The rows in the window are those that were read before. Fits stay with the data they learned from."),
        Severity.INFO,
        action="reload_file",
    )


def vanished_notice(path: Path) -> Notice:
    """Return what a person should know when the open file is gone."""
    return Notice(
        _tr("{name} is no longer in its place, or cannot be reached.").format(name=path.name),
        _tr("The rows stay open here. They can be learned from, but not be read again."),
        Severity.INFO,
        details=str(path),
    )


def score_text(score: Score) -> str:
    """Return such as "Test NLL 0.231 ± 0.012, 200 rows never trained on"."""
    rows = _tr("{rows} never trained on").format(rows=rows_text(score.num_rows))
    if not math.isfinite(score.nll.value):
        return _tr("Test NLL infinite: the density is 0 at a row of the test, {rows}").format(rows=rows)
    error = score.nll.standard_error
    if not math.isfinite(error) or abs(score.nll.value) >= _GREAT_NLL:
        return _tr("Test NLL {nll}, {rows}").format(nll=_nll_text(score.nll.value), rows=rows)
    decimals = max(1 - math.floor(math.log10(error)), 3) if error > 0.0 else 3  # two digits of the error at least
    nll = f"{fixed(score.nll.value, decimals)} ± {fixed(error, decimals)}"
    return _tr("Test NLL {nll}, {rows}").format(nll=nll, rows=rows)


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
    if not history.epochs and history.stop_reason is StopReason.STOPPED:
        return _tr(
            "Stopped before the first epoch: the model is the starting point. Press Train to learn from the data."
        )
    sentences = [_reason_text(history)]
    if history.rollbacks and history.stop_reason is not StopReason.DIVERGED:
        sentences.append(
            _tr("The rate was halved {times} after unstable steps.").format(times=_times_text(history.rollbacks))
        )
    sentences.append(_kept_text(model, history))
    return f"{' '.join(sentences)}  {fixed(history.seconds, 1)} s"


def _reason_text(history: TrainingHistory) -> str:
    if history.stop_reason is StopReason.DIVERGED:
        return _tr("Stopped: the run diverged, even after the rate was halved again and again.")
    if history.stop_reason is StopReason.INTERRUPTED:
        one = _tr("Interrupted after {count} epoch: the program ended, what it had reached was recovered.")
        many = _tr("Interrupted after {count} epochs: the program ended, what it had reached was recovered.")
        return counted(history.epochs, one, many)
    since_best = history.epochs - history.best_epoch
    if history.stop_reason is StopReason.PATIENCE and (history.distilled or history.kept_nll is not None):
        return _tr("Stopped early: no better validation NLL followed.")  # the best epoch is that of another network
    if history.stop_reason is StopReason.PATIENCE:
        one = _tr("Stopped early: no better validation NLL for {count} epoch.")
        many = _tr("Stopped early: no better validation NLL for {count} epochs.")
        return counted(since_best, one, many)
    if history.stop_reason is StopReason.STOPPED:
        one, many = _tr("Stopped by you after {count} epoch."), _tr("Stopped by you after {count} epochs.")
    else:
        one, many = _tr("Finished the only epoch."), _tr("Finished all {count} epochs.")
    return counted(history.epochs, one, many)


def _kept_text(model: FittedModel, history: TrainingHistory) -> str:
    if not history.epochs:
        return _tr("The model is the starting point.")
    which = _tr("validation NLL") if history.validation_nll else _tr("train NLL")
    nll, members = f"{which} {_nll_text(history.best_nll)}", len(model.network.members)
    if members > 1:
        text = _tr("Kept the average of {members} networks, {components} ({nll}).")
        components = counted(model.num_components, _tr("{count} component"), _tr("{count} components"))
        return text.format(members=members, components=components, nll=nll)
    if history.distilled:
        return _tr(
            "Kept what was learned from the joint Gaussian mixture: with so few rows it is as good on the held-out "
            "rows ({nll})."
        ).format(nll=nll)
    if history.best_epoch == 0:
        return _tr("Kept the starting point: no epoch was better ({nll}).").format(nll=nll)
    return _tr("Kept epoch {epoch} ({nll}).").format(epoch=grouped(history.best_epoch), nll=nll)


def _nll_text(nll: float) -> str:
    return fixed(nll, 3) if abs(nll) < _GREAT_NLL else significant(nll)


def _times_text(count: int) -> str:
    if count <= 2:
        return _tr("once") if count == 1 else _tr("twice")
    return _tr("{count} times").format(count=grouped(count))


def has_diverged(model: FittedModel | None) -> bool:
    """Return whether ``model`` is what a run kept that diverged."""
    history = model.history if model is not None else None
    return history is not None and history.stop_reason is StopReason.DIVERGED


def divergence_notice(model: FittedModel) -> Notice:
    """Return what a person should know, and can do, after a run that diverged."""
    rate = precise(model.training_config.learning_rate)
    return Notice(
        _tr("The run diverged at learning rate {rate}.").format(rate=rate),
        _tr(
            "The loss rose far, or was no longer finite, even after the rate was halved again and again. The best "
            "weights before that were kept."
        ),
        details="\n".join(settings_text(model.model_config, model.training_config)),
        action="retry_slower",
    )


def state_text(state: RunState) -> str:
    """Return what a person can do now."""
    return {
        RunState.NO_DATA: _tr("Open a table or choose a sample to begin."),
        RunState.DATA: _tr("Ready. Press Train (F5)."),
        RunState.PREPARING: _tr("Preparing …"),
        RunState.TRAINING: _tr("Training …"),
        RunState.STOPPING: _tr("Stopping …"),
        RunState.FITTED: _tr("Move over the plot to read the mixture at x."),
        RunState.SWEEPING: _tr("A sweep is under way …"),
    }[state]


def set_aside_notice(path: Path) -> Notice:
    """Return what is told once where the preferences could not be read."""
    message = _tr("The preferences could not be read; those of the factory hold.")
    hint = _tr("The file is kept as {name}. Choose your preferences anew in Edit > Preferences.")
    return Notice(message, hint.format(name=one_line(path.name)), Severity.INFO, details=str(path))
