"""What the legend of the loss plot says: the run shown, the runs laid over it, their values under the mouse."""

import math
from html import escape

from PySide6.QtCore import QCoreApplication

from mdn_gui.ui.loss.others import OtherRun
from mdn_gui.ui.loss.plot import LossPlot
from mdn_gui.ui.loss.record import RunRecord
from mdn_gui.ui.loss.texts import epoch_text
from mdn_gui.ui.numbers import fixed, significant
from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import Theme

_GREAT_NLL = 1e6
_LONGEST_NAME = 24
_GAP = " &nbsp; "


def _tr(text: str) -> str:
    return QCoreApplication.translate("Loss", text)


def values_text(plot: LossPlot, epoch: int, theme: Theme, called: str = "") -> str:
    """Return the legend of the run shown, rich text; with its values after an epoch, where that is not 0.

    ``called`` is the name of that run; empty for the run under way.
    """
    record = plot.record
    note = f"{_in(theme.accent, '★')} {_tr('best')}"
    if epoch:
        star = " ★" if epoch == record.best_epoch else ""
        last = plot.last_epoch if epoch <= plot.last_epoch else plot.last_drawn
        note = _in(theme.muted, epoch_text(epoch, last) + star)
    if plot.is_difference:
        told = [f"{_in(theme.muted, '━')} {_tr('0 is the run shown: NLL of each other run minus its own')}"]
        return _GAP.join((*told, note) if epoch else told)
    told = []
    for colour, name, values in (
        (theme.train, _tr("train"), record.train),
        (theme.accent, _tr("validation"), record.validation),
    ):
        if values is None and len(record):
            continue
        is_known = epoch and len(record) and record.epochs[0] <= epoch <= record.epochs[-1]
        value = f" {_nll_text(float(values[record.nearest(epoch)]))}" if is_known and values is not None else ""
        told.append(f"{_in(colour, '━')} {name}{value}")
    who = f"{escape(one_line(called, _LONGEST_NAME))}: " if called and told else ""
    return who + _GAP.join((*told, note))


def others_text(plot: LossPlot, epoch: int, theme: Theme) -> str:
    """Return the legend of the other runs, rich text: their NLL after an epoch, or at the best epoch for 0.

    Those that are not judged on the rows of the run shown come last, behind the words that say so.
    """
    own = plot.record if plot.is_difference and len(plot.record) else None
    own_best = _best(own) if own is not None else 0.0
    words: list[str] = []
    for remark in sorted({run.remark for run in plot.others.runs}):
        told = [
            _told(
                run,
                _number(run.value_at(epoch, own)) if epoch else f"★&nbsp;{_number(_best(run.record) - own_best)}",
                theme,
            )
            for run in plot.others.runs
            if run.remark == remark
        ]
        heading = f"{_in(theme.muted, escape(remark) + ':')} " if remark else ""
        words.append(heading + _GAP.join(told))
    return _GAP.join(words)


def _best(record: RunRecord) -> float:
    """Return the NLL at the best epoch; NaN where there is none."""
    return math.nan if record.best is None else float(record.judged[record.best])


def _told(run: OtherRun, value: str, theme: Theme) -> str:
    """Return the sign, the name, the value of a run, which stay on one line."""
    name = escape(one_line(run.name, _LONGEST_NAME)).replace(" ", "&nbsp;")
    return f"{_in(theme.run(run.number).name(), '╍' if run.remark else '━')}&nbsp;{name}&nbsp;{value}"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else _nll_text(value)


def _in(colour: str, text: str) -> str:
    return f'<span style="color:{colour}">{text}</span>'


def _nll_text(nll: float) -> str:
    return fixed(nll, 4) if abs(nll) < _GREAT_NLL else significant(nll, 6)
