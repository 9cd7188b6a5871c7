"""The choice of K among fits that were trained on the same split."""

import math
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.fitted import FittedModel


@dataclass(frozen=True, eq=False)
class SweepPoint:
    """One K of a sweep.

    Parameters
    ----------
    model : FittedModel
        The kept fit with this K.
    row_nll : array [V]
        NLL of each held-out row under it, nats, data units; infinite where the density is 0 in float64.
    """

    model: FittedModel
    row_nll: FloatArray

    @property
    def num_components(self) -> int:
        """Number of components K that was asked for."""
        return self.model.model_config.num_components

    @property
    def nll(self) -> Estimate:
        """Validation NLL, nats a row, data units, with its own standard error: how far other rows would move it."""
        return Estimate.of_mean(self.row_nll)

    def excess_over(self, other: "SweepPoint") -> Estimate:
        """Return the mean of the row by row difference in NLL from another point, nats a row, with its standard error.

        Notes
        -----
        The rows are the same, so what makes a row hard for every K cancels: Vehtari, Gelman and Gabry (2017),
        Practical Bayesian model evaluation, section 5.2.
        """
        # equal infinities do not differ
        differs = self.row_nll != other.row_nll
        return Estimate.of_mean(np.subtract(self.row_nll, other.row_nll, out=np.zeros(len(differs)), where=differs))


@dataclass(frozen=True, eq=False)
class SweepResult:
    """The finished points of a sweep.

    Parameters
    ----------
    points : tuple of SweepPoint
        Ascending in K, at least one; all judged on the same held-out rows.
    """

    points: tuple[SweepPoint, ...]

    @property
    def best(self) -> SweepPoint:
        """The point with the smallest validation NLL; the smallest K among equals."""
        return min(self.points, key=lambda point: point.nll.value)

    @property
    def recommended(self) -> SweepPoint:
        """The smallest K whose validation NLL is within one standard error of the best one's.

        Notes
        -----
        Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 7.10. The standard error is that
        of the difference from the best point, row by row: the error of the best NLL alone is mostly the spread of the
        rows themselves, common to every K, and would let real improvements pass for noise. All points stopped at
        their best epoch on these rows, so that each NLL is slightly too good: the choice, not the figure, is what
        they are for.
        """
        best = self.best
        return next(point for point in self.points if point is best or _is_close(point.excess_over(best)))


def _is_close(excess: Estimate) -> bool:
    return math.isfinite(excess.value) and excess.value <= excess.standard_error
