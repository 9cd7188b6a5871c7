"""The columns in which p(y given x) leaves the program: components, mixture, what is asked."""

import math
from collections.abc import Iterator

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.questions import Questions
from mdn_gui.core.transformed_mixture import ConditionalDensity

NOTHING_ASKED = Questions(levels=())
"""Neither quantiles nor an interval."""

_VALUES_AT_ONCE = 1 << 21
_MOST_ROWS = 8192


def density_names(num_components: int, questions: Questions = NOTHING_ASKED) -> tuple[str, ...]:
    """Return the names of the columns of :func:`density_values`.

    Weight, mean, variance, sd of every component, numbered from 1; mean, variance, sd of the mixture; a quantile for
    each level, such as "quantile_0.05"; the probability of the interval, where one is asked for, named after its ends,
    such as "probability_below_30".

    Parameters
    ----------
    num_components : int
        K.
    questions : Questions
        Which levels, which interval; the region is not read.
    """
    kinds = ("weight", "mean", "variance", "sd")
    components = (f"{kind}_{k}" for kind in kinds for k in range(1, num_components + 1))
    mixture = ("mixture_mean", "mixture_variance", "mixture_sd")
    quantiles = (f"quantile_{float(level)!r}" for level in questions.levels)
    return (*components, *mixture, *quantiles, *((_probability_name(questions),) if questions.has_interval else ()))


def density_values(mixture: ConditionalDensity, questions: Questions = NOTHING_ASKED) -> FloatArray:
    """Return the columns of p(y given x) at N values of x as one array [N, C], data units.

    Parameters
    ----------
    mixture : ConditionalDensity
        A batch of N.
    questions : Questions
        As those of :func:`density_names`.
    """
    columns = [
        *(mixture.weights, mixture.locs, mixture.variances, mixture.scales),
        *(mixture.mean(), mixture.variance(), mixture.sd()),
    ]
    if questions.levels:
        columns.append(mixture.quantile(questions.levels))
    if questions.has_interval:
        columns.append(mixture.interval_probability(questions.low, questions.high))
    return np.column_stack(columns)


def rows_at_once(num_components: int, questions: Questions = NOTHING_ASKED) -> int:
    """Return how many values of x are read at once, so that what is worked out takes little memory."""
    return min(max(_VALUES_AT_ONCE // (num_components * max(len(questions.levels), 1)), 256), _MOST_ROWS)


def asked(questions: Questions) -> Iterator[str]:
    """Yield what is asked, as comments of a table."""
    if questions.levels:
        yield f"levels: {', '.join(map(repr, questions.levels))}"
    if questions.has_interval:
        yield f"{_probability_name(questions)}: {probability_text(questions)}"


def _probability_name(questions: Questions) -> str:
    low, high = _plain(questions.low), _plain(questions.high)
    if math.isinf(questions.low):
        return f"probability_below_{high}"
    return f"probability_above_{low}" if math.isinf(questions.high) else f"probability_{low}_to_{high}"


def probability_text(questions: Questions) -> str:
    """Return what the probability of the interval is, such as "P(y ≤ 30)"."""
    low, high = _plain(questions.low), _plain(questions.high)
    if math.isinf(questions.low):
        return f"P(y ≤ {high})"
    return f"P(y > {low})" if math.isinf(questions.high) else f"P({low} < y ≤ {high})"


def _plain(value: float) -> str:
    """Return a number with every digit, a whole one without a decimal point."""
    return repr(value).removesuffix(".0")
