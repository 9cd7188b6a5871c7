"""Simple conditional densities that a fit must beat to be worth its trouble."""

import enum
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import FloatArray, checked_inputs
from mdn_gui.core.diagnostics import Conditional
from mdn_gui.core.joint_mixture import fit_target_mixture
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.scaling import BLOCK_ROWS, Standardizer
from mdn_gui.core.transform import Transform
from mdn_gui.core.transformed_mixture import ConditionalDensity, in_data_units

_RIDGE = 1e-9
"""Added to the variance of each scaled input: inputs that depend on each other then share a slope."""

_FARTHEST_INPUT = 1e30
"""Scaled inputs are cut off here, so that every finite x gives finite parameters."""

_SMALLEST_SCALE = 1e-150


class Rival(enum.Enum):
    """What a fit is compared with."""

    JOINT = "joint mixture"
    """The joint Gaussian mixture of inputs with target, conditioned on x."""
    LINEAR = "straight line"
    """Linear regression with Gaussian noise of one sd."""
    MIXTURE = "unconditional mixture"
    """A Gaussian mixture of the target alone."""
    GAUSSIAN = "one Gaussian"
    """Of the target alone."""


@dataclass(frozen=True, eq=False)
class Unconditional:
    """The same density at every x.

    Parameters
    ----------
    mixture : ConditionalMixture
        A batch of one, units of the transformed target.
    transform : Transform
        Of the target.
    """

    mixture: ConditionalMixture
    transform: Transform

    def conditional(self, x: FloatArray, /) -> ConditionalDensity:
        """Return p(y) once for each row of ``x`` [N, D], data units."""
        parts = self.mixture.weights, self.mixture.locs, self.mixture.scales
        return in_data_units(ConditionalMixture(*(np.repeat(part, len(x), axis=0) for part in parts)), self.transform)


@dataclass(frozen=True, eq=False)
class LinearGaussian:
    """A Gaussian whose mean is linear in the inputs, whose sd is the same everywhere.

    Parameters
    ----------
    scaler : Standardizer
        Of the D inputs.
    intercept : float
        The mean in the middle of the inputs, units of the transformed target.
    slopes : array [D]
        Same units, for one sd of each input.
    scale : float
        Same units, positive.
    transform : Transform
        Of the target.
    """

    scaler: Standardizer
    intercept: float
    slopes: FloatArray
    scale: float
    transform: Transform

    def conditional(self, x: FloatArray, /) -> ConditionalDensity:
        """Return p(y given x) at each row of ``x`` [N, D], data units.

        Raises
        ------
        DataError
            When the shape does not fit or a value is not finite.
        """
        inputs = self.scaler.scaled(checked_inputs(x, len(self.slopes)))
        locs = self.intercept + (np.clip(inputs, -_FARTHEST_INPUT, _FARTHEST_INPUT) * self.slopes).sum(axis=1)
        one = np.ones((len(locs), 1))
        return in_data_units(ConditionalMixture(one, locs[:, np.newaxis], self.scale * one), self.transform)


def fit_baselines(
    x: FloatArray, y: FloatArray, seed: int, transform: Transform, smallest_scale: float
) -> dict[Rival, Conditional]:
    """Fit the straight line, the unconditional mixture, the one Gaussian to training rows.

    All three are fitted to the transformed target, as the network is, so that what is compared is the dependence on x,
    not the choice of a transform; one Gaussian of log y is log-normal in y. They are stated in data units. A single row
    has no mixture.

    Parameters
    ----------
    x : array [N, D]
        Inputs, data units.
    y : array [N]
        Targets, data units, that the transform allows.
    seed : int
        Of the mixture.
    transform : Transform
        Of the target.
    smallest_scale : float
        The network's lower limit of an sd, units of the transformed target: it binds the line and the Gaussian too.
    """
    z, floor = transform.forward(y), max(smallest_scale, _SMALLEST_SCALE)
    mean, sd = np.full((1, 1), z.mean()), np.full((1, 1), max(float(z.std()), floor))
    gaussian = ConditionalMixture(np.ones((1, 1)), mean, sd)
    rivals: dict[Rival, Conditional] = {Rival.LINEAR: _linear(x, z, transform, floor)}
    if len(z) > 1:
        rivals[Rival.MIXTURE] = Unconditional(fit_target_mixture(y, seed, transform), transform)
    return {**rivals, Rival.GAUSSIAN: Unconditional(gaussian, transform)}


def _linear(x: FloatArray, z: FloatArray, transform: Transform, floor: float) -> LinearGaussian:
    """Fit by least squares (normal equations of scaled inputs, block by block, so that memory stays bounded)."""
    scaler, count = Standardizer.fitted_to(x), x.shape[1]
    intercept = float(z.mean())
    gram, moment = _RIDGE * len(z) * np.eye(count), np.zeros(count)
    for begin in range(0, len(z), BLOCK_ROWS):
        some = slice(begin, begin + BLOCK_ROWS)
        inputs = scaler.scaled(x[some])
        gram += inputs.T @ inputs
        moment += inputs.T @ (z[some] - intercept)
    slopes: FloatArray = np.linalg.solve(gram, moment).astype(np.float64)
    squares = sum(
        float(np.square(z[some] - intercept - scaler.scaled(x[some]) @ slopes).sum())
        for some in (slice(begin, begin + BLOCK_ROWS) for begin in range(0, len(z), BLOCK_ROWS))
    )
    free = max(len(z) - count - 1, 1)
    return LinearGaussian(scaler, intercept, slopes, max(float(np.sqrt(squares / free)), floor), transform)
