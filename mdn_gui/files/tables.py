"""A table to take away: named columns of numbers or texts, with where they come from."""

from dataclasses import dataclass

from mdn_gui.core.dataset import FloatArray

Column = FloatArray | tuple[str, ...]
"""Numbers float64 [N], NaN where there is none; or N texts."""


@dataclass(frozen=True, eq=False)
class DataTable:
    """Columns of one length.

    Parameters
    ----------
    title : str
        What the rows are, such as "quantiles of p(y given x)"; one word or more for a file name.
    names : tuple of str
        C column names, with units where there are several.
    columns : tuple of Column
        C columns of N rows.
    comments : tuple of str
        What the numbers come from, a line each, without the leading mark.
    """

    title: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    comments: tuple[str, ...] = ()
