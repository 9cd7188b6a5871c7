"""NumPy arrays; the parsers run in this process."""

from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.arrays import ALL_COLUMNS, preview_arrays, read_arrays
from mdn_gui.files.options import ReadOptions, Unwatched
from tests.files.made import cells


def saved(folder: Path, array: object) -> Path:
    path = folder / "t.npy"
    np.save(path, array, allow_pickle=True)
    return path


def archive(folder: Path, **arrays: object) -> Path:
    path = folder / "t.npz"
    np.savez(path, **arrays)
    return path


def read(path: Path, options: ReadOptions | None = None) -> Table:
    return read_arrays(path, options or ReadOptions(), Unwatched())


def test_that_one_axis_is_one_column_and_two_are_several(tmp_path: Path) -> None:
    assert cells(read(saved(tmp_path, [1.5, np.nan, 3]))) == {"column 1": ["1.5", "", "3"]}
    table = read(saved(tmp_path, [[1, 2], [3, 4]]))
    assert cells(table) == {"column 1": ["1", "3"], "column 2": ["2", "4"]}
    assert table.notes == ("no names: the columns are numbered",)


def test_that_fields_are_named_columns_each_with_its_meaning(tmp_path: Path) -> None:
    kinds = [("x", "f4"), ("flag", "?"), ("day", "M8[D]"), ("span", "m8[m]"), ("name", "U3"), ("z", "c8"), ("b", "S2")]
    rows = [
        (0.5, True, "2020-01-01", 2, "a", 1j, b"u"),
        (1.5, False, "NaT", 3, "b", 2j, b"v"),
        (2.5, True, "2020-01-31", 4, "a", 3j, b"u"),
    ]
    table = read(saved(tmp_path, np.array(rows, dtype=kinds)))
    assert cells(table) == {
        "x": ["0.5", "1.5", "2.5"],
        "flag": ["true", "false", "true"],
        "day": ["2020-01-01", "", "2020-01-31"],
        "span": ["120", "180", "240"],
        "name": ["a", "b", "a"],
        "b": ["u", "v", "u"],
    }
    assert table.column("day").kind is ColumnKind.DAYS
    assert "columns of other kinds left out: z" in table.notes


def test_that_arrays_of_one_length_are_columns_together_and_each_can_be_taken_alone(tmp_path: Path) -> None:
    path = archive(tmp_path, x=[1, 2], y=[3, 4])
    assert cells(read(path)) == {"x": ["1", "2"], "y": ["3", "4"]}
    preview = preview_arrays(path, ReadOptions())
    assert preview.parts == (ALL_COLUMNS, "x", "y")
    assert preview.options.part == ALL_COLUMNS
    assert cells(read(path, ReadOptions(part="y"))) == {"y": ["3", "4"]}


def test_that_of_arrays_that_do_not_fit_together_one_is_chosen(tmp_path: Path) -> None:
    path = archive(tmp_path, a=[[1, 2], [3, 4], [5, 6]], b=[7, 8])
    assert preview_arrays(path, ReadOptions()).parts == ("a", "b")
    assert cells(read(path)) == {"column 1": ["1", "3", "5"], "column 2": ["2", "4", "6"]}
    with pytest.raises(DataError, match="no array 'c'") as caught:
        read(path, ReadOptions(part="c"))
    assert "a, b" in caught.value.hint


@pytest.mark.parametrize("array", [np.array([[{}]], dtype=object), np.array([print, 1], dtype=object)])
def test_that_pickled_objects_are_refused_by_name(tmp_path: Path, array: object) -> None:
    with pytest.raises(DataError, match="holds Python objects"):
        read(saved(tmp_path, array))
    with pytest.raises(DataError, match="array 'o', holds Python objects"):
        read(archive(tmp_path, o=array))


@pytest.mark.parametrize("array", [np.zeros((2, 2, 2)), np.float64(3), np.zeros((0, 3)), np.zeros(3, complex)])
def test_that_what_is_no_table_is_refused(tmp_path: Path, array: object) -> None:
    with pytest.raises(DataError, match=r"shape|no real numbers"):
        read(saved(tmp_path, array))


def test_that_a_header_that_promises_more_than_there_is_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, np.zeros(100))
    path.write_bytes(path.read_bytes().replace(b"(100,)", b"(10000000000000,)"))
    with pytest.raises(DataError, match="damaged"):
        read(path)


def test_that_a_sample_keeps_the_order(tmp_path: Path) -> None:
    values = read(saved(tmp_path, np.arange(1000)), ReadOptions(sample=50)).columns[0].values
    assert len(values) == 50
    assert (np.diff(values) > 0).all()


def test_that_whole_numbers_beyond_2_53_are_mentioned(tmp_path: Path) -> None:
    assert "whole numbers beyond 2^53 rounded: column 1" in read(saved(tmp_path, [2**53 + 1, 1])).notes
    assert read(saved(tmp_path, [2**53, 1])).notes == ()
