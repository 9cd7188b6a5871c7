"""The built-in sample data sets."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.columns import Column
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.laws import (
    CARDIOID_NOISE,
    INVERSE_SINE_NOISE,
    cardioid_curve,
    cardioid_log_density,
    inverse_sine_curve,
    inverse_sine_log_density,
)
from mdn_gui.core.resources import resource
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError

DEFAULT_ROWS = 2000
"""Rows of a simulated sample unless asked otherwise."""
MOST_ROWS = 10_000_000
"""Rows a simulated sample can have at most."""

_MOST_SEED = 2**31 - 1

Draw = Callable[[np.random.Generator, int], tuple[FloatArray, FloatArray]]
LogDensity = Callable[[FloatArray, FloatArray], FloatArray]
"""``log_density(x, y)`` gives log p(y given x) [N], nats, at x [N] and y [N]."""


@dataclass(frozen=True)
class Sample:
    """One built-in data set: simulated from a law, or recorded and shipped as a file.

    Parameters
    ----------
    key : str
        Short name, as in ``sample:cardioid`` on the command line.
    title : str
        Name shown to people.
    description : str
        One sentence: what the data are and what makes them interesting.
    source : str
        Who published the law or the measurements.
    input_name, target_name : str
        Names of the x column and of the y column.
    draw : callable or None
        ``draw(rng, num_rows)`` gives x [N] and y [N] of a simulated sample; None for a recorded one.
    log_density : callable or None
        ``log_density(x, y)`` gives the exact log p(y given x) [N] of a simulated sample, nats.
    """

    key: str
    title: str
    description: str
    source: str
    input_name: str
    target_name: str
    draw: Draw | None = None
    log_density: LogDensity | None = None

    @property
    def is_simulated(self) -> bool:
        """True when the number of rows and the seed can be chosen."""
        return self.draw is not None

    def table(self, num_rows: int | None = None, seed: int = 0) -> Table:
        """Return the rows as a table with its roles set.

        Parameters
        ----------
        num_rows : int or None
            Rows to simulate, 2 to 10 million; None gives 2000. A recorded sample has the rows it has: leave None.
        seed : int
            The same seed and number of rows give the same bits; a recorded sample does not use it.

        Raises
        ------
        DataError
            When ``num_rows`` or ``seed`` is out of range, or ``num_rows`` is given for a recorded sample.
        """
        if self.draw is None:
            if num_rows is not None:
                message = f"{self.title}: the rows were recorded; their number cannot be chosen."
                raise DataError(message, "Leave out the number of rows.")
            return self._as_table(*self._recorded(), f"{self._origin} ({self.source})")
        count = DEFAULT_ROWS if num_rows is None else num_rows
        if not 2 <= count <= MOST_ROWS:
            raise DataError(f"{self.title}: {count} rows asked for.", f"Ask for 2 to {MOST_ROWS:,} rows.")
        if not 0 <= seed <= _MOST_SEED:
            message = f"{self.title}: seed {seed} is outside the allowed range."
            raise DataError(message, f"Give a whole number from 0 to {_MOST_SEED}.")
        x, y = self.draw(np.random.default_rng(seed), count)
        return self._as_table(x, y, f"{self._origin}, n = {count}, seed = {seed} ({self.source})")

    @property
    def _origin(self) -> str:
        return f"sample:{self.key}"

    def has_drawn(self, dataset: Dataset) -> bool:
        """Return whether the rows of ``dataset`` are such as this sample simulates, with their roles."""
        names = (self.input_name,), self.target_name
        is_drawn = self.is_simulated and dataset.source.startswith(f"{self._origin}, n = ")
        return is_drawn and (dataset.input_names, dataset.target_name) == names

    def _recorded(self) -> tuple[FloatArray, FloatArray]:
        path = resource("samples", f"{self.key}.csv")
        with path.open(encoding="utf-8") as stream:
            names = stream.readline().strip().split(",")
        used = [names.index(self.input_name), names.index(self.target_name)]
        values = np.loadtxt(path, delimiter=",", skiprows=1, usecols=used, encoding="utf-8")
        return values[:, 0], values[:, 1]

    def _as_table(self, x: FloatArray, y: FloatArray, source: str) -> Table:
        filled = np.zeros(len(x), dtype=bool)
        columns = (Column(self.input_name, x, filled), Column(self.target_name, y, filled))
        return Table(self.title, columns, source, (self.input_name,), self.target_name)


def _cardioid(rng: np.random.Generator, num_rows: int) -> tuple[FloatArray, FloatArray]:
    x, y = cardioid_curve(rng.uniform(-math.pi, math.pi, num_rows))
    x = x + rng.normal(0.0, CARDIOID_NOISE, num_rows)
    return x, y + rng.normal(0.0, CARDIOID_NOISE, num_rows)


def _inverse_sine(rng: np.random.Generator, num_rows: int) -> tuple[FloatArray, FloatArray]:
    t = rng.uniform(0.0, 1.0, num_rows)
    return inverse_sine_curve(t) + rng.uniform(-INVERSE_SINE_NOISE, INVERSE_SINE_NOISE, num_rows), t


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "cardioid",
        "Noisy cardioid",
        "A heart-shaped curve with Gaussian noise of sd 0.1: up to four branches of y at one x.",
        "simulated; the example of the TensorFlow Probability mixture density network",
        "x",
        "y",
        _cardioid,
        cardioid_log_density,
    ),
    Sample(
        "inverse-sine",
        "Inverse sine",
        "A sine read the wrong way round: up to three branches of y at one x, with hard edges.",
        "simulated; Bishop 1994, Mixture Density Networks",
        "x",
        "y",
        _inverse_sine,
        inverse_sine_log_density,
    ),
    Sample(
        "mcycle",
        "Motorcycle impact",
        "Head acceleration (g) by time after a simulated impact (ms): 133 rows, the spread changes strongly with x.",
        "Silverman 1985; R package MASS, mcycle",
        "times",
        "accel",
    ),
    Sample(
        "faithful",
        "Old Faithful geyser",
        "Duration of an eruption (min) by the waiting time to the next one (min): 272 rows in two clusters.",
        "Härdle 1991; R package datasets, faithful",
        "waiting",
        "eruptions",
    ),
)
"""Every built-in sample, in the order shown."""


def exact_log_density(dataset: Dataset) -> FloatArray | None:
    """Return log p(y given x) [N] at each row, nats, where the law behind the rows is known; else None."""
    for candidate in SAMPLES:
        if candidate.log_density is not None and candidate.has_drawn(dataset):
            return candidate.log_density(dataset.x[:, 0], dataset.y)
    return None


def sample(key: str) -> Sample:
    """Return the built-in sample known by a key.

    Raises
    ------
    DataError
        For a key that is not in :data:`SAMPLES`.
    """
    for candidate in SAMPLES:
        if candidate.key == key:
            return candidate
    keys = ", ".join(candidate.key for candidate in SAMPLES)
    raise DataError(f"There is no sample named {key!r}.", f"Choose one of: {keys}.")
