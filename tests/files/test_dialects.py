"""What is said about a text, what is guessed: previews, options, kinds of columns, samples."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.delimited import preview_text, read_table, read_text
from mdn_gui.files.options import PREVIEW_ROWS, ReadingCancelledError, ReadOptions, Unwatched
from tests.files.dialect_writer import packed
from tests.files.test_delimited import columns_of, read, written


def preview_of(folder: Path, content: str | bytes, options: ReadOptions | None = None) -> tuple[list[str], ReadOptions]:
    preview = preview_text(written(folder, content), options or ReadOptions())
    return list(preview.doubts), preview.options


def kinds_of(table: Table) -> dict[str, ColumnKind]:
    return {column.name: column.kind for column in table.columns}


def test_that_a_preview_shows_the_first_rows_as_they_stand(tmp_path: Path) -> None:
    path = written(tmp_path, "x;c;d\n" + "".join(f"{i},5;{'ab'[i % 2]};2020-01-{i % 28 + 1:02}\n" for i in range(500)))
    preview = preview_text(path, ReadOptions())
    assert preview.form == "delimited text"
    assert len(preview.cells) == preview.table.num_rows == PREVIEW_ROWS
    assert preview.cells[1] == ("1,5", "b", "2020-01-02")
    assert preview.table.columns[0].values[1] == 1.5
    assert kinds_of(preview.table) == {"x": ColumnKind.NUMBER, "c": ColumnKind.CATEGORY, "d": ColumnKind.DAYS}
    assert preview.doubts == ()
    assert preview.num_rows == preview.rows_estimate == 500
    assert preview.bytes_needed >= 500 * 3 * 9
    assert preview.options == ReadOptions(
        encoding="utf-8", delimiter=";", decimal=",", thousands="", has_header=True, day_first=None
    )
    assert kinds_of(read_text(path, preview.options, Unwatched())) == kinds_of(preview.table)


@pytest.mark.parametrize("packing", ["", ".gz"])
def test_that_a_preview_of_a_long_file_estimates_its_rows(tmp_path: Path, packing: str) -> None:
    text = "x,y\n" + "".join(f"{i % 977},{i * 7919 % 10007}\n" for i in range(600_000))
    preview = preview_text(written(tmp_path, packed(text.encode(), packing)), ReadOptions())
    assert preview.num_rows is None
    assert 400_000 < preview.rows_estimate < 800_000


@pytest.mark.parametrize(
    ("content", "doubt"),
    [
        ("x;y\n1,234;1\n", "1,234 in x is taken for 1234, it could be 1.234."),
        ("n,größe\n1,2\n".encode("cp1252"), "The text is not UTF-8; it is read as cp1252. Check letters such as é"),
        (b"n,\x81\n1,2\n", "The text is not UTF-8; it is read as latin-1."),
        ("d,y\n1/2/2020,1\n", "1/2/2020 in d is read day first; it could begin with the month."),
        ("d,e\n13/2/2020,1/13/2020\n", "Dates of d begin with the day, dates of e with the month."),
        ("1,2,a\n3,4,b\n", "The first row is taken for names, though it holds '1'."),
        ("a,b\nc,d\n", "The first row is taken for names; it could be data, the second row looks alike."),
        ("1,5\n2,5\n", "1,5 is taken for two cells; it could be one with a decimal comma."),
    ],
)
def test_that_a_preview_doubts_what_only_a_person_can_decide(tmp_path: Path, content: str | bytes, doubt: str) -> None:
    assert any(each.startswith(doubt) for each in preview_of(tmp_path, content)[0])


def test_that_a_preview_of_an_archive_shows_the_first_of_its_files(tmp_path: Path) -> None:
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "u,v\n3,4\n")
    preview = preview_text(path, ReadOptions())
    assert preview.parts == ("a.csv", "b.csv")
    assert preview.doubts == ("The archive holds 2 files; a.csv is shown.",)
    assert columns_of(read_text(path, ReadOptions(part="b.csv"), Unwatched())) == {"u": [3], "v": [4]}
    with pytest.raises(DataError, match="holds 2 files"):
        read_table(path)


def test_that_text_that_is_not_utf_8_is_read_once_its_encoding_is_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, "größe,y\n1,2\n".encode("cp1252"))
    table = read_text(path, ReadOptions(encoding="cp1252"), Unwatched())
    assert columns_of(table) == {"größe": [1], "y": [2]}
    assert "encoding: CP1252" in table.notes


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_that_zeros_tell_the_encoding_of_text_without_a_mark(tmp_path: Path, encoding: str) -> None:
    table = read(tmp_path, "größe,y\n1,2\n3,4\n".encode(encoding))
    assert columns_of(table) == {"größe": [1, 3], "y": [2, 4]}


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (ReadOptions(encoding="klingon"), "there is no text encoding 'klingon'"),
        (ReadOptions(encoding="hex"), "there is no text encoding 'hex'"),
        (ReadOptions(encoding="ascii"), "is not ASCII text"),
        (ReadOptions(delimiter="ab"), "'ab' cannot be a delimiter"),
        (ReadOptions(delimiter='"'), "cannot be a delimiter"),
        (ReadOptions(delimiter="5"), "'5' cannot be a delimiter"),
        (ReadOptions(decimal=",", thousands=","), "cannot be the decimal mark and stand between thousands too"),
        (ReadOptions(part="a"), "has no parts"),
        (ReadOptions(sample=0), "a sample of 0 rows"),
    ],
)
def test_that_options_that_make_no_sense_are_refused(tmp_path: Path, options: ReadOptions, what: str) -> None:
    path = written(tmp_path, "ä,y\n1,2\n")
    with pytest.raises(DataError, match=what) as caught:
        read_text(path, options, Unwatched())
    assert caught.value.hint


@pytest.mark.parametrize(
    ("kind", "values", "oddities"),
    [
        (ColumnKind.NUMBER, [1, 0, None, None, None], {2: "yes", 3: "2020-01-02"}),
        (ColumnKind.BOOLEAN, [1, 0, 1, None, None], {3: "2020-01-02"}),
        (ColumnKind.DAYS, [None, None, None, 0, None], {0: "1", 1: "0", 2: "yes"}),
        (ColumnKind.SECONDS, [None, None, None, 0, None], {0: "1", 1: "0", 2: "yes"}),
        (ColumnKind.CATEGORY, [1, 0, 3, 2, None], {}),
        (ColumnKind.TEXT, [0, 1, 2, 3, None], {}),
    ],
)
def test_that_a_kind_that_was_chosen_is_obeyed(
    tmp_path: Path, kind: ColumnKind, values: list[float | None], oddities: dict[int, str]
) -> None:
    path = written(tmp_path, "x,y\n1,1\n0,2\nyes,3\n2020-01-02,4\nNA,5\n")
    column = read_text(path, ReadOptions(kinds={"x": kind}), Unwatched()).columns[0]
    assert column.kind is kind
    assert [None if np.isnan(value) else value for value in column.values.tolist()] == values
    assert column.oddities == oddities
    assert column.empty.tolist() == [False, False, False, False, True]


@pytest.mark.parametrize(
    ("cells", "kind", "levels"),
    [
        (["yes", "No", ""], ColumnKind.BOOLEAN, ()),
        (["true", "FALSE"], ColumnKind.BOOLEAN, ()),
        (["ja", "nein"], ColumnKind.BOOLEAN, ()),
        (["oui", "non"], ColumnKind.BOOLEAN, ()),
        (["ja", "no", "ja"], ColumnKind.CATEGORY, ("ja", "no")),
        (["b", "A", "a10", "a9", "b"], ColumnKind.CATEGORY, ("A", "a9", "a10", "b")),
        (["b", "a"], ColumnKind.TEXT, ("b", "a")),
        (["a" * 201] * 3, ColumnKind.TEXT, ("a" * 201,)),
        ([f"t{i % 50}" for i in range(60)], ColumnKind.CATEGORY, tuple(f"t{i}" for i in range(50))),
        ([f"t{i % 51}" for i in range(60)], ColumnKind.TEXT, tuple(f"t{i}" for i in range(51))),
        (["2020-01-01 10:00", "2020-01-02"], ColumnKind.SECONDS, ()),
        (["2020-01-01", "2020-01-04"], ColumnKind.DAYS, ()),
        (["1", "2", "odd"], ColumnKind.NUMBER, ()),
    ],
)
def test_that_the_kind_of_a_column_is_told_by_its_cells(
    tmp_path: Path, cells: list[str], kind: ColumnKind, levels: tuple[str, ...]
) -> None:
    column = read(tmp_path, "x,y\n" + "".join(f"{cell},1\n" for cell in cells)).columns[0]
    assert (column.kind, column.levels) == (kind, levels)


def test_that_dates_count_from_the_midnight_before_the_first(tmp_path: Path) -> None:
    table = read(tmp_path, "d,t\n2020-01-03,2020-01-01 18:00\n2020-01-08,2020-01-01T06:00:00.25\n,\n")
    assert [(column.kind, column.origin) for column in table.columns] == [
        (ColumnKind.DAYS, "2020-01-03"),
        (ColumnKind.SECONDS, "2020-01-01"),
    ]
    assert columns_of(table) == {"d": [0, 5, None], "t": [64_800, 21_600.25, None]}


@pytest.mark.parametrize(
    ("late", "kind", "note"),
    [
        ("many", ColumnKind.TEXT, "x: text; the first rows looked like category"),
        ("texts", ColumnKind.CATEGORY, "x: category; the first rows looked like number"),
        ("days", ColumnKind.DAYS, "x: date, in days; the first rows looked like date, in seconds"),
    ],
)
def test_that_the_whole_column_decides_its_kind_against_the_first_rows(
    tmp_path: Path, late: str, kind: ColumnKind, note: str
) -> None:
    cells = {
        "many": [*["a", "b"] * 200, *(f"t{i}" for i in range(60))],
        "texts": [*["1", "2"] * 200, *["a", "b", "c"] * 200],
        "days": [*["2020-01-01"] * 300, "2021-01-01"],
    }[late]
    table = read(tmp_path, "x,y\n" + "".join(f"{cell},1\n" for cell in cells))
    assert table.columns[0].kind is kind
    assert note in table.notes
    assert [table.columns[0].text(row) for row in range(len(cells))] == cells


def test_that_a_word_for_nothing_among_texts_is_told(tmp_path: Path) -> None:
    assert "counted as empty in x: none" in read(tmp_path, "x,y\na,1\na,2\nnone,3\n").notes


def test_that_zones_are_told(tmp_path: Path) -> None:
    table = read(tmp_path, "t,y\n2020-01-01T00:00+01:00,1\n2020-01-09,2\n")
    assert "times of t in UTC, also where no zone is given" in table.notes
    assert table.columns[0].origin == "2019-12-31"


def test_that_too_many_levels_for_the_categories_asked_for_stay_texts_and_are_told(tmp_path: Path) -> None:
    path = written(tmp_path, "x,y\n" + "".join(f"t{i},{i}\n" for i in range(60)))
    table = read_text(path, ReadOptions(kinds={"x": ColumnKind.CATEGORY}), Unwatched())
    assert table.columns[0].kind is ColumnKind.TEXT
    assert "no categories, 60 different texts where 50 are allowed: x" in table.notes


@pytest.mark.parametrize("quote", ["", '"'])
def test_that_a_sample_is_drawn_by_its_seed_in_the_order_of_the_file(tmp_path: Path, quote: str) -> None:
    path = written(tmp_path, "x,y\n" + "".join(f"{quote}{i}{quote},{2 * i}\n" for i in range(120_000)))
    table = read_text(path, ReadOptions(sample=1000, seed=7), Unwatched())
    x, y = (column.values for column in table.columns)
    assert len(x) == 1000
    assert (np.diff(x) > 0).all()
    assert (y == 2 * x).all()
    assert abs(x.mean() - 60_000) < 5_000
    assert "random sample: 1,000 of 120,000 rows, seed 7" in table.notes
    again, other = (read_text(path, ReadOptions(sample=1000, seed=seed), Unwatched()) for seed in (7, 8))
    assert np.array_equal(again.columns[0].values, x)
    assert not np.array_equal(other.columns[0].values, x)


def test_that_a_sample_larger_than_the_file_is_the_file(tmp_path: Path) -> None:
    table = read_text(written(tmp_path, "x,y\n1,2\n3,4\n"), ReadOptions(sample=5), Unwatched())
    assert columns_of(table) == {"x": [1, 3], "y": [2, 4]}


class CountingWatch:
    def __init__(self, patience: int) -> None:
        self.reports: list[float] = []
        self._patience = patience

    def report(self, fraction: float) -> None:
        self.reports.append(fraction)

    def is_cancelled(self) -> bool:
        return len(self.reports) >= self._patience


@pytest.mark.parametrize("sample", [None, 100])
def test_that_reading_reports_how_much_is_done(tmp_path: Path, sample: int | None) -> None:
    watch = CountingWatch(1000)
    read_text(
        written(tmp_path, "x,y\n" + "1.000000000000000,2.000000000000000000\n" * 120_000),
        ReadOptions(sample=sample),
        watch,
    )
    assert len(watch.reports) > 4
    assert watch.reports == sorted(watch.reports)
    assert watch.reports[0] < 0.5
    assert watch.reports[-1] == 1.0


def test_that_reading_can_be_cancelled(tmp_path: Path) -> None:
    watch = CountingWatch(2)
    with pytest.raises(ReadingCancelledError):
        read_text(
            written(tmp_path, "x,y\n" + "1.000000000000000,2.000000000000000000\n" * 120_000), ReadOptions(), watch
        )
    assert len(watch.reports) == 2


def test_that_a_quotation_may_reach_over_blocks_of_lines(tmp_path: Path) -> None:
    rows = [(i, f"line {i}\nand\n\nmore") for i in range(120_000)]
    content = "x,t\n" + "".join(f'{i},"{text}"\n' for i, text in rows)
    table = read(tmp_path, content)
    assert table.columns[0].values.tolist() == [i for i, _ in rows]
    assert table.columns[1].levels == tuple(text for _, text in rows)


def test_that_odd_cells_are_kept_word_for_word(tmp_path: Path) -> None:
    column = read(tmp_path, "x,y\n1,1\n2,2\n<b>3</b>,3\n=4,4\n5,5\n6,6\n").columns[0]
    assert column.oddities == {2: "<b>3</b>", 3: "=4"}
    assert column.kind is ColumnKind.NUMBER
