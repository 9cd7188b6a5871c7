"""Names of columns: printable, not too long, each different from the others."""

from collections import Counter
from collections.abc import Sequence

from mdn_gui.errors import DataError

MOST_COLUMNS = 10_000
"""Columns a table can have at most."""
LONGEST_NAME = 200
"""Characters kept of a column name."""
_LISTED = 10


def unique_names(cells: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return a name for every column, with a note on those that had to be made different.

    Parameters
    ----------
    cells : sequence of str [C]
        The cells of the header; an empty one becomes "column 3".
    """
    printable = ("".join(char if char.isprintable() else " " for char in cell[: 2 * LONGEST_NAME]) for cell in cells)
    given = [" ".join(cell.split())[:LONGEST_NAME] or f"column {place}" for place, cell in enumerate(printable, 1)]
    taken, renamed = set(given), []
    seen: Counter[str] = Counter()
    names = []
    for name in given:
        seen[name] += 1
        unique = name
        if seen[name] > 1:
            while (unique := f"{name} ({seen[name]})") in taken:
                seen[name] += 1
            renamed.append(unique)
        taken.add(unique)
        names.append(unique)
    return names, (f"repeated names: {listed(renamed)}",) if renamed else ()


def listed(names: Sequence[str]) -> str:
    """Return names as one text, the first ten of many."""
    more = f" and {len(names) - _LISTED:,} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def chosen_places(file_name: str, names: Sequence[str], chosen: Sequence[str] | None) -> list[int]:
    """Return where the chosen columns stand among those of a file, in their order; all where none are chosen.

    Raises
    ------
    DataError
        When one is not there.
    """
    if chosen is None:
        return list(range(len(names)))
    missing = [name for name in chosen if name not in names]
    if missing:
        what = f"column {missing[0]!r}" if len(missing) == 1 else f"columns {', '.join(map(repr, missing[:_LISTED]))}"
        raise DataError(f"{file_name} has no {what}.", f"Its columns are {listed(names)}.")
    return [names.index(name) for name in chosen]


def refuse_width(file_name: str, num_columns: int) -> None:
    """Raise when there are more columns than a table can have.

    Raises
    ------
    DataError
        Names the number of columns.
    """
    if num_columns > MOST_COLUMNS:
        message = f"{file_name} has {num_columns:,} columns."
        raise DataError(message, f"A table may have {MOST_COLUMNS:,}; save those that matter as a file of their own.")
