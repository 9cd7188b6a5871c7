"""What is asked of p(y given x), the same at every x."""

import math
from dataclasses import dataclass

from mdn_gui.errors import ConfigError

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles that are read unless others are asked for."""
MASS = 0.9
"""Mass of the highest-density region that is read unless another is asked for."""


@dataclass(frozen=True)
class Questions:
    """Which quantiles, which region, which interval are read.

    Parameters
    ----------
    levels : tuple of float
        Probabilities of the quantiles, ascending, each between 0 and 1; may be empty.
    mass : float
        Probability of the highest-density region, between 0 and 1.
    low, high : float
        Ends of the interval whose probability is read, data units of the target. One infinite end makes it a
        threshold; both infinite: no interval is asked for.

    Raises
    ------
    ConfigError
        When a probability is not between 0 and 1, or ``low`` is not below ``high``.
    """

    levels: tuple[float, ...] = LEVELS
    mass: float = MASS
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        """Check the values; sort the levels, each once."""
        object.__setattr__(self, "levels", tuple(sorted(set(self.levels))))
        if not all(0.0 < level < 1.0 for level in (*self.levels, self.mass)):
            raise ConfigError("A probability is not between 0 and 1.", "Give values such as 0.05, 0.5 or 0.9.")
        if not self.low < self.high:
            raise ConfigError("The lower end of the interval is not below the upper end.", "Exchange the two ends.")

    @property
    def has_interval(self) -> bool:
        """Whether an interval or a threshold is asked for."""
        return math.isfinite(self.low) or math.isfinite(self.high)
