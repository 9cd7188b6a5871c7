"""The classical baseline: a joint Gaussian mixture of inputs with target, conditioned on x."""

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray, checked_inputs, frozen_array
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.rounding import rounding_step, transformed_rounding_step
from mdn_gui.core.scaling import Standardizer
from mdn_gui.core.transform import NONE, Transform
from mdn_gui.core.transformed_mixture import ConditionalDensity, in_data_units
from mdn_gui.errors import DataError

_CANDIDATES = (1, 2, 3, 5, 10, 20, 40)
"""Numbers of components tried; the Bayesian information criterion chooses."""
_ROWS_PER_PARAMETER = 2
_MOST_ROWS = 20_000

_REGULARISATION = 1e-6
"""Added to every variance, scaled units: no conditional sd is below 1e-3 sd(y), whatever repeats in the rows."""

_LEAST_GAIN = 2.0
"""EM ends when a step gains less than so many nats over all rows together, or 1e-3 a row where that is less."""

_MOST_STEPS = 300

_FARTHEST_INPUT = 1e30
"""Scaled inputs are cut off here, so that every finite x gives finite parameters."""

_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, eq=False)
class JointMixture:
    """A Gaussian mixture of (x, y) that is read as p(y given x), like any fit.

    Parameters
    ----------
    log_weights : array_like [K]
        Logarithms of the mixing weights of the joint density.
    means : array_like [K, D + 1]
        Inputs, then the target; scaled units.
    covariances : array_like [K, D + 1, D + 1]
        Positive definite; scaled units.
    x_scaler, y_scaler : Standardizer
        The scaling inside the mixture; it never leaves it.
    transform : Transform
        The target's, before its scaling.

    Raises
    ------
    DataError
        When the shapes do not fit or a covariance is not positive definite.
    """

    log_weights: FloatArray
    means: FloatArray
    covariances: FloatArray
    x_scaler: Standardizer
    y_scaler: Standardizer
    transform: Transform = NONE
    _whitening: FloatArray = field(init=False, repr=False)
    _slopes: FloatArray = field(init=False, repr=False)
    _scales: FloatArray = field(init=False, repr=False)
    _log_densities: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Freeze the arrays; derive what every reading needs from the Cholesky factors of the covariances.

        With the target last, the last row of a factor holds the slopes in whitened inputs, then the conditional sd:
        no difference of nearly equal numbers is ever taken.
        """
        for name in ("log_weights", "means", "covariances"):
            object.__setattr__(self, name, frozen_array(getattr(self, name)))
        columns = self.num_inputs + 1
        shapes = self.means.shape, self.covariances.shape
        if shapes != ((self.num_components, columns), (self.num_components, columns, columns)):
            raise DataError(f"Means and covariances have shapes {shapes}.", "Give [K, D + 1] and [K, D + 1, D + 1].")
        try:
            factors = np.linalg.cholesky(self.covariances)
        except np.linalg.LinAlgError:
            raise DataError("A covariance is not positive definite.", "Add to its diagonal.") from None
        inputs = factors[:, :-1, :-1]
        sizes = np.diagonal(inputs, axis1=1, axis2=2)
        derived = {
            "_whitening": np.linalg.inv(inputs),
            "_slopes": factors[:, -1, :-1],
            "_scales": factors[:, -1, -1],
            "_log_densities": self.log_weights - np.log(sizes).sum(axis=1),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, frozen_array(value))

    @property
    def num_inputs(self) -> int:
        """Number of inputs D."""
        return int(self.x_scaler.mean.size)

    @property
    def num_components(self) -> int:
        """Number of components K."""
        return int(self.log_weights.size)

    def conditional(self, x: object) -> ConditionalDensity:
        """Return p(y given x) at each row of ``x``.

        Parameters
        ----------
        x : array_like [N, D]
            Finite inputs, data units.

        Returns
        -------
        ConditionalDensity
            Batch of N, data units. A row gives the same bits in any batch.

        Raises
        ------
        DataError
            When the shape does not fit or a value is not finite.

        Notes
        -----
        Each component is conditioned in closed form, Bishop (2006), eqs. 2.81 and 2.82; its weight at x is its share
        of the input density there.
        """
        return in_data_units(self.transformed_conditional(x), self.transform)

    def transformed_conditional(self, x: object) -> ConditionalMixture:
        """Return p(z given x), z the transformed target, at each row of ``x``; as :meth:`conditional` otherwise."""
        inputs = checked_inputs(x, self.num_inputs)
        whitened = self._whitened(self.x_scaler.scaled(inputs))
        logits = self._log_densities - 0.5 * np.square(whitened).sum(axis=2)
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        locs = self.means[:, -1] + (whitened * self._slopes).sum(axis=2)
        scales = np.broadcast_to(self._scales * self.y_scaler.sd, locs.shape)
        return ConditionalMixture(weights, self.y_scaler.restored(locs), scales)

    def _whitened(self, inputs: FloatArray) -> FloatArray:
        """Return the deviations [N, K, D] of scaled inputs [N, D] from each component mean, in its own sds.

        One input after the other, not as a matrix product: that would round differently in batches of other sizes.
        """
        deviations = np.clip(inputs, -_FARTHEST_INPUT, _FARTHEST_INPUT)[:, np.newaxis] - self.means[:, :-1]
        whitened = np.empty_like(deviations)
        for d in range(self.num_inputs):
            whitened[:, :, d] = (deviations[:, :, : d + 1] * self._whitening[:, d, : d + 1]).sum(axis=2)
        return whitened


def fit_joint_mixture(dataset: Dataset, seed: int = 0, transform: Transform = NONE) -> JointMixture:
    """Fit a joint Gaussian mixture with scikit-learn, K by the Bayesian information criterion.

    Parameters
    ----------
    dataset : Dataset
        At most 20,000 of its rows, drawn by the seed, are used.
    seed : int
        The same data and seed give the same mixture.
    transform : Transform
        Of the target: the mixture is one of inputs and transformed target.

    Returns
    -------
    JointMixture
        Its components ascend along the first input.

    Raises
    ------
    DataError
        When the targets do not allow the transform.

    Notes
    -----
    K is one of 1, 2, 3, 5, 10, 20, 40, limited by the rows and their distinct values; the search ends when the
    criterion has become worse twice in a row. Two things keep repeated values from being taken for knowledge: columns
    that were rounded are spread over their rounding step, and 1e-6 is added to each variance in scaled units. SciPy's
    and scikit-learn's threads are limited to one, since sums in several may be rounded differently each time.
    """
    transform.check(dataset)
    rng = np.random.default_rng([seed, 3])
    columns = np.concatenate((dataset.x, dataset.y[:, np.newaxis]), axis=1)
    if len(columns) > _MOST_ROWS:
        columns = columns[np.sort(rng.choice(len(columns), _MOST_ROWS, replace=False))]
    y, columns[:, -1] = columns[:, -1].copy(), transform.forward(columns[:, -1])
    x_scaler, y_scaler = Standardizer.fitted_to(columns[:, :-1]), Standardizer.fitted_to(columns[:, -1:])
    rows = np.concatenate((x_scaler.scaled(columns[:, :-1]), y_scaler.scaled(columns[:, -1:])), axis=1)
    target_step: float | FloatArray = rounding_step(rows[:, -1])
    if transform is not NONE:
        target_step = transformed_rounding_step(y, transform) / y_scaler.sd
    best = _best_mixture(_unrounded(rows, target_step, rng), seed)
    return JointMixture(*best, x_scaler, y_scaler, transform)


def fit_target_mixture(y: FloatArray, seed: int = 0, transform: Transform = NONE) -> ConditionalMixture:
    """Fit a Gaussian mixture to a target alone, as :func:`fit_joint_mixture` does to inputs with target.

    Parameters
    ----------
    y : array [N]
        Targets, data units, that the transform allows; at most 20,000 of them, drawn by the seed, are used.
    seed : int
        The same data and seed give the same mixture.
    transform : Transform
        Of the target: the mixture is one of the transformed target.

    Returns
    -------
    ConditionalMixture
        A batch of one, units of the transformed target; its components ascend.
    """
    rng = np.random.default_rng([seed, 4])
    if len(y) > _MOST_ROWS:
        y = y[np.sort(rng.choice(len(y), _MOST_ROWS, replace=False))]
    z = transform.forward(y)[:, np.newaxis]
    scaler = Standardizer.fitted_to(z)
    step = transformed_rounding_step(y, transform) / scaler.sd
    log_weights, means, covariances = _best_mixture(_unrounded(scaler.scaled(z), step, rng), seed)
    locs, scales = scaler.restored(means[:, 0]), np.sqrt(covariances[:, 0, 0]) * scaler.sd
    return ConditionalMixture(np.exp(log_weights)[np.newaxis], locs[np.newaxis], scales[np.newaxis])


def _best_mixture(rows: FloatArray, seed: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return log weights [K], means [K, C], covariances [K, C, C] of the mixture of ``rows`` [N, C], scaled units."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture
    from threadpoolctl import threadpool_limits

    least_gain = min(_LEAST_GAIN / len(rows), 1e-3)
    best: Any = None
    lowest, worse = np.inf, 0
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # An unfinished EM is still a density, judged as such; fewer clusters than asked for are no error either.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for count in _candidates(rows):
            mixture = GaussianMixture(
                count, tol=least_gain, max_iter=_MOST_STEPS, reg_covar=_REGULARISATION, random_state=seed
            ).fit(rows)
            criterion = mixture.bic(rows)
            worse = 0 if criterion < lowest else worse + 1
            if criterion < lowest:
                best, lowest = mixture, criterion
            if worse == 2:
                break
    order = np.argsort(best.means_[:, 0], kind="stable")
    return np.log(best.weights_[order]), best.means_[order], best.covariances_[order]


def _candidates(rows: FloatArray) -> tuple[int, ...]:
    """Return the numbers of components that ``rows`` [N, D + 1] can tell apart, 1 among them."""
    columns = rows.shape[1]
    parameters = 1 + columns + columns * (columns + 1) // 2
    distinct = len(np.unique(np.round(rows, 9), axis=0))
    most = min(len(rows) // (_ROWS_PER_PARAMETER * parameters), distinct)
    return tuple(count for count in _CANDIDATES if count <= max(most, 1))


def _unrounded(rows: FloatArray, target_step: float | FloatArray, rng: np.random.Generator) -> FloatArray:
    """Spread the values of each rounded column [N, D + 1] evenly over the step to which they were rounded.

    The step of the target is given, one for all rows or one each, since a transform makes uneven steps of even ones.
    Without this a component could become as narrow as a point on values that repeat, and be preferred for it.
    """
    spread = rng.uniform(-0.5, 0.5, rows.shape)
    spread[:, :-1] *= [rounding_step(column) for column in rows[:, :-1].T]
    spread[:, -1] *= target_step
    return rows + spread
