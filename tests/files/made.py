"""Files of every form, made for the tests."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from mdn_gui.core.table import Table

SHEET_START = (
    '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
)
SHEET_END = "</sheetData></worksheet>"


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def with_member(path: Path, name: str, content: bytes | str) -> Path:
    """Replace one member of a ZIP archive."""
    with zipfile.ZipFile(path) as archive:
        members = {each: archive.read(each) for each in archive.namelist()}
    assert name in members
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, old in members.items():
            archive.writestr(each, content if each == name else old)
    return path


def sheet_of_xml(path: Path, rows: str, before: str = "") -> Path:
    """Write a workbook whose only sheet consists of these XML rows."""
    workbook(path, {"s": [["x"]]})
    start = SHEET_START.replace("?><", f"?>{before}<") if before else SHEET_START
    return with_member(path, "xl/worksheets/sheet1.xml", start + rows + SHEET_END)


def parquet(path: Path, columns: Mapping[str, Any], **options: Any) -> Path:
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.table(dict(columns)), path, **options)
    return path


def arrow(values: Any, stored: str | None) -> Any:
    """Return an array of pyarrow, stored as the type of that name."""
    import pyarrow

    return pyarrow.array(values, stored)


def packed_array(array: Any) -> bytes:
    stream = BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def cells(table: Table) -> dict[str, list[str]]:
    """Return every cell of a table as text."""
    return {column.name: [column.text(row) for row in range(table.num_rows)] for column in table.columns}
