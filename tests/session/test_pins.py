import math

import numpy as np
import pytest

from mdn_gui.core.encoding import Encoding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import Line, Reading
from mdn_gui.session.pins import LONGEST_NAME, MOST_PINS, Pins

LINE = Line((Encoding("a"), Encoding("b")), 0, np.array([0.0, 5.0]))
OTHER = LINE.holding(1, 6.0)


def read(line: Line, x: float) -> Reading:
    return Reading(x, ConditionalMixture([[1.0]], [[x + line.held[1]]], [[1.0]]), 0, 0.1, is_outside=False)


@pytest.fixture
def pins() -> Pins:
    made = Pins()
    for x in (1.0, 2.0, 3.0):
        assert made.add(LINE, x)
    return made


def names(pins: Pins) -> list[str]:
    return [pin.name for pin in pins.all]


def test_that_pins_take_the_first_free_letter(pins):
    pins.remove("B")
    pins.add(LINE, 4.0)
    assert names(pins) == ["A", "C", "B"]


def test_that_there_are_never_too_many_nor_at_no_place(pins):
    assert not pins.add(LINE, math.nan)
    while pins.add(LINE, 0.0):
        pass
    assert len(pins.all) == len(set(names(pins))) == MOST_PINS


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "A", " C "])
def test_that_an_empty_name_or_that_of_another_pin_is_refused(pins, name):
    assert not pins.rename("B", name)
    assert names(pins) == ["A", "B", "C"]


def test_that_a_name_is_one_line_of_bounded_length(pins):
    assert pins.rename("B", "a\nb " + "x" * 99)
    assert pins.all[1].name == ("a b " + "x" * 99)[:LONGEST_NAME]


def test_that_the_newest_pin_on_a_line_is_found(pins):
    pins.move("C", OTHER, 3.0)
    assert pins.last_on(LINE).name == "B"
    assert pins.last_on(OTHER).name == "C"
    assert pins.last_on(LINE.holding(1, 7.0)) is None


def test_that_a_pin_lies_on_a_line_along_another_column_through_it(pins):
    along_b = Line(LINE.encodings, 1, np.array([2.0, 99.0]))
    assert pins.last_on(along_b).name == "B"
    assert pins.all[1].value(1) == 5.0


def test_that_only_what_was_moved_is_read_anew(pins):
    pins.read(read)
    before = [pin.reading for pin in pins.all]
    pins.move("B", OTHER, 2.5)
    assert pins.all[1].reading is None
    pins.read_new(read)
    assert [pin.reading is old for pin, old in zip(pins.all, before, strict=True)] == [True, False, True]
    assert pins.all[1].reading.mixture.locs.tolist() == [[8.5]]


def test_that_taking_away_tells_whether_something_was_there(pins):
    assert pins.remove("A")
    assert not pins.remove("A")
    assert pins.clear()
    assert not pins.clear()
