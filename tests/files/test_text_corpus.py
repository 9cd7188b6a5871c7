"""Messy and hostile texts: each read right, or refused with what, where, what to do; never at a large cost."""

import codecs
import gzip
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.errors import DataError
from mdn_gui.files.delimited import preview_text, read_text
from mdn_gui.files.options import ReadOptions, Unwatched
from tests.files.dialect_writer import packed

MIB = 1 << 20
ROWS = b"x,y\n" + b"1.000000000000000,2.000000000000000000\n" * 30_000
Values = dict[str, list[float | str | None]]


def text(content: str, encoding: str = "utf-8") -> bytes:
    return content.encode(encoding)


READ: dict[str, tuple[bytes, Values]] = {
    "HTML names": (text("<b>x</b>,<img src=x>\n1,2\n3,4\n"), {"<b>x</b>": [1, 3], "<img src=x>": [2, 4]}),
    "formula names": (text("=1+1,@sum\n1,2\n"), {"=1+1": [1], "@sum": [2]}),
    "formula cells": (text("x,y\n1,2\n=1+1,3\n4,5\n"), {"x": [1, None, 4], "y": [2, 3, 5]}),
    "duplicate names": (text("x,x,x\n1,2,3\n"), {"x": [1], "x (2)": [2], "x (3)": [3]}),
    "empty names": (text("x,,\n1,2,3\n"), {"x": [1], "column 2": [2], "column 3": [3]}),
    "names of blanks": (text('"  ","\t"\n1,2\n'), {"column 1": [1], "column 2": [2]}),
    "control characters": (text("a\x1b[31mb,y\n1,2\n"), {"a [31mb": [1], "y": [2]}),
    "right to left": (text("\N{RIGHT-TO-LEFT OVERRIDE}x,y\n1,2\n"), {"x": [1], "y": [2]}),
    "ragged rows": (text("x,y\n1\n2,3\n4,5,,\n6,7\n"), {"x": [1, 2, 4, 6], "y": [None, 3, 5, 7]}),
    "surplus cells": (text("x,y\n1,2\n3,4,5\n6,7\n"), {"x": [1, None, 6], "y": [2, None, 7]}),
    "mixed types": (
        text("x,y\n1,a\n2,1\ntrue,2\n3,2020-01-01\n4,3\n"),
        {"x": [1, 2, None, 3, 4], "y": [None, 1, 2, None, 3]},
    ),
    "thousands or decimals": (text("x;y\n1,234;1\n2,345;2\n"), {"x": [1234, 2345], "y": [1, 2]}),
    "UTF-16 with a mark": (text("\ufeffgröße,y\n1,2\n", "utf-16-be"), {"größe": [1], "y": [2]}),
    "UTF-16 without a mark": (text("größe,y\n1,2\n", "utf-16-le"), {"größe": [1], "y": [2]}),
    "UTF-32": (text("größe,y\n1,2\n", "utf-32"), {"größe": [1], "y": [2]}),
    "two marks": (codecs.BOM_UTF8 * 2 + b"x,y\n1,2\n", {"x": [1], "y": [2]}),
    "quoted line ends": (text('x,t\n1,"a\r\nb"\n2,"c\rd"\n'), {"x": [1, 2], "t": ["a\nb", "c\nd"]}),
    "blanks in a quotation of three lines": (
        text('x t\n1  "a\nb  c\nd"\n2\te\n'),
        {"x": [1, 2], "t": ["a\nb  c\nd", "e"]},
    ),
    "every line end": (text("x,y\r\n1,2\n3,4\r5,6"), {"x": [1, 3, 5], "y": [2, 4, 6]}),
    "emoji": (text("😀,y\n1,2\n"), {"😀": [1], "y": [2]}),
    "no end of the last line": (text("x,y\n1,2"), {"x": [1], "y": [2]}),
    "huge numbers": (text("x,y\n1e400,1\n-1e400,2\n1,3\n"), {"x": [np.inf, -np.inf, 1], "y": [1, 2, 3]}),
    "a number of 5,000 figures": (text(f"x,y\n{'9' * 5000},1\n0.{'0' * 400}1,2\n"), {"x": [np.inf, 0], "y": [1, 2]}),
    "a list of numbers": (text("3\n1\n2\n"), {"column 1": [3, 1, 2]}),
}

REFUSED: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "t.csv is empty", "Choose a file"),
    "zeros": (bytes(100), "t.csv is not text: byte 0 is 0", "Export"),
    "a zero far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b"1,\x002\n",
        "t.csv is not text: byte 1600006 is 0",
        "Export",
    ),
    "wrong bytes far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b"1,\xff\n",
        r"t.csv: byte 1600006 \(0xff, line 400002\) is not UTF-8 text",
        "cp1252",
    ),
    "half a character": (b"x,y\n1,2\n\xc3", r"t.csv: byte 8 \(0xc3, line 3\)", "UTF-8"),
    "an open quotation": (
        b'x,y\n1,2\n"3,4\n' + b"5,6\n" * 50_000,
        "t.csv: the cells of line 3 cannot be told apart",
        "partner",
    ),
    "an open quotation far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b'"3,4\n5,6\n',
        "t.csv: the cells of line 400,002 cannot be told apart",
        "partner",
    ),
    "100,000 columns": (b",".join([b"x"] * 100_000) + b"\n1\n", "t.csv: line 1 has 100,000 cells", "line end"),
    "100,000 columns far behind": (
        b"x,y\n" + b"1,2\n" * 400_000 + b"," * 99_999 + b"\n",
        "t.csv: line 400,002 has 100,000 cells",
        "line end",
    ),
    "quoted columns without end": (b'"x",' * 100_000 + b"\n1\n", "t.csv: line 1 has 100,001 cells", "line end"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "t.csv is not text|t.csv: byte 0", "Export|Save"),
    "a cut-off archive": (packed(b"x,y\n1,2\n", ".zip")[:-30], "t.csv is damaged", "Get the file again"),
    "an archive of nonsense": (packed(bytes(range(256)), ".gz"), "t.csv", "Export|Save"),
    "a Parquet file": (b"PAR1" + bytes(20), "t.csv is a Parquet file", "Export"),
    "a header without rows": (b"x,y\n", "t.csv has a header and no rows", "rows below"),
}


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "t.csv"
    path.write_bytes(content)
    return path


def cell(value: float, text_of_it: str, *, has_levels: bool) -> float | str | None:
    return None if np.isnan(value) else text_of_it if has_levels else value


@pytest.mark.parametrize("name", READ)
def test_that_a_messy_text_is_read_right(tmp_path: Path, name: str) -> None:
    content, expected = READ[name]
    path = saved(tmp_path, content)
    preview = preview_text(path, ReadOptions())
    read = read_text(path, preview.options, Unwatched())
    for table in (preview.table, read):
        found = {
            column.name: [
                cell(value, column.text(row), has_levels=bool(column.levels)) for row, value in enumerate(column.values)
            ]
            for column in table.columns
        }
        assert found == expected


@pytest.mark.parametrize("name", REFUSED)
def test_that_a_hostile_text_is_refused_with_what_where_and_what_to_do(tmp_path: Path, name: str) -> None:
    content, what, remedy = REFUSED[name]
    path = saved(tmp_path, content)
    with pytest.raises(DataError, match=what) as caught:
        read_text(path, ReadOptions(), Unwatched())
    assert any(word in caught.value.hint for word in remedy.split("|"))


def long_line(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"x,y\n")
        for _ in range(200):
            stream.write(b"5" * MIB)


def late_long_line(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(ROWS)
        for _ in range(200):
            stream.write(b"5" * MIB)


def sparse_zeros(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(ROWS)
        stream.truncate(1 << 40)


def bomb_of_one_line(path: Path) -> None:
    path.write_bytes(gzip.compress(ROWS) + gzip.compress(b"7" * (64 * MIB), 1))


HUGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "one line of 200 MiB": (long_line, r"t\.csv: line 2 is longer than 1,048,576 bytes"),
    "a line of 200 MiB far behind": (late_long_line, r"t\.csv: line 30,002 is longer than 16,777,216 bytes"),
    "1 TiB of zeros": (sparse_zeros, r"t\.csv is not text: byte 1170004 is 0"),
    "a packed line without end": (bomb_of_one_line, r"t\.csv: line 30,002 is longer than 16,777,216 bytes"),
}


@pytest.mark.parametrize("name", HUGE)
def test_that_a_huge_text_is_refused_in_bounded_memory(tmp_path: Path, name: str) -> None:
    make, what = HUGE[name]
    path = tmp_path / "t.csv"
    make(path)
    tracemalloc.start()
    try:
        with pytest.raises(DataError, match=what) as caught:
            read_text(path, ReadOptions(), Unwatched())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        path.unlink()
    assert caught.value.hint
    assert peak < 160 * MIB


def test_that_a_preview_of_a_huge_text_reads_little_of_it(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    sparse_zeros(path)
    preview = preview_text(path, ReadOptions())
    path.unlink()
    assert preview.table.num_rows == 200
    assert preview.rows_estimate > 10**9


@pytest.mark.parametrize("kind", ["folder", "gone", "device", "pipe"])
@pytest.mark.parametrize("read", [preview_text, lambda path, options: read_text(path, options, Unwatched())])
def test_that_what_is_no_file_is_refused(
    tmp_path: Path, kind: str, read: Callable[[Path, ReadOptions], object]
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    path = {"folder": tmp_path, "gone": tmp_path / "gone", "device": Path("/dev/zero"), "pipe": pipe}[kind]
    with pytest.raises(DataError, match=r"is a folder|There is no file|is not a regular file") as caught:
        read(path, ReadOptions())
    assert caught.value.hint


def test_that_a_file_that_shrinks_while_it_is_read_is_what_is_left(tmp_path: Path) -> None:
    path = saved(tmp_path, b"x,y\n" + b"1,2\n" * 1_000_000)

    class Shrinking(Unwatched):
        def report(self, fraction: float) -> None:
            path.write_bytes(b"x,y\n1,2\n")

    table = read_text(path, ReadOptions(), Shrinking())
    assert 0 < table.num_rows < 1_000_000
