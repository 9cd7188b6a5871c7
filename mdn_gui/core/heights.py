"""The height of densities of a transformed target, in data units, seen as a function of the transformed one."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mdn_gui.core.component_sums import Components, Expansion, expansion, log_density
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.transform import NONE, Transform

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Heights(NamedTuple):
    """log p(y) at y = g^-1(z) as a function of z: turning points and levels of p(y) are found there.

    Parameters
    ----------
    components : Components
        N mixtures of Gaussians in z, which hold the mass.
    transform : Transform
        The map z = g(y).

    Notes
    -----
    For the transforms at hand p(y), written in z, has the shape of a mixture of Gaussians again: those of the mixture,
    moved by the transform's exponents times their variance. So what is known of the modes of Gaussian mixtures holds.
    """

    components: Components
    transform: Transform = NONE

    @property
    def num_rows(self) -> int:
        """Number of mixtures N."""
        return int(self.components.locs.shape[1])

    @property
    def unit(self) -> FloatArray:
        """The narrowest scale of each mixture [N], in z."""
        unit: FloatArray = self.components.scales.min(axis=0)[:, 0]
        return unit

    @property
    def centres(self) -> FloatArray:
        """The locs [J, N, 1], in z, of the Gaussians whose sum has the shape of the height."""
        if self.transform is NONE:
            return self.components.locs
        variances = np.square(self.components.scales)
        return np.concatenate([self.components.locs + each * variances for each in self.transform.exponents])

    def take(self, rows: "NDArray[np.intp] | slice") -> "Heights":
        """Return the heights of the chosen mixtures, one for each entry of ``rows``."""
        return Heights(self.components.take(rows), self.transform)

    def around_centres(self, offsets: FloatArray) -> FloatArray:
        """Return the points [J, N, S] that lie ``offsets`` [S] scales from each centre."""
        scales = np.tile(self.components.scales, (len(self.transform.exponents), 1, 1))
        return self.centres + scales * offsets

    def level(self, z: FloatArray) -> FloatArray:
        """Return log p(y) [N, M] at points ``z`` [N, M]."""
        level = log_density(self.components, z)
        return level if self.transform is NONE else level - self.transform.log_slope(z)

    def expansion(self, z: FloatArray) -> Expansion:
        """Return log p(y) at points ``z`` [N, M] with its derivatives along z."""
        local = expansion(self.components, z)
        if self.transform is NONE:
            return local
        slope, curvature = self.transform.log_slope_derivatives(z)
        unit = local.unit
        level = local.level - self.transform.log_slope(z)
        return Expansion(level, local.slope - unit * slope, local.curvature - unit * unit * curvature, unit)

    def outermost(self, num_scales: float, side: float) -> FloatArray:
        """Return the point [N] that lies so many scales from every loc and centre, below (-1) or above (1)."""
        reach = num_scales * self.components.scales
        outermost: FloatArray = side * (side * self.components.locs + reach).max(axis=0)[:, 0]
        if self.transform is NONE:
            return outermost
        beyond = self.around_centres(np.array([side * num_scales]))
        return np.asarray(side * np.maximum(side * outermost, (side * beyond).max(axis=0)[:, 0]))
