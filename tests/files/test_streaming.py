"""Tables that come in parts: the same cells as the whole, in bounded memory, apart from this process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import LeftOut
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files import decoding, formats, isolation, parquet
from mdn_gui.files.delimited import preview_text, stream_text
from mdn_gui.files.formats import read_here, stream_here
from mdn_gui.files.isolation import Limits, stream_apart
from mdn_gui.files.options import ReadingCancelledError, ReadOptions, Unwatched
from mdn_gui.files.reading import stream_file
from mdn_gui.files.tables import DataTable, save_table
from tests.files import made
from tests.files.corpus import CORPUS
from tests.files.members import Refused, values_of
from tests.files.text_members import READ, REFUSED

GUESSED = ReadOptions()
CSV = "id,x,word,day\n" + "".join(
    f"{n},{'' if n % 5 == 0 else n / 7},{'red' if n % 3 else 'blue'},2020-01-{n % 28 + 1:02}\n" for n in range(200)
)


@pytest.fixture(autouse=True)
def no_child_is_left_behind() -> Iterator[None]:
    before = set(psutil.Process().children())
    yield
    assert set(psutil.Process().children()) <= before


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_BLOCK", 512)
    monkeypatch.setattr(parquet, "_STREAMED_ROWS", 30)
    monkeypatch.setattr(formats, "_STREAMED_ROWS", 30)


def streamed(path: Path, options: ReadOptions = GUESSED) -> list[Table]:
    return list(stream_here(path, options, Unwatched()))


def cells(tables: list[Table]) -> dict[str, list[str]]:
    found = [made.cells(table) for table in tables]
    return {name: [cell for each in found for cell in each[name]] for name in found[0]}


def left_out_rows(tables: list[Table]) -> list[tuple[str, int]]:
    found, before = [], 0
    for table in tables:
        found += [(group.reason, before + row) for group in table.left_out for row in group.rows]
        before += table.num_rows
    return found


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_that_parts_of_a_text_are_the_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", CSV)
    parts = streamed(path)
    assert len(parts) > 5
    assert cells(parts) == made.cells(read_here(path, GUESSED, Unwatched()))
    assert {tuple(column.kind for column in part.columns) for part in parts} == {
        (ColumnKind.NUMBER, ColumnKind.NUMBER, ColumnKind.CATEGORY, ColumnKind.DAYS)
    }


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.floats(), st.sampled_from(["a", 'b "q", c', "line\nend", ""])), min_size=1, max_size=60),
    chosen=st.sampled_from([("x",), ("x", "word"), ("word",), ("word", "x")]),
)
def test_that_quoted_cells_stay_whole_across_parts(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, str]], chosen: tuple[str, ...]
) -> None:
    quoted = ('"' + word.replace('"', '""') + '"' for _, word in rows)
    text = "x,word\n" + "".join(f"{x!r},{word}\n" for (x, _), word in zip(rows, quoted, strict=True))
    path = written(tmp_path_factory.mktemp("text") / "t.csv", text)
    kinds = {"x": ColumnKind.NUMBER, "word": ColumnKind.TEXT}
    whole = made.cells(read_here(path, ReadOptions(kinds=kinds), Unwatched()))
    parts = streamed(path, ReadOptions(kinds=kinds, columns=chosen))
    assert cells(parts) == {name: whole[name] for name in chosen}


def test_that_columns_of_numbers_beside_texts_are_read_as_they_are(tmp_path: Path) -> None:
    text = "word,x,y\n" + "".join(f"w{n},{n / 3!r},{-n / 7!r}\n" for n in range(100)) + "\n\n"
    path = written(tmp_path / "t.csv", text)
    parts = streamed(path, ReadOptions(columns=("y", "x")))
    assert [column.name for column in parts[0].columns] == ["y", "x"]
    values = np.concatenate([part.column("x").values for part in parts])
    assert np.array_equal(values, np.arange(100) / 3)


def test_that_rows_with_too_many_cells_are_named_in_their_part(tmp_path: Path) -> None:
    lines = [f"{n},{n}" + (",1" if n in {3, 150} else "") for n in range(200)]
    path = written(tmp_path / "t.csv", "x,y\n" + "\n".join(lines))
    parts = streamed(path)
    assert len(parts) > 1
    assert left_out_rows(parts) == [("more cells than columns", 4), ("more cells than columns", 151)]


def test_that_mostly_ruined_rows_are_refused_at_the_end_by_their_first(tmp_path: Path) -> None:
    lines = ["1,2"] * 300 + ["1,2,3"] * 400
    path = written(tmp_path / "t.csv", "x,y\n" + "\n".join(lines))
    with pytest.raises(DataError, match="400 of 700 rows, first row 301, have more cells"):
        streamed(path)


@pytest.mark.parametrize("form", ["csv", "parquet", "npy", "xlsx", "jsonl"])
def test_that_every_form_comes_in_parts(tmp_path: Path, form: str) -> None:
    values = np.random.default_rng(0).normal(size=(100, 2))
    names = ["a", "b"]
    path = tmp_path / f"t.{form}"
    if form == "csv":
        written(path, "a,b\n" + "\n".join(",".join(map(repr, row)) for row in values.tolist()))
    elif form == "parquet":
        made.parquet(path, {"a": values[:, 0], "b": values[:, 1]})
    elif form == "npy":
        path.write_bytes(made.packed_array(values))
        names = [column.name for column in read_here(path, GUESSED, Unwatched()).columns]
    elif form == "xlsx":
        save_table(path, DataTable("s", ("a", "b"), tuple(values.T)))
    else:
        written(path, "".join(f'{{"a": {a!r}, "b": {b!r}}}\n' for a, b in values.tolist()))
    parts = streamed(path, ReadOptions(columns=(names[1],)))
    assert [part.num_rows for part in parts][:1] != [100]
    assert np.array_equal(np.concatenate([part.column(names[1]).values for part in parts]), values[:, 1])
    with pytest.raises(DataError, match="has no column 'nowhere'") as caught:
        streamed(path, ReadOptions(columns=("nowhere",)))
    assert names[0] in caught.value.hint


def test_that_several_missing_columns_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no columns 'p', 'q'"):
        streamed(written(tmp_path / "t.csv", CSV), ReadOptions(columns=("p", "x", "q")))


def test_that_dates_in_parquet_keep_one_unit_through_all_parts(tmp_path: Path) -> None:
    days = np.datetime64("2020-01-01", "s") + np.arange(0, 100 * 86_400, 86_400).astype("timedelta64[s]")
    path = made.parquet(tmp_path / "t.parquet", {"a  day": days})
    parts = streamed(path, ReadOptions(columns=("a day",)))
    assert {part.column("a day").kind for part in parts} == {ColumnKind.DAYS}
    assert [cell for part in parts for cell in made.cells(part)["a day"]] == [str(day)[:10] for day in days]


def test_that_a_part_of_a_table_keeps_its_own_oddities_and_rows_left_out(tmp_path: Path) -> None:
    whole = read_here(written(tmp_path / "t.csv", "x,y\n1,2\nodd,3\n4,5,6\n7,8\n"), GUESSED, Unwatched())
    part = whole.part(1, 3)
    assert made.cells(part) == {"x": ["odd", ""], "y": ["3", ""]}
    assert part.left_out == (LeftOut("more cells than columns", (2,)),)
    assert whole.part(3, 99).left_out == ()


# -- through a process of its own -----------------------------------------------------------------------------------


def test_that_parts_arrive_from_the_child_as_they_were_read(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", CSV + "odd,1e999,odd,odd\n")
    fractions: list[float] = []

    class Following(Unwatched):
        def report(self, fraction: float) -> None:
            fractions.append(fraction)

    parts = list(stream_file(path, replace(GUESSED, sample=1), Following()))
    assert cells(parts) == made.cells(read_here(path, GUESSED, Unwatched()))
    assert sum(part.num_rows for part in parts) == 201
    assert fractions
    assert max(fractions) <= 1.0


def test_that_a_refusal_of_the_child_arrives(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no column 'q'"):
        list(stream_file(written(tmp_path / "t.csv", CSV), ReadOptions(columns=("q",))))


STREAMS = """
import sys; sys.path[:] = sys.argv[1:]
import itertools, numpy as np, mdn_gui.files.child as child
from mdn_gui.core.columns import Column
from mdn_gui.core.table import Table
def stream(*_):
    for number in itertools.count():
        yield Table("t", (Column("x", np.full(1000, float(number)), np.zeros(1000, dtype=bool)),))
        {then}
child.stream_here = stream
child.main()
"""


@pytest.fixture
def child_then(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda then: monkeypatch.setattr(isolation, "_START", STREAMS.format(then=then))


def test_that_a_child_ends_when_enough_was_taken(tmp_path: Path, child_then: Callable[[str], None]) -> None:
    child_then("pass")
    with closing(stream_apart(written(tmp_path / "t.csv", CSV), GUESSED, Unwatched())) as tables:
        assert [float(next(tables).columns[0].values[0]) for _ in range(3)] == [0.0, 1.0, 2.0]


def test_that_a_child_may_wait_as_long_as_its_parts_are_worked_on(
    tmp_path: Path, child_then: Callable[[str], None]
) -> None:
    child_then("pass")
    limits = Limits(silence=3.0)
    with closing(stream_apart(written(tmp_path / "t.csv", CSV), GUESSED, Unwatched(), limits)) as tables:
        next(tables)
        assert not threading.Event().wait(4.0)
        assert [float(next(tables).columns[0].values[0]) for _ in range(200)][-1] == 200.0


@pytest.mark.parametrize(
    ("then", "what"),
    [
        ("import threading; threading.Event().wait()", "without progress"),
        ("import os; os._exit(3)", "stopped unexpectedly"),
        ("raise ValueError", "stopped unexpectedly"),
        ("raise MemoryError", "GiB of memory"),
    ],
)
def test_that_what_becomes_of_a_child_between_two_parts_is_told(
    tmp_path: Path, child_then: Callable[[str], None], then: str, what: str
) -> None:
    child_then(then)
    limits = Limits(silence=3.0)
    tables = stream_apart(written(tmp_path / "t.csv", CSV), GUESSED, Unwatched(), limits)
    assert next(tables).num_rows == 1000
    with pytest.raises(DataError, match=what):
        next(tables)


def test_that_cancelling_ends_the_child_between_two_parts(tmp_path: Path, child_then: Callable[[str], None]) -> None:
    child_then("pass")
    enough = threading.Event()

    class Watching(Unwatched):
        def is_cancelled(self) -> bool:
            return enough.is_set()

    tables = stream_apart(written(tmp_path / "t.csv", CSV), GUESSED, Watching())
    next(tables)
    enough.set()
    with pytest.raises(ReadingCancelledError):
        list(tables)


def test_that_columns_of_numbers_come_in_the_order_that_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "t.csv", "x,y\n" + "".join(f"{n},{-n}\n" for n in range(100)))
    part = streamed(path, ReadOptions(columns=("y", "x")))[0]
    assert (part.column("y").values[:3].tolist(), part.column("x").values[:3].tolist()) == ([0, -1, -2], [0, 1, 2])


def test_that_rows_with_too_many_cells_are_found_where_few_columns_are_read(tmp_path: Path) -> None:
    lines = [f"{n},{n},{n}" + (",1" if n == 3 else "") for n in range(200)]
    path = written(tmp_path / "t.csv", "x,y,z\n" + "\n".join(lines))
    parts = streamed(path, ReadOptions(columns=("x",)))
    assert left_out_rows(parts) == [("more cells than columns", 4)]
    assert cells(parts)["x"][2:5] == ["2", "", "4"]


@pytest.mark.parametrize("name", READ)
def test_that_a_messy_text_comes_in_parts_as_it_is_read_whole(tmp_path: Path, name: str) -> None:
    content, expected = READ[name]
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    parts = streamed(path, preview_text(path, GUESSED).options)
    found = [values_of(part) for part in parts]
    assert {column: [value for part in found for value in part[column]] for column in expected} == expected


@pytest.mark.parametrize("name", REFUSED)
def test_that_a_hostile_text_is_refused_in_parts_too(tmp_path: Path, name: str) -> None:
    content, what, remedy = REFUSED[name]
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        list(stream_text(path, GUESSED, Unwatched()))
    assert Refused(what, remedy).fits(caught.value)


PARQUETS = [name for name, member in CORPUS.items() if member.file.endswith(".parquet") and not member.is_heavy]


def outcome(read: Callable[[], int]) -> int | str:
    """Return how many rows were read, or what was said instead."""
    try:
        return read()
    except DataError as refusal:
        return refusal.message


@pytest.mark.parametrize("name", PARQUETS)
def test_that_an_odd_parquet_file_comes_in_parts_or_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(parquet, "_STREAMED_ROWS", 100_000)
    path = tmp_path / CORPUS[name].file
    CORPUS[name].make(path)
    in_parts = outcome(lambda: sum(part.num_rows for part in streamed(path)))
    assert in_parts == outcome(lambda: read_here(path, GUESSED, Unwatched()).num_rows)
