"""Delimited text files, sound and broken."""

import csv
import io
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdn_gui.core.selection import LeftOut
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files import streams
from mdn_gui.files.delimited import read_table
from mdn_gui.files.names import MOST_COLUMNS


def written(folder: Path, content: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def columns_of(table: Table) -> dict[str, list[float | None]]:
    return {
        column.name: [None if np.isnan(value) else value for value in column.values.tolist()]
        for column in table.columns
    }


def read(folder: Path, content: str | bytes) -> Table:
    return read_table(written(folder, content))


def test_that_a_plain_file_is_read_with_its_name_and_place(tmp_path: Path) -> None:
    path = written(tmp_path, "x,y\n1,2\n3.5,-4e1\n")
    table = read_table(str(path))
    assert columns_of(table) == {"x": [1, 3.5], "y": [2, -40]}
    assert table.title == "t.csv"
    assert table.source == str(path)
    assert table.notes == ("delimiter: comma",)


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("x,y\n1,2.5\n3,4\n", "comma"),
        ("x;y\n1;2.5\n3;4\n", "semicolon"),
        ("x\ty\n1\t2.5\n3\t4\n", "tab"),
        ("x|y\n1|2.5\n3|4\n", "vertical bar"),
        ("x y\n 1    2.5\n3 \t 4  \n", "blanks"),
        ("x, y\n1, 2.5\n3, 4\n", "comma"),
        ("x,y\r\n1,2.5\r\n3,4\r\n", "comma"),
        ("x,y\r1,2.5\r3,4", "comma"),
        ("\n\nx,y\n\n1,2.5\n\n3,4\n\n", "comma"),
        ('"x","y"\n"1","2.5"\n3,"4"\n', "comma"),
        ("# made by\n# hand: a,b,c\nx,y\n1,2.5\n3,4\n", "comma"),
    ],
)
def test_that_the_delimiter_is_found_and_stated(tmp_path: Path, content: str, delimiter: str) -> None:
    table = read(tmp_path, content)
    assert columns_of(table) == {"x": [1, 3], "y": [2.5, 4]}
    assert f"delimiter: {delimiter}" in table.notes


@pytest.mark.parametrize(
    ("content", "names", "notes"),
    [
        ("time of day,y\n1 2,3\n", ["time of day", "y"], ("delimiter: comma",)),
        ("name;y\na, b;1\nc, d;2\n", ["name", "y"], ("delimiter: semicolon",)),
        ('"a, b",y\n1,2\n', ["a, b", "y"], ("delimiter: comma",)),
        ('"two\nlines",y\n1,2\n', ["two lines", "y"], ("delimiter: comma",)),
        ("x,x,,x (2)\n1,2,3,4\n", ["x", "x (3)", "column 3", "x (2)"], ("delimiter: comma", "repeated names: x (3)")),
        ("x,x,x\n1,2,3\n", ["x", "x (2)", "x (3)"], ("delimiter: comma", "repeated names: x (2), x (3)")),
        (
            "column 2,\n1,2\n",
            ["column 2", "column 2 (2)"],
            ("delimiter: comma", "repeated names: column 2 (2)"),
        ),
        ("x\x1b[2J,y\n1,2\n", ["x [2J", "y"], ("delimiter: comma",)),
        ("x" * 5000 + ",y\n1,2\n", ["x" * 200, "y"], ("delimiter: comma",)),
        ("1,2\n3,4\n", ["column 1", "column 2"], ("delimiter: comma", "no header: the columns are numbered")),
        ("x\n1\n2\n", ["x"], ("one column, no delimiter",)),
    ],
)
def test_that_names_come_from_the_header(
    tmp_path: Path, content: str, names: list[str], notes: tuple[str, ...]
) -> None:
    table = read(tmp_path, content)
    assert [column.name for column in table.columns] == names
    assert table.notes == notes


def test_that_a_file_without_a_header_keeps_its_first_row(tmp_path: Path) -> None:
    rows = "540.0 \t28 \t79.99 \n540.0 \t28 \t61.89 \n332.5 \t270 \t40.27 "
    table = read(tmp_path, rows)
    assert columns_of(table) == {
        "column 1": [540, 540, 332.5],
        "column 2": [28, 28, 270],
        "column 3": [79.99, 61.89, 40.27],
    }
    assert "no header: the columns are numbered" in table.notes


def test_that_missing_values_are_empty_and_text_is_not_a_number(tmp_path: Path) -> None:
    words = ["", "NA", "NaN", "nan", "-", "?", "n/a", "#N/A", "null", " ", "."]
    table = read(tmp_path, "x,y\n" + "".join(f"{word},1\n" for word in [*words, "text", "1_000", "0x1F", *"123"]))
    x = table.columns[0]
    assert x.empty.tolist() == [True] * len(words) + [False] * 6
    assert columns_of(table)["x"] == [None] * (len(words) + 3) + [1, 2, 3]


@pytest.mark.parametrize(
    "cell", ["1_000", "0x1F", "1e", "e5", "1.2.3", "1 000", "12%", "$5", "True", "1d5", "--1", "١"]
)
def test_that_what_only_resembles_a_number_is_none(tmp_path: Path, cell: str) -> None:
    table = read(tmp_path, f"x,y\n{cell},1\n2,3\n")
    assert columns_of(table)["x"] == [None, 2]
    assert not table.columns[0].empty.any()


@pytest.mark.parametrize(
    ("cell", "value"),
    [("+1", 1), ("-.5", -0.5), ("5.", 5), ("1E-3", 0.001), ("\N{MINUS SIGN}2", -2), ("1e400", float("inf"))],
)
def test_that_every_way_to_write_a_number_is_read(tmp_path: Path, cell: str, value: float) -> None:
    # the second row keeps the file from being read by the fast way alone
    assert columns_of(read(tmp_path, f"x,y\n{cell},1\nNA,2\n"))["x"] == [value, None]


@pytest.mark.parametrize("word", ["inf", "Inf", "-inf", "+Infinity", "INFINITY"])
def test_that_infinite_cells_are_infinite_not_missing(tmp_path: Path, word: str) -> None:
    table = read(tmp_path, f"x,y\n{word},1\n1,2\n2,3\n3,4\n")
    assert np.isinf(table.columns[0].values[0])
    assert table.select(["x"], "y").left_out == (LeftOut("x is infinite", (1,)),)


@pytest.mark.parametrize(
    ("content", "columns", "note"),
    [
        ("x;y\n1,5;2,5\n3;4,25\n", {"x": [1.5, 3], "y": [2.5, 4.25]}, "decimal comma: x, y"),
        ("x;y\n1,5;2.5\nNA;4.25\n", {"x": [1.5, None], "y": [2.5, 4.25]}, "decimal comma: x"),
        ("x y\n0,125 -1,5e2\n", {"x": [0.125], "y": [-150]}, "decimal comma: x, y"),
        ("1,5\t2\n2,5\t3\n", {"column 1": [1.5, 2.5], "column 2": [2, 3]}, "decimal comma: column 1"),
        ("x;y\n1,234;0,5\n2,345;1,5\n", {"x": [1.234, 2.345], "y": [0.5, 1.5]}, "decimal comma: x, y"),
        ("x;y\n1,234;1\n2,345;2\n", {"x": [None, None], "y": [1, 2]}, "commas not understood, cells left out: x"),
        ("x;y\n1,5;1\n2.5;2\n", {"x": [None, 2.5], "y": [1, 2]}, "commas not understood, cells left out: x"),
        (
            "x;y\n1,234,567;0,5\n1,5;2\n",
            {"x": [None, None], "y": [0.5, 2]},
            "commas not understood, cells left out: x",
        ),
    ],
)
def test_that_a_decimal_comma_is_taken_only_where_nothing_else_fits(
    tmp_path: Path, content: str, columns: dict[str, list[float | None]], note: str
) -> None:
    table = read(tmp_path, content)
    assert columns_of(table) == columns
    assert note in table.notes


def test_that_short_rows_are_filled_with_empty_cells(tmp_path: Path) -> None:
    table = read(tmp_path, "x,y\n1,2\n3\n4,5\n6,7,\n")
    assert columns_of(table) == {"x": [1, 3, 4, 6], "y": [2, None, 5, 7]}
    assert table.columns[1].empty.tolist() == [False, True, False, False]
    assert table.left_out == ()


def test_that_a_row_with_surplus_cells_is_left_out_and_named(tmp_path: Path) -> None:
    table = read(tmp_path, "x,y\n1,2\n3,4,5\n6,7\n8,9\n")
    selection = table.select(["x"], "y")
    assert selection.left_out == (LeftOut("more cells than columns", (2,)),)
    assert selection.dataset.y.tolist() == [2, 7, 9]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_that_text_with_a_byte_order_mark_is_decoded(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    table = read(tmp_path, f"{mark}größe,y\n1,2\n3,4\n".encode(encoding))
    assert columns_of(table) == {"größe": [1, 3], "y": [2, 4]}
    assert any("encoding" in note for note in table.notes) == (not encoding.startswith("utf-8"))


BAD_FILES: dict[str, tuple[str | bytes, str, str]] = {
    "empty": ("", "t.csv is empty", "Choose a file"),
    "blank lines": (" \n\n\t\n", "t.csv is empty", "Choose a file"),
    "comments": ("# x,y\n", "t.csv is empty", "Choose a file"),
    "only a mark": (b"\xef\xbb\xbf", "t.csv is empty", "Choose a file"),
    "header only": ("x,y\n\n", "t.csv has a header and no rows", "rows below the header"),
    "quoted nothing": ('x,y\n" "\n', "t.csv has a header and no rows", "rows below the header"),
    "binary": (b"x,y\n1,\x002\n", "t.csv is not text: byte 6 is 0", "Export the table as CSV"),
    "workbook": (b"PK\x03\x04\x14", "t.csv is damaged or cut off", "Get the file again"),
    "compressed": (b"\x1f\x8b\x08\x00", "t.csv is damaged or cut off", "Get the file again"),
    "latin-1": ("x,größe\n1,2\n".encode("latin-1"), r"t.csv: byte 4 \(0xf6, line 1\) is not UTF-8", "Save the file as"),
    "latin-1 below": (b"x,y\n1,\xff\n", r"t.csv: byte 6 \(0xff, line 2\) is not UTF-8", "Save the file as UTF-8"),
    "odd UTF-16": (b"\xff\xfex\x00,\x00y", r"t.csv: byte 6 .*line 1\) is not UTF-16", "Save the file as UTF-8"),
    "open quote": (
        'x,y\n1,"2\n3,4\n',
        "t.csv: the cells of line 2 cannot be told apart",
        "partner",
    ),
    "open header quote": ('"x,y\n1,2\n', "t.csv: the cells of line", "partner"),
    "huge cell": ("x,y\n1,2\nNA,3\n4," + "5" * 200_000 + "a\n", "t.csv: the cells of line 4", "partner"),
    "one long line": (
        ",".join(["x"] * (MOST_COLUMNS + 1)) + "\n1",
        "t.csv: line 1 has 10,001 cells",
        "line end",
    ),
    "short header": ("x,y\n1,2,3\n4,5,6\n7,8\n", "t.csv: 2 of 3 rows, first row 1, have more cells", "a name in the"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_that_a_bad_file_is_refused_with_what_where_and_what_to_do(tmp_path: Path, kind: str) -> None:
    content, what, remedy = BAD_FILES[kind]
    with pytest.raises(DataError, match=what) as caught:
        read(tmp_path, content)
    assert remedy in caught.value.hint


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file .*gone\.csv") as caught:
        read_table(tmp_path / "gone.csv")
    assert "Check the name" in caught.value.hint


def test_that_a_folder_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder") as caught:
        read_table(tmp_path)
    assert "Choose a file in it" in caught.value.hint


def test_that_a_device_is_not_read() -> None:
    with pytest.raises(DataError, match="is not a regular file") as caught:
        read_table("/dev/zero")
    assert caught.value.hint


@pytest.mark.parametrize("name", ["a\0b", "n" * 5000])
def test_that_an_impossible_name_is_refused(name: str) -> None:
    with pytest.raises(DataError, match="cannot be read") as caught:
        read_table(name)
    assert "Check the name" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "what", "remedy"),
    [
        (PermissionError(13, "denied"), "t.csv may not be read", "permission"),
        (OSError(5, "Input/output error"), "t.csv cannot be read: .*Input/output error", "disk"),
        (MemoryError(), "t.csv does not fit into memory", "sample"),
    ],
)
def test_that_a_file_the_system_withholds_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, what: str, remedy: str
) -> None:
    def refuse(_path: Path) -> None:
        raise error

    path = written(tmp_path, "x,y\n1,2\n")
    monkeypatch.setattr(streams, "_PackedFile", refuse)
    with pytest.raises(DataError, match=what) as caught:
        read_table(path)
    assert remedy in caught.value.hint


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        ("x,y\n1,2\n", "t.csv: 1 of 1 rows", "At least 2 complete rows"),
        ("x,y\na,b\nc,d\n", "t.csv: no column holds numbers", "Two numeric columns"),
        ("x,y\n1,a\n2,b\n", "t.csv: only 'x' holds numbers", "Two numeric columns"),
        ("x\n1\n2\n", "t.csv: only 'x' holds numbers", "Two numeric columns"),
        ("x,y\n1,NaN\n2,nan\n", "t.csv: only 'x' holds numbers", "Two numeric columns"),
        ("x,y\n1,5\n2,5\n", "t.csv: every value of 'y' is 5", "choose another"),
        ("x,y\n5,1\n5,2\n", "t.csv: every value of 'x' is 5", "choose another"),
        ("x,y\ninf,1\n1,2\nNaN,3\n", "t.csv: 1 of 3 rows have finite numbers", "At least 2 complete rows"),
    ],
)
def test_that_a_table_that_cannot_be_learned_from_is_refused(
    tmp_path: Path, content: str, what: str, remedy: str
) -> None:
    table = read(tmp_path, content)
    with pytest.raises(DataError, match=what) as caught:
        table.select(*table.proposed_roles())
    assert remedy in caught.value.hint


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.tuples(finite, st.none() | finite), min_size=1), st.sampled_from(",;\t| "))
def test_that_written_numbers_are_read_back_bit_for_bit(rows: list[tuple[float, float | None]], delimiter: str) -> None:
    text = f"x{delimiter}y\n" + "".join(f"{x!r}{delimiter}{'NA' if y is None else repr(y)}\n" for x, y in rows)
    with tempfile.TemporaryDirectory() as folder:
        table = read(Path(folder), text)
    assert [column.name for column in table.columns] == ["x", "y"]
    assert table.columns[0].values.tobytes() == np.array([x for x, _ in rows]).tobytes()
    assert columns_of(table)["y"] == [y for _, y in rows]


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12), min_size=2, max_size=4),
    st.sampled_from(",;\t|"),
)
def test_that_any_header_gives_unique_printable_names(header: list[str], delimiter: str) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["text", *header], ["1"] * (len(header) + 1)])
    with tempfile.TemporaryDirectory() as folder:
        table = read(Path(folder), stream.getvalue().encode())
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(header) + 1
    assert all(name and name.isprintable() for name in names)


@given(st.binary(max_size=300) | st.text('019.,;\t |"\n\rxNA-#e', max_size=60).map(str.encode))
def test_that_any_bytes_give_a_table_or_a_polite_refusal(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), content)
        refusal = None
        try:
            rows = read_table(path).num_rows
        except DataError as error:
            refusal, rows = error, 0
    assert rows > 0 or (refusal and refusal.message and refusal.hint)


def test_that_reading_leaves_the_file_alone(tmp_path: Path) -> None:
    path = written(tmp_path, "x,y\n1,2\n")
    before = os.stat(path)
    read_table(path)
    assert os.stat(path).st_mtime_ns == before.st_mtime_ns
    assert list(tmp_path.iterdir()) == [path]
