"""What is read of p(y given x) beside its components, declared once: read-out, pins, exports come from this list."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.entropy import differential_entropy, effective_components
from mdn_gui.core.questions import Questions
from mdn_gui.core.transformed_mixture import ConditionalDensity


class Unit(enum.Enum):
    """What a quantity is measured in."""

    TARGET = "data units"
    SQUARED = "data units squared"
    PROBABILITY = "probability"
    NATS = "nats"
    NONE = "no unit"


class Shape(enum.Enum):
    """How many numbers a quantity has."""

    NUMBER = "number"
    """[]"""
    NUMBERS = "numbers"
    """[J], ascending, J at least 1."""
    INTERVALS = "intervals"
    """[J, 2], disjoint, ascending, J at least 1."""


@dataclass(frozen=True)
class Quantity:
    """One thing to read.

    Parameters
    ----------
    key : str
        Stable name in exports and preferences, such as "mean" or "quantile_0.05".
    unit : Unit
        What it is measured in.
    read : callable
        Takes a ConditionalDensity, a batch of one; returns an array of the shape that ``shape`` names. A moment that
        no float holds is infinite.
    shape : Shape
        How many numbers it has.
    is_slow : bool
        Whether reading it takes longer than a mouse move may.
    probability : float or None
        Of a quantile its level, of a region its mass.
    """

    key: str
    unit: Unit
    read: Callable[[ConditionalDensity], FloatArray]
    shape: Shape = Shape.NUMBER
    is_slow: bool = False
    probability: float | None = None


_FIRST = (
    Quantity("mean", Unit.TARGET, lambda m: m.mean()[0]),
    Quantity("sd", Unit.TARGET, lambda m: m.sd()[0]),
)
_LAST = (
    Quantity("variance", Unit.SQUARED, lambda m: m.variance()[0]),
    Quantity("variance_within", Unit.SQUARED, lambda m: m.variance_within()[0]),
    Quantity("variance_between", Unit.SQUARED, lambda m: m.variance_between()[0]),
    Quantity("skewness", Unit.NONE, lambda m: m.skewness()[0]),
    Quantity("entropy", Unit.NATS, lambda m: differential_entropy(m)[0], is_slow=True),
    Quantity("effective_components", Unit.NONE, lambda m: effective_components(m)[0]),
)


def quantities(questions: Questions) -> tuple[Quantity, ...]:
    """Return everything that is read, in the order of the read-out: what a person asked for comes first."""
    levels = tuple(_quantile(float(level)) for level in questions.levels)
    modes = Quantity("modes", Unit.TARGET, lambda m: m.modes()[0], Shape.NUMBERS, is_slow=True)
    asked = (_probability(questions),) if questions.has_interval else ()
    return (*asked, *_FIRST, *levels, _region(float(questions.mass)), modes, *_LAST)


def _quantile(level: float) -> Quantity:
    return Quantity(f"quantile_{level!r}", Unit.TARGET, lambda m: m.quantile(level)[0], is_slow=True, probability=level)


def _region(mass: float) -> Quantity:
    return Quantity(
        f"region_{mass!r}", Unit.TARGET, lambda m: m.hdr(mass)[0], Shape.INTERVALS, is_slow=True, probability=mass
    )


def _probability(questions: Questions) -> Quantity:
    low, high = questions.low, questions.high
    return Quantity("probability", Unit.PROBABILITY, lambda m: np.asarray(m.interval_probability(low, high))[0])
