"""What a calibration means, in plain sentences made by fixed rules."""

import math
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import FEW_ROWS, MASS, MASSES, Calibration, Comparison, Group, Judge
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.encoding import Encoding
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.ui.dates import date_text
from mdn_gui.ui.numbers import counted, decimals_for, fixed, grouped, reader_locale
from mdn_gui.ui.texts import one_line

_CLEAR = 2.0
"""Standard errors from which on a departure is said."""
_CLEAR_OF_MANY = 3.0
"""The same for the worst of up to 8 groups, of which one in three fits would have one beyond 2; for a second look."""
_LEAST_P = 0.01
_LEAST_FOR_HINT = 10
"""Rows from which on the difference of the NLL is told, though no verdict is given."""
_DIGITS_OF_ONE = 6
_LONGEST_NAME = 40


def _tr(text: str) -> str:
    return QCoreApplication.translate("Calibration", text)


def unjudged_text(why: Unjudged) -> str:
    """Return what stands where there is no calibration."""
    return {
        Unjudged.NO_FIT: _tr("Train a model: its held-out rows are judged here."),
        Unjudged.BUSY: _tr("Judging the fit …"),
        Unjudged.OTHER_ROWS: _tr(
            "This fit learned from other rows than those open, so none of these is known to be held out. Train again, "
            "or bring its rows back, to have it judged."
        ),
        Unjudged.FAILED: _tr("The fit could not be judged; the log tells why. It reads as well as before."),
    }[why]


def calibration_text(found: Calibration, place: int | None = None) -> str:
    """Return what a person should believe of the fit.

    Parameters
    ----------
    found : Calibration
        What was judged.
    place : int or None
        Number of the column along which the worst group is named; None for the median of the fit.
    """
    if is_too_few(found):
        sentences = [_too_few_text(found), _hint_text(found) if found.num_rows >= _LEAST_FOR_HINT else ""]
    else:
        sentences = [_intervals_text(found), _place_text(found, place), _rivals_text(found)]
    return " ".join(filter(None, sentences))


def is_too_few(found: Calibration) -> bool:
    """Return whether there are too few rows for a verdict."""
    return found.num_rows < FEW_ROWS


def rows_judged_text(found: Calibration) -> str:
    """Return such as "400 held-out rows" or "10,000 of 200,000 test rows"."""
    one, many = {
        Judge.TEST: (_tr("{count} test row"), _tr("{count} test rows")),
        Judge.VALIDATION: (_tr("{count} held-out row"), _tr("{count} held-out rows")),
        Judge.TRAINING: (_tr("{count} row that it learned from"), _tr("{count} rows that it learned from")),
    }[found.judge]
    rows = counted(found.num_available, one, many)
    if found.num_rows == found.num_available:
        return rows
    return _tr("{count} of {rows}").format(count=grouped(found.num_rows), rows=rows)


def judge_tip(found: Calibration) -> str:
    """Return how far the rows can be trusted as judges."""
    return {
        Judge.TEST: _tr("The rows of the test: the fit neither learned from them nor was chosen by them."),
        Judge.VALIDATION: _tr(
            "The rows that the run held out: the fit did not learn from them, but they chose its epoch, so they are a "
            "little too kind. A test set is stricter."
        ),
        Judge.TRAINING: _tr(
            "No rows were held out, so the fit is judged on rows that it learned from: too kind a judge. Keep a test "
            "set, or set the validation fraction above 0."
        ),
    }[found.judge]


def rival_name(rival: Rival | None) -> str:
    """Return the name of a rival in a table; None is the fit itself."""
    return {
        None: _tr("this fit"),
        Rival.JOINT: _tr("joint mixture"),
        Rival.LINEAR: _tr("straight line"),
        Rival.MIXTURE: _tr("unconditional mixture"),
        Rival.GAUSSIAN: _tr("one Gaussian"),
    }[rival]


def place_name(encoding: Encoding | None) -> str:
    """Return what lies along the x axis: a column, or the median of the fit where there is none."""
    return _tr("median of the fit") if encoding is None else one_line(encoding.label, _LONGEST_NAME)


def range_text(group: Group, encoding: Encoding | None) -> str:
    """Return such as "between 20.0 and 30.0": numbers, dates, the name of a level."""
    if encoding is not None and encoding.levels:
        return one_line(encoding.levels[int(group.centre)], _LONGEST_NAME)
    if group.low == group.high:
        return date_text(group.low, encoding) or reader_locale().toString(group.low, "g", _DIGITS_OF_ONE)
    decimals = max(decimals_for(group.high - group.low) - 1, 0)
    low, high = (date_text(end, encoding) or fixed(end, decimals) for end in (group.low, group.high))
    return _tr("between {low} and {high}").format(low=low, high=high)


def estimate_text(found: Estimate, decimals: int = 3) -> str:
    """Return such as "0.412 ± 0.031"."""
    if math.isinf(found.value):
        return "∞" if found.value > 0 else "−∞"
    if not math.isfinite(found.standard_error):
        return fixed(found.value, decimals)
    return f"{fixed(found.value, decimals)} ± {fixed(found.standard_error, decimals)}"


def decimals_of(found: Estimate) -> int:
    """Return how many decimals show two digits of a standard error, 2 at least."""
    error = found.standard_error
    return min(max(1 - math.floor(math.log10(error)), 2), 12) if 0.0 < error < math.inf else 3


def departure(found: Estimate, nominal: float) -> float:
    """Return by how many standard errors an estimate lies above a nominal value."""
    return (found.value - nominal) / found.standard_error


def is_worse(found: Comparison) -> bool:
    """Return whether the fit has a clearly greater NLL than the rival."""
    gain = found.nll_gain
    return gain.value == -math.inf or gain.value < -_CLEAR * gain.standard_error


def _too_few_text(found: Calibration) -> str:
    one, many = {
        Judge.TEST: (
            _tr("Only {count} row was kept for the test: too few to judge the fit."),
            _tr("Only {count} rows were kept for the test: too few to judge the fit."),
        ),
        Judge.VALIDATION: (
            _tr("Only {count} row was held out: too few to judge the fit."),
            _tr("Only {count} rows were held out: too few to judge the fit."),
        ),
        Judge.TRAINING: (
            _tr("The fit learned from only {count} row: too few to judge it."),
            _tr("The fit learned from only {count} rows: too few to judge it."),
        ),
    }[found.judge]
    return counted(found.num_rows, one, many)


def _hint_text(found: Calibration) -> str:
    """Return the difference between the NLL of the fit, that of the best rival, without a verdict; "" without one."""
    told = {rival: each for rival, each in found.rivals.items() if math.isfinite(each.nll_gain.standard_error)}
    if not told:
        return ""
    rival, best = min(told.items(), key=lambda item: item[1].nll.value)
    gain, decimals = best.nll_gain, decimals_of(best.nll_gain)
    text = _tr("A hint: its NLL is {gain} nats a row below that of {rival}.")
    if gain.value < 0.0:
        text = _tr("A hint: its NLL is {gain} nats a row above that of {rival}.")
    difference = estimate_text(Estimate(abs(gain.value), gain.standard_error), decimals)
    return text.format(gain=difference, rival=_article(rival))


def _intervals_text(found: Calibration) -> str:
    """Return whether the 90 % interval or, where it tells more, the 90 % highest-density region holds its part.

    Where it does not, the mass is cited at which that is clearest.
    """
    kind, of = _part_held(found)
    part, mass = of(MASS), MASS
    off = departure(part, mass)
    if abs(off) > _CLEAR:
        side = math.copysign(1.0, off)  # in standard errors of a fit that is right, so that no mass is favoured
        mass = max(MASSES, key=lambda each: side * (of(each).value - each) / math.sqrt(each * (1.0 - each)))
        part = of(mass)
    if off < -_CLEAR:
        text = _tr("On {rows} the density is too narrow: the {mass} % {kind} holds {percent} %.")
    elif off > _CLEAR:
        text = _tr("On {rows} the density is too wide: the {mass} % {kind} holds {percent} %.")
    elif found.uniformity.p_value >= _LEAST_P:
        text = _tr("On {rows} the intervals hold what they promise (90 % interval: {percent} %).")
    elif _bias(found):
        text = _tr("On {rows} the 90 % interval holds {percent} %.")
    else:
        text = _tr("On {rows} the 90 % interval holds {percent} %, but the shape of the density is off (PIT).")
    percents = {"mass": fixed(100.0 * mass, 0), "percent": fixed(100.0 * part.value, 0)}
    return text.format(rows=rows_judged_text(found), kind=kind, **percents)


def _part_held(found: Calibration) -> tuple[str, Callable[[float], Estimate]]:
    """Return what tells the part of the rows in intervals; in regions where that of 90 % is clearly further off."""
    central, region = found.central(MASS), found.regions(MASS)
    is_region = abs(departure(region, MASS)) > max(abs(departure(central, MASS)), _CLEAR_OF_MANY)
    return (_tr("region"), found.regions) if is_region else (_tr("interval"), found.central)


def _bias(found: Calibration) -> int:
    """Return 1 where the fit is clearly too low, -1 where it is too high, 0 else."""
    off = departure(found.bias, 0.5)
    return 0 if abs(off) <= _CLEAR or found.uniformity.p_value >= _LEAST_P else 1 if off > 0 else -1


def _place_text(found: Calibration, place: int | None) -> str:
    """Return to which side the fit is biased, where along x it departs most; "" where neither is clear."""
    bias, group = _bias(found), max(found.along(place), key=lambda each: abs(departure(each.pit, 0.5)))
    off, further = departure(group.pit, 0.5), departure(group.pit, found.bias.value)
    if abs(off) > _CLEAR_OF_MANY and abs(further) > _CLEAR:
        if bias * off > 0:
            low, high = _tr("It is biased low, most of all for {at}."), _tr("It is biased high, most of all for {at}.")
        else:
            low, high = _tr("It is biased low for {at}."), _tr("It is biased high for {at}.")
        return (low if off > 0 else high).format(at=_at(group, found, place))
    if bias:
        return _tr("It is biased low.") if bias > 0 else _tr("It is biased high.")
    return _width_text(found, place)


def _width_text(found: Calibration, place: int | None) -> str:
    """Return where along x the intervals are too narrow or too wide, where that is clear; "" else."""
    group = max(found.along(place), key=lambda each: abs(departure(each.coverage, MASS)))
    off, further = departure(group.coverage, MASS), departure(group.coverage, found.central(MASS).value)
    if abs(off) <= _CLEAR_OF_MANY or abs(further) <= _CLEAR:
        return ""
    text = _tr("It is too wide for {at}.") if off > 0 else _tr("It is too narrow for {at}.")
    everywhere = departure(_part_held(found)[1](MASS), MASS)
    if abs(everywhere) > _CLEAR and everywhere * off > 0:
        text = _tr("Most of all for {at}.")
    return text.format(at=_at(group, found, place))


def _at(group: Group, found: Calibration, place: int | None) -> str:
    encoding = None if place is None else found.encodings[place]
    return f"{place_name(encoding)} {range_text(group, encoding)}"


def _rivals_text(found: Calibration) -> str:
    if found.num_impossible:
        one, many = (
            _tr("Its density is 0 at {count} row: the NLL is infinite."),
            _tr("Its density is 0 at {count} rows: the NLL is infinite."),
        )
        return counted(found.num_impossible, one, many)
    worse = {rival: each for rival, each in found.rivals.items() if is_worse(each)}
    if Rival.GAUSSIAN in worse:
        return _tr("The fit is worse than one Gaussian: do not use it.")
    if worse:
        rival, lost = min(worse.items(), key=lambda item: item[1].nll_gain.value)
        gain = Estimate(-lost.nll_gain.value, lost.nll_gain.standard_error)
        text = _tr("The fit is worse than {rival} by {gain} nats a row.")
        return text.format(rival=_article(rival), gain=estimate_text(gain, decimals_of(gain)))
    return _gain_text(found)


def _gain_text(found: Calibration) -> str:
    """Return by how much the fit is better than the best of the simple rivals."""
    simple = {rival: each for rival, each in found.rivals.items() if rival is not Rival.JOINT}
    if not simple:
        return ""
    rival, best = min(simple.items(), key=lambda item: item[1].nll.value)
    gain = best.nll_gain
    if gain.value == math.inf:
        text = _tr("The density of {rival} is 0 at a row, that of the fit is not.")
    elif gain.value > _CLEAR * gain.standard_error:
        text = _tr("The fit beats {rival} by {gain} nats a row.")
    else:
        text = _tr("The fit is not clearly better than {rival}.")
    return text.format(rival=_article(rival), gain=estimate_text(gain, decimals_of(gain)))


def _article(rival: Rival) -> str:
    return {
        Rival.JOINT: _tr("the joint mixture"),
        Rival.LINEAR: _tr("a straight line"),
        Rival.MIXTURE: _tr("an unconditional mixture"),
        Rival.GAUSSIAN: _tr("one Gaussian"),
    }[rival]
