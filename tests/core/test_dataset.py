from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset, frozen_array
from mdn_gui.errors import DataError


def test_that_rows_with_inputs_are_counted():
    dataset = Dataset([[1, 2], [3, 4], [5, 6]], [7, 8, 9], ["a", "b"], "t")
    assert (len(dataset), dataset.num_inputs, dataset.input_names) == (3, 2, ("a", "b"))
    assert dataset.x.dtype == dataset.y.dtype == np.float64


def test_that_a_data_set_cannot_be_changed():
    x = np.zeros((3, 1))
    dataset = Dataset(x, [1.0, 2.0, 3.0], ("a",), "t")
    x[0, 0] = 5.0
    assert dataset.x[0, 0] == 0.0
    assert not dataset.x.flags.writeable
    assert not dataset.y.flags.writeable
    with pytest.raises(FrozenInstanceError):
        dataset.y = x


@pytest.mark.parametrize(
    ("x", "y", "names"),
    [
        ([1.0, 2.0], [1.0, 2.0], ("a",)),
        ([[1.0], [2.0]], [[1.0], [2.0]], ("a",)),
        ([[1.0], [2.0]], [1.0, 2.0, 3.0], ("a",)),
        ([[1.0], [2.0]], [1.0, 2.0], ("a", "b")),
        (np.empty((2, 0)), [1.0, 2.0], ()),
    ],
)
def test_that_shapes_that_do_not_fit_are_refused(x, y, names):
    with pytest.raises(DataError, match="do not fit together") as caught:
        Dataset(x, y, names, "t")
    assert caught.value.hint


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_that_values_that_are_not_finite_are_refused(bad):
    with pytest.raises(DataError, match="not a finite number"):
        Dataset([[1.0], [bad]], [1.0, 2.0], ("a",), "t")
    with pytest.raises(DataError, match="not a finite number"):
        Dataset([[1.0], [2.0]], [bad, 2.0], ("a",), "t")


@pytest.mark.parametrize("rows", [0, 1])
def test_that_fewer_than_two_rows_are_refused(rows):
    with pytest.raises(DataError, match=f"{rows} complete rows") as caught:
        Dataset(np.zeros((rows, 1)), np.zeros(rows), ("a",), "t")
    assert caught.value.hint


def test_that_a_frozen_array_is_a_copy():
    values = np.arange(3.0)
    frozen = frozen_array(values)
    values[0] = 9.0
    assert frozen.tolist() == [0.0, 1.0, 2.0]
    assert not frozen.flags.writeable
