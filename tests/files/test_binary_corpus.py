"""Hostile files of the forms that are read in a child process: each is read right or refused by name."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.errors import DataError
from mdn_gui.files.formats import preview_here, read_here
from mdn_gui.files.isolation import Limits, preview_apart, read_apart
from mdn_gui.files.options import ReadOptions, Unwatched
from mdn_gui.files.parquet import MOST_BY_DEFAULT
from tests.files.made import SHEET_END, SHEET_START, cells, packed_array, parquet, sheet_of_xml, with_member, workbook

MIB = 1024**2
ROOT = Path(__file__).resolve().parents[2]
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>&word;</t></is></c></row>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def bomb_of_blanks(path: Path) -> Path:
    workbook(path, {"s": [["x"]]})
    return with_member(path, "xl/worksheets/sheet1.xml", SHEET_START + " " * (80 * MIB) + SHEET_END)


def billion_laughs(path: Path) -> Path:
    before = f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY word "&l11;">]>'
    return sheet_of_xml(path, ROW, before)


def laughs_in_the_styles(path: Path) -> Path:
    workbook(path, {"s": [["x"], [1]]})
    styles = f'<!DOCTYPE styleSheet [<!ENTITY l0 "ha">{LAUGHS}]><styleSheet>&l11;</styleSheet>'
    return with_member(path, "xl/styles.xml", f'<?xml version="1.0"?>{styles}')


def external_entity(path: Path) -> Path:
    secret = path.with_name("secret.txt")
    secret.write_text("never to be seen")
    return sheet_of_xml(path, ROW, f'<!DOCTYPE worksheet [<!ENTITY word SYSTEM "{secret.as_uri()}">]>')


def rows_out_of_reach(path: Path) -> Path:
    return sheet_of_xml(path, '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>')


def no_such_text(path: Path) -> Path:
    return sheet_of_xml(path, '<row r="1"><c r="A1" t="s"><v>4000000</v></c></row>')


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (bomb_of_blanks, "would unpack to 80 MiB"),
        (billion_laughs, "XML entities"),
        (laughs_in_the_styles, "XML entities"),
        (external_entity, "XML entities"),
        (rows_out_of_reach, "damaged workbook"),
        (no_such_text, "damaged workbook"),
    ],
)
def test_that_a_workbook_built_to_do_harm_is_refused(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    path = make(tmp_path / "t.xlsx")
    for act in (lambda: preview_here(path, ReadOptions()), lambda: read_here(path, ReadOptions(), Unwatched())):
        with pytest.raises(DataError, match=words) as caught:
            act()
        assert caught.value.message.startswith("t.xlsx")
        assert caught.value.hint
        assert "never to be seen" not in str(caught.value)


def test_that_the_child_refuses_a_billion_laughs_far_below_its_limit(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="XML entities"):
        preview_apart(billion_laughs(tmp_path / "t.xlsx"), ReadOptions(), Unwatched(), Limits(20, 150 * MIB))


def test_that_a_far_cell_is_read_far_below_the_limit(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
    table = read_apart(sheet_of_xml(tmp_path / "t.xlsx", far), ReadOptions(), Unwatched(), Limits(memory=150 * MIB))
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
    path, told = tmp_path / "t.npy", tmp_path / "run"

    class Harmful:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (told,)

    np.save(path, np.array([Harmful()]), allow_pickle=True)
    with pytest.raises(DataError, match="Python objects"):
        read_apart(path, ReadOptions(), Unwatched())
    assert not told.exists()


def test_that_an_archive_of_arrays_with_a_huge_promise_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        content = packed_array(np.zeros(100)).replace(b"(100,), }" + b" " * 8, b"(10000000000,), }")
        archive.writestr("x.npy", content)
    with pytest.raises(DataError, match=r"needed more than|damaged"):
        read_apart(tmp_path / "t.npz", ReadOptions(), Unwatched(), Limits(memory=200 * MIB))


def test_that_deep_nesting_is_refused_in_the_child(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('[{"a":' * 1_000_000)
    with pytest.raises(DataError, match="nested too deeply"):
        read_apart(path, ReadOptions(), Unwatched())


def test_that_a_hundred_thousand_columns_are_cut_or_refused(tmp_path: Path) -> None:
    import pyarrow

    names = [f"c{n}" for n in range(100_000)]
    path = parquet(tmp_path / "t.parquet", dict.fromkeys(names, pyarrow.array([1])))
    preview = preview_here(path, ReadOptions())
    assert len(preview.all_columns) == 100_000
    assert len(preview.table.columns) == MOST_BY_DEFAULT
    assert preview.doubts
    (tmp_path / "t.json").write_text(json.dumps([dict.fromkeys(names, 1)]))
    np.save(tmp_path / "t.npy", np.zeros((1, 100_000)))
    for name in ("t.json", "t.npy"):
        with pytest.raises(DataError, match="100,000 columns"):
            read_here(tmp_path / name, ReadOptions(), Unwatched())


NAMES = ["<img src=x>", "=cmd|' /C calc'!A0", "a\0b", "", "x", "x", "\u202eevil", "n" * 100_000]


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
