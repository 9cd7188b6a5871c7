"""The read-out as tab-separated text, C locale, all digits."""

import io
from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from mdn_gui.core.neighbours import MASS, SHARE, NearbyRows
from mdn_gui.core.quantities import quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line, Reading
from mdn_gui.files.tables import DataTable, write_table
from mdn_gui.ui.reading.quantity_texts import plain_name

_Cells = tuple[str, ...]


def reading_text(
    reading: Reading,
    line: Line,
    target_name: str,
    questions: Questions | None = None,
    nearby: NearbyRows | None = None,
) -> str:
    """Return everything known at x for the clipboard.

    Parameters
    ----------
    reading : Reading
        What is read.
    line : Line
        Which column moves, where the others are held, where the reading itself does not say.
    target_name : str
        Name of the target; tabs and line ends in names become blanks.
    questions : Questions, optional
        What is asked of p(y given x); the usual questions by default.
    nearby : NearbyRows, optional
        The rows near x, where they are known.

    Returns
    -------
    str
        Lines of tab-separated cells; every number parses back to the same bits. Data units.
    """
    line, mixture = reading.line or line, reading.mixture
    lines: list[_Cells] = [
        (_clean(line.encodings[line.place].label), line.holding(line.place, reading.x).text(line.place)),
        *((_clean(each.label), _clean(line.text(place))) for place, each in line.others()),
        ("target", _clean(target_name)),
    ]
    if reading.epoch is not None:
        lines.append(("epoch", f"{reading.epoch} of the run, not the fit that was kept"))
    if reading.is_preview:
        lines.append(("preview", "joint Gaussian mixture, not the network"))
    if reading.is_outside:
        lines.append(("outside the data", _clean(line.encodings[line.place].label)))
    lines += [("held outside its range", _clean(name)) for name in reading.held_outside]
    lines.append(("component", "weight", "mean", "variance", "sd"))
    figures = zip(mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0], strict=True)
    lines += [(str(k), *_numbers(np.array(row))) for k, row in enumerate(figures, start=1)]
    asked = questions or Questions()
    lines += [(plain_name(each, asked), *_numbers(each.read(mixture))) for each in quantities(asked)]
    lines += _nearby_lines(nearby, reading)
    return "\n".join("\t".join(cells) for cells in lines) + "\n"


def copied_rows(table: DataTable, rows: Collection[int] = ()) -> str:
    """Return the chosen rows of a table, or all, as tab-separated text under their names: every number is exact."""
    if rows:
        numbers = sorted(rows)
        columns = (
            tuple(column[number] for number in numbers) if isinstance(column, tuple) else column[numbers]
            for column in table.columns
        )
        table = replace(table, columns=tuple(columns))
    stream = io.StringIO()
    write_table(stream, table, "\t", with_comments=False)
    return stream.getvalue()


def _nearby_lines(nearby: NearbyRows | None, reading: Reading) -> Iterator[_Cells]:
    """Yield what is known of the rows near x; with one input at least how many they are."""
    if nearby is None or not nearby.is_at(reading):
        if reading.line is None or len(reading.line.encodings) == 1:
            yield "rows near x", str(reading.rows_near)
        return
    near = nearby.neighbourhood
    if near.num_columns == 1:
        yield "rows near x", str(near.num_within)
    else:
        yield f"rows within {SHARE!r} of the range of each input", str(near.num_within)
    if not len(nearby.pit):
        return
    if near.is_nearest:
        unit = "data units" if near.num_columns == 1 else "sds"
        yield f"nearest rows instead, reach ({unit})", str(len(near.rows)), repr(near.reach)
    yield "rows judged (mostly training rows)", str(len(nearby.pit))
    coverage, mean = nearby.coverage, nearby.mean_pit
    yield f"coverage of the central {MASS!r} with its standard error", *_pair(coverage.value, coverage.standard_error)
    yield "mean PIT with its standard error", *_pair(mean.value, mean.standard_error)


def _pair(value: float, error: float) -> _Cells:
    return repr(float(value)), repr(float(error))


def _numbers(values: object) -> Iterator[str]:
    """Yield each number of an array of any shape."""
    return map(repr, np.ravel(np.asarray(values, dtype=np.float64)).tolist())


def _clean(name: str) -> str:
    return " ".join(name.split())
