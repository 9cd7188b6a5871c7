"""Parquet files; the parsers run in this process."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.options import ReadOptions, Unwatched
from mdn_gui.files.parquet import MOST_BY_DEFAULT, preview_parquet, read_parquet
from tests.files.made import arrow, cells, parquet


def read(path: Path, options: ReadOptions | None = None) -> Table:
    return read_parquet(path, options or ReadOptions(), Unwatched())


@pytest.mark.parametrize(
    ("values", "stored", "kind", "texts"),
    [
        ([1, None, -3], "int8", ColumnKind.NUMBER, ["1", "", "-3"]),
        ([1, 2, 2**60], "uint64", ColumnKind.NUMBER, ["1", "2", "1.152921504606847e+18"]),
        ([0.1, float("nan"), float("inf")], "double", ColumnKind.NUMBER, ["0.1", "", "inf"]),
        ([1.5, None, 2], "float", ColumnKind.NUMBER, ["1.5", "", "2"]),
        (np.array([1.5, 2, 3], np.float16), "halffloat", ColumnKind.NUMBER, ["1.5", "2", "3"]),
        ([Decimal("1.10"), None, Decimal(3)], None, ColumnKind.NUMBER, ["1.1", "", "3"]),
        ([True, None, False], "bool", ColumnKind.BOOLEAN, ["true", "", "false"]),
        (["a", None, "b"], "string", ColumnKind.TEXT, ["a", "", "b"]),
        (["a", "b", "a"], "large_string", ColumnKind.CATEGORY, ["a", "b", "a"]),
        (["1", "2", None], "string", ColumnKind.NUMBER, ["1", "2", ""]),
        ([date(2020, 1, 1), None, date(2020, 2, 1)], "date32", ColumnKind.DAYS, ["2020-01-01", "", "2020-02-01"]),
        (
            [datetime(2020, 1, 1, 0, 0, 0, 5), None, datetime(2020, 1, 1, 1)],
            "timestamp[ns]",
            ColumnKind.SECONDS,
            ["2020-01-01 00:00:00.000005", "", "2020-01-01 01:00:00"],
        ),
        (
            [datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=2))), None, None],
            None,
            ColumnKind.SECONDS,
            ["2019-12-31 22:00:00", "", ""],
        ),
        ([timedelta(seconds=1.5), None, timedelta(1)], "duration[us]", ColumnKind.NUMBER, ["1.5", "", "86400"]),
        ([time(0, 1), None, time(1)], "time32[s]", ColumnKind.NUMBER, ["60", "", "3600"]),
        ([None, None, None], "null", ColumnKind.NUMBER, ["", "", ""]),
    ],
)
def test_that_every_flat_type_is_read(
    tmp_path: Path, values: list[object], stored: str | None, kind: ColumnKind, texts: list[str]
) -> None:
    path = parquet(tmp_path / "t.parquet", {"c": arrow(values, stored)})
    column = read(path).column("c")
    assert column.kind is kind
    assert [column.text(row) for row in range(3)] == texts
    preview = preview_parquet(path, ReadOptions())
    assert [row[0] for row in preview.cells] == texts
    assert preview.num_rows == 3


def test_that_nested_columns_are_left_out_by_name(tmp_path: Path) -> None:
    columns = {"x": [1, 2], "l": [[1], [2, 3]], "r": [{"a": 1}, {"a": 2}], "b": [b"1", b"2"]}
    path = parquet(tmp_path / "t.parquet", columns)
    table = read(path)
    assert cells(table) == {"x": ["1", "2"]}
    assert "columns of lists, records or bytes left out: l, r, b" in table.notes
    assert preview_parquet(path, ReadOptions()).all_columns == ("x", "l", "r", "b")
    with pytest.raises(DataError, match="no column of numbers"):
        read(path, ReadOptions(columns=("l",)))


def test_that_only_the_chosen_columns_are_read(tmp_path: Path) -> None:
    path = parquet(tmp_path / "t.parquet", {"x": [1, 2], "y": [3, 4], "z": [5, 6]})
    assert cells(read(path, ReadOptions(columns=("y",)))) == {"y": ["3", "4"]}
    with pytest.raises(DataError, match="no column 'q'") as caught:
        read(path, ReadOptions(columns=("q",)))
    assert "x, y, z" in caught.value.hint


def test_that_of_very_many_columns_the_first_are_read_with_a_doubt(tmp_path: Path) -> None:
    path = parquet(tmp_path / "t.parquet", {f"c{n}": [n, n] for n in range(MOST_BY_DEFAULT + 5)})
    preview = preview_parquet(path, ReadOptions())
    assert len(preview.table.columns) == MOST_BY_DEFAULT
    assert len(preview.all_columns) == MOST_BY_DEFAULT + 5
    assert "Only the first" in preview.doubts[0]


def test_that_row_groups_and_batches_come_together_and_whole_numbers_beyond_2_53_are_mentioned(tmp_path: Path) -> None:
    x = np.arange(300_000) + 2**54
    path = parquet(tmp_path / "t.parquet", {"x": x, "w": np.arange(300_000) % 7}, row_group_size=70_000)
    table = read(path)
    np.testing.assert_array_equal(table.column("x").values, x.astype(float))
    np.testing.assert_array_equal(table.column("w").values, np.arange(300_000) % 7)
    assert "whole numbers beyond 2^53 rounded: x" in table.notes


def test_that_a_sample_is_the_same_for_the_same_seed_and_in_order(tmp_path: Path) -> None:
    path = parquet(tmp_path / "t.parquet", {"x": np.arange(300_000)}, row_group_size=50_000)
    values = read(path, ReadOptions(sample=500, seed=1)).column("x").values
    assert len(values) == 500
    assert (np.diff(values) > 0).all()
    assert abs(values.mean() - 150_000) < 4 * 300_000 / np.sqrt(12 * 500)
    np.testing.assert_array_equal(values, read(path, ReadOptions(sample=500, seed=1)).column("x").values)


def test_that_repeated_names_stay_two_columns(tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.Table.from_arrays([pyarrow.array([1, 2]), pyarrow.array([3, 4])], names=["x", "x"])
    pyarrow.parquet.write_table(table, tmp_path / "t.parquet")
    assert cells(read(tmp_path / "t.parquet")) == {"x": ["1", "2"], "x (2)": ["3", "4"]}


def test_that_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rows"):
        read(parquet(tmp_path / "t.parquet", {"x": arrow([], "int64")}))


def test_that_dates_outside_the_calendar_are_oddities(tmp_path: Path) -> None:
    moments = np.array(["2020-01-01", "-215052-08-09", "2020-02-01", "12020-01-01"], dtype="datetime64[s]")
    column = read(parquet(tmp_path / "t.parquet", {"d": moments})).column("d")
    assert [column.text(row) for row in (0, 2)] == ["2020-01-01", "2020-02-01"]
    assert sorted(column.oddities) == [1, 3]
    assert not column.empty.any()


def test_that_encoded_categories_are_texts(tmp_path: Path) -> None:
    path = parquet(tmp_path / "t.parquet", {"c": arrow(["a", "b", None, "a"], "string").dictionary_encode()})
    assert read(path).column("c").levels == ("a", "b")
    assert cells(read(path))["c"] == ["a", "b", "", "a"]
