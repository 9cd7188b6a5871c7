import math

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.session.cursor import Cursor
from mdn_gui.session.messages import CursorOrigin


@pytest.fixture
def cursor() -> Cursor:
    made = Cursor()
    made.begin_on(Dataset(np.array([[0.0, 5.0], [1.0, 6.0]]), np.zeros(2), ("a", "b"), "y"))
    return made


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf])
def test_that_a_place_that_is_no_number_changes_nothing(cursor, x):
    assert not cursor.move_to(x)
    assert not cursor.set_pin(x)
    assert (cursor.x, cursor.pin, cursor.origin) == (0.5, None, CursorOrigin.CURSOR)


def test_that_releasing_returns_to_the_pin_or_stays(cursor):
    cursor.move_to(1.0)
    cursor.release()
    assert (cursor.x, cursor.origin) == (1.0, CursorOrigin.LAST)
    cursor.set_pin(-1.0)
    cursor.release()
    assert (cursor.x, cursor.origin) == (-1.0, CursorOrigin.PIN)


def test_that_a_cursor_at_the_pin_goes_along_with_it(cursor):
    cursor.set_pin(-1.0)
    cursor.release()
    cursor.set_pin(2.0)
    assert (cursor.x, cursor.origin) == (2.0, CursorOrigin.PIN)
    cursor.set_pin(None)
    assert (cursor.x, cursor.origin) == (2.0, CursorOrigin.LAST)


def test_that_new_data_begin_without_a_pin(cursor):
    cursor.set_pin(-1.0)
    cursor.begin_on(Dataset(np.array([[6.0, 5.0], [8.0, 6.0]]), np.zeros(2), ("a", "b"), "y"))
    assert (cursor.x, cursor.pin) == (7.0, None)
