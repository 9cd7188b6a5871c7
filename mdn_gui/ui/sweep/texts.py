"""What is said of a sweep."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.sweep import FailedRun, SweepPlan, SweepPoint, SweepResult, SweepRun
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.messages import SweepProgress
from mdn_gui.ui.numbers import counted, fixed, grouped, significant

_GREAT = 1e6
_FAILURES_LISTED = 12
_MINUTE, _HOUR = 60, 3600


def _tr(text: str) -> str:
    return QCoreApplication.translate("Sweep", text)


def nll_text(nll: float) -> str:
    """Return an NLL, nats a row, with three decimals."""
    if math.isinf(nll):
        return _tr("infinite")
    return fixed(nll, 3) if abs(nll) < _GREAT else significant(nll)


def excess_text(excess: Estimate) -> str:
    """Return such as "0.012 ± 0.004"; without the error where the rows do not tell it."""
    if not math.isfinite(excess.value):
        return _tr("infinite") if math.isinf(excess.value) else "–"
    if not math.isfinite(excess.standard_error):
        return nll_text(excess.value)
    return f"{nll_text(excess.value)} ± {nll_text(excess.standard_error)}"


def duration_text(seconds: float) -> str:
    """Return such as "12 s", "3 min", "1 h 20 min"."""
    if not math.isfinite(seconds):
        return "–"
    if seconds < 1.5 * _MINUTE:
        return _tr("{count} s").format(count=max(round(seconds), 1))
    if seconds < _HOUR:
        return _tr("{count} min").format(count=round(seconds / _MINUTE))
    hours, rest = divmod(round(seconds / _MINUTE), _MINUTE)
    return _tr("{hours} h {minutes} min").format(hours=grouped(hours), minutes=rest)


def runs_text(count: int) -> str:
    """Return such as "24 runs"."""
    return counted(count, _tr("{count} run"), _tr("{count} runs"))


def plan_text(plan: SweepPlan, seconds: float) -> str:
    """Return how much a plan asks for.

    Parameters
    ----------
    plan : SweepPlan
        What is to be run.
    seconds : float
        What one run takes, roughly; NaN where that is not known.
    """
    values = counted(len(plan.components), _tr("{count} value of K"), _tr("{count} values of K"))
    seeds = counted(len(plan.seeds), _tr("{count} seed"), _tr("{count} seeds"))
    text = _tr("{values} × {seeds} = {runs}").format(values=values, seeds=seeds, runs=runs_text(len(plan)))
    if not math.isfinite(seconds):
        return text
    return _tr("{runs}, about {time}").format(runs=text, time=duration_text(seconds * len(plan)))


def progress_text(progress: SweepProgress) -> str:
    """Return how far a sweep is, in one line."""
    run = _tr("Run {place} of {runs}").format(place=grouped(progress.place), runs=grouped(progress.runs))
    parts = [run, _tr("K = {k}, seed {seed}").format(k=progress.num_components, seed=progress.seed)]
    if progress.epochs:
        epochs = {"epoch": grouped(progress.epoch), "epochs": grouped(progress.epochs)}
        parts.append(_tr("epoch {epoch}/{epochs}").format(**epochs))
    if not math.isnan(progress.best_nll):
        parts.append(_tr("best validation NLL so far {nll}").format(nll=nll_text(progress.best_nll)))
    if math.isfinite(progress.seconds_left):
        parts.append(_tr("about {time} left").format(time=duration_text(progress.seconds_left)))
    return " · ".join(parts)


def end_text(number: int, finished: int, failed: int, planned: int, result: SweepResult | None) -> str:
    """Return how a sweep ended, in one line.

    Parameters
    ----------
    number : int
        Of the sweep.
    finished, failed, planned : int
        Numbers of runs.
    result : SweepResult or None
        What the finished runs say.
    """
    if finished + failed < planned:
        text = _tr("Sweep stopped after {count} of {runs}")
        return text.format(count=grouped(finished + failed), runs=runs_text(planned))
    runs = runs_text(finished)
    if failed:
        runs = _tr("{runs}, {count} failed").format(runs=runs, count=grouped(failed))
    text = _tr("Sweep {number}: {runs}").format(number=number, runs=runs)
    if result is None or not math.isfinite(result.best.nll.value):
        return text
    names = {"best": result.best.num_components, "k": result.recommended.num_components}
    if result.best is result.recommended:
        return f"{text}; {_tr('best and recommended K = {k}').format(**names)}"
    return f"{text}; {_tr('best K = {best}, recommended K = {k}').format(**names)}"


def taken_text(run: SweepRun, *, is_only_k: bool) -> str:
    """Return that a run is shown, what of it is taken for the next one."""
    text = _tr("Run {number} (K = {k}, seed {seed}) is shown; its K is taken for the next run.")
    if not is_only_k:
        text = _tr("Run {number} (K = {k}, seed {seed}) is shown; its settings are taken for the next run.")
    return text.format(number=run.number, k=run.num_components, seed=run.seed)


def better_text(run: TrainingRun) -> str:
    """Return that a run outside of a sweep is better than all of it."""
    text = _tr("Run {number} (K = {k}) is better still: {nll}.")
    return text.format(number=run.number, k=run.model.model_config.num_components, nll=nll_text(run.nll))


def advice_text(result: SweepResult, better: str = "") -> str:
    """Return which K to take, and why; ``better`` is a sentence on a run outside of the sweep."""
    sentences = [_choice_text(result), *([better] if better else [])]
    greatest = result.points[-1]
    if result.recommended is greatest and len(result.points) > 1:
        sentences.append(_tr("It is the greatest K that was tried: greater ones may be better still."))
    if len(result.recommended.runs) > 1 and math.isfinite(result.recommended.seed_spread):
        text = _tr("From seed to seed its NLL differs by an sd of {spread}.")
        sentences.append(text.format(spread=nll_text(result.recommended.seed_spread)))
    if result.failures:
        sentences.append(counted(len(result.failures), _tr("{count} run failed."), _tr("{count} runs failed.")))
    return " ".join(sentences)


def _choice_text(result: SweepResult) -> str:
    best, recommended = result.best, result.recommended
    names = {"k": str(recommended.num_components), "best": str(best.num_components)}
    if len(result.points) == 1:
        return _tr("Only K = {k} has finished: there is no other to compare it with.").format(**names)
    if not math.isfinite(best.nll.value):
        return _tr("No K gives every held-out row a density above 0, so none can be recommended.")
    return _comparison_text(result).format(**names)


def _comparison_text(result: SweepResult) -> str:
    """Return the sentence with "{k}", "{best}" in it."""
    best, recommended = result.best, result.recommended
    excess, nll = result.excesses[recommended], excess_text(best.nll)
    if best is recommended and best is result.points[0]:
        return _tr("Take K = {k}: no greater K has a lower validation NLL ({nll}).").replace("{nll}", nll)
    if best is recommended:
        text = _tr("Take K = {k}: the best validation NLL, {nll}; no smaller K is within one standard error of it.")
        return text.replace("{nll}", nll)
    if not math.isfinite(excess.standard_error):
        return _tr("Take K = {k}: there are too few held-out rows to tell it from K = {best}.")
    if excess.value <= 0.0:
        return _tr("Take K = {k}: it is as good as K = {best}.")
    text = _tr("Take K = {k}: within one standard error of the best, K = {best} (NLL higher by {excess}).")
    return text.replace("{excess}", excess_text(excess))


def point_text(point: SweepPoint, result: SweepResult) -> str:
    """Return what the mark of a K shows."""
    text = _tr("K = {k}: validation NLL {nll}").format(k=point.num_components, nll=excess_text(point.nll))
    if point is result.best:
        return f"{text} · {_tr('the best')}"
    excess = result.excesses[point]
    return f"{text} · {_tr('{excess} above the best').format(excess=excess_text(excess))}"


def failures_tip(failures: Sequence[FailedRun]) -> str:
    """Return one line for each run that came to nothing."""
    line = _tr("K = {k}, seed {seed}: {reason}")
    some = [line.format(k=each.num_components, seed=each.seed, reason=each.reason) for each in failures]
    return "\n".join(some[:_FAILURES_LISTED] + ["…"] * (len(some) > _FAILURES_LISTED))
