"""Transforms of the target: the mixture is one of Gaussians in z = g(y), what is read from it is stated in y."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.config import TargetTransform
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.errors import DataError

_ROWS_NAMED = 3


class Transform(ABC):
    """An increasing map z = g(y) from the values that a target may take to the whole line.

    Attributes
    ----------
    name : str
        The value of the setting.
    text : str
        How z is written, as a format of the target's name.
    end : float
        The upper end of the values that y may take, data units; the lower one is 0. Not used by the identity.
    exponents : tuple of int
        The e for which dz/dy, as a function of z, holds a multiple of exp(e z): a density of Gaussian shape in z has,
        in y, such multiples of Gaussian shapes that are moved by e times their variance.
    """

    name: ClassVar[TargetTransform]
    text: ClassVar[str]
    end: ClassVar[float] = np.inf
    exponents: ClassVar[tuple[int, ...]]

    @abstractmethod
    def forward(self, y: FloatArray) -> FloatArray:
        """Return z of ``y``, data units; infinite at the ends of its range and beyond, NaN of NaN."""

    @abstractmethod
    def inverse(self, z: FloatArray) -> FloatArray:
        """Return y, data units, of ``z``."""

    @abstractmethod
    def log_slope(self, z: FloatArray) -> FloatArray:
        """Return log dy/dz at ``z``: what an NLL in z gains when it is stated in data units."""

    @abstractmethod
    def log_slope_derivatives(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the first two derivatives of :meth:`log_slope` at ``z``."""

    @property
    def needed(self) -> str:
        """Which targets it takes, in words."""
        return "above 0" if np.isinf(self.end) else f"above 0 and below {self.end:g}"

    def check(self, dataset: Dataset, numbers: NDArray[np.int64] | None = None) -> None:
        """Make sure that each target of a data set has a finite z.

        Parameters
        ----------
        dataset : Dataset
            Its targets [N], data units.
        numbers : int array [N], optional
            What the rows are called, counted from 0: their places in a table; in the data set by default.

        Raises
        ------
        DataError
            When one has not; it names the target, the number of such rows, the first of them.
        """
        rows = np.flatnonzero(~np.isfinite(self.forward(dataset.y)))
        if len(rows) == 0:
            return
        numbers = np.arange(len(dataset)) if numbers is None or len(numbers) != len(dataset) else numbers
        named = ", ".join(f"{dataset.y[row]:g} in row {numbers[row] + 1}" for row in rows[:_ROWS_NAMED])
        rest = ", ..." if len(rows) > _ROWS_NAMED else "."
        message = (
            f"The transform {self.name} needs values {self.needed}; {len(rows):,} of the {len(dataset):,} rows of "
            f"{dataset.target_name!r} have others: {named}{rest}"
        )
        raise DataError(message, "Choose the transform none, or leave out these rows.")


class _Identity(Transform):
    name, text, exponents = "none", "{target}", (0,)

    def forward(self, y: FloatArray) -> FloatArray:
        return y

    def inverse(self, z: FloatArray) -> FloatArray:
        return z

    def log_slope(self, z: FloatArray) -> FloatArray:
        return np.zeros_like(z)

    def log_slope_derivatives(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        return np.zeros_like(z), np.zeros_like(z)


class _Log(Transform):
    name, text, exponents = "log", "log({target})", (-1,)

    def forward(self, y: FloatArray) -> FloatArray:
        with np.errstate(divide="ignore"):
            return np.log(np.maximum(y, 0.0))

    def inverse(self, z: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):
            return np.exp(z)

    def log_slope(self, z: FloatArray) -> FloatArray:
        return z

    def log_slope_derivatives(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        return np.ones_like(z), np.zeros_like(z)


class _Logit(Transform):
    name, text, end, exponents = "logit", "logit({target})", 1.0, (-1, 0, 1)

    def forward(self, y: FloatArray) -> FloatArray:
        inside = np.clip(y, 0.0, 1.0)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(inside) - np.log1p(-inside))

    def inverse(self, z: FloatArray) -> FloatArray:
        small = np.exp(-np.abs(z))
        return np.asarray(np.where(z < 0, small, 1.0) / (1.0 + small))

    def log_slope(self, z: FloatArray) -> FloatArray:
        size = np.abs(z)
        return np.asarray(-size - 2.0 * np.log1p(np.exp(-size)))

    def log_slope_derivatives(self, z: FloatArray) -> tuple[FloatArray, FloatArray]:
        return -np.tanh(0.5 * z), np.asarray(-2.0 * self.inverse(z) * self.inverse(-z))


NONE: Transform = _Identity()
LOG: Transform = _Log()
LOGIT: Transform = _Logit()

_TRANSFORMS = {each.name: each for each in (NONE, LOG, LOGIT)}


def transform_named(name: TargetTransform) -> Transform:
    """Return the transform that a setting names."""
    return _TRANSFORMS[name]
