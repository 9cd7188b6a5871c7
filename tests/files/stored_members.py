"""Parquet files, arrays, JSON: how each is made, what it gives."""

import json
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from tests.files.made import arrow, packed_array, parquet
from tests.files.members import MIB, Act, Member, Refused, Values, cut_off, flipped, with_content

NAMES = ["<img src=x>", "=cmd|' /C calc'!A0", "a\0b", "", "x", "x", "\u202eevil", "n" * 100_000]
"""As a mapping has them: the second x is the first."""
WIDE = [f"c{n}" for n in range(100_000)]
XY: Values = {"x": [1, 3, 4], "y": [2, 5, 4]}
PLAIN = {"x": np.array([1.0, 3, 4]), "y": np.array([2, 5, 4])}


def columns(made: Mapping[str, Any], **options: Any) -> Act:
    return lambda path: parquet(path, made, **options)


def wide_parquet(path: Path) -> None:
    parquet(path, dict.fromkeys(WIDE, arrow([1], None)))


def kinds(path: Path) -> None:
    import pyarrow

    parquet(
        path,
        {
            "money": arrow([Decimal("1.5"), Decimal("2.25"), None], None),
            "moment": arrow([0, 86_400, 3 * 86_400], pyarrow.timestamp("s", "Europe/Berlin")),
            "word": arrow(["a", "b", "a"], None).dictionary_encode(),
            "list": arrow([[1], [2, 3], []], None),
            "record": arrow([{"a": 1}] * 3, None),
            "large": arrow([2**60, 1, 2], "uint64"),
            "nothing": arrow([None] * 3, "null"),
        },
    )


def many_rows(path: Path) -> None:
    """Write a thousand million rows that take a few MB."""
    import pyarrow
    import pyarrow.parquet

    rows = pyarrow.table({"x": np.arange(1_000_000) // 500_000, "y": np.arange(1_000_000) // 250_000})
    with pyarrow.parquet.ParquetWriter(path, rows.schema, compression="zstd") as writer:
        for _ in range(1000):
            writer.write_table(rows)


def harmful_pickle(path: Path) -> None:
    class Harmful:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (path.with_name("run"),)

    np.save(path, np.array([Harmful()]), allow_pickle=True)


def bomb_of_zeros(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("x.npy", packed_array(np.zeros((150 * MIB, 1))))


def huge_promise(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        content = packed_array(np.zeros(100)).replace(b"(100,), }" + b" " * 8, b"(10000000000,), }")
        archive.writestr("x.npy", content)


def archive_of(arrays: Mapping[str, Any]) -> Act:
    return lambda path: np.savez(path, **arrays)


def array(values: Any) -> Act:
    return lambda path: np.save(path, values)


def record(value: object) -> Act:
    return with_content(json.dumps(value).encode())


NO_PARQUET = Refused(r"^t\.parquet is a damaged Parquet file", "Save it again")
PARQUETS: dict[str, Member] = {
    "hostile names, Parquet": Member("t.parquet", columns({name: [1, 2] for name in NAMES}), (2, 7)),
    "100,000 columns, Parquet": Member("t.parquet", wide_parquet, (1, 300), is_heavy=True),
    "columns of every kind, Parquet": Member(
        "t.parquet",
        kinds,
        {
            "money": [1.5, 2.25, None],
            "moment": [0, 1, 3],
            "word": ["a", "b", "a"],
            "large": [float(2**60), 1, 2],
            "nothing": [None] * 3,
        },
    ),
    "a cut-off Parquet file": Member("t.parquet", cut_off(columns(PLAIN), 0.8), NO_PARQUET),
    "a Parquet file with a flipped bit": Member("t.parquet", flipped(columns(PLAIN), -6), NO_PARQUET),
    "a Parquet file without rows": Member(
        "t.parquet", columns({"x": np.zeros(0)}), Refused(r"^t\.parquet has no rows", "Choose a file with rows")
    ),
    "a Parquet file of lists": Member(
        "t.parquet", columns({"x": [[1], [2]]}), Refused(r"^t\.parquet has no column of numbers", "Choose another")
    ),
    "1,000,000,000 rows, Parquet": Member(
        "t.parquet", many_rows, Refused(r"^t\.parquet needed more than 1\.0 GiB of memory", "sample"), is_heavy=True
    ),
}

NO_NUMPY = Refused(r"^t\.np[yz] is a damaged (NumPy file|ZIP archive)", "Save it again")
TOO_LARGE = Refused(r"^t\.npz needed more than [\d.]+ GiB of memory", "sample")
ARRAYS: dict[str, Member] = {
    "a pickle in an array": Member("t.npy", harmful_pickle, Refused(r"^t\.npy holds Python objects", "pickles")),
    "an array of zeros, packed": Member("t.npz", bomb_of_zeros, TOO_LARGE, is_heavy=True),
    "an array that promises too much": Member(
        "t.npz", huge_promise, Refused(r"^t\.npz (needed more than|is a damaged NumPy)", "sample|Save"), is_heavy=True
    ),
    "100,000 columns, NumPy": Member(
        "t.npy", array(np.zeros((1, 100_000))), Refused(r"^t\.npy has 100,000 columns", "10,000")
    ),
    "an array in Fortran order": Member(
        "t.npy",
        array(np.asfortranarray([[1.0, 2], [3, 5], [4, 4]])),
        {"column 1": XY["x"], "column 2": XY["y"]},
    ),
    "a big-endian array": Member(
        "t.npy", array(np.array([[1, 2], [3, 5], [4, 4]], ">f4")), {"column 1": XY["x"], "column 2": XY["y"]}
    ),
    "an array with fields": Member(
        "t.npy",
        array(np.array([(1, 2, "a"), (3, 5, "b")], [("x", ">i2"), ("y", "f8"), ("c", "U1")])),
        {"x": [1, 3], "y": [2, 5], "c": ["a", "b"]},
    ),
    "arrays of different lengths": Member(
        "t.npz", archive_of({"x": np.arange(3), "z": np.arange(4)}), {"x": [0, 1, 2]}
    ),
    "an array of complex numbers": Member(
        "t.npy", array(np.ones(3, "c16")), Refused(r"^t\.npy holds no real numbers", "numpy.save")
    ),
    "an array with three axes": Member(
        "t.npy", array(np.ones((2, 2, 2))), Refused(r"^t\.npy has the shape \(2, 2, 2\)", "one or two axes")
    ),
    "a cut-off array": Member("t.npy", cut_off(array(np.ones((50, 2))), 0.8), NO_NUMPY),
    "an archive of arrays with a flipped bit": Member("t.npz", flipped(archive_of(PLAIN), 150), NO_NUMPY),
}

RECORDS: dict[str, Member] = {
    "JSON with NaN": Member(
        "t.json",
        with_content(b'[{"x": NaN, "y": 1}, {"x": Infinity, "y": 2}, {"x": 1e999, "y": null}]'),
        {"x": [None, np.inf, np.inf], "y": [1, 2, None]},
    ),
    "JSON nested a million times": Member(
        "t.json", with_content(b'[{"a":' * 1_000_000), Refused(r"^t\.json is nested too deeply", "list of objects")
    ),
    "100,000 columns, JSON": Member(
        "t.json", record([dict.fromkeys(WIDE, 1)]), Refused(r"^t\.json has 100,000 columns", "10,000")
    ),
    "hostile names, JSON": Member("t.json", record({name: [1, 2] for name in NAMES}), (2, 7)),
    "cut-off JSON": Member(
        "t.json",
        with_content(b'[{"x": 1, "y": 2},\n{"x": 3, "y"'),
        Refused(r"^t\.json is no JSON: .*, line 2, column \d+", "list of objects"),
    ),
    "JSON that is not UTF-8": Member(
        "t.json", with_content(b'[{"caf\xe9": 1}]'), Refused(r"^t\.json: byte 6 is not UTF-8 text", "UTF-8")
    ),
    "JSON lines, one broken": Member(
        "t.jsonl",
        with_content(b'{"x": 1, "y": 2}\n{"x": 3, y: 5}\n'),
        Refused(r"^t\.jsonl: record 2 is no JSON \(.*column 10\)", "Each line"),
    ),
    "mixed types, JSON": Member(
        "t.json",
        record([{"x": 1, "y": "a"}, {"x": [2], "y": 5}, {"x": 3, "y": 6}, {"y": {"z": 1}}, {"x": 4, "y": 7}]),
        {"x": [1, None, 3, None, 4], "y": [None, 5, 6, None, 7]},
    ),
    "JSON, one value": Member("t.json", record(7), Refused(r"^t\.json holds one value", "list of objects")),
}
STORED = {**PARQUETS, **ARRAYS, **RECORDS}
