"""What is written in any dialect is read back, bit for bit."""

import struct
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.errors import DataError
from mdn_gui.files.cells import is_empty
from mdn_gui.files.dates import is_date
from mdn_gui.files.delimited import preview_text, read_text
from mdn_gui.files.marks import looks_numeric
from mdn_gui.files.options import ReadOptions, Unwatched
from tests.files.dialect_writer import Value, Written, write_dialect

WORDS = {"": "one column", "\t": "tab", " ": "blanks"}
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "blanks"}


def is_plain_text(text: str) -> bool:
    words = {"true", "false", "yes", "no", "ja", "nein", "oui", "non"}
    return not (is_empty(text) or looks_numeric(text) or is_date(text) or text.lower() in words)


texts = (
    st.text(st.sampled_from("abXé€😀ß,;|\t \"'\n.#1=<"), min_size=1, max_size=8)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), min_size=1, max_size=8)
).map(str.strip)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9) | st.just(-0.0)
columns_of_values = st.sampled_from(
    [
        (ColumnKind.NUMBER, numbers),
        (ColumnKind.TEXT, texts.filter(is_plain_text)),
        (ColumnKind.BOOLEAN, st.booleans()),
        (ColumnKind.DAYS, st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))),
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[Value]], list[ColumnKind], list[str]]:
    kinds = draw(st.lists(columns_of_values, min_size=1, max_size=4))
    num_rows = draw(st.integers(1, 6))
    columns = [draw(st.lists(st.none() | cells, min_size=num_rows, max_size=num_rows)) for _, cells in kinds]
    columns[0][0] = draw(kinds[0][1])
    return columns, [kind for kind, _ in kinds], [f"name {place}" for place in range(len(kinds))]


@st.composite
def dialects(draw: st.DrawFn) -> Written:
    decimal = draw(st.sampled_from(".,"))
    between = [mark for mark in ("", ".", ",", "'", " ", "\N{NARROW NO-BREAK SPACE}") if mark != decimal]
    encodings = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
    return Written(
        draw(st.sampled_from(encodings)),
        draw(st.sampled_from(",;\t| #~")),
        decimal,
        draw(st.sampled_from(between)),
        draw(st.booleans()),
        draw(st.sampled_from(["", ".gz", ".bz2", ".xz", ".zip"])),
    )


def written(folder: str, columns: list[list[Value]], names: list[str], how: Written) -> tuple[Path, Written]:
    try:
        content = write_dialect(columns, names, how)
    except UnicodeEncodeError:
        how = Written("utf-8", how.delimiter, how.decimal, how.thousands, how.has_header, how.packing)
        content = write_dialect(columns, names, how)
    path = Path(folder) / "table.csv"
    path.write_bytes(content)
    return path, how


def bits(value: float) -> bytes:
    return struct.pack("<d", value)


def says_the_same(column: Column, row: int, value: Value) -> bool:
    found = float(column.values[row])
    if value is None:
        return bool(np.isnan(found)) and bool(column.empty[row])
    if isinstance(value, bool):
        return column.kind is ColumnKind.BOOLEAN and found == float(value)
    if isinstance(value, datetime):
        if not column.kind.is_date:
            return False
        moment = datetime.fromisoformat(column.origin) + timedelta(seconds=found * column.kind.seconds)
        return abs(moment - value) <= timedelta(microseconds=abs(found) * column.kind.seconds * 1e6 * 2**-51 + 1.0)
    if isinstance(value, str):
        return bool(column.levels) and not np.isnan(found) and column.levels[int(found)] == value
    return column.kind is ColumnKind.NUMBER and bits(found) == bits(float(value))


def is_same(columns: tuple[Column, ...], values: list[list[Value]]) -> bool:
    return len(columns) == len(values) and all(
        len(column.values) == len(cells) and all(says_the_same(column, row, cell) for row, cell in enumerate(cells))
        for column, cells in zip(columns, values, strict=True)
    )


@settings(max_examples=700, deadline=None, derandomize=True)
@given(tables(), dialects())
def test_that_a_table_written_in_any_dialect_is_read_back_with_its_options(
    table: tuple[list[list[Value]], list[ColumnKind], list[str]], how: Written
) -> None:
    values, kinds, names = table
    with tempfile.TemporaryDirectory() as folder:
        path, how = written(folder, values, names, how)
        names = names if how.has_header else [f"column {place}" for place in range(1, len(names) + 1)]
        options = ReadOptions(
            encoding=how.encoding,
            delimiter=WORDS.get(how.delimiter, how.delimiter),
            decimal=how.decimal,
            thousands=how.thousands if how.thousands in {"", ".", ",", "'"} else " ",
            has_header=how.has_header,
            kinds=dict(zip(names, kinds, strict=True)),
        )
        read = read_text(path, options, Unwatched())
        preview = preview_text(path, options)
    assert is_same(read.columns, values)
    assert is_same(preview.table.columns, values)
    assert [column.name for column in read.columns] == names
    assert preview.num_rows == len(values[0])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(tables(), dialects())
def test_that_a_guess_is_right_or_told(
    table: tuple[list[list[Value]], list[ColumnKind], list[str]], how: Written
) -> None:
    values, _, names = table
    with tempfile.TemporaryDirectory() as folder:
        path, how = written(folder, values, names, how)
        refusal = ""
        try:
            preview = preview_text(path, ReadOptions())
            read = read_text(path, preview.options, Unwatched())
        except DataError as error:
            refusal = error.message
    if refusal:
        told = ("has a header and no rows", "cannot be told apart", "more cells than the header")
        assert any(reason in refusal for reason in told)
        return
    true_notes = {f"delimiter: {NAMES.get(how.delimiter)}", f"encoding: {how.encoding.upper()}"}
    true_notes |= set() if how.has_header else {"no header: the columns are numbered"}
    told = preview.doubts or set(preview.table.notes) - true_notes
    assert is_same(read.columns, values) or told
    assert is_same(preview.table.columns, values) == is_same(read.columns, values)
