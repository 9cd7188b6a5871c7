"""Excel workbooks, sound and odd; the parsers run in this process."""

from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.excel import preview_workbook, read_workbook
from mdn_gui.files.options import ReadOptions, Unwatched
from tests.files.made import cells, sheet_of_xml, workbook


def read(path: Path, options: ReadOptions | None = None) -> Table:
    return read_workbook(path, options or ReadOptions(), Unwatched())


def sheet(folder: Path, *rows: list[object]) -> Path:
    return workbook(folder / "t.xlsx", {"first": rows})


def test_that_numbers_dates_booleans_texts_keep_their_meaning(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        ["n", "day", "moment", "yes", "colour"],
        [1, date(2020, 1, 1), datetime(2020, 1, 1, 12), True, "red"],
        [2.5, date(2020, 1, 11), datetime(2020, 1, 1, 13), False, "blue"],
        [None, None, None, None, None],
        [-4e300, date(2020, 1, 3), datetime(2020, 1, 1, 12, 30), True, "red"],
    )
    table = read(path)
    kinds = [column.kind for column in table.columns]
    assert kinds == [
        ColumnKind.NUMBER,
        ColumnKind.DAYS,
        ColumnKind.SECONDS,
        ColumnKind.BOOLEAN,
        ColumnKind.CATEGORY,
    ]
    assert table.num_rows == 3
    assert table.column("n").values.tolist() == [1, 2.5, -4e300]
    assert table.column("day").values.tolist() == [0, 10, 2]
    assert table.column("day").origin == "2020-01-01"
    assert table.column("moment").values.tolist() == [43200, 46800, 45000]
    assert cells(table)["yes"] == ["true", "false", "true"]
    assert cells(table)["colour"] == ["red", "blue", "red"]


def test_that_a_text_or_an_error_among_numbers_is_an_oddity_with_its_words(tmp_path: Path) -> None:
    rows = [[1, 1], ["#DIV/0!", 2], ["oops", 3], ["5", 4], [None, 5], ["NA", 6], [7, 7], [8, 8], [9, 9]]
    table = read(sheet(tmp_path, ["x", "y"], *rows))
    column = table.column("x")
    assert column.kind is ColumnKind.NUMBER
    assert dict(column.oddities) == {1: "#DIV/0!", 2: "oops", 3: "5"}
    assert np.flatnonzero(column.empty).tolist() == [4, 5]


def test_that_a_column_of_texts_that_are_numbers_is_read_as_numbers_and_said_so(tmp_path: Path) -> None:
    table = read(sheet(tmp_path, ["x", "y"], ["1.5", 1], ["2", 2], ["", 3]))
    assert table.column("x").values.tolist()[:2] == [1.5, 2]
    assert "read from texts: x" in table.notes


def test_that_formulas_without_a_result_are_empty_and_counted(tmp_path: Path) -> None:
    table = read(sheet(tmp_path, ["x", "y"], [1, "=A2*2"], [2, "=A3*2"]))
    assert table.column("x").values.tolist() == [1, 2]
    assert "formulas without a stored result, read as empty: 2" in table.notes


def test_that_times_are_seconds(tmp_path: Path) -> None:
    table = read(sheet(tmp_path, ["t", "y"], [time(0, 1), 1], [time(1, 0, 2), 2]))
    assert table.column("t").values.tolist() == [60, 3602]
    assert "times in seconds: t" in table.notes


def test_that_the_first_sheet_with_rows_is_taken_and_all_are_offered(tmp_path: Path) -> None:
    sheets = {"empty": [], "title": [["only a title"]], "data": [["x", "y"], [1, 2]], "more": [["a"], [5]]}
    path = workbook(tmp_path / "t.xlsx", sheets)
    preview = preview_workbook(path, ReadOptions())
    assert preview.parts == ("empty", "title", "data", "more")
    assert preview.options.part == "data"
    assert preview.cells == (("1", "2"),)
    assert preview.num_rows == preview.rows_estimate == 1
    assert cells(read(path, ReadOptions(part="more"))) == {"a": ["5"]}
    with pytest.raises(DataError, match="no sheet 'none'") as caught:
        read(path, ReadOptions(part="none"))
    assert "'data'" in caught.value.hint or "data" in caught.value.hint


def test_that_the_first_sheet_that_can_be_learned_from_is_taken(tmp_path: Path) -> None:
    rows = [[1, 3], [4, 2], [5, 9]]
    about = [["key", "value"], ["by", "me"], ["for", "you"]]
    sheets = {"about": about, "one column": [["n"], [1], [2]], "data": [["x", "y"], *rows], "more": [["a", "b"], *rows]}
    path = workbook(tmp_path / "t.xlsx", sheets)
    assert preview_workbook(path, ReadOptions()).options.part == "data"
    assert [column.name for column in read(path).columns] == ["x", "y"]
    assert preview_workbook(path, ReadOptions(part="about")).options.part == "about"
    path = workbook(tmp_path / "u.xlsx", {"empty": [], "about": about, "more": [["a"], [1]]})
    assert preview_workbook(path, ReadOptions()).options.part == "about"
    assert [column.name for column in read(path).columns] == ["key", "value"]


def test_that_a_sheet_without_header_gets_numbered_columns(tmp_path: Path) -> None:
    path = sheet(tmp_path, [1, 2], [3, 4])
    assert cells(read(path)) == {"column 1": ["1", "3"], "column 2": ["2", "4"]}
    assert cells(read(path, ReadOptions(has_header=True))) == {"1": ["3"], "2": ["4"]}


def test_that_title_rows_above_the_header_are_skipped_and_said_so(tmp_path: Path) -> None:
    table = read(sheet(tmp_path, ["Report"], [None], ["x", "y"], [1, 2], [3, 4]))
    assert cells(table) == {"x": ["1", "3"], "y": ["2", "4"]}
    assert "title rows skipped: 1" in table.notes


def test_that_a_first_row_of_texts_and_numbers_is_a_doubt(tmp_path: Path) -> None:
    preview = preview_workbook(sheet(tmp_path, ["red", 5], ["blue", 6]), ReadOptions())
    assert preview.options.has_header is True
    assert "first row" in preview.doubts[0]


def test_that_the_kinds_a_person_chose_are_kept(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["a", "b", "c"], [1, 1, "1"], [2, 0, "2"], [1, 1, "x"])
    kinds = {"a": ColumnKind.CATEGORY, "b": ColumnKind.BOOLEAN, "c": ColumnKind.NUMBER}
    table = read(path, ReadOptions(kinds=kinds))
    assert [column.kind for column in table.columns] == [
        ColumnKind.CATEGORY,
        ColumnKind.BOOLEAN,
        ColumnKind.NUMBER,
    ]
    assert table.column("a").levels == ("1", "2")
    assert dict(table.column("c").oddities) == {2: "x"}


def test_that_a_sample_is_drawn_from_all_rows_in_their_order(tmp_path: Path) -> None:
    path = sheet(tmp_path, ["x"], *([value] for value in range(300)))
    firsts = []
    for seed in range(60):
        values = read(path, ReadOptions(sample=10, seed=seed)).columns[0].values
        assert len(set(values.tolist())) == 10
        assert (np.diff(values) > 0).all()
        firsts.append(values.mean())
    assert abs(np.mean(firsts) - 149.5) < 4 * 300 / np.sqrt(12 * 10 * 60)


def test_that_a_preview_stops_after_two_hundred_rows_and_estimates_the_rest(tmp_path: Path) -> None:
    preview = preview_workbook(sheet(tmp_path, ["x", "y"], *([n, 2 * n] for n in range(5000))), ReadOptions())
    assert preview.table.num_rows == len(preview.cells) == 200
    assert preview.num_rows is None
    assert 1000 < preview.rows_estimate < 20000
    assert preview.bytes_needed > 0


def test_that_a_cell_far_away_makes_one_more_column_and_row_only(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    table = read(sheet_of_xml(tmp_path / "far.xlsx", rows + far))
    assert table.num_rows == 3
    assert len(table.columns) == 2
    assert cells(table)["column 2"] == ["", "", "7"]


def test_that_merged_cells_are_mentioned(tmp_path: Path) -> None:
    import openpyxl

    path = sheet(tmp_path, ["x", "y"], [1, 2], [3, 4])
    book = openpyxl.load_workbook(path)
    book["first"].merge_cells("A2:A3")
    book.save(path)
    table = read(path)
    assert any("merged" in note for note in table.notes)
    assert cells(table)["x"] == ["1", ""]


def test_that_names_are_cleaned_made_different_and_never_empty(tmp_path: Path) -> None:
    header = ["x", "x", None, "<b>bold</b>", "=1+1\n2", "a\tb"]
    path = sheet(tmp_path, [*header[:4], "'=1+1", "a\tb"], [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 7])
    names = [column.name for column in read(path).columns]
    assert names == ["x", "x (2)", "column 3", "<b>bold</b>", "'=1+1", "a b"]
