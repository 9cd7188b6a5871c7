"""How quantities of p(y given x) are written: names, values, differences."""

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from mdn_gui.core.quantities import Shape, Unit
from mdn_gui.ui.numbers import decimals_for, fixed, probability, reader_locale, significant

if TYPE_CHECKING:
    from mdn_gui.core.dataset import FloatArray
    from mdn_gui.core.quantities import Quantity
    from mdn_gui.core.questions import Questions
    from mdn_gui.core.transformed_mixture import ConditionalDensity

NOTHING = "–"
_UNION, _COMMA = "\u00a0∪ ", ",\u00a0"
"""A region breaks between two intervals only."""
_LEAST_HEIGHT = 0.01
"""Of the highest mode: a lower one is faint."""
_DECIMALS = {Unit.PROBABILITY: 4, Unit.NATS: 4, Unit.NONE: 3}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Quantities", text)


def short(value: float) -> str:
    """Return a number with up to six digits and no trailing zeros, such as "30"."""
    return reader_locale().toString(float(value), "g", 6)


def percent(probability: float) -> str:
    """Return such as "2.5" of 0.025."""
    return reader_locale().toString(100.0 * probability, "g", 10)


def quantity_name(quantity: "Quantity", questions: "Questions") -> str:
    """Return what a quantity is called beside its value, in the locale."""
    if quantity.key == "probability":
        return _probability_name(short(questions.low), short(questions.high), questions, "≤")
    if quantity.probability is not None:
        if quantity.shape is Shape.INTERVALS:
            return _tr("{mass} % region").format(mass=percent(quantity.probability))
        if quantity.probability == 0.5:
            return _tr("median")
        return _tr("{level} % quantile").format(level=percent(quantity.probability))
    return {
        "mean": _tr("mean"),
        "sd": _tr("sd"),
        "variance": _tr("variance"),
        "variance_within": _tr("    within"),
        "variance_between": _tr("    between"),
        "skewness": _tr("skewness"),
        "entropy": _tr("entropy, nats"),
        "effective_components": _tr("effective K"),
        "modes": _tr("modes"),
    }.get(quantity.key, quantity.key)


def full_name(quantity: "Quantity", questions: "Questions") -> str:
    """Return what a quantity is called where the others do not stand around it."""
    parts = {"variance_within": _tr("variance within"), "variance_between": _tr("variance between")}
    return parts.get(quantity.key) or quantity_name(quantity, questions)


def quantity_tip(quantity: "Quantity") -> str:
    """Return what a quantity is, in a sentence; "" where the name says it."""
    if quantity.shape is Shape.INTERVALS:
        return _tr("Highest-density region: the shortest set of intervals that holds this probability")
    return {
        "mean": _tr("Mixture mean"),
        "sd": _tr("Mixture sd: the root of the mixture variance"),
        "variance": _tr("Mixture variance: within plus between components"),
        "variance_within": _tr("Mean of the component variances, by weight"),
        "variance_between": _tr("Variance of the component means, by weight"),
        "skewness": _tr("Third standardised moment: above 0 where the upper tail is longer"),
        "entropy": _tr("Differential entropy of p(y | x), nats; it may be negative"),
        "effective_components": _tr("So many components of equal weight have the same entropy"),
        "modes": _tr("Where the density has a maximum"),
    }.get(quantity.key, "")


def plain_name(quantity: "Quantity", questions: "Questions") -> str:
    """Return what a quantity is called in what is copied or saved: C locale, exact."""
    if quantity.key == "probability":
        return _probability_name(repr(float(questions.low)), repr(float(questions.high)), questions, "<=")
    if quantity.probability is not None:
        if quantity.shape is Shape.INTERVALS:
            return f"region of mass {quantity.probability!r}"
        return "median" if quantity.probability == 0.5 else f"quantile {quantity.probability!r}"
    return {
        "mean": "mixture mean",
        "sd": "mixture sd",
        "variance": "mixture variance",
        "variance_within": "variance within components",
        "variance_between": "variance between components",
        "entropy": "entropy (nats)",
        "effective_components": "effective number of components",
        "modes": "mode",
    }.get(quantity.key, quantity.key)


def plain_numbers(quantity: "Quantity", questions: "Questions", values: "FloatArray | None") -> dict[str, float]:
    """Return each number of a quantity under a name of its own, such as "mode 2"; none where there is no value."""
    if values is None:
        return {}
    name = plain_name(quantity, questions)
    if quantity.shape is Shape.NUMBERS:
        return {f"{name} {number}": float(value) for number, value in enumerate(values, start=1)}
    if quantity.shape is Shape.INTERVALS:
        ends = (f"{name} {end} {number}" for number in range(1, len(values) + 1) for end in ("from", "to"))
        return dict(zip(ends, np.ravel(values).tolist(), strict=True))
    return {name: float(values)}


class QuantityTexts:
    """Writes values with the digits that suit a target.

    Parameters
    ----------
    spread : float
        Sd of the target, data units.
    """

    def __init__(self, spread: float) -> None:
        self._decimals = decimals_for(spread)

    def value(
        self, quantity: "Quantity", values: "FloatArray | None", mixture: "ConditionalDensity | None" = None
    ) -> str:
        """Return a value in the locale; a dash where there is none or it is infinite.

        Of modes, where the mixture is given, those that can be seen, with how many there are besides.
        """
        if values is None:
            return NOTHING
        if quantity.shape is Shape.INTERVALS:
            return self._region(values)
        if quantity.shape is Shape.NUMBERS:
            seen = values if mixture is None else _seen_modes(mixture, values)
            text = "; ".join(fixed(float(value), self._decimals) for value in seen)
            faint = len(values) - len(seen)
            more = _tr("(+{count} faint)").format(count=faint).replace(" ", "\u00a0")
            return f"{text} {more}" if faint else text
        return self._number(quantity, float(values))

    def difference(self, quantity: "Quantity", here: "FloatArray | None", there: "FloatArray | None") -> str:
        """Return a value less another with its sign; a dash where one is missing or they are not single numbers."""
        change = difference(quantity, here, there)
        if not math.isfinite(change):
            return NOTHING
        if change == 0.0:
            return "0"
        if quantity.unit is Unit.PROBABILITY:
            text = fixed(change, 4)
        elif quantity.unit is Unit.SQUARED or quantity.key == "sd":
            text = significant(change, 3)
        else:
            text = self._number(quantity, change)
        return f"+{text}" if change > 0.0 else text

    def _number(self, quantity: "Quantity", value: float) -> str:
        if quantity.unit is Unit.SQUARED or quantity.key == "sd":
            return significant(value)
        if quantity.unit is Unit.PROBABILITY:
            return probability(value)
        return fixed(value, _DECIMALS.get(quantity.unit, self._decimals))

    def _region(self, region: "FloatArray") -> str:
        narrowest = float(np.min(region[:, 1] - region[:, 0]))
        # two digits of the spread of the target, and of the narrowest interval
        decimals = max(decimals_for(narrowest) - 2, self._decimals - 1, 0)
        return _UNION.join(f"[{fixed(low, decimals)}{_COMMA}{fixed(high, decimals)}]" for low, high in region.tolist())


def _seen_modes(mixture: "ConditionalDensity", modes: "FloatArray") -> "FloatArray":
    """Return the modes at least 1 % as high as the highest one."""
    heights = np.nan_to_num(mixture.pdf(modes[np.newaxis])[0])
    return modes[heights >= _LEAST_HEIGHT * heights.max()]


def difference(quantity: "Quantity", here: "FloatArray | None", there: "FloatArray | None") -> float:
    """Return a value less another; NaN where one is missing or they are not single numbers."""
    if here is None or there is None or quantity.shape is not Shape.NUMBER:
        return math.nan
    change = float(here) - float(there)
    return change if math.isfinite(change) else math.nan


def _probability_name(low: str, high: str, questions: "Questions", up_to: str) -> str:
    if not math.isfinite(questions.low):
        return f"P(y {up_to} {high})"
    if not math.isfinite(questions.high):
        return f"P(y > {low})"
    return f"P({low} < y {up_to} {high})"
