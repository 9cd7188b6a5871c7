"""What is read at several places, as a table to take away."""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from mdn_gui import __version__
from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.pin import Pin
from mdn_gui.core.quantities import Quantity, Shape, quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Reading
from mdn_gui.files.tables import Column, DataTable

Named = tuple[str, Column]
"""A column with its name."""


def pins_table(places: Sequence[Pin], questions: Questions, target_name: str) -> DataTable:
    """Return everything that is read at each place, with full precision, data units.

    The columns are the name, the inputs, the rows near where there is one input, every quantity, then weight, mean,
    variance, sd of every component, numbered from 1. Intervals are columns low_1, high_1, low_2, ...; where a place has
    fewer numbers than another, or nothing is read, cells are empty.

    Parameters
    ----------
    places : sequence of Pin
        N places on lines through the same columns.
    questions : Questions
        What is asked at each of them.
    target_name : str
        Name of the target.
    """
    columns: list[Named] = [("name", tuple(place.name for place in places))]
    columns += _inputs(places)
    readings = [place.reading for place in places]
    if len(columns) == 2:  # of several inputs, rows near along one of them would say little
        columns.append(("rows_near", _numbers(math.nan if each is None else each.rows_near for each in readings)))
    columns.append(("outside", tuple(_outside(place) for place in places)))
    for quantity in quantities(questions):
        columns += _quantity_columns(quantity, readings)
    columns += _components(readings)
    names, values = zip(*columns, strict=True)
    return DataTable("pins", names, values, tuple(_comments(readings, questions, target_name)))


def _inputs(places: Sequence[Pin]) -> Iterator[Named]:
    encodings = places[0].line.encodings if places else ()
    for number, encoding in enumerate(encodings):
        values = [place.value(number) for place in places]
        if encoding.levels:
            yield encoding.label, tuple(encoding.levels[int(value)] for value in values)
        else:
            yield encoding.label, _numbers(values)


def _outside(place: Pin) -> str:
    """Return the names of the columns that stand outside the data."""
    reading = place.reading
    if reading is None:
        return ""
    own = (place.line.encodings[place.line.place].column,) if reading.is_outside else ()
    return ", ".join((*own, *reading.held_outside))


def _quantity_columns(quantity: Quantity, readings: Sequence[Reading | None]) -> Iterator[Named]:
    read = [np.empty(0) if each is None else np.ravel(quantity.read(each.mixture)) for each in readings]
    table = _padded(read)
    if quantity.shape is Shape.NUMBER:
        yield quantity.key, table[:, 0] if table.shape[1] else np.full(len(read), math.nan)
        return
    for number, column in enumerate(table.T):
        if quantity.shape is Shape.INTERVALS:
            yield f"{quantity.key}_{('low', 'high')[number % 2]}_{number // 2 + 1}", column
        else:
            yield f"{quantity.key}_{number + 1}", column


def _components(readings: Sequence[Reading | None]) -> Iterator[Named]:
    for kind, name in (("weights", "weight"), ("locs", "mean"), ("variances", "variance"), ("scales", "sd")):
        read = [np.empty(0) if each is None else getattr(each.mixture, kind)[0] for each in readings]
        yield from ((f"{name}_{k}", column) for k, column in enumerate(_padded(read).T, start=1))


def _comments(readings: Sequence[Reading | None], questions: Questions, target_name: str) -> Iterator[str]:
    yield f"mdn-gui {__version__}: p(y given x) at pins, data units"
    yield f"target: {target_name}"
    yield f"levels: {', '.join(map(repr, questions.levels))}"
    yield f"mass of the region: {questions.mass!r}"
    if questions.has_interval:
        yield f"probability: of {questions.low!r} < y <= {questions.high!r}"
    epochs = {each.epoch for each in readings if each is not None and each.epoch is not None}
    if epochs:
        yield f"epoch: {', '.join(map(str, sorted(epochs)))} of the run, not the fit that was kept"
    if any(each is not None and each.is_preview for each in readings):
        yield "preview: read from a joint Gaussian mixture, not from the network"


def _padded(read: Sequence[FloatArray]) -> FloatArray:
    """Return arrays [J] of several lengths as the rows of one, filled up with NaN."""
    table = np.full((len(read), max(map(len, read), default=0)), math.nan)
    for row, values in zip(table, read, strict=True):
        row[: len(values)] = values
    return table


def _numbers(values: Iterable[float]) -> FloatArray:
    return np.array(list(values), dtype=np.float64)
