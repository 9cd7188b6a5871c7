"""Sections through a model of several columns, the axis of one of them."""

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import InputAxis, Line, Reading, Section
from mdn_gui.errors import DataError

ENCODINGS = (Encoding("a"), Encoding("colour", ColumnKind.CATEGORY, ("red", "blue", "green")), Encoding("b"))


class SumOfInputs:
    """A density whose mean is 1, 10, 100, 1000, 10000 times its five inputs."""

    def conditional(self, x: object) -> ConditionalMixture:
        inputs = np.asarray(x)
        loc = inputs @ 10.0 ** np.arange(5)
        return ConditionalMixture(np.ones((len(inputs), 1)), loc[:, None], np.ones((len(inputs), 1)))


def means(place: int, x: list[float]) -> list[float]:
    section = Section(SumOfInputs(), Line(ENCODINGS, place, np.array([2.0, 1.0, 3.0])))
    mean: FloatArray = section.conditional(np.array(x)[:, None]).mean()
    return mean.tolist()


def dataset() -> Dataset:
    rows = [[5, 0, 1, 0, 7], [1, 1, 0, 0, 8], [3, 0, 1, 0, 9]]
    names = tuple(name for encoding in ENCODINGS for name in encoding.names)
    return Dataset(np.array(rows, dtype=float), np.arange(3.0), names, "y", encodings=ENCODINGS)


def test_that_one_column_moves_and_the_others_are_held() -> None:
    assert means(0, [0, 1]) == [30100, 30101]
    assert means(2, [0, 1]) == [102, 10102]


def test_that_a_category_moves_from_level_to_level() -> None:
    assert means(1, [-9, 0.4, 0.6, 2, 9]) == [30012, 30012, 30102, 31002, 31002]


def test_that_a_section_refuses_what_is_no_number() -> None:
    with pytest.raises(DataError, match="not a finite number"):
        means(0, [float("nan")])


def test_that_an_axis_has_the_sorted_values_of_its_column() -> None:
    assert InputAxis.of(dataset(), 0).values.tolist() == [1, 3, 5]
    axis = InputAxis.of(dataset(), 1)
    assert (axis.name, axis.values.tolist(), axis.levels) == ("colour", [0, 1, 1], ("red", "blue", "green"))


def test_that_the_cursor_snaps_to_levels_only() -> None:
    assert [InputAxis.of(dataset(), 1).snapped(x) for x in (-3, 0.6, 99)] == [0, 1, 2]
    assert InputAxis.of(dataset(), 0).snapped(0.6) == 0.6


def test_that_rows_of_a_level_are_counted_as_near() -> None:
    axis = InputAxis.of(dataset(), 1)
    reading = Reading.at(1.0, Section(SumOfInputs(), Line(ENCODINGS, 1, np.zeros(3))), axis)
    assert reading.rows_near == 2
    assert not reading.is_outside


def test_that_the_others_are_held_at_the_median_or_the_most_frequent_level() -> None:
    assert Line.through(dataset(), 2).held.tolist() == [3, 1, 8]


def test_that_holding_one_column_elsewhere_leaves_the_others() -> None:
    line = Line.through(dataset())
    assert line.holding(2, 5.0).held.tolist() == [3, 1, 5]
    assert line.held.tolist() == [3, 1, 8]
