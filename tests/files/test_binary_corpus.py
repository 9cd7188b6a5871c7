"""Hostile files of the forms that are read in a child process: each is read right or refused by name."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.errors import DataError
from mdn_gui.files.formats import preview_here, read_here
from mdn_gui.files.isolation import Limits, preview_apart, read_apart
from mdn_gui.files.options import ReadOptions, Unwatched
from mdn_gui.files.parquet import MOST_BY_DEFAULT
from tests.files.made import cells, parquet, workbook
from tests.files.members import MIB
from tests.files.stored_members import NAMES, WIDE, harmful_pickle, huge_promise, wide_parquet
from tests.files.workbook_members import HARMFUL, billion_laughs, far_cell

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", HARMFUL)
def test_that_a_workbook_built_to_do_harm_is_refused(tmp_path: Path, name: str) -> None:
    member = HARMFUL[name]
    path = tmp_path / member.file
    member.make(path)
    for act in (lambda: preview_here(path, ReadOptions()), lambda: read_here(path, ReadOptions(), Unwatched())):
        with pytest.raises(DataError) as caught:
            act()
        assert member.is_answered_by(caught.value)
        assert "never to be seen" not in str(caught.value)


def test_that_the_child_refuses_a_billion_laughs_far_below_its_limit(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="XML entities"):
        preview_apart(billion_laughs(tmp_path / "t.xlsx"), ReadOptions(), Unwatched(), Limits(20, 150 * MIB))


def test_that_a_far_cell_is_read_far_below_the_limit(tmp_path: Path) -> None:
    table = read_apart(far_cell(tmp_path / "t.xlsx"), ReadOptions(), Unwatched(), Limits(memory=150 * MIB))
    assert cells(table) == {"column 1": ["1", ""], "column 2": ["", "7"]}


@pytest.mark.parametrize(
    "make",
    [
        lambda folder: workbook(
            folder / "t.xlsx", {"s": [["x", "y", "c"], *([n / 7, n, "ab"[n % 2]] for n in range(30))]}
        ),
        lambda folder: parquet(
            folder / "t.parquet",
            {
                "x": np.arange(50) / 7,
                "n": np.arange(50),
                "c": ["ab"[n % 2] for n in range(50)],
                "t": np.arange(50).astype("datetime64[s]"),
            },
        ),
        lambda folder: parquet(
            folder / "t.parquet",
            {"x": np.arange(50) / 7, "c": ["ab"[n % 2] for n in range(50)], "t": np.arange(50).astype("datetime64[s]")},
            compression="none",
            use_dictionary=False,
        ),
        lambda folder: zipped_arrays(folder / "t.npz"),
        lambda folder: json_file(folder / "t.json"),
    ],
    ids=["xlsx", "parquet", "plain parquet", "npz", "json"],
)
def test_that_damaged_copies_are_read_or_refused_and_nothing_else(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    command = [sys.executable, "-m", "tests.files.damage", str(path), "200"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert (result.returncode, result.stderr) == (0, "")
    outcomes = json.loads(result.stdout)
    assert set(outcomes) <= {"read", "refused", "too large"}
    assert outcomes["read"] + outcomes["refused"] > 190
    assert min(outcomes["read"], outcomes["refused"]) > 0


def zipped_arrays(path: Path) -> Path:
    np.savez(path, x=np.arange(20.0), y=np.arange(20))
    return path


def json_file(path: Path) -> Path:
    path.write_text(json.dumps([{"x": n / 7, "y": n, "c": "ab"[n % 2]} for n in range(20)]))
    return path


def test_that_a_pickle_in_an_array_is_refused_in_the_child_and_never_run(tmp_path: Path) -> None:
    path = tmp_path / "t.npy"
    harmful_pickle(path)
    with pytest.raises(DataError, match="Python objects"):
        read_apart(path, ReadOptions(), Unwatched())
    assert list(tmp_path.iterdir()) == [path]


def test_that_an_archive_of_arrays_with_a_huge_promise_is_refused(tmp_path: Path) -> None:
    huge_promise(tmp_path / "t.npz")
    with pytest.raises(DataError, match=r"needed more than|damaged"):
        read_apart(tmp_path / "t.npz", ReadOptions(), Unwatched(), Limits(memory=200 * MIB))


def test_that_deep_nesting_is_refused_in_the_child(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"a":' * 1_000_000)
    with pytest.raises(DataError, match="nested too deeply"):
        read_apart(path, ReadOptions(), Unwatched())


def test_that_a_hundred_thousand_columns_are_cut_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    wide_parquet(path)
    preview = preview_here(path, ReadOptions())
    assert len(preview.all_columns) == 100_000
    assert len(preview.table.columns) == MOST_BY_DEFAULT
    assert preview.doubts
    (tmp_path / "t.json").write_text(json.dumps([dict.fromkeys(WIDE, 1)]))
    np.save(tmp_path / "t.npy", np.zeros((1, 100_000)))
    for name in ("t.json", "t.npy"):
        with pytest.raises(DataError, match="100,000 columns"):
            read_here(tmp_path / name, ReadOptions(), Unwatched())


def test_that_hostile_names_are_plain_printable_short_and_different(tmp_path: Path) -> None:
    made = [
        parquet(tmp_path / "t.parquet", {name: [1, 2] for name in NAMES}),
        tmp_path / "t.json",
        tmp_path / "t.npz",
    ]
    made[1].write_text(json.dumps({name: [1, 2] for name in NAMES}))
    np.savez(made[2], **{name.replace("\0", "\x01")[:60]: [1, 2] for name in NAMES})
    for path in made:
        names = [column.name for column in read_here(path, ReadOptions(), Unwatched()).columns]
        assert names[:2] == ["<img src=x>", "=cmd|' /C calc'!A0"]
        assert len(set(names)) == len(names) == 7
        assert all(name and name.isprintable() and len(name) <= 200 for name in names)
