"""What kind of file it is, by its content, with the reader of each kind."""

import enum
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files import arrays, delimited, excel, json_records, parquet
from mdn_gui.files.faults import opening
from mdn_gui.files.names import chosen_places
from mdn_gui.files.options import Preview, ReadOptions, Watch

_LOOKED_AT = 4096
_EXPORT = "Open it where it comes from, save the table as CSV (UTF-8), then open that file."
_SAVE_AS_XLSX = "Open it in a spreadsheet, save it as .xlsx or as CSV (UTF-8), then open that file."
_REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("an old or locked Excel workbook (.xls)", _SAVE_AS_XLSX),
    b"\x89HDF\r\n": ("an HDF5 file", _EXPORT),
    b"ARROW1": ("a Feather file", "Save the table as Parquet or CSV (UTF-8), then open that file."),
    b"FEA1": ("a Feather file", "Save the table as Parquet or CSV (UTF-8), then open that file."),
    b"ORC": ("an ORC file", "Save the table as Parquet or CSV (UTF-8), then open that file."),
    b"PARE": ("an encrypted Parquet file", "Save the table as Parquet without encryption, then open that file."),
    b"SQLite format 3\0": ("an SQLite database", _EXPORT),
    b"$FL2": ("an SPSS file", _EXPORT),
    b"$FL3": ("an SPSS file", _EXPORT),
    b"<stata_dta>": ("a Stata file", _EXPORT),
    b"MATLAB 5.0": ("a MATLAB file", _EXPORT),
    b"RDX": ("an R data file", _EXPORT),
    b"CDF\x01": ("a NetCDF file", _EXPORT),
    b"%PDF": ("a PDF document", "Save the table as CSV (UTF-8), then open that file."),
    b"{\\rtf": ("a text document (RTF)", _SAVE_AS_XLSX),
    b"\x28\xb5\x2f\xfd": ("a file packed with Zstandard", "Unpack it, then open the file inside."),
    b"7z\xbc\xaf": ("a 7-Zip archive", "Unpack it, then open the file inside."),
    b"Rar!": ("a RAR archive", "Unpack it, then open the file inside."),
    b"\x89PNG": ("a picture", "Choose a file with a table."),
    b"\xff\xd8\xff": ("a picture", "Choose a file with a table."),
}
_SAS = bytes(12) + b"\xc2\xea\x81\x60"
_PICKLE = re.compile(rb"\x80[\x02-\x05]")
_WEB_PAGE = re.compile(rb"\s*(?:<!doctype html|<html|<table|<\?xml[^>]*>\s*(?:<!doctype html|<html))", re.IGNORECASE)
_RECORDS = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*["}]')
_RECORD_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson"})


class Form(enum.Enum):
    """The kinds of files that are read, named for people."""

    TEXT = "delimited text"
    EXCEL = "Excel workbook"
    PARQUET = "Parquet file"
    NUMPY = "NumPy array"
    RECORDS = "JSON records"
    ARCHIVE = "ZIP archive"
    """A workbook, arrays or packed text: its directory, which can be long, is looked at in the child process."""


_READERS = {
    Form.TEXT: (delimited.preview_text, delimited.read_text),
    Form.EXCEL: (excel.preview_workbook, excel.read_workbook),
    Form.PARQUET: (parquet.preview_parquet, parquet.read_parquet),
    Form.NUMPY: (arrays.preview_arrays, arrays.read_arrays),
    Form.RECORDS: (json_records.preview_records, json_records.read_records),
}


_STREAMERS = {Form.TEXT: delimited.stream_text, Form.PARQUET: parquet.stream_parquet}
"""The kinds of which a part can be read without the rest."""
_STREAMED_ROWS = 64 * 1024


def preview_here(path: Path, options: ReadOptions) -> Preview:
    """Return the first rows of a file, read in this process.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    return _READERS[_kind(path)][0](path, options)


def read_here(path: Path, options: ReadOptions, watch: Watch) -> Table:
    """Return the table in a file, read in this process.

    Raises
    ------
    DataError
        When it cannot be read.
    """
    return _READERS[_kind(path)][1](path, options, watch)


def stream_here(path: Path, options: ReadOptions, watch: Watch) -> Iterator[Table]:
    """Yield a file as tables of some thousand rows each, read in this process; the columns that the options name.

    Delimited text and Parquet are read as they are taken, every other kind is read whole first.

    Raises
    ------
    DataError
        When it cannot be read, or does not have the columns.
    """
    kind = _kind(path)
    if kind in _STREAMERS:
        yield from _STREAMERS[kind](path, options, watch)
        return
    whole = _READERS[kind][1](path, replace(options, columns=None), watch)
    places = chosen_places(path.name, [column.name for column in whole.columns], options.columns)
    whole = replace(whole, columns=tuple(whole.columns[place] for place in places), inputs=(), target="")
    for start in range(0, whole.num_rows, _STREAMED_ROWS):
        yield whole.part(start, start + _STREAMED_ROWS)


def recognised(path: Path) -> Form:
    """Return what kind of file it is: by its content, by its name only where the content leaves it open.

    Raises
    ------
    DataError
        When it cannot be opened, is empty or of a kind that is not read; the message names the kind.
    """
    head = _head(path)
    if head.startswith(b"PK\x03\x04"):
        return Form.ARCHIVE
    if head.startswith(b"PAR1"):
        return Form.PARQUET
    if head.startswith(b"\x93NUMPY"):
        return Form.NUMPY
    refused = next((told for start, told in _REFUSED.items() if head.startswith(start)), None)
    if refused is None and head.startswith(_SAS):
        refused = ("a SAS file", _EXPORT)
    if refused is None and _PICKLE.match(head):
        refused = ("a pickle, which can hold harmful code", "Save the table as CSV (UTF-8) or Parquet instead.")
    if refused is None and _WEB_PAGE.match(head):
        refused = ("a web page", _SAVE_AS_XLSX)
    if refused is not None:
        raise _refusal(path, *refused)
    is_records = path.suffix.lower() in _RECORD_SUFFIXES or _RECORDS.match(head)
    return Form.RECORDS if is_records else Form.TEXT


def _kind(path: Path) -> Form:
    form = recognised(path)
    return _kind_of_archive(path) if form is Form.ARCHIVE else form


def _head(path: Path) -> bytes:
    with opening(path), path.open("rb") as file:
        head = file.read(_LOOKED_AT)
    if not head:
        raise DataError(f"{path.name} is empty.", "Choose a file with a header and rows of numbers.")
    return head


def _kind_of_archive(path: Path) -> Form:
    try:
        with zipfile.ZipFile(path) as archive:
            names = frozenset(archive.namelist())
    except Exception as error:  # a damaged directory makes zipfile raise almost anything
        message = f"{path.name} is a damaged ZIP archive or workbook."
        raise DataError(message, "Save it again where it comes from, or copy it once more.") from error
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return Form.EXCEL
    if names and all(name.endswith(".npy") for name in names):
        return Form.NUMPY
    if "xl/workbook.bin" in names:
        raise _refusal(path, "a binary Excel workbook (.xlsb)", _SAVE_AS_XLSX)
    if "mimetype" in names and "content.xml" in names:
        raise _refusal(path, "an OpenDocument file", _SAVE_AS_XLSX)
    if "[Content_Types].xml" in names:
        raise _refusal(path, "an Office document without a workbook", _SAVE_AS_XLSX)
    if "manifest.json" in names:
        raise _refusal(path, "a model file, not a table", "Open it as a model.")
    return Form.TEXT


def _refusal(path: Path, what: str, hint: str) -> DataError:
    return DataError(f"{path.name} is {what}.", hint)
