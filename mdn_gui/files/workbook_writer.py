"""Tables to Excel workbooks, row by row."""

import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import IO, TYPE_CHECKING, BinaryIO

from mdn_gui.files.names import unique_names
from mdn_gui.files.saving import SaveError

if TYPE_CHECKING:
    from mdn_gui.files.tables import Block, Column, Outline

LONGEST_TEXT = 32_767
"""Characters that a cell of a workbook holds; longer texts are cut."""

_LEAST, _GREATEST = 2.2250738585072014e-308, 9.99999999999999e307
"""What Excel holds as a number, but for 0 and signs."""
_LARGEST_SHEET = 2**31 - 2**26
"""Bytes of one sheet before it is packed: the most that every reader of workbooks takes."""
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KINDS}.worksheet+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_KINDS}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships {_RELATIONS}><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><bookViews><workbookView/></bookViews><sheets>'
        '<sheet name="table" sheetId="1" r:id="rId1"/><sheet name="comments" sheetId="2" r:id="rId2"/>'
        "</sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships {_RELATIONS}><Relationship Id="rId1" Type="{_OFFICE}/worksheet"'
        f' Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/worksheet"'
        ' Target="worksheets/sheet2.xml"/></Relationships>'
    ),
}
_SHEET = f"<worksheet {_MAIN}>{{view}}<sheetData>"
_HEADER_STAYS = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft"'
    ' state="frozen"/></sheetView></sheetViews>'
)
_SHEET_END = "</sheetData></worksheet>"
_ROW = 1024
"""Rows packed at once."""


def write_workbook(stream: BinaryIO, outline: "Outline", blocks: "Iterable[Block]") -> None:
    """Write a workbook with the rows on its first sheet, the comments on its second.

    Numbers stand with every digit, so that they are the same bits when read back. What Excel does not hold as a number
    is a text with the same digits: infinite numbers, those beyond 1e308 or nearer to 0 than 2.2e-308; NaN is an empty
    cell. Excel itself takes -0.0 for 0. A text is a text whatever it begins with, never a formula; it is cut after
    32,767 characters.

    Parameters
    ----------
    stream : binary file
        Where to write; can seek.
    outline : Outline
        What is known of the table before its rows.
    blocks : iterable of Block
        The rows.

    Raises
    ------
    SaveError
        When a sheet becomes larger than workbooks can be.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            _Sheet(sheet, _HEADER_STAYS).write(_rows(outline, blocks))
        comments = (f'<c t="inlineStr">{_text(line)}</c>' for line in outline.comments)
        with archive.open("xl/worksheets/sheet2.xml", "w") as sheet:
            _Sheet(sheet, "").write(f"<row>{cell}</row>" for cell in comments)


class _Sheet:
    """One sheet on its way into the archive."""

    def __init__(self, sheet: IO[bytes], view: str) -> None:
        self._sheet, self._size = sheet, 0
        self._put(_HEAD + _SHEET.format(view=view))

    def write(self, rows: Iterable[str]) -> None:
        """Write every row, then the end."""
        waiting: list[str] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) >= _ROW:
                self._put("".join(waiting))
                waiting.clear()
        self._put("".join(waiting) + _SHEET_END)

    def _put(self, text: str) -> None:
        content = text.encode("utf-8", "replace")
        self._size += len(content)
        if self._size > _LARGEST_SHEET:
            message = f"The table was not saved: it takes more than the {_LARGEST_SHEET:,} bytes of an Excel sheet."
            raise SaveError(message, "Save it as Parquet or CSV instead, which have no such limit.")
        self._sheet.write(content)


def _rows(outline: "Outline", blocks: "Iterable[Block]") -> Iterator[str]:
    letters = [_letters(place) for place in range(len(outline.names))]
    yield _row(1, letters, (_text_cell(name) for name in unique_names(outline.names)[0]))
    number = 1
    for block in blocks:
        for cells in zip(*map(_cells, block), strict=True):
            number += 1
            yield _row(number, letters, cells)


def _row(number: int, letters: Sequence[str], cells: Iterable[str]) -> str:
    found = (f'<c r="{column}{number}"{cell}' for column, cell in zip(letters, cells, strict=True) if cell)
    return f'<row r="{number}">{"".join(found)}</row>'


def _cells(column: "Column") -> Iterator[str]:
    """Return what follows the reference of each cell; empty for an empty cell."""
    if isinstance(column, tuple):
        return map(_text_cell, column)
    return map(_number_cell, column.tolist())


def _number_cell(value: float) -> str:
    if value == 0.0 or _LEAST <= abs(value) <= _GREATEST:
        return f"><v>{value!r}</v></c>"
    return "" if math.isnan(value) else _text_cell(repr(value))


def _text_cell(text: str) -> str:
    return f' t="inlineStr">{_text(text)}</c>' if text else ""


def _text(text: str) -> str:
    """Return an inline text: of control characters, which XML does not have, blanks remain."""
    plain = "".join(char if char.isprintable() else " " for char in text[:LONGEST_TEXT])
    return f'<is><t xml:space="preserve">{escape(plain, quote=False)}</t></is>'


def _letters(place: int) -> str:
    """Return the name of a column, counted from 0: A, B, ... Z, AA, ..."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
