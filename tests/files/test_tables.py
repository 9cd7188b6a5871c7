"""Tables to take away, as CSV, as TSV, as a file."""

import csv
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.errors import DataError
from mdn_gui.files import tables
from mdn_gui.files.delimited import read_table
from mdn_gui.files.saving import SaveError
from mdn_gui.files.tables import DataTable, save_table, tsv_text, write_table

PINS = DataTable(
    "pins",
    ("name", "age", "median"),
    (("A", '=B, "two"'), np.array([28.0, np.nan]), np.array([0.1, -1e-300])),
    ("target: strength", "mass: 0.9"),
)


def as_csv(table: DataTable, *, with_comments: bool = False) -> str:
    stream = io.StringIO()
    write_table(stream, table, with_comments=with_comments)
    return stream.getvalue()


def test_that_columns_of_two_lengths_are_no_table() -> None:
    with pytest.raises(DataError, match="'pins' differ in length") as caught:
        DataTable("pins", ("a", "b"), (np.zeros(2), ("x",)))
    assert caught.value.hint


def test_that_each_column_needs_a_name() -> None:
    with pytest.raises(DataError, match="1 names for 2 columns"):
        DataTable("pins", ("a",), (np.zeros(2), np.zeros(2)))


def test_that_a_table_without_columns_has_no_rows() -> None:
    assert len(DataTable("nothing", (), ())) == 0
    assert len(PINS) == 2


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_that_numbers_written_are_read_back_bit_for_bit(numbers: list[float]) -> None:
    table = DataTable("numbers", ("x",), (np.array(numbers),))
    for text in (as_csv(table), tsv_text(table)):
        cells = text.splitlines()[1:]
        assert [struct.pack("d", float(cell)) for cell in cells] == [struct.pack("d", number) for number in numbers]


@given(names=st.lists(st.text(), min_size=1, max_size=3), source=st.text(), with_comments=st.booleans())
def test_that_hostile_names_break_neither_header_nor_comments(
    names: list[str], source: str, *, with_comments: bool
) -> None:
    comments = tuple(f"{word}: {text}" for word, text in zip(("a", "b", "c", "data"), (*names, source), strict=False))
    columns = tuple(np.ones(2) for _ in names)
    text = as_csv(DataTable("made up", tuple(names), columns, comments), with_comments=with_comments)
    lines = text.split("\n")
    num_comments = len(comments) if with_comments else 0
    assert lines[-1] == ""
    assert len(lines) == num_comments + 1 + 2 + 1
    assert all(line.startswith("# ") for line in lines[:num_comments])
    assert "\r" not in text
    header = next(csv.reader([lines[num_comments]]), [""])
    assert len(header) == len(names)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in header)


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_that_hostile_texts_stay_in_their_cells(texts: list[str]) -> None:
    text = tsv_text(DataTable("made up", ("name", "x"), (tuple(texts), np.arange(float(len(texts))))))
    rows = list(csv.reader(io.StringIO(text), delimiter="\t"))[1:]
    assert [row[1] for row in rows] == [repr(float(number)) for number in range(len(texts))]
    assert not any(row[0].startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows)


def test_that_negative_numbers_carry_no_apostrophe() -> None:
    assert as_csv(DataTable("numbers", ("x",), (np.array([-1.5]),))) == "x\n-1.5\n"


def test_that_a_number_that_is_none_leaves_its_cell_empty() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(PINS))))
    assert rows == [["name", "age", "median"], ["A", "28.0", "0.1"], ['\'=B, "two"', "", "-1e-300"]]


@pytest.mark.parametrize("name", ["a,=1+1", 'a;"=1+1', "a|\t@x", "a, -2"])
def test_that_a_comment_cannot_smuggle_a_formula_into_a_cell(name: str) -> None:
    text = tsv_text(DataTable("made up", ("x",), (np.ones(1),), (f"target: {name}",)))
    for delimiter in ",;|\t":
        cells = next(csv.reader([text.split("\n")[0]], delimiter=delimiter))
        assert not any(cell.strip(' "').startswith(("=", "+", "-", "@")) for cell in cells)


def test_that_a_table_longer_than_a_block_is_written_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    table = DataTable("long", ("n", "x"), (tuple(map(str, range(10))), np.arange(10) / 7.0))
    whole = as_csv(table)
    monkeypatch.setattr(tables, "_BLOCK", 3)
    assert as_csv(table) == whole


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".TAB"])
def test_that_a_saved_table_opens_again_with_the_same_bits(tmp_path: Path, ending: str) -> None:
    columns = (np.array([0.1, 1e300, -5e-324]), np.array([1.0, 2.0, 1 / 3]))
    path = tmp_path / f"table{ending}"
    save_table(path, DataTable("made up", ("größe", "b"), columns, ("units: mm",)))
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# units: mm\n")
    assert ("\t" in text) is (ending != ".csv")
    again = read_table(path)
    assert [column.name for column in again.columns] == ["größe", "b"]
    assert all(np.array_equal(column.values, expected) for column, expected in zip(again.columns, columns, strict=True))


def test_that_what_is_copied_is_what_is_saved(tmp_path: Path) -> None:
    save_table(tmp_path / "pins.tsv", PINS)
    assert (tmp_path / "pins.tsv").read_bytes() == tsv_text(PINS).encode()


def test_that_an_earlier_file_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "pins.csv"
    folder.mkdir()
    with pytest.raises(SaveError, match="is a folder"):
        save_table(folder, PINS)
    assert folder.is_dir()
