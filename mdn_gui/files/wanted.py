"""What predictions for a table hold beside the inputs, the mixture."""

from dataclasses import dataclass

from mdn_gui.core.questions import Questions
from mdn_gui.files.density_columns import NOTHING_ASKED


@dataclass(frozen=True)
class Wanted:
    """What a person wants of every row.

    Parameters
    ----------
    questions : Questions
        Which quantiles, which interval are added. The region is not.
    keep : tuple of str or None
        Other columns of the table that are written too, such as an id; None for every other column.
    """

    questions: Questions = NOTHING_ASKED
    keep: tuple[str, ...] | None = ()


NOTHING_MORE = Wanted()
"""Neither questions nor other columns."""
