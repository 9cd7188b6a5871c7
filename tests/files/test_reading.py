"""The one door: what a file is, who reads it, who is turned away."""

import gzip
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mdn_gui.errors import DataError
from mdn_gui.files.formats import Form, preview_here, recognised
from mdn_gui.files.options import ReadingCancelledError, ReadOptions
from mdn_gui.files.reading import preview_file, read_file
from tests.files.made import cells, packed_array, parquet, workbook

CELLS = {"x": ["1", "3"], "y": ["2", "4"]}
CSV = b"x,y\n1,2\n3,4\n"


def saved(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def zipped(folder: Path, name: str, *members: str, content: bytes = CSV) -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for member in members:
            archive.writestr(member, content)
    return folder / name


def every_form(folder: Path) -> dict[Path, str]:
    fields = np.array([(1, 2), (3, 4)], dtype=[("x", "i4"), ("y", "f4")])
    return {
        saved(folder, "a.csv", CSV): "delimited text",
        saved(folder, "b.xlsx", CSV): "delimited text",
        saved(folder, "c.gz", gzip.compress(CSV)): "delimited text",
        zipped(folder, "d.zip", "t.csv"): "delimited text",
        workbook(folder / "e.xlsx", {"s": [["x", "y"], [1, 2], [3, 4]]}).rename(folder / "e.dat"): "Excel workbook",
        parquet(folder / "f.dat", {"x": [1, 3], "y": [2, 4]}): "Parquet file",
        saved(folder, "g.csv", packed_array(fields)): "NumPy array",
        zipped(folder, "h.npz", "x.npy", content=packed_array(fields)): "NumPy array",
        saved(folder, "i.txt", b'[{"x": 1, "y": 2}, {"x": 3, "y": 4}]'): "JSON records",
        saved(folder, "j.json", b'{"x":[1,3],"y":[2,4]}'): "JSON records",
    }


def test_that_every_form_is_told_by_its_content_and_read(tmp_path: Path) -> None:
    for path, form in every_form(tmp_path).items():
        assert preview_here(path, ReadOptions()).form == form, path


def test_that_text_and_others_come_through_the_door(tmp_path: Path) -> None:
    files = every_form(tmp_path)
    for name in ("a.csv", "d.zip", "f.dat"):
        path = tmp_path / name
        preview = preview_file(path)
        assert preview.form == files[path]
        assert cells(preview.table) == CELLS
        assert cells(read_file(str(path), preview.options)) == CELLS


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or locked Excel workbook"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"ARROW1\0\0", "Feather"),
        (bytes(12) + b"\xc2\xea\x81\x60" + bytes(16), "SAS"),
        (b"\x80\x04\x95\x00", "pickle"),
        (b"SQLite format 3\0", "SQLite"),
        (b"<!DOCTYPE html><table><tr><td>1", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"(\xb5/\xfd", "Zstandard"),
        (b"", "is empty"),
    ],
)
def test_that_other_kinds_are_refused_by_name_with_a_remedy(tmp_path: Path, content: bytes, what: str) -> None:
    for act in (preview_file, read_file):
        with pytest.raises(DataError, match=what) as caught:
            act(saved(tmp_path, "t.csv", content))
        assert caught.value.message.startswith("t.csv is")
        assert caught.value.hint


@pytest.mark.parametrize(
    ("members", "what"),
    [
        (("mimetype", "content.xml"), "OpenDocument"),
        (("[Content_Types].xml", "xl/workbook.bin"), "xlsb"),
        (("[Content_Types].xml", "word/document.xml"), "without a workbook"),
        (("manifest.json", "weights"), "model file"),
    ],
)
def test_that_other_archives_are_refused_by_name(tmp_path: Path, members: tuple[str, ...], what: str) -> None:
    with pytest.raises(DataError, match=what):
        preview_here(zipped(tmp_path, "t.xlsx", *members), ReadOptions())


def test_that_folders_pipes_and_missing_files_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("", "is a folder"), ("pipe", "not a regular file"), ("none.csv", "no file"), ("\0", "cannot")):
        with pytest.raises(DataError, match=words):
            recognised(tmp_path / name)


def test_that_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path, "t.zip", "t.csv")
    assert recognised(path) is Form.ARCHIVE
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataError, match="damaged ZIP archive"):
        preview_here(path, ReadOptions())


def test_that_a_cancelled_reading_says_nothing(tmp_path: Path) -> None:
    class Enough:
        def report(self, fraction: float) -> None:
            raise AssertionError(fraction)

        def is_cancelled(self) -> bool:
            return True

    for act in (preview_file, read_file):
        with pytest.raises(ReadingCancelledError):
            act(parquet(tmp_path / "t.parquet", {"x": [1]}), ReadOptions(), Enough())
