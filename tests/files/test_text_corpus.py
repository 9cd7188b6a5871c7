"""Messy and hostile texts: each read right, or refused with what, where, what to do; never at a large cost."""

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from mdn_gui.errors import DataError
from mdn_gui.files.delimited import preview_text, read_text
from mdn_gui.files.options import ReadOptions, Unwatched
from tests.files.members import MIB, Refused, values_of
from tests.files.text_members import HUGE, READ, REFUSED, sparse_zeros


def saved(folder: Path, content: bytes) -> Path:
    path = folder / "t.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", READ)
def test_that_a_messy_text_is_read_right(tmp_path: Path, name: str) -> None:
    content, expected = READ[name]
    path = saved(tmp_path, content)
    preview = preview_text(path, ReadOptions())
    read = read_text(path, preview.options, Unwatched())
    for table in (preview.table, read):
        assert values_of(table) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_that_a_hostile_text_is_refused_with_what_where_and_what_to_do(tmp_path: Path, name: str) -> None:
    content, what, remedy = REFUSED[name]
    path = saved(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read_text(path, ReadOptions(), Unwatched())
    assert Refused(what, remedy).fits(caught.value)


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
