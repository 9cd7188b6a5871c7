"""How well a conditional density does on rows that it never saw."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import Conditional, Estimate

_ROWS_AT_ONCE = 16_384


@dataclass(frozen=True)
class Score:
    """NLL, CRPS on rows that were kept for the test.

    Parameters
    ----------
    nll : Estimate
        Mean NLL, nats a row, data units; infinite where the density at a row is 0 in float64.
    crps : Estimate
        Mean continuous ranked probability score, data units.
    num_rows : int
        How many rows were judged.
    """

    nll: Estimate
    crps: Estimate
    num_rows: int


def score_on(model: Conditional, dataset: Dataset, is_cancelled: Callable[[], bool] = bool) -> Score | None:
    """Judge a conditional density on the rows of a data set, block by block; None where that was cancelled.

    Parameters
    ----------
    model : Conditional
        What is judged.
    dataset : Dataset
        The rows, with inputs as the model reads them.
    is_cancelled : callable
        Asked between blocks; by default the rows are judged to the end.

    Raises
    ------
    DataError
        When the inputs do not fit the model.

    Notes
    -----
    Both figures come from closed forms (Bishop 1994; Grimit et al. 2006).
    """
    nll, crps = np.empty(len(dataset)), np.empty(len(dataset))
    for begin in range(0, len(dataset), _ROWS_AT_ONCE):
        if is_cancelled():
            return None
        some = slice(begin, begin + _ROWS_AT_ONCE)
        density = model.conditional(dataset.x[some])
        nll[some], crps[some] = -density.log_pdf(dataset.y[some]), density.crps(dataset.y[some])
    return Score(Estimate.of_mean(nll), Estimate.of_mean(crps), len(dataset))
