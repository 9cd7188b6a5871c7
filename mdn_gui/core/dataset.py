"""The rows a model learns from: complete, finite, immutable."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.encoding import ColumnKind, Encoding, collapsed
from mdn_gui.errors import DataError

FloatArray = NDArray[np.float64]


def frozen_array(values: object) -> FloatArray:
    """Return a read-only float64 copy of ``values``; an array that is frozen already is shared."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and values.base is None:
        shared: FloatArray = values
        if not shared.flags.writeable:
            return shared
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Dataset:
    """Inputs and target, row by row.

    Parameters
    ----------
    x : array_like [N, D]
        Inputs, data units.
    y : array_like [N]
        Target, data units.
    input_names : sequence of str
        D column names.
    target_name : str
        Name of the target column.
    source : str
        Where the rows came from, for people.
    encodings : tuple of Encoding
        How the inputs were made from the columns of a table; by default each input is a column of numbers.

    Raises
    ------
    DataError
        When shapes do not fit, a value is not finite, or there are fewer than two rows.
    """

    x: FloatArray
    y: FloatArray
    input_names: tuple[str, ...]
    target_name: str
    source: str = ""
    encodings: tuple[Encoding, ...] = ()
    _sorted: dict[int, FloatArray] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Freeze the arrays and check them."""
        x, y, names = frozen_array(self.x), frozen_array(self.y), tuple(self.input_names)
        encodings = self.encodings or tuple(Encoding(name) for name in names)
        if x.ndim != 2 or y.ndim != 1 or len(x) != len(y) or x.shape[1] != len(names) or not names:
            message = f"Inputs {x.shape}, target {y.shape} and {len(names)} input names do not fit together."
            raise DataError(message, "Give x [N, D], y [N] and D names.")
        if sum(encoding.width for encoding in encodings) != len(names):
            raise DataError(f"{len(names)} inputs do not fit their encodings.", "Give encodings of as many inputs.")
        if len(y) < 2:
            raise DataError(f"There are {len(y)} complete rows.", "At least 2 are needed to learn from.")
        if not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise DataError("A value is not a finite number.", "Leave out rows with missing or infinite values.")
        for name, value in (("x", x), ("y", y), ("input_names", names), ("encodings", encodings)):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        """Return the number of rows N."""
        return len(self.y)

    @property
    def num_inputs(self) -> int:
        """Number of inputs D of a network."""
        return int(self.x.shape[1])

    @cached_property
    def digest(self) -> str:
        """SHA-256 of names and values: equal for the same rows of the same columns, whatever file they came from."""
        summary = hashlib.sha256(repr((self.encodings, self.input_names, self.target_name, self.x.shape)).encode())
        for array in (self.x, self.y):
            summary.update(np.ascontiguousarray(array).data)
        return summary.hexdigest()

    def column(self, place: int) -> FloatArray:
        """Return the values [N] of column number ``place``: of a category the number of the level."""
        start = sum(encoding.width for encoding in self.encodings[:place])
        encoding = self.encodings[place]
        return encoding.collapsed(self.x[:, start : start + encoding.width])

    def sorted_column(self, place: int) -> FloatArray:
        """Return the values [N] of column number ``place`` in ascending order; sorted once."""
        if place not in self._sorted:
            self._sorted[place] = frozen_array(np.sort(self.column(place)))
        return self._sorted[place]

    def column_values(self) -> FloatArray:
        """Return what the inputs were made from [N, C]."""
        return collapsed(self.encodings, self.x)

    @cached_property
    def target_range(self) -> tuple[float, float]:
        """Least and greatest value of the target."""
        return float(self.y.min()), float(self.y.max())

    @cached_property
    def target_sd(self) -> float:
        """Standard deviation of the target."""
        return float(self.y.std())

    @cached_property
    def column_ranges(self) -> FloatArray:
        """Least and greatest value of each column [C, 2], data units; of a category the numbers of the levels."""
        columns = (self.column(place) for place in range(len(self.encodings)))
        return np.array([(column.min(), column.max()) for column in columns])

    @cached_property
    def middle(self) -> FloatArray:
        """Median of each column [C], of a category the number of its most frequent level: where others are held."""
        return np.array([_middle(encoding, self.column(i)) for i, encoding in enumerate(self.encodings)])


def _middle(encoding: Encoding, values: FloatArray) -> float:
    if encoding.kind is ColumnKind.CATEGORY:
        return float(np.bincount(values.astype(np.int64)).argmax())
    return float(np.median(values))


def checked_inputs(x: object, num_inputs: int) -> FloatArray:
    """Return ``x`` as float64 [N, D], to be read at.

    Raises
    ------
    DataError
        When the shape does not fit D = ``num_inputs`` or a value is not finite.
    """
    inputs = np.asarray(x, dtype=np.float64)
    if inputs.ndim != 2 or inputs.shape[1] != num_inputs:
        message = f"x has shape {inputs.shape}; the model reads {num_inputs} input(s)."
        raise DataError(message, f"Give x as [N, {num_inputs}].")
    if not np.isfinite(inputs).all():
        raise DataError("x holds a value that is not a finite number.", "Give finite inputs.")
    return inputs
