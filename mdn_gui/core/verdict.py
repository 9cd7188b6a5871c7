"""What a calibration means, in plain sentences made by fixed rules."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from mdn_gui.core import plain_numbers
from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import FEW_ROWS, MASS, MASSES, Calibration, Comparison, Group, Judge
from mdn_gui.core.dates import date_text
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.plain_numbers import decimals_for

_CLEAR = 2.0
"""Standard errors from which on a departure is said."""
_CLEAR_OF_MANY = 3.0
"""The same for the worst of up to 8 groups, of which one in three fits would have one beyond 2; for a second look."""
_LEAST_P = 0.01
_LEAST_FOR_HINT = 10
"""Rows from which on the difference of the NLL is told, though no verdict is given."""
_DIGITS_OF_ONE = 6
_LONGEST_NAME = 40


@dataclass(frozen=True)
class Speaker:
    """Says what a calibration means; in English with plain numbers by default.

    Parameters
    ----------
    say : callable
        Translates a text.
    fixed : callable
        Returns a number with so many decimals.
    grouped : callable
        Returns a count.
    shortest : callable
        Returns a number with so many digits at most.
    """

    say: Callable[[str], str] = str
    fixed: Callable[[float, int], str] = plain_numbers.fixed
    grouped: Callable[[int], str] = plain_numbers.grouped
    shortest: Callable[[float, int], str] = plain_numbers.shortest

    def counted(self, count: int, one: str, many: str) -> str:
        """Return ``one`` or ``many``, whichever suits, with the count in place of "{count}"."""
        return (one if count == 1 else many).format(count=self.grouped(count))

    def calibration_text(self, found: Calibration, place: int | None = None) -> str:
        """Return what a person should believe of the fit.

        Parameters
        ----------
        found : Calibration
            What was judged.
        place : int or None
            Number of the column along which the worst group is named; None for the median of the fit.
        """
        if is_too_few(found):
            sentences = [self._too_few_text(found), self._hint_text(found) if found.num_rows >= _LEAST_FOR_HINT else ""]
        else:
            sentences = [self._intervals_text(found), self._place_text(found, place), self._rivals_text(found)]
        return " ".join(filter(None, sentences))

    def rows_judged_text(self, found: Calibration) -> str:
        """Return such as "400 held-out rows" or "10,000 of 200,000 test rows"."""
        one, many = {
            Judge.TEST: (self.say("{count} test row"), self.say("{count} test rows")),
            Judge.VALIDATION: (self.say("{count} held-out row"), self.say("{count} held-out rows")),
            Judge.TRAINING: (
                self.say("{count} row that it learned from"),
                self.say("{count} rows that it learned from"),
            ),
        }[found.judge]
        rows = self.counted(found.num_available, one, many)
        if found.num_rows == found.num_available:
            return rows
        return self.say("{count} of {rows}").format(count=self.grouped(found.num_rows), rows=rows)

    def judge_tip(self, found: Calibration) -> str:
        """Return how far the rows can be trusted as judges."""
        return {
            Judge.TEST: self.say("The rows of the test: the fit neither learned from them nor was chosen by them."),
            Judge.VALIDATION: self.say(
                "The rows that the run held out: the fit did not learn from them, but they chose its epoch, so they "
                "are a little too kind. A test set is stricter."
            ),
            Judge.TRAINING: self.say(
                "No rows were held out, so the fit is judged on rows that it learned from: too kind a judge. Keep a "
                "test set, or set the validation fraction above 0."
            ),
        }[found.judge]

    def rival_name(self, rival: Rival | None) -> str:
        """Return the name of a rival in a table; None is the fit itself."""
        return {
            None: self.say("this fit"),
            Rival.JOINT: self.say("joint mixture"),
            Rival.LINEAR: self.say("straight line"),
            Rival.MIXTURE: self.say("unconditional mixture"),
            Rival.GAUSSIAN: self.say("one Gaussian"),
        }[rival]

    def place_name(self, encoding: Encoding | None) -> str:
        """Return what lies along the x axis: a column, or the median of the fit where there is none."""
        return self.say("median of the fit") if encoding is None else _one_line(encoding.label)

    def range_text(self, group: Group, encoding: Encoding | None) -> str:
        """Return such as "between 20.0 and 30.0": numbers, dates, the name of a level."""
        if encoding is not None and encoding.levels:
            return _one_line(encoding.levels[int(group.centre)])
        if group.low == group.high:
            return date_text(group.low, encoding) or self.shortest(group.low, _DIGITS_OF_ONE)
        decimals = max(decimals_for(group.high - group.low) - 1, 0)
        low, high = (date_text(end, encoding) or self.fixed(end, decimals) for end in (group.low, group.high))
        return self.say("between {low} and {high}").format(low=low, high=high)

    def estimate_text(self, found: Estimate, decimals: int = 3) -> str:
        """Return such as "0.412 ± 0.031"."""
        if math.isinf(found.value):
            return "∞" if found.value > 0 else "−∞"
        if not math.isfinite(found.standard_error):
            return self.fixed(found.value, decimals)
        return f"{self.fixed(found.value, decimals)} ± {self.fixed(found.standard_error, decimals)}"

    def _too_few_text(self, found: Calibration) -> str:
        one, many = {
            Judge.TEST: (
                self.say("Only {count} row was kept for the test: too few to judge the fit."),
                self.say("Only {count} rows were kept for the test: too few to judge the fit."),
            ),
            Judge.VALIDATION: (
                self.say("Only {count} row was held out: too few to judge the fit."),
                self.say("Only {count} rows were held out: too few to judge the fit."),
            ),
            Judge.TRAINING: (
                self.say("The fit learned from only {count} row: too few to judge it."),
                self.say("The fit learned from only {count} rows: too few to judge it."),
            ),
        }[found.judge]
        return self.counted(found.num_rows, one, many)

    def _hint_text(self, found: Calibration) -> str:
        """Return how the NLL of the fit differs from that of the best rival, without a verdict; "" without one."""
        told = {rival: each for rival, each in found.rivals.items() if math.isfinite(each.nll_gain.standard_error)}
        if not told:
            return ""
        rival, best = min(told.items(), key=lambda item: item[1].nll.value)
        gain, decimals = best.nll_gain, decimals_of(best.nll_gain)
        text = self.say("A hint: its NLL is {gain} nats a row below that of {rival}.")
        if gain.value < 0.0:
            text = self.say("A hint: its NLL is {gain} nats a row above that of {rival}.")
        difference = self.estimate_text(Estimate(abs(gain.value), gain.standard_error), decimals)
        return text.format(gain=difference, rival=self._article(rival))

    def _intervals_text(self, found: Calibration) -> str:
        """Return whether the 90 % interval or, where it tells more, the 90 % highest-density region holds its part.

        Where it does not, the mass is cited at which that is clearest.
        """
        kind, of = self._part_held(found)
        part, mass = of(MASS), MASS
        off = departure(part, mass)
        if abs(off) > _CLEAR:
            side = math.copysign(1.0, off)  # in standard errors of a fit that is right, so that no mass is favoured
            mass = max(MASSES, key=lambda each: side * (of(each).value - each) / math.sqrt(each * (1.0 - each)))
            part = of(mass)
        if off < -_CLEAR:
            text = self.say("On {rows} the density is too narrow: the {mass} % {kind} holds {percent} %.")
        elif off > _CLEAR:
            text = self.say("On {rows} the density is too wide: the {mass} % {kind} holds {percent} %.")
        elif found.uniformity.p_value >= _LEAST_P:
            text = self.say("On {rows} the intervals hold what they promise (90 % interval: {percent} %).")
        elif _bias(found):
            text = self.say("On {rows} the 90 % interval holds {percent} %.")
        else:
            text = self.say("On {rows} the 90 % interval holds {percent} %, but the shape of the density is off (PIT).")
        percents = {"mass": self.fixed(100.0 * mass, 0), "percent": self.fixed(100.0 * part.value, 0)}
        return text.format(rows=self.rows_judged_text(found), kind=kind, **percents)

    def _part_held(self, found: Calibration) -> tuple[str, Callable[[float], Estimate]]:
        """Return what tells the part of the rows in intervals; in regions where that of 90 % is clearly further off."""
        central, region = found.central(MASS), found.regions(MASS)
        is_region = abs(departure(region, MASS)) > max(abs(departure(central, MASS)), _CLEAR_OF_MANY)
        return (self.say("region"), found.regions) if is_region else (self.say("interval"), found.central)

    def _place_text(self, found: Calibration, place: int | None) -> str:
        """Return to which side the fit is biased, where along x it departs most; "" where neither is clear."""
        bias, group = _bias(found), max(found.along(place), key=lambda each: abs(departure(each.pit, 0.5)))
        off, further = departure(group.pit, 0.5), departure(group.pit, found.bias.value)
        if abs(off) > _CLEAR_OF_MANY and abs(further) > _CLEAR:
            if bias * off > 0:
                low, high = (
                    self.say("It is biased low, most of all for {at}."),
                    self.say("It is biased high, most of all for {at}."),
                )
            else:
                low, high = self.say("It is biased low for {at}."), self.say("It is biased high for {at}.")
            return (low if off > 0 else high).format(at=self._at(group, found, place))
        if bias:
            return self.say("It is biased low.") if bias > 0 else self.say("It is biased high.")
        return self._width_text(found, place)

    def _width_text(self, found: Calibration, place: int | None) -> str:
        """Return where along x the intervals are too narrow or too wide, where that is clear; "" else."""
        group = max(found.along(place), key=lambda each: abs(departure(each.coverage, MASS)))
        off, further = departure(group.coverage, MASS), departure(group.coverage, found.central(MASS).value)
        if abs(off) <= _CLEAR_OF_MANY or abs(further) <= _CLEAR:
            return ""
        text = self.say("It is too wide for {at}.") if off > 0 else self.say("It is too narrow for {at}.")
        everywhere = departure(self._part_held(found)[1](MASS), MASS)
        if abs(everywhere) > _CLEAR and everywhere * off > 0:
            text = self.say("Most of all for {at}.")
        return text.format(at=self._at(group, found, place))

    def _at(self, group: Group, found: Calibration, place: int | None) -> str:
        encoding = None if place is None else found.encodings[place]
        return f"{self.place_name(encoding)} {self.range_text(group, encoding)}"

    def _rivals_text(self, found: Calibration) -> str:
        if found.num_impossible:
            one, many = (
                self.say("Its density is 0 at {count} row: the NLL is infinite."),
                self.say("Its density is 0 at {count} rows: the NLL is infinite."),
            )
            return self.counted(found.num_impossible, one, many)
        worse = {rival: each for rival, each in found.rivals.items() if is_worse(each)}
        if Rival.GAUSSIAN in worse:
            return self.say("The fit is worse than one Gaussian: do not use it.")
        if worse:
            rival, lost = min(worse.items(), key=lambda item: item[1].nll_gain.value)
            gain = Estimate(-lost.nll_gain.value, lost.nll_gain.standard_error)
            text = self.say("The fit is worse than {rival} by {gain} nats a row.")
            return text.format(rival=self._article(rival), gain=self.estimate_text(gain, decimals_of(gain)))
        return self._gain_text(found)

    def _gain_text(self, found: Calibration) -> str:
        """Return by how much the fit is better than the best of the simple rivals."""
        simple = {rival: each for rival, each in found.rivals.items() if rival is not Rival.JOINT}
        if not simple:
            return ""
        rival, best = min(simple.items(), key=lambda item: item[1].nll.value)
        gain = best.nll_gain
        if gain.value == math.inf:
            text = self.say("The density of {rival} is 0 at a row, that of the fit is not.")
        elif gain.value > _CLEAR * gain.standard_error:
            text = self.say("The fit beats {rival} by {gain} nats a row.")
        else:
            text = self.say("The fit is not clearly better than {rival}.")
        return text.format(rival=self._article(rival), gain=self.estimate_text(gain, decimals_of(gain)))

    def _article(self, rival: Rival) -> str:
        return {
            Rival.JOINT: self.say("the joint mixture"),
            Rival.LINEAR: self.say("a straight line"),
            Rival.MIXTURE: self.say("an unconditional mixture"),
            Rival.GAUSSIAN: self.say("one Gaussian"),
        }[rival]


def is_too_few(found: Calibration) -> bool:
    """Return whether there are too few rows for a verdict."""
    return found.num_rows < FEW_ROWS


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


def _bias(found: Calibration) -> int:
    """Return 1 where the fit is clearly too low, -1 where it is too high, 0 else."""
    off = departure(found.bias, 0.5)
    return 0 if abs(off) <= _CLEAR or found.uniformity.p_value >= _LEAST_P else 1 if off > 0 else -1


def _one_line(text: str) -> str:
    """Return a text from a file on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
