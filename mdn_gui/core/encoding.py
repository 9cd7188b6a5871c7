"""How the columns of a table become the inputs of a network."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mdn_gui.core.dataset import FloatArray


class ColumnKind(enum.Enum):
    """What the cells of a column mean."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    CATEGORY = "category"
    """One of at most 50 texts."""
    DAYS = "date, in days"
    SECONDS = "date, in seconds"
    TEXT = "text"
    """Too many different texts for categories: shown, never learned from."""

    @property
    def is_numeric(self) -> bool:
        """True when the values lie on an axis."""
        return self not in {ColumnKind.CATEGORY, ColumnKind.TEXT}

    @property
    def is_date(self) -> bool:
        """True for dates."""
        return self in {ColumnKind.DAYS, ColumnKind.SECONDS}

    @property
    def seconds(self) -> float:
        """Seconds in the unit of a date."""
        return 86_400.0 if self is ColumnKind.DAYS else 1.0


@dataclass(frozen=True)
class Encoding:
    """How one column becomes one input of a network, or one for each of its levels.

    Parameters
    ----------
    column : str
        Name of the column.
    kind : ColumnKind
        What its cells mean.
    levels : tuple of str
        Of categories: the levels, in the order of their inputs.
    origin : str
        Of dates: what they count from, ISO 8601.
    """

    column: str
    kind: ColumnKind = ColumnKind.NUMBER
    levels: tuple[str, ...] = ()
    origin: str = ""

    @property
    def width(self) -> int:
        """Number of inputs."""
        return len(self.levels) if self.kind is ColumnKind.CATEGORY else 1

    @property
    def label(self) -> str:
        """Name with the unit of dates, such as "day (days since 2020-01-01)"."""
        if not self.kind.is_date:
            return self.column
        return f"{self.column} ({'days' if self.kind is ColumnKind.DAYS else 'seconds'} since {self.origin})"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the inputs: the label, or such as "colour = red" for each level."""
        if self.kind is ColumnKind.CATEGORY:
            return tuple(f"{self.column} = {level}" for level in self.levels)
        return (self.label,)

    def expanded(self, values: "FloatArray") -> "FloatArray":
        """Return the inputs [N, width] of column values [N]; the nearest level of a category, NaN stays NaN."""
        if self.kind is not ColumnKind.CATEGORY:
            return np.asarray(values, dtype=np.float64)[:, np.newaxis]
        places = np.clip(np.round(values), 0, len(self.levels) - 1)
        one_hot: FloatArray = (places[:, np.newaxis] == np.arange(len(self.levels))).astype(np.float64)
        one_hot[np.isnan(places)] = np.nan
        return one_hot

    def collapsed(self, inputs: "FloatArray") -> "FloatArray":
        """Return the column values [N] of inputs [N, width]: of a category the number of the level."""
        if self.kind is not ColumnKind.CATEGORY:
            return inputs[:, 0]
        return np.asarray(inputs.argmax(axis=1), dtype=np.float64)


def expanded(encodings: Sequence[Encoding], values: "FloatArray") -> "FloatArray":
    """Return the inputs [N, D] of column values [N, C]."""
    return np.hstack([each.expanded(values[:, place]) for place, each in enumerate(encodings)])


def collapsed(encodings: Sequence[Encoding], inputs: "FloatArray") -> "FloatArray":
    """Return the column values [N, C] of inputs [N, D]."""
    ends = np.cumsum([each.width for each in encodings])
    parts = zip(encodings, ends, strict=True)
    return np.column_stack([each.collapsed(inputs[:, end - each.width : end]) for each, end in parts])
