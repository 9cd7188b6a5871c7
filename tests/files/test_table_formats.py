"""Tables in every format: read back by other programs' readers, by this one's."""

import csv
import errno
import io
import json
import math
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.errors import UserError
from mdn_gui.files import table_formats, workbook_writer
from mdn_gui.files.formats import read_here
from mdn_gui.files.options import ReadOptions, Unwatched
from mdn_gui.files.parquet_writer import COMMENTS
from mdn_gui.files.saving import SaveError
from mdn_gui.files.table_formats import FORMATS, format_of, save_blocks
from mdn_gui.files.tables import Block, DataTable, Outline, save_table

ENDINGS = [each.ending for each in FORMATS]
TABLE = DataTable(
    "made up",
    ("x", "größe, =1", "word"),
    (np.array([0.1, -0.0, 1 / 3]), np.array([1e300, np.nan, -5e-324]), ("=1+1", "", 'b "c", <d>&')),
    ("target: y", "units: mm"),
)
ANY_NUMBER = st.floats(width=64) | st.sampled_from([-0.0, 5e-324, -2e-308, 1e308, 1.7e308, math.inf, -math.inf])
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co", "Cf", "Zl", "Zp", "Zs"]), max_size=9)

Cell = float | str | None


def bits(value: float) -> bytes:
    return b"nothing" if math.isnan(value) else struct.pack("d", value)


def delimited_cells(delimiter: str, path: Path) -> list[list[Cell]]:
    with path.open(encoding="utf-8", newline="") as stream:
        lines = [line for line in stream if not line.startswith("# ")]
    return [list(row) for row in csv.reader(lines, delimiter=delimiter)]


def workbook_cells(path: Path) -> list[list[Cell]]:
    import openpyxl

    book = openpyxl.load_workbook(path)
    width = book["table"].max_column
    return [[cell.value for cell in row[:width]] for row in book["table"].iter_rows()]


def parquet_cells(path: Path) -> list[list[Cell]]:
    from pyarrow import parquet

    table = parquet.read_table(path)
    return [list(table.column_names), *map(list, zip(*(column.to_pylist() for column in table.columns), strict=True))]


def json_cells(path: Path) -> list[list[Cell]]:
    text = path.read_text(encoding="utf-8")
    lines = path.suffix == ".jsonl"
    rows = [json.loads(line) for line in text.split("\n")[:-1]] if lines else json.loads(text)["rows"]
    return [list(rows[0]), *(list(row.values()) for row in rows)]


CELLS: dict[str, Callable[[Path], list[list[Cell]]]] = {
    ".csv": lambda path: delimited_cells(",", path),
    ".tsv": lambda path: delimited_cells("\t", path),
    ".xlsx": workbook_cells,
    ".parquet": parquet_cells,
    ".json": json_cells,
    ".jsonl": json_cells,
}


def number(cell: Cell) -> float:
    """Return what any program would take a cell for: empty ones for no number."""
    return math.nan if cell in {None, ""} else float(cell)


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_that_every_number_is_read_back_bit_for_bit(
    ending: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    numbers = data.draw(st.lists(ANY_NUMBER, min_size=1, max_size=12))
    path = tmp_path_factory.mktemp("table") / f"table{ending}"
    save_table(path, DataTable("made up", ("n", "x"), (np.arange(float(len(numbers))), np.array(numbers))))
    header, *rows = CELLS[ending](path)
    assert header == ["n", "x"]
    assert [bits(number(row[1])) for row in rows] == [bits(value) for value in numbers]


@pytest.mark.parametrize("ending", [".xlsx", ".parquet", ".json", ".jsonl"])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_that_texts_come_back_as_they_are_where_a_format_knows_texts(
    ending: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    texts = tuple(data.draw(st.lists(ANY_TEXT, min_size=1, max_size=6)))
    path = tmp_path_factory.mktemp("table") / f"table{ending}"
    save_table(path, DataTable("made up", ("n", "word"), (np.arange(float(len(texts))), texts)))
    assert tuple(row[1] or "" for row in CELLS[ending](path)[1:]) == texts


@pytest.mark.parametrize("ending", ENDINGS)
def test_that_this_program_opens_what_it_saved(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"table{ending}"
    save_table(path, TABLE)
    table = read_here(path, ReadOptions(), Unwatched())
    first = table.columns[0]
    assert [column.name for column in table.columns] == list(TABLE.names)
    assert [bits(value) for value in first.values.tolist()] == [bits(value) for value in TABLE.columns[0].tolist()]
    assert bits(float(table.columns[1].values[0])) == bits(1e300)
    assert table.columns[1].empty.tolist() == [False, True, False]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_that_a_text_in_a_workbook_is_never_a_formula(tmp_path: Path, start: str) -> None:
    import openpyxl

    text = f"{start}1+1"
    path = tmp_path / "table.xlsx"
    save_table(path, DataTable("made up", (text, "x"), ((text,), np.array([-1.5])), (text,)))
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert book["table"]["A2"].value.strip() == text.strip()
    assert book["table"]["B2"].value == -1.5
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f" in archive.read(name) for name in archive.namelist())


def test_that_a_workbook_holds_as_text_what_excel_has_no_number_for(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "table.xlsx"
    values = [math.inf, -1.5e308, 5e-324, math.nan, 9e307, 2.3e-308, 0.0]
    save_table(path, DataTable("made up", ("x",), (np.array(values),)))
    cells = [row[0] for row in openpyxl.load_workbook(path)["table"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["inf", "-1.5e+308", "5e-324", None, 9e307, 2.3e-308, 0.0]


def test_that_a_text_too_long_for_a_workbook_is_cut(tmp_path: Path) -> None:
    save_table(tmp_path / "table.xlsx", DataTable("made up", ("word",), (("a" * 40_000,),)))
    assert workbook_cells(tmp_path / "table.xlsx")[1] == ["a" * 32_767]


def test_that_settings_go_where_a_format_has_room_for_them(tmp_path: Path) -> None:
    import openpyxl
    from pyarrow import parquet

    for ending in ENDINGS:
        save_table(tmp_path / f"table{ending}", TABLE)
    assert (tmp_path / "table.tsv").read_text(encoding="utf-8").startswith("# target: y\n# units: mm\n")
    assert json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))["comments"] == list(TABLE.comments)
    told = parquet.read_schema(tmp_path / "table.parquet").metadata[COMMENTS]
    assert told.decode() == "target: y\nunits: mm"
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx")["comments"]
    assert [row[0].value for row in sheet.iter_rows()] == list(TABLE.comments)


@pytest.mark.parametrize("ending", [".parquet", ".json", ".xlsx"])
def test_that_repeated_names_are_made_different_where_a_reader_needs_it(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"table{ending}"
    save_table(path, DataTable("made up", ("x", "x"), (np.ones(1), np.zeros(1))))
    assert CELLS[ending](path) == [["x", "x (2)"], [1.0, 0.0]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_that_a_table_without_rows_can_be_saved(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"table{ending}"
    save_table(path, DataTable("made up", ("x", "word"), (np.zeros(0), ())))
    if ending == ".json":
        assert json.loads(path.read_text(encoding="utf-8"))["rows"] == []
    elif ending == ".jsonl":
        assert path.read_bytes() == b""
    else:
        assert CELLS[ending](path) == [["x", "word"]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_that_a_name_outside_unicode_does_not_stop_the_saving(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"table{ending}"
    save_table(path, DataTable("made up", ("a\udce9",), (("b\udce9",),), ("data: c\udce9",)))
    assert path.stat().st_size > 0


@pytest.mark.parametrize(("rows", "columns", "what"), [(1_048_576, 1, "1,048,576 rows"), (1, 16_385, "16,385 columns")])
def test_that_a_table_too_large_for_a_workbook_is_refused_before_anything_is_written(
    tmp_path: Path, rows: int, columns: int, what: str
) -> None:
    path = tmp_path / "table.xlsx"
    path.write_text("earlier")
    column = np.zeros(rows)
    taken = []

    def blocks() -> Iterable[Block]:
        taken.append(1)
        yield [column] * columns

    outline = Outline(("x",) * columns, (False,) * columns, (), rows)
    with pytest.raises(SaveError, match=what) as caught:
        save_blocks(path, outline, blocks())
    assert "Parquet" in caught.value.hint
    assert path.read_text() == "earlier"
    assert not taken
    assert format_of(path).most_rows == 1_048_575


def test_that_rows_that_turn_out_too_many_leave_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    path.write_text("earlier")
    blocks = ([np.zeros(600_000)] for _ in range(2))
    with pytest.raises(SaveError, match="1,200,000 rows"):
        save_blocks(path, Outline(("x",), (False,)), blocks)
    assert [each.name for each in tmp_path.iterdir()] == ["table.xlsx"]
    assert path.read_text() == "earlier"


def test_that_a_sheet_of_too_many_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_writer, "_LARGEST_SHEET", 1000)
    with pytest.raises(SaveError, match="1,000 bytes of an Excel sheet"):
        save_table(tmp_path / "table.xlsx", DataTable("made up", ("x",), (np.zeros(100),)))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ENDINGS)
def test_that_blocks_give_the_same_file_as_the_whole(tmp_path: Path, ending: str) -> None:
    def parts() -> Iterable[Block]:
        for row in range(3):
            yield [column[row : row + 1] for column in TABLE.columns]

    save_table(tmp_path / f"whole{ending}", TABLE)
    save_blocks(tmp_path / f"parts{ending}", Outline.of(TABLE), parts())
    assert CELLS[ending](tmp_path / f"whole{ending}") == CELLS[ending](tmp_path / f"parts{ending}")


class FullDisk(io.BytesIO):
    """A stream on a disk that is full after so many bytes."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, content: object) -> int:
        if self.tell() + memoryview(content).nbytes > self._room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(content)


@pytest.mark.parametrize("room", [0, 3, 500])
@pytest.mark.parametrize("ending", ENDINGS)
def test_that_a_full_disk_is_told_and_leaves_the_earlier_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, room: int
) -> None:
    path = tmp_path / f"table{ending}"
    path.write_text("earlier")
    chosen, replace_file = format_of(path), table_formats.replace_file

    def on_full_disk(path: Path, write: Callable[[object], None]) -> None:
        replace_file(path, lambda _: write(FullDisk(room)))

    monkeypatch.setattr(table_formats, "replace_file", on_full_disk)
    column = np.random.default_rng(0).normal(size=2000)
    with pytest.raises(SaveError, match="the disk is full"):
        save_table(path, DataTable("made up", ("x",), (column,)))
    assert chosen.ending == ending
    assert path.read_text() == "earlier"


def test_that_what_the_rows_raise_leaves_the_earlier_file(tmp_path: Path) -> None:
    def failing() -> Iterable[Block]:
        yield [np.ones(3)]
        raise UserError("enough", "stop")

    for ending in ENDINGS:
        path = tmp_path / f"table{ending}"
        path.write_text("earlier")
        with pytest.raises(UserError, match="enough"):
            save_blocks(path, Outline(("x",), (False,)), failing())
        assert path.read_text() == "earlier"
    assert len(list(tmp_path.iterdir())) == len(ENDINGS)


def test_that_writing_parquet_loads_no_pandas(tmp_path: Path) -> None:
    code = (
        "import sys, numpy as np; from mdn_gui.files.tables import DataTable, save_table;"
        "loaded = {'pyarrow', 'openpyxl', 'zipfile'} & set(sys.modules); assert 'pyarrow' not in loaded, loaded;"
        f"save_table({str(tmp_path / 't.parquet')!r}, DataTable('t', ('x', 'w'), (np.ones(2), ('a', 'b'))));"
        "assert 'pandas' not in sys.modules; print('done')"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert process.stdout == "done\n", process.stderr


@pytest.mark.parametrize(
    ("name", "ending"), [("a.TAB", ".tsv"), ("a.ndjson", ".jsonl"), ("a.XLSX", ".xlsx"), ("a", ".csv"), ("a.b", ".csv")]
)
def test_that_the_ending_tells_the_format(name: str, ending: str) -> None:
    assert format_of(name).ending == ending


def names_of(places: Sequence[int]) -> list[str]:
    return [workbook_writer._letters(place) for place in places]


def test_that_columns_of_a_workbook_have_their_letters() -> None:
    assert names_of([0, 25, 26, 701, 702, 16_383]) == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
