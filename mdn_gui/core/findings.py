"""The remarks on the data that a person gets before training."""

import enum
from dataclasses import dataclass, field

import numpy as np

from mdn_gui.core.selection import RowArray


class FindingKind(enum.Enum):
    """What a finding is about."""

    TRANSFORM = "impossible transform"
    CONSTANT = "constant input"
    TWO_VALUES = "target of two values"
    TIES = "tied target"
    ROUNDING = "rounded target"
    REPEATS = "repeated rows"
    OUTLIERS = "outliers"
    FEW_ROWS = "few rows"
    SCALE = "scale"
    RARE_LEVELS = "rare levels"


class Mend(enum.Enum):
    """What the program can do about a finding."""

    DROP_INPUTS = "drop inputs"
    """Choose the inputs without the columns of the finding."""
    EXCLUDE_ROWS = "exclude rows"
    """Leave the rows of the finding out."""
    SELECT_ROWS = "select rows"
    """Select the rows of the finding, to be looked at."""
    SET_COMPONENTS = "set components"
    """Set K to the number that the finding gives."""
    NO_TRANSFORM = "no transform"
    """Learn the target as it is."""


def _no_rows() -> RowArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Finding:
    """One remark on the data.

    Parameters
    ----------
    kind : FindingKind
        What it is about; there is one finding of a kind at most.
    message : str
        What was found, naming the columns, with numbers; plain text.
    remedy : str
        What it means or what can be done.
    mend : Mend or None
        What the program can do at a click.
    columns : tuple of str
        Names of the table's columns that it concerns.
    num_components : int
        K that the mend sets; 0 for other mends.
    rows : int array
        Rows of the table that it concerns, counted from 0, ascending; not compared.
    """

    kind: FindingKind
    message: str
    remedy: str
    mend: Mend | None = None
    columns: tuple[str, ...] = ()
    num_components: int = 0
    rows: RowArray = field(default_factory=_no_rows, compare=False)
