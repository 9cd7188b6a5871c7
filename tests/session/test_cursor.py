import math

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.pin import Pin
from mdn_gui.core.reading import Line
from mdn_gui.session.cursor import Cursor
from mdn_gui.session.messages import CursorOrigin


def rows(*pairs: tuple[float, float]) -> Dataset:
    return Dataset(np.array(pairs), np.zeros(len(pairs)), ("a", "b"), "y")


@pytest.fixture
def cursor() -> Cursor:
    made = Cursor()
    made.begin_on(rows((0.0, 5.0), (1.0, 6.0)))
    return made


def pin_on(line: Line | None, x: float) -> Pin:
    assert line is not None
    return Pin("A", line, x)


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_that_a_place_that_is_no_number_changes_nothing(cursor, x):
    assert not cursor.move_to(x)
    assert not cursor.hold(1, x)
    assert not cursor.stand_at(np.array([0.0, x]))
    assert (cursor.x, cursor.origin, cursor.line.held.tolist()) == (0.5, CursorOrigin.CURSOR, [0.5, 5.5])


def test_that_releasing_returns_to_the_pin_or_stays(cursor):
    cursor.move_to(1.0)
    cursor.release(None)
    assert (cursor.x, cursor.origin, cursor.pin_name) == (1.0, CursorOrigin.LAST, "")
    cursor.release(pin_on(cursor.line, -1.0))
    assert (cursor.x, cursor.origin, cursor.pin_name) == (-1.0, CursorOrigin.PIN, "A")
    cursor.move_to(0.25)
    assert (cursor.x, cursor.origin, cursor.pin_name) == (0.25, CursorOrigin.CURSOR, "")


def test_that_other_rows_of_the_same_columns_leave_the_place(cursor):
    cursor.hold(1, 9.0)
    cursor.move_to(0.25)
    cursor.begin_on(rows((6.0, 5.0), (8.0, 6.0)))
    assert (cursor.x, cursor.line.held[1], cursor.axis.low) == (0.25, 9.0, 6.0)


def test_that_other_columns_begin_in_the_middle(cursor):
    cursor.move_to(0.25)
    cursor.begin_on(Dataset(np.array([[6.0], [8.0]]), np.zeros(2), ("c",), "y"))
    assert cursor.x == 7.0


def test_that_another_axis_keeps_the_place(cursor):
    cursor.move_to(0.25)
    cursor.hold(1, 5.75)
    cursor.move_along(rows((0.0, 5.0), (1.0, 6.0)), 1)
    assert (cursor.x, cursor.line.place, cursor.line.held[0]) == (5.75, 1, 0.25)


def test_that_columns_held_outside_their_range_are_named(cursor):
    assert cursor.held_outside(cursor.line) == ()
    cursor.hold(1, 6.5)
    assert cursor.held_outside(cursor.line) == ("b",)
    cursor.move_to(99.0)
    assert cursor.held_outside(cursor.line) == ("b",)  # the one on the axis is not held
