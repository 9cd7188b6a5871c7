"""JSON records; the parsers run in this process."""

import json
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.json_records import preview_records, read_records
from mdn_gui.files.options import ReadOptions, Unwatched
from tests.files.made import cells

XY = {"x": ["1", "2"], "y": ["3.5", ""]}


def written(folder: Path, content: str | bytes, name: str = "t.json") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, options: ReadOptions | None = None) -> Table:
    return read_records(path, options or ReadOptions(), Unwatched())


@pytest.mark.parametrize(
    "content",
    [
        '[{"x": 1, "y": 3.5}, {"x": 2}]',
        '[{"x": 1, "y": 3.5}, {"y": NaN, "x": 2.0}]',
        '\ufeff [\n{"x": 1, "y": 3.5},\n{"x": 2, "y": null}\n]\n',
        '{"x": [1, 2], "y": [3.5, null]}',
        '{"x": {"0": 1, "1": 2}, "y": {"0": 3.5, "1": null}}',
        '{"data": [{"x": 1, "y": 3.5}, {"x": 2}], "version": 3}',
        '{"x": 1, "y": 3.5}\n\n{"x": 2}\n',
        '[{"x": 1, "y": 3.5}, {"x": 2}]'.encode("utf-16"),
    ],
)
def test_that_records_are_read_however_they_are_arranged(tmp_path: Path, content: str | bytes) -> None:
    path = written(tmp_path, content)
    assert cells(read(path)) == XY
    assert preview_records(path, ReadOptions()).cells[0] == ("1", "3.5")


def test_that_one_line_of_json_lines_is_enough_where_the_name_says_so(tmp_path: Path) -> None:
    assert cells(read(written(tmp_path, '{"x": 1}\n', "t.jsonl"))) == {"x": ["1"]}


def test_that_of_several_lists_one_is_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, '{"a": [{"x": 1}], "b": [{"z": 2}], "n": 3}')
    preview = preview_records(path, ReadOptions())
    assert preview.parts == ("a", "b")
    assert preview.options.part == "a"
    assert cells(read(path, ReadOptions(part="b"))) == {"z": ["2"]}
    with pytest.raises(DataError, match="no list of objects 'n'") as caught:
        read(path, ReadOptions(part="n"))
    assert "a, b" in caught.value.hint


def test_that_mixed_types_become_oddities_and_every_number_is_exact(tmp_path: Path) -> None:
    values = [0.1, 1e308, -5, 2**53, "many", True, {"a": [1]}, None, 7.25]
    path = written(tmp_path, json.dumps([{"x": value} for value in values]))
    column = read(path).column("x")
    assert column.values[[0, 1, 2, 3, 8]].tolist() == [0.1, 1e308, -5, 2**53, 7.25]
    assert dict(column.oddities) == {4: "many", 5: "true", 6: '{"a": [1]}'}
    assert np.flatnonzero(column.empty).tolist() == [7]


def test_that_very_long_numbers_are_infinite_or_rounded_and_mentioned(tmp_path: Path) -> None:
    path = written(
        tmp_path, f'{{"x": [{"9" * 5000}, -1{"0" * 350}, 1e999, {2**53 + 1}, -Infinity], "y": [1, 2, 3, 4, 5]}}'
    )
    table = read(path)
    assert table.column("x").values.tolist() == [np.inf, -np.inf, np.inf, 2.0**53, -np.inf]
    assert "whole numbers beyond 2^53 rounded: x" in table.notes


def test_that_dates_and_texts_are_understood_as_in_a_text_file(tmp_path: Path) -> None:
    rows = [{"d": f"2020-01-{day:02}", "c": "ab"[day % 2], "b": day > 5} for day in range(1, 11)]
    table = read(written(tmp_path, json.dumps(rows)))
    assert [column.kind for column in table.columns] == [ColumnKind.DAYS, ColumnKind.CATEGORY, ColumnKind.BOOLEAN]
    assert cells(table)["d"][:2] == ["2020-01-01", "2020-01-02"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[{"x": 1},\n {"x": }]', "line 2, column 8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('[{"x": 1}, 2]', "record 2 is no object"),
        ('{"x": [1, 2], "y": [1]}', "different lengths"),
        ('{"x": 1}', "no list of records"),
        ("3", "one value"),
        ("[]", "no records"),
        ("[{}]", "no records"),
        (b'[{"x": "\xff"}]', "byte 8 is not UTF-8"),
        ('[{"x": 1}', "no JSON"),
        (b'{"x": 1}\n{"x": 2\x00}\n', "record 2 is no JSON"),
    ],
)
def test_that_other_content_is_refused_with_its_place(tmp_path: Path, content: str | bytes, words: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(DataError, match=words) as caught:
        read(path)
    assert caught.value.message.startswith("t.json")
    assert caught.value.hint


def test_that_too_many_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="10,001 columns"):
        read(written(tmp_path, json.dumps([{f"c{n}": n for n in range(10_001)}])))


def test_that_half_a_surrogate_does_no_harm(tmp_path: Path) -> None:
    table = read(written(tmp_path, '[{"\\ud800": "\\udfffa"}, {"\\ud800": "b"}]'))
    assert "".join(column.name + "".join(column.levels) for column in table.columns).encode() == b"column 1?ab"


@pytest.mark.parametrize("lines", [True, False])
def test_that_a_sample_is_drawn_from_all_rows_in_order(tmp_path: Path, *, lines: bool) -> None:
    rows = [json.dumps({"x": n}) for n in range(2000)]
    path = written(tmp_path, "\n".join(rows) if lines else f"[{','.join(rows)}]")
    values = read(path, ReadOptions(sample=200, seed=4)).column("x").values
    assert len(values) == 200
    assert (np.diff(values) > 0).all()
    assert abs(values.mean() - 1000) < 4 * 2000 / np.sqrt(12 * 200)


def test_that_a_preview_of_lines_reads_the_first_and_estimates_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, "".join(f'{{"x": {n:05}.5}}\n'.replace(": 0", ": 1") for n in range(3000)))
    preview = preview_records(path, ReadOptions())
    assert preview.table.num_rows == 200
    assert preview.num_rows is None
    assert preview.rows_estimate == 3000
